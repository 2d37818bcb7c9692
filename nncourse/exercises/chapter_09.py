"""Chapter 9, the training loop: updates counted, rows dealt, the noise of a batch, gradients added up, the loop."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "training-loop"


def count_updates(n, batch_size, epochs):
    """How often training changes the parameters.

    n is the number of examples, batch_size the number of examples in a
    batch, epochs the number of passes through the data: whole numbers
    from 1 on. A pass ends with a smaller batch where the examples do
    not go up in full ones; if batch_size is larger than n, a pass is
    one batch. Returns a whole number.
    """
    batches = -(-n // batch_size)
    return batches * epochs


def _updates_by_ceil(n, batch_size, epochs):
    return int(np.ceil(n / batch_size)) * epochs


def _updates_walked(n, batch_size, epochs):
    updates = 0
    for _ in range(epochs):
        for _ in range(0, n, batch_size):
            updates += 1
    return updates


def _updates_with_a_remainder(n, batch_size, epochs):
    full, rest = divmod(n, batch_size)
    return (full + (rest > 0)) * epochs


def _short_batch_dropped(n, batch_size, epochs):
    return n // batch_size * epochs


def _batches_not_whole(n, batch_size, epochs):
    return n / batch_size * epochs


def _rounded_up_at_the_end(n, batch_size, epochs):
    return int(np.ceil(n * epochs / batch_size))


def _one_pass_only(n, batch_size, epochs):
    return -(-n // batch_size)


def _one_update_an_example(n, batch_size, epochs):
    return n * epochs


def _always_one_more(n, batch_size, epochs):
    return (n // batch_size + 1) * epochs


COUNT_UPDATES = Exercise(
    id="count-updates",
    chapter=CHAPTER,
    title="Count the updates",
    reference=count_updates,
    difficulty=1,
    checks=(
        Check(
            "batches that come out even",
            1,
            lambda rng: [(100_000, 100, 4), (600, 50, 7), (12 * int(rng.integers(2, 30)), 12, int(rng.integers(2, 9)))],
        ),
        Check(
            "a batch that is left over",
            1,
            lambda rng: [
                (455, 32, 50),
                (3, 32, 10),
                (1000, 32, 20),
                (1, 1, 1),
                (13 * int(rng.integers(2, 30)) + 5, 13, int(rng.integers(2, 9))),
            ],
        ),
    ),
    alternatives=(_updates_by_ceil, _updates_walked, _updates_with_a_remainder),
    misconceptions=(
        Misconception(
            _short_batch_dropped,
            "You lose the smaller batch at the end of each pass. Divide 455 by 32: what becomes of the last 7 rows?",
        ),
        Misconception(
            _batches_not_whole,
            "Your count is a broken number of batches. A batch that is not full makes one update like any other: round "
            "up before you multiply.",
        ),
        Misconception(
            _rounded_up_at_the_end,
            "You round once, at the very end, as if the left-over rows of one pass were filled up from the next. Each "
            "pass ends with a batch of its own: round up first, then multiply.",
        ),
        Misconception(
            _one_pass_only, "You count the updates of one pass. Every epoch makes as many again: where are the epochs?"
        ),
        Misconception(
            _one_update_an_example,
            "You count one update an example. That holds for batches of one; here a batch makes a single update.",
        ),
        Misconception(
            _always_one_more,
            "You add a batch even where the rows come out even. The last batch exists only if something is left over.",
        ),
    ),
    hints=(
        "Count the batches of one pass first. How many rows has the last of them?",
        "`-(-n // batch_size)` divides and rounds up.",
    ),
)


def deal(x, y, batch_size, seed):
    """One shuffled pass through the data, in batches.

    x has shape (n, d), y shape (n,); row i of x belongs to entry i of
    y, and both stay as they are. Deal all examples once, in a random
    order ruled by the seed, into batches of batch_size; the last
    batch may be smaller. Returns three arrays: the rows of x in the
    order dealt (n, d), their targets (n,), and the sizes of the
    batches, one whole number each.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(x))
    starts = range(0, len(x), batch_size)
    sizes = [len(order[start : start + batch_size]) for start in starts]
    return x[order], y[order], np.array(sizes)


def _deal_both_in_one_table(x, y, batch_size, seed):
    table = np.column_stack([x, y])
    np.random.default_rng(seed).shuffle(table)
    parts = [table[i : i + batch_size] for i in range(0, len(table), batch_size)]
    return table[:, :-1], table[:, -1], [len(part) for part in parts]


def _deal_by_sorting_random_numbers(x, y, batch_size, seed):
    order = np.argsort(np.random.default_rng(seed).random(len(y)))
    full, rest = divmod(len(y), batch_size)
    return x.take(order, axis=0), y.take(order), [batch_size] * full + [rest] * (rest > 0)


def _deal_batch_by_batch(x, y, batch_size, seed):
    left = list(np.random.default_rng(seed).permutation(len(x)))
    xs, ys, sizes = [], [], []
    while left:
        rows, left = left[:batch_size], left[batch_size:]
        xs.append(x[rows])
        ys.append(y[rows])
        sizes.append(len(rows))
    return np.concatenate(xs), np.concatenate(ys), sizes


def _sizes_of(n, batch_size):
    return np.array([min(batch_size, n - start) for start in range(0, n, batch_size)])


def _shuffled_separately(x, y, batch_size, seed):
    rng = np.random.default_rng(seed)
    return x[rng.permutation(len(x))], y[rng.permutation(len(y))], _sizes_of(len(x), batch_size)


def _targets_left_behind(x, y, batch_size, seed):
    return x[np.random.default_rng(seed).permutation(len(x))], y, _sizes_of(len(x), batch_size)


def _drawn_with_replacement(x, y, batch_size, seed):
    rows = np.random.default_rng(seed).integers(len(x), size=len(x))
    return x[rows], y[rows], _sizes_of(len(x), batch_size)


def _not_shuffled(x, y, batch_size, seed):
    return x, y, _sizes_of(len(x), batch_size)


def _last_batch_lost(x, y, batch_size, seed):
    full = len(x) // batch_size
    order = np.random.default_rng(seed).permutation(len(x))[: full * batch_size]
    return x[order], y[order], np.full(full, batch_size)


def _shuffled_in_place(x, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    x[:], y[:] = x[order], y[order]
    return x, y, _sizes_of(len(x), batch_size)


def _sizes_all_full(x, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    return x[order], y[order], np.full(-(-len(x) // batch_size), batch_size)


def _rows_in_order(table):
    return table[np.lexsort(table.T[::-1])]


def _judge_dealing(args, output):
    x, y, batch_size, _ = args
    dealt_x, dealt_y, sizes = (np.asarray(array, dtype=float) for array in output)
    pairs, dealt = np.column_stack([x, y]), np.column_stack([dealt_x, dealt_y])
    if not np.array_equal(_rows_in_order(dealt), _rows_in_order(pairs)):
        if np.array_equal(dealt_y, y) and np.array_equal(_rows_in_order(dealt_x), _rows_in_order(x)):
            return "The rows of x come in a new order, the targets in the old one."
        known = {tuple(pair) for pair in pairs.tolist()}
        if all(tuple(pair) in known for pair in dealt.tolist()):
            return "Each row has its own target, but some rows come twice and others not at all."
        if np.array_equal(_rows_in_order(dealt_x), _rows_in_order(x)):
            return "Every row of x comes once, but not beside its own target."
        return "The pairs that you deal are not those of the data."
    if not np.array_equal(sizes, _sizes_of(len(x), batch_size)):
        if sizes.sum() != len(x):
            return f"Your batches hold {sizes.sum():.0f} rows together, and there are {len(x)}."
        return f"With {len(x)} rows and batches of {batch_size} the sizes should be {_sizes_of(len(x), batch_size)}."
    return None


def _judge_order(args, output):
    if np.array_equal(output[0], args[0]):
        return "The rows come in the order in which they lay."
    return _judge_dealing(args, output)


def _pairs(rng, n, d):
    return rng.normal(size=(n, d)), rng.normal(size=n)


DEAL = Exercise(
    id="deal-batches",
    chapter=CHAPTER,
    title="Deal the batches",
    reference=deal,
    returns=("x dealt", "y dealt", "sizes"),
    difficulty=2,
    checks=(
        Check(
            "every pair once",
            2,
            lambda rng: [(*_pairs(rng, 12, 2), 4, 0), (*_pairs(rng, 30, 3), 10, int(rng.integers(100)))],
            judge=_judge_dealing,
        ),
        Check(
            "a new order",
            1,
            lambda rng: [(*_pairs(rng, 20, 2), 5, 1), (*_pairs(rng, 40, 1), 8, int(rng.integers(100)))],
            judge=_judge_order,
        ),
        Check(
            "a batch that is left over",
            1,
            lambda rng: [(*_pairs(rng, 23, 2), 5, 2), (*_pairs(rng, 6, 2), 32, 3)],
            judge=_judge_dealing,
        ),
    ),
    alternatives=(_deal_both_in_one_table, _deal_by_sorting_random_numbers, _deal_batch_by_batch),
    misconceptions=(
        Misconception(
            _shuffled_separately,
            "Your rows have lost their own targets: x and y were shuffled one after the other, each its own way. Draw "
            "one order, and use it for both.",
        ),
        Misconception(
            _targets_left_behind,
            "Only x was shuffled, so every row stands beside a stranger's target. Index y with the same order.",
        ),
        Misconception(
            _drawn_with_replacement,
            "Some rows come twice and others never, because each was drawn afresh from all. A pass deals the cards "
            "out: `permutation` has each row once.",
        ),
        Misconception(
            _not_shuffled, "The rows come in the order in which they lay. Draw an order with `rng.permutation(len(x))`."
        ),
        Misconception(
            _last_batch_lost,
            "The rows that fill no whole batch are lost. Deal them too: the last batch is allowed to be smaller.",
        ),
        Misconception(
            _shuffled_in_place,
            "The pass is right, but the caller's arrays are shuffled by it. Shuffle row numbers, not the data: "
            "`x[order]` is a new array.",
        ),
        Misconception(
            _sizes_all_full,
            "Your sizes add up to more rows than there are. The last batch holds only what is left over.",
        ),
    ),
    hints=(
        "Shuffle the row numbers 0 to n - 1, and take the rows of x and y with the same numbers.",
        "A slice may run past the end: `order[20:25]` has 3 entries where 3 are left.",
    ),
)


def batch_noise(gradients, batch_size):
    """How far the gradient of a random batch lies from the gradient of all.

    gradients has shape (n, d): row i is the gradient of the loss of
    example i alone; n is at least 2. The gradient of all is the mean
    of all rows, that of a batch the mean of batch_size different rows,
    drawn at random without replacement. Returns the root mean square
    length of the difference of the two, a number, computed and not
    simulated.
    """
    n = len(gradients)
    deviations = gradients - gradients.mean(axis=0)
    spread_squared = np.mean(np.sum(deviations**2, axis=1))
    return np.sqrt(spread_squared / batch_size * (n - batch_size) / (n - 1))


def _noise_from_the_sample_variance(gradients, batch_size):
    n = len(gradients)
    return np.sqrt(gradients.var(axis=0, ddof=1).sum() * (1 / batch_size - 1 / n))


def _noise_from_the_squares(gradients, batch_size):
    n = len(gradients)
    squares = np.sum(gradients * gradients) / n - np.sum(np.mean(gradients, axis=0) ** 2)
    return float(max(squares, 0) * (n - batch_size) / (batch_size * (n - 1))) ** 0.5


def _noise_row_by_row(gradients, batch_size):
    mean = sum(gradients) / len(gradients)
    total = sum(np.linalg.norm(row - mean) ** 2 for row in gradients)
    n = len(gradients)
    return (total / n) ** 0.5 * batch_size**-0.5 * ((n - batch_size) / (n - 1)) ** 0.5


def _spread(gradients):
    return np.sqrt(np.sum(gradients.var(axis=0)))


def _correction(gradients, batch_size):
    n = len(gradients)
    return np.sqrt((n - batch_size) / (n - 1))


def _drawn_afresh(gradients, batch_size):
    return _spread(gradients) / np.sqrt(batch_size)


def _root_forgotten(gradients, batch_size):
    return (_spread(gradients) / np.sqrt(batch_size) * _correction(gradients, batch_size)) ** 2


def _falls_with_the_batch(gradients, batch_size):
    return _spread(gradients) / batch_size * _correction(gradients, batch_size)


def _averaged_over_the_entries(gradients, batch_size):
    return np.sqrt(np.mean(gradients.var(axis=0)) / batch_size) * _correction(gradients, batch_size)


def _factor_outside_the_root(gradients, batch_size):
    return _spread(gradients) / np.sqrt(batch_size) * _correction(gradients, batch_size) ** 2


def _corrected_twice(gradients, batch_size):
    return np.sqrt(gradients.var(axis=0, ddof=1).sum() / batch_size) * _correction(gradients, batch_size)


def _first_rows_only(gradients, batch_size):
    return np.linalg.norm(gradients[:batch_size].mean(axis=0) - gradients.mean(axis=0))


def _about_zero(gradients, batch_size):
    return np.sqrt(np.mean(np.sum(gradients**2, axis=1)) / batch_size) * _correction(gradients, batch_size)


def _added_over_the_rows(gradients, batch_size):
    return np.sqrt(len(gradients)) * _spread(gradients) / np.sqrt(batch_size) * _correction(gradients, batch_size)


BATCH_NOISE = Exercise(
    id="batch-noise",
    chapter=CHAPTER,
    title="The noise of a batch",
    reference=batch_noise,
    difficulty=2,
    checks=(
        Check(
            "batches of a part of the data",
            2,
            lambda rng: [
                (np.array([[1.0, 0.0], [3.0, 2.0], [-1.0, 1.0], [5.0, -3.0]]), 2),
                (rng.normal(2, 1, size=(50, 3)), 10),
                (rng.normal(-1, 2, size=(30, 5)), 4),
            ],
        ),
        Check(
            "one example, and all of them",
            1,
            lambda rng: [
                (rng.normal(1, 1, size=(12, 2)), 1),
                (rng.normal(1, 1, size=(9, 4)), 9),
            ],
        ),
    ),
    alternatives=(_noise_from_the_sample_variance, _noise_from_the_squares, _noise_row_by_row),
    misconceptions=(
        Misconception(
            _drawn_afresh,
            "Your batch of all examples still has noise, and it can have none. The factor (n - B) / (n - 1) is "
            "missing: a batch is dealt without replacement.",
        ),
        Misconception(_root_forgotten, "You return the mean square of the length. Take the root of it at the end."),
        Misconception(
            _factor_outside_the_root,
            "Your factor (n - B) / (n - 1) stands outside the root. It belongs to the mean square: multiply first, and "
            "take the root of everything.",
        ),
        Misconception(
            _corrected_twice,
            "Your spread is divided by n - 1 (`ddof=1`), and then the factor (n - B) / (n - 1) has it once more. The "
            "spread of the formula is a plain mean over the n rows.",
        ),
        Misconception(
            _first_rows_only,
            "You took one batch, the first rows, and measured how far off it is. The root mean square over all batches "
            "that could be drawn is asked for: use the formula.",
        ),
        Misconception(
            _falls_with_the_batch,
            "Your noise falls like 1 / B. It is the mean square that falls so; its root falls like 1 / sqrt(B).",
        ),
        Misconception(
            _averaged_over_the_entries,
            "Your number is the noise of one entry of the gradient. The length of a vector adds up the squares of all "
            "its entries: sum over the columns.",
        ),
        Misconception(
            _about_zero,
            "You measure how far the rows lie from 0. The noise is how far they lie from their mean.",
        ),
        Misconception(
            _added_over_the_rows,
            "Your number grows with the number of examples. The spread is a mean over the rows, not a sum.",
        ),
    ),
    hints=(
        "First the spread of single rows about their mean: the mean of the squared lengths.",
        "Divide the mean square by B, multiply by (n - B) / (n - 1), and take the root.",
    ),
)


def accumulate(gradients, sizes):
    """The gradient of all examples, from the gradients of batches.

    gradients has shape (k, d): row j is the gradient of batch j's mean
    loss. sizes (k,) says how many examples each batch had, a whole
    number from 1 on. Returns the gradient (d,) of the mean loss over
    all examples together. The arguments stay as they are.
    """
    return sizes @ gradients / sizes.sum()


def _accumulate_in_a_loop(gradients, sizes):
    total, seen = np.zeros(gradients.shape[1]), 0
    for gradient, size in zip(gradients, sizes, strict=True):
        total += size * gradient
        seen += size
    return total / seen


def _accumulate_with_average(gradients, sizes):
    return np.average(gradients, axis=0, weights=sizes)


def _accumulate_as_a_running_mean(gradients, sizes):
    mean, seen = 0.0, 0
    for gradient, size in zip(gradients, sizes, strict=True):
        seen += size
        mean = mean + (gradient - mean) * (size / seen)
    return mean


def _plain_average(gradients, sizes):
    return gradients.mean(axis=0)


def _plain_sum(gradients, sizes):
    return gradients.sum(axis=0)


def _weighted_but_not_divided(gradients, sizes):
    return sizes @ gradients


def _divided_by_the_batches(gradients, sizes):
    return sizes @ gradients / len(sizes)


def _sum_over_all_examples(gradients, sizes):
    return gradients.sum(axis=0) / sizes.sum()


def _weighted_the_wrong_way(gradients, sizes):
    return np.average(gradients, axis=0, weights=1 / sizes)


def _added_into_the_first(gradients, sizes):
    total = gradients[0]
    total *= sizes[0]
    for gradient, size in zip(gradients[1:], sizes[1:], strict=True):
        total += size * gradient
    return total / sizes.sum()


ACCUMULATE = Exercise(
    id="accumulate-gradients",
    chapter=CHAPTER,
    title="Add gradients up",
    reference=accumulate,
    difficulty=2,
    checks=(
        Check(
            "batches of equal size",
            1,
            lambda rng: [
                (np.array([[1.0, -2.0, 0.5], [3.0, 0.0, 1.5]]), np.array([4, 4])),
                (rng.normal(size=(5, 4)), np.full(5, 32)),
            ],
        ),
        Check(
            "batches of unequal size",
            2,
            lambda rng: [
                (np.array([[1.0, -2.0, 0.5], [3.0, 0.0, 1.5]]), np.array([3, 1])),
                (rng.normal(size=(15, 3)), np.array([32] * 14 + [7])),
                (rng.normal(size=(4, 6)), rng.integers(2, 60, 4)),
            ],
        ),
    ),
    alternatives=(_accumulate_in_a_loop, _accumulate_with_average, _accumulate_as_a_running_mean),
    misconceptions=(
        Misconception(
            _plain_average,
            "Your answer is right for equal batches only: the small batch counts as much as a full one. Weight each "
            "batch by its size.",
        ),
        Misconception(
            _plain_sum,
            "You add the gradients of the batches. Each of them is a mean already, and the answer has to be one too.",
        ),
        Misconception(
            _weighted_but_not_divided,
            "Your answer is the gradient of the summed loss, too large by the number of examples. Divide by it.",
        ),
        Misconception(
            _divided_by_the_batches,
            "The sum is weighted as it should be, but divided by the number of batches. It holds the gradients of all "
            "examples: divide by their number.",
        ),
        Misconception(
            _sum_over_all_examples,
            "You divide by the number of examples, but each batch was added only once. Multiply by its size first.",
        ),
        Misconception(
            _weighted_the_wrong_way,
            "Your small batches count most. The weight of a batch is its size, not one over it.",
        ),
        Misconception(
            _added_into_the_first,
            "The answer is right, but the caller's first gradient is overwritten by it. `total = gradients[0]` is a "
            "view: start from a new array.",
        ),
    ),
    hints=(
        "Turn each mean back into a sum over its examples. How many were there?",
        "Add up size times gradient, and divide by the number of all examples.",
    ),
)


def train(x, y, w, b, learning_rate, batch_size, orders):
    """Train a linear neuron, y_hat = x @ w + b, in mini-batches.

    x has shape (n, d), y (n,), w (d,); b and learning_rate are
    numbers; all stay as they are. orders has shape (epochs, n): row e
    holds the row numbers in the order in which epoch e goes through
    them, batch_size at a time; the last batch of a pass may be
    smaller. Each batch makes one step against the gradient of its mean
    squared error, which is 2 x^T error / m for w and the mean of 2
    error for b, with error = y_hat - y on the m rows of the batch.
    Returns the new w (d,), the new b, and the loss of each epoch
    (epochs,): the mean of the squared errors of all n rows, each as it
    was when its batch came, before that batch's step.
    """
    losses = []
    for order in orders:
        total = 0.0
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            error = x[rows] @ w + b - y[rows]
            total += np.sum(error**2)
            w = w - learning_rate * 2 * x[rows].T @ error / len(rows)
            b = b - learning_rate * 2 * error.mean()
        losses.append(total / len(x))
    return w, b, np.array(losses)


def _train_with_one_vector(x, y, w, b, learning_rate, batch_size, orders):
    extended = np.column_stack([x, np.ones(len(x))])
    parameters = np.append(w, b)
    losses = np.zeros(len(orders))
    for epoch, order in enumerate(orders):
        met = []
        for rows in np.split(order, range(batch_size, len(order), batch_size)):
            error = extended[rows] @ parameters - y[rows]
            met.extend(error**2)
            parameters = parameters - learning_rate * np.mean(2 * error[:, None] * extended[rows], axis=0)
        losses[epoch] = np.mean(met)
    return parameters[:-1], parameters[-1], losses


def _train_with_weighted_means(x, y, w, b, learning_rate, batch_size, orders):
    w, b, n = w.copy(), float(b), len(y)
    losses = []
    for order in orders:
        shuffled_x, shuffled_y, loss = x[order], y[order], 0
        while len(shuffled_y):
            batch, shuffled_x = shuffled_x[:batch_size], shuffled_x[batch_size:]
            target, shuffled_y = shuffled_y[:batch_size], shuffled_y[batch_size:]
            error = batch @ w + b - target
            loss += np.mean(error**2) * len(error) / n
            w -= learning_rate * 2 / len(error) * (error @ batch)
            b -= learning_rate * 2 / len(error) * sum(error)
        losses.append(loss)
    return w, b, losses


def _loop(x, y, w, b, rate, batch_size, orders, *, size=len, drop=False, report="met", target_rows=True, fresh=False):
    """The loop that most of the misconceptions below share, each with one thing changed."""
    first, losses = (w, b), []
    for order in orders:
        met, counts = [], []
        if fresh:
            w, b = first
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            if drop and len(rows) < batch_size:
                continue
            targets = y[rows] if target_rows else y[start : start + batch_size]
            error = x[rows] @ w + b - targets
            met.append(np.mean(error**2))
            counts.append(len(rows))
            w = w - rate * 2 * x[rows].T @ error / size(rows)
            b = b - rate * 2 * error.sum() / size(rows)
        if report == "met":
            losses.append(np.average(met, weights=counts))
        elif report == "plain":
            losses.append(np.mean(met))
        elif report == "last":
            losses.append(met[-1])
        else:
            losses.append(np.mean((x @ w + b - y) ** 2))
    return w, b, np.array(losses)


def _last_batch_reported(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, report="last")


def _batches_averaged_alike(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, report="plain")


def _loss_after_the_epoch(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, report="after")


def _divided_by_the_full_batch(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, size=lambda rows: batch_size)


def _divided_by_all_rows(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, size=lambda rows: len(x))


def _not_averaged(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, size=lambda rows: 1)


def _rest_of_the_pass_dropped(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, drop=True)


def _targets_in_the_old_order(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, target_rows=False)


def _started_again_each_epoch(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, orders, fresh=True)


def _order_ignored(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, batch_size, np.tile(np.arange(len(x)), (len(orders), 1)))


def _one_update_an_epoch(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate, len(x), orders)


def _weights_changed_in_place(x, y, w, b, learning_rate, batch_size, orders):
    new_w, b, losses = _loop(x, y, w, b, learning_rate, batch_size, orders)
    w[:] = new_w
    return w, b, losses


def _bias_from_the_new_weights(x, y, w, b, learning_rate, batch_size, orders):
    losses = []
    for order in orders:
        total = 0.0
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            error = x[rows] @ w + b - y[rows]
            total += np.sum(error**2)
            w = w - learning_rate * 2 * x[rows].T @ error / len(rows)
            b = b - learning_rate * 2 * np.mean(x[rows] @ w + b - y[rows])
        losses.append(total / len(x))
    return w, b, np.array(losses)


def _factor_two_forgotten(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, learning_rate / 2, batch_size, orders)


def _uphill(x, y, w, b, learning_rate, batch_size, orders):
    return _loop(x, y, w, b, -learning_rate, batch_size, orders)


def _bias_left_behind(x, y, w, b, learning_rate, batch_size, orders):
    losses = []
    for order in orders:
        total = 0.0
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            error = x[rows] @ w + b - y[rows]
            total += np.sum(error**2)
            w = w - learning_rate * 2 * x[rows].T @ error / len(rows)
        losses.append(total / len(x))
    return w, b, np.array(losses)


def _loss_after_each_step(x, y, w, b, learning_rate, batch_size, orders):
    losses = []
    for order in orders:
        total = 0.0
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            error = x[rows] @ w + b - y[rows]
            w = w - learning_rate * 2 * x[rows].T @ error / len(rows)
            b = b - learning_rate * 2 * error.mean()
            total += np.sum((x[rows] @ w + b - y[rows]) ** 2)
        losses.append(total / len(x))
    return w, b, np.array(losses)


def _problem(rng, n, d, epochs):
    x = rng.normal(size=(n, d))
    y = x @ rng.normal(size=d) + 1 + 0.3 * rng.normal(size=n)
    orders = np.array([rng.permutation(n) for _ in range(epochs)])
    return x, y, rng.normal(size=d), 0.5, orders


def _case(rng, n, d, batch_size, epochs, learning_rate):
    x, y, w, b, orders = _problem(rng, n, d, epochs)
    return x, y, w, b, learning_rate, batch_size, orders


TRAINING_LOOP = Exercise(
    id="training-loop",
    chapter=CHAPTER,
    title="The training loop",
    reference=train,
    returns=("w", "b", "losses"),
    difficulty=3,
    checks=(
        Check(
            "one epoch, batches that come out even",
            2,
            lambda rng: [
                (
                    np.array([[1.0], [2.0], [-1.0], [0.5]]),
                    np.array([1.0, 2.5, -2.0, 0.0]),
                    np.array([0.5]),
                    0.25,
                    0.1,
                    2,
                    np.array([[2, 0, 3, 1]]),
                ),
                _case(rng, 12, 2, 4, 1, 0.05),
            ],
        ),
        Check("several epochs", 2, lambda rng: [_case(rng, 12, 3, 4, 3, 0.05), _case(rng, 20, 2, 5, 4, 0.1)]),
        Check(
            "a batch that is left over", 2, lambda rng: [_case(rng, 11, 2, 4, 3, 0.05), _case(rng, 5, 2, 32, 3, 0.1)]
        ),
    ),
    alternatives=(_train_with_one_vector, _train_with_weighted_means),
    misconceptions=(
        Misconception(
            _last_batch_reported,
            "The weights are right, but your loss of an epoch is that of its last batch alone. Add up the squared "
            "errors of all batches, and divide by n at the end of the pass.",
        ),
        Misconception(
            _batches_averaged_alike,
            "The weights are right, and the losses go wrong as soon as a batch is left over: it counts as much as a "
            "full one. Add up squared errors, and divide by n.",
        ),
        Misconception(
            _loss_after_the_epoch,
            "The weights are right, but your loss is measured with the weights of the end. It is to be collected on "
            "the way, from the errors that each step is made of.",
        ),
        Misconception(
            _loss_after_each_step,
            "The weights are right, but you ask each batch for its loss after its own step. Take the error from which "
            "the step is made: it is there already, and it is how the rows were met.",
        ),
        Misconception(
            _factor_two_forgotten,
            "Your steps are half as long as they should be. The loss is error squared: its slope is twice the error.",
        ),
        Misconception(
            _uphill,
            "Your weights go up the hill: the first step already leads to a higher loss. Subtract the gradient.",
        ),
        Misconception(
            _bias_left_behind,
            "Your b stays where it was. It is a parameter like the others: move it against the mean of 2 error.",
        ),
        Misconception(
            _divided_by_the_full_batch,
            "Your step is too small where a batch is left over. Divide by the rows that are in it, `len(rows)`, not by "
            "batch_size.",
        ),
        Misconception(
            _divided_by_all_rows,
            "Your steps are too small: you average the gradient over n, but only the rows of the batch are in it.",
        ),
        Misconception(
            _not_averaged,
            "Your steps are too large: the gradient is summed over the batch. The loss is a mean, so its gradient is "
            "one too.",
        ),
        Misconception(
            _rest_of_the_pass_dropped,
            "The rows that fill no whole batch never take part in your training. Make a step with them too.",
        ),
        Misconception(
            _targets_in_the_old_order,
            "Already your first step goes elsewhere: x is taken in the order of the epoch and y as it lies. Take both "
            "with the same `rows`.",
        ),
        Misconception(
            _started_again_each_epoch,
            "Every epoch of yours begins with the weights of the start, so nothing is kept. Set them before the loop.",
        ),
        Misconception(
            _order_ignored,
            "Your batches come in the order in which the rows lie. Each epoch has its own, in `orders`.",
        ),
        Misconception(
            _one_update_an_epoch,
            "You make one step an epoch, on all rows. The step belongs into the inner loop, once for each batch.",
        ),
        Misconception(
            _weights_changed_in_place,
            "All numbers are right, but the caller's w is changed: `w -= ...` and `w[:] = ...` write into the array "
            "that came in. Use `w = w - ...`, or copy first.",
        ),
        Misconception(
            _bias_from_the_new_weights,
            "Your w is right after one step and b is not: its slope was taken after w had moved. Compute both slopes "
            "from one error, then move both.",
        ),
    ),
    hints=(
        "Two loops: `for order in orders`, and inside it `for start in range(0, len(x), batch_size)`.",
        "The rows of a batch are `order[start : start + batch_size]`; take x and y with them.",
        "Compute error once. Its squares go into the loss, and it gives the slope for w and the slope for b.",
    ),
)


EXERCISES = (COUNT_UPDATES, DEAL, TRAINING_LOOP, BATCH_NOISE, ACCUMULATE)

QUIZ = (
    Question(
        "Which of these changes the weights of a network?",
        (
            Choice(
                "The forward pass",
                False,
                "It computes the answers with the weights as they are.",
            ),
            Choice(
                "The backward pass, beginning with those of the last layer",
                False,
                "It computes for each weight how the loss would change. The weights themselves stay where they are.",
            ),
            Choice(
                "The optimizer's step",
                True,
                "Forward, loss and backward only measure. The step takes the gradient and moves all weights at once.",
            ),
        ),
    ),
    Question(
        "A network learns from 1000 rows in batches of 32, for 3 epochs. How many updates does it make?",
        (
            Choice(
                "96",
                True,
                "31 full batches and one of 8 rows make 32 updates a pass, three times.",
            ),
            Choice(
                "93",
                False,
                "This leaves out the last batch of each pass, the one with 8 rows.",
            ),
            Choice(
                "94",
                False,
                "This rounds 3000 / 32 up once. Each pass ends with a batch of its own, so round up first.",
            ),
            Choice(
                "3000",
                False,
                "This is the number of rows that are seen. Thirty-two of them share an update.",
            ),
        ),
    ),
    Question(
        "You make the batch four times as large, far below the size of the whole set. What happens to the noise of its "
        "gradient?",
        (
            Choice(
                "It falls to about a quarter",
                False,
                "A quarter is what happens to its mean square. The length is the root of that.",
            ),
            Choice(
                "It falls to about a half",
                True,
                "It falls with one over the root of the batch size, while the work for an update grows fourfold.",
            ),
            Choice(
                "It stays as it was, because the rows are as noisy as before",
                False,
                "The rows are, but in a mean of many their deviations cancel in part.",
            ),
        ),
    ),
    Question(
        "You go from batches of 32 to batches of 1000, with the same rate and the same number of epochs, and the "
        "training loss is much higher. What is the first thing to suspect?",
        (
            Choice(
                "Large batches overfit",
                False,
                "Overfitting lowers the training loss. Here it is high.",
            ),
            Choice(
                "Large batches get stuck in bad minima, from which the noise of small ones would have freed you",
                False,
                "Nothing here shows a minimum. Compare after the same number of updates before you say so.",
            ),
            Choice(
                "The gradient of a large batch is less exact",
                False,
                "It is more exact: the noise falls with the size of the batch.",
            ),
            Choice(
                "There were far fewer updates",
                True,
                "With as many epochs, a batch thirty times as large makes thirty times fewer steps of the same rate.",
            ),
        ),
    ),
    Question(
        "After its first epoch `fit` reports a loss of 2.1 on the training rows and 1.8 on rows held back. How can the "
        "network be better on rows that it has not seen?",
        (
            Choice(
                "The training loss is a mean over the epoch, while it was learning",
                True,
                "The first batches met the untrained network. The held-back rows were asked after the last step.",
            ),
            Choice(
                "The rows held back must be among the training rows too",
                False,
                "That would be a mistake to look for, but this pattern does not show it: it appears with clean data.",
            ),
            Choice(
                "It has overfitted",
                False,
                "Then it would be the other way round: better on the rows that it has learned from.",
            ),
        ),
    ),
    Question(
        "How do you choose the number of epochs?",
        (
            Choice(
                "Until the training loss no longer falls",
                False,
                "On noisy targets the training loss goes on falling while the network gets worse on new rows.",
            ),
            Choice(
                "Few, because many epochs overfit",
                False,
                "On the clean digits of this chapter eighty passes did almost no harm. It depends on the data.",
            ),
            Choice(
                "By looking at rows that were held back",
                True,
                "Only they can tell whether the next pass helps on new rows.",
            ),
        ),
    ),
)
