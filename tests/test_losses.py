import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse import losses
from nncourse.activations import sigmoid, softmax
from nncourse.gradcheck import check_gradient, check_loss
from nncourse.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Huber,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)

PROBABILITIES, LOGITS = BinaryCrossentropy(), BinaryCrossentropy(from_logits=True)
CATEGORICAL = [CategoricalCrossentropy(), CategoricalCrossentropy(from_logits=True)]
SPARSE = [SparseCategoricalCrossentropy(), SparseCategoricalCrossentropy(from_logits=True)]
DISTANCES = [MeanSquaredError(), MeanAbsoluteError(), Huber(), Huber(delta=0.3)]

every_loss = pytest.mark.parametrize("loss", [*DISTANCES, PROBABILITIES, LOGITS, *CATEGORICAL, *SPARSE], ids=repr)
both_forms = pytest.mark.parametrize("loss", [PROBABILITIES, LOGITS], ids=repr)
both_categorical = pytest.mark.parametrize("loss", CATEGORICAL, ids=repr)
both_sparse = pytest.mark.parametrize("loss", SPARSE, ids=repr)
one_target_a_prediction = pytest.mark.parametrize("loss", [*DISTANCES, PROBABILITIES, LOGITS], ids=repr)


def example(loss, n=5, dtype="float64", seed=0):
    """Targets and predictions (n, 3) that suit the loss, away from kinks."""
    rng = np.random.default_rng(seed)
    labels, scores = rng.integers(3, size=n), rng.normal(size=(n, 3)).astype(dtype)
    predictions = scores if getattr(loss, "from_logits", False) or loss in DISTANCES else softmax(scores)
    return labels if loss in SPARSE else np.eye(3)[labels], predictions


@every_loss
@pytest.mark.parametrize("seed", range(3))
def test_every_loss_keeps_its_contract(loss, seed):
    report = check_loss(loss, *example(loss, seed=seed), tolerance=1e-7)
    assert report.passed and report.error < 1e-7, report


@both_forms
def test_the_gradient_agrees_with_central_differences_for_any_targets_and_shape(loss):
    targets, predictions = np.random.default_rng(0).uniform(size=(2, 4, 3))
    report = check_loss(loss, targets, 0.1 + 0.8 * predictions, tolerance=1e-7)
    assert report.passed, report


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_the_gradient_agrees_with_the_complex_step(y):
    z = np.linspace(-30, 30, 121)
    log_one_plus_exp = np.log(1 + np.exp(-np.abs(z) + np.where(z > 0, -1, 1) * 1e-30j)) + np.maximum(z, 0)
    slope = log_one_plus_exp.imag / 1e-30 + (z > 0) - y
    _, gradient = LOGITS.value_and_gradient(np.full_like(z, y), z)
    assert np.abs(gradient * len(z) - slope).max() < 1e-12


def stepped(formula, p):
    """The gradient of a formula for complex numbers, by an imaginary step of 1e-30 in each entry."""
    slope = np.empty(p.shape)
    for place in np.ndindex(p.shape):
        q = p.astype(complex)
        q[place] += 1e-30j
        slope[place] = formula(q).imag / 1e-30
    return slope


@pytest.mark.parametrize(
    ("loss", "formula"),
    [
        (MeanSquaredError(), lambda y, p: np.mean((p - y) ** 2)),
        (PROBABILITIES, lambda y, p: -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))),
        (CATEGORICAL[0], lambda y, p: -np.sum(y * np.log(p)) / len(p)),
        (CATEGORICAL[1], lambda y, z: -np.sum(y * (z - np.log(np.exp(z).sum(axis=1, keepdims=True)))) / len(z)),
        (SPARSE[0], lambda y, p: -np.mean(np.log(p[np.arange(len(p)), y]))),
        (SPARSE[1], lambda y, z: np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), y])),
    ],
    ids=lambda one: repr(one) if isinstance(one, Loss) else "its formula",
)
def test_gradients_agree_with_the_complex_step_of_the_formula(loss, formula):
    y, p = example(loss)
    _, gradient = loss.value_and_gradient(y, p)
    slope = stepped(lambda p: formula(y, p), p)
    assert np.abs(gradient - slope).max() < 1e-12 * max(1, np.abs(slope).max())


def test_cases_worked_by_hand():
    assert PROBABILITIES([1, 0], [0.5, 0.75]) == pytest.approx((np.log(2) + np.log(4)) / 2, abs=1e-15)
    assert LOGITS([1, 0], [0.0, np.log(3)]) == pytest.approx((np.log(2) + np.log(4)) / 2, abs=1e-15)
    _, gradient = PROBABILITIES.value_and_gradient([1, 0], [0.5, 0.75])
    np.testing.assert_allclose(gradient, [-1, 2], rtol=1e-14)  # (p - y) / (p (1 - p)), halved by the mean
    _, gradient = LOGITS.value_and_gradient([1, 0], [0.0, np.log(3)])
    np.testing.assert_allclose(gradient, [-0.25, 0.375], rtol=1e-14)  # (sigmoid(z) - y) / 2


def test_distances_worked_by_hand():
    y, p = [0.0, 0.0, 0.0, 0.0], [1.0, -3.0, 0.5, 0.0]
    value, gradient = MeanSquaredError().value_and_gradient(y, p)
    assert (value, gradient.tolist()) == (10.25 / 4, [0.5, -1.5, 0.25, 0.0])
    value, gradient = MeanAbsoluteError().value_and_gradient(y, p)
    assert (value, gradient.tolist()) == (4.5 / 4, [0.25, -0.25, 0.25, 0.0])
    value, gradient = Huber().value_and_gradient(y, p)  # 1/2, 3 - 1/2, 1/8 and 0
    assert (value, gradient.tolist()) == (3.125 / 4, [0.25, -0.25, 0.125, 0.0])


def test_categorical_cases_worked_by_hand():
    shares, labels = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]), [1, 2]
    price = (np.log(4) + np.log(1.25)) / 2
    slope = [[0, -2, 0], [0, 0, -0.625]]  # -1 / p at the true class, halved by the mean
    for loss, y in ((SPARSE[0], labels), (CATEGORICAL[0], np.eye(3)[labels])):
        value, gradient = loss.value_and_gradient(y, shares)
        assert value == pytest.approx(price, abs=1e-15)
        np.testing.assert_allclose(gradient, slope, atol=1e-15)
    for loss, y in ((SPARSE[1], labels), (CATEGORICAL[1], np.eye(3)[labels])):
        value, gradient = loss.value_and_gradient(y, np.log(shares) + np.array([[5.0], [-5.0]]))
        assert value == pytest.approx(price, abs=1e-14)
        np.testing.assert_allclose(gradient, (shares - np.eye(3)[labels]) / 2, atol=1e-15)


@pytest.fixture
def metrics():
    return pytest.importorskip("sklearn.metrics", reason='pip install "nncourse[data]" brings scikit-learn')


class TestAgainstScikitLearn:
    def test_distances(self, metrics):
        y, p = np.random.default_rng(3).normal(size=(2, 20, 3))
        assert MeanSquaredError()(y, p) == pytest.approx(metrics.mean_squared_error(y, p), rel=1e-13)
        assert MeanAbsoluteError()(y, p) == pytest.approx(metrics.mean_absolute_error(y, p), rel=1e-13)

    def test_cross_entropies(self, metrics):
        rng = np.random.default_rng(4)
        y, p = rng.integers(2, size=30), rng.uniform(0.01, 0.99, 30)
        assert PROBABILITIES(y, p) == pytest.approx(metrics.log_loss(y, p), rel=1e-13)
        labels, scores = rng.integers(3, size=30), 3 * rng.normal(size=(30, 3))
        price = metrics.log_loss(labels, softmax(scores), labels=[0, 1, 2])
        for loss, z in zip(SPARSE, (softmax(scores), scores), strict=True):
            assert loss(labels, z) == pytest.approx(price, rel=1e-13)
        for loss, z in zip(CATEGORICAL, (softmax(scores), scores), strict=True):
            assert loss(np.eye(3)[labels], z) == pytest.approx(price, rel=1e-13)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(-15, 15)), min_size=1, max_size=8))
def test_probabilities_and_logits_tell_the_same_loss(pairs):
    y, z = np.array(pairs, dtype=float).T
    assert PROBABILITIES(y, sigmoid(z)) == pytest.approx(LOGITS(y, z), rel=1e-8)


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(2, 5), st.integers(0, 999))
def test_all_ways_to_say_the_classes_tell_the_same_loss(n, classes, seed):
    rng = np.random.default_rng(seed)
    labels, z = rng.integers(classes, size=n), 2 * rng.normal(size=(n, classes))
    one_hot, p = np.eye(classes)[labels], softmax(z)
    prices = [SPARSE[0](labels, p), SPARSE[1](labels, z), CATEGORICAL[0](one_hot, p), CATEGORICAL[1](one_hot, z)]
    np.testing.assert_allclose(prices, prices[0], rtol=1e-12)


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


@settings(deadline=None)
@given(st.floats(-1e4, 1e4), st.integers(0, 1), st.floats(-1e4, 1e4))
def test_two_scores_cost_what_their_difference_costs_as_a_logit(z, label, shift):
    scores = [[shift, shift + z]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, gradient = SPARSE[1].value_and_gradient([label], scores)
        other, _ = CATEGORICAL[1].value_and_gradient(np.eye(2)[[label]], scores)
    z = scores[0][1] - scores[0][0]  # what is left of z after rounding
    # 1e-15: a sum of shares is 1 plus what rounding leaves of the others
    assert value == pytest.approx(LOGITS([label], [z]), rel=1e-13, abs=1e-15)
    assert other == value
    assert gradient[0] == pytest.approx([label - sigmoid(z), sigmoid(z) - label], abs=1e-15)


@settings(deadline=None)
@given(st.lists(st.floats(-1e4, 1e4), min_size=3, max_size=3), st.floats(-1e4, 1e4))
def test_shifted_scores_cost_the_same(scores, shift):
    shifted = [score + shift for score in scores]
    # adding 1e4 to a score costs about 1e-12 of its digits
    assert SPARSE[1]([0], [shifted]) == pytest.approx(SPARSE[1]([0], [scores]), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_ends_cost_a_finite_price_and_point_the_right_way(dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for y, p, sign in [(1, 0, -1), (0, 1, 1), (1, 1, -1), (0, 0, 1)]:
            value, gradient = PROBABILITIES.value_and_gradient([y], np.array([p], dtype))
            assert value == pytest.approx(16.118 if y != p else 0, abs=0.2 if dtype == "float32" else 1e-3)
            assert np.isfinite(gradient[0]) and np.sign(gradient[0]) == sign


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_share_of_0_or_1_costs_a_finite_price_too(dtype):
    p = np.array([[1, 0], [0, 1]], dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for loss, right, wrong in [(SPARSE[0], [0, 1], [1, 0]), (CATEGORICAL[0], np.eye(2), 1 - np.eye(2))]:
            value, gradient = loss.value_and_gradient(right, p)
            assert value == pytest.approx(0, abs=2e-7) and np.isfinite(gradient).all()
            value, gradient = loss.value_and_gradient(wrong, p)
            assert value == pytest.approx(16.118, abs=1e-3)
            assert np.isfinite(gradient).all() and (gradient[p == 0] < 0).all()


@every_loss
def test_a_perfect_prediction_costs_next_to_nothing(loss):
    y, _ = example(loss)
    perfect = np.eye(3)[y] if loss in SPARSE else y
    perfect = 50 * perfect - 25 if getattr(loss, "from_logits", False) else perfect
    assert 0 <= loss(y, perfect) < 2e-7  # probabilities are moved by 1e-7


# Differences whose squares keep all their digits.
differences = st.floats(-1e3, 1e3).filter(lambda d: d == 0 or abs(d) > 1e-150)


@settings(deadline=None)
@given(st.lists(differences, min_size=1, max_size=6), st.floats(1e-3, 1e4))
def test_huber_lies_below_the_square_and_below_the_straight_line(differences, delta):
    zero, huber = np.zeros(len(differences)), Huber(delta)
    value, gradient = huber.value_and_gradient(zero, differences)
    assert value <= MeanSquaredError()(zero, differences) / 2 * (1 + 1e-12)
    assert value <= delta * MeanAbsoluteError()(zero, differences) * (1 + 1e-12)
    assert (np.abs(gradient) <= delta / len(differences) * (1 + 1e-12)).all()


@every_loss
def test_the_loss_averages_so_doubled_data_change_nothing(loss):
    y, p = example(loss)
    once, gradient = loss.value_and_gradient(y, p)
    twice, gradients = loss.value_and_gradient(np.concatenate([y, y]), np.concatenate([p, p]))
    assert twice == pytest.approx(once, rel=1e-14)
    np.testing.assert_allclose(gradients[: len(p)], gradient / 2, rtol=1e-14)


@every_loss
def test_the_order_of_the_examples_does_not_matter(loss):
    (y, p), order = example(loss), np.random.default_rng(1).permutation(5)
    assert loss(y[order], p[order]) == pytest.approx(loss(y, p), rel=1e-14)
    np.testing.assert_array_equal(
        loss.value_and_gradient(y[order], p[order])[1], loss.value_and_gradient(y, p)[1][order]
    )


@every_loss
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value_is_a_float_and_gradient_takes_after_the_predictions(loss, dtype):
    y, p = example(loss, dtype=dtype)
    value, gradient = loss.value_and_gradient(y, p)
    assert type(value) is type(loss(y, p)) is float
    assert (gradient.shape, gradient.dtype) == (p.shape, dtype)


@every_loss
def test_float32_costs_what_float64_costs(loss):
    y, p = example(loss)
    value, gradient = loss.value_and_gradient(y, p)
    short, slope = loss.value_and_gradient(y, p.astype("float32"))
    assert short == pytest.approx(value, rel=1e-5)
    np.testing.assert_allclose(slope, gradient, atol=1e-5 * np.abs(gradient).max())


@every_loss
def test_arguments_stay_as_they_were(loss):
    y, p = example(loss)
    before = y.copy(), p.copy()
    loss.value_and_gradient(y, p)
    np.testing.assert_array_equal(y, before[0])
    np.testing.assert_array_equal(p, before[1])


@every_loss
def test_every_layout_of_an_array_is_read_alike(loss):
    rng = np.random.default_rng(6)
    labels, scores = rng.integers(3, size=(2, 4)), rng.normal(size=(2, 4, 3))
    y = labels if loss in SPARSE else np.eye(3)[labels]
    p = softmax(scores)
    value, gradient = loss.value_and_gradient(y, p)
    other, slope = loss.value_and_gradient(y, np.asfortranarray(p))
    assert other == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(slope, gradient, rtol=1e-13)


@both_sparse
def test_sequences_have_one_axis_more(loss):
    rng = np.random.default_rng(7)
    labels, p = rng.integers(3, size=(2, 4)), softmax(rng.normal(size=(2, 4, 3)))
    value, gradient = loss.value_and_gradient(labels, p)
    flat, slope = loss.value_and_gradient(labels.ravel(), p.reshape(8, 3))
    assert value == pytest.approx(flat, rel=1e-14)
    np.testing.assert_allclose(gradient.reshape(8, 3), slope, rtol=1e-14)
    assert loss(labels[..., None], p) == value


@pytest.mark.parametrize(
    ("loss", "activation"), [(PROBABILITIES, sigmoid), (CATEGORICAL[0], softmax), (SPARSE[0], softmax)], ids=repr
)
def test_where_a_loss_meets_its_activation_the_slope_in_the_sum_is_prediction_minus_target(loss, activation):
    assert loss.fuses_with == activation.name
    y, z = example(loss)[0], np.random.default_rng(8).normal(size=(5, 3))
    a = activation(z)
    targets, _ = loss.check(y, a)
    short, long = loss.gradient_in_sum(targets, a), activation.gradient(z, loss.gradient(targets, a))
    np.testing.assert_allclose(short, long, atol=1e-15)
    one_hot = np.eye(3)[y] if loss in SPARSE else y
    np.testing.assert_allclose(short, (a - one_hot) / (a.size if loss is PROBABILITIES else len(a)), atol=1e-15)


def test_logits_fuse_with_nothing_and_other_losses_of_their_kind_do():
    assert [type(loss).fuses_with for loss in (LOGITS, CATEGORICAL[1], SPARSE[1])] == ["sigmoid", "softmax", "softmax"]
    assert [loss.fuses_with for loss in (LOGITS, CATEGORICAL[1], SPARSE[1], *DISTANCES)] == [None] * 7


@one_target_a_prediction
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
        (np.zeros((4, 1)), np.zeros((4, 3)), r"would broadcast to \(4, 3\). Give both the same shape."),
        (np.zeros((4, 3)), np.zeros((4, 3, 1)), r"\(4, 3\), predictions \(4, 3, 1\): use y\[\.\.\., None\]\."),
        (np.zeros((4, 3, 1)), np.zeros((4, 3)), r"\(4, 3, 1\), predictions \(4, 3\): use y\[\.\.\., 0\]\."),
        (np.zeros((3, 3)), np.zeros((3, 3, 1)), r"would broadcast to \(3, 3, 3\)\. Use y\[\.\.\., None\]\."),
        (np.zeros(4), np.zeros(5), r"\(4,\), predictions \(5,\): expected one target for every prediction"),
        ([], [], "predictions must not be empty, received shape"),
        ([np.nan, 1.0], [0.5, 0.5], r"targets must be finite, received nan at index \(0,\)\. Drop or fill such"),
        ([0.0, 1.0], [np.nan, 0.5], r"predictions must be finite, received nan at index \(0,\)"),
        ([0.0, 1.0], [np.inf, 0.5], r"predictions must be finite, received inf.* A smaller learning rate may help\."),
        ([[0.0], [1.0, 0.0]], [0.5, 0.5], "targets must be an array, received rows of different lengths"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_way_out(loss, y_true, y_pred, message):
    with pytest.raises(ValueError, match=message):
        loss(y_true, y_pred)
    with pytest.raises(ValueError, match=message):
        loss.value_and_gradient(y_true, y_pred)


@every_loss
@pytest.mark.parametrize("words", [["yes", "no"], [None, 1.0], [1j, 2]])
def test_what_is_no_number_is_refused(loss, words):
    with pytest.raises(ValueError, match=r"targets must hold numbers, received dtype .*\. Try targets\.astype"):
        loss(words, [[0.5, 0.5], [0.5, 0.5]])
    with pytest.raises(ValueError, match=r"predictions must hold numbers, received dtype .*\. Try predictions\.astype"):
        loss([0, 1], words)


@both_forms
@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([-1.0, 1.0], r"targets must lie between 0 and 1.*-1 to 1.*\(y \+ 1\) / 2"),
        ([1.0, 2.0], r"targets must lie between 0 and 1.*Two labels become 0 and 1 with y == 2"),
        ([0.0, 2.5], r"targets must lie between 0 and 1.*Two labels become 0 and 1 with y == 2\.5"),
    ],
)
def test_targets_of_a_yes_or_no_lie_between_0_and_1(loss, y, message):
    with pytest.raises(ValueError, match=message):
        loss(y, [0.5, 0.5])


HALVES = np.full((2, 2), 0.5)


@both_categorical
@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        (
            [0, 1],
            HALVES,
            r"targets have shape \(2,\), predictions \(2, 2\): one-hot rows.*Use to_categorical\(y\), or sparse",
        ),
        ([[1, 1], [0, 1]], HALVES, "every row of targets must be one-hot, or shares that sum to 1"),
        ([[2, -1], [0, 1]], HALVES, "must be one-hot.*received values from -1 to 2"),
        ([[1, 0, 0], [0, 1, 0]], HALVES, "expected one target for every prediction"),
        (
            [[1], [0]],
            [[0.5], [0.5]],
            r"predictions need a column a class, received shape \(2, 1\)\. For a single output use binary_cross",
        ),
    ],
)
def test_categorical_targets_are_rows_of_shares(loss, y, p, message):
    with pytest.raises(ValueError, match=message):
        loss(y, p)


@both_sparse
@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        ([1, 2], HALVES, "whole numbers from 0 to 1, received 2. Labels from 1 on become labels from 0 on with y - 1"),
        ([0, 2], HALVES, "whole numbers from 0 to 1, received 2. For 3 classes the last layer needs as many units"),
        ([0, 3], HALVES, "whole numbers from 0 to 1, received 3"),
        ([-1, 0], HALVES, "whole numbers from 0 to 1, received -1"),
        ([0, 0.5], HALVES, "whole numbers from 0 to 1, received 0.5"),
        ([0, np.nan], HALVES, "targets must be finite"),
        (np.eye(2), HALVES, r"targets have shape \(2, 2\), expected \(2,\). One-hot rows go with categorical_cross"),
        ([0, 1, 0], HALVES, r"targets have shape \(3,\), expected \(2,\). Use one class number a row"),
        ([0, 1], [[0.5], [0.5]], r"a column a class, received shape \(2, 1\)\. For a single output use binary_cross"),
        (0, 0.5, r"predictions need a column a class, received shape \(\)"),
        ([0, 1], np.zeros((2, 0)), "predictions must not be empty"),
    ],
)
def test_labels_are_class_numbers_from_0_on(loss, y, p, message):
    with pytest.raises(ValueError, match=message):
        loss(y, p)


@pytest.mark.parametrize(
    ("loss", "y", "p"),
    [
        (PROBABILITIES, [0, 1], [-2.0, 3.0]),
        (CATEGORICAL[0], np.eye(2), [[-2.0, 3.0], [0.0, 1.0]]),
        (SPARSE[0], [0, 1], [[-2.0, 3.0], [0.0, 1.0]]),
    ],
    ids=repr,
)
def test_logits_passed_as_probabilities_are_noticed(loss, y, p):
    with pytest.raises(
        ValueError, match=rf"from -2 to 3\. If these are logits, use {type(loss).__name__}\(from_logits=True\)"
    ):
        loss(y, p)


@pytest.mark.parametrize("delta", [0, -1.0, np.inf, "1", None])
def test_hubers_delta_is_a_number_above_0(delta):
    with pytest.raises(ValueError, match="delta must be a number above 0, received"):
        Huber(delta)


def test_repr_shows_the_settings():
    assert repr(LOGITS) == "BinaryCrossentropy(from_logits=True)"
    assert repr(CATEGORICAL[0]) == "CategoricalCrossentropy(from_logits=False)"
    assert repr(SPARSE[1]) == "SparseCategoricalCrossentropy(from_logits=True)"
    assert repr(MeanSquaredError()) == "MeanSquaredError()"
    assert repr(Huber()) == "Huber(delta=1.0)"


@pytest.mark.parametrize("name", losses.KNOWN)
def test_get_finds_every_loss_by_its_name(name):
    loss = losses.get(name)
    assert loss.name == name
    assert losses.get(loss) is loss
    assert type(losses.get(type(loss))) is type(loss)


def test_get_knows_the_short_names():
    assert type(losses.get("mse")) is MeanSquaredError and type(losses.get("mae")) is MeanAbsoluteError


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("binary_cross_entropy", "Did you mean 'binary_crossentropy'"),
        ("MSE", "Did you mean 'mse'"),
        ("", "Known: mean_squared_error"),
        (None, "received None"),
        (["mse"], "Did you mean 'mse'"),
    ],
)
def test_get_names_the_nearest_loss(name, hint):
    with pytest.raises(ValueError, match=hint):
        losses.get(name)


def test_a_loss_of_ones_own_needs_a_value_and_a_gradient():
    class Quartic(Loss):
        def value(self, y, p):
            return np.mean((p - y) ** 4)

        def gradient(self, y, p):
            return 4 * (p - y) ** 3 / p.size

    assert check_loss(Quartic()).passed
    y, p = np.random.default_rng(9).normal(size=(2, 4))
    assert check_gradient(lambda p: Quartic().value_and_gradient(y, p), p).passed
    with pytest.raises(NotImplementedError, match=r"Loss defines no value\(y, p\)"):
        Loss()([1.0], [1.0])
    with pytest.raises(NotImplementedError, match=r"Half defines no gradient\(y, p\)"):
        type("Half", (Quartic,), {"gradient": Loss.gradient})().value_and_gradient([1.0], [1.0])


def test_a_loss_is_known_by_the_beginning_of_its_name():
    with pytest.raises(ValueError, match="Did you mean 'sparse_categorical_crossentropy'"):
        losses.get("sparse_crossentropy")


def test_a_column_of_class_numbers_is_no_one_hot_row():
    with pytest.raises(ValueError, match=r"one-hot rows are expected\. Use to_categorical"):
        losses.CategoricalCrossentropy()([[0], [1]], [[0.5, 0.5], [0.5, 0.5]])
