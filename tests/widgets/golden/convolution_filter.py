"""A filter slid over a picture in every stride and padding, and its map pooled."""

import numpy as np

from nncourse import layers
from nncourse.widgets import ConvolutionFilter


def compute():
    """Maps and pooled maps from `Conv2D` and `MaxPooling2D`, windows and products from the widget in Python."""
    rng = np.random.default_rng(0)
    pictures = [
        np.array(ConvolutionFilter().picture).reshape(8, 8),
        rng.integers(17, size=(8, 8)),
        np.full((8, 8), 16),
    ]
    kernels = [np.array([[-1, 0, 1]] * 3), rng.uniform(-5, 5, (3, 3)).round(2), np.full((3, 3), -5)]
    cases = []
    for picture, kernel in zip(pictures, kernels, strict=True):
        for stride in (1, 2, 3):
            for padding in ("valid", "same"):
                layer = layers.Conv2D(1, 3, stride, padding).build((8, 8, 1))
                layer.W = kernel.reshape(3, 3, 1, 1)
                scores = layer.forward(picture.reshape(1, 8, 8, 1).astype(float))
                pool = layers.MaxPooling2D(2).build(scores.shape[1:])
                places = [[0, 0], [len(scores[0]) - 1] * 2, [0, 1]]
                looks = [ConvolutionFilter(picture, kernel, stride=stride, padding=padding, place=at) for at in places]
                cases.append(
                    {
                        "picture": picture.ravel().tolist(),
                        "kernel": kernel.ravel().tolist(),
                        "stride": stride,
                        "padding": padding,
                        "map": scores[0, :, :, 0].tolist(),
                        "pooled": pool.forward(scores)[0, :, :, 0].tolist(),
                        "places": places,
                        "seen": [look.window().ravel().tolist() for look in looks],
                        "products": [look.products().ravel().tolist() for look in looks],
                    }
                )
    return {"cases": cases}
