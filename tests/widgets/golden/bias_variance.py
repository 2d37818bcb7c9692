"""Polynomials of every degree, fitted to many training sets: squared bias, variance and own error."""

import numpy as np

from nncourse.widgets import BiasVariance
from nncourse.widgets.bias_variance import DEGREES, normal

SETTINGS = [
    {},
    {"sets": 1},
    {"n": 16, "sets": 7, "noise": 0.5, "seed": 3},  # fifteen degrees pass through sixteen points
    {"n": 60, "sets": 30, "noise": 0.05, "seed": 1000},
    {"n": 40, "noise": 0.0, "sets": 2},
]


def compute():
    """By the definitions: means over sets and places of the fits themselves, from Legendre's polynomials and QR."""
    cases = []
    for settings in SETTINGS:
        widget = BiasVariance(**settings)
        truth, targets = widget.truth(), widget.targets()
        parts = []
        for degree in DEGREES:
            fits = widget.answers(degree)
            parts.append(
                {
                    "bias2": float(np.mean((fits.mean(axis=0) - truth) ** 2)),
                    "variance": float(np.mean(fits.var(axis=0))),
                    "own": float(np.mean((fits - targets) ** 2)),
                }
            )
        cases.append(
            {
                **{name: getattr(widget, name) for name in ("n", "noise", "sets", "seed")},
                "targets": targets[-1].tolist(),
                "answers": {degree: widget.answers(degree)[-1].tolist() for degree in (0, 4, 15)},
                "parts": parts,
            }
        )
    return {"normal": [normal(7, k) for k in range(5)], "cases": cases}
