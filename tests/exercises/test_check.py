"""Laws of the engine: the order of verdicts, the words, and that no function can break a check."""

import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest

from nncourse import exercises
from nncourse.exercises import Check, Exercise, Misconception, attempt, check, judge


def mean_and_scale(x, k):
    """The mean of each column of x, shape (n, d), and k times x."""
    return np.mean(x, axis=0), k * x


def _half(x, k):
    return np.mean(x, axis=0) / 2, k * x


def _raises(x, k):
    return np.mean(x, axis=0) + np.zeros(7), k * x


FIRST_X = np.array([[1.0, 2.0, 3.0], [3.0, 5.0, 8.0]])
TOY = Exercise(
    id="toy",
    chapter="activations",
    title="Toy",
    reference=mean_and_scale,
    returns=("mean", "scaled"),
    difficulty=1,
    checks=(
        Check("first", 1, lambda rng: [(FIRST_X, 2.0), (rng.normal(size=(5, 4)), 3.0)]),
        Check("second", 2, lambda rng: [(rng.normal(size=(4, 2)), 0.5)]),
    ),
    alternatives=(),
    misconceptions=(Misconception(_half, "Half."), Misconception(_raises, "Seven.")),
    hints=("One.", "Two."),
)


def of(function, exercise=TOY):
    cases = exercise.cases()
    return judge(exercise, attempt(function, cases), cases)


def both(x, k):
    return np.mean(x, axis=0), k * x


def without_return(x, k):
    np.mean(x)


def adds_in_place(x, k):
    m, scaled = both(x, k)
    x += 1
    return m, scaled


def forgets_nan(x, k):
    m, scaled = both(x, k)
    return np.where(m > 2.5, np.nan, m), scaled


def fails(x, k):
    rows = x.tolist()
    return rows[99]


WRONG = [
    (lambda x, k: ..., "not done yet", "`mean_and_scale` is waiting for you: replace the `...` by your code."),
    (lambda x, k: (np.mean(x, axis=0), ...), "not done yet", "`mean_and_scale` is waiting for you"),
    (lambda x, k: None, "not done yet", "`mean_and_scale` is waiting for you"),
    (lambda x, k: x + ..., "not done yet", "`mean_and_scale` is waiting for you"),
    (fails, "raised", "`return rows[99]` raised IndexError: list index out of range."),
    (lambda x: x, "raised", "The exercise calls `mean_and_scale(x, k)`; yours does not take that: "),
    (lambda k, x: both(k, x + 1), "raised", "come as (k, x); the exercise passes (x, k), in this order."),
    (without_return, "returned None", "Your function returns None: is there a `return` on every path?"),
    (lambda x, k: (None, k * x), "returned None", "One of the values that you return is None."),
    (lambda x, k: k * x, "wrong type", "Return two values, `mean`, `scaled`; yours is one array of shape (2, 3)."),
    (lambda x, k: (*both(x, k), 1), "wrong type", "Return two values, `mean`, `scaled`; yours returns 3."),
    (lambda x, k: ({}, k * x), "wrong type", "`mean` is an object of type dict, not a number or an array."),
    (
        lambda x, k: (np.mean(x, axis=0) > 0, k * x),
        "wrong type",
        "`mean` holds True and False where numbers are wanted. NumPy cannot subtract booleans; make them 0 and 1.",
    ),
    (lambda x, k: (np.mean(x, axis=0) + 0j, k * x), "wrong type", "should hold numbers, it holds complex numbers."),
    (
        lambda x, k: (np.mean(x, axis=0), k * x.T),
        "wrong shape",
        "`scaled` has shape (3, 2); the answer has shape (2, 3). Transposed?",
    ),
    (lambda x, k: (np.mean(x), k * x), "wrong shape", "`mean` has shape (); the answer has shape (3,)."),
    (adds_in_place, "changed inputs", "Your function changes its argument `x`: work on a copy"),
    (_half, "known misconception", "`mean` is 0.5 times the answer, everywhere."),
    (lambda x, k: (np.mean(x, axis=0), -k * x), "off by", "`scaled` has the wrong sign everywhere"),
    (
        lambda x, k: (np.sum(x, axis=0), k * x),
        "off by",
        "`mean` is 2 times too large with 2 examples: did you average over the batch?",
    ),
    (
        lambda x, k: (np.mean(x, axis=0) / len(x), k * x),
        "off by",
        "`mean` is 2 times too small with 2 examples: did you average twice?",
    ),
    (lambda x, k: (np.mean(x, axis=0) + 0.25, k * x), "off by", "`mean` is too large by 0.25, everywhere."),
    (
        lambda x, k: (np.median(x, axis=0) ** 2, k * x),
        "different",
        "With x = [[1, 2, 3], [3, 5, 8]], k = 2, `mean` should be [2, 3.5, 5.5]; yours is [4, 12.25, 30.25].",
    ),
    (forgets_nan, "different", "k = 2, `mean` should be [2, 3.5, 5.5]; yours is [2, nan, nan]."),
    (lambda x, k: [list(np.mean(x, axis=0)), k * x], "passed", "Everything agrees."),
]


@pytest.mark.parametrize(("function", "verdict", "sentence"), WRONG)
def test_each_mistake_gets_its_verdict_and_its_sentence(function, verdict, sentence):
    report = of(function)
    assert report.verdict == verdict
    assert sentence in report.message
    assert report.passed == (verdict == "passed")


def test_the_verdicts_are_tried_in_the_published_order():
    tested = [verdict for _, verdict, _ in WRONG]
    assert list(dict.fromkeys(tested)) == [v for v in exercises.VERDICTS if v != "warned"]

    def everything_at_once(x, k):
        x += 1
        return np.mean(x, axis=1), k

    assert of(everything_at_once).verdict == "wrong shape"


def test_a_misconception_that_raises_still_brings_its_hint():
    report = of(_raises)
    assert (report.verdict, report.hint) == ("raised", "Seven.")


def test_a_misconception_on_one_check_only_is_recognised_on_that_check():
    def half_of_two_columns(x, k):
        return (_half if x.shape[1] == 2 else both)(x, k)

    report = of(half_of_two_columns)
    assert report.hint == "Half."
    assert [(c.passed, c.points) for c in report.checks] == [(True, 1), (False, 0)]
    assert (report.points, report.max_points) == (1, 3)


def test_a_misconception_is_run_no_further_than_it_agrees():
    calls = []

    def counted(x, k):
        calls.append(x)
        return np.mean(x, axis=0) + 1, k * x

    toy = replace(TOY, misconceptions=(Misconception(counted, "One."), *TOY.misconceptions))
    for _ in range(2):  # and what it did on a case is remembered
        assert of(_half, toy).hint == "Half." and len(calls) == 1
    assert of(lambda x, k: (np.mean(x, axis=0) + 1, k * x), toy).hint == "One." and len(calls) == 3


def test_a_quiet_check_fails_on_warnings_alone():
    report = check("stable-sigmoid", lambda z: np.where(z < -700, 0, 1 / (1 + np.exp(-z))))
    assert "NumPy warns: overflow encountered in exp." in report.checks[1].message
    sigmoid = exercises.get("stable-sigmoid").reference
    warned = check("stable-sigmoid", lambda z: (np.exp(np.float64(999.0 * np.isinf(z).any())), sigmoid(z))[1])
    assert warned.verdict == "warned"
    assert warned.points == 3


def test_number_types_and_lists_are_accepted():
    assert check("step-function", lambda z: np.where(z >= 0, 1.0, 0.0).astype(np.float32)).passed
    assert check("step-function", lambda z: np.where(z >= 0, 1, 0).tolist()).passed


def test_only_the_first_calls_prints_are_shown_and_no_more_than_ten_lines(capsys):
    def chatty(z):
        for line in range(30):
            print("line", line, z)
        return np.where(z >= 0, 1, 0)

    report = check("step-function", chatty)
    assert capsys.readouterr().out == ""
    assert report.printed.splitlines()[-2:] == ["line 9 [-1.5  0.5  2. ]", "..."]
    assert "line 0" in repr(report) and "line 0" in report._repr_html_()


def test_the_callers_cases_are_never_changed():
    cases = TOY.cases()
    attempt(adds_in_place, cases)
    for before, after in zip(TOY.cases(), cases, strict=True):
        for one, other in zip(before, after, strict=True):
            assert np.array_equal(one[0], other[0])


def test_a_call_tells_which_of_its_arguments_it_changed():
    def careless(x, pairs, k, flag):
        x[0] *= 1.0
        pairs[1][0] += 1
        pairs[0].append(k)

    case = (np.array([1.0, np.nan]), [[1.0], np.zeros(2)], 3, True)
    assert exercises.run(careless, case).changed == (False, True, False, False)
    assert exercises.run(lambda x, *rest: x.resize(1, refcheck=False), case).changed == (True, False, False, False)
    assert len(case[1][0]) == 1 and not case[1][1].any() and case[0].shape == (2,)
    column = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert exercises.run(lambda x: float(x.flags.f_contiguous), (column,)).value == 1.0


def test_two_checks_of_one_function_give_equal_reports():
    for function in (lambda z: z, np.sign, lambda z: np.where(z > 0, 1, 0)):
        first, second = check("step-function", function), check("step-function", function)
        assert first == second
        assert first._repr_html_() == second._repr_html_()


class Liar:
    """Breaks whatever is asked of it."""

    def __eq__(self, other):
        raise RuntimeError("eq")

    def __array__(self, *args, **kwargs):
        raise RuntimeError("array")

    def __len__(self):
        raise RuntimeError("len")

    def __bool__(self):
        raise RuntimeError("bool")

    def __repr__(self):
        raise RuntimeError("repr")

    def __getattribute__(self, name):
        raise RuntimeError("attribute")

    __hash__ = None


class LyingList(list):
    def __iter__(self):
        raise RuntimeError("iter")


class LyingArray(np.ndarray):
    def __array_finalize__(self, other):
        if other is not None and getattr(other, "shape", None) == (1,):
            raise RuntimeError("finalize")

    def __eq__(self, other):
        raise RuntimeError("eq")

    __hash__ = None


class LyingError(Exception):
    def __str__(self):
        raise RuntimeError("str")


def _raise(error):
    raise error


def _loop(z):
    nested = []
    nested.append(nested)
    return nested


def _deep(z):
    return _deep(z) + 1


def _exits(z):
    sys.exit("bye")


def _generator(z):
    yield z


@pytest.mark.parametrize(
    "function",
    [
        lambda z: Liar(),
        lambda z: [Liar(), 1],
        lambda z: LyingList([1, 2]),
        lambda z: np.ones(3).view(LyingArray),
        lambda z: [1, [2, 3]],
        lambda z: np.array([Liar(), None], dtype=object),
        lambda z: 10**400,
        lambda z: "seven",
        lambda z: b"seven",
        lambda z: {1, 2},
        lambda z: np.inf * np.ones(3),
        lambda z: np.datetime64("2020-01-01"),
        lambda z: _raise(LyingError()),
        lambda z: _raise(GeneratorExit()),
        lambda z: _raise(MemoryError()),
        _loop,
        _deep,
        _exits,
        _generator,
        lambda: 1,
        lambda z, w: 1,
        lambda *, z: 1,
        int,
        dict,
        type,
        print,
        np.sin,
        Exception,
        Liar,
        None,
        3,
        "step",
        np.ones(3),
    ],
)
def test_no_function_can_break_a_check(function):
    report = check("step-function", function)
    assert not report.passed
    assert report.message.endswith((".", "?"))
    assert report.max_points == 2
    assert isinstance(repr(report), str) and isinstance(report._repr_html_(), str)


def test_an_object_that_breaks_everything_is_no_function():
    assert check("step-function", Liar()).message.endswith("what came is an object of type Liar.")


def test_misuse_is_answered_with_how_to_use_it():
    def step(z): ...

    assert (
        check("step-functoin", step).message
        == "There is no exercise called 'step-functoin'. Did you mean 'step-function'?"
    )
    assert "comes first" in check(step, "step-function").message
    assert "`step` without parentheses" in check("step-function", step(1)).message
    for nonsense in (None, 3, Liar(), [], np.ones(3)):
        assert check(nonsense, step).verdict == "not checked"


def test_only_the_learner_can_interrupt():
    with pytest.raises(KeyboardInterrupt):
        check("step-function", lambda z: _raise(KeyboardInterrupt()))


def test_a_broken_check_is_not_the_learners_fault(monkeypatch):
    monkeypatch.setattr("nncourse.exercises.checking.judge", lambda *a: 1 / 0)
    report = check("step-function", np.sign)
    assert report.verdict == "not checked"
    assert "not your fault" in report.message


def test_a_check_leaves_numpys_and_pythons_settings_alone():
    before = (np.geterr(), sys.stdout, warnings.filters[:])
    check("stable-sigmoid", lambda z: 1 / (1 + np.exp(-z)))
    assert before == (np.geterr(), sys.stdout, warnings.filters[:])
