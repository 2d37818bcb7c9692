"""Chapter 14, regularization: a price on weights, ridge and lasso, dropout, early stopping, moved images."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "regularization"


def penalize(loss, W, b, dW, db, l1, l2):
    """The penalty of a layer, added to the loss and to its slopes.

    loss is the mean loss of a batch, a number. W (d_in, d_out) holds
    the weights of the layer, b (d_out,) its biases; dW and db, in the
    same shapes, hold the slopes of the loss in them. The penalty is l1
    times the sum of |w| plus l2 times the sum of w^2, over all weights.
    Biases pay nothing. |w| has slope 0 at 0. Returns the loss with the
    penalty, and its slopes in W and in b. The arguments stay as they
    are.
    """
    price = l1 * np.sum(np.abs(W)) + l2 * np.sum(W**2)
    return loss + price, dW + l1 * np.sign(W) + 2 * l2 * W, db


def _penalize_weight_by_weight(loss, W, b, dW, db, l1, l2):
    new = np.zeros(W.shape)
    for place, w in np.ndenumerate(W):
        loss = loss + l1 * abs(w) + l2 * w * w
        new[place] = dW[place] + 2 * l2 * w + (l1 if w > 0 else -l1 if w < 0 else 0)
    return loss, new, db.copy()


def _penalize_with_norms(loss, W, b, dW, db, l1, l2):
    w = W.ravel()
    slope = np.where(w > 0, l1, np.where(w < 0, -l1, 0.0)) + 2 * l2 * w
    return loss + l1 * np.linalg.norm(w, 1) + l2 * (w @ w), dW + slope.reshape(W.shape), db


def _biases_pay_too(loss, W, b, dW, db, l1, l2):
    loss = loss + l1 * (np.abs(W).sum() + np.abs(b).sum()) + l2 * (np.sum(W**2) + np.sum(b**2))
    return loss, dW + l1 * np.sign(W) + 2 * l2 * W, db + l1 * np.sign(b) + 2 * l2 * b


def _pull_of_half_the_square(loss, W, b, dW, db, l1, l2):
    return loss + l1 * np.abs(W).sum() + l2 * np.sum(W**2), dW + l1 * np.sign(W) + l2 * W, db


def _penalty_averaged(loss, W, b, dW, db, l1, l2):
    price = l1 * np.mean(np.abs(W)) + l2 * np.mean(W**2)
    return loss + price, dW + (l1 * np.sign(W) + 2 * l2 * W) / W.size, db


def _l1_pulls_one_way(loss, W, b, dW, db, l1, l2):
    return loss + l1 * np.abs(W).sum() + l2 * np.sum(W**2), dW + l1 + 2 * l2 * W, db


def _slopes_forgotten(loss, W, b, dW, db, l1, l2):
    return loss + l1 * np.abs(W).sum() + l2 * np.sum(W**2), dW, db


def _slopes_overwritten(loss, W, b, dW, db, l1, l2):
    dW += l1 * np.sign(W) + 2 * l2 * W
    return loss + l1 * np.abs(W).sum() + l2 * np.sum(W**2), dW, db


def _root_of_the_squares(loss, W, b, dW, db, l1, l2):
    return loss + l1 * np.abs(W).sum() + l2 * np.sqrt(np.sum(W**2)), dW + l1 * np.sign(W) + 2 * l2 * W, db


def _signs_cancel(loss, W, b, dW, db, l1, l2):
    return loss + l1 * W.sum() + l2 * np.sum(W**2), dW + l1 * np.sign(W) + 2 * l2 * W, db


def _sign_by_division(loss, W, b, dW, db, l1, l2):
    return loss + l1 * np.abs(W).sum() + l2 * np.sum(W**2), dW + l1 * W / np.abs(W) + 2 * l2 * W, db


def _rewarded(loss, W, b, dW, db, l1, l2):
    return loss + l1 * np.abs(W).sum() + l2 * np.sum(W**2), dW - l1 * np.sign(W) - 2 * l2 * W, db


def _layer(rng, d_in, d_out):
    W, b = rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)
    W.flat[int(rng.integers(W.size))] = 0.0
    return float(rng.uniform(0.2, 2)), W, b, rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)


PENALIZE = Exercise(
    id="penalized-loss",
    chapter=CHAPTER,
    title="A price on weights",
    reference=penalize,
    returns=("the loss", "dW", "db"),
    difficulty=1,
    checks=(
        Check(
            "the square, L2",
            1,
            lambda rng: [
                (0.5, np.array([[1.0], [2.0]]), np.array([3.0]), np.zeros((2, 1)), np.zeros(1), 0.0, 0.01),
                (*_layer(rng, 4, 3), 0.0, 0.1),
            ],
        ),
        Check(
            "the size, L1",
            1,
            lambda rng: [
                (0.5, np.array([[1.0], [-2.0]]), np.array([3.0]), np.zeros((2, 1)), np.zeros(1), 0.01, 0.0),
                (*_layer(rng, 3, 4), 0.2, 0.0),
            ],
        ),
        Check("both at once", 1, lambda rng: [(*_layer(rng, 2, 5), 0.05, 0.3), (*_layer(rng, 6, 2), 0.3, 0.02)]),
    ),
    alternatives=(_penalize_weight_by_weight, _penalize_with_norms),
    misconceptions=(
        Misconception(
            _biases_pay_too,
            "Your biases pay: db has changed, and the loss is too high. A bias only moves the answers up or down. "
            "Leave b out of the price and db as it came.",
        ),
        Misconception(
            _pull_of_half_the_square,
            "Your loss is right, but the pull of the L2 part is half of what belongs to it. What is the derivative of "
            "l2 * w^2?",
        ),
        Misconception(
            _penalty_averaged,
            "Your price is too low: you divide it by the number of weights. The loss is a mean over examples, the "
            "penalty a sum over weights.",
        ),
        Misconception(
            _l1_pulls_one_way,
            "Your L1 part pulls every weight down, the negative ones away from 0. Its slope has the sign of the "
            "weight.",
        ),
        Misconception(
            _slopes_forgotten,
            "The loss is right and dW is as it came. Descent follows the slopes, so a price that is not in them "
            "changes nothing: add the pull to dW.",
        ),
        Misconception(
            _slopes_overwritten,
            "The numbers are right, but the caller's dW is changed: `+=` writes into the array that came in. Write "
            "`dW + ...`, which makes a new one.",
        ),
        Misconception(
            _root_of_the_squares,
            "Your slopes are right, but the loss takes the root of the sum of squares. The L2 price is the sum itself.",
        ),
        Misconception(
            _signs_cancel,
            "Your slopes are right, but in the loss positive and negative weights cancel in the L1 part. Sum their "
            "sizes, |w|.",
        ),
        Misconception(
            _sign_by_division,
            "One entry of your dW is nan: W / |W| divides 0 by 0 where a weight is 0. `np.sign(W)` is 0 there.",
        ),
        Misconception(
            _rewarded,
            "Your slopes push the weights away from 0: you subtract the pull. It is added to the slope; the step of "
            "descent then subtracts both.",
        ),
    ),
    hints=(
        "Two sums over W, `np.abs(W).sum()` and `np.sum(W**2)`, each times its strength.",
        "The pull on a weight is l1 * sign(w) + 2 * l2 * w. `np.sign` is 0 at 0.",
    ),
)


def ridge(x, y, strength):
    """The weights and the bias with the lowest penalized loss.

    x has shape (n, d), y (n,); strength is a positive number. The
    answers are x @ w + b. The loss is the mean of their squared errors,
    the penalty strength times the sum of w^2; the bias pays nothing.
    Returns w (d,) and b, computed at once and not by descent.
    """
    n, d = x.shape
    centre, middle = x.mean(axis=0), y.mean()
    C = (x - centre).T @ (x - centre) / n
    w = np.linalg.solve(C + strength * np.eye(d), (x - centre).T @ (y - middle) / n)
    return w, middle - centre @ w


def _ridge_with_a_column_of_ones(x, y, strength):
    X = np.column_stack([x, np.ones(len(x))])
    price = np.diag([strength * len(x)] * x.shape[1] + [0.0])
    solution = np.linalg.solve(X.T @ X + price, X.T @ y)
    return solution[:-1], solution[-1]


def _ridge_with_rows_for_the_price(x, y, strength):
    n, d = x.shape
    X = np.vstack([np.column_stack([x, np.ones(n)]), np.column_stack([np.sqrt(n * strength) * np.eye(d), np.zeros(d)])])
    solution = np.linalg.lstsq(X, np.append(y, np.zeros(d)), rcond=None)[0]
    return solution[:d], solution[d]


def _ridge_direction_by_direction(x, y, strength):
    centre = x.mean(axis=0)
    U, s, Vt = np.linalg.svd(x - centre, full_matrices=False)
    w = Vt.T @ (s / (s**2 + len(x) * strength) * (U.T @ (y - y.mean())))
    return w, y.mean() - centre @ w


def _solved(x, y, price):
    """Ridge on the covariances of the centred table, with `price` on the diagonal."""
    centre, middle, n = x.mean(axis=0), y.mean(), len(x)
    w = np.linalg.solve((x - centre).T @ (x - centre) / n + price, (x - centre).T @ (y - middle) / n)
    return w, middle - centre @ w


def _bias_pays(x, y, strength):
    X = np.column_stack([x, np.ones(len(x))])
    solution = np.linalg.solve(X.T @ X / len(x) + strength * np.eye(X.shape[1]), X.T @ y / len(x))
    return solution[:-1], solution[-1]


def _summed_loss(x, y, strength):
    return _solved(x, y, strength / len(x) * np.eye(x.shape[1]))


def _bias_pays_beside_a_sum(x, y, strength):
    X = np.column_stack([x, np.ones(len(x))])
    solution = np.linalg.solve(X.T @ X + strength * np.eye(X.shape[1]), X.T @ y)
    return solution[:-1], solution[-1]


def _twice_the_price(x, y, strength):
    return _solved(x, y, 2 * strength * np.eye(x.shape[1]))


def _half_the_price(x, y, strength):
    return _solved(x, y, strength / 2 * np.eye(x.shape[1]))


def _price_on_every_entry(x, y, strength):
    return _solved(x, y, strength * np.ones((x.shape[1], x.shape[1])))


def _no_bias(x, y, strength):
    w = np.linalg.solve(x.T @ x / len(x) + strength * np.eye(x.shape[1]), x.T @ y / len(x))
    return w, 0.0


def _bias_without_the_inputs(x, y, strength):
    w, _ = _solved(x, y, strength * np.eye(x.shape[1]))
    return w, y.mean()


def _only_the_targets_centred(x, y, strength):
    w = np.linalg.solve(x.T @ x / len(x) + strength * np.eye(x.shape[1]), x.T @ (y - y.mean()) / len(x))
    return w, y.mean() - x.mean(axis=0) @ w


def _bias_afterwards(x, y, strength):
    w = np.linalg.solve(x.T @ x / len(x) + strength * np.eye(x.shape[1]), x.T @ y / len(x))
    return w, np.mean(y - x @ w)


def _columns_standardized(x, y, strength):
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    w, _ = _solved(z, y, strength * np.eye(x.shape[1]))
    return w, y.mean()


def _table(rng, n, d, away):
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 2, d) + away * rng.normal(1, 0.3, d)
    return x, x @ rng.normal(size=d) + 3 + 0.5 * rng.normal(size=n)


def _centred_table(rng, n, d):
    x, y = _table(rng, n, d, 0)
    return x - x.mean(axis=0), y


RIDGE = Exercise(
    id="ridge",
    chapter=CHAPTER,
    title="The bottom of a penalized bowl",
    reference=ridge,
    returns=("w", "b"),
    difficulty=2,
    checks=(
        Check(
            "inputs with mean 0",
            1,
            lambda rng: [
                (np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]), np.array([4.0, 2.0, 3.0, -1.0]), 0.5),
                (*_centred_table(rng, 20, 3), 0.2),
            ],
        ),
        Check("inputs far from 0", 2, lambda rng: [(*_table(rng, 15, 2, 4), 0.3), (*_table(rng, 40, 4, 2), 1.5)]),
        Check("more weights than rows", 1, lambda rng: [(*_table(rng, 5, 8, 1), 0.1), (*_table(rng, 3, 6, 1), 0.7)]),
    ),
    alternatives=(_ridge_with_a_column_of_ones, _ridge_with_rows_for_the_price, _ridge_direction_by_direction),
    misconceptions=(
        Misconception(
            _bias_pays,
            "Your bias is pulled to 0, and where the answers are far from 0 the weights suffer for it. Keep the price "
            "off the bias: centre x and y first, or leave the last place of the diagonal without it.",
        ),
        Misconception(
            _summed_loss,
            "Your weights are too large: the price stands beside a sum over the n rows and hardly counts. The loss is "
            "a mean: divide X^T X and X^T y by n, or multiply the strength by n.",
        ),
        Misconception(
            _bias_pays_beside_a_sum,
            "This is the formula of many books, (X^T X + strength I)^-1 X^T y, with a column of ones in X. Two things "
            "differ here: the loss is a mean, so the strength comes times n, and the bias pays nothing.",
        ),
        Misconception(
            _twice_the_price,
            "Your weights are too small, as if the price were twice as high. The slopes of loss and penalty both carry "
            "a 2; divide all of the equation by it.",
        ),
        Misconception(
            _half_the_price,
            "Your weights are too large, as if the price were half as high. It is strength * w^2, without the half: "
            "its slope is 2 * strength * w.",
        ),
        Misconception(
            _price_on_every_entry,
            "You add the strength to every entry of the matrix. The slope 2 * strength * w touches each weight for "
            "itself: only the diagonal gets it, `strength * np.eye(d)`.",
        ),
        Misconception(
            _no_bias,
            "Your answers pass through 0 where all inputs are 0: b is missing. Centre x and y, solve for w, and then "
            "find the b that makes the errors average to 0.",
        ),
        Misconception(
            _bias_without_the_inputs,
            "Your w is right, and b is the mean of y. It is so only where the inputs have mean 0: take off what x @ w "
            "is on average.",
        ),
        Misconception(
            _only_the_targets_centred,
            "You centre y and not x, so that w has to explain a bias too. Take the column means off x as well.",
        ),
        Misconception(
            _bias_afterwards,
            "You solve for w as if there were no bias, and find b afterwards. By then w has done the work of the bias "
            "too: centre x and y before you solve.",
        ),
        Misconception(
            _columns_standardized,
            "You standardize the columns. Then the price is on other weights than those that x is multiplied by. Take "
            "the means off, and leave the scale.",
        ),
    ),
    hints=(
        "Take the means off the columns of x and off y. Then no bias is needed, and w solves the equation of the page.",
        "At the bottom the errors average to 0, since the bias pays nothing. Which b does that?",
    ),
)


def lasso(x, y, strength, learning_rate, steps):
    """Proximal descent on a squared error with an L1 penalty.

    x has shape (n, d), y (n,). The answers are x @ w, without a bias.
    The loss is the mean of their squared errors, the penalty strength
    times the sum of |w|. All weights start at 0. A step goes against
    the slope of the loss alone, times learning_rate; then it applies
    the soft threshold learning_rate * strength to every weight. Returns
    w (d,) after so many steps.
    """
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        u = w - learning_rate * 2 * x.T @ (x @ w - y) / len(y)
        w = np.sign(u) * np.maximum(np.abs(u) - learning_rate * strength, 0)
    return w


def _lasso_by_clipping(x, y, strength, learning_rate, steps):
    C, c = x.T @ x / len(y), x.T @ y / len(y)
    w, t = 0 * c, learning_rate * strength
    for _ in range(steps):
        u = w - 2 * learning_rate * (C @ w - c)
        w = u - np.clip(u, -t, t)
    return w


def _lasso_by_cases(x, y, strength, learning_rate, steps):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        u = w - learning_rate * np.mean(2 * (x @ w - y)[:, None] * x, axis=0)
        t = learning_rate * strength
        w = np.where(u > t, u - t, np.where(u < -t, u + t, 0.0))
    return w


def _proximal(x, y, strength, learning_rate, steps, *, threshold, slope=None):
    """The loop that most of the misconceptions below share, each with one thing changed."""
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        pull = 2 * x.T @ (x @ w - y) / len(y) if slope is None else slope(w)
        w = threshold(w - learning_rate * pull, learning_rate * strength)
    return w


def _soft(u, t):
    return np.sign(u) * np.maximum(np.abs(u) - t, 0)


def _subgradient(x, y, strength, learning_rate, steps):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = w - learning_rate * (2 * x.T @ (x @ w - y) / len(y) + strength * np.sign(w))
    return w


def _hard_threshold(x, y, strength, learning_rate, steps):
    return _proximal(x, y, strength, learning_rate, steps, threshold=lambda u, t: np.where(np.abs(u) > t, u, 0.0))


def _threshold_without_the_rate(x, y, strength, learning_rate, steps):
    return _proximal(x, y, strength, learning_rate, steps, threshold=lambda u, t: _soft(u, strength))


def _threshold_first(x, y, strength, learning_rate, steps):
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = _soft(w, learning_rate * strength)
        w = w - learning_rate * 2 * x.T @ (x @ w - y) / len(y)
    return w


def _threshold_at_the_end(x, y, strength, learning_rate, steps):
    w = _proximal(x, y, strength, learning_rate, steps, threshold=lambda u, t: u)
    return _soft(w, learning_rate * strength)


def _slope_without_the_two(x, y, strength, learning_rate, steps):
    half = lambda w: x.T @ (x @ w - y) / len(y)  # noqa: E731
    return _proximal(x, y, strength, learning_rate, steps, threshold=_soft, slope=half)


def _slope_of_the_sum(x, y, strength, learning_rate, steps):
    summed = lambda w: 2 * x.T @ (x @ w - y)  # noqa: E731
    return _proximal(x, y, strength, learning_rate, steps, threshold=_soft, slope=summed)


def _signs_lost(x, y, strength, learning_rate, steps):
    return _proximal(x, y, strength, learning_rate, steps, threshold=lambda u, t: np.maximum(np.abs(u) - t, 0))


def _negative_weights_cut_off(x, y, strength, learning_rate, steps):
    return _proximal(x, y, strength, learning_rate, steps, threshold=lambda u, t: np.maximum(u - t, 0))


def _subtracted_past_zero(x, y, strength, learning_rate, steps):
    return _proximal(x, y, strength, learning_rate, steps, threshold=lambda u, t: u - t * np.sign(u))


def _sparse(rng, n, d, useful):
    x, w = rng.normal(size=(n, d)), np.zeros(d)
    w[:useful] = rng.choice([-1.0, 1.0], useful) * rng.uniform(1, 3, useful)
    return x, x @ w + 0.3 * rng.normal(size=n)


LASSO = Exercise(
    id="lasso",
    chapter=CHAPTER,
    title="A step that lands on zero",
    reference=lasso,
    difficulty=2,
    checks=(
        Check(
            "one step",
            2,
            lambda rng: [
                (np.eye(2), np.array([3.0, 0.4]), 0.5, 0.5, 1),
                (np.eye(2), np.array([-3.0, 0.4]), 0.5, 0.5, 1),
                (*_sparse(rng, 20, 4, 2), 0.5, 0.1, 1),
            ],
        ),
        Check(
            "a few steps",
            1,
            lambda rng: [(*_sparse(rng, 30, 5, 2), 0.3, 0.1, 4), (*_sparse(rng, 25, 3, 1), 1.0, 0.2, 3)],
        ),
        Check(
            "to the bottom, with exact zeros",
            2,
            lambda rng: [(*_sparse(rng, 60, 8, 3), 0.5, 0.1, 400), (*_sparse(rng, 40, 6, 2), 0.8, 0.15, 400)],
        ),
    ),
    alternatives=(_lasso_by_clipping, _lasso_by_cases),
    misconceptions=(
        Misconception(
            _subgradient,
            "Weights that should be 0 hop about it instead: you descend along strength * sign(w). Leave that slope "
            "out of the step, and apply the soft threshold after it.",
        ),
        Misconception(
            _hard_threshold,
            "Your zeros are in place, but the other weights are too large: they have paid nothing. The soft threshold "
            "also brings the survivors nearer to 0, by learning_rate * strength.",
        ),
        Misconception(
            _threshold_without_the_rate,
            "Your weights are too small: every step takes the whole strength off. A step of learning_rate pays "
            "learning_rate * strength.",
        ),
        Misconception(
            _threshold_first,
            "You threshold first and descend afterwards, so the last move is off zero again. Descend, then threshold.",
        ),
        Misconception(
            _threshold_at_the_end,
            "After one step you are right, later you are not: you descend all the way and threshold once. The "
            "threshold belongs to every step.",
        ),
        Misconception(
            _slope_without_the_two,
            "Your steps down the loss are half as long as they should be. A squared error has the slope 2 * error.",
        ),
        Misconception(
            _slope_of_the_sum,
            "Your steps down the loss are n times too long: they follow the sum of the squared errors. The loss is "
            "their mean.",
        ),
        Misconception(
            _signs_lost,
            "None of your weights is negative: the threshold was applied to the sizes, and the signs never came back. "
            "Multiply by np.sign(u).",
        ),
        Misconception(
            _negative_weights_cut_off,
            "All your negative weights are 0. The threshold works on both sides: what lies below minus the threshold "
            "moves up to meet 0.",
        ),
        Misconception(
            _subtracted_past_zero,
            "You take learning_rate * strength off every weight, also where less than that is left, and land on the "
            "other side of 0. Stop there: np.maximum(..., 0) around the size.",
        ),
    ),
    hints=(
        "Two lines in a loop: a plain step of descent, say to u, then the soft threshold of u.",
        "The slope of the mean squared error is 2 * x.T @ (x @ w - y) / n.",
        "Size and sign apart: the size is np.abs(u) minus the threshold, but at least 0; the sign is np.sign(u).",
    ),
)


def dropout(h, upstream, rate, training, seed):
    """Dropout, forward and backward.

    h (n, m) is what m neurons hand on for n examples, and upstream
    (n, m) the slope of the loss in what leaves the dropout. In training
    every entry of h is silenced with probability rate, each for itself;
    0 <= rate < 1. The others are scaled so that the expected value of
    what leaves is h. Not in training, h passes as it is. All that is
    random comes from np.random.default_rng(seed). Returns what leaves
    (n, m), and the slope of the loss in h (n, m). The arguments stay as
    they are.
    """
    if not training:
        return h, upstream
    mask = np.random.default_rng(seed).random(h.shape) >= rate
    return h * mask / (1 - rate), upstream * mask / (1 - rate)


def _dropout_with_a_factor(h, upstream, rate, training, seed):
    factor = np.ones(h.shape)
    if training:
        factor = np.random.default_rng(seed).binomial(1, 1 - rate, h.shape) / (1 - rate)
    return factor * h, factor * upstream


def _dropout_row_by_row(h, upstream, rate, training, seed):
    rng, out, dh = np.random.default_rng(seed), h.copy(), upstream.copy()
    if training:
        for i in range(len(h)):
            silent = rng.uniform(size=h.shape[1]) < rate
            out[i], dh[i] = out[i] / (1 - rate), dh[i] / (1 - rate)
            out[i, silent] = dh[i, silent] = 0.0
    return out, dh


def _masked(h, upstream, rate, training, seed, *, shape=None, scale=lambda rate: 1 / (1 - rate), keep=None):
    """Dropout as most of the misconceptions below have it, each with one thing changed."""
    if not training:
        return h, upstream
    share = 1 - rate if keep is None else keep(rate)
    draws = np.random.default_rng(seed).random(h.shape if shape is None else shape(h))
    mask = (draws < share) * scale(rate)
    return h * mask, upstream * mask


def _not_scaled(h, upstream, rate, training, seed):
    return _masked(h, upstream, rate, training, seed, scale=lambda rate: 1.0)


def _scaled_in_use(h, upstream, rate, training, seed):
    if not training:
        return h * (1 - rate), upstream * (1 - rate)
    return _masked(h, upstream, rate, training, seed, scale=lambda rate: 1.0)


def _keeps_and_scales_by_the_rate(h, upstream, rate, training, seed):
    return _masked(
        h, upstream, rate, training, seed, keep=lambda rate: rate or 1.0, scale=lambda rate: 1 / rate if rate else 1.0
    )


def _scaled_down(h, upstream, rate, training, seed):
    return _masked(h, upstream, rate, training, seed, scale=lambda rate: 1 - rate)


def _scaled_by_the_rate(h, upstream, rate, training, seed):
    return _masked(h, upstream, rate, training, seed, scale=lambda rate: 1 / rate if rate else 1.0)


def _one_mask_for_the_batch(h, upstream, rate, training, seed):
    return _masked(h, upstream, rate, training, seed, shape=lambda h: h.shape[1:])


def _whole_examples_silenced(h, upstream, rate, training, seed):
    return _masked(h, upstream, rate, training, seed, shape=lambda h: (len(h), 1))


def _the_same_number_in_every_row(h, upstream, rate, training, seed):
    if not training:
        return h, upstream
    rng, mask = np.random.default_rng(seed), np.ones(h.shape)
    for row in mask:
        row[rng.permutation(len(row))[: round(rate * len(row))]] = 0.0
    return h * mask / (1 - rate), upstream * mask / (1 - rate)


def _always_on(h, upstream, rate, training, seed):
    return _masked(h, upstream, rate, True, seed)


def _drawn_anew_on_the_way_back(h, upstream, rate, training, seed):
    if not training:
        return h, upstream
    rng = np.random.default_rng(seed)
    forward, backward = (rng.random(h.shape) >= rate for _ in range(2))
    return h * forward / (1 - rate), upstream * backward / (1 - rate)


def _no_mask_on_the_way_back(h, upstream, rate, training, seed):
    return _masked(h, upstream, rate, training, seed)[0], upstream


def _no_scale_on_the_way_back(h, upstream, rate, training, seed):
    out, dh = _masked(h, upstream, rate, training, seed)
    return out, dh * (1 - rate) if training else dh


def _silenced_in_place(h, upstream, rate, training, seed):
    if training:
        mask = (np.random.default_rng(seed).random(h.shape) >= rate) / (1 - rate)
        h *= mask
        upstream = upstream * mask
    return h, upstream


def _judge_forward(args, output):
    h, _, rate, _, _ = args
    out = output[0]
    silent = out == 0
    if not silent.any():
        return "None of the entries is silenced."
    if np.all(silent == silent[:1]):
        return "The same neurons are silent for every example of the batch."
    if np.all(silent == silent[:, :1]):
        return "Whole examples are silenced, and others not at all."
    if np.ptp(silent.sum(axis=1)) == 0:
        return f"In every row exactly {silent[0].sum()} of {h.shape[1]} entries are silenced."
    share, slack = silent.mean(), 5 * np.sqrt(rate * (1 - rate) / h.size)
    if abs(share - rate) > slack:
        if abs(share - (1 - rate)) <= slack:
            return f"With rate = {rate:g} the share of silenced entries is about {1 - rate:g}."
        return f"With rate = {rate:g} the share of silenced entries is {share:.3f}."
    factor = out[~silent] / h[~silent]
    if not np.allclose(factor, 1 / (1 - rate), rtol=1e-5):
        if np.allclose(factor, factor[0]):
            return f"With rate = {rate:g} the entries that are not silenced are multiplied by {factor[0]:.3g}."
        return "The entries that are not silenced are not all scaled alike."
    return None


def _judge_backward(args, output):
    h, upstream, *_ = args
    out, dh = output
    if not (dh == 0).any():
        return "On the way back no entry is silenced."
    if not np.array_equal(out == 0, dh == 0):
        return "The entries that are silenced on the way back are not those that were silenced on the way there."
    kept = (out != 0) & (h != 0)
    there, back = out[kept] / h[kept], dh[kept] / upstream[kept]
    if not np.allclose(there, back, rtol=1e-5):
        return "The entries that are not silenced have one factor on the way there and another on the way back."
    return None


def _activity(rng, n, m):
    return rng.uniform(0.5, 2, (n, m)) * rng.choice([-1.0, 1.0], (n, m)), rng.uniform(0.5, 2, (n, m))


DROPOUT = Exercise(
    id="dropout",
    chapter=CHAPTER,
    title="Dropout, there and back",
    reference=dropout,
    returns=("what leaves", "the slope in h"),
    difficulty=2,
    checks=(
        Check(
            "silenced, and scaled up",
            2,
            lambda rng: [
                (*_activity(rng, 200, 40), 0.2, True, int(rng.integers(1000))),
                (*_activity(rng, 100, 60), 0.7, True, int(rng.integers(1000))),
            ],
            judge=_judge_forward,
        ),
        Check(
            "the way back",
            2,
            lambda rng: [
                (*_activity(rng, 60, 30), 0.2, True, int(rng.integers(1000))),
                (*_activity(rng, 60, 30), 0.7, True, int(rng.integers(1000))),
            ],
            judge=_judge_backward,
        ),
        Check(
            "in use, and with rate 0",
            1,
            lambda rng: [
                (*_activity(rng, 6, 5), 0.3, False, int(rng.integers(1000))),
                (*_activity(rng, 4, 3), 0.0, True, int(rng.integers(1000))),
            ],
        ),
    ),
    alternatives=(_dropout_with_a_factor, _dropout_row_by_row),
    misconceptions=(
        Misconception(
            _not_scaled,
            "The entries that stay are as they were, so on average less than h leaves. Divide them by 1 - rate.",
        ),
        Misconception(
            _scaled_in_use,
            "You scale when the network is used, as the first dropout did. Here training divides by 1 - rate, and in "
            "use there is nothing left to do.",
        ),
        Misconception(
            _keeps_and_scales_by_the_rate,
            "Your rate is the share that stays. Here it is the share that is silenced: 1 - rate stays, and 1 - rate "
            "divides.",
        ),
        Misconception(
            _scaled_down,
            "The entries that stay get smaller. They have to make up for the silent ones: divide by 1 - rate, do not "
            "multiply.",
        ),
        Misconception(
            _scaled_by_the_rate,
            "You divide by the rate. The share that stays is 1 - rate, and it is this that has to be made up for.",
        ),
        Misconception(
            _one_mask_for_the_batch,
            "In every row the same neurons are silent: one mask serves the whole batch. Draw one number for every "
            "entry, `rng.random(h.shape)`.",
        ),
        Misconception(
            _whole_examples_silenced,
            "You silence whole rows: some examples have no neurons left, the others have all of them. Draw for every "
            "entry.",
        ),
        Misconception(
            _the_same_number_in_every_row,
            "You silence the same number of neurons in every row. Each entry is drawn for itself, so the number "
            "varies: one draw an entry, `rng.random(h.shape)`, compared with the rate.",
        ),
        Misconception(
            _always_on,
            "Also when training is False some entries are silent. Then h and upstream pass as they are.",
        ),
        Misconception(
            _drawn_anew_on_the_way_back,
            "On the way back other entries are silent than on the way there, because you drew a second time. Slopes "
            "flow where the numbers flowed: keep the mask.",
        ),
        Misconception(
            _no_mask_on_the_way_back,
            "Your slopes pass as if nothing had been silenced. What leaves is h times a factor, so the slope in h is "
            "upstream times the same factor.",
        ),
        Misconception(
            _no_scale_on_the_way_back,
            "Your slopes are silenced in the right places, but not scaled. The factor of the way there is 1 / (1 - "
            "rate), and the way back has the same.",
        ),
        Misconception(
            _silenced_in_place,
            "All numbers are right, but the caller's h is changed: `*=` writes into the array that came in. Write "
            "`h * mask`.",
        ),
    ),
    hints=(
        "`rng.random(h.shape) >= rate` is True with probability 1 - rate: a mask, one draw an entry.",
        "What leaves is h times a factor, 0 or 1 / (1 - rate). So the slope in h is upstream times this factor.",
    ),
)


def early_stopping(val_losses, weights, patience, min_delta):
    """Where training stops, and which weights it brings home.

    val_losses (T,) holds the validation loss after each epoch, weights
    (T, d) the weights at that moment. An epoch is an improvement if its
    loss lies below the best so far by more than min_delta, a number
    from 0 on. The first epoch always is one, nan never is. Training
    stops as soon as so many epochs as patience, a whole number from 1
    on, have gone by in a row without an improvement, or after the last
    epoch. Epochs count from 0. Returns the epoch after which training
    stops, the epoch of the last improvement, and its weights (d,).
    """
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(val_losses):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return epoch, best_epoch, weights[best_epoch]


def _stopping_with_a_counter(val_losses, weights, patience, min_delta):
    best, best_epoch, kept, wait, epoch = val_losses[0], 0, weights[0].copy(), 0, 0
    for epoch in range(1, len(val_losses)):
        if best - val_losses[epoch] > min_delta:
            best, best_epoch, kept, wait = val_losses[epoch], epoch, weights[epoch].copy(), 0
        else:
            wait += 1
        if wait == patience:
            return epoch, best_epoch, kept
    return epoch, best_epoch, kept


def _stopping_by_looking_ahead(val_losses, weights, patience, min_delta):
    best = 0
    while True:
        window = range(best + 1, min(best + patience, len(val_losses) - 1) + 1)
        better = [epoch for epoch in window if val_losses[epoch] + min_delta < val_losses[best]]
        if not better:
            return min(best + patience, len(val_losses) - 1), best, weights[best]
        best = better[0]


def _watched(val_losses, weights, patience, improves, *, enough=lambda wait, patience: wait >= patience, total=False):
    """The loop that most of the misconceptions below share, each with one thing changed."""
    best, best_epoch, wait = val_losses[0], 0, 0
    epoch = 0
    for epoch in range(1, len(val_losses)):
        if improves(val_losses[epoch], best, val_losses[epoch - 1]):
            best, best_epoch = val_losses[epoch], epoch
            wait = wait if total else 0
        else:
            wait += 1
            if enough(wait, patience):
                break
    return epoch, best_epoch, weights[best_epoch]


def _better_than_the_epoch_before(val_losses, weights, patience, min_delta):
    return _watched(val_losses, weights, patience, lambda loss, best, last: loss < last - min_delta)


def _last_weights_kept(val_losses, weights, patience, min_delta):
    stop, best_epoch, _ = early_stopping(val_losses, weights, patience, min_delta)
    return stop, best_epoch, weights[stop]


def _one_epoch_too_patient(val_losses, weights, patience, min_delta):
    return _watched(
        val_losses, weights, patience, lambda loss, best, last: loss < best - min_delta, enough=lambda w, p: w > p
    )


def _one_epoch_too_hasty(val_losses, weights, patience, min_delta):
    return _watched(
        val_losses, weights, patience, lambda loss, best, last: loss < best - min_delta, enough=lambda w, p: w >= p - 1
    )


def _min_delta_the_wrong_way(val_losses, weights, patience, min_delta):
    return _watched(val_losses, weights, patience, lambda loss, best, last: loss < best + min_delta)


def _min_delta_ignored(val_losses, weights, patience, min_delta):
    return _watched(val_losses, weights, patience, lambda loss, best, last: loss < best)


def _nan_improves(val_losses, weights, patience, min_delta):
    return _watched(val_losses, weights, patience, lambda loss, best, last: not loss >= best - min_delta)


def _best_lowered_by_small_gains(val_losses, weights, patience, min_delta):
    best, best_epoch, wait, epoch = val_losses[0], 0, 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < best - min_delta:
            best_epoch, wait = epoch, 0
        else:
            wait += 1
        if val_losses[epoch] < best:
            best = val_losses[epoch]
        if wait >= patience:
            break
    return epoch, best_epoch, weights[best_epoch]


def _equal_is_better(val_losses, weights, patience, min_delta):
    return _watched(val_losses, weights, patience, lambda loss, best, last: loss <= best - min_delta)


def _patience_never_renewed(val_losses, weights, patience, min_delta):
    return _watched(val_losses, weights, patience, lambda loss, best, last: loss < best - min_delta, total=True)


def _best_of_all_epochs(val_losses, weights, patience, min_delta):
    stop, _, _ = early_stopping(val_losses, weights, patience, min_delta)
    best = int(np.nanargmin(val_losses))
    return stop, best, weights[best]


def _lowest_of_the_whole_curve(val_losses, weights, patience, min_delta):
    best = int(np.nanargmin(val_losses))
    return min(best + patience, len(val_losses) - 1), best, weights[best]


def _higher_is_better(val_losses, weights, patience, min_delta):
    return _watched(val_losses, weights, patience, lambda loss, best, last: loss > best + min_delta)


def _trained(rng, losses):
    return np.array(losses, dtype=float), rng.normal(size=(len(losses), 2))


def _noisy_curve(rng, epochs, rounded=None):
    t = np.arange(epochs)
    curve = 0.5 + 1.5 * np.exp(-t / 5) + 0.01 * t + 0.08 * rng.normal(size=epochs)
    return _trained(rng, curve if rounded is None else curve.round(rounded))


EARLY_STOPPING = Exercise(
    id="early-stopping",
    chapter=CHAPTER,
    title="When to stop",
    reference=early_stopping,
    returns=("the stop", "the best epoch", "its weights"),
    difficulty=2,
    checks=(
        Check(
            "stops, and brings home the best",
            2,
            lambda rng: [
                (*_trained(rng, [1, 0.8, 0.7, 0.75, 0.74, 0.73, 0.72, 0.6]), 3, 0.0),
                (*_trained(rng, [1, 0.9, 0.95, 0.85, 0.9, 0.8, 0.82, 0.83, 0.84]), 2, 0.0),
                (*_noisy_curve(rng, 60), 6, 0.0),
            ],
        ),
        Check(
            "equal losses, small gains",
            1,
            lambda rng: [
                (*_trained(rng, [1, 0.5, 0.5, 0.5, 0.5, 0.4]), 2, 0.0),
                (*_trained(rng, [1, 0.5, 0.47, 0.44, 0.46, 0.3, 0.31, 0.32, 0.33]), 3, 0.05),
                (*_noisy_curve(rng, 60, rounded=1), 5, 0.15),
            ],
        ),
        Check(
            "nan, and training that goes through",
            1,
            lambda rng: [
                (*_trained(rng, [1, 0.6, np.nan, 0.7, 0.65, 0.8, 0.1]), 3, 0.0),
                (*_trained(rng, [1, 0.9, 0.8, 0.7, 0.72]), 4, 0.0),
                (*_trained(rng, [0.9, 0.95]), 1, 0.0),
            ],
        ),
    ),
    alternatives=(_stopping_with_a_counter, _stopping_by_looking_ahead),
    misconceptions=(
        Misconception(
            _better_than_the_epoch_before,
            "On 0.7, 0.75, 0.74, 0.73 you see improvement: you compare with the epoch before. Compare with the best so "
            "far.",
        ),
        Misconception(
            _last_weights_kept,
            "You stop at the right moment, and bring home the weights of that moment. The best were several epochs "
            "earlier.",
        ),
        Misconception(
            _one_epoch_too_patient,
            "You stop one epoch late. With patience 3 the third epoch in a row without an improvement is the last.",
        ),
        Misconception(
            _one_epoch_too_hasty,
            "You stop one epoch early. With patience 3 two poor epochs in a row are still forgiven.",
        ),
        Misconception(
            _min_delta_the_wrong_way,
            "You call it an improvement when the loss is a little worse than the best. It has to lie *below* the best "
            "by more than min_delta.",
        ),
        Misconception(
            _min_delta_ignored,
            "Every small gain renews your patience. A gain counts only if it is larger than min_delta.",
        ),
        Misconception(
            _nan_improves,
            "A nan counts as an improvement in your run, and afterwards everything does: every comparison with nan is "
            "False. Ask whether the loss is lower, not whether it fails to be higher.",
        ),
        Misconception(
            _best_lowered_by_small_gains,
            "Gains too small to count still lower your best, so that slow progress is never seen. Move the best only "
            "where you call an epoch an improvement.",
        ),
        Misconception(
            _equal_is_better,
            "A loss that only equals the best renews your patience. It has to be lower.",
        ),
        Misconception(
            _patience_never_renewed,
            "You add up all poor epochs of the training. An improvement renews the patience: count again from 0.",
        ),
        Misconception(
            _best_of_all_epochs,
            "Your best epoch lies after the stop, or was no improvement. Whoever stops never sees what comes later.",
        ),
        Misconception(
            _lowest_of_the_whole_curve,
            "You look for the lowest loss of the whole curve, and count your patience from there. While training runs "
            "the rest of the curve does not exist yet: go through it epoch by epoch.",
        ),
        Misconception(
            _higher_is_better,
            "You take a higher value for a better one. That fits an accuracy; a loss should fall.",
        ),
    ),
    hints=(
        "Keep two things up to date: the best loss so far, and its epoch.",
        "The epochs since the last improvement are epoch - best_epoch.",
    ),
)


def shift_images(images, seed):
    """Every image, moved at random by up to one pixel.

    images has shape (n, height, width) and stays as it is. Each image
    moves by -1, 0 or 1 rows and by -1, 0 or 1 columns, all nine moves
    equally likely, and each image for itself. What moves out is lost;
    what comes in from outside is 0. All that is random comes from
    np.random.default_rng(seed). Returns the moved images, in the same
    shape.
    """
    n, height, width = images.shape
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    corners = np.random.default_rng(seed).integers(3, size=(n, 2))
    windows = [framed[i, r : r + height, c : c + width] for i, (r, c) in enumerate(corners)]
    return np.array(windows)


def _shifted_with_slices(images, seed):
    rng, moved = np.random.default_rng(seed), np.zeros_like(images)
    n, height, width = images.shape
    for i in range(n):
        down, right = rng.integers(-1, 2, size=2)
        rows = slice(max(down, 0), height + min(down, 0))
        columns = slice(max(right, 0), width + min(right, 0))
        from_rows = slice(max(-down, 0), height + min(-down, 0))
        from_columns = slice(max(-right, 0), width + min(-right, 0))
        moved[i, rows, columns] = images[i, from_rows, from_columns]
    return moved


def _shifted_by_rolling_the_frame(images, seed):
    rng = np.random.default_rng(seed)
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    for i, move in enumerate(rng.choice(9, size=len(images))):
        framed[i] = np.roll(framed[i], (move // 3 - 1, move % 3 - 1), axis=(0, 1))
    return framed[:, 1:-1, 1:-1]


MOVES = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]


def _windows(images, moves, mode="constant"):
    """Images moved by (down, right), each by its own."""
    _, height, width = images.shape
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode=mode)
    return np.array(
        [
            framed[i, 1 - down : 1 - down + height, 1 - right : 1 - right + width]
            for i, (down, right) in enumerate(moves)
        ]
    )


def _drawn(images, seed):
    return np.random.default_rng(seed).integers(-1, 2, size=(len(images), 2))


def _ink_comes_back_in(images, seed):
    moved = images.copy()
    for i, (down, right) in enumerate(_drawn(images, seed)):
        moved[i] = np.roll(images[i], (down, right), axis=(0, 1))
    return moved


def _edges_repeated(images, seed):
    return _windows(images, _drawn(images, seed), mode="edge")


def _all_moved_alike(images, seed):
    return _windows(images, np.repeat(np.random.default_rng(seed).integers(-1, 2, size=(1, 2)), len(images), axis=0))


def _mirrored(images, seed):
    flipped = np.random.default_rng(seed).random(len(images)) < 0.5
    return np.where(flipped[:, None, None], images[:, :, ::-1], images)


def _sideways_only(images, seed):
    moves = _drawn(images, seed)
    moves[:, 0] = 0
    return _windows(images, moves)


def _diagonal_only(images, seed):
    moves = _drawn(images, seed)
    moves[:, 0] = moves[:, 1]
    return _windows(images, moves)


def _upper_end_missing(images, seed):
    return _windows(images, np.random.default_rng(seed).integers(-1, 1, size=(len(images), 2)))


def _never_at_rest(images, seed):
    return _windows(images, np.random.default_rng(seed).choice([-1, 1], size=(len(images), 2)))


def _moved_in_place(images, seed):
    images[:] = _windows(images, _drawn(images, seed))
    return images


def _order_lost(images, seed):
    return _windows(images, np.random.default_rng(seed).integers(-1, 2, size=(len(images), 2)))[::-1]


def _moves_of(images, moved):
    """Which of the nine moves each image made: (n,), -1 where none of them."""
    made = np.full(len(images), -1)
    for number, move in enumerate(MOVES):
        same = np.isclose(_windows(images, [move] * len(images)), moved).all(axis=(1, 2))
        made[same] = number
    return made


def _judge_moves(args, output):
    images = args[0]
    bad = np.flatnonzero(_moves_of(images, output) < 0)
    if not len(bad):
        return None
    for down, right in MOVES:
        if any(np.allclose(np.roll(images[i], (down, right), axis=(0, 1)), output[i]) for i in bad):
            return "What moves out of some image comes back in on the other side."
    if np.isclose(images[bad, :, ::-1], output[bad]).all():
        return "Some images are mirrored."
    if all((_moves_of(images, np.repeat(output[[i]], len(images), axis=0)) >= 0).any() for i in bad):
        return "Every image is there, moved, but not in its own place."
    return "Some of what you return is none of the nine moves of the image that stood in its place."


def _judge_variety(args, output):
    made = _moves_of(args[0], output)
    if (made < 0).any():
        return "Some of what you return is none of the nine moves of its image."
    counts = np.bincount(made, minlength=9)
    if counts.max() == len(made):
        return "All images make the same move."
    missing = [MOVES[number] for number in np.flatnonzero(counts == 0)]
    if missing:
        return f"Of the nine moves (rows, columns) these never come: {', '.join(map(str, missing))}."
    fair = len(made) / 9
    if np.abs(counts - fair).max() > 6 * np.sqrt(fair):
        return "The nine moves are not equally likely."
    return None


def _pictures(rng, n, height, width):
    return rng.uniform(0.1, 1, size=(n, height, width))


SHIFT_IMAGES = Exercise(
    id="shifted-images",
    chapter=CHAPTER,
    title="Move the images",
    reference=shift_images,
    difficulty=2,
    checks=(
        Check(
            "moved, and nothing else",
            2,
            lambda rng: [
                (_pictures(rng, 30, 8, 8), int(rng.integers(1000))),
                (_pictures(rng, 30, 5, 4), int(rng.integers(1000))),
            ],
            judge=_judge_moves,
        ),
        Check(
            "nine moves, each image for itself",
            2,
            lambda rng: [(_pictures(rng, 400, 4, 5), int(rng.integers(1000)))],
            judge=_judge_variety,
        ),
    ),
    alternatives=(_shifted_with_slices, _shifted_by_rolling_the_frame),
    misconceptions=(
        Misconception(
            _ink_comes_back_in,
            "What leaves on one side comes back on the other: `np.roll` wraps around. Put a frame of zeros around the "
            "images first, and cut a window out of it.",
        ),
        Misconception(
            _edges_repeated,
            "What comes in from outside repeats the edge of the image. Outside there is nothing: fill with 0.",
        ),
        Misconception(
            _all_moved_alike,
            "All images of the batch make the same move. Draw a move for each: `rng.integers(..., size=(n, 2))`.",
        ),
        Misconception(
            _mirrored,
            "Your images are mirrored, and not moved. A mirrored 3 is no 3 any more; a moved one is.",
        ),
        Misconception(
            _sideways_only,
            "Your images move to the left and right only. Draw a second number, for the rows.",
        ),
        Misconception(
            _diagonal_only,
            "Your images move along one diagonal only, because rows and columns share one draw. Draw two numbers an "
            "image.",
        ),
        Misconception(
            _upper_end_missing,
            "No image of yours moves by +1. `rng.integers(-1, 1)` ends before 1: the upper end is left out.",
        ),
        Misconception(
            _never_at_rest,
            "Every image of yours moves both ways, and none stays or moves straight. 0 is a move too, one of three.",
        ),
        Misconception(
            _moved_in_place,
            "The moves are right, but the caller's images are gone: you wrote into them. Fill a new array.",
        ),
        Misconception(
            _order_lost,
            "Your images come back in another order, so that each stands beside the label of another one. Keep the "
            "order.",
        ),
    ),
    hints=(
        "`np.pad(images, ((0, 0), (1, 1), (1, 1)))` puts one frame of zeros around every image.",
        "In the framed image a window of the old size can begin in row 0, 1 or 2, and in column 0, 1 or 2.",
    ),
)


EXERCISES = (PENALIZE, RIDGE, LASSO, DROPOUT, EARLY_STOPPING, SHIFT_IMAGES)

QUIZ = (
    Question(
        "You train with the mean loss plus 0.01 times the sum of the squared weights. Now every row of the table is "
        "there ten times. Where does training end?",
        (
            Choice(
                "At smaller weights: the penalty has grown with the number of rows, by a factor of ten",
                False,
                "The penalty is added once to a mean. It does not see how many rows there are.",
            ),
            Choice(
                "At the same weights",
                True,
                "Neither the mean over the rows nor the penalty has changed. With a sum over the rows the loss would "
                "be ten times as loud, and the price would hardly count.",
            ),
            Choice(
                "At larger weights, since ten times the data outweigh the price",
                False,
                "So it would be for a summed loss. And copies are no new information.",
            ),
        ),
    ),
    Question(
        "At w = 0 the loss has the slope -0.3 in one weight, and the others stay as they are. The L1 penalty has "
        "strength 0.5. Where is the best place for this weight?",
        (
            Choice(
                "A little above 0, because the loss still falls to the right",
                False,
                "It falls by 0.3 for each unit, and each unit costs 0.5. Leaving 0 does not pay.",
            ),
            Choice(
                "At 0.2, the difference of the two",
                False,
                "The difference of two slopes is a slope, not a place.",
            ),
            Choice(
                "Exactly at 0",
                True,
                "To both sides the price rises by 0.5 a unit, and the loss gives back 0.3 at most. An L2 penalty costs "
                "nothing at first: there the weight would leave 0.",
            ),
        ),
    ),
    Question(
        "A layer of 64 neurons is followed by Dropout(0.3), and the batch size is 32. When are neurons drawn to be "
        "silent?",
        (
            Choice(
                "At every training step, for each of the 32 examples separately",
                True,
                "One draw for each entry: 32 times 64 in each step. About 0.3 of them come out silent, never exactly.",
            ),
            Choice(
                "At the beginning of each epoch, 0.3 of the 64 neurons",
                False,
                "This is often written. A mask lives for a single step.",
            ),
            Choice(
                "At every step, the same ones for the whole batch",
                False,
                "A mask has one row for each example. Two examples of one batch meet different networks.",
            ),
            Choice(
                "Whenever the network is asked, in training and later, since the weights have got used to the gaps",
                False,
                "In use nothing is drawn. The scale of the training has taken care that the averages fit.",
            ),
        ),
    ),
    Question(
        "A network gets 0.62 of the training examples right and 0.61 of new ones. A single neuron gets 0.80 of both. "
        "What is most likely to help?",
        (
            Choice(
                "A dropout of 0.5 and a stronger penalty, so that it relies less on what it has learned by heart",
                False,
                "It has learned nothing by heart: both numbers are low. Less freedom makes both lower.",
            ),
            Choice(
                "Training longer, at another rate, or a network that is larger",
                True,
                "It underfits: 0.80 can be had, and it does not even reach this on its own examples. First let it "
                "learn, then look at the gap.",
            ),
            Choice(
                "Early stopping with a small patience",
                False,
                "It would stop still sooner what has not gone far enough.",
            ),
        ),
    ),
    Question(
        "Early stopping kept the best of 100 epochs: there 0.940 of 50 validation examples are right. What should you "
        "expect on new examples?",
        (
            Choice(
                "Somewhat less than 0.940",
                True,
                "The best of a hundred noisy numbers is good partly by luck. That is why a test set takes no part in "
                "the choice.",
            ),
            Choice(
                "0.940, since these examples were never trained on",
                False,
                "No weight was trained on them, but the epoch was chosen by them. A choice learns too.",
            ),
            Choice(
                "Somewhat more, since the epoch is the best one and new examples are as easy as these",
                False,
                "It is the best for these 50. Others would have chosen another epoch.",
            ),
        ),
    ),
    Question(
        "You train a reader of handwritten letters, with b, d, p and q among them. Which change of the images keeps "
        "the labels true?",
        (
            Choice(
                "Mirroring left and right",
                False,
                "It makes a d out of a b, and a q out of a p.",
            ),
            Choice(
                "Turning by half a turn, because all the ink stays on the page",
                False,
                "A b that stands on its head is a q.",
            ),
            Choice(
                "Moving by a pixel",
                True,
                "A person would read the same letter. This is the question to ask of every change.",
            ),
        ),
    ),
)
