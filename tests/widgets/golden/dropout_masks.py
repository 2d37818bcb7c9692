"""What leaves ten neurons under dropout, from the package's own layer and the draws that Python and the page share."""

import itertools

from nncourse.widgets import DropoutMasks

RATES = (0.0, 0.1, 0.3, 0.5, 0.8)


def compute():
    """What is handed on, its sums and their mean so far: with and without the scale, early and late."""
    cases = []
    for rate, scaled, (seed, step) in itertools.product(
        RATES, (True, False), ((1, 1), (1, 12), (7, 3), (2**31 - 1, 2))
    ):
        widget = DropoutMasks(rate, scaled, seed=seed, step=step)
        cases.append(
            {
                "rate": rate,
                "scaled": scaled,
                "seed": seed,
                "step": step,
                "handed_on": widget.handed_on().tolist(),
                "sums": widget.sums().tolist(),
                "mean": widget.running_mean(),
            }
        )
    return {"cases": cases, "last": DropoutMasks(0.5, seed=1, step=100).handed_on().tolist()}
