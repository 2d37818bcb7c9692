"""Schedules, and walkers that follow them on a noisy parabola."""

from nncourse.widgets import RateSchedule
from nncourse.widgets.rate_schedule import PERIODS, RATES, SHAPES, STEPS

SETTINGS = [(1.0, 50, 300), (0.1, 7, 100), (3.2, 1, 50), (0.4, 200, 1000)]
PICKED = [0, 1, 2, 7, 33, 49, -1]


def compute():
    """Rates, distances, resting places, and where a walk is nearest and where it has blown up."""
    cases = []
    for schedule in SHAPES:
        for first, period, steps in SETTINGS:
            for noise in (True, False):
                walk = RateSchedule(schedule, first, period=period, steps=steps, noise=noise)
                rates, far = walk.rates(), walk.distances()
                cases.append(
                    {
                        "settings": {name: getattr(walk, name) for name in ("schedule", "first", "period", "steps")},
                        "noise": noise,
                        "rates": rates[PICKED].tolist(),
                        "sum": float(rates.sum()),
                        "distances": far[PICKED].clip(max=1e300).tolist(),
                        "floors": walk.floors()[PICKED].clip(max=1e300).tolist(),
                        "nearest": walk.nearest(),
                        "blown": walk.blown(),
                    }
                )
    return {
        "rates": RATES,
        "periods": PERIODS,
        "steps": STEPS,
        "shapes": list(SHAPES),
        "picked": PICKED,
        "cases": cases,
    }
