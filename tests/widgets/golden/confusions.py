"""Pictures packed into bytes, and a reader that refuses below a threshold: matrix, counts, cells."""

import base64

import numpy as np

from nncourse import activations, metrics
from nncourse.widgets import Confusions

THRESHOLDS = [0.0, 0.3, 0.5, 0.58, 0.9, 0.95, 0.99]


def made(seed, n, k):
    """Random pictures and a reader that is often right."""
    rng = np.random.default_rng(seed)
    y = rng.integers(k, size=n)
    p = activations.softmax(3 * rng.normal(size=(n, k)) + 4 * np.eye(k)[y])
    return rng.random((n, 8, 8)), y, p


def compute():
    cases = []
    for seed, n, k in ((0, 30, 4), (1, 20, 10), (2, 5, 2)):
        images, y, p = made(seed, n, k)
        widget = Confusions(images, y, p)
        p = p.round(3)
        said, top = p.argmax(axis=1), p.max(axis=1)
        at_threshold = []
        for threshold in THRESHOLDS:
            answered = top >= threshold
            table = metrics.confusion_matrix(y[answered], said[answered], classes=range(k))
            at_threshold.append(
                {
                    "threshold": threshold,
                    "table": table.tolist(),
                    "refused": int(n - answered.sum()),
                    "answered": int(answered.sum()),
                    "wrong": int(table.sum() - np.trace(table)),
                }
            )
        slips = np.flatnonzero(said != y)
        cases.append(
            {
                "n": n,
                "y": y.tolist(),
                "pixels": base64.b64encode(widget.pixels).decode("ascii"),
                "thousandths": base64.b64encode(widget.thousandths).decode("ascii"),
                "greys": np.round(images * 15).astype(int).ravel().tolist(),
                "p": (1000 * p).round().astype(int).tolist(),
                "thresholds": at_threshold,
                "mistakes": slips[np.argsort(-top[slips], kind="stable")].tolist(),
                "cells": [
                    [Confusions(images, y, widget.p, written=a, read=b).members() for b in range(k)] for a in range(k)
                ],
            }
        )
    return {"cases": cases}
