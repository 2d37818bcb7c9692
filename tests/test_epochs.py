"""What is shown of an epoch; that `fit` shows it, and closes what it opened, is tested beside the callbacks."""

import sys

import pytest

from nncourse import epochs
from nncourse.epochs import Lines, Rewritten, bar, told


def test_small_numbers_are_told_with_their_exponent():
    assert told({"loss": 0.00012345, "r2": -2.0}) == "loss: 1.2345e-04 - r2: -2.0000"
    assert told({"loss": float("nan"), "auc": 0.001}) == "loss: nan - auc: 1.0000e-03"


def test_lines_go_to_stdout_and_stay(capsys):
    lines = Lines(12)
    lines.show(0, {"loss": 0.5})
    lines.show(1, {"loss": 0.25})
    lines.close()
    assert capsys.readouterr() == ("Epoch 1/12 - loss: 0.5000\nEpoch 2/12 - loss: 0.2500\n", "")


def test_a_line_is_rewritten_ten_times_a_second_and_at_the_end(capsys, monkeypatch):
    times = iter([10.0, 10.0, 10.05, 10.2, 10.2, 10.21, 10.3])  # asked for before writing, and after it
    monkeypatch.setattr(epochs, "monotonic", lambda: next(times))
    line = Rewritten(4)
    for epoch in range(4):
        line.show(epoch, {"loss": epoch / 4})
    # a line that is shorter than the one before it covers that with blanks
    assert capsys.readouterr().err == "\rEpoch 1/4 - loss: 0.0000e+00\rEpoch 3/4 - loss: 0.5000    "
    line.close()
    assert capsys.readouterr().err == "\rEpoch 4/4 - loss: 0.7500    \n"


def test_what_was_never_shown_leaves_no_line(capsys):
    Rewritten(3).close()
    assert capsys.readouterr() == ("", "")


def test_a_bar_needs_no_tqdm(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    assert type(bar(3)) is Rewritten


def test_a_bar_is_tqdms_where_that_is_installed(capsys):
    pytest.importorskip("tqdm", reason="the bar is drawn by tqdm: pip install tqdm")
    shown = bar(2)
    shown.show(0, {"loss": 0.5})
    shown.close()
    out, err = capsys.readouterr()
    assert out == "" and "1/2" in err and "loss: 0.5000" in err
