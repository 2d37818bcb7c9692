"""A playground: data, layers and a rule to choose, and a network that learns on the page (chapters 2 to 14)."""

from __future__ import annotations

import math
from itertools import count, pairwise

import numpy as np
import traitlets as t

from nncourse import models, optimizers, regularizers
from nncourse.layers import Dense, Dropout, Input
from nncourse.losses import BinaryCrossentropy
from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.chance import draw, draws

DATA = ("circles", "xor", "moons", "spirals", "blobs", "waves")
FEATURES = {
    "x1": lambda a, b: a,
    "x2": lambda a, b: b,
    "x1^2": lambda a, b: a * a,
    "x2^2": lambda a, b: b * b,
    "x1 x2": lambda a, b: a * b,
    "sin 3 x1": lambda a, b: np.sin(3 * a),
    "sin 3 x2": lambda a, b: np.sin(3 * b),
}
ACTIVATIONS = ("linear", "relu", "leaky_relu", "elu", "softplus", "gelu", "tanh", "sigmoid")
OPTIMIZERS = {
    "sgd": lambda rate: optimizers.SGD(rate),
    "momentum": lambda rate: optimizers.SGD(rate, momentum=0.9),
    "nesterov": lambda rate: optimizers.SGD(rate, momentum=0.9, nesterov=True),
    "adagrad": lambda rate: optimizers.Adagrad(rate),
    "rmsprop": lambda rate: optimizers.RMSprop(rate),
    "adam": lambda rate: optimizers.Adam(rate),
    "adamw": lambda rate: optimizers.AdamW(rate),
}
TURN = 2 * math.pi


def chance(seed: int):
    """One stream of chance: functions for the next number between 0 and 1, and for the next Gaussian one."""
    places = count(1)

    def uniform():
        return draw(seed, next(places))

    def normal():
        return math.sqrt(-2 * math.log(1 - uniform())) * math.cos(TURN * uniform())

    return uniform, normal


def example(data: str, i: int, uniform, normal) -> tuple[float, float, float]:
    """The i-th example (x1, x2, y) of a data set, before the noise."""
    y = i % 2
    if data == "circles":
        r = 0.45 * math.sqrt(uniform()) if y else 0.7 + 0.3 * uniform()
        angle = TURN * uniform()
        return r * math.cos(angle), r * math.sin(angle), y
    if data == "xor":
        a, b, corner = 0.05 + 0.9 * uniform(), 0.05 + 0.9 * uniform(), i % 4
        x1, x2 = (a if corner < 2 else -a), (b if corner % 2 else -b)
        return x1, x2, float(x1 * x2 < 0)
    if data == "moons":
        angle = math.pi * uniform()
        if y:
            return 0.65 * (0.5 - math.cos(angle)), 0.65 * (0.25 - math.sin(angle)), y
        return 0.65 * (math.cos(angle) - 0.5), 0.65 * (math.sin(angle) - 0.25), y
    if data == "spirals":
        r = 0.05 + 0.95 * uniform()
        angle = TURN * (1.1 * r + y / 2)
        return r * math.cos(angle), r * math.sin(angle), y
    if data == "blobs":
        middle = 0.45 if y else -0.45
        return middle + 0.2 * normal(), middle + 0.2 * normal(), y
    x1, x2 = 2 * uniform() - 1, 2 * uniform() - 1
    return x1, x2, math.sin(3 * x1) * math.cos(2 * x2)


def examples(data: str, n: int, noise: float, seed: int) -> np.ndarray:
    """Return n rows (x1, x2, y). Noise shakes the points; where the target is a quantity, it shakes the target."""
    uniform, normal = chance(seed)
    rows = np.empty((n, 3))
    for i in range(n):
        rows[i] = example(data, i, uniform, normal)
        if data == "waves":
            rows[i, 2] += noise * normal()
        else:
            rows[i, 0] += noise * normal()
            rows[i, 1] += noise * normal()
    return rows


class Playground(Widget):
    """A small network that is trained on the page, on points in the plane.

    `data` is "circles", "xor", "moons", "spirals", "blobs" (two classes) or "waves" (a quantity), `n` points with
    `noise`. `features` lists what the network is told of a point, `layers` its hidden widths. The first two thirds of
    the points teach, the others are held back. `epochs` are trained at once when the widget appears. All of it
    follows from `seed`: the same settings give the same network on every page, and in `model()` here.
    """

    _esm = self_contained("playground.js")
    height = 900

    data = t.Enum(DATA, "circles").tag(sync=True)
    n = t.Int(150, min=30, max=600).tag(sync=True)
    noise = t.Float(0.1, min=0, max=0.5).tag(sync=True)
    seed = t.Int(0, min=0, max=10**6).tag(sync=True)
    features = t.List(t.Enum(list(FEATURES)), ["x1", "x2"], minlen=1).tag(sync=True)
    layers = t.List(t.Int(min=1, max=8), [4, 2], maxlen=4).tag(sync=True)
    activation = t.Enum(ACTIVATIONS, "tanh").tag(sync=True)
    biases = t.Bool(True).tag(sync=True)
    optimizer = t.Enum(list(OPTIMIZERS), "adam").tag(sync=True)
    learning_rate = t.Float(0.03, min=1e-4, max=10).tag(sync=True)
    batch_size = t.Int(10, min=1, max=600).tag(sync=True)
    l1 = t.Float(0.0, min=0, max=1).tag(sync=True)
    l2 = t.Float(0.0, min=0, max=1).tag(sync=True)
    dropout = t.Float(0.0, min=0, max=0.9).tag(sync=True)
    epochs = t.Int(0, min=0, max=2000).tag(sync=True)

    def __init__(self, data: str = "circles", **settings):
        super().__init__(data=data, **settings)

    @t.validate("features")
    def _check_features(self, proposal):
        """In the order of the list, each once."""
        return [name for name in FEATURES if name in proposal["value"]]

    @t.validate("noise", "learning_rate", "l1", "l2", "dropout")
    def _check_number(self, proposal):
        if not math.isfinite(proposal["value"]):
            raise t.TraitError(f"{proposal['trait'].name} must be a finite number, got {proposal['value']}")
        return proposal["value"]

    def examples(self) -> dict[str, np.ndarray]:
        """The features and targets that teach, `x` (n, d) and `y` (n, 1), and those held back, `x_held`, `y_held`."""
        rows = examples(self.data, self.n, self.noise, self.seed)
        x = np.column_stack([FEATURES[name](rows[:, 0], rows[:, 1]) for name in self.features])
        cut = -(-2 * self.n // 3)
        return {"x": x[:cut], "y": rows[:cut, 2:], "x_held": x[cut:], "y_held": rows[cut:, 2:]}

    def model(self) -> models.Sequential:
        """The network as it begins, compiled: `Playground(...).model().fit(x, y)` goes on as the page does."""
        penalty = regularizers.l1_l2(self.l1, self.l2) if self.l1 or self.l2 else None
        layers = [Input(shape=(len(self.features),))]
        for units in self.layers:
            layers.append(Dense(units, self.activation, use_bias=self.biases, kernel_regularizer=penalty))
            layers += [Dropout(self.dropout)] if self.dropout else []
        layers.append(Dense(1, use_bias=self.biases, kernel_regularizer=penalty))
        model = models.Sequential(layers, dtype="float64", seed=self.seed)
        loss = "mse" if self.data == "waves" else BinaryCrossentropy(from_logits=True)
        model.compile(OPTIMIZERS[self.optimizer](self.learning_rate), loss)
        sizes = [len(self.features), *self.layers, 1]
        numbers = iter(draws(self.seed, sum(d * m for d, m in pairwise(sizes))))
        for layer in model.layers:
            if isinstance(layer, Dense):
                r = math.sqrt(6 / sum(layer.W.shape))
                layer.W = r * (2 * np.array([next(numbers) for _ in range(layer.W.size)]).reshape(layer.W.shape) - 1)
        return model

    def order(self, epochs: int) -> list[np.ndarray]:
        """The orders in which the page meets the rows in its first epochs."""
        uniform, _ = chance(self.seed + 1)
        orders, n = [], -(-2 * self.n // 3)
        for _ in range(epochs):
            order = np.arange(n)
            for i in range(n - 1, 0, -1):
                j = int((i + 1) * uniform())
                order[[i, j]] = order[[j, i]]
            orders.append(order)
        return orders

    def describe(self) -> str:
        shape = "-".join(str(size) for size in [len(self.features), *self.layers, 1])
        rule = f"{self.optimizer} at a rate of {self.learning_rate:g}"
        return (
            f"A network {shape} with {self.activation} inside learns the data set {self.data}, {self.n} points, "
            f"by {rule}. Choosing other data, features, layers and rules, and watching every neuron learn, "
            "needs JavaScript."
        )

    def __repr__(self) -> str:
        layers = ", ".join(str(units) for units in self.layers)
        return f"Playground({self.data!r}, layers=[{layers}], activation={self.activation!r}, seed={self.seed})"
