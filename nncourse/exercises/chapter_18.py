"""Chapter 18, capstone: slopes through two convolutions, mistakes worth a look, folds by writer, a reader of digits."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "capstone-digits"


def two_convolutions(x, y, W1, b1, W2, b2, W3, b3):
    """The loss of a network with two convolutions, and its slopes.

    x has shape (n, height, width, c), y (n,) holds the numbers of the
    classes, from 0 on. The filters W1 (k, k, c, m1) slide pixel by pixel,
    without a frame, and h1 is relu of their maps and biases b1 (m1,). The
    filters W2 (k, k, m1, m2) do the same to h1, with b2 (m2,), and make h2.
    The mean of each map of h2 over all its places goes to the scores, by
    W3 (m2, K) and b3 (K,). Softmax; the loss is the mean cross-entropy.
    Returns the loss and its slopes in W1, b1, W2, b2, W3, b3.
    """
    view = np.lib.stride_tricks.sliding_window_view
    first = view(x, W1.shape[:2], axis=(1, 2))  # (n, u, v, c, r, s)
    h1 = np.maximum(np.einsum("nuvcrs,rscm->nuvm", first, W1) + b1, 0)
    second = view(h1, W2.shape[:2], axis=(1, 2))
    h2 = np.maximum(np.einsum("nuvcrs,rscm->nuvm", second, W2) + b2, 0)
    means = h2.mean(axis=(1, 2))
    z = means @ W3 + b3
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(len(y)), y]))
    d3 = (p - np.eye(len(b3))[y]) / len(y)
    down, across = h2.shape[1:3]
    d2 = (d3 @ W3.T)[:, None, None, :] / (down * across) * (h2 > 0)
    dh1 = np.zeros(h1.shape)
    for r in range(len(W2)):
        for s in range(len(W2)):
            dh1[:, r : r + down, s : s + across] += d2 @ W2[r, s].T
    d1 = dh1 * (h1 > 0)
    dW1 = np.einsum("nuvm,nuvcrs->rscm", d1, first)
    dW2 = np.einsum("nuvm,nuvcrs->rscm", d2, second)
    return loss, dW1, d1.sum(axis=(0, 1, 2)), dW2, d2.sum(axis=(0, 1, 2)), means.T @ d3, d3.sum(axis=0)


def _rows_of(maps, k):
    view = np.lib.stride_tricks.sliding_window_view(maps, (k, k), axis=(1, 2))
    return view.transpose(0, 1, 2, 4, 5, 3).reshape(*view.shape[:3], -1)  # (n, u, v, k * k * c)


def _stamped(d2, W2):
    """What the second convolution sends back: each delta stamps the filters onto the maps."""
    k, _, _, m2 = W2.shape
    framed = np.pad(d2, ((0, 0), (k - 1, k - 1), (k - 1, k - 1), (0, 0)))
    turned = W2[::-1, ::-1].transpose(0, 1, 3, 2)  # (k, k, m2, m1)
    return _rows_of(framed, k) @ turned.reshape(k * k * m2, -1)


def _learned(
    x,
    y,
    W1,
    b1,
    W2,
    b2,
    W3,
    b3,
    *,
    back=_stamped,
    masks=(True, True),
    per_place=True,
    per_example=True,
    twice=False,
    summed=False,
):
    """The network in matrix products; the keywords are the ways to get it wrong."""
    rows1 = _rows_of(x, len(W1))
    h1 = np.maximum(rows1 @ W1.reshape(-1, len(b1)) + b1, 0)
    rows2 = _rows_of(h1, len(W2))
    h2 = np.maximum(rows2 @ W2.reshape(-1, len(b2)) + b2, 0)
    places = h2.shape[1] * h2.shape[2]
    means = h2.sum(axis=(1, 2)) / places
    z = means @ W3 + b3
    log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
    p, costs = np.exp(log_p), -log_p[np.arange(len(y)), y]
    d3 = p.copy()
    d3[np.arange(len(y)), y] -= 1
    if twice:
        d3 = p * (d3 - np.sum(p * d3, axis=1, keepdims=True))
    if per_example:
        d3 = d3 / len(y)
    d2 = np.broadcast_to((d3 @ W3.T)[:, None, None], h2.shape) / (places if per_place else 1)
    d2 = d2 * (h2 > 0) if masks[1] else d2
    d1 = back(d2, W2)
    d1 = d1 * (h1 > 0) if masks[0] else d1
    dW1 = np.tensordot(rows1, d1, ((0, 1, 2), (0, 1, 2))).reshape(W1.shape)
    dW2 = np.tensordot(rows2, d2, ((0, 1, 2), (0, 1, 2))).reshape(W2.shape)
    loss = costs.sum() if summed else costs.mean()
    return loss, dW1, d1.sum(axis=(0, 1, 2)), dW2, d2.sum(axis=(0, 1, 2)), means.T @ d3, d3.sum(axis=0)


def _in_products(x, y, W1, b1, W2, b2, W3, b3):
    return _learned(x, y, W1, b1, W2, b2, W3, b3)


def _example_by_example(x, y, W1, b1, W2, b2, W3, b3):
    total = None
    for one, label in zip(x, y, strict=True):
        parts = _learned(one[None], np.array([label]), W1, b1, W2, b2, W3, b3)
        total = parts if total is None else [a + part for a, part in zip(total, parts, strict=True)]
    return tuple(a / len(y) for a in total)


def _filters_not_turned(x, y, W1, b1, W2, b2, W3, b3):
    def back(d2, W2):
        return _stamped(d2, W2[::-1, ::-1])

    return _learned(x, y, W1, b1, W2, b2, W3, b3, back=back)


def _last_stamp_wins(x, y, W1, b1, W2, b2, W3, b3):
    def back(d2, W2):
        _, down, across, _ = d2.shape
        k = len(W2)
        dh1 = np.zeros((len(d2), down + k - 1, across + k - 1, W2.shape[2]))
        for r in range(k):
            for s in range(k):
                dh1[:, r : r + down, s : s + across] = d2 @ W2[r, s].T
        return dh1

    return _learned(x, y, W1, b1, W2, b2, W3, b3, back=back)


def _first_relu_forgotten(x, y, W1, b1, W2, b2, W3, b3):
    return _learned(x, y, W1, b1, W2, b2, W3, b3, masks=(False, True))


def _second_relu_forgotten(x, y, W1, b1, W2, b2, W3, b3):
    return _learned(x, y, W1, b1, W2, b2, W3, b3, masks=(True, False))


def _mean_sent_back_in_full(x, y, W1, b1, W2, b2, W3, b3):
    return _learned(x, y, W1, b1, W2, b2, W3, b3, per_place=False)


def _slopes_of_the_sum(x, y, W1, b1, W2, b2, W3, b3):
    return _learned(x, y, W1, b1, W2, b2, W3, b3, per_example=False)


def _softmax_twice(x, y, W1, b1, W2, b2, W3, b3):
    return _learned(x, y, W1, b1, W2, b2, W3, b3, twice=True)


def _loss_summed(x, y, W1, b1, W2, b2, W3, b3):
    return _learned(x, y, W1, b1, W2, b2, W3, b3, summed=True)


def _deep(rng, n, height, width, sizes, k):
    c, m1, m2, classes = sizes
    return (
        rng.normal(size=(n, height, width, c)),
        rng.permutation(n) % classes,
        rng.normal(size=(k, k, c, m1)),
        rng.normal(size=m1),
        rng.normal(size=(k, k, m1, m2)) / k,
        rng.normal(size=m2) + 1,
        rng.normal(size=(m2, classes)),
        rng.normal(size=classes),
    )


TWO_CONVOLUTIONS = Exercise(
    id="two-convolutions",
    chapter=CHAPTER,
    title="Slopes through two convolutions",
    reference=two_convolutions,
    returns=("loss", "dW1", "db1", "dW2", "db2", "dW3", "db3"),
    difficulty=3,
    checks=(
        Check(
            "grey pictures",
            3,
            lambda rng: [_deep(rng, 3, 5, 5, (1, 2, 3, 3), 2), _deep(rng, 4, 7, 6, (1, 3, 2, 4), 3)],
        ),
        Check(
            "pictures with channels",
            3,
            lambda rng: [_deep(rng, 2, 6, 5, (3, 4, 2, 2), 2), _deep(rng, 5, 7, 8, (2, 3, 4, 5), 3)],
        ),
    ),
    alternatives=(_in_products, _example_by_example),
    misconceptions=(
        Misconception(
            _filters_not_turned,
            "Your dW2 is right and your dW1 is not: between the two, the filters W2 lie the wrong way round. Weight "
            "(r, s) of a window at (u, v) met entry (u + r, v + s), and to that entry its delta goes back.",
        ),
        Misconception(
            _last_stamp_wins,
            "Your dW2 is right and your dW1 is too small. Several windows saw each entry of h1, so add up what they "
            "send: += instead of =.",
        ),
        Misconception(
            _first_relu_forgotten,
            "Your dW2 is right and your dW1 is not: where h1 is 0, nothing goes further back. Multiply by h1 > 0.",
        ),
        Misconception(
            _second_relu_forgotten,
            "Your dW3 is right and your dW2 is not: where h2 is 0, nothing goes further back. Multiply by h2 > 0.",
        ),
        Misconception(
            _mean_sent_back_in_full,
            "Your dW3 is right; what comes before is too large by the number of places. A single place moves the mean "
            "by only so small a part.",
        ),
        Misconception(
            _slopes_of_the_sum,
            "All your slopes are too large by the number of pictures. The loss is a mean, so each picture counts for "
            "1 / n of it.",
        ),
        Misconception(
            _softmax_twice,
            "Your loss is right and no slope is: what arrives at the scores went through the softmax once more. With "
            "the cross-entropy its slope has cancelled, and p - y is all.",
        ),
        Misconception(
            _loss_summed,
            "Your slopes are right, and your loss is a sum over the pictures. The mean is asked for.",
        ),
    ),
    hints=(
        "Five steps back: the scores, the means, relu, the second convolution, relu. Each is the line of the way "
        "forward, undone.",
        "Each place gets the slope of the mean, divided by the number of places.",
        "For each (r, s) of a window: dh1[:, r:r + down, s:s + across] += d2 @ W2[r, s].T, where (down, across) are "
        "the places of h2.",
    ),
)


def most_confused(y, y_hat, classes):
    """Count who was read as what, and find the pair that is confused most.

    y (n,) holds what was written, y_hat (n,) what was read, both as numbers
    of classes, from 0 to classes - 1. Returns the counts, shape (classes,
    classes), with a row for what was written and a column for what was
    read; and the two different classes written and read for which the share
    of the written that was read so is largest. A class that was never
    written has the share 0. Of several pairs: the smallest written, then
    the smallest read.
    """
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (y, y_hat), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, -1)
    written, read = divmod(int(shares.argmax()), classes)
    return counts, written, read


def _counts_in_loops(y, y_hat, classes):
    counts = [[0] * classes for _ in range(classes)]
    for written, read in zip(y, y_hat, strict=True):
        counts[written][read] += 1
    best, pair = -1.0, (0, 0)
    for i in range(classes):
        for j in range(classes):
            share = counts[i][j] / sum(counts[i]) if sum(counts[i]) else 0.0
            if i != j and share > best:
                best, pair = share, (i, j)
    return np.array(counts), *pair


def _table(y, y_hat, classes):
    return np.bincount(classes * y + y_hat, minlength=classes**2).reshape(classes, classes)


def _counts_by_number(y, y_hat, classes):
    counts = _table(y, y_hat, classes)
    written = np.arange(classes)
    shares = np.where(written[:, None] == written, -1.0, counts / np.maximum(counts.sum(axis=1), 1)[:, None])
    return counts, *np.unravel_index(np.argmax(shares), shares.shape)


def _rows_and_columns_exchanged(y, y_hat, classes):
    return most_confused(y_hat, y, classes)


def _largest_count(y, y_hat, classes):
    counts = _table(y, y_hat, classes)
    off = counts - np.diag(np.diag(counts))
    return counts, *divmod(int(off.argmax()), classes)


def _share_of_the_read(y, y_hat, classes):
    counts = _table(y, y_hat, classes)
    shares = counts / np.maximum(counts.sum(axis=0), 1)
    np.fill_diagonal(shares, -1)
    return counts, *divmod(int(shares.argmax()), classes)


def _diagonal_left_in(y, y_hat, classes):
    counts = _table(y, y_hat, classes)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return counts, *divmod(int(shares.argmax()), classes)


def _both_ways_together(y, y_hat, classes):
    counts = _table(y, y_hat, classes)
    both = np.triu(counts + counts.T, 1)
    return counts, *divmod(int(both.argmax()), classes)


def _last_of_several(y, y_hat, classes):
    counts = _table(y, y_hat, classes)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, -1)
    return counts, *divmod(classes**2 - 1 - int(shares.ravel()[::-1].argmax()), classes)


def _each_pair_once(y, y_hat, classes):
    counts = np.zeros((classes, classes), dtype=int)
    counts[y, y_hat] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, -1)
    return counts, *divmod(int(shares.argmax()), classes)


def _from_table(counts, rng):
    counts = np.array(counts)
    written, read = np.nonzero(counts)
    times = counts[written, read]
    order = rng.permutation(times.sum())
    return np.repeat(written, times)[order], np.repeat(read, times)[order], len(counts)


def _uneven(rng):
    """A table in which the largest count, the largest share and the largest column share are different pairs."""
    base = np.diag([90, 12, 60, 30]) + rng.integers(0, 2, size=(4, 4)) * (1 - np.eye(4, dtype=int))
    base[0, 2] += 9  # most often
    base[1, 3] += 5  # the largest share of what was written
    base[2, 1] += 8  # the largest share of what was read
    return base


MOST_CONFUSED = Exercise(
    id="most-confused",
    chapter=CHAPTER,
    title="The pair that is confused most",
    reference=most_confused,
    returns=("counts", "written", "read"),
    difficulty=1,
    checks=(
        Check("the counts and the pair", 2, lambda rng: [_from_table(_uneven(rng), rng) for _ in range(3)]),
        Check(
            "ties, and classes that were never written",
            1,
            lambda rng: [
                _from_table([[6, 2, 0], [1, 3, 0], [0, 1, 3]], rng),
                _from_table([[4, 0, 1, 0], [0, 0, 0, 0], [2, 0, 8, 0], [0, 1, 0, 4]], rng),
                _from_table([[5, 0, 0], [0, 0, 0], [0, 0, 7]], rng),
                _from_table([[2, 3, 0], [1, 0, 0], [0, 1, 8]], rng),
            ],
        ),
    ),
    alternatives=(_counts_in_loops, _counts_by_number),
    misconceptions=(
        Misconception(
            _each_pair_once,
            "No count of yours is above 1. counts[y, y_hat] += 1 adds once for a pair that comes up several times; "
            "np.add.at adds each time.",
        ),
        Misconception(
            _rows_and_columns_exchanged,
            "Rows and columns of your table are exchanged. What was written is the row, what was read the column.",
        ),
        Misconception(
            _largest_count,
            "Your pair has the largest count. Where a class is frequent, its counts are large too: divide each row by "
            "how often its class was written.",
        ),
        Misconception(
            _share_of_the_read,
            "You divide by how often a class was read. The share of the written is asked for: divide each row by its "
            "own sum.",
        ),
        Misconception(
            _diagonal_left_in,
            "Your pair is a class and itself. That is no confusion: leave the diagonal out.",
        ),
        Misconception(
            _both_ways_together,
            "You add up both ways. That 9 is read as 3 does not say that 3 is read as 9; keep them apart.",
        ),
        Misconception(
            _last_of_several,
            "Where several pairs share the first place you take the last. The smallest written is asked for, then the "
            "smallest read: what argmax finds.",
        ),
    ),
    hints=(
        "`np.add.at(counts, (y, y_hat), 1)` counts; so does a loop.",
        "Divide each row by its sum, put something below 0 on the diagonal, and `argmax` finds the place. "
        "divmod(place, classes) turns it into row and column.",
    ),
)


def surest_mistakes(p, y, count):
    """The mistakes of which a network was surest.

    p has shape (n, K): for each of n examples the probabilities of the K
    classes, as a softmax gives them. The class with the largest is what the
    network says; no two are equal. y (n,) holds the true classes. Returns
    the numbers of the rows, from 0 on, in which what it says is wrong: the
    surest first, and of equally sure ones the earlier. If there are more
    than count of them, the first count.
    """
    said = p.argmax(axis=1)
    wrong = np.flatnonzero(said != y)
    order = np.argsort(-p[wrong, said[wrong]], kind="stable")
    return wrong[order][:count]


def _sorted_in_python(p, y, count):
    mistakes = [(-max(row), i) for i, row in enumerate(p.tolist()) if row.index(max(row)) != y[i]]
    return np.array([i for _, i in sorted(mistakes)[:count]], dtype=int)


def _one_after_the_other(p, y, count):
    sure = np.where(p.argmax(axis=1) != y, p.max(axis=1), -1.0)
    found = []
    while len(found) < count and sure.max() >= 0:
        found.append(int(sure.argmax()))
        sure[found[-1]] = -1
    return np.array(found, dtype=int)


def _right_ones_too(p, y, count):
    return np.argsort(-p.max(axis=1), kind="stable")[: min(count, np.sum(p.argmax(axis=1) != y))]


def _least_sure_first(p, y, count):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(p[wrong].max(axis=1), kind="stable")][:count]


def _true_class_least_likely(p, y, count):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(p[wrong, y[wrong]], kind="stable")][:count]


def _numbered_among_the_wrong(p, y, count):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return np.argsort(-p[wrong].max(axis=1), kind="stable")[:count]


def _in_order_of_the_rows(p, y, count):
    return np.flatnonzero(p.argmax(axis=1) != y)[:count]


def _later_of_equals(p, y, count):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)[::-1]
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:count]


def _sure_instead_of_where(p, y, count):
    wrong = p.argmax(axis=1) != y
    return -np.sort(-p[wrong].max(axis=1))[:count]


def _answers(rng, n, classes, tie=False):
    p = rng.dirichlet(np.full(classes, 0.6), size=n)
    y = np.where(rng.random(n) < 0.4, p.argmax(axis=1), rng.integers(classes, size=n))
    y[: n // 3] = p[: n // 3].argsort(axis=1)[:, -2]  # certainly wrong, with a true class that is likely
    y[-3:] = p[-3:].argmax(axis=1)
    p[-3:] = 0.001 * p[-3:] + 0.999 * (p[-3:] == p[-3:].max(axis=1, keepdims=True))  # right, and surest of all
    p = p / p.sum(axis=1, keepdims=True)
    if tie:
        p[1], p[2] = np.sort(p[0]), np.sort(p[0])
        p[0] = p[1]
        y[:3] = 0
    return p, y


def _many_ties(n):
    """Mistakes of few different certainties, so many that a sort which only seems stable gives itself away."""
    sure = np.resize([0.6, 0.7, 0.8, 0.7], n)
    return np.column_stack([1 - sure, sure]), np.zeros(n, dtype=int), 15


SUREST_MISTAKES = Exercise(
    id="surest-mistakes",
    chapter=CHAPTER,
    title="The mistakes to look at first",
    reference=surest_mistakes,
    difficulty=1,
    checks=(
        Check(
            "more mistakes than asked for",
            2,
            lambda rng: [(*_answers(rng, 20, 4), 4), (*_answers(rng, 30, 3), 6), (*_answers(rng, 24, 5), 1)],
        ),
        Check(
            "fewer mistakes, and equally sure ones",
            1,
            lambda rng: [
                (*_answers(rng, 9, 4), 20),
                (*_answers(rng, 9, 3, tie=True), 15),
                _many_ties(40),
            ],
        ),
    ),
    alternatives=(_sorted_in_python, _one_after_the_other),
    misconceptions=(
        Misconception(
            _right_ones_too,
            "Among your rows are some that the network read rightly. Keep those only in which what it says is not the "
            "true class.",
        ),
        Misconception(
            _least_sure_first,
            "Your order is the other way round: the least sure mistake comes first. argsort counts upwards.",
        ),
        Misconception(
            _true_class_least_likely,
            "You sort by the probability of the true class. How sure it was of its own answer is another number: the "
            "largest of the row.",
        ),
        Misconception(
            _numbered_among_the_wrong,
            "Your numbers count the mistakes, not the rows of p. Use the order to index the numbers of the rows.",
        ),
        Misconception(
            _sure_instead_of_where,
            "You return how sure the network was of its mistakes. The numbers of their rows are asked for: argsort "
            "instead of sort.",
        ),
        Misconception(
            _in_order_of_the_rows,
            "You have found the mistakes and not sorted them. The surest comes first.",
        ),
        Misconception(
            _later_of_equals,
            "Of equally sure mistakes you put the later one first. A stable argsort of the negative numbers keeps the "
            "order of the rows.",
        ),
    ),
    hints=(
        "What the network says is p.argmax(axis=1). Where it differs from y, `np.flatnonzero` gives the rows.",
        'Sort these rows by the largest probability of each: np.argsort(-..., kind="stable").',
    ),
)


def folds_by_writer(writer, folds):
    """Deal rows to folds so that no writer sits in two of them.

    writer (n,) says who wrote each row, as whole numbers; there are at
    least as many writers as folds. The writers are dealt one after another:
    who has more rows comes first, of equals the smaller number. Each goes,
    with all rows, to the fold that has the fewest rows so far; of equals to
    the one with the smaller number. Returns the fold of each row, shape
    (n,), from 0 to folds - 1.
    """
    names, counts = np.unique(writer, return_counts=True)
    rows, fold_of = np.zeros(folds, dtype=int), {}
    for place in np.argsort(-counts, kind="stable"):
        emptiest = int(np.argmin(rows))
        fold_of[names[place]] = emptiest
        rows[emptiest] += counts[place]
    return np.array([fold_of[name] for name in writer])


def _dealt_in_python(writer, folds):
    who = [int(name) for name in writer]
    filled, fold_of = [0] * folds, {}
    for name in sorted(set(who), key=lambda name: (-who.count(name), name)):
        fold_of[name] = min(range(folds), key=lambda fold: (filled[fold], fold))
        filled[fold_of[name]] += who.count(name)
    return [fold_of[name] for name in who]


def _dealt_into_the_answer(writer, folds):
    answer = np.full(len(writer), -1)
    for _ in np.unique(writer):
        names, counts = np.unique(writer[answer < 0], return_counts=True)
        fold = np.bincount(answer[answer >= 0], minlength=folds).argmin()
        answer[writer == names[counts.argmax()]] = fold
    return answer


def _deal(writer, folds, order, weights):
    names, counts = np.unique(writer, return_counts=True)
    filled, fold_of = np.zeros(folds), {}
    for place in order(counts):
        emptiest = int(np.argmin(filled))
        fold_of[names[place]] = emptiest
        filled[emptiest] += weights(counts)[place]
    return np.array([fold_of[name] for name in writer])


def _rows_in_turn(writer, folds):
    return np.arange(len(writer)) % folds


def _writers_in_turn(writer, folds):
    return _deal(writer, folds, lambda counts: range(len(counts)), np.ones_like)


def _as_many_writers_in_each(writer, folds):
    return _deal(writer, folds, lambda counts: np.argsort(-counts, kind="stable"), np.ones_like)


def _smallest_first(writer, folds):
    return _deal(writer, folds, lambda counts: np.argsort(counts, kind="stable"), lambda counts: counts)


def _by_number_only(writer, folds):
    return _deal(writer, folds, lambda counts: range(len(counts)), lambda counts: counts)


def _larger_number_first(writer, folds):
    return _deal(writer, folds, lambda counts: np.argsort(counts, kind="stable")[::-1], lambda counts: counts)


def _blocks_of_the_file(writer, folds):
    return np.arange(len(writer)) * folds // len(writer)


def _hands(rng, counts):
    names = rng.permutation(40)[: len(counts)]
    return rng.permutation(np.repeat(names, counts))


FOLDS_BY_WRITER = Exercise(
    id="folds-by-writer",
    chapter=CHAPTER,
    title="Deal people, not pictures",
    reference=folds_by_writer,
    difficulty=2,
    checks=(
        Check(
            "writers with different numbers of rows",
            2,
            lambda rng: [
                (_hands(rng, rng.permutation([11, 7, 5, 4, 2, 1])), 2),
                (_hands(rng, rng.permutation([16, 9, 8, 6, 5, 3, 2])), 3),
                (_hands(rng, rng.permutation([13, 12, 7, 6, 4, 1])), 3),
            ],
        ),
        Check(
            "equal numbers",
            1,
            lambda rng: [
                (_hands(rng, rng.permutation([4, 4, 3, 3, 2, 2, 2])), 3),
                (_hands(rng, [3, 3, 3, 3, 3]), 2),
                (_hands(rng, [2, 2, 2, 2]), 4),
            ],
        ),
    ),
    alternatives=(_dealt_in_python, _dealt_into_the_answer),
    misconceptions=(
        Misconception(
            _rows_in_turn,
            "You deal rows, so the same writer sits in several folds. Deal writers, each with all rows.",
        ),
        Misconception(
            _blocks_of_the_file,
            "You cut the file into blocks. Rows of one writer need not stand together, and a cut may go through them.",
        ),
        Misconception(
            _writers_in_turn,
            "You deal the writers in turn, like cards. They have different numbers of rows: begin with the largest, "
            "and look which fold has the fewest rows so far.",
        ),
        Misconception(
            _as_many_writers_in_each,
            "Your folds fill up by writers, not by rows. The emptiest fold is the one with the fewest rows.",
        ),
        Misconception(
            _smallest_first,
            "You begin with the smallest writers, and the large ones upset the balance at the end. Largest first.",
        ),
        Misconception(
            _by_number_only,
            "You take the writers by their number. Who has more rows comes first; the number decides among equals.",
        ),
        Misconception(
            _larger_number_first,
            "Among writers with equally many rows you begin with the larger number. Reversing a stable order reverses "
            "its ties; sort by the negative counts.",
        ),
    ),
    hints=(
        "`np.unique(writer, return_counts=True)` gives each writer once, with the number of rows.",
        "Keep the number of rows in each fold. `np.argmin` finds the emptiest, and in a tie the first.",
    ),
)


def read_anywhere(x, y, x_new, seed):
    """Learn to read digits that stand anywhere on a sheet.

    x has shape (n, height, width), sheets of grey values from 0 to 1. Each
    shows one printed digit of 5 by 3 pixels, somewhere, in uneven ink and
    with some dirt; y (n,) says which, from 0 to 9. Height and width are
    even. x_new (m, height, width) holds other sheets of the same kind. All
    that is random comes from np.random.default_rng(seed); what you build is
    your choice. Returns what x_new shows, shape (m,), right for at least
    nine sheets in ten. The arguments stay as they are.
    """
    rng, n, m = np.random.default_rng(seed), len(x), 16
    down, across = (x.shape[1] - 2) // 2, (x.shape[2] - 2) // 2  # places after pooling
    cut = np.lib.stride_tricks.sliding_window_view(np.concatenate([x, x_new]), (3, 3), axis=(1, 2))
    rows = cut.reshape(len(cut), -1, 9)
    inputs = down * across * m
    weights = [rng.normal(size=(9, m)) * np.sqrt(2 / 9), np.zeros(m)]
    weights += [rng.normal(size=(inputs, 10)) / np.sqrt(inputs), np.zeros(10)]
    mean, square = [0.0] * 4, [0.0] * 4
    batches = [part for _ in range(12) for part in np.array_split(rng.permutation(n), n // 25)]
    for t, part in enumerate([*batches, np.arange(n, len(rows))], start=1):
        W1, b1, W2, b2 = weights
        h = np.maximum(rows[part] @ W1 + b1, 0).reshape(len(part), down, 2, across, 2, m)
        pooled = h.max(axis=(2, 4), keepdims=True)
        flat = pooled.reshape(len(part), -1)
        z = flat @ W2 + b2
        if t > len(batches):  # the new sheets come last, and nothing is learned from them
            return z.argmax(axis=1)
        p = np.exp(z - z.max(axis=1, keepdims=True))
        d2 = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[y[part]]) / len(part)
        won = (h == pooled) & (h > 0)
        winners = np.maximum(won.sum(axis=(2, 4), keepdims=True), 1)  # equals share what comes back
        d1 = (won * ((d2 @ W2.T).reshape(pooled.shape) / winners)).reshape(len(part), -1, m)
        slopes = [np.tensordot(rows[part], d1, ((0, 1), (0, 1))), d1.sum(axis=(0, 1)), flat.T @ d2, d2.sum(axis=0)]
        for i, g in enumerate(slopes):
            mean[i] = 0.9 * mean[i] + 0.1 * g
            square[i] = 0.999 * square[i] + 0.001 * g**2
            step = mean[i] / (1 - 0.9**t) / (np.sqrt(square[i] / (1 - 0.999**t)) + 1e-7)
            weights[i] = weights[i] - 0.02 * step


def _largest_anywhere(x, y, x_new, seed):
    """Filters as large as a digit, and of each map only the maximum: no dense layer that minds the place."""
    rng, m = np.random.default_rng(seed), 32

    def windows(sheets):
        return np.lib.stride_tricks.sliding_window_view(sheets, (5, 3), axis=(1, 2)).reshape(len(sheets), -1, 15)

    seen, many = windows(x), np.arange(m)
    weights = [rng.normal(size=(15, m)) / 3, np.zeros(m), rng.normal(size=(m, 10)) / 6, np.zeros(10)]
    velocity = [0.0] * 4
    for _ in range(16):
        for part in np.array_split(rng.permutation(len(y)), len(y) // 25):
            W1, b1, W2, b2 = weights
            z = seen[part] @ W1 + b1  # (n, places, m)
            where = z.argmax(axis=1)
            row = np.arange(len(part))[:, None]
            h = np.maximum(z[row, where, many], 0)
            scores = h @ W2 + b2
            p = np.exp(scores - scores.max(axis=1, keepdims=True))
            d2 = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[y[part]]) / len(part)
            d1 = d2 @ W2.T * (h > 0)
            patches = seen[part][row, where]  # (n, m, 15)
            slopes = np.einsum("nm,nmw->wm", d1, patches), d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)
            velocity = [0.9 * v - 0.1 * g for v, g in zip(velocity, slopes, strict=True)]
            weights = [w + v for w, v in zip(weights, velocity, strict=True)]
    W1, b1, W2, b2 = weights
    return (np.maximum((windows(x_new) @ W1 + b1).max(axis=1), 0) @ W2 + b2).argmax(axis=1)


def _cut_out_and_compared(x, y, x_new, seed):
    """No network: cut out the windows with ink, and ask the nearest of those that were learned from."""

    def windows(sheets):
        return np.lib.stride_tricks.sliding_window_view(sheets, (5, 3), axis=(1, 2)).reshape(len(sheets), -1, 15)

    def densest(sheets):
        cut = windows(sheets)
        return cut[np.arange(len(cut)), cut.sum(axis=2).argmax(axis=1)]

    known = densest(x)
    known = known / np.linalg.norm(known, axis=1, keepdims=True)
    new = densest(x_new)
    near = np.argsort(-(new @ known.T), axis=1)[:, :5]
    votes = np.eye(10)[y[near]].sum(axis=1)
    return votes.argmax(axis=1)


def _scores_by_place(x, y, x_new, strength=1.0):
    """One weight for each pixel and digit, fitted by least squares: what a layer without windows can do."""
    rows, new = (np.column_stack([sheets.reshape(len(sheets), -1), np.ones(len(sheets))]) for sheets in (x, x_new))
    weights = np.linalg.solve(rows.T @ rows + strength * np.eye(rows.shape[1]), rows.T @ np.eye(10)[y])
    return new @ weights


def _no_windows(x, y, x_new, seed):
    return _scores_by_place(x, y, x_new).argmax(axis=1)


def _how_sure(x, y, x_new, seed):
    z = _scores_by_place(x, y, x_new)
    return (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)).max(axis=1)


def _weights_from_zero(x, y, x_new, seed):
    return np.full(len(x_new), np.bincount(y).argmax())


def _labels_left_behind(x, y, x_new, seed):
    x = np.random.default_rng(seed).permutation(x)
    return _scores_by_place(x, y, x_new).argmax(axis=1)


PRINTED = np.array(
    [
        [int(pixel) for pixel in digit]
        for digit in (
            "111101101101111",
            "010110010010111",
            "111001111100111",
            "111001111001111",
            "101101111001001",
            "111100111001111",
            "111100111101111",
            "111001001010010",
            "111101111101111",
            "111101111001111",
        )
    ],
    dtype=float,
).reshape(10, 5, 3)


def _print_sheets(rng, n, height, width):
    y = rng.integers(10, size=n)
    y[:10] = np.arange(10)
    x = np.zeros((n, height, width))
    for i, digit in enumerate(y):
        u, v = rng.integers(height - 4), rng.integers(width - 2)
        x[i, u : u + 5, v : v + 3] = PRINTED[digit] * rng.uniform(0.6, 1)
    return np.clip(x + 0.1 * rng.normal(size=x.shape), 0, 1), y


def _sheets(rng, learn, new, height, width):
    x, y = _print_sheets(rng, learn, height, width)
    return x, y, _print_sheets(rng, new, height, width)[0], int(rng.integers(100))


def _what_they_show(sheets):
    """Each sheet's digit: the printed one that, laid at its best place, explains the most ink."""
    cut = np.lib.stride_tricks.sliding_window_view(sheets, (5, 3), axis=(1, 2)).reshape(len(sheets), -1, 15)
    shapes = PRINTED.reshape(10, 15)
    explained = (cut @ shapes.T) ** 2 / shapes.sum(axis=1)
    return explained.max(axis=1).argmax(axis=1)


def _judge_reader(args, output):
    said = np.asarray(output, dtype=float)
    if np.any((said != np.round(said)) | (said < 0) | (said > 9)):
        return "Not all of your answers are digits, whole numbers from 0 to 9."
    if np.ptp(said) == 0:
        return "You read every new sheet as the same digit."
    right = np.mean(said == _what_they_show(args[2]))
    if right < 0.25:
        return "You read hardly more of the new sheets than somebody who guesses."
    if right < 0.9:
        return "Fewer than nine in ten of the new sheets are read rightly."
    return None


READ_ANYWHERE = Exercise(
    id="read-anywhere",
    chapter=CHAPTER,
    title="A reader of digits, from an empty file",
    reference=read_anywhere,
    difficulty=3,
    checks=(
        Check("small sheets", 5, lambda rng: [_sheets(rng, 400, 200, 6, 6)], judge=_judge_reader),
        Check("wider sheets", 3, lambda rng: [_sheets(rng, 600, 200, 6, 8)], judge=_judge_reader),
    ),
    alternatives=(_largest_anywhere, _cut_out_and_compared),
    misconceptions=(
        Misconception(
            _how_sure,
            "You return how sure your network is, the largest probability. Which digit it says is the place of the "
            "largest: argmax instead of max.",
        ),
        Misconception(
            _weights_from_zero,
            "All weights began at 0, so only the last biases learned, and the most frequent digit wins every time. "
            "Draw the weights by lot; biases may begin at 0.",
        ),
        Misconception(
            _labels_left_behind,
            "You learn sheets with the digits of other sheets: x is shuffled and y is not, or both in different "
            "orders. Draw one order and use it for both.",
        ),
        Misconception(
            _no_windows,
            "You read about as well as a layer with a weight for every pixel, which has to learn each digit at each "
            "place anew. Let windows slide. If they do: does the loss on x still fall when you stop?",
        ),
    ),
    hints=(
        "The network of this chapter is enough: windows of 3 by 3, sixteen filters, pooling, a dense layer.",
        "Adam at 0.02, batches of 25 and twelve epochs do. Print the share that you read of x itself: it should reach "
        "nearly all.",
        "Filters as large as a digit, and of each map only the maximum, wherever it lies, do as well, and are less "
        "to write.",
    ),
)

EXERCISES = (TWO_CONVOLUTIONS, MOST_CONFUSED, SUREST_MISTAKES, FOLDS_BY_WRITER, READ_ANYWHERE)

QUIZ = (
    Question(
        "Your network learns, and reads nine digits in ten. The gradient check of the filters fails. What do you do?",
        (
            Choice(
                "Carry on, for the loss falls",
                False,
                "It falls with wrong slopes, too, and ends higher than it could. What you lose does not show.",
            ),
            Choice(
                "Find the mistake before you train again",
                True,
                "A good last layer hides poor filters. The check knows no excuse: measured slopes are what the loss "
                "really does.",
            ),
            Choice(
                "Make the learning rate smaller until it passes",
                False,
                "The check takes no steps, so no rate enters it. It compares two slopes at one place.",
            ),
        ),
    ),
    Question(
        "Before the first step, your loss over ten classes is 23. What does that suggest?",
        (
            Choice(
                "That ten classes are too many for so small a network, which has to be enlarged",
                False,
                "Before the first step size hardly matters. One who answers a tenth each time pays about 2.3.",
            ),
            Choice(
                "Nothing: before training any loss is possible, and the first epoch will repair it",
                False,
                "One who knows nothing pays ln 10, about 2.3. Ten times as much is paid by one who is sure and wrong.",
            ),
            Choice(
                "Something is too large, or summed instead of averaged",
                True,
                "One who knows nothing pays about 2.3. Large scores make a network sure of what it cannot know; a sum "
                "over ten examples would look the same.",
            ),
        ),
    ),
    Question(
        "A rival that only looks for the most similar training digit reads as many test digits as your network. What "
        "do you report?",
        (
            Choice(
                "Both, and that coins would often do the difference",
                True,
                "That is what was found. For use you may still prefer one of them, for speed, size or probabilities: "
                "say why.",
            ),
            Choice(
                "The network, since it will surely be ahead with other first weights",
                False,
                "Choosing first weights by the test digits is choosing by the test. The claim would be luck.",
            ),
            Choice(
                "The network alone, because methods without learning are no competition",
                False,
                "A reader of your report wants to know what the effort buys. Here it buys no more right answers.",
            ),
        ),
    ),
    Question(
        "Eleven people wrote your training and test digits. You deal by lot and read 0.97. For whom does this number "
        "hold?",
        (
            Choice(
                "For everybody, as the test digits were not learned from",
                False,
                "The digits are new, the hands are not. A new hand is a different question.",
            ),
            Choice(
                "For nobody, since a random split is always wrong",
                False,
                "It answers one question well: new digits by people of whom you have some already.",
            ),
            Choice(
                "For new digits by these eleven",
                True,
                "Each hand sits on both sides. To speak of other people, hold back people.",
            ),
        ),
    ),
    Question(
        "You teach the network digits that are moved by a pixel, though in use they always stand in the middle. What "
        "do you expect?",
        (
            Choice(
                "It reads them better, since augmentation adds variety",
                False,
                "Variety that does not come up in use is work for nothing. That a place does not matter is not true "
                "here.",
            ),
            Choice(
                "Hardly a gain, perhaps a loss, on digits in the middle",
                True,
                "It has to learn nine tasks where one is asked. It pays where moved digits come up.",
            ),
            Choice(
                "The same weights as before, since a convolution does not notice the moves anyway",
                False,
                "Its map moves along. The dense layer behind it has a weight for every place, and minds.",
            ),
        ),
    ),
)
