"""From what a submission did to what a teacher says about it.

Everything is decided from an `Attempt`, which is data: the reference and the misconceptions run here, the submission
does not. The verdict is the first of `VERDICTS` that applies; a known misconception adds its hint to any of them.
Many cases are the same for every learner, so what our own functions make of them is remembered.
"""

import pickle
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from .compare import array_of, form_fault, parts, same
from .faults import VERDICTS, Fault, check_fault, judged, plain_words, undone
from .model import Check, Exercise, Misconception
from .outcome import Attempt, Outcome, run
from .report import CheckResult, Report

SMALL = 1 << 14  # bytes of a case that is worth remembering


def judge(exercise: Exercise, submission: Attempt, cases: list[list[tuple]]) -> Report:
    """The report on `submission`, which ran on `cases`."""
    expected = tuple(tuple(ours(exercise.reference, args) for args in group) for group in cases)
    faults = [
        check_fault(exercise, check, *group)
        for check, *group in zip(exercise.checks, cases, submission.outcomes, expected, strict=True)
    ]
    if submission.untouched:
        faults = [undone(exercise)] * len(faults)
    first, hint = _verdict(exercise, submission, expected, cases, faults)
    results = tuple(
        CheckResult(check.name, not fault, 0 if fault else check.points, check.points, fault.sentence if fault else "")
        for check, fault in zip(exercise.checks, faults, strict=True)
    )
    return Report(
        exercise=exercise.id,
        title=exercise.title,
        verdict=first.verdict,
        message=first.sentence,
        hint=hint,
        checks=results,
        hints=exercise.hints,
        url=exercise.url,
        printed=next((outcome.printed for group in submission.outcomes for outcome in group), ""),
    )


def _verdict(
    exercise: Exercise, submission: Attempt, expected: tuple, cases: list, faults: list[Fault | None]
) -> tuple[Fault, str]:
    """The fault to speak of first, and the hint of the misconception behind it ("" where none is known)."""
    failing = [place for place, fault in enumerate(faults) if fault]
    if not failing:
        return Fault("passed", "Everything agrees."), ""
    by_value = VERDICTS.index("off by")  # from there on, the first check that fails has the word
    first = min((faults[place] for place in failing), key=lambda fault: min(fault.rank, by_value))
    if first.verdict == "not done yet":
        return first, ""
    found = _misconception(exercise, submission, expected, cases, failing)
    swapped = _swapped(exercise, submission)
    if swapped:
        first = Fault("raised", swapped)
    elif found and first.rank > VERDICTS.index("known misconception"):
        first = Fault("known misconception", first.sentence)
    return first, found.hint if found else ""


def _misconception(
    exercise: Exercise, submission: Attempt, expected: tuple, cases: list, failing: list[int]
) -> Misconception | None:
    """The misconception that does what the submission does: on all checks, else on those that fail, or the first.

    Away from the checks that pass, only answers that cannot agree by accident count: zeros and ones easily do.
    """
    known = [Beside(found, exercise, submission, expected, cases) for found in exercise.misconceptions]
    for scope in (range(len(cases)), failing, failing[:1]):
        everywhere = len(scope) == len(cases)
        for beside in known:
            if all(map(beside.agrees, scope)) and (everywhere or any(map(beside.is_telling, scope))):
                return beside.misconception
    return None


class Beside:
    """A misconception beside a submission, run only as far as is asked for: mostly the first case tells them apart."""

    def __init__(
        self, misconception: Misconception, exercise: Exercise, submission: Attempt, expected: tuple, cases: list
    ):
        self.misconception, self.checks = misconception, exercise.checks
        self.mine, self.expected, self.cases = submission.outcomes, expected, cases
        self.known = {}  # what has been found out, check by check

    def agrees(self, place: int) -> bool:
        """Whether both make the same of every case of a check."""
        if place not in self.known:
            trio = zip(self.cases[place], self.mine[place], self.expected[place], strict=True)
            self.known[place] = all(
                _agree(self.checks[place], args, mine, ours(self.misconception.function, args), right)
                for args, mine, right in trio
            )
        return self.known[place]

    def is_telling(self, place: int) -> bool:
        """Whether agreement on a check can hardly be an accident: an exception, or a wrong and broken number."""
        check, function = self.checks[place], self.misconception.function
        return not check.judge and any(
            wrong.failure
            or (not same(wrong.value, right.value, check.rtol, check.atol) and _has_fractions(wrong.value))
            for args, right in zip(self.cases[place], self.expected[place], strict=True)
            for wrong in [ours(function, args)]
        )


def ours(function: Callable, args: tuple) -> Outcome:
    """What a function of the exercise itself does, a reference or a misconception."""
    case = pickle.dumps(args)
    return _ours(function, case) if len(case) <= SMALL else run(function, args)


@lru_cache(maxsize=2048)
def _ours(function: Callable, case: bytes) -> Outcome:
    return run(function, pickle.loads(case))


def _has_fractions(value: object) -> bool:
    arrays = [array_of(item) for item in parts(value, value)]
    numbers = [array for array in arrays if array is not None and array.dtype.kind == "f"]
    return any(np.any(np.isfinite(array) & (array != np.round(array))) for array in numbers)


def _agree(check: Check, args: tuple, mine: Outcome, theirs: Outcome, expected: Outcome) -> bool:
    """Whether two outcomes are the same mistake; where a judge decides, whether it says the same about both."""
    if mine.failure or theirs.failure:
        return bool(mine.failure and theirs.failure) and (
            (mine.failure.type, plain_words(mine.failure.message))
            == (theirs.failure.type, plain_words(theirs.failure.message))
        )
    if mine.changed != theirs.changed:
        return False
    want = expected.value
    only_noise = check.quiet and same(mine.value, want, check.rtol, check.atol)
    if only_noise and bool(mine.warnings) != bool(theirs.warnings):
        return False
    if check.judge and not any(form_fault(o.value, want, ("",) * 9) for o in (mine, theirs)):
        return judged(check, args, mine.value, want) == judged(check, args, theirs.value, want)
    return same(mine.value, theirs.value, check.rtol, check.atol)


def _swapped(exercise: Exercise, submission: Attempt) -> str:
    mine, theirs = submission.parameters, exercise.parameters
    if not mine or mine == theirs or sorted(mine) != sorted(theirs):
        return ""
    return f"Your parameters come as ({', '.join(mine)}); the exercise passes ({', '.join(theirs)}), in this order."
