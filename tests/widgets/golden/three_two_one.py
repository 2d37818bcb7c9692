"""The 3-2-1 network forward and back: the exercises' references, and the package's own network."""

import numpy as np

from nncourse import optimizers
from nncourse.exercises.chapter_03 import forward_321
from nncourse.exercises.chapter_07 import backprop_321
from nncourse.widgets import ThreeTwoOne

SETTINGS = [
    {},
    {"y": 0.0},
    {"raw": True},
    {"x": [0.0, -2.5, 3.0], "w": [1.5, -2, 0.3, 4, -0.7, 0.1, -3, 2.2], "b": [0.5, -1, 2], "learning_rate": 5.0},
    {"x": [3.0, 3.0, 3.0], "w": [8.0] * 8, "b": [8.0] * 3, "y": 0.0, "raw": True},
    {"x": [3.0, 3.0, 3.0], "w": [-8.0] * 8, "b": [-8.0] * 3},
]


def compute():
    """What enters, all scores, outputs, deltas, slopes, the update, and the slopes that a nudge measures."""
    cases = []
    for settings in SETTINGS:
        widget = ThreeTwoOne(**settings)
        x, w, b = widget.entering(), np.array(widget.w), np.array(widget.b)
        z1, h, z2, y_hat = forward_321(x, w, b)
        dw, db = backprop_321(x, widget.y, w, b)
        slopes = np.concatenate([dw, db])
        np.testing.assert_allclose(list(widget.slopes().values()), slopes, rtol=1e-9, atol=1e-15)
        moved = np.concatenate([w, b])
        optimizers.SGD(widget.learning_rate).step(moved, slopes)

        def loss(p, x=x, y=widget.y):
            return (forward_321(x, p[:8], p[8:])[-1] - y) ** 2

        start = np.concatenate([w, b])
        nudges = [[float(loss(start + n)), float(loss(start - n))] for n in 0.01 * np.eye(11)]
        cases.append(
            {
                "x": widget.x,
                "y": widget.y,
                "raw": widget.raw,
                "p": start.tolist(),
                "learning_rate": widget.learning_rate,
                "entering": x.tolist(),
                "z": [*z1.tolist(), float(z2)],
                "h": [*h.tolist(), float(y_hat)],
                "deltas": db.tolist(),
                "slopes": slopes.tolist(),
                "loss": float(loss(start)),
                "moved": moved.tolist(),
                "nudges": nudges,
                "measured": [(above - below) / 0.02 for above, below in nudges],
            }
        )
    return {"cases": cases}
