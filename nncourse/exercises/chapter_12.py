"""Chapter 12, evaluation: three sets, leaks, four counts, shapes, thresholds and their price, how sure a share is."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "evaluation"


def split_in_three(y, shares, seed):
    """Deal rows to a training, a validation and a test set.

    y (n,) holds the classes, whole numbers. shares (3,) says which part of
    the rows goes to training, to validation and to the test; they add up
    to 1. Each class is dealt by these shares on its own, at random, ruled
    by the seed; how many of its rows a set gets may differ from its share
    by one row at most. Returns the set of each row, shape (n,): 0 for
    training, 1 for validation, 2 for the test.
    """
    rng = np.random.default_rng(seed)
    part = np.zeros(len(y), dtype=int)
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        ends = np.round(np.cumsum(shares) * len(rows)).astype(int)
        part[rows[ends[0] : ends[1]]] = 1
        part[rows[ends[1] :]] = 2
    return part


def _split_by_rank(y, shares, seed):
    keys = np.random.default_rng(seed).random(len(y))
    part = np.empty(len(y))
    for label in set(y.tolist()):
        mine = y == label
        rank = keys[mine].argsort().argsort()
        part[mine] = np.searchsorted(np.cumsum(shares[:2]) * mine.sum(), rank + 0.5)
    return part


def _split_by_dealing_labels(y, shares, seed):
    rng = np.random.default_rng(seed)
    part = np.full(len(y), -1)
    for label in np.unique(y):
        rows = np.flatnonzero(y == label)
        validation, test = (round(share * len(rows)) for share in shares[1:])
        cards = [0] * (len(rows) - validation - test) + [1] * validation + [2] * test
        part[rows] = rng.permutation(cards)
    return part


def _split_the_rest_again(y, shares, seed):
    rng = np.random.default_rng(seed)
    part = np.zeros(len(y), dtype=int)
    for label in np.unique(y):
        rows = list(np.flatnonzero(y == label))
        rng.shuffle(rows)
        test = round(len(rows) * float(shares[2]))
        rest = len(rows) - test
        validation = round(rest * float(shares[1] / (shares[0] + shares[1])))
        part[rows[:test]] = 2
        part[rows[test : test + validation]] = 1
    return part


def _cut(rows, shares, part):
    ends = np.round(np.cumsum(shares) * len(rows)).astype(int)
    part[rows[: ends[0]]] = 0
    part[rows[ends[0] : ends[1]]] = 1
    part[rows[ends[1] :]] = 2


def _classes_not_looked_at(y, shares, seed):
    part = np.zeros(len(y), dtype=int)
    _cut(np.random.default_rng(seed).permutation(len(y)), shares, part)
    return part


def _cut_as_they_lie(y, shares, seed):
    part = np.zeros(len(y), dtype=int)
    for label in np.unique(y):
        _cut(np.flatnonzero(y == label), shares, part)
    return part


def _each_row_draws_its_set(y, shares, seed):
    return np.random.default_rng(seed).choice(3, size=len(y), p=shares)


def _share_of_the_rest(y, shares, seed):
    rng = np.random.default_rng(seed)
    part = np.zeros(len(y), dtype=int)
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        test = round(len(rows) * float(shares[2]))
        validation = round((len(rows) - test) * float(shares[1]))
        part[rows[:test]] = 2
        part[rows[test : test + validation]] = 1
    return part


def _as_many_of_each_class(y, shares, seed):
    rng = np.random.default_rng(seed)
    part = np.zeros(len(y), dtype=int)
    labels = np.unique(y)
    each = np.round(np.array(shares) * len(y) / len(labels)).astype(int)
    for label in labels:
        rows = rng.permutation(np.flatnonzero(y == label))
        part[rows[: each[1]]] = 1
        part[rows[each[1] : each[1] + each[2]]] = 2
    return part


def _rounded_down_and_lost(y, shares, seed):
    rng = np.random.default_rng(seed)
    part = np.full(len(y), -1)
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        start = 0
        for number, share in enumerate(shares):
            size = int(share * len(rows))
            part[rows[start : start + size]] = number
            start += size
    return part


def _validation_and_test_exchanged(y, shares, seed):
    part = split_in_three(y, shares, seed)
    return np.array([0, 2, 1])[part]


SETS = ("training", "validation", "test")


def _judge_split(args, output):
    y, shares, _ = args
    part = np.asarray(output, dtype=float)
    if not np.isin(part, (0, 1, 2)).all():
        return "Some rows belong to none of the three sets: their number is not 0, 1 or 2."
    sizes = np.array([np.sum(part == number) for number in range(3)])
    slack = len(np.unique(y)) + 1e-9
    wrong = [
        f"{name} is too {'large' if size > share * len(y) else 'small'}"
        for name, size, share in zip(SETS, sizes, shares, strict=True)
        if abs(size - share * len(y)) > slack
    ]
    if wrong:
        return f"The sets have not the sizes that were asked for: {', '.join(wrong)}."
    for label in np.unique(y):
        mine = part[y == label]
        if any(abs(np.sum(mine == number) - shares[number] * len(mine)) > 1 + 1e-9 for number in range(3)):
            return "The sets have the right sizes, but a class has not its share in each. Deal one class at a time."
    return None


def _judge_lot(args, output):
    y, part = args[0], np.asarray(output, dtype=float)
    if all(np.count_nonzero(np.diff(part[y == label])) < 10 for label in np.unique(y)):
        return "The rows of a class go to the sets in the order in which they lie, in long runs. Deal them at random."
    return _judge_split(args, output)


def _classes(rng, *sizes):
    return rng.permutation(np.repeat(np.arange(len(sizes)), sizes))


SPLIT = Exercise(
    id="three-way-split",
    chapter=CHAPTER,
    title="Three sets, dealt by class",
    reference=split_in_three,
    difficulty=2,
    checks=(
        Check(
            "each class has its share in each set",
            2,
            lambda rng: [
                (_classes(rng, 120, 60), np.array([0.6, 0.2, 0.2]), 0),
                (_classes(rng, 357, 212), np.array([0.6, 0.25, 0.15]), 1),
                (_classes(rng, 200, 150, 20), np.array([0.5, 0.3, 0.2]), int(rng.integers(100))),
            ],
            judge=_judge_split,
        ),
        Check(
            "dealt at random",
            1,
            lambda rng: [
                (np.repeat([0, 1], [90, 60]), np.array([0.6, 0.2, 0.2]), 2),
                (_classes(rng, 80, 80), np.array([0.7, 0.2, 0.1]), int(rng.integers(100))),
            ],
            judge=_judge_lot,
        ),
        Check(
            "sizes that do not come out even",
            1,
            lambda rng: [
                (_classes(rng, 101, 33, 3), np.array([0.6, 0.25, 0.15]), 3),
                (_classes(rng, 47, 18), np.array([0.5, 0.3, 0.2]), int(rng.integers(100))),
            ],
            judge=_judge_split,
        ),
    ),
    alternatives=(_split_by_rank, _split_by_dealing_labels, _split_the_rest_again),
    misconceptions=(
        Misconception(
            _classes_not_looked_at,
            "Your sets have the right sizes, but how much of a class is in each is left to luck. Permute the rows of "
            "one class, cut them, then go on to the next.",
        ),
        Misconception(
            _cut_as_they_lie,
            "Each class has its share, but its rows are cut in the order in which they lie. Permute the row numbers "
            "of a class before you cut them.",
        ),
        Misconception(
            _each_row_draws_its_set,
            "Your sets have only roughly the sizes that were asked for, because each row draws lots for itself. "
            "Permute the rows of a class, then cut at fixed places.",
        ),
        Misconception(
            _share_of_the_rest,
            "Your validation set is too small: it got its share of what was left after the test. All shares are parts "
            "of the whole.",
        ),
        Misconception(
            _as_many_of_each_class,
            "Validation and test hold as many rows of each class, as if the classes were equally large. A set should "
            "look like the whole: share times the size of the class.",
        ),
        Misconception(
            _rounded_down_and_lost,
            "Some rows end in no set: three sizes were rounded down, and what was cut off is lost. Round two of the "
            "cuts, and let the last set take the rest.",
        ),
        Misconception(
            _validation_and_test_exchanged,
            "Your validation set has the size of the test set, and the other way round. Set 1 is validation, 2 the "
            "test.",
        ),
    ),
    hints=(
        "One class at a time: `rows = np.flatnonzero(y == label)`, then a permutation of them.",
        "`np.round(np.cumsum(shares) * len(rows))` are the places to cut at.",
    ),
)


def scale_both(x_train, x_new):
    """Standardize two tables by what the training rows say.

    x_train has shape (n, d), x_new (m, d), and m may be 1. From each
    column the mean of that column is subtracted, and the result is
    divided by its standard deviation, the root of the mean squared
    distance from the mean. Both are measured on the training rows, for
    both tables. A column that does not vary there is not divided. Returns
    the two new tables; the arguments stay as they are.
    """
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    return (x_train - mean) / deviation, (x_new - mean) / deviation


def _scale_column_by_column(x_train, x_new):
    train, new = np.array(x_train, dtype=float), np.array(x_new, dtype=float)
    for j in range(train.shape[1]):
        mean = sum(x_train[:, j]) / len(x_train)
        deviation = np.sqrt(sum((x_train[:, j] - mean) ** 2) / len(x_train))
        for table in (train, new):
            table[:, j] -= mean
            if deviation > 1e-12:
                table[:, j] /= deviation
    return train, new


def _scale_with_a_transform(x_train, x_new):
    mean = np.average(x_train, axis=0)
    variance = np.average((x_train - mean) ** 2, axis=0)
    factor = np.ones_like(variance)
    factor[variance > 1e-20] = variance[variance > 1e-20] ** -0.5
    return [(table - mean) * factor for table in (x_train, x_new)]


def _scaled(train, new, mean, deviation):
    deviation = np.where(np.asarray(deviation) > 0, deviation, 1)
    return (train - mean) / deviation, (new - mean) / deviation


def _new_rows_scaled_by_themselves(x_train, x_new):
    train, _ = scale_both(x_train, x_train)
    new, _ = scale_both(x_new, x_new)
    return train, new


def _new_rows_divided_by_their_own_deviation(x_train, x_new):
    train, _ = scale_both(x_train, x_train)
    _, new = _scaled(x_train, x_new, x_train.mean(axis=0), x_new.std(axis=0))
    return train, new


def _measured_on_all_rows(x_train, x_new):
    both = np.concatenate([x_train, x_new])
    return _scaled(x_train, x_new, both.mean(axis=0), both.std(axis=0))


def _one_mean_for_the_table(x_train, x_new):
    return _scaled(x_train, x_new, x_train.mean(), x_train.std())


def _deviation_with_n_minus_one(x_train, x_new):
    return _scaled(x_train, x_new, x_train.mean(axis=0), x_train.std(axis=0, ddof=1))


def _divided_by_the_variance(x_train, x_new):
    return _scaled(x_train, x_new, x_train.mean(axis=0), x_train.var(axis=0))


def _divided_by_zero(x_train, x_new):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / deviation, (x_new - mean) / deviation


def _tiny_number_added(x_train, x_new):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0) + 1e-8
    return (x_train - mean) / deviation, (x_new - mean) / deviation


def _new_rows_left_raw(x_train, x_new):
    return scale_both(x_train, x_new)[0], x_new.copy()


def _squeezed_between_zero_and_one(x_train, x_new):
    low, high = x_train.min(axis=0), x_train.max(axis=0)
    return _scaled(x_train, x_new, low, high - low)


def _scaled_in_place(x_train, x_new):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    x_train -= mean
    x_train /= deviation
    x_new -= mean
    x_new /= deviation
    return x_train, x_new


def _tables(rng, n, m, d):
    scale, shift = 10 ** rng.uniform(-1, 3, d), rng.normal(0, 50, d)
    return shift + scale * rng.normal(size=(n, d)), shift + scale * (0.5 + rng.normal(size=(m, d)))


def _with_a_constant(rng, n, m, d):
    train, new = _tables(rng, n, m, d)
    train[:, 1] = 4.0
    return train, new


SCALE = Exercise(
    id="scale-without-leak",
    chapter=CHAPTER,
    title="Scale without a leak",
    reference=scale_both,
    returns=("training rows", "new rows"),
    difficulty=1,
    checks=(
        Check(
            "many new rows",
            1,
            lambda rng: [
                (np.array([[1.0, 10.0], [3.0, 40.0]]), np.array([[2.0, 25.0], [5.0, 10.0], [0.0, 100.0]])),
                _tables(rng, 12, 8, 3),
            ],
        ),
        Check("a single new row", 1, lambda rng: [_tables(rng, 9, 1, 4), _tables(rng, 20, 1, 2)]),
        Check("a column that does not vary", 1, lambda rng: [_with_a_constant(rng, 8, 5, 3)], quiet=True),
    ),
    alternatives=(_scale_column_by_column, _scale_with_a_transform),
    misconceptions=(
        Misconception(
            _new_rows_scaled_by_themselves,
            "Your new rows are scaled by their own mean and deviation: a single patient becomes a row of zeros. Use "
            "the numbers of the training rows for both tables.",
        ),
        Misconception(
            _new_rows_divided_by_their_own_deviation,
            "Your new rows lose the mean of the training rows, but are divided by a deviation of their own. Take both "
            "numbers from x_train.",
        ),
        Misconception(
            _measured_on_all_rows,
            "Your mean and deviation have seen the new rows too. Measure them on x_train alone, before the new rows "
            "come in.",
        ),
        Misconception(
            _one_mean_for_the_table,
            "You have one mean and one deviation for all columns together, and the columns differ in scale. Take "
            "both with `axis=0`, one a column.",
        ),
        Misconception(
            _deviation_with_n_minus_one,
            "Your numbers are a little too small: the squares were divided by n - 1. Here the deviation is the root "
            "of a plain mean; leave out `ddof=1`.",
        ),
        Misconception(
            _divided_by_the_variance,
            "The centre is right and the scale is not: you divide by the mean square. Take its root.",
        ),
        Misconception(
            _divided_by_zero,
            "In the column that does not vary you divide by a deviation of 0. Put 1 in its place: `np.where`.",
        ),
        Misconception(
            _tiny_number_added,
            "In the column that does not vary you divide by a tiny number, and new rows become huge. Divide by 1 "
            "there, or not at all.",
        ),
        Misconception(_new_rows_left_raw, "Your new rows come back as they were. The network expects the same scale."),
        Misconception(
            _squeezed_between_zero_and_one,
            "Your columns run from 0 to 1: you scale by smallest and largest value. Here it is mean and deviation.",
        ),
        Misconception(
            _scaled_in_place,
            "The numbers are right, but the caller's tables are overwritten by them. `x_train - mean` makes a new one.",
        ),
    ),
    hints=(
        "Four lines: the means, the deviations, a guard against 0, and the two tables.",
        "`x_train.mean(axis=0)` has one entry a column. Which table should never be asked for a mean?",
    ),
)


def confusion_scores(y, y_hat, positive):
    """Four counts and four scores of a classifier's answers.

    y (n,) holds the true labels, y_hat (n,) the answers; there are two
    labels, two different whole numbers. positive is the label of the
    positive class. A score that would be 0 / 0 is 0. Returns two arrays:
    the counts (4,) of true positives, false positives, false negatives
    and true negatives, and the scores (4,): accuracy, precision, recall
    and F1.
    """
    true, called = y == positive, y_hat == positive
    tp, fp = np.sum(true & called), np.sum(~true & called)
    fn, tn = np.sum(true & ~called), np.sum(~true & ~called)
    precision = tp / max(tp + fp, 1)
    recall = tp / max(tp + fn, 1)
    f1 = 2 * tp / max(2 * tp + fp + fn, 1)
    return np.array([tp, fp, fn, tn]), np.array([(tp + tn) / len(y), precision, recall, f1])


def _scores_from_a_loop(y, y_hat, positive):
    tp = fp = fn = tn = 0
    for truth, answer in zip(y, y_hat, strict=True):
        if answer == positive:
            tp, fp = tp + (truth == positive), fp + (truth != positive)
        else:
            fn, tn = fn + (truth == positive), tn + (truth != positive)
    scores = [(tp + tn) / (tp + fp + fn + tn), 0.0, 0.0, 0.0]
    if tp:
        precision, recall = tp / (tp + fp), tp / (tp + fn)
        scores[1:] = precision, recall, 2 / (1 / precision + 1 / recall)
    return [tp, fp, fn, tn], scores


def _scores_from_one_table(y, y_hat, positive):
    pairs = 2 * (y == positive) + (y_hat == positive)
    tn, fp, fn, tp = np.bincount(pairs, minlength=4)
    claimed, real = tp + fp, tp + fn
    precision = tp / claimed if claimed else 0
    recall = tp / real if real else 0
    f1 = 2 * precision * recall / (precision + recall) if tp else 0
    return np.array([tp, fp, fn, tn]), np.array([np.mean(y == y_hat), precision, recall, f1])


def _counts_of(y, y_hat, positive):
    return _scores_from_a_loop(y, y_hat, positive)[0]


def _ratio(part, whole):
    return part / whole if whole else 0.0


def _scored(tp, fp, fn, tn):
    accuracy, precision, recall = (tp + tn) / (tp + fp + fn + tn), _ratio(tp, tp + fp), _ratio(tp, tp + fn)
    return accuracy, precision, recall, _ratio(2 * tp, 2 * tp + fp + fn)


def _alarms_and_misses_exchanged(y, y_hat, positive):
    tp, fp, fn, tn = _counts_of(y, y_hat, positive)
    return np.array([tp, fn, fp, tn]), np.array(_scored(tp, fn, fp, tn))


def _counts_in_the_order_of_the_table(y, y_hat, positive):
    counts, scores = confusion_scores(y, y_hat, positive)
    return counts[[0, 2, 1, 3]], scores


def _recall_of_the_negatives(y, y_hat, positive):
    tp, fp, fn, tn = _counts_of(y, y_hat, positive)
    accuracy, precision, _, f1 = _scored(tp, fp, fn, tn)
    return np.array([tp, fp, fn, tn]), np.array([accuracy, precision, _ratio(tn, tn + fp), f1])


def _one_is_always_positive(y, y_hat, positive):
    return confusion_scores(y, y_hat, 1)


def _zeros_and_ones_counted(y, y_hat, positive):
    tp, fp = np.sum((y == 1) & (y_hat == 1)), np.sum((y == 0) & (y_hat == 1))
    fn, tn = np.sum((y == 1) & (y_hat == 0)), np.sum((y == 0) & (y_hat == 0))
    scores = (tp + tn) / len(y), _ratio(tp, tp + fp), _ratio(tp, tp + fn), _ratio(2 * tp, 2 * tp + fp + fn)
    return np.array([tp, fp, fn, tn]), np.array(scores)


def _arithmetic_mean(y, y_hat, positive):
    counts, scores = confusion_scores(y, y_hat, positive)
    scores[3] = (scores[1] + scores[2]) / 2
    return counts, scores


def _f1_without_the_two(y, y_hat, positive):
    counts, scores = confusion_scores(y, y_hat, positive)
    scores[3] = scores[3] / 2
    return counts, scores


def _nothing_over_nothing(y, y_hat, positive):
    tp, fp, fn, tn = (np.float64(count) for count in _counts_of(y, y_hat, positive))
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    f1 = 2 * precision * recall / (precision + recall)
    return np.array([tp, fp, fn, tn]), np.array([(tp + tn) / len(y), precision, recall, f1])


def _precision_and_recall_exchanged(y, y_hat, positive):
    counts, scores = confusion_scores(y, y_hat, positive)
    return counts, scores[[0, 2, 1, 3]]


def _precision_of_all_right_answers(y, y_hat, positive):
    counts, scores = confusion_scores(y, y_hat, positive)
    scores[1] = counts[0] / max(counts[0] + counts[3], 1)
    return counts, scores


def _recall_of_all_rows(y, y_hat, positive):
    counts, scores = confusion_scores(y, y_hat, positive)
    scores[2] = counts[0] / len(y)
    return counts, scores


def _accuracy_of_the_positives(y, y_hat, positive):
    counts, scores = confusion_scores(y, y_hat, positive)
    scores[0] = counts[0] / len(y)
    return counts, scores


def _answers(rng, n, labels, share, error):
    y = rng.choice(labels, size=n, p=[1 - share, share])
    y_hat = np.where(rng.random(n) < error, sum(labels) - y, y)
    both = np.array(labels)
    extra = np.array([labels[0], labels[1], labels[1], labels[1], labels[0], labels[0], labels[0]])
    said = np.array([labels[1], labels[0], labels[0], labels[1], labels[0], labels[0], labels[1]])
    return np.concatenate([y, extra, both]), np.concatenate([y_hat, said, both])


SCORES = Exercise(
    id="confusion-scores",
    chapter=CHAPTER,
    title="Four counts, four scores",
    reference=confusion_scores,
    returns=("counts", "scores"),
    difficulty=2,
    checks=(
        Check(
            "the positive class is 1",
            2,
            lambda rng: [
                (np.array([1, 1, 1, 0, 0, 0, 0, 0]), np.array([1, 0, 0, 1, 0, 0, 0, 0]), 1),
                (*_answers(rng, 40, (0, 1), 0.3, 0.25), 1),
                (np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0]), 1),
                (np.array([1, 0, 0, 0]), np.array([1, 1, 0, 0]), 1),
            ],
        ),
        Check(
            "another label is positive",
            2,
            lambda rng: [
                (np.array([0, 0, 0, 1, 1, 1, 1]), np.array([0, 0, 1, 0, 1, 1, 1]), 0),
                (*_answers(rng, 50, (3, 8), 0.3, 0.2), 8),
                (*_answers(rng, 60, (0, 1), 0.6, 0.2), 0),
            ],
        ),
        Check(
            "nothing called positive, nothing positive",
            1,
            lambda rng: [
                (np.array([1, 0, 1, 0, 0, 0]), np.array([0, 0, 0, 0, 0, 0]), 1),
                (np.array([0, 0, 0, 0]), np.array([0, 1, 0, 0]), 1),
                (np.array([0, 0, 0]), np.array([0, 0, 0]), 1),
            ],
            quiet=True,
        ),
    ),
    alternatives=(_scores_from_a_loop, _scores_from_one_table),
    misconceptions=(
        Misconception(
            _alarms_and_misses_exchanged,
            "Your false positives and false negatives stand in each other's place. A false positive was called "
            "positive and is not.",
        ),
        Misconception(
            _counts_in_the_order_of_the_table,
            "Your scores are right, and your counts come row by row as in the table. Here the order is TP, FP, FN, TN.",
        ),
        Misconception(
            _recall_of_the_negatives,
            "Your recall is that of the negative class: TN over what is negative. Take TP over what is positive.",
        ),
        Misconception(
            _one_is_always_positive,
            "You take 1 for the positive class whatever is asked. Compare both arrays with `positive`.",
        ),
        Misconception(
            _zeros_and_ones_counted,
            "You count zeros and ones, so labels like 3 and 8 are in none of your counts. Compare both arrays with "
            "`positive`; what is not positive is negative.",
        ),
        Misconception(
            _arithmetic_mean,
            "Your F1 is the plain mean of precision and recall. It is their harmonic mean, which stays low when one of "
            "them is.",
        ),
        Misconception(
            _f1_without_the_two,
            "Your F1 is half of what it should be, and never gets above a half. Where is the 2 of the harmonic mean?",
        ),
        Misconception(
            _nothing_over_nothing,
            "Where nothing is called positive, or nothing is, you divide 0 by 0. Here such a score is 0.",
        ),
        Misconception(
            _precision_and_recall_exchanged,
            "Your precision and recall are exchanged. Precision is a share of what was called positive, recall of what "
            "is positive.",
        ),
        Misconception(
            _precision_of_all_right_answers,
            "Your precision divides by all right answers. It asks how much of what was *called* positive is so.",
        ),
        Misconception(
            _recall_of_all_rows,
            "Your recall divides by all rows. It is a share of the rows that *are* positive.",
        ),
        Misconception(
            _accuracy_of_the_positives,
            "Your accuracy counts only the positives that were found. A negative that was left alone is right too.",
        ),
    ),
    hints=(
        "`y == positive` and `y_hat == positive` are two arrays of True and False; `&` and `~` make the four counts.",
        "F1 can be had from counts alone: 2 TP / (2 TP + FP + FN). What is 0 / max(0, 1)?",
    ),
)


def accuracy(p, y, threshold):
    """The share of right answers, in whatever shape they come.

    p holds n probabilities, y n zeros and ones. Each comes as (n,) or as a
    column (n, 1). The answer is 1 where p is above the threshold, and 0 at
    the threshold and below it. Returns a number.
    """
    called = np.ravel(p) > threshold
    return np.mean(called == np.ravel(y))


def _accuracy_in_a_loop(p, y, threshold):
    right = 0
    for said, truth in zip(p.reshape(-1).tolist(), y.reshape(-1).tolist(), strict=True):
        right += (1 if said > threshold else 0) == truth
    return right / len(p)


def _accuracy_from_columns(p, y, threshold):
    called = (p.reshape(len(p), 1) > threshold).astype(float)
    return 1 - np.abs(called - y.reshape(len(y), 1)).mean()


def _shapes_left_alone(p, y, threshold):
    return np.mean((p > threshold) == y)


def _targets_left_alone(p, y, threshold):
    return np.mean((np.ravel(p) > threshold) == y)


def _threshold_included(p, y, threshold):
    return np.mean((np.ravel(p) >= threshold) == np.ravel(y))


def _always_a_half(p, y, threshold):
    return np.mean((np.ravel(p) > 0.5) == np.ravel(y))


def _probabilities_compared(p, y, threshold):
    return np.mean(np.ravel(p) == np.ravel(y))


def _right_answers_counted(p, y, threshold):
    return np.sum((np.ravel(p) > threshold) == np.ravel(y))


def _mean_distance(p, y, threshold):
    return 1 - np.mean(np.abs(np.ravel(p) - np.ravel(y)))


def _share_called_positive(p, y, threshold):
    return np.mean(np.ravel(p) > threshold)


def _told(rng, n, p_column, y_column):
    """Two ones lie between the thresholds 0.3 and 0.5, so that it can be seen which is used."""
    y = (rng.random(n) < 0.4).astype(float)
    y[:3] = 1.0, 1.0, 0.0
    p = np.clip(0.3 + 0.35 * y + 0.25 * rng.normal(size=n), 0.01, 0.99).round(3)
    p = np.where((p > 0.29) & (p < 0.51), p + 0.25, p)
    p[:2] = 0.32, 0.41
    return p[:, None] if p_column else p, y[:, None] if y_column else y


ACCURACY = Exercise(
    id="accuracy-of-columns",
    chapter=CHAPTER,
    title="Accuracy, whatever the shapes",
    reference=accuracy,
    difficulty=1,
    checks=(
        Check(
            "both of one shape",
            1,
            lambda rng: [
                (np.array([0.9, 0.2, 0.6, 0.5]), np.array([1.0, 0.0, 0.0, 1.0]), 0.5),
                (*_told(rng, 25, True, True), 0.3),
            ],
        ),
        Check(
            "a column beside a row",
            1,
            lambda rng: [(*_told(rng, 30, True, False), 0.5), (*_told(rng, 21, False, True), 0.3)],
        ),
    ),
    alternatives=(_accuracy_in_a_loop, _accuracy_from_columns),
    misconceptions=(
        Misconception(
            _shapes_left_alone,
            "As long as p and y have one shape you are right; a column beside a row makes a table of all pairs. Bring "
            "both to (n,) first.",
        ),
        Misconception(
            _targets_left_alone,
            "You flatten p and leave y as it comes. Where y is a column, there is a table of all pairs again.",
        ),
        Misconception(
            _threshold_included,
            "You call a row positive at the threshold. Here it has to be above it: `>`.",
        ),
        Misconception(_always_a_half, "You always cut at 0.5. The threshold comes as an argument."),
        Misconception(
            _probabilities_compared,
            "You ask whether a probability *equals* the target, and 0.9 never equals 1. Make it an answer first.",
        ),
        Misconception(_right_answers_counted, "You count the right answers. Accuracy is their share."),
        Misconception(
            _mean_distance,
            "Your number measures how far the probabilities are from the targets. Accuracy only knows right and wrong.",
        ),
        Misconception(
            _share_called_positive,
            "Your number is the share of rows that are called positive. Compare the answers with y.",
        ),
    ),
    hints=("`np.ravel` makes (n,) of both shapes.", "Compare p with the threshold, the result with y, take the mean."),
)


def price_of_thresholds(y, p, thresholds, cost_of_miss, cost_of_alarm):
    """What the errors cost at each threshold, and where they cost least.

    y (n,) holds zeros and ones, p (n,) the probabilities of a one. From a
    threshold on, p >= threshold, a row is called positive. A one that is
    not called positive costs cost_of_miss, a zero that is called positive
    cost_of_alarm; right answers cost nothing. thresholds (t,) increase.
    Returns the mean cost of a row at each threshold, shape (t,), and the
    threshold with the lowest; of several, the smallest.
    """
    called = p >= thresholds[:, None]  # (t, n)
    misses = (~called & (y == 1)).mean(axis=1)
    alarms = (called & (y == 0)).mean(axis=1)
    costs = cost_of_miss * misses + cost_of_alarm * alarms
    return costs, thresholds[costs.argmin()]


def _price_in_a_loop(y, p, thresholds, cost_of_miss, cost_of_alarm):
    costs, cheapest = [], None
    for threshold in thresholds:
        cost = 0.0
        for truth, chance in zip(y, p, strict=True):
            if truth == 1 and chance < threshold:
                cost += cost_of_miss
            elif truth == 0 and chance >= threshold:
                cost += cost_of_alarm
        costs.append(cost / len(y))
        if cheapest is None or costs[-1] < min(costs[:-1]) - 1e-12:
            cheapest = threshold
    return costs, cheapest


def _price_by_sorting(y, p, thresholds, cost_of_miss, cost_of_alarm):
    ones, zeros = np.sort(p[y == 1]), np.sort(p[y == 0])
    missed = np.searchsorted(ones, thresholds, side="left")
    alarmed = len(zeros) - np.searchsorted(zeros, thresholds, side="left")
    costs = (cost_of_miss * missed + cost_of_alarm * alarmed) / len(p)
    return costs, thresholds[np.flatnonzero(costs <= costs.min() + 1e-12)[0]]


def _prices_exchanged(y, p, thresholds, cost_of_miss, cost_of_alarm):
    return price_of_thresholds(y, p, thresholds, cost_of_alarm, cost_of_miss)


def _positive_above_only(y, p, thresholds, cost_of_miss, cost_of_alarm):
    called = p > thresholds[:, None]
    costs = np.mean(cost_of_miss * (~called & (y == 1)) + cost_of_alarm * (called & (y == 0)), axis=1)
    return costs, thresholds[costs.argmin()]


def _prices_ignored(y, p, thresholds, cost_of_miss, cost_of_alarm):
    return price_of_thresholds(y, p, thresholds, 1.0, 1.0)


def _cost_of_all_rows(y, p, thresholds, cost_of_miss, cost_of_alarm):
    costs, cheapest = price_of_thresholds(y, p, thresholds, cost_of_miss, cost_of_alarm)
    return costs * len(y), cheapest


def _shares_of_the_classes(y, p, thresholds, cost_of_miss, cost_of_alarm):
    called = p >= thresholds[:, None]
    costs = cost_of_miss * (~called[:, y == 1]).mean(axis=1) + cost_of_alarm * called[:, y == 0].mean(axis=1)
    return costs, thresholds[costs.argmin()]


def _place_of_the_cheapest(y, p, thresholds, cost_of_miss, cost_of_alarm):
    costs, _ = price_of_thresholds(y, p, thresholds, cost_of_miss, cost_of_alarm)
    return costs, costs.argmin()


def _lowest_cost_itself(y, p, thresholds, cost_of_miss, cost_of_alarm):
    costs, _ = price_of_thresholds(y, p, thresholds, cost_of_miss, cost_of_alarm)
    return costs, costs.min()


def _last_of_the_cheapest(y, p, thresholds, cost_of_miss, cost_of_alarm):
    costs, _ = price_of_thresholds(y, p, thresholds, cost_of_miss, cost_of_alarm)
    return costs, thresholds[np.flatnonzero(costs <= costs.min() + 1e-12)[-1]]


def _threshold_of_the_formula(y, p, thresholds, cost_of_miss, cost_of_alarm):
    costs, _ = price_of_thresholds(y, p, thresholds, cost_of_miss, cost_of_alarm)
    return costs, cost_of_alarm / (cost_of_alarm + cost_of_miss)


def _most_expensive(y, p, thresholds, cost_of_miss, cost_of_alarm):
    costs, _ = price_of_thresholds(y, p, thresholds, cost_of_miss, cost_of_alarm)
    return costs, thresholds[costs.argmax()]


def _priced(rng, n, miss, alarm):
    """Rows whose cheapest threshold has no rival: no rounding can decide between two."""
    thresholds = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    while True:
        y = np.append((rng.random(n) < 0.35).astype(float), [1.0, 1.0, 0.0, 0.0])
        chances = np.clip(0.35 + 0.3 * y[:n] + 0.22 * rng.normal(size=n), 0.01, 0.99).round(2)
        case = y, np.append(chances, [0.2, 0.5, 0.4, 0.8]), thresholds, miss, alarm
        best, second = np.sort(price_of_thresholds(*case)[0])[:2]
        if second - best > 1e-6:
            return case


SMALL = (np.array([1.0, 0.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.6, 0.4, 0.3, 0.1]))

PRICE = Exercise(
    id="price-of-thresholds",
    chapter=CHAPTER,
    title="The cheapest threshold",
    reference=price_of_thresholds,
    returns=("costs", "threshold"),
    difficulty=2,
    checks=(
        Check(
            "both errors cost alike",
            1,
            lambda rng: [
                (*SMALL, np.array([0.05, 0.2, 0.35, 0.5, 0.7, 0.95]), 1.0, 1.0),
                _priced(rng, 40, 2.0, 2.0),
            ],
        ),
        Check(
            "a miss costs more",
            2,
            lambda rng: [
                (*SMALL, np.array([0.05, 0.2, 0.35, 0.5, 0.7, 0.95]), 10.0, 1.0),
                _priced(rng, 60, 7.3, 1.1),
                _priced(rng, 50, 1.0, 3.7),
            ],
        ),
        Check(
            "a row on the threshold, several cheapest",
            1,
            lambda rng: [
                (*SMALL, np.array([0.1, 0.3, 0.4, 0.6, 0.9]), 5.0, 2.0),
                (*SMALL, np.array([0.31, 0.35, 0.39, 0.7]), 5.0, 1.0),
            ],
        ),
    ),
    alternatives=(_price_in_a_loop, _price_by_sorting),
    misconceptions=(
        Misconception(
            _prices_exchanged,
            "Your two prices are exchanged. A miss is a one that was not called positive; it costs cost_of_miss.",
        ),
        Misconception(
            _positive_above_only,
            "Your costs differ where a row lies exactly on the threshold. It is called positive there: `>=`.",
        ),
        Misconception(
            _prices_ignored,
            "You count errors and leave their prices out, so a missed cancer weighs as much as a false alarm.",
        ),
        Misconception(
            _cost_of_all_rows,
            "Your threshold is right, and your costs are those of all rows together. Divide by the number of rows.",
        ),
        Misconception(
            _shares_of_the_classes,
            "You divide the misses by the ones and the alarms by the zeros, as if both classes were equally large. "
            "The mean cost divides both by all n rows.",
        ),
        Misconception(
            _place_of_the_cheapest,
            "The costs are right, but your second value is a place in the list. Look up the threshold there.",
        ),
        Misconception(
            _lowest_cost_itself,
            "The costs are right, but your second value is the lowest cost. What is wanted is the threshold that has "
            "it.",
        ),
        Misconception(
            _last_of_the_cheapest,
            "Where several thresholds cost the same, you take the largest. Here it is the smallest: `argmin` finds the "
            "first.",
        ),
        Misconception(
            _threshold_of_the_formula,
            "The costs are right, but your threshold is the formula's. Here it is the one in the list that was "
            "cheapest on these rows.",
        ),
        Misconception(_most_expensive, "The costs are right, and you choose where they are highest."),
    ),
    hints=(
        "`p >= thresholds[:, None]` is a table of all thresholds and rows, (t, n).",
        "At each threshold count two kinds of error, give each its price, and divide by n.",
    ),
)


def wilson_interval(right, n, u):
    """Wilson's interval for a share, from right hits among n.

    right and n are whole numbers, 0 <= right <= n and n >= 1. u says how
    many standard deviations are allowed, 1.96 for 95 %. The interval holds
    every share s for which right / n lies no further from s than u times
    sqrt(s (1 - s) / n). Returns its two ends, the lower one first.
    """
    share = right / n
    centre = (share + u**2 / (2 * n)) / (1 + u**2 / n)
    half = u * np.sqrt(share * (1 - share) / n + u**2 / (4 * n**2)) / (1 + u**2 / n)
    return centre - half, centre + half


def _wilson_by_roots(right, n, u):
    share = right / n
    low, high = sorted(np.roots([1 + u**2 / n, -2 * share - u**2 / n, share**2]).real)
    return low, high


def _wilson_with_counts(right, n, u):
    wrong, square = n - right, u * u
    middle = right + square / 2
    reach = u * (right * wrong / n + square / 4) ** 0.5
    return (middle - reach) / (n + square), (middle + reach) / (n + square)


def _wilson_by_halving(right, n, u):
    share = right / n

    def edge(inside, outside):
        for _ in range(80):
            middle = (inside + outside) / 2
            if (share - middle) ** 2 <= u**2 * middle * (1 - middle) / n:
                inside = middle
            else:
                outside = middle
        return (inside + outside) / 2

    return edge(share, 0.0), edge(share, 1.0)


def _deviation_of_what_was_measured(right, n, u):
    share = right / n
    half = u * np.sqrt(share * (1 - share) / n)
    return share - half, share + half


def _cut_at_zero_and_one(right, n, u):
    low, high = _deviation_of_what_was_measured(right, n, u)
    return max(low, 0.0), min(high, 1.0)


def _square_of_u_forgotten(right, n, u):
    share = right / n
    centre = (share + u / (2 * n)) / (1 + u / n)
    half = u * np.sqrt(share * (1 - share) / n + u / (4 * n**2)) / (1 + u / n)
    return centre - half, centre + half


def _every_share_tried(right, n, u):
    shares = np.linspace(0, 1, 100_001)
    inside = shares[np.abs(right / n - shares) <= u * np.sqrt(shares * (1 - shares) / n)]
    return inside[0], inside[-1]


def _always_at_95_percent(right, n, u):
    return wilson_interval(right, n, 1.96)


def _in_percent(right, n, u):
    low, high = wilson_interval(right, n, u)
    return 100 * low, 100 * high


def _centre_not_moved(right, n, u):
    low, high = wilson_interval(right, n, u)
    return right / n - (high - low) / 2, right / n + (high - low) / 2


def _second_term_left_out(right, n, u):
    share = right / n
    centre = (share + u**2 / (2 * n)) / (1 + u**2 / n)
    half = u * np.sqrt(share * (1 - share) / n) / (1 + u**2 / n)
    return centre - half, centre + half


def _root_of_n_forgotten(right, n, u):
    share = right / n
    half = u * np.sqrt(share * (1 - share))
    return share - half, share + half


def _centre_and_half(right, n, u):
    low, high = wilson_interval(right, n, u)
    return (low + high) / 2, (high - low) / 2


def _not_divided(right, n, u):
    share = right / n
    centre = share + u**2 / (2 * n)
    half = u * np.sqrt(share * (1 - share) / n + u**2 / (4 * n**2))
    return centre - half, centre + half


def _hits(rng, u):
    n = int(rng.integers(20, 400))
    return int(rng.integers(n // 2, n - 2)), n, u


WILSON = Exercise(
    id="wilson-interval",
    chapter=CHAPTER,
    title="How sure is a share?",
    reference=wilson_interval,
    returns=("lower end", "upper end"),
    difficulty=2,
    checks=(
        Check(
            "some right, some wrong",
            2,
            lambda rng: [(111, 114, 1.96), (5, 10, 1.0), _hits(rng, 1.96), _hits(rng, 2.58)],
        ),
        Check("all right, or none", 1, lambda rng: [(20, 20, 1.96), (0, 7, 1.96), (1, 1, 1.0)], atol=1e-7),
    ),
    alternatives=(_wilson_by_roots, _wilson_with_counts, _wilson_by_halving),
    misconceptions=(
        Misconception(
            _deviation_of_what_was_measured,
            "With 20 right of 20 your interval has no width at all: you took the deviation at right / n. Take it at "
            "each s, which leads to a quadratic equation.",
        ),
        Misconception(
            _cut_at_zero_and_one,
            "You cut the simple interval off at 0 and 1, and with 20 right of 20 it still has no width. Take the "
            "deviation at s, not at right / n.",
        ),
        Misconception(
            _square_of_u_forgotten,
            "Your ends are off by a little, and by less for large n: under the fractions stands u, and it should be "
            "its square.",
        ),
        Misconception(
            _every_share_tried,
            "Your ends are right to a few digits, since you try shares on a grid. The quadratic equation gives them "
            "exactly.",
        ),
        Misconception(
            _always_at_95_percent,
            "You always allow 1.96 deviations. How many are allowed comes as an argument, u.",
        ),
        Misconception(_in_percent, "Your ends are percentages. A share lies between 0 and 1."),
        Misconception(
            _centre_not_moved,
            "Your interval has the right width, but lies around right / n. Its centre is moved towards a half.",
        ),
        Misconception(
            _second_term_left_out,
            "Your centre is right, and with 20 of 20 the interval has no width: under the root the term "
            "u^2 / (4 n^2) is missing.",
        ),
        Misconception(
            _root_of_n_forgotten,
            "Your interval does not shrink when there are more rows. The deviation of a mean has sqrt(n) below it.",
        ),
        Misconception(
            _centre_and_half, "You return the centre and half the width. Wanted are the lower and the upper end."
        ),
        Misconception(
            _not_divided,
            "Your interval reaches above 1 when all are right: both centre and width must be divided by 1 + u^2 / n.",
        ),
    ),
    hints=(
        "Square both sides: (right / n - s)^2 = u^2 s (1 - s) / n. Its two solutions are the ends.",
        "With t = right / n it reads (1 + u^2 / n) s^2 - (2 t + u^2 / n) s + t^2 = 0.",
    ),
)


EXERCISES = (SPLIT, SCALE, ACCURACY, SCORES, PRICE, WILSON)

QUIZ = (
    Question(
        "You train ten networks, compare them on the validation set, and keep the one that is best there. What does "
        "its validation accuracy tell you about new rows?",
        (
            Choice(
                "It is a fair estimate, because no network has learned from these rows",
                False,
                "No network has, but you have: you took the best of ten, and part of being best is luck on these rows.",
            ),
            Choice(
                "It is too high, as a rule",
                True,
                "The winner's luck is in the number and does not come again. Rows that took no part in the choice tell "
                "how much it was.",
            ),
            Choice(
                "It is too low, as a rule, since new rows outnumber those of a validation set",
                False,
                "A small set makes a number uncertain, to both sides. What pushes it to one side is the choice.",
            ),
            Choice(
                "Nothing at all",
                False,
                "It tells less than it seems to, but a network that is far better there is very likely better.",
            ),
        ),
    ),
    Question(
        "One row in a hundred is positive, and a model has an accuracy of 0.99. What do you know?",
        (
            Choice(
                "It may have found not a single positive row",
                True,
                "Whoever always says no is right on 99 of 100. Ask for recall, and set the baseline beside every "
                "accuracy.",
            ),
            Choice(
                "It finds nearly all positive rows",
                False,
                "That would be its recall. Accuracy is made almost wholly of the negative rows here.",
            ),
            Choice(
                "Nearly everything that it calls positive is so, because it makes so few mistakes",
                False,
                "That would be its precision. One mistake in a hundred can be as many as there are positive rows.",
            ),
        ),
    ),
    Question(
        "You raise the threshold from which a row is called positive. Which of these can never go up?",
        (
            Choice(
                "Precision",
                False,
                "Mostly it goes up, since the doubtful claims are dropped. It can also go down.",
            ),
            Choice(
                "Accuracy",
                False,
                "It goes up as long as more false alarms are dropped than true finds.",
            ),
            Choice(
                "Recall",
                True,
                "Fewer rows are called positive, so none is found that was not found before.",
            ),
        ),
    ),
    Question(
        "A model predicts with an R2 of -0.4 on new rows. What has happened?",
        (
            Choice(
                "A bug, because R2 is a square",
                False,
                "It is one minus a ratio of squares. Only for a line fitted to these very rows does it equal a square.",
            ),
            Choice(
                "The predictions go down where the targets go up, so the sign of all weights is wrong",
                False,
                "This would give a negative R2, but so would predictions that rise with the targets and miss by far.",
            ),
            Choice(
                "Its squared error is larger than that of always answering the mean of these targets",
                True,
                "Zero is the mark of the constant. Below it the model is worse than no model, on these rows.",
            ),
        ),
    ),
    Question(
        "Which of these may look at the test rows before the end?",
        (
            Choice(
                "The scaler, because it learns no weights",
                False,
                "It learns a mean and a deviation. The harm is often small, and there is no reason to allow it.",
            ),
            Choice(
                "The choice of columns, as long as the network is trained on training rows alone",
                False,
                "Choosing columns by their targets is learning. On pure noise it is what makes a model look good.",
            ),
            Choice(
                "The rule that stops the training",
                False,
                "It chooses an epoch. That is what validation rows are for.",
            ),
            Choice(
                "Nothing that learns or chooses",
                True,
                "Whatever is decided with the help of a row has learned from it.",
            ),
        ),
    ),
    Question(
        "Two networks are right on 111 and on 108 of the same 114 test rows. Is the first one better?",
        (
            Choice(
                "Yes, by nearly three points in a hundred",
                False,
                "That is what was measured. Each of the numbers alone is unsure by about as much.",
            ),
            Choice(
                "These rows cannot tell",
                True,
                "At best the first is right wherever the second is, and on three rows more. Three coins fall alike one "
                "time in four.",
            ),
            Choice(
                "No, they are equally good",
                False,
                "Not having shown a difference is not having shown that there is none.",
            ),
        ),
    ),
)
