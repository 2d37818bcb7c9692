"""Conv2D: a few weights, slid over the whole image (chapter 15).

An edge is an edge wherever it lies. So a filter looks through a small window, with the same weights
at every place, and what it finds moves along with the image. Lay the windows side by side, as the
columns of a matrix, and a convolution is a product with the weights. On the way back each pixel
collects what all the windows that saw it send.
"""

import numpy as np

from ..validation import nearest, whole
from .image import image_shape
from .weighted import Weighted

__all__ = ["Conv2D"]


class Conv2D(Weighted):
    """`filters` detectors at every place of an image: a = activation(patches.T @ W + b).

    x (n, height, width, c), W (k, k, c, filters), b (filters,), output (n, h, w, filters). With
    padding "valid" all windows lie inside: h = (height - k) // stride + 1. With "same" the image
    gets a frame of zeros, so that h = height / stride, rounded up. Filters are not flipped, as is
    usual in this field (LeCun et al., Gradient-based learning, 1998).
    """

    def __init__(
        self,
        filters: int,
        kernel_size,
        strides=(1, 1),
        padding: str = "valid",
        *,
        activation=None,
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        input_shape=None,
    ):
        super().__init__(activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, input_shape)
        self.filters = whole("filters", filters)
        self.kernel_size = pair("kernel_size", kernel_size)
        self.strides = pair("strides", strides)
        self.padding = known_padding(padding)

    def plan(self, input_shape):
        self.windows = Windows(self, input_shape, self.kernel_size, self.strides, self.padding)
        parameters = {"W": ((*self.kernel_size, input_shape[2], self.filters), self.kernel_initializer)}
        if self.use_bias:
            parameters["b"] = ((self.filters,), self.bias_initializer)
        return parameters, (*self.windows.shape, self.filters)

    def matrix(self, flat):
        """Return the flat vector as a matrix: a row for each entry of a window, and below it b."""
        return flat.reshape(-1, self.filters)

    def patches(self, x):
        """Return the windows of x, (k * k * c + 1, n, h * w): a row for each row of the matrix."""
        (h, w), (height, width), (n, *_, c) = self.windows.shape, self.windows.framed, x.shape
        planes = np.zeros((c, n, height, width), x.dtype)  # channels first: long runs to copy from
        planes[..., *self.windows.inside] = x.transpose(3, 0, 1, 2)
        patches = np.empty((self.parameters.size // self.filters, n, h, w), x.dtype)
        patches[-1] = 1  # what b weighs; without a b, overwritten below
        for i, place in enumerate(self.windows.places):
            patches[i * c : (i + 1) * c] = planes[..., *place]
        return patches.reshape(len(patches), n, h * w)

    def forward(self, x, training=False):
        self.check(x)
        patches = self.patches(x)
        # one image after the other
        z = patches.transpose(1, 2, 0) @ self.matrix(self.parameters)
        z = z.reshape(len(x), *self.output_shape)
        a = self.activation.in_place(z)
        self.seen = patches, z, a
        return a

    def through_sum(self, dz, input_gradient=True):
        patches, _, _ = self.seen
        deltas = dz.reshape(-1, self.filters)
        patches.reshape(len(patches), -1).dot(deltas, out=self.matrix(self.gradients))
        if input_gradient:
            return self.collect(self.W.reshape(-1, self.filters).dot(deltas.T), len(dz))

    def collect(self, sent, n):
        """Return d loss / d x: each pixel adds up what the windows that saw it send back to it."""
        (h, w), (height, width), c = self.windows.shape, self.windows.framed, self.input_shape[2]
        planes = np.zeros((c, n, height, width), sent.dtype)
        parts = sent.reshape(len(self.windows.places), c, n, h, w)
        for place, part in zip(self.windows.places, parts, strict=True):
            planes[..., *place] += part
        return np.ascontiguousarray(planes[..., *self.windows.inside].transpose(1, 2, 3, 0))


class Windows:
    """Where the windows of an image lie: (h, w) of them, `shape`, in an image of size `framed`.

    `places` has, for each pixel of a window, the rows and columns where all the windows have it;
    `inside` are the rows and columns of the image in its frame.
    """

    def __init__(self, layer, image, size, steps, padding):
        image = image_shape(layer, image)
        axes = [one_axis(*sides, padding) for sides in zip(image[:2], size, steps, strict=True)]
        if min(count for count, *_ in axes) < 1:
            raise ValueError(
                f"{layer!r}: a window of {size} does not fit into an image of {image[:2]}. "
                'Try a smaller one, or padding="same".'
            )
        self.shape, self.framed, self.inside, (rows, columns) = map(tuple, zip(*axes, strict=True))
        self.places = [(down, across) for down in rows for across in columns]


def one_axis(side, size, step, padding):
    """Return, along one axis: how many windows, the framed side, the image in it, the places."""
    if padding == "valid":
        count, frame = (side - size) // step + 1, 0
    else:
        count = -(-side // step)
        frame = max((count - 1) * step + size - side, 0)
    start = frame // 2  # where the frame is odd, the wider part comes after, as in Keras
    places = [slice(first, first + (count - 1) * step + 1, step) for first in range(size)]
    return count, side + frame, slice(start, start + side), places


def pair(name, size) -> tuple[int, int]:
    """Return a size as (rows, columns); one whole number stands for both."""
    sides = size if isinstance(size, tuple | list) else (size, size)
    if len(sides) != 2:
        raise ValueError(f"{name} must be a whole number or a pair of them, received {size!r}. Try (3, 3).")
    return whole(name, sides[0]), whole(name, sides[1])


def known_padding(padding) -> str:
    """Return the padding, if it is one of the two that there are."""
    if padding not in ("valid", "same"):
        raise ValueError(
            f'padding must be "valid" or "same", received {padding!r}. {nearest(padding, ("valid", "same"))}'
        )
    return padding
