"""Input: the shape of one example, said first (chapter 3)."""

from .base import Layer

__all__ = ["Input"]


class Input(Layer):
    """Says what comes in: `Input((28, 28, 1))`. The batch is not counted; nothing is computed."""

    def __init__(self, shape):
        super().__init__(input_shape=shape)
        self.shape = self.declared_shape

    def forward(self, x, training=False):
        self.check(x)
        return x

    def backward(self, upstream):
        return upstream
