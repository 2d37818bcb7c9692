"""What comes in at the door: arrays, counts, rates and names, checked once, with an error that helps.

Every message says what was expected, what came and what to try. The loops behind the door check
nothing again.
"""

from collections.abc import Iterable, Mapping

import numpy as np

__all__ = ["chosen", "floats", "is_number", "nearest", "number", "numbers", "positive", "share", "whole"]


def floats(z) -> np.ndarray:
    """Return z as an array of floating point numbers: float32 stays, integers become float64."""
    z = np.asarray(z)
    if z.dtype.kind == "f":
        return z
    if z.dtype.kind in "iub":
        return z.astype(np.float64)
    raise TypeError(f"expected real numbers, received dtype {z.dtype}. Try z.astype(float).")


def numbers(name: str, values, *, hint: str = "Drop or fill such entries.") -> np.ndarray:
    """Return values as an array that is not empty and holds finite real numbers, of any dtype.

    The hint says what to do about entries that are not finite.
    """
    try:
        values = np.asarray(values)
    except ValueError as error:
        message = f"{name} must be an array, received rows of different lengths."
        raise ValueError(message) from error
    if values.dtype.kind not in "biuf":
        message = f"{name} must hold numbers, received dtype {values.dtype}."
        raise ValueError(f"{message} Try {name}.astype(float), or turn words into numbers first.")
    if values.size == 0:
        message = f"{name} must not be empty, received shape {values.shape}."
        raise ValueError(f"{message} Pass at least one example.")
    if values.dtype.kind == "f" and not (np.isfinite(values.min()) and np.isfinite(values.max())):
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        message = f"{name} must be finite, received {values[place]} at index {place}."
        raise ValueError(f"{message} {hint}")
    return values


def whole(name: str, n, *, least: int = 1, hint: str = "") -> int:
    """Return n as an int, if it is a whole number from `least` on."""
    if isinstance(n, bool | np.bool_) or not isinstance(n, int | np.integer) or n < least:
        raise ValueError(f"{name} must be a whole number from {least} on, received {n!r}. {hint}".rstrip())
    return int(n)


def is_number(value) -> bool:
    """Whether value is a finite real number; True and False are none."""
    real = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return real and bool(-np.inf < value < np.inf)  # not so with nan


def number(name: str, value) -> float:
    """Return value as a float, if it is a finite real number."""
    if not is_number(value):
        raise ValueError(f"{name} must be a finite number, received {value!r}.")
    return float(value)


def positive(name: str, value, *, zero: bool = False, hint: str = "") -> float:
    """Return value as a float, if it is a finite number above 0 (or 0 itself, with `zero`)."""
    if not is_number(value) or value < 0 or (value == 0 and not zero):
        bound = "from 0 on" if zero else "above 0"
        raise ValueError(f"{name} must be a number {bound}, received {value!r}. {hint}".rstrip())
    return float(value)


def share(name: str, value) -> float:
    """Return value as a float, if it is a share of a whole: 0 <= value < 1."""
    if not is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{name} must be a number from 0 to below 1, received {value!r}.")
    return float(value)


def chosen(kind: str, name, known: Mapping[str, object]):
    """Return what a name stands for, or say what was expected and which name was likely meant."""
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"expected {kind}, received {name!r}. {nearest(name, known)}")
    return known[name]


def nearest(name, known: Iterable[str]) -> str:
    """Return a hint for a name that is not known: the one that was likely meant, or all of them."""
    from difflib import get_close_matches

    known = list(known)
    near = get_close_matches(str(name), known, n=3, cutoff=0.5)
    near.sort(key=lambda one: one[:4] != str(name)[:4])  # the beginning of a word is seldom misspelt
    if not near:
        lower = {one.lower(): one for one in known}
        near = [lower[one] for one in get_close_matches(str(name).lower(), lower, n=1, cutoff=0.5)]
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
