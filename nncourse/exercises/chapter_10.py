"""Chapter 10, optimizers: momentum, RMSprop, Adam and AdamW step by step, a fair race, a network from an empty file."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "optimizers"


def momentum_step(w, v, gradient, learning_rate, beta, convention):
    """One step of momentum, as Keras writes it or as PyTorch does.

    w, v and gradient have shape (d,) and stay as they are; learning_rate
    and beta are numbers. In the convention "keras" the velocity holds the
    learning rate and its sign: it is added to the weights. In "pytorch" it
    is a fading sum of gradients, and the learning rate comes in when the
    weights move. Returns the new weights and the new velocity.
    """
    if convention == "keras":
        v = beta * v - learning_rate * gradient
        return w + v, v
    v = beta * v + gradient
    return w - learning_rate * v, v


def _momentum_in_one_formula(w, v, gradient, learning_rate, beta, convention):
    inside, outside = (-learning_rate, 1) if convention == "keras" else (1, -learning_rate)
    velocity = beta * v + inside * gradient
    return w + outside * velocity, velocity


def _momentum_entry_by_entry(w, v, gradient, learning_rate, beta, convention):
    new_w, new_v = np.array(w, dtype=float), np.array(v, dtype=float)
    for i, slope in enumerate(gradient):
        if convention == "pytorch":
            new_v[i] = beta * v[i] + slope
            new_w[i] = w[i] - learning_rate * new_v[i]
        else:
            new_v[i] = beta * v[i] - learning_rate * slope
            new_w[i] = w[i] + new_v[i]
    return new_w, new_v


def _slopes_averaged(w, v, gradient, learning_rate, beta, convention):
    if convention == "keras":
        v = beta * v - (1 - beta) * learning_rate * gradient
        return w + v, v
    v = beta * v + (1 - beta) * gradient
    return w - learning_rate * v, v


def _moved_by_the_old_velocity(w, v, gradient, learning_rate, beta, convention):
    if convention == "keras":
        return w + v, beta * v - learning_rate * gradient
    return w - learning_rate * v, beta * v + gradient


def _keras_subtracts(w, v, gradient, learning_rate, beta, convention):
    if convention == "keras":
        v = beta * v + learning_rate * gradient
        return w - v, v
    v = beta * v + gradient
    return w - learning_rate * v, v


def _climbs(w, v, gradient, learning_rate, beta, convention):
    if convention == "keras":
        v = beta * v + learning_rate * gradient
        return w + v, v
    v = beta * v + gradient
    return w + learning_rate * v, v


def _keras_everywhere(w, v, gradient, learning_rate, beta, convention):
    v = beta * v - learning_rate * gradient
    return w + v, v


def _conventions_swapped(w, v, gradient, learning_rate, beta, convention):
    return momentum_step(w, v, gradient, learning_rate, beta, "pytorch" if convention == "keras" else "keras")


def _rate_twice(w, v, gradient, learning_rate, beta, convention):
    if convention == "keras":
        v = beta * v - learning_rate * gradient
        return w + v, v
    v = beta * v + learning_rate * gradient
    return w - learning_rate * v, v


def _pytorch_adds(w, v, gradient, learning_rate, beta, convention):
    if convention == "keras":
        v = beta * v - learning_rate * gradient
        return w + v, v
    v = beta * v - gradient
    return w + learning_rate * v, v


def _velocity_changed_in_place(w, v, gradient, learning_rate, beta, convention):
    v *= beta
    if convention == "keras":
        v -= learning_rate * gradient
        return w + v, v
    v += gradient
    return w - learning_rate * v, v


def _ball(rng, convention):
    d = int(rng.integers(2, 6))
    return (*rng.normal(size=(3, d)), float(rng.uniform(0.05, 0.5)), float(rng.uniform(0.5, 0.95)), convention)


MOMENTUM_STEP = Exercise(
    id="momentum-step",
    chapter=CHAPTER,
    title="Momentum in two conventions",
    reference=momentum_step,
    returns=("w", "v"),
    difficulty=2,
    checks=tuple(
        Check(
            f"the convention of {name}",
            2,
            lambda rng, convention=convention: [
                (np.array([1.0, -2.0]), np.array([0.5, 0.25]), np.array([2.0, -1.0]), 0.1, 0.9, convention),
                (np.array([1.0, 0.5, 3.0]), np.zeros(3), np.array([4.0, 0.0, -0.3]), 0.2, 0.5, convention),
                _ball(rng, convention),
                _ball(rng, convention),
            ],
        )
        for name, convention in (("Keras", "keras"), ("PyTorch", "pytorch"))
    ),
    alternatives=(_momentum_in_one_formula, _momentum_entry_by_entry),
    misconceptions=(
        Misconception(
            _slopes_averaged,
            "Your slopes come in with a factor 1 - beta: this is the averaging form, ten times slower at beta = 0.9. "
            "In both conventions here the new slope counts in full.",
        ),
        Misconception(
            _moved_by_the_old_velocity,
            "Your weights move by the velocity of the step before. Renew v first, then move w by the new v.",
        ),
        Misconception(
            _keras_subtracts,
            "In Keras's convention your weights are right and the velocity has the wrong sign. There the minus stands "
            "with the slope, v = beta v - rate g, and the velocity is added.",
        ),
        Misconception(
            _climbs,
            "Your weights go uphill: they move the way the slope points. One minus is missing in each convention.",
        ),
        Misconception(
            _keras_everywhere,
            "You answer in Keras's convention whatever is asked. In PyTorch's the velocity is beta v + g, without the "
            "rate, which comes in when w moves.",
        ),
        Misconception(
            _conventions_swapped,
            "Your two conventions are exchanged. In Keras's the velocity holds the rate already, in PyTorch's it does "
            "not.",
        ),
        Misconception(
            _rate_twice,
            "In PyTorch's convention the rate comes in twice, once in v and once in the move. It belongs into the "
            "move alone.",
        ),
        Misconception(
            _pytorch_adds,
            "In PyTorch's convention your velocity has the sign of Keras's. There it is a plain sum of slopes, "
            "v = beta v + g, and the minus stands in the move, w - rate v.",
        ),
        Misconception(
            _velocity_changed_in_place,
            "The numbers are right, but `v *= beta` writes into the caller's array. `v = beta * v` makes a new one.",
        ),
    ),
    hints=(
        "Both begin with beta * v. What is added to it in Keras's form, and what in PyTorch's?",
        'Keras: v = beta v - rate g, then w + v. PyTorch: v = beta v + g, then w - rate v. The text "keras" or '
        '"pytorch" is in `convention`.',
    ),
)


def rmsprop_step(w, q, gradient, learning_rate, rho, epsilon):
    """One step of RMSprop.

    w, q and gradient have shape (d,) and stay as they are; learning_rate,
    rho and epsilon are numbers. q is the running mean of the squared
    gradients before this step, entry by entry. epsilon is added to the
    root. Returns the new weights and the new q.
    """
    q = rho * q + (1 - rho) * gradient**2
    return w - learning_rate * gradient / (np.sqrt(q) + epsilon), q


def _rmsprop_as_a_correction(w, q, gradient, learning_rate, rho, epsilon):
    q = q + (1 - rho) * (gradient * gradient - q)
    rates = learning_rate / (epsilon + q**0.5)
    return w - rates * gradient, q


def _rmsprop_entry_by_entry(w, q, gradient, learning_rate, rho, epsilon):
    new_w, new_q = [], []
    for w_j, q_j, g in zip(w, q, gradient, strict=True):
        q_j = rho * q_j + (1 - rho) * g * g
        new_q.append(q_j)
        new_w.append(w_j - learning_rate * g / (np.sqrt(q_j) + epsilon))
    return np.array(new_w), np.array(new_q)


def _epsilon_inside(w, q, gradient, learning_rate, rho, epsilon):
    q = rho * q + (1 - rho) * gradient**2
    return w - learning_rate * gradient / np.sqrt(q + epsilon), q


def _no_root(w, q, gradient, learning_rate, rho, epsilon):
    q = rho * q + (1 - rho) * gradient**2
    return w - learning_rate * gradient / (q + epsilon), q


def _old_squares(w, q, gradient, learning_rate, rho, epsilon):
    return w - learning_rate * gradient / (np.sqrt(q) + epsilon), rho * q + (1 - rho) * gradient**2


def _one_square_for_all(w, q, gradient, learning_rate, rho, epsilon):
    q = rho * q + (1 - rho) * np.sum(gradient**2)
    return w - learning_rate * gradient / (np.sqrt(q) + epsilon), q


def _sum_instead_of_mean(w, q, gradient, learning_rate, rho, epsilon):
    q = rho * q + gradient**2
    return w - learning_rate * gradient / (np.sqrt(q) + epsilon), q


def _shares_swapped(w, q, gradient, learning_rate, rho, epsilon):
    q = (1 - rho) * q + rho * gradient**2
    return w - learning_rate * gradient / (np.sqrt(q) + epsilon), q


def _no_squares(w, q, gradient, learning_rate, rho, epsilon):
    q = rho * q + (1 - rho) * np.abs(gradient)
    return w - learning_rate * gradient / (np.sqrt(q) + epsilon), q


def _no_brackets(w, q, gradient, learning_rate, rho, epsilon):
    q = rho * q + (1 - rho) * gradient**2
    return w - learning_rate * gradient / np.sqrt(q) + epsilon, q


def _squares_changed_in_place(w, q, gradient, learning_rate, rho, epsilon):
    q *= rho
    q += (1 - rho) * gradient**2
    return w - learning_rate * gradient / (np.sqrt(q) + epsilon), q


def _scaled(rng, size=1.0):
    d = int(rng.integers(2, 6))
    w, gradient = rng.normal(size=(2, d))
    q = rng.uniform(0.1, 2.0, size=d)
    return w, size**2 * q, size * gradient, float(rng.uniform(0.05, 0.5)), float(rng.uniform(0.7, 0.95)), 1e-7


RMSPROP_STEP = Exercise(
    id="rmsprop-step",
    chapter=CHAPTER,
    title="One step of RMSprop",
    reference=rmsprop_step,
    returns=("w", "q"),
    difficulty=2,
    checks=(
        Check(
            "any step",
            3,
            lambda rng: [
                (np.array([1.0, -2.0]), np.array([4.0, 0.25]), np.array([2.0, -0.5]), 0.1, 0.9, 1e-7),
                (np.array([0.5, 1.0, 2.0]), np.array([1.0, 2.0, 0.5]), np.array([3.0, 0.0, -1.0]), 0.2, 0.75, 1e-7),
                _scaled(rng),
                _scaled(rng, 100.0),
            ],
        ),
        Check(
            "tiny slopes, the first step",
            1,
            lambda rng: [
                (np.array([1.0, -2.0]), np.zeros(2), np.array([1e-4, -2e-4]), 0.1, 0.9, 1e-7),
                (rng.normal(size=3), np.zeros(3), rng.uniform(1e-5, 1e-4, size=3), 0.1, 0.9, 1e-7),
            ],
        ),
    ),
    alternatives=(_rmsprop_as_a_correction, _rmsprop_entry_by_entry),
    misconceptions=(
        Misconception(
            _epsilon_inside,
            "For tiny slopes your step is too short: epsilon stands inside the root, where its own root counts, which "
            "is thousands of times larger. Add it after the root.",
        ),
        Misconception(
            _no_root,
            "You divide by the mean square itself: large slopes make small steps and small ones large. Take its root.",
        ),
        Misconception(
            _old_squares,
            "Your step divides by the root of the old q. Renew q first: the new slope is part of its own scale.",
        ),
        Misconception(
            _one_square_for_all,
            "You square the length of the whole gradient, so all weights share one scale. Each entry has its own q.",
        ),
        Misconception(
            _sum_instead_of_mean,
            "Your new square comes in with weight 1, so q is a fading sum, 1/(1 - rho) times too large. For a mean it "
            "weighs 1 - rho.",
        ),
        Misconception(
            _shares_swapped,
            "Your q forgets almost everything at each step: rho and 1 - rho are exchanged. The share rho is what is "
            "kept of the old q.",
        ),
        Misconception(
            _no_squares,
            "Your q averages the sizes of the slopes, not their squares. Under a root they must be squares, or the "
            "units do not cancel.",
        ),
        Misconception(
            _no_brackets,
            "Your epsilon is added to the weight. Without brackets only the root stands below the line: write "
            "`/ (np.sqrt(q) + epsilon)`.",
        ),
        Misconception(
            _squares_changed_in_place,
            "The numbers are right, but `q *= rho` writes into the caller's array. `q = rho * q + ...` makes a new "
            "one.",
        ),
    ),
    hints=(
        "Two lines: renew q, then move w with the new q.",
        "q = rho * q + (1 - rho) * gradient**2, and the step is learning_rate * gradient over the root of q plus "
        "epsilon.",
    ),
)


def adam_step(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """One step of Adam, with bias correction.

    w, m, q and gradient have shape (d,) and stay as they are; the others
    are numbers. t counts the steps, this one included: the first has t = 1.
    m and q are the running means of gradients and squared gradients as they
    were before this step, not corrected. epsilon is added to the root.
    Returns the new weights and the new m and q, not corrected.
    """
    m = beta_1 * m + (1 - beta_1) * gradient
    q = beta_2 * q + (1 - beta_2) * gradient**2
    m_hat = m / (1 - beta_1**t)
    q_hat = q / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(q_hat) + epsilon), m, q


def _adam_with_the_factors_drawn_out(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m = m + (1 - beta_1) * (gradient - m)
    q = q + (1 - beta_2) * (gradient * gradient - q)
    root = (1 - beta_2**t) ** 0.5
    rate = learning_rate * root / (1 - beta_1**t)
    return w - rate * m / (np.sqrt(q) + epsilon * root), m, q


def _adam_entry_by_entry(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    new = np.empty((3, len(w)))
    for j in range(len(w)):
        new[1, j] = beta_1 * m[j] + (1 - beta_1) * gradient[j]
        new[2, j] = beta_2 * q[j] + (1 - beta_2) * gradient[j] ** 2
        direction = new[1, j] / (1 - beta_1**t)
        size = np.sqrt(new[2, j] / (1 - beta_2**t))
        new[0, j] = w[j] - learning_rate * direction / (size + epsilon)
    return new[0], new[1], new[2]


def _means(m, q, gradient, beta_1, beta_2):
    return beta_1 * m + (1 - beta_1) * gradient, beta_2 * q + (1 - beta_2) * gradient**2


def _no_correction(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m, q = _means(m, q, gradient, beta_1, beta_2)
    return w - learning_rate * m / (np.sqrt(q) + epsilon), m, q


def _only_m_corrected(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m, q = _means(m, q, gradient, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / (np.sqrt(q) + epsilon), m, q


def _corrected_means_returned(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m, q = _means(m, q, gradient, beta_1, beta_2)
    m, q = m / (1 - beta_1**t), q / (1 - beta_2**t)
    return w - learning_rate * m / (np.sqrt(q) + epsilon), m, q


def _memories_exchanged(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    return adam_step(w, m, q, t, gradient, learning_rate, beta_2, beta_1, epsilon)


def _epsilon_under_the_root(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m, q = _means(m, q, gradient, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / np.sqrt(q / (1 - beta_2**t) + epsilon), m, q


def _counted_from_zero(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m, q = _means(m, q, gradient, beta_1, beta_2)
    m_hat, q_hat = m / (1 - beta_1 ** (t + 1)), q / (1 - beta_2 ** (t + 1))
    return w - learning_rate * m_hat / (np.sqrt(q_hat) + epsilon), m, q


def _corrected_by_the_first_step_for_ever(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m, q = _means(m, q, gradient, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1) / (np.sqrt(q / (1 - beta_2)) + epsilon), m, q


def _power_of_the_share(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m, q = _means(m, q, gradient, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1) ** t / (np.sqrt(q / (1 - beta_2) ** t) + epsilon), m, q


def _slope_itself_moves(w, m, q, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    m, q = _means(m, q, gradient, beta_1, beta_2)
    return w - learning_rate * gradient / (np.sqrt(q / (1 - beta_2**t)) + epsilon), m, q


def _later_step(rng):
    d, t = int(rng.integers(2, 6)), int(rng.integers(2, 30))
    w, gradient = rng.normal(size=(2, d))
    history = rng.normal(size=(t - 1, d))
    m, q = np.zeros((2, d))
    for row in history:
        m, q = _means(m, q, row, 0.9, 0.99)
    return w, m, q, t, gradient, 0.1, 0.9, 0.99, 1e-7


ADAM_STEP = Exercise(
    id="adam-step",
    chapter=CHAPTER,
    title="One step of Adam",
    reference=adam_step,
    returns=("w", "m", "q"),
    difficulty=2,
    checks=(
        Check(
            "the first step",
            2,
            lambda rng: [
                (np.array([1.0, -2.0]), np.zeros(2), np.zeros(2), 1, np.array([2.0, -0.5]), 0.1, 0.9, 0.999, 1e-7),
                (rng.normal(size=3), np.zeros(3), np.zeros(3), 1, rng.normal(size=3), 0.01, 0.8, 0.95, 1e-7),
            ],
        ),
        Check(
            "later steps",
            2,
            lambda rng: [
                (
                    np.array([1.0, -2.0]),
                    np.array([0.2, -0.1]),
                    np.array([0.04, 0.02]),
                    2,
                    np.array([1.0, 3.0]),
                    0.1,
                    0.9,
                    0.999,
                    1e-7,
                ),
                _later_step(rng),
                _later_step(rng),
            ],
        ),
        Check(
            "tiny slopes",
            1,
            lambda rng: [
                (np.array([1.0, 2.0]), np.zeros(2), np.zeros(2), 1, np.array([1e-5, -3e-5]), 0.1, 0.9, 0.999, 1e-7),
                (rng.normal(size=3), np.zeros(3), np.zeros(3), 1, rng.uniform(1e-6, 1e-5, 3), 0.1, 0.9, 0.999, 1e-7),
            ],
        ),
    ),
    alternatives=(_adam_with_the_factors_drawn_out, _adam_entry_by_entry),
    misconceptions=(
        Misconception(
            _no_correction,
            "Your first step is about three times too long at the usual betas: m and q start at 0 and are not yet "
            "means. Divide them by 1 - beta_1**t and 1 - beta_2**t.",
        ),
        Misconception(
            _only_m_corrected,
            "Your first steps are far too long: m is corrected and q is not. Both start at 0, so both need it.",
        ),
        Misconception(
            _corrected_means_returned,
            "Your weights are right; your m and q are not what the next step needs. Hand on the means without the "
            "correction, or it is made again and again.",
        ),
        Misconception(
            _memories_exchanged,
            "beta_1 and beta_2 are exchanged. beta_1, the short memory, belongs to the slopes m; beta_2, the long one, "
            "to the squares q.",
        ),
        Misconception(
            _epsilon_under_the_root,
            "For tiny slopes your step is too short: epsilon stands inside the root, where its own root counts. Add it "
            "after the root.",
        ),
        Misconception(
            _counted_from_zero,
            "You correct with t + 1, but t counts this step already: the first one comes with t = 1.",
        ),
        Misconception(
            _corrected_by_the_first_step_for_ever,
            "Your first step is right and later ones are not: 1 - beta is the right divisor only at t = 1. After t "
            "steps the weights of a mean add up to 1 - beta**t.",
        ),
        Misconception(
            _power_of_the_share,
            "Your divisors are (1 - beta)**t, which soon is next to nothing. The power belongs to beta alone: "
            "1 - beta**t.",
        ),
        Misconception(
            _slope_itself_moves,
            "Your first step is right and later ones are not: the step divides the newest slope by the root. Move by "
            "the mean m of all slopes instead.",
        ),
    ),
    hints=(
        "Four lines before the step: the new m, the new q, and a corrected copy of each.",
        "The copies are m / (1 - beta_1**t) and q / (1 - beta_2**t). The step is the rate times the first over (the "
        "root of the second, plus epsilon).",
        "Return m and q themselves, not the copies.",
    ),
)


def adamw_step(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    """One step of AdamW, with beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7.

    w, m, q and gradient have shape (d,) and stay as they are, and so does
    decays, which is 1 for a weight that decays and 0 for one that does not.
    The others are numbers; the first step has t = 1. Before the step a
    weight that decays is multiplied by 1 - learning_rate * weight_decay.
    Returns the new weights and the new m and q, not corrected.
    """
    m = 0.9 * m + 0.1 * gradient
    q = 0.999 * q + 0.001 * gradient**2
    m_hat = m / (1 - 0.9**t)
    q_hat = q / (1 - 0.999**t)
    w = w * (1 - learning_rate * weight_decay * decays)
    return w - learning_rate * m_hat / (np.sqrt(q_hat) + 1e-7), m, q


def _adam_alone(w, m, q, t, gradient, learning_rate):
    return adam_step(w, m, q, t, gradient, learning_rate, 0.9, 0.999, 1e-7)


def _decay_taken_off_at_the_end(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    moved, m, q = _adam_alone(w, m, q, t, gradient, learning_rate)
    return moved - learning_rate * weight_decay * np.where(decays == 1, w, 0), m, q


def _decay_by_a_mask(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    start = w.copy()
    start[decays.astype(bool)] *= 1 - learning_rate * weight_decay
    return _adam_alone(start, m, q, t, gradient, learning_rate)


def _penalty_in_the_slope(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    return _adam_alone(w, m, q, t, gradient + weight_decay * decays * w, learning_rate)


def _decay_without_the_rate(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    return _adam_alone(w * (1 - weight_decay * decays), m, q, t, gradient, learning_rate)


def _all_decay(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    return _adam_alone(w * (1 - learning_rate * weight_decay), m, q, t, gradient, learning_rate)


def _mask_turned_round(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    return adamw_step(w, m, q, t, gradient, learning_rate, weight_decay, 1 - decays)


def _decay_after_the_step(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    w, m, q = _adam_alone(w, m, q, t, gradient, learning_rate)
    return w * (1 - learning_rate * weight_decay * decays), m, q


def _weights_grow(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    return _adam_alone(w * (1 + learning_rate * weight_decay * decays), m, q, t, gradient, learning_rate)


def _no_decay(w, m, q, t, gradient, learning_rate, weight_decay, decays):
    return _adam_alone(w, m, q, t, gradient, learning_rate)


def _decaying(rng, size=1.0):
    d = int(rng.integers(3, 6))
    w, m, gradient = rng.normal(size=(3, d))
    q = rng.uniform(0.5, 2.0, size=d)
    decays = np.array([1.0, 0.0, *rng.integers(0, 2, size=d - 2)])
    t = int(rng.integers(2, 40))
    return w, size * m, size**2 * q, t, size * gradient, float(rng.uniform(0.05, 0.3)), 0.2, decays


ADAMW_STEP = Exercise(
    id="adamw-step",
    chapter=CHAPTER,
    title="One step of AdamW",
    reference=adamw_step,
    returns=("w", "m", "q"),
    difficulty=2,
    checks=(
        Check(
            "weights without slopes only shrink",
            1,
            lambda rng: [
                (np.array([2.0, -4.0]), np.zeros(2), np.zeros(2), 1, np.zeros(2), 0.1, 0.5, np.array([1.0, 1.0])),
                (rng.normal(size=3), np.zeros(3), np.zeros(3), 1, np.zeros(3), 0.1, 0.2, np.array([1.0, 0.0, 1.0])),
            ],
        ),
        Check(
            "decay and step together",
            3,
            lambda rng: [
                (
                    np.array([2.0, -4.0]),
                    np.zeros(2),
                    np.zeros(2),
                    1,
                    np.array([0.5, 40.0]),
                    0.1,
                    0.5,
                    np.array([1.0, 0.0]),
                ),
                (np.ones(1), np.zeros(1), np.zeros(1), 1, np.array([2e-7]), 0.1, 0.5, np.ones(1)),  # epsilon counts
                _decaying(rng),
                _decaying(rng, 100.0),
            ],
        ),
    ),
    alternatives=(_decay_taken_off_at_the_end, _decay_by_a_mask),
    misconceptions=(
        Misconception(
            _penalty_in_the_slope,
            "Your m and q have met the decay: it was added to the slope, and that is Adam with a penalty. Keep it out "
            "of the gradient and shrink w directly.",
        ),
        Misconception(
            _decay_without_the_rate,
            "Your weights shrink by 1 - weight_decay, far too fast. The decay is multiplied by the learning rate.",
        ),
        Misconception(
            _all_decay, "All your weights shrink, also those whose entry in `decays` is 0. Multiply the decay by it."
        ),
        Misconception(
            _mask_turned_round,
            "The wrong weights shrink: `decays` is 1 for those that do, and yours spare exactly these.",
        ),
        Misconception(
            _decay_after_the_step,
            "You shrink the weights after the step, so the step itself shrinks with them. Decay the old weights, then "
            "step.",
        ),
        Misconception(
            _weights_grow, "Your weights grow where they should shrink. The factor is 1 minus rate times decay."
        ),
        Misconception(
            _no_decay, "This is Adam: no weight decays. Multiply w by 1 - learning_rate * weight_decay * decays first."
        ),
    ),
    hints=(
        "It is Adam with one line before it.",
        "The line: w = w * (1 - learning_rate * weight_decay * decays). m and q never see it.",
    ),
)


def fair_race(hessian, start, rates, steps):
    """Race plain descent against momentum, each at its own best rate.

    The loss is 0.5 * w @ hessian @ w, with slope hessian @ w; hessian has
    shape (d, d), start (d,). Every run begins at start, with velocity 0,
    and takes so many steps: plain descent, w - rate * slope, and momentum
    with beta 0.9 in Keras's convention, at each of the r rates. Returns the
    losses after the last step, shape (2, r), plain descent in row 0, and
    the best rate of each rule, shape (2,). The arguments stay as they are.
    """
    losses = np.empty((2, len(rates)))
    for row, beta in enumerate((0.0, 0.9)):
        for column, rate in enumerate(rates):
            w, v = start, np.zeros_like(start)
            for _ in range(steps):
                v = beta * v - rate * (hessian @ w)
                w = w + v
            losses[row, column] = 0.5 * w @ hessian @ w
    return losses, rates[losses.argmin(axis=1)]


def _race_of_all_at_once(hessian, start, rates, steps):
    rate = np.stack([rates, rates])[:, :, None]
    beta = np.array([0.0, 0.9])[:, None, None]
    w = np.zeros((2, len(rates), len(start))) + start
    v = 0 * w
    for _ in range(steps):
        v = beta * v - rate * (w @ hessian.T)
        w = w + v
    losses = 0.5 * np.einsum("abi,ij,abj->ab", w, hessian, w)
    return losses, np.array([rates[np.argmin(row)] for row in losses])


def _race_with_two_loops(hessian, start, rates, steps):
    plain, momentum = [], []
    for rate in rates:
        w = start.copy()
        for _ in range(steps):
            w -= rate * hessian @ w
        plain.append(w @ hessian @ w / 2)
        w, v = start.copy(), np.zeros(len(start))
        for _ in range(steps):
            v = 0.9 * v - rate * hessian @ w
            w += v
        momentum.append(w @ hessian @ w / 2)
    return np.array([plain, momentum]), np.array([rates[np.argmin(plain)], rates[np.argmin(momentum)]])


def _next_starts_where_the_last_ended(hessian, start, rates, steps):
    losses, w = np.empty((2, len(rates))), start
    for row, beta in enumerate((0.0, 0.9)):
        for column, rate in enumerate(rates):
            v = np.zeros_like(start)
            for _ in range(steps):
                v = beta * v - rate * (hessian @ w)
                w = w + v
            losses[row, column] = 0.5 * w @ hessian @ w
    return losses, rates[losses.argmin(axis=1)]


def _each_rule_starts_once(hessian, start, rates, steps):
    losses = np.empty((2, len(rates)))
    for row, beta in enumerate((0.0, 0.9)):
        w = start
        for column, rate in enumerate(rates):
            v = np.zeros_like(start)
            for _ in range(steps):
                v = beta * v - rate * (hessian @ w)
                w = w + v
            losses[row, column] = 0.5 * w @ hessian @ w
    return losses, rates[losses.argmin(axis=1)]


def _velocity_kept(hessian, start, rates, steps):
    losses, v = np.empty((2, len(rates))), np.zeros_like(start)
    for row, beta in enumerate((0.0, 0.9)):
        for column, rate in enumerate(rates):
            w = start
            for _ in range(steps):
                v = beta * v - rate * (hessian @ w)
                w = w + v
            losses[row, column] = 0.5 * w @ hessian @ w
    return losses, rates[losses.argmin(axis=1)]


def _start_changed(hessian, start, rates, steps):
    losses = np.empty((2, len(rates)))
    for row, beta in enumerate((0.0, 0.9)):
        for column, rate in enumerate(rates):
            w, v = start, np.zeros_like(start)
            for _ in range(steps):
                v = beta * v - rate * (hessian @ w)
                w += v
            losses[row, column] = 0.5 * w @ hessian @ w
    return losses, rates[losses.argmin(axis=1)]


def _one_step_short(hessian, start, rates, steps):
    return fair_race(hessian, start, rates, steps - 1)


def _one_rate_for_both(hessian, start, rates, steps):
    losses, best = fair_race(hessian, start, rates, steps)
    return losses, np.array([best[0], best[0]])


def _no_half(hessian, start, rates, steps):
    losses, best = fair_race(hessian, start, rates, steps)
    return 2 * losses, best


def _places_instead_of_rates(hessian, start, rates, steps):
    losses, _ = fair_race(hessian, start, rates, steps)
    return losses, losses.argmin(axis=1)


def _losses_instead_of_rates(hessian, start, rates, steps):
    losses, _ = fair_race(hessian, start, rates, steps)
    return losses, losses.min(axis=1)


def _averaging_momentum(hessian, start, rates, steps):
    losses = np.empty((2, len(rates)))
    for row, beta in enumerate((0.0, 0.9)):
        for column, rate in enumerate(rates):
            w, v = start, np.zeros_like(start)
            for _ in range(steps):
                v = beta * v - (1 - beta) * rate * (hessian @ w)
                w = w + v
            losses[row, column] = 0.5 * w @ hessian @ w
    return losses, rates[losses.argmin(axis=1)]


def _bowl(rng):
    d = int(rng.integers(2, 5))
    axes, _ = np.linalg.qr(rng.normal(size=(d, d)))
    curvatures = np.concatenate([[1.0, 40.0], rng.uniform(1.0, 40.0, size=d - 2)])
    hessian = axes * curvatures @ axes.T
    return hessian, rng.normal(size=d) + 2, np.array([0.002, 0.04, 0.01]), int(rng.integers(20, 30))


FAIR_RACE = Exercise(
    id="fair-race",
    chapter=CHAPTER,
    title="A fair race",
    reference=fair_race,
    returns=("losses", "best"),
    difficulty=2,
    checks=(
        Check(
            "one rate each",
            2,
            lambda rng: [
                (np.diag([1.0, 10.0]), np.array([2.0, 1.0]), np.array([0.05]), 3),
                (np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, -1.0]), np.array([0.1]), 10),
            ],
        ),
        Check(
            "several rates",
            3,
            lambda rng: [
                (np.diag([1.0, 40.0]), np.array([2.0, 1.0]), np.array([0.002, 0.045, 0.01]), 25),
                _bowl(rng),
                _bowl(rng),
            ],
        ),
    ),
    alternatives=(_race_of_all_at_once, _race_with_two_loops),
    misconceptions=(
        Misconception(
            _next_starts_where_the_last_ended,
            "Your first run is right and the later ones start from where the one before has ended. Set w back to the "
            "start before every run.",
        ),
        Misconception(
            _each_rule_starts_once,
            "Each rule's first rate is right and its later ones start from where the rate before has ended. Set w back "
            "inside the loop over the rates, too.",
        ),
        Misconception(
            _velocity_kept,
            "Your momentum sets off with a velocity left over from the run before. A new run begins with velocity 0.",
        ),
        Misconception(
            _start_changed,
            "`w += v` writes into `start`, so every later run begins where this one has ended. Copy it, or write "
            "`w = w + v`.",
        ),
        Misconception(
            _one_step_short, "Your losses are those of one step earlier. Measure after the last step, not before it."
        ),
        Misconception(
            _one_rate_for_both,
            "The losses are right, but both rules get the best rate of plain descent. Choose for each row its own.",
        ),
        Misconception(_no_half, "Your losses are twice too large: the one half of 0.5 * w @ hessian @ w is missing."),
        Misconception(
            _places_instead_of_rates,
            "You return where in the list the best rates stand. Look them up: `rates[...]`.",
        ),
        Misconception(
            _losses_instead_of_rates,
            "Your second answer holds the lowest losses. Asked for are the rates that led to them: `argmin` finds the "
            "place, `rates[...]` the rate.",
        ),
        Misconception(
            _averaging_momentum,
            "Plain descent is right. Your momentum averages the slopes, with a factor 1 - beta; in Keras's convention "
            "each new slope counts in full.",
        ),
    ),
    hints=(
        "Three loops: over the two rules, over the rates, over the steps. What has to be set back in which of them?",
        "With beta = 0 the momentum rule is plain descent, so one formula serves both.",
        "`losses.argmin(axis=1)` says for each row where its smallest loss stands.",
    ),
)


def train_with_adam(x, y, W1, b1, W2, b2, learning_rate, steps):
    """Train a network with one hidden layer by Adam, in one batch of all.

    x has shape (n, d), y holds n zeros and ones. The hidden layer is
    h = tanh(x @ W1 + b1), the output p = sigmoid(h @ W2 + b2), the loss the
    mean logistic loss; W2 has shape (hidden, 1). Adam runs with beta_1 =
    0.9, beta_2 = 0.999, epsilon = 1e-7 and bias correction. The arrays that
    come in stay as they are. Returns the four trained arrays W1, b1, W2, b2
    and the loss before each step, shape (steps,).
    """
    parameters = [W1, b1, W2, b2]
    m = [np.zeros_like(p) for p in parameters]
    q = [np.zeros_like(p) for p in parameters]
    losses = []
    for t in range(1, steps + 1):
        W1, b1, W2, b2 = parameters
        h = np.tanh(x @ W1 + b1)
        z = (h @ W2 + b2)[:, 0]
        losses.append(np.mean(np.logaddexp(0, z) - y * z))
        dz = ((1 / (1 + np.exp(-z)) - y) / len(y))[:, None]
        dh = dz @ W2.T * (1 - h**2)
        gradients = [x.T @ dh, dh.sum(axis=0), h.T @ dz, dz.sum(axis=0)]
        for i, g in enumerate(gradients):
            m[i] = 0.9 * m[i] + 0.1 * g
            q[i] = 0.999 * q[i] + 0.001 * g**2
            step = m[i] / (1 - 0.9**t) / (np.sqrt(q[i] / (1 - 0.999**t)) + 1e-7)
            parameters[i] = parameters[i] - learning_rate * step
    return (*parameters, np.array(losses))


def _slopes(x, y, W1, b1, W2, b2):
    """The mean logistic loss of the network and its four gradients, with the constant 1 of the biases as an input."""
    ones = np.ones((len(x), 1))
    inputs = np.hstack([x, ones])
    hidden = np.tanh(inputs @ np.vstack([W1, b1]))
    z = np.hstack([hidden, ones]) @ np.vstack([W2, b2])
    p = np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), 1 - 1 / (1 + np.exp(-np.abs(z))))
    loss = -np.log(np.where(y[:, None] == 1, p, 1 - p)).mean()
    delta = (p - y[:, None]) / len(x)
    upper = np.hstack([hidden, ones]).T @ delta
    lower = inputs.T @ (delta * W2[:, 0] * (1 - hidden * hidden))
    return loss, [lower[:-1], lower[-1], upper[:-1], upper[-1]]


def _adam(parameters, slopes, learning_rate, steps, corrected=True):
    """Run Adam on a list of arrays; `slopes` maps the arrays to (loss, gradients)."""
    m, q, losses = [0.0] * len(parameters), [0.0] * len(parameters), []
    for t in range(1, steps + 1):
        loss, gradients = slopes(*parameters)
        losses.append(loss)
        m = [a + 0.1 * (g - a) for a, g in zip(m, gradients, strict=True)]
        q = [a + 0.001 * (g * g - a) for a, g in zip(q, gradients, strict=True)]
        c1, c2 = (1 - 0.9**t, 1 - 0.999**t) if corrected else (1, 1)
        steps_now = [a / c1 / (np.sqrt(b / c2) + 1e-7) for a, b in zip(m, q, strict=True)]
        parameters = [p - learning_rate * step for p, step in zip(parameters, steps_now, strict=True)]
    return (*parameters, np.array(losses))


def _train_list_of_arrays(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _adam([W1, b1, W2, b2], lambda *arrays: _slopes(x, y, *arrays), learning_rate, steps)


def _train_one_flat_vector(x, y, W1, b1, W2, b2, learning_rate, steps):
    shapes = [array.shape for array in (W1, b1, W2, b2)]
    cuts = np.cumsum([array.size for array in (W1, b1, W2)])
    w = np.concatenate([array.ravel() for array in (W1, b1, W2, b2)])
    m, q, losses = np.zeros_like(w), np.zeros_like(w), np.empty(steps)
    for t in range(steps):
        arrays = [part.reshape(shape) for part, shape in zip(np.split(w, cuts), shapes, strict=True)]
        losses[t], gradients = _slopes(x, y, *arrays)
        g = np.concatenate([gradient.ravel() for gradient in gradients])
        w, m, q = adam_step(w, m, q, t + 1, g, learning_rate, 0.9, 0.999, 1e-7)
    return (*(part.reshape(shape) for part, shape in zip(np.split(w, cuts), shapes, strict=True)), losses)


def _wrong_slopes(x, y, W1, b1, W2, b2, *, slope_of_tanh, slope_of_sigmoid):
    h = np.tanh(x @ W1 + b1)
    z = (h @ W2 + b2)[:, 0]
    p = 1 / (1 + np.exp(-z))
    dz = ((p - y) * slope_of_sigmoid(p) / len(y))[:, None]
    dh = dz @ W2.T * slope_of_tanh(h)
    return np.mean(np.logaddexp(0, z) - y * z), [x.T @ dh, dh.sum(axis=0), h.T @ dz, dz.sum(axis=0)]


def _no_slope_of_tanh(x, y, W1, b1, W2, b2, learning_rate, steps):
    def slopes(*arrays):
        return _wrong_slopes(x, y, *arrays, slope_of_tanh=lambda h: 1.0, slope_of_sigmoid=lambda p: 1.0)

    return _adam([W1, b1, W2, b2], slopes, learning_rate, steps)


def _slope_of_sigmoid_for_tanh(x, y, W1, b1, W2, b2, learning_rate, steps):
    def slopes(*arrays):
        return _wrong_slopes(x, y, *arrays, slope_of_tanh=lambda h: h * (1 - h), slope_of_sigmoid=lambda p: 1.0)

    return _adam([W1, b1, W2, b2], slopes, learning_rate, steps)


def _slope_of_the_sigmoid_twice(x, y, W1, b1, W2, b2, learning_rate, steps):
    def slopes(*arrays):
        return _wrong_slopes(x, y, *arrays, slope_of_tanh=lambda h: 1 - h**2, slope_of_sigmoid=lambda p: p * (1 - p))

    return _adam([W1, b1, W2, b2], slopes, learning_rate, steps)


def _adam_not_corrected(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _adam([W1, b1, W2, b2], lambda *arrays: _slopes(x, y, *arrays), learning_rate, steps, corrected=False)


def _slopes_not_divided_by_n(x, y, W1, b1, W2, b2, learning_rate, steps):
    def slopes(*arrays):
        loss, gradients = _slopes(x, y, *arrays)
        return loss, [len(y) * g for g in gradients]

    return _adam([W1, b1, W2, b2], slopes, learning_rate, steps)


def _biases_averaged_twice(x, y, W1, b1, W2, b2, learning_rate, steps):
    def slopes(*arrays):
        loss, (dW1, db1, dW2, db2) = _slopes(x, y, *arrays)
        return loss, [dW1, db1 / len(y), dW2, db2 / len(y)]

    return _adam([W1, b1, W2, b2], slopes, learning_rate, steps)


def _plain_descent(x, y, W1, b1, W2, b2, learning_rate, steps):
    parameters, losses = [W1, b1, W2, b2], []
    for _ in range(steps):
        loss, gradients = _slopes(x, y, *parameters)
        losses.append(loss)
        parameters = [p - learning_rate * g for p, g in zip(parameters, gradients, strict=True)]
    return (*parameters, np.array(losses))


def _biases_never_move(x, y, W1, b1, W2, b2, learning_rate, steps):
    def slopes(*arrays):
        loss, (dW1, db1, dW2, db2) = _slopes(x, y, *arrays)
        return loss, [dW1, 0 * db1, dW2, 0 * db2]

    return _adam([W1, b1, W2, b2], slopes, learning_rate, steps)


def _means_forgotten_at_each_step(x, y, W1, b1, W2, b2, learning_rate, steps):
    parameters, losses = [W1, b1, W2, b2], []
    for _ in range(steps):
        *parameters, loss = _adam(parameters, lambda *arrays: _slopes(x, y, *arrays), learning_rate, 1)
        losses.append(loss[0])
    return (*parameters, np.array(losses))


def _losses_after_the_steps(x, y, W1, b1, W2, b2, learning_rate, steps):
    *parameters, losses = _train_list_of_arrays(x, y, W1, b1, W2, b2, learning_rate, steps)
    last, _ = _slopes(x, y, *parameters)
    return (*parameters, np.append(losses[1:], last))


def _losses_summed(x, y, W1, b1, W2, b2, learning_rate, steps):
    *parameters, losses = _train_list_of_arrays(x, y, W1, b1, W2, b2, learning_rate, steps)
    return (*parameters, len(y) * losses)


def _task(rng, n, d, hidden, steps):
    x = rng.normal(size=(n, d))
    y = (rng.random(n) < 0.5).astype(float)
    y[:2] = 0, 1
    W1, W2 = rng.normal(size=(d, hidden)), rng.normal(size=(hidden, 1))
    return x, y, W1, rng.normal(size=hidden), W2, rng.normal(size=1), 0.05, steps


TRAIN_WITH_ADAM = Exercise(
    id="train-with-adam",
    chapter=CHAPTER,
    title="Training by hand, with Adam",
    reference=train_with_adam,
    returns=("W1", "b1", "W2", "b2", "losses"),
    difficulty=3,
    checks=(
        Check("the first step", 2, lambda rng: [_task(rng, 5, 2, 3, 1), _task(rng, 8, 3, 2, 1)]),
        Check(
            "many steps",
            4,
            lambda rng: [_task(rng, 6, 2, 3, 5), _task(rng, 9, 3, 4, 10), _task(rng, 12, 2, 5, 10)],
            rtol=1e-5,
        ),
    ),
    alternatives=(_train_list_of_arrays, _train_one_flat_vector),
    misconceptions=(
        Misconception(
            _no_slope_of_tanh,
            "W2 and b2 set off rightly, W1 and b1 do not: the slope of tanh is missing. What comes back through the "
            "hidden layer is multiplied by 1 - h**2.",
        ),
        Misconception(
            _slope_of_sigmoid_for_tanh,
            "W2 and b2 set off rightly, W1 and b1 do not: h (1 - h) is the slope of a sigmoid. That of tanh is "
            "1 - h**2.",
        ),
        Misconception(
            _slope_of_the_sigmoid_twice,
            "Your steps leave the right way early: p - y is multiplied by the slope of the sigmoid once more. With the "
            "logistic loss that slope has cancelled, and p - y is all.",
        ),
        Misconception(
            _adam_not_corrected,
            "Your first step is about three times too long: the bias correction is missing. Divide m by 1 - 0.9**t and "
            "q by 1 - 0.999**t.",
        ),
        Misconception(
            _plain_descent,
            "Your weights move in proportion to their slopes: this is plain descent. Adam's first step has the "
            "same length for every weight.",
        ),
        Misconception(
            _biases_never_move, "Your weights learn and your biases stay where they were. They have slopes as well."
        ),
        Misconception(
            _slopes_not_divided_by_n,
            "You are off by a hair: your slopes are sums over the examples, not means. Adam divides the factor out, up "
            "to epsilon. Divide p - y by n.",
        ),
        Misconception(
            _biases_averaged_twice,
            "Only your biases are off, by a hair: their slopes are divided by n twice, and Adam hides it up to "
            "epsilon. If p - y is divided by n already, sum over the rows.",
        ),
        Misconception(
            _means_forgotten_at_each_step,
            "Your first step is right and the later ones are as long as the first: m and q begin at 0 again at each "
            "step, or t stays 1. Make them once, before the loop.",
        ),
        Misconception(
            _losses_after_the_steps,
            "The trained arrays are right and your losses are late by one: they are those after each step. Measure "
            "before you move.",
        ),
        Misconception(
            _losses_summed,
            "Your losses are sums over the examples; the mean is asked for. Adam hides this in the weights, since a "
            "factor in all slopes changes nothing there.",
        ),
    ),
    hints=(
        "Five parts, in this order: forward, loss, backward, Adam for each of the four arrays, and the loop around it.",
        "Backward: dz = (p - y) / n as a column; h.T @ dz for W2; dz @ W2.T * (1 - h**2) is what reaches the hidden "
        "scores, and x.T @ that is for W1. Biases get the sums over the rows.",
        "Keep one m and one q for each array, made of zeros before the loop, and let t run from 1.",
    ),
)


def learn_and_answer(x, y, x_new, seed):
    """Draw the weights of a network, train it, and answer new questions.

    x has shape (n, d), y holds n zeros and ones, x_new has shape (m, d). No
    straight line parts the zeros from the ones. All that is random comes
    from np.random.default_rng(seed); the rest is your choice. Returns for
    each row of x_new the probability of a one, shape (m,): above a half
    where it is a one and below where it is a zero, for at least nine rows
    in ten. The arguments stay as they are.
    """
    rng, d = np.random.default_rng(seed), x.shape[1]
    W1, W2 = rng.normal(size=(d, 16)) / np.sqrt(d), rng.normal(size=(16, 1)) / np.sqrt(16)
    parameters = [W1, np.zeros(16), W2, np.zeros(1)]
    m, q = [0.0] * 4, [0.0] * 4
    for t in range(1, 301):
        W1, b1, W2, b2 = parameters
        h = np.tanh(x @ W1 + b1)
        p = 1 / (1 + np.exp(-(h @ W2 + b2)))
        dz = (p - y[:, None]) / len(y)
        dh = dz @ W2.T * (1 - h**2)
        gradients = [x.T @ dh, dh.sum(axis=0), h.T @ dz, dz.sum(axis=0)]
        for i, g in enumerate(gradients):
            m[i] = 0.9 * m[i] + 0.1 * g
            q[i] = 0.999 * q[i] + 0.001 * g**2
            step = m[i] / (1 - 0.9**t) / (np.sqrt(q[i] / (1 - 0.999**t)) + 1e-7)
            parameters[i] = parameters[i] - 0.03 * step
    W1, b1, W2, b2 = parameters
    return 1 / (1 + np.exp(-(np.tanh(x_new @ W1 + b1) @ W2 + b2)))[:, 0]


def _with_momentum(x, y, x_new, seed):
    rng = np.random.default_rng(seed)
    W1, b1 = rng.normal(size=(x.shape[1], 20)), np.zeros(20)
    W2, b2 = rng.normal(size=(20, 1)) / 5, np.zeros(1)
    velocities = [0.0] * 4
    for _ in range(600):
        _, slopes = _slopes(x, y, W1, b1, W2, b2)
        velocities = [0.9 * v - 0.1 * g for v, g in zip(velocities, slopes, strict=True)]
        W1, b1, W2, b2 = (a + v for a, v in zip((W1, b1, W2, b2), velocities, strict=True))
    return 1 / (1 + np.exp(-(np.tanh(x_new @ W1 + b1) @ W2 + b2)))[:, 0]


def _with_relu_in_batches(x, y, x_new, seed):
    rng = np.random.default_rng(seed)
    W1, b1 = rng.normal(size=(x.shape[1], 32)) * np.sqrt(2 / x.shape[1]), np.zeros(32)
    w2, b2 = rng.normal(size=32) / np.sqrt(32), 0.0
    for _ in range(60):
        for rows in np.array_split(rng.permutation(len(x)), 15):
            h = np.maximum(x[rows] @ W1 + b1, 0)
            dz = (1 / (1 + np.exp(-(h @ w2 + b2))) - y[rows]) / len(rows)
            dh = dz[:, None] * w2 * (h > 0)
            W1, b1 = W1 - 0.3 * x[rows].T @ dh, b1 - 0.3 * dh.sum(axis=0)
            w2, b2 = w2 - 0.3 * dz @ h, b2 - 0.3 * dz.sum()
    return (np.maximum(x_new @ W1 + b1, 0) @ w2 + b2 > 0).astype(float)


def _scores_returned(x, y, x_new, seed):
    p = learn_and_answer(x, y, x_new, seed)
    return np.log(p) - np.log1p(-p)


def _probability_of_a_zero(x, y, x_new, seed):
    return 1 - learn_and_answer(x, y, x_new, seed)


def _all_weights_from_zero(x, y, x_new, seed):
    W1, b1, W2, b2, _ = train_with_adam(
        x, y, np.zeros((x.shape[1], 8)), np.zeros(8), np.zeros((8, 1)), np.zeros(1), 0.03, 100
    )
    return 1 / (1 + np.exp(-(np.tanh(x_new @ W1 + b1) @ W2 + b2)))[:, 0]


def _nothing_bends(x, y, x_new, seed):
    rng = np.random.default_rng(seed)
    W1, W2, b = rng.normal(size=(x.shape[1], 8)) / 2, rng.normal(size=(8, 1)) / 2, 0.0
    for _ in range(200):
        dz = (1 / (1 + np.exp(-(x @ W1 @ W2 + b))) - y[:, None]) / len(y)
        W1, W2, b = W1 - 0.3 * x.T @ dz @ W2.T, W2 - 0.3 * (x @ W1).T @ dz, b - 0.3 * dz.sum()
    return 1 / (1 + np.exp(-(x_new @ W1 @ W2 + b)))[:, 0]


def _is_one(x):
    """The targets of the rows: with three features the first is noise, and the other two have changed places."""
    along, up = x.T if x.shape[1] == 2 else x.T[:0:-1]
    return up > np.sin(2 * along)


def _judge_answers(args, output):
    p, y = np.asarray(output, dtype=float), _is_one(args[2])
    if np.any((p < 0) | (p > 1)):
        return "Some of your answers lie below 0 or above 1, so they are no probabilities."
    if np.ptp(p) < 1e-9:
        return "You give the same answer to every new row."
    right = np.mean((p > 0.5) == y)
    if right < 0.3:
        return "Most of your answers are wrong, more than by guessing."
    if right < 0.9:
        return "Fewer than nine in ten of the new rows are right. A straight line gets as far."
    return None


def _wave(rng, d):
    x = rng.uniform([-2.0, -1.5], [2.0, 1.5], size=(500, 2))
    if d == 3:
        x = np.column_stack([rng.normal(size=500), x[:, 1], x[:, 0]])
    return x[:300], _is_one(x[:300]).astype(float), x[300:], int(rng.integers(100))


EMPTY_FILE = Exercise(
    id="empty-file",
    chapter=CHAPTER,
    title="A network from an empty file",
    reference=learn_and_answer,
    difficulty=3,
    checks=(
        Check("two features", 2, lambda rng: [_wave(rng, 2)], judge=_judge_answers),
        Check("three features, one of them noise", 2, lambda rng: [_wave(rng, 3)], judge=_judge_answers),
    ),
    alternatives=(_with_momentum, _with_relu_in_batches),
    misconceptions=(
        Misconception(
            _scores_returned,
            "You return scores. A sigmoid makes a probability of each; you have it inside your training already.",
        ),
        Misconception(
            _all_weights_from_zero,
            "All weights began at 0, so no hidden neuron ever got a slope, and only the last bias learned. Draw the "
            "weights at random; biases may begin at 0.",
        ),
        Misconception(
            _probability_of_a_zero,
            "You answer with the probability of a zero, or your steps go uphill. The slope in the score is p - y, and "
            "the step goes against it.",
        ),
        Misconception(
            _nothing_bends,
            "Your network does what a single neuron could do. Is there an activation between the two layers? Do the "
            "hidden neurons begin differently? Does the loss on x still fall when you stop?",
        ),
    ),
    hints=(
        "Draw W1 and W2, with a spread of one over the root of how many inputs come in. Then train as in the exercise "
        "before this one, and at the end go forward once more, with x_new.",
        "Sixteen tanh neurons and three hundred steps of Adam at 0.03 are enough.",
        "Print the loss every fifty steps. It should begin near 0.7 and fall below 0.2.",
    ),
)


EXERCISES = (MOMENTUM_STEP, RMSPROP_STEP, ADAM_STEP, ADAMW_STEP, FAIR_RACE, TRAIN_WITH_ADAM, EMPTY_FILE)

QUIZ = (
    Question(
        "You train with plain SGD at a well chosen rate and switch momentum 0.9 on. What do you do with the rate?",
        (
            Choice(
                "Nothing: momentum only smooths the steps",
                False,
                "Where slopes agree, steps grow to ten times their size. There the old rate now counts ten times.",
            ),
            Choice(
                "Try about a tenth of it first",
                True,
                "In our convention, and in PyTorch's, steps along agreeing slopes grow by 1/(1 - 0.9) = 10. A tenth of "
                "the rate gives the old speed.",
            ),
            Choice(
                "Try about ten times as much",
                False,
                "This would fit the averaging form, with its factor 1 - beta. In the others it is the wrong way.",
            ),
        ),
    ),
    Question(
        "In a second run all slopes of one weight are a thousand times as large, from the first step on. What do "
        "Adagrad, RMSprop and Adam do?",
        (
            Choice(
                "They take steps that are a thousand times as large",
                False,
                "Plain descent would. These rules divide by a root that has grown a thousandfold too.",
            ),
            Choice(
                "They take steps that are a thousand times smaller",
                False,
                "They divide the slope by its own size, so the factor cancels. It does not turn round.",
            ),
            Choice(
                "Nothing new: they take the same steps",
                True,
                "The factor stands above and below and cancels, up to epsilon. Each weight finds its own scale.",
            ),
            Choice(
                "Adagrad slows down, the other two do not",
                False,
                "Adagrad's sum counts the larger slopes, but its steps have the same slopes on top. It slows down with "
                "time, not with scale.",
            ),
        ),
    ),
    Question(
        "A valley runs diagonally, so that both weights feel its steep walls. Which of these helps least?",
        (
            Choice(
                "A rate for each weight, as in Adagrad",
                True,
                "Adaptive rules scale coordinates. Both coordinates feel the wall, so both get a small rate, and along "
                "the floor nothing is gained.",
            ),
            Choice(
                "Momentum, since slopes agree along the floor",
                False,
                "Momentum averages whole gradients, and does not care how the valley is turned.",
            ),
            Choice(
                "Turning the axes until one of them follows the floor",
                False,
                "That would help most: then a rate for each weight works again. One seldom knows the turn.",
            ),
        ),
    ),
    Question(
        "Why does Adam divide m and q by 1 - beta**t?",
        (
            Choice(
                "So that the learning rate falls as training goes on",
                False,
                "The divisors grow to 1 and stay there. Nothing falls; for that there are schedules.",
            ),
            Choice(
                "Both start at 0, so at first their weights do not add up to 1",
                True,
                "After t steps the weights sum to 1 - beta**t. Dividing by this sum makes a proper mean.",
            ),
            Choice(
                "So that no division by zero can happen in the first step, when all the running means are still empty",
                False,
                "That is what epsilon is for, and q is no longer empty when the step divides by its root.",
            ),
        ),
    ),
    Question(
        "You want small weights and train with Adam. What is wrong with adding a penalty on w**2 to the loss?",
        (
            Choice(
                "It does the same as decay, only slower to compute",
                False,
                "For plain descent it does the same. Adam divides the penalty's slope by the root of q, and that is "
                "the difference.",
            ),
            Choice(
                "It makes the loss larger, so the steps of Adam become larger as well",
                False,
                "Adam's steps do not follow the size of the loss.",
            ),
            Choice(
                "Weights with large slopes hardly shrink",
                True,
                "The penalty's slope is divided by the size of the slopes. Decay, beside the gradient, holds all "
                "weights alike.",
            ),
        ),
    ),
    Question(
        "A colleague trained with SGD at 0.01 and with Adam at 0.01, once each, and Adam won. What follows?",
        (
            Choice(
                "Adam is better on these data, since both had the same rate and so the same chance",
                False,
                "The same number means different things: Adam's rate is a length, SGD's multiplies the slope. Each "
                "needs its own best rate.",
            ),
            Choice(
                "Little: neither was tuned, and one seed is one throw",
                True,
                "A fair race gives each rule its own best rate, the same start and budget, and several seeds.",
            ),
            Choice(
                "Adam will also overfit less",
                False,
                "An optimizer lowers the training loss. How well the network does on new data is another matter.",
            ),
            Choice(
                "SGD is for simpler data",
                False,
                "There is no such law: at their best rates the rules are often close, on small tables and on large "
                "ones.",
            ),
        ),
    ),
)
