"""A ball that descends a landscape: level places, basins, and what noise and momentum do there (chapter 06)."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import traitlets as t

from nncourse import optimizers, surfaces
from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.chance import draws

STEPS, CELLS = 300, 40  # of a walk, and of the map along each side
LEVEL, NEAR, LOST = 5e-3, 0.1, 1e6
TOP = 0.10103125788101  # where the double well's hill is highest
RATES = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0]


def two_wells() -> surfaces.Surface:
    """The double well along x, and a bowl across it: w^4 / 4 - w^2 / 2 + w / 10 + y^2 / 2."""
    well = surfaces.double_well()

    def formula(x, y):
        height, (slope,) = well.formula(x)
        return height + y * y / 2, (slope, y)

    square = ((-2.0, 2.0), (-2.0, 2.0))
    return surfaces.Surface("double well", formula, (1.8, 1.2), tuple((x, 0.0) for (x,) in well.minima), square)


LANDSCAPES = {
    "double well": two_wells(),
    "saddle": dataclasses.replace(surfaces.saddle(), start=(1.0, 0.0)),
    "plateau": surfaces.plateau(),
}
FATES = {  # where a walk that began anywhere ends: of two kinds, or of neither
    "double well": ("end in the left well", "end in the right well"),
    "saddle": ("leave the map at the top", "leave the map at the bottom"),
    "plateau": ("end within 0.1 of the middle", "end outside"),
}


class BallInLandscape(Widget):
    """Gradient descent from one start, and from 40 x 40 others, on the "double well", the "saddle" or the "plateau".

    `start` is the surface's own without one. Each slope carries noise of size `noise`, ruled by `seed`; the map of all
    starts is made without it. `steps`, up to 300, is how much of the walk is drawn.
    """

    _esm = self_contained("ball_in_landscape.js")
    height = 640

    landscape = t.Enum(list(LANDSCAPES), "double well").tag(sync=True)
    start = t.List(t.Float(), minlen=2, maxlen=2).tag(sync=True)
    rate = t.Enum(RATES, 0.05).tag(sync=True)
    momentum = t.Float(0.0).tag(sync=True)
    noise = t.Float(0.0).tag(sync=True)
    seed = t.Int(0, min=0, max=10**6).tag(sync=True)
    steps = t.Int(STEPS, min=1, max=STEPS).tag(sync=True)

    def __init__(self, landscape: str = "double well", start=None, **settings):
        if start is None and landscape in LANDSCAPES:
            start = LANDSCAPES[landscape].start
        super().__init__(landscape=landscape, start=np.asarray(start, float).tolist(), **settings)

    @t.validate("start")
    def _check_start(self, proposal):
        for value, (low, high) in zip(proposal["value"], LANDSCAPES[self.landscape].domain, strict=True):
            if not low <= value <= high:
                raise t.TraitError(
                    f"start must lie between {low:g} and {high:g} on the {self.landscape}, got {value}. Try [1, 1]."
                )
        return proposal["value"]

    @t.validate("momentum", "noise")
    def _check_number(self, proposal):
        name, value, most = proposal["trait"].name, proposal["value"], {"momentum": 0.95, "noise": 3}
        if not 0 <= value <= most[proposal["trait"].name]:
            raise t.TraitError(f"{name} must lie between 0 and {most[name]}, got {value}. Try 0.")
        return value

    def _shakes(self) -> np.ndarray:
        """Two normal numbers for each step, (300, 2), by Box and Muller (1958)."""
        u, v = np.array(draws(self.seed, 2 * STEPS)).reshape(STEPS, 2).T
        return np.sqrt(-2 * np.log(1 - u))[:, None] * np.column_stack([np.cos(math.tau * v), np.sin(math.tau * v)])

    def path(self) -> np.ndarray:
        """The places of the walk, start included, (301, 2) or fewer: a ball a million away is lost, and stops."""
        surface, rule = LANDSCAPES[self.landscape], optimizers.SGD(self.rate, momentum=self.momentum)
        p, shakes = np.array(self.start), self._shakes()
        path = [p.copy()]
        for step in range(STEPS):
            if not np.abs(p).max() <= LOST:
                break
            rule.step(p, surface(p)[1] + self.noise * shakes[step])
            path.append(p.copy())
        return np.array(path)

    def fate(self, path) -> str:
        """Where a walk ended: one of the two `FATES` of the landscape, or "neither"."""
        x, y = path[-1]
        first, second = FATES[self.landscape]
        if self.landscape == "plateau":
            return first if x * x + y * y <= NEAR * NEAR else second
        if self.landscape == "saddle":
            return first if y > 2 else second if y < -2 else "neither"
        return "neither" if not max(abs(x), abs(y)) <= LOST else first if x < TOP else second

    def share(self) -> float:
        """The share of the 40 x 40 starts whose walks, without noise, have the landscape's first fate."""
        (x0, x1), (y0, y1) = LANDSCAPES[self.landscape].domain
        middle = (np.arange(CELLS) + 0.5) / CELLS
        x, y = (one.ravel() for one in np.meshgrid(x0 + middle * (x1 - x0), y0 + middle * (y1 - y0)))
        u, v, formula = np.zeros_like(x), np.zeros_like(y), LANDSCAPES[self.landscape].formula
        with np.errstate(all="ignore"):
            for _ in range(STEPS):
                stay = np.maximum(np.abs(x), np.abs(y)) > LOST
                _, (dx, dy) = formula(x, y)
                u, v = self.momentum * u - self.rate * dx, self.momentum * v - self.rate * dy
                x, y = np.where(stay, x, x + u), np.where(stay, y, y + v)
        first = FATES[self.landscape][0]
        return float(np.mean([self.fate([place]) == first for place in zip(x.tolist(), y.tolist(), strict=True)]))

    def curvatures(self, place) -> list[float]:
        """The eigenvalues of the Hessian at a place (2,), the larger one first."""
        x, y = place
        near = 1 / (1 + x * x + y * y)
        a, b, c = {
            "double well": (3 * x * x - 1, 0.0, 1.0),
            "saddle": (2.0, 0.0, -2.0),
            "plateau": (
                2 * near**2 - 8 * x * x * near**3,
                -8 * x * y * near**3,
                2 * near**2 - 8 * y * y * near**3,
            ),
        }[self.landscape]
        return np.linalg.eigvalsh([[a, b], [b, c]])[::-1].tolist()

    def slope(self, place) -> float:
        """The length of the gradient at a place (2,)."""
        return float(np.linalg.norm(LANDSCAPES[self.landscape](place)[1]))

    def kind(self, place) -> str:
        """What the place is: "minimum" or "saddle" (there is no maximum), or "slope" where the ground is not level."""
        if not self.slope(place) < LEVEL:
            return "slope"
        return "minimum" if min(self.curvatures(place)) > 0 else "saddle"

    def describe(self) -> str:
        path = self.path()
        place = path[min(self.steps, len(path) - 1)]
        x, y = place.round(2) + 0.0
        what = "on a slope" if self.kind(place) == "slope" else f"at a {self.kind(place)}"
        start = ", ".join(f"{value:g}" for value in self.start)
        return (
            f"A ball on the {self.landscape} starts at ({start}) and is at ({x:g}, {y:g}) after {self.steps} steps, "
            f"{what}. Of 1600 starts, {self.share():.1%} {FATES[self.landscape][0]}. Moving the start and turning "
            "rate, momentum and noise needs JavaScript."
        )

    def __repr__(self) -> str:
        return (
            f"BallInLandscape({self.landscape!r}, start={self.start}, rate={self.rate:g}, "
            f"momentum={self.momentum:g}, noise={self.noise:g})"
        )
