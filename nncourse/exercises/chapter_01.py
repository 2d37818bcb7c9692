"""Chapter 1, from neuron to perceptron: threshold, score, learning rule, gates, and what one neuron cannot do."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "from-neuron-to-perceptron"
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def step(z):
    """The threshold unit: 1 where z is at least 0, and 0 elsewhere.

    z is a number or an array of any shape, and stays as it is. Returns
    numbers 0 and 1 in the shape of z. The course's convention: step(0) is
    1.
    """
    return np.where(z >= 0, 1, 0)


def _step_from_truth_values(z):
    return np.asarray(z >= 0).astype(int)


def _step_with_heaviside(z):
    return np.heaviside(z, 1.0)


def _step_by_loop(z):
    answers = [1 if value >= 0 else 0 for value in np.ravel(z)]
    return np.array(answers).reshape(np.shape(z))


def _one_number_only(z):
    return 1 if z >= 0 else 0


def _silent_at_zero(z):
    return np.where(z > 0, 1, 0)


def _sign(z):
    return np.sign(z)


def _minus_one_and_one(z):
    return np.where(z >= 0, 1, -1)


def _truth_values(z):
    return np.asarray(z) >= 0


def _turned_around(z):
    return np.where(z <= 0, 1, 0)


def _with_a_tolerance(z):
    return np.where(z >= -1e-9, 1, 0)


def _written_into_z(z):
    z = np.asarray(z)
    fires = z >= 0
    z[fires], z[~fires] = 1, 0
    return z


STEP = Exercise(
    id="step-function",
    chapter=CHAPTER,
    title="The step function",
    reference=step,
    difficulty=1,
    checks=(
        Check(
            "numbers and arrays",
            1,
            lambda rng: [
                (np.array([-1.5, 0.5, 2.0]),),
                (2.5,),
                (-0.25,),
                (rng.choice([-3.0, -0.7, 0.2, 4.0], size=(2, 3)),),
                (rng.uniform(0.5, 3.0, size=5) * np.array([1, -1, 1, 1, -1]),),
            ],
        ),
        Check(
            "the edge at zero",
            1,
            lambda rng: [(np.array([-1.0, 0.0, 1.0]),), (0.0,), (np.array([-1e-300, -0.0, 0.0, 1e-300]),)],
        ),
    ),
    alternatives=(_step_from_truth_values, _step_with_heaviside, _step_by_loop),
    misconceptions=(
        Misconception(
            _one_number_only,
            "An `if` decides once, for one number. Compare the whole array, `z >= 0`, and let `np.where` choose for "
            "every entry.",
        ),
        Misconception(
            _silent_at_zero, "Look at z = 0: in this course the neuron fires there, so the comparison is `>=`, not `>`."
        ),
        Misconception(
            _sign,
            "`np.sign` answers -1, 0 or 1. The threshold unit knows two answers only, 0 and 1, and 0 counts as 1.",
        ),
        Misconception(
            _minus_one_and_one, "-1 and 1 is another convention, met in older texts. Here a silent neuron answers 0."
        ),
        Misconception(
            _truth_values,
            "The comparison finds the right places, but it answers True and False. `np.where(..., 1, 0)` or "
            "`.astype(int)` makes numbers of them.",
        ),
        Misconception(_turned_around, "Your neuron fires below the threshold. It should fire where z is 0 or more."),
        Misconception(
            _with_a_tolerance,
            "Your threshold sits a little below 0. No tolerance is needed: even -1e-300 is below the threshold.",
        ),
        Misconception(
            _written_into_z,
            "You write the answers into the caller's `z`. Build a new array instead: `np.where` returns one.",
        ),
    ),
    hints=(
        "`z >= 0` works on a whole array at once. What does it return?",
        "`np.where(condition, a, b)` takes `a` where the condition holds and `b` elsewhere.",
    ),
)


def weighted_sum(x, w, b):
    """The score of a neuron: the weighted sum of its inputs plus its bias.

    x holds one example a row, shape (n, d), or is a single example, shape
    (d,). w has shape (d,), b is a number. Returns z of shape (n,), or one
    number for a single example.
    """
    return x @ w + b


def _sum_by_loop(x, w, b):
    rows = np.atleast_2d(x)
    scores = []
    for row in rows:
        z = b
        for x_j, w_j in zip(row, w, strict=True):
            z = z + w_j * x_j
        scores.append(z)
    return np.array(scores) if x.ndim == 2 else scores[0]


def _sum_with_einsum(x, w, b):
    return np.einsum("...j,j->...", x, w) + b


def _sum_of_products(x, w, b):
    return np.sum(x * w, axis=-1) + b


def _bias_for_every_input(x, w, b):
    return np.sum(x * w + b, axis=-1)


def _bias_as_a_factor(x, w, b):
    return (x @ w) * b


def _bias_forgotten(x, w, b):
    return x @ w


def _bias_as_a_threshold(x, w, b):
    return x @ w - b


def _products_not_summed(x, w, b):
    return x * w + b


def _all_examples_summed(x, w, b):
    return np.sum(x * w) + b


def _column_of_scores(x, w, b):
    return np.atleast_2d(x) @ w[:, None] + b


def _already_thresholded(x, w, b):
    return np.where(x @ w + b >= 0, 1, 0)


def _weights_first(x, w, b):
    return w @ x + b


def _summed_over_the_examples(x, w, b):
    return np.sum(x * w, axis=0) + b


def _batches_only(x, w, b):
    return np.sum(x * w, axis=1) + b


WEIGHTED_SUM = Exercise(
    id="weighted-sum",
    chapter=CHAPTER,
    title="Weighted sum plus bias",
    reference=weighted_sum,
    difficulty=1,
    checks=(
        Check(
            "a batch of examples",
            1,
            lambda rng: [
                (np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]), np.array([0.5, -1.0]), 0.25),
                (rng.normal(size=(5, 3)), rng.normal(size=3), rng.uniform(0.5, 2.0)),
                (rng.normal(size=(1, 4)), rng.normal(size=4), -1.5),
            ],
        ),
        Check(
            "one example",
            1,
            lambda rng: [
                (np.array([1.0, 2.0, -1.0]), np.array([0.5, 0.25, 2.0]), 3.0),
                (rng.normal(size=4), np.zeros(4), 0.75),
                (rng.normal(size=2), rng.normal(size=2), -0.5),
            ],
        ),
    ),
    alternatives=(_sum_by_loop, _sum_with_einsum, _sum_of_products),
    misconceptions=(
        Misconception(
            _bias_for_every_input,
            "You add the bias once for every input. A neuron has one bias: add it once, after the sum.",
        ),
        Misconception(_bias_as_a_factor, "The bias is added to the weighted sum, not multiplied: it shifts the score."),
        Misconception(
            _bias_forgotten, "The bias is missing. Without it the score of an all-zero example could only be 0."
        ),
        Misconception(
            _bias_as_a_threshold,
            "You subtract b. That is how a threshold works; a bias is minus the threshold, and it is added.",
        ),
        Misconception(
            _products_not_summed, "You multiply inputs and weights but do not add the products up. `x @ w` does both."
        ),
        Misconception(
            _all_examples_summed,
            "You add the examples together. Sum over the inputs of each row only: one score an example.",
        ),
        Misconception(
            _column_of_scores, "You return a column, shape (n, 1). One neuron gives one number an example: shape (n,)."
        ),
        Misconception(
            _already_thresholded, "You apply the step as well. Stop at the score z; the threshold comes after it."
        ),
        Misconception(
            _weights_first,
            "With w in front, `@` pairs the weights with the rows of x, the examples. They belong to the columns, "
            "the inputs: x comes first, `x @ w`.",
        ),
        Misconception(
            _summed_over_the_examples,
            "`axis=0` adds down each column, over the examples. The sum of one neuron runs along each row, over the "
            "inputs: `axis=-1`, or `x @ w`.",
        ),
        Misconception(
            _batches_only,
            "A single example has one axis only, and no axis 1. The inputs are always the last axis: `axis=-1`, or "
            "`x @ w`.",
        ),
    ),
    hints=(
        "Write the score of one example on paper first: w_1 x_1 + w_2 x_2 + ... + b.",
        "`x @ w` multiplies and adds along the last axis of x, for one row or for many.",
    ),
)


def perceptron_update(x, y, w, b, learning_rate):
    """One step of the perceptron rule, on one example.

    x and w have shape (d,); y is 0 or 1; b and learning_rate are numbers.
    The prediction is 1 where the score w . x + b is at least 0, else 0.
    Returns the new weights and the new bias; the arguments stay as they
    are.
    """
    y_hat = 1 if x @ w + b >= 0 else 0
    w_new = w + learning_rate * (y - y_hat) * x
    b_new = b + learning_rate * (y - y_hat)
    return w_new, b_new


def _update_by_cases(x, y, w, b, learning_rate):
    fires = sum(w * x) + b >= 0
    if fires and y == 0:
        return w - learning_rate * x, b - learning_rate
    if not fires and y == 1:
        return w + learning_rate * x, b + learning_rate
    return w, b


def _update_with_the_bias_as_a_weight(x, y, w, b, learning_rate):
    inputs, weights = np.append(x, 1.0), np.append(w, b)
    weights = weights + learning_rate * (y - np.heaviside(weights @ inputs, 1.0)) * inputs
    return weights[:-1], weights[-1]


def _away_from_the_target(x, y, w, b, learning_rate):
    y_hat = 1 if x @ w + b >= 0 else 0
    return w + learning_rate * (y_hat - y) * x, b + learning_rate * (y_hat - y)


def _moves_when_right(x, y, w, b, learning_rate):
    return w + learning_rate * (2 * y - 1) * x, b + learning_rate * (2 * y - 1)


def _bias_never_learns(x, y, w, b, learning_rate):
    y_hat = 1 if x @ w + b >= 0 else 0
    return w + learning_rate * (y - y_hat) * x, b


def _weights_changed_in_place(x, y, w, b, learning_rate):
    y_hat = 1 if x @ w + b >= 0 else 0
    w += learning_rate * (y - y_hat) * x
    b += learning_rate * (y - y_hat)
    return w, b


def _score_for_prediction(x, y, w, b, learning_rate):
    z = x @ w + b
    return w + learning_rate * (y - z) * x, b + learning_rate * (y - z)


def _rate_forgotten(x, y, w, b, learning_rate):
    y_hat = 1 if x @ w + b >= 0 else 0
    return w + (y - y_hat) * x, b + (y - y_hat)


def _input_forgotten(x, y, w, b, learning_rate):
    y_hat = 1 if x @ w + b >= 0 else 0
    return w + learning_rate * (y - y_hat), b + learning_rate * (y - y_hat)


def _zero_score_is_silent(x, y, w, b, learning_rate):
    y_hat = 1 if x @ w + b > 0 else 0
    return w + learning_rate * (y - y_hat) * x, b + learning_rate * (y - y_hat)


def _update_cases(rng, right):
    """Random examples of both classes, all predicted rightly or all wrongly."""
    cases = []
    for d, y in ((2, 0), (3, 1), (4, 0), (3, 1)):
        x, w, b = rng.uniform(0.5, 2.0, d), rng.normal(size=d), rng.uniform(0.2, 1.0)
        fires = x @ w + b >= 0
        if fires != (y == right):
            w, b = -w, -b
        cases.append((x, y, w, b, 0.25))
    return cases


def _change_alone(x, y, w, b, learning_rate):
    y_hat = 1 if x @ w + b >= 0 else 0
    return learning_rate * (y - y_hat) * x, learning_rate * (y - y_hat)


PERCEPTRON_UPDATE = Exercise(
    id="perceptron-update",
    chapter=CHAPTER,
    title="One step of the perceptron rule",
    reference=perceptron_update,
    returns=("w_new", "b_new"),
    difficulty=1,
    checks=(
        Check(
            "a wrong prediction moves the line",
            2,
            lambda rng: [
                (np.array([2.0, 1.0]), 1, np.array([-1.0, 0.5]), 0.5, 0.5),
                (np.array([1.0, 3.0]), 0, np.array([0.5, 1.0]), -0.5, 0.1),
                (np.array([2.0, -1.0, 3.0]), 0, np.zeros(3), 0.0, 0.5),
                (np.array([1.0, 1.0]), 1, np.array([1.0, 0.5]), -2.0, 0.5),  # the bias decides
                *_update_cases(rng, right=False),
            ],
        ),
        Check(
            "a right prediction moves nothing",
            1,
            lambda rng: [
                (np.array([2.0, 1.0]), 1, np.array([1.0, 0.5]), -0.5, 0.5),
                (np.array([1.0, -2.0, 0.5]), 1, np.zeros(3), 0.0, 0.5),
                *_update_cases(rng, right=True),
            ],
        ),
    ),
    alternatives=(_update_by_cases, _update_with_the_bias_as_a_weight),
    misconceptions=(
        Misconception(
            _away_from_the_target,
            "Your step goes the wrong way: after it the example scores worse than before. The error is y minus the "
            "prediction.",
        ),
        Misconception(
            _moves_when_right,
            "You move the line for every example. The perceptron learns from its mistakes only: where the prediction "
            "is right, y minus the prediction is 0.",
        ),
        Misconception(
            _bias_never_learns,
            "Only the weights learn. The bias takes the same step, as the weight of an input that is 1.",
        ),
        Misconception(
            _weights_changed_in_place,
            "`w += ...` writes into the caller's array. `w = w + ...` makes a new one.",
        ),
        Misconception(
            _score_for_prediction,
            "You use the score z as the prediction. Pass it through the step first, so that the error is -1, 0 or 1.",
        ),
        Misconception(_rate_forgotten, "The learning rate does not enter your step: multiply the error by it."),
        Misconception(
            _input_forgotten,
            "All weights take the same step. Weight j should move by an amount that is proportional to its input x_j.",
        ),
        Misconception(
            _zero_score_is_silent, "Look at a score of exactly 0: the neuron fires there, so the comparison is `>=`."
        ),
        Misconception(
            _change_alone,
            "You return the change alone. Add it to the old weights and the old bias: asked for are the new ones.",
        ),
    ),
    hints=(
        "First predict: score, then step. Call the result `y_hat`.",
        "The error `y - y_hat` is 1, 0 or -1. What should happen to the score in each case?",
        "Weights move by learning_rate * error * x, the bias by learning_rate * error.",
    ),
)


def perceptron_train(x, y, learning_rate, epochs):
    """Train a perceptron by the perceptron rule, one example after the other.

    x has shape (n, d), y holds n zeros and ones. Weights and bias start at
    0. An epoch goes through the rows in order and updates after each; the
    score 0 predicts 1. Training ends after the first epoch without a
    mistake, or after `epochs` epochs. Returns the weights (d,), the bias,
    and an array with the number of mistakes of each epoch run.
    """
    w, b = np.zeros(x.shape[1]), 0.0
    mistakes = []
    for _ in range(epochs):
        count = 0
        for x_i, y_i in zip(x, y, strict=True):
            error = y_i - (1 if x_i @ w + b >= 0 else 0)
            w = w + learning_rate * error * x_i
            b = b + learning_rate * error
            count = count + abs(error)
        mistakes.append(count)
        if count == 0:
            break
    return w, b, np.array(mistakes)


def _train_with_the_bias_as_a_weight(x, y, learning_rate, epochs):
    inputs = np.column_stack([x, np.ones(len(x))])
    weights, mistakes = np.zeros(inputs.shape[1]), []
    while len(mistakes) < epochs and (not mistakes or mistakes[-1] > 0):
        before = 0
        for row, target in zip(inputs, y, strict=True):
            error = target - np.heaviside(row @ weights, 1.0)
            weights = weights + learning_rate * error * row
            before += int(error != 0)
        mistakes.append(before)
    return weights[:-1], weights[-1], mistakes


def _train_by_index(x, y, learning_rate, epochs):
    w, b, history = [0.0] * x.shape[1], 0.0, []
    for epoch in range(epochs):
        history.append(0)
        for i in range(len(y)):
            z = b + sum(w[j] * x[i, j] for j in range(len(w)))
            if (z >= 0) != (y[i] == 1):
                direction = 1 if y[i] == 1 else -1
                w = [w[j] + direction * learning_rate * x[i, j] for j in range(len(w))]
                b = b + direction * learning_rate
                history[epoch] += 1
        if history[epoch] == 0:
            return np.array(w), b, np.array(history)
    return np.array(w), b, np.array(history)


def _one_update_an_epoch(x, y, learning_rate, epochs):
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(epochs):
        error = y - np.where(x @ w + b >= 0, 1, 0)
        w, b = w + learning_rate * error @ x, b + learning_rate * np.sum(error)
        mistakes.append(np.sum(np.abs(error)))
        if mistakes[-1] == 0:
            break
    return w, b, np.array(mistakes)


def _train(x, y, learning_rate, epochs, *, fires=np.greater_equal, bias=True, restart=False, stop=True, last=True):
    """The loop that the misconceptions below share, each with one thing turned."""
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(epochs):
        if restart:
            w, b = np.zeros(x.shape[1]), 0.0
        count = 0
        for x_i, y_i in zip(x, y, strict=True):
            error = y_i - int(fires(x_i @ w + b, 0))
            w, b = w + learning_rate * error * x_i, b + learning_rate * error * bias
            count += int(error != 0)
        if stop and count == 0:
            return w, b, np.array([*mistakes, count] if last else mistakes)
        mistakes.append(count)
    return w, b, np.array(mistakes)


def _never_stops(x, y, learning_rate, epochs):
    return _train(x, y, learning_rate, epochs, stop=False)


def _clean_epoch_not_counted(x, y, learning_rate, epochs):
    return _train(x, y, learning_rate, epochs, last=False)


def _starts_again_every_epoch(x, y, learning_rate, epochs):
    return _train(x, y, learning_rate, epochs, restart=True)


def _without_a_bias(x, y, learning_rate, epochs):
    return _train(x, y, learning_rate, epochs, bias=False)


def _silent_at_score_zero(x, y, learning_rate, epochs):
    return _train(x, y, learning_rate, epochs, fires=np.greater)


def _total_of_mistakes(x, y, learning_rate, epochs):
    w, b, mistakes = _train(x, y, learning_rate, epochs)
    return w, b, np.sum(mistakes)


def _counts_after_the_epoch(x, y, learning_rate, epochs):
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(epochs):
        for x_i, y_i in zip(x, y, strict=True):
            error = y_i - (1 if x_i @ w + b >= 0 else 0)
            w, b = w + learning_rate * error * x_i, b + learning_rate * error
        mistakes.append(np.sum(np.where(x @ w + b >= 0, 1, 0) != y))
        if mistakes[-1] == 0:
            break
    return w, b, np.array(mistakes)


def _separable(rng, n, d):
    """Whole-number points on both sides of a line that passes between them."""
    while True:
        x, w = rng.integers(-4, 5, size=(n, d)).astype(float), rng.integers(1, 4, size=d)
        y = np.where(x @ w - 1.5 >= 0, 1, 0)
        if 2 <= np.sum(y) <= n - 2:
            return x, y


AND, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 0])


def _errors_with_their_sign(x, y, learning_rate, epochs):
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(epochs):
        count = 0
        for x_i, y_i in zip(x, y, strict=True):
            error = y_i - (1 if x_i @ w + b >= 0 else 0)
            w, b = w + learning_rate * error * x_i, b + learning_rate * error
            count += error
        mistakes.append(count)
        if count == 0:
            break
    return w, b, np.array(mistakes)


def _count_starts_again_at_every_example(x, y, learning_rate, epochs):
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, []
    for _ in range(epochs):
        for x_i, y_i in zip(x, y, strict=True):
            count = 0
            error = y_i - (1 if x_i @ w + b >= 0 else 0)
            w, b = w + learning_rate * error * x_i, b + learning_rate * error
            count += abs(error)
        mistakes.append(count)
        if count == 0:
            break
    return w, b, np.array(mistakes)


def _one_epoch_only(x, y, learning_rate, epochs):
    return _train(x, y, learning_rate, 1)


def _one_example_only(x, y, learning_rate, epochs):
    return _train(x[:1], y[:1], learning_rate, 1)


PERCEPTRON_TRAIN = Exercise(
    id="perceptron-train",
    chapter=CHAPTER,
    title="Train a perceptron",
    reference=perceptron_train,
    returns=("w", "b", "mistakes"),
    difficulty=2,
    checks=(
        Check("the AND gate", 2, lambda rng: [(CORNERS, AND, 1.0, 20), (CORNERS, AND, 0.5, 20)]),
        Check(
            "points that a line separates",
            2,
            lambda rng: [(*_separable(rng, n, d), rate, 40) for n, d, rate in ((7, 2, 1.0), (8, 3, 0.25))],
        ),
        Check("points that no line separates", 1, lambda rng: [(CORNERS, XOR, 1.0, 7), (CORNERS, AND, 1.0, 3)]),
    ),
    alternatives=(_train_with_the_bias_as_a_weight, _train_by_index),
    misconceptions=(
        Misconception(
            _one_update_an_epoch,
            "You collect the whole epoch and update once at its end. The perceptron updates after every example, so "
            "the next example already meets the new weights.",
        ),
        Misconception(
            _never_stops, "Training goes on after an epoch without a mistake. Nothing can change any more: stop there."
        ),
        Misconception(
            _clean_epoch_not_counted,
            "The epoch without a mistake belongs to the record too: append its 0 before you leave the loop.",
        ),
        Misconception(
            _starts_again_every_epoch,
            "Weights and bias go back to 0 at every epoch. Set them once, before the loop over the epochs.",
        ),
        Misconception(
            _without_a_bias,
            "Your bias stays 0, so the line always passes through the origin. The bias takes a step with each mistake.",
        ),
        Misconception(
            _silent_at_score_zero, "Your first prediction differs: the score is 0 there, and a score of 0 predicts 1."
        ),
        Misconception(
            _total_of_mistakes, "You return the sum of all mistakes. Return one count for every epoch, as an array."
        ),
        Misconception(
            _counts_after_the_epoch,
            "You count the errors of the finished weights after each epoch. Count the mistakes as they happen, each "
            "before its update.",
        ),
        Misconception(
            _errors_with_their_sign,
            "You add up the errors with their signs, so a +1 and a -1 cancel, and training may stop too early. Count "
            "`abs(error)`.",
        ),
        Misconception(
            _count_starts_again_at_every_example,
            "Your count goes back to 0 at every example, so only the last one is counted. Set it to 0 once an epoch, "
            "before the inner loop.",
        ),
        Misconception(
            _one_epoch_only,
            "Your function returns after its first epoch. Is the `return` indented into the loop? It belongs after "
            "both loops.",
        ),
        Misconception(
            _one_example_only,
            "Your function returns after its first example. Is the `return` indented into the inner loop? It belongs "
            "after both loops.",
        ),
    ),
    hints=(
        "Two loops: epochs outside, rows inside. The inside is the update that you have written already.",
        "Count inside the inner loop, before the weights change; append the count after it.",
        "Append first, then ask whether the count is 0 and `break`.",
    ),
)


def gate_weights(name):
    """Weights and bias of one threshold neuron that computes a logic gate.

    name is "AND", "OR" or "NAND" (NAND is 0 for two ones and 1 otherwise).
    The neuron fires where w . x + b is at least 0. Returns w of shape (2,)
    and b. No score w . x + b of the four inputs may come closer to 0 than
    0.25.
    """
    if name == "AND":
        return np.array([1.0, 1.0]), -1.5
    if name == "OR":
        return np.array([1.0, 1.0]), -0.5
    return np.array([-1.0, -1.0]), 1.5


GATES = {"AND": AND, "OR": np.array([0, 1, 1, 1]), "NAND": np.array([1, 1, 1, 0])}


def _gates_from_a_table(name):
    table = {"AND": (2, 3, -4), "OR": (5, 4, -2), "NAND": (-3, -2, 4)}
    *w, b = table[name]
    return w, b


def _gates_by_least_squares(name):
    targets = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}[name]
    inputs = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    solution = np.linalg.lstsq(inputs, 4 * (np.array(targets) - 0.5), rcond=None)[0]
    return solution[:2], solution[2]


def _line_through_a_point(name):
    return {"AND": ([1.0, 1.0], -2.0), "OR": ([1.0, 1.0], -1.0), "NAND": ([-1.0, -1.0], 1.0)}[name]


def _bias_not_turned(name):
    return {"AND": ([1.0, 1.0], -1.5), "OR": ([1.0, 1.0], -0.5), "NAND": ([-1.0, -1.0], -1.5)}[name]


def _threshold_for_bias(name):
    return {"AND": ([1.0, 1.0], 1.5), "OR": ([1.0, 1.0], 0.5), "NAND": ([-1.0, -1.0], -1.5)}[name]


def _and_or_swapped(name):
    return {"AND": ([1.0, 1.0], -0.5), "OR": ([1.0, 1.0], -1.5), "NAND": ([-1.0, -1.0], 1.5)}[name]


def _nor_for_nand(name):
    return {"AND": ([1.0, 1.0], -1.5), "OR": ([1.0, 1.0], -0.5), "NAND": ([-1.0, -1.0], 0.5)}[name]


def _one_input_only(name):
    return {"AND": ([1.0, 0.0], -0.5), "OR": ([1.0, 0.0], -0.5), "NAND": ([-1.0, 0.0], 0.5)}[name]


def _judge_gate(args, output):
    name, (w, b) = args[0], output
    scores = CORNERS @ w + b
    fires, wanted = np.where(scores >= 0, 1, 0), GATES[name]
    if np.any(fires != wanted):
        answers = f"{fires[0]}, {fires[1]}, {fires[2]}, {fires[3]}"
        return (
            f"For {name} your neuron answers {answers} to (0, 0), (0, 1), (1, 0), (1, 1); "
            f"it should answer {', '.join(map(str, wanted))}."
        )
    if np.min(np.abs(scores)) < 0.25 - 1e-9:
        return f"{name} is right, but some score is closer to 0 than 0.25: the line nearly touches a point."
    return None


def _gate_check(name):
    return Check(f"the {name} gate", 1, lambda rng: [(name,)], judge=_judge_gate)


GATE_WEIGHTS = Exercise(
    id="gate-weights",
    chapter=CHAPTER,
    title="Logic gates by hand",
    reference=gate_weights,
    returns=("w", "b"),
    difficulty=1,
    checks=(_gate_check("AND"), _gate_check("OR"), _gate_check("NAND")),
    alternatives=(_gates_from_a_table, _gates_by_least_squares),
    misconceptions=(
        Misconception(
            _line_through_a_point,
            "Your lines pass through the points themselves, where the smallest noise flips the answer. Move each "
            "line half a step, between the points: -1.5 instead of -2.",
        ),
        Misconception(
            _bias_not_turned,
            "NAND is AND turned around, and turning around means every sign: of both weights and of the bias.",
        ),
        Misconception(
            _threshold_for_bias,
            "The sign of your bias is turned. To fire when the sum reaches 1.5, the bias is -1.5: minus the threshold.",
        ),
        Misconception(
            _and_or_swapped,
            "AND and OR are swapped. The bias decides how many ones it takes: AND needs two, OR is content with one.",
        ),
        Misconception(
            _nor_for_nand, "Your NAND is a NOR: one active input already silences it. Only both together should."
        ),
        Misconception(
            _one_input_only,
            "The second weight is 0, so the neuron never looks at the second input. Both count equally.",
        ),
    ),
    hints=(
        "Choose both weights 1. Which sums w . x can occur, and from which sum on should the gate fire?",
        "Put the threshold halfway between the last silent sum and the first firing one; the bias is minus that.",
        "NAND says the opposite of AND. What do you do to a score to turn its sign around?",
    ),
)


def xor_from_gates(x):
    """XOR from three threshold neurons: two look at the inputs, the third
    looks at the two.

    x has shape (n, 2); its entries are 0 or 1, give or take 0.1, as signals
    are. Each neuron fires (1) where its score is at least 0 and is silent
    (0) elsewhere. Returns n clean zeros and ones: 1 where exactly one input
    is on.
    """
    either = np.where(x @ np.array([1, 1]) - 0.5 >= 0, 1, 0)
    not_both = np.where(x @ np.array([-1, -1]) + 1.5 >= 0, 1, 0)
    return np.where(either + not_both - 1.5 >= 0, 1, 0)


def _xor_or_without_and(x):
    hidden = np.heaviside(x @ np.array([[1.0, 1.0], [1.0, 1.0]]) - np.array([0.5, 1.5]), 1.0)
    return np.heaviside(hidden @ np.array([1.0, -1.0]) - 0.5, 1.0)


def _xor_by_loop(x):
    def fires(w1, w2, b, p, q):
        return int(w1 * p + w2 * q + b >= 0)

    answers = []
    for p, q in x:
        only_first, only_second = fires(1, -1, -0.5, p, q), fires(-1, 1, -0.5, p, q)
        answers.append(fires(1, 1, -0.5, only_first, only_second))
    return answers


def _or_alone(x):
    return np.where(x @ np.array([1, 1]) - 0.5 >= 0, 1, 0)


def _arithmetic(x):
    return x[:, 0] + x[:, 1] - 2 * x[:, 0] * x[:, 1]


def _exact_comparison(x):
    return np.where(x[:, 0] != x[:, 1], 1, 0)


def _and_of_or_and_and(x):
    either = np.where(x @ np.array([1, 1]) - 0.5 >= 0, 1, 0)
    both = np.where(x @ np.array([1, 1]) - 1.5 >= 0, 1, 0)
    return np.where(either + both - 1.5 >= 0, 1, 0)


def _or_at_the_end(x):
    either = np.where(x @ np.array([1, 1]) - 0.5 >= 0, 1, 0)
    not_both = np.where(x @ np.array([-1, -1]) + 1.5 >= 0, 1, 0)
    return np.where(either + not_both - 0.5 >= 0, 1, 0)


def _xnor(x):
    return 1 - xor_from_gates(x)


def _no_step_inside(x):
    either = x @ np.array([1, 1]) - 0.5
    not_both = x @ np.array([-1, -1]) + 1.5
    return np.where(either + not_both - 1.5 >= 0, 1, 0)


def _thresholds_on_the_points(x):
    either = np.where(x @ np.array([1, 1]) - 1 >= 0, 1, 0)
    not_both = np.where(x @ np.array([-1, -1]) + 1 >= 0, 1, 0)
    return np.where(either + not_both - 2 >= 0, 1, 0)


def _thresholds_of_or_and_and_on_the_points(x):
    either = np.where(x @ np.array([1, 1]) - 1 >= 0, 1, 0)
    both = np.where(x @ np.array([1, 1]) - 2 >= 0, 1, 0)
    return np.where(either - both - 1 >= 0, 1, 0)


XOR_FROM_GATES = Exercise(
    id="xor-from-gates",
    chapter=CHAPTER,
    title="XOR from three neurons",
    reference=xor_from_gates,
    difficulty=1,
    checks=(
        Check("clean inputs", 1, lambda rng: [(CORNERS,), (CORNERS[[2, 0, 3]],), (CORNERS[rng.integers(0, 4, 6)],)]),
        Check(
            "slightly noisy inputs",
            1,
            lambda rng: [
                (np.array([[0.05, -0.1], [0.1, 0.95], [1.05, 0.0], [0.9, 1.1], [1.02, 0.98]]),),
                (CORNERS[[0, 1, 2, 3, 3, 0]] + rng.uniform(-0.1, 0.1, size=(6, 2)),),
                *((CORNERS + np.array([p, q]),) for p in (-0.1, 0.1) for q in (-0.1, 0.1)),
            ],
        ),
    ),
    alternatives=(_xor_or_without_and, _xor_by_loop),
    misconceptions=(
        Misconception(
            _or_alone,
            "This is one OR neuron, and it also fires for two ones. No single line separates XOR: use three neurons.",
        ),
        Misconception(
            _arithmetic,
            "The formula is right for exact zeros and ones, but it passes noise on. A threshold neuron gives a clean "
            "0 or 1.",
        ),
        Misconception(
            _exact_comparison,
            "`!=` sees a difference between 0.98 and 1.02. Let threshold neurons decide what counts as on.",
        ),
        Misconception(
            _and_of_or_and_and,
            "Your two first gates are OR and AND, and joining them gives AND again. The second gate has to forbid "
            "two ones: NAND.",
        ),
        Misconception(
            _or_at_the_end,
            "OR or NAND is always true. The last neuron has to ask for both at once: it is an AND.",
        ),
        Misconception(_xnor, "Every answer is turned around: your network finds equal inputs. Turn the last neuron."),
        Misconception(
            _no_step_inside,
            "The first two neurons hand on their scores instead of 0 or 1. Without the step between them, three "
            "neurons add up to a single one.",
        ),
        Misconception(
            _thresholds_on_the_points,
            "Right for clean inputs, but the thresholds sit on the points themselves, and the smallest noise crosses "
            "them. Leave room on both sides: biases of -0.5, +1.5 and -1.5 instead of -1, +1 and -2.",
        ),
        Misconception(
            _thresholds_of_or_and_and_on_the_points,
            "Right for clean inputs, but OR begins exactly at 1 and AND exactly at 2, and the smallest noise falls "
            "below. Leave room: -0.5 instead of -1 for OR, -1.5 instead of -2 for AND.",
        ),
    ),
    hints=(
        "XOR in words: one or the other, but not both. Each half of that sentence is a gate.",
        "OR and NAND look at the inputs, AND looks at their answers.",
        "You have the weights of all three gates from the exercise `gate-weights`.",
    ),
)


EXERCISES = (STEP, WEIGHTED_SUM, PERCEPTRON_UPDATE, PERCEPTRON_TRAIN, GATE_WEIGHTS, XOR_FROM_GATES)

QUIZ = (
    Question(
        "In the usual comparison with a biological neuron, what do the weights of an artificial neuron stand for?",
        (
            Choice(
                "The axon",
                False,
                "The axon is the one output line: it carries the same answer to every receiver.",
            ),
            Choice(
                "The dendrites",
                False,
                "Dendrites bring the signals in: they are the inputs. How much each input counts is decided at the "
                "synapse.",
            ),
            Choice(
                "The synapses",
                True,
                "Each synapse passes its signal on more or less strongly, and learning changes these strengths, as "
                "it changes weights.",
            ),
            Choice(
                "The cell body",
                False,
                "The cell body gathers the signals and fires beyond a threshold: that is the sum and the activation.",
            ),
        ),
    ),
    Question(
        "A perceptron starts from zero weights and a zero bias. You multiply its learning rate by 10. What changes?",
        (
            Choice(
                "It learns in a tenth of the epochs, as every step is ten times as long",
                False,
                "Only the sign of a score decides, and multiplying all weights and the bias by 10 changes no sign.",
            ),
            Choice(
                "The size of weights and bias, and no prediction",
                True,
                "Every score is ten times as large with the same sign, so (in exact arithmetic) the mistakes, and "
                "with them the whole course of training, stay the same.",
            ),
            Choice(
                "It may overshoot the right line and swing around it without arriving",
                False,
                "That happens with gradients. From a zero start the rate only sets the unit in which weights are "
                "measured.",
            ),
        ),
    ),
    Question(
        "You train a perceptron on the four points of XOR. What do you see?",
        (
            Choice(
                "Mistakes in every epoch, however long you wait",
                True,
                "No line separates the two classes, so every epoch contains at least one mistake; the weights keep "
                "moving.",
            ),
            Choice(
                "It ends with three of four right and stops changing",
                False,
                "Three of four is the best that one line can do, but the fourth point is a mistake and moves the "
                "weights again: nothing comes to rest.",
            ),
            Choice(
                "It learns XOR, provided that the learning rate is small enough",
                False,
                "The rate cannot help: there is no weight vector that gets all four points right.",
            ),
        ),
    ),
    Question(
        "Score w . x + b = 0 exactly. What does the neuron of this course answer?",
        (
            Choice(
                "0",
                False,
                "Some texts choose this. The choice matters: from zero weights, the very first score is 0.",
            ),
            Choice(
                "1",
                True,
                "The course sets step(0) = 1. It is a convention, so it has to be said once and kept.",
            ),
            Choice(
                "0.5",
                False,
                "A threshold unit has two answers only. A half comes with the sigmoid.",
            ),
        ),
    ),
    Question(
        "Two kinds of flowers overlap, and no line separates them. What does a perceptron do on them, epoch after "
        "epoch?",
        (
            Choice(
                "It comes to rest on the line with the fewest mistakes",
                False,
                "It rests on no line: whichever it has, some flower is on the wrong side and moves it at its turn.",
            ),
            Choice(
                "It gets a little better with every epoch, ever more slowly",
                False,
                "An update mends the score of one flower and asks nothing about the others. The share of right "
                "answers jumps up and down.",
            ),
            Choice(
                "It keeps jumping, so the moment you stop decides",
                True,
                "Each mistake drags the whole line along, and some mistake always comes. Longer training can make the "
                "bad moments rarer; it does not end them.",
            ),
        ),
    ),
)
