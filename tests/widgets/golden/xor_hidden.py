"""Two hidden neurons on XOR."""

import numpy as np

from nncourse.widgets.xor_hidden import PRESETS, forward, gradients, random_start, train


def compute():
    """Networks on XOR: hidden outputs, logits, loss, slopes, and fifty epochs of gradient descent."""
    starts = {str(seed): random_start(seed) for seed in (0, 1, 8, 199, 2**32 - 1)}
    large = {"W1": [[40.0, -7.0], [-35.0, 900.0]], "b1": [-3.0, 1.0], "W2": [-60.0, 800.0], "b2": 5.0}
    networks = list(PRESETS.values())
    for activation in ("linear", "step", "sigmoid"):
        networks += [start | {"activation": activation} for start in starts.values()]
        networks.append(large | {"activation": activation})
    cases = []
    for network in networks:
        h, z = forward(**network)
        loss, slopes = gradients(**network)
        slopes = dict(zip(("dW1", "db1", "dW2", "db2"), map(np.ndarray.tolist, map(np.asarray, slopes)), strict=True))
        gradient = {"loss": loss} | slopes
        case = {"network": network, "h": h.tolist(), "z": z.tolist(), "gradients": gradient}
        if network["W1"] != large["W1"]:  # there every neuron is saturated, and an epoch is a leap
            case["trained"] = [train(**network, learning_rate=rate, epochs=50) for rate in (0.5, 2.0)]
        cases.append(case)
    return {"presets": PRESETS, "starts": starts, "rates": [0.5, 2.0], "epochs": 50, "cases": cases}
