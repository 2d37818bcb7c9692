"""Squared bias, variance and noise of polynomials that are fitted to many training sets (chapter 13)."""

from __future__ import annotations

import math

import numpy as np
import traitlets as t

from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.chance import draw

DEGREES, ROOM = range(16), 60  # each training set has room for 60 points
LIMITS = {"degree": (0, 15), "n": (16, ROOM), "noise": (0, 0.5), "sets": (1, 200), "seed": (0, 10**6)}


def normal(seed: int, k: int) -> float:
    """The k-th number of mean 0 and standard deviation 1 of a seed, k from 0 on (Box and Muller, 1958)."""
    u, v = draw(seed, 2 * k + 1), draw(seed, 2 * k + 2)
    return math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v)


class BiasVariance(Widget):
    """Least-squares polynomials of one `degree`, each fitted to a training set of its own.

    All `sets` training sets, 200 at most, measure sin(2 pi x) at the same `n` places (i + 1/2) / n, with Gaussian
    noise of standard deviation `noise`, up to 0.5. Degrees go from 0 to 15, n from 16 to 60. The same `seed` draws the
    same noise.
    """

    _esm = self_contained("bias_variance.js")
    height = 620

    degree = t.Int(1).tag(sync=True)
    n = t.Int(20, help="points of a training set").tag(sync=True)
    noise = t.Float(0.3, help="standard deviation of the noise").tag(sync=True)
    sets = t.Int(50, help="training sets drawn").tag(sync=True)
    seed = t.Int(0).tag(sync=True)

    @t.validate(*LIMITS)
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high = LIMITS[name]
        if not low <= value <= high:
            raise t.TraitError(f"{name}: a number from {low} to {high} is expected, got {value}. Try {high}.")
        return value

    def places(self) -> np.ndarray:
        """Return where all training sets measure, (n,)."""
        return (np.arange(self.n) + 0.5) / self.n

    def truth(self) -> np.ndarray:
        """Return the wave without noise at the places, (n,)."""
        return np.sin(2 * np.pi * self.places())

    def targets(self) -> np.ndarray:
        """Return what the training sets measured, a row a set: (sets, n)."""
        noise = [[normal(self.seed, ROOM * one + i) for i in range(self.n)] for one in range(self.sets)]
        return self.truth() + self.noise * np.array(noise)

    def answers(self, degree: int | None = None) -> np.ndarray:
        """Return what the fits say at the places, a row a set: (sets, n)."""
        powers = np.polynomial.legendre.legvander(2 * self.places() - 1, self.degree if degree is None else degree)
        basis, _ = np.linalg.qr(powers)  # Legendre's polynomials are kinder to rounding than powers
        return self.targets() @ basis @ basis.T

    def parts(self, degree: int | None = None) -> dict[str, float]:
        """Return the squared bias, the variance, the noise, their sum, and the error on the own points.

        Means over the places; the sum is the error that is to be expected on new targets at the same places.
        """
        fits = self.answers(degree)
        bias2 = float(np.mean((fits.mean(axis=0) - self.truth()) ** 2))
        variance, noise = float(np.mean(fits.var(axis=0))), self.noise**2
        own = float(np.mean((fits - self.targets()) ** 2))
        return {"bias2": bias2, "variance": variance, "noise": noise, "sum": bias2 + variance + noise, "own": own}

    def best_degree(self) -> int:
        """Return the degree with the lowest sum."""
        return min(DEGREES, key=lambda degree: self.parts(degree)["sum"])

    def describe(self) -> str:
        parts = self.parts()
        return (
            f"Polynomials of degree {self.degree}, fitted to {self.sets} training sets of {self.n} points each: squared"
            f" bias {parts['bias2']:.3f}, variance {parts['variance']:.3f}, noise {parts['noise']:.3f}, together "
            f"{parts['sum']:.3f}; error on their own points {parts['own']:.3f}. Turning the degree, the points and the "
            "noise, and drawing more sets, needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"BiasVariance(degree={self.degree}, n={self.n}, noise={self.noise:g}, sets={self.sets})"
