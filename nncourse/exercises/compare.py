"""Comparing two outputs, and saying in a sentence how they differ.

Outputs are plain data: an array, a number or a string, or a tuple of these. Shapes count strictly, a number's type
does not (3 is 3.0), and a list serves as a tuple or as an array. Truth values are not numbers.
"""

from types import NoneType

import numpy as np

from .outcome import Opaque


def parts(value: object, like: object) -> list:
    """The components of an output, as many as `like` has; a single output is one component."""
    if not isinstance(like, tuple):
        return [value]
    return list(value) if isinstance(value, list | tuple) else []


def array_of(value: object) -> np.ndarray | None:
    """`value` as an array of numbers, truth values or strings, or None where it is none."""
    if value is None or isinstance(value, Opaque):
        return None
    try:
        array = np.asarray(value)
    except ValueError:  # ragged
        return None
    return array if array.dtype.kind in "biufcU" else None


def contains(value: object, wanted: object) -> bool:
    """Whether `wanted` (None or an `Opaque`) is the output or stands inside it."""
    if isinstance(value, list | tuple):
        return any(contains(item, wanted) for item in value)
    return type(value) is type(wanted) and value == wanted


def close(got: np.ndarray, want: np.ndarray, rtol: float, atol: float) -> bool:
    """Equal shapes, equal kinds (number, truth value, string), equal values within the tolerance."""
    if got.shape != want.shape or family(got) != family(want):
        return False
    if family(want) in ("truth value", "string"):
        return bool(np.all(got == want))
    if got.dtype == want.dtype and got.tobytes() == want.tobytes():
        return True  # the usual case, in a tenth of the time
    with np.errstate(all="ignore"):
        return np.allclose(got, want, rtol=rtol, atol=atol, equal_nan=True)


def same(got: object, want: object, rtol: float = 1e-6, atol: float = 1e-9) -> bool:
    """Whether two outputs agree in structure, shapes and values."""
    if isinstance(want, tuple):
        items = parts(got, want)
        return len(items) == len(want) and all(same(g, w, rtol, atol) for g, w in zip(items, want, strict=True))
    one, other = array_of(got), array_of(want)
    if one is None or other is None:
        return isinstance(got, Opaque | NoneType) and type(got) is type(want) and got == want
    return close(one, other, rtol, atol)


def start(name: str) -> str:
    """`name` at the start of a sentence."""
    return name[:1].upper() + name[1:]


def family(array: np.ndarray) -> str:
    return {"b": "truth value", "U": "string", "c": "complex number"}.get(array.dtype.kind, "number")


def form_fault(got: object, want: object, names: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with the type or shape of an output: a verdict and a sentence, or None."""
    if isinstance(want, tuple):
        if not isinstance(got, list | tuple):
            return "wrong type", f"Return {_count(len(want))}, {', '.join(names)}; yours is {describe(got)}."
        if len(got) != len(want):
            return "wrong type", f"Return {_count(len(want))}, {', '.join(names)}; yours returns {len(got)}."
    for g, w, name in zip(parts(got, want), parts(want, want), names, strict=False):
        array, target = array_of(g), array_of(w)
        if array is None:
            return "wrong type", f"{start(name)} is {describe(g)}, not a number or an array."
        if family(array) != family(target):
            return "wrong type", _family_sentence(name, array, target)
        if array.shape != target.shape:
            return "wrong shape", _shape_sentence(name, array.shape, target.shape)
    return None


def _family_sentence(name: str, got: np.ndarray, want: np.ndarray) -> str:
    if family(got) == "truth value":
        sentence = f"{start(name)} holds True and False where numbers are wanted."
        return sentence + " NumPy cannot subtract booleans; make them 0 and 1."
    return f"{start(name)} should hold {family(want)}s, it holds {family(got)}s."


def _shape_sentence(name: str, got: tuple, want: tuple) -> str:
    sentence = f"{start(name)} has shape {got}; the answer has shape {want}."
    if len(want) == 2 and got == want[::-1]:
        return sentence + " Transposed?"
    if want == ():
        return f"{start(name)} has shape {got}; the answer is a single number."
    if np.prod(got) == np.prod(want):
        return sentence + " The entries are as many: an axis too many or too few?"
    return sentence


def describe(value: object) -> str:
    """A value in few words, for someone who expected another kind of value."""
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        return f"an object of type {value.type}"
    array = array_of(value)
    if isinstance(value, list | tuple) and array is None:
        return f"a {type(value).__name__} of {len(value)}"
    if array is not None and array.ndim:
        return f"one array of shape {array.shape}"
    return "one string" if isinstance(value, str) else "one number"


def off_by(got: list, want: list, examples: list, name: str) -> str | None:
    """Whether one factor, sign or offset explains all differences; `examples` is the batch size of each case."""
    if family(array_of(want[0])) != "number":
        return None
    batch = np.repeat([n or np.nan for n in examples], [np.size(w) for w in want])
    got, want = (np.concatenate([np.ravel(v).astype(float) for v in values]) for values in (got, want))
    with np.errstate(all="ignore"):
        cause = _factor(got, want, batch) or _offset(got, want)
    return f"{start(name)} {cause}" if cause else None


def _factor(got: np.ndarray, want: np.ndarray, batch: np.ndarray) -> str | None:
    telling = np.abs(want) > 1e-12
    if len(np.unique(want[telling])) < 2 or not np.allclose(got[~telling], 0, atol=1e-9):
        return None
    ratio, batch = got[telling] / want[telling], batch[telling]
    n = f"{batch[0]:g}"
    if np.allclose(ratio, -1):
        return "has the wrong sign everywhere: it is minus the answer."
    if np.allclose(ratio, batch) and not np.allclose(batch, 1):
        return f"is {n} times too large with {n} examples: did you average over the batch?"
    if np.allclose(ratio, 1 / batch) and not np.allclose(batch, 1):
        return f"is {n} times too small with {n} examples: did you average twice?"
    first = ratio[0]
    if np.isfinite(first) and np.allclose(ratio, first) and abs(first) > 1e-6 and abs(first - 1) > 1e-4:
        return f"is {first:.4g} times the answer, everywhere."
    return None


def _offset(got: np.ndarray, want: np.ndarray) -> str | None:
    offset = got - want
    first, noticeable = offset[0], 1e-6 * (1 + np.max(np.abs(want)))
    if np.ptp(want) > noticeable and np.isfinite(first) and abs(first) > noticeable and np.allclose(offset, first):
        return f"is too {'large' if first > 0 else 'small'} by {abs(first):.4g}, everywhere."
    return None


def difference(got: object, want: object, arguments: str, name: str, close_enough: tuple[float, float]) -> str:
    """Where `got` first leaves `want`, in a sentence that quotes the arguments."""
    got, want = array_of(got), array_of(want)
    where = ""
    if want.size > 8:
        right = np.reshape([close(g, w, *close_enough) for g, w in zip(got.flat, want.flat, strict=True)], want.shape)
        place = tuple(int(i) for i in np.argwhere(~right)[0])
        got, want, where = got[place], want[place], f"entry {list(place)} of "
    for digits in (5, 9, 17):
        expected, received = show(want, digits), show(got, digits)
        if expected != received:
            break
    return f"{arguments}, {where}{name} should be {expected}; yours is {received}."


def show(value: object, digits: int = 5) -> str:
    """A short text of a number, string, array, or list of them; large arrays show their shape."""
    if isinstance(value, str):
        return repr(str(value))
    if isinstance(value, np.ndarray) and value.ndim:
        return _nested(value, digits) if value.size <= 12 else f"an array of shape {value.shape}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(show(item, digits) for item in value) + "]"
    scalar = np.asarray(value)[()]
    if isinstance(scalar, np.bool_ | np.str_ | np.integer):
        return str(scalar)
    return f"{scalar:.{digits}g}"


def outline(name: str, value: object) -> str:
    """`name = value` where the value is short, else the name and the shapes."""
    text = show(value)
    if len(text) <= 40:
        return f"{name} = {text}"
    if isinstance(value, list | tuple):
        return f"{name} of shapes {', '.join(str(np.shape(item)) for item in value)}"
    return f"{name} of shape {np.shape(value)}"


def _nested(array: np.ndarray, digits: int) -> str:
    return "[" + ", ".join(_nested(a, digits) if np.ndim(a) else show(a, digits) for a in array) + "]"


def _count(number: int) -> str:
    return {2: "two values", 3: "three values", 4: "four values", 5: "five values"}.get(number, f"{number} values")
