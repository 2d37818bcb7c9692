import math
import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import nncourse as nn
from nncourse import activations
from nncourse.activations import (
    LeakyRelu,
    elu,
    gelu,
    leaky_relu,
    linear,
    relu,
    sigmoid,
    softmax,
    softplus,
    step,
    tanh,
)

ALL = list(activations.KNOWN.values())
ELEMENTWISE = [activation for activation in ALL if activation is not softmax]
RISING = [activation for activation in ELEMENTWISE if activation is not gelu]  # gelu dips below 0 and comes back
UNBOUNDED = [relu, leaky_relu, elu, softplus, gelu, linear]  # as large as z, so infinite at infinity
every_activation = pytest.mark.parametrize("activation", ALL, ids=repr)
elementwise = pytest.mark.parametrize("activation", ELEMENTWISE, ids=repr)
any_float = st.floats(allow_nan=False, allow_infinity=True)
rows = arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.floats(-30, 30))

ROOT = np.sqrt(2 / np.pi)

# The formulas once more, for complex numbers: an imaginary step of 1e-30 measures a slope to the last digit.
SMOOTH = {
    sigmoid: lambda z: np.where(z.real >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
    tanh: np.tanh,
    elu: lambda z: np.where(z.real > 0, z, np.exp(z) - 1),
    softplus: lambda z: np.where(z.real > 0, z + np.log(1 + np.exp(-z)), np.log(1 + np.exp(z))),
    gelu: lambda z: z * (1 + np.tanh(ROOT * (z + 0.044715 * z**3))) / 2,
    leaky_relu: lambda z: np.where(z.real > 0, z, 0.01 * z),
    linear: lambda z: z,
}


@every_activation
def test_every_activation_keeps_its_contract(activation):
    report = nn.gradcheck.check_activation(activation, tolerance=1e-7)
    assert report.passed, report


@pytest.mark.parametrize("activation", SMOOTH, ids=repr)
def test_a_smooth_derivative_agrees_with_the_complex_step(activation):
    z = np.linspace(-30, 30, 240)  # no 0 among them, where two have a kink
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the branch that np.where does not take
        slope = SMOOTH[activation](z + 1e-30j).imag / 1e-30
    assert np.abs(activation.derivative(z) - slope).max() < 1e-12


def test_the_gradient_of_softmax_agrees_with_the_complex_step():
    z, upstream = np.random.default_rng(2).normal(size=(2, 3, 4))
    slope = np.empty_like(z)
    for place in np.ndindex(z.shape):
        stepped = z.astype(complex)
        stepped[place] += 1e-30j
        e = np.exp(stepped)
        slope[place] = np.sum(upstream * (e / e.sum(axis=-1, keepdims=True)).imag) / 1e-30
    assert np.abs(softmax.gradient(z, upstream) - slope).max() < 1e-12


@elementwise
def test_a_gradient_is_the_upstream_times_the_derivative(activation):
    rng = np.random.default_rng(1)
    z, upstream = rng.normal(size=(2, 5, 3))
    np.testing.assert_array_equal(activation.gradient(z, upstream), upstream * activation.derivative(z))


@settings(deadline=None, max_examples=50)
@given(z=rows, seed=st.integers(0, 99))
@every_activation
def test_what_a_layer_calls_says_what_a_reader_calls(activation, z, seed):
    upstream = np.random.default_rng(seed).normal(size=z.shape)
    overwritten = z.copy()
    a = activation.in_place(overwritten)
    # 1e-14: the sigmoid of a layer is (1 + tanh(z / 2)) / 2, the same curve to some units in the last place
    np.testing.assert_allclose(a, activation(z), rtol=0, atol=1e-14 * max(1, np.abs(z).max()))
    before = upstream.copy()
    gradient = activation.backward(overwritten, a, upstream)
    np.testing.assert_allclose(gradient, activation.gradient(z, upstream), rtol=0, atol=1e-13)
    np.testing.assert_array_equal(upstream, before)


@every_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(3,), (0, 3), (2, 3), (2, 1, 2)])
def test_in_a_layer_shape_and_dtype_are_kept(activation, dtype, shape):
    z = np.random.default_rng(0).normal(size=shape).astype(dtype)
    a = activation.in_place(z.copy())
    gradient = activation.backward(z.copy(), a, np.ones(shape, dtype))
    assert (a.shape, a.dtype, gradient.shape, gradient.dtype) == (shape, dtype, shape, dtype)


VALUES = [(activation, "__call__") for activation in ELEMENTWISE]
SLOPES = [(activation, "derivative") for activation in ELEMENTWISE]


@pytest.mark.parametrize(("activation", "method"), VALUES + SLOPES, ids=str)
class TestEveryMethod:
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 1, 2)])
    def test_keeps_shape_and_dtype(self, activation, method, dtype, shape):
        result = getattr(activation, method)(np.zeros(shape, dtype))
        assert (result.shape, result.dtype) == (shape, dtype)

    @pytest.mark.parametrize("z", [2, 2.0, np.float64(2), np.array(2.0)])
    def test_answers_a_scalar_with_a_numpy_scalar(self, activation, method, z):
        assert type(getattr(activation, method)(z)) is np.float64

    @pytest.mark.parametrize("z", [[1, 0, -1], np.array([1, 0, -1], "int8"), np.array([True, False])])
    def test_makes_whole_numbers_float64(self, activation, method, z):
        assert getattr(activation, method)(z).dtype == np.float64

    def test_returns_an_array_of_its_own(self, activation, method):
        z = np.array([-1.0, 0.0, 1.0])
        result = getattr(activation, method)(z)
        result += 1
        assert z.tolist() == [-1.0, 0.0, 1.0]

    @settings(deadline=None)
    @given(z=any_float, dtype=st.sampled_from([np.float32, np.float64]))
    @example(z=np.inf, dtype=np.float64)
    @example(z=-np.inf, dtype=np.float64)
    @example(z=np.finfo(np.float64).max, dtype=np.float64)
    @example(z=-np.finfo(np.float64).max, dtype=np.float64)
    @example(z=float(np.finfo(np.float32).max), dtype=np.float32)
    @example(z=-float(np.finfo(np.float32).max), dtype=np.float32)
    def test_answers_every_number_in_silence(self, activation, method, z, dtype):
        with np.errstate(over="ignore"):
            z = dtype(z)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = getattr(activation, method)(z)
        assert not np.isnan(result)
        assert np.isfinite(result) or (method == "__call__" and activation in UNBOUNDED and np.isinf(z))

    @pytest.mark.parametrize("z", ["1", [1j], [None], [object()]])
    def test_refuses_what_is_not_a_real_number(self, activation, method, z):
        with pytest.raises(TypeError, match="expected real numbers, received dtype"):
            getattr(activation, method)(z)


@pytest.mark.parametrize(
    ("activation", "left", "right"),
    [
        (step, 0, 1),
        (sigmoid, 0, 1),
        (tanh, -1, 1),
        (relu, 0, np.inf),
        (leaky_relu, -np.inf, np.inf),
        (elu, -1, np.inf),
        (softplus, 0, np.inf),
        (gelu, 0, np.inf),
        (linear, -np.inf, np.inf),
    ],
    ids=repr,
)
def test_far_out_every_activation_has_its_limit(activation, left, right):
    assert activation([-np.inf, np.inf]).tolist() == [left, right]


class TestSoftmax:
    @settings(deadline=None)
    @given(z=rows)
    def test_gives_shares_of_one(self, z):
        shares = softmax(z)
        assert (shares >= 0).all() and (shares <= 1).all()
        np.testing.assert_allclose(shares.sum(axis=-1), 1, rtol=1e-15 * z.shape[-1])

    @settings(deadline=None)
    @given(z=rows, shift=st.floats(-1e4, 1e4))
    def test_shifted_scores_have_the_same_shares(self, z, shift):
        # adding 1e4 costs a score about 1e-12 of its digits, and a share is off by that factor
        np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=5e-12)

    @settings(deadline=None)
    @given(z=rows, upstream=st.floats(-1e3, 1e3))
    def test_the_same_wish_for_all_shares_moves_no_score(self, z, upstream):
        np.testing.assert_allclose(softmax.gradient(z, np.full(z.shape, upstream)), 0, atol=1e-12)

    @settings(deadline=None)
    @given(z=st.lists(any_float, min_size=1, max_size=5), dtype=st.sampled_from([np.float32, np.float64]))
    @example(z=[np.inf, 0.0, -np.inf], dtype=np.float64)
    @example(z=[-np.inf, -np.inf], dtype=np.float64)
    @example(z=[1e4, -1e4, 0.0], dtype=np.float32)
    @example(z=[np.finfo(np.float64).max, -np.finfo(np.float64).max], dtype=np.float64)
    def test_answers_all_numbers_in_silence(self, z, dtype):
        with np.errstate(over="ignore"):
            z = np.array(z, np.float64).astype(dtype)
        before = z.copy()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            shares = softmax(z)
        assert shares.sum() == pytest.approx(1, abs=1e-6) and np.isfinite(shares).all()
        assert shares.dtype == dtype and np.array_equal(z, before)
        assert shares[z.argmax()] == shares.max()

    def test_case_worked_by_hand(self):
        np.testing.assert_allclose(softmax(np.log([[1, 3], [2, 2]])), [[0.25, 0.75], [0.5, 0.5]], rtol=1e-15)
        assert softmax([7]).tolist() == [1.0]

    def test_of_two_scores_is_the_sigmoid_of_their_difference(self):
        z = np.linspace(-40, 40, 81)
        pairs = np.stack([z, np.zeros_like(z)], axis=-1)
        np.testing.assert_allclose(softmax(pairs)[:, 0], sigmoid(z), rtol=1e-14)

    def test_nan_spoils_its_row_alone(self):
        assert np.isnan(softmax([[np.nan, 1.0], [2.0, 3.0]])).tolist() == [[True, True], [False, False]]

    @pytest.mark.parametrize(
        ("z", "message"), [(2.0, r"a single number\. Try \[z\]"), ([], r"an empty one, of shape \(0,\)")]
    )
    def test_needs_a_row(self, z, message):
        with pytest.raises(ValueError, match=f"softmax needs a row of scores, received {message}"):
            softmax(z)

    def test_has_no_elementwise_derivative_and_says_what_to_use(self):
        with pytest.raises(TypeError, match=r"Use softmax\.gradient\(z, upstream\)"):
            softmax.derivative([1.0, 2.0])


@elementwise
def test_nan_passes_through(activation):
    assert np.isnan(activation(np.array([np.nan, 1.0]))).tolist() == [True, False]


def test_values_worked_by_hand():
    z = [-2.0, -0.0, 0.0, 3.0]
    assert step(z).tolist() == [0, 1, 1, 1]
    assert relu(z).tolist() == [0, 0, 0, 3]
    assert linear(z).tolist() == z
    assert leaky_relu(z).tolist() == [-0.02, 0, 0, 3]
    assert elu([np.log(0.25), 2.0]) == pytest.approx([-0.75, 2], abs=1e-15)
    assert softplus([np.log(3), 0.0]) == pytest.approx(np.log([4, 2]), abs=1e-15)
    assert gelu([0.0, 1.0]) == pytest.approx([0, 0.8412], abs=5e-5)  # in the paper's tanh form
    assert sigmoid(np.log([1 / 3, 1, 3])) == pytest.approx([0.25, 0.5, 0.75], abs=1e-15)
    assert tanh(np.log(2)) == pytest.approx(3 / 5, abs=1e-15)


def test_slopes_worked_by_hand():
    z = [-2.0, 0.0, 3.0]
    assert step.derivative(z).tolist() == [0, 0, 0]
    assert relu.derivative(z).tolist() == [0, 0, 1]
    assert linear.derivative(z).tolist() == [1, 1, 1]
    assert leaky_relu.derivative(z).tolist() == [0.01, 0.01, 1]
    assert elu.derivative([np.log(0.25), 0.0, 2.0]) == pytest.approx([0.25, 1, 1], abs=1e-15)
    assert softplus.derivative(np.log(3)) == pytest.approx(0.75, abs=1e-15)
    assert gelu.derivative(0.0) == 0.5
    assert sigmoid.derivative(np.log(3)) == pytest.approx(3 / 16, abs=1e-15)
    assert tanh.derivative(np.log(2)) == pytest.approx(16 / 25, abs=1e-15)


def test_the_slope_of_the_sigmoid_is_at_most_a_quarter():
    slopes = sigmoid.derivative(np.linspace(-50, 50, 1001))
    assert slopes.max() == 0.25 == slopes[500]


@settings(deadline=None)
@given(z=st.floats(-700, 700))
def test_a_sure_sigmoid_still_has_its_small_slope(z):
    assert sigmoid.derivative(z) == pytest.approx(np.exp(-abs(z)), rel=1e-12) or abs(z) < 30
    assert sigmoid.derivative(z) == sigmoid.derivative(-z) > 0


@settings(deadline=None)
@given(z=any_float)
def test_the_sigmoid_of_minus_z_is_the_rest_to_one(z):
    assert sigmoid(z) + sigmoid(-z) == pytest.approx(1, abs=1e-15)


@settings(deadline=None)
@given(z=st.floats(-300, 300))
def test_tanh_is_a_stretched_sigmoid(z):
    assert tanh(z) == pytest.approx(2 * sigmoid(2 * z) - 1, abs=1e-15)


@settings(deadline=None)
@given(z=st.lists(any_float, min_size=2, max_size=2))
@pytest.mark.parametrize("activation", RISING, ids=repr)
def test_a_larger_input_never_gives_a_smaller_output(activation, z):
    low, high = sorted(z)
    assert activation(low) <= activation(high)


def test_gelu_dips_once_below_zero():
    z = np.linspace(-10, 10, 2001)
    slopes = gelu.derivative(z)
    assert np.count_nonzero(np.diff(np.sign(slopes[(z > -6) & (z < 6)]))) == 1  # further out they round to 0
    assert gelu(z).min() == pytest.approx(-0.17, abs=5e-4)


def test_gelu_is_close_to_the_gaussian_form():
    z = np.linspace(-8, 8, 3201)
    exact = z * (1 + np.vectorize(math.erf)(z / np.sqrt(2))) / 2
    assert 4e-4 < np.abs(gelu(z) - exact).max() < 5e-4


@settings(deadline=None)
@given(z=st.floats(-700, 700))
def test_softplus_is_relu_with_a_rounded_corner(z):
    assert relu(z) <= softplus(z) <= relu(z) + np.log(2)
    assert softplus(z) - softplus(-z) == pytest.approx(z, abs=1e-12)


def test_a_leaky_relu_of_ones_own_slope():
    steep = LeakyRelu(slope=0.2)
    assert steep([-5.0, 5.0]).tolist() == [-1.0, 5.0]
    assert (repr(steep), repr(LeakyRelu())) == ("LeakyRelu(slope=0.2)", "leaky_relu")
    assert activations.get(steep) is steep
    report = nn.gradcheck.check_activation(steep, tolerance=1e-7)
    assert report.passed, report


@pytest.mark.parametrize("slope", [-0.1, np.nan, "steep", None])
def test_a_slope_that_is_none_is_refused(slope):
    with pytest.raises(ValueError, match="slope must be a number from 0 on, received"):
        LeakyRelu(slope)


@every_activation
def test_get_finds_every_activation_by_its_name(activation):
    assert activations.get(activation.name) is activation
    assert activations.get(activation) is activation
    assert repr(activation) == activation.name


def test_get_makes_one_of_a_class():
    assert activations.get(LeakyRelu).slope == 0.01


def test_get_reads_none_as_linear():
    assert activations.get(None) is linear


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sigmod", "Did you mean 'sigmoid'"),
        ("ReLU", "Did you mean 'relu'"),
        ("", "Known: step"),
        (3, "Known"),
        (["relu"], "Did you mean 'relu'"),
        (np.tanh, "expected the name of an activation, received <ufunc 'tanh'>"),
    ],
)
def test_get_names_the_nearest_activation(name, hint):
    with pytest.raises(ValueError, match=hint):
        activations.get(name)


def test_an_unfinished_activation_says_what_it_lacks():
    class Unfinished(activations.Activation):
        name = "unfinished"

    with pytest.raises(NotImplementedError, match=r"Unfinished defines no __call__\(z\)"):
        Unfinished()(1.0)
    with pytest.raises(NotImplementedError, match=r"Unfinished defines no derivative\(z\)"):
        Unfinished().gradient(1.0, 1.0)
