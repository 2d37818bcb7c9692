"""A filter that slides over a picture drawn by the reader, its map, and the map pooled (chapter 15)."""

from __future__ import annotations

import math

import numpy as np
import traitlets as t

from nncourse import datasets
from nncourse.layers import Conv2D, MaxPooling2D
from nncourse.widgets.base import Widget, self_contained

SIDE, WINDOW, INK, HEAVIEST = 8, 3, 16, 9


def first_of_each_digit() -> bytes:
    """The ink of ten pictures, 0 to 9, one after the other: 0 is paper, 16 is black."""
    x, y = datasets.digits()
    return np.stack([x[y == digit][0] for digit in range(10)]).astype(np.uint8).tobytes()


class ConvolutionFilter(Widget):
    """A picture of 8 by 8 pixels, a kernel of 3 by 3 weights, and what comes out of them.

    `picture` (8, 8) holds whole numbers from 0, paper, to 16, black; without one it is a handwritten three. `kernel`
    (3, 3) holds weights from -9 to 9. `place` is the row and column of the map that is looked at, counted from zero; in
    a smaller map it stops at the last row or column. `stride` and `padding` are those of `Conv2D`; there is no bias.
    """

    _esm = self_contained("convolution_filter.js")
    height = 630

    picture = t.List(t.Int(min=0, max=INK), minlen=SIDE**2, maxlen=SIDE**2, help="row by row").tag(sync=True)
    kernel = t.List(t.Float(), minlen=WINDOW**2, maxlen=WINDOW**2, help="row by row").tag(sync=True)
    stride = t.Int(1, min=1, max=3).tag(sync=True)
    padding = t.Enum(["valid", "same"], "valid").tag(sync=True)
    place = t.List(t.Int(min=0, max=SIDE - 1), [4, 3], minlen=2, maxlen=2).tag(sync=True)
    pen = t.List(t.Int(min=0, max=SIDE - 1), [0, 0], minlen=2, maxlen=2, help="where the keys draw").tag(sync=True)
    digits = t.Bytes(help="pictures to choose from").tag(sync=True)

    def __init__(self, picture=None, kernel=((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)), **settings):
        digits = first_of_each_digit()
        if picture is None:
            picture = np.frombuffer(digits, np.uint8)[3 * SIDE**2 : 4 * SIDE**2].reshape(SIDE, SIDE)
        picture, kernel = np.asarray(picture, float), np.asarray(kernel, float)
        for name, array, side in (("picture", picture, SIDE), ("kernel", kernel, WINDOW)):
            if array.shape != (side, side):
                hint = f" Try {name}.reshape({side}, {side})." if array.size == side**2 else ""
                raise t.TraitError(f"{name} has the shape ({side}, {side}), got {array.shape}.{hint}")
        ink = picture.astype(int) if np.isfinite(picture).all() else np.full_like(picture, -1, int)
        if (ink != picture).any() or ink.min() < 0 or ink.max() > INK:
            hint = " Try (16 * picture).round()." if ((picture >= 0) & (picture <= 1)).all() else ""
            raise t.TraitError(
                f"picture holds whole numbers from 0 to 16, got {picture.min():g} to {picture.max():g}.{hint}"
            )
        super().__init__(picture=ink.ravel().tolist(), kernel=kernel.ravel().tolist(), digits=digits, **settings)

    @t.validate("kernel")
    def _check_kernel(self, proposal):
        for weight in proposal["value"]:
            if not (math.isfinite(weight) and abs(weight) <= HEAVIEST):
                raise t.TraitError(f"kernel holds weights from -9 to 9, got {weight}. Scale it: a map scales along.")
        return proposal["value"]

    def map(self) -> np.ndarray:
        """Return the scores of all places, (rows, columns)."""
        layer = Conv2D(1, WINDOW, self.stride, self.padding, use_bias=False).build((SIDE, SIDE, 1))
        layer.W = np.reshape(self.kernel, layer.W.shape)
        return layer.forward(np.reshape(self.picture, (1, SIDE, SIDE, 1)).astype(float))[0, :, :, 0]

    def pooled(self) -> np.ndarray:
        """Return the largest score of each 2 by 2 places, side by side; what fills no window is left out."""
        scores = self.map()
        return MaxPooling2D(2).build((*scores.shape, 1)).forward(scores[None, :, :, None])[0, :, :, 0]

    def window(self) -> np.ndarray:
        """Return the ink that the window sees at `place`, (3, 3)."""
        count = len(self.map())
        frame = max((count - 1) * self.stride + WINDOW - SIDE, 0) if self.padding == "same" else 0
        framed = np.pad(np.reshape(self.picture, (SIDE, SIDE)), (frame // 2, frame - frame // 2))
        row, column = (min(one, count - 1) * self.stride for one in self.place)
        return framed[row : row + WINDOW, column : column + WINDOW]

    def products(self) -> np.ndarray:
        """Return what each weight makes of the ink under it at `place`, (3, 3); their sum is the score."""
        return self.window() * np.reshape(self.kernel, (WINDOW, WINDOW))

    def describe(self) -> str:
        rows, columns = self.map().shape
        row, column = (min(one, rows - 1) for one in self.place)
        return (
            f"A kernel of 3 by 3 weights slides over a picture of 8 by 8 pixels, stride {self.stride}, padding "
            f"{self.padding}: its map has {rows} by {columns} places. At row {row}, column {column} nine products add "
            f"up to {self.products().sum():g}. Drawing, moving the window and changing weights needs JavaScript."
        )

    def __repr__(self) -> str:
        weights = ", ".join(f"{weight:g}" for weight in self.kernel)
        return f"ConvolutionFilter(kernel=[{weights}], stride={self.stride}, padding={self.padding!r})"
