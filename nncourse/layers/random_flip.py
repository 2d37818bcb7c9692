"""RandomFlip: a cat in the mirror is a cat (chapter 14).

New examples for nothing, as long as the label stays true: a mirrored cat is a cat, but a mirrored
"b" is a "d". Which changes leave the meaning alone is knowledge about the task, and here it is put
to use.
"""

import numpy as np

from ..validation import nearest
from .base import Layer
from .image import image_shape

__all__ = ["RandomFlip"]

AXES = {"horizontal": (2,), "vertical": (1,), "horizontal_and_vertical": (2, 1)}


class RandomFlip(Layer):
    """In training, mirror each image (height, width, c) of a batch with probability 1/2.

    "horizontal" swaps left and right, "vertical" top and bottom; with both, each is drawn for
    itself. On the way back a mirrored image's gradient is mirrored too.
    """

    def __init__(self, mode: str = "horizontal_and_vertical", *, input_shape=None):
        super().__init__(input_shape=input_shape)
        if mode not in tuple(AXES):
            raise ValueError(f"mode must be the name of a direction, received {mode!r}. {nearest(mode, AXES)}")
        self.mode = mode

    def plan(self, input_shape):
        return {}, image_shape(self, input_shape)

    def forward(self, x, training=False):
        self.check(x)
        self.seen = [(axis, self.rng.random(len(x)) < 0.5) for axis in AXES[self.mode]] if training else []
        return self.mirrored(x)

    def backward(self, upstream):
        return self.mirrored(upstream)

    def mirrored(self, images):
        """Return the images as the last draw turned them; twice, and they are as before."""
        if not self.seen:
            return images
        images = images.copy()
        for axis, chosen in self.seen:
            images[chosen] = np.flip(images[chosen], axis)
        return images
