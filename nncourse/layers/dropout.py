"""Dropout: neurons that must not rely on one another (chapter 14)."""

from ..validation import floats, share
from .base import Layer

__all__ = ["Dropout"]


class Dropout(Layer):
    """In training, silence each input with probability `rate` and scale the others up.

    The scale 1 / (1 - rate) keeps the expected value, so that nothing is left to do when the
    network is used (inverted dropout; Srivastava et al., 2014). Every batch draws anew, for every
    entry of every example.
    """

    def __init__(self, rate: float, *, input_shape=None):
        super().__init__(input_shape=input_shape)
        self.rate = share("rate", rate)

    def forward(self, x, training=False):
        self.check(x)
        if not training or self.rate == 0:
            self.seen = 1.0
            return x
        x = floats(x)
        kept = self.rng.random(x.shape, dtype="float32") >= self.rate
        self.seen = kept * x.dtype.type(1 / (1 - self.rate))
        return x * self.seen

    def backward(self, upstream):
        return upstream * self.seen
