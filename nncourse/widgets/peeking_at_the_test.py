"""What the best of many looks at a test set claims, though all models are equally good (chapters 12 and 17)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse.widgets.base import Widget, self_contained

LIMITS = {"looks": (1, 1000, 10), "rows": (57, 912, 114), "truth": (0.5, 0.98, 0.96)}


class PeekingAtTheTest(Widget):
    """Models that are all right with probability `truth`, row by row and without regard to each other.

    All `looks` of them, from 1 to 1000, are asked about the same `rows`, from 57 to 912, and the score of the best is
    claimed. Then the best is asked about as many others. `truth` goes from 0.5, a coin, to 0.98.
    """

    _esm = self_contained("peeking_at_the_test.js")
    height = 600

    looks = t.Int(1000, help="models among which the best is taken").tag(sync=True)
    rows = t.Int(114, help="rows on which it is chosen, and as many others judge").tag(sync=True)
    truth = t.Float(0.5, help="share on which every model is right in the long run").tag(sync=True)

    def __init__(self, looks: int = 1000, rows: int = 114, truth: float = 0.5, **settings):
        super().__init__(looks=looks, rows=rows, truth=truth, **settings)

    @t.validate("looks", "rows", "truth")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high, example = LIMITS[name]
        if not low <= value <= high:  # refuses nan, too
            raise t.TraitError(f"{name}: from {low} to {high} is expected, got {value}. Try {example}.")
        return value

    def others(self) -> np.ndarray:
        """Return how likely each number of right answers on other rows is, (rows + 1,): a binomial distribution."""
        k = np.arange(self.rows)
        odds = np.log(self.rows - k) - np.log(k + 1) + np.log(self.truth / (1 - self.truth))
        logs = np.append(0.0, np.cumsum(odds))
        p = np.exp(logs - logs.max())
        return p / p.sum()

    def claims(self) -> np.ndarray:
        """Return how likely each number of right answers of the best is, (rows + 1,): nobody has more."""
        below = np.minimum(np.cumsum(self.others()), 1.0) ** self.looks
        return np.diff(below, prepend=0.0)

    def claimed(self) -> float:
        """Return the share that the best is right on where it was chosen, on average."""
        return float(self.claims() @ np.arange(self.rows + 1)) / self.rows

    def middle(self) -> tuple[float, float]:
        """Return between which claims nine of ten lie, one of twenty below and one above."""
        below = np.cumsum(self.claims())
        return tuple(float(np.argmax(below >= part - 1e-9)) / self.rows for part in (0.05, 0.95))

    def describe(self) -> str:
        low, high = self.middle()
        return (
            f"Of {self.looks} models that are all right on {self.truth:g} the best is taken, by {self.rows} rows. On "
            f"them it is right on {self.claimed():.3f} on average, and nine of ten times on {low:.3f} to {high:.3f}; "
            f"on other rows on {self.truth:g}. Turning the numbers needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"PeekingAtTheTest(looks={self.looks}, rows={self.rows}, truth={self.truth:g})"
