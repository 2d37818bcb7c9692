"""Where an L1 and an L2 penalty move the bottom of a bowl of two weights, and why only one makes zeros (chapter 14)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse import regularizers
from nncourse.widgets.base import Widget, self_contained

PENALTIES = {"L1": regularizers.l1, "L2": regularizers.l2}
LIMITS = {"bottom": (-2.0, 2.0), "correlation": (-0.9, 0.9), "strength": (0.0, 2.0)}
EXAMPLES = {"bottom": "[1.2, 0.5]", "correlation": "0.4", "strength": "0.8"}


class PenaltyGeometry(Widget):
    """A bowl of two weights and a penalty beside it.

    The loss is d.C d / 2, where d is how far the weights w are from `bottom` and C has ones on its diagonal and
    `correlation` beside it. The penalty is `strength` times the sum of |w| for "L1", and of w^2 for "L2". `bottom` goes
    from -2 to 2 in either weight, `correlation` from -0.9 to 0.9, `strength` from 0 to 2. `landing` marks the bottoms
    from which a weight lands on exactly 0.
    """

    _esm = self_contained("penalty_geometry.js")
    height = 605

    penalty = t.Enum(list(PENALTIES), "L1").tag(sync=True)
    bottom = t.List(t.Float(), [1.2, 0.5], minlen=2, maxlen=2, help="the weights of least loss").tag(sync=True)
    correlation = t.Float(0.4, help="of the two inputs").tag(sync=True)
    strength = t.Float(0.8).tag(sync=True)
    landing = t.Bool(False, help="mark the bottoms that end with a zero").tag(sync=True)

    def __init__(self, penalty: str = "L1", bottom=(1.2, 0.5), correlation=0.4, strength=0.8, **settings):
        bottom = [float(value) for value in bottom]
        super().__init__(penalty=penalty, bottom=bottom, correlation=correlation, strength=strength, **settings)

    @t.validate("bottom", "correlation", "strength")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high = LIMITS[name]
        for number in value if name == "bottom" else [value]:
            if not low <= number <= high:  # refuses nan, too
                raise t.TraitError(f"{name}: from {low:g} to {high:g} is expected, got {number}. Try {EXAMPLES[name]}.")
        return value

    def loss(self, w) -> float:
        """Return the loss of the weights w (2,), without the penalty."""
        d = np.asarray(w, dtype=float) - self.bottom
        return float(d @ self._curvature() @ d) / 2

    def total(self, w) -> float:
        """Return the loss of the weights w (2,) and the penalty on them."""
        return self.loss(w) + PENALTIES[self.penalty](self.strength)(w)

    def weights(self, strength: float | None = None) -> np.ndarray:
        """Return the weights (2,) with the lowest total, for this strength or another."""
        strength = self.strength if strength is None else strength
        C = self._curvature()
        pull = C @ self.bottom
        if self.penalty == "L2":
            return np.linalg.solve(C + 2 * strength * np.eye(2), pull)
        w = np.zeros(2)
        for _ in range(200):  # one weight after the other: the soft threshold with the other one held
            for j in (0, 1):
                alone = pull[j] - self.correlation * w[1 - j]
                w[j] = np.sign(alone) * max(abs(alone) - strength, 0.0)
        return w

    def zeros(self) -> list[bool]:
        """Tell of each weight whether the lowest total has it at 0."""
        return (np.abs(self.weights()) < 1e-12).tolist()

    def _curvature(self) -> np.ndarray:
        return np.array([[1.0, self.correlation], [self.correlation, 1.0]])

    def describe(self) -> str:
        before, after = (f"({one:.2f}, {two:.2f})" for one, two in (self.bottom, self.weights().round(2) + 0.0))
        count = ("none of them", "one of them", "both")[sum(self.zeros())]
        return (
            f"Two weights whose loss is lowest at {before}, with a correlation of {self.correlation:g} between their "
            f"inputs. An {self.penalty} penalty of strength {self.strength:g} moves the lowest place to {after}: "
            f"{count} exactly 0. Moving the bottom and turning the penalty needs JavaScript."
        )

    def __repr__(self) -> str:
        return (
            f"PenaltyGeometry({self.penalty!r}, bottom={self.bottom}, correlation={self.correlation:g}, "
            f"strength={self.strength:g})"
        )
