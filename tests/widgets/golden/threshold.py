"""Thresholds on labelled probabilities: counts, scores, the ROC curve and the price of the errors."""

import numpy as np

from nncourse import metrics

PRICES = [(10.0, 1.0), (1.0, 1.0), (1.0, 20.0), (3.0, 2.0)]


def at_threshold(y, p, threshold):
    """The table and the scores; the point on the ROC curve as the recalls of the two classes say it."""
    called = (p >= threshold).astype(int)
    missed, alarm = (y == 1) & (called == 0), (y == 0) & (called == 1)
    table = metrics.confusion_matrix(y, called, classes=[1, 0])
    return {
        "threshold": threshold,
        "table": table.tolist(),
        "accuracy": metrics.accuracy(y, called),
        "precision": metrics.precision(y, called),
        "recall": metrics.recall(y, called),
        "f1": metrics.f1(y, called),
        "rates": [1 - metrics.recall(1 - y, 1 - called), metrics.recall(y, called)],
        "costs": [float(np.mean(dear * missed + cheap * alarm)) for dear, cheap in PRICES],
    }


def stairs(y, p, miss, alarm):
    """What each cut costs, upwards, by the rates of the ROC curve; above the last score nothing is called positive."""
    alarms, hits, cuts = metrics.roc_curve(y, p, drop_intermediate=False)
    costs = np.mean(y) * miss * (1 - hits) + np.mean(1 - y) * alarm * alarms
    cuts = np.minimum(cuts, 1)
    keep = slice(1, None) if cuts[1] == 1 else slice(None)  # no cut up to 1 leaves out a row that scores 1
    return np.column_stack([cuts, costs])[keep][::-1].tolist()


def compute():
    """Noisy scores with and without ties, scores at both ends, and scores in the wrong order."""
    rng = np.random.default_rng(0)
    y = (rng.random(40) < 0.4).astype(int)
    noisy = 1 / (1 + np.exp(-(2 * y - 1 + rng.normal(size=40))))
    sets = [
        (y, noisy),
        (y, np.round(noisy, 1)),
        (np.array([0, 1, 0, 1, 1]), np.array([0.0, 0.0, 1.0, 1.0, 0.5])),
        (np.array([1, 0]), np.array([0.2, 0.8])),
    ]
    cases = []
    for labels, p in sets:
        thresholds = [0.0, 1 / 11, 0.3, 0.5, float(p[0]), 0.9, 1.0]
        alarms, hits, _ = metrics.roc_curve(labels, p, drop_intermediate=False)
        cases.append(
            {
                "y": labels.tolist(),
                "p": p.tolist(),
                "thresholds": [at_threshold(labels, p, threshold) for threshold in thresholds],
                "roc": np.column_stack([alarms, hits]).tolist(),
                "staircases": [stairs(labels, p, *prices) for prices in PRICES],
            }
        )
    return {"prices": PRICES, "cuts": [alarm / (alarm + miss) for miss, alarm in PRICES], "cases": cases}
