"""The threshold widget in Python, and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse import metrics
from nncourse.widgets import Threshold

RNG = np.random.default_rng(0)
Y = (RNG.random(60) < 0.4).astype(float)
P = 1 / (1 + np.exp(-(2 * Y - 1 + RNG.normal(size=60))))


def test_a_row_exactly_on_the_cut_is_called_positive():
    assert Threshold([0, 1], [0.5, 0.5], threshold=0.5).table().tolist() == [[1, 0], [1, 0]]
    assert Threshold([0, 1], [0.5, 0.5], threshold=0.51).table().tolist() == [[0, 1], [0, 1]]


def test_scores_are_those_of_the_package():
    widget = Threshold(Y, P, threshold=0.3)
    called = (P >= 0.3).astype(int)
    for name, score in widget.scores().items():
        assert score == getattr(metrics, name)(Y, called)
    assert widget.cost() == pytest.approx(np.mean(10 * (called < Y) + (called > Y)))


def test_at_equal_prices_a_row_costs_the_share_of_errors_and_the_formula_says_a_half():
    widget = Threshold(Y, P, threshold=0.7, cost_of_miss=4, cost_of_alarm=4)
    assert widget.cost() == pytest.approx(4 * (1 - widget.scores()["accuracy"]))
    assert widget.formula_cut() == 0.5
    widget.cost_of_miss = 12
    assert widget.formula_cut() == 0.25


@pytest.mark.parametrize(
    ("y", "p", "settings", "message"),
    [
        ([0, 1], [[0.1], [0.2]], {}, r"got shapes \(2,\) and \(2, 1\). Try p\[:, 0\]"),
        ([0, 1, 1], [0.1, 0.2], {}, "shape"),
        ([0, 0], [0.1, 0.2], {}, "some of each, got the labels"),
        ([1, 2], [0.1, 0.2], {}, "zeros and ones"),
        ([0, 1], [0.1, 1.2], {}, "probabilities from 0 to 1, got 1.2. Logits"),
        ([0, 1], [0.1, float("nan")], {}, "probabilities"),
        ([0, 1], [0.1, 0.2], {"threshold": 1.5}, "threshold"),
        ([0, 1], [0.1, 0.2], {"threshold": float("nan")}, "finite"),
        ([0, 1], [0.1, 0.2], {"cost_of_miss": 0}, "cost_of_miss"),
        ([0, 1], [0.1, 0.2], {"names": ["one"]}, "names"),
    ],
)
def test_bad_input_is_refused(y, p, settings, message):
    with pytest.raises(t.TraitError, match=message):
        Threshold(y, p, **settings)


def test_rows_change_together_or_not_at_all():
    widget = Threshold([0, 1], [0.1, 0.2])
    with pytest.raises(t.TraitError, match="p and y_true need equally many rows, got 3 and 2"):
        widget.p = [0.1, 0.2, 0.3]
    with widget.hold_trait_notifications():
        widget.y_true, widget.p = [0, 1, 1], [0.1, 0.2, 0.3]
    assert widget.table().sum() == 3


def test_words():
    widget = Threshold([0, 1, 1], [0.1, 0.2, 0.9], names=("ham", "spam"))
    assert repr(widget) == "Threshold(3 rows, threshold=0.5, cost_of_miss=10, cost_of_alarm=1)"
    assert "1 of 2 spam rows are missed and 0 of 1 ham ones called spam; accuracy 0.667" in widget.describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(Threshold(Y, P), width=width), set()
    for name in ("cost_of_miss", "cost_of_alarm", "threshold"):
        for key in ("End", "PageDown", "PageDown", "Home"):
            page.focus(f"input[name={name}]")
            page.keyboard.press(key)
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights


def test_every_row_has_a_mark_and_the_wrong_ones_stand_out(show):
    page = show(Threshold(Y, P, names=("ham", "spam")))
    assert page.locator(".nn-class1").count() == Y.sum() and page.locator(".nn-class0").count() == len(Y) - Y.sum()
    missed = Threshold(Y, P).table()[0, 1]
    assert page.locator(".nn-class1.nn-wrong").count() == missed
    assert f"■ spam: {missed} missed" in page.locator(".nn-says").all_text_contents()
