"""No submission gains a point that it did not earn, none harms another, and each yields a report."""

import os
import socket
import time

import pytest

from nncourse.exercises import get
from nncourse.grading import gradebook, marking, pages, result
from nncourse.grading.marking import BadFile, Submission
from nncourse.grading.places import PACKAGE

from . import hostile
from .notebooks import answer, notebook

STEP, SUM = get("step-function"), get("weighted-sum")
WITNESS = notebook("import numpy as np", answer(STEP), answer(SUM))
# Whatever `step` does there, it is done while the file is read, and takes the whole file with it.
COST_THE_FILE = {
    "an endless loop while the file is read",
    "os._exit while the file is read",
    "a forged frame while the file is read",
    "the worker patched",
    "a reason of 1 MB",
}


def mark(box, path, student="mallory"):
    return marking.mark(Submission(student, path), path.read_bytes(), (STEP, SUM), box, "secret")


@pytest.fixture
def world(tmp_path):
    """What must not be touched: a file in a folder, and a port of this machine."""
    folder = tmp_path / "home"
    folder.mkdir()
    canary = folder / "canary"
    canary.write_text("alive")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        names = {
            "canary": canary,
            "port": server.getsockname()[1],
            "solutions": PACKAGE / "exercises" / "chapter_01.py",
        }
        yield names
        with pytest.raises(BlockingIOError):
            server.accept()
    assert canary.read_text() == "alive" and os.listdir(folder) == ["canary"]


def assert_unharmed(box, tmp_path):
    """The same box grades an honest submission as before."""
    path = tmp_path / "witness.ipynb"
    path.write_text(WITNESS)
    witness = mark(box, path, "witness")
    assert witness.points == witness.max_points == STEP.points + SUM.points
    assert witness.notes == ()


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_hostile_code_is_code(world, name):
    compile(hostile.HOSTILE[name].format(**world), name, "exec")


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_hostile_code_gains_nothing_and_harms_nobody(box, world, tmp_path, name):
    path = tmp_path / "mallory.ipynb"
    path.write_text(notebook(hostile.HOSTILE[name].format(**world), "import numpy as np", answer(SUM)))
    started = time.monotonic()
    found = mark(box, path)
    step, weighted = found.reports
    assert found.status in (result.GRADED, result.UNREADABLE), found.notes
    assert step.points == 0 and not step.passed and step.message
    assert weighted.points == (0 if name in COST_THE_FILE else SUM.points), weighted
    assert time.monotonic() - started < 20
    assert_unharmed(box, tmp_path)
    assert len(result.as_json(found)) < 100_000
    for text in (pages.as_text(found), pages.as_html(found), gradebook.as_csv([found])):
        assert all(letter.isprintable() or letter in "\r\n" for letter in text)
        text.encode()
    assert "<script" not in pages.as_html(found) and "<img" not in pages.as_html(found)
    assert result.from_json(result.as_json(found)) == found


@pytest.mark.parametrize("name", hostile.FILES)
def test_a_strange_file_yields_a_report_without_points(box, tmp_path, name):
    data, ending = hostile.FILES[name]
    path = tmp_path / f"strange{ending}"
    path.write_bytes(data)
    try:
        data = marking.read(path)
    except BadFile as reason:
        assert name == "too large" and "MB" in str(reason)
        return
    found = mark(box, path)
    assert found.points == 0 and found.status in (result.GRADED, result.UNREADABLE)
    assert all(report.message for report in found.reports)
    assert_unharmed(box, tmp_path)
