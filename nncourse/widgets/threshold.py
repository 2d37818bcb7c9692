"""A threshold, the four counts and the scores that follow from it, and what the errors cost (chapter 12)."""

from __future__ import annotations

import math

import numpy as np
import traitlets as t

from nncourse import metrics
from nncourse.widgets.base import Widget, self_contained


class Threshold(Widget):
    """Rows with known labels and told probabilities, and a threshold that calls them positive from itself on.

    `y_true` (n,) holds zeros and ones with at least one of each, `p` (n,) the probabilities of a one. `names` are the
    words for class 0 and for class 1, the positive one. A one that is not called positive costs `cost_of_miss`, a zero
    that is called positive `cost_of_alarm`.
    """

    _esm = self_contained("threshold.js")
    height = 770

    y_true = t.List(t.Float(), help="labels, 0 or 1").tag(sync=True)
    p = t.List(t.Float(), help="probabilities of a one").tag(sync=True)
    names = t.List(t.Unicode(), minlen=2, maxlen=2, help="words for class 0 and class 1").tag(sync=True)
    threshold = t.Float(0.5, min=0, max=1).tag(sync=True)
    cost_of_miss = t.Float(10.0, min=1, max=20).tag(sync=True)
    cost_of_alarm = t.Float(1.0, min=1, max=20).tag(sync=True)

    def __init__(self, y_true, p, names=("benign", "malignant"), **settings):
        y_true, p = np.asarray(y_true), np.asarray(p, dtype=np.float64)
        if p.ndim != 1 or y_true.shape != p.shape:
            hint = " Try p[:, 0]." if p.ndim == 2 and p.shape[1] == 1 else ""
            raise t.TraitError(
                f"y_true and p hold a label and a probability for each row, shape (n,), got shapes {y_true.shape} "
                f"and {p.shape}.{hint}"
            )
        p = p.round(6)  # the last digits differ from one processor to the next
        super().__init__(y_true=y_true.tolist(), p=p.tolist(), names=list(names), **settings)

    @t.validate("y_true")
    def _check_labels(self, proposal):
        labels = sorted(set(proposal["value"]))
        if labels != [0, 1]:
            raise t.TraitError(
                f"y_true holds zeros and ones, some of each, got the labels {labels}. Try y == positive."
            )
        return self._paired(proposal["value"], "y_true")

    @t.validate("p")
    def _check_probabilities(self, proposal):
        for value in proposal["value"]:
            if not 0 <= value <= 1:  # refuses nan, too
                raise t.TraitError(f"p holds probabilities from 0 to 1, got {value}. Logits need a sigmoid first.")
        return self._paired(proposal["value"], "p")

    def _paired(self, values, name):
        other = "p" if name == "y_true" else "y_true"
        if len(values) != len(getattr(self, other)):
            raise t.TraitError(
                f"{name} and {other} need equally many rows, got {len(values)} and {len(getattr(self, other))}. "
                "Change both inside `with widget.hold_trait_notifications():`."
            )
        return values

    @t.validate("threshold", "cost_of_miss", "cost_of_alarm")
    def _check_number(self, proposal):
        if not math.isfinite(proposal["value"]):
            raise t.TraitError(f"{proposal['trait'].name} must be a finite number, got {proposal['value']}")
        return proposal["value"]

    def called(self) -> np.ndarray:
        """Return what each row is called, (n,): 1 where p >= threshold, else 0."""
        return (np.array(self.p) >= self.threshold).astype(int)

    def table(self) -> np.ndarray:
        """Return the counts (2, 2): found and missed ones above, false alarms and zeros left alone below."""
        return metrics.confusion_matrix(self.y_true, self.called(), classes=[1, 0])

    def scores(self) -> dict[str, float]:
        """Return accuracy, precision, recall and F1 by name."""
        names = ("accuracy", "precision", "recall", "f1")
        return {name: getattr(metrics, name)(self.y_true, self.called()) for name in names}

    def cost(self) -> float:
        """Return what the errors cost, the mean over all rows."""
        (_, missed), (alarms, _) = self.table()
        return float(self.cost_of_miss * missed + self.cost_of_alarm * alarms) / len(self.p)

    def formula_cut(self) -> float:
        """Return the threshold of least cost where probabilities keep their word."""
        return self.cost_of_alarm / (self.cost_of_alarm + self.cost_of_miss)

    def describe(self) -> str:
        (found, missed), (alarms, alone) = self.table()
        zero, one = self.names
        right = self.scores()["accuracy"]
        return (
            f"At the threshold {self.threshold:.3f}, {missed} of {found + missed} {one} rows are missed and {alarms} "
            f"of {alarms + alone} {zero} ones called {one}; accuracy {right:.3f}. With {self.cost_of_miss:g} for a miss"
            f" and {self.cost_of_alarm:g} for a false alarm a row costs {self.cost():.3f}. Sliding the threshold "
            "and the prices needs JavaScript."
        )

    def __repr__(self) -> str:
        return (
            f"Threshold({len(self.p)} rows, threshold={self.threshold:g}, cost_of_miss={self.cost_of_miss:g}, "
            f"cost_of_alarm={self.cost_of_alarm:g})"
        )
