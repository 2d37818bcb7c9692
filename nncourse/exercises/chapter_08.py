"""Chapter 8, architectures and depth: equal budgets, folds, the way around, the smallest depth that will do."""

from itertools import pairwise

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "architectures-and-depth"


def fold_weights():
    """Two ReLU neurons and a linear output that fold the interval from 0
    to 1.

    The network answers relu(x @ W1 + b1) @ W2 + b2. While x goes from 0 to
    0.5, its answer rises in a straight line from 0 to 1; while x goes on to
    1, it falls in a straight line back to 0. Returns W1 of shape (1, 2),
    b1 (2,), W2 (2, 1) and b2 (1,).
    """
    W1 = np.array([[1.0, 1.0]])
    b1 = np.array([0.0, -0.5])
    W2 = np.array([[2.0], [-4.0]])
    b2 = np.array([0.0])
    return W1, b1, W2, b2


def _fold_with_larger_first_weights():
    return [[2.0, 4.0]], [0.0, -2.0], [[1.0], [-1.0]], [0.0]


def _fold_hung_from_its_top():
    return np.array([[1.0, -1.0]]), np.array([-0.5, 0.5]), np.full((2, 1), -2.0), np.ones(1)


def _fold_from_the_right():
    return [[-1, -1]], [1, 0.5], [[2], [-4]], [0]


def _flat_after_the_top():
    return [[1.0, 1.0]], [0.0, -0.5], [[2.0], [-2.0]], [0.0]


def _second_bias_positive():
    return [[1.0, 1.0]], [0.0, 0.5], [[2.0], [-4.0]], [0.0]


def _half_as_high():
    return [[1.0, 1.0]], [0.0, -0.5], [[1.0], [-2.0]], [0.0]


def _upside_down():
    return [[1.0, -1.0]], [-0.5, 0.5], [[2.0], [2.0]], [0.0]


def _second_neuron_asleep():
    return [[1.0, 1.0]], [0.0, -1.0], [[2.0], [-4.0]], [0.0]


def _bias_not_scaled():
    return [[2.0, 4.0]], [0.0, -0.5], [[1.0], [-1.0]], [0.0]


def _folded(x, output):
    W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in output)
    return np.maximum(x @ W1 + b1, 0) @ W2 + b2


def _judge_one_fold(args, output):
    at = np.array([[0.0], [0.25], [0.5], [0.75], [1.0]])
    got = _folded(at, output).ravel()
    if np.allclose(got, [0.0, 0.5, 1.0, 0.5, 0.0], atol=1e-6):
        return None
    answers = ", ".join(f"{answer:.3g}" for answer in got)
    return f"To 0, 0.25, 0.5, 0.75 and 1 your network answers {answers}; wanted are 0, 0.5, 1, 0.5, 0."


def _judge_eight_folds(args, output):
    x = np.linspace(0, 1, 4097)[:, None]
    for _ in range(8):
        x = np.clip(_folded(x, output), -10, 10)
    steps = np.diff(x.ravel())
    steps = steps[np.abs(steps) > 1e-6]
    pieces = 1 + int(np.count_nonzero(np.diff(np.sign(steps)))) if steps.size else 0
    ends = f"it ends at {x[-1, 0]:.3g}"
    if pieces == 256 and np.allclose([x.min(), x.max()], [0, 1], atol=1e-3):
        return None
    return f"Eight of your networks in a row rise and fall in {pieces} pieces and {ends}; wanted are 256, ending at 0."


FOLD_BY_HAND = Exercise(
    id="fold-by-hand",
    chapter=CHAPTER,
    title="A fold from two neurons",
    reference=fold_weights,
    returns=("W1", "b1", "W2", "b2"),
    difficulty=2,
    checks=(
        Check("one fold", 2, lambda rng: [()], judge=_judge_one_fold),
        Check("eight folds in a row", 1, lambda rng: [()], judge=_judge_eight_folds),
    ),
    alternatives=(_fold_with_larger_first_weights, _fold_hung_from_its_top, _fold_from_the_right),
    misconceptions=(
        Misconception(
            _flat_after_the_top,
            "Your curve rises and then stays level. The second neuron has to undo the rise and turn it into a fall: "
            "its weight must outweigh the first one's twice.",
        ),
        Misconception(
            _second_bias_positive,
            "Your curve falls from the start. The second neuron should be silent up to 0.5: a bias is minus the place "
            "of the kink, times the weight.",
        ),
        Misconception(
            _half_as_high,
            "The shape is right, but the top is at 0.5. To rise from 0 to 1 over half the interval takes a slope of 2.",
        ),
        Misconception(
            _upside_down,
            "Your curve stands on its head: a valley at 0.5. Turn the signs of W2, and lift the whole by b2.",
        ),
        Misconception(
            _second_neuron_asleep,
            "Your curve rises all the way. The second neuron begins to speak only at x = 1: its kink belongs at 0.5.",
        ),
        Misconception(
            _bias_not_scaled,
            "The kink is too early: it lies at minus the bias divided by the weight. If you scale the weight, scale "
            "the bias with it.",
        ),
    ),
    hints=(
        "A ReLU neuron with weight 1 and bias -a is silent up to x = a and then rises with slope 1.",
        "Let the first neuron make the rise, from 0 on. Which slope must the second one add from 0.5 on, so that "
        "slope 2 becomes slope -2?",
    ),
)


def width_for_budget(d_in, d_out, depth, budget):
    """The widest dense network of a given depth that a budget of
    parameters allows.

    The network has `depth` hidden layers (at least one), all of the same
    width m, between d_in inputs and d_out outputs; every neuron after the
    inputs has a bias. Returns the largest whole number m for which weights
    and biases together are at most `budget`, and 0 if there is none.
    """
    m, price = 0, d_out
    while price <= budget:
        m += 1
        price = (d_in + 1) * m + (m + 1) * d_out
        price += (depth - 1) * (m + 1) * m
    return max(m - 1, 0)


def _width_by_halving(d_in, d_out, depth, budget):
    low, high = 0, budget + 1
    while high - low > 1:
        m = (low + high) // 2
        sizes = [d_in, *[m] * depth, d_out]
        fits = sum((a + 1) * b for a, b in pairwise(sizes)) <= budget
        low, high = (m, high) if fits else (low, m)
    return low


def _width_by_formula(d_in, d_out, depth, budget):
    square, once, rest = depth - 1, d_in + depth + d_out, d_out - budget
    if rest >= 0:
        return 0
    if square == 0:
        return -rest // once
    root = (-once + np.sqrt(once**2 - 4 * square * rest)) / (2 * square)
    return int(np.floor(root + 1e-9))


def _width_from_a_table(d_in, d_out, depth, budget):
    m = np.arange(1, budget + 1)
    total = (d_in + 1) * m + (depth - 1) * (m**2 + m) + (m + 1) * d_out
    return int(np.sum(total <= budget))


def _largest(parameters, budget, at_most=True):
    m = 0
    while parameters(m + 1) <= budget if at_most else parameters(m + 1) < budget:
        m += 1
    return m


def _budget_without_biases(d_in, d_out, depth, budget):
    return _largest(lambda m: d_in * m + (depth - 1) * m * m + m * d_out, budget)


def _one_hidden_gap_too_many(d_in, d_out, depth, budget):
    return _largest(lambda m: (d_in + 1) * m + depth * (m + 1) * m + (m + 1) * d_out, budget)


def _output_forgotten(d_in, d_out, depth, budget):
    return _largest(lambda m: (d_in + 1) * m + (depth - 1) * (m + 1) * m, budget)


def _output_bias_forgotten(d_in, d_out, depth, budget):
    return _largest(lambda m: (d_in + 1) * m + (depth - 1) * (m + 1) * m + m * d_out, budget)


def _first_that_no_longer_fits(d_in, d_out, depth, budget):
    return 1 + _largest(lambda m: (d_in + 1) * m + (depth - 1) * (m + 1) * m + (m + 1) * d_out, budget)


def _less_than_the_budget(d_in, d_out, depth, budget):
    return _largest(lambda m: (d_in + 1) * m + (depth - 1) * (m + 1) * m + (m + 1) * d_out, budget, at_most=False)


def _one_hidden_layer_whatever_the_depth(d_in, d_out, depth, budget):
    return max(0, (budget - d_out) // (d_in + 1 + d_out))


def _budget_shared_by_neurons(d_in, d_out, depth, budget):
    return budget // depth


def _hidden_gap_linear(d_in, d_out, depth, budget):
    return _largest(lambda m: depth * (d_in + 1) * m + (m + 1) * d_out, budget)


def _parameters(d_in, d_out, depth, m):
    return (d_in + 1) * m + (depth - 1) * (m + 1) * m + (m + 1) * d_out


WIDTH_FOR_BUDGET = Exercise(
    id="width-for-budget",
    chapter=CHAPTER,
    title="As wide as the budget allows",
    reference=width_for_budget,
    difficulty=2,
    checks=(
        Check(
            "one hidden layer",
            1,
            lambda rng: [(2, 1, 1, 500), (64, 10, 1, 2400), (int(rng.integers(5, 20)), 3, 1, 1000)],
        ),
        Check(
            "several hidden layers",
            2,
            lambda rng: [
                (2, 1, 3, 500),
                (64, 10, 2, 5000),
                (10, 2, 8, 3000),
                (int(rng.integers(5, 20)), 3, 4, int(rng.integers(2000, 4000))),
            ],
        ),
        Check(
            "a budget that just fits",
            1,
            lambda rng: [
                (2, 1, 3, _parameters(2, 1, 3, 14)),
                (2, 1, 3, _parameters(2, 1, 3, 14) - 1),
                (7, 2, 5, _parameters(7, 2, 5, int(rng.integers(8, 20)))),
                (30, 1, 2, 20),
                (4, 3, 2, 2),
            ],
        ),
    ),
    alternatives=(_width_by_halving, _width_by_formula, _width_from_a_table),
    misconceptions=(
        Misconception(
            _budget_without_biases,
            "Your networks are a little too wide. Every neuron after the inputs costs a bias as well.",
        ),
        Misconception(
            _one_hidden_gap_too_many,
            "Your deep networks are too narrow. Between `depth` hidden layers there are depth - 1 gaps of m by m.",
        ),
        Misconception(
            _output_forgotten,
            "Your networks overspend. The output layer has weights too: m for each output, and a bias.",
        ),
        Misconception(
            _output_bias_forgotten,
            "Where the budget is nearly used up you are one too wide. The output neurons have biases too: d_out more.",
        ),
        Misconception(
            _first_that_no_longer_fits,
            "You are one too wide each time: this is the first width that no longer fits. Stop one earlier.",
        ),
        Misconception(
            _less_than_the_budget,
            "You are one too narrow where the budget is met exactly. At most the budget includes the budget itself.",
        ),
        Misconception(
            _one_hidden_layer_whatever_the_depth,
            "You answer the same for every depth. Each further hidden layer costs (m + 1) m parameters.",
        ),
        Misconception(
            _budget_shared_by_neurons,
            "You share the budget out among layers, as if a neuron cost one parameter. It costs one weight for each "
            "neuron before it, and a bias.",
        ),
        Misconception(
            _hidden_gap_linear,
            "You charge every hidden layer like the first one. From the second on, a neuron has m inputs, not d_in.",
        ),
    ),
    hints=(
        "Write the parameters of d_in, m, m, d_out as a sum of three terms, one for each gap. Which of them repeats "
        "when the depth grows?",
        "(d_in + 1) m for the first gap, (m + 1) m for each of the depth - 1 gaps between hidden layers, "
        "(m + 1) d_out for the last.",
        "Then count m up until the next one would not fit.",
    ),
)


def residual_backward(x, W1, b1, W2, upstream):
    """The way back through a residual block.

    The block answers x + relu(x @ W1 + b1) @ W2, with x of shape (n, d),
    W1 (d, m), b1 (m,) and W2 (m, d). upstream, of shape (n, d), is the
    gradient of the loss with respect to that answer. Returns the gradient
    of the loss with respect to x, of shape (n, d). No score is exactly 0.
    """
    z = x @ W1 + b1
    dz = (upstream @ W2.T) * (z > 0)
    return upstream + dz @ W1.T


def _residual_by_jacobians(x, W1, b1, W2, upstream):
    dx = np.empty(np.shape(x))
    for i in range(len(x)):
        open_ = np.diag((x[i] @ W1 + b1 > 0).astype(float))
        jacobian = np.eye(x.shape[1]) + W1 @ open_ @ W2
        dx[i] = jacobian @ upstream[i]
    return dx


def _residual_with_einsum(x, W1, b1, W2, upstream):
    is_open = np.heaviside(x @ W1 + b1, 0.0)
    around = upstream
    through = np.einsum("nk,mk,nm,jm->nj", upstream, W2, is_open, W1)
    return np.sum([around, through], axis=0)


def _residual_two_layers_stacked(x, W1, b1, W2, upstream):
    h = np.maximum(x @ W1 + b1, 0)
    dh = np.dot(upstream, np.transpose(W2))
    dh = np.where(h > 0, dh, 0.0)
    return np.hstack([upstream, dh]) @ np.vstack([np.eye(x.shape[1]), W1.T])


def _way_around_forgotten(x, W1, b1, W2, upstream):
    return ((upstream @ W2.T) * (x @ W1 + b1 > 0)) @ W1.T


def _relu_forgotten(x, W1, b1, W2, upstream):
    return upstream + upstream @ W2.T @ W1.T


def _input_added(x, W1, b1, W2, upstream):
    return x + ((upstream @ W2.T) * (x @ W1 + b1 > 0)) @ W1.T


def _one_added(x, W1, b1, W2, upstream):
    return 1 + ((upstream @ W2.T) * (x @ W1 + b1 > 0)) @ W1.T


def _ways_multiplied(x, W1, b1, W2, upstream):
    return upstream * (((upstream @ W2.T) * (x @ W1 + b1 > 0)) @ W1.T)


def _forward_again(x, W1, b1, W2, upstream):
    return upstream + ((upstream @ W1) * (x @ W1 + b1 > 0)) @ W2


def _mask_of_the_upstream(x, W1, b1, W2, upstream):
    dh = upstream @ W2.T
    return upstream + (dh * (dh > 0)) @ W1.T


def _bias_left_out_of_the_score(x, W1, b1, W2, upstream):
    return upstream + ((upstream @ W2.T) * (x @ W1 > 0)) @ W1.T


def _relu_after_the_sum(x, W1, b1, W2, upstream):
    answer = x + np.maximum(x @ W1 + b1, 0) @ W2
    return residual_backward(x, W1, b1, W2, upstream * (answer > 0))


def _relu_after_the_sum_around_only(x, W1, b1, W2, upstream):
    answer = x + np.maximum(x @ W1 + b1, 0) @ W2
    return upstream * (answer > 0) + _way_around_forgotten(x, W1, b1, W2, upstream)


def _outputs_instead_of_slopes(x, W1, b1, W2, upstream):
    return upstream + ((upstream @ W2.T) * np.maximum(x @ W1 + b1, 0)) @ W1.T


def _block(rng, n, d, m):
    return (
        rng.normal(size=(n, d)),
        rng.normal(size=(d, m)),
        rng.normal(size=m),
        rng.normal(size=(m, d)),
        rng.normal(size=(n, d)),
    )


def _silent_block(rng):
    x, W1, _, W2, upstream = _block(rng, 3, 2, 4)
    return x, W1, np.full(4, -50.0), W2, upstream


RESIDUAL_BACKWARD = Exercise(
    id="residual-backward",
    chapter=CHAPTER,
    title="Back through the block and around it",
    reference=residual_backward,
    difficulty=2,
    checks=(
        Check(
            "one example",
            1,
            lambda rng: [
                (
                    np.array([[1.0, 2.0]]),
                    np.array([[1.0, -1.0, 0.5], [0.5, 0.25, -1.0]]),
                    np.array([0.5, 1.25, 0.25]),
                    np.array([[2.0, 1.0], [-1.0, 0.5], [3.0, -2.0]]),
                    np.array([[0.5, -0.25]]),
                ),
                _block(rng, 1, 4, 3),
            ],
        ),
        Check("a batch of examples", 2, lambda rng: [_block(rng, 5, 3, 4), _block(rng, 6, 2, 7)]),
        Check("a chain that is silent", 1, lambda rng: [_silent_block(rng)]),
    ),
    alternatives=(_residual_by_jacobians, _residual_with_einsum, _residual_two_layers_stacked),
    misconceptions=(
        Misconception(
            _way_around_forgotten,
            "Your gradient is what comes back through the layers alone; where they are silent it is 0. The way around "
            "brings the upstream gradient back as it is: add it.",
        ),
        Misconception(
            _relu_forgotten,
            "Your gradient passes through silent neurons as well. Between W2 and W1 stands the slope of the ReLU: 1 "
            "where the score is positive, else 0.",
        ),
        Misconception(
            _input_added,
            "You add x, as on the way forward. On the way back the way around carries the upstream gradient, not x.",
        ),
        Misconception(
            _one_added,
            "You add 1. That is the slope of x in x, but it is multiplied by the upstream gradient: add that.",
        ),
        Misconception(
            _ways_multiplied,
            "You multiply what comes along the two ways. Along one way slopes are multiplied, but where two ways meet "
            "they are added.",
        ),
        Misconception(
            _forward_again,
            "You send the upstream gradient through W1 and then W2, the way forward. Back it meets W2 first, and both "
            "are transposed.",
        ),
        Misconception(
            _mask_of_the_upstream,
            "You keep the positive entries of the gradient. What decides is the score x @ W1 + b1 of the forward pass.",
        ),
        Misconception(
            _bias_left_out_of_the_score,
            "Some neurons count as open that are not, or the other way round. The score has a bias: x @ W1 + b1.",
        ),
        Misconception(
            _relu_after_the_sum,
            "You stop the gradient where the block's answer is not positive. This block has no ReLU behind the sum: "
            "all of the upstream gradient enters both ways.",
        ),
        Misconception(
            _relu_after_the_sum_around_only,
            "You put a ReLU into the way around. Nothing bends there: its slope is 1, whatever the sign of the answer.",
        ),
        Misconception(
            _outputs_instead_of_slopes,
            "You multiply by the outputs of the ReLU. It is its slope that is needed: 1 where it is open, 0 elsewhere.",
        ),
    ),
    hints=(
        "The answer is a sum, x plus the layers' answer. The gradient of a sum is the sum of the gradients.",
        "Through the layers, backwards: upstream @ W2.T, times the slope of the ReLU, then @ W1.T.",
    ),
)


def choose_depth(depths, scores):
    """The smallest depth that does about as well as the best.

    depths lists k different depths, in any order. scores has shape (k, r):
    one row for each depth, one column for each of its r runs (at least
    two); larger is better. The best depth is the one with the largest mean
    score. Its standard error is the standard deviation of its runs, with
    ddof=1, divided by the root of r. Returns the smallest depth whose mean
    is at most one standard error below the best mean.
    """
    means = np.mean(scores, axis=1)
    best = np.argmax(means)
    error = np.std(scores[best], ddof=1) / np.sqrt(scores.shape[1])
    enough = means >= means[best] - error
    return np.min(np.array(depths)[enough])


def _depth_by_sorting(depths, scores):
    scores = np.asarray(scores)
    runs = scores.shape[1]
    best = scores[scores.mean(axis=1).argmax()]
    line = best.mean() - best.std(ddof=1) / runs**0.5
    for place in np.argsort(depths):
        if scores[place].mean() >= line:
            return depths[place]
    return None


def _depth_by_running_through(depths, scores):
    best, line = -np.inf, -np.inf
    for row in scores:
        mean = sum(row) / len(row)
        if mean > best:
            variance = sum((score - mean) ** 2 for score in row) / (len(row) - 1)
            best, line = mean, mean - (variance / len(row)) ** 0.5
    return min(depth for depth, row in zip(depths, scores, strict=True) if sum(row) / len(row) >= line)


def _within(depths, scores, tolerance):
    means = np.mean(scores, axis=1)
    line = np.max(means) - tolerance(scores[np.argmax(means)])
    return min(d for d, mean in zip(depths, means, strict=True) if mean >= line)


def _highest_mean(depths, scores):
    return depths[int(np.argmax(np.mean(scores, axis=1)))]


def _best_single_run(depths, scores):
    return depths[int(np.argmax(np.max(scores, axis=1)))]


def _deviation_for_error(depths, scores):
    return _within(depths, scores, lambda runs: np.std(runs, ddof=1))


def _root_forgotten(depths, scores):
    return _within(depths, scores, lambda runs: np.std(runs, ddof=1) / len(runs))


def _root_of_the_depths(depths, scores):
    return _within(depths, scores, lambda runs: np.std(runs, ddof=1) / np.sqrt(len(depths)))


def _error_of_all_scores(depths, scores):
    return _within(depths, scores, lambda runs: np.std(scores, ddof=1) / np.sqrt(np.size(scores)))


def _spread_with_all_runs_below(depths, scores):
    return _within(depths, scores, lambda runs: np.std(runs) / np.sqrt(len(runs)))


def _first_in_the_list(depths, scores):
    means = np.mean(scores, axis=1)
    best = np.argmax(means)
    error = np.std(scores[best], ddof=1) / np.sqrt(scores.shape[1])
    return next(d for d, mean in zip(depths, means, strict=True) if mean >= means[best] - error)


def _place_for_depth(depths, scores):
    return list(depths).index(choose_depth(depths, scores))


def _own_error(depths, scores):
    means = np.mean(scores, axis=1)
    errors = np.std(scores, axis=1, ddof=1) / np.sqrt(scores.shape[1])
    return min(d for d, m, e in zip(depths, means, errors, strict=True) if m + e >= np.max(means))


def _lowest_mean(depths, scores):
    return depths[int(np.argmin(np.mean(scores, axis=1)))]


def _runs(rng, depths, below, spread, runs=4):
    """Scores whose means lie `below` the best one, in its standard errors, and whose own errors are `spread` of it."""
    pattern = rng.normal(size=(len(depths), runs))
    pattern -= pattern.mean(axis=1, keepdims=True)
    pattern /= pattern.std(axis=1, ddof=1, keepdims=True)
    error = 0.01
    return depths, 0.9 - error * (np.array(below)[:, None] - np.sqrt(runs) * np.array(spread)[:, None] * pattern)


CHOOSE_DEPTH = Exercise(
    id="choose-depth",
    chapter=CHAPTER,
    title="The smallest depth that will do",
    reference=choose_depth,
    difficulty=2,
    checks=(
        Check(
            "one depth is clearly best",
            1,
            lambda rng: [
                _runs(rng, [0, 1, 2, 4], [9.0, 5.0, 0.0, 6.0], [0.5, 0.5, 1.0, 0.5]),
                _runs(rng, [1, 2, 3, 5, 8], [8.0, 7.0, 9.0, 0.0, 6.0], [0.5, 0.5, 0.5, 1.0, 12.0]),
            ],
        ),
        Check(
            "some depths are about as good",
            2,
            lambda rng: [
                _runs(rng, [0, 1, 2, 4], [4.0, 0.3, 0.0, 2.0], [0.5, 0.5, 1.0, 0.5]),
                _runs(rng, [0, 1, 2, 4], [4.0, 0.8, 0.0, 2.0], [0.5, 0.5, 1.0, 0.5]),
                _runs(rng, [0, 1, 2, 4], [1.5, 0.6, 0.0, 0.4], [0.2, 0.3, 1.0, 0.5]),
                _runs(rng, [1, 2, 4, 8], [1.9, 0.95, 0.6, 0.0], [3.0, 0.3, 0.4, 1.0]),
                _runs(rng, [0, 1, 2, 4], [4.0, 1.25, 0.0, 2.0], [0.5, 0.5, 1.0, 0.5], runs=9),
                _runs(rng, [0, 1, 2, 3, 5], [4.0, 0.85, 0.0, 0.5, 2.0], [0.5, 0.5, 1.0, 0.5, 0.5], runs=3),
                _runs(rng, [0, 1, 2, 4], [4.0, 1.2, 0.0, 2.0], [0.5, 0.5, 1.0, 0.5], runs=3),
            ],
        ),
        Check(
            "depths in any order",
            1,
            lambda rng: [
                _runs(rng, [8, 2, 4, 1], [0.0, 0.7, 0.2, 5.0], [1.0, 0.5, 0.5, 0.5]),
                _runs(rng, [4, 8, 1, 2], [0.4, 0.0, 3.0, 0.6], [0.5, 1.0, 0.5, 0.5]),
            ],
        ),
    ),
    alternatives=(_depth_by_sorting, _depth_by_running_through),
    misconceptions=(
        Misconception(
            _highest_mean,
            "You take the depth with the highest mean, however small its lead. Ask which smaller depths come within "
            "one standard error of it.",
        ),
        Misconception(
            _best_single_run,
            "You go by the best single run. That rewards the depth whose runs differ most; compare means.",
        ),
        Misconception(
            _deviation_for_error,
            "You let in depths that are too far below. The standard deviation says how far single runs scatter; a mean "
            "of r runs scatters less, by the root of r.",
        ),
        Misconception(
            _root_forgotten,
            "You turn away a depth that is close enough. Divide the standard deviation by the root of r, not by r.",
        ),
        Misconception(
            _root_of_the_depths,
            "You divide by the root of the number of depths. The mean of a depth is a mean over its runs: divide by "
            "the root of r, `scores.shape[1]`.",
        ),
        Misconception(
            _error_of_all_scores,
            "Your standard error mixes the runs of all depths. How sure the best mean is, only the best depth's own "
            "runs can say.",
        ),
        Misconception(
            _spread_with_all_runs_below,
            "Your standard error is a little too small. With few runs, divide the squares by r - 1: `ddof=1`.",
        ),
        Misconception(
            _first_in_the_list,
            "You take the first depth in the list that is good enough. The list comes in any order: take the smallest.",
        ),
        Misconception(
            _place_for_depth, "You return the place of the depth in the list. Return the depth that stands there."
        ),
        Misconception(
            _own_error,
            "You use each depth's own standard error, so an erratic depth gets in easily. The yardstick is that of the "
            "best depth.",
        ),
        Misconception(
            _lowest_mean, "You take the lowest mean. These are scores: larger is better. With losses it would be so."
        ),
    ),
    hints=(
        "Three steps: the means, the best of them, and how uncertain that best mean is.",
        "`np.std(scores[best], ddof=1) / np.sqrt(r)` is the standard error. Which means are at least best minus that?",
    ),
)


EXERCISES = (FOLD_BY_HAND, WIDTH_FOR_BUDGET, RESIDUAL_BACKWARD, CHOOSE_DEPTH)

QUIZ = (
    Question(
        "A network has 10 inputs, hidden layers of 32 and 16 neurons and one output. How many parameters has the layer "
        "of 16?",
        (
            Choice("512", False, "These are its weights, 32 times 16. Each of its 16 neurons has a bias as well."),
            Choice(
                "528", True, "(32 + 1) times 16: each neuron has a weight for each of the 32 before it, and a bias."
            ),
            Choice("176", False, "(10 + 1) times 16 would be its count if it listened to the inputs. It hears the 32."),
            Choice("897", False, "This is the count of the whole network: 352, 528 and 17."),
        ),
    ),
    Question(
        "A network shall say which of five diseases a patient has; there may be none of them, or several at once. What "
        "is its last layer?",
        (
            Choice(
                "5 neurons with a softmax",
                False,
                "A softmax shares out one certainty: its five answers add up to 1, so it always says exactly one.",
            ),
            Choice(
                "1 neuron, linear, that says 0 to 5",
                False,
                "Disease 4 is not twice disease 2, and one number cannot name several at once.",
            ),
            Choice(
                "5 neurons with a sigmoid each",
                True,
                "Five yes-or-no questions, asked at the same time: each with its own sigmoid and cross-entropy.",
            ),
            Choice(
                "2 neurons with a softmax, for ill and healthy",
                False,
                "This answers another question: it does not say which disease.",
            ),
        ),
    ),
    Question(
        "A network with 20 hidden layers is right on 0.82 of its training examples, one with 2 hidden layers on 0.99. "
        "What is the matter with the deep one?",
        (
            Choice(
                "It does not train well",
                True,
                "It could do at least what the shallow one does, but training does not find it. The training score is "
                "where one sees that.",
            ),
            Choice(
                "It overfits, since it has more parameters",
                False,
                "Overfitting is a high training score beside a low one on new data. Here the training score is low.",
            ),
            Choice(
                "It has too little capacity for these data",
                False,
                "It has more parameters and more layers than the network that does well.",
            ),
            Choice(
                "It needs more training examples",
                False,
                "More examples help against overfitting. This network does not even fit the ones that it has.",
            ),
        ),
    ),
    Question(
        "Ten pairs of ReLU neurons in a row can make a sawtooth of 1,024 pieces. What follows from that?",
        (
            Choice(
                "A network of ten layers learns such a sawtooth easily",
                False,
                "The weights exist, but from random starts training did not find even eight pieces.",
            ),
            Choice(
                "One hidden layer cannot make it",
                False,
                "It can, with 1,024 neurons: one for each kink, and one for the first slope. It is only much dearer.",
            ),
            Choice(
                "Ten layers are better than one on real data, too",
                False,
                "The sawtooth was made for depth. Whether data ask for such folds, only data can tell.",
            ),
            Choice(
                "Some functions take far fewer neurons in many layers than in one",
                True,
                "Twenty neurons against 1,024. The sawtooth shows that such functions exist, no more and no less.",
            ),
        ),
    ),
    Question(
        "All layers inside the blocks of a residual network are silent: they answer 0 to everything. What arrives at "
        "the first layer, on the way back?",
        (
            Choice(
                "Nothing: silent layers let no gradient through",
                False,
                "Through the layers nothing comes. But there is a way around each of them.",
            ),
            Choice(
                "The gradient that entered the last block, unchanged",
                True,
                "Each block answers x, and hands the gradient back as it is. The network starts as if it were shallow.",
            ),
            Choice(
                "Half of it for each block",
                False,
                "The ways are added, not averaged: the way around carries the whole gradient.",
            ),
        ),
    ),
    Question(
        "You scramble the pixels of all images, training and test, in the same way. What will a dense network "
        "say to that?",
        (
            Choice(
                "It fails, since shapes are no longer to be seen",
                False,
                "You see shapes by what lies beside what. A dense network was never told which pixels are neighbours.",
            ),
            Choice(
                "It becomes better, since it sees new pictures",
                False,
                "One fixed order is only another order. Nothing has been added.",
            ),
            Choice(
                "It learns as well as before, give or take the luck of the start",
                True,
                "Its inputs have no order: scramble the rows of its first weights likewise, and nothing has changed.",
            ),
        ),
    ),
)
