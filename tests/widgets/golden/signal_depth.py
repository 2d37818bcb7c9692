"""Sizes of a signal and of a gradient, layer by layer, with the activations of the package."""

import numpy as np

from nncourse.widgets import SignalDepth
from nncourse.widgets.signal_depth import STARTS, normals

# Large weights turn the rounding of a tanh or a sigmoid into anything within few layers: those cases stay short.
SETTINGS = [
    *((30, "relu", start) for start in STARTS),
    *((20, "sigmoid", start) for start in ("0.01", "Glorot", "He")),
    *((20, "tanh", start) for start in ("0.01", "Glorot")),
    (4, "sigmoid", "1"),
    (4, "tanh", "1"),
    (2, "tanh", "He"),
]


def compute():
    """The logarithms of the sizes, since the sizes themselves may be near 0; and the factors a layer."""
    cases = []
    for seed, (depth, activation, start) in enumerate(SETTINGS):
        widget = SignalDepth(depth=depth, activation=activation, start=start, seed=seed)
        signal, back = widget.sizes()
        cases.append(
            {
                "depth": depth,
                "activation": activation,
                "start": start,
                "seed": seed,
                "signal": np.log10(signal).tolist(),
                "back": np.log10(back).tolist(),
                "factors": list(widget.factors()),
            }
        )
    return {"starts": STARTS, "normals": normals(3, 64, 1)[0, :4].tolist(), "cases": cases}
