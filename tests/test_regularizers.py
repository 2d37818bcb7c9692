import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nncourse import regularizers
from nncourse.gradcheck import check_gradient
from nncourse.regularizers import L1L2, l1, l1_l2, l2

PENALTIES = [l1(), l2(), l1_l2(), l1(0.3), l2(0.2), L1L2(0.1, 0.7), L1L2()]
every_penalty = pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
weights = arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 3)), elements=st.floats(-100, 100))


@every_penalty
@pytest.mark.parametrize("shape", [(5,), (3, 2), (2, 2, 3, 2)])
def test_the_gradient_agrees_with_central_differences(penalty, shape):
    W = np.random.default_rng(0).normal(size=shape)  # no entry near 0, the kink of |w|
    assert np.abs(W).min() > 1e-3
    report = check_gradient(penalty.value_and_gradient, W, tolerance=1e-7)
    assert report.passed and report.error < 1e-7, report


def test_cases_worked_by_hand():
    W = np.array([[1.0, -2.0], [0.0, 3.0]])
    assert l1(0.5)(W) == 3.0 and l2(0.5)(W) == 7.0 and l1_l2(0.5, 0.5)(W) == 10.0
    assert l1(0.5).value_and_gradient(W)[1].tolist() == [[0.5, -0.5], [0.0, 0.5]]
    assert l2(0.5).value_and_gradient(W)[1].tolist() == [[1.0, -2.0], [0.0, 3.0]]  # 2 * l2 * w, no factor of 1/2


@settings(deadline=None, max_examples=50)
@given(W=weights, factor=st.floats(0.0, 10.0))
def test_a_penalty_grows_with_its_price(W, factor):
    for make in (l1, l2):
        assert make(factor)(W) == pytest.approx(factor * make(1.0)(W), rel=1e-12)
    both, one, other = (penalty.value_and_gradient(W) for penalty in (l1_l2(0.3, factor), l1(0.3), l2(factor)))
    assert both[0] == pytest.approx(one[0] + other[0], rel=1e-12)
    np.testing.assert_allclose(both[1], one[1] + other[1], rtol=1e-12, atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(W=weights)
def test_l1_pulls_equally_and_l2_in_proportion(W):
    pull = l1(0.2).value_and_gradient(W)[1]
    assert np.isin(np.abs(pull), [0.0, 0.2]).all() and (pull == 0.2 * np.sign(W)).all()
    once, twice = (l2(0.2).value_and_gradient(weights)[1] for weights in (W, 2 * W))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-15, atol=1e-300)  # the smallest numbers have few digits


@every_penalty
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_gradient_is_an_array_of_its_own_in_the_weights_dtype(penalty, dtype):
    W = np.random.default_rng(1).normal(size=(3, 2)).astype(dtype)
    before = W.copy()
    value, gradient = penalty.value_and_gradient(W)
    assert type(value) is float and (gradient.shape, gradient.dtype) == (W.shape, dtype)
    gradient += 1.0
    np.testing.assert_array_equal(W, before)


def test_plain_lists_of_numbers_are_weights_too():
    assert l2(1.0)([1, 2]) == 5.0 and l1(1.0)([[-1], [2]]) == 3.0
    assert l2(1.0).value_and_gradient([1, 2])[1].tolist() == [2.0, 4.0]


@pytest.mark.parametrize("price", [-0.1, np.nan, np.inf, "0.1", None, True])
@pytest.mark.parametrize("make", [l1, l2, lambda price: l1_l2(l2=price)])
def test_a_price_is_a_number_from_0_on(make, price):
    with pytest.raises(ValueError, match=r"l[12] must be a number from 0 on, received"):
        make(price)


def test_get_takes_names_objects_and_none():
    mine = l2(0.5)
    assert regularizers.get(mine) is mine and regularizers.get(None) is None
    assert repr(regularizers.get("l2")) == "L1L2(l1=0, l2=0.01)"
    assert repr(regularizers.get("l1_l2")) == "L1L2(l1=0.01, l2=0.01)"

    class Log:
        def value_and_gradient(self, W):
            return float(np.log1p(W**2).sum()), 2 * W / (1 + W**2)

    other = Log()
    assert regularizers.get(other) is other


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("L2", "Did you mean 'l2'"),
        ("l1l2", "Did you mean 'l1_l2'"),
        (0.01, r"expected a regularizer such as l2\(0.01\), received 0.01. Known: l1, l2, l1_l2"),
        (l2, r"expected a regularizer such as l2\(0.01\), received <function l2"),
        (L1L2, r"expected a regularizer such as l2\(0.01\), received <class"),
    ],
)
def test_get_says_what_a_regularizer_is(name, hint):
    with pytest.raises(ValueError, match=hint):
        regularizers.get(name)
