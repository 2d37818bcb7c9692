"""RandomRotation: a digit written at a slant is the same digit (chapter 14).

To turn an image, ask of each pixel of the result where it comes from. That point lies between four
pixels, and their mean, in which the nearer weigh more, is its value. So a turn is a linear map, and
the way back is its transpose: what a pixel is sent, it sends on to the same four, with the same
weights.
"""

import numpy as np

from ..validation import is_number
from .base import Layer
from .image import image_shape

__all__ = ["RandomRotation"]


class RandomRotation(Layer):
    """In training, turn each image (height, width, c) of a batch by an angle of its own.

    `factor` is a share of a full turn, and positive is counterclockwise: 0.1 draws evenly from -36
    to 36 degrees, (0, 0.25) from none to a quarter turn. Between pixels values are bilinear. What
    turns in from outside is 0; Keras would mirror the image there.
    """

    def __init__(self, factor, *, input_shape=None):
        super().__init__(input_shape=input_shape)
        self.bounds = turns(factor)
        self.factor = self.bounds if isinstance(factor, tuple | list) else float(factor)

    def plan(self, input_shape):
        return {}, image_shape(self, input_shape)

    def forward(self, x, training=False):
        self.check(x)
        if not training:
            self.seen = []
            return x
        self.seen = self.draw(len(x), x.dtype if x.dtype.kind == "f" else self.parameters.dtype)
        pixels = x.reshape(-1, x.shape[3])
        return sum(weights * pixels[sources] for weights, sources in self.seen).reshape(x.shape)

    def backward(self, upstream):
        if not self.seen:
            return upstream
        sent = upstream.reshape(-1, upstream.shape[3])
        dx = np.zeros_like(sent)
        for weights, sources in self.seen:
            np.add.at(dx, sources, weights * sent)
        return dx.reshape(upstream.shape)

    def draw(self, n, dtype):
        """Return the four sources of every pixel of n turned images: [(weights, places), ...]."""
        height, width, _ = self.input_shape
        angles = 2 * np.pi * self.rng.uniform(*self.bounds, size=(n, 1, 1))
        middle, center = (height - 1) / 2, (width - 1) / 2
        down, across = np.arange(height)[:, None] - middle, np.arange(width) - center
        rows = middle + np.cos(angles) * down + np.sin(angles) * across  # (n, height, width)
        columns = center + np.cos(angles) * across - np.sin(angles) * down
        top, left, first = np.floor(rows), np.floor(columns), height * width * np.arange(n)[:, None, None]
        sources = []
        for row in (top, top + 1):
            for column in (left, left + 1):
                weights = (1 - np.abs(rows - row)) * (1 - np.abs(columns - column))
                weights *= (row >= 0) & (row < height) & (column >= 0) & (column < width)
                place = first + width * row.clip(0, height - 1) + column.clip(0, width - 1)
                sources.append((weights.astype(dtype).reshape(-1, 1), place.astype(int).ravel()))
        return sources


def turns(factor) -> tuple[float, float]:
    """Return the bounds (low, high) that a factor stands for, as shares of a full turn."""
    pair = factor if isinstance(factor, tuple | list) else (factor, factor)
    if not all(map(is_number, pair)) or len(pair) != 2 or not -1 <= pair[0] <= pair[1] <= 1:
        raise ValueError(
            "factor must be a share of a full turn, at most 1, or a pair (low, high) of them, received "
            f"{factor!r}. For up to 15 degrees to both sides use 15 / 360."
        )
    low, high = map(float, pair)
    return (low, high) if pair is factor else (-abs(high), abs(high))
