"""The sigmoid neuron."""

import numpy as np

from nncourse import activations, datasets, losses


def logistic(x, y, w, b):
    """Mean logistic loss of one neuron and its slopes for w and b, by the chain rule from the loss's own gradient."""
    value, slope = losses.BinaryCrossentropy(from_logits=True).value_and_gradient(y, w * x + b)
    return value, float(slope @ x), float(slope.sum())


def compute():
    """The curve, then loss, gradient and descent on the exam results and on a set that w and b can overshoot."""
    z = [-800.0, -40.0, -3.5, -1.0, -1e-9, 0.0, 1e-9, 0.1, 2.0, 36.7, 745.0]
    hours, passed = datasets.exam_hours()
    sets = [(hours[:, 0], passed), (np.array([0.0, 2.5, 7.0]), np.array([1.0, 0.0, 1.0]))]
    cases = []
    for x, y in sets:
        for w, b in ((1.0, -2.0), (2.0, -6.5), (-4.0, 13.0), (10.0, 40.0), (-10.0, -40.0), (0.0, 0.3), (1.35, -4.4)):
            value, dw, db = logistic(x, y, w, b)
            path, at = [], (w, b)
            for _ in range(20):
                _, *slopes = logistic(x, y, *at)
                at = tuple(parameter - 0.5 * slope for parameter, slope in zip(at, slopes, strict=True))
                path.append(at)
            cases.append(
                {
                    "points": np.column_stack([x, y]).tolist(),
                    "w": w,
                    "b": b,
                    "loss": value,
                    "gradient": [dw, db],
                    "firing": -b / w if w else None,
                    "mistakes": int(np.sum(activations.step(w * x + b) != y)),
                    "descent": {"learning_rate": 0.5, "path": path},
                }
            )
    curve = {
        "z": z,
        "sigmoid": activations.sigmoid(np.array(z)).tolist(),
        "step": activations.step(np.array(z)).tolist(),
    }
    return {"curve": curve, "cases": cases}
