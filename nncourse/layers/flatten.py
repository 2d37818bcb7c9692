"""Flatten: from an image to a row (chapter 15)."""

import numpy as np

from .base import Layer

__all__ = ["Flatten"]


class Flatten(Layer):
    """All numbers of an example in one row: (n, ...) becomes (n, d)."""

    def plan(self, input_shape):
        return {}, (int(np.prod(input_shape)),)

    def forward(self, x, training=False):
        self.check(x)
        return x.reshape(len(x), *self.output_shape)

    def backward(self, upstream):
        return upstream.reshape(len(upstream), *self.input_shape)
