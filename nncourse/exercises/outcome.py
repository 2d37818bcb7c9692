"""Calling a submitted function and writing down what happened, as plain data.

Nothing here knows the right answer. What leaves this module are numbers, strings, arrays, tuples and lists of them: an
object of the submission's own making becomes an `Opaque` that keeps only the name of its type. So the call can happen
in another process, and whoever judges never touches the submission.
"""

import copy
import dis
import inspect
import io
import linecache
import traceback
import warnings
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass

import numpy as np

PRINTED_LINES = 10
NAMES = ("RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE")
IDLE = {dis.opmap[name] for name in NAMES if name in dis.opmap}  # what a body that does nothing is compiled to


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that is not plain data."""

    type: str


@dataclass(frozen=True)
class Failure:
    """An exception: its type, its message, the submission's line ("line 3: `w += x`", or ""), the way it came about."""

    type: str
    message: str
    line: str = ""
    at_call: bool = False  # the arguments did not fit the signature


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one call did. `changed` says of each argument whether the call left it another than it was."""

    value: object = None
    failure: Failure | None = None
    warnings: tuple[str, ...] = ()
    changed: tuple[bool, ...] = ()
    printed: str = ""


@dataclass(frozen=True, eq=False)
class Attempt:
    """What a submission did on every case of every check. `parameters` is None where they cannot be known."""

    outcomes: tuple[tuple[Outcome, ...], ...]
    parameters: tuple[str, ...] | None = None
    untouched: bool = False


def attempt(function: Callable, cases: Iterable[Iterable[tuple]]) -> Attempt:
    """Call `function` on copies of all `cases`, grouped by check."""
    return Attempt(outcomes(function, cases), _parameters(function), _is_untouched(function))


def outcomes(function: Callable, cases: Iterable[Iterable[tuple]]) -> tuple[tuple[Outcome, ...], ...]:
    """What `function` does on every case, grouped by check."""
    return tuple(tuple(run(function, arguments) for arguments in group) for group in cases)


def run(function: Callable, arguments: tuple) -> Outcome:
    """One call, with whatever it returns, raises, warns of, prints and does to its arguments."""
    handed_over = copied(arguments)
    value, failure, printed = None, None, io.StringIO()
    with warnings.catch_warnings(record=True) as caught, redirect_stdout(printed):
        warnings.simplefilter("always")
        with np.errstate(over="warn", invalid="warn", divide="warn", under="ignore"):
            try:
                value = plain(function(*handed_over))
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too: a check must outlive whatever it calls
                failure = _failure(error, function)
    noise = tuple(str(w.message) for w in caught if issubclass(w.category, RuntimeWarning))
    lines = printed.getvalue().splitlines()
    shown = lines[:PRINTED_LINES] + ["..."] * (len(lines) > PRINTED_LINES)
    changed = tuple(not identical(after, before) for after, before in zip(handed_over, arguments, strict=True))
    return Outcome(value, failure, noise, changed, "\n".join(shown))


def copied(value: object) -> object:
    """A deep copy; of plain data, which arguments are made of, several times as fast as `copy.deepcopy`."""
    kind = type(value)
    if kind is np.ndarray and not value.dtype.hasobject:
        return value.copy("K")
    if kind in (list, tuple):
        return kind([copied(item) for item in value])
    return value if kind in (bool, int, float, complex, str) else copy.deepcopy(value)


def identical(after: object, before: object) -> bool:
    """Whether an argument is what it was, to the last bit; a call may have put anything at all into a list."""
    if type(after) is not type(before):
        return False
    if isinstance(before, list | tuple):
        return len(after) == len(before) and all(map(identical, after, before))
    if isinstance(before, np.ndarray):
        kind = (before.dtype, before.shape)
        return kind == (after.dtype, after.shape) and after.tobytes() == before.tobytes()
    return after == before


def plain(value: object, depth: int = 0) -> object:
    """`value` as plain data, copied."""
    try:
        if value is None or type(value) in (bool, int, float, complex, str):
            return value
        if isinstance(value, np.ndarray | np.generic):
            array = np.array(value, subok=False)
            return array if array.dtype.kind in "biufcU" else Opaque(f"array of dtype {array.dtype}")
        if isinstance(value, list | tuple) and depth < 4:
            return (list if isinstance(value, list) else tuple)(plain(item, depth + 1) for item in value)
        return Opaque(str(type(value).__name__))
    except Exception:  # an object may lie about its class, its length, its items
        return Opaque("object")


def _failure(error: BaseException, function: Callable) -> Failure:
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    frames = list(traceback.walk_tb(error.__traceback__))[1:]  # the first frame is `run`
    at_call = isinstance(error, TypeError) and not frames and "argument" in message
    return Failure(str(type(error).__name__), message, _line(frames, function), at_call)


def _line(frames: list, function: Callable) -> str:
    """The deepest line that stands in the same cell or file as the function."""
    home = getattr(getattr(function, "__code__", None), "co_filename", None)
    for frame, number in reversed(frames):
        if frame.f_code.co_filename == home:
            source = linecache.getline(home, number).strip()
            return f"line {number}: `{source}`" if source else f"line {number}"
    return ""


def _parameters(function: Callable) -> tuple[str, ...] | None:
    try:
        return tuple(inspect.signature(function).parameters)
    except Exception:
        return None


def _is_untouched(function: Callable) -> bool:
    """Whether the body does nothing at all: `...`, `pass`, a docstring alone."""
    try:
        if not set(function.__code__.co_code[::2]) <= IDLE:  # which tells most at a glance
            return False
        steps = [step for step in dis.get_instructions(function) if step.opname not in ("RESUME", "NOP")]
    except Exception:
        return False
    return all(step.opname in ("LOAD_CONST", "RETURN_CONST", "RETURN_VALUE") for step in steps) and all(
        step.argval is None for step in steps if step.opname != "RETURN_VALUE"
    )
