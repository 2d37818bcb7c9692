"""Surfaces: landscapes to descend, small enough to draw (chapters 6 and 10).

A surface answers `f(point)` with its height and its gradient, as losses and whole networks do, so
`optimizers.minimize` walks down a valley and a network by the same rule. Each formula is written
once, height beside slopes. It takes single numbers, for the one point at which a walk stands, and
arrays, for the grid of a picture: `f.values(x, y)`.

The formulas multiply, x * x, where x**2 would read better: when a descent blows up, a product of
Python's numbers is inf, but a power is an OverflowError.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .validation import number, positive, whole

__all__ = [
    "Surface",
    "beale",
    "double_well",
    "himmelblau",
    "parabola",
    "plateau",
    "ravine",
    "rosenbrock",
    "saddle",
]


@dataclass(frozen=True)
class Surface:
    """A function of a point (d,) that returns (height, gradient (d,)), in float64.

    `formula` maps d coordinates to (height, the tuple of d slopes). `start` is a place to begin,
    `minima` are all local minima, the lowest first, and `domain` is the part worth drawing: a pair
    (low, high) for each coordinate.
    """

    name: str
    formula: Callable = field(repr=False)
    start: tuple[float, ...]
    minima: tuple[tuple[float, ...], ...]
    domain: tuple[tuple[float, float], ...]

    @property
    def d(self) -> int:
        """The number of coordinates."""
        return len(self.start)

    def __call__(self, point) -> tuple[float, np.ndarray]:
        """Return the height at a point (d,) and the gradient (d,), a new array."""
        if not isinstance(point, np.ndarray) or point.shape != (len(self.start),):
            point = self._point(point)
        height, slopes = self.formula(*point.tolist())
        return float(height), np.array(slopes)

    def values(self, *coordinates) -> np.ndarray:
        """Return the heights over one array a coordinate, as from meshgrid, in their shape."""
        if len(coordinates) != self.d:
            raise ValueError(
                f"{self.name} has {self.d} coordinates, received {len(coordinates)} arrays. "
                "Pass one array a coordinate, as in f.values(x, y)."
            )
        height, _ = self.formula(*(np.asarray(array, dtype=np.float64) for array in coordinates))
        return height

    def _point(self, point):
        point = np.asarray(point, dtype=np.float64)
        if point.shape != (self.d,):
            raise ValueError(
                f"{self.name} needs a point of shape ({self.d},), received {point.shape}. "
                "For many points use f.values(x, y)."
            )
        return point


def parabola(curvature: float = 1.0, d: int = 1, *, minimum: float = 0.0) -> Surface:
    """The simplest bowl, curvature / 2 * |w - minimum|^2, in d coordinates.

    Gradient descent settles in it for learning rates below 2 / curvature.
    """
    a, m, d = positive("curvature", curvature), number("minimum", minimum), whole("d", d)

    def formula(*w):
        away = [x - m for x in w]
        return a / 2 * sum(x * x for x in away), tuple([a * x for x in away])

    name, domain = f"parabola of curvature {a:g}", ((m - 3, m + 3),) * d
    return Surface(name, formula, start=(m + 2,) * d, minima=((m,) * d,), domain=domain)


def double_well() -> Surface:
    """Two valleys of one coordinate, w^4 / 4 - w^2 / 2 + w / 10: the left one is the deeper.

    From the right a walk ends in the wrong valley; between the two, at 0.101, lies a maximum.
    """

    def formula(w):
        square = w * w
        return square * square / 4 - square / 2 + w / 10, (square * w - w + 0.1,)

    wells = (-1.046680531804602,), (0.9456492739235915,)
    return Surface("double well", formula, start=(1.8,), minima=wells, domain=((-2.0, 2.0),))


def ravine(condition: float = 100.0, *, angle: float = 0.0) -> Surface:
    """A long valley, (u^2 + condition * v^2) / 2: how much steeper are its walls than its floor?

    u and v are x and y turned by `angle` degrees. At 0 each coordinate has a steepness of its own,
    and a learning rate for each is the cure; turned, the coordinates share both. `condition=1` is
    a round bowl.
    """
    k, turn = positive("condition", condition), np.radians(number("angle", angle))
    c, s = float(np.cos(turn)), float(np.sin(turn))

    def formula(x, y):
        u, v = c * x + s * y, c * y - s * x
        return (u * u + k * v * v) / 2, (c * u - s * k * v, s * u + c * k * v)

    return Surface(
        f"ravine of condition {k:g}",
        formula,
        start=(-2.0, 1.0),
        minima=((0.0, 0.0),),
        domain=((-3.0, 3.0), (-2.0, 2.0)),
    )


def saddle() -> Surface:
    """Up along x, down along y: x^2 - y^2. It has no minimum.

    From (1, 0) exactly, descent ends at the origin, where the slope is 0; the start here lies a
    millionth beside that line, and leaves.
    """

    def formula(x, y):
        return x * x - y * y, (2.0 * x, -2.0 * y)

    return Surface("saddle", formula, start=(1.0, 1e-6), minima=(), domain=((-2.0, 2.0), (-2.0, 2.0)))


def plateau() -> Surface:
    """A hole in a plain, 1 - 1 / (1 + x^2 + y^2): far from it there is hardly a slope to follow."""

    def formula(x, y):
        near = 1 / (1 + x * x + y * y)
        return 1 - near, (2 * x * near * near, 2 * y * near * near)

    return Surface("plateau", formula, start=(-3.0, 2.0), minima=((0.0, 0.0),), domain=((-4.0, 4.0), (-4.0, 4.0)))


def rosenbrock() -> Surface:
    """A curved valley, (1 - x)^2 + 100 (y - x^2)^2: easy to enter, hard to follow.

    Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960.
    """

    def formula(x, y):
        a, b = x - 1.0, y - x * x
        return a * a + 100.0 * b * b, (2.0 * a - 400.0 * x * b, 200.0 * b)

    return Surface("Rosenbrock", formula, start=(-1.2, 1.0), minima=((1.0, 1.0),), domain=((-2.0, 2.0), (-1.0, 3.0)))


def beale() -> Surface:
    """A minimum at the end of a flat valley, among walls that rise steeply (Beale, 1958).

    (1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2.
    """

    def formula(x, y):
        square = y * y
        cube = square * y
        a, b, c = 1.5 - x + x * y, 2.25 - x + x * square, 2.625 - x + x * cube
        along_x = 2 * (a * (y - 1) + b * (square - 1) + c * (cube - 1))
        along_y = 2 * x * (a + 2 * b * y + 3 * c * square)
        return a * a + b * b + c * c, (along_x, along_y)

    return Surface("Beale", formula, start=(1.0, 1.0), minima=((3.0, 0.5),), domain=((-1.0, 4.0), (-1.5, 1.5)))


def himmelblau() -> Surface:
    """Four minima, all of height 0, (x^2 + y - 11)^2 + (x + y^2 - 7)^2: the start decides.

    Himmelblau, Applied Nonlinear Programming, 1972.
    """

    def formula(x, y):
        a, b = x * x + y - 11.0, x + y * y - 7.0
        return a * a + b * b, (4.0 * a * x + 2.0 * b, 2.0 * a + 4.0 * b * y)

    minima = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )
    return Surface("Himmelblau", formula, start=(0.0, 0.0), minima=minima, domain=((-5.0, 5.0), (-5.0, 5.0)))
