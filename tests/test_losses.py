import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.activations import sigmoid
from nncourse.gradcheck import check_gradient
from nncourse.losses import BinaryCrossentropy

PROBABILITIES, LOGITS = BinaryCrossentropy(), BinaryCrossentropy(from_logits=True)
both_forms = pytest.mark.parametrize("loss", [PROBABILITIES, LOGITS], ids=repr)


@both_forms
def test_the_gradient_agrees_with_central_differences(loss):
    rng = np.random.default_rng(0)
    targets, predictions = rng.uniform(size=(2, 4, 3))
    report = check_gradient(
        lambda p: loss.value_and_gradient(targets, p), at=0.1 + 0.8 * predictions
    )
    assert report.passed, report


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_the_gradient_agrees_with_the_complex_step(y):
    z = np.linspace(-30, 30, 121)
    log_one_plus_exp = np.log(
        1 + np.exp(-np.abs(z) + np.where(z > 0, -1, 1) * 1e-30j)
    ) + np.maximum(z, 0)
    slope = log_one_plus_exp.imag / 1e-30 + (z > 0) - y
    _, gradient = LOGITS.value_and_gradient(np.full_like(z, y), z)
    assert np.abs(gradient * len(z) - slope).max() < 1e-12


def test_cases_worked_by_hand():
    assert PROBABILITIES([1, 0], [0.5, 0.75]) == pytest.approx(
        (np.log(2) + np.log(4)) / 2, abs=1e-15
    )
    assert LOGITS([1, 0], [0.0, np.log(3)]) == pytest.approx((np.log(2) + np.log(4)) / 2, abs=1e-15)
    _, gradient = PROBABILITIES.value_and_gradient([1, 0], [0.5, 0.75])
    np.testing.assert_allclose(
        gradient, [-1, 2], rtol=1e-14
    )  # (p - y) / (p (1 - p)), halved by the mean
    _, gradient = LOGITS.value_and_gradient([1, 0], [0.0, np.log(3)])
    np.testing.assert_allclose(gradient, [-0.25, 0.375], rtol=1e-14)  # (sigmoid(z) - y) / 2


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(-15, 15)), min_size=1, max_size=8))
def test_probabilities_and_logits_tell_the_same_loss(pairs):
    y, z = np.array(pairs, dtype=float).T
    assert PROBABILITIES(y, sigmoid(z)) == pytest.approx(LOGITS(y, z), rel=1e-8)


@settings(deadline=None)
@given(st.floats(-1e4, 1e4), st.sampled_from([0.0, 1.0]))
def test_the_loss_of_a_logit_is_exact_at_any_size(z, y):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, gradient = LOGITS.value_and_gradient([y], [z])
    margin = z if y == 1 else -z  # the loss is log(1 + e^-margin)
    exact = -margin if margin < -40 else np.log1p(np.exp(-margin))
    assert value == pytest.approx(exact, rel=1e-13, abs=0)
    assert gradient[0] == sigmoid(z) - y


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_ends_cost_a_finite_price_and_point_the_right_way(dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for y, p, sign in [(1, 0, -1), (0, 1, 1), (1, 1, -1), (0, 0, 1)]:
            value, gradient = PROBABILITIES.value_and_gradient([y], np.array([p], dtype))
            assert value == pytest.approx(
                16.118 if y != p else 0, abs=0.2 if dtype == "float32" else 1e-3
            )
            assert np.isfinite(gradient[0]) and np.sign(gradient[0]) == sign


@both_forms
def test_the_loss_averages_so_doubled_data_change_nothing(loss):
    y, p = np.array([0.0, 1.0, 1.0]), np.array([0.2, 0.9, 0.4])
    assert loss(np.tile(y, 2), np.tile(p, 2)) == pytest.approx(loss(y, p), rel=1e-14)
    _, once = loss.value_and_gradient(y, p)
    _, twice = loss.value_and_gradient(np.tile(y, 2), np.tile(p, 2))
    np.testing.assert_allclose(twice[:3], once / 2, rtol=1e-14)


@both_forms
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value_is_a_float_and_gradient_takes_after_the_predictions(loss, dtype):
    value, gradient = loss.value_and_gradient(np.ones((3, 2)), np.full((3, 2), 0.5, dtype))
    assert type(value) is float
    assert type(loss(np.ones((3, 2)), np.full((3, 2), 0.5, dtype))) is float
    assert (gradient.shape, gradient.dtype) == ((3, 2), dtype)


@both_forms
def test_arguments_stay_as_they_were(loss):
    y, p = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    loss.value_and_gradient(y, p)
    assert (y.tolist(), p.tolist()) == ([0, 1], [0, 1])


@both_forms
@pytest.mark.parametrize(
    ("y_true", "y_pred", "message"),
    [
        (
            np.zeros(32),
            np.zeros((32, 1)),
            r"targets have shape \(32,\), predictions \(32, 1\): "
            r"subtracting would broadcast to \(32, 32\). Use y\[:, None\].",
        ),
        (np.zeros((4, 1)), np.zeros(4), r"would broadcast to \(4, 4\). Use y\[:, 0\]."),
        (
            np.zeros((4, 1)),
            np.zeros((4, 3)),
            r"would broadcast to \(4, 3\). Give both the same shape.",
        ),
        (
            np.zeros(4),
            np.zeros(5),
            r"\(4,\), predictions \(5,\): expected one target for every prediction",
        ),
        ([], [], "must not be empty"),
        ([-1.0, 1.0], [0.5, 0.5], r"targets must lie between 0 and 1.*-1 to 1.*\(y \+ 1\) / 2"),
        ([0.0, 2.0], [0.5, 0.5], "targets must lie between 0 and 1"),
        ([np.nan, 1.0], [0.5, 0.5], "targets must lie between 0 and 1"),
        ([0.0, 1.0], [np.nan, 0.5], "predictions must be finite, received 1 of 2"),
        ([0.0, 1.0], [np.inf, 0.5], "predictions must be finite"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_way_out(loss, y_true, y_pred, message):
    with pytest.raises(ValueError, match=message):
        loss(y_true, y_pred)


def test_logits_passed_as_probabilities_are_noticed():
    with pytest.raises(
        ValueError, match=r"from -2 to 3\. If these are logits, use .*from_logits=True"
    ):
        PROBABILITIES([0, 1], [-2.0, 3.0])


def test_repr_shows_the_setting():
    assert repr(LOGITS) == "BinaryCrossentropy(from_logits=True)"
