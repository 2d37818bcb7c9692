"""The checks inside other graders: otter's test files, nbgrader's test cells."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from nncourse.exercises import catalog, get
from nncourse.grading import adapters

STEP = get("step-function")
WRONG = STEP.misconceptions[0]


@pytest.fixture
def otter(monkeypatch):
    """What otter gives to a test file: a decorator that collects the cases (otter itself needs many packages)."""
    cases = []
    module = ModuleType("otter.test_files")

    def test_case(name=None, points=None, hidden=False):
        return lambda function: cases.append(SimpleNamespace(name=name, points=points, run=function)) or function

    module.test_case = test_case
    monkeypatch.setitem(sys.modules, "otter", ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", module)
    return cases


@pytest.mark.parametrize("exercise", catalog(), ids=lambda exercise: exercise.id)
def test_a_test_file_of_otter_has_a_case_for_every_check(exercise, otter):
    exec(compile(adapters.otter_test(exercise), exercise.id, "exec"), {})
    assert [(case.name, case.points) for case in otter] == [(check.name, check.points) for check in exercise.checks]


def test_the_cases_of_otter_accept_what_is_right_and_say_what_is_wrong(otter):
    exec(adapters.otter_test(STEP), {})
    for case in otter:
        case.run({STEP.name: STEP.reference})
    with pytest.raises(AssertionError, match=r"no function `"):
        otter[0].run({})
    failed = []
    for case in otter:
        try:
            case.run({STEP.name: WRONG.function})
        except AssertionError as error:
            failed.append(str(error))
    assert failed and any(WRONG.hint in message for message in failed)


def test_the_files_of_otter_are_named_like_their_exercises(tmp_path):
    written = adapters.write_otter([STEP, get("count-updates")], tmp_path / "tests")
    assert [path.name for path in written] == ["step-function.py", "count-updates.py"]
    assert written[0].read_text(encoding="utf-8") == adapters.otter_test(STEP)


def test_a_cell_of_nbgrader_ends_in_the_points_and_prints_the_report(capsys):
    assert adapters.credit(STEP.id, STEP.reference) == STEP.points
    assert "passed" in capsys.readouterr().out
    assert adapters.credit(STEP.id, WRONG.function) < STEP.points
    assert WRONG.hint in capsys.readouterr().out


def test_a_cell_that_asserts_is_silent_or_raises_the_report():
    assert adapters.require(STEP.id, STEP.reference) is None
    with pytest.raises(AssertionError) as error:
        adapters.require(STEP.id, WRONG.function)
    assert WRONG.hint in str(error.value)


def test_a_test_file_that_is_older_than_its_exercise_says_so():
    with pytest.raises(LookupError, match="Write its test file again"):
        adapters.require_check(STEP.id, STEP.reference, "a check of last year")
