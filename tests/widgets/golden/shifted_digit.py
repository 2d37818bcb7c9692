"""Moved pictures, read by small convolutional networks with weights of eight bits."""

import numpy as np

from nncourse import models
from nncourse.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D
from nncourse.widgets import ShiftedDigit

SHIFTS = [[0, 0], [0, 1], [-1, 0], [3, -3], [-2, 3], [-3, -3]]


def networks(side=10, classes=4):
    """One whose windows stay inside and whose last places fill no pool, one with a frame and one pool for all."""
    kinds = {"inside": (2, 3, "valid", 3), "framed": (3, 4, "same", side)}
    made = {}
    for seed, (name, (filters, window, padding, pool)) in enumerate(kinds.items()):
        layers = [
            Input((side, side, 1)),
            Conv2D(filters, window, padding=padding, activation="relu"),
            MaxPooling2D(pool),
            Flatten(),
            Dense(classes, activation="softmax"),
        ]
        made[name] = models.Sequential(layers, seed=seed, dtype="float64")
        rng = np.random.default_rng(seed)
        made[name].set_weights([rng.normal(size=array.shape).round(3) for array in made[name].get_weights()])
    return made


def pictures(side=10):
    """Three blots of random ink in the middle of blank paper."""
    x = np.zeros((3, side, side))
    x[:, 3:-3, 3:-3] = np.random.default_rng(0).integers(17, size=(3, side - 6, side - 6)) / 16
    return x, [0, 1, 2]


def compute():
    """The state that JavaScript gets, and what `Sequential.predict` makes of every picture and shift."""
    x, y = pictures()
    widget, cases = ShiftedDigit(networks(), x, y), []
    for digit in y:
        widget.digit = digit
        for about in widget.networks:
            name = about["name"]
            cases.append(
                {
                    "digit": digit,
                    "network": name,
                    "scores": [widget.scores(name, shift).tolist() for shift in SHIFTS],
                    "reads": widget.reads(name).tolist(),
                }
            )
    return {
        "networks": widget.networks,
        "weights": np.frombuffer(widget.weights, np.int8).tolist(),
        "steps": widget.steps,
        "side": widget.side,
        "pictures": np.frombuffer(widget.pictures, np.uint8).reshape(3, -1).tolist(),
        "shifts": SHIFTS,
        "moved": widget.moved(SHIFTS)[..., 0].reshape(len(SHIFTS), -1).tolist(),
        "cases": cases,
    }
