"""GaussianNoise: examples that never look quite the same twice (chapter 14).

What a network learns from inputs that tremble cannot hang on their last digit. To a linear model
trained on squared errors, noise on the inputs is an L2 penalty on the weights (Bishop, 1995).
"""

import numpy as np

from ..validation import positive
from .base import Layer

__all__ = ["GaussianNoise"]


class GaussianNoise(Layer):
    """In training, add to every entry a draw from a Gaussian of mean 0 and deviation `stddev`."""

    def __init__(self, stddev: float, *, input_shape=None):
        super().__init__(input_shape=input_shape)
        self.stddev = positive("stddev", stddev, zero=True)

    def forward(self, x, training=False):
        self.check(x)
        if not training or self.stddev == 0:
            return x
        noise = self.rng.standard_normal(x.shape, dtype="float32") * np.float32(self.stddev)
        return x + (noise.astype(x.dtype) if x.dtype.kind == "f" else noise)

    def backward(self, upstream):
        return upstream
