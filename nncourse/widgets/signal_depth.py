"""How large a signal is on its way into a deep network, and the gradient on its way back (chapters 4 and 8)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse import activations
from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.bias_variance import normal

WIDTH, ROWS, DEEPEST = 32, 16, 50
ACTIVATIONS = ("sigmoid", "tanh", "relu")
STARTS = {"0.01": 0.01, "Glorot": (1 / WIDTH) ** 0.5, "He": (2 / WIDTH) ** 0.5, "1": 1.0}


def normals(seed: int, first: int, rows: int) -> np.ndarray:
    """Return rows of 32 numbers of mean 0 and standard deviation 1, from the first-th number of a seed on."""
    return np.array([[normal(seed, first + WIDTH * i + j) for j in range(WIDTH)] for i in range(rows)])


class SignalDepth(Widget):
    """A signal of size 1 that goes through `depth` layers of 32 neurons, and a message that comes back.

    `activation` is one of "sigmoid", "tanh" and "relu"; `start` names the standard deviation of the weights: "0.01",
    "Glorot", "He" or "1". Biases are 0. `depth` goes from 2 to 50, and each `seed` draws weights of its own.
    """

    _esm = self_contained("signal_depth.js")
    height = 480

    depth = t.Int(10).tag(sync=True)
    activation = t.Enum(list(ACTIVATIONS), "sigmoid").tag(sync=True)
    start = t.Enum(list(STARTS), "Glorot").tag(sync=True)
    seed = t.Int(0).tag(sync=True)

    @t.validate("depth", "seed")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high = {"depth": (2, DEEPEST), "seed": (0, 10**6)}[name]
        if not low <= value <= high:
            raise t.TraitError(f"{name}: a number from {low} to {high} is expected, got {value}. Try {high}.")
        return value

    def sizes(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the sizes (root mean squares) of the answers of each layer, and of the gradients in its scores.

        16 rows of chance come in, and at the last layer a gradient of chance. That gradient comes back as it does in
        `Dense.backward`. Both are of shape (depth,).
        """
        f, block = activations.get(self.activation), WIDTH * WIDTH
        h, message = normals(self.seed, 0, ROWS), normals(self.seed, block, ROWS)
        layers, signal, back = [], [], []
        for layer in range(self.depth):
            W = STARTS[self.start] * normals(self.seed, block * (layer + 2), WIDTH)
            z = h @ W
            h = f(z)
            layers.append((W, z))
            signal.append(np.sqrt(np.mean(h**2)))
        for W, z in reversed(layers):
            delta = f.gradient(z, message)
            back.append(np.sqrt(np.mean(delta**2)))
            message = delta @ W.T
        return np.array(signal), np.array(back[::-1])

    def factors(self) -> tuple[float, float]:
        """Return what a typical layer multiplies the signal by on its way in, and the gradient on its way back."""
        signal, back = self.sizes()
        steps = self.depth - 1
        return float((signal[-1] / signal[0]) ** (1 / steps)), float((back[0] / back[-1]) ** (1 / steps))

    def describe(self) -> str:
        signal, gradient = self.factors()
        _, back = self.sizes()
        return (
            f"In {self.depth} layers of 32 {self.activation} neurons, with weights {self.start!r}, each multiplies "
            f"the signal by {signal:.2f} on its way in and the gradient by {gradient:.2f} on its way back, so "
            f"{back[0] / back[-1]:.0e} of it arrive at the first layer. Choosing others needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"SignalDepth(depth={self.depth}, activation={self.activation!r}, start={self.start!r})"
