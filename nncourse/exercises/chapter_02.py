"""Chapter 2, the sigmoid neuron: a smooth threshold that survives large scores, its slope, and the logistic loss."""

import math

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "sigmoid-neuron"


def sigmoid(z):
    """The sigmoid 1 / (1 + e^-z), right and without a NumPy warning for every
    z, however large.

    z is a number or an array of any shape, and stays as it is. Returns
    numbers between 0 and 1 in the shape of z. Small answers keep their
    digits: sigmoid(-50) is 1.9e-22, not 0.
    """
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def _sigmoid_with_masks(z):
    z = np.asarray(z, dtype=float)
    a = np.empty_like(z)
    right = z >= 0
    a[right] = 1 / (1 + np.exp(-z[right]))
    a[~right] = np.exp(z[~right]) / (1 + np.exp(z[~right]))
    return a


def _sigmoid_from_its_logarithm(z):
    return np.exp(-np.logaddexp(0, -z))


def _sigmoid_by_loop(z):
    values = [1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)) for v in np.ravel(z)]
    return np.reshape(values, np.shape(z))


def _one_formula(z):
    return 1 / (1 + np.exp(-z))


def _one_formula_with_a_quotient(z):
    return np.exp(z) / (1 + np.exp(z))


def _two_formulas_both_computed(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def _clipped(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def _through_tanh(z):
    return 0.5 * (1 + np.tanh(z / 2))


def _tanh_without_the_half(z):
    return 0.5 * (1 + np.tanh(z))


def _sign_of_the_exponent(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, e / (1 + e), 1 / (1 + e))


def _math_exp(z):
    return 1 / (1 + math.exp(-z))


def _warning_silenced(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-z))


def _clipped_at_700(z):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


def _if_on_an_array(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


def _one_minus_the_right_side(z):
    right = 1 / (1 + np.exp(-np.abs(z)))
    return np.where(z >= 0, right, 1 - right)


def _one_form_on_both_sides(z):
    return 1 / (1 + np.exp(-np.abs(z)))


def _clipped_at_500(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


SIGMOID = Exercise(
    id="stable-sigmoid",
    chapter=CHAPTER,
    title="A sigmoid that does not overflow",
    reference=sigmoid,
    difficulty=2,
    checks=(
        Check(
            "moderate scores",
            1,
            lambda rng: [
                (np.array([-2.0, 0.0, 1.0]),),
                (0.5,),
                (-0.5,),
                (rng.normal(scale=3, size=(2, 3)),),
                (rng.uniform(-5, 5, size=4),),
            ],
        ),
        Check(
            "scores far out",
            1,
            lambda rng: [
                (np.array([800.0, 2.0, 1000.0]),),
                (np.array([-800.0, -2.0, -1000.0]),),
                (-5000.0,),
                (rng.uniform(720, 2000, size=(3, 2)) * np.array([1, -1]),),
                (np.array([-np.inf, np.inf]),),
            ],
            quiet=True,
        ),
        Check(
            "small answers keep their digits",
            1,
            lambda rng: [(np.array([-50.0, -40.0, -35.0]),), (-100.0,), (rng.uniform(-600, -45, size=4),)],
            atol=0.0,
        ),
        Check(  # so small that a float has few digits left: at -740 a unit in its last place is 1 percent
            "the smallest answers are not lost",
            1,
            lambda rng: [(np.array([-720.0, -730.0, -740.0]),), (-725.0,), (rng.uniform(-738, -720, size=3),)],
            rtol=2e-2,
            atol=0.0,
        ),
    ),
    alternatives=(_sigmoid_with_masks, _sigmoid_from_its_logarithm, _sigmoid_by_loop),
    misconceptions=(
        Misconception(
            _one_formula,
            "`np.exp(-z)` overflows where z is far below 0. Use the other form of the sigmoid there, e^z / (1 + e^z).",
        ),
        Misconception(
            _one_formula_with_a_quotient,
            "Where z is far above 0, `np.exp(z)` is inf and inf / inf is nan. Divide above and below by e^z on that "
            "side.",
        ),
        Misconception(
            _two_formulas_both_computed,
            "`np.where` computes both branches for every entry and then chooses, so both still overflow. Make the "
            "exponent itself harmless: never exponentiate a positive number.",
        ),
        Misconception(
            _clipped,
            "Clipping z silences the warning and flattens the tail: below the clip every answer is the same. Keep z "
            "and choose the right form.",
        ),
        Misconception(
            _through_tanh,
            "1 + tanh loses the digits of small answers: at z = -50 the sum is exactly 0. The form e^z / (1 + e^z) "
            "keeps them.",
        ),
        Misconception(
            _tanh_without_the_half, "Through tanh the sigmoid is (1 + tanh(z / 2)) / 2: the half inside is missing."
        ),
        Misconception(_sign_of_the_exponent, "Your curve falls from 1 to 0. The sigmoid rises: the exponent is -z."),
        Misconception(
            _math_exp, "`math.exp` takes one number and raises where it overflows. `np.exp` takes whole arrays."
        ),
        Misconception(
            _warning_silenced,
            "At z = -720 the answer is 2e-313, and yours is 0: e^720 overflows, with or without a warning, and 1 / "
            "inf is 0. Use the other form of the sigmoid there.",
        ),
        Misconception(
            _clipped_at_700,
            "A clip at 700 flattens the far tail: below -700 every answer is the same, although e^-720 still fits a "
            "float. Without any clip: never exponentiate a positive number.",
        ),
        Misconception(
            _if_on_an_array,
            "An `if` decides once, for one number, and an array holds many. `np.where` chooses for every entry; or "
            "find one exponential that is safe for all of them.",
        ),
        Misconception(
            _one_minus_the_right_side,
            "On the left you subtract two numbers that are nearly equal, and the digits of small answers are lost. "
            "There 1 - 1 / (1 + e) is e / (1 + e): no subtraction needed.",
        ),
        Misconception(
            _one_form_on_both_sides,
            "Your curve never falls below one half. With e = e^-|z|, 1 / (1 + e) is the right side; the left side is "
            "e / (1 + e).",
        ),
        Misconception(
            _clipped_at_500,
            "A clip at 500 only moves the place where the tail goes flat: below -500 every answer is the same. Keep "
            "z, and never exponentiate a positive number.",
        ),
    ),
    hints=(
        "Multiply numerator and denominator of 1 / (1 + e^-z) by e^z. Which form is safe for which sign of z?",
        "Both forms are safe when the only exponential is that of -|z|, which is never above 1.",
        "With e = `np.exp(-np.abs(z))`: 1 / (1 + e) on the right side, e / (1 + e) on the left.",
    ),
)


def sigmoid_derivative(z):
    """The slope of the sigmoid at z.

    z is the score, not the sigmoid's output: a number or an array of any
    shape, no larger than 30 in size. Returns the derivative at every entry,
    in the shape of z.
    """
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a)


def _slope_from_the_quotient_rule(z):
    e = np.exp(-z)
    return e / (1 + e) ** 2


def _slope_from_cosh(z):
    return 0.25 / np.cosh(z / 2) ** 2


def _slope_by_loop(z):
    slopes = [(a := 1 / (1 + math.exp(-value))) * (1 - a) for value in np.ravel(z)]
    return np.array(slopes).reshape(np.shape(z))


def _score_taken_for_output(z):
    return z * (1 - z)


def _sigmoid_itself(z):
    return 1 / (1 + np.exp(-z))


def _slope_of_tanh(z):
    return 1 - np.tanh(z) ** 2


def _tanh_rule_on_the_sigmoid(z):
    return 1 - (1 / (1 + np.exp(-z))) ** 2


def _square_forgotten(z):
    return np.exp(-z) / (1 + np.exp(-z))


def _sigmoid_twice(z):
    a = 1 / (1 + np.exp(-z))
    a = 1 / (1 + np.exp(-a))
    return a * (1 - a)


def _plus_for_minus(z):
    a = 1 / (1 + np.exp(-z))
    return a * (1 + a)


SIGMOID_DERIVATIVE = Exercise(
    id="sigmoid-derivative",
    chapter=CHAPTER,
    title="The slope of the sigmoid",
    reference=sigmoid_derivative,
    difficulty=1,
    checks=(
        Check("one number", 1, lambda rng: [(0.0,), (2.0,), (-1.0,), (rng.uniform(0.5, 3),), (-rng.uniform(3, 9),)]),
        Check(
            "whole arrays",
            1,
            lambda rng: [
                (np.array([-2.0, 0.5, 3.0]),),
                (rng.normal(scale=2, size=(3, 2)),),
                (rng.uniform(-30, 30, size=5),),
            ],
        ),
    ),
    alternatives=(_slope_from_the_quotient_rule, _slope_from_cosh, _slope_by_loop),
    misconceptions=(
        Misconception(
            _score_taken_for_output,
            "p (1 - p) is right when p is the sigmoid's output. You are given the score z: compute p = sigmoid(z) "
            "first.",
        ),
        Misconception(_sigmoid_itself, "This is the sigmoid, its height. Asked for is its slope, at most 0.25."),
        Misconception(_slope_of_tanh, "1 - tanh(z)^2 is the slope of tanh: at 0 it is 1, four times the sigmoid's."),
        Misconception(
            _tanh_rule_on_the_sigmoid, "1 - p^2 is the rule for p = tanh(z). For p = sigmoid(z) the slope is p (1 - p)."
        ),
        Misconception(
            _square_forgotten,
            "Differentiating 1 / (1 + e^-z) squares the denominator: e^-z / (1 + e^-z)^2. Your square is missing.",
        ),
        Misconception(_sigmoid_twice, "You apply the sigmoid twice. Once turns z into p; the slope is then p (1 - p)."),
        Misconception(
            _plus_for_minus, "Check the sign inside: p (1 + p) grows with p, but the slope must fade on both sides."
        ),
    ),
    hints=(
        "Let p be the sigmoid of z. The slope can be written with p alone.",
        "At z = 0, where p is one half, the slope is one quarter; far out on both sides it fades to 0.",
    ),
)


def firing_point(w, b):
    """The input x at which a sigmoid neuron with one input answers exactly one
    half.

    The neuron answers sigmoid(w x + b). w and b are numbers or arrays of
    equal shape; no w is 0. Returns x, in that shape.
    """
    return -b / w


def _point_by_newton(w, b):
    x = 0.0 * w
    for _ in range(60):
        z = np.clip(w * x + b, -1, 1)
        a = 1 / (1 + np.exp(-z))
        x = x - (a - 0.5) / (a * (1 - a) * w)
    return x


def _point_by_bisection(w, b):
    low, high = -1e4 + 0 * w, 1e4 + 0 * w
    for _ in range(80):
        middle = (low + high) / 2
        above = (w * middle + b) * np.sign(w) > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2


def _point_by_loop(w, b):
    points = [-b_i / w_i for w_i, b_i in zip(np.ravel(w), np.ravel(b), strict=True)]
    return np.reshape(points, np.shape(w))


def _sign_lost(w, b):
    return b / w


def _upside_down(w, b):
    return -w / b


def _weight_forgotten(w, b):
    return -b


def _half_as_a_score(w, b):
    return (0.5 - b) / w


def _direction_lost(w, b):
    return -b / np.abs(w)


def _point_where_z_is_one(w, b):
    return (1 - b) / w


FIRING_POINT = Exercise(
    id="firing-point",
    chapter=CHAPTER,
    title="Where the neuron is undecided",
    reference=firing_point,
    difficulty=1,
    checks=(
        Check(
            "one rising neuron", 1, lambda rng: [(2.0, -3.0), (0.5, 1.5), (rng.uniform(1.5, 4), rng.uniform(0.5, 3))]
        ),
        Check(
            "many neurons, rising and falling",
            1,
            lambda rng: [
                (np.array([2.0, -2.0, 4.0]), np.array([1.0, 3.0, -6.0])),
                (rng.uniform(0.5, 3, size=4) * np.array([1, -1, -1, 1]), rng.normal(size=4)),
            ],
        ),
    ),
    alternatives=(_point_by_newton, _point_by_bisection, _point_by_loop),
    misconceptions=(
        Misconception(
            _sign_lost, "The sign is lost. Put your x into w x + b: the result should be 0, and it is twice the bias."
        ),
        Misconception(_upside_down, "The fraction is upside down: solve w x = -b for x, so divide by w."),
        Misconception(
            _weight_forgotten, "-b is the score that w x has to reach. A steep neuron reaches it sooner: divide by w."
        ),
        Misconception(
            _half_as_a_score,
            "One half is the answer, not the score. The sigmoid answers one half where its score w x + b is 0.",
        ),
        Misconception(
            _direction_lost, "Your point is right for rising neurons only. A negative w keeps its sign in the division."
        ),
        Misconception(
            _point_where_z_is_one, "You set the score to 1. The sigmoid of 1 is 0.73; it is one half at the score 0."
        ),
    ),
    hints=("For which score z is sigmoid(z) one half?", "Set w x + b to that score and solve for x."),
)


def logistic_loss(y, z):
    """The mean logistic loss (binary cross-entropy), computed from scores.

    y holds the n targets, 0 or 1; z holds the n scores before the sigmoid.
    Returns one number, in natural logarithms: the mean of -log p for the
    ones and -log(1 - p) for the zeros, where p = sigmoid(z). It is finite
    for every finite z, also where p rounds to 0 or 1, and NumPy does not
    warn.
    """
    return np.mean(np.logaddexp(0, z) - y * z)


def _loss_with_log1p(y, z):
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def _loss_by_class(y, z):
    margin = np.where(y == 1, z, -z)
    return np.logaddexp(0, -margin).sum() / len(y)


def _loss_by_loop(y, z):
    total = 0.0
    for y_i, z_i in zip(y, z, strict=True):
        m = z_i if y_i == 1 else -z_i
        total += math.log1p(math.exp(-m)) if m > 0 else -m + math.log1p(math.exp(m))
    return total / len(y)


def _through_the_probability(y, z):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _probability_clipped(y, z):
    p = np.clip(1 / (1 + np.exp(-np.clip(z, -500, 500))), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _loss_not_averaged(y, z):
    return np.sum(np.logaddexp(0, z) - y * z)


def _loss_without_minus(y, z):
    return -np.mean(np.logaddexp(0, z) - y * z)


def _classes_swapped(y, z):
    return np.mean(np.logaddexp(0, z) - (1 - y) * z)


def _ones_only(y, z):
    return np.mean(y * np.logaddexp(0, -z))


def _squared_error(y, z):
    p = np.exp(-np.logaddexp(0, -z))
    return np.mean((y - p) ** 2)


def _binary_logarithm(y, z):
    return np.mean(np.logaddexp(0, z) - y * z) / np.log(2)


def _probability_clipped_at_1e12(y, z):
    p = np.clip(1 / (1 + np.exp(-np.clip(z, -500, 500))), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _probability_clipped_at_1e15(y, z):
    p = np.clip(1 / (1 + np.exp(-np.clip(z, -500, 500))), 1e-15, 1 - 1e-15)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _logarithm_written_out(y, z):
    return np.mean(np.log(1 + np.exp(z)) - y * z)


def _loss_of_each_example(y, z):
    return np.logaddexp(0, z) - y * z


def _score_added(y, z):
    return np.mean(np.logaddexp(0, z) + y * z)


def _score_taken_for_probability(y, z):
    return -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z))


LOGISTIC_LOSS = Exercise(
    id="logistic-loss",
    chapter=CHAPTER,
    title="The logistic loss from scores",
    reference=logistic_loss,
    difficulty=2,
    checks=(
        Check(
            "moderate scores",
            2,
            lambda rng: [
                (np.array([1, 0, 1]), np.array([2.0, -1.0, -0.5])),
                (np.array([1, 0, 0, 1]), np.zeros(4)),
                (np.array([1, 1, 0, 1, 0]), rng.normal(scale=3, size=5)),
                (rng.integers(0, 2, size=7), rng.uniform(-4, 4, size=7)),
            ],
        ),
        Check(
            "very confident scores",
            1,
            lambda rng: [
                (np.array([1, 0, 1]), np.array([-800.0, 1000.0, 3.0])),
                (np.array([1, 0, 0, 1]), np.array([800.0, -1000.0, 40.0, -2.0])),
                (np.array([0, 1]), rng.uniform(100, 2000, size=2)),
            ],
            quiet=True,
        ),
    ),
    alternatives=(_loss_with_log1p, _loss_by_class, _loss_by_loop),
    misconceptions=(
        Misconception(
            _through_the_probability,
            "Far out p rounds to exactly 0 or 1, and its logarithm is -inf. Skip p: -log(1 - p) is log(1 + e^z), "
            "which `np.logaddexp(0, z)` computes safely.",
        ),
        Misconception(
            _probability_clipped,
            "Clipping p caps the loss near 16, so the worst mistakes cost no more than bad ones. Compute from z, "
            "where nothing needs a clip.",
        ),
        Misconception(
            _loss_not_averaged, "You add the losses up. Take the mean, so that the batch size does not matter."
        ),
        Misconception(
            _loss_without_minus,
            "Your loss is negative. Logarithms of probabilities are: the minus in front is missing.",
        ),
        Misconception(
            _classes_swapped,
            "The classes are swapped: a large score should be cheap where y is 1 and dear where y is 0.",
        ),
        Misconception(
            _ones_only, "Only the examples with y = 1 cost anything. The zeros pay -log(1 - p); add their part."
        ),
        Misconception(
            _squared_error,
            "This is the squared error of p. The logistic loss takes minus the logarithm of the probability.",
        ),
        Misconception(
            _binary_logarithm, "You measure in bits. The course uses natural logarithms: log 2 at z = 0, not 1."
        ),
        Misconception(
            _probability_clipped_at_1e12,
            "A finer clip of p moves the cap to about 28 and does not remove it: a score that is wrong by 800 should "
            "cost 800. Compute from z, where nothing needs a clip.",
        ),
        Misconception(
            _probability_clipped_at_1e15,
            "A clip of p at 1e-15 caps the loss near 35: beyond that, worse mistakes cost nothing more. Compute from "
            "z, where nothing needs a clip.",
        ),
        Misconception(
            _logarithm_written_out,
            "The formula is right, but `np.exp(z)` overflows for large scores, and then the loss is inf. "
            "`np.logaddexp(0, z)` is the same log(1 + e^z), without the overflow.",
        ),
        Misconception(
            _loss_of_each_example,
            "You return one loss for each example. Take their mean: one number for the batch.",
        ),
        Misconception(
            _score_added,
            "One sign is turned: for y = 1, log(1 + e^z) - z is log(1 + e^-z), a loss that falls as the score grows. "
            "The term y z is subtracted.",
        ),
        Misconception(
            _score_taken_for_probability,
            "You take the logarithm of the score. z is any number, also a negative one; the probability is p = "
            "sigmoid(z).",
        ),
    ),
    hints=(
        "For y = 0 the loss is -log(1 - p) = log(1 + e^z). What is it for y = 1?",
        "Both cases in one line: log(1 + e^z) - y z. Typed as it stands, e^z overflows for large scores: never compute "
        "it alone.",
        "`np.logaddexp(0, z)` is log(e^0 + e^z), without overflow.",
    ),
)


def logistic_gradient(x, y, w, b):
    """The gradient of the mean logistic loss of one sigmoid neuron.

    x has shape (n, d), y holds n zeros and ones, w has shape (d,), b is a
    number. The neuron answers p = sigmoid(x @ w + b). Returns dw of shape
    (d,) and the number db: the derivatives of the mean loss.
    """
    p = 1 / (1 + np.exp(-(x @ w + b)))
    dw = x.T @ (p - y) / len(y)
    db = np.mean(p - y)
    return dw, db


def _gradient_by_loop(x, y, w, b):
    dw, db = np.zeros(len(w)), 0.0
    for x_i, y_i in zip(x, y, strict=True):
        error = 1 / (1 + math.exp(-(sum(w * x_i) + b))) - y_i
        dw, db = dw + error * x_i / len(y), db + error / len(y)
    return dw, db


def _gradient_with_einsum(x, y, w, b):
    error = 0.5 * (1 + np.tanh((np.einsum("ij,j->i", x, w) + b) / 2)) - y
    return np.einsum("i,ij->j", error, x) / x.shape[0], error.sum() / x.shape[0]


def _gradient_by_complex_step(x, y, w, b):
    def loss(theta):
        z = x @ theta[:-1] + theta[-1]
        return np.mean(np.log(1 + np.exp(z)) - y * z)

    theta = np.append(w, b)
    steps = 1e-30j * np.eye(len(theta))
    gradient = np.array([loss(theta + step).imag / 1e-30 for step in steps])
    return gradient[:-1], gradient[-1]


def _uphill_and_downhill_mixed(x, y, w, b):
    p = 1 / (1 + np.exp(-(x @ w + b)))
    return x.T @ (y - p) / len(y), np.mean(y - p)


def _gradient_of_squared_error(x, y, w, b):
    p = 1 / (1 + np.exp(-(x @ w + b)))
    delta = (p - y) * p * (1 - p)
    return x.T @ delta / len(y), np.mean(delta)


def _gradient_not_averaged(x, y, w, b):
    p = 1 / (1 + np.exp(-(x @ w + b)))
    return x.T @ (p - y), np.sum(p - y)


def _bias_not_averaged(x, y, w, b):
    p = 1 / (1 + np.exp(-(x @ w + b)))
    return x.T @ (p - y) / len(y), np.sum(p - y)


def _step_for_sigmoid(x, y, w, b):
    y_hat = np.where(x @ w + b >= 0, 1, 0)
    return x.T @ (y_hat - y) / len(y), np.mean(y_hat - y)


def _bias_left_out_of_the_score(x, y, w, b):
    p = 1 / (1 + np.exp(-(x @ w)))
    return x.T @ (p - y) / len(y), np.mean(p - y)


def _score_for_probability(x, y, w, b):
    z = x @ w + b
    return x.T @ (z - y) / len(y), np.mean(z - y)


def _targets_as_a_column(x, y, w, b):
    p = 1 / (1 + np.exp(-(x @ w + b)))
    error = p - y[:, None]
    return x.T @ error / len(y), np.mean(error)


def _batch(rng, n, d):
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    return rng.normal(size=(n, d)), y, rng.normal(size=d), rng.uniform(0.5, 1.5)


def _examples_not_turned(x, y, w, b):
    p = 1 / (1 + np.exp(-(x @ w + b)))
    return x @ (p - y) / len(y), np.mean(p - y)


def _step_already_taken(x, y, w, b):
    p = 1 / (1 + np.exp(-(x @ w + b)))
    return w - x.T @ (p - y) / len(y), b - np.mean(p - y)


LOGISTIC_GRADIENT = Exercise(
    id="logistic-gradient",
    chapter=CHAPTER,
    title="The gradient of the logistic loss",
    reference=logistic_gradient,
    returns=("dw", "db"),
    difficulty=2,
    checks=(
        Check(
            "one example",
            1,
            lambda rng: [
                (np.array([[1.0, -2.0]]), np.array([1]), np.array([0.5, 0.25]), 0.5),
                (np.array([[0.5, 1.0, 2.0]]), np.array([0]), np.array([-0.5, 1.0, 0.25]), -1.0),
                _batch(rng, 1, 4),
            ],
        ),
        Check(
            "a batch of examples",
            3,
            lambda rng: [
                (
                    np.array([[1.0, 2.0], [0.5, -1.0], [-2.0, 0.25]]),
                    np.array([1, 0, 0]),
                    np.array([0.5, -0.25]),
                    0.75,
                ),
                _batch(rng, 5, 3),
                _batch(rng, 8, 2),
            ],
        ),
    ),
    alternatives=(_gradient_by_loop, _gradient_with_einsum, _gradient_by_complex_step),
    misconceptions=(
        Misconception(
            _uphill_and_downhill_mixed,
            "The sign is turned: y - p points downhill, and descent would subtract it. The gradient points uphill: p "
            "- y.",
        ),
        Misconception(
            _gradient_of_squared_error,
            "The factor p (1 - p) belongs to the squared error. With the logistic loss it cancels: the error is p - y.",
        ),
        Misconception(
            _gradient_not_averaged,
            "You add the gradients of all examples. The loss is a mean, so divide by the number of examples.",
        ),
        Misconception(_bias_not_averaged, "dw is averaged over the batch, db is not. The same mean belongs to both."),
        Misconception(
            _step_for_sigmoid,
            "You use the step's 0 or 1, which is the perceptron rule. The logistic gradient uses the probability p.",
        ),
        Misconception(_bias_left_out_of_the_score, "The bias is missing in the score: p is sigmoid(x @ w + b)."),
        Misconception(
            _score_for_probability,
            "You compare the score z with y. Pass it through the sigmoid first: the error is p - y.",
        ),
        Misconception(
            _targets_as_a_column,
            "A column minus a row gives a whole (n, n) table of differences. Keep y and p both of shape (n,).",
        ),
        Misconception(
            _examples_not_turned,
            "dw has one entry an input, so the sum has to run over the examples, the rows of x: turn x first, `x.T @ "
            "(p - y)`.",
        ),
        Misconception(
            _step_already_taken,
            "You return the weights and the bias after a step. Asked for is the gradient alone; whoever calls "
            "decides on the step.",
        ),
    ),
    hints=(
        "Chain rule for one example: d loss / dz is p - y, and dz/dw is x.",
        "Average over the examples. `x.T @ error` adds error times x over all rows at once.",
        "For the bias dz/db is 1, so its gradient is the mean error.",
    ),
)


EXERCISES = (SIGMOID, SIGMOID_DERIVATIVE, FIRING_POINT, LOGISTIC_LOSS, LOGISTIC_GRADIENT)

QUIZ = (
    Question(
        "A sigmoid neuron answers 0.9 for an email being spam. What do you know?",
        (
            Choice(
                "Nine in ten of all emails that get this answer are spam",
                False,
                "That holds for a calibrated model. Lying between 0 and 1 does not make a score calibrated.",
            ),
            Choice(
                "Its score for spam is high; the rest, data must tell",
                True,
                "A number between 0 and 1 is read as a probability, and that reading is right only if the model is "
                "calibrated. Whether nine in ten such emails are spam has to be checked.",
            ),
            Choice(
                "The neuron has an accuracy of 90 percent",
                False,
                "Accuracy counts right answers over many emails; 0.9 is the score of this one.",
            ),
        ),
    ),
    Question(
        "Why does `1 / (1 + np.exp(-z))` warn at z = -1000, although its value is right?",
        (
            Choice(
                "sigmoid(-1000) is not defined, so NumPy can only guess",
                False,
                "The sigmoid is defined everywhere; here it is about 5e-435, too small for a float, so it rounds to 0.",
            ),
            Choice(
                "The result is too close to 0 to be shown",
                False,
                "A result that rounds to 0 gives no warning of this kind. The overflow happens earlier, in the "
                "exponential.",
            ),
            Choice(
                "e^1000 becomes inf, and one over inf is 0",
                True,
                "e^1000 does not fit a floating point number. The answer survives by luck: the form e^z / (1 + e^z) "
                "meets no large number on this side.",
            ),
        ),
    ),
    Question(
        "Both weight and bias of a one-input sigmoid neuron are doubled. What happens to its curve?",
        (
            Choice(
                "It becomes steeper around the same firing point",
                True,
                "The firing point -b/w does not change, and the slope there, w/4, doubles.",
            ),
            Choice(
                "It moves to the side and keeps its shape",
                False,
                "The firing point -b/w is a quotient, and doubling both leaves it where it is. The shape does change: "
                "w alone sets the steepness.",
            ),
            Choice(
                "Its values double, so it rises from 0 to 2 instead of 1",
                False,
                "The score doubles, but the sigmoid squeezes it: the values stay between 0 and 1.",
            ),
        ),
    ),
    Question(
        "Why can a step neuron not be trained by following its derivative?",
        (
            Choice(
                "The step has a jump, and no function with a bad point can be trained by gradients",
                False,
                "One bad point would not matter: ReLU has no derivative at 0 and trains well, because it has a slope "
                "elsewhere.",
            ),
            Choice(
                "The derivative is infinite, so the steps would be too long",
                False,
                "It does not exist at the jump itself, but everywhere else it is 0: no step at all.",
            ),
            Choice(
                "The derivative is 0 wherever it exists, so it shows no way to go",
                True,
                "A small change of a weight changes no answer, except just at the threshold. Flat is what stops "
                "learning.",
            ),
        ),
    ),
    Question(
        "A number passes through ten sigmoids, one after the other. How steep can the whole chain be?",
        (
            Choice(
                "2.5 at most: ten slopes of up to 0.25 add up",
                False,
                "Slopes would add up if the ten sigmoids stood side by side in a sum. One after the other, the chain "
                "rule multiplies.",
            ),
            Choice(
                "About a millionth at most",
                True,
                "The chain rule multiplies ten slopes of at most 0.25 each: 0.25^10 is 9.5e-7. Next to nothing of a "
                "small change arrives at the end.",
            ),
            Choice(
                "0.25 at most: the steepest of the ten decides",
                False,
                "Each of the ten shrinks the change that the one before it passes on; all their slopes are multiplied.",
            ),
        ),
    ),
    Question(
        "For one example the gradient of the logistic loss is (p - y) x. How does the perceptron rule differ?",
        (
            Choice(
                "It puts the step's 0 or 1 in place of p",
                True,
                "Same form, another error: it moves only after a mistake. In exact arithmetic p - y is never 0, so "
                "the sigmoid neuron keeps refining right answers.",
            ),
            Choice(
                "It has the opposite sign, so it climbs",
                False,
                "The rule adds (y - prediction) x, and descent subtracts (p - y) x: the same direction.",
            ),
            Choice(
                "It is the gradient of the number of mistakes",
                False,
                "The number of mistakes is flat almost everywhere, so its gradient is 0 and could teach nothing.",
            ),
        ),
    ),
)
