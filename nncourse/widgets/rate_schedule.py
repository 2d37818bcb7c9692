"""A learning rate over time, and what it does to walkers on a noisy parabola (chapter 11)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse import schedules
from nncourse.widgets.base import Widget, self_contained

AWAY = 10.0  # where the walkers start; curvature and noise are 1
LOWEST, HIGHEST = 1e-4, 10.0  # the rates of the range test
RATES = [float(f"{10 ** (k / 10 - 2):.1e}") for k in range(26)]
PERIODS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500]
STEPS = [50, 100, 200, 300, 500, 1000]
SHAPES = {
    "constant": lambda first, period, steps: lambda step: first,
    "inverse time": lambda first, period, steps: schedules.InverseTimeDecay(first, period, 1),
    "exponential": lambda first, period, steps: schedules.ExponentialDecay(first, period, 0.5),
    "steps": lambda first, period, steps: schedules.ExponentialDecay(first, period, 0.5, staircase=True),
    "cosine": lambda first, period, steps: schedules.CosineDecay(first, steps),
    "cyclical": lambda first, period, steps: schedules.CyclicalLearningRate(first / 100, first, period),
    "range test": lambda first, period, steps: lambda step: LOWEST * (HIGHEST / LOWEST) ** (step / (steps - 1)),
}
SETTINGS = ("schedule", "first", "period", "steps", "noise")


class RateSchedule(Widget):
    """Very many walkers on a parabola of curvature 1, from 10 away, whose slopes carry noise of size 1.

    `schedule` is one of "constant", "inverse time", "exponential", "steps", "cosine", "cyclical" and "range test".
    `first` is its first rate (the highest of a cycle), `period` the steps in which it is halved (or rises, in a cycle),
    `steps` the length of the walk; without `noise` the slopes are exact. While `keep` is true the walk of `kept`
    stays as a dashed line.
    """

    _esm = self_contained("rate_schedule.js")
    height = 590

    schedule = t.Enum(list(SHAPES), "cosine").tag(sync=True)
    first = t.Enum(RATES, 1.0).tag(sync=True)
    period = t.Enum(PERIODS, 50).tag(sync=True)
    steps = t.Enum(STEPS, 300).tag(sync=True)
    noise = t.Bool(True).tag(sync=True)
    keep = t.Bool(False, help="draw the kept walk as well").tag(sync=True)
    kept = t.Dict(help="the five settings of the kept walk").tag(sync=True)

    def __init__(self, schedule: str = "cosine", first: float = 1.0, **settings):
        super().__init__(schedule=schedule, first=first, **settings)
        if not self.kept:
            self.kept = {name: getattr(self, name) for name in SETTINGS}

    @t.validate("kept")
    def _check_kept(self, proposal):
        kept = proposal["value"]
        if set(kept) != set(SETTINGS):
            raise t.TraitError(f"kept holds {', '.join(SETTINGS)}, got {', '.join(map(str, kept)) or 'nothing'}")
        for name, known in zip(SETTINGS, (SHAPES, RATES, PERIODS, STEPS, (True, False)), strict=True):
            if kept[name] not in known:
                raise t.TraitError(f"kept: {name} is one of {list(known)}, got {kept[name]!r}")
        return kept

    def rates(self) -> np.ndarray:
        """The rate of each step, (steps,)."""
        rate = SHAPES[self.schedule](self.first, self.period, self.steps)
        return np.array([rate(step) for step in range(self.steps)])

    def distances(self) -> np.ndarray:
        """The root mean square distance from the bottom, start included, (steps + 1,); exact, nothing is drawn."""
        square = [AWAY**2]
        for rate in self.rates().tolist():
            square.append((1 - rate) * (1 - rate) * square[-1] + rate * rate * self.noise)
        return np.sqrt(square)

    def floors(self) -> np.ndarray:
        """Where the walkers would come to rest at the rate of each step, (steps,); inf beyond the edge, at 2."""
        rates = self.rates()
        below = rates < 2
        return np.where(below, np.sqrt(self.noise * rates / (2 - np.where(below, rates, 0))), np.inf)

    def nearest(self) -> int:
        """After how many steps the walkers are nearest."""
        return int(np.argmin(self.distances()))

    def blown(self) -> int | None:
        """The first step, after the nearest place, that leads farther away than the start; None if none does."""
        far = np.flatnonzero(self.distances()[self.nearest() :] > AWAY)
        return self.nearest() + int(far[0]) - 1 if far.size else None

    def describe(self) -> str:
        end, total = self.distances()[-1], self.rates().sum()
        noise = "with" if self.noise else "without"
        return (
            f"Walkers on a parabola, {noise} noise in their slopes, start 10 away. With the learning rate of the "
            f"schedule {self.schedule!r} they are {end:.3g} away after {self.steps} steps; the rates add up to "
            f"{total:.3g}. Choosing the schedule and turning its rate and period needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"RateSchedule({self.schedule!r}, first={self.first:g}, period={self.period}, steps={self.steps})"
