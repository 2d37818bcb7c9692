"""Schedules: a learning rate that changes from step to step (chapter 11).

Large steps get far, small ones settle: so a rate begins large and falls. A schedule is a function
from the number of steps done to the rate of the next, and an optimizer takes one in the place of a
number: `Adam(learning_rate=CosineDecay(0.01, decay_steps=1000))`. A step is a batch, not an epoch.
Names and formulas are those of Keras, where Keras has them. Any function of one's own serves as well.

Which rate to begin with? `find_learning_rate` lets it rise through one short run and watches.
"""

import copy
from bisect import bisect_left
from dataclasses import dataclass
from math import cos, inf, isfinite, nan, pi

import numpy as np

from .validation import number, positive, whole

__all__ = [
    "CosineDecay",
    "CyclicalLearningRate",
    "ExponentialDecay",
    "InverseTimeDecay",
    "PiecewiseConstantDecay",
    "RangeTest",
    "Schedule",
    "Warmup",
    "find_learning_rate",
]


class Schedule:
    """A function from the number of steps done, from 0 on, to a learning rate.

    Called with an array of such numbers it returns an array, ready to plot. A new schedule defines
    `rate(step)` for one number.
    """

    def __call__(self, step):
        if isinstance(step, np.ndarray):
            return np.array([self.rate(one) for one in step.ravel().tolist()]).reshape(step.shape)
        return self.rate(step)

    def rate(self, step) -> float:
        raise NotImplementedError(f"{type(self).__name__} defines no rate(step)")


@dataclass(frozen=True)
class Decay(Schedule):
    """A rate that falls in time, which is counted in periods of `decay_steps` steps.

    With `staircase` only whole periods count: the rate falls at the end of each, and stays in
    between.
    """

    initial_learning_rate: float
    decay_steps: float
    decay_rate: float
    staircase: bool = False

    def __post_init__(self):
        _check(self, "initial_learning_rate", "decay_steps", "decay_rate")

    def time(self, step):
        return step // self.decay_steps if self.staircase else step / self.decay_steps


class ExponentialDecay(Decay):
    """Times `decay_rate` every `decay_steps` steps: a0 * decay_rate^(step / decay_steps).

    With `staircase`, step / decay_steps is rounded down.
    """

    def rate(self, step):
        return self.initial_learning_rate * self.decay_rate ** self.time(step)


class InverseTimeDecay(Decay):
    """A half, a third, a quarter ...: a0 / (1 + decay_rate * step / decay_steps).

    The rates add up to infinity and their squares do not, which is what lets noise average out
    (Robbins and Monro, 1951). With `staircase`, step / decay_steps is rounded down.
    """

    def rate(self, step):
        return self.initial_learning_rate / (1 + self.decay_rate * self.time(step))


@dataclass(frozen=True)
class PiecewiseConstantDecay(Schedule):
    """`values[0]` up to and including step `boundaries[0]`, then `values[1]`, and so on."""

    boundaries: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self):
        for name in ("boundaries", "values"):
            given = getattr(self, name)
            if not isinstance(given, list | tuple | np.ndarray):
                raise ValueError(f"{name} must be a list of numbers, received {given!r}. Try [{given!r}].")
            object.__setattr__(self, name, tuple(given))
        for boundary in self.boundaries:
            number("every one of boundaries", boundary)
        if len(self.values) != len(self.boundaries) + 1:
            raise ValueError(
                f"values must be one more than boundaries, received {len(self.values)} and {len(self.boundaries)}."
            )
        if any(a >= b for a, b in zip(self.boundaries, self.boundaries[1:], strict=False)):
            raise ValueError(f"boundaries must grow, received {self.boundaries}.")
        for value in self.values:
            positive("every one of values", value, zero=True)

    def rate(self, step):
        return self.values[bisect_left(self.boundaries, step)]


@dataclass(frozen=True)
class CosineDecay(Schedule):
    """Half a wave of the cosine, from the initial rate down to `alpha` times it.

    a0 * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha), as in Loshchilov and Hutter
    (2017) between two restarts. After the decay it stays where it is.

    With a `warmup_target` the rate first rises to it, along a line and in `warmup_steps` steps, and
    falls from there.
    """

    initial_learning_rate: float
    decay_steps: float
    alpha: float = 0.0
    warmup_target: float | None = None
    warmup_steps: float = 0

    def __post_init__(self):
        _check(self, "decay_steps")
        _check(self, "initial_learning_rate", "alpha", "warmup_steps", zero=True)
        if self.warmup_target is not None:
            _check(self, "warmup_target")
        elif self.warmup_steps:
            raise ValueError("warmup_steps needs a warmup_target, the rate to rise to.")

    def rate(self, step):
        top = self.initial_learning_rate
        if self.warmup_target is not None:
            top = self.warmup_target
            if step < self.warmup_steps:
                start = self.initial_learning_rate
                return start + (top - start) * step / self.warmup_steps
            step -= self.warmup_steps
        wave = (1 + cos(pi * min(step / self.decay_steps, 1))) / 2
        return top * ((1 - self.alpha) * wave + self.alpha)


@dataclass(frozen=True)
class CyclicalLearningRate(Schedule):
    """Up along a line in `step_size` steps and down again, over and over (Smith, 2017)."""

    initial_learning_rate: float
    maximal_learning_rate: float
    step_size: float

    def __post_init__(self):
        _check(self, "initial_learning_rate", zero=True)
        _check(self, "maximal_learning_rate", "step_size")

    def rate(self, step):
        height = 1 - abs(step / self.step_size % 2 - 1)  # 0, 1 at step_size, 0 at twice that
        low, high = self.initial_learning_rate, self.maximal_learning_rate
        return low + (high - low) * height


@dataclass(frozen=True)
class Warmup(Schedule):
    """Rise to a rate, or to the start of another schedule, in `warmup_steps` equal parts.

    The first step is small but not 0 (Goyal et al., 2017). The other schedule begins when its turn
    has come, at its own step 0.
    """

    learning_rate: "float | Schedule"
    warmup_steps: int

    def __post_init__(self):
        whole("warmup_steps", self.warmup_steps)
        if not callable(self.learning_rate):
            _check(self, "learning_rate")

    def rate(self, step):
        done = max(step - self.warmup_steps, 0)
        rate = self.learning_rate(done) if callable(self.learning_rate) else self.learning_rate
        return rate * min((step + 1) / (self.warmup_steps + 1), 1)


def _check(schedule, *names, zero=False):
    for name in names:
        positive(name, getattr(schedule, name), zero=zero)


# The finder


@dataclass(frozen=True, repr=False)
class RangeTest:
    """What `find_learning_rate` saw: rates, the losses of the batches, and the losses smoothed.

    `suggestion` is where the smoothed loss falls fastest, and nan where it does not fall. `lowest`
    is where it is lowest, which is too large for a long run. `edge` is where it exploded, and
    infinite where it did not.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    suggestion: float
    lowest: float
    edge: float

    def __repr__(self):
        found = f"suggestion={self.suggestion:.2g}, lowest={self.lowest:.2g}, edge={self.edge:.2g}"
        return f"RangeTest({found}, {len(self.rates)} steps)"


def find_learning_rate(
    model,
    x,
    y,
    *,
    lowest: float = 1e-6,
    highest: float = 10.0,
    steps: int = 100,
    batch_size: int = 32,
) -> RangeTest:
    """Let the rate rise by one factor a step, and watch the loss.

    It rises from `lowest` to `highest` in one short run of a copy of the
    compiled model, with a fresh optimizer (Smith, 2017); the model stays as
    it is. The run ends early where the last five losses are on average over
    four times the lowest such average.

    Through each fifth of the losses, drawn over log(rate), goes the
    straight line that fits best. Its height is the smoothed loss, and the
    middle of the steepest one is the suggestion.
    """
    positive("lowest", lowest)
    if not lowest < positive("highest", highest):
        received = f"received {lowest!r} and {highest!r}"
        raise ValueError(f"lowest must be below highest, {received}.")
    factors = whole("steps", steps, least=10) - 1
    rising = ExponentialDecay(lowest, factors, highest / lowest)
    trial = copy.deepcopy(model)
    run = trial.train_steps(x, y, epochs=steps, batch_size=batch_size)
    trial.optimizer = trial.optimizer.fresh()
    trial.optimizer.learning_rate = rising
    losses, best, edge = [], inf, inf
    with np.errstate(all="ignore"):  # it is meant to explode
        for step in run:
            recent = float(np.mean([*losses[-4:], step.loss]))
            if not (isfinite(recent) and recent <= 4 * best):
                edge = rising(step.number)
                break
            best = min(best, recent)
            losses.append(step.loss)
            if len(losses) == steps:
                break
    if not losses:
        message = "the loss is not finite before the first step. Look at"
        raise ValueError(f"{message} the scale of x and the weights.")
    rates = rising(np.arange(len(losses)))
    return _read(rates, np.array(losses), edge, side=steps // 10)


def _read(rates, losses, edge, side):
    """Fit a line to each loss and its neighbours, `side` of them on either side."""
    n, t = len(losses), np.log(rates)
    smoothed, slopes = np.empty((2, n))
    for i in range(n):
        near = slice(max(i - side, 0), i + side + 1)
        away, mean = t[near] - t[near].mean(), losses[near].mean()
        slopes[i] = away @ losses[near] / (away @ away or 1)
        smoothed[i] = mean + slopes[i] * (t[i] - t[near].mean())
    lowest = int(smoothed.argmin())
    falling = slopes[side : min(lowest + 1, n - side)]  # with all neighbours, until it rises
    steepest = side + int(falling.argmin()) if falling.size and falling.min() < 0 else None
    suggestion = nan if steepest is None else float(rates[steepest])
    return RangeTest(rates, losses, smoothed, suggestion, float(rates[lowest]), edge)
