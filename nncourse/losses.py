"""Losses: how wrong a prediction is, as one number, and which way to move (chapters 2 and 5).

A loss compares targets with predictions and averages over the batch. Value and gradient travel
together: what makes the value makes the gradient, and training needs both. A sigmoid followed by
its logarithm loses digits when the neuron is sure of itself, so the loss can also take the weighted
sum itself, the logit.
"""

import numpy as np

from .activations import floats, sigmoid

__all__ = ["BinaryCrossentropy"]


class BinaryCrossentropy:
    """The surprise at a yes or no: -log p where y = 1, and -log(1 - p) where y = 0.

    This is minus the log-likelihood of a coin that lands on 1 with probability p (Goodfellow,
    Bengio and Courville, Deep Learning, section 6.2.2). Predictions are probabilities, or logits
    with `from_logits=True`, a form that is accurate for logits of any size.

    Probabilities are first moved into [1e-7, 1 - 1e-7], as in Keras, so that no prediction costs
    more than 16.12. The gradient is the one at the moved probability, so that a prediction that is
    entirely wrong is still told which way to go.
    """

    epsilon = 1e-7

    def __init__(self, from_logits: bool = False):
        self.from_logits = from_logits

    def __call__(self, y_true, y_pred) -> float:
        """Return the mean loss; targets and predictions have the same shape."""
        return self.value_and_gradient(y_true, y_pred)[0]

    def value_and_gradient(self, y_true, y_pred) -> tuple[float, np.ndarray]:
        """Return the mean loss and d loss / d y_pred, in the shape and dtype of `y_pred`."""
        y, p = _targets_and_predictions(y_true, y_pred)
        if self.from_logits:
            return self._from_logits(y, p)
        if p.min() < 0 or p.max() > 1:
            message = f"probabilities must lie between 0 and 1, received {_range(p)}."
            hint = "If these are logits, use BinaryCrossentropy(from_logits=True)."
            raise ValueError(f"{message} {hint}")
        p = np.clip(p, self.epsilon, 1 - self.epsilon)
        loss = -(y * np.log(p) + (1 - y) * np.log1p(-p))
        gradient = (p - y) / (p * (1 - p))
        return float(loss.mean()), gradient / p.size

    def _from_logits(self, y, z):
        # log(1 + e^z) - z y, with e^-|z| in place of e^z so that nothing overflows or cancels
        loss = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
        gradient = sigmoid(z) - y
        return float(loss.mean()), gradient / z.size

    def __repr__(self):
        return f"BinaryCrossentropy(from_logits={self.from_logits})"


def _targets_and_predictions(y_true, y_pred):
    """Return both as float arrays of one dtype, or say what does not fit."""
    predictions = floats(y_pred)
    targets = floats(y_true).astype(predictions.dtype, copy=False)
    if targets.shape != predictions.shape:
        raise ValueError(_shape_message(targets.shape, predictions.shape))
    if targets.size == 0:
        message = f"the batch must not be empty, received shape {targets.shape}."
        raise ValueError(f"{message} Pass at least one example.")
    if not np.isfinite(predictions).all():
        bad = np.count_nonzero(~np.isfinite(predictions))
        message = (
            f"predictions must be finite, received {bad} of {predictions.size} NaN or infinite."
        )
        raise ValueError(f"{message} A smaller learning rate may help.")
    if not (targets.min() >= 0 and targets.max() <= 1):
        message = f"targets must lie between 0 and 1, received {_range(targets)}."
        raise ValueError(f"{message} Labels -1 and 1 become 0 and 1 with (y + 1) / 2.")
    return targets, predictions


def _range(values):
    return f"values from {values.min():g} to {values.max():g}"


def _shape_message(targets, predictions):
    message = f"targets have shape {targets}, predictions {predictions}"
    try:
        message += f": subtracting would broadcast to {np.broadcast_shapes(targets, predictions)}. "
    except ValueError:
        return f"{message}: expected one target for every prediction."
    if predictions == (*targets, 1):
        return message + "Use y[:, None]."
    if targets == (*predictions, 1):
        return message + "Use y[:, 0]."
    return message + "Give both the same shape."
