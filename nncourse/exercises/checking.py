"""The check cell of a notebook: a learner's function in, a report out, whatever the function does."""

from collections.abc import Callable

from . import record
from .compare import start
from .judging import judge
from .loading import get
from .model import Exercise
from .outcome import attempt
from .report import CheckResult, Report


def check(exercise_id: str, function: Callable) -> Report:
    """Grade `function` as the answer to an exercise. Never raises; the same function gets the same report."""
    exercise = None
    try:
        if callable(exercise_id) and isinstance(function, str):
            return _refusal(
                str(function), "The exercise's name comes first, then your function: `check(name, function)`."
            )
        exercise = get(exercise_id)
        if not callable(function):
            came = f"what came is an object of type {type(function).__name__}"
            message = f"Hand over the function itself, `{exercise.name}` without parentheses after it; {came}."
            return _refusal(exercise.id, message, exercise)
        cases = exercise.cases()
        report = judge(exercise, attempt(function, cases), cases)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        name = exercise.id if exercise else exercise_id if type(exercise_id) is str else "check"
        if exercise is None and isinstance(error, LookupError):
            return _refusal(name, start(error.args[0]))
        message = f"The check itself failed ({type(error).__name__}). That is not your fault: please report it."
        return _refusal(name, message, exercise)
    record.note(report.exercise, report.points)
    return report


def _refusal(exercise_id: str, message: str, exercise: Exercise | None = None) -> Report:
    checks = exercise.checks if exercise else ()
    results = tuple(CheckResult(check.name, False, 0, check.points, message) for check in checks)
    return Report(exercise=exercise_id, verdict="not checked", message=message, checks=results)
