"""The perceptron stepped through a data set, one example at a time (chapter 01)."""

from __future__ import annotations

import traitlets as t

from nncourse import datasets
from nncourse.widgets.base import Widget, self_contained

GATES = ("AND", "OR", "NAND", "XOR")


def gate_points(gate: str) -> list[list[float]]:
    """The four rows `[x1, x2, y]` of a logic gate."""
    x, y = datasets.logic_gate(gate)
    return [[*row, int(label)] for row, label in zip(x.tolist(), y, strict=True)]


class PerceptronStepper(Widget):
    """Rosenblatt's rule, one example a step, on points that can be added, moved and relabelled.

    `points` holds rows `[x1, x2, y]` with coordinates from -1 to 2 and labels 0 or 1; without them, `gate` names four.
    `weights` is `[b, w1, w2]`, `mistakes` counts one number an epoch. Every change of data or rule starts again from 0.
    """

    _esm = self_contained("perceptron_stepper.js")
    height = 640

    gate = t.Enum([*GATES, "own"], "AND").tag(sync=True)
    points = t.List(t.List(t.Float(), minlen=3, maxlen=3), minlen=1, maxlen=24).tag(sync=True)
    learning_rate = t.Float(1.0, min=0.1, max=2.0).tag(sync=True)
    strict = t.Bool(False, help="fire only where the score is above 0, not at 0").tag(sync=True)
    weights = t.List(t.Float(), [0.0, 0.0, 0.0], minlen=3, maxlen=3).tag(sync=True)
    position = t.Int(0, help="row of the next example").tag(sync=True)
    missed = t.Int(0, help="mistakes so far in the running epoch").tag(sync=True)
    mistakes = t.List(t.Int()).tag(sync=True)
    last = t.Dict(help="the last example: index, score, prediction, weights before").tag(sync=True)

    def __init__(self, gate: str = "AND", points=None, **settings):
        if points is not None:
            gate = "own"
        elif gate == "own":
            raise ValueError("gate 'own' needs points=[[x1, x2, label], ...]")
        super().__init__(gate=gate, points=gate_points(gate) if points is None else points, **settings)

    @t.validate("points")
    def _check_points(self, proposal):
        for x1, x2, label in proposal["value"]:
            if label not in (0, 1) or not (-1 <= x1 <= 2 and -1 <= x2 <= 2):
                raise t.TraitError(
                    f"a point is [x1, x2, label] with coordinates from -1 to 2 and label 0 or 1, got {[x1, x2, label]}"
                )
        return proposal["value"]

    def describe(self) -> str:
        return (
            f"A perceptron learns {self.gate if self.gate != 'own' else 'your points'} one example at a time: "
            "each step shows the score, the prediction and how the weights and their line move. "
            "This widget needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"PerceptronStepper(gate={self.gate!r}, learning_rate={self.learning_rate:g})"
