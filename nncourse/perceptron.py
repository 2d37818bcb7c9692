"""The perceptron: one neuron that learns from its mistakes (chapter 1).

It adds up weighted inputs and fires when the sum reaches zero. Shown an example that it gets wrong,
it moves its weights towards the example or away from it; shown one that it gets right, it leaves
them alone. If a line can separate the two classes, this stops at one (Rosenblatt, 1958; Novikoff,
1962). If none can, it never comes to rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .activations import step
from .validation import numbers, positive, whole

if TYPE_CHECKING:  # np.random is loaded when a generator is asked for
    from numpy.random import Generator

__all__ = ["Perceptron"]


class Perceptron:
    """Rosenblatt's learning rule for labels 0 and 1.

    For every mistake, `weights += learning_rate * (y - prediction) * x`, and the same for the bias
    with x = 1. Learning starts at zero and ends with the first epoch without a mistake, or after
    `epochs` of them.

    Learned by `fit`: `weights_` of shape (d,), `bias_`, and `mistakes_`, one count an epoch.
    """

    def __init__(self, learning_rate: float = 0.1, epochs: int = 10):
        positive("learning_rate", learning_rate, hint="Try 0.1.")
        whole("epochs", epochs, hint="Try 10.")
        self.learning_rate = learning_rate
        self.epochs = epochs

    def fit(self, x, y, *, rng: int | Generator | None = None) -> Perceptron:
        """Learn from rows x (n, d) with labels y (n,).

        The rows come in this order or, with `rng`, shuffled in every epoch.
        """
        x, y = _examples(x), _labels(y, len(x))
        rng = None if rng is None else np.random.default_rng(rng)
        weights, bias = np.zeros(x.shape[1]), 0.0
        self.mistakes_ = []
        rows, targets, order = list(x), y.tolist(), range(len(x))
        for _ in range(self.epochs):
            if rng:
                order = rng.permutation(len(x))
            mistakes = 0
            for i in order:
                row = rows[i]
                prediction = 1.0 if bias + row.dot(weights) >= 0 else 0.0
                error = targets[i] - prediction  # -1, 0 or 1
                if error:
                    weights += self.learning_rate * error * row
                    bias += self.learning_rate * error
                    mistakes += 1
            self.mistakes_.append(mistakes)
            if mistakes == 0:
                break
        self.weights_, self.bias_ = weights, bias
        return self

    def decision_function(self, x) -> np.ndarray:
        """Return the score of every row, shape (n,): rows from 0 on belong to class 1."""
        if not hasattr(self, "weights_"):
            raise ValueError("this Perceptron has not learned anything yet. Call fit(x, y) first.")
        x = _examples(x)
        if x.shape[1] != len(self.weights_):
            columns = f"{len(self.weights_)} columns, as in fit, received {x.shape[1]}"
            raise ValueError(f"x must have {columns}. Pass the same features.")
        return self.bias_ + x @ self.weights_

    def predict(self, x) -> np.ndarray:
        """Return the class of every row, 0.0 or 1.0, shape (n,)."""
        return step(self.decision_function(x))

    def __repr__(self):
        return f"Perceptron(learning_rate={self.learning_rate}, epochs={self.epochs})"


def _examples(x):
    x = numbers("x", x).astype(np.float64)
    if x.ndim != 2:
        flat = "For one example use [x], for one feature x[:, None]."
        fix = flat if x.ndim == 1 else "Try x.reshape(len(x), -1)."
        raise ValueError(f"x must have shape (n, d), received {x.shape}. {fix}")
    return x


def _labels(y, n):
    y = numbers("y", y).astype(np.float64)
    if y.shape != (n,):
        fix = "Use y.ravel()." if y.size == n else "Pass one label for every row of x."
        raise ValueError(f"y must have shape ({n},), received {y.shape}. {fix}")
    classes = np.unique(y).tolist()
    if not set(classes) <= {0, 1}:
        signs = set(classes) <= {-1, 1}
        fix = "Use (y + 1) / 2." if signs else "Use y == c, where c is the class that should fire."
        shown = f"{classes}" if len(classes) <= 5 else f"{len(classes)} values, {classes[:5]} first"
        raise ValueError(f"labels must be 0 or 1, received {shown}. {fix}")
    return y
