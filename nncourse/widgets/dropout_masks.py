"""Dropout step by step: a mask for every example, and what the next layer gets on average (chapter 14)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse import layers
from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.chance import draw

ROWS, NEURONS, STEPS = 4, 10, 100


class Told:
    """Chance that a layer asks for, told in advance: the numbers that the page draws."""

    def __init__(self, numbers):
        self.numbers = numbers

    def random(self, shape, dtype=None):
        return self.numbers.reshape(shape)


class DropoutMasks(Widget):
    """Ten neurons, each with a 1 to hand on, for four examples a step; the next layer adds up what reaches it.

    In training each neuron is silent with probability `rate`, from 0 to 0.8, drawn anew for every example of every
    step; with `scaled` the others are multiplied by 1 / (1 - rate). `in_use` nobody is silent. `step` goes from 1 to
    100, and `seed` says which numbers are drawn.
    """

    _esm = self_contained("dropout_masks.js")
    height = 510

    rate = t.Float(0.3).tag(sync=True)
    scaled = t.Bool(True, help="multiply those that are heard by 1 / (1 - rate)").tag(sync=True)
    in_use = t.Bool(False, help="the network is used, not trained").tag(sync=True)
    step = t.Int(1).tag(sync=True)
    seed = t.Int(1, min=0, max=2**31 - 1).tag(sync=True)

    def __init__(self, rate: float = 0.3, scaled: bool = True, **settings):
        super().__init__(rate=rate, scaled=scaled, **settings)

    @t.validate("rate", "step")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high, example = {"rate": (0, 0.8, 0.3), "step": (1, STEPS, 1)}[name]
        if not low <= value <= high:  # refuses nan, too
            raise t.TraitError(f"{name}: from {low} to {high} is expected, got {value}. Try {example}.")
        return value

    def handed_on(self, step: int | None = None) -> np.ndarray:
        """Return what leaves the ten neurons for the four examples of a step, (4, 10); a silent one sends 0."""
        step, h = self.step if step is None else step, np.ones((ROWS, NEURONS))
        first = (step - 1) * h.size + 1
        layer = layers.Dropout(self.rate).build((NEURONS,), rng=0)
        layer.rng = Told(np.array([draw(self.seed, i) for i in range(first, first + h.size)]))
        out = layer.forward(h, training=not self.in_use)
        return out if self.scaled or self.in_use else (out > 0) * h

    def sums(self, step: int | None = None) -> np.ndarray:
        """Return what the next layer gets, (4,): the sum over the ten neurons, for each example of a step."""
        return self.handed_on(step).sum(axis=1)

    def running_mean(self) -> float:
        """Return the mean of all sums up to this step."""
        return float(np.mean([self.sums(step) for step in range(1, self.step + 1)]))

    def describe(self) -> str:
        silent = (self.handed_on() == 0).sum(axis=1)
        said = "in use" if self.in_use else f"at step {self.step} of training with a dropout rate of {self.rate:g}"
        return (
            f"Ten neurons and four examples, {said}: {', '.join(map(str, silent[:-1]))} and {silent[-1]} neurons are "
            f"silent. The next layer gets {self.running_mean():.2f} on average so far, and 10 in use. "
            "Stepping and turning the rate needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"DropoutMasks(rate={self.rate:g}, scaled={self.scaled}, in_use={self.in_use}, step={self.step})"
