"""A digit that the reader moves, and what trained convolutional networks make of it (chapter 15)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D
from nncourse.models import Sequential
from nncourse.widgets.base import Widget, self_contained

FAR, INK = 3, 16
KINDS = (Conv2D, MaxPooling2D, Flatten, Dense)


def outline(name: str, model) -> dict:
    """What JavaScript must know of a network beside its numbers."""
    kept = [layer for layer in getattr(model, "layers", []) if not isinstance(layer, Input)]
    if [type(layer) for layer in kept] != list(KINDS):
        raise t.TraitError(
            f"{name}: expected a model of Conv2D, MaxPooling2D, Flatten and Dense, got "
            f"{', '.join(type(layer).__name__ for layer in kept) or type(model).__name__}."
        )
    conv, pool, _, dense = kept
    sides = {*conv.kernel_size, *conv.strides, *pool.pool_size}
    plain = conv.strides == (1, 1) and (pool.strides or pool.pool_size) == pool.pool_size and pool.padding == "valid"
    if not plain or conv.kernel_size[0] != conv.kernel_size[1] or pool.pool_size[0] != pool.pool_size[1]:
        raise t.TraitError(f"{name}: expected square windows, a stride of 1 and pooling side by side, got {sides}.")
    if (str(conv.activation), str(dense.activation)) != ("relu", "softmax"):
        raise t.TraitError(f"{name}: expected relu, then softmax, got {conv.activation} and {dense.activation}.")
    return {
        "name": name,
        "window": conv.kernel_size[0],
        "filters": conv.filters,
        "padding": conv.padding,
        "pool": pool.pool_size[0],
        "classes": dense.units,
    }


def eight_bits(array) -> tuple[bytes, float]:
    """An array in steps of its largest entry / 127, one byte a number, and the size of a step."""
    step = float(f"{np.abs(array).max() / 127:.6g}") or 1.0
    return np.clip(np.round(array / step), -127, 127).astype(np.int8).tobytes(), step


class ShiftedDigit(Widget):
    """Digits on paper, moved by up to three pixels, and trained networks that read them.

    `models` maps names to trained networks of one Conv2D (ReLU), one MaxPooling2D, Flatten and Dense (softmax). `x`
    (n, side, side) or (n, side, side, 1) holds pictures with ink from 0 to 1 in sixteenths and three pixels of blank
    paper on every side, `y` (n,) their digits. The networks are kept in eight bits a weight, and read as such here and
    on the page. `shift` is how far the picture is moved, [down, right].
    """

    _esm = self_contained("shifted_digit.js")
    height = 765

    networks = t.List(t.Dict(), minlen=1, maxlen=2).tag(sync=True)
    weights = t.Bytes(help="all parameters, network by network").tag(sync=True)
    steps = t.List(t.Float(), help="what 1 stands for in each array of parameters").tag(sync=True)
    pictures = t.Bytes(help="the ink of all pictures in sixteenths").tag(sync=True)
    side = t.Int().tag(sync=True)
    labels = t.List(t.Int(), minlen=1).tag(sync=True)
    digit = t.Int(0, min=0, help="which picture lies on the table").tag(sync=True)
    shift = t.List(t.Int(min=-FAR, max=FAR), [0, 0], minlen=2, maxlen=2).tag(sync=True)

    def __init__(self, models, x, y, **settings):
        x = np.asarray(x, float)
        x = x[..., 0] if x.ndim == 4 and x.shape[-1] == 1 else x
        if x.ndim != 3 or x.shape[1] != x.shape[2] or len(x) != len(y):
            raise t.TraitError(
                f"x holds square pictures (n, side, side) and y (n,) their digits, got {x.shape} and {np.shape(y)}"
            )
        ink = (INK * x).round()
        if not np.array_equal(ink, INK * x) or ink.min() < 0 or ink.max() > INK:
            raise t.TraitError(f"x holds ink from 0 to 1 in sixteenths, got {x.min():g} to {x.max():g}. Try x / 16.")
        middle = ink[:, FAR:-FAR, FAR:-FAR]
        if ink.sum() != middle.sum():
            raise t.TraitError(
                "x needs three pixels of blank paper on every side, so that no ink is lost on the way. "
                "Try np.pad(x, ((0, 0), (3, 3), (3, 3)))."
            )
        arrays = [array for model in models.values() for array in getattr(model, "get_weights", list)()]
        networks = [outline(name, model) for name, model in models.items()]
        parts = [eight_bits(array) for array in arrays]
        super().__init__(
            networks=networks,
            weights=b"".join(part for part, _ in parts),
            steps=[step for _, step in parts],
            pictures=ink.astype(np.uint8).tobytes(),
            side=x.shape[1],
            labels=np.asarray(y).tolist(),
            **settings,
        )

    @t.validate("digit")
    def _check_digit(self, proposal):
        if proposal["value"] >= len(self.labels):
            raise t.TraitError(f"digit counts the pictures, 0 to {len(self.labels) - 1}, got {proposal['value']}")
        return proposal["value"]

    def model(self, name: str) -> Sequential:
        """Return a network with the weights that the page has."""
        start, step = 0, 0
        for about in self.networks:
            layers = [
                Input((self.side, self.side, 1)),
                Conv2D(about["filters"], about["window"], padding=about["padding"], activation="relu"),
                MaxPooling2D(about["pool"]),
                Flatten(),
                Dense(about["classes"], activation="softmax"),
            ]
            model, arrays = Sequential(layers, seed=0, dtype="float64"), []
            for array in model.get_weights():
                stored = np.frombuffer(self.weights, np.int8, array.size, start).reshape(array.shape)
                arrays.append(stored * self.steps[step])
                start, step = start + array.size, step + 1
            if about["name"] == name:
                model.set_weights(arrays)
                return model
        raise ValueError(f"no network {name!r}. Try {', '.join(repr(about['name']) for about in self.networks)}.")

    def moved(self, shifts) -> np.ndarray:
        """Return the picture on the table moved by each [down, right], (shifts, side, side, 1)."""
        pictures = np.frombuffer(self.pictures, np.uint8).reshape(-1, self.side, self.side)
        return np.stack([np.roll(pictures[self.digit], shift, axis=(0, 1)) for shift in shifts])[..., None] / INK

    def scores(self, name: str, shift=None) -> np.ndarray:
        """Return the probability that a network gives to each digit, at `shift` or at another one."""
        return self.model(name).predict(self.moved([self.shift if shift is None else shift]))[0]

    def reads(self, name: str) -> np.ndarray:
        """Return what a network reads at every shift, (7, 7): from three up to three down, from left to right."""
        shifts = [(down, right) for down in range(-FAR, FAR + 1) for right in range(-FAR, FAR + 1)]
        return self.model(name).predict(self.moved(shifts)).argmax(axis=1).reshape(2 * FAR + 1, 2 * FAR + 1)

    def describe(self) -> str:
        digit, (down, right) = self.labels[self.digit], self.shift
        told = []
        for about in self.networks:
            p = self.scores(about["name"])
            told.append(f"the network {about['name']!r} reads {p.argmax()} (probability {p.max():.2f})")
        return (
            f"Digit {digit}, moved {down} down and {right} right: {', '.join(told)}. "
            "Moving the digit, and reading it at every place, needs JavaScript."
        )

    def __repr__(self) -> str:
        names = ", ".join(repr(about["name"]) for about in self.networks)
        return f"ShiftedDigit({names}; {len(self.labels)} pictures, digit={self.digit}, shift={self.shift})"
