"""Residual: a way around (chapters 8 and 16)."""

import numpy as np

from .base import Layer
from .row import build_in_a_row, unbuild, within

__all__ = ["Residual"]


class Residual(Layer):
    """x + layers(x): a chain of layers, and a way around it (He et al., 2016).

    The chain must give back the shape that it was given. On the way back the gradient takes both
    ways, so the layers before hear it undiminished.
    """

    def __init__(self, *layers, input_shape=None):
        super().__init__(input_shape=input_shape)
        if not layers or not all(isinstance(layer, Layer) for layer in layers):
            raise ValueError(f"Residual needs layers, received {layers!r}. Try Residual(Dense(8, 'relu'), Dense(8)).")
        if any(layer.owned for layer in layers) or len(set(layers)) < len(layers):
            raise ValueError("every layer of a Residual must be its own: make new ones, or use copy.deepcopy(layer).")
        self.layers = list(layers)
        for layer in layers:
            layer.owned = True

    def build(self, input_shape, *, rng=None, dtype="float64"):
        again, serving = self.built, self._in_vector
        self._begin(input_shape, rng)
        if serving:
            for layer in self.layers:
                layer.build(layer.input_shape, rng=self.rng)
            return self
        if again:
            unbuild(within(self.layers))
        new = [layer for layer in within(self.layers) if not layer.built]
        shape = build_in_a_row(self.layers, self.input_shape, rng=self.rng, dtype=dtype)
        if shape != self.input_shape:
            unbuild(new)
            raise ValueError(f"the layers of a Residual must keep the shape {self.input_shape}, received {shape}.")
        self.output_shape, self.shapes = shape, {}
        parameters = np.concatenate([layer.parameters for layer in self.layers])
        self.attach(parameters, np.zeros_like(parameters))
        self.built = True
        return self

    def __setstate__(self, state):
        super().__setstate__(state)
        for layer in self.layers:
            layer.owned = True

    def attach(self, parameters, gradients):
        """Make these flat arrays the layer's own, and a stretch of them each inner layer's."""
        self.parameters, self.gradients, start = parameters, gradients, 0
        for layer in self.layers:
            stop = start + layer.parameters.size
            layer.attach(parameters[start:stop], gradients[start:stop])
            start = stop

    def forward(self, x, training=False):
        out = x
        for layer in self.layers:
            out = layer.forward(out, training)
        return x + out

    def backward(self, upstream):
        gradient = upstream
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return upstream + gradient

    @property
    def penalized(self):
        return any(layer.penalized for layer in self.layers)

    def penalty(self, slope=True):
        return sum(layer.penalty(slope) for layer in self.layers)
