"""MaxPooling2D: was it seen anywhere near here (chapter 15)?

Of each small window only the largest entry is passed on. The image shrinks, and where exactly a
feature lay matters less. Nothing is learned. On the way back the entry that won is told everything,
the others nothing: a little more or less of them would have changed nothing.
"""

from itertools import pairwise

import numpy as np

from ..activations import Relu
from .base import Layer
from .conv2d import Conv2D, Windows, known_padding, pair

__all__ = ["MaxPooling2D"]


class MaxPooling2D(Layer):
    """The maximum of each window of an image, channel by channel (Weng, Ahuja and Huang, 1992).

    x (n, height, width, c), output (n, h, w, c). Windows step by their own size unless `strides`
    says otherwise. Rows and columns that fill no window are left out; with padding "same" the last
    windows hang over the border instead. In a tie the first entry, row by row, is the winner.
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
        x = self.framed(x)
        entries = [x[:, *place] for place in self.windows.places]
        out = np.maximum(entries[0], entries[-1])
        for entry in entries[1:-1]:
            np.maximum(out, entry, out=out)
        self.seen = x, out
        return out

    def framed(self, x):
        """Return x in a frame that never wins, if the windows hang over the border."""
        if self.windows.framed == x.shape[1:3]:
            return x
        dtype = x.dtype if x.dtype.kind == "f" else self.parameters.dtype
        framed = np.full((len(x), *self.windows.framed, x.shape[3]), -np.inf, dtype)
        framed[:, *self.windows.inside] = x
        return framed

    def backward(self, upstream):
        x, out = self.seen
        dx, left = np.zeros(x.shape, upstream.dtype), upstream.copy()
        *others, last = self.windows.places
        for place in others:
            sent = (x[:, *place] == out).astype(upstream.dtype)
            sent *= left
            left -= sent  # for a second winner nothing is left
            self.add(sent, dx[:, *place])
        self.add(left, dx[:, *last])  # who else could have won?
        return dx[:, *self.windows.inside]

    def add(self, sent, pixels):
        if self.overlapping:
            pixels += sent
        else:
            pixels[...] = sent  # each pixel is seen once: nothing to add to


class ReluAfterPooling(Layer):
    """The way back through a pooling and the convolution with a relu before it, in one.

    max(relu(z)) = relu(max(z)), so the relu's slope may be asked of the maxima, a quarter of the
    entries: where a maximum is 0 the gradient stops, whoever won there. Forward nothing changes.
    """

    def __init__(self, convolution, pooling):
        self.convolution, self.pooling = convolution, pooling

    def through_activation(self, upstream):
        _, out = self.pooling.seen
        return self.convolution.activation.backward(out, out, upstream)

    def through_sum(self, dz, input_gradient=True):
        return self.convolution.through_sum(self.pooling.backward(dz), input_gradient)


def relu_after_pooling(layers) -> list[Layer]:
    """Return layers in a row as a gradient passes them fastest: such pairs are one."""
    merged = list(layers)
    for i, (layer, after) in enumerate(pairwise(layers)):
        plain = type(layer) is Conv2D and type(after) is MaxPooling2D
        if plain and type(layer.activation) is Relu:
            merged[i : i + 2] = None, ReluAfterPooling(layer, after)
    return [layer for layer in merged if layer is not None]
