"""How large a step may be: gradient descent on the parabola a/2 w^2, and its five regimes (chapter 06)."""

from __future__ import annotations

import traitlets as t

from nncourse import datasets, optimizers
from nncourse.widgets.base import Widget, self_contained

START = 4.0
NEAR = 0.001  # "arrived" means as close as this
LIMITS = {"curvature": (0.5, 4.0), "learning_rate": (0.05, 2.5)}  # where the page's sliders reach
MOST = 10_000  # steps before a walk counts as one that does not arrive


def walk(curvature: float, learning_rate: float, steps: int) -> list[float]:
    """The weights of gradient descent on the parabola, from `START` on: steps + 1 of them."""
    bowl, rule = datasets.parabola(curvature), optimizers.SGD(learning_rate)
    return optimizers.minimize(bowl, [START], rule, steps).ravel().tolist()


class StepSize(Widget):
    """Gradient descent on a/2 w^2 from w = 4: its path, its distance per step, and its factor 1 - rate a.

    `curvature` is a, from 0.5 to 4, and `learning_rate` goes from 0.05 to 2.5. While `keep` is true the walk of
    `kept = [curvature, learning_rate]` stays as a dashed line.
    """

    _esm = self_contained("step_size.js")
    height = 540

    curvature = t.Float(2.0, help="a, the second derivative of the loss").tag(sync=True)
    learning_rate = t.Float(0.9).tag(sync=True)
    keep = t.Bool(False, help="draw the kept walk as well").tag(sync=True)
    kept = t.List(t.Float(), help="curvature and learning rate of the kept walk").tag(sync=True)

    def __init__(self, curvature: float = 2.0, learning_rate: float = 0.9, **settings):
        super().__init__(curvature=curvature, learning_rate=learning_rate, **settings)
        if not self.kept:
            self.kept = [self.curvature, self.learning_rate]

    @t.validate("curvature", "learning_rate", "kept")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if name == "kept" and len(value) != len(LIMITS):
            raise t.TraitError(f"kept: curvature and learning rate are expected, got {value}. Try [2.0, 0.1].")
        values = dict(zip(LIMITS, value, strict=True)) if name == "kept" else {name: value}
        for one, number in values.items():
            low, high = LIMITS[one]
            if not low <= number <= high:
                raise t.TraitError(f"{name}: a {one} from {low:g} to {high:g} is expected, got {number}. Try 1.")
        return value

    def factor(self) -> float:
        """What every step multiplies the weight by."""
        return 1 - self.learning_rate * self.curvature

    def regime(self) -> str:
        """One of "slides", "one step", "hops", "for ever" and "climbs out"."""
        factor = self.factor()
        for edge, name in ((0, "one step"), (-1, "for ever")):
            if abs(factor - edge) < 1e-9:
                return name
        return "slides" if factor > 0 else "hops" if factor > -1 else "climbs out"

    def walk(self, steps: int = 60) -> list[float]:
        """The weights from the start on, as `nncourse.optimizers.minimize` finds them."""
        return walk(self.curvature, self.learning_rate, steps)

    def steps_needed(self) -> int | None:
        """How many steps bring the weight within 0.001 of the bottom; None where 10000 do not."""
        if self.regime() in ("for ever", "climbs out"):
            return None
        steps, path = 64, self.walk(64)
        while abs(path[-1]) >= NEAR and steps < MOST:
            steps = min(4 * steps, MOST)
            path = self.walk(steps)
        return next((step for step, w in enumerate(path) if abs(w) < NEAR), None)

    def describe(self) -> str:
        needed = self.steps_needed()
        end = f"within {NEAR} of the bottom after step {needed}" if needed else "which never brings it to the bottom"
        return (
            f"On a parabola of curvature {self.curvature:g}, with a learning rate of {self.learning_rate:g}, each step "
            f"multiplies the weight by {round(self.factor(), 10):g}. This is the regime {self.regime()!r}, {end}. "
            "Turning the curvature and the rate needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"StepSize(curvature={self.curvature:g}, learning_rate={self.learning_rate:g})"
