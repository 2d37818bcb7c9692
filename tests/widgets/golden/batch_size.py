"""Two walkers on the bowl of chapter 09."""

from nncourse.widgets import BatchSize
from nncourse.widgets.batch_size import BUDGETS, SIZES

# A walk beyond the edge doubles its rounding errors as well; these stay inside, or leave at once.
SETTINGS = [
    (1, 0.02, 0),
    (1, 0.1, 5),
    (1, 0.8, 0),
    (4, 0.2, 1),
    (16, 0.3, 2),
    (64, 0.5, 3),
    (128, 0.1, 0),
    (256, 0.6, 0),
]
PLACES = [(-1.0, 1.0), (2.0, -1.0), (0.0, 0.0), (3.5, -2.9)]


def compute():
    """Bottom, heights, noise, updates allowed, and walks."""
    widget, walks = BatchSize(), []
    for size, rate, seed in SETTINGS:
        one = BatchSize((size, size), (rate, rate), seed=seed)
        path, late = one.walk(0), {}
        for one.clock in BUDGETS:
            late[one.clock] = min(one.late(0), 1e300)
        picked = [0, 1, 2, 7, min(20, len(path) - 1), len(path) - 1]
        walks.append(
            {
                "size": size,
                "rate": rate,
                "seed": seed,
                "length": len(path),
                "path": [path[step].tolist() for step in picked],
                "heights": [one.excess(path[step]) for step in picked],
                "arrival": one.arrival(0),
                "late": late,
            }
        )
    return {
        "x": widget.x,
        "y": widget.y,
        "sizes": SIZES,
        "budgets": BUDGETS,
        "bottom": widget.bottom().tolist(),
        "places": [[*place, widget.excess(place)] for place in PLACES],
        "noise": [widget.noise(size) for size in SIZES],
        "spent": [widget.spent(size, 7) for size in SIZES],
        "allowed": [[widget.updates(size, clock) for clock in BUDGETS] for size in SIZES],
        "walks": walks,
    }
