"""Two walkers on one bowl, each with a batch size and a rate: noise, updates, passes and time (chapter 09)."""

from __future__ import annotations

import math

import numpy as np
import traitlets as t

from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.chance import draw

START = (-1.0, 1.0)
SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
BUDGETS = {"updates": 100, "passes": 2, "time": 4000}  # how far each clock runs
CALL = 20  # an update takes as long as this many rows, and a row more for each row of its batch
NEAR, LOST = 0.1, 1e6  # above the lowest loss: where a walker counts as there, and where as lost


def bowl() -> tuple[list, list]:
    """The rows (256, 2) and targets (256,) of chapter 09, to three decimals."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(256, 2)) @ np.array([[1.0, 0.0], [0.5, 0.6]])
    targets = rows @ np.array([2.0, -1.0]) + rng.normal(size=256)
    return rows.round(3).tolist(), targets.round(3).tolist()


class BatchSize(Widget):
    """Descent of a linear neuron without a bias on 256 examples, by two walkers from (-1, 1).

    `batch_sizes` holds the batch size of each walker, a power of two up to 256, and `rates` its learning rate, from
    0.02 to 0.8. `clock` is what both are given equally much of: "updates", "passes" or "time". `seed` rules the draws.
    """

    _esm = self_contained("batch_size.js")
    height = 720

    batch_sizes = t.List(t.Int(), [1, 256], minlen=2, maxlen=2).tag(sync=True)
    rates = t.List(t.Float(), [0.1, 0.2], minlen=2, maxlen=2).tag(sync=True)
    clock = t.Enum(list(BUDGETS), "updates").tag(sync=True)
    seed = t.Int(0, min=0, max=10**6).tag(sync=True)
    x = t.List(t.List(t.Float()), help="rows (256, 2)").tag(sync=True)
    y = t.List(t.Float(), help="targets (256,)").tag(sync=True)

    def __init__(self, batch_sizes=(1, 256), rates=(0.1, 0.2), **settings):
        x, y = bowl()
        super().__init__(batch_sizes=list(batch_sizes), rates=list(rates), **{"x": x, "y": y} | settings)

    @t.validate("batch_sizes")
    def _check_sizes(self, proposal):
        for size in proposal["value"]:
            if size not in SIZES:
                raise t.TraitError(f"a batch size is one of {SIZES}, got {size}. Try 16.")
        return proposal["value"]

    @t.validate("rates")
    def _check_rates(self, proposal):
        for rate in proposal["value"]:
            if not 0.02 <= rate <= 0.8:
                raise t.TraitError(f"a rate from 0.02 to 0.8 is expected, got {rate}. Try 0.1.")
        return proposal["value"]

    def bottom(self) -> np.ndarray:
        """The weights (2,) of the lowest loss."""
        return np.linalg.lstsq(np.array(self.x), np.array(self.y), rcond=None)[0]

    def excess(self, w) -> float:
        """How much the loss at w (2,) lies above the lowest: a mean of squares."""
        return float(np.mean((np.array(self.x) @ (np.asarray(w) - self.bottom())) ** 2))

    def noise(self, batch_size: int) -> float:
        """The root mean square length of a batch's gradient at the bottom, where that of all rows is zero."""
        x, n = np.array(self.x), len(self.x)
        each = 2 * x * (x @ self.bottom() - self.y)[:, None]
        return float(np.sqrt(np.mean(np.sum(each**2, axis=1)) / batch_size * (n - batch_size) / (n - 1)))

    def spent(self, batch_size: int, updates: int) -> dict[str, float]:
        """What so many updates are on each clock."""
        return {
            "updates": updates,
            "passes": updates * batch_size / len(self.x),
            "time": updates * (CALL + batch_size),
        }

    def updates(self, batch_size: int, clock: str | None = None) -> int:
        """How many updates the clock allows."""
        clock = clock or self.clock
        return int(BUDGETS[clock] / self.spent(batch_size, 1)[clock])

    def walk(self, which: int) -> np.ndarray:
        """The weights of a walker, start included, as far as the longest clock lets it; a lost walker stops."""
        x, y, size, rate = np.array(self.x), np.array(self.y), self.batch_sizes[which], self.rates[which]
        n, order, drawn = len(x), list(range(len(x))), 0
        path, bottom = [np.array(START)], self.bottom()
        for _ in range(max(self.updates(size, clock) for clock in BUDGETS)):
            for i in range(size if size < n else 0):
                drawn += 1
                j = i + math.floor((n - i) * draw(self.seed, drawn))
                order[i], order[j] = order[j], order[i]
            rows = order[:size]
            path.append(path[-1] - rate * 2 * x[rows].T @ (x[rows] @ path[-1] - y[rows]) / size)
            if not np.mean((x @ (path[-1] - bottom)) ** 2) <= LOST:
                break
        return np.array(path)

    def arrival(self, which: int) -> int | None:
        """The first update after which the loss is at most 0.1 above the lowest; None if that never happens."""
        return next((step for step, w in enumerate(self.walk(which)) if self.excess(w) <= NEAR), None)

    def late(self, which: int) -> float:
        """The loss above the lowest, its mean over the last quarter of what the clock allows; inf for a lost one."""
        updates, path = self.updates(self.batch_sizes[which]), self.walk(which)
        if len(path) <= updates:
            return math.inf
        last = path[updates - updates // 4 : updates + 1]
        return float(np.mean([self.excess(w) for w in last]))

    def describe(self) -> str:
        told = []
        for which, (size, rate) in enumerate(zip(self.batch_sizes, self.rates, strict=True)):
            end = self.late(which)
            end = f"ends about {end:.2g} above the lowest loss" if end < math.inf else "is lost"
            told.append(f"the one with batches of {size} and a rate of {rate:g} {end}")
        return (
            f"Two walkers get {BUDGETS[self.clock]} {self.clock} each: {' and '.join(told)}. "
            "Turning batch sizes and rates and changing the clock needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"BatchSize(batch_sizes={self.batch_sizes}, rates={self.rates}, clock={self.clock!r})"
