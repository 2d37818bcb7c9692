"""Softmax at temperatures, with a bonus for all, and a hundred choices by the shares."""

import numpy as np

from nncourse import activations
from nncourse.widgets.chance import draws

ROWS = [[2.0, 1.0, 0.1], [5.0, -5.0], [0.0, 0.0, 0.0, 0.0], [-5.0, 1.5, 1.4, 5.0, 0.3]]


def compute():
    """Infinite exponentials, and shares that are no numbers, stand as null."""
    cases = []
    for scores in ROWS:
        for temperature in (0.05, 0.1, 1.0, 10.0, 50.0):
            for bonus in (0.0, 5.0, 1000.0):
                z = np.array(scores) + bonus
                p = activations.softmax(z / temperature)
                with np.errstate(over="ignore", invalid="ignore"):
                    powers = np.exp(z / temperature)
                    typed = powers / powers.sum()
                chosen = []
                for seed in (0, 1, 7):
                    u = np.array(draws(1000 * seed + 1, 100))
                    passed = (u[:, None] >= np.cumsum(p)[:-1]).sum(axis=1)  # how many ends each number has behind it
                    chosen.append(np.bincount(passed, minlength=len(z)).tolist())
                both = {"powers": powers, "typed": typed}
                cases.append(
                    {
                        "scores": z.tolist(),
                        "temperature": temperature,
                        "shares": p.tolist(),
                        "chosen": chosen,
                    }
                    | {name: [x if np.isfinite(x) else None for x in row.tolist()] for name, row in both.items()}
                )
    return {"cases": cases}
