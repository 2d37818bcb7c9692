"""Three lines through ten points, and the losses of a sigmoid neuron by its score."""

from itertools import combinations

import numpy as np

from nncourse import losses, optimizers
from nncourse.activations import sigmoid
from nncourse.widgets.loss_shapes import EDGE, MOST, NINE

X = np.arange(10.0)
SCALE = X.std()
HEIGHTS = [0.0, 3.0, 5.6, 6.5, 20.0]
DELTAS = [0.5, 1.0, 4.0, 10.0]
SCORES = [-20.0, -16.5, -10.0, -5.0, -0.5, 0.0, 2.0, 9.5, 15.0, 20.0]


def descend(y, loss):
    """The line of least loss by gradient descent on a centred and scaled x."""
    table = np.column_stack([(X - X.mean()) / SCALE, np.ones(len(X))])

    def objective(v):
        value, gradient = loss.value_and_gradient(y, table @ v)
        return value, table.T @ gradient

    tilt, middle = optimizers.minimize(objective, [0.0, y.mean()], optimizers.SGD(0.5), 2000)[-1]
    return [tilt / SCALE, middle - tilt / SCALE * X.mean()]


def least_absolute(y):
    """The lowest mean absolute error of all lines through two of the points, which is the lowest of all lines."""
    pairs = [(i, (y[j] - y[i]) / (j - i)) for i, j in combinations(range(len(y)), 2)]
    return min(losses.MeanAbsoluteError()(y, y[i] + w * (X - i)) for i, w in pairs)


def slope(name, z, y):
    """The chain rule: the package's slope in the probability, times the sigmoid's; none where the value is clipped."""
    p = sigmoid(np.array([z]))
    if name == "squared error":
        return losses.MeanSquaredError().value_and_gradient([y], p)[1] * p * (1 - p)
    clipped = name == "clipped" and abs(z) > EDGE
    return 0 * p if clipped else losses.BinaryCrossentropy().gradient_in_sum(np.array([y]), p)


def steps(name, z, y):
    """Steps of SGD with the rate 1 to the right side."""
    score, sgd = np.array([z]), optimizers.SGD(1.0)
    for count in range(MOST + 1):
        if (score[0] >= 0) == (y == 1):
            return count
        gradient = slope(name, score[0], y)
        if not gradient[0]:
            return None
        sgd.step(score, gradient)
    return None


def compute():
    fits = []
    for last in HEIGHTS:
        y = np.array([*NINE, last])
        for delta in DELTAS:
            huber = losses.Huber(delta)
            fits.append(
                {
                    "last": last,
                    "delta": delta,
                    "squared": descend(y, losses.MeanSquaredError()),
                    "Huber": descend(y, huber),
                    "least_absolute": least_absolute(y),
                }
            )
    misses = []
    for r in (-14.0, -1.0, -0.4, 0.0, 0.9, 1.1, 7.5):
        for delta in (0.5, 1.0, 8.0):
            kinds = (losses.MeanSquaredError(), losses.MeanAbsoluteError(), losses.Huber(delta))
            both = [kind.value_and_gradient([0.0], [r]) for kind in kinds]
            misses.append({"r": r, "delta": delta, "costs": [v for v, _ in both], "slopes": [g[0] for _, g in both]})
    scores = []
    for z in SCORES:
        for y in (0.0, 1.0):
            p = sigmoid(np.array([z]))
            scores.append(
                {
                    "z": z,
                    "y": y,
                    "costs": {
                        "cross-entropy": losses.BinaryCrossentropy(from_logits=True)([y], [z]),
                        "clipped": losses.BinaryCrossentropy()([y], p),
                        "squared error": losses.MeanSquaredError()([y], p),
                    },
                    "slopes": {
                        name: float(slope(name, z, y)[0]) for name in ("cross-entropy", "clipped", "squared error")
                    },
                    "steps": {name: steps(name, z, y) for name in ("cross-entropy", "clipped")}
                    | ({"squared error": steps("squared error", z, y)} if abs(z) < 6 else {}),
                }
            )
    return {"nine": NINE, "fits": fits, "misses": misses, "scores": scores}
