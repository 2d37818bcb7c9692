"""Chapter 5, losses: squared, absolute and Huber errors, their scalings and floors, and cross-entropy from scores."""

import math

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "losses"


def mean_squared_error(y, y_hat):
    """The mean squared error, and its gradient in the predictions.

    The targets y and the predictions y_hat are arrays of one shape, (n,) or
    (n, k) for k outputs. Returns the loss, one number averaged over all
    entries, and the gradient: the derivatives of the loss with respect to
    the entries of y_hat, in their shape.
    """
    difference = y_hat - y
    loss = np.mean(difference**2)
    gradient = 2 * difference / difference.size
    return loss, gradient


def _mse_by_loop(y, y_hat):
    loss, gradient = 0.0, np.zeros(np.shape(y_hat))
    for place in np.ndindex(gradient.shape):
        miss = y_hat[place] - y[place]
        loss += miss * miss / gradient.size
        gradient[place] = 2 * miss / gradient.size
    return loss, gradient


def _mse_with_vdot(y, y_hat):
    r, n = np.subtract(y_hat, y), np.size(y)
    return np.vdot(r, r) / n, r * (2 / n)


def _mse_by_complex_step(y, y_hat):
    gradient = np.zeros(y_hat.size)
    for i in range(y_hat.size):
        nudged = y_hat.astype(complex)
        nudged.flat[i] += 1e-30j
        gradient[i] = np.mean((nudged - y) ** 2).imag / 1e-30
    return np.mean((y_hat - y) ** 2), gradient.reshape(y_hat.shape)


def _squares_summed(y, y_hat):
    return np.sum((y_hat - y) ** 2), 2 * (y_hat - y)


def _gradient_of_the_sum(y, y_hat):
    return np.mean((y_hat - y) ** 2), 2 * (y_hat - y)


def _gradient_in_the_targets(y, y_hat):
    return np.mean((y_hat - y) ** 2), 2 * (y - y_hat) / y.size


def _two_forgotten(y, y_hat):
    return np.mean((y_hat - y) ** 2), (y_hat - y) / y.size


def _half_the_squares(y, y_hat):
    return np.mean((y_hat - y) ** 2) / 2, (y_hat - y) / y.size


def _signed_mean(y, y_hat):
    return np.mean(y_hat - y), np.ones_like(y_hat) / y.size


def _root_taken(y, y_hat):
    root = np.sqrt(np.mean((y_hat - y) ** 2))
    return root, 2 * (y_hat - y) / y.size


def _averaged_over_rows(y, y_hat):
    return np.sum((y_hat - y) ** 2) / len(y), 2 * (y_hat - y) / len(y)


def _one_mean_gradient(y, y_hat):
    return np.mean((y_hat - y) ** 2), np.mean(2 * (y_hat - y))


def _one_loss_an_entry(y, y_hat):
    return (y_hat - y) ** 2, 2 * (y_hat - y) / y.size


MEAN_SQUARED_ERROR = Exercise(
    id="mse-with-gradient",
    chapter=CHAPTER,
    title="The mean squared error and its gradient",
    reference=mean_squared_error,
    returns=("loss", "gradient"),
    difficulty=1,
    checks=(
        Check(
            "one output",
            2,
            lambda rng: [
                (np.array([2.0, -1.0, 0.5]), np.array([2.5, 1.0, -1.0])),
                (np.array([10.0, 20.0, 30.0, 40.0]), np.array([15.0, 15.0, 33.5, 36.5])),
                (rng.normal(size=6), rng.normal(size=6)),
            ],
        ),
        Check(
            "several outputs",
            1,
            lambda rng: [
                (np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]]), np.array([[1.5, 1.0], [0.25, 1.0], [2.0, 0.5]])),
                (rng.normal(size=(4, 3)), rng.normal(size=(4, 3))),
            ],
        ),
    ),
    alternatives=(_mse_by_loop, _mse_with_vdot, _mse_by_complex_step),
    misconceptions=(
        Misconception(
            _squares_summed,
            "Your loss and your gradient both grow with the number of entries: you add the squares up. The mean "
            "divides both by that number.",
        ),
        Misconception(
            _gradient_of_the_sum,
            "Your loss is a mean and your gradient belongs to a sum. Whatever divides the loss divides its gradient "
            "too.",
        ),
        Misconception(
            _gradient_in_the_targets,
            "Your gradient points the other way. It is asked for in the predictions: where a prediction is too high, "
            "raising it raises the loss, so the entry is positive.",
        ),
        Misconception(
            _two_forgotten,
            "Your gradient is half of the slope of your own loss. The square brings down a 2.",
        ),
        Misconception(
            _half_the_squares,
            "Loss and gradient are both half as large as asked. The half is a habit that makes the gradient tidy; the "
            "mean squared error has none.",
        ),
        Misconception(
            _signed_mean,
            "Misses to both sides cancel in your loss, and it can be negative. Square each miss before you average.",
        ),
        Misconception(
            _root_taken,
            "You return the root of the mean. It is a fine number to report, but the loss asked for is the mean "
            "itself.",
        ),
        Misconception(
            _averaged_over_rows,
            "With one output you are right, with several your numbers are too large. You divide by the rows: divide "
            "by the number of all entries, `y.size`.",
        ),
        Misconception(
            _one_mean_gradient,
            "Your gradient is one number. Every prediction has a slope of its own, so it has the shape of y_hat.",
        ),
        Misconception(
            _one_loss_an_entry,
            "You return one loss for each entry. A loss is one number: take the mean of the squares.",
        ),
    ),
    hints=(
        "For one entry the loss is (y_hat - y)^2 divided by the number of entries. What is its slope in y_hat?",
        "The slope of a square is twice the thing squared.",
        "Divide the gradient by the number of entries, as you did with the loss.",
    ),
)


def huber(y, y_hat, delta):
    """The Huber loss, and its gradient in the predictions.

    y and y_hat have shape (n,); delta is a number above 0. A miss r costs
    r^2 / 2 as long as its size is at most delta, and grows along a straight
    line beyond, with no jump of value or slope where the two meet. Returns
    the mean over the n misses, and the gradient (n,): the derivatives of
    that mean with respect to the entries of y_hat.
    """
    r = y_hat - y
    size = np.abs(r)
    loss = np.mean(np.where(size <= delta, r**2 / 2, delta * (size - delta / 2)))
    gradient = np.clip(r, -delta, delta) / len(r)
    return loss, gradient


def _huber_from_the_near_part(y, y_hat, delta):
    r = y_hat - y
    near = np.minimum(np.abs(r), delta)
    return (near * (np.abs(r) - near / 2)).mean(), np.sign(r) * near / r.size


def _huber_by_loop(y, y_hat, delta):
    total, gradient = 0.0, []
    for target, prediction in zip(y, y_hat, strict=True):
        r = prediction - target
        if abs(r) <= delta:
            total, slope = total + 0.5 * r * r, r
        else:
            total, slope = total + delta * abs(r) - 0.5 * delta**2, delta * math.copysign(1, r)
        gradient.append(slope / len(y))
    return total / len(y), np.array(gradient)


def _huber_with_masks(y, y_hat, delta):
    r, n = y_hat - y, len(y)
    values, slopes = r * r / 2, r.astype(float)
    far = np.abs(r) > delta
    values[far] = delta * np.abs(r[far]) - delta * delta / 2
    slopes[far] = delta * np.sign(r[far])
    return values.sum() / n, slopes / n


def _line_not_lowered(y, y_hat, delta):
    r = y_hat - y
    loss = np.mean(np.where(np.abs(r) <= delta, r**2 / 2, delta * np.abs(r)))
    return loss, np.clip(r, -delta, delta) / len(r)


def _line_lowered_twice_as_far(y, y_hat, delta):
    r = y_hat - y
    loss = np.mean(np.where(np.abs(r) <= delta, r**2 / 2, delta * (np.abs(r) - delta)))
    return loss, np.clip(r, -delta, delta) / len(r)


def _sign_lost_beyond(y, y_hat, delta):
    r = y_hat - y
    loss, _ = huber(y, y_hat, delta)
    return loss, np.where(np.abs(r) <= delta, r, delta) / len(r)


def _sign_lost(y, y_hat, delta):
    loss, _ = huber(y, y_hat, delta)
    return loss, np.minimum(np.abs(y_hat - y), delta) / len(y)


def _half_forgotten_near(y, y_hat, delta):
    r = y_hat - y
    loss = np.mean(np.where(np.abs(r) <= delta, r**2, delta * (np.abs(r) - delta / 2)))
    return loss, np.where(np.abs(r) <= delta, 2 * r, delta * np.sign(r)) / len(r)


def _signed_miss_compared(y, y_hat, delta):
    r = y_hat - y
    loss = np.mean(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))
    return loss, np.where(r <= delta, r, delta) / len(r)


def _huber_gradient_of_the_sum(y, y_hat, delta):
    r = y_hat - y
    loss = np.mean(np.where(np.abs(r) <= delta, r**2 / 2, delta * (np.abs(r) - delta / 2)))
    return loss, np.clip(r, -delta, delta)


def _slope_of_one(y, y_hat, delta):
    r = y_hat - y
    loss = np.mean(np.where(np.abs(r) <= delta, r**2 / 2, np.abs(r) - delta / 2))
    return loss, np.where(np.abs(r) <= delta, r, np.sign(r)) / len(r)


def _delta_ignored(y, y_hat, delta):
    r = y_hat - y
    loss = np.mean(np.where(np.abs(r) <= 1, r**2 / 2, np.abs(r) - 0.5))
    return loss, np.clip(r, -1, 1) / len(r)


def _misses_cut_off(y, y_hat, delta):
    r = np.clip(y_hat - y, -delta, delta)
    return np.mean(r**2) / 2, r / len(r)


def _huber_gradient_in_the_targets(y, y_hat, delta):
    r = y - y_hat
    loss = np.mean(np.where(np.abs(r) <= delta, r**2 / 2, delta * (np.abs(r) - delta / 2)))
    return loss, np.clip(r, -delta, delta) / len(r)


def _if_on_all_misses(y, y_hat, delta):
    r = y_hat - y
    if abs(r) <= delta:
        return np.mean(r**2 / 2), r / len(r)
    return np.mean(delta * (abs(r) - delta / 2)), delta * np.sign(r) / len(r)


HUBER = Exercise(
    id="huber-loss",
    chapter=CHAPTER,
    title="The Huber loss",
    reference=huber,
    returns=("loss", "gradient"),
    difficulty=2,
    checks=(
        Check(
            "misses on both sides of delta",
            2,
            lambda rng: [
                (np.array([1.0, 0.0, 2.0]), np.array([1.5, 5.0, -2.0]), 2.0),
                (np.array([0.0, 0.0, 0.0, 0.0]), np.array([0.5, -0.25, 6.0, -1.5]), 0.5),
                (rng.normal(size=7), rng.normal(scale=4, size=7), rng.uniform(1.5, 2.5)),
            ],
        ),
        Check(
            "all near, or all far",
            1,
            lambda rng: [
                (np.array([1.0, 2.0, 4.0]), np.array([1.5, 0.5, 4.5]), 3.0),
                (np.array([1.0, 2.0]), np.array([11.0, -23.0]), 4.0),
                (rng.normal(size=5), rng.normal(size=5), rng.uniform(20, 30)),
            ],
        ),
        Check(
            "at the seam, and at no miss at all",
            1,
            lambda rng: [
                (np.array([1.0, 1.0, 1.0]), np.array([3.0, 1.0, -1.0]), 2.0),
                (np.zeros(4), np.array([0.5, 0.0, -0.5, 2.5]), 0.5),
            ],
        ),
    ),
    alternatives=(_huber_from_the_near_part, _huber_by_loop, _huber_with_masks),
    misconceptions=(
        Misconception(
            _line_not_lowered,
            "Your loss jumps at delta, from delta^2 / 2 to delta^2. Lower the line until it meets the square: subtract "
            "delta^2 / 2.",
        ),
        Misconception(
            _line_lowered_twice_as_far,
            "Your loss falls at delta, from delta^2 / 2 to 0. You lower the line by delta^2, and half of that makes it "
            "meet the square.",
        ),
        Misconception(
            _sign_lost_beyond,
            "A prediction that is far too low gets the slope delta in yours. Raising it lowers the loss, so its slope "
            "is -delta: give delta the sign of r.",
        ),
        Misconception(
            _sign_lost,
            "All slopes in your gradient are positive. Where a prediction is too low the slope is negative: limit r "
            "itself, not its size.",
        ),
        Misconception(
            _half_forgotten_near,
            "Your slope jumps at delta, from 2 delta to delta. Near 0 the loss is r^2 / 2, with the half, and its "
            "slope is r.",
        ),
        Misconception(
            _signed_miss_compared,
            "Misses that are far too low are still squared in yours. Compare the size of r with delta, not r itself.",
        ),
        Misconception(
            _huber_gradient_of_the_sum,
            "Your gradient does not shrink as the batch grows. The loss is a mean: divide its gradient by n as well.",
        ),
        Misconception(
            _slope_of_one,
            "Beyond delta your line rises with slope 1. The square arrives at delta with slope delta, and the line has "
            "to go on with it.",
        ),
        Misconception(
            _delta_ignored, "Your answer is the same for every delta. Where you wrote 1, the function is given delta."
        ),
        Misconception(
            _misses_cut_off,
            "Beyond delta your loss stays level, whatever the miss. You cut the miss off; only its slope is limited, "
            "the loss goes on rising.",
        ),
        Misconception(
            _huber_gradient_in_the_targets,
            "Your gradient has the wrong sign. With r = y_hat - y, the slope in y_hat is r near 0; you took y - y_hat.",
        ),
        Misconception(
            _if_on_all_misses,
            "An `if` decides once, and every miss has to be decided for itself. `np.where` chooses entry by entry.",
        ),
    ),
    hints=(
        "The slope of r^2 / 2 is r. At the seam it has reached delta, so beyond it the slope stays delta.",
        "A line of slope delta is delta |r| - c. Which c makes it meet delta^2 / 2 at |r| = delta?",
        "The slope is r, held between -delta and delta: that is `np.clip`.",
    ),
)


def best_constant(y, loss):
    """The best prediction that is the same for every example, and what it
    costs.

    y has shape (n,). loss is "mse", "mae" or "bce": mean squared error,
    mean absolute error, or binary cross-entropy in natural logarithms. For
    "mae" n is odd, for "bce" y holds zeros and ones. Returns the constant
    and the mean loss of predicting it; both are finite, also where all
    targets are alike, and NumPy does not warn.
    """
    if loss == "mse":
        return np.mean(y), np.var(y)
    if loss == "mae":
        middle = np.median(y)
        return middle, np.mean(np.abs(y - middle))
    p = np.mean(y)
    shares = np.array([share for share in (p, 1 - p) if share > 0])
    return p, np.sum(shares * np.log(1 / shares))


def _constant_from_sorting(y, loss):
    n = len(y)
    if loss == "mae":
        middle = sorted(y)[n // 2]
        return middle, sum(abs(value - middle) for value in y) / n
    mean = sum(y) / n
    if loss == "mse":
        return mean, sum((value - mean) ** 2 for value in y) / n
    costs = [-math.log(mean) if value else -math.log(1 - mean) for value in y]
    return mean, sum(costs) / n


def _constant_from_tables(y, loss):
    constant = {"mse": np.mean, "mae": np.median, "bce": np.mean}[loss](y)
    if loss == "bce":
        given = np.where(y == 1, constant, 1 - constant)  # the probability of what happened
        return constant, np.mean(-np.log(given))
    return constant, np.mean(np.abs(y - constant) ** {"mse": 2, "mae": 1}[loss])


def _constant_with_guarded_logarithms(y, loss):
    if loss != "bce":
        constant = np.average(y) if loss == "mse" else np.quantile(y, 0.5)
        miss = y - constant
        return constant, np.mean(miss * miss if loss == "mse" else np.abs(miss))
    p = np.average(y)
    if p in (0, 1):
        return p, 0.0
    return p, -(p * np.log(p) + (1 - p) * np.log(1 - p))


def _floor_of_zero(y, loss):
    return (np.median(y) if loss == "mae" else np.mean(y)), 0.0


def _mean_for_everything(y, loss):
    mean = np.mean(y)
    if loss == "mae":
        return mean, np.mean(np.abs(y - mean))
    return best_constant(y, loss)


def _half_for_yes_and_no(y, loss):
    if loss == "bce":
        return 0.5, np.log(2)
    return best_constant(y, loss)


def _logarithm_of_zero(y, loss):
    if loss == "bce":
        p = np.mean(y)
        return p, -(p * np.log(p) + (1 - p) * np.log(1 - p))
    return best_constant(y, loss)


def _clipped_share(y, loss):
    if loss == "bce":
        p = np.clip(np.mean(y), 1e-7, 1 - 1e-7)
        return p, -(p * np.log(p) + (1 - p) * np.log(1 - p))
    return best_constant(y, loss)


def _more_frequent_class(y, loss):
    if loss == "bce":
        p = 1.0 if np.mean(y) > 0.5 else 0.0
        return p, -np.log(1e-7) * np.mean(y != p)
    return best_constant(y, loss)


def _share_right_loss_clipped(y, loss):
    if loss == "bce":
        share = np.mean(y)
        p = np.clip(share, 1e-7, 1 - 1e-7)
        return share, -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    return best_constant(y, loss)


def _noes_forgotten(y, loss):
    if loss == "bce":
        p = np.mean(y)
        return p, -np.log(p)
    return best_constant(y, loss)


def _losses_summed(y, loss):
    constant, value = best_constant(y, loss)
    return constant, value * len(y)


def _bits(y, loss):
    constant, value = best_constant(y, loss)
    return constant, value / np.log(2) if loss == "bce" else value


def _spread_not_squared(y, loss):
    if loss == "mse":
        return np.mean(y), np.std(y)
    return best_constant(y, loss)


def _sample_variance(y, loss):
    if loss == "mse":
        return np.mean(y), np.sum((y - np.mean(y)) ** 2) / (len(y) - 1)
    return best_constant(y, loss)


def _zeros_and_ones(rng, n):
    y = (np.arange(n) < rng.integers(1, n // 2)).astype(float)  # fewer ones than zeros
    return rng.permutation(y)


BEST_CONSTANT = Exercise(
    id="best-constant",
    chapter=CHAPTER,
    title="The best constant prediction, and its loss",
    reference=best_constant,
    returns=("constant", "value"),
    difficulty=2,
    checks=(
        Check(
            "quantities",
            2,
            lambda rng: [
                (np.array([1.0, 2.0, 2.5, 4.0, 30.0]), "mse"),
                (np.array([1.0, 2.0, 2.5, 4.0, 30.0]), "mae"),
                (rng.exponential(5, size=6), "mse"),
                (rng.exponential(5, size=9), "mae"),
            ],
        ),
        Check(
            "yes and no",
            1,
            lambda rng: [
                (np.array([1.0, 0.0, 0.0, 1.0, 0.0]), "bce"),
                (np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]), "bce"),
                (_zeros_and_ones(rng, 11), "bce"),
            ],
        ),
        Check(
            "all alike",
            1,
            lambda rng: [
                (np.ones(4), "bce"),
                (np.zeros(3), "bce"),
                (np.full(5, 7.5), "mse"),
                (np.full(3, -2.0), "mae"),
            ],
            quiet=True,
        ),
    ),
    alternatives=(_constant_from_sorting, _constant_from_tables, _constant_with_guarded_logarithms),
    misconceptions=(
        Misconception(
            _floor_of_zero,
            "Your constants are right, your losses are all 0. No single number fits targets that differ: compute what "
            "it costs.",
        ),
        Misconception(
            _mean_for_everything,
            "For the absolute error you return the mean. It pays off to move as long as more targets lie on one side "
            "than on the other: that ends at the median.",
        ),
        Misconception(
            _half_for_yes_and_no,
            "For yes and no you shrug: one half, and a loss of log 2. Where one answer is more frequent, the share of "
            "ones costs less.",
        ),
        Misconception(
            _logarithm_of_zero,
            "Where all targets are alike you get nan: 0 times log 0. A class that never occurs costs nothing; leave "
            "its term out.",
        ),
        Misconception(
            _clipped_share,
            "Where all targets are alike, your share is a clip away from 0 or 1. A class that never occurs needs no "
            "logarithm: leave its term out.",
        ),
        Misconception(
            _share_right_loss_clipped,
            "Where all targets are alike, your loss is 1e-7 and should be 0: it comes from a clipped share. A class "
            "that never occurs needs no logarithm.",
        ),
        Misconception(
            _noes_forgotten,
            "Your cross-entropy is -log p, as if every answer were yes. Those with a no pay -log(1 - p); average over "
            "both kinds.",
        ),
        Misconception(
            _more_frequent_class,
            "You predict the more frequent class with certainty, and the rest costs 16 each. Cross-entropy asks for "
            "the share of ones.",
        ),
        Misconception(
            _losses_summed, "Your losses grow with the number of examples. Take the mean, not the sum, of their losses."
        ),
        Misconception(
            _bits, "Your cross-entropy is 1.44 times too large: it is in bits. The course takes natural logarithms."
        ),
        Misconception(
            _spread_not_squared,
            "For the squared error you return the standard deviation. The mean of the squares is its square, the "
            "variance.",
        ),
        Misconception(
            _sample_variance,
            "Your squared error is a little too large: it is divided by n - 1. A mean over n examples divides by n.",
        ),
    ),
    hints=(
        "Set the slope of the mean loss to 0. For squares: the misses add up to 0.",
        "For absolute values each miss pulls with the same force, so as many targets must lie above as below.",
        "For yes and no the best constant is the share of ones, and its loss is the entropy. Mind shares of 0.",
    ),
)


def equivalent_rates(learning_rate, n):
    """Learning rates with which a sum learns exactly as a mean does.

    learning_rate suits the mean of n squared errors; n is the number of
    examples. Returns two rates: the one with which gradient descent on the
    sum of the squared errors takes the same steps, and the one with which
    it does so on half of that sum.
    """
    for_sum = learning_rate / n
    for_half_sum = 2 * learning_rate / n
    return for_sum, for_half_sum


def _rates_from_the_slopes(learning_rate, n):
    step = learning_rate * 2 / n  # what a miss of 1 moves its own prediction
    return step / 2, step / 1


def _rates_as_a_pair(learning_rate, n):
    return tuple(learning_rate / (factor * n) for factor in (1.0, 0.5))


def _rates_multiplied(learning_rate, n):
    return learning_rate * n, learning_rate * n / 2


def _rates_unchanged(learning_rate, n):
    return learning_rate, learning_rate


def _half_sum_halved(learning_rate, n):
    return learning_rate / n, learning_rate / (2 * n)


def _half_overlooked(learning_rate, n):
    return learning_rate / n, learning_rate / n


def _rates_swapped(learning_rate, n):
    return 2 * learning_rate / n, learning_rate / n


def _only_the_half_seen(learning_rate, n):
    return learning_rate, 2 * learning_rate


EQUIVALENT_RATES = Exercise(
    id="equivalent-rates",
    chapter=CHAPTER,
    title="One walk, three scalings",
    reference=equivalent_rates,
    returns=("for_sum", "for_half_sum"),
    difficulty=1,
    checks=(
        Check("ten examples", 1, lambda rng: [(0.5, 10), (0.03, 10)]),
        Check("any number", 1, lambda rng: [(0.1, 3), (rng.uniform(0.01, 0.9), int(rng.integers(20, 2000)))]),
    ),
    alternatives=(_rates_from_the_slopes, _rates_as_a_pair),
    misconceptions=(
        Misconception(
            _rates_multiplied,
            "Your rates grow with n. The gradient of the sum is n times as long already, so its rate has to shrink.",
        ),
        Misconception(
            _rates_unchanged,
            "You keep the rate. The gradient of the sum is n times that of the mean, so the steps would be n times as "
            "long.",
        ),
        Misconception(
            _half_sum_halved,
            "The rate for the sum is right; for half the sum yours is four times too small. Half a loss has half a "
            "gradient, and the rate makes up for it.",
        ),
        Misconception(
            _half_overlooked,
            "Both your rates are the same. Half the sum has half the gradient of the sum: it needs twice the rate.",
        ),
        Misconception(
            _rates_swapped, "Both rates are there, in the wrong order: first the one for the sum, then for half of it."
        ),
        Misconception(
            _only_the_half_seen,
            "Your rates do not depend on n. The mean divides by n, and the sums do not: that factor moves into the "
            "rate.",
        ),
    ),
    hints=(
        "A step is the rate times the gradient. Which gradients does the same miss have in the three losses?",
        "For one miss r they are 2 r / n, 2 r and r. Choose the rates so that the products agree.",
    ),
)


def cross_entropy(y, z):
    """Softmax cross-entropy from scores, and its gradient in the scores.

    y holds n class numbers from 0 to K - 1. z has shape (n, K): one score a
    class, before the softmax. Returns the loss, the mean over the examples
    of -log p of the true class, where p = softmax(z) in each row, and the
    gradient (n, K): the derivatives of that mean with respect to the
    scores. Both are finite for all finite scores, and NumPy does not warn.
    """
    rows = np.arange(len(y))
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -np.mean(log_p[rows, y])
    gradient = np.exp(log_p)
    gradient[rows, y] -= 1
    return loss, gradient / len(y)


def _cross_entropy_with_one_hot_rows(y, z):
    targets = np.eye(z.shape[1])[y]
    top = z.max(axis=1)
    e = np.exp(z - top[:, None])
    total = e.sum(axis=1)
    losses = np.log(total) + top - (targets * z).sum(axis=1)
    return losses.mean(), (e / total[:, None] - targets) / len(y)


def _cross_entropy_by_loop(y, z):
    loss, gradient = 0.0, np.zeros_like(z, dtype=float)
    for i, (label, row) in enumerate(zip(y, z, strict=True)):
        top = max(row)
        log_sum = top + math.log(sum(math.exp(score - top) for score in row))
        loss += (log_sum - row[label]) / len(y)
        for k, score in enumerate(row):
            gradient[i, k] = (math.exp(score - log_sum) - (k == label)) / len(y)
    return loss, gradient


def _cross_entropy_with_logaddexp(y, z):
    log_p = z - np.logaddexp.reduce(z, axis=1)[:, np.newaxis]
    truth = np.arange(z.shape[1]) == np.asarray(y)[:, np.newaxis]
    return -log_p[truth].sum() / len(z), (np.exp(log_p) - truth) / len(z)


def _softmax_as_written(y, z):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.mean(np.log(p[rows, y]))
    p[rows, y] -= 1
    return loss, p / len(y)


def _logarithm_of_a_shifted_softmax(y, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.mean(np.log(p[rows, y]))
    p[rows, y] -= 1
    return loss, p / len(y)


def _probability_clipped(y, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.mean(np.log(np.clip(p[rows, y], 1e-7, 1 - 1e-7)))
    p[rows, y] -= 1
    return loss, p / len(y)


def _a_little_added(y, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.mean(np.log(p[rows, y] + 1e-12))
    p[rows, y] -= 1
    return loss, p / len(y)


def _logarithm_on_paper_without_shift(y, z):
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    loss = -np.mean(log_p[rows, y])
    gradient = np.exp(log_p)
    gradient[rows, y] -= 1
    return loss, gradient / len(y)


def _one_shift_for_all_rows(y, z):
    e = np.exp(z - z.max())
    total = e.sum(axis=1, keepdims=True)
    log_p = z - z.max() - np.log(total)
    rows = np.arange(len(y))
    gradient = e / total
    gradient[rows, y] -= 1
    return -np.mean(log_p[rows, y]), gradient / len(y)


def _summed_over_examples(y, z):
    loss, gradient = cross_entropy(y, z)
    return loss * len(y), gradient * len(y)


def _gradient_not_averaged(y, z):
    loss, gradient = cross_entropy(y, z)
    return loss, gradient * len(y)


def _averaged_over_classes_too(y, z):
    loss, gradient = cross_entropy(y, z)
    return loss / z.shape[1], gradient / z.shape[1]


def _gradient_divided_by_all_entries(y, z):
    loss, gradient = cross_entropy(y, z)
    return loss, gradient / z.shape[1]


def _probabilities_for_a_gradient(y, z):
    loss, _ = cross_entropy(y, z)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return loss, p / p.sum(axis=1, keepdims=True) / len(y)


def _one_minus_share(y, z):
    loss, gradient = cross_entropy(y, z)
    return loss, -gradient


def _gradient_in_the_probabilities(y, z):
    loss, _ = cross_entropy(y, z)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    gradient = np.zeros(z.shape)
    with np.errstate(divide="ignore"):
        gradient[rows, y] = -1 / p[rows, y]
    return loss, gradient / len(y)


def _softmax_twice(y, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return cross_entropy(y, e / e.sum(axis=1, keepdims=True))


def _softmax_down_the_columns(y, z):
    loss_and_gradient = z - z.max(axis=0)
    log_p = loss_and_gradient - np.log(np.exp(loss_and_gradient).sum(axis=0))
    rows = np.arange(len(y))
    gradient = np.exp(log_p)
    gradient[rows, y] -= 1
    return -np.mean(log_p[rows, y]), gradient / len(y)


def _sign_forgotten(y, z):
    loss, gradient = cross_entropy(y, z)
    return -loss, gradient


def _labels(rng, n, classes):
    return rng.integers(0, classes, size=n)


CROSS_ENTROPY = Exercise(
    id="softmax-cross-entropy",
    chapter=CHAPTER,
    title="Cross-entropy from scores",
    reference=cross_entropy,
    returns=("loss", "gradient"),
    difficulty=3,
    checks=(
        Check(
            "moderate scores",
            3,
            lambda rng: [
                (np.array([0, 2]), np.array([[2.0, -1.0, 0.0], [0.5, 0.5, 1.0]])),
                (np.array([1, 0, 3, 2, 1]), rng.normal(size=(5, 4))),
                (_labels(rng, 6, 3), rng.normal(scale=3, size=(6, 3))),
            ],
        ),
        Check(
            "scores far out",
            1,
            lambda rng: [
                (np.array([1, 0, 2]), np.array([[1000.0, 0.0, 0.0], [0.0, 1.0, 0.5], [-900.0, -2000.0, -900.5]])),
                (np.array([0, 1]), rng.uniform(800, 2000, size=(2, 2)) * np.array([[-1, 1], [1, -1]])),
            ],
            quiet=True,
        ),
        Check(
            "one example, and all scores equal",
            1,
            lambda rng: [
                (np.array([1]), np.array([[0.25, -1.5, 3.0, 0.5]])),
                (np.array([0, 1, 4]), np.zeros((3, 5))),
                (np.array([2]), rng.normal(scale=2, size=(1, 3))),
            ],
        ),
    ),
    alternatives=(_cross_entropy_with_one_hot_rows, _cross_entropy_by_loop, _cross_entropy_with_logaddexp),
    misconceptions=(
        Misconception(
            _softmax_as_written,
            "Moderate scores come out right, but `np.exp` of a large score overflows. Subtract the largest score of "
            "each row first; the softmax does not change.",
        ),
        Misconception(
            _logarithm_of_a_shifted_softmax,
            "The softmax is safe now, but far below the top p rounds to 0, and its logarithm is -inf. Take the "
            "logarithm on paper: log p = z - log(sum of e^z).",
        ),
        Misconception(
            _probability_clipped,
            "Your worst mistakes all cost 16.1: the clip hides how wrong they are. Compute log p from the scores, and "
            "nothing needs a clip.",
        ),
        Misconception(
            _a_little_added,
            "Your worst mistakes all cost 27.6: the 1e-12 beside p hides how wrong they are. Compute log p from the "
            "scores, and nothing has to be added.",
        ),
        Misconception(
            _logarithm_on_paper_without_shift,
            "The logarithm is taken on paper, and yet the sum of the exponentials overflows, or vanishes. Subtract "
            "the largest score of each row first.",
        ),
        Misconception(
            _one_shift_for_all_rows,
            "You shift all rows by one maximum, so a row far below it underflows to 0 / 0. Each row needs its own: "
            "`z.max(axis=1, keepdims=True)`.",
        ),
        Misconception(
            _summed_over_examples,
            "Loss and gradient grow with the number of examples. Sum over the classes, but take the mean over the "
            "examples.",
        ),
        Misconception(
            _gradient_not_averaged,
            "Your loss is a mean, your gradient belongs to the sum. Divide p minus the one-hot row by n as well.",
        ),
        Misconception(
            _averaged_over_classes_too,
            "You average over the classes too: your numbers are too small by their number. An example pays for its "
            "true class alone.",
        ),
        Misconception(
            _gradient_divided_by_all_entries,
            "Your loss is right, your gradient is too small by the number of classes. The loss is a mean over the n "
            "examples only: divide by n.",
        ),
        Misconception(
            _probabilities_for_a_gradient,
            "In your gradient every row adds up to a positive number; it should add up to 0. Subtract 1 at the true "
            "class.",
        ),
        Misconception(
            _one_minus_share,
            "Your gradient has the wrong sign. Raising the true score lowers the loss, so that entry is negative: p - "
            "1.",
        ),
        Misconception(
            _gradient_in_the_probabilities,
            "Your gradient is 0 everywhere but at the true class: it is the slope in p. Asked for is the slope in z, "
            "and every score has a part in p.",
        ),
        Misconception(
            _softmax_twice,
            "Your losses are squeezed together: even a sure and right row costs something. The softmax is applied "
            "twice; z are scores, once is enough.",
        ),
        Misconception(
            _softmax_down_the_columns,
            "Your shares add up to 1 down the columns. The classes of one example compete with each other: sum along "
            "`axis=1`.",
        ),
        Misconception(
            _sign_forgotten,
            "Your loss is negative. Logarithms of probabilities are; the minus in front is missing.",
        ),
    ),
    hints=(
        "Write log p of the true class with scores alone: its score, minus the logarithm of the sum of all e^z.",
        "Subtract the largest score of each row before you exponentiate: then no exponential is above 1, and one is 1.",
        "The gradient is p minus the one-hot row, divided by n. `p[np.arange(n), y] -= 1` subtracts at the true class.",
    ),
)


EXERCISES = (MEAN_SQUARED_ERROR, HUBER, EQUIVALENT_RATES, CROSS_ENTROPY, BEST_CONSTANT)

QUIZ = (
    Question(
        "House prices, a few mansions among them. You want guesses that are too high for one half of the houses and "
        "too low for the other. Which loss asks for that?",
        (
            Choice(
                "The mean squared error",
                False,
                "Its best constant is the mean, and a few mansions pull the mean far above the typical house.",
            ),
            Choice(
                "The mean absolute error",
                True,
                "Each miss pulls with the same force, so the pulls balance where as many houses lie above as below: at "
                "the median.",
            ),
            Choice(
                "The Huber loss with a very large delta",
                False,
                "With a very large delta no miss is far: it is half the squared error, and asks for the mean.",
            ),
            Choice(
                "The mean of the signed misses",
                False,
                "Guesses ever lower would make it ever smaller. It is no loss at all.",
            ),
        ),
    ),
    Question(
        "The labels are the numbers 0, 1 and 2, one class each. You turn them into one-hot rows and exchange sparse "
        "for categorical cross-entropy. What changes?",
        (
            Choice(
                "Nothing but the format of the labels",
                True,
                "The sum over the classes keeps one term, the true class. A class number says which one, and so does a "
                "one-hot row.",
            ),
            Choice(
                "The loss is now divided by the three classes as well",
                False,
                "Both sum over the classes and average over the examples. The classes are not averaged.",
            ),
            Choice(
                "Mixing up classes 0 and 2 used to cost more than 0 and 1",
                False,
                "The class number is only a name in either form. No class is nearer to another.",
            ),
        ),
    ),
    Question(
        "A sigmoid neuron has the score -10, and the target is 1. How strongly do the two losses pull at the score?",
        (
            Choice(
                "Both hard: the answer is as wrong as can be",
                False,
                "The squared error pulls with 2 (p - 1) p (1 - p). The factor p (1 - p) is next to 0 here.",
            ),
            Choice(
                "Cross-entropy with almost 1, the squared error with about 0.0001",
                True,
                "p - 1 is almost -1. The squared error multiplies by the sigmoid's slope, and where the neuron is sure "
                "there is hardly any.",
            ),
            Choice(
                "Cross-entropy hardly at all, because the sigmoid is flat there, the squared error with almost 1",
                False,
                "The slope of the logarithm cancels that of the sigmoid. It is the squared error that keeps the flat "
                "factor.",
            ),
        ),
    ),
    Question(
        "In a training set 37 % of the tumours are malignant. After some epochs the cross-entropy stands at 0.66. What "
        "does this number show that the network has learned?",
        (
            Choice(
                "Two thirds of the answers",
                False,
                "A loss is not a share of answers. 0.66 is a mean of logarithms.",
            ),
            Choice(
                "A little: a neuron that shrugs would be at 0.693, so the inputs have helped",
                False,
                "The shrug of one half ignores that benign is more frequent. Knowing this, without any input, brings "
                "it to 0.66.",
            ),
            Choice(
                "No more than how frequent malignant tumours are",
                True,
                "The constant 0.37 costs 0.66 already. If the network knows anything about single tumours, it has not "
                "paid off yet.",
            ),
        ),
    ),
    Question(
        "Two networks are right on the same patients. On new data one has the loss 0.07, the other 0.22. How can that "
        "be?",
        (
            Choice(
                "The second is surer where both are wrong",
                True,
                "Accuracy asks on which side of one half an answer lies; the loss asks how far. A few sure mistakes "
                "are expensive.",
            ),
            Choice(
                "One of the two losses has been computed wrongly, since equal answers cost the same",
                False,
                "The answers are equal after rounding to yes and no. The probabilities behind them are not.",
            ),
            Choice(
                "The second finds fewer of the sick patients",
                False,
                "Both are right on the same patients, so they find the same sick ones. Only the probabilities differ.",
            ),
        ),
    ),
    Question(
        "You compute the cross-entropy from probabilities that were clipped to at least 1e-7. Three examples show the "
        "loss 16.12. What do you know about them?",
        (
            Choice(
                "They are equally wrong, each of them by 16.12",
                False,
                "16.12 is -log(1e-7), the end of the scale. Their true losses may be 17 or 800.",
            ),
            Choice(
                "Their labels are wrong",
                False,
                "Perhaps, and it is worth a look. But a network that is sure of something false looks the same.",
            ),
            Choice(
                "They are wrong by 16.12 or more, nobody knows how much",
                True,
                "The clip cuts off whatever is worse. From the scores each would have its own loss, and its own "
                "gradient.",
            ),
        ),
    ),
)
