"""LayerNormalization: every vector on the same scale (chapter 16).

Each vector is shifted to mean 0 and scaled to variance 1, on its own: no other example and no other
step has a say, so it works the same in training and in use, and for a batch of one. Then gamma and
beta give back the scale and the shift that the network wants.
"""

import numpy as np

from .. import initializers
from ..validation import positive
from .base import Layer, ones

__all__ = ["LayerNormalization"]


def mean(rows):
    """Return the mean of each row of (n, d), as a column (n, 1)."""
    d = rows.shape[1]
    return rows.dot(ones(d, rows.dtype))[:, None] / d


class LayerNormalization(Layer):
    """gamma * (x - mean) / sqrt(variance + epsilon) + beta, along the last axis of x (n, ..., d).

    gamma (d,) and beta (d,) are learned (Ba, Kiros and Hinton, 2016).
    """

    parameter_names = ("gamma", "beta")

    def __init__(self, *, epsilon: float = 1e-3, input_shape=None):
        super().__init__(input_shape=input_shape)
        self.epsilon = positive("epsilon", epsilon)

    def plan(self, input_shape):
        shape = input_shape[-1:]
        parameters = {"gamma": (shape, initializers.get("ones")), "beta": (shape, initializers.get("zeros"))}
        return parameters, input_shape

    def forward(self, x, training=False):
        self.check(x)
        rows = x.reshape(-1, x.shape[-1])
        normal = rows - mean(rows)
        deviation = np.sqrt(mean(np.square(normal)) + self.epsilon)  # (rows, 1)
        normal /= deviation
        self.seen = normal, deviation
        out = self.gamma * normal
        out += self.beta
        return out.reshape(x.shape)

    def through_sum(self, upstream, input_gradient=True):
        normal, deviation = self.seen
        rows = upstream.reshape(normal.shape)
        np.einsum("nd,nd->d", rows, normal, out=self.dgamma)
        ones(len(rows), rows.dtype).dot(rows, out=self.dbeta)
        if input_gradient:
            # Mean and deviation move along with x: what they undo is taken from the slope.
            dx = self.gamma * rows
            along_scale = mean(dx * normal)
            dx -= mean(dx)
            dx -= along_scale * normal
            dx /= deviation
            return dx.reshape(upstream.shape)
