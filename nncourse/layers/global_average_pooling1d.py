"""GlobalAveragePooling1D: one vector for a whole sequence (chapter 16)."""

import numpy as np

from .base import Layer
from .sequence import steps_and_width

__all__ = ["GlobalAveragePooling1D"]


class GlobalAveragePooling1D(Layer):
    """The mean over the steps: (n, steps, d) becomes (n, d)."""

    def plan(self, input_shape):
        _, d = steps_and_width(self, input_shape)
        return {}, (d,)

    def forward(self, x, training=False):
        self.check(x)
        return x.mean(axis=1)

    def backward(self, upstream):
        steps, _ = self.input_shape
        return np.repeat((upstream / steps)[:, None], steps, axis=1)
