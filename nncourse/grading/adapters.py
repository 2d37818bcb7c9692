"""Our checks inside other graders: test files for otter, test cells for nbgrader.

These graders run a learner's code in the process that judges it, so whoever wants to cheat can: what they give is the
learner's feedback inside a course that uses them already. `nncourse grade` judges from outside.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from ..exercises import Exercise, check, get
from ..exercises.files import write_whole

OTTER = '''"""{title}: the checks of the exercise `{id}` of nncourse, for otter."""

from otter.test_files import test_case

OK_FORMAT = False
name = "{id}"
points = None
'''
OTTER_CASE = """

@test_case(name={check!r}, points={points}, hidden=False)
def test_{number}(env):
    from nncourse.grading.adapters import require_check

    require_check("{id}", env.get("{function}"), {check!r})
"""


def credit(exercise_id: str, function: Callable) -> int:
    """The points that `function` earns, with the report printed: the last line of an nbgrader test cell.

    nbgrader takes a number that ends a test cell as partial credit; the cell is worth the exercise's points.
    """
    report = check(exercise_id, function)
    print(report)
    return report.points


def require(exercise_id: str, function: Callable) -> None:
    """Raise an AssertionError, with the report as its message, unless everything is right."""
    report = check(exercise_id, function)
    if not report.passed:
        raise AssertionError(str(report))


def require_check(exercise_id: str, function: Callable | None, name: str) -> None:
    """Raise an AssertionError unless this one named check of an exercise is passed."""
    exercise = get(exercise_id)
    if name not in [one.name for one in exercise.checks]:
        raise LookupError(f"{exercise_id} has no check {name!r}. Write its test file again.")
    if function is None:
        raise AssertionError(f"There is no function `{exercise.name}` yet.")
    report = check(exercise_id, function)
    one = next((one for one in report.checks if one.name == name), None)
    if one is None or not one.passed:
        hint = f"\nHint: {report.hint}" if report.hint else ""
        raise AssertionError(f"{one.message if one else report.message}{hint}")


def otter_test(exercise: Exercise) -> str:
    """The source of otter's test file for an exercise: a case for each named check, with its points."""
    about = {"id": exercise.id, "title": exercise.title, "function": exercise.name}
    cases = [
        OTTER_CASE.format(**about, check=one.name, points=one.points, number=number)
        for number, one in enumerate(exercise.checks, 1)
    ]
    return OTTER.format(**about) + "".join(cases)


def write_otter(exercises: Iterable[Exercise], folder: Path) -> list[Path]:
    """Write otter's test files into a folder; `grader.check("exercise-id")` in a notebook then runs them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for exercise in exercises:
        written.append(folder / f"{exercise.id}.py")
        write_whole(written[-1], otter_test(exercise))
    return written
