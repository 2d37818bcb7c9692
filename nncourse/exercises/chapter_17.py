"""Chapter 17, a whole project: a classifier of one's own, compared, averaged, calibrated, and handed over."""

from functools import cache
from math import erfc, sqrt

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "capstone-breast-cancer"


def train_and_predict(x, y, x_new, seed):
    """Learn from rows with a class, and name the class of new rows.

    x has shape (n, d), y (n,) holds zeros and ones, x_new (m, d), and m may
    be 1. Every column comes in a unit of its own, and none is constant in
    x. All learning is done on x and y, and what is said of a new row does
    not depend on the other new rows. What is random comes from
    np.random.default_rng(seed). Returns the classes of the new rows, zeros
    and ones, shape (m,). The arguments stay as they are.
    """
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    scaled = (x - mean) / deviation
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(x.shape[1], 8)) / np.sqrt(x.shape[1]), np.zeros(8)
    w, c = rng.normal(size=8) / np.sqrt(8), 0.0
    for _ in range(80):
        h = np.tanh(scaled @ W + b)
        p = 1 / (1 + np.exp(-(h @ w + c)))
        dz = (p - y) / len(y)
        dh = np.outer(dz, w) * (1 - h**2)
        w, c = w - 0.5 * (h.T @ dz), c - 0.5 * dz.sum()
        W, b = W - 0.5 * (scaled.T @ dh), b - 0.5 * dh.sum(axis=0)
    h = np.tanh((x_new - mean) / deviation @ W + b)
    return np.where(h @ w + c > 0, 1, 0)


def _train_one_neuron(x, y, x_new, seed):
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    w, b = _neuron((x - mean) / deviation, y)
    return ((x_new - mean) / deviation @ w + b > 0).astype(int)


def _train_in_batches(x, y, x_new, seed):
    rng = np.random.default_rng(seed)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    scaled = np.column_stack([(x - mean) / deviation, np.ones(len(x))])
    W = rng.normal(size=(scaled.shape[1], 6)) * 0.2
    w = rng.normal(size=7) * 0.2
    for _ in range(8):
        for rows in np.array_split(rng.permutation(len(x)), 15):
            h = np.column_stack([np.maximum(scaled[rows] @ W, 0), np.ones(len(rows))])
            r = (1 / (1 + np.exp(-h @ w)) - y[rows]) / len(rows)
            slope = scaled[rows].T @ (np.outer(r, w[:-1]) * (h[:, :-1] > 0))
            w, W = w - 0.2 * h.T @ r, W - 0.2 * slope
    new = np.column_stack([(x_new - mean) / deviation, np.ones(len(x_new))])
    h = np.column_stack([np.maximum(new @ W, 0), np.ones(len(new))])
    return np.where(h @ w > 0, 1.0, 0.0)


def _neuron(scaled, y, steps=60):
    w, b = np.zeros(scaled.shape[1]), 0.0
    for _ in range(steps):
        with np.errstate(over="ignore"):
            r = (1 / (1 + np.exp(-(scaled @ w + b))) - y) / len(y)
        w, b = w - 0.5 * scaled.T @ r, b - 0.5 * r.sum()
    return w, b


def _scaled(x, by):
    deviation = by.std(axis=0)
    return (x - by.mean(axis=0)) / np.where(deviation == 0, 1, deviation)


def _new_rows_scaled_by_themselves(x, y, x_new, seed):
    w, b = _neuron(_scaled(x, x), y)
    return np.where(_scaled(x_new, x_new) @ w + b > 0, 1, 0)


def _scaled_by_all_rows(x, y, x_new, seed):
    both = np.vstack([x, x_new])
    w, b = _neuron(_scaled(x, both), y)
    return np.where(_scaled(x_new, both) @ w + b > 0, 1, 0)


def _new_rows_not_scaled(x, y, x_new, seed):
    w, b = _neuron(_scaled(x, x), y)
    return np.where(x_new @ w + b > 0, 1, 0)


def _always_the_commoner_class(x, y, x_new, seed):
    return np.full(len(x_new), int(y.mean() > 0.5))


def _one_for_all(x, y, x_new, seed):
    return np.ones(len(x_new), dtype=int)


def _classes_exchanged(x, y, x_new, seed):
    return 1 - _train_one_neuron(x, y, x_new, seed)


def _probabilities_returned(x, y, x_new, seed):
    w, b = _neuron(_scaled(x, x), y)
    return 1 / (1 + np.exp(-np.clip(_scaled(x_new, x) @ w + b, -500, 500)))


def _training_rows_answered(x, y, x_new, seed):
    w, b = _neuron(_scaled(x, x), y)
    return np.where(_scaled(x, x) @ w + b > 0, 1, 0)


def _a_column_returned(x, y, x_new, seed):
    return _train_one_neuron(x, y, x_new, seed)[:, None]


NEEDED = 107
UNITS = 10.0 ** (np.arange(30) % 7 - 3)


@cache
def _table():
    """The tumours as the chapter's first section deals them: 455 to learn from, 114 new."""
    from sklearn.model_selection import train_test_split

    from ..datasets import breast_cancer

    x, y = breast_cancer()
    return train_test_split(x, y, test_size=0.2, random_state=42)


def _as_dealt(seed):
    x, x_new, y, _ = _table()
    return x.copy(), y.copy(), x_new.copy(), seed


def _alone(rng, label):
    """One clear case: a new row far on its own side, in raw units."""
    x, x_new, y, y_new = _table()
    w, b = _neuron(_scaled(x, x), y)
    sure = np.flatnonzero((y_new == label) & ((_scaled(x_new, x) @ w + b) * (2 * label - 1) > 2))
    row = rng.choice(sure)
    return x.copy(), y.copy(), x_new[row : row + 1].copy(), 0


def _in_other_units(seed):
    x, y, x_new, _ = _as_dealt(seed)
    return x * UNITS, 1 - y, x_new * UNITS, seed


def _with_a_slip(rng):
    x, y, x_new, seed = _as_dealt(int(rng.integers(100)))
    slip = np.full((1, 30), 1.0)
    slip[0] = 1e6 * x_new.max(axis=0)
    return x, y, np.vstack([x_new, slip]), seed


def _not_classes(output):
    return None if np.isin(output, (0, 1)).all() else "Some answers are neither 0 nor 1."


def _judge_share(args, output):
    said, (_, x_new, _, y_new) = np.asarray(output, dtype=float), _table()
    if sentence := _not_classes(said):
        return sentence
    exchanged = args[1].mean() > 0.5  # the classes were exchanged for this case
    truth, said = (1 - y_new if exchanged else y_new), said[: len(x_new)]
    right = int(np.sum(said == truth))
    if right >= NEEDED:
        return None
    if right <= len(truth) - NEEDED:
        return "Nearly all answers are the wrong way round."
    if np.all(said == said[0]):
        return f"Every new tumour gets the same answer, {said[0]:.0f}."
    return f"Right on {right} of {len(truth)} new tumours, where {NEEDED} are asked for."


def _judge_alone(args, output):
    said, (_, x_new, _, y_new) = np.asarray(output, dtype=float), _table()
    if sentence := _not_classes(said):
        return sentence
    truth = y_new[np.flatnonzero((x_new == args[2]).all(axis=1))[0]]
    if said[0] == truth:
        return None
    name = "malignant" if truth else "benign"
    return f"A plainly {name} tumour, asked about alone, gets the answer {said[0]:.0f}."


OWN_CLASSIFIER = Exercise(
    id="own-classifier",
    chapter=CHAPTER,
    title="A classifier of your own",
    reference=train_and_predict,
    difficulty=3,
    checks=(
        Check(
            "107 of 114, from three seeds",
            4,
            lambda rng: [_as_dealt(0), _as_dealt(1), _as_dealt(int(rng.integers(2, 100)))],
            judge=_judge_share,
        ),
        Check("a patient who comes alone", 2, lambda rng: [_alone(rng, 1), _alone(rng, 0)], judge=_judge_alone),
        Check(
            "other units, and the classes exchanged",
            1,
            lambda rng: [_in_other_units(int(rng.integers(100)))],
            judge=_judge_share,
        ),
        Check("a slip of the keyboard in another row", 1, lambda rng: [_with_a_slip(rng)], judge=_judge_share),
    ),
    alternatives=(_train_one_neuron, _train_in_batches),
    misconceptions=(
        Misconception(
            _new_rows_scaled_by_themselves,
            "Your 114 come out well, but a patient who comes alone gets the answer of the bias: her own mean was taken "
            "off her. Scale new rows by the mean and deviation of x.",
        ),
        Misconception(
            _scaled_by_all_rows,
            "One absurd row among the new ones spoils the answers for all the others: it took part in the means. "
            "Measure mean and deviation on x alone.",
        ),
        Misconception(
            _new_rows_not_scaled,
            "You learn from scaled rows and then ask about raw ones, which to the network are rows far away. Scale "
            "x_new by the numbers that scaled x.",
        ),
        Misconception(
            _always_the_commoner_class,
            "You give every new row the same answer, so nothing was learned. Are the columns scaled, does the loss "
            "fall, and do p and y have the same shape before you subtract?",
        ),
        Misconception(
            _one_for_all,
            "Every new row gets a 1. On raw columns one step along those in the thousands drowns all the others: scale "
            "by the mean and deviation of x.",
        ),
        Misconception(
            _classes_exchanged,
            "Your network has learned it all, and says the opposite. Class 1 belongs to a positive score, a "
            "probability above a half.",
        ),
        Misconception(
            _probabilities_returned,
            "Your answers are probabilities. Decide: 1 where the probability is above a half, else 0.",
        ),
        Misconception(
            _training_rows_answered,
            "You answer about the rows of x, which you have learned from. Asked for are the classes of x_new.",
        ),
        Misconception(
            _a_column_returned,
            "Your answers stand in a column, (m, 1). Take it out with [:, 0]: the shape asked for is (m,).",
        ),
    ),
    hints=(
        "Begin with one sigmoid neuron and full-batch descent: scale, then a hundred times p, p - y, and a step "
        "against x.T @ (p - y) / n.",
        "Keep the mean and the deviation of x. The new rows are scaled by these, be they 114 or one.",
        "Print the loss while you write. At weights of 0 it is 0.693, and it should fall below 0.1.",
    ),
)


def compare_with_baseline(y, y_hat, y_base):
    """Whether one classifier beats another on the same rows, or was lucky.

    y (n,) holds the true classes, y_hat (n,) the answers of the classifier,
    y_base (n,) those of the baseline: whole numbers. Returns how many rows
    only the classifier gets right, how many only the baseline gets right,
    how likely k coins fall at least as unevenly as these two counts, to
    either side, where k is their sum (at most 1), and whether the
    classifier is better, True or False: it is right more often, and that
    probability is below 0.05.
    """
    ours, theirs = y_hat == y, y_base == y
    one, other = int(np.sum(ours & ~theirs)), int(np.sum(theirs & ~ours))
    coins = np.array([1.0])
    for _ in range(one + other):
        coins = np.convolve(coins, [0.5, 0.5])
    luck = min(1.0, 2 * coins[max(one, other) :].sum())
    return one, other, luck, bool(one > other and luck < 0.05)


def _counts(y, y_hat, y_base):
    ours, theirs = y_hat == y, y_base == y
    return int(np.sum(ours & ~theirs)), int(np.sum(theirs & ~ours))


def _chances(k):
    """How likely 0, 1, ..., k heads are, each from the one before it."""
    chances = [0.5**k]
    for heads in range(1, k + 1):
        chances.append(chances[-1] * (k - heads + 1) / heads)
    return np.array(chances)


def _compare_by_factorials(y, y_hat, y_base):
    one, other = _counts(y, y_hat, y_base)
    return one, other, min(1.0, 2 * _chances(one + other)[: min(one, other) + 1].sum()), _verdict(one, other)


def _verdict(one, other):
    return bool(one > other and 2 * _chances(one + other)[one:].sum() < 0.05)


def _compare_by_uneven_falls(y, y_hat, y_base):
    one = other = 0
    for truth, mine, theirs in zip(y, y_hat, y_base, strict=True):
        one += int(mine == truth and theirs != truth)
        other += int(theirs == truth and mine != truth)
    k = one + other
    heads = np.arange(k + 1)
    luck = _chances(k)[np.abs(2 * heads - k) >= abs(one - other)].sum()
    return one, other, luck, one > other and bool(luck < 0.05)


def _one_side_only(y, y_hat, y_base):
    one, other = _counts(y, y_hat, y_base)
    luck = _chances(one + other)[max(one, other) :].sum()
    return one, other, luck, bool(one > other and luck < 0.05)


def _higher_is_better(y, y_hat, y_base):
    one, other, luck, _ = compare_with_baseline(y, y_hat, y_base)
    return one, other, luck, one > other


def _different_is_better(y, y_hat, y_base):
    one, other, luck, _ = compare_with_baseline(y, y_hat, y_base)
    return one, other, luck, luck < 0.05


def _errors_counted(y, y_hat, y_base):
    one, other = int(np.sum(y_base != y)), int(np.sum(y_hat != y))
    luck = min(1.0, 2 * _chances(one + other)[max(one, other) :].sum())
    return one, other, luck, bool(one > other and luck < 0.05)


def _not_capped(y, y_hat, y_base):
    one, other = _counts(y, y_hat, y_base)
    luck = 2 * _chances(one + other)[max(one, other) :].sum()
    return one, other, luck, bool(one > other and luck < 0.05)


def _exactly_this_fall(y, y_hat, y_base):
    one, other = _counts(y, y_hat, y_base)
    luck = min(1.0, 2 * _chances(one + other)[max(one, other)])
    return one, other, luck, bool(one > other and luck < 0.05)


def _more_unevenly_only(y, y_hat, y_base):
    one, other = _counts(y, y_hat, y_base)
    luck = min(1.0, 2 * _chances(one + other)[max(one, other) + 1 :].sum())
    return one, other, luck, bool(one > other and luck < 0.05)


def _bell_curve(y, y_hat, y_base):
    one, other = _counts(y, y_hat, y_base)
    luck = erfc(abs(one - other) / sqrt(2 * max(one + other, 1)))
    return one, other, luck, bool(one > other and luck < 0.05)


def _roles_exchanged(y, y_hat, y_base):
    return compare_with_baseline(y, y_base, y_hat)


def _shuffled(rng, both, one, other, neither):
    n = both + one + other + neither
    y, order = rng.integers(0, 2, n), rng.permutation(n)
    ours = np.repeat([True, True, False, False], [both, one, other, neither])[order]
    theirs = np.repeat([True, False, True, False], [both, one, other, neither])[order]
    return y, np.where(ours, y, 1 - y), np.where(theirs, y, 1 - y)


COMPARE = Exercise(
    id="compare-with-baseline",
    chapter=CHAPTER,
    title="Better, or luckier?",
    reference=compare_with_baseline,
    returns=("only classifier", "only baseline", "luck", "better"),
    difficulty=2,
    checks=(
        Check(
            "who is right alone, and by how much luck",
            3,
            lambda rng: [
                _shuffled(rng, 100, 5, 1, 8),
                _shuffled(rng, 90, 3, 9, 12),
                _shuffled(rng, 60, int(rng.integers(10, 14)), int(rng.integers(3, 6)), 10),
            ],
        ),
        Check(
            "the verdict",
            1,
            lambda rng: [
                _shuffled(rng, 80, 10, 1, 5),
                _shuffled(rng, 80, 1, 12, 5),
                _shuffled(rng, 80, 7, 1, 5),
                _shuffled(rng, 80, int(rng.integers(12, 20)), 2, 5),
                _shuffled(rng, 80, 10, 2, 5),
                _shuffled(rng, 80, 22, 10, 5),  # by luck in 5.01 of 100 throws
            ],
        ),
        Check(
            "nothing between them",
            1,
            lambda rng: [_shuffled(rng, 40, 4, 4, 3), _shuffled(rng, 40, 0, 0, 7), _shuffled(rng, 30, 3, 2, 1)],
        ),
    ),
    alternatives=(_compare_by_factorials, _compare_by_uneven_falls),
    misconceptions=(
        Misconception(
            _one_side_only,
            "Your probability is half of what it should be: you count the falls to one side. Had the other been ahead "
            "as far, you would have been as surprised; double it.",
        ),
        Misconception(
            _higher_is_better,
            "You say better wherever the count is higher, whatever the coins say. Ask for both: more rows right, and "
            "a probability below 0.05.",
        ),
        Misconception(
            _different_is_better,
            "You call a classifier better that is plainly worse: a small probability says that they differ, and not "
            "which way. Look also at who is right alone more often.",
        ),
        Misconception(
            _errors_counted,
            "Your counts are all mistakes of each, also those that both make. Rows on which both are wrong compare "
            "nothing: count where exactly one is right.",
        ),
        Misconception(
            _not_capped,
            "Where the two are level you get a probability above 1, since the middle is counted twice. Cut it off at "
            "1.",
        ),
        Misconception(
            _exactly_this_fall,
            "You take the probability of exactly this fall. As unevenly *or more so*: add the falls that are more "
            "uneven still.",
        ),
        Misconception(
            _more_unevenly_only,
            "Your sum begins one too late: the fall that was seen belongs to it. Count from m on, m included.",
        ),
        Misconception(
            _bell_curve,
            "Your probability is that of a bell curve, which is close where coins are many. Here they are few: add up "
            "the binomial terms themselves.",
        ),
        Misconception(
            _roles_exchanged,
            "The two have changed places: your first count is that of the baseline. The arguments come as y, y_hat, "
            "y_base.",
        ),
    ),
    hints=(
        "Two arrays of truth values first: where is the classifier right, where the baseline? `ours & ~theirs` are "
        "rows that only one gets right.",
        "How k coins fall: start with [1.0] and convolve it k times with [0.5, 0.5]. Entry i is the probability of i "
        "heads.",
        "Sum from the larger of the two counts on, double it, and cut it off at 1.",
    ),
)


def average_of_networks(p, y):
    """The mean answer of several networks, and what it saves.

    p has shape (s, n): row i holds what network i says about n rows,
    probabilities of class 1 between 0 and 1, both excluded. y (n,) holds
    zeros and ones. Returns the mean answer for each row, shape (n,), its
    binary cross-entropy, and the mean of the cross-entropies of the s
    networks. A cross-entropy is a mean over the n rows.
    """
    together = p.mean(axis=0)
    costs = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    cost = -(y * np.log(together) + (1 - y) * np.log(1 - together))
    return together, cost.mean(), costs.mean()


def _average_with_a_function(p, y):
    def loss(answer):
        return np.mean(-np.log(np.where(y == 1, answer, 1 - answer)))

    together = sum(p) / len(p)
    return together, loss(together), np.mean([loss(answer) for answer in p])


def _average_row_by_row(p, y):
    together, cost, costs = [], 0.0, 0.0
    for column, target in zip(p.T, y, strict=True):
        truth = column if target else 1 - column
        together.append(sum(column) / len(column))
        cost -= np.log(np.mean(truth)) / len(y)
        costs -= np.mean(np.log(truth)) / len(y)
    return np.array(together), cost, costs


def _cross_entropy(p, y):
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def _votes_counted(p, y):
    together = (p > 0.5).mean(axis=0)
    clipped = np.clip(together, 1e-7, 1 - 1e-7)
    return together, _cross_entropy(clipped, y), _cross_entropy(p, y)


def _logits_averaged(p, y):
    together = 1 / (1 + np.exp(-np.log(p / (1 - p)).mean(axis=0)))
    return together, _cross_entropy(together, y), _cross_entropy(p, y)


def _median_taken(p, y):
    together = np.median(p, axis=0)
    return together, _cross_entropy(together, y), _cross_entropy(p, y)


def _averaged_over_the_rows(p, y):
    together = p.mean(axis=1)
    return together, _cross_entropy(p, y), _cross_entropy(p, y)


def _losses_of_the_best(p, y):
    together = p.mean(axis=0)
    return together, _cross_entropy(together, y), min(_cross_entropy(row, y) for row in p)


def _added_over_the_rows(p, y):
    together = p.mean(axis=0)
    return together, len(y) * _cross_entropy(together, y), len(y) * _cross_entropy(p, y)


def _only_the_ones_cost(p, y):
    together = p.mean(axis=0)
    return together, float(-np.mean(y * np.log(together))), float(-np.mean(y * np.log(p)))


def _targets_turned_round(p, y):
    together = p.mean(axis=0)
    return together, _cross_entropy(together, 1 - y), _cross_entropy(p, 1 - y)


def _networks(rng, s, n):
    y = rng.integers(0, 2, n).astype(float)
    y[:2] = 0, 1
    z = rng.normal(0, 1.5, size=(s, n)) + 1.5 * (2 * y - 1) * rng.uniform(0, 2, n)
    return 1 / (1 + np.exp(-z)), y


AVERAGE = Exercise(
    id="average-of-networks",
    chapter=CHAPTER,
    title="The mean of several networks",
    reference=average_of_networks,
    returns=("mean answer", "its loss", "mean loss"),
    difficulty=1,
    checks=(
        Check(
            "three networks",
            2,
            lambda rng: [
                (np.array([[0.9, 0.2], [0.6, 0.4], [0.3, 0.1]]), np.array([1.0, 0.0])),
                _networks(rng, 3, 20),
                _networks(rng, 3, 40),
            ],
        ),
        Check("any number of them", 1, lambda rng: [_networks(rng, 1, 10), _networks(rng, 6, 12)]),
    ),
    alternatives=(_average_with_a_function, _average_row_by_row),
    misconceptions=(
        Misconception(
            _votes_counted,
            "Your mean answer is a share of votes. Average the probabilities themselves: a network that is nearly sure "
            "should count for more than one that hesitates.",
        ),
        Misconception(
            _logits_averaged,
            "You average the scores and go back through the sigmoid. That is a mean of another kind; average the "
            "probabilities.",
        ),
        Misconception(_median_taken, "Your answer is the median of the networks. Asked for is their mean."),
        Misconception(
            _averaged_over_the_rows,
            "You average over the rows, which gives one number a network. A row of p is a network: average over "
            "axis 0.",
        ),
        Misconception(
            _losses_of_the_best,
            "Your last number is the loss of the best network. Nobody knows beforehand which that will be: take the "
            "mean of all.",
        ),
        Misconception(
            _added_over_the_rows, "Your losses grow with the number of rows: they are sums. Take means over the rows."
        ),
        Misconception(
            _only_the_ones_cost,
            "In your losses the rows of class 0 cost nothing. They cost -log(1 - p).",
        ),
        Misconception(
            _targets_turned_round,
            "Your losses punish right answers: the targets are turned round. A row of class 1 costs -log(p).",
        ),
    ),
    hints=(
        "The mean over the networks is the mean over axis 0.",
        "A row with target 1 costs -log(p), one with target 0 costs -log(1 - p).",
    ),
)


def calibration_table(p, y, edges):
    """Whether probabilities keep their word, group by group.

    p (n,) holds probabilities of class 1, y (n,) zeros and ones. edges
    (g + 1,) rises from 0 to 1 and makes g groups: group k holds the rows
    with edges[k] <= p < edges[k + 1], and the last group those with p = 1
    as well. Returns for each group how many rows it holds, the mean of
    their p, and the share of them that are of class 1, each of shape (g,).
    For an empty group all three are 0.
    """
    group = np.searchsorted(edges, p, side="right") - 1
    group = np.minimum(group, len(edges) - 2)
    counts = np.bincount(group, minlength=len(edges) - 1)
    rows = np.maximum(counts, 1)
    said = np.bincount(group, weights=p, minlength=len(counts)) / rows
    true = np.bincount(group, weights=y, minlength=len(counts)) / rows
    return counts, said, true


def _table_group_by_group(p, y, edges):
    g = len(edges) - 1
    counts, said, true = np.zeros((3, g))
    for k in range(g):
        mine = (p >= edges[k]) & ((p < edges[k + 1]) | (k == g - 1))
        counts[k] = mine.sum()
        if counts[k]:
            said[k], true[k] = p[mine].mean(), y[mine].mean()
    return counts, said, true


def _table_with_a_matrix(p, y, edges):
    upper = np.append(edges[1:-1], np.inf)
    mine = (p[:, None] >= edges[:-1]) & (p[:, None] < upper)
    counts = mine.sum(axis=0)
    with np.errstate(invalid="ignore"):
        said, true = np.nan_to_num(p @ mine / counts), np.nan_to_num(y @ mine / counts)
    return counts, said, true


def _grouped(p, edges):
    return np.minimum(np.searchsorted(edges, p, side="right") - 1, len(edges) - 2)


def _told_by(group, p, y, g):
    counts = np.bincount(group, minlength=g)[:g]
    rows = np.maximum(counts, 1)
    sums = [np.bincount(group, weights=w, minlength=g)[:g] for w in (p, y)]
    return counts, sums[0] / rows, sums[1] / rows


def _upper_edge_included(p, y, edges):
    group = np.maximum(np.searchsorted(edges, p, side="left") - 1, 0)
    return _told_by(group, p, y, len(edges) - 1)


def _last_edge_lost(p, y, edges):
    inside = p < edges[-1]
    return _told_by(_grouped(p[inside], edges), p[inside], y[inside], len(edges) - 1)


def _empty_groups_not_a_number(p, y, edges):
    counts, said, true = _table_group_by_group(p, y, edges)
    return counts, np.where(counts, said, np.nan), np.where(counts, true, np.nan)


def _middles_told(p, y, edges):
    counts, _, true = _table_group_by_group(p, y, edges)
    return counts, (edges[:-1] + edges[1:]) / 2, true


def _share_of_the_right(p, y, edges):
    counts, said, _ = _table_group_by_group(p, y, edges)
    right = ((p > 0.5) == y).astype(float)
    return counts, said, _table_group_by_group(p, right, edges)[2]


def _share_of_all_ones(p, y, edges):
    counts, said, true = _table_group_by_group(p, y, edges)
    return counts, said, true * counts / y.sum()


def _sums_instead_of_means(p, y, edges):
    counts, said, true = _table_group_by_group(p, y, edges)
    return counts, said * counts, true * counts


def _groups_of_equal_width(p, y, edges):
    return _table_group_by_group(p, y, np.linspace(0, 1, len(edges)))


def _forecasts(rng, n, edges, truth=1.0):
    p = rng.random(n)
    y = (rng.random(n) < p**truth).astype(float)
    p[:2], y[:2] = edges[1], (1, 0)
    return p, y, np.array(edges)


def _sparse(rng):
    edges = np.array([0.0, 0.1, 0.3, 0.7, 0.95, 1.0])
    p = np.concatenate([rng.uniform(0.02, 0.09, 8), rng.uniform(0.75, 0.9, 6)])
    return p, (rng.random(14) < 0.5).astype(float), edges


def _with_sure_ones(rng):
    p = np.concatenate([rng.random(12), [1.0, 1.0, 1.0, 0.0, 0.0]])
    return p, np.append((rng.random(12) < 0.5).astype(float), [1, 1, 0, 0, 1]), np.array([0.0, 0.2, 0.6, 1.0])


CALIBRATION = Exercise(
    id="calibration-table",
    chapter=CHAPTER,
    title="Do probabilities keep their word?",
    reference=calibration_table,
    returns=("rows", "told", "true"),
    difficulty=2,
    checks=(
        Check(
            "groups with rows in them",
            2,
            lambda rng: [
                (
                    np.array([0.05, 0.15, 0.4, 0.6, 0.95, 0.85]),
                    np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0]),
                    np.array([0.0, 0.2, 0.7, 1.0]),
                ),
                (np.array([0.1, 0.5, 0.6, 0.9]), np.array([1.0, 0.0, 1.0, 1.0]), np.array([0.0, 0.3, 0.8, 1.0])),
                _forecasts(rng, 60, [0, 0.1, 0.5, 0.9, 1]),
                _forecasts(rng, 80, [0, 0.25, 0.4, 1], truth=2.0),
            ],
        ),
        Check("answers of exactly 0 and 1", 1, lambda rng: [_with_sure_ones(rng), _with_sure_ones(rng)]),
        Check("empty groups", 1, lambda rng: [_sparse(rng), _sparse(rng)]),
    ),
    alternatives=(_table_group_by_group, _table_with_a_matrix),
    misconceptions=(
        Misconception(
            _upper_edge_included,
            "A row that lies exactly on an edge is in the group below it. The lower edge belongs to a group, the upper "
            "one to the next.",
        ),
        Misconception(
            _last_edge_lost,
            "Rows with p = 1 are in no group. The last group takes its upper edge as well.",
        ),
        Misconception(
            _empty_groups_not_a_number,
            "An empty group gives you nan, the mean of nothing. Asked for is 0.",
        ),
        Misconception(
            _middles_told,
            "You return the middle of each group. What was told is the mean of the p that lie in it, and they may all "
            "lie near one edge.",
        ),
        Misconception(
            _share_of_the_right,
            "Your last column is the share of right decisions. Calibration asks something else: how many are of class "
            "1?",
        ),
        Misconception(
            _share_of_all_ones,
            "Your last column says which part of all ones lies in a group. Divide by the rows of the group instead.",
        ),
        Misconception(_sums_instead_of_means, "Your columns are sums. Divide by the number of rows in the group."),
        Misconception(
            _groups_of_equal_width,
            "You cut the range into equal parts. The groups are given by `edges`, which need not be even.",
        ),
    ),
    hints=(
        "For one group, a mask: `(p >= low) & (p < high)`. Its sum is the count.",
        "Treat two things apart: the last group, which keeps p = 1, and a group without rows.",
    ),
)


def fold_the_scaling(W, b, mean, deviation):
    """The layer that does the scaling, too.

    W (d_in, d_out) and b (d_out,) belong to a dense layer that was trained
    on rows scaled as (x - mean) / deviation, with mean and deviation of
    shape (d_in,). Returns the weights, shape (d_in, d_out), and the
    biases, shape (d_out,), of the layer that gives the same scores for the
    raw rows x. The arguments stay as they are.
    """
    new_W = W / deviation[:, None]
    return new_W, b - mean @ new_W


def _fold_by_asking(W, b, mean, deviation):
    raw = np.vstack([np.zeros(len(mean)), np.eye(len(mean))])
    z = (raw - mean) / deviation @ W + b
    return z[1:] - z[0], z[0]


def _fold_with_a_diagonal(W, b, mean, deviation):
    shrink = np.diag(1 / deviation)
    return shrink @ W, b - (mean / deviation) @ W


def _fold_neuron_by_neuron(W, b, mean, deviation):
    new_W, new_b = np.empty(W.shape), np.empty(len(b))
    for k in range(len(b)):
        new_W[:, k] = W[:, k] / deviation
        new_b[k] = b[k] - np.sum(mean * W[:, k] / deviation)
    return new_W, new_b


def _multiplied(W, b, mean, deviation):
    new = W * deviation[:, None]
    return new, b - mean @ new


def _bias_left_alone(W, b, mean, deviation):
    return W / deviation[:, None], b.copy()


def _mean_added(W, b, mean, deviation):
    new = W / deviation[:, None]
    return new, b + mean @ new


def _mean_not_divided(W, b, mean, deviation):
    return W / deviation[:, None], b - mean @ W


def _mean_taken_from_the_bias(W, b, mean, deviation):
    new = W / deviation[:, None]
    return new, b - np.mean(mean)


def _divided_by_the_square(W, b, mean, deviation):
    new = W / deviation[:, None] ** 2
    return new, b - mean @ new


def _bias_divided_too(W, b, mean, deviation):
    new = W / deviation[:, None]
    return new, b / np.mean(deviation) - mean @ new


def _divided_along_the_neurons(W, b, mean, deviation):
    new = W / deviation
    return new, b - mean @ new


def _layer(rng, d_in, d_out):
    scale = 10.0 ** rng.uniform(-1, 2, d_in)
    return rng.normal(size=(d_in, d_out)), rng.normal(size=d_out), scale * rng.normal(2, 1, d_in), scale


FOLD = Exercise(
    id="fold-the-scaling",
    chapter=CHAPTER,
    title="Fold the scaling into the first layer",
    reference=fold_the_scaling,
    returns=("weights", "biases"),
    difficulty=2,
    checks=(
        Check(
            "as many inputs as neurons",
            1,
            lambda rng: [
                (
                    np.array([[1.0, 2.0], [3.0, 4.0]]),
                    np.array([0.5, -1.0]),
                    np.array([10.0, -2.0]),
                    np.array([2.0, 0.5]),
                ),
                _layer(rng, 3, 3),
            ],
        ),
        Check("layers of any width", 2, lambda rng: [_layer(rng, 4, 2), _layer(rng, 2, 5), _layer(rng, 5, 1)]),
    ),
    alternatives=(_fold_by_asking, _fold_with_a_diagonal, _fold_neuron_by_neuron),
    misconceptions=(
        Misconception(
            _multiplied,
            "Your weights are multiplied by the deviation. An input that varies ten times as much needs a tenth of the "
            "weight: divide.",
        ),
        Misconception(
            _bias_left_alone,
            "Your weights are right and the biases are the old ones. What became of the mean that was taken off every "
            "input?",
        ),
        Misconception(
            _mean_added,
            "Your biases move the wrong way: the mean is subtracted from the inputs, so what it would have added to "
            "the score must go.",
        ),
        Misconception(
            _mean_not_divided,
            "Your weights are right; in the biases the mean meets the old weights. It has to be divided by the "
            "deviation too: use the new ones.",
        ),
        Misconception(
            _mean_taken_from_the_bias,
            "Your biases all move by the same number. Each neuron weighs the means with weights of its own: a product "
            "with a matrix.",
        ),
        Misconception(
            _divided_by_the_square,
            "Your weights are divided by the variance, the square of the deviation. Divide by the deviation, once.",
        ),
        Misconception(
            _bias_divided_too,
            "Your old bias is divided by a deviation. It stood outside the scaling, and stays as it is.",
        ),
        Misconception(
            _divided_along_the_neurons,
            "You divide the columns of W, and a column is a neuron. The deviations belong to the inputs, which are "
            "rows: `deviation[:, None]`.",
        ),
    ),
    hints=(
        "Write the score of one neuron for scaled inputs, and sort it: what is multiplied by x, and what is not?",
        "Row j of W belongs to input j, so it is divided by deviation[j].",
    ),
)

EXERCISES = (OWN_CLASSIFIER, COMPARE, AVERAGE, CALIBRATION, FOLD)

QUIZ = (
    Question(
        "A listing reports 0.97 on 114 test rows, which it also passed to fit as validation_data, and of which the "
        "best epoch was kept. What is the number worth?",
        (
            Choice(
                "Full value: the optimizer never saw these rows",
                False,
                "The optimizer did not, but a choice was made by them. The best of 50 looks is lucky as a rule.",
            ),
            Choice(
                "Probably too high, and uncertain by several points",
                True,
                "Choosing pushes it up, and 114 rows leave an interval of several points either way.",
            ),
            Choice(
                "Nothing, since a network must not be evaluated while it is trained",
                False,
                "To look during training is fine, on validation rows. What is lost is the name of a test.",
            ),
        ),
    ),
    Question(
        "A network is right on 111 of 114 patients, one neuron on 109 of the same. Why is that not yet a victory?",
        (
            Choice(
                "Because a network always wins on small tables, so that one would expect more than two patients",
                False,
                "On small tables one neuron is often as good. That is no reason to count less, or more.",
            ),
            Choice(
                "Because accuracy may not be used where classes are unequal",
                False,
                "It may, beside a baseline. The trouble here is how few patients decide between the two.",
            ),
            Choice(
                "Because it rests on the few patients whom only one of them gets right, and luck does that easily",
                True,
                "Four to two, say, is a fall that six coins make most of the time.",
            ),
            Choice(
                "Because 114 is less than the number of parameters",
                False,
                "Test rows are not fitted, so they need not outnumber anything.",
            ),
        ),
    ),
    Question(
        "The loss is high on the training rows, and as high on rows held back. Which change fits the diagnosis?",
        (
            Choice("Dropout", False, "It makes fitting harder, and the network has not even fitted its own rows."),
            Choice(
                "More patients with the same measurements",
                False,
                "They close a gap between old and new rows. Here there is none: the model cannot, or did not, fit.",
            ),
            Choice(
                "Stopping earlier",
                False,
                "That would leave the loss higher still, on both.",
            ),
            Choice(
                "A higher rate, more epochs or more room",
                True,
                "It underfits: it walked too little, or cannot say what is needed.",
            ),
        ),
    ),
    Question(
        "You average the probabilities of five networks. What is certain, whatever they have learned?",
        (
            Choice(
                "The mean answer has a cross-entropy no higher than the five have on average",
                True,
                "The cost bulges downwards in p, so the cost of a mean is at most the mean of the costs.",
            ),
            Choice(
                "It is right more often than each of the five",
                False,
                "Often so, but nothing promises it: the share of right answers is no smooth curve that bulges.",
            ),
            Choice(
                "Its cross-entropy is lower than that of the best of the five",
                False,
                "It may be. But one good network among four bad ones is pulled down by the company.",
            ),
        ),
    ),
    Question(
        "Which of these says that it is wrong to picture underfitting as guessing at random?",
        (
            Choice(
                "That the training loss of such a network falls at all during the first few epochs of training",
                False,
                "That shows that something was learned, not what the remaining mistakes look like.",
            ),
            Choice(
                "That six such models, from six first weights, make nearly the same mistakes",
                True,
                "Guesses would differ. Underfitting is a system: the model cannot say what would be needed.",
            ),
            Choice(
                "That it is right on more than half of the rows",
                False,
                "So is whoever always names the commoner class. Being better than a coin is not the point.",
            ),
        ),
    ),
    Question(
        "You fold the scaling into the first layer and save the model. What must still be written down beside it?",
        (
            Choice("The mean and deviation of every column", False, "They are in the weights and biases now."),
            Choice("The number of epochs, or it cannot be used", False, "Good to know, and not needed to predict."),
            Choice(
                "The training rows, so that new patients can be scaled by them",
                False,
                "New patients come in raw units now, and nothing of the old rows is needed.",
            ),
            Choice(
                "Units and order of the columns, and the threshold",
                True,
                "The weights take any thirty numbers and answer. What the numbers mean stands nowhere else.",
            ),
        ),
    ),
)
