"""Chapter 13, overfitting: own errors and new ones, bias and variance, two curves read, sureness, sizes, capacity."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "overfitting"


def errors_by_degree(x, y, x_new, y_new, degrees):
    """How well polynomials fit their own examples, and new ones.

    x and y hold n examples, x_new and y_new m others, all of them one
    number an example. degrees holds k whole numbers from 0 on, each below
    n. For each of them, fit the polynomial of that degree to x and y, so
    that its mean squared error there is as small as can be. Returns that
    error for each degree, shape (k,), and the mean squared error of the
    same polynomials on the m new examples, shape (k,).
    """
    own, new = [], []
    for degree in degrees:
        powers, powers_new = np.vander(x, degree + 1), np.vander(x_new, degree + 1)
        w = np.linalg.lstsq(powers, y, rcond=None)[0]
        own.append(np.mean((powers @ w - y) ** 2))
        new.append(np.mean((powers_new @ w - y_new) ** 2))
    return np.array(own), np.array(new)


def _with_polyfit(x, y, x_new, y_new, degrees):
    fits = [np.polyfit(x, y, degree) for degree in degrees]
    own = [np.mean((np.polyval(fit, x) - y) ** 2) for fit in fits]
    return own, [np.mean((np.polyval(fit, x_new) - y_new) ** 2) for fit in fits]


def _with_polynomial_objects(x, y, x_new, y_new, degrees):
    errors = []
    for degree in degrees:
        fit = np.polynomial.Polynomial.fit(x, y, int(degree))
        errors.append([((fit(x) - y) ** 2).mean(), ((fit(x_new) - y_new) ** 2).mean()])
    own, new = np.array(errors).T
    return own, new


def _with_directions_at_right_angles(x, y, x_new, y_new, degrees):
    own, new = np.zeros(len(degrees)), np.zeros(len(degrees))
    for i, degree in enumerate(degrees):
        q, r = np.linalg.qr(x[:, None] ** np.arange(degree + 1))
        w = np.linalg.solve(r, q.T @ y)
        own[i] = np.square(y - q @ (q.T @ y)).sum() / len(y)
        new[i] = np.square(y_new - x_new[:, None] ** np.arange(degree + 1) @ w).sum() / len(y_new)
    return own, new


def _best(powers, y):
    """The least squares weights, none where there is no power."""
    return np.linalg.lstsq(powers, y, rcond=None)[0] if powers.shape[1] else np.zeros(0)


def _errors(x, y, x_new, y_new, degrees, *, powers=np.vander, power=1, mean=np.mean, size=lambda degree: degree + 1):
    """What most of the misconceptions below share, each with one thing changed."""
    own, new = [], []
    for degree in degrees:
        here, there = powers(x, size(degree)), powers(x_new, size(degree))
        w = _best(here, y)
        own.append(mean(np.abs(here @ w - y) ** (3 - power)))
        new.append(mean(np.abs(there @ w - y_new) ** (3 - power)))
    return np.array(own), np.array(new)


def _fitted_to_the_new_ones_too(x, y, x_new, y_new, degrees):
    own, _ = errors_by_degree(x, y, x_new, y_new, degrees)
    _, new = errors_by_degree(x_new, y_new, x_new, y_new, degrees)
    return own, new


def _fitted_to_all_together(x, y, x_new, y_new, degrees):
    everything, targets = np.concatenate([x, x_new]), np.concatenate([y, y_new])
    _, own = errors_by_degree(everything, targets, x, y, degrees)
    _, new = errors_by_degree(everything, targets, x_new, y_new, degrees)
    return own, new


def _one_power_short(x, y, x_new, y_new, degrees):
    return _errors(x, y, x_new, y_new, degrees, size=lambda degree: degree)


def _no_constant(x, y, x_new, y_new, degrees):
    return _errors(x, y, x_new, y_new, degrees, powers=lambda x, size: np.vander(x, size)[:, :-1])


def _top_power_alone(x, y, x_new, y_new, degrees):
    return _errors(x, y, x_new, y_new, degrees, powers=lambda x, size: np.vander(x, size)[:, [0, -1]])


def _squares_summed(x, y, x_new, y_new, degrees):
    return _errors(x, y, x_new, y_new, degrees, mean=np.sum)


def _roots_taken(x, y, x_new, y_new, degrees):
    own, new = errors_by_degree(x, y, x_new, y_new, degrees)
    return np.sqrt(own), np.sqrt(new)


def _sizes_of_the_errors(x, y, x_new, y_new, degrees):
    return _errors(x, y, x_new, y_new, degrees, power=2)


def _new_ones_first(x, y, x_new, y_new, degrees):
    own, new = errors_by_degree(x, y, x_new, y_new, degrees)
    return new, own


def _each_scaled_by_itself(x, y, x_new, y_new, degrees):
    def scaled(values):
        return (values - values.mean()) / values.std()

    return errors_by_degree(scaled(x), y, scaled(x_new), y_new, degrees)


def _powers_from_the_wrong_end(x, y, x_new, y_new, degrees):
    own, new = [], []
    for degree in degrees:
        w = _best(np.vander(x, degree + 1, increasing=True), y)
        own.append(np.mean((np.polyval(w, x) - y) ** 2))
        new.append(np.mean((np.polyval(w, x_new) - y_new) ** 2))
    return np.array(own), np.array(new)


def _coefficients_of_the_scaled_x(x, y, x_new, y_new, degrees):
    own, new = [], []
    for degree in degrees:
        w = np.polynomial.Polynomial.fit(x, y, int(degree)).coef[::-1]
        own.append(np.mean((np.polyval(w, x) - y) ** 2))
        new.append(np.mean((np.polyval(w, x_new) - y_new) ** 2))
    return np.array(own), np.array(new)


def _waves(rng, n, m):
    x, x_new = rng.uniform(-1, 1, n), rng.uniform(-0.9, 0.9, m)
    return x, np.sin(3 * x) + 0.3 * rng.normal(size=n), x_new, np.sin(3 * x_new) + 0.3 * rng.normal(size=m)


ERRORS_BY_DEGREE = Exercise(
    id="errors-by-degree",
    chapter=CHAPTER,
    title="Own errors and new ones, degree by degree",
    reference=errors_by_degree,
    returns=("own errors", "new errors"),
    difficulty=2,
    checks=(
        Check(
            "a constant and a line",
            1,
            lambda rng: [
                (
                    np.array([-1.0, 0.0, 0.5, 1.0]),
                    np.array([0.0, 1.0, 3.0, 2.0]),
                    np.array([-0.5, 0.25]),
                    np.array([1.0, 2.0]),
                    np.array([0, 1]),
                ),
                (*_waves(rng, 12, 9), np.array([1, 0])),
            ],
        ),
        Check(
            "higher degrees",
            2,
            lambda rng: [
                (*_waves(rng, 20, 30), np.array([1, 3, 5])),
                (*_waves(rng, 15, 8), np.array([6, 2, 4, 3])),
            ],
        ),
    ),
    alternatives=(_with_polyfit, _with_polynomial_objects, _with_directions_at_right_angles),
    misconceptions=(
        Misconception(
            _fitted_to_the_new_ones_too,
            "Your own errors are right and your new ones are too good: you fit another polynomial to the new examples. "
            "They are only asked; the weights come from x and y.",
        ),
        Misconception(
            _fitted_to_all_together,
            "Your own errors are too large and your new ones too small: the new examples helped to fit. What has been "
            "learned from is no longer new.",
        ),
        Misconception(
            _one_power_short,
            "Your errors belong to one degree less: a polynomial of degree d has d + 1 weights. The second argument of "
            "`np.vander` is the number of columns.",
        ),
        Misconception(
            _no_constant,
            "All your polynomials pass through 0 at x = 0. The constant is missing: the power 0 of x, a column of "
            "ones.",
        ),
        Misconception(
            _top_power_alone,
            "Your higher degrees fit too badly: you use the highest power and the constant, and leave out the powers "
            "between. A polynomial of degree 3 may use x and x**2 too.",
        ),
        Misconception(_squares_summed, "Your errors are sums of squares. Divide each by its own number of examples."),
        Misconception(_roots_taken, "Your errors are the roots of what is asked for: leave the mean squared as it is."),
        Misconception(
            _sizes_of_the_errors,
            "You average the sizes of the errors; their squares are asked for, as in the loss that was made small.",
        ),
        Misconception(
            _new_ones_first, "Both lists are right and stand in the wrong order: own errors first, then the new ones."
        ),
        Misconception(
            _each_scaled_by_itself,
            "Your own errors are right and your new ones are not: x_new was shifted and scaled by its own mean. One "
            "scale, measured on x, has to serve both, or the same x means two things.",
        ),
        Misconception(
            _powers_from_the_wrong_end,
            "Your weights are right and meet the wrong powers. `np.polyval` begins with the highest power, "
            "`np.polynomial` with the lowest; keep to one of them.",
        ),
        Misconception(
            _coefficients_of_the_scaled_x,
            "Your weights belong to another x: `Polynomial.fit` first brings x to the range from -1 to 1, and `.coef` "
            "are the weights there. Call the fit itself, `curve(x_new)`.",
        ),
    ),
    hints=(
        "A polynomial is a linear neuron whose inputs are powers of x: `np.vander(x, degree + 1)` has them as columns.",
        "`np.linalg.lstsq(powers, y, rcond=None)[0]` are the best weights. Use the same weights on the powers of "
        "x_new.",
    ),
)


def bias_and_variance(answers, truth):
    """Take the error of many models apart into bias and variance.

    answers has shape (s, m): row i holds what the model learned from
    training set i says at m places. truth (m,) holds the true values
    there, without noise. Returns two numbers, averaged over the m places:
    the square of the bias, and the variance over the training sets. The
    variance is a plain mean over the s models, so that the two add up to
    the mean of (answer - truth)^2.
    """
    mean_answer = answers.mean(axis=0)
    bias_squared = np.mean((mean_answer - truth) ** 2)
    variance = np.mean((answers - mean_answer) ** 2)
    return bias_squared, variance


def _with_var(answers, truth):
    return float(((np.mean(answers, axis=0) - truth) ** 2).mean()), float(answers.var(axis=0).mean())


def _by_what_is_left(answers, truth):
    bias = answers.sum(axis=0) / len(answers) - truth
    bias_squared = bias @ bias / len(truth)
    return bias_squared, np.mean((answers - truth) ** 2) - bias_squared


def _place_by_place(answers, truth):
    biases, variances = [], []
    for column, true_value in zip(answers.T, truth, strict=True):
        centre = sum(column) / len(column)
        biases.append((centre - true_value) ** 2)
        variances.append(sum((a - centre) ** 2 for a in column) / len(column))
    return np.mean(biases), np.mean(variances)


def _over_the_places(answers, truth):
    return bias_and_variance(answers, truth)[0], answers.var(axis=1).mean()


def _all_error_is_bias(answers, truth):
    return np.mean((answers - truth) ** 2), bias_and_variance(answers, truth)[1]


def _averaged_before_squaring(answers, truth):
    return np.mean(answers - truth) ** 2, bias_and_variance(answers, truth)[1]


def _bias_not_squared(answers, truth):
    return np.mean(np.abs(answers.mean(axis=0) - truth)), bias_and_variance(answers, truth)[1]


def _signs_kept(answers, truth):
    return np.mean(answers.mean(axis=0) - truth), bias_and_variance(answers, truth)[1]


def _root_of_the_bias(answers, truth):
    bias_squared, variance = bias_and_variance(answers, truth)
    return np.sqrt(bias_squared), variance


def _around_the_truth(answers, truth):
    return bias_and_variance(answers, truth)[0], np.mean((answers - truth) ** 2)


def _divided_by_one_less(answers, truth):
    return bias_and_variance(answers, truth)[0], answers.var(axis=0, ddof=1).mean()


def _standard_deviation(answers, truth):
    return bias_and_variance(answers, truth)[0], answers.std(axis=0).mean()


def _of_all_numbers_at_once(answers, truth):
    return bias_and_variance(answers, truth)[0], answers.var()


def _one_number_a_place(answers, truth):
    return (answers.mean(axis=0) - truth) ** 2, answers.var(axis=0)


def _summed_over_the_places(answers, truth):
    bias_squared, variance = bias_and_variance(answers, truth)
    return bias_squared * len(truth), variance * len(truth)


def _variance_first(answers, truth):
    return bias_and_variance(answers, truth)[::-1]


def _models(rng, s, m, shift=0.3, spread=0.5):
    truth = np.sin(np.linspace(0, 6, m))
    bias = shift * rng.normal(size=m)
    return truth + bias + spread * rng.normal(size=(s, m)), truth


BIAS_AND_VARIANCE = Exercise(
    id="bias-and-variance",
    chapter=CHAPTER,
    title="Bias and variance by simulation",
    reference=bias_and_variance,
    returns=("squared bias", "variance"),
    difficulty=2,
    checks=(
        Check(
            "both parts",
            2,
            lambda rng: [
                (np.array([[1.0, 2.0, 0.5], [3.0, 2.5, -1.5]]), np.array([1.0, 3.0, 0.0])),
                _models(rng, 40, 7),
                _models(rng, 5, 12, 1.0, 0.2),
            ],
        ),
        Check(
            "models that agree, and models that are right on average",
            2,
            lambda rng: [
                (np.tile(rng.normal(size=6), (4, 1)), rng.normal(size=6)),
                (np.array([[1.0, -2.0, 0.5], [-1.0, 2.5, 0.0], [0.0, -0.5, -0.5]]), np.zeros(3)),
            ],
        ),
    ),
    alternatives=(_with_var, _by_what_is_left, _place_by_place),
    misconceptions=(
        Misconception(
            _over_the_places,
            "Your variance runs along each row: how much one model's answers differ from place to place, which a "
            "curved truth wants. Compare the models with each other at one place: axis 0.",
        ),
        Misconception(
            _all_error_is_bias,
            "What you call bias is the whole squared error. Average the models first, and then compare that average "
            "with the truth.",
        ),
        Misconception(
            _averaged_before_squaring,
            "Your bias averages over the places before it squares, so too high here and too low there cancel. Square "
            "at each place, then average.",
        ),
        Misconception(
            _bias_not_squared, "Your variance is right; your bias is averaged without being squared. Square it first."
        ),
        Misconception(
            _signs_kept,
            "Your bias is averaged with its sign, so too high here and too low there cancel. Square it at each place "
            "first.",
        ),
        Misconception(_root_of_the_bias, "You took the root of your first number. Its square is asked for."),
        Misconception(
            _around_the_truth,
            "Your variance is the whole squared error: you measure how far the models are from the truth. Measure how "
            "far they are from their own mean.",
        ),
        Misconception(
            _divided_by_one_less,
            "Your variance is a little too large: it is divided by s - 1. Divide by s, and the two parts add up.",
        ),
        Misconception(
            _standard_deviation, "Your second number is a standard deviation, the root of the variance. Leave the root."
        ),
        Misconception(
            _of_all_numbers_at_once,
            "Your variance throws all answers into one pot, so the shape of the curve counts as variance. Take it at "
            "each place, over the models, and then average.",
        ),
        Misconception(
            _one_number_a_place, "You return one number for each place. Average each of the two over the places."
        ),
        Misconception(_summed_over_the_places, "Your two numbers are sums over the places; means are asked for."),
        Misconception(_variance_first, "Your two numbers have changed places: the squared bias comes first."),
    ),
    hints=(
        "`answers.mean(axis=0)` is the mean answer of all models at each place.",
        "Check yourself: bias squared and variance have to add up to `np.mean((answers - truth) ** 2)`.",
    ),
)


def read_the_curves(train_loss, val_loss, floor):
    """The verdict on a training, from its two loss curves.

    train_loss and val_loss hold one loss an epoch. floor is a loss that a
    good model is known to reach, a positive number. Let k be a tenth of
    the number of epochs, rounded down, but at least 1. A curve's end is
    the mean of its last k entries; its best is the smallest mean of any k
    entries in a row. Returns the first of these that is true:
    "diverged" if either curve holds a nan or an infinity, or if the end of
    train_loss is above its first entry;
    "underfit" if the end of train_loss is above 1.5 times the floor;
    "overfit" if the end of val_loss is above 1.1 times its best;
    "good" otherwise.
    """
    if not (np.isfinite(train_loss).all() and np.isfinite(val_loss).all()):
        return "diverged"
    k = max(1, len(train_loss) // 10)
    means = [np.mean(val_loss[i : i + k]) for i in range(len(val_loss) - k + 1)]
    end = np.mean(train_loss[-k:])
    if end > train_loss[0]:
        return "diverged"
    if end > 1.5 * floor:
        return "underfit"
    return "overfit" if means[-1] > 1.1 * min(means) else "good"


def _curves_by_convolution(train_loss, val_loss, floor):
    if not np.isfinite(np.sum(train_loss) + np.sum(val_loss)):
        return "diverged"
    k = max(len(train_loss) // 10, 1)
    train, val = (np.convolve(curve, np.full(k, 1 / k), mode="valid") for curve in (train_loss, val_loss))
    if train[-1] > train_loss[0]:
        return "diverged"
    if train[-1] > 1.5 * floor:
        return "underfit"
    return "overfit" if val[-1] / val.min() > 1.1 else "good"


def _curves_by_windows(train_loss, val_loss, floor):
    k = max(1, int(len(val_loss) / 10))
    both = np.stack([train_loss, val_loss])
    end, last = both[:, -k:].mean(axis=1)
    best = np.lib.stride_tricks.sliding_window_view(val_loss, k).mean(axis=1).min()
    verdicts = {
        "diverged": np.any(np.isnan(both) | np.isinf(both)) or end > train_loss[0],
        "underfit": end > 1.5 * floor,
        "overfit": last > 1.1 * best,
        "good": True,
    }
    return next(name for name, holds in verdicts.items() if holds)


def _curve_reader(finite=True, rise=True, size=lambda n: max(1, n // 10), best="window", order="under", gap=False):
    """The reading that most of the misconceptions below share, each with one thing changed."""

    def read(train_loss, val_loss, floor):
        whole = np.isfinite(train_loss).all() and np.isfinite(val_loss).all()
        if finite and not whole:
            return "diverged"
        k = size(len(train_loss))
        end, last = np.mean(train_loss[-k:]), np.mean(val_loss[-k:])
        if best == "window":
            lowest = min(np.mean(val_loss[i : i + k]) for i in range(len(val_loss) - k + 1))
        else:
            lowest = np.min(val_loss) if best == "one" else val_loss[0] / 1.1 if best == "first" else end
        over = last > 1.1 * lowest
        if rise and end > train_loss[0]:
            return "diverged" if rise is True else "overfit"
        if order == "over" and over:
            return "overfit"
        if end > 1.5 * floor:
            return "underfit"
        return "overfit" if over else "good"

    return read


def _rising_training_called_overfitting(train_loss, val_loss, floor):
    return _curve_reader(rise="overfit")(train_loss, val_loss, floor)


def _nan_not_seen(train_loss, val_loss, floor):
    return _curve_reader(finite=False)(train_loss, val_loss, floor)


def _any_gap_is_overfitting(train_loss, val_loss, floor):
    return _curve_reader(best="gap")(train_loss, val_loss, floor)


def _last_epoch_alone(train_loss, val_loss, floor):
    return _curve_reader(size=lambda n: 1)(train_loss, val_loss, floor)


def _best_single_epoch(train_loss, val_loss, floor):
    return _curve_reader(best="one")(train_loss, val_loss, floor)


def _against_the_first_epoch(train_loss, val_loss, floor):
    return _curve_reader(best="first")(train_loss, val_loss, floor)


def _overfitting_asked_first(train_loss, val_loss, floor):
    return _curve_reader(order="over")(train_loss, val_loss, floor)


def _training_curve_alone(train_loss, val_loss, floor):
    verdict = _curve_reader()(train_loss, train_loss, floor)
    return "good" if verdict == "overfit" else verdict


def _validation_for_both(train_loss, val_loss, floor):
    return _curve_reader()(val_loss, val_loss, floor)


def _only_the_training_curve_checked_for_nan(train_loss, val_loss, floor):
    return "diverged" if not np.isfinite(train_loss).all() else _nan_not_seen(train_loss, val_loss, floor)


def _underfit_read_off_validation(train_loss, val_loss, floor):
    verdict = read_the_curves(train_loss, val_loss, floor)
    k = max(1, len(train_loss) // 10)
    return verdict if verdict == "diverged" or np.mean(val_loss[-k:]) <= 1.5 * floor else "underfit"


def _tenth_rounded_up(train_loss, val_loss, floor):
    return _curve_reader(size=lambda n: -(-n // 10))(train_loss, val_loss, floor)


def _tenth_of_a_short_curve(train_loss, val_loss, floor):
    return _curve_reader(size=lambda n: n // 10)(train_loss, val_loss, floor)


def _start_averaged_too(train_loss, val_loss, floor):
    k = max(1, len(train_loss) // 10)
    return read_the_curves(np.concatenate([[np.mean(train_loss[:k])], train_loss[1:]]), val_loss, floor)


def _blocks_side_by_side(train_loss, val_loss, floor):
    verdict = read_the_curves(train_loss, val_loss, floor)
    if verdict not in ("overfit", "good"):
        return verdict
    k = max(1, len(val_loss) // 10)
    best = min(np.mean(val_loss[i : i + k]) for i in range(0, len(val_loss) - k + 1, k))
    return "overfit" if np.mean(val_loss[-k:]) > 1.1 * best else "good"


def _every_rise_is_divergence(train_loss, val_loss, floor):
    k = max(1, len(train_loss) // 10)
    if np.isfinite(train_loss).all() and np.mean(train_loss[-k:]) > 1.1 * np.min(train_loss):
        return "diverged"
    return read_the_curves(train_loss, val_loss, floor)


def _history(rng, train_ends, val_best, val_ends, epochs=60, start=2.0, noise=0.01, turn=0.4):
    """Two curves that fall from `start`; the second reaches val_best at `turn` and then moves to val_ends."""
    t = np.arange(epochs) / (epochs - 1)
    fall = np.exp(-12 * t)
    train = train_ends + (start - train_ends) * fall
    later = np.clip((t - turn) / (1 - turn), 0, 1) ** 0.5
    val = val_best + (start - val_best) * np.exp(-12 * t) + (val_ends - val_best) * later
    return tuple(curve * (1 + noise * rng.uniform(-1, 1, epochs)) for curve in (train, val))


def _changed(curves, which, entry, value):
    curves = [curve.copy() for curve in curves]
    curves[which][entry] = value
    return tuple(curves)


def _lifted(curves, which, entries, factor):
    curves = [curve.copy() for curve in curves]
    curves[which][entries] *= factor
    return tuple(curves)


def _runaway(rng, epochs):
    t = np.arange(epochs)
    return 2.0 * 1.1**t * (1 + 0.01 * rng.uniform(-1, 1, epochs)), 2.1 * 1.12**t


READ_THE_CURVES = Exercise(
    id="read-the-curves",
    chapter=CHAPTER,
    title="Two curves, four verdicts",
    reference=read_the_curves,
    difficulty=2,
    checks=(
        Check(
            "four plain cases",
            1,
            lambda rng: [
                (*_history(rng, 0.1, 0.11, 0.11), 0.1),
                (*_history(rng, 0.5, 0.52, 0.52), 0.1),
                (*_history(rng, 0.01, 0.2, 0.4), 0.1),
                (*_runaway(rng, 30), 0.1),
            ],
        ),
        Check(
            "a training that broke, and one that only slipped",
            1,
            lambda rng: [
                (*_changed(_history(rng, 0.1, 0.11, 0.11), 0, slice(50, None), np.nan), 0.1),
                (*_changed(_history(rng, 0.1, 0.11, 0.11), 1, 59, np.inf), 0.1),
                (*_lifted(_history(rng, 0.08, 0.11, 0.11), 0, slice(54, None), 1.5), 0.1),
                (*_changed(_history(rng, 0.1, 0.11, 0.11), 0, slice(54, None), 1.9), 0.1),
            ],
        ),
        Check(
            "a gap that does not grow, and a rise behind an underfit",
            1,
            lambda rng: [
                (*_history(rng, 0.03, 0.15, 0.15), 0.1),
                (*_history(rng, 0.4, 0.6, 0.9), 0.1),
                (*_history(rng, 0.02, 0.3, 1.2), 0.1),
            ],
        ),
        Check(
            "curves that jump, and short ones",
            1,
            lambda rng: [
                (*_lifted(_history(rng, 0.1, 0.11, 0.11), 1, 59, 1.3), 0.1),
                (*_lifted(_history(rng, 0.1, 0.11, 0.11), 1, 35, 0.7), 0.1),
                (*_lifted(_history(rng, 0.02, 0.2, 0.4), 1, 59, 0.5), 0.1),
                (np.array([2.0, 0.5, 0.1, 0.05, 0.02]), np.array([2.0, 0.6, 0.3, 0.35, 0.5]), 0.1),
                (np.array([2.0, 0.5, 0.1]), np.array([2.1, 0.6, 0.2]), 0.1),
                (*_lifted(_history(rng, 0.1, 0.2, 0.22), 1, slice(33, 39), 0.9), 0.1),
                (*_changed(_history(rng, 0.1, 0.11, 0.11, epochs=19), 1, 18, 0.125), 0.1),
                (np.array([2.0, 0.5, 0.16]), np.array([2.1, 0.6, 0.2]), 0.1),
                (np.array([2.0, 0.5, 0.1, 0.05]), np.array([0.2, 0.3, 0.3, 0.25]), 0.1),
                (np.full(5, 0.1), np.full(5, 0.2), 0.1),  # neither fell nor rose
                (np.append(2.0, np.full(19, 0.1)), np.append(np.full(19, 0.2), 0.235), 0.1),
                (np.append(np.full(29, 0.1), 0.3), np.full(30, 0.2), 0.1),
                (np.append(2.0, np.full(29, 0.1)), np.append(np.full(29, 0.2), 0.3), 0.1),
            ],
        ),
    ),
    alternatives=(_curves_by_convolution, _curves_by_windows),
    misconceptions=(
        Misconception(
            _rising_training_called_overfitting,
            "You call it overfitting when the *training* loss ends above its start. A network that overfits gets "
            "better and better on its own examples; this one has diverged.",
        ),
        Misconception(
            _nan_not_seen,
            'Your verdict on a curve with a nan or an infinity is not "diverged". Every comparison with nan is '
            "False, so ask `np.isfinite` first, and of both curves.",
        ),
        Misconception(
            _only_the_training_curve_checked_for_nan,
            "Your verdict goes wrong where only the validation curve breaks. Ask both curves whether they are finite.",
        ),
        Misconception(
            _any_gap_is_overfitting,
            "You call every gap between the curves overfitting. Compare the end of the validation curve with its own "
            "best, not with the training curve.",
        ),
        Misconception(
            _last_epoch_alone,
            "One jumpy epoch at the very end changes your verdict. The end of a curve is the mean of its last k "
            "entries.",
        ),
        Misconception(
            _best_single_epoch,
            "One lucky epoch in the middle changes your verdict. The best is the smallest mean of k entries in a row, "
            "so that luck cancels.",
        ),
        Misconception(
            _against_the_first_epoch,
            "You miss overfitting while the validation loss is still below its start. Compare its end with its best.",
        ),
        Misconception(
            _overfitting_asked_first,
            'Where the training loss is still high and the validation loss rises, you say "overfit". The first line '
            'that is true counts, and "underfit" comes before it.',
        ),
        Misconception(
            _training_curve_alone,
            'You never say "overfit". That verdict is read off the validation curve, which yours does not look at.',
        ),
        Misconception(
            _validation_for_both,
            "You read everything off the validation curve. Whether the model underfits or has diverged is a question "
            "to the training curve.",
        ),
        Misconception(
            _underfit_read_off_validation,
            'You say "underfit" where only the validation loss is high. Whether the model can do what is asked shows '
            "in the training loss.",
        ),
        Misconception(
            _tenth_rounded_up,
            "Your verdict goes wrong when the number of epochs is no multiple of ten: your k is a tenth rounded up. "
            "Round down: `len(train_loss) // 10`.",
        ),
        Misconception(
            _tenth_of_a_short_curve,
            "With fewer than ten epochs your k is 0, and `[-0:]` is the whole curve. Let k be at least 1.",
        ),
        Misconception(
            _start_averaged_too,
            'You say "diverged" where the end of the training loss lies below its first entry. Only the end is a mean; '
            "it is compared with the first entry itself.",
        ),
        Misconception(
            _blocks_side_by_side,
            "You cut the validation curve into blocks of k, and a best that lies across two of them is missed. Take "
            "any k entries in a row: begin at every epoch.",
        ),
        Misconception(
            _every_rise_is_divergence,
            "You call it divergence when the training loss ends above its *lowest* point. Compare its end with its "
            "first entry: a slip near the end is no divergence.",
        ),
    ),
    hints=(
        "Ask in the order of the list, and return as soon as one is true.",
        "The means of k entries in a row: `[np.mean(val_loss[i : i + k]) for i in range(n - k + 1)]`. The last of them "
        "is the end.",
    ),
)


def overconfidence(p, y):
    """By how much a network is surer than it is right.

    p has shape (n, K): row i holds the probabilities that the network
    gives to the K classes for example i. y (n,) holds the true classes,
    whole numbers from 0 to K - 1. The network decides for its largest
    probability. Returns the mean of these largest probabilities minus the
    share of its decisions that are right, a number between -1 and 1.
    """
    sure = p.max(axis=1).mean()
    right = (p.argmax(axis=1) == y).mean()
    return sure - right


def _sure_by_sorting(p, y):
    return np.sort(p, axis=1)[:, -1].mean() - np.mean(np.argsort(p, axis=1)[:, -1] == y)


def _sure_row_by_row(p, y):
    total = 0.0
    for row, true_class in zip(p, y, strict=True):
        decision = int(np.argmax(row))
        total += row[decision] - (decision == true_class)
    return total / len(y)


def _sure_by_place(p, y):
    k = p.argmax(axis=1)
    return np.mean(np.take_along_axis(p, k[:, None], axis=1)[:, 0] - (k == y))


def _probability_of_the_truth(p, y):
    return p[np.arange(len(y)), y].mean() - np.mean(p.argmax(axis=1) == y)


def _largest_minus_the_truth(p, y):
    return np.mean(p.max(axis=1) - p[np.arange(len(y)), y])


def _sure_where_right(p, y):
    right = p.argmax(axis=1) == y
    return (p.max(axis=1)[right].mean() if right.any() else 0.0) - right.mean()


def _right_minus_sure(p, y):
    return -overconfidence(p, y)


def _along_the_examples(p, y):
    return p.max(axis=0).mean() - np.mean(p.argmax(axis=1) == y)


def _wrong_ones_alone(p, y):
    wrong = p.argmax(axis=1) != y
    return p.max(axis=1)[wrong].mean() if wrong.any() else 0.0


def _sureness_alone(p, y):
    return p.max(axis=1).mean()


def _share_of_wrong_answers(p, y):
    return np.mean(p.argmax(axis=1) != y)


def _size_alone(p, y):
    return abs(overconfidence(p, y))


def _right_from_a_half_on(p, y):
    return p.max(axis=1).mean() - np.mean(p[np.arange(len(y)), y] > 0.5)


def _summed_over_the_examples(p, y):
    return overconfidence(p, y) * len(y)


def _some_probabilities(rng, n, classes, sharp, luck):
    """Probabilities whose largest entry is at the true class with a share `luck`."""
    z = sharp * rng.normal(size=(n, classes))
    y = np.where(rng.random(n) < luck, z.argmax(axis=1), rng.integers(classes, size=n))
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True), y


OVERCONFIDENCE = Exercise(
    id="overconfidence",
    chapter=CHAPTER,
    title="Surer than right",
    reference=overconfidence,
    difficulty=1,
    checks=(
        Check(
            "a network that is too sure",
            2,
            lambda rng: [
                (np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.05, 0.05, 0.9]]), np.array([0, 2, 1])),
                _some_probabilities(rng, 50, 4, 3.0, 0.4),
                _some_probabilities(rng, 30, 3, 2.0, 0.3),
            ],
        ),
        Check(
            "a network that is too modest",
            1,
            lambda rng: [
                (np.array([[0.4, 0.35, 0.25], [0.3, 0.3, 0.4], [0.5, 0.25, 0.25]]), np.array([0, 2, 0])),
                _some_probabilities(rng, 40, 5, 0.5, 0.9),
            ],
        ),
    ),
    alternatives=(_sure_by_sorting, _sure_row_by_row, _sure_by_place),
    misconceptions=(
        Misconception(
            _probability_of_the_truth,
            "You average the probability of the true class. How sure the network is does not depend on the truth: take "
            "the largest of each row.",
        ),
        Misconception(
            _largest_minus_the_truth,
            "You subtract the probability of the true class. Subtract how often the decision is right: 1 or 0 for each "
            "row, however sure the network was.",
        ),
        Misconception(
            _sure_where_right,
            "You average the sureness over the right answers only, and the sure mistakes drop out. Average over all "
            "rows.",
        ),
        Misconception(
            _right_minus_sure,
            "Your sign is turned: the number is to be positive where the network is surer than it is right.",
        ),
        Misconception(
            _along_the_examples,
            "You take the largest probability of each class over all examples. Take it along each row, axis 1.",
        ),
        Misconception(
            _wrong_ones_alone,
            "You average over the mistakes only. All rows count, those that are right as well, and the share of right "
            "ones is subtracted.",
        ),
        Misconception(
            _share_of_wrong_answers,
            "You return how often the network is wrong, as if it had always been sure. How sure it was stands in p: "
            "the largest of each row.",
        ),
        Misconception(_sureness_alone, "You return how sure the network is. How often it is right has to come off."),
        Misconception(
            _size_alone, "You lose the sign. A modest network, right more often than it claims, gets a negative number."
        ),
        Misconception(
            _right_from_a_half_on,
            "You count an answer as right only if the true class gets more than a half. With three or more classes the "
            "largest wins, even when it is below a half.",
        ),
        Misconception(_summed_over_the_examples, "Your number is a sum over the examples. Divide it by n."),
    ),
    hints=(
        "`p.max(axis=1)` says how sure the network is of each row, `p.argmax(axis=1)` for which class it decides.",
        "A mean of True and False is the share of True.",
    ),
)


def learning_curve(x, y, x_new, y_new, sizes):
    """Errors of a linear neuron that learns from more and more examples.

    x has shape (n, d), y (n,); x_new (m, d) and y_new (m,) are other
    examples, from which nothing is learned. sizes holds k whole numbers,
    each larger than d and at most n. For each size, fit the linear neuron
    x @ w + b to the first so many rows of x and y by least squares.
    Returns, for each size, the mean squared error on the rows that it was
    fitted to, shape (k,), and the mean squared error on all new rows,
    shape (k,).
    """
    X, X_new = np.column_stack([x, np.ones(len(x))]), np.column_stack([x_new, np.ones(len(x_new))])
    own, new = [], []
    for size in sizes:
        w = np.linalg.lstsq(X[:size], y[:size], rcond=None)[0]
        own.append(np.mean((X[:size] @ w - y[:size]) ** 2))
        new.append(np.mean((X_new @ w - y_new) ** 2))
    return np.array(own), np.array(new)


def _with_a_separate_bias(x, y, x_new, y_new, sizes):
    errors = []
    for size in sizes:
        rows, targets = x[:size], y[:size]
        centre = rows.mean(axis=0)
        w = np.linalg.pinv(rows - centre) @ (targets - targets.mean())
        b = targets.mean() - centre @ w
        errors.append((((rows @ w + b - targets) ** 2).mean(), ((x_new @ w + b - y_new) ** 2).mean()))
    own, new = zip(*errors, strict=True)
    return list(own), list(new)


def _with_the_normal_equations(x, y, x_new, y_new, sizes):
    def square(A, w, targets):
        r = A @ w - targets
        return r @ r / len(r)

    A, B = (np.insert(rows, 0, 1.0, axis=1) for rows in (x, x_new))
    ws = [np.linalg.solve(A[:s].T @ A[:s], A[:s].T @ y[:s]) for s in sizes]
    own = [square(A[:s], w, y[:s]) for s, w in zip(sizes, ws, strict=True)]
    return np.array(own), np.array([square(B, w, y_new) for w in ws])


def _sized(x, y, x_new, y_new, sizes, *, own="used", new="new", fit="first", bias=1.0):
    """What most of the misconceptions below share, each with one thing changed."""
    X, X_new = np.column_stack([x, np.full(len(x), bias)]), np.column_stack([x_new, np.full(len(x_new), bias)])
    owns, news = [], []
    for size in sizes:
        used = slice(None) if fit == "all" else slice(len(x) - size, None) if fit == "last" else slice(0, size)
        w = np.linalg.lstsq(X[used], y[used], rcond=None)[0]
        rows = slice(None) if own == "all" else slice(0, size) if fit == "all" else used
        owns.append(np.mean((X[rows] @ w - y[rows]) ** 2))
        several = slice(0, size) if new == "as many" else slice(None)
        news.append(np.mean((X_new[several] @ w - y_new[several]) ** 2))
    return np.array(owns), np.array(news)


def _own_error_on_all_rows(x, y, x_new, y_new, sizes):
    return _sized(x, y, x_new, y_new, sizes, own="all")


def _always_fitted_to_all(x, y, x_new, y_new, sizes):
    return _sized(x, y, x_new, y_new, sizes, fit="all")


def _last_rows_instead(x, y, x_new, y_new, sizes):
    return _sized(x, y, x_new, y_new, sizes, fit="last")


def _bias_left_out(x, y, x_new, y_new, sizes):
    return _sized(x, y, x_new, y_new, sizes, bias=0.0)


def _as_many_new_rows(x, y, x_new, y_new, sizes):
    return _sized(x, y, x_new, y_new, sizes, new="as many")


def _fitted_to_the_new_rows(x, y, x_new, y_new, sizes):
    own, _ = learning_curve(x, y, x_new, y_new, sizes)
    _, new = learning_curve(x_new, y_new, x_new, y_new, [len(x_new)] * len(sizes))
    return own, new


def _one_part_after_the_other(x, y, x_new, y_new, sizes):
    starts = [0, *sizes[:-1]]
    parts = [
        learning_curve(x[start:size], y[start:size], x_new, y_new, [size - start])
        for start, size in zip(starts, sizes, strict=True)
    ]
    own, new = np.array(parts)[:, :, 0].T
    return own, new


def _new_rows_centred_by_themselves(x, y, x_new, y_new, sizes):
    own, _ = learning_curve(x, y, x_new, y_new, sizes)
    shifted = [x_new - x_new.mean(axis=0) + x[:size].mean(axis=0) for size in sizes]
    new = [learning_curve(x, y, rows, y_new, [size])[1][0] for size, rows in zip(sizes, shifted, strict=True)]
    return own, np.array(new)


def _new_first(x, y, x_new, y_new, sizes):
    return learning_curve(x, y, x_new, y_new, sizes)[::-1]


def _root_of_the_mean(x, y, x_new, y_new, sizes):
    own, new = learning_curve(x, y, x_new, y_new, sizes)
    return np.sqrt(own), np.sqrt(new)


def _own_errors_summed(x, y, x_new, y_new, sizes):
    own, new = learning_curve(x, y, x_new, y_new, sizes)
    return own * np.array(sizes), new * len(y_new)


def _plane(rng, n, m, d):
    w, x, x_new = rng.normal(size=d), rng.normal(size=(n, d)), rng.normal(size=(m, d))
    return x, x @ w + 2 + rng.normal(size=n), x_new, x_new @ w + 2 + rng.normal(size=m)


LEARNING_CURVE = Exercise(
    id="learning-curve",
    chapter=CHAPTER,
    title="More and more examples",
    reference=learning_curve,
    returns=("own errors", "new errors"),
    difficulty=2,
    checks=(
        Check(
            "all examples",
            1,
            lambda rng: [(*_plane(rng, 20, 15, 2), np.array([20])), (*_plane(rng, 12, 30, 4), np.array([12]))],
        ),
        Check(
            "a growing part of them",
            2,
            lambda rng: [
                (*_plane(rng, 40, 25, 2), np.array([4, 10, 40])),
                (*_plane(rng, 60, 50, 5), np.array([7, 14, 28, 56])),
            ],
        ),
    ),
    alternatives=(_with_a_separate_bias, _with_the_normal_equations),
    misconceptions=(
        Misconception(
            _own_error_on_all_rows,
            "Your own errors are measured on all rows of x, while only the first of them were learned from. The rest "
            "is new to that neuron: measure on `x[:size]`.",
        ),
        Misconception(
            _always_fitted_to_all,
            "Your neuron is the same for every size: it learns from all rows. Let it see the first `size` rows only.",
        ),
        Misconception(
            _last_rows_instead, "Your neuron learns from the last rows. So that all do the same, take the first ones."
        ),
        Misconception(
            _bias_left_out, "Your neuron has no bias, and the targets have a height. Add a column of ones to x."
        ),
        Misconception(
            _as_many_new_rows,
            "Your new errors use only as many new rows as were learned from. Ask all of them at every size: the more, "
            "the steadier the measurement.",
        ),
        Misconception(
            _fitted_to_the_new_rows,
            "Your new errors do not depend on the size: that neuron was fitted to the new rows themselves. They are "
            "only asked.",
        ),
        Misconception(
            _one_part_after_the_other,
            "Your neuron forgets the rows before: each size gets only those added last. Let each begin at row 0, "
            "`x[:size]`.",
        ),
        Misconception(
            _new_rows_centred_by_themselves,
            "Your own errors are right; the new rows had their own mean taken off. What is taken off is learned from "
            "the rows of the fit, and is the same for both.",
        ),
        Misconception(_new_first, "Both curves are right and come in the wrong order: own errors first."),
        Misconception(_root_of_the_mean, "Your errors are roots of the mean squares. The squares are asked for."),
        Misconception(
            _own_errors_summed, "Your errors are sums of squares. Divide each by the rows that it was measured on."
        ),
    ),
    hints=(
        "Put a column of ones behind x and behind x_new once, before the loop. Then the bias is a weight like the "
        "others.",
        "Inside the loop only `[:size]` changes: for the fit and for the own error.",
    ),
)


def smallest_weights(x, y):
    """Of all weights that fit exactly, the shortest.

    x has shape (n, d) with d at least n, and no row is a sum of multiples
    of the others; y has shape (n,). Many w solve x @ w = y when d is
    larger than n. Returns the one, of shape (d,), whose length, the root of
    w @ w, is smallest. The arguments stay as they are.
    """
    a = np.linalg.solve(x @ x.T, y)
    return x.T @ a


def _with_the_pseudoinverse(x, y):
    return np.linalg.pinv(x) @ y


def _with_lstsq(x, y):
    return np.linalg.lstsq(x, y, rcond=None)[0]


def _with_rows_at_right_angles(x, y):
    q, r = np.linalg.qr(x.T)
    return q @ np.linalg.solve(r.T, y)


def _by_descent_from_zero(x, y):
    w = np.zeros(x.shape[1])
    rate = 1 / np.linalg.eigvalsh(x @ x.T)[-1]
    for _ in range(20_000):
        w = w - rate * x.T @ (x @ w - y)
    return w


def _first_columns_only(x, y):
    n, d = x.shape
    return np.concatenate([np.linalg.solve(x[:, :n], y), np.zeros(d - n)])


def _shrunk(x, y):
    return x.T @ np.linalg.solve(x @ x.T + np.eye(len(x)), y)


def _not_solved(x, y):
    return x.T @ y


def _from_a_start_of_ones(x, y):
    start = np.ones(x.shape[1])
    return start + smallest_weights(x, y - x @ start)


def _stopped_early(x, y):
    w = np.zeros(x.shape[1])
    rate = 1 / np.linalg.eigvalsh(x @ x.T)[-1]
    for _ in range(10):
        w = w - rate * x.T @ (x @ w - y)
    return w


def _one_row_at_a_time(x, y):
    return sum(row * target / (row @ row) for row, target in zip(x, y, strict=True))


def _length_one(x, y):
    w = smallest_weights(x, y)
    return w / np.linalg.norm(w)


def _solved_as_if_square(x, y):
    return np.linalg.solve(x, y)


def _product_the_other_way_round(x, y):
    return np.linalg.solve(x.T @ x, x.T @ y)


def _mixture(x, y):
    return np.linalg.solve(x @ x.T, y)


def _wide(rng, n, d):
    return rng.normal(size=(n, d)), rng.normal(size=n)


SMALLEST_WEIGHTS = Exercise(
    id="smallest-weights",
    chapter=CHAPTER,
    title="The shortest weights that fit exactly",
    reference=smallest_weights,
    difficulty=2,
    checks=(
        Check(
            "one example",
            1,
            lambda rng: [(np.array([[3.0, 4.0]]), np.array([10.0])), _wide(rng, 1, 5)],
        ),
        Check(
            "several examples",
            2,
            lambda rng: [
                (np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), np.array([1.0, 2.0])),
                _wide(rng, 4, 12),
                _wide(rng, 6, 20),
            ],
        ),
    ),
    alternatives=(_with_the_pseudoinverse, _with_lstsq, _with_rows_at_right_angles, _by_descent_from_zero),
    misconceptions=(
        Misconception(
            _first_columns_only,
            "Your weights fit exactly and are longer than they need be: the first n columns do all the work and the "
            "rest gets 0. Let every column share in it.",
        ),
        Misconception(
            _shrunk,
            "Your weights are shorter than asked for and miss the targets. Something is added to the diagonal before "
            "you solve; here the fit is to be exact.",
        ),
        Misconception(
            _not_solved,
            "Your weights point along the rows of x, but they do not fit. Solve for how much of each row is needed: "
            "x x^T a = y.",
        ),
        Misconception(
            _from_a_start_of_ones,
            "Your weights fit exactly, but they carry a part that no example can feel: whatever start the walk had. "
            "Begin at 0, or take a mixture of the rows.",
        ),
        Misconception(
            _stopped_early,
            "Your weights are on the way and do not fit yet. Walk on until the errors are 0, or solve for them.",
        ),
        Misconception(
            _one_row_at_a_time,
            "Your weights fit when there is one example, and not when there are several: each row is served as if it "
            "were alone. Rows that are not at right angles disturb each other, so solve for all at once.",
        ),
        Misconception(
            _solved_as_if_square,
            "`np.linalg.solve` wants as many equations as unknowns, and here there are more weights than examples. Ask "
            "for how much of each row is needed: n equations for n numbers.",
        ),
        Misconception(
            _product_the_other_way_round,
            "x^T x has d rows and columns, but its rank is only n: with more weights than examples it cannot be "
            "solved. Take x x^T, of shape (n, n), and solve for how much of each row is needed.",
        ),
        Misconception(_length_one, "Your direction is right, but the weights were scaled to length 1 and fit no more."),
        Misconception(
            _mixture,
            "You return how much of each row is needed, one number an example. The weights are that mixture of the "
            "rows: multiply by x.T.",
        ),
    ),
    hints=(
        "Weights at right angles to every row change no answer and only add length. So w is a mixture of the rows: "
        "w = x.T @ a.",
        "Put that into x @ w = y. It leaves n equations for the n numbers in a.",
    ),
)


EXERCISES = (
    ERRORS_BY_DEGREE,
    BIAS_AND_VARIANCE,
    READ_THE_CURVES,
    OVERCONFIDENCE,
    LEARNING_CURVE,
    SMALLEST_WEIGHTS,
)

QUIZ = (
    Question(
        "Network A is right on 0.99 of its training rows and on 0.94 of the validation rows. Network B is right on "
        "0.90 of both. Which do you take?",
        (
            Choice(
                "B: A has a gap, so it has overfitted and cannot be trusted",
                False,
                "A gap alone says nothing. On rows that neither has seen, A is right more often.",
            ),
            Choice(
                "A: it does better on rows held back",
                True,
                "That is what counts. A overfits only if there is a network that does better still on new rows, and "
                "worse on the old ones.",
            ),
            Choice(
                "Neither, because the two shares of a network have to be equal",
                False,
                "They hardly ever are: every fit takes some luck from its own rows.",
            ),
        ),
    ),
    Question(
        "You train the same model on fifty different samples. At one place all fifty answer about 2, where the truth "
        "is 5. What is this?",
        (
            Choice(
                "High variance",
                False,
                "Variance means that the answers differ from sample to sample. These agree.",
            ),
            Choice(
                "Noise, of which no model is free however long it is trained",
                False,
                "Noise is what new targets do around the truth. Here the models miss the truth itself.",
            ),
            Choice(
                "Overfitting",
                False,
                "A model that learns the accidents of its sample answers differently for each sample.",
            ),
            Choice(
                "High bias",
                True,
                "The same wrong answer whatever the sample. More samples of this kind would not change it.",
            ),
        ),
    ),
    Question(
        "From the third epoch on the training loss climbs, from 2.3 to 40. What do you do first?",
        (
            Choice(
                "Try a smaller learning rate",
                True,
                "A training loss that climbs is divergence, or a wrong sign. A network that overfits gets better on "
                "its own rows.",
            ),
            Choice(
                "Stop at the third epoch, before the network learns the accidents of its rows by heart",
                False,
                "It learns nothing by heart: it gets worse on the very rows that it is trained on.",
            ),
            Choice(
                "Collect more rows",
                False,
                "This helps against variance. Here the steps are too long, for any number of rows.",
            ),
        ),
    ),
    Question(
        "On held-back rows the loss has risen for fifty epochs, and the share of right answers has not fallen. How can "
        "that be?",
        (
            Choice(
                "The loss is computed wrongly, since it should fall as more come out right",
                False,
                "Nothing forces the two to agree: one counts decisions, the other asks how sure they were.",
            ),
            Choice(
                "The mistakes that it makes have become surer",
                True,
                "A mistake at probability 0.01 for the truth costs 4.6, at 0.0001 it costs 9.2. The decision is the "
                "same.",
            ),
            Choice(
                "The learning rate is too high",
                False,
                "Then the training loss would suffer first. Here it goes on falling.",
            ),
        ),
    ),
    Question(
        "With more and more examples the errors on own and on new examples have come together, at a height that you "
        "cannot accept. What may help?",
        (
            Choice(
                "Three times as many examples",
                False,
                "The two curves have met, and further examples only hold them there.",
            ),
            Choice(
                "Stopping the training earlier, so that it does not learn noise",
                False,
                "Where own and new errors agree there is little noise learned. The model is not able to do better, or "
                "nothing can.",
            ),
            Choice(
                "A model that can do more, or better features",
                True,
                "Bias is what is left, or noise. More capacity takes bias away; against noise only better inputs help.",
            ),
        ),
    ),
    Question(
        "The noise of the targets has variance 0.09. Straight lines, two parameters, are fitted to ten points each, "
        "and the truth is a line. What is their mean squared error on their own points, on average?",
        (
            Choice(
                "0.09, as much as the noise itself",
                False,
                "The true line would have this. The fitted one bends towards its own points, and gets below.",
            ),
            Choice(
                "0.072",
                True,
                "Each of the two parameters takes a tenth of the noise away: 0.09 (1 - 2/10). On new targets the error "
                "is 0.108.",
            ),
            Choice(
                "0.108",
                False,
                "This is the error on new targets at the same places: 0.09 (1 + 2/10). On its own points a fit looks "
                "better than it is.",
            ),
            Choice(
                "0, because a fit passes through its points",
                False,
                "A line has two parameters and passes through two points. Ten points ask for ten parameters.",
            ),
        ),
    ),
)
