"""Loss curves of recorded trainings, and where early stopping ends them (chapter 14)."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import traitlets as t

from nncourse.callbacks import EarlyStopping
from nncourse.widgets.base import Widget, self_contained

CURVES = ("loss", "val_loss")
LIMITS = {"patience": (0, 20), "min_delta": (0, 0.1)}


class EarlyStop(Widget):
    """Recorded trainings, and what `nn.callbacks.EarlyStopping` would have made of each.

    `runs` maps a name to a record as `fit` returns it in `history`, with "loss" and "val_loss", one number an epoch;
    both are kept to four decimals. `run` names the one that is shown, at first the first. `patience` goes from 0 to 20
    and `min_delta` from 0 to 0.1. Without `restore` the weights of the last epoch are brought home.
    """

    _esm = self_contained("early_stop.js")
    height = 500

    runs = t.Dict(help="name -> loss and val_loss, one number an epoch").tag(sync=True)
    run = t.Unicode().tag(sync=True)
    patience = t.Int(2).tag(sync=True)
    min_delta = t.Float(0.0).tag(sync=True)
    restore = t.Bool(True, help="bring the best weights home").tag(sync=True)

    def __init__(self, runs, **settings):
        if not isinstance(runs, dict) or not all(isinstance(one, dict) for one in runs.values()):
            raise t.TraitError(f"runs maps names to records, got {runs!r}. Try {{'a run': model.fit(...).history}}.")
        if not runs:
            raise t.TraitError("runs: at least one record is expected, got none.")
        for name, record in runs.items():
            if missing := [curve for curve in CURVES if curve not in record]:
                raise t.TraitError(
                    f"the record of {name!r} needs loss and val_loss, and {missing[0]!r} is missing. "
                    "Pass validation_data to fit."
                )
        kept = {name: {key: np.round(record[key], 4).tolist() for key in CURVES} for name, record in runs.items()}
        super().__init__(runs=kept, **{"run": next(iter(kept), ""), **settings})

    @t.validate("runs")
    def _check_runs(self, proposal):
        for name, record in proposal["value"].items():
            counts = {len(record[key]) for key in CURVES}
            if len(counts) > 1 or min(counts) < 2:
                raise t.TraitError(f"{name!r}: two epochs or more are expected, and as many of both losses.")
            if not all(math.isfinite(value) and value > 0 for value in record["val_loss"]):
                raise t.TraitError(f"{name!r}: val_loss must be positive and finite.")
            if not all(map(math.isfinite, record["loss"])):
                raise t.TraitError(f"{name!r}: loss must be finite.")
        return proposal["value"]

    @t.validate("run")
    def _check_run(self, proposal):
        if proposal["value"] not in self.runs:
            raise t.TraitError(f"run must be one of {', '.join(self.runs)}, got {proposal['value']!r}.")
        return proposal["value"]

    @t.validate("patience", "min_delta")
    def _check_number(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high = LIMITS[name]
        if not low <= value <= high:
            raise t.TraitError(f"{name}: a number from {low} to {high} is expected, got {value}. Try {high}.")
        return value

    def outcome(self) -> dict:
        """Return the epochs, counted from 1: stop, best (the last improvement), home, lowest; and whether it stopped.

        `stop` is the last epoch trained, `home` the one whose weights are brought home, `lowest` the best of all
        that were recorded. The package's own callback watches.
        """
        losses = self.runs[self.run]["val_loss"]
        watch = EarlyStopping(patience=self.patience, min_delta=self.min_delta)
        watch.model = SimpleNamespace(stop_training=False)
        for epoch, loss in enumerate(losses):
            watch.on_epoch_end(epoch, {"val_loss": loss})
            if watch.model.stop_training:
                break
        stop, best = epoch + 1, watch.best_epoch + 1
        return {
            "stopped": watch.model.stop_training,
            "stop": stop,
            "best": best,
            "home": best if self.restore else stop,
            "lowest": int(np.argmin(losses)) + 1,
        }

    def describe(self) -> str:
        losses, told = self.runs[self.run]["val_loss"], self.outcome()
        stops = f"stops after epoch {told['stop']}" if told["stopped"] else f"does not stop in {told['stop']} epochs"
        home, lowest = (losses[told[key] - 1] for key in ("home", "lowest"))
        return (
            f"The training {self.run!r}: with a patience of {self.patience} and a min_delta of {self.min_delta:g} it "
            f"{stops} and brings home epoch {told['home']}, with a validation loss of {home:.4f}; the lowest of all is "
            f"{lowest:.4f}, at epoch {told['lowest']}. Turning patience and min_delta needs JavaScript."
        )

    def __repr__(self) -> str:
        watch = f"patience={self.patience}, min_delta={self.min_delta:g}"
        return f"EarlyStop({len(self.runs)} runs, run={self.run!r}, {watch})"
