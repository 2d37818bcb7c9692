"""What a miss costs and how hard it pulls: at a line through points, and at a sigmoid neuron (chapter 5)."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import traitlets as t

from nncourse import losses
from nncourse.activations import sigmoid
from nncourse.widgets.base import Widget, self_contained

X = np.arange(10.0)
NINE = (1.1, 1.8, 2.1, 2.0, 3.4, 3.7, 3.8, 4.7, 5.1)  # heights of all points but the last
EDGE = math.log((1 - 1e-7) / 1e-7)  # the score at which a probability is clipped
MOST = 20_000  # steps that are tried
LIMITS = {"last": (0, 20), "delta": (0.5, 10), "score": (-20, 20)}


def fit_squared(y, weights=1.0) -> tuple[float, float]:
    """Slope and intercept of the line of least squares; weights (n,) or one for all."""
    weights = np.broadcast_to(weights, y.shape)
    share = weights / weights.sum()
    x0, y0 = share @ X, share @ y
    w = share @ ((X - x0) * (y - y0)) / (share @ (X - x0) ** 2)
    return float(w), float(y0 - w * x0)


def fit_absolute(y) -> tuple[float, float]:
    """A line of least absolute error: some best line goes through two of the points (Edgeworth, 1887)."""
    best, least = (0.0, 0.0), math.inf
    for i, j in combinations(range(len(y)), 2):
        w = (y[j] - y[i]) / (X[j] - X[i])
        line = float(w), float(y[i] - w * X[i])
        cost = np.abs(line[0] * X + line[1] - y).mean()
        if cost < least - 1e-9:
            best, least = line, cost
    return best


def fit_huber(y, delta) -> tuple[float, float]:
    """The line of least Huber error: least squares again and again, where a far miss counts delta / |r|."""
    line = fit_squared(y)
    for _ in range(1000):
        size = np.abs(line[0] * X + line[1] - y)
        before, line = line, fit_squared(y, delta / np.maximum(size, delta))
        if abs(line[0] - before[0]) + abs(line[1] - before[1]) < 1e-14:
            break
    return line


class LossShapes(Widget):
    """Losses as curves, with their slopes, and what the slopes do.

    In the view "residual" ten points stand near a line, and the last of them, at the height `last`, can be moved:
    squared, absolute and Huber error (with `delta`) draw their lines. In the view "score" a sigmoid neuron has the
    `score`, and the answer is `yes` or no: cross-entropy, the same with clipped probabilities, and squared error say
    what that costs, and how many steps of gradient descent with the rate 1 lead to the right side.
    """

    _esm = self_contained("loss_shapes.js")
    height = 690

    view = t.Enum(["residual", "score"], "residual").tag(sync=True)
    last = t.Float(20.0, help="height of the last point").tag(sync=True)
    delta = t.Float(1.0, help="where Huber's square ends").tag(sync=True)
    score = t.Float(-10.0, help="what the sigmoid neuron says, before the sigmoid").tag(sync=True)
    yes = t.Bool(True, help="the answer is yes").tag(sync=True)

    def __init__(self, view: str = "residual", **settings):
        super().__init__(view=view, **settings)

    @t.validate("last", "delta", "score")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high = LIMITS[name]
        if not low <= value <= high:  # refuses nan, too
            raise t.TraitError(f"{name}: a number from {low:g} to {high:g} is expected, got {value}. Try {high / 2:g}.")
        return value

    def lines(self) -> dict[str, tuple[float, float]]:
        """Slope and intercept of the line that each loss draws through the points."""
        y = np.array([*NINE, self.last])
        return {"squared": fit_squared(y), "absolute": fit_absolute(y), "Huber": fit_huber(y, self.delta)}

    def pulls(self) -> dict[str, tuple[float, float]]:
        """The miss r of the last point at each line, and the slope of what it costs."""
        kinds = (losses.MeanSquaredError(), losses.MeanAbsoluteError(), losses.Huber(self.delta))
        told = {}
        for (name, (w, b)), loss in zip(self.lines().items(), kinds, strict=True):
            r = round(float(w * X[-1] + b - self.last), 12)  # through the point is 0, not a rounding
            told[name] = r, float(loss.value_and_gradient([0.0], [r])[1][0])
        return told

    def costs(self) -> dict[str, tuple[float, float]]:
        """What the score costs by each loss, and the slope of that in the score."""
        z, y = self.score, float(self.yes)
        p = sigmoid(z)
        cross = float(losses.BinaryCrossentropy(from_logits=True)([y], [z]))
        clipped = float(losses.BinaryCrossentropy()([y], [p]))
        return {
            "cross-entropy": (cross, float(p - y)),
            "clipped": (clipped, float(p - y) if abs(z) < EDGE else 0.0),
            "squared error": (float((p - y) ** 2), float(2 * (p - y) * p * (1 - p))),
        }

    def steps(self) -> dict[str, int | None]:
        """How many steps with the learning rate 1 lead to the right side of 0; None where 20000 do not."""
        y = float(self.yes)

        def probability(z):  # `sigmoid` for one number, twenty times as fast
            return 1 / (1 + math.exp(-z))

        slopes = {
            "cross-entropy": lambda z: probability(z) - y,
            "clipped": lambda z: probability(z) - y if abs(z) < EDGE else 0.0,
            "squared error": lambda z: 2 * ((p := probability(z)) - y) * p * (1 - p),
        }
        told = {}
        for name, slope in slopes.items():
            z, count = self.score, 0
            while (z >= 0) != self.yes and count < MOST and (pull := slope(z)):
                z, count = z - pull, count + 1
            told[name] = count if (z >= 0) == self.yes else None
        return told

    def describe(self) -> str:
        if self.view == "residual":
            slopes = ", ".join(f"{name} {w:.2f}" for name, (w, _) in self.lines().items())
            return (
                f"Ten points, the last of them at the height {self.last:g}, and the slopes of the lines that three "
                f"losses draw through them: {slopes}. Moving the point and Huber's delta needs JavaScript."
            )
        slopes = ", ".join(f"{name} {slope:.5f}" for name, (_, slope) in self.costs().items())
        return (
            f"A sigmoid neuron has the score {self.score:g}, and the answer is {'yes' if self.yes else 'no'}. The "
            f"slopes of three losses in the score: {slopes}. Moving the score needs JavaScript."
        )

    def __repr__(self) -> str:
        if self.view == "residual":
            return f"LossShapes('residual', last={self.last:g}, delta={self.delta:g})"
        return f"LossShapes('score', score={self.score:g}, yes={self.yes})"
