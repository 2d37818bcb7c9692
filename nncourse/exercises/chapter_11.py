"""Chapter 11, learning rate: regimes, a grid read rightly, the edge of a neuron, a range test, schedules, plateaus."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "learning-rate"


def regime(learning_rate, curvature):
    """What gradient descent does on a parabola.

    The loss is curvature / 2 * w**2; both numbers are positive, and w does
    not start at the bottom. Returns "slides" if w comes closer on its own
    side, "one step" if the first step lands on the bottom, "hops" if w
    changes sides and comes closer, "for ever" if it hops to and fro between
    two places, and "climbs out" if it goes farther away in every step. A
    product of rate and curvature within 1e-9 of a border counts as on it.
    """
    product = learning_rate * curvature
    if abs(product - 1) <= 1e-9:
        return "one step"
    if abs(product - 2) <= 1e-9:
        return "for ever"
    if product < 1:
        return "slides"
    return "hops" if product < 2 else "climbs out"


def _regime_by_the_factor(learning_rate, curvature):
    factor = 1 - learning_rate * curvature
    for border, name in ((0, "one step"), (-1, "for ever")):
        if abs(factor - border) < 1e-9:
            return name
    if factor < -1:
        return "climbs out"
    return "slides" if factor > 0 else "hops"


def _regime_by_walking(learning_rate, curvature):
    w = 1.0
    after = w - learning_rate * curvature * w
    if abs(after) < 1e-9:
        return "one step"
    if abs(after + w) < 1e-9:
        return "for ever"
    if abs(after) > abs(w):
        return "climbs out"
    return "slides" if after * w > 0 else "hops"


def _regime_by_search(learning_rate, curvature):
    names = ["slides", "one step", "hops", "for ever", "climbs out"]
    return names[int(np.searchsorted([1 - 1e-9, 1 + 1e-9, 2 - 1e-9, 2 + 1e-9], learning_rate * curvature))]


def _every_hop_climbs(learning_rate, curvature):
    found = regime(learning_rate, curvature)
    return "climbs out" if found in ("hops", "for ever") else found


def _only_the_rate(learning_rate, curvature):
    return regime(learning_rate, 1.0)


def _edge_of_one(learning_rate, curvature):
    return regime(learning_rate, 2.0)


def _edge_still_arrives(learning_rate, curvature):
    found = regime(learning_rate, curvature)
    return "hops" if found == "for ever" else found


def _three_regimes_only(learning_rate, curvature):
    product = learning_rate * curvature
    return "climbs out" if product > 2 else "hops" if product > 1 else "slides"


def _compared_exactly(learning_rate, curvature):
    product = learning_rate * curvature
    if product == 1:
        return "one step"
    if product == 2:
        return "for ever"
    return "slides" if product < 1 else "hops" if product < 2 else "climbs out"


def _slope_twice_as_steep(learning_rate, curvature):
    return regime(learning_rate, 2 * curvature)


def _slides_and_hops_swapped(learning_rate, curvature):
    found = regime(learning_rate, curvature)
    return {"slides": "hops", "hops": "slides"}.get(found, found)


def _met(rng, low, high):
    """A rate and a curvature of any size, whose product lies between two numbers."""
    curvature = float(np.exp(rng.uniform(-5, 8)))
    return float(rng.uniform(low, high)) / curvature, curvature


REGIME = Exercise(
    id="name-the-regime",
    chapter=CHAPTER,
    title="Name the regime",
    reference=regime,
    difficulty=1,
    checks=(
        Check(
            "it arrives",
            1,
            lambda rng: [
                (1.0, 0.01),
                (0.1, 2.0),
                (1.0, 1.5),
                (0.9, 2.0),
                (0.00015, 10_000.0),
                _met(rng, 0.1, 0.4),
                _met(rng, 0.6, 0.95),
                _met(rng, 1.05, 1.45),
                _met(rng, 1.55, 1.95),
            ],
        ),
        Check(
            "it does not",
            1,
            lambda rng: [(1.0, 2.1), (0.05, 100.0), (3.0, 1.0), _met(rng, 2.05, 3.0), _met(rng, 3.0, 30.0)],
        ),
        Check(
            "on a border",
            1,
            lambda rng: [
                (1.0, 1.0),
                (1.0, 2.0),
                (1 / 49, 49.0),
                (0.7, 1 / 0.7),
                (2 / 49, 49.0),
                (0.0001, 10_000.0),
                (0.02, 100.0),
            ],
        ),
    ),
    alternatives=(_regime_by_the_factor, _regime_by_walking, _regime_by_search),
    misconceptions=(
        Misconception(
            _every_hop_climbs,
            "Everything that changes sides climbs out with you. Look at the factor 1 - rate * curvature: between -1 "
            "and 0 the weight hops, and each hop is shorter than the last.",
        ),
        Misconception(
            _only_the_rate,
            "Your answer does not depend on the curvature. A rate of 1.0 is timid on one parabola and hopeless on "
            "another: it is the product of the two that counts.",
        ),
        Misconception(
            _edge_of_one,
            "Your edge lies at a rate of 1, whatever the curvature. That is right for a curvature of 2 alone; the edge "
            "is 2 / curvature.",
        ),
        Misconception(
            _edge_still_arrives,
            "On the edge itself you let the weight arrive. There the factor is -1: it changes sides and comes no "
            "closer.",
        ),
        Misconception(
            _three_regimes_only,
            "You never answer with one step or for ever. Two borders lie between your three regimes: what does w do "
            "where the factor is 0, and where it is -1?",
        ),
        Misconception(
            _compared_exactly,
            "You miss a border because of rounding: 49 * (1 / 49) is not quite 1 in the computer. Compare with a "
            "tolerance, abs(product - 1) <= 1e-9.",
        ),
        Misconception(
            _slope_twice_as_steep,
            "All your borders lie at half the rate. The slope of curvature / 2 * w**2 is curvature * w: the half and "
            "the two of the derivative cancel.",
        ),
        Misconception(
            _slides_and_hops_swapped,
            "Sliding and hopping have changed places. With a small step the weight stays on its side of the bottom.",
        ),
    ),
    hints=(
        "Every step multiplies w by 1 - learning_rate * curvature. What do the factors 0.5, 0, -0.5, -1 and -2 do?",
        "Ask for the two borders first, with a tolerance: a product of 1, and a product of 2.",
    ),
)


def choose_rate(rates, losses):
    """The best learning rate of a grid, and whether the grid is wide enough.

    rates has shape (r,) and rises. losses has shape (r, s): row i holds the
    validation losses of s runs at rates[i], one a seed. A run that blew up
    has nan or inf there, and then its rate is out, whatever the other runs
    did. Returns the rate with the smallest mean loss, and a string: "try
    larger" if it is the last rate of the grid, "try smaller" if it is the
    first, "inside" if it is neither.
    """
    survived = np.isfinite(losses).all(axis=1)
    means = np.full(len(rates), np.inf)
    means[survived] = losses[survived].mean(axis=1)
    best = int(means.argmin())
    verdict = {0: "try smaller", len(rates) - 1: "try larger"}.get(best, "inside")
    return rates[best], verdict


def _chosen_in_a_loop(rates, losses):
    best, least = None, float("inf")
    for i, row in enumerate(losses.tolist()):
        total = sum(row) / len(row)
        if total < least:  # False for nan and inf
            best, least = i, total
    if best == 0:
        return float(rates[0]), "try smaller"
    return float(rates[best]), "try larger" if best == len(rates) - 1 else "inside"


def _chosen_by_sorting(rates, losses):
    means = np.nan_to_num(losses, nan=np.inf, posinf=np.inf).mean(axis=1)
    rate = rates[np.argsort(means, kind="stable")[0]]
    verdict = "inside"
    if rate == rates[-1]:
        verdict = "try larger"
    elif rate == rates[0]:
        verdict = "try smaller"
    return rate, verdict


def _verdict_of(best, rates):
    return {0: "try smaller", len(rates) - 1: "try larger"}.get(int(best), "inside")


def _nan_wins(rates, losses):
    best = np.argmin(losses.mean(axis=1))
    return rates[best], _verdict_of(best, rates)


def _survivors_only(rates, losses):
    finite = np.isfinite(losses)
    means = np.where(finite, losses, 0).sum(axis=1) / np.maximum(finite.sum(axis=1), 1e-9)
    best = np.where(finite.any(axis=1), means, np.inf).argmin()
    return rates[best], _verdict_of(best, rates)


def _luckiest_run(rates, losses):
    safe = np.where(np.isfinite(losses).all(axis=1)[:, None], losses, np.inf)
    best = safe.min(axis=1).argmin()
    return rates[best], _verdict_of(best, rates)


def _place_of_the_rate(rates, losses):
    rate, verdict = choose_rate(rates, losses)
    return int(np.flatnonzero(rates == rate)[0]), verdict


def _directions_swapped(rates, losses):
    rate, verdict = choose_rate(rates, losses)
    return rate, {"try larger": "try smaller", "try smaller": "try larger"}.get(verdict, verdict)


def _always_inside(rates, losses):
    return choose_rate(rates, losses)[0], "inside"


def _ends_at_the_last_survivor(rates, losses):
    rate, verdict = choose_rate(rates, losses)
    last = rates[np.isfinite(losses).all(axis=1)][-1]
    return rate, "try larger" if rate == last else verdict


def _largest_that_survives(rates, losses):
    best = np.flatnonzero(np.isfinite(losses).all(axis=1))[-1]
    return rates[best], _verdict_of(best, rates)


def _place_among_survivors(rates, losses):
    best = losses[np.isfinite(losses).all(axis=1)].mean(axis=1).argmin()
    return rates[best], _verdict_of(best, rates)


def _median_run(rates, losses):
    best = np.median(np.where(np.isfinite(losses), losses, np.inf), axis=1).argmin()
    return rates[best], _verdict_of(best, rates)


def _valley(rng, r, bottom, *, seeds=3, lucky=None):
    """Losses over a grid of r rates, lowest in the mean at one of them, with the luckiest run at another."""
    rates = 10.0 ** np.arange(-r + 1, 1) * float(rng.choice([1.0, 3.0]))
    losses = 0.2 + 0.3 * np.abs(np.arange(r) - bottom)[:, None] + rng.uniform(-0.05, 0.05, size=(r, seeds))
    if lucky is not None:
        losses[lucky, 0] -= 0.3 * abs(lucky - bottom) + 0.12
        losses[lucky, 1:] += 0.3 * abs(lucky - bottom) + 0.12
    return rates, losses


def _blown_up(rng, r, bottom, *, part=None, whole=()):
    rates, losses = _valley(rng, r, bottom)
    if part is not None:
        losses[part, 0] = np.nan
    for row in whole:
        losses[row] = [np.inf, np.nan, 40.0]
    return rates, losses


CHOOSE_RATE = Exercise(
    id="choose-rate",
    chapter=CHAPTER,
    title="Read the grid",
    reference=choose_rate,
    returns=("rate", "verdict"),
    difficulty=2,
    checks=(
        Check(
            "all runs have finished",
            2,
            lambda rng: [
                (np.array([0.001, 0.01, 0.1, 1.0]), np.array([[2.0, 1.9], [0.9, 1.0], [0.3, 0.4], [0.5, 0.6]])),
                _valley(rng, 5, 4, lucky=2),
                _valley(rng, 4, 0),
                _valley(rng, 6, 3, lucky=4),
                _valley(rng, 4, 3),
            ],
        ),
        Check(
            "some runs have blown up",
            2,
            lambda rng: [
                (
                    np.array([0.01, 0.1, 1.0, 10.0]),
                    np.array([[0.9, 1.0], [0.3, 0.4], [0.1, np.nan], [np.inf, np.nan]]),
                ),
                _blown_up(rng, 5, 3, part=3, whole=(4,)),
                _blown_up(rng, 5, 1, whole=(3, 4)),
                _blown_up(rng, 6, 2, part=5),
                _blown_up(rng, 5, 4, part=4),
                _blown_up(rng, 5, 3, part=1),
            ],
        ),
    ),
    alternatives=(_chosen_in_a_loop, _chosen_by_sorting),
    misconceptions=(
        Misconception(
            _nan_wins,
            "A rate at which training blew up wins with you: `argmin` returns the place of the first nan. Take such "
            "rates out before you compare.",
        ),
        Misconception(
            _survivors_only,
            "You average the runs that survived, and so a rate at which half of them blow up can win. If one run was "
            "lost, the rate is out.",
        ),
        Misconception(
            _luckiest_run,
            "You take the rate of the luckiest single run. One seed is one throw: average over the seeds first.",
        ),
        Misconception(
            _place_of_the_rate,
            "Your verdict is right, and the number is the place of the rate in the grid. Look it up: `rates[best]`.",
        ),
        Misconception(
            _directions_swapped,
            "Your two advices are exchanged. If the last and largest rate is the best, look for better ones above it.",
        ),
        Misconception(
            _always_inside,
            "You never ask for more rates. If the best one is the first or the last of the grid, a better one may lie "
            "outside.",
        ),
        Misconception(
            _ends_at_the_last_survivor,
            "You ask for larger rates although they have been tried, and blew up. Only the last rate of the whole grid "
            "counts as its end.",
        ),
        Misconception(
            _largest_that_survives,
            "You take the largest rate that survived. Surviving is not winning: compare the mean losses.",
        ),
        Misconception(
            _place_among_survivors,
            "You drop the rows that blew up, and then look up a place among the remaining ones in the whole list of "
            "rates. Keep the two lists in step.",
        ),
        Misconception(
            _median_run,
            "You compare medians, and a median does not notice one run that was lost. The rate is out then, and of the "
            "others the mean counts.",
        ),
    ),
    hints=(
        "Which rows are finite everywhere? `np.isfinite(losses).all(axis=1)` says so, one truth value a rate.",
        "Give the other rows the mean np.inf. Then `argmin` can be trusted: is its place first, last or neither?",
    ),
)


def edge_of_stability(x, y, w, start, steps):
    """The edge of stability of a sigmoid neuron, 2 / a, by power iteration.

    x has shape (n, d), y holds n zeros and ones, w has shape (d,); there is
    no bias. At weights w the gradient of the mean logistic loss is
    x.T @ (p - y) / n, with p = sigmoid(x @ w). Begin with the direction
    start, of shape (d,), and do this so many times: bring the direction to
    length 1, and multiply it by the Hessian at w. The product is measured:
    the gradient at w + 1e-4 * direction, minus that at w - 1e-4 *
    direction, divided by 2e-4. The length of the last product is the
    curvature a. The arrays stay as they are.
    """
    v = start
    for _ in range(steps):
        v = v / np.linalg.norm(v)
        ahead = x.T @ (1 / (1 + np.exp(-x @ (w + 1e-4 * v))) - y) / len(y)
        behind = x.T @ (1 / (1 + np.exp(-x @ (w - 1e-4 * v))) - y) / len(y)
        v = (ahead - behind) / 2e-4
    return 2 / np.linalg.norm(v)


def _edge_from_the_whole_hessian(x, y, w, start, steps):
    p = 1 / (1 + np.exp(-x @ w))
    hessian = (x.T * (p * (1 - p))) @ x / len(x)
    return 2 / np.linalg.eigvalsh(hessian)[-1]


def _edge_by_derived_products(x, y, w, start, steps):
    p = 1 / (1 + np.exp(-x @ w))
    v = start / np.sqrt(start @ start)
    for _ in range(steps):
        product = x.T @ (p * (1 - p) * (x @ v)) / len(x)
        a = v @ product
        v = product / np.sqrt(product @ product)
    return float(2 / a)


def _edge_row_by_row(x, y, w, start, steps):
    def slopes(weights):
        total = np.zeros(len(weights))
        for row, target in zip(x, y, strict=True):
            total += (1 / (1 + np.exp(-(row @ weights))) - target) * row
        return total / len(x)

    direction = np.array(start, dtype=float)
    for _ in range(steps):
        direction /= np.sqrt(np.sum(direction**2))
        ahead, behind = slopes(w + 1e-4 * direction), slopes(w - 1e-4 * direction)
        direction = (ahead - behind) / (2 * 1e-4)
    return 2 / np.sqrt(np.sum(direction**2))


def _neuron_gradient(x, y, w):
    return x.T @ (1 / (1 + np.exp(-x @ w)) - y) / len(y)


def _measured_product(x, y, w, v, nudge=1e-4):
    return (_neuron_gradient(x, y, w + nudge * v) - _neuron_gradient(x, y, w - nudge * v)) / (2 * nudge)


def _curvature_returned(x, y, w, start, steps):
    return 2 / edge_of_stability(x, y, w, start, steps)


def _one_over_the_curvature(x, y, w, start, steps):
    return edge_of_stability(x, y, w, start, steps) / 2


def _never_brought_to_length(x, y, w, start, steps):
    v = start
    for _ in range(steps):
        v = _measured_product(x, y, w, v)
    return 2 / np.linalg.norm(v)


def _around_zero(x, y, w, start, steps):
    return edge_of_stability(x, y, 0 * w, start, steps)


def _not_divided_by_the_distance(x, y, w, start, steps):
    return edge_of_stability(x, y, w, start, steps) / 2e-4


def _traced(x, y, w, start, steps):
    p = 1 / (1 + np.exp(-x @ w))
    return 2 / np.mean(p * (1 - p) * np.sum(x**2, axis=1))


def _smallest_curvature(x, y, w, start, steps):
    p = 1 / (1 + np.exp(-x @ w))
    return 2 / np.linalg.eigvalsh((x.T * (p * (1 - p))) @ x / len(x))[0]


def _one_product_only(x, y, w, start, steps):
    return 2 / np.linalg.norm(_measured_product(x, y, w, start / np.linalg.norm(start)))


def _summed_over_the_examples(x, y, w, start, steps):
    return edge_of_stability(x, y, w, start, steps) / len(y)


def _along_the_gradient(x, y, w, start, steps):
    g = _neuron_gradient(x, y, w)
    return 2 / np.linalg.norm(_measured_product(x, y, w, g / np.linalg.norm(g)))


def _length_one_at_the_end(x, y, w, start, steps):
    return 2.0


def _nudged_to_one_side(x, y, w, start, steps):
    v = start
    for _ in range(steps):
        v = v / np.linalg.norm(v)
        v = (_neuron_gradient(x, y, w + 1e-4 * v) - _neuron_gradient(x, y, w)) / 2e-4
    return 2 / np.linalg.norm(v)


def _neuron(rng, d, size=1.0, n=30):
    """A neuron whose largest curvature stands out, so that fifty products find it."""
    x = rng.normal(size=(n, d))
    x[:, 0] *= 3
    y = (rng.random(n) < 0.5).astype(float)
    start = rng.normal(size=d)
    start[0] = 1.0
    return x, y, size * rng.normal(size=d) / 2, start, 60


EDGE = Exercise(
    id="edge-of-stability",
    chapter=CHAPTER,
    title="The edge of a neuron",
    reference=edge_of_stability,
    difficulty=3,
    checks=(
        Check(
            "two weights",
            2,
            lambda rng: [
                (
                    np.array([[2.0, 1.0], [-1.0, 0.5], [3.0, -1.0], [-2.0, -1.5]]),
                    np.array([1.0, 0.0, 0.0, 1.0]),
                    np.array([0.5, -0.25]),
                    np.array([1.0, 1.0]),
                    60,
                ),
                _neuron(rng, 2),
            ],
            rtol=1e-4,
        ),
        Check("many weights", 2, lambda rng: [_neuron(rng, 5), _neuron(rng, 8, n=40)], rtol=1e-4),
        Check("a neuron that is sure", 1, lambda rng: [_neuron(rng, 3, size=2.0)], rtol=1e-4),
    ),
    alternatives=(_edge_from_the_whole_hessian, _edge_by_derived_products, _edge_row_by_row),
    misconceptions=(
        Misconception(
            _curvature_returned,
            "You return the largest curvature. The edge is 2 divided by it.",
        ),
        Misconception(
            _one_over_the_curvature,
            "Your edge is half of the right one. At 1 / a a step lands on the bottom of the steepest direction; it is "
            "thrown out at 2 / a. Or you divided the difference by 1e-4: the two places lie 2e-4 apart.",
        ),
        Misconception(
            _never_brought_to_length,
            "Your vector shrinks or grows from product to product, so its length at the end is a power of the "
            "curvature. Bring it to length 1 before each product.",
        ),
        Misconception(
            _around_zero,
            "Your edge does not depend on w: you measure around 0. Nudge w itself to both sides.",
        ),
        Misconception(
            _not_divided_by_the_distance,
            "Your products are tiny: they are differences of gradients, not yet divided by the distance 2e-4.",
        ),
        Misconception(
            _traced,
            "You add all curvatures, as the trace does. That is too careful: only the largest one throws you out.",
        ),
        Misconception(
            _smallest_curvature,
            "You have found the flattest direction, which sets how long you wait. The edge comes from the steepest.",
        ),
        Misconception(
            _one_product_only,
            "You multiply once. One product gives the mixture of curvatures along `start`; repeat it `steps` times, "
            "and the steepest direction wins.",
        ),
        Misconception(
            _summed_over_the_examples,
            "Your edge is smaller than the right one by the number of examples. The loss is a mean: divide the "
            "gradient by n.",
        ),
        Misconception(
            _along_the_gradient,
            "You measure the curvature along the gradient and leave `start` unused. Let products with the Hessian turn "
            "the direction, again and again.",
        ),
        Misconception(
            _length_one_at_the_end,
            "Your edge is always 2: you bring the last product to length 1 as well, and its length was the answer. "
            "Bring the vector to length 1 before each product, not after it.",
        ),
        Misconception(
            _nudged_to_one_side,
            "Your edge is twice the right one. Between w + 1e-4 * v and w lies only half of the distance by which you "
            "divide: nudge to both sides.",
        ),
    ),
    hints=(
        "Write a small function gradient(weights) first, inside yours. You need it twice in each round.",
        "In each round: v = v / length of v, then v = (gradient(w + 1e-4 v) - gradient(w - 1e-4 v)) / 2e-4.",
        "After the last round the length of v is the curvature, because v was of length 1 before the product.",
    ),
)


def range_test(x, y, w, lowest, highest, steps):
    """A range test of a linear neuron, y_hat = x @ w.

    x has shape (n, d), y (n,), w (d,); all stay as they are. In one run of
    at most so many steps the learning rate rises from lowest in the first
    to highest in the last, by the same factor each time. In every step note
    the rate and the loss, which is the mean squared error of all examples.
    If this loss is more than four times the smallest one noted so far, stop
    there; otherwise move w against the gradient, 2 x^T (x @ w - y) / n.
    Returns the rates and the losses noted, two arrays of one length.
    """
    rates, losses = [], []
    for rate in np.geomspace(lowest, highest, steps):
        error = x @ w - y
        rates.append(rate)
        losses.append(np.mean(error**2))
        if losses[-1] > 4 * min(losses):
            break
        w = w - rate * 2 * x.T @ error / len(y)
    return np.array(rates), np.array(losses)


def _range_by_one_factor(x, y, w, lowest, highest, steps):
    factor = (highest / lowest) ** (1 / (steps - 1))
    noted, rate, best, place = [], lowest, np.inf, np.array(w, dtype=float)
    while len(noted) < steps:
        loss = float(((x @ place - y) ** 2).sum() / len(x))
        noted.append((rate, loss))
        best = min(best, loss)
        if loss > 4 * best:
            break
        place -= 2 * rate * (x.T @ (x @ place - y)) / len(x)
        rate *= factor
    return np.array(noted)[:, 0], np.array(noted)[:, 1]


def _range_by_powers(x, y, w, lowest, highest, steps):
    rates = lowest * (highest / lowest) ** (np.arange(steps) / (steps - 1))
    losses = np.full(steps, np.nan)
    for t in range(steps):
        residual = x @ w - y
        losses[t] = residual @ residual / len(residual)
        if losses[t] > 4 * losses[: t + 1].min():
            return rates[: t + 1], losses[: t + 1]
        w = w - rates[t] * (2 / len(residual)) * (residual @ x)
    return rates, losses


def _walked(x, y, w, rates, *, stop=4.0, again=False, keep=True, first_move=False, summed=False):
    """A range test with one thing turned: when it stops, what it keeps, what it starts from."""
    noted, at, n = [], w, 1 if summed else len(y)
    for rate in rates:
        if again:
            at = w
        if first_move:
            at = at - rate * 2 * x.T @ (x @ at - y) / n
        loss = np.mean((x @ at - y) ** 2)
        if again:
            loss = np.mean((x @ (w - rate * 2 * x.T @ (x @ w - y) / n) - y) ** 2)
        ends = bool(noted) and loss > stop * min(loss_ for _, loss_ in noted)
        if not ends or keep:
            noted.append((rate, loss))
        if ends:
            break
        if not first_move:
            at = at - rate * 2 * x.T @ (x @ at - y) / n
    return np.array([rate for rate, _ in noted]), np.array([loss for _, loss in noted])


def _rates_evenly_spaced(x, y, w, lowest, highest, steps):
    return _walked(x, y, w, np.linspace(lowest, highest, steps))


def _begins_anew_for_every_rate(x, y, w, lowest, highest, steps):
    return _walked(x, y, w, np.geomspace(lowest, highest, steps), again=True)


def _never_stops(x, y, w, lowest, highest, steps):
    return _walked(x, y, w, np.geomspace(lowest, highest, steps), stop=np.inf)


def _stops_at_the_first_rise(x, y, w, lowest, highest, steps):
    return _walked(x, y, w, np.geomspace(lowest, highest, steps), stop=1.0)


def _last_loss_lost(x, y, w, lowest, highest, steps):
    return _walked(x, y, w, np.geomspace(lowest, highest, steps), keep=False)


def _loss_after_the_move(x, y, w, lowest, highest, steps):
    return _walked(x, y, w, np.geomspace(lowest, highest, steps), first_move=True)


def _factor_too_small(x, y, w, lowest, highest, steps):
    return _walked(x, y, w, lowest * (highest / lowest) ** (np.arange(steps) / steps))


def _gradient_summed(x, y, w, lowest, highest, steps):
    return _walked(x, y, w, np.geomspace(lowest, highest, steps), summed=True)


def _all_rates_returned(x, y, w, lowest, highest, steps):
    return np.geomspace(lowest, highest, steps), range_test(x, y, w, lowest, highest, steps)[1]


def _against_the_first_loss(x, y, w, lowest, highest, steps):
    rates = np.geomspace(lowest, highest, steps)
    losses = _walked(x, y, w, rates, stop=np.inf)[1]
    ends = np.flatnonzero(losses > 4 * losses[0])
    count = ends[0] + 1 if len(ends) else steps
    return rates[:count], losses[:count]


def _weights_moved_in_place(x, y, w, lowest, highest, steps):
    rates, losses = range_test(x, y, w, lowest, highest, steps)
    for rate in rates[:-1]:
        w -= rate * 2 * x.T @ (x @ w - y) / len(y)
    return rates, losses


def _regression(rng, d, highest, n=20, steps=40):
    x = rng.normal(size=(n, d))
    y = x @ rng.normal(size=d) * 2 + 0.3 * rng.normal(size=n)
    return x, y, rng.normal(size=d), 1e-3, highest, steps


RANGE_TEST = Exercise(
    id="range-test",
    chapter=CHAPTER,
    title="A range test",
    reference=range_test,
    returns=("rates", "losses"),
    difficulty=3,
    checks=(
        Check(
            "nothing blows up",
            2,
            lambda rng: [
                (
                    np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
                    np.array([1.0, -1.0, 0.5]),
                    np.array([2.0, 1.0]),
                    0.001,
                    0.5,
                    10,
                ),
                _regression(rng, 2, 0.2),
            ],
        ),
        Check(
            "it blows up",
            3,
            lambda rng: [
                _regression(rng, 2, 100.0),
                _regression(rng, 4, 1000.0, steps=60),
                (np.ones((2, 1)), np.zeros(2), np.ones(1), 1.43, 2.86, 3),  # 3.5 times the smallest: go on
                (np.ones((2, 1)), np.zeros(2), np.ones(1), 1.56, 3.12, 3),  # 4.5 times: stop
            ],
        ),
    ),
    alternatives=(_range_by_one_factor, _range_by_powers),
    misconceptions=(
        Misconception(
            _rates_evenly_spaced,
            "Your rates rise by equal differences, so almost the whole run is spent at large ones. They should rise by "
            "equal factors: `np.geomspace`.",
        ),
        Misconception(
            _begins_anew_for_every_rate,
            "You begin at w again for every rate. That is a grid search of one step each; the range test is one run, "
            "which goes on from where it is.",
        ),
        Misconception(
            _never_stops,
            "Your run goes on after the loss has exploded. Stop where it is more than four times the smallest so far.",
        ),
        Misconception(
            _stops_at_the_first_rise,
            "You stop at the first loss that is higher than the smallest. With batches some always are: wait until it "
            "is four times as high.",
        ),
        Misconception(
            _last_loss_lost,
            "The loss at which the run stops is missing from your lists. Note it, with its rate, and stop then.",
        ),
        Misconception(
            _loss_after_the_move,
            "You note the loss after the move. Note it first, with the rate that is about to be used.",
        ),
        Misconception(
            _factor_too_small,
            "Your rates never reach `highest`. With `steps` rates there are steps - 1 factors between the first and "
            "the last.",
        ),
        Misconception(
            _gradient_summed,
            "Your steps are too long by the number of examples. The loss is a mean: divide its gradient by n.",
        ),
        Misconception(
            _weights_moved_in_place,
            "The numbers are right, but `w -= ...` moves the caller's weights. `w = w - ...` makes new ones.",
        ),
        Misconception(
            _all_rates_returned,
            "You return all rates, those too that were never used. Note a rate together with its loss.",
        ),
        Misconception(
            _against_the_first_loss,
            "You compare with the first loss. Once the loss has fallen far, four times the first one is a late alarm: "
            "compare with the smallest so far.",
        ),
    ),
    hints=(
        "`np.geomspace(lowest, highest, steps)` gives the rates. One loop over them is enough.",
        "In the loop: the loss at w, note it, ask whether to stop, move. In this order.",
    ),
)


def scheduled_rate(name, t, first, period, warmup):
    """The learning rate after t steps, by one of three schedules.

    t is an array of whole numbers from 0 on, first a rate, period a number
    of steps. "inverse time" begins with first, and is first / 2 after one
    period, first / 3 after two, with all values between. "steps" is first
    in the first period and is halved at the end of each. "cosine" warms up:
    after t steps the rate is (t + 1) / (warmup + 1) of first, until t
    reaches warmup; then it falls from first, along half a wave of the
    cosine and in one period, to 0, where it stays. The other two do without
    a warm-up. Returns an array like t; t stays as it is.
    """
    if name == "inverse time":
        return first / (1 + t / period)
    if name == "steps":
        return first * 0.5 ** (t // period)
    wave = (1 + np.cos(np.pi * np.clip((t - warmup) / period, 0, 1))) / 2
    return first * wave * np.minimum((t + 1) / (warmup + 1), 1)


def _scheduled_one_by_one(name, t, first, period, warmup):
    def rate(step):
        if name == "inverse time":
            return first * period / (period + step)
        if name == "steps":
            return first / 2 ** int(step / period)
        if step < warmup:
            return first * (step + 1) / (warmup + 1)
        if step >= warmup + period:
            return 0.0
        return first / 2 * (1 + np.cos(np.pi * (step - warmup) / period))

    return np.array([rate(step) for step in t.tolist()])


def _scheduled_with_where(name, t, first, period, warmup):
    rising = first * (t + 1) / (warmup + 1)
    falling = first * np.cos(np.pi / 2 * np.minimum(t - warmup, period) / period) ** 2
    table = {
        "inverse time": first / (1 + t / period),
        "steps": first * np.exp2(-np.floor(t / period)),
        "cosine": np.where(t < warmup, rising, falling),
    }
    return table[name]


def _time_in_the_exponent(name, t, first, period, warmup):
    if name == "inverse time":
        return first / (1 + 1 / period) ** t
    return scheduled_rate(name, t, first, period, warmup)


def _inverse_in_stairs(name, t, first, period, warmup):
    if name == "inverse time":
        return first / (1 + t // period)
    return scheduled_rate(name, t, first, period, warmup)


def _period_multiplied(name, t, first, period, warmup):
    if name == "inverse time":
        return first / (1 + period * t)
    return scheduled_rate(name, t, first, period, warmup)


def _stairs_made_smooth(name, t, first, period, warmup):
    if name == "steps":
        return first * 0.5 ** (t / period)
    return scheduled_rate(name, t, first, period, warmup)


def _stairs_one_step_late(name, t, first, period, warmup):
    if name == "steps":
        return first * 0.5 ** (np.maximum(t - 1, 0) // period)
    return scheduled_rate(name, t, first, period, warmup)


def _a_whole_wave(name, t, first, period, warmup):
    if name == "cosine":
        wave = (1 + np.cos(2 * np.pi * np.clip((t - warmup) / period, 0, 1))) / 2
        return first * wave * np.minimum((t + 1) / (warmup + 1), 1)
    return scheduled_rate(name, t, first, period, warmup)


def _comes_back_up(name, t, first, period, warmup):
    if name == "cosine":
        wave = (1 + np.cos(np.pi * np.maximum(t - warmup, 0) / period)) / 2
        return first * wave * np.minimum((t + 1) / (warmup + 1), 1)
    return scheduled_rate(name, t, first, period, warmup)


def _wave_begins_at_step_zero(name, t, first, period, warmup):
    if name == "cosine":
        wave = (1 + np.cos(np.pi * np.minimum(t / period, 1))) / 2
        return first * np.where(t < warmup, (t + 1) / (warmup + 1), wave)
    return scheduled_rate(name, t, first, period, warmup)


def _warms_up_from_zero(name, t, first, period, warmup):
    if name == "cosine":
        wave = (1 + np.cos(np.pi * np.clip((t - warmup) / period, 0, 1))) / 2
        return first * np.where(t < warmup, t / warmup, wave)
    return scheduled_rate(name, t, first, period, warmup)


def _warmup_inside_the_period(name, t, first, period, warmup):
    if name == "cosine":
        return scheduled_rate(name, t, first, period - warmup, warmup)
    return scheduled_rate(name, t, first, period, warmup)


def _no_warmup(name, t, first, period, warmup):
    return scheduled_rate(name, t, first, period, 0)


def _not_scaled_to_one(name, t, first, period, warmup):
    if name == "cosine":
        wave = np.cos(np.pi * np.clip((t - warmup) / period, 0, 1))
        return first * wave * np.minimum((t + 1) / (warmup + 1), 1)
    return scheduled_rate(name, t, first, period, warmup)


def _times(rng, name, warmup=6):
    period = int(rng.integers(8, 30))
    t = np.sort(rng.choice(4 * period, size=10, replace=False))
    t[0], t[1] = 0, 1
    return name, t, float(rng.uniform(0.05, 0.5)), period, warmup


SCHEDULED_RATE = Exercise(
    id="scheduled-rate",
    chapter=CHAPTER,
    title="Three schedules",
    reference=scheduled_rate,
    difficulty=2,
    checks=(
        Check(
            "inverse time",
            1,
            lambda rng: [
                ("inverse time", np.array([0, 1, 10, 100, 1000]), 0.1, 100, 5),
                _times(rng, "inverse time"),
            ],
        ),
        Check(
            "steps",
            1,
            lambda rng: [("steps", np.array([0, 9, 10, 11, 19, 20, 35]), 0.8, 10, 5), _times(rng, "steps")],
        ),
        Check(
            "cosine with warm-up",
            2,
            lambda rng: [
                ("cosine", np.array([0, 1, 2, 3, 4, 5, 9, 14, 24, 25, 40]), 0.1, 20, 4),
                ("cosine", np.arange(20), 0.5, 8, 7),
                _times(rng, "cosine"),
            ],
        ),
    ),
    alternatives=(_scheduled_one_by_one, _scheduled_with_where),
    misconceptions=(
        Misconception(
            _time_in_the_exponent,
            "Your inverse time has t in an exponent, and so it falls exponentially. After one period it should be a "
            "half, after two a third.",
        ),
        Misconception(
            _inverse_in_stairs,
            "Your inverse time stays level for a whole period: `//` has rounded it down. Between the periods there are "
            "values too, so divide with `/`.",
        ),
        Misconception(
            _period_multiplied,
            "Your inverse time multiplies t by the period. Ask what stands there after one period: it should be 1 + 1.",
        ),
        Misconception(
            _stairs_made_smooth,
            "Your steps fall all the time. Only whole periods count: round t / period down.",
        ),
        Misconception(
            _stairs_one_step_late,
            "Each of your stairs comes one step late. After `period` steps the first period is over, so t = period has "
            "the halved rate already.",
        ),
        Misconception(
            _a_whole_wave,
            "Your cosine falls and comes back up within one period. Half a wave is wanted: the angle goes from 0 to "
            "pi.",
        ),
        Misconception(
            _comes_back_up,
            "After the end of its period your cosine rises again. Hold the angle at pi: `np.minimum` or `np.clip`.",
        ),
        Misconception(
            _wave_begins_at_step_zero,
            "Your wave began while the rate was still warming up. It begins at t = warmup: count from there.",
        ),
        Misconception(
            _warms_up_from_zero,
            "Your warm-up begins at a rate of 0, and so the first step does nothing. After t steps it should be "
            "(t + 1) / (warmup + 1) of first.",
        ),
        Misconception(
            _no_warmup,
            "Your cosine falls from its first step on: the warm-up is missing.",
        ),
        Misconception(
            _warmup_inside_the_period,
            "Your wave is over at t = period. It lasts a whole period of its own, from t = warmup to warmup + period.",
        ),
        Misconception(
            _not_scaled_to_one,
            "Your cosine becomes negative. A cosine runs from 1 to -1; add 1 and halve it.",
        ),
    ),
    hints=(
        "Write down the rate at t = 0, at one period and at two periods for each of the three, before you code it.",
        "For the cosine: the share of the wave that is over is (t - warmup) / period, kept between 0 and 1.",
    ),
)


def plateau_rates(losses, learning_rate, factor, patience):
    """The learning rate of each epoch, when it is lowered on plateaus.

    losses holds the validation losses of n epochs; each is known at the end
    of its epoch. The first epoch runs at learning_rate. An epoch improves
    if its loss is below all losses before it; the first one does. When
    patience epochs in a row have not improved, the rate is multiplied by
    factor, for the epochs that follow, and the count of such epochs begins
    again at 0. Returns the rates, shape (n,). losses stays as it is.
    """
    rates, best, wait = [], np.inf, 0
    for loss in losses:
        rates.append(learning_rate)
        if loss < best:
            best, wait = loss, 0
        else:
            wait += 1
        if wait == patience:
            learning_rate, wait = learning_rate * factor, 0
    return np.array(rates)


def _plateau_by_counting_falls(losses, learning_rate, factor, patience):
    n, falls, since = len(losses), 0, 0
    powers = np.zeros(n)
    for i in range(n):
        powers[i] = falls
        improved = i == 0 or losses[i] < np.min(losses[:i])
        since = 0 if improved else since + 1
        if since >= patience:
            falls, since = falls + 1, 0
    return learning_rate * factor**powers


def _plateau_from_running_minima(losses, learning_rate, factor, patience):
    lowest = np.minimum.accumulate(losses)
    improves = np.append(True, losses[1:] < lowest[:-1])
    rates, last = np.full(len(losses), float(learning_rate)), 0
    for i, good in enumerate(improves):
        if good:
            last = i
        elif i - last == patience:
            rates[i + 1 :] *= factor
            last = i
    return rates


def _plateau(losses, learning_rate, factor, patience, *, before=False, tie=False, reset=True, late=0, forget=False):
    """The reference with one thing turned."""
    rates, best, wait, last = [], np.inf, 0, np.inf
    for loss in losses:
        rates.append(learning_rate)
        measure = last if before else best
        if loss < measure or (tie and loss == measure):
            best, wait = min(best, loss), 0
        else:
            wait += 1
        last = loss
        if wait >= patience + late:
            learning_rate = learning_rate * factor
            wait = 0 if reset else wait
            best = np.inf if forget else best
    return np.array(rates)


def _against_the_epoch_before(losses, learning_rate, factor, patience):
    return _plateau(losses, learning_rate, factor, patience, before=True)


def _ties_improve(losses, learning_rate, factor, patience):
    return _plateau(losses, learning_rate, factor, patience, tie=True)


def _count_goes_on(losses, learning_rate, factor, patience):
    return _plateau(losses, learning_rate, factor, patience, reset=False)


def _one_epoch_too_patient(losses, learning_rate, factor, patience):
    return _plateau(losses, learning_rate, factor, patience, late=1)


def _best_forgotten(losses, learning_rate, factor, patience):
    return _plateau(losses, learning_rate, factor, patience, forget=True)


def _known_too_early(losses, learning_rate, factor, patience):
    rates = plateau_rates(np.append(losses, losses[-1] + 1), learning_rate, factor, patience)
    return rates[1:]


def _not_in_a_row(losses, learning_rate, factor, patience):
    rates, best, wait = [], np.inf, 0
    for loss in losses:
        rates.append(learning_rate)
        if loss < best:
            best = loss
        else:
            wait += 1
        if wait == patience:
            learning_rate, wait = learning_rate * factor, 0
    return np.array(rates)


def _first_epoch_counted(losses, learning_rate, factor, patience):
    rates, best, wait = [], losses[0], 0
    for loss in losses:
        rates.append(learning_rate)
        wait = 0 if loss < best else wait + 1
        best = min(best, loss)
        if wait == patience:
            learning_rate, wait = learning_rate * factor, 0
    return np.array(rates)


def _lowered_once(losses, learning_rate, factor, patience):
    rates = plateau_rates(losses, learning_rate, factor, patience)
    return np.maximum(rates, learning_rate * factor)


def _bumpy(rng, n, learning_rate, patience):
    losses = np.exp(-np.arange(n) / 6) + np.abs(rng.normal(size=n)) * 0.15 + 0.2
    losses[n // 2 :] = losses[: n // 2].min() + np.abs(rng.normal(size=n - n // 2)) * 0.2 + 0.01
    losses[n // 2 + 1] = losses[: n // 2].min()  # a tie
    losses[-3] = losses.min() - 0.05
    return losses, learning_rate, 0.5, patience


PLATEAU_RATES = Exercise(
    id="plateau-rates",
    chapter=CHAPTER,
    title="Lower it on a plateau",
    reference=plateau_rates,
    difficulty=2,
    checks=(
        Check(
            "one plateau",
            2,
            lambda rng: [
                (np.array([1.0, 0.8, 0.6, 0.7, 0.65, 0.5, 0.4, 0.3]), 0.1, 0.5, 2),
                (np.array([1.0, 0.7, 0.9, 0.6, 0.8, 0.75, 0.5, 0.55, 0.4]), 0.2, 0.1, 2),
                (np.array([0.9, 0.5, 0.5, 0.5, 0.45, 0.4, 0.3]), 0.3, 0.5, 2),
            ],
        ),
        Check(
            "several plateaus",
            2,
            lambda rng: [
                (np.array([0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]), 1.0, 0.5, 3),
                _bumpy(rng, 30, 0.1, 3),
                _bumpy(rng, 40, 0.4, 2),
            ],
        ),
    ),
    alternatives=(_plateau_by_counting_falls, _plateau_from_running_minima),
    misconceptions=(
        Misconception(
            _against_the_epoch_before,
            "You compare each loss with that of the epoch before. After a bad epoch every middling one then looks like "
            "an improvement. Compare with the smallest so far.",
        ),
        Misconception(
            _ties_improve,
            "A loss that is equal to the best counts as an improvement with you. It has to be below.",
        ),
        Misconception(
            _count_goes_on,
            "After the first fall your rate falls again in every epoch. The count of epochs without improvement begins "
            "again at 0 when the rate is lowered.",
        ),
        Misconception(
            _one_epoch_too_patient,
            "Your rate falls one epoch too late. When `patience` epochs in a row have not improved, the very next one "
            "has the lower rate.",
        ),
        Misconception(
            _best_forgotten,
            "You forget the best loss when the rate falls, so the next epoch counts as an improvement, however bad. "
            "Only the count begins again.",
        ),
        Misconception(
            _known_too_early,
            "Your rate falls one epoch too early. The loss of an epoch is known at its end: what it changes is the "
            "rate of the next.",
        ),
        Misconception(
            _not_in_a_row,
            "You count all epochs without improvement. They have to come in a row: an improvement sets the count to 0.",
        ),
        Misconception(
            _lowered_once,
            "Your rate is lowered once, and then never again. Every further plateau lowers it again.",
        ),
        Misconception(
            _first_epoch_counted,
            "You count the first epoch as one that has not improved, since it is not below itself. It improves: begin "
            "with a best loss of np.inf.",
        ),
    ),
    hints=(
        "Walk through the epochs. Note the rate first, then look at the loss: it can only change what comes after.",
        "Keep two things: the best loss so far, and how many epochs in a row have not been better.",
    ),
)


EXERCISES = (REGIME, CHOOSE_RATE, EDGE, RANGE_TEST, SCHEDULED_RATE, PLATEAU_RATES)


QUIZ = (
    Question(
        "You try the rates 0.1, 0.01, 0.001 and 0.0001, with several seeds each. The validation loss is lowest at 0.1. "
        "What now?",
        (
            Choice(
                "Take 0.1: it won with all its seeds, and a grid is there to be believed",
                False,
                "It is the best of four. As the last of the grid it says nothing about what lies beyond.",
            ),
            Choice(
                "Take 0.05, between the best two",
                False,
                "The losses fall towards larger rates. The other side of 0.1 has not been seen yet.",
            ),
            Choice(
                "Try 0.3, 1.0 and so on, until the loss rises",
                True,
                "A best rate at the end of a grid is a question. Go on until it has a worse neighbour on both sides.",
            ),
        ),
    ),
    Question(
        "A range test falls most steeply at 0.02, is lowest at 0.2 and explodes at 15. How do you go on?",
        (
            Choice(
                "With a short grid, from about 0.02 to 0.2",
                True,
                "The test shows where to look. A few full runs with several seeds decide, on validation data.",
            ),
            Choice(
                "With 1.5, a tenth of the rate at which it exploded",
                False,
                "The loss was already rising there. Where a run explodes depends on the seed, and long before that it "
                "can be ruined.",
            ),
            Choice(
                "With 15, the largest rate that the network has ever borne in the test",
                False,
                "It did not bear it. There the loss had already grown to four times its best.",
            ),
        ),
    ),
    Question(
        "Training runs for 20 epochs of 50 batches, with `CosineDecay(0.1, decay_steps=20)`. What happens?",
        (
            Choice(
                "The rate falls to 0 at the end of training, along half a wave of the cosine",
                False,
                "It would if decay_steps counted epochs. It counts batches.",
            ),
            Choice(
                "The rate starts anew with a fresh cosine in each of the epochs",
                False,
                "This schedule does not restart. After decay_steps it stays where it is.",
            ),
            Choice(
                "An error: a schedule must last as long as the training does",
                False,
                "No error helps you here, and that is the danger. The schedule does not know how long training lasts.",
            ),
            Choice(
                "The rate is 0 before the first epoch is half over",
                True,
                "A step is a batch. After 20 of 50 batches the rate is 0, and 980 batches pass without learning.",
            ),
        ),
    ),
    Question(
        "A network is trained on all its examples in one batch, at a rate below the edge. The loss falls every time. "
        "You have fifty steps left. What will a falling rate do?",
        (
            Choice(
                "It will end lower, since small steps are precise",
                False,
                "There is no noise to calm. Smaller steps only cover less ground.",
            ),
            Choice(
                "It will probably end higher than the constant rate",
                True,
                "Without noise a falling rate only walks less. Decay pays where the walk cannot come to rest.",
            ),
            Choice(
                "Nothing: at every rate below the edge the walk covers the same ground in the same number of steps",
                False,
                "Far below the edge half the rate needs twice the steps.",
            ),
        ),
    ),
    Question(
        "With batches of 32 the loss goes up in nearly half of the steps. What does this say about the rate?",
        (
            Choice(
                "That it is too high, and should be lowered",
                False,
                "At a rate that is far too low it goes up as often. Each step asks other examples.",
            ),
            Choice(
                "That it is too low, because a larger step would drown the noise",
                False,
                "Larger steps bring more noise, not less.",
            ),
            Choice(
                "Nothing: look at the mean over an epoch",
                True,
                "Batches differ from each other by more than one step changes. Only an average shows where it goes.",
            ),
        ),
    ),
    Question(
        "Full-batch descent at rate 0.5. You measure the largest curvature at the start: 10. What can you say?",
        (
            Choice(
                "The edge there is 0.2; the first steps may swing out, and what comes later has to be seen",
                True,
                "The edge belongs to the place. A network may be thrown to flatter ground and go on, or be lost.",
            ),
            Choice(
                "The rate is below the edge of 5, so all is well",
                False,
                "The edge is 2 divided by the curvature, not the curvature by 2.",
            ),
            Choice(
                "Training will certainly diverge",
                False,
                "On a parabola it would. A network has other curvatures in other places, and may find them.",
            ),
            Choice(
                "Nothing, since a curvature has to do with parabolas and a network is none",
                False,
                "Near a point a network's loss is a bowl too, and its first steps behave like it.",
            ),
        ),
    ),
)
