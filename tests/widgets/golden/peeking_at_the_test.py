"""What the best of many equally good models claims, from SciPy's binomial distribution."""

import itertools

import numpy as np
from scipy.stats import binom

CASES = [*itertools.product((1, 2, 9, 1000), (57, 114), (0.5, 0.96)), (3, 912, 0.98), (1000, 912, 0.5)]


def compute():
    """The two distributions, and the mean, the middle and the share above the truth of the claims."""
    cases = []
    for looks, rows, truth in CASES:
        k = np.arange(rows + 1)
        below = binom.cdf(k, rows, truth) ** looks
        best = np.diff(below, prepend=0.0)
        cases.append(
            {
                "looks": looks,
                "rows": rows,
                "truth": truth,
                "others": binom.pmf(k, rows, truth)[::8].tolist(),
                "claims": best[::8].tolist(),
                "claimed": float(best @ k) / rows,
                "middle": [float(np.argmax(below >= part)) / rows for part in (0.05, 0.95)],
                "too_high": float(best[k / rows > truth + 1e-9].sum()),
            }
        )
    return {"cases": cases}
