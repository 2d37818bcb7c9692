"""What is wrong with the outcomes of one check: a verdict and a sentence, the most basic fault first."""

import re
from dataclasses import dataclass

import numpy as np

from .compare import array_of, contains, difference, form_fault, off_by, outline, parts, same, show
from .model import Check, Exercise
from .outcome import Failure, Opaque, Outcome

VERDICTS = (
    "not done yet",
    "raised",
    "returned None",
    "wrong type",
    "wrong shape",
    "changed inputs",
    "known misconception",
    "off by",
    "different",
    "warned",
    "passed",
)
ELLIPSIS = Opaque("ellipsis")
NONE = "Your function returns None: is there a `return` on every path?"
UNCHANGED = "work on a copy, or build a new one (`a = a + b` makes a new array, `a += b` overwrites the old one)."
NOT_FINITE = "Numbers are wanted that one can calculate with: among yours is nan or inf."
NONE_INSIDE = "One of the values that you return is None."


@dataclass(frozen=True)
class Fault:
    verdict: str
    sentence: str

    @property
    def rank(self) -> int:
        return VERDICTS.index(self.verdict)


def check_fault(exercise: Exercise, check: Check, cases: list, outcomes: tuple, expected: tuple) -> Fault | None:
    """The first fault in the order of the verdicts; differences that have one simple cause are named by it."""
    trio = list(zip(cases, outcomes, expected, strict=True))
    faults = [fault for case in trio if (fault := _case_fault(exercise, check, *case))]
    if not faults:
        return None
    worst = min(faults, key=lambda fault: fault.rank)
    if worst.verdict == "different" and check.judge is None:
        names = _names(exercise)
        examples = [_batch_size(exercise, case) for case in cases]
        columns = [list(zip(*pairs, strict=True)) for pairs in _columns(outcomes, expected)]
        for name, (got, want) in zip(names, columns, strict=True):
            if not all(same(g, w, check.rtol, check.atol) for g, w in zip(got, want, strict=True)):
                sentence = off_by(got, want, examples, name)
                return Fault("off by", sentence) if sentence else worst
    return worst


def _case_fault(exercise: Exercise, check: Check, args: tuple, outcome: Outcome, expected: Outcome) -> Fault | None:
    if outcome.failure:
        return _failure_fault(exercise, outcome.failure, _with(exercise, args))
    value, want = outcome.value, expected.value
    if contains(value, ELLIPSIS):
        return undone(exercise)
    if contains(value, None):
        return Fault("returned None", NONE if value is None else NONE_INSIDE)
    names = _names(exercise)
    form = form_fault(value, want, names)
    if form:
        return Fault(*form)
    for name, changed in zip(exercise.parameters, outcome.changed, strict=False):
        if changed:
            return Fault("changed inputs", f"Your function changes its argument `{name}`: {UNCHANGED}")
    if check.judge:
        sentence = judged(check, args, value, want)
        return Fault("different", sentence) if sentence else _noise(exercise, check, args, outcome)
    for got, wanted, name in zip(parts(value, want), parts(want, want), names, strict=True):
        if not same(got, wanted, check.rtol, check.atol):
            return Fault("different", difference(got, wanted, _with(exercise, args), name, (check.rtol, check.atol)))
    return _noise(exercise, check, args, outcome)


def _failure_fault(exercise: Exercise, failure: Failure, called: str) -> Fault:
    if failure.type == "NotImplementedError" or "ellipsis" in failure.message:
        return undone(exercise)
    if failure.at_call:
        call = f"{exercise.name}({', '.join(exercise.parameters)})"
        return Fault("raised", f"The exercise calls `{call}`; yours does not take that: {failure.message}.")
    message = plain_words(failure.message)
    said = f"{failure.type}: {message[:200]}" if message else failure.type
    where = f"{failure.line} raised" if failure.line else "your function raised"
    return Fault("raised", f"{called}, {where} {said.rstrip('.')}.")


def plain_words(message: str) -> str:
    """NumPy's message on `@`, which speaks of a gufunc and its core dimensions, in words; others as they are.

    `np.dot` of the same arrays says something else again, and gets the same words.
    """
    product = re.match(r"matmul: .* mismatch in its core dimension 0.*size (?P<right>\d+) .* (?P<left>\d+)\)", message)
    dot = re.match(r"shapes .* not aligned: (?P<left>\d+) \(dim \d\) != (?P<right>\d+) \(dim \d\)", message)
    if sizes := product or dot:
        return (
            f"the inner sizes differ: the left array ends with {sizes['left']}, the right begins with {sizes['right']}"
        )
    operand = re.match(r"matmul: Input operand ([01]) does not have enough dimensions \(has 0", message)
    if operand:
        return f"`@` needs arrays on both sides; the {('left', 'right')[int(operand[1])]} one is a single number"
    return message


def undone(exercise: Exercise) -> Fault:
    return Fault("not done yet", f"`{exercise.name}` is waiting for you: replace the `...` by your code.")


def _noise(exercise: Exercise, check: Check, args: tuple, outcome: Outcome) -> Fault | None:
    if check.quiet and outcome.warnings:
        return Fault("warned", f"{_with(exercise, args)}, the value is right, but NumPy warns: {outcome.warnings[0]}.")
    return None


def judged(check: Check, args: tuple, value: object, like: object) -> str | None:
    """The check's own judgement of an output of the reference's form, handed over as finite arrays of its own."""
    if not all(_is_finite(got) for got in parts(value, like)) and all(_is_finite(want) for want in parts(like, like)):
        return NOT_FINITE
    arrays = tuple(map(np.array, value)) if isinstance(like, tuple) else np.array(value)
    with np.errstate(all="ignore"):
        return check.judge(args, arrays)


def _is_finite(value: object) -> bool:
    array = array_of(value)
    return array.dtype.kind == "U" or bool(np.all(np.isfinite(array)))


def _columns(outcomes: tuple, expected: tuple) -> list:
    """For each component, the pairs (got, wanted) over the cases."""
    pairs = [
        list(zip(parts(mine.value, right.value), parts(right.value, right.value), strict=True))
        for mine, right in zip(outcomes, expected, strict=True)
    ]
    return list(zip(*pairs, strict=True))


def _names(exercise: Exercise) -> tuple[str, ...]:
    return tuple(f"`{name}`" for name in exercise.returns) or ("the result",)


def _with(exercise: Exercise, args: tuple) -> str:
    named = list(zip(exercise.parameters, args, strict=False))
    text = ", ".join(f"{name} = {show(value)}" for name, value in named)
    if len(text) > 160:
        text = ", ".join(outline(name, value) for name, value in named)
    return f"With {text}" if text else "When called"


def _batch_size(exercise: Exercise, args: tuple) -> int | None:
    named = dict(zip(exercise.parameters, args, strict=False))
    if np.ndim(named.get("y", 0)):
        return len(named["y"])
    return len(named["x"]) if np.ndim(named.get("x", 0)) == 2 else None
