import copy
import pickle
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nncourse import losses, metrics
from nncourse.layers import Dense
from nncourse.metrics import to_categorical
from nncourse.models import Sequential

few = settings(max_examples=30, deadline=None)
TOLERANCE = 1e-12  # both sides are ratios of counts, or sums of at most 40 numbers of size 1
SEPARATE = [metrics.precision, metrics.recall, metrics.f1]
KINDS = {
    "numbers": lambda codes: codes,
    "floats": lambda codes: codes.astype(float),
    "words": lambda codes: np.array(["ant", "bee", "cat", "dog"])[codes],
    "objects": lambda codes: np.array(["ant", "bee", "cat", "dog"], dtype=object)[codes],
}


pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:sklearn")  # about 0/0 and single classes


@pytest.fixture(scope="module")
def oracle():
    return pytest.importorskip("sklearn.metrics", reason="scikit-learn is the oracle: pip install scikit-learn")


@st.composite
def pairs(draw, classes=4):
    """True and predicted class numbers, few enough that classes are missing on either side."""
    n = draw(st.integers(1, 12))
    codes = st.lists(st.integers(0, draw(st.integers(0, classes - 1))), min_size=n, max_size=n)
    return np.array(draw(codes)), np.array(draw(codes))


@st.composite
def scored(draw):
    """Labels of both kinds, and scores with ties."""
    n = draw(st.integers(2, 40))
    y = np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)))
    assume(0 < y.sum() < n)
    return y, np.array(draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))) / 4


# Against scikit-learn


@few
@given(pairs(), st.sampled_from(sorted(KINDS)))
def test_labels_of_any_kind_score_as_in_scikit_learn(oracle, pair, kind):
    y, p = map(KINDS[kind], pair)
    assert metrics.accuracy(y, p) == pytest.approx(oracle.accuracy_score(y, p), abs=TOLERANCE)
    assert metrics.balanced_accuracy(y, p) == pytest.approx(oracle.balanced_accuracy_score(y, p), abs=TOLERANCE)
    np.testing.assert_array_equal(metrics.confusion_matrix(y, p), oracle.confusion_matrix(y, p))
    for average in ("macro", "micro", "weighted", None):
        for ours, theirs in zip(SEPARATE, [oracle.precision_score, oracle.recall_score, oracle.f1_score], strict=True):
            np.testing.assert_allclose(ours(y, p, average=average), theirs(y, p, average=average), atol=TOLERANCE)


@few
@given(pairs(classes=2))
def test_two_classes_score_as_in_scikit_learn(oracle, pair):
    y, p = pair
    assert metrics.precision(y, p) == pytest.approx(oracle.precision_score(y, p), abs=TOLERANCE)
    assert metrics.recall(y, p) == pytest.approx(oracle.recall_score(y, p), abs=TOLERANCE)
    assert metrics.f1(y, p) == pytest.approx(oracle.f1_score(y, p), abs=TOLERANCE)
    assert metrics.recall(y == 1, p == 1, pos_label=False) == pytest.approx(metrics.recall(1 - y, 1 - p), abs=TOLERANCE)


@few
@given(pairs(), st.permutations(range(6)), st.integers(1, 6))
def test_classes_choose_and_order_rows_and_columns_as_in_scikit_learn(oracle, pair, order, count):
    y, p = pair
    classes = order[:count]
    assume(set(classes) & set(y.tolist()))
    ours, theirs = metrics.confusion_matrix(y, p, classes), oracle.confusion_matrix(y, p, labels=classes)
    np.testing.assert_array_equal(ours, theirs)


@few
@given(scored(), st.booleans())
def test_the_roc_curve_is_that_of_scikit_learn(oracle, case, drop):
    y, score = case
    ours, theirs = (f(y, score, drop_intermediate=drop) for f in (metrics.roc_curve, oracle.roc_curve))
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, atol=TOLERANCE)
    assert metrics.roc_auc(y, score) == pytest.approx(oracle.roc_auc_score(y, score), abs=TOLERANCE)


@few
@given(st.integers(0, 10_000), st.integers(2, 40), st.sampled_from([None, 1, 3]))
def test_regressions_score_as_in_scikit_learn(oracle, seed, n, columns):
    shape = n if columns is None else (n, columns)
    y, p = np.random.default_rng(seed).normal(size=(2, *np.atleast_1d(shape)))
    # r2 may be a large negative number: its error is relative
    assert metrics.r2(y, p) == pytest.approx(oracle.r2_score(y, p), rel=1e-9, abs=1e-9)
    assert metrics.mean_squared_error(y, p) == pytest.approx(oracle.mean_squared_error(y, p), rel=TOLERANCE)
    assert metrics.mean_absolute_error(y, p) == pytest.approx(oracle.mean_absolute_error(y, p), rel=TOLERANCE)


def test_targets_that_do_not_vary_are_explained_wholly_or_not_at_all(oracle):
    for y, p in [([2, 2], [2, 2]), ([2, 2], [2, 3]), ([[1, 2], [1, 4]], [[1, 2], [1, 3]])]:
        assert metrics.r2(y, p) == oracle.r2_score(y, p)
    assert metrics.r2([0.1] * 3, [0.1, 0.1, 0.2]) == 0  # the mean of three times 0.1 is not quite 0.1


# By hand


def test_a_matrix_worked_by_hand():
    """Malignant is 0, as in the data: 42 found, 1 missed, 1 false alarm, 70 left alone."""
    y = np.repeat([0, 0, 1, 1], [42, 1, 1, 70])
    p = np.repeat([0, 1, 0, 1], [42, 1, 1, 70])
    assert metrics.confusion_matrix(y, p).tolist() == [[42, 1], [1, 70]]
    assert metrics.accuracy(y, p) == 112 / 114
    assert metrics.recall(y, p, pos_label=0) == 42 / 43 == metrics.precision(y, p, pos_label=0)
    assert metrics.recall(y, p) == 70 / 71
    assert metrics.f1(y, p) == pytest.approx(70 / 71, rel=1e-15)


def test_who_never_says_yes_scores_0_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [f([0, 1], [0, 0]) for f in SEPARATE] == [0.0, 0.0, 0.0]
        assert [f([0, 0], [0, 0]) for f in SEPARATE] == [0.0, 0.0, 0.0]
        assert metrics.recall([0, 0], [0, 1]) == 0.0


def test_the_area_is_how_often_a_positive_row_scores_higher():
    rng = np.random.default_rng(0)
    y, score = rng.integers(0, 2, 50), rng.integers(0, 9, 50)
    ahead = score[y == 1][:, None] - score[y == 0]
    assert metrics.roc_auc(y, score) == pytest.approx(np.mean((ahead > 0) + (ahead == 0) / 2), rel=TOLERANCE)


@few
@given(scored())
def test_the_area_sees_only_the_order_of_the_scores(case):
    y, score = case
    assert metrics.roc_auc(y, np.exp(3 * score)) == pytest.approx(metrics.roc_auc(y, score), abs=TOLERANCE)
    assert metrics.roc_auc(y, -score) == pytest.approx(1 - metrics.roc_auc(y, score), abs=TOLERANCE)


@few
@given(pairs(classes=2))
def test_exchanging_truth_and_prediction_exchanges_precision_and_recall(pair):
    y, p = pair
    assert metrics.precision(y, p) == metrics.recall(p, y)
    assert metrics.f1(y, p) <= (metrics.precision(y, p) + metrics.recall(y, p)) / 2 + TOLERANCE
    np.testing.assert_array_equal(metrics.confusion_matrix(y, p), metrics.confusion_matrix(p, y).T)


def test_columns_are_read_as_lists_and_booleans_as_0_and_1():
    y, p = np.array([[1], [0], [1]]), np.array([[0.9], [0.2], [0.1]])
    assert metrics.accuracy(y, p > 0.5) == metrics.accuracy([1, 0, 1], [True, False, False]) == 2 / 3
    assert metrics.precision(y, p > 0.5) == 1.0
    assert metrics.roc_auc(y, p) == 0.5


def test_scores_are_plain_numbers():
    y, p = [0, 1, 1], [0, 1, 0]
    for f in [metrics.accuracy, metrics.balanced_accuracy, metrics.r2, metrics.roc_auc, *SEPARATE]:
        assert type(f(y, p)) is float, f.__name__
    assert metrics.confusion_matrix(y, p).dtype.kind == "i"


# One-hot rows


@few
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(0, 3))
def test_one_hot_rows_hold_a_single_1_at_the_class(labels, more):
    rows = to_categorical(labels, max(labels) + 1 + more)
    assert rows.shape == (len(labels), max(labels) + 1 + more)
    assert (rows.argmax(axis=1) == labels).all() and (rows.sum(axis=1) == 1).all()
    assert to_categorical(labels).shape[1] == max(labels) + 1


def test_one_hot_rows_of_columns_sequences_and_floats():
    assert to_categorical([[0], [2.0]]).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert to_categorical([[0, 1, 1], [1, 0, 0]]).shape == (2, 3, 2)
    assert to_categorical(1, 2).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("y", "classes", "message"),
    [
        ([1, 2, 3], 3, r"from 0 to 2, received 3. Labels from 1 on become labels from 0 on with y - 1"),
        ([0, -1], None, "from 0 on, received -1"),
        ([0.5], None, "received 0.5"),
        ([], None, "must not be empty"),
        (["a"], None, "must hold numbers"),
        ([0, 1], 0, "num_classes must be a whole number from 1 on, received 0"),
    ],
)
def test_what_is_no_class_number_is_refused(y, classes, message):
    with pytest.raises(ValueError, match=message):
        to_categorical(y, classes)


# Bad input


@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        (np.array(["a", np.nan], dtype=object), ["a", "b"], r"y_true has a gap, nan, at index \(1,\)\. Drop or fill"),
        (["a", "b"], np.array(["a", None], dtype=object), r"y_pred has a gap, None, at index \(1,\)"),
        ([0, 1], [0.2, 0.7], r"y_pred must hold labels, received 0.2. Probabilities become labels with y_pred > 0.5"),
        ([0, 1], [[0.2], [0.7]], r"labels with y_pred\[:, 0\] > 0.5"),
        ([0, 1], [[0.2, 0.8], [0.7, 0.3]], r"labels with y_pred.argmax\(axis=1\)"),
        ([0, 1], [[0], [1]], r"\(2,\), y_pred \(2, 1\). Use y_pred\[:, 0\]"),
        ([[0], [1]], [0, 1], r"Use y_true\[:, 0\]"),
        ([0, 1], [[0, 1], [1, 0]], r"labels with y_pred.argmax\(axis=1\)"),
        ([[0, 1], [1, 0]], [0, 1], r"labels with y_true.argmax\(axis=1\)"),
        ([[0, 1], [1, 0]], [[0, 1], [1, 0]], r"one label a row, received shape \(2, 2\)"),
        ([0, 1, 1], [0, 1], "Pass one prediction for every target"),
        ([], [], "must not be empty"),
        (1, 1, r"Pass arrays, as in \[1\]"),
        ([0, np.nan], [0, 1], "y_true must be finite"),
        (["a", "b"], [0, 1], "expected labels of one kind"),
        ([None, "a"], ["a", "a"], r"y_true has a gap, None, at index \(0,\)"),
        ([0, 1, 2], [0, 1, 1], "which of 3 classes is positive"),
        ([0, 2], [0, 2], r"pos_label=1 is not among the labels \[0, 2\]"),
        (["a", "b"], ["a", "b"], "pos_label=1 is not among the labels"),
    ],
)
def test_labels_that_do_not_fit_are_refused_with_a_way_out(y, p, message):
    with pytest.raises(ValueError, match=message):
        metrics.f1(y, p)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.f1([0], [0], average="mean"), "average must be .*, received 'mean'"),
        (lambda: metrics.confusion_matrix([0], [0], [1, 2]), r"none of the classes \[1, 2\], only \[0\]"),
        (lambda: metrics.confusion_matrix([0], [0], [0, 0]), "different labels"),
        (lambda: metrics.roc_auc([1, 1], [0.1, 0.2]), r"rows without, received labels \[1\]"),
        (lambda: metrics.roc_auc(["a", "b"], [0.1, 0.2]), "Choose pos_label among them"),
        (lambda: metrics.roc_auc([0, 1], [[0.1, 0.9], [0.2, 0.8]]), r"y_score\[:, 1\]"),
        (lambda: metrics.roc_auc([0, 1], [[0.1], [0.9]]), r"Use y_score\[:, 0\]"),
        (lambda: metrics.roc_auc([0, 1], [0.1, np.nan]), "y_score must be finite"),
        (lambda: metrics.r2([1.0], [1.0]), "at least two examples"),
        (lambda: metrics.r2(np.zeros(4), np.zeros((4, 1))), r"Use y_pred\[:, 0\]"),
        (lambda: metrics.mean_squared_error(np.zeros((4, 1)), np.zeros(4)), r"Use y_true\[:, 0\]"),
    ],
)
def test_what_has_no_score_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# By name, in training

BINARY, CATEGORICAL, SPARSE, MSE = (
    losses.get(name)
    for name in ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "mse")
)


def answers(seed, loss):
    """Targets and predictions as a model and its data have them beside a loss."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(4), size=20).astype(np.float32)
    labels = rng.integers(0, 4, 20)
    if loss is SPARSE:
        return labels, p, labels, p.argmax(axis=1)
    if loss is CATEGORICAL:
        return np.eye(4, dtype=np.float32)[labels], p, labels, p.argmax(axis=1)
    y = (labels[:, None] > 1).astype(np.float32)
    p = rng.random((20, 1)).astype(np.float32)
    return y, p, y[:, 0], p[:, 0] > 0.5


@pytest.mark.parametrize("loss", [BINARY, CATEGORICAL, SPARSE, MSE], ids=lambda loss: loss.name)
@pytest.mark.parametrize("name", ["accuracy", "acc"])
def test_accuracy_means_what_goes_with_the_loss(name, loss):
    y, p, labels, predicted = answers(0, loss)
    metric = metrics.get(name, loss)
    assert (metric.__name__, metric(y, p)) == (name, metrics.accuracy(labels, predicted))


@pytest.mark.parametrize("name", ["binary_accuracy", "precision", "recall", "f1", "auc", "mse", "mae", "r2"])
@pytest.mark.parametrize("seed", range(3))
def test_a_name_scores_as_the_function_for_labels(name, seed):
    y, p, labels, predicted = answers(seed, BINARY)
    checked = {"binary_accuracy": metrics.accuracy, "auc": metrics.roc_auc, "r2": metrics.r2}
    checked |= {"mse": metrics.mean_squared_error, "mae": metrics.mean_absolute_error}
    checked |= {f.__name__: f for f in SEPARATE}
    other = predicted if name in ("binary_accuracy", "precision", "recall", "f1") else p[:, 0]
    expected = checked[name](labels, other)
    assert metrics.get(name, BINARY)(y, p) == pytest.approx(expected, rel=1e-5)  # float32 against float64


def test_each_of_the_functions_for_labels_can_stand_for_its_name():
    for function, name in [(metrics.accuracy, "accuracy"), (metrics.f1, "f1"), (metrics.roc_auc, "auc")]:
        y, p, _, _ = answers(1, BINARY)
        assert metrics.get(function, BINARY)(y, p) == metrics.get(name, BINARY)(y, p)
        assert metrics.get(function, BINARY).__name__ == name


def test_a_yes_begins_at_a_logit_of_0():
    logits, y = np.array([[0.2], [-0.1], [3.0]]), np.array([[1.0], [0.0], [1.0]])
    loss = losses.BinaryCrossentropy(from_logits=True)
    for name in ("accuracy", "binary_accuracy", "precision", "recall", "f1"):
        assert metrics.get(name, loss)(y, logits) == 1.0
        assert metrics.get(name, BINARY)(y, logits) < 1.0 or name == "precision"
        assert metrics.get(name, loss).__name__ == name


def test_a_regression_has_no_accuracy():
    y = np.array([[3.5], [7.0]])
    assert metrics.get("accuracy", MSE)(y, y) == 0.0  # as in Keras: they are neither 0 nor 1


def test_the_area_of_one_class_alone_is_no_number():
    assert np.isnan(metrics.get("auc", BINARY)(np.ones((3, 1)), np.ones((3, 1))))


def test_a_function_of_ones_own_is_a_metric_under_its_name():
    def worst(y_true, y_pred):
        return np.abs(y_true - y_pred).max()

    metric = metrics.get(worst, MSE)
    assert metric.__name__ == "worst"
    assert metric(np.zeros((2, 1)), np.array([[1.0], [-3.0]])) == 3.0
    assert type(metric(np.zeros(2, np.float32), np.ones(2, np.float32))) is float


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda y, p: y == p, r"must return one number, received an array of shape \(2,\). Try a mean\(\)"),
        (lambda y, p: None, "received None"),
    ],
)
def test_a_function_that_returns_no_number_is_named(function, message):
    with pytest.raises(TypeError, match=message):
        metrics.get(function, MSE)(np.zeros(2), np.zeros(2))


@pytest.mark.parametrize(
    ("name", "loss", "message"),
    [
        ("acuracy", BINARY, "Did you mean 'accuracy'"),
        ("Precision", BINARY, "Did you mean 'precision'"),
        (7, BINARY, "received 7. Known: accuracy, acc"),
        ("precision", SPARSE, "Use 'accuracy', or to_categorical"),
        ("sparse_categorical_accuracy", BINARY, "Try 'accuracy'"),
        ("recall", losses.CategoricalCrossentropy(from_logits=True), "needs probabilities"),
    ],
)
def test_a_name_that_does_not_fit_is_refused(name, loss, message):
    with pytest.raises(ValueError, match=message):
        metrics.get(name, loss)


def test_classes_of_a_single_output_are_refused_instead_of_always_right():
    with pytest.raises(ValueError, match="Try 'binary_accuracy'"):
        metrics.get("categorical_accuracy", BINARY)(np.zeros((3, 1)), np.ones((3, 1)))


def test_training_records_metrics_by_name_and_copies_carry_them():
    x = np.random.default_rng(0).normal(size=(30, 2))
    model = Sequential([Dense(3, "tanh"), Dense(1, "sigmoid")], seed=0)
    names = ["acc", "precision", "auc", metrics.f1, metrics.mean_squared_error]
    model.compile("adam", losses.BinaryCrossentropy(), metrics=names)
    history = model.fit(x, x[:, 0] > 0, epochs=2, verbose=0).history
    assert list(history) == ["loss", "acc", "precision", "auc", "f1", "mean_squared_error"]
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.evaluate(x, x[:, 0] > 0) == model.evaluate(x, x[:, 0] > 0)


def test_two_metrics_of_one_name_are_refused():
    model = Sequential([Dense(1)])
    with pytest.raises(ValueError, match="two metrics are named 'accuracy'"):
        model.compile("adam", "mse", metrics=["accuracy", metrics.accuracy])
