"""A race of six optimizers down one surface, each with a learning rate of its own (chapter 10)."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import traitlets as t

from nncourse import optimizers, surfaces
from nncourse.widgets.base import Widget, self_contained

STEPS, RATES = 100, [float(f"{10 ** (k / 20 - 4):.1e}") for k in range(101)]
SQUARE = ((-3.0, 3.0), (-3.0, 3.0))
SURFACES = {
    "bowl": dataclasses.replace(surfaces.parabola(2.0, d=2), start=(-2.0, 1.0)),
    "ravine": dataclasses.replace(surfaces.ravine(20), domain=SQUARE),
    "turned ravine": dataclasses.replace(surfaces.ravine(20, angle=45), start=(-2.1, -0.7), domain=SQUARE),
    "saddle": surfaces.saddle(),
    "plateau": surfaces.plateau(),
    "Rosenbrock": surfaces.rosenbrock(),
}
RULES = {
    "sgd": optimizers.SGD,
    "momentum": lambda rate: optimizers.SGD(rate, momentum=0.9),
    "nesterov": lambda rate: optimizers.SGD(rate, momentum=0.9, nesterov=True),
    "adagrad": optimizers.Adagrad,
    "rmsprop": optimizers.RMSprop,
    "adam": optimizers.Adam,
}
TITLES = {"sgd": "SGD", "nesterov": "Nesterov", "adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam"}


class OptimizerRace(Widget):
    """Walks of 100 steps from one start, one walk a rule.

    `surface` is one of "bowl", "ravine", "turned ravine", "saddle", "plateau" and "Rosenbrock"; `rules` names the rules
    that take part, of "sgd", "momentum", "nesterov", "adagrad", "rmsprop" and "adam"; `rates` holds the learning rate
    of each, from 0.0001 to 10. `start` is the surface's own without one. `steps` is how much of the walks is drawn.
    """

    _esm = self_contained("optimizer_race.js")
    height = 590

    surface = t.Enum(list(SURFACES), "ravine").tag(sync=True)
    start = t.List(t.Float(), minlen=2, maxlen=2).tag(sync=True)
    rules = t.List(t.Enum(list(RULES)), list(RULES)).tag(sync=True)
    rates = t.Dict(help="the learning rate of each rule").tag(sync=True)
    steps = t.Int(STEPS, min=1, max=STEPS).tag(sync=True)

    def __init__(self, surface: str = "ravine", start=None, rates=None, **settings):
        if start is None and surface in SURFACES:
            start = SURFACES[surface].start
        rates = dict.fromkeys(RULES, 0.05) | dict(rates or {})
        super().__init__(surface=surface, start=np.asarray(start, float).tolist(), rates=rates, **settings)

    @t.validate("start")
    def _check_start(self, proposal):
        for value, (low, high) in zip(proposal["value"], SURFACES[self.surface].domain, strict=True):
            if not low <= value <= high:
                raise t.TraitError(
                    f"start must lie between {low:g} and {high:g} on the {self.surface}, got {value}. Try [1, 1]."
                )
        return proposal["value"]

    @t.validate("rates")
    def _check_rates(self, proposal):
        rates = proposal["value"]
        if set(rates) != set(RULES):
            raise t.TraitError(f"rates names the rules {', '.join(RULES)}, got {', '.join(map(str, rates))}")
        for rule, rate in rates.items():
            if not (isinstance(rate, (int, float)) and RATES[0] <= rate <= RATES[-1]):
                raise t.TraitError(f"a rate is a number from 0.0001 to 10, got {rate!r} for {rule}. Try 0.05.")
        return rates

    def path(self, rule: str, rate: float | None = None) -> np.ndarray:
        """The places of a rule's walk, of shape (101, 2)."""
        with np.errstate(all="ignore"):
            made = RULES[rule](self.rates[rule] if rate is None else rate)
            return optimizers.minimize(SURFACES[self.surface], self.start, made, STEPS)

    def losses(self, rule: str, rate: float | None = None) -> np.ndarray:
        """The height of each place of the walk; inf where it is lost."""
        with np.errstate(all="ignore"):
            heights = SURFACES[self.surface].values(*self.path(rule, rate).T)
        return np.where(np.isnan(heights), math.inf, heights)

    def goal(self) -> float:
        """A hundredth of the first loss; -1 on the saddle, which has no lowest point."""
        return -1.0 if self.surface == "saddle" else 0.01 * SURFACES[self.surface](self.start)[0]

    def arrival(self, rule: str, rate: float | None = None) -> int | None:
        """The step from which on the loss is at the goal or below; None if that is not yet so after the last."""
        above = np.flatnonzero(~(self.losses(rule, rate) <= self.goal()))
        first = int(above[-1]) + 1 if len(above) else 0
        return first if first <= STEPS else None

    def best_rate(self, rule: str) -> float:
        """The rate that arrives first, the smaller one if two do; if none arrives, the one that ends lowest."""
        arrivals = {rate: self.arrival(rule, rate) for rate in RATES}
        if any(step is not None for step in arrivals.values()):
            return min(RATES, key=lambda rate: math.inf if arrivals[rate] is None else arrivals[rate])
        return min(RATES, key=lambda rate: self.losses(rule, rate)[-1])

    def describe(self) -> str:
        ends = {TITLES.get(rule, rule): self.losses(rule)[self.steps] for rule in self.rules}
        told = f"after {self.steps} steps {min(ends, key=ends.get)} is lowest" if ends else "no rule takes part"
        x, y = self.start
        return (
            f"Optimizers race on the {self.surface} from ({x:g}, {y:g}): {told}. "
            "Moving the start and giving each rule a rate of its own needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"OptimizerRace(surface={self.surface!r}, start={self.start}, rules={self.rules})"
