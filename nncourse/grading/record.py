"""An `Attempt` as a tree of plain data, and back: what travels out of the box.

Reading is strict: the tree comes from a process in which submitted code ran. A tree of another form is a WireError.
"""

from dataclasses import replace

import numpy as np

from ..exercises.outcome import Attempt, Failure, Outcome
from .wire import MAX_BODY, WireError, pack

MAX_MESSAGE = 2_000
MAX_PARAMETERS = 50
TOO_LARGE = Failure("ValueError", "what it returns is too large to hand over")


def tree(attempt: Attempt) -> tuple:
    """An attempt as tuples."""
    groups = tuple(tuple(_outcome_tree(outcome) for outcome in group) for group in attempt.outcomes)
    return groups, attempt.parameters, attempt.untouched


def _outcome_tree(outcome: Outcome) -> tuple:
    """An outcome as a tuple; most calls do nothing but return a value, which then stands alone."""
    failure = outcome.failure
    if not (failure or outcome.warnings or outcome.printed or any(outcome.changed)):
        return (outcome.value,)
    told = failure and (failure.type[:100], failure.message[:MAX_MESSAGE], failure.line[:300], failure.at_call)
    noise = tuple(warning[:MAX_MESSAGE] for warning in outcome.warnings[:3])
    return outcome.value, told, noise, outcome.changed, outcome.printed[:MAX_MESSAGE]


def packed(message: dict, attempt: Attempt) -> bytes:
    """The frame of an attempt; outputs that no frame holds become failures."""
    try:
        return pack(message, tree(attempt))
    except (WireError, MemoryError):
        outcomes = tuple(
            tuple(replace(outcome, value=None, failure=TOO_LARGE) for outcome in group) for group in attempt.outcomes
        )
        return pack(message, tree(replace(attempt, outcomes=outcomes)))


def attempt_of(tree: object, cases: list[list[tuple]]) -> Attempt:
    """The attempt in a tree, which must have an outcome for each of the `cases`."""
    try:
        groups, parameters, untouched = tree
        if type(untouched) is not bool or not _is_names(parameters):
            raise WireError("not an attempt")
        outcomes = tuple(
            tuple(_outcome(told, case) for told, case in zip(group, given, strict=True))
            for group, given in zip(groups, cases, strict=True)
        )
    except (TypeError, ValueError):
        raise WireError("not an attempt") from None
    return Attempt(outcomes, parameters, untouched)


def _is_names(parameters: object) -> bool:
    return parameters is None or (
        type(parameters) is tuple
        and len(parameters) <= MAX_PARAMETERS
        and all(type(name) is str and name.isidentifier() for name in parameters)
    )


def _outcome(told: tuple, case: tuple) -> Outcome:
    if type(told) is tuple and len(told) == 1:
        told = (*told, None, (), (False,) * len(case), "")
    value, failure, warnings, changed, printed = told
    if not _is_strings(warnings) or type(printed) is not str:
        raise WireError("not an outcome")
    if type(changed) is not tuple or len(changed) != len(case) or any(type(one) is not bool for one in changed):
        raise WireError("not a word on each argument")
    if failure is not None:
        type_name, message, line, at_call = failure
        if not _is_strings((type_name, message, line)) or type(at_call) is not bool:
            raise WireError("not a failure")
        failure = Failure(type_name[:100], message[:MAX_MESSAGE], line[:MAX_MESSAGE], at_call)
    if _size_as_array(value) > MAX_BODY:  # ten thousand empty strings and a long one
        value, failure = None, failure or TOO_LARGE
    return Outcome(value, failure, tuple(one[:MAX_MESSAGE] for one in warnings[:3]), changed, printed[:MAX_MESSAGE])


def _size_as_array(value: object) -> int:
    """How many bytes the strings of a list would take as one array, in which each is as long as the longest."""
    leaves, longest, rest = 0, 0, [value] if isinstance(value, list | tuple) else []
    while rest:
        item = rest.pop()
        if isinstance(item, list | tuple):
            rest += item
        else:
            leaves += np.size(item) if isinstance(item, np.ndarray) else 1
            if isinstance(item, str | bytes):
                longest = max(longest, 4 * len(item))
            elif isinstance(item, np.ndarray | np.generic) and item.dtype.kind == "U":
                longest = max(longest, item.dtype.itemsize)
    return leaves * longest


def _is_strings(items: object) -> bool:
    return type(items) is tuple and all(type(item) is str for item in items)
