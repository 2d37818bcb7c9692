"""Where early stopping ends recorded losses: what the package's own callback does."""

from types import SimpleNamespace

import numpy as np

from nncourse.callbacks import EarlyStopping

RNG = np.random.default_rng(0)
LOSSES = {
    "a valley": (0.5 + 0.02 * (np.arange(12) - 5.0) ** 2).round(4).tolist(),
    "noisy": (1 / np.arange(1, 41) + 0.01 * np.arange(40) + 0.05 * RNG.normal(size=40)).round(4).tolist(),
    "falling": (2.0 ** -np.arange(8)).tolist(),
    "rising": np.linspace(1, 2, 6).round(4).tolist(),
    "flat": [0.5] * 6,
    "ties": [1.0, 0.9, 0.8, 0.8, 0.7, 0.65, 0.7, 0.65, 0.65, 0.65],
}
SETTINGS = [(0, 0.0), (1, 0.0), (2, 0.0), (2, 0.1), (3, 0.05), (5, 0.0), (5, 0.02), (20, 0.1)]


def watch(losses, patience, min_delta):
    """The callback's own numbers after each epoch."""
    one = EarlyStopping(patience=patience, min_delta=min_delta)
    one.model = SimpleNamespace(stop_training=False)
    beat, waits = [], []
    for epoch, loss in enumerate(losses):
        beat.append(None if one.best is None else one.best - min_delta)
        one.on_epoch_end(epoch, {"val_loss": loss})
        waits.append(one.wait)
        if one.model.stop_training:
            break
    stopped = one.model.stop_training
    return {
        "stopped": stopped,
        "stop": one.stopped_epoch if stopped else epoch,
        "best": one.best_epoch,
        "toBeat": beat,
        "waits": waits,
    }


def compute():
    cases = [
        {
            "losses": losses,
            "lowest": int(np.argmin(losses)),
            "told": [{"patience": p, "min_delta": d, **watch(losses, p, d)} for p, d in SETTINGS],
        }
        for losses in LOSSES.values()
    ]
    return {"cases": cases}
