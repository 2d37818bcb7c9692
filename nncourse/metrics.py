"""Metrics: how good a model is, in the numbers that people ask for (chapter 12).

A loss is what training descends; a metric is what one wants to know. Accuracy counts right answers
and is blind where one class is rare. Precision and recall look at one class from two sides: how
much of what was claimed is true, and how much of what is true was found. All three are read off
one table, the confusion matrix. Arguments and results are those of scikit-learn.

Training is told its metrics by name. It compares targets with the probabilities of one model, once
an epoch, so there each name stands for a shorter function, in the second half of this module.
"""

from functools import partial

import numpy as np

from .validation import chosen, floats, numbers, whole

__all__ = [
    "Metric",
    "accuracy",
    "balanced_accuracy",
    "confusion_matrix",
    "f1",
    "get",
    "mean_absolute_error",
    "mean_squared_error",
    "precision",
    "r2",
    "recall",
    "roc_auc",
    "roc_curve",
    "to_categorical",
]


# Labels against labels: whole numbers or words, (n,)


def accuracy(y_true, y_pred) -> float:
    """Return the share of labels that are right."""
    y, p = _labels(y_true, y_pred)
    return float((y == p).mean())


def confusion_matrix(y_true, y_pred, classes=None) -> np.ndarray:
    """Count the pairs of labels: entry (i, k) is how often class i was taken for class k.

    The classes are sorted, or come in the order of `classes`. Pairs with a label that is not among
    those are left out, as in scikit-learn.
    """
    return _table(*_labels(y_true, y_pred), classes)[0]


def precision(y_true, y_pred, *, pos_label=1, average: str | None = "binary"):
    """Return how much of what was called positive is so: TP / (TP + FP).

    Where nothing was called positive the answer is 0: as in scikit-learn, but without its warning.

    With more than two classes each is the positive one in turn, and `average` says how to sum up:
    "macro" takes the mean over the classes, "weighted" counts each by its examples, "micro" adds
    up the counts first, None returns one number a class (van Rijsbergen, 1979).
    """
    hits, claimed, true = _counts(y_true, y_pred, pos_label, average)
    return _summed_up(_ratio(hits, claimed), true, average)


def recall(y_true, y_pred, *, pos_label=1, average: str | None = "binary"):
    """Return how much of what is positive was found: TP / (TP + FN), and 0 where nothing is.

    More than two classes are summed up as in `precision`.
    """
    hits, _, true = _counts(y_true, y_pred, pos_label, average)
    return _summed_up(_ratio(hits, true), true, average)


def f1(y_true, y_pred, *, pos_label=1, average: str | None = "binary"):
    """Return the harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN), and 0 for 0/0.

    It is low where one of them is. More than two classes are summed up as in `precision`.
    """
    hits, claimed, true = _counts(y_true, y_pred, pos_label, average)
    return _summed_up(_ratio(2 * hits, claimed + true), true, average)


def balanced_accuracy(y_true, y_pred) -> float:
    """Return the mean recall of the classes that occur: 1/k for always naming the same of k."""
    matrix, _ = _table(*_labels(y_true, y_pred))
    true = matrix.sum(axis=1)
    return float((matrix.diagonal()[true > 0] / true[true > 0]).mean())


# Labels against scores: the higher, the more likely positive, (n,)


def roc_curve(y_true, y_score, *, pos_label=1, drop_intermediate: bool = True):
    """Return the false positive rates, the true positive rates and the thresholds they belong to.

    A row is called positive from the threshold on, `y_score >= threshold`. The first threshold is
    infinite. With `drop_intermediate`, points between two others on a line are left out (Fawcett,
    2006).
    """
    alarms, hits, thresholds = _roc(*_scored(y_true, y_score, pos_label))
    if drop_intermediate and hits.size > 3:
        corner = (np.diff(alarms[1:], 2) != 0) | (np.diff(hits[1:], 2) != 0)
        kept = np.concatenate([[True, True], corner, [True]])
        alarms, hits, thresholds = alarms[kept], hits[kept], thresholds[kept]
    return alarms / alarms[-1], hits / hits[-1], thresholds


def roc_auc(y_true, y_score, *, pos_label=1) -> float:
    """Return the area under the ROC curve.

    It is how often a positive row scores higher than a negative one, where a tie counts half
    (Hanley and McNeil, 1982): 0.5 for guessing.
    """
    return _area(*_scored(y_true, y_score, pos_label))


# Numbers against numbers: (n,) or (n, k)


def mean_squared_error(y_true, y_pred) -> float:
    """Return the mean of (y_pred - y_true)^2 over all entries."""
    return float(_mean_squared_error(*_values(y_true, y_pred)))


def mean_absolute_error(y_true, y_pred) -> float:
    """Return the mean of |y_pred - y_true| over all entries."""
    return float(_mean_absolute_error(*_values(y_true, y_pred)))


def r2(y_true, y_pred) -> float:
    """Return 1 - squared error / squared deviation from the mean; of columns, the mean of theirs.

    Always answering the mean scores 0, and worse answers score less. Where targets do not vary,
    perfect answers score 1 and others 0.
    """
    y, p = _values(y_true, y_pred)
    if len(y) < 2:
        raise ValueError("r2 needs targets that can vary, at least two examples, received 1.")
    return float(_r2(y, p))


def to_categorical(y, num_classes: int | None = None) -> np.ndarray:
    """Return class numbers y (n,) or (n, 1) as one-hot rows (n, num_classes) of 0.0 and 1.0.

    Without `num_classes` there are as many as the largest number needs. Sequences (n, t) become
    (n, t, num_classes).
    """
    y = numbers("y", y)
    y = y[..., 0] if y.ndim > 1 and y.shape[-1] == 1 else y
    classes = int(y.max()) + 1 if num_classes is None else whole("num_classes", num_classes)
    wrong = (y < 0) | (y >= classes) | (y != np.floor(y))
    if wrong.any():
        known = "from 0 on" if num_classes is None else f"from 0 to {classes - 1}"
        from_one = 1 <= y.min() <= y.max() == num_classes
        hint = "Labels from 1 on become labels from 0 on with y - 1." if from_one else ""
        message = f"y must hold whole class numbers {known}, received {y[wrong].flat[0]:g}. {hint}"
        raise ValueError(message.rstrip())
    return (y[..., None] == np.arange(classes)).astype(np.float64)


# What training computes: y and p are arrays of one model and its data, and are trusted


def _binary_accuracy(y, p, threshold=0.5):
    return np.count_nonzero((p > threshold) == y) / p.size


def _categorical_accuracy(y, p):
    if p.shape[-1] == 1:
        raise ValueError("categorical_accuracy of a single output is always 1. Try 'binary_accuracy'.")
    right = p.argmax(axis=-1) == y.argmax(axis=-1)
    return np.count_nonzero(right) / right.size


def _sparse_categorical_accuracy(y, p):
    return np.count_nonzero(p.argmax(axis=-1) == y) / y.size


def _accuracy(y, p, threshold=0.5):
    return _binary_accuracy(y, p, threshold) if p.shape[-1] == 1 else _categorical_accuracy(y, p)


def _precision(y, p, threshold=0.5):
    claimed, true = p > threshold, y > 0.5
    return _share(np.count_nonzero(claimed & true), np.count_nonzero(claimed))


def _recall(y, p, threshold=0.5):
    claimed, true = p > threshold, y > 0.5
    return _share(np.count_nonzero(claimed & true), np.count_nonzero(true))


def _f1(y, p, threshold=0.5):
    claimed, true = p > threshold, y > 0.5
    return _share(2 * np.count_nonzero(claimed & true), np.count_nonzero(claimed) + np.count_nonzero(true))


def _auc(y, p):
    positive = y.ravel() > 0.5
    if positive.all() or not positive.any():
        return np.nan  # there is no pair to compare
    return _area(positive, p.ravel())


def _mean_squared_error(y, p):
    d = (p - y).ravel()
    return d.dot(d) / d.size


def _mean_absolute_error(y, p):
    return np.abs(p - y).mean()


def _r2(y, p):
    error = ((p - y) ** 2).sum(axis=0)
    y = y - y[0]  # targets that do not vary are exactly 0 now
    spread = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    flat = spread == 0
    return np.where(flat, error == 0, 1 - error / np.where(flat, 1, spread)).mean()


LARGER_IS_BETTER = {
    "accuracy": _accuracy,
    "acc": _accuracy,
    "binary_accuracy": _binary_accuracy,
    "categorical_accuracy": _categorical_accuracy,
    "sparse_categorical_accuracy": _sparse_categorical_accuracy,
    "precision": _precision,
    "recall": _recall,
    "f1": _f1,
    "auc": _auc,
    "r2": _r2,
}
SMALLER_IS_BETTER = {
    "mse": _mean_squared_error,
    "mean_squared_error": _mean_squared_error,
    "mae": _mean_absolute_error,
    "mean_absolute_error": _mean_absolute_error,
}
KNOWN = LARGER_IS_BETTER | SMALLER_IS_BETTER
WITH_THRESHOLD = (_accuracy, _binary_accuracy, _precision, _recall, _f1)


class Metric:
    """A function (y_true, y_pred) -> float, under the name that the record of training gives it."""

    def __init__(self, name, function):
        self.__name__, self.function = name, function

    def __call__(self, y, p) -> float:
        value = self.function(y, p)
        if not isinstance(value, float) and (value is None or np.ndim(value)):
            came = "None" if value is None else f"an array of shape {np.shape(value)}"
            raise TypeError(f"the metric {self.__name__} must return one number, received {came}. Try a mean().")
        return float(value)

    def __repr__(self):
        return f"Metric({self.__name__!r})"


def get(name, loss) -> Metric:
    """Return the metric of that name, or of a function (y_true, y_pred) -> float, beside a loss.

    "accuracy" is what Keras takes it for: beside the sparse loss it compares class numbers, else
    one output is a yes or no and several are classes. A target that is neither 0 nor 1, as in a
    regression, is never a right yes or no. A yes begins above the probability 0.5; for a
    BinaryCrossentropy that takes logits it begins above 0, where Keras leaves it at 0.5.
    """
    own = getattr(name, "__name__", None)
    if callable(name) and globals().get(own) is not name:
        return Metric(own or type(name).__name__, name)
    if callable(name):  # one of the functions for labels above
        name = {"roc_auc": "auc"}.get(own, own)
    function = chosen("the name of a metric, or a function (y_true, y_pred) -> float", name, KNOWN)
    return Metric(name, _beside(loss, name, function))


def _beside(loss, name, function):
    """The function of that name as it suits targets and predictions that go with the loss."""
    kind = getattr(loss, "name", None)
    if kind == "sparse_categorical_crossentropy":
        if function not in (_accuracy, _sparse_categorical_accuracy):
            raise ValueError(
                f"{name!r} compares entry by entry, but targets are class numbers here. Use 'accuracy', "
                "or to_categorical(y) and the loss 'categorical_crossentropy'."
            )
        return _sparse_categorical_accuracy
    if function is _sparse_categorical_accuracy:
        raise ValueError(f"{name!r} goes with the loss 'sparse_categorical_crossentropy'. Try 'accuracy'.")
    if getattr(loss, "from_logits", False) and function in WITH_THRESHOLD:
        if kind == "binary_crossentropy":
            return partial(function, threshold=0.0)
        if function is not _accuracy:
            raise ValueError(f"{name!r} needs probabilities, but the loss takes logits here. Try 'accuracy'.")
    return function


# Counting


def _table(y, p, classes=None):
    """The confusion matrix, and its classes."""
    if classes is None:
        classes = np.unique(np.concatenate([y, p]))
    else:
        classes = _read_labels("classes", classes)
        if classes.ndim != 1 or len(np.unique(classes)) < len(classes):
            raise ValueError(f"classes must be a list of different labels, received {classes.tolist()}.")
        kept = np.isin(y, classes) & np.isin(p, classes)
        if not np.isin(y, classes).any():
            raise ValueError(f"y_true has none of the classes {classes.tolist()}, only {np.unique(y).tolist()}.")
        y, p = y[kept], p[kept]
    k, order = len(classes), np.argsort(classes)
    rows, columns = (order[np.searchsorted(classes, labels, sorter=order)] for labels in (y, p))
    return np.bincount(rows * k + columns, minlength=k * k).reshape(k, k), classes


def _counts(y_true, y_pred, pos_label, average):
    """What was hit, what was claimed and what is true: one number each, or one a class."""
    if average not in ("binary", "micro", "macro", "weighted", None):
        raise ValueError(f"average must be 'binary', 'micro', 'macro', 'weighted' or None, received {average!r}.")
    matrix, classes = _table(*_labels(y_true, y_pred))
    counts = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
    if average == "micro":
        return [one.sum() for one in counts]
    if average != "binary":
        return counts
    if len(classes) > 2:
        raise ValueError(f"which of {len(classes)} classes is positive? Try average='macro', 'weighted' or None.")
    if len(classes) == 2 and pos_label not in classes:
        raise ValueError(f"pos_label={pos_label!r} is not among the labels {classes.tolist()}. Choose one of them.")
    return [one[classes == pos_label].sum() for one in counts]


def _ratio(part, whole):
    return np.divide(part, whole, out=np.zeros(np.shape(whole)), where=whole != 0)


def _summed_up(scores, true, average):
    if average is None:
        return scores
    return float(scores @ true / true.sum() if average == "weighted" else scores.mean())


def _share(part, whole):
    return part / whole if whole else 0.0


def _roc(positive, score):
    """Counts of false and of true positives, as the threshold falls from one score to the next."""
    order = np.argsort(-score, kind="stable")
    score = score[order]
    last = np.append(np.flatnonzero(np.diff(score)), score.size - 1)  # of each run of equal scores
    hits = np.cumsum(positive[order])[last]
    return np.append(0, last + 1 - hits), np.append(0, hits), np.append(np.inf, score[last])


def _area(positive, score):
    alarms, hits, _ = _roc(positive, score)
    return float(np.diff(alarms) @ (hits[1:] + hits[:-1]) / 2 / (alarms[-1] * hits[-1]))


# The door


def _labels(y_true, y_pred):
    y, p = _paired(_read_labels("y_true", y_true), _read_labels("y_pred", y_pred), "y_pred")
    if y.ndim != 1:
        raise ValueError(f"expected one label a row, received shape {y.shape}. One-hot rows need argmax(axis=1).")
    if (y.dtype.kind == "U") != (p.dtype.kind == "U"):
        raise ValueError("one of y_true and y_pred holds words, the other numbers: expected labels of one kind.")
    return y, p


def _scored(y_true, y_score, pos_label):
    """Which rows are positive, and their scores."""
    y, score = _paired(_read_labels("y_true", y_true), floats(numbers("y_score", y_score)), "y_score")
    if y.ndim != 1:
        raise ValueError(f"expected one score a row, received shape {y.shape}. Take one class, as in y_score[:, 1].")
    positive = y == pos_label
    if positive.all() or not positive.any():
        found = np.unique(y).tolist()
        hint = "" if len(found) == 1 else " Choose pos_label among them."
        raise ValueError(f"expected rows with the label {pos_label!r} and rows without, received labels {found}.{hint}")
    return positive, score


def _values(y_true, y_pred):
    y, p = numbers("y_true", y_true), numbers("y_pred", y_pred)
    return _paired(y.astype(np.float64), p.astype(np.float64), "y_pred")


def _read_labels(name, values):
    """An array of words or whole numbers."""
    values = np.asarray(values)
    if values.dtype.kind == "O":  # words, as pandas holds them
        gaps = [place for place, value in np.ndenumerate(values) if value is None or value != value]
        if gaps:
            raise ValueError(f"{name} has a gap, {values[gaps[0]]}, at index {gaps[0]}. Drop or fill such rows.")
        values = np.array(values.tolist())
    if values.dtype.kind == "U" and values.size:
        return values
    values = numbers(name, values)
    broken = np.extract(values != np.floor(values), values)
    if broken.size:
        rows = values.ndim > 1 and values.shape[-1] > 1
        way = f"{name}.argmax(axis=1)" if rows else f"{name}{'[:, 0]' * (values.ndim - 1)} > 0.5"
        message = f"{name} must hold labels, received {broken[0]:g}."
        raise ValueError(f"{message} Probabilities become labels with {way}.")
    return values


def _paired(y, p, name):
    """Both, if their shapes agree; two columns (n, 1) as (n,)."""
    if y.shape == p.shape and y.ndim:
        return (y[:, 0], p[:, 0]) if y.ndim == 2 and y.shape[1] == 1 else (y, p)
    hint = "Pass one prediction for every target."
    if not y.ndim:
        hint = "Pass arrays, as in [1]."
    elif p.shape == (*y.shape, 1):
        hint = f"Use {name}[:, 0]."
    elif y.shape == (*p.shape, 1):
        hint = "Use y_true[:, 0]."
    elif p.shape == (*y.shape, 2) and name == "y_score":
        hint = "Use the column of the positive class, y_score[:, 1]."
    elif p.shape[:-1] == y.shape:
        hint = f"Rows of classes become labels with {name}.argmax(axis=1)."
    elif y.shape[:-1] == p.shape:
        hint = "One-hot rows become labels with y_true.argmax(axis=1)."
    raise ValueError(f"y_true has shape {y.shape}, {name} {p.shape}. {hint}")
