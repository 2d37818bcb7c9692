"""The activation explorer."""

import numpy as np

from nncourse import activations
from nncourse.widgets.activation_explorer import FAR, LITTLE, TITLES, verdict


def zones(f):
    """Where the slope stays nearer to 0 than `LITTLE`, from either end of the axis inwards."""

    def flat(z):
        return abs(f.derivative(z)) < LITTLE

    found = []
    for side in (-1, 1):
        inwards = side * np.linspace(FAR, -FAR, 4801)
        loud = np.flatnonzero(~flat(inwards))
        if loud.size == 0:
            return [[-FAR, FAR]]
        if loud[0] == 0:
            continue
        inside, outside = inwards[loud[0] - 1], inwards[loud[0]]
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if flat(middle) else (inside, middle)
        found.append(sorted([side * FAR, float(inside)]))
    return found


def compute():
    """Value, slope and word of each curve on the scores of the slider and a few far out, and its zones."""
    z = [round(k / 10, 1) + 0.0 for k in range(-60, 61, 3)]
    far = [-800.0, -40.0, -1e-9, 1e-9, 40.0, 700.0]
    return {
        name: {
            "z": z,
            "far": far,
            "value": (f := activations.get(name))(np.array(z + far)).tolist(),
            "slope": f.derivative(np.array(z + far)).tolist(),
            "verdict": [verdict(name, score) for score in z],
            "zones": zones(f),
        }
        for name in TITLES
    }
