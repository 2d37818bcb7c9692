"""The record of progress: who may write it, that it keeps the best, and that nothing makes it lose points."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import nncourse as nn
from nncourse.exercises import CHAPTERS, catalog, record

from .test_report import Outline


def right(z):
    return np.where(z >= 0, 1, 0)


def half_right(z):
    return np.where(z > 0, 1, 0)


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A record of its own, and someone who sits at a prompt."""
    path = tmp_path / "data" / "progress.json"
    monkeypatch.setenv(record.VARIABLE, str(path))
    monkeypatch.setattr(record, "learner_is_there", lambda: True)
    return path


def points_in(path):
    return json.loads(path.read_text(encoding="utf-8"))["points"]


def test_the_best_points_of_an_exercise_count(path):
    for function, reached in ((half_right, 1), (right, 2), (half_right, 2)):
        nn.check("step-function", function)
        assert points_in(path) == {"step-function": reached}
    assert nn.progress().points == 2 and nn.progress().passed == 1


def test_a_check_that_scores_nothing_writes_nothing(path):
    nn.check("step-function", lambda z: ...)
    nn.check("no-such-exercise", right)
    assert not path.exists()


def test_nothing_is_written_where_nobody_sits_at_a_prompt(path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv(record.VARIABLE, str(path))
    assert nn.check("step-function", right).passed
    assert not path.parent.exists()


def notebook_kernel(allow_stdin):
    """IPython as a kernel shows it while it runs a cell for a client."""
    parent = {"content": {"allow_stdin": allow_stdin}}
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda channel: parent))
    return SimpleNamespace(get_ipython=lambda: shell)


@pytest.mark.parametrize(
    ("module", "there"),
    [
        (notebook_kernel(True), True),
        (notebook_kernel(False), False),
        (SimpleNamespace(get_ipython=lambda: None), False),
        (SimpleNamespace(get_ipython=lambda: SimpleNamespace()), True),
        (SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=object())), False),
        (None, False),
    ],
    ids=["a person's notebook", "a client that cannot answer", "a script", "a terminal", "another kernel", "Python"],
)
def test_only_a_prompt_that_can_be_answered_counts_as_a_learner(monkeypatch, module, there):
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert record.learner_is_there() is there


KERNEL = """
import json, sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
cell = "import numpy as np, nncourse as nn; nn.check('step-function', lambda z: np.where(z >= 0, 1, 0))"
try:
    reply = client.execute(cell, allow_stdin=json.loads(sys.argv[1]), reply=True, timeout=60)
    assert reply["content"]["status"] == "ok", reply
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""


@pytest.mark.parametrize("asks", [True, False], ids=["a person", "a build"])
def test_a_real_kernel_keeps_what_a_person_reaches_and_not_what_a_build_runs(tmp_path, repo, asks):
    path = tmp_path / "progress.json"
    environment = {**os.environ, record.VARIABLE: str(path), "PYTHONPATH": str(repo)}
    done = subprocess.run(
        [sys.executable, "-c", KERNEL, json.dumps(asks)], env=environment, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert path.exists() is asks


def test_the_variable_moves_the_record_or_switches_it_off(monkeypatch, tmp_path):
    monkeypatch.setenv(record.VARIABLE, "off")
    assert record.place() is None and "Nothing is kept" in repr(nn.progress())
    monkeypatch.setenv(record.VARIABLE, str(tmp_path / "mine.json"))
    assert record.place() == tmp_path / "mine.json"


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "home/.local/share"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data"),
        ("linux", {"XDG_DATA_HOME": "relative"}, "home/.local/share"),
        ("darwin", {}, "home/Library/Application Support"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local"),
        ("win32", {}, "home/AppData/Local"),
    ],
)
def test_the_record_lies_where_the_platform_keeps_data(monkeypatch, platform, variables, expected):
    for name in (record.VARIABLE, "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(record.sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("home"))
    assert record.place() == Path(expected, "nncourse", "progress.json")


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "[" * 100_000, "\0\0\0", '{"version": 1}', '{"version": 1, "points": {"a": "2"}}', "null"],
)
def test_a_damaged_record_is_kept_aside_and_said(path, capsys, damage):
    path.parent.mkdir()
    for number in (1, 2):
        path.write_text(damage, encoding="utf-8")
        assert "cannot be read" in repr(nn.progress())
        assert nn.check("step-function", right).passed
        assert f"progress.damaged-{number}.json" in capsys.readouterr().err
        assert path.with_name(f"progress.damaged-{number}.json").read_text(encoding="utf-8") == damage
        assert points_in(path) == {"step-function": 2}
    assert "Damaged files kept beside it: progress.damaged-1.json, progress.damaged-2.json." in repr(nn.progress())


def test_a_record_of_a_newer_version_is_left_alone(path, capsys):
    path.parent.mkdir()
    newer = '{"version": 2, "points": {}, "more": 1}'
    path.write_text(newer, encoding="utf-8")
    nn.check("step-function", right)
    assert path.read_text(encoding="utf-8") == newer and "newer nncourse" in capsys.readouterr().err


def test_points_of_exercises_that_are_gone_stay_in_the_file(path):
    path.parent.mkdir()
    path.write_text('{"version": 1, "points": {"of-old": 7}}', encoding="utf-8")
    nn.check("step-function", right)
    assert points_in(path) == {"of-old": 7, "step-function": 2} and nn.progress().points == 2


def test_a_crash_while_writing_costs_nothing(path, capsys, monkeypatch):
    nn.check("step-function", half_right)
    before = path.read_bytes()

    def crash(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", crash)
    assert nn.check("step-function", right).passed  # the check lives
    assert path.read_bytes() == before and "no space left" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_a_word_and_no_error(path, capsys):
    path.parent.write_text("a file where a folder should be", encoding="utf-8")
    assert nn.check("step-function", right).passed
    assert "could not be kept" in capsys.readouterr().err


WRITER = """
import sys
from nncourse.exercises import CHAPTERS, catalog, record
record.learner_is_there = lambda: True
for number in range(25):
    assert record.keep(f"{sys.argv[1]}-{number}", 1) == ""
"""


def test_notebooks_at_once_lose_no_points(path):
    # 4 processes, 100 points: without the lock, a writer overwrites what another has just written
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(number)]) for number in range(4)]
    assert [writer.wait(120) for writer in writers] == [0] * 4
    assert len(points_in(path)) == 100
    assert sorted(file.name for file in path.parent.iterdir()) == ["progress.json", "progress.lock"]


def test_progress_reads_well_as_text(path):
    nn.check("step-function", right)
    lines = repr(nn.progress()).splitlines()
    points = sum(exercise.points for exercise in catalog())
    assert lines[0] == f"2 of {points} points, 1 of {len(catalog())} exercises passed"
    assert lines[2] == "01 From neuron to perceptron  ##..................   2 of  17"
    assert lines[-2].startswith("Next: weighted-sum (")
    assert len(nn.progress().chapters) == len(CHAPTERS) and max(map(len, lines[:-1])) < 80


def test_progress_reads_well_as_html(path):
    nn.check("step-function", right)
    outline = Outline(nn.progress()._repr_html_())
    assert "2 of 17" in outline.words and outline.tags.count("progress") == len(CHAPTERS)
    assert ("value", "2") in outline.attributes and not {"id", "onclick"} & {name for name, _ in outline.attributes}
