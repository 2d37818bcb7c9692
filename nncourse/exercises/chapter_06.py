"""Chapter 6, gradient descent: a step, a walk, a measured slope, the edge of stability, kinds of level places."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "gradient-descent"


def gradient_step(w, gradient, learning_rate):
    """One step of gradient descent: the weights after it.

    w is a number or an array of any shape, and stays as it is. gradient
    holds the slope of the loss for every entry of w, in the same shape.
    learning_rate is a positive number. Returns the new weights, in the
    shape of w.
    """
    return w - learning_rate * gradient


def _step_with_numpy_words(w, gradient, learning_rate):
    return np.subtract(w, np.multiply(learning_rate, gradient))


def _step_entry_by_entry(w, gradient, learning_rate):
    new = np.array(w, dtype=float)
    for i in np.ndindex(new.shape):
        new[i] -= learning_rate * np.asarray(gradient)[i]
    return new


def _step_on_a_copy(w, gradient, learning_rate):
    moved = -learning_rate * gradient
    moved += w
    return moved


def _uphill(w, gradient, learning_rate):
    return w + learning_rate * gradient


def _step_in_place(w, gradient, learning_rate):
    w -= learning_rate * gradient
    return w


def _step_times_weight(w, gradient, learning_rate):
    return w - learning_rate * w * gradient


def _rate_forgotten(w, gradient, learning_rate):
    return w - gradient


def _length_of_the_step_fixed(w, gradient, learning_rate):
    return w - learning_rate * gradient / np.linalg.norm(gradient)


def _sign_alone(w, gradient, learning_rate):
    return w - learning_rate * np.sign(gradient)


def _the_change_alone(w, gradient, learning_rate):
    return -learning_rate * gradient


def _turned_subtraction(w, gradient, learning_rate):
    return learning_rate * gradient - w


GRADIENT_STEP = Exercise(
    id="gradient-step",
    chapter=CHAPTER,
    title="One step downhill",
    reference=gradient_step,
    difficulty=1,
    checks=(
        Check(
            "one weight",
            1,
            lambda rng: [
                (0.5, 2.0, 0.1),
                (0.0, -15.7, 0.1),
                (float(rng.normal()), float(rng.normal()), float(rng.uniform(0.01, 0.5))),
            ],
        ),
        Check(
            "many weights, in any shape",
            1,
            lambda rng: [
                (np.array([1.0, -2.0, 0.5]), np.array([0.4, -0.2, 3.0]), 0.5),
                (rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), 0.25),
            ],
        ),
    ),
    alternatives=(_step_with_numpy_words, _step_entry_by_entry, _step_on_a_copy),
    misconceptions=(
        Misconception(
            _uphill,
            "You walk uphill: a weight with a positive slope grows. The gradient points to where the loss rises, so "
            "subtract it.",
        ),
        Misconception(
            _step_in_place,
            "The numbers are right, but the caller's array has moved too. `w -= ...` writes into it; `w - ...` makes "
            "a new one.",
        ),
        Misconception(
            _step_times_weight,
            "Your step is multiplied by the weight itself, so a weight of 0 could never move. The rule has three "
            "parts only: w, the rate and the slope.",
        ),
        Misconception(
            _rate_forgotten,
            "Your step is as long as the gradient: the learning rate is not in it. Multiply the slope by the rate.",
        ),
        Misconception(
            _length_of_the_step_fixed,
            "All your steps have the same length. Gradient descent does not divide by the length of the gradient: "
            "where it is steep the step is longer.",
        ),
        Misconception(
            _sign_alone,
            "Every weight moves by exactly the learning rate. You use the sign of the slope and lose its size.",
        ),
        Misconception(
            _the_change_alone, "You return the change. The new weights are the old ones plus this change: start from w."
        ),
        Misconception(
            _turned_subtraction,
            "Your answer has the opposite sign. The subtraction is turned around: the step is taken from w, not w "
            "from the step.",
        ),
    ),
    hints=(
        "The rule of the chapter, read from left to right, is one line of Python.",
        "0.5, with slope 2 and rate 0.1, becomes 0.5 - 0.1 * 2 = 0.3.",
    ),
)


def walk_bias(y, c, learning_rate, steps):
    """Gradient descent on the last bias of a network, from 0.

    y holds n targets, c what the network says to the n examples without
    this bias: its answers are c + b. The loss is the sum of the squared
    errors, sum of (y - (c + b))^2. Returns the path of b, with its start,
    of shape (steps + 1,), and the slope of the loss at the beginning of
    each step, of shape (steps,).
    """
    path, slopes = [0.0], []
    for _ in range(steps):
        b = path[-1]
        slope = np.sum(-2 * (y - (c + b)))
        slopes.append(slope)
        path.append(b - learning_rate * slope)
    return np.array(path), np.array(slopes)


def _walk_in_arrays(y, c, learning_rate, steps):
    b, slope = np.zeros(steps + 1), np.zeros(steps)
    for t in range(steps):
        slope[t] = 2 * np.sum(c + b[t] - y)
        b[t + 1] = b[t] - learning_rate * slope[t]
    return b, slope


def _walk_by_formula(y, c, learning_rate, steps):
    n, bottom = len(y), np.mean(y - c)
    away = -bottom * (1 - 2 * n * learning_rate) ** np.arange(steps + 1)
    return bottom + away, 2 * n * away[:-1]


def _walk_term_by_term(y, c, learning_rate, steps):
    b, path, slopes = 0.0, [0.0], []
    for _ in range(steps):
        slope = 0.0
        for target, without in zip(y, c, strict=True):
            slope += -2 * (target - without - b)
        b -= learning_rate * slope
        path.append(b)
        slopes.append(slope)
    return path, slopes


def _walked(y, c, learning_rate, steps, slope_of, *, sign=-1):
    """The walk that the misconceptions below share, with their slope or their direction."""
    path, slopes = [0.0], []
    for _ in range(steps):
        slopes.append(float(slope_of(y - (c + path[-1]))))
        path.append(path[-1] + sign * learning_rate * slopes[-1])
    return np.array(path), np.array(slopes)


def _first_example_only(y, c, learning_rate, steps):
    return _walked(y, c, learning_rate, steps, lambda error: -2 * error[0])


def _mean_of_the_terms(y, c, learning_rate, steps):
    return _walked(y, c, learning_rate, steps, lambda error: np.mean(-2 * error))


def _two_forgotten(y, c, learning_rate, steps):
    return _walked(y, c, learning_rate, steps, lambda error: np.sum(-error))


def _minus_forgotten(y, c, learning_rate, steps):
    return _walked(y, c, learning_rate, steps, lambda error: np.sum(2 * error))


def _walk_uphill(y, c, learning_rate, steps):
    return _walked(y, c, learning_rate, steps, lambda error: np.sum(-2 * error), sign=+1)


def _slope_asked_once(y, c, learning_rate, steps):
    slope = float(np.sum(-2 * (y - c)))
    return -learning_rate * slope * np.arange(steps + 1), np.full(steps, slope)


def _moved_inside_the_sum(y, c, learning_rate, steps):
    b, path, slopes = 0.0, [0.0], []
    for _ in range(steps):
        total = 0.0
        for target, without in zip(y, c, strict=True):
            slope = -2 * (target - without - b)
            b -= learning_rate * slope
            total += slope
        path.append(b)
        slopes.append(total)
    return np.array(path), np.array(slopes)


def _start_left_out(y, c, learning_rate, steps):
    path, slopes = walk_bias(y, c, learning_rate, steps)
    return path[1:], slopes


def _rate_of_the_page(y, c, learning_rate, steps):
    return walk_bias(y, c, 0.1, steps)


def _doses_of_the_page(y, c, learning_rate, steps):
    return walk_bias(np.array([0.0, 1.0, 0.0]), np.array([-2.62, -1.61, -2.62]), learning_rate, steps)


def _loss_instead_of_slope(y, c, learning_rate, steps):
    return _walked(y, c, learning_rate, steps, lambda error: np.sum(error**2))


WALK_BIAS = Exercise(
    id="walk-of-a-bias",
    chapter=CHAPTER,
    title="The walk of a bias",
    reference=walk_bias,
    returns=("path", "slopes"),
    difficulty=1,
    checks=(
        Check(
            "the medicine, nine steps",
            2,
            lambda rng: [(np.array([0.0, 1.0, 0.0]), np.array([-2.62, -1.61, -2.62]), 0.1, 9)],
        ),
        Check(
            "other examples, other rates",
            2,
            lambda rng: [
                (np.array([3.0, -1.0, 0.5, 2.0]), np.array([1.0, 0.5, -0.25, 4.0]), 0.05, 6),
                (rng.normal(size=5), rng.normal(size=5) + 1, 0.15, 4),
                (rng.normal(size=10), rng.normal(size=10) + 1, 0.02, 5),
            ],
        ),
    ),
    alternatives=(_walk_in_arrays, _walk_by_formula, _walk_term_by_term),
    misconceptions=(
        Misconception(
            _first_example_only,
            "Your slope is the term of the first example alone. The bias stands in every answer, so every example has "
            "a term: add them up.",
        ),
        Misconception(
            _mean_of_the_terms,
            "Your slopes are too small by the number of examples: you take the mean of the terms. This loss is a sum, "
            "and so is its slope.",
        ),
        Misconception(
            _two_forgotten,
            "Your slopes are half of what they should be. The derivative of a square brings a factor 2 down.",
        ),
        Misconception(
            _minus_forgotten,
            "Your first slope has the wrong sign. b stands in y - (c + b) with a minus, and the chain rule brings it "
            "out.",
        ),
        Misconception(
            _walk_uphill,
            "Your first slope is right, but the path walks uphill from there. A negative slope has to make b grow: "
            "subtract.",
        ),
        Misconception(
            _slope_asked_once,
            "All your slopes are equal: the slope was computed once, at the start. Ask for it again at every new b.",
        ),
        Misconception(
            _moved_inside_the_sum,
            "Your b moves after every single example. Add the terms of all examples first, all at the same b, and "
            "then take one step.",
        ),
        Misconception(
            _start_left_out,
            "Your path is one entry too short: its first entry should be the start, 0. A walk of three steps visits "
            "four places.",
        ),
        Misconception(
            _rate_of_the_page,
            "You walk with a rate of 0.1, whatever you are given. Put the argument learning_rate in its place.",
        ),
        Misconception(
            _doses_of_the_page,
            "You walk for the three doses, whatever y and c you are given. `bias_loss` of the page reads its own y "
            "and c: compute the slope from the arguments.",
        ),
        Misconception(
            _loss_instead_of_slope,
            "Your slopes are the losses, sums of squares. A step needs the derivative of that sum with respect to b.",
        ),
    ),
    hints=(
        "Write the term of one example, (y - c - b)^2, and differentiate it by b. Then add over the examples.",
        "Begin with `path = [0.0]`. In each round: the slope at `path[-1]`, then the next b.",
        "For the medicine the first slope is -15.7 and the second b is 1.57.",
    ),
)


def numerical_gradient(x, y, w, nudge):
    """The gradient of a sigmoid neuron's loss, measured and not derived.

    x has shape (n, d), y holds n zeros and ones, w has shape (d,) and may
    hold whole numbers. There is no bias. With the scores z = x @ w the loss
    is np.mean(np.logaddexp(0, z) - y * z). For every weight: move it alone
    by nudge up and down, and divide the difference of the two losses by
    their distance. Returns the slopes, of shape (d,). w stays as it is.
    """
    slopes = np.zeros(len(w))
    for j in range(len(w)):
        losses = []
        for direction in (1, -1):
            step = np.zeros(len(w))
            step[j] = direction * nudge
            scores = x @ (w + step)
            losses.append(np.mean(np.logaddexp(0, scores) - y * scores))
        slopes[j] = (losses[0] - losses[1]) / (2 * nudge)
    return slopes


def _logistic(x, y, w):
    z = x @ w
    return np.mean(np.logaddexp(0, z) - y * z)


def _nudged_along_the_unit_matrix(x, y, w, nudge):
    steps = nudge * np.eye(len(w))
    return [(_logistic(x, y, w + s) - _logistic(x, y, w - s)) / (2 * nudge) for s in steps]


def _nudged_all_at_once(x, y, w, nudge):
    def losses(weights):  # (d, d), one set of weights a row
        z = x @ weights.T
        return (np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - y[:, None] * z).mean(axis=0)

    steps = nudge * np.eye(w.size)
    return (losses(w + steps) - losses(w - steps)) / nudge / 2


def _nudged_in_a_float_copy(x, y, w, nudge):
    point, slopes = np.array(w, dtype=float), []
    for j in range(len(point)):
        kept = point[j]
        point[j] = kept + nudge
        above = _logistic(x, y, point)
        point[j] = kept - nudge
        slopes.append((above - _logistic(x, y, point)) / (2 * nudge))
        point[j] = kept
    return np.array(slopes)


def _one_side_only(x, y, w, nudge):
    return np.array([(_logistic(x, y, w + s) - _logistic(x, y, w)) / nudge for s in nudge * np.eye(len(w))])


def _distance_halved(x, y, w, nudge):
    return 2 * numerical_gradient(x, y, w, nudge)


def _not_divided(x, y, w, nudge):
    return 2 * nudge * numerical_gradient(x, y, w, nudge)


def _brackets_left_out(x, y, w, nudge):
    return nudge**2 * numerical_gradient(x, y, w, nudge)


def _all_weights_together(x, y, w, nudge):
    slope = (_logistic(x, y, w + nudge) - _logistic(x, y, w - nudge)) / (2 * nudge)
    return np.full(len(w), slope)


def _nudges_left_behind(x, y, w, nudge):
    point, slopes = np.array(w, dtype=float), np.zeros(len(w))
    for j in range(len(w)):
        point[j] += nudge
        above = _logistic(x, y, point)
        point[j] -= 2 * nudge
        slopes[j] = (above - _logistic(x, y, point)) / (2 * nudge)
    return slopes


def _caller_nudged(x, y, w, nudge):
    slopes = np.zeros(len(w))
    for j in range(len(w)):
        w[j] += nudge
        above = _logistic(x, y, w)
        w[j] -= 2 * nudge
        slopes[j] = (above - _logistic(x, y, w)) / (2 * nudge)
    return slopes


def _nudges_lost_in_whole_numbers(x, y, w, nudge):
    slopes = np.zeros(len(w))
    for j in range(len(w)):
        right, left = w.copy(), w.copy()
        right[j] += nudge
        left[j] -= nudge
        slopes[j] = (_logistic(x, y, right) - _logistic(x, y, left)) / (2 * nudge)
    return slopes


def _formula_instead(x, y, w, nudge):
    return x.T @ (1 / (1 + np.exp(-(x @ w))) - y) / len(y)


def _downhill(x, y, w, nudge):
    return -numerical_gradient(x, y, w, nudge)


NUMERICAL_GRADIENT = Exercise(
    id="numerical-gradient",
    chapter=CHAPTER,
    title="Slopes by nudging",
    reference=numerical_gradient,
    difficulty=2,
    checks=(
        Check(
            "one weight",
            1,
            lambda rng: [
                (np.array([[1.0], [2.0], [-1.0]]), np.array([0.0, 1.0, 1.0]), np.array([0.5]), 0.5),
                (rng.normal(size=(6, 1)), rng.integers(0, 2, 6).astype(float), rng.normal(size=1), 0.25),
            ],
        ),
        Check(
            "several weights",
            2,
            lambda rng: [
                (
                    np.array([[1.0, 0.5, -1.0], [0.0, 2.0, 1.0], [-1.5, 1.0, 0.5], [2.0, -1.0, 0.0]]),
                    np.array([1.0, 0.0, 0.0, 1.0]),
                    np.array([0.25, -0.5, 1.0]),
                    0.5,
                ),
                (rng.normal(size=(8, 4)), rng.integers(0, 2, 8).astype(float), rng.normal(size=4), 0.25),
            ],
        ),
        Check(
            "weights that are whole numbers",
            1,
            lambda rng: [
                (np.array([[0.5, 1.0], [1.5, -1.0], [-1.0, 2.0]]), np.array([1.0, 0.0, 1.0]), np.array([1, -2]), 0.25)
            ],
        ),
    ),
    alternatives=(_nudged_along_the_unit_matrix, _nudged_all_at_once, _nudged_in_a_float_copy),
    misconceptions=(
        Misconception(
            _one_side_only,
            "You compare the loss at w with the loss on one side. Nudge to both sides: the errors of the two sides "
            "then nearly cancel.",
        ),
        Misconception(
            _distance_halved,
            "Your slopes are twice too large. From w - nudge to w + nudge the distance is 2 * nudge.",
        ),
        Misconception(
            _not_divided,
            "You return differences of the loss. A slope is a difference divided by the distance between the two "
            "points.",
        ),
        Misconception(
            _brackets_left_out,
            "Python reads / 2 * nudge from left to right: half of the difference, times the nudge. Put brackets "
            "around the distance: / (2 * nudge).",
        ),
        Misconception(
            _all_weights_together,
            "All your slopes are equal, because w + nudge moves every weight at once. Move one weight and leave the "
            "others where they are.",
        ),
        Misconception(
            _nudges_left_behind,
            "Your first slope is right, the later ones are not: the weights nudged before have not been put back. "
            "Start every weight from w itself.",
        ),
        Misconception(
            _caller_nudged,
            "The caller's w comes back changed: the nudges were written into it and not undone. Work on `w + step`, "
            "which is a new array.",
        ),
        Misconception(
            _nudges_lost_in_whole_numbers,
            "For weights that are whole numbers your slopes are wrong: a nudge of 0.25 written into an array of "
            "integers is cut off. Add an array of floats to w instead.",
        ),
        Misconception(
            _formula_instead,
            "These are the slopes of the formula, (p - y) times the input, or of a very small nudge. Here you are "
            "asked to measure with the nudge that you are given: it is large, and the slopes differ.",
        ),
        Misconception(
            _downhill,
            "All signs are turned around. The slope is the loss above minus the loss below; walking downhill comes "
            "later.",
        ),
    ),
    hints=(
        "Write the loss as a function of w first, inside your function.",
        "For weight j: an array of zeros with nudge at place j. Add it to w, then subtract it from w.",
        "Divide the difference of the two losses by 2 * nudge.",
    ),
)


def largest_stable_rate(hessian):
    """The learning rate beyond which gradient descent leaves a bowl.

    The loss is L(w) = w . A w / 2. hessian is its matrix A of second
    derivatives, of shape (d, d): symmetric, with positive eigenvalues only.
    Returns the number below which every learning rate brings every start to
    the bottom, and above which nearly no start arrives.
    """
    return 2 / np.max(np.linalg.eigvalsh(hessian))


def _edge_from_the_last_eigenvalue(hessian):
    return 2 / np.linalg.eigvalsh(hessian)[-1]


def _edge_from_the_spectral_norm(hessian):
    return 2 / np.linalg.norm(hessian, 2)


def _edge_by_squaring(hessian):
    power = hessian / np.trace(hessian)
    for _ in range(40):  # each squaring doubles the lead of the largest eigenvalue
        power = power @ power
        power = power / np.trace(power)
    v = power[:, np.argmax(np.diag(power))]
    return 2 / (v @ hessian @ v / (v @ v))


def _no_hop_allowed(hessian):
    return 1 / np.max(np.linalg.eigvalsh(hessian))


def _all_curvatures_added(hessian):
    return 2 / np.trace(hessian)


def _flattest_direction(hessian):
    return 2 / np.min(np.linalg.eigvalsh(hessian))


def _largest_diagonal_entry(hessian):
    return 2 / np.max(np.diag(hessian))


def _length_of_the_matrix(hessian):
    return 2 / np.linalg.norm(hessian)


def _largest_curvature_returned(hessian):
    return np.max(np.linalg.eigvalsh(hessian))


def _fastest_rate(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    return 2 / (curvatures[0] + curvatures[-1])


def _determinant(hessian):
    return 2 / np.linalg.det(hessian)


def _turned_bowl(rng, *curvatures):
    Q, _ = np.linalg.qr(rng.normal(size=(len(curvatures), len(curvatures))))
    A = Q @ np.diag(curvatures) @ Q.T
    return (A + A.T) / 2


LARGEST_STABLE_RATE = Exercise(
    id="largest-stable-rate",
    chapter=CHAPTER,
    title="The edge of stability",
    reference=largest_stable_rate,
    difficulty=2,
    checks=(
        Check(
            "bowls along the axes",
            2,
            lambda rng: [
                (np.diag([3.0, 2.0]),),
                (np.diag([1.0, 100.0, 7.0]),),
                (np.array([[float(rng.uniform(0.5, 5))]]),),
            ],
        ),
        Check(
            "turned bowls",
            2,
            lambda rng: [
                (np.array([[2.0, 1.0], [1.0, 2.0]]),),
                (_turned_bowl(rng, 0.5, 2.0, 9.0),),
                (_turned_bowl(rng, 0.25, 1.0, 4.0, 25.0),),
            ],
        ),
    ),
    alternatives=(_edge_from_the_last_eigenvalue, _edge_from_the_spectral_norm, _edge_by_squaring),
    misconceptions=(
        Misconception(
            _no_hop_allowed,
            "Your rate is half the edge. At 1 / curvature the weight lands on the bottom in one step; up to twice "
            "that it hops across and still arrives.",
        ),
        Misconception(
            _all_curvatures_added,
            "Your rate is safe but too careful: 2 / trace adds all curvatures. Only the largest one throws you out.",
        ),
        Misconception(
            _flattest_direction,
            "Your rate is too large: it is the edge of the flattest direction. In the steepest one every hop would "
            "already be longer than the last.",
        ),
        Misconception(
            _largest_diagonal_entry,
            "You are right for bowls along the axes and too high for turned ones. The steepest direction need not be "
            "an axis: ask for the eigenvalues.",
        ),
        Misconception(
            _length_of_the_matrix,
            "Your rate is a little too careful: the length of the whole matrix is not its largest eigenvalue. Ask "
            "np.linalg.eigvalsh.",
        ),
        Misconception(
            _largest_curvature_returned,
            "You return the largest curvature itself. The edge lies where rate times curvature is 2.",
        ),
        Misconception(
            _fastest_rate,
            "You return the fastest rate, 2 / (smallest + largest curvature). The edge lies further out: only the "
            "largest counts.",
        ),
        Misconception(
            _determinant,
            "You divide by the determinant, which is the product of all curvatures. Which one of them sets the edge?",
        ),
    ),
    hints=(
        "Along an eigenvector of A the bowl is a parabola, and its curvature is the eigenvalue.",
        "One weight survives while |1 - rate * curvature| < 1. Now this must hold for every eigenvalue.",
        "np.linalg.eigvalsh gives the eigenvalues of a symmetric matrix, in rising order.",
    ),
)


def kind_of_level_place(hessian):
    """What a point is at which the slope of a loss is 0.

    hessian is the symmetric matrix (d, d) of second derivatives there.
    Eigenvalues of size 1e-9 or less count as 0. Returns "saddle" if the
    loss bends up along one direction and down along another; else "minimum"
    or "maximum" if it bends up, or down, along every direction; and
    "undecided" in all other cases, where the second derivatives cannot
    tell.
    """
    curvatures = np.linalg.eigvalsh(hessian)
    up, down = curvatures > 1e-9, curvatures < -1e-9
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"


def _kind_from_the_ends(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    low, high = curvatures[0], curvatures[-1]
    if low > 1e-9:
        return "minimum"
    if high < -1e-9:
        return "maximum"
    return "saddle" if low < -1e-9 and high > 1e-9 else "undecided"


def _kind_by_counting_signs(hessian):
    curvatures = np.linalg.eigvals(hessian).real
    signs = np.where(np.abs(curvatures) <= 1e-9, 0, np.sign(curvatures))
    found = {int(sign) for sign in signs}
    if {-1, 1} <= found:
        return "saddle"
    return {(1,): "minimum", (-1,): "maximum"}.get(tuple(found), "undecided")


def _kind_by_two_questions(hessian):
    def bends_up(A):
        return np.linalg.eigvalsh(A).min() > 1e-9

    if bends_up(hessian):
        return "minimum"
    if bends_up(-hessian):
        return "maximum"
    curvatures = np.linalg.eigvalsh(hessian)
    return "saddle" if curvatures.min() < -1e-9 < 1e-9 < curvatures.max() else "undecided"


def _level_is_the_bottom(hessian):
    return "minimum"


def _kind_of_signs(up, down):
    if np.any(up) and np.any(down):
        return "saddle"
    return "minimum" if np.all(up) else "maximum" if np.all(down) else "undecided"


def _signs_of_the_diagonal(hessian):
    return _kind_of_signs(np.diag(hessian) > 1e-9, np.diag(hessian) < -1e-9)


def _sign_of_the_determinant(hessian):
    product = np.prod(np.linalg.eigvalsh(hessian))
    return "minimum" if product > 1e-9 else "saddle" if product < -1e-9 else "undecided"


def _flat_counts_as_up(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    if np.all(curvatures >= -1e-9):
        return "minimum"
    return "maximum" if np.all(curvatures <= 1e-9) else "saddle"


def _names_exchanged(hessian):
    kind = kind_of_level_place(hessian)
    return {"minimum": "maximum", "maximum": "minimum"}.get(kind, kind)


def _any_flat_direction_undecided(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    if np.any(np.abs(curvatures) <= 1e-9):
        return "undecided"
    return kind_of_level_place(hessian)


def _no_tolerance(hessian):
    curvatures = np.round(np.linalg.eigvalsh(hessian), 16)
    return _kind_of_signs(curvatures > 0, curvatures < 0)


def _everything_else_is_a_saddle(hessian):
    kind = kind_of_level_place(hessian)
    return "saddle" if kind == "undecided" else kind


KIND_OF_LEVEL_PLACE = Exercise(
    id="kind-of-level-place",
    chapter=CHAPTER,
    title="What kind of level place?",
    reference=kind_of_level_place,
    difficulty=2,
    checks=(
        Check(
            "minima, maxima and saddles",
            2,
            lambda rng: [
                (np.array([[2.0, 0.0], [0.0, -2.0]]),),
                (np.array([[2.287]]),),
                (np.array([[-0.969]]),),
                (np.array([[1.0, 2.0], [2.0, 1.0]]),),
                (np.array([[2.0, 1.0], [1.0, 2.0]]),),
                (-np.eye(2),),
                (_turned_bowl(rng, 0.5, 1.0, 3.0),),
                (_turned_bowl(rng, -0.5, -1.0, 3.0),),
            ],
        ),
        Check(
            "where a direction is flat",
            2,
            lambda rng: [
                (np.zeros((1, 1)),),
                (np.diag([1.0, 0.0]),),
                (np.diag([-1.0, 0.0]),),
                (np.diag([0.0, 1.0, -2.0]),),
                (np.diag([3.0, 1e-12]),),
                (np.diag([3.0, -1e-12]),),
                (_turned_bowl(rng, 2.0, 1.0, 0.0),),
            ],
        ),
    ),
    alternatives=(_kind_from_the_ends, _kind_by_counting_signs, _kind_by_two_questions),
    misconceptions=(
        Misconception(
            _level_is_the_bottom,
            "You call every level place a minimum. A slope of 0 says that it is level, and the curvatures say what "
            "it is.",
        ),
        Misconception(
            _signs_of_the_diagonal,
            "You call [[1, 2], [2, 1]] a minimum. The diagonal looks along the axes only; the eigenvalues look along "
            "every direction, and here they are 3 and -1.",
        ),
        Misconception(
            _sign_of_the_determinant,
            "You go by the sign of the determinant, so minus the unit matrix becomes a minimum. Two downward bends "
            "multiply to a positive number: look at each eigenvalue.",
        ),
        Misconception(
            _flat_counts_as_up,
            "You call a place with a flat direction a minimum or a maximum. Along a curvature of 0 the loss may still "
            "rise, fall or stay.",
        ),
        Misconception(
            _names_exchanged,
            "Minima and maxima are exchanged. A positive curvature bends up, like a bowl, and a bowl has a minimum.",
        ),
        Misconception(
            _any_flat_direction_undecided,
            "You are undecided as soon as one direction is flat. If another goes up and a third goes down it is a "
            "saddle all the same.",
        ),
        Misconception(
            _no_tolerance,
            "You compare the eigenvalues with exactly 0. Rounding leaves a trace of about 1e-16 on them: count as 0 "
            "what is 1e-9 or less in size.",
        ),
        Misconception(
            _everything_else_is_a_saddle,
            "You call everything else a saddle. A saddle needs a direction that goes up and one that goes down; with "
            "a flat one only, it is undecided.",
        ),
    ),
    hints=(
        "np.linalg.eigvalsh(hessian) gives the curvatures along the matrix's own directions.",
        "Sort them into three heaps: above 1e-9, below -1e-9, and in between.",
        "Ask for the saddle first: something up and something down. Then for all up, and for all down.",
    ),
)


EXERCISES = (GRADIENT_STEP, WALK_BIAS, NUMERICAL_GRADIENT, LARGEST_STABLE_RATE, KIND_OF_LEVEL_PLACE)

QUIZ = (
    Question(
        "A weight stands where its slope is +200. What does that tell you?",
        (
            Choice(
                "A slightly smaller weight would lower the loss",
                True,
                "This is all that a slope says: which way is down, and how steeply, right here.",
            ),
            Choice(
                "The weight is too large, and should become smaller by 200",
                False,
                "A slope is loss per weight, not a distance. How far to go depends on the curvature, which a slope "
                "alone does not know.",
            ),
            Choice(
                "The weight is responsible for much of the present loss",
                False,
                "The slope says how the loss answers to a nudge. A weight that decides everything can have a slope of "
                "almost 0.",
            ),
            Choice(
                "The minimum is far away",
                False,
                "On a steep parabola a slope of 200 can stand right beside the minimum.",
            ),
        ),
    ),
    Question(
        "One weight walks down a parabola. You halve the learning rate, and now it needs twice as many steps. Where "
        "were you?",
        (
            Choice(
                "Close below the edge of stability",
                False,
                "There the weight hops to and fro, and its factor is close to -1. Half the rate would hop less and "
                "arrive sooner.",
            ),
            Choice(
                "Far below the edge",
                True,
                "The factor is close to 1 there, and its distance from 1 is proportional to the rate.",
            ),
            Choice(
                "Above the edge",
                False,
                "Above the edge nothing arrives, so there was no number of steps to double.",
            ),
        ),
    ),
    Question(
        "The gradient is exactly 0, and the eigenvalues of the second derivatives are 3 and -0.5. What now?",
        (
            Choice(
                "Training is done: the slope is 0",
                False,
                "The walk stops here, but not at the bottom: along one direction the loss bends down.",
            ),
            Choice(
                "It is a saddle: a small nudge sets the walk free",
                True,
                "Along the direction of curvature -0.5 every small distance grows from step to step.",
            ),
            Choice(
                "It is a local minimum, and only a smaller rate gets out of it",
                False,
                "At a minimum no curvature is negative. And with a gradient of 0 no rate makes a step.",
            ),
        ),
    ),
    Question(
        "In a linear regression you measure an input in centimetres instead of metres: its column becomes 100 times "
        "larger. What happens to the curvature along its weight?",
        (
            Choice(
                "It stays the same",
                False,
                "The second derivative for this weight is proportional to the mean of the squared inputs.",
            ),
            Choice(
                "It becomes 100 times larger, like the column",
                False,
                "The slope carries the input once, the curvature twice.",
            ),
            Choice(
                "It becomes 10,000 times larger",
                True,
                "The curvature goes with the square of the input. The largest stable rate can shrink by as much, and "
                "the condition number can grow by as much.",
            ),
        ),
    ),
    Question(
        "Full-batch descent at half the edge has gone on until nothing changes. You repeat it with a rate ten times "
        "smaller and as many steps as it takes. The loss has one minimum. What do you gain?",
        (
            Choice(
                "A more precise minimum",
                False,
                "Both walks end at the same place, up to rounding. The slope there is 0 for every rate.",
            ),
            Choice(
                "Nothing: the same place, later",
                True,
                "With the full gradient every stable rate has the same resting place. Small rates help where the "
                "gradient is noisy.",
            ),
            Choice(
                "The same place, but a smaller loss on new examples",
                False,
                "The weights are the same, so the answers to new examples are the same too.",
            ),
        ),
    ),
    Question(
        "A network has 897 parameters. How many times must its loss be computed to measure one whole gradient with "
        "central differences?",
        (
            Choice(
                "Twice",
                False,
                "Twice for each parameter: a nudge to all of them at once measures one slope only.",
            ),
            Choice(
                "898 times",
                False,
                "This is the count for one-sided differences: once at w, and once for every parameter.",
            ),
            Choice(
                "1,794 times",
                True,
                "Once on each side of every parameter. For one step. Backpropagation gets all slopes from one pass "
                "forward and one back.",
            ),
        ),
    ),
)
