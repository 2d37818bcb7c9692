"""The slope of a function, measured (chapter 7).

A derivative is the slope of a function, and a slope can be measured: step a little to both sides
and compare. The measured slope is slow and carries rounding errors, but it knows nothing of the
formula, so it makes an honest witness. Where the two part, the report names the entry.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["GradientReport", "check_gradient"]


@dataclass(frozen=True, repr=False)
class GradientReport:
    """How far a gradient is from the measured one, at the entry where it is farthest."""

    error: float
    worst: tuple[int, ...]
    analytic: float
    numeric: float
    entries: int
    tolerance: float

    @property
    def passed(self) -> bool:
        return bool(self.error <= self.tolerance)

    def __bool__(self):
        return self.passed

    def __repr__(self):
        if self.passed:
            return f"passed: {self.entries} entries agree to {self.tolerance:g}"
        place = f"entry {self.worst}" if self.worst else "the only entry"
        return (
            f"failed: at {place} the gradient says {self.analytic:.6g}, "
            f"the slope measured is {self.numeric:.6g} (relative error {self.error:.2g})"
        )


def check_gradient(
    value_and_gradient: Callable[[np.ndarray], tuple[float, np.ndarray]],
    at,
    *,
    tolerance: float = 1e-6,
    scale: float = 0.0,
) -> GradientReport:
    """Compare a reported gradient with central differences of the value, at a point, in float64.

    Entry i is measured as (f(x + h) - f(x - h)) / 2h along axis i. The step h, near the cube root
    of the rounding unit, balances the curvature that a long step sees against the digits that a
    short one loses (Press et al., Numerical Recipes, section 5.7). Errors are relative to the
    larger of both slopes, or to what rounding lets us measure. Where a value is small because large
    terms cancel in it, their size is its `scale`: they leave their rounding errors behind.
    """
    point = np.array(at, dtype=np.float64)
    _, reported = value_and_gradient(point.copy())
    analytic = np.array(reported, dtype=np.float64)  # a copy: the function may reuse its array
    if getattr(reported, "dtype", None) == np.float32:
        raise ValueError(
            "the gradient is float32, too coarse to be compared with a measured slope. Compute it in float64: a model "
            "does with Sequential(layers, dtype='float64')."
        )
    if analytic.shape != point.shape:
        raise ValueError(f"the gradient must have the point's shape {point.shape}, received {analytic.shape}.")
    if point.size == 0:
        raise ValueError(f"the point is empty, with shape {point.shape}: there is no slope to measure.")
    numeric, noise = np.empty_like(point), np.empty_like(point)
    for i in np.ndindex(point.shape):
        h = 6e-6 * max(1.0, abs(point[i]))
        right, left = point.copy(), point.copy()
        right[i] += h
        left[i] -= h
        width = right[i] - left[i]  # what is left of 2h after rounding
        above, below = float(value_and_gradient(right)[0]), float(value_and_gradient(left)[0])
        numeric[i] = (above - below) / width
        noise[i] = np.finfo(np.float64).eps * max(abs(above), abs(below), scale) / h
    larger = np.maximum(np.abs(analytic), np.abs(numeric))
    errors = np.abs(analytic - numeric) / np.maximum(larger, 10 * noise / tolerance + np.finfo(np.float64).tiny)
    farthest = np.unravel_index(np.argmax(errors), errors.shape)  # NaN counts as the largest
    worst = tuple(int(i) for i in farthest)
    return GradientReport(
        error=float(errors[worst]),
        worst=worst,
        analytic=float(analytic[worst]),
        numeric=float(numeric[worst]),
        entries=point.size,
        tolerance=tolerance,
    )
