"""From a probability to odds and to the score of a sigmoid neuron."""

from __future__ import annotations

import math

import traitlets as t

from nncourse.widgets.base import Widget, self_contained


class OddsDial(Widget):
    """The sigmoid, and on it the point of a probability, with its odds and its score."""

    _esm = self_contained("odds_dial.js")
    height = 380

    p = t.Float(0.8, help="the probability, from 0.01 to 0.99").tag(sync=True)

    def __init__(self, p: float = 0.8, **settings):
        super().__init__(p=p, **settings)

    @t.validate("p")
    def _check(self, proposal):
        if not 0.01 <= proposal["value"] <= 0.99:
            raise t.TraitError(f"p: a probability from 0.01 to 0.99 is expected, got {proposal['value']}. Try 0.5.")
        return proposal["value"]

    def score(self) -> float:
        """The logarithm of the odds."""
        return math.log(self.p / (1 - self.p))

    def describe(self) -> str:
        return (
            f"A probability of {self.p:g} is the answer of a sigmoid neuron to a score of {self.score():.2f}. "
            "Turning the probability needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"OddsDial(p={self.p:g})"
