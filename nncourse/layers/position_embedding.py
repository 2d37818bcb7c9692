"""PositionEmbedding: tell attention where a step stands (chapter 16)."""

from .. import initializers
from ..validation import whole
from .base import Layer, ones
from .sequence import steps_and_width

__all__ = ["PositionEmbedding"]


class PositionEmbedding(Layer):
    """x + P: a learned vector for each place is added to what stands there (Gehring et al., 2017).

    x (n, steps, d), P (sequence_length, d) with sequence_length >= steps, output (n, steps, d). In
    keras_hub a layer of this name returns the positions alone; here, for a chain, it adds them.
    """

    parameter_names = ("P",)

    def __init__(self, sequence_length: int, *, initializer="glorot_uniform", input_shape=None):
        super().__init__(input_shape=input_shape)
        self.sequence_length = whole("sequence_length", sequence_length)
        self.initializer = initializers.get(initializer)

    def plan(self, input_shape):
        steps, d = steps_and_width(self, input_shape)
        if steps > self.sequence_length:
            raise ValueError(
                f"{self!r} has vectors for {self.sequence_length} places, received sequences of {steps} steps. "
                f"Try PositionEmbedding({steps})."
            )
        return {"P": ((self.sequence_length, d), self.initializer)}, input_shape

    def forward(self, x, training=False):
        self.check(x)
        self.seen = steps = x.shape[1]
        return x + self.P[:steps]

    def through_sum(self, upstream, input_gradient=True):
        steps = self.seen
        n = len(upstream)
        ones(n, upstream.dtype).dot(upstream.reshape(n, -1), out=self.dP[:steps].reshape(-1))
        self.dP[steps:] = 0
        return upstream
