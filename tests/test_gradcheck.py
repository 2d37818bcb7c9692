import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse import activations
from nncourse.gradcheck import check_activation, check_gradient


def bowl(w):
    return float(np.sum(w**2)), 2 * w


def test_a_right_gradient_passes():
    report = check_gradient(bowl, at=[[1.0, -2.0], [0.0, 3.0]])
    assert report.passed and report
    assert report.error < 1e-9
    assert repr(report) == "passed: 4 entries agree to 1e-06"


@settings(deadline=None)
@given(st.integers(0, 4), st.sampled_from([1.01, 0.5, -1.0, 0.0]))
def test_one_wrong_entry_is_named(place, factor):
    def wrong(w):
        value, gradient = bowl(w)
        gradient[place] *= factor
        return value, gradient

    at = np.array([0.5, -1.0, 2.0, 10.0, 0.3])
    report = check_gradient(wrong, at=at)
    assert not report.passed and not report
    assert report.worst == (place,)
    assert report.numeric == pytest.approx(2 * at[place], rel=1e-6)
    assert report.analytic == pytest.approx(2 * at[place] * factor)
    assert f"entry ({place},)" in repr(report)


def test_small_gradients_are_held_to_the_same_relative_error():
    assert check_gradient(lambda w: (1e-8 * np.sum(w**2), 2e-8 * w), at=[1.0, 2.0]).passed
    assert not check_gradient(lambda w: (1e-8 * np.sum(w**2), 1e-8 * w), at=[1.0, 2.0]).passed


def test_rounding_noise_of_a_large_value_is_not_called_an_error():
    assert check_gradient(lambda w: (1e6 + float(np.sum(w**2)), 2 * w), at=[0.0, 1.0, 1e-3]).passed


def test_a_flat_function_has_a_gradient_of_zero():
    report = check_gradient(lambda w: (0.0, np.zeros_like(w)), at=[1.0, 2.0])
    assert (report.passed, report.error) == (True, 0.0)


def test_a_point_without_axes_is_a_point():
    report = check_gradient(lambda w: (float(w**3), 2 * w**2), at=2.0)
    assert report.worst == ()
    assert repr(report).startswith(
        "failed: at the only entry the gradient says 8, the slope measured is 12 "
    )


def test_a_gradient_that_is_not_a_number_fails():
    assert not check_gradient(lambda w: (0.0, w * np.nan), at=[1.0]).passed
    assert not check_gradient(lambda w: (np.nan, w), at=[1.0]).passed


def test_the_check_works_in_float64_on_copies():
    at = np.array([1.0, 2.0], "float32")
    reused = np.zeros(2)

    def careless(w):
        assert w.dtype == np.float64
        value = float(np.sum(w**2))
        reused[:] = 2 * w
        w[:] = 0
        return value, reused

    assert check_gradient(careless, at=at).passed
    assert at.tolist() == [1, 2]


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"the point's shape \(2,\), received \(2, 1\)"):
        check_gradient(lambda w: (0.0, w[:, None]), at=[1.0, 2.0])


def test_a_point_without_entries_is_refused():
    with pytest.raises(ValueError, match="the point is empty"):
        check_gradient(bowl, at=[])


class Square(activations.Activation):
    name = "square"

    def __call__(self, z):
        return z**2

    def derivative(self, z):
        return 2 * z


def variant(**methods):
    return type("Variant", (Square,), methods)()


def test_an_activation_of_ones_own_can_be_checked():
    report = check_activation(Square())
    assert report.passed and report.error < 1e-6
    assert repr(report) == "square: passed"


def change(self, z):
    z *= 2
    return z


@pytest.mark.parametrize(
    ("activation", "problem"),
    [
        (variant(derivative=lambda self, z: 3 * z), "derivative failed: at entry"),
        (variant(gradient=lambda self, z, upstream: 2 * z), "gradient failed: at entry"),
        (variant(gradient=lambda self, z, upstream: 2 * z * upstream.mean()), "gradient failed"),
        (
            variant(__call__=lambda self, z: z.sum()),
            "the value of (2, 3) float64 came back as () float64",
        ),
        (
            variant(derivative=lambda self, z: 2.0 * z.astype(float)),
            "derivative of (2, 3) float32 came back",
        ),
        (variant(derivative=change), "derivative changed its argument"),
    ],
)
def test_a_broken_contract_is_put_into_words(activation, problem):
    report = check_activation(activation)
    assert not report.passed and not report
    assert problem in repr(report)
