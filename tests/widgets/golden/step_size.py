"""Gradient descent on a parabola, and its five regimes."""

import numpy as np

from nncourse import datasets, optimizers
from nncourse.widgets import StepSize

SETTINGS = [
    *((2.0, rate) for rate in (0.05, 0.1, 0.4, 0.5, 0.9, 1.0, 1.05, 2.5)),
    *((0.5, rate) for rate in (0.05, 2.0, 2.5)),
    *((1.0, rate) for rate in (1.0, 1.95, 2.0, 2.05)),
    *((2.5, rate) for rate in (0.4, 0.8)),
    *((4.0, rate) for rate in (0.05, 0.25, 0.45, 0.5, 2.5)),
]


def compute():
    """Walk, loss, factor, regime and the steps needed, from `minimize` on `parabola`."""
    cases = []
    for curvature, rate in SETTINGS:
        bowl, widget = datasets.parabola(curvature), StepSize(curvature, rate)
        steps = 400 if rate * curvature < 2 else 40  # beyond the edge 400 steps would overflow
        path = optimizers.minimize(bowl, [4.0], optimizers.SGD(rate), steps)
        near = np.flatnonzero(np.abs(path.ravel()) < 0.001)
        path = path[:41]
        cases.append(
            {
                "curvature": curvature,
                "learning_rate": rate,
                "walk": path.ravel().tolist(),
                "losses": [bowl(w)[0] for w in path],
                "factor": float(1 - bowl([1.0])[1][0] * rate),
                "regime": widget.regime(),
                "needed": int(near[0]) if near.size else None,
            }
        )
    return {"cases": cases}
