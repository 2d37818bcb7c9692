"""MaxPooling2D: was it seen anywhere near here (chapter 15)?

Of each small window only the largest entry is passed on. The image shrinks, and where exactly a
feature lay matters less. Nothing is learned. On the way back the entry that won is told everything,
the others nothing: they could have been a little different without any effect.
"""

import numpy as np

from .base import Layer
from .conv2d import Windows, known_padding, pair

__all__ = ["MaxPooling2D"]


class MaxPooling2D(Layer):
    """The maximum of each window of an image, channel by channel (Weng, Ahuja and Huang, 1992).

    x (n, height, width, c), output (n, h, w, c). Windows step by their own size unless `strides`
    says otherwise, and rows or columns that fill no window are left out; padding "same" lets the
    last windows hang over the border. In a tie the first entry, row by row, gets the gradient.
    """

    def __init__(self, pool_size=(2, 2), strides=None, padding: str = "valid", *, input_shape=None):
        super().__init__(input_shape=input_shape)
        self.pool_size = pair("pool_size", pool_size)
        self.strides = None if strides is None else pair("strides", strides)
        self.padding = known_padding(padding)

    def plan(self, input_shape):
        steps = self.strides or self.pool_size
        self.windows = Windows(self, input_shape, self.pool_size, steps, self.padding)
        self.overlapping = any(step < size for step, size in zip(steps, self.pool_size, strict=True))
        return {}, (*self.windows.shape, input_shape[2])

    def forward(self, x, training=False):
        self.check(x)
        if self.windows.framed != x.shape[1:3]:
            dtype = x.dtype if x.dtype.kind == "f" else self.parameters.dtype
            framed = np.full((len(x), *self.windows.framed, x.shape[3]), -np.inf, dtype)
            framed[:, *self.windows.inside] = x
            x = framed
        first, *others = self.windows.places
        out = x[:, *first].copy()
        for place in others:
            np.maximum(out, x[:, *place], out=out)
        self.seen = x, out
        return out

    def backward(self, upstream):
        x, out = self.seen
        dx, free = np.zeros(x.shape, upstream.dtype), np.ones(out.shape, bool)
        for place in self.windows.places:
            won = x[:, *place] == out
            won &= free
            free ^= won  # a tie has one winner
            if self.overlapping:
                dx[:, *place] += upstream * won
            else:
                np.multiply(upstream, won, out=dx[:, *place])
        return dx[:, *self.windows.inside]
