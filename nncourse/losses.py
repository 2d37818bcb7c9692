"""Losses: how wrong a prediction is, as one number, and which way to move (chapters 2 and 5).

A loss compares targets with predictions and averages over the batch. Value and gradient stand side
by side: training needs both. A sigmoid or softmax followed by its logarithm loses digits when the
network is sure of itself, so a cross-entropy can also take the weighted sums themselves, the
logits. Its gradient in them is the same for both: prediction minus target.
"""

import numpy as np

from .activations import sigmoid, softmax
from .derived import overridden
from .validation import chosen, floats, numbers, positive

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Crossentropy",
    "Huber",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "get",
]


class Loss:
    """A mean over the batch: `loss(y_true, y_pred)`.

    A new loss needs `value(y, p)` and `gradient(y, p)`, which may trust their arguments: floating
    point arrays of one shape and dtype.
    """

    name: str
    # The activation whose gradient simplifies with this loss, and then by `gradient_in_sum(y, a)`.
    fuses_with: str | None = None
    fuses = False  # whether `gradient_in_sum` speaks for this very loss

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        # What simplifies in the loss that this one is derived from need not in this one.
        cls.fuses = not overridden(cls, ["gradient_in_sum"], by=["value", "gradient"])

    def __call__(self, y_true, y_pred) -> float:
        """Return the mean loss; targets and predictions have the same shape."""
        y, p = self.check(y_true, y_pred)
        return float(self.value(y, p))

    def value_and_gradient(self, y_true, y_pred) -> tuple[float, np.ndarray]:
        """Return the mean loss and d loss / d y_pred, in the shape and dtype of `y_pred`."""
        y, p = self.check(y_true, y_pred)
        return float(self.value(y, p)), self.gradient(y, p)

    def value(self, y, p):
        raise NotImplementedError(f"{type(self).__name__} defines no value(y, p)")

    def gradient(self, y, p):
        raise NotImplementedError(f"{type(self).__name__} defines no gradient(y, p)")

    def check(self, y_true, y_pred) -> tuple[np.ndarray, np.ndarray]:
        """Return both as arrays that this loss can compare, or say what does not fit."""
        p = floats(numbers("predictions", y_pred, hint="A smaller learning rate may help."))
        self.check_predictions(p)
        return self.targets(numbers("targets", y_true), p.shape, p.dtype), p

    def targets(self, y, shape, dtype) -> np.ndarray:
        """Return targets as this loss compares them with predictions of that shape and dtype."""
        if y.shape != shape:
            raise ValueError(shape_message(y.shape, shape))
        y = np.ascontiguousarray(y, dtype) if y.ndim else y.astype(dtype)
        self.check_targets(y)
        return y

    def check_targets(self, y):
        """Refuse targets that this loss cannot have."""

    def check_predictions(self, p):
        """Refuse predictions that this loss cannot have."""

    def __repr__(self):
        settings = [f"{name}={value!r}" for name, value in vars(self).items() if name != "fuses_with"]
        return f"{type(self).__name__}({', '.join(settings)})"


class MeanSquaredError(Loss):
    """The mean of (p - y)^2 over all entries (Legendre, 1805)."""

    name = "mean_squared_error"

    def value(self, y, p):
        d = (p - y).ravel()
        return d.dot(d) / d.size

    def gradient(self, y, p):
        return (p - y) * (2 / p.size)


class MeanAbsoluteError(Loss):
    """The mean of |p - y| over all entries (Boscovich, 1757): far misses weigh no more than near.

    At the kink, p = y, the gradient is 0.
    """

    name = "mean_absolute_error"

    def value(self, y, p):
        return np.abs(p - y).mean()

    def gradient(self, y, p):
        return np.sign(p - y) / p.size


class Huber(Loss):
    """Squared near, straight far away (Huber, 1964).

    d^2 / 2 up to delta, then delta (|d| - delta / 2). An outlier pulls with
    force delta at most.
    """

    name = "huber"

    def __init__(self, delta: float = 1.0):
        self.delta = positive("delta", delta)

    def value(self, y, p):
        d = np.abs(p - y)
        near = np.minimum(d, self.delta)
        return (near * (d - near / 2)).mean()

    def gradient(self, y, p):
        return np.clip(p - y, -self.delta, self.delta) / p.size


class Crossentropy(Loss):
    """The surprise at what is true, minus the logarithm of the probability that was given to it.

    Predictions are probabilities, or logits with `from_logits=True`, a form that is accurate for
    logits of any size (Goodfellow, Bengio and Courville, Deep Learning, section 6.2.2).

    Probabilities are first moved into [1e-7, 1 - 1e-7], as in Keras, so that no prediction costs
    more than 16.12. The gradient is the one at the moved probability, so that a prediction that is
    entirely wrong is still told which way to go.
    """

    epsilon = 1e-7

    def __init__(self, from_logits: bool = False):
        self.from_logits = from_logits
        if from_logits:
            self.fuses_with = None

    def check_predictions(self, p):
        if not self.from_logits and (p.min() < 0 or p.max() > 1):
            message = f"probabilities must lie between 0 and 1, received {_range(p)}."
            raise ValueError(f"{message} If these are logits, use {type(self).__name__}(from_logits=True).")


class BinaryCrossentropy(Crossentropy):
    """The surprise at a yes or no: -log p where y = 1, and -log(1 - p) where y = 0.

    This is minus the log-likelihood of a coin that lands on 1 with probability p.
    """

    name = "binary_crossentropy"
    fuses_with = "sigmoid"

    def value(self, y, p):
        if self.from_logits:
            z = p  # log(1 + e^z) - z y, by e^-|z|: nothing overflows or cancels
            straight = np.maximum(z, 0) - z * y
            return (straight + np.log1p(np.exp(-np.abs(z)))).mean()
        p = np.minimum(np.maximum(p, self.epsilon), 1 - self.epsilon)
        return -(np.vdot(y, np.log(p)) + np.vdot(1 - y, np.log1p(-p))) / p.size

    def gradient(self, y, p):
        if self.from_logits:
            return (sigmoid(p) - y) / p.size
        p = np.clip(p, self.epsilon, 1 - self.epsilon)
        return (p - y) / (p * (1 - p)) / p.size

    def gradient_in_sum(self, y, a):
        """Return d loss / d z for a = sigmoid(z): the slope a (1 - a) cancels."""
        return (a - y) / a.size

    def check_targets(self, y):
        if not (y.min() >= 0 and y.max() <= 1):
            raise ValueError(f"targets must lie between 0 and 1, received {_range(y)}. {_way_to_shares(y)}")


class CategoricalCrossentropy(Crossentropy):
    """The surprise at the true class: -sum of y log p over the classes, the mean over the rows.

    Targets are one-hot rows, or rows of shares that sum to 1; predictions have a column a class.
    """

    name = "categorical_crossentropy"
    fuses_with = "softmax"

    def value(self, y, p):
        if self.from_logits:
            return -(y * log_softmax(p)).sum() / _rows(p)
        return -(y * np.log(np.clip(p, self.epsilon, 1 - self.epsilon))).sum() / _rows(p)

    def gradient(self, y, p):
        if self.from_logits:
            return (softmax(p) * y.sum(axis=-1, keepdims=True) - y) / _rows(p)
        return -y / np.clip(p, self.epsilon, 1 - self.epsilon) / _rows(p)

    def gradient_in_sum(self, y, a):
        """Return d loss / d z for a = softmax(z) and targets that sum to 1."""
        return (a - y) / _rows(a)

    def check_columns(self, shape):
        """Refuse predictions that have no column for each of two classes or more."""
        if not shape or shape[-1] < 2:
            message = f"predictions need a column a class, received shape {shape}."
            raise ValueError(f"{message} For a single output use binary_crossentropy.")

    def targets(self, y, shape, dtype):
        self.check_columns(shape)
        if y.shape in (shape[:-1], (*shape[:-1], 1)):
            raise ValueError(
                f"targets have shape {y.shape}, predictions {shape}: one-hot rows are expected. "
                "Use to_categorical(y), or sparse_categorical_crossentropy for class numbers."
            )
        return super().targets(y, shape, dtype)

    def check_targets(self, y):
        if not (y.min() >= 0 and np.allclose(y.sum(axis=-1), 1, atol=1e-4)):
            raise ValueError(
                f"every row of targets must be one-hot, or shares that sum to 1, received {_range(y)}. "
                "Where several classes can be true at once, use sigmoid and binary_crossentropy."
            )


class SparseCategoricalCrossentropy(CategoricalCrossentropy):
    """`CategoricalCrossentropy` for targets that are class numbers 0, 1, ..., not one-hot rows.

    Targets (n,), predictions (n, classes); sequences have one axis more.
    """

    name = "sparse_categorical_crossentropy"

    def value(self, y, p):
        if self.from_logits:
            return -_picked(log_softmax(p), y).sum() / y.size
        return -np.log(np.clip(_picked(p, y), self.epsilon, 1 - self.epsilon)).sum() / y.size

    def gradient(self, y, p):
        if self.from_logits:
            return self.gradient_in_sum(y, softmax(p))
        slope = np.zeros(p.shape, p.dtype)
        at = np.clip(_picked(p, y), self.epsilon, 1 - self.epsilon)
        slope.ravel()[_places(p, y)] = -1 / at / y.size
        return slope

    def gradient_in_sum(self, y, a):
        """Return d loss / d z for a = softmax(z): the shares, less 1 at the true class."""
        gradient = np.divide(a, y.size, order="C")  # so that ravel is a view
        gradient.ravel()[_places(a, y)] -= 1 / y.size
        return gradient

    def targets(self, y, shape, dtype):
        self.check_columns(shape)
        rows, classes = shape[:-1], shape[-1]
        if y.shape == (*rows, 1):
            y = y[..., 0]
        if y.shape != rows:
            one_hot = "One-hot rows go with categorical_crossentropy."
            hint = one_hot if y.shape == shape else "Use one class number a row."
            raise ValueError(f"targets have shape {y.shape}, expected {rows}. {hint}")
        wrong = ~((y >= 0) & (y < classes) & (y == np.floor(y)))
        if wrong.any():
            hint = f"For {y.max() + 1:g} classes the last layer needs as many units." if y.min() == 0 else ""
            if 1 <= y.min() <= y.max() == classes:
                hint = "Labels from 1 on become labels from 0 on with y - 1."
            message = f"labels must be whole numbers from 0 to {classes - 1}, received {y[wrong].flat[0]:g}. {hint}"
            raise ValueError(message.rstrip())
        return y.astype(np.intp)


def log_softmax(z) -> np.ndarray:
    """Return log(softmax(z)) along the last axis, exact for any scores."""
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


KNOWN = {
    loss.name: loss
    for loss in (
        MeanSquaredError,
        MeanAbsoluteError,
        Huber,
        BinaryCrossentropy,
        CategoricalCrossentropy,
        SparseCategoricalCrossentropy,
    )
}
SHORT = {"mse": MeanSquaredError, "mae": MeanAbsoluteError}


def get(name: str | Loss) -> Loss:
    """Return the loss of that name, as in `get("mse")`; a loss comes back as it is."""
    if isinstance(name, Loss):
        return name
    if isinstance(name, type) and issubclass(name, Loss):
        return name()
    return chosen("the name of a loss", name, KNOWN | SHORT)()


def _rows(p):
    return p.size // p.shape[-1]


def _places(p, y):
    """The place of the true class of every row, counted through all entries of p."""
    return np.arange(0, p.size, p.shape[-1]) + y.ravel()


def _picked(p, y):
    """The entry of each row of p at its class."""
    return p.ravel()[_places(p, y)]


def _range(values):
    return f"values from {values.min():g} to {values.max():g}"


def _way_to_shares(y):
    """What to do with targets that are no answers between no and yes."""
    labels = np.unique(y)
    if set(labels.tolist()) == {-1, 1}:
        return "Labels -1 and 1 become 0 and 1 with (y + 1) / 2."
    if len(labels) == 2:
        return f"Two labels become 0 and 1 with y == {labels[1]:g}."
    if (y == np.floor(y)).all():
        return "For several classes use sparse_categorical_crossentropy and softmax, with a unit for each class."
    return "For quantities use the loss 'mse', and no activation at the end."


def shape_message(targets, predictions):
    """Say how two shapes that should be the same differ, and what to do."""
    message, hint = f"targets have shape {targets}, predictions {predictions}:", None
    if predictions == (*targets, 1):
        hint = f"use y[{':' if len(targets) == 1 else '...'}, None]."
    if targets == (*predictions, 1):
        hint = f"use y[{':' if len(predictions) == 1 else '...'}, 0]."
    try:
        shape = np.broadcast_shapes(targets, predictions)
    except ValueError:
        return f"{message} {hint or 'expected one target for every prediction.'}"
    hint = hint or "give both the same shape."
    return f"{message} subtracting would broadcast to {shape}. {hint[0].upper()}{hint[1:]}"
