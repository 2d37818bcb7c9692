"""The light switch and the dimmer: one neuron with a step or a sigmoid, on exam results (chapter 02)."""

from __future__ import annotations

import math

import numpy as np
import traitlets as t

from nncourse import datasets, losses
from nncourse.widgets.base import Widget, self_contained

LAST_HOUR = 7.0


def exam_points() -> list[list[float]]:
    """The ten students of `datasets.exam_hours` as rows `[hours, passed]`."""
    x, y = datasets.exam_hours()
    return np.column_stack([x, y]).tolist()


class SigmoidNeuron(Widget):
    """One neuron, `z = w x + b`, whose output is a step (a light switch) or a sigmoid (a dimmer) of z.

    `points` holds rows `[hours, passed]` with hours from 0 to 7 and passed 0 or 1: the ten exam results of
    `datasets.exam_hours` without them. `mode` is "sigmoid" or "step", `overlay` draws the other one too. `hold` is the
    firing point that stays while the slider of w moves, or None. `start` is what "Start again" returns to.
    """

    _esm = self_contained("sigmoid_neuron.js")
    height = 670

    w = t.Float(1.0, min=-10, max=10, help="weight of the hours").tag(sync=True)
    b = t.Float(-2.0, min=-40, max=40, help="bias").tag(sync=True)
    mode = t.Enum(["sigmoid", "step"], "sigmoid").tag(sync=True)
    overlay = t.Bool(False, help="draw the other curve as well").tag(sync=True)
    hold = t.Float(None, allow_none=True, help="firing point kept while w moves").tag(sync=True)
    points = t.List(t.List(t.Float(), minlen=2, maxlen=2), minlen=1, maxlen=24).tag(sync=True)
    learning_rate = t.Float(0.5, min=0.1, max=2.0).tag(sync=True)
    start = t.Dict(help="w, b and points at the beginning").tag(sync=True)

    def __init__(self, w: float = 1.0, b: float = -2.0, points=None, **settings):
        points = exam_points() if points is None else np.asarray(points, dtype=np.float64).tolist()
        super().__init__(w=w, b=b, points=points, **settings)
        self.start = {"w": self.w, "b": self.b, "points": self.points}

    @t.validate("w", "b", "learning_rate", "hold")
    def _check_number(self, proposal):
        if proposal["value"] is not None and not math.isfinite(proposal["value"]):
            raise t.TraitError(f"{proposal['trait'].name} must be a finite number, got {proposal['value']}")
        return proposal["value"]

    @t.validate("points")
    def _check_points(self, proposal):
        for hours, passed in proposal["value"]:
            if passed not in (0, 1) or not 0 <= hours <= LAST_HOUR:
                raise t.TraitError(
                    f"a point is [hours, passed] with hours from 0 to {LAST_HOUR:g} and passed 0 or 1, "
                    f"got {[hours, passed]}"
                )
        return proposal["value"]

    def describe(self) -> str:
        fires = f"at x = {-self.b / self.w:.2f}" if self.w else "nowhere in particular, since w = 0"
        x, y = np.array(self.points).T
        if self.mode == "step":
            wrong = int(np.sum((self.w * x + self.b >= 0) != y))
            state = f"A step neuron with w = {self.w:g} and b = {self.b:g} switches {fires}: {wrong} of {len(y)} wrong."
        else:
            loss = losses.BinaryCrossentropy(from_logits=True)(y, self.w * x + self.b)
            state = f"A sigmoid neuron with w = {self.w:g} and b = {self.b:g} fires (p = 0.5) {fires}; loss {loss:.2f}."
        return f"{state} Turning w and b by hand, or by gradient steps, needs JavaScript."

    def __repr__(self) -> str:
        return f"SigmoidNeuron(w={self.w:g}, b={self.b:g}, mode={self.mode!r})"
