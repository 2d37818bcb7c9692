"""A class: whatever happens to a file, a process or the run, every learner has a result, and the same one each time."""

import os
import signal
from concurrent.futures import Executor, Future
from functools import partial

import pytest

from nncourse.exercises import get
from nncourse.grading import batch, executors, marking, result
from nncourse.grading.batch import Settings
from nncourse.grading.executors import Inline, Shard
from nncourse.grading.marking import Submission
from nncourse.grading.sandbox import BoxFault, Limits

from .notebooks import answer, notebook

IDS = ("step-function", "weighted-sum")
EXERCISES = tuple(map(get, IDS))
RIGHT = notebook("import numpy as np", *map(answer, EXERCISES))
WRONG = notebook("import numpy as np", *(answer(one, one.misconceptions[0].function) for one in EXERCISES))


@pytest.fixture
def settings(level):
    return Settings(IDS, "seed", level, Limits(seconds=0.5))


@pytest.fixture
def graded(tmp_path, settings):
    """Grade `{student: text}`: {student: result}."""
    kept = tmp_path / "kept"
    kept.mkdir()

    def grade(texts, make_executor=Inline, changed=settings):
        submissions = []
        for student, text in texts.items():
            path = tmp_path / f"{student}.ipynb"
            path.write_text(text)
            submissions.append(Submission(student, path))
        return {one.student: one for one in batch.grade_all(submissions, changed, kept, make_executor, 2)}

    return grade


def points(results):
    return {student: found.points for student, found in results.items()}


def test_every_submission_has_a_result(graded):
    found = graded({"ann": RIGHT, "bob": WRONG, "cat": "no notebook"})
    assert points(found) == {"ann": 4, "bob": 0, "cat": 0}
    assert [one.status for one in found.values()] == ["graded", "graded", "unreadable"]


def test_names_of_files_need_not_be_utf_8(settings, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    folder = os.fsencode(tmp_path)
    for name in (b"\xfe.ipynb", b"\xff.ipynb"):
        with open(os.path.join(folder, name), "w") as file:
            file.write(RIGHT)
    paths = sorted(tmp_path.glob("*.ipynb"))
    submissions = [Submission(path.stem, path) for path in paths] + [Submission("ann", paths[0])]
    found = batch.grade_all(submissions, settings, kept, Inline, 2)  # in any order
    first = sorted(found, key=lambda one: f"{batch.file_name(one.student)}.json")
    assert [one.points for one in first] == [4, 4, 4] and len(list(kept.iterdir())) == 3
    assert [result.from_json(path.read_text()) for path in sorted(kept.iterdir())] == first
    assert Shard(1, 1).of(submissions) == submissions


def test_processes_grade_as_this_process_does(graded, tmp_path):
    here = graded({"ann": RIGHT, "bob": WRONG})
    for path in (tmp_path / "kept").iterdir():
        path.unlink()
    assert graded({"ann": RIGHT, "bob": WRONG}, partial(executors.processes, 2)) == here


def test_what_is_finished_is_not_graded_again(graded, monkeypatch):
    first = graded({"ann": RIGHT, "bob": WRONG})
    monkeypatch.setattr(marking, "mark", lambda *arguments: pytest.fail("graded again"))
    assert graded({"ann": RIGHT, "bob": WRONG}) == first


def test_what_has_changed_is_graded_again(graded, settings):
    graded({"ann": WRONG, "bob": WRONG})
    assert points(graded({"ann": RIGHT, "bob": WRONG})) == {"ann": 4, "bob": 0}
    fewer = Settings(IDS[:1], settings.seed, settings.level, settings.limits)
    assert points(graded({"ann": RIGHT}, changed=fewer)) == {"ann": 2}


def test_a_changed_check_grades_again(graded, monkeypatch, settings):
    first = graded({"ann": RIGHT})
    digest = batch.assignment.digest
    monkeypatch.setattr(batch.assignment, "digest", lambda folder: digest(folder) + "changed")
    found = graded({"ann": RIGHT})
    assert found["ann"].key != first["ann"].key and points(found) == points(first)
    assert list(batch.CHECKS.glob("chapter_*.py"))


def test_a_result_that_was_cut_off_is_graded_again(graded, tmp_path):
    first = graded({"ann": RIGHT})
    path = tmp_path / "kept" / "ann.json"
    path.write_text(path.read_text()[:100])
    assert graded({"ann": RIGHT}) == first


def test_the_same_seed_gives_the_same_grades_and_another_seed_other_cases(settings, tmp_path, graded):
    key = batch.key_of(settings, Submission("ann", tmp_path / "a.ipynb"), b"x")
    other = Settings(IDS, "other", settings.level, settings.limits)
    assert key != batch.key_of(other, Submission("ann", tmp_path / "a.ipynb"), b"x")
    seeds = {
        marking.secret_seed(*of)
        for of in (("s", "ann", b"x"), ("s", "bob", b"x"), ("t", "ann", b"x"), ("s", "ann", b"y"))
    }
    assert len(seeds) == 4 and 0 not in seeds
    assert marking.secret_seed("s", "ann", b"x") == marking.secret_seed("s", "ann", b"x")


def test_a_fault_of_the_grader_is_for_a_person_and_kept_by_nobody(graded, monkeypatch, tmp_path):
    honest = marking.mark

    def broken(submission, *rest):
        if submission.student == "ann":
            raise ZeroDivisionError("ours")
        return honest(submission, *rest)

    monkeypatch.setattr(marking, "mark", broken)
    found = graded({"ann": RIGHT, "bob": RIGHT})
    assert points(found) == {"ann": None, "bob": 4} and found["ann"].status == result.FOR_A_PERSON
    assert "not the learner's fault" in found["ann"].notes[0] and "ZeroDivisionError" in found["ann"].notes[0]
    assert not (tmp_path / "kept" / "ann.json").exists()
    monkeypatch.undo()
    assert points(graded({"ann": RIGHT})) == {"ann": 4}


def test_a_box_that_fails_once_costs_nobody_a_point(graded, monkeypatch):
    honest, calls = marking.mark, []

    def shaky(*arguments):
        calls.append(1)
        if len(calls) == 1:
            raise BoxFault("gone")
        return honest(*arguments)

    monkeypatch.setattr(marking, "mark", shaky)
    assert points(graded({"ann": RIGHT})) == {"ann": 4}


def test_a_box_that_was_killed_is_replaced(graded, settings):
    assert points(graded({"ann": RIGHT})) == {"ann": 4}
    batch.box(settings.limits, settings.level).process.kill()
    assert points(graded({"bob": RIGHT})) == {"bob": 4}


class Losing(Executor):
    """Loses the process that grades `bob`: the first `times` times, with everything that is under way."""

    lost = 0

    def __init__(self, times):
        self.times, self.broken = times, False

    def submit(self, function, settings, task):
        if self.broken:
            raise RuntimeError("the pool is broken")
        future = Future()
        if task.submission.student == "bob" and Losing.lost < self.times:
            Losing.lost += 1
            self.broken = True
            future.set_exception(RuntimeError("the process ended"))
        else:
            future.set_result(function(settings, task))
        return future


@pytest.mark.parametrize(("times", "bobs"), [(1, 4), (99, None)])
def test_a_lost_process_costs_nobody_else(graded, times, bobs):
    Losing.lost = 0
    texts = dict.fromkeys(("ann", "bob", "cat", "dan"), RIGHT)
    assert points(graded(texts, partial(Losing, times))) == {"ann": 4, "bob": bobs, "cat": 4, "dan": 4}


def test_links_and_pipes_are_not_read(tmp_path, graded, settings):
    (tmp_path / "secret.ipynb").write_text(RIGHT)
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "wrong.pdf").write_text("")
    names = ("link.ipynb", "pipe.ipynb", "wrong.pdf")
    submissions = [Submission(name, tmp_path / name) for name in names]
    kept = tmp_path / "kept"
    found = list(batch.grade_all(submissions, settings, kept, Inline, 2))
    assert {one.student: one.status for one in found} == dict.fromkeys(names, "unreadable")


def test_a_process_killed_in_the_middle_costs_nobody_a_point(graded):
    """A real pool, one of whose processes is killed when both have work."""
    made, given = [], []

    def make_executor():
        pool = executors.processes(2)
        made.append(pool)
        honest = pool.submit

        def submit(*arguments):
            given.append(honest(*arguments))
            if len(given) == 3:
                os.kill(next(iter(pool._processes)), signal.SIGKILL)
            return given[-1]

        pool.submit = submit
        return pool

    texts = {"ann": RIGHT, "bob": WRONG, "cat": RIGHT, "dan": RIGHT}
    assert points(graded(texts, make_executor)) == {"ann": 4, "bob": 0, "cat": 4, "dan": 4}
    assert len(made) > 1
