"""Chapter 4, activations: slopes from outputs, dead neurons, leaky ReLU, softmax and its gradient, first weights."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "activations"


def slope_from_output(name, h):
    """The slope of an activation, told from its output alone.

    name is "sigmoid", "tanh" or "relu". h holds outputs h = f(z) of that
    activation, an array of any shape; the scores z are not known any more.
    Returns the slope f'(z) at every entry, numbers in the shape of h.
    Where the ReLU answers 0, its slope is 0.
    """
    if name == "sigmoid":
        return h * (1 - h)
    if name == "tanh":
        return 1 - h**2
    return np.where(h > 0, 1.0, 0.0)


def _slope_from_a_table(name, h):
    table = {
        "sigmoid": lambda: h - h * h,
        "tanh": lambda: (1 - h) * (1 + h),
        "relu": lambda: np.sign(h),
    }
    return table[name]()


def _slope_by_way_of_the_score(name, h):
    if name == "sigmoid":
        z = np.log(h) - np.log1p(-h)
        return np.exp(-z) / (1 + np.exp(-z)) ** 2
    if name == "tanh":
        return 1 / np.cosh(np.arctanh(h)) ** 2
    return (h > 0).astype(float)


def _output_taken_for_the_score(name, h):
    if name == "sigmoid":
        p = 1 / (1 + np.exp(-h))
        return p * (1 - p)
    if name == "tanh":
        return 1 - np.tanh(h) ** 2
    return np.where(h > 0, 1.0, 0.0)


def _same_formula_for_both_squashers(name, h):
    return np.where(h > 0, 1.0, 0.0) if name == "relu" else h * (1 - h)


def _tanh_not_squared(name, h):
    return 1 - h if name == "tanh" else slope_from_output(name, h)


def _sigmoid_like_tanh(name, h):
    return 1 - h**2 if name == "sigmoid" else slope_from_output(name, h)


def _silent_relu_has_a_slope(name, h):
    return np.where(h >= 0, 1.0, 0.0) if name == "relu" else slope_from_output(name, h)


def _relu_returned(name, h):
    return h * (h > 0) if name == "relu" else slope_from_output(name, h)


def _outputs(name, z):
    return {"sigmoid": 1 / (1 + np.exp(-z)), "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[name]


def _slope_cases(name):
    return lambda rng: [
        (name, _outputs(name, np.array([-2.0, -0.5, 0.0, 0.5, 2.0]))),
        (name, _outputs(name, rng.normal(0, 2, size=(2, 3)))),
    ]


SLOPE_FROM_OUTPUT = Exercise(
    id="slope-from-output",
    chapter=CHAPTER,
    title="Slopes from outputs",
    reference=slope_from_output,
    difficulty=1,
    checks=(
        Check("sigmoid", 1, _slope_cases("sigmoid")),
        Check("tanh", 1, _slope_cases("tanh")),
        Check("ReLU", 1, _slope_cases("relu")),
    ),
    alternatives=(_slope_from_a_table, _slope_by_way_of_the_score),
    misconceptions=(
        Misconception(
            _output_taken_for_the_score,
            "You apply the activation once more: h is an output already. The sigmoid's slope is h (1 - h) as it "
            "stands; find tanh's in the same way.",
        ),
        Misconception(
            _same_formula_for_both_squashers,
            "For tanh you return h (1 - h), which is negative where h is. tanh never falls: write its slope from "
            "tanh' = 1 - tanh^2.",
        ),
        Misconception(
            _tanh_not_squared,
            "Your slope of tanh is above 1 for negative outputs. No slope of tanh is: is something to be squared?",
        ),
        Misconception(
            _sigmoid_like_tanh,
            "At an output of one half your sigmoid has the slope 0.75. A sigmoid is never steeper than 0.25: you have "
            "used the formula of tanh.",
        ),
        Misconception(
            _silent_relu_has_a_slope,
            "You give silent ReLUs the slope 1. An output of 0 means that z was 0 or below, and there the slope is 0.",
        ),
        Misconception(
            _relu_returned,
            "For the ReLU you return the output itself. Its slope is the same, 1, wherever it is not silent.",
        ),
    ),
    hints=(
        "You know the sigmoid's slope from chapter 02 in this form already.",
        "tanh' = 1 - tanh^2, and h is tanh of the score.",
        "A ReLU that answers something answers the score itself. How steep is that?",
    ),
)


def leaky_relu(z, slope):
    """The leaky ReLU with a given slope on its left, and its derivative.

    z is an array of any shape and stays as it is. slope is a number, 0 or
    more; it may be larger than 1. Returns two arrays in the shape of z: h,
    which is z where z is positive and slope times z elsewhere, and dh, the
    derivative. At z = 0 the derivative is slope.
    """
    h = np.where(z > 0, z, slope * z)
    dh = np.where(z > 0, 1.0, slope)
    return h, dh


def _leaky_by_masks(z, slope):
    right = (z > 0) * 1.0
    dh = right + slope * (1 - right)
    return dh * z, dh


def _leaky_by_two_halves(z, slope):
    h = np.maximum(z, 0) + slope * np.minimum(z, 0)
    dh = np.full(z.shape, float(slope))
    dh[z > 0] = 1
    return h, dh


def _leaky_by_maximum(z, slope):
    return np.maximum(slope * z, z), np.where(z > 0, 1.0, slope)


def _slope_one_at_the_kink(z, slope):
    return np.where(z > 0, z, slope * z), np.where(z >= 0, 1.0, slope)


def _no_slope_on_the_left(z, slope):
    return np.where(z > 0, z, slope * z), np.where(z > 0, 1.0, 0.0)


def _slope_times_score(z, slope):
    return np.where(z > 0, z, slope * z), np.where(z > 0, 1.0, slope * z)


def _slope_always_a_hundredth(z, slope):
    return np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1.0, 0.01)


def _slope_itself_on_the_left(z, slope):
    return np.where(z > 0, z, slope), np.where(z > 0, 1.0, slope)


def _credit_for_a_bad_score(z, slope):
    return np.where(z > 0, z, -slope * z), np.where(z > 0, 1.0, slope)


def _written_into_z(z, slope):
    dh = np.where(z > 0, 1.0, slope)
    z *= dh
    return z, dh


_Z = np.array([-3.0, -1.0, -0.25, 0.0, 0.25, 1.0, 3.0])

LEAKY_RELU = Exercise(
    id="leaky-relu",
    chapter=CHAPTER,
    title="The leaky ReLU",
    reference=leaky_relu,
    returns=("h", "dh"),
    difficulty=1,
    checks=(
        Check("the usual slope", 1, lambda rng: [(_Z, 0.01), (rng.normal(size=(2, 4)), 0.01)]),
        Check(
            "any slope",
            2,
            lambda rng: [(_Z, 0.3), (_Z, 2.0), (_Z, 0.0), (rng.normal(size=(3, 2)), float(rng.uniform(1.5, 4)))],
        ),
    ),
    alternatives=(_leaky_by_masks, _leaky_by_two_halves),
    misconceptions=(
        Misconception(
            _leaky_by_maximum,
            "The larger of slope * z and z is right for slopes up to 1 only. At slope 2 and z = -1 it is -1, and the "
            "answer should be -2: ask for the sign of z instead.",
        ),
        Misconception(
            _slope_one_at_the_kink,
            "At z = 0 your derivative is 1. The convention here gives the kink to the left side: slope.",
        ),
        Misconception(
            _no_slope_on_the_left,
            "Your function leaks, but its derivative is 0 on the left. The line slope * z has the derivative slope.",
        ),
        Misconception(
            _slope_times_score,
            "Your derivative on the left grows with z. slope * z is the function; a straight line has one slope "
            "everywhere.",
        ),
        Misconception(
            _slope_always_a_hundredth,
            "Your answer is the same for every slope: 0.01 is written into it. Use the argument.",
        ),
        Misconception(
            _slope_itself_on_the_left,
            "On the left you return the number slope itself. The function is slope times z there.",
        ),
        Misconception(
            _credit_for_a_bad_score,
            "Your leak is positive on the left. The line goes through 0 and rises: left of 0 it lies below 0, at slope "
            "times z.",
        ),
        Misconception(_written_into_z, "The numbers are right, but `*=` writes them into z. Build a new array."),
    ),
    hints=(
        "np.where(condition, here, elsewhere) chooses entry by entry.",
        "Both sides are straight lines through 0. What is the slope of each?",
    ),
)


def dead_neurons(x, W, b):
    """Which ReLU neurons of a layer are dead: silent on every row.

    x has shape (n, d_in), one example a row. W has shape (d_in, d_out),
    one neuron a column, and b has shape (d_out,). Each neuron answers
    relu(x @ W + b). Returns d_out truth values: True where the neuron
    answers 0 to all n rows.
    """
    return np.all(x @ W + b <= 0, axis=0)


def _dead_by_loop(x, W, b):
    dead = []
    for k in range(W.shape[1]):
        answers = [max(row @ W[:, k] + b[k], 0) for row in x]
        dead.append(not any(answers))
    return np.array(dead)


def _dead_by_the_largest_score(x, W, b):
    return (x @ W + b).max(axis=0) <= 0


def _dead_by_counting(x, W, b):
    h = np.maximum(x @ W + b, 0)
    return np.count_nonzero(h, axis=0) == 0


def _silent_once(x, W, b):
    return np.any(x @ W + b <= 0, axis=0)


def _silent_on_average(x, W, b):
    return np.mean(x @ W + b, axis=0) <= 0


def _silent_mostly(x, W, b):
    return np.mean(x @ W + b <= 0, axis=0) > 0.5


def _small_on_average(x, W, b):
    return np.maximum(x @ W + b, 0).mean(axis=0) < 0.01


def _silent_on_the_first_row(x, W, b):
    return (x @ W + b <= 0)[0]


def _rows_that_hear_nothing(x, W, b):
    return np.all(x @ W + b <= 0, axis=1)


def _bias_below_zero(x, W, b):
    return b < 0


def _alive_instead(x, W, b):
    return np.any(x @ W + b > 0, axis=0)


def _bias_left_out(x, W, b):
    return np.all(x @ W <= 0, axis=0)


def _zero_counts_as_an_answer(x, W, b):
    return np.all(x @ W + b < 0, axis=0)


def _layer_with_dead(rng, n, d_in, d_out):
    """A layer whose neurons are alive, now and then silent, alive on one row only, and dead (two of these)."""
    x = rng.normal(size=(n, d_in))
    W = rng.normal(size=(d_in, d_out))
    scores = np.sort(x @ W, axis=0)
    b = -scores[n // 2]  # silent on about half of the rows
    b[0] = -scores[-1, 0] - 0.5  # silent on all
    b[1] = -(scores[-1, 1] + scores[-2, 1]) / 2  # alive on one row
    b[2] = -scores[0, 2] + 0.5  # never silent
    b[3] = 0.25 - scores[0, 3]  # never silent
    b[4] = -scores[-1, 4] - 0.1  # silent on all
    order = rng.permutation(d_out)
    return x, W[:, order], b[order]


def _small_layer():
    x = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0], [-1.0, -1.0]])
    W = np.array([[1.0, -1.0, 0.5, 0.0, 1.0], [1.0, -1.0, -1.0, 0.0, 1.0]])
    b = np.array([0.0, -2.5, -0.2, 0.0, -2.98])
    return x, W, b


DEAD_NEURONS = Exercise(
    id="dead-neurons",
    chapter=CHAPTER,
    title="Dead neurons",
    reference=dead_neurons,
    difficulty=1,
    checks=(
        Check(
            "some dead, some alive", 2, lambda rng: [_layer_with_dead(rng, 12, 3, 7), _layer_with_dead(rng, 9, 2, 6)]
        ),
        Check("an answer of exactly 0, and one row that keeps a neuron alive", 1, lambda rng: [_small_layer()]),
    ),
    alternatives=(_dead_by_loop, _dead_by_the_largest_score, _dead_by_counting),
    misconceptions=(
        Misconception(
            _silent_once,
            "You call neurons dead that are silent on one row. Every healthy ReLU is, now and then: dead means silent "
            "on all rows.",
        ),
        Misconception(
            _silent_on_average,
            "You average the scores, and large negative ones drown the row that keeps a neuron alive. Ask every row.",
        ),
        Misconception(
            _silent_mostly,
            "You call neurons dead that are silent on most rows. A single row with an answer is enough to learn from.",
        ),
        Misconception(
            _small_on_average,
            "A small mean answer is not yet death. A neuron that answers to one row in a thousand has a small mean "
            "and is alive.",
        ),
        Misconception(
            _silent_on_the_first_row, "You look at the first row only. Another row may wake the neuron: ask them all."
        ),
        Misconception(
            _rows_that_hear_nothing,
            "You have found the rows to which no neuron answers. Neurons are columns: go down the rows, axis=0.",
        ),
        Misconception(
            _bias_below_zero,
            "You look at the bias alone. A neuron with a negative bias still answers where its inputs outweigh it.",
        ),
        Misconception(_alive_instead, "True and False are exchanged: True should mark the dead."),
        Misconception(_bias_left_out, "Your scores have no bias. The bias is what kills most neurons: x @ W + b."),
        Misconception(
            _zero_counts_as_an_answer,
            "A score of exactly 0 gives the answer 0, and that is silence too: compare with <=.",
        ),
    ),
    hints=(
        "First the scores of all rows, shape (n, d_out). A column is a neuron.",
        "np.all(..., axis=0) asks, column by column, whether something holds in every row.",
    ),
)


def softmax(z, temperature):
    """The shares of the scores, sharpened or flattened by a temperature.

    z holds scores along its last axis: a row of shape (K,), or one row for
    each example, (n, K). temperature is a positive number that divides the
    scores before the exponential. Returns the shares in the shape of z,
    each row with the sum 1. Right, and without a NumPy warning, for scores
    in the thousands.
    """
    z = z / temperature
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _softmax_by_rows(z, temperature):
    if z.ndim > 1:
        return np.array([_softmax_by_rows(row, temperature) for row in z])
    shifted = [(score - max(z)) / temperature for score in z]
    total = sum(np.exp(shifted))
    return np.exp(shifted) / total


def _softmax_by_logarithms(z, temperature):
    z = z / temperature
    largest = np.max(z, axis=-1, keepdims=True)
    log_sum = largest + np.log(np.sum(np.exp(z - largest), axis=-1, keepdims=True))
    return np.exp(z - log_sum)


def _softmax_from_differences(z, temperature):
    differences = (z[..., None, :] - z[..., :, None]) / temperature
    return 1 / np.exp(np.minimum(differences, 700)).sum(axis=-1)


def _maximum_not_subtracted(z, temperature):
    e = np.exp(z / temperature)
    return e / e.sum(axis=-1, keepdims=True)


def _one_maximum_for_all_rows(z, temperature):
    z = z / temperature
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


def _mean_subtracted(z, temperature):
    z = z / temperature
    e = np.exp(z - z.mean(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _maximum_not_divided(z, temperature):
    e = np.exp(z / temperature - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _shared_out_over_the_batch(z, temperature):
    z = z / temperature
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()


def _shared_out_down_the_columns(z, temperature):
    z = z / temperature
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def _temperature_after_the_shares(z, temperature):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) / temperature


def _multiplied_by_the_temperature(z, temperature):
    return softmax(z, 1 / temperature)


def _temperature_ignored(z, temperature):
    return softmax(z, 1.0)


def _no_exponential(z, temperature):
    z = z / temperature
    return z / z.sum(axis=-1, keepdims=True)


SOFTMAX = Exercise(
    id="stable-softmax",
    chapter=CHAPTER,
    title="A softmax that survives",
    reference=softmax,
    difficulty=2,
    checks=(
        Check(
            "a row, temperature 1",
            1,
            lambda rng: [
                (np.array([2.0, 1.0, 0.1]), 1.0),
                (np.array([2.0, -1.0, 0.5]), 1.0),
                (rng.normal(size=4), 1.0),
            ],
        ),
        Check(
            "a batch",
            1,
            lambda rng: [(np.array([[1.0, 2.0], [3.0, 0.5], [-1.0, 4.0]]), 1.0), (rng.normal(size=(4, 3)), 1.0)],
        ),
        Check(
            "other temperatures",
            1,
            lambda rng: [
                (np.array([2.0, 1.0, 0.1]), 0.5),
                (np.array([2.0, 1.0, 0.1]), 10.0),
                (rng.normal(size=(2, 3)), float(rng.uniform(2, 4))),
            ],
        ),
        Check(
            "scores in the thousands",
            1,
            lambda rng: [
                (np.array([[0.0, 1.0, 2.0], [1000.0, 1001.0, 1002.0], [-3000.0, -3001.0, -3002.0]]), 1.0),
                (np.array([800.0, 0.0, -800.0]), 1.0),
                (np.array([30.0, 10.0, 20.0]), 0.01),
            ],
            quiet=True,
        ),
    ),
    alternatives=(_softmax_by_rows, _softmax_by_logarithms, _softmax_from_differences),
    misconceptions=(
        Misconception(
            _maximum_not_subtracted,
            "Large scores overflow the exponential, and inf / inf is nan. Subtract the largest score of each row "
            "first: the shares stay as they are.",
        ),
        Misconception(
            _one_maximum_for_all_rows,
            "You subtract one maximum from all rows. A row far below it loses all its exponentials: each row needs its "
            "own.",
        ),
        Misconception(
            _mean_subtracted,
            "You subtract the mean of each row, and a score far above it still overflows. Which number do you have to "
            "subtract so that none is left above 0?",
        ),
        Misconception(
            _maximum_not_divided,
            "You take the maximum before you divide by the temperature, so it is not the largest of the scores from "
            "which you subtract it. Divide first.",
        ),
        Misconception(
            _shared_out_over_the_batch,
            "Your shares sum to 1 over the whole batch. Each row has a sum of its own: axis=-1, with keepdims.",
        ),
        Misconception(
            _shared_out_down_the_columns,
            "Your columns sum to 1 instead of your rows. The scores of one example stand in a row: axis=-1.",
        ),
        Misconception(
            _temperature_after_the_shares,
            "You divide the shares by the temperature, and they no longer sum to 1. Divide the scores.",
        ),
        Misconception(
            _multiplied_by_the_temperature,
            "A higher temperature makes your shares sharper. It should level them: divide by it.",
        ),
        Misconception(_temperature_ignored, "Your shares do not depend on the temperature: divide the scores by it."),
        Misconception(
            _no_exponential,
            "You divide the scores by their sum. Scores may be negative: the exponential makes them positive first.",
        ),
    ),
    hints=(
        "Divide by the temperature first, then forget about it.",
        "Taking the same number off all scores of a row changes no share. Which number keeps e^z at 1 or below?",
        "`z.max(axis=-1, keepdims=True)` has a row for each row of z, so it can be subtracted from it.",
    ),
)


def softmax_gradient(p, upstream):
    """How a loss changes with the scores behind a softmax.

    p holds the shares that the softmax gave out, one row for each example,
    shape (n, K). upstream has the same shape: the derivative of the loss
    with respect to each share. Returns the derivative of the loss with
    respect to each score, shape (n, K).
    """
    return p * (upstream - np.sum(p * upstream, axis=1, keepdims=True))


def _gradient_row_by_row(p, upstream):
    dz = np.empty_like(p)
    for i, (row, g) in enumerate(zip(p, upstream, strict=True)):
        dz[i] = (np.diag(row) - np.outer(row, row)) @ g
    return dz


def _gradient_by_einsum(p, upstream):
    jacobians = np.einsum("nk,km->nkm", p, np.eye(p.shape[1])) - np.einsum("nk,nm->nkm", p, p)
    return np.einsum("nkm,nm->nk", jacobians, upstream)


def _gradient_entry_by_entry(p, upstream):
    n, K = p.shape
    dz = np.zeros((n, K))
    for i in range(n):
        for k in range(K):
            for m in range(K):
                dz[i, k] += p[i, k] * ((k == m) - p[i, m]) * upstream[i, m]
    return dz


def _diagonal_alone(p, upstream):
    return upstream * p * (1 - p)


def _other_classes_with_the_wrong_sign(p, upstream):
    return upstream * p * (1 - p) + p * (np.sum(p * upstream, axis=1, keepdims=True) - p * upstream)


def _sum_over_the_batch(p, upstream):
    return p * (upstream - np.sum(p * upstream))


def _sum_down_the_columns(p, upstream):
    return p * (upstream - np.sum(p * upstream, axis=0))


def _exponential_alone(p, upstream):
    return p * upstream


def _sum_without_shares(p, upstream):
    return p * (upstream - np.sum(upstream, axis=1, keepdims=True))


def _mean_instead_of_sum(p, upstream):
    return p * (upstream - np.mean(p * upstream, axis=1, keepdims=True))


def _shares_minus_upstream(p, upstream):
    return p - upstream


def _softmax_once_more(p, upstream):
    e = np.exp(p - p.max(axis=1, keepdims=True))
    return softmax_gradient(e / e.sum(axis=1, keepdims=True), upstream)


def _shares_and_upstream(rng, n, K):
    e = np.exp(rng.normal(size=(n, K)))
    return e / e.sum(axis=1, keepdims=True), rng.normal(size=(n, K))


SOFTMAX_GRADIENT = Exercise(
    id="softmax-gradient",
    chapter=CHAPTER,
    title="Back through a softmax",
    reference=softmax_gradient,
    difficulty=2,
    checks=(
        Check(
            "one row",
            2,
            lambda rng: [
                (np.array([[0.7, 0.2, 0.1]]), np.array([[1.0, 0.0, 0.0]])),
                (np.array([[0.5, 0.25, 0.25]]), np.array([[-2.0, 3.0, 0.5]])),
                _shares_and_upstream(rng, 1, 4),
            ],
        ),
        Check("a batch", 2, lambda rng: [_shares_and_upstream(rng, 3, 4), _shares_and_upstream(rng, 5, 2)]),
    ),
    alternatives=(_gradient_row_by_row, _gradient_by_einsum, _gradient_entry_by_entry),
    misconceptions=(
        Misconception(
            _diagonal_alone,
            "You use p (1 - p), as if each share heard its own score alone. Every score moves every share: the terms "
            "off the diagonal are missing.",
        ),
        Misconception(
            _other_classes_with_the_wrong_sign,
            "The other classes enter with the wrong sign. Raising one score lowers all other shares: -p_k p_m.",
        ),
        Misconception(
            _sum_over_the_batch,
            "You sum over the whole batch, so examples mix. Each row has its own sum: axis=1, keepdims=True.",
        ),
        Misconception(
            _sum_down_the_columns,
            "You sum down the columns, over the examples. Sum over the classes of each row: axis=1.",
        ),
        Misconception(
            _exponential_alone,
            "Your rows do not sum to 0, and they must: adding the same number to all scores changes nothing. You have "
            "differentiated the exponential and forgotten the sum below it.",
        ),
        Misconception(
            _sum_without_shares,
            "You subtract the plain sum of upstream. The sum is weighted with the shares: p * upstream.",
        ),
        Misconception(
            _mean_instead_of_sum,
            "You subtract a mean over the classes. The shares sum to 1 already, so take the sum of p * upstream.",
        ),
        Misconception(
            _shares_minus_upstream,
            "You return p - upstream, as p - y for the sigmoid in chapter 02. There the loss was part of it. Here "
            "upstream is not a target: it is the slope of some loss in the shares.",
        ),
        Misconception(
            _softmax_once_more, "You apply the softmax once more: p holds shares already. Use p as it stands."
        ),
    ),
    hints=(
        "Write the sum over the classes m of dL/dp_m times dp_m/dz_k, and put p_m ((1 if k is m) - p_k) into it.",
        "One term stands for k = m. The others make the same sum for every k of the row.",
        "The sum of p * upstream along a row is the mean of upstream, weighted with the shares.",
    ),
)


def initial_weights(noise, activation):
    """First weights of a layer, made from noise of standard deviation 1.

    noise has shape (d_in, d_out), holds independent numbers of mean 0 and
    standard deviation 1, and stays as it is. activation is "relu" or
    "tanh". Returns the noise scaled to the standard deviation that fits:
    for "relu" the one of He, for "tanh" the one of Glorot.
    """
    d_in, d_out = noise.shape
    fan = d_in if activation == "relu" else d_in + d_out
    return np.sqrt(2 / fan) * noise


def _weights_from_a_table(noise, activation):
    rows, columns = noise.shape
    return noise * {"relu": rows / 2, "tanh": (rows + columns) / 2}[activation] ** -0.5


def _weights_from_the_mean_fan(noise, activation):
    fan = noise.shape[0] if activation == "relu" else sum(noise.shape) / 2
    gain = 2.0 if activation == "relu" else 1.0
    return noise * (gain / fan) ** 0.5


def _variance_for_deviation(noise, activation):
    d_in, d_out = noise.shape
    return noise * (2 / d_in if activation == "relu" else 2 / (d_in + d_out))


def _root_of_the_two_alone(noise, activation):
    d_in, d_out = noise.shape
    return noise * np.sqrt(2) / (d_in if activation == "relu" else d_in + d_out)


def _outputs_counted(noise, activation):
    d_in, d_out = noise.shape
    return noise * np.sqrt(2 / d_out if activation == "relu" else 2 / (d_in + d_out))


def _he_for_both(noise, activation):
    return noise * np.sqrt(2 / noise.shape[0])


def _glorot_for_both(noise, activation):
    return noise * np.sqrt(2 / sum(noise.shape))


def _exchanged(noise, activation):
    return initial_weights(noise, "tanh" if activation == "relu" else "relu")


def _twos_forgotten(noise, activation):
    d_in, d_out = noise.shape
    return noise * np.sqrt(1 / d_in if activation == "relu" else 1 / (d_in + d_out))


def _weights_counted(noise, activation):
    d_in, d_out = noise.shape
    return noise * np.sqrt(2 / d_in if activation == "relu" else 2 / (d_in * d_out))


def _forward_alone(noise, activation):
    d_in = len(noise)
    return noise * np.sqrt(2 / d_in if activation == "relu" else 1 / d_in)


def _divided_by_the_deviation(noise, activation):
    d_in, d_out = noise.shape
    return noise / np.sqrt(2 / d_in if activation == "relu" else 2 / (d_in + d_out))


def _noise_used_up(noise, activation):
    d_in, d_out = noise.shape
    noise *= np.sqrt(2 / d_in if activation == "relu" else 2 / (d_in + d_out))
    return noise


def _first_weights(activation):
    return lambda rng: [
        (np.array([[1.0, -1.0, 0.5, 2.0, -0.5], [0.0, 1.5, -2.0, 1.0, 0.5]]), activation),
        (rng.normal(size=(8, 3)), activation),
    ]


INITIAL_WEIGHTS = Exercise(
    id="initial-weights",
    chapter=CHAPTER,
    title="The first weights",
    reference=initial_weights,
    difficulty=2,
    checks=(Check("for a ReLU", 2, _first_weights("relu")), Check("for tanh", 2, _first_weights("tanh"))),
    alternatives=(_weights_from_a_table, _weights_from_the_mean_fan),
    misconceptions=(
        Misconception(
            _variance_for_deviation,
            "You multiply by the variance. Noise times s has the variance s^2: take the square root.",
        ),
        Misconception(
            _root_of_the_two_alone,
            "Only the 2 stands under your root. The number of inputs belongs there as well: sqrt(2 / d_in).",
        ),
        Misconception(
            _outputs_counted,
            "For the ReLU you count the neurons, d_out. A score is a sum over the inputs: the rows of noise count.",
        ),
        Misconception(
            _he_for_both,
            "You use He's rule for tanh too. tanh silences nothing, and Glorot's rule weighs both sides of the layer.",
        ),
        Misconception(
            _glorot_for_both,
            "You use Glorot's rule for the ReLU too. A ReLU loses half, so its variance is twice 1 / d_in.",
        ),
        Misconception(_exchanged, "The two rules are exchanged: He made his for the ReLU."),
        Misconception(
            _twos_forgotten,
            "Your weights are too small by the square root of 2. In both rules a 2 stands above the line.",
        ),
        Misconception(
            _weights_counted,
            "For tanh you divide by the number of weights. Glorot's rule adds inputs and outputs: d_in + d_out.",
        ),
        Misconception(
            _forward_alone,
            "For tanh you use 1 / d_in, which serves the way forward alone. Glorot's rule counts the way back too: "
            "2 / (d_in + d_out).",
        ),
        Misconception(
            _divided_by_the_deviation,
            "You divide by the standard deviation, and large layers get large weights. The noise has 1 already: "
            "multiply.",
        ),
        Misconception(_noise_used_up, "The weights are right, but `*=` writes them into noise. Build a new array."),
    ),
    hints=(
        "noise.shape tells d_in and d_out.",
        "He: variance 2 / d_in. Glorot: variance 2 / (d_in + d_out).",
        "If numbers have standard deviation 1, then s times them has standard deviation s.",
    ),
)


EXERCISES = (SLOPE_FROM_OUTPUT, DEAD_NEURONS, LEAKY_RELU, SOFTMAX, SOFTMAX_GRADIENT, INITIAL_WEIGHTS)

QUIZ = (
    Question(
        "One input, a hidden layer of three ReLU neurons, a linear output. What can its graph look like?",
        (
            Choice(
                "A smooth curve with up to three humps",
                False,
                "Nothing in it is curved. A ReLU is two straight pieces, and so is a sum of them, with more pieces.",
            ),
            Choice(
                "A straight line, whatever the weights are",
                False,
                "That is so without the ReLUs. Each of them may bend the line once.",
            ),
            Choice(
                "Straight pieces with at most three kinks",
                True,
                "Each neuron adds a line that bends at one place. Three neurons bend it at three places at most.",
            ),
            Choice(
                "Any curve at all, by the theorem of universal approximation",
                False,
                "The theorem asks for as many neurons as it takes. Three are three.",
            ),
        ),
    ),
    Question(
        "A sigmoid neuron and a tanh neuron both have the score 3. Which has the larger slope there?",
        (
            Choice(
                "The sigmoid",
                True,
                "0.045 against 0.010. tanh is steeper near 0, but it gets there twice as fast, and beyond 1.66 it is "
                "the flatter of the two.",
            ),
            Choice(
                "tanh: its slope is four times the sigmoid's",
                False,
                "At 0 it is, 1 against 0.25. At 3 tanh is saturated further than the sigmoid.",
            ),
            Choice(
                "Neither: both are 0 as soon as they saturate",
                False,
                "Saturated means nearly flat. Neither slope is ever exactly 0 on paper.",
            ),
        ),
    ),
    Question(
        "After training, one ReLU neuron answers 0 to 60 of 100 training rows. What do you do about it?",
        (
            Choice(
                "Replace it: a neuron that answers 0 has stopped learning",
                False,
                "It does not learn from these 60 rows. It learns from the 40 others.",
            ),
            Choice(
                "Use a leaky ReLU in its place, to be safe",
                False,
                "Nothing is wrong that a leak could mend. Zeros on some rows are what a ReLU is for.",
            ),
            Choice(
                "Raise its bias until it answers to all rows",
                False,
                "Then it would never bend on these data, and the layer would have one straight line more.",
            ),
            Choice(
                "Nothing",
                True,
                "It is dead only if it answers 0 to every row. This one hears 40 of them.",
            ),
        ),
    ),
    Question(
        "A softmax gets the scores 2, 1 and 0. You add 5 to all three. What happens to the shares?",
        (
            Choice(
                "They stay the same",
                True,
                "Every exponential is multiplied by e^5, above and below the line. Only differences of scores count.",
            ),
            Choice(
                "They come closer to one another, since 7, 6 and 5 are nearly equal",
                False,
                "A softmax knows differences, not ratios. The differences are what they were.",
            ),
            Choice(
                "The first one grows, since the exponential favours large scores",
                False,
                "It favours large differences. All exponentials grow by the same factor here.",
            ),
        ),
    ),
    Question(
        "A photograph may show a cat, a dog, both, or neither. Which output layer fits?",
        (
            Choice(
                "Two neurons with a softmax, since there are two animals",
                False,
                "Its shares sum to 1, so it could never say both, nor neither.",
            ),
            Choice(
                "Two neurons, each with a sigmoid of its own",
                True,
                "These are two questions of yes or no. Each needs a number between 0 and 1 that leaves the other free.",
            ),
            Choice(
                "One sigmoid neuron",
                False,
                "One number cannot answer two independent questions.",
            ),
            Choice(
                "Two neurons with a ReLU, so that none of them is negative",
                False,
                "A ReLU has no upper end. A number that is to be read as a probability has to stay below 1.",
            ),
        ),
    ),
    Question(
        "You widen all hidden layers of a ReLU network from 100 to 400 neurons. How does He's rule change the weights "
        "between two of them?",
        (
            Choice(
                "It makes them a quarter as large",
                False,
                "Their variance is a quarter. Their size goes with the square root of it.",
            ),
            Choice(
                "It leaves them as they are, since the biases can make up for it",
                False,
                "Biases shift scores. They do not keep sums of 400 terms from being larger than sums of 100.",
            ),
            Choice(
                "It makes them half as large",
                True,
                "Four times as many terms in each sum: the variance 2 / d_in falls to a quarter, the standard "
                "deviation to a half.",
            ),
        ),
    ),
)
