"""The 3-2-1 network: values flow forward, slopes flow back, then all parameters move (chapters 03 and 07)."""

from __future__ import annotations

import math

import numpy as np
import traitlets as t

from nncourse import layers, models
from nncourse.widgets.base import Widget, self_contained

NAMES = [*(f"w{k}" for k in range(1, 9)), "b1", "b2", "b3"]
MEAN, SPREAD = (100.0, 5.0, 4.0), (15.0, 2.0, 1.75)  # of IQ, study and play, as in `datasets.study_habits`
LAST = {"forward": 2, "both": 4}  # the stations: inputs, hidden layer, answer, then back to delta 3, to deltas 1 and 2
MOST = 8.0  # where the slider of a parameter ends


class ThreeTwoOne(Widget):
    """A student on her way through the 3-2-1 network, sigmoid in both layers, and back with the squared loss.

    `x` holds her IQ, study and play, standardised; with `raw` the network is fed the numbers themselves. `w` and `b`
    list the parameters in the order of the picture: w1 and w2 leave the IQ, w7 and w8 lead to the output. `way` is
    "both", or "forward" for the way forward alone. `look` names the parameter that is worked out, and `station` says
    how far the numbers have come, from 0 to 4.
    """

    _esm = self_contained("three_two_one.js")
    height = 720

    x = t.List(t.Float(), help="standardised IQ, study and play").tag(sync=True)
    y = t.Float(1.0, help="target, 0 or 1").tag(sync=True)
    w = t.List(t.Float(), help="w1 to w8").tag(sync=True)
    b = t.List(t.Float(), help="b1 to b3").tag(sync=True)
    raw = t.Bool(False, help="feed IQ points and hours").tag(sync=True)
    way = t.Enum(list(LAST), "both").tag(sync=True)
    station = t.Int(4).tag(sync=True)
    look = t.Enum(NAMES, "w3").tag(sync=True)
    learning_rate = t.Float(0.1).tag(sync=True)
    rounds = t.Int(0, help="updates so far").tag(sync=True)
    start = t.Dict(help="what `Start again` returns to").tag(sync=True)

    def __init__(
        self,
        way: str = "both",
        x=(1.0, 0.5, -1.0),
        w=(0.1, 0.2, 0.3, -0.1, -0.2, 0.4, 0.5, -0.3),
        b=(0.0, 0.0, 0.0),
        **settings,
    ):
        lists = {name: np.asarray(values, dtype=np.float64).tolist() for name, values in (("x", x), ("w", w), ("b", b))}
        super().__init__(way=way, station=settings.pop("station", LAST.get(way, 4)), **lists, **settings)
        self.start = {name: getattr(self, name) for name in ("x", "y", "w", "b", "raw", "rounds")} | {"station": 0}

    @t.validate("x", "w", "b")
    def _check_list(self, proposal):
        name, values = proposal["trait"].name, proposal["value"]
        count, most = {"x": (3, 3.0), "w": (8, MOST), "b": (3, MOST)}[name]
        if len(values) != count or not all(-most <= value <= most for value in values):  # refuses nan, too
            hint = " IQ 115 is x = 1: one standard deviation above the mean." if name == "x" else ""
            raise t.TraitError(f"{name}: {count} numbers from {-most:g} to {most:g} are expected, got {values}.{hint}")
        return values

    @t.validate("y", "learning_rate", "station", "rounds")
    def _check_number(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        ends = {"y": (0, 1), "learning_rate": (0.1, 5), "station": (0, LAST[self.way]), "rounds": (0, math.inf)}
        low, high = ends[name]
        if not low <= value <= high or (name == "y" and value not in (0, 1)):
            says = "0 or 1" if name == "y" else f"a number from {low:g} to {high:g}"
            raise t.TraitError(f"{name}: {says} is expected, got {value}. Try 1.")
        return value

    def entering(self) -> np.ndarray:
        """Return what enters the network, (3,): x, or the raw numbers."""
        x = np.array(self.x)
        return np.array(MEAN) + np.array(SPREAD) * x if self.raw else x

    def network(self) -> models.Sequential:
        """Return the network as one of the package, in float64."""
        network = models.Sequential(
            [layers.Dense(2, "sigmoid", input_shape=(3,)), layers.Dense(1, "sigmoid")], dtype="float64"
        )
        network.compile("sgd", loss="mse")
        w, b = np.array(self.w), np.array(self.b)
        network.set_weights([w[:6].reshape(3, 2), b[:2], w[6:, None], b[2:]])
        return network

    def answer(self) -> float:
        """Return what the network answers."""
        return float(self.network().predict(self.entering()[None])[0, 0])

    def loss(self) -> float:
        """Return the squared loss, (answer - y) ** 2."""
        return (self.answer() - self.y) ** 2

    def slopes(self) -> dict[str, float]:
        """Return the slope of the loss in each of the eleven parameters, by name."""
        network = self.network()
        _, gradient = network.objective(self.entering()[None], np.array([self.y]))(network.parameters)
        order = ["w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "w7", "w8", "b3"]
        found = dict(zip(order, gradient.tolist(), strict=True))
        return {name: found[name] for name in NAMES}

    def describe(self) -> str:
        fed = ", ".join(f"{value:g}" for value in self.entering())
        text = f"The 3-2-1 network is fed {fed} and answers {self.answer():.4f}. "
        if self.way == "forward":
            return text + "Following the numbers neuron by neuron, and turning inputs and weights, needs JavaScript."
        return text + (
            f"The target is {self.y:g}, the squared loss {self.loss():.4f}, and its slope in {self.look} is "
            f"{self.slopes()[self.look]:.4f}. Walking forward and back, nudging a weight and updating needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"ThreeTwoOne({self.way!r}, x={[round(value, 6) for value in self.x]}, look={self.look!r})"
