"""Probabilities and scores, from the package's sigmoid."""

from nncourse.activations import sigmoid

SCORES = (-4.5, -1.0, 0.0, 0.3, 4.5)


def compute():
    """Pairs of a score and what the sigmoid says to it."""
    return {"pairs": [[z, float(sigmoid(z))] for z in SCORES]}
