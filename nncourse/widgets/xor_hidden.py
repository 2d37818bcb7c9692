"""Two hidden neurons on XOR, in the plane of the inputs and in the plane of their outputs (chapter 03)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse import activations, datasets, losses
from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.chance import draws

ACTIVATIONS = ("linear", "step", "sigmoid")
SHAPES = {"W1": (2, 2), "b1": (2,), "W2": (2,), "b2": ()}
PRESETS = {
    "one neuron": {
        "activation": "linear",
        "W1": [[1.0, 1.0], [1.0, 1.0]],
        "b1": [-0.5, -0.5],
        "W2": [1.0, 1.0],
        "b2": 0.0,
    },
    "OR and NAND": {
        "activation": "step",
        "W1": [[6.0, -6.0], [6.0, -6.0]],
        "b1": [-3.0, 9.0],
        "W2": [6.0, 6.0],
        "b2": -9.0,
    },
}
_LOSS = losses.BinaryCrossentropy(from_logits=True)


def random_start(seed: int) -> dict:
    """Weights and biases between -1 and 1 for a seed, in the order W1, b1, W2, b2."""
    p = (2 * np.array(draws(seed, 9)) - 1).tolist()
    return {"activation": "sigmoid", "W1": [p[0:2], p[2:4]], "b1": p[4:6], "W2": p[6:8], "b2": p[8]}


def forward(activation: str, W1, b1, W2, b2):
    """Return the hidden outputs h (4, 2) and the logits z (4,) on the four rows of XOR."""
    x, _ = datasets.logic_gate("XOR")
    h = activations.get(activation)(x @ np.asarray(W1) + b1)
    return h, h @ np.asarray(W2) + b2


def gradients(activation: str, W1, b1, W2, b2):
    """Return the mean logistic loss and its gradients, one for each of W1, b1, W2 and b2."""
    x, y = datasets.logic_gate("XOR")
    h, z = forward(activation, W1, b1, W2, b2)
    loss, dz = _LOSS.value_and_gradient(y, z)
    da = np.outer(dz, W2) * activations.get(activation).derivative(x @ np.asarray(W1) + b1)  # (4, 2)
    return loss, (x.T @ da, da.sum(axis=0), h.T @ dz, dz.sum())


def train(activation: str, W1, b1, W2, b2, learning_rate: float, epochs: int) -> dict:
    """Full-batch gradient descent for some epochs; returns the new W1, b1, W2 and b2."""
    parameters = [np.asarray(one, dtype=float) for one in (W1, b1, W2, b2)]
    for _ in range(epochs):
        _, slopes = gradients(activation, *parameters)
        parameters = [one - learning_rate * slope for one, slope in zip(parameters, slopes, strict=True)]
    return {name: one.tolist() for name, one in zip(SHAPES, parameters, strict=True)}


class XorHidden(Widget):
    """A 2-2-1 network on XOR: where its hidden layer puts the four points, and whether one line is then enough.

    Rows are examples: `h = f(x @ W1 + b1)`, `z = h @ W2 + b2`, and the network answers 1 where `z >= 0`. `preset` is
    "one neuron" (two linear hidden neurons that say the same), "OR and NAND" (solved by hand) or "random" (by `seed`);
    activation, weights, biases and learning rate may be given by name. `epochs` counts those trained in the page.
    """

    _esm = self_contained("xor_hidden.js")
    height = 840

    preset = t.Enum([*PRESETS, "random", "own"], "one neuron").tag(sync=True)
    seed = t.Int(0, min=0, max=2**32 - 1).tag(sync=True)
    activation = t.Enum(ACTIVATIONS, "linear").tag(sync=True)
    W1 = t.List(help="W1[i][j] leads from input i to hidden neuron j").tag(sync=True)
    b1 = t.List().tag(sync=True)
    W2 = t.List().tag(sync=True)
    b2 = t.Float().tag(sync=True)
    learning_rate = t.Float(2.0, min=0.1, max=5.0).tag(sync=True)
    epochs = t.Int(0, min=0).tag(sync=True)

    def __init__(self, preset: str = "one neuron", seed: int = 0, **settings):
        given = {name: settings[name] for name in SHAPES if name in settings}
        settings |= {name: np.asarray(value).tolist() for name, value in given.items() if hasattr(value, "dtype")}
        begin = random_start(seed) if preset == "random" else PRESETS.get(preset, PRESETS["one neuron"])
        super().__init__(preset="own" if given else preset, seed=seed, **{**begin, **settings})

    @t.validate(*SHAPES)
    def _check_parameters(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        try:
            array = np.array(value, dtype=float)
        except (TypeError, ValueError):
            array = np.array(np.nan)  # ragged, or not numbers: no shape and not finite
        if array.shape != SHAPES[name] or not np.isfinite(array).all():
            raise t.TraitError(f"{name} holds finite numbers in shape {SHAPES[name]} (a 2-2-1 network), got {value}")
        return array.tolist()

    def parameters(self) -> dict:
        """W1, b1, W2 and b2 as they stand now."""
        return {name: getattr(self, name) for name in SHAPES}

    def right(self) -> int:
        """How many of the four points the network answers rightly."""
        _, z = forward(self.activation, **self.parameters())
        return int(((z >= 0) == datasets.logic_gate("XOR")[1]).sum())

    def loss(self) -> float:
        """The mean logistic loss over the four points."""
        return gradients(self.activation, **self.parameters())[0]

    def train(self, epochs: int) -> None:
        """What the page's buttons do: full-batch gradient descent at the widget's learning rate."""
        news = train(self.activation, **self.parameters(), learning_rate=self.learning_rate, epochs=epochs)
        with self.hold_sync():
            for name, value in (news | {"epochs": self.epochs + epochs}).items():
                setattr(self, name, value)

    def describe(self) -> str:
        return (
            f"A network with two {self.activation} hidden neurons gets {self.right()} of the 4 points of XOR right, "
            f"with loss {self.loss():.2f}. Two planes show the points as inputs and where the hidden layer puts them; "
            "lines can be dragged and the network trained. This widget needs JavaScript."
        )

    def __repr__(self) -> str:
        seed = f", seed={self.seed}" if self.preset == "random" else ""
        return f"XorHidden({self.preset!r}{seed}, activation={self.activation!r}, learning_rate={self.learning_rate:g})"
