import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nncourse as nn
from nncourse import activations
from nncourse.activations import linear, relu, sigmoid, step, tanh

ALL = list(activations.KNOWN.values())
every_activation = pytest.mark.parametrize("activation", ALL, ids=repr)
any_float = st.floats(allow_nan=False, allow_infinity=True)

# The formulas once more, for complex numbers: an imaginary step of 1e-30 measures a slope to the last digit.
SMOOTH = {
    sigmoid: lambda z: np.where(z.real >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
    tanh: np.tanh,
    linear: lambda z: z,
}


@every_activation
def test_every_activation_keeps_its_contract(activation):
    report = nn.gradcheck.check_activation(activation)
    assert report.passed, report


@pytest.mark.parametrize("activation", SMOOTH, ids=repr)
def test_a_smooth_derivative_agrees_with_the_complex_step(activation):
    z = np.linspace(-30, 30, 241)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the branch that np.where does not take
        slope = SMOOTH[activation](z + 1e-30j).imag / 1e-30
    assert np.abs(activation.derivative(z) - slope).max() < 1e-12


@every_activation
def test_a_gradient_is_the_upstream_times_the_derivative(activation):
    rng = np.random.default_rng(1)
    z, upstream = rng.normal(size=(2, 5, 3))
    np.testing.assert_array_equal(
        activation.gradient(z, upstream), upstream * activation.derivative(z)
    )


@every_activation
@pytest.mark.parametrize("method", ["__call__", "derivative"])
class TestEveryMethod:
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 1, 2)])
    def test_keeps_shape_and_dtype(self, activation, method, dtype, shape):
        result = getattr(activation, method)(np.zeros(shape, dtype))
        assert (result.shape, result.dtype) == (shape, dtype)

    @pytest.mark.parametrize("z", [2, 2.0, np.float64(2), np.array(2.0)])
    def test_answers_a_scalar_with_a_numpy_scalar(self, activation, method, z):
        assert type(getattr(activation, method)(z)) is np.float64

    @pytest.mark.parametrize(
        "z", [[1, 0, -1], np.array([1, 0, -1], "int8"), np.array([True, False])]
    )
    def test_makes_whole_numbers_float64(self, activation, method, z):
        assert getattr(activation, method)(z).dtype == np.float64

    def test_returns_an_array_of_its_own(self, activation, method):
        z = np.array([-1.0, 0.0, 1.0])
        result = getattr(activation, method)(z)
        result += 1
        assert z.tolist() == [-1.0, 0.0, 1.0]

    @settings(deadline=None)
    @given(z=any_float)
    def test_is_finite_and_silent_for_every_number(self, activation, method, z):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = getattr(activation, method)(z)
        assert not np.isnan(result)
        assert np.isfinite(result) or activation in (relu, linear)

    @pytest.mark.parametrize("z", ["1", [1j], [None], [object()]])
    def test_refuses_what_is_not_a_real_number(self, activation, method, z):
        with pytest.raises(TypeError, match="expected real numbers, received dtype"):
            getattr(activation, method)(z)


@every_activation
def test_nan_passes_through(activation):
    assert np.isnan(activation(np.array([np.nan, 1.0]))).tolist() == [True, False]


def test_values_worked_by_hand():
    z = [-2.0, -0.0, 0.0, 3.0]
    assert step(z).tolist() == [0, 1, 1, 1]
    assert relu(z).tolist() == [0, 0, 0, 3]
    assert linear(z).tolist() == z
    assert sigmoid(np.log([1 / 3, 1, 3])) == pytest.approx([0.25, 0.5, 0.75], abs=1e-15)
    assert tanh(np.log(2)) == pytest.approx(3 / 5, abs=1e-15)


def test_slopes_worked_by_hand():
    z = [-2.0, 0.0, 3.0]
    assert step.derivative(z).tolist() == [0, 0, 0]
    assert relu.derivative(z).tolist() == [0, 0, 1]
    assert linear.derivative(z).tolist() == [1, 1, 1]
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
@every_activation
def test_a_larger_input_never_gives_a_smaller_output(activation, z):
    low, high = sorted(z)
    assert activation(low) <= activation(high)


@every_activation
def test_get_finds_every_activation_by_its_name(activation):
    assert activations.get(activation.name) is activation
    assert activations.get(activation) is activation
    assert repr(activation) == activation.name


def test_get_reads_none_as_linear():
    assert activations.get(None) is linear


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sigmod", "Did you mean 'sigmoid'"),
        ("ReLU", "Did you mean 'relu'"),
        ("", "Known: step"),
        (3, "Known"),
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
