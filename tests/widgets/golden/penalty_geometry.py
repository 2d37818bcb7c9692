"""The lowest place of a bowl of two weights with an L1 or an L2 penalty beside it."""

import itertools

import numpy as np

from nncourse import regularizers
from nncourse.widgets import PenaltyGeometry

BOTTOMS = [(1.2, 0.5), (-0.7, 1.6), (0.3, -0.3), (2.0, 2.0), (-2.0, 0.1), (1.0, 0.0), (0.0, 0.0)]
CORRELATIONS = (-0.9, -0.3, 0.0, 0.4, 0.9)
STRENGTHS = (0.0, 0.05, 0.37, 0.8, 2.0)
CHARGES = {"L1": regularizers.l1, "L2": regularizers.l2}


def compute():
    """Weights, loss, price and zeros; the half-axes of an ellipse from the eigenvalues of the curvature."""
    cases = []
    for penalty, bottom, correlation in itertools.product(CHARGES, BOTTOMS, CORRELATIONS):
        for strength in STRENGTHS:
            widget = PenaltyGeometry(penalty, bottom, correlation, strength)
            w = widget.weights()
            cases.append(
                {
                    "penalty": penalty,
                    "bottom": list(bottom),
                    "correlation": correlation,
                    "strength": strength,
                    "weights": w.tolist(),
                    "loss": widget.loss(w),
                    "price": CHARGES[penalty](1.0)(w),
                    "zeros": widget.zeros(),
                }
            )
    ellipses = []
    for correlation, height in itertools.product(CORRELATIONS, (0.0, 0.32, 2.0)):
        curvatures, directions = np.linalg.eigh(np.array([[1.0, correlation], [correlation, 1.0]]))
        along = int(np.argmax(np.abs(directions.sum(axis=0))))  # which of the two is (1, 1)
        if correlation == 0:
            along = 0  # a circle: every direction is one
        halves = np.sqrt(2 * height / curvatures[[along, 1 - along]])
        ellipses.append({"correlation": correlation, "height": height, "axes": halves.tolist()})
    return {"cases": cases, "ellipses": ellipses}
