import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncourse.validation import chosen, floats, is_number, nearest, number, numbers, positive, share, whole

NOT_REAL = [None, "0.1", True, np.True_, 1j, np.complex64(1), np.nan, np.inf, -np.inf, np.float32(np.nan), [0.1]]


@given(st.one_of(st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_finite_real_number_comes_back_as_a_float(value):
    assert is_number(value)
    assert number("x", value) == float(value) and type(number("x", value)) is float


@pytest.mark.parametrize("value", [np.int8(-128), np.uint8(255), np.float32(0.5), np.float64(-2), np.longdouble(1)])
def test_numbers_of_numpy_are_numbers(value):
    assert number("x", value) == value and type(number("x", value)) is float


@pytest.mark.parametrize("value", NOT_REAL, ids=repr)
@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (number, "a finite number"),
        (positive, "a number above 0"),
        (lambda name, value: positive(name, value, zero=True), "a number from 0 on"),
        (share, "a number from 0 to below 1"),
    ],
)
def test_what_is_no_finite_real_number_is_refused(ask, expected, value):
    assert not is_number(value)
    with pytest.raises(ValueError) as caught:
        ask("rate", value)
    assert str(caught.value) == f"rate must be {expected}, received {value!r}."


def test_positive_is_above_0_or_from_0_on():
    assert positive("x", 1e-300) == 1e-300 and positive("x", 0, zero=True) == 0.0
    with pytest.raises(ValueError, match=r"^x must be a number above 0, received 0\.$"):
        positive("x", 0)
    with pytest.raises(ValueError, match=r"^x must be a number from 0 on, received -1e-300\.$"):
        positive("x", -1e-300, zero=True)


def test_a_share_is_below_1():
    assert share("x", 0) == 0.0 and share("x", 0.999) == 0.999
    for value in (-0.1, 1, 1.5):
        with pytest.raises(ValueError, match=rf"^x must be a number from 0 to below 1, received {value}\.$"):
            share("x", value)


def test_a_whole_number_is_counted_from_its_least():
    assert whole("n", np.int64(3)) == 3 and type(whole("n", np.int64(3))) is int
    assert whole("n", 0, least=0) == 0
    for n in (0, -1, 2.0, "2", True, np.True_, None):
        with pytest.raises(ValueError, match=r"^n must be a whole number from 1 on, received "):
            whole("n", n)


def test_a_hint_ends_the_message():
    with pytest.raises(ValueError, match=r"^n must be a whole number from 1 on, received 0\. Try 10\.$"):
        whole("n", 0, hint="Try 10.")
    with pytest.raises(ValueError, match=r"^x must be a number above 0, received -1\. Try 0\.1\.$"):
        positive("x", -1, hint="Try 0.1.")
    with pytest.raises(ValueError, match=r"^p must be finite, received nan at index \(1, 0\)\. Try less\.$"):
        numbers("p", [[1.0], [np.nan]], hint="Try less.")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1], [2, 3]], "x must be an array, received rows of different lengths."),
        (["1"], "x must hold numbers, received dtype <U1. Try x.astype(float), or turn words into numbers first."),
        ([1j], "x must hold numbers, received dtype complex128."),
        (np.empty((0, 2)), "x must not be empty, received shape (0, 2). Pass at least one example."),
        ([[1.0, -np.inf]], "x must be finite, received -inf at index (0, 1). Drop or fill such entries."),
        (np.nan, "x must be finite, received nan at index ()."),
    ],
    ids=str,
)
def test_an_array_that_holds_no_finite_numbers_is_refused(values, message):
    with pytest.raises(ValueError) as caught:
        numbers("x", values)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", "float64"])
def test_numbers_keep_their_dtype_and_floats_become_floats(dtype):
    values = np.array([[0, 1]], dtype)
    assert numbers("x", values) is values
    assert floats(values).dtype == (dtype if dtype.startswith("float") else "float64")
    assert floats(values).tolist() == [[0.0, 1.0]]


def test_floats_are_real():
    for values in (["1"], [1j], [None]):
        with pytest.raises(TypeError, match=r"^expected real numbers, received dtype .*\. Try z\.astype\(float\)\.$"):
            floats(values)


def test_a_name_is_chosen_from_a_table():
    table = {"sgd": 1, "adam": 2}
    assert chosen("the name of a rule", "adam", table) == 2
    with pytest.raises(ValueError, match=r"^expected the name of a rule, received 'Adam'\. Did you mean 'adam'\?$"):
        chosen("the name of a rule", "Adam", table)
    for name in (None, 3, ["x"], {}):
        with pytest.raises(ValueError, match=r"^expected the name of a rule, received .*\. Known: sgd, adam\.$"):
            chosen("the name of a rule", name, table)


def test_the_nearest_name_has_about_the_same_letters():
    assert nearest("rellu", ["relu", "tanh"]) == "Did you mean 'relu'?"
    assert nearest("xor", ["AND", "XOR"]) == "Did you mean 'XOR'?"
    assert nearest("?", iter(["AND", "XOR"])) == "Known: AND, XOR."
