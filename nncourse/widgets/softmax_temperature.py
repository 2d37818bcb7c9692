"""Scores become shares: what a temperature does to a softmax, and what a bonus for all does not (chapter 4)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse.activations import softmax
from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.chance import draws

LIMITS = {"temperature": (0.05, 50), "bonus": (0, 1000), "seed": (0, 1000)}
EVENINGS = 100


class SoftmaxTemperature(Widget):
    """Between two and five `scores`, divided by a `temperature`, become shares.

    `names` are the words for what is scored. Every score gets the `bonus` first. A hundred choices are drawn with the
    shares as probabilities, with the numbers of a `seed`.
    """

    _esm = self_contained("softmax_temperature.js")
    height = 640

    scores = t.List(t.Float(), minlen=2, maxlen=5).tag(sync=True)
    names = t.List(t.Unicode(), minlen=2, maxlen=5).tag(sync=True)
    temperature = t.Float(1.0).tag(sync=True)
    bonus = t.Float(0.0, help="added to every score").tag(sync=True)
    seed = t.Int(0, help="of the numbers that choose").tag(sync=True)

    def __init__(self, scores=(2.0, 1.0, 0.1), names=None, **settings):
        scores = [float(score) for score in scores]
        names = list(names) if names is not None else ["first", "second", "third", "fourth", "fifth"][: len(scores)]
        if len(names) != len(scores):
            raise t.TraitError(f"names: a word for each of the {len(scores)} scores is expected, got {len(names)}.")
        super().__init__(scores=scores, names=names, **settings)

    @t.validate("scores")
    def _check_scores(self, proposal):
        for score in proposal["value"]:
            if not -5 <= score <= 5:  # refuses nan, too
                raise t.TraitError(f"scores: numbers from -5 to 5 are expected, got {score}. Try [2.0, 1.0, 0.1].")
        return proposal["value"]

    @t.validate("temperature", "bonus", "seed")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high = LIMITS[name]
        if not low <= value <= high:
            raise t.TraitError(f"{name}: a number from {low:g} to {high:g} is expected, got {value}. Try 1.")
        return value

    def shares(self) -> np.ndarray:
        """Return the softmax of the scores with their bonus, divided by the temperature, (K,)."""
        return softmax((np.array(self.scores) + self.bonus) / self.temperature)

    def as_typed(self) -> np.ndarray:
        """Return the exponentials as the formula has them, (K,): infinite where they overflow."""
        with np.errstate(over="ignore"):
            return np.exp((np.array(self.scores) + self.bonus) / self.temperature)

    def chosen(self) -> list[int]:
        """Return how often each is chosen in a hundred choices."""
        ends = np.cumsum(self.shares())
        ends[-1] = 1.0
        places = np.searchsorted(ends, draws(1000 * self.seed + 1, EVENINGS), side="right")
        return np.bincount(places, minlength=len(self.scores)).tolist()

    def describe(self) -> str:
        told = ", ".join(f"{name} {share:.3f}" for name, share in zip(self.names, self.shares(), strict=True))
        return (
            f"A softmax of the scores {', '.join(f'{score:g}' for score in self.scores)} at the temperature "
            f"{self.temperature:g} gives the shares {told}. Changing scores and temperature needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"SoftmaxTemperature({self.scores}, temperature={self.temperature:g}, bonus={self.bonus:g})"
