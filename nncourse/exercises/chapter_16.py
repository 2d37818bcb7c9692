"""Chapter 16, sequences and attention: a neuron that remembers, back through time, counted pairs, attention, heads."""

from itertools import pairwise

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "sequences-and-attention"


def flip_flop():
    """One neuron that remembers, its weights chosen by hand.

    Its state is h_t = step(x_t @ w + u * h_(t-1) + b), with step(0) = 1,
    and begins at 0. x_t holds two numbers, set and reset; at most one of
    them is 1, the others are 0. A set turns the state to 1, a reset turns
    it to 0, and with neither it stays as it was. Returns w of shape (2,)
    and the numbers u and b.
    """
    w = np.array([2.0, -2.0])
    return w, 1.0, -0.5


def _flip_flop_in_large_numbers():
    return [10.0, -10.0], 6.0, -3.0


def _flip_flop_that_just_reaches():
    return np.array([1.0, -1.0]), 1.0, -1.0


def _forgets_at_once():
    return np.array([2.0, -2.0]), 0.0, -0.5


def _turns_itself_on():
    return np.array([2.0, -2.0]), 1.0, 0.0


def _reset_too_weak():
    return np.array([2.0, -0.4]), 1.0, -0.5


def _set_too_weak():
    return np.array([0.3, -2.0]), 1.0, -0.5


def _reset_sets():
    return np.array([2.0, 2.0]), 1.0, -0.5


def _inputs_exchanged():
    return np.array([-2.0, 2.0]), 1.0, -0.5


def _next_state(output, command, h):
    w, u, b = (np.asarray(part, dtype=float) for part in output)
    return int(np.dot(command, w) + u * h + b >= 0)


def _judge_commands(args, output):
    for name, command, wanted in (("set", (1, 0), 1), ("reset", (0, 1), 0)):
        states = [_next_state(output, command, h) for h in (0, 1)]
        if states != [wanted, wanted]:
            return f"A {name} should turn the states 0 and 1 to {wanted}; yours become {states[0]} and {states[1]}."
    return None


def _judge_waiting(args, output):
    for h in (0, 1):
        if _next_state(output, (0, 0), h) != h:
            return f"With neither set nor reset a state of {h} should stay; yours becomes {1 - h}."
    return None


FLIP_FLOP = Exercise(
    id="flip-flop",
    chapter=CHAPTER,
    title="One neuron that remembers",
    reference=flip_flop,
    returns=("w", "u", "b"),
    difficulty=1,
    checks=(
        Check("set and reset", 1, lambda rng: [()], judge=_judge_commands),
        Check("waiting", 2, lambda rng: [()], judge=_judge_waiting),
    ),
    alternatives=(_flip_flop_in_large_numbers, _flip_flop_that_just_reaches),
    misconceptions=(
        Misconception(
            _forgets_at_once,
            "Set and reset work, and then a 1 is lost at the next step. What keeps it is u: with a state of 1 and no "
            "input the score is u + b, and that has to reach 0.",
        ),
        Misconception(
            _turns_itself_on,
            "Your neuron turns itself on. With a state of 0 and no input the score is b alone, and a score of 0 fires: "
            "b has to lie below 0.",
        ),
        Misconception(
            _reset_too_weak,
            "A reset does not get through to a state of 1. There the score is the reset's weight plus u plus b, and "
            "that has to be below 0.",
        ),
        Misconception(
            _set_too_weak,
            "A set does not get through to a state of 0. There the score is the set's weight plus b, and that has to "
            "reach 0.",
        ),
        Misconception(_reset_sets, "Your reset turns the state on. It has to speak against: what sign has its weight?"),
        Misconception(
            _inputs_exchanged, "Set and reset are exchanged. The first input is the set, and speaks for the state."
        ),
    ),
    hints=(
        "Write down the score for each of the six cases: set, reset or neither, with a state of 0 or 1. Which of them "
        "have to reach 0, which have to stay below?",
        "Begin with the two cases without an input. They involve only u and b.",
    ),
)


def rnn_forward(x, W, U, b, h0):
    """The states of a recurrent layer, one for every step of a sequence.

    x has shape (steps, d), one step a row. W is (d, units), U is (units,
    units), b and h0 are (units,). The state after a step is the tanh of
    x_t @ W + h_(t-1) @ U + b, and h0 is the state before the first step.
    Returns all states, shape (steps, units).
    """
    states, h = [], h0
    for x_t in x:
        h = np.tanh(x_t @ W + h @ U + b)
        states.append(h)
    return np.array(states)


def _rnn_with_inputs_first(x, W, U, b, h0):
    states = x @ W + b
    before = h0
    for t in range(len(states)):
        states[t] = np.tanh(states[t] + before @ U)
        before = states[t]
    return states


def _rnn_with_one_matrix(x, W, U, b, h0):
    both, H = np.vstack([W, U]), np.empty((len(x) + 1, len(b)))
    H[0] = h0
    for t, row in enumerate(x):
        H[t + 1] = np.tanh(np.concatenate([row, H[t]]) @ both + b)
    return H[1:]


def _rnn_that_calls_itself(x, W, U, b, h0):
    if len(x) == 1:
        return np.tanh(x @ W + h0 @ U + b)
    before = _rnn_that_calls_itself(x[:-1], W, U, b, h0)
    return np.vstack([before, np.tanh(x[-1] @ W + before[-1] @ U + b)])


def _always_from_h0(x, W, U, b, h0):
    return np.tanh(x @ W + h0 @ U + b)


def _memory_transposed(x, W, U, b, h0):
    return rnn_forward(x, W, U.T, b, h0)


def _memory_added_outside(x, W, U, b, h0):
    states, h = [], h0
    for x_t in x:
        h = np.tanh(x_t @ W + b) + h @ U
        states.append(h)
    return np.array(states)


def _only_the_last_state(x, W, U, b, h0):
    return rnn_forward(x, W, U, b, h0)[-1]


def _h0_ignored(x, W, U, b, h0):
    return rnn_forward(x, W, U, b, np.zeros_like(h0))


def _bias_lost(x, W, U, b, h0):
    return rnn_forward(x, W, U, np.zeros_like(b), h0)


def _states_shifted(x, W, U, b, h0):
    return np.vstack([h0, rnn_forward(x, W, U, b, h0)])[:-1]


def _tanh_lost(x, W, U, b, h0):
    states, h = [], h0
    for x_t in x:
        h = x_t @ W + h @ U + b
        states.append(h)
    return np.array(states)


def _sums_remembered(x, W, U, b, h0):
    states, z = [], h0
    for x_t in x:
        z = x_t @ W + z @ U + b
        states.append(np.tanh(z))
    return np.array(states)


def _recurrent(rng, steps, memory=True):
    d, units = int(rng.integers(2, 5)), int(rng.integers(3, 6))
    x, W, U = rng.normal(size=(steps, d)), rng.normal(size=(d, units)), rng.normal(size=(units, units))
    b, h0 = rng.normal(size=(2, units)) / 2
    return x, W, 0.7 * U, b, h0 if memory else np.zeros(units)


RECURRENT_FORWARD = Exercise(
    id="recurrent-forward",
    chapter=CHAPTER,
    title="A recurrent layer",
    reference=rnn_forward,
    difficulty=1,
    checks=(
        Check(
            "one step",
            1,
            lambda rng: [
                (
                    np.array([[1.0, 0.0]]),
                    np.eye(2),
                    np.array([[0.0, 1.0], [0.5, 0.0]]),
                    np.zeros(2),
                    np.array([0.5, -1]),
                ),
                _recurrent(rng, 1),
            ],
        ),
        Check("from an empty memory", 2, lambda rng: [_recurrent(rng, 4, False), _recurrent(rng, 7, False)]),
        Check("from a memory that is given", 1, lambda rng: [_recurrent(rng, 3), _recurrent(rng, 6)]),
    ),
    alternatives=(_rnn_with_inputs_first, _rnn_with_one_matrix, _rnn_that_calls_itself),
    misconceptions=(
        Misconception(
            _always_from_h0,
            "Every step starts from h0, so your layer forgets at each step. The state that goes into a step is the one "
            "that came out of the step before.",
        ),
        Misconception(
            _memory_transposed,
            "Your memory passes through the transpose of U. It is square, so nothing complains. Rows are examples: "
            "`h @ U`.",
        ),
        Misconception(
            _memory_added_outside,
            "You add the memory after the tanh, so your states leave the range from -1 to 1. It belongs into the "
            "score, inside.",
        ),
        Misconception(
            _only_the_last_state, "You return the last state alone. Collect the state of every step, one row each."
        ),
        Misconception(_h0_ignored, "You begin with zeros. The state before the first step is h0, an argument."),
        Misconception(_bias_lost, "Your states are those of a layer without a bias. Add b at every step."),
        Misconception(
            _states_shifted,
            "Your rows come one step late, with h0 in front. Row t is the state after the input of row t was heard.",
        ),
        Misconception(_tanh_lost, "You hand on the scores. Each state is the tanh of its score."),
        Misconception(
            _sums_remembered,
            "What you carry from step to step is the score. What is remembered is the state, after the tanh.",
        ),
    ),
    hints=(
        "Carry one variable h through a loop over the rows of x. What is it before the loop?",
        "`h = np.tanh(x_t @ W + h @ U + b)` is one step. Keep every h in a list.",
    ),
)


def through_time(x, W, U, b, upstream):
    """The slopes of the three parameters of a recurrent layer.

    x has shape (steps, d), W (d, units), U (units, units), b (units,). The
    states are h_t = tanh(x_t @ W + h_(t-1) @ U + b), from a state of zeros.
    upstream has shape (steps, units): row t says how the loss changes with
    h_t by what comes after the layer, not counting the way through later
    steps. Returns the slopes of W, U and b, each in the shape of its own.
    """
    steps, units = upstream.shape
    h = np.zeros((steps + 1, units))  # h[t] goes into step t
    for t in range(steps):
        h[t + 1] = np.tanh(x[t] @ W + h[t] @ U + b)
    dz, from_later = np.zeros((steps, units)), np.zeros(units)
    for t in reversed(range(steps)):
        dz[t] = (upstream[t] + from_later) * (1 - h[t + 1] ** 2)
        from_later = U @ dz[t]
    return x.T @ dz, h[:-1].T @ dz, dz.sum(axis=0)


def _states(x, W, U, b):
    h = [np.zeros(len(b))]
    for x_t in x:
        h.append(np.tanh(x_t @ W + h[-1] @ U + b))
    return np.array(h)


def _through_time_adding_up(x, W, U, b, upstream):
    h = _states(x, W, U, b)
    dW, dU, db, dh = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b), 0.0
    for t in range(len(x) - 1, -1, -1):
        dz = (dh + upstream[t]) * (1 - h[t + 1] * h[t + 1])
        dW, dU, db = dW + np.outer(x[t], dz), dU + np.outer(h[t], dz), db + dz
        dh = dz @ U.T
    return dW, dU, db


def _through_time_every_way_alone(x, W, U, b, upstream):
    h, total = _states(x, W, U, b), [np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)]
    for end in range(len(x)):
        message = upstream[end]
        for t in range(end, -1, -1):
            message = message * (1 - h[t + 1] ** 2)
            total[0] += np.outer(x[t], message)
            total[1] += np.outer(h[t], message)
            total[2] += message
            message = U @ message
    return tuple(total)


def _through_time_forwards(x, W, U, b, upstream):
    d, units = W.shape
    h, slope = np.zeros(units), np.zeros((units, (d + units + 1) * units))  # of each state in each parameter
    total = np.zeros(slope.shape[1])
    for x_t, message in zip(x, upstream, strict=True):
        direct = np.kron(np.concatenate([x_t, h, [1.0]]), np.eye(units))
        h = np.tanh(x_t @ W + h @ U + b)
        slope = (1 - h**2)[:, None] * (direct + U.T @ slope)
        total += message @ slope
    rows = total.reshape(-1, units)
    return rows[:d], rows[d:-1], rows[-1]


def _slopes(x, h, dz):
    return x.T @ dz, h[:-1].T @ dz, dz.sum(axis=0)


def _walk_back(h, U, upstream, passed_on):
    dz, later = np.zeros_like(upstream), np.zeros(upstream.shape[1])
    for t in reversed(range(len(upstream))):
        dh = upstream[t] + later
        dz[t] = dh * (1 - h[t + 1] ** 2)
        later = passed_on(dh, dz[t])
    return dz


def _one_step_only(x, W, U, b, upstream):
    h = _states(x, W, U, b)
    return _slopes(x, h, upstream * (1 - h[1:] ** 2))


def _back_through_the_transpose(x, W, U, b, upstream):
    h = _states(x, W, U, b)
    return _slopes(x, h, _walk_back(h, U, upstream, lambda dh, dz: dz @ U))


def _slope_of_tanh_lost_on_the_way(x, W, U, b, upstream):
    h = _states(x, W, U, b)
    return _slopes(x, h, _walk_back(h, U, upstream, lambda dh, dz: dh @ U.T))


def _slope_of_tanh_for_one_of_two(x, W, U, b, upstream):
    h, dz, later = _states(x, W, U, b), np.zeros_like(upstream), 0.0
    for t in reversed(range(len(x))):
        dz[t] = upstream[t] * (1 - h[t + 1] ** 2) + later
        later = dz[t] @ U.T
    return _slopes(x, h, dz)


def _no_slope_of_tanh(x, W, U, b, upstream):
    dz, later = np.zeros_like(upstream), 0.0
    for t in reversed(range(len(x))):
        dz[t] = upstream[t] + later
        later = dz[t] @ U.T
    return _slopes(x, _states(x, W, U, b), dz)


def _slope_at_the_state_before(x, W, U, b, upstream):
    h, dz, later = _states(x, W, U, b), np.zeros_like(upstream), 0.0
    for t in reversed(range(len(x))):
        dz[t] = (upstream[t] + later) * (1 - h[t] ** 2)
        later = dz[t] @ U.T
    return _slopes(x, h, dz)


def _slope_for_u_transposed(x, W, U, b, upstream):
    dW, dU, db = through_time(x, W, U, b, upstream)
    return dW, dU.T, db


def _own_state_for_u(x, W, U, b, upstream):
    h = _states(x, W, U, b)
    dz = _walk_back(h, U, upstream, lambda dh, dz: dz @ U.T)
    return x.T @ dz, h[1:].T @ dz, dz.sum(axis=0)


def _overwritten_at_every_step(x, W, U, b, upstream):
    h = _states(x, W, U, b)
    dz = _walk_back(h, U, upstream, lambda dh, dz: dz @ U.T)
    return np.outer(x[0], dz[0]), np.outer(h[0], dz[0]), dz[0]


def _averaged_over_the_steps(x, W, U, b, upstream):
    return tuple(slope / len(x) for slope in through_time(x, W, U, b, upstream))


def _only_the_end_is_heard(x, W, U, b, upstream):
    last = np.zeros_like(upstream)
    last[-1] = upstream[-1]
    return through_time(x, W, U, b, last)


def _back_from_the_first_step(x, W, U, b, upstream):
    h, dz, later = _states(x, W, U, b), np.zeros_like(upstream), 0.0
    for t in range(len(x)):
        dz[t] = (upstream[t] + later) * (1 - h[t + 1] ** 2)
        later = dz[t] @ U.T
    return _slopes(x, h, dz)


def _backwards(rng, steps, at=None):
    x, W, U, b, _ = _recurrent(rng, steps)
    upstream = rng.normal(size=(steps, len(b)))
    if at is not None:
        upstream[np.arange(steps) != at] = 0.0
    return x, W, U, b, upstream


THROUGH_TIME = Exercise(
    id="through-time",
    chapter=CHAPTER,
    title="Backpropagation through time",
    reference=through_time,
    returns=("dW", "dU", "db"),
    difficulty=3,
    checks=(
        Check("one step", 1, lambda rng: [_backwards(rng, 1), _backwards(rng, 1)]),
        Check("a message from the last step", 2, lambda rng: [_backwards(rng, 3, at=2), _backwards(rng, 5, at=4)]),
        Check("messages from all steps", 2, lambda rng: [_backwards(rng, 4), _backwards(rng, 7)]),
    ),
    alternatives=(_through_time_adding_up, _through_time_every_way_alone, _through_time_forwards),
    misconceptions=(
        Misconception(
            _one_step_only,
            "No step hears from the steps after it. A state is used twice, by what comes after the layer and by the "
            "next step: two messages come back, and they add up.",
        ),
        Misconception(
            _back_through_the_transpose,
            "On the way back your message takes U the wrong way round. Forward is h @ U, so backward is dz @ U.T.",
        ),
        Misconception(
            _slope_of_tanh_lost_on_the_way,
            "What you hand to the step before has not passed the tanh. Multiply by 1 - h**2 first, and send that "
            "through U.",
        ),
        Misconception(
            _slope_of_tanh_for_one_of_two,
            "What comes from the later step enters without the slope of the tanh. Add the two messages first, and "
            "multiply their sum by 1 - h**2.",
        ),
        Misconception(
            _no_slope_of_tanh, "The slope of the tanh is missing: a message that enters a step is times 1 - h**2."
        ),
        Misconception(
            _slope_at_the_state_before,
            "Your slope of the tanh is taken at the state that went into the step. It belongs to the state that came "
            "out of it: with zeros in front, that is h[t + 1].",
        ),
        Misconception(
            _slope_for_u_transposed,
            "Your dU is transposed. It is square, so nothing complains. As with W, what came in stands on the left: "
            "the states before the steps, transposed, @ dz.",
        ),
        Misconception(
            _own_state_for_u,
            "dW and db are right, dU is not. U was met by the state that went into the step, the one before it.",
        ),
        Misconception(
            _overwritten_at_every_step,
            "Your slopes are those of the first step alone: each round of the loop overwrote the one before. The "
            "weights serve at every step, so their slopes add up.",
        ),
        Misconception(
            _averaged_over_the_steps,
            "Your slopes are means over the steps. The same weights were used at every step, and paths add.",
        ),
        Misconception(
            _only_the_end_is_heard,
            "You hear the message at the last step only. Every row of upstream joins in at its own step.",
        ),
        Misconception(
            _back_from_the_first_step,
            "Your walk goes from the first step to the last. A step has to hear from the one after it: begin at the "
            "end.",
        ),
    ),
    hints=(
        "Walk forward once and keep all states, the zeros in front included. Then walk back.",
        "Two messages enter step t on the way back: upstream[t], and what step t + 1 sends, dz[t + 1] @ U.T. Their sum "
        "times 1 - h_t**2 is dz[t].",
        "Once you have all rows of dz, the three slopes are those of a dense layer: x.T @ dz, the states before the "
        "steps transposed @ dz, and the sum of the rows.",
    ),
)


def bits_per_character(seen, new, characters):
    """What a character of a new text costs, in bits, if pairs are counted.

    seen and new are texts as arrays of whole numbers below characters, the
    size of the alphabet. How often each character followed each other one
    in seen is counted, and one is added to every count. The share of a
    character among the followers of the one before it is its probability.
    Returns the mean of -log2 of the probabilities of the characters of new,
    each given the one before it; the first has none before it, and does
    not count.
    """
    counts = np.ones((characters, characters))
    for i in range(len(seen) - 1):
        counts[seen[i], seen[i + 1]] += 1
    shares = counts / counts.sum(axis=1, keepdims=True)
    return -np.mean(np.log2(shares[new[:-1], new[1:]]))


def _bits_by_places(seen, new, characters):
    pairs = np.bincount(seen[:-1] * characters + seen[1:], minlength=characters**2)
    counts = 1 + pairs.reshape(characters, characters)
    bits = np.log2(counts.sum(axis=1))[:, None] - np.log2(counts)
    return bits[new[:-1], new[1:]].mean()


def _bits_pair_by_pair(seen, new, characters):
    seen, total = list(seen), 0.0
    for before, after in pairwise(list(new)):
        followers = [b for a, b in pairwise(seen) if a == before]
        total += np.log2(len(followers) + characters) - np.log2(followers.count(after) + 1)
    return total / (len(new) - 1)


def _pairs(seen, characters):
    counts = np.zeros((characters, characters))
    np.add.at(counts, (seen[:-1], seen[1:]), 1)
    return counts


def _cost(shares, new):
    return -np.mean(np.log2(shares[new[:-1], new[1:]]))


def _shares_of_rows(counts):
    return counts / counts.sum(axis=1, keepdims=True)


def _natural_logarithm(seen, new, characters):
    return bits_per_character(seen, new, characters) * np.log(2)


def _nothing_added(seen, new, characters):
    return _cost(_shares_of_rows(_pairs(seen, characters)), new)


def _repeated_pairs_counted_once(seen, new, characters):
    counts = np.ones((characters, characters))
    counts[seen[:-1], seen[1:]] += 1
    return _cost(_shares_of_rows(counts), new)


def _shares_of_columns(seen, new, characters):
    counts = _pairs(seen, characters) + 1
    return _cost(counts / counts.sum(axis=0, keepdims=True), new)


def _divided_by_the_counts_alone(seen, new, characters):
    counts = _pairs(seen, characters)
    return _cost((counts + 1) / np.maximum(counts.sum(axis=1, keepdims=True), 1), new)


def _divisor_one_larger(seen, new, characters):
    counts = _pairs(seen, characters)
    return _cost((counts + 1) / (counts.sum(axis=1, keepdims=True) + 1), new)


def _sums_along_the_wrong_axis(seen, new, characters):
    counts = _pairs(seen, characters) + 1
    return _cost(counts / counts.sum(axis=1), new)


def _new_text_counted_too(seen, new, characters):
    return _cost(_shares_of_rows(_pairs(seen, characters) + _pairs(new, characters) + 1), new)


def _shares_of_all_pairs(seen, new, characters):
    counts = _pairs(seen, characters) + 1
    return _cost(counts / counts.sum(), new)


def _single_characters(seen, new, characters):
    counts = 1 + np.bincount(seen, minlength=characters)
    return -np.mean(np.log2(counts[new[1:]] / counts.sum()))


def _logarithm_of_the_mean(seen, new, characters):
    shares = _shares_of_rows(_pairs(seen, characters) + 1)
    return -np.log2(np.mean(shares[new[:-1], new[1:]]))


def _judged_on_the_text_counted(seen, new, characters):
    return bits_per_character(seen, seen, characters)


def _sign_lost(seen, new, characters):
    return -bits_per_character(seen, new, characters)


def _bits_added_up(seen, new, characters):
    return bits_per_character(seen, new, characters) * (len(new) - 1)


def _expected_by_the_table(seen, new, characters):
    shares = _shares_of_rows(_pairs(seen, characters) + 1)
    return np.mean(-np.sum(shares * np.log2(shares), axis=1)[new[:-1]])


def _texts(rng, characters, seen, new):
    chances = rng.dirichlet(np.full(characters, 0.4), size=characters)
    text = [int(rng.integers(characters))]
    for _ in range(seen + new - 1):
        text.append(int(rng.choice(characters, p=chances[text[-1]])))
    return np.array(text[:seen]), np.array(text[seen:]), characters


BITS_PER_CHARACTER = Exercise(
    id="bits-per-character",
    chapter=CHAPTER,
    title="The price of a character",
    reference=bits_per_character,
    difficulty=2,
    checks=(
        Check(
            "two letters",
            2,
            lambda rng: [
                (np.array([0, 1, 0, 1, 1, 0]), np.array([0, 1, 1, 0, 0]), 2),
                _texts(rng, 2, 20, 8),
            ],
        ),
        Check("larger alphabets", 2, lambda rng: [_texts(rng, 5, 60, 30), _texts(rng, 9, 40, 50)]),
    ),
    alternatives=(_bits_by_places, _bits_pair_by_pair),
    misconceptions=(
        Misconception(
            _natural_logarithm,
            "Your answer is 0.693 times the right one: it counts in natural logarithms. Bits need np.log2.",
        ),
        Misconception(
            _nothing_added,
            "You added nothing to the counts, so a pair that was never seen has probability 0 and costs infinitely "
            "much. Begin every count at 1.",
        ),
        Misconception(
            _repeated_pairs_counted_once,
            "Every pair counts once, however often it was seen. `counts[a, b] += 1` with arrays adds once a place; "
            "np.add.at adds for every pair, and so does a loop.",
        ),
        Misconception(
            _shares_of_columns,
            "Your shares add up to 1 over what stood before. What is asked is how likely a follower is, given the one "
            "before: divide each row by its own sum.",
        ),
        Misconception(
            _divided_by_the_counts_alone,
            "Your shares add up to more than 1: one was added to every count, and not to what you divide by. Add "
            "first, then sum the row.",
        ),
        Misconception(
            _divisor_one_larger,
            "Your shares add up to more than 1. One was added to every count of a row, so the row's sum grows by "
            "`characters`, not by one.",
        ),
        Misconception(
            _sums_along_the_wrong_axis,
            "Row sums of shape (characters,) divide the columns: the table is square, so nothing complains. "
            "keepdims=True keeps a sum beside its own row.",
        ),
        Misconception(
            _new_text_counted_too,
            "You count the new text as well, and then price it. It has to be priced by a table that has never seen it.",
        ),
        Misconception(
            _shares_of_all_pairs,
            "You divide by the count of all pairs, so you price both characters of a pair. The first is known already: "
            "divide each row by its own sum.",
        ),
        Misconception(
            _single_characters, "You count single characters. What stood before has a say here: count pairs."
        ),
        Misconception(
            _logarithm_of_the_mean,
            "You average the probabilities and take the logarithm at the end. Each character has its own price: first "
            "the logarithms, then the mean.",
        ),
        Misconception(
            _judged_on_the_text_counted,
            "You price the text that you have counted, and that flatters the table. The price is asked of `new`.",
        ),
        Misconception(_sign_lost, "Your price is negative: the logarithm of a probability is below 0. Turn its sign."),
        Misconception(_bits_added_up, "You return the price of the whole text. A mean is asked for."),
        Misconception(
            _expected_by_the_table,
            "You return what the table expects to pay. What it does pay depends on which characters really come next.",
        ),
    ),
    hints=(
        "A table of ones, (characters, characters): row for the character before, column for the one after. Walk "
        "through seen and add 1 for each pair.",
        "Divide each row by its sum. Then `shares[new[:-1], new[1:]]` picks the probability of every character of new "
        "that has one before it.",
    ),
)


def attention(Q, K, V, mask):
    """Scaled dot-product attention: who hears whom, and what is heard.

    Q has shape (m, d), one query a row; K (n, d) and V (n, v) hold a key
    and a value for each of n places. mask (m, n) is True where a query may
    listen; every query may listen somewhere. A score is the dot product of
    query and key, divided by the root of d. Scores of any size may come.
    Returns what each query hears, (m, v), and its shares (m, n), which are
    0 where it may not listen and add up to 1 along a row.
    """
    scores = np.where(mask, Q @ K.T / np.sqrt(K.shape[1]), -np.inf)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares = e / e.sum(axis=1, keepdims=True)
    return shares @ V, shares


def _attention_query_by_query(Q, K, V, mask):
    shares = np.zeros(mask.shape)
    for i, query in enumerate(Q):
        heard = np.flatnonzero(mask[i])
        scores = K[heard] @ query * len(query) ** -0.5
        e = np.exp(scores - np.max(scores))
        shares[i, heard] = e / np.sum(e)
    return np.array([row @ V for row in shares]), shares


def _attention_masked_and_shared_anew(Q, K, V, mask):
    scores = (Q / Q.shape[1] ** 0.5) @ K.T
    lowest = scores.min() - 1
    e = mask * np.exp(scores - np.where(mask, scores, lowest).max(axis=1)[:, None])
    shares = e / e.sum(axis=1)[:, None]
    return np.einsum("mn,nv->mv", shares, V), shares


def _softmax(scores, axis=1):
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _root_forgotten(Q, K, V, mask):
    shares = _softmax(np.where(mask, Q @ K.T, -np.inf))
    return shares @ V, shares


def _divided_by_d(Q, K, V, mask):
    shares = _softmax(np.where(mask, Q @ K.T / Q.shape[1], -np.inf))
    return shares @ V, shares


def _root_of_the_width_of_a_value(Q, K, V, mask):
    shares = _softmax(np.where(mask, Q @ K.T / np.sqrt(V.shape[1]), -np.inf))
    return shares @ V, shares


def _one_softmax_for_all(Q, K, V, mask):
    scores = np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
    shares = _softmax(scores, axis=None)
    return shares @ V, shares


def _mask_added_to_the_scores(Q, K, V, mask):
    shares = _softmax(Q @ K.T / np.sqrt(Q.shape[1]) + mask)
    return shares @ V, shares


def _root_of_the_places(Q, K, V, mask):
    shares = _softmax(np.where(mask, Q @ K.T / np.sqrt(len(K)), -np.inf))
    return shares @ V, shares


def _shares_over_the_queries(Q, K, V, mask):
    shares = _softmax(np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -1e30), axis=0)
    return shares @ V, shares


def _mask_after_the_softmax(Q, K, V, mask):
    shares = _softmax(Q @ K.T / np.sqrt(Q.shape[1])) * mask
    return shares @ V, shares


def _mask_turned_round(Q, K, V, mask):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    shares = _softmax(np.where(mask, -1e30, scores))
    return shares @ V, shares


def _score_zero_for_hidden(Q, K, V, mask):
    shares = _softmax(np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), 0.0))
    return shares @ V, shares


def _mask_not_used(Q, K, V, mask):
    shares = _softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    return shares @ V, shares


def _overflows(Q, K, V, mask):
    e = np.exp(Q @ K.T / np.sqrt(Q.shape[1])) * mask
    shares = e / e.sum(axis=1, keepdims=True)
    return shares @ V, shares


def _largest_of_all_subtracted(Q, K, V, mask):
    scores = np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
    e = np.exp(scores - scores.max())
    shares = e / e.sum(axis=1, keepdims=True)
    return shares @ V, shares


def _divided_after_the_softmax(Q, K, V, mask):
    shares = _softmax(np.where(mask, Q @ K.T, -np.inf)) / np.sqrt(Q.shape[1])
    return shares @ V, shares


def _asked(rng, m, n, d, v, mask=None, size=1.0):
    Q, K, V = size * rng.normal(size=(m, d)), rng.normal(size=(n, d)), rng.normal(size=(n, v))
    return Q, K, V, np.ones((m, n), dtype=bool) if mask is None else mask


def _some_hidden(rng, m, n):
    mask = rng.random((m, n)) < 0.6
    mask[np.arange(m), rng.integers(n, size=m)] = True
    mask[0, :2] = True, False
    return mask


ATTENTION = Exercise(
    id="scaled-attention",
    chapter=CHAPTER,
    title="Attention",
    reference=attention,
    returns=("heard", "shares"),
    difficulty=2,
    checks=(
        Check(
            "everyone may listen everywhere",
            2,
            lambda rng: [
                (
                    np.array([[2.0, 0.0]]),
                    np.array([[1.0, 0.0], [0.0, 1.0]]),
                    np.array([[1.0], [3.0]]),
                    np.ones((1, 2), bool),
                ),
                _asked(rng, 3, 5, 9, 2),
            ],
        ),
        Check(
            "a mask",
            2,
            lambda rng: [
                _asked(rng, 4, 4, 3, 2, np.tri(4, dtype=bool)),
                _asked(rng, 3, 6, 5, 4, _some_hidden(rng, 3, 6)),
            ],
        ),
        Check("large scores", 1, lambda rng: [_asked(rng, 3, 4, 5, 2, size=3000.0)], quiet=True),
    ),
    alternatives=(_attention_query_by_query, _attention_masked_and_shared_anew),
    misconceptions=(
        Misconception(
            _root_forgotten,
            "Your shares are too sharp: the scores are not divided by the root of d, the width of a query.",
        ),
        Misconception(_divided_by_d, "Your shares are too even: you divide the scores by d. Its root is asked for."),
        Misconception(
            _root_of_the_places,
            "You divide by the root of the number of places. What makes a dot product large is the width of the "
            "vectors, d.",
        ),
        Misconception(
            _root_of_the_width_of_a_value,
            "You divide by the root of the width of a value. A score has d products, one for each entry of a query.",
        ),
        Misconception(
            _one_softmax_for_all,
            "All your shares together add up to 1. Each query has a whole of its own: a softmax along each row.",
        ),
        Misconception(
            _mask_added_to_the_scores,
            "You add the mask to the scores, which only lifts what may be heard by 1. Hide the rest: minus infinity "
            "where the mask is False.",
        ),
        Misconception(
            _shares_over_the_queries,
            "Your columns add up to 1, not your rows. Each query shares out its own attention: the softmax runs along "
            "the keys, axis 1.",
        ),
        Misconception(
            _mask_after_the_softmax,
            "With a mask your shares add up to less than 1: what was hidden took its part before you struck it out. "
            "Hide the scores, with minus infinity, and then take the softmax.",
        ),
        Misconception(
            _mask_turned_round, "You listen where it is forbidden. The mask is True where a query may listen."
        ),
        Misconception(
            _score_zero_for_hidden,
            "Hidden places still get a share. A score of 0 is a score like others; only minus infinity makes the "
            "share 0.",
        ),
        Misconception(_mask_not_used, "Your queries listen everywhere. What does the mask say?"),
        Misconception(
            _overflows,
            "Right for small scores; large ones overflow. Subtract the largest score that counts from each row, as in "
            "every softmax.",
        ),
        Misconception(
            _largest_of_all_subtracted,
            "You subtract one number from all scores, so a row whose scores lie far below it becomes 0 divided by 0. "
            "Each row has its own largest score: max over axis 1.",
        ),
        Misconception(
            _divided_after_the_softmax,
            "Your shares add up to one over the root of d. The root divides the scores, before the softmax.",
        ),
    ),
    hints=(
        "All scores at once: Q @ K.T, of shape (m, n). Divide, hide, softmax along each row, mix the values.",
        "`np.where(mask, scores, -np.inf)` hides. The exponential of minus infinity is exactly 0.",
    ),
)


def multi_head(x, Wq, Wk, Wv, Wo, heads):
    """Self-attention in several heads, in which no step hears a later one.

    x has shape (steps, d). Wq, Wk and Wv are (d, width), Wo is (width, d),
    and width is a multiple of heads. The first width / heads columns of
    x @ Wq, x @ Wk and x @ Wv are the queries, keys and values of the first
    head, the next as many those of the second, and so on. Scores are
    divided by the root of width / heads. What the heads hear is put side by
    side, in their order, and goes through Wo. Returns shape (steps, d).
    """
    steps, size = len(x), Wq.shape[1] // heads
    heard = []
    for h in range(heads):
        own = slice(h * size, (h + 1) * size)
        Q, K, V = x @ Wq[:, own], x @ Wk[:, own], x @ Wv[:, own]
        scores = np.where(np.tri(steps, dtype=bool), Q @ K.T / np.sqrt(size), -np.inf)
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        heard.append(e / e.sum(axis=1, keepdims=True) @ V)
    return np.hstack(heard) @ Wo


def _causal(Q, K, V, scale):
    scores = Q @ K.T / scale
    scores[np.triu_indices(len(scores), 1)] = -np.inf
    return _softmax(scores) @ V


def _heads_at_once(x, Wq, Wk, Wv, Wo, heads):
    steps, size = len(x), Wq.shape[1] // heads
    q, k, v = ((x @ W).reshape(steps, heads, size).transpose(1, 0, 2) for W in (Wq, Wk, Wv))
    scores = q @ k.transpose(0, 2, 1) * size**-0.5 + np.triu(np.full((steps, steps), -1e30), 1)
    heard = _softmax(scores, axis=2) @ v
    return heard.transpose(1, 0, 2).reshape(steps, -1) @ Wo


def _heads_added_up(x, Wq, Wk, Wv, Wo, heads):
    size, out = len(Wo) // heads, np.zeros(x.shape)
    for start in range(0, len(Wo), size):
        own = slice(start, start + size)
        out += _causal(x @ Wq[:, own], x @ Wk[:, own], x @ Wv[:, own], size**0.5) @ Wo[own]
    return out


def _step_by_step(x, Wq, Wk, Wv, Wo, heads):
    size, rows = Wq.shape[1] // heads, []
    for t in range(len(x)):
        past, parts = x[: t + 1], []
        for h in range(heads):
            own = np.arange(h * size, (h + 1) * size)
            scores = (past @ Wk[:, own]) @ (x[t] @ Wq[:, own]) / np.sqrt(size)
            e = np.exp(scores - scores.max())
            parts.append(e / e.sum() @ (past @ Wv[:, own]))
        rows.append(np.concatenate(parts) @ Wo)
    return np.array(rows)


def _by_heads(x, Wq, Wk, Wv, heads, listen):
    size = Wq.shape[1] // heads
    cuts = (slice(h * size, (h + 1) * size) for h in range(heads))
    return [listen(x @ Wq[:, own], x @ Wk[:, own], x @ Wv[:, own]) for own in cuts]


def _one_wide_head(x, Wq, Wk, Wv, Wo, heads):
    return _causal(x @ Wq, x @ Wk, x @ Wv, np.sqrt(Wq.shape[1] // heads)) @ Wo


def _one_wide_head_scaled_by_its_width(x, Wq, Wk, Wv, Wo, heads):
    return _causal(x @ Wq, x @ Wk, x @ Wv, np.sqrt(Wq.shape[1])) @ Wo


def _scaled_by_the_whole_width(x, Wq, Wk, Wv, Wo, heads):
    root = np.sqrt(Wq.shape[1])
    return np.hstack(_by_heads(x, Wq, Wk, Wv, heads, lambda Q, K, V: _causal(Q, K, V, root))) @ Wo


def _scale_forgotten(x, Wq, Wk, Wv, Wo, heads):
    return np.hstack(_by_heads(x, Wq, Wk, Wv, heads, lambda Q, K, V: _causal(Q, K, V, 1.0))) @ Wo


def _hears_the_future(x, Wq, Wk, Wv, Wo, heads):
    root = np.sqrt(Wq.shape[1] // heads)
    return np.hstack(_by_heads(x, Wq, Wk, Wv, heads, lambda Q, K, V: _softmax(Q @ K.T / root) @ V)) @ Wo


def _hears_the_future_alone(x, Wq, Wk, Wv, Wo, heads):
    later = np.triu(np.ones((len(x), len(x)), dtype=bool))
    root = np.sqrt(Wq.shape[1] // heads)
    listen = lambda Q, K, V: _softmax(np.where(later, Q @ K.T / root, -np.inf)) @ V  # noqa: E731
    return np.hstack(_by_heads(x, Wq, Wk, Wv, heads, listen)) @ Wo


def _mask_struck_out_of_the_shares(x, Wq, Wk, Wv, Wo, heads):
    root, seen = np.sqrt(Wq.shape[1] // heads), np.tri(len(x))
    listen = lambda Q, K, V: (_softmax(Q @ K.T / root) * seen) @ V  # noqa: E731
    return np.hstack(_by_heads(x, Wq, Wk, Wv, heads, listen)) @ Wo


def _later_scores_zero(x, Wq, Wk, Wv, Wo, heads):
    root, seen = np.sqrt(Wq.shape[1] // heads), np.tri(len(x))
    listen = lambda Q, K, V: _softmax(Q @ K.T / root * seen) @ V  # noqa: E731
    return np.hstack(_by_heads(x, Wq, Wk, Wv, heads, listen)) @ Wo


def _keys_ask(x, Wq, Wk, Wv, Wo, heads):
    return multi_head(x, Wk, Wq, Wv, Wo, heads)


def _not_itself(x, Wq, Wk, Wv, Wo, heads):
    before = np.tri(len(x), k=-1, dtype=bool)
    before[0, 0] = True
    root = np.sqrt(Wq.shape[1] // heads)
    listen = lambda Q, K, V: _softmax(np.where(before, Q @ K.T / root, -np.inf)) @ V  # noqa: E731
    return np.hstack(_by_heads(x, Wq, Wk, Wv, heads, listen)) @ Wo


def _columns_dealt_in_turn(x, Wq, Wk, Wv, Wo, heads):
    size = Wq.shape[1] // heads
    heard = [_causal(x @ Wq[:, h::heads], x @ Wk[:, h::heads], x @ Wv[:, h::heads], size**0.5) for h in range(heads)]
    return np.hstack(heard) @ Wo


def _heads_joined_by_a_reshape(x, Wq, Wk, Wv, Wo, heads):
    root = np.sqrt(Wq.shape[1] // heads)
    heard = np.array(_by_heads(x, Wq, Wk, Wv, heads, lambda Q, K, V: _causal(Q, K, V, root)))
    return heard.reshape(len(x), -1) @ Wo


def _keys_mixed(x, Wq, Wk, Wv, Wo, heads):
    return multi_head(x, Wq, Wk, Wk, Wo, heads)


def _not_projected(x, Wq, Wk, Wv, Wo, heads):
    root = np.sqrt(Wq.shape[1] // heads)
    return np.hstack(_by_heads(x, Wq, Wk, Wv, heads, lambda Q, K, V: _causal(Q, K, V, root)))


def _self_attention(rng, steps, d, width, heads):
    x, (Wq, Wk, Wv) = rng.normal(size=(steps, d)), rng.normal(size=(3, d, width))
    return x, Wq, Wk, Wv, rng.normal(size=(width, d)), heads


MULTI_HEAD = Exercise(
    id="multi-head",
    chapter=CHAPTER,
    title="Several heads",
    reference=multi_head,
    difficulty=3,
    checks=(
        Check("one head", 2, lambda rng: [_self_attention(rng, 4, 3, 3, 1), _self_attention(rng, 5, 4, 2, 1)]),
        Check(
            "several heads",
            3,
            lambda rng: [
                _self_attention(rng, 5, 4, 4, 2),
                _self_attention(rng, 6, 3, 6, 3),
                _self_attention(rng, 7, 5, 8, 2),
            ],
        ),
    ),
    alternatives=(_heads_at_once, _heads_added_up, _step_by_step),
    misconceptions=(
        Misconception(
            _one_wide_head,
            "With several heads your shares come from all columns at once: this is one wide head. Each head has its "
            "own columns, its own scores and its own softmax.",
        ),
        Misconception(
            _one_wide_head_scaled_by_its_width,
            "You compute one head as wide as all of them. Cut the columns first: each head has scores of its own.",
        ),
        Misconception(
            _scaled_by_the_whole_width,
            "Your heads are right up to the scale: you divide by the root of the whole width. A head's dot product has "
            "width / heads terms.",
        ),
        Misconception(
            _scale_forgotten, "Your scores are not divided: each head wants the root of width / heads below them."
        ),
        Misconception(
            _hears_the_future,
            "Your steps hear those after them. Step t may listen to the steps up to t: np.tri has this form.",
        ),
        Misconception(
            _hears_the_future_alone,
            "Your mask is turned round: steps hear what comes after, and not what came before. Row t of the scores is "
            "the step that asks.",
        ),
        Misconception(
            _mask_struck_out_of_the_shares,
            "You strike later steps out of the shares, and what is left adds up to less than 1. Hide their scores, "
            "with minus infinity, before the softmax.",
        ),
        Misconception(
            _later_scores_zero,
            "Later steps have the score 0, and so still a share. Only minus infinity makes a share 0.",
        ),
        Misconception(
            _keys_ask,
            "Your keys ask and your queries answer: K @ Q.T. A row of the scores belongs to the step that asks, "
            "Q @ K.T.",
        ),
        Misconception(
            _not_itself, "Your steps do not hear themselves. Step t may listen to the steps up to t, t included."
        ),
        Misconception(
            _columns_dealt_in_turn,
            "Your heads take their columns in turn. Each takes a stretch: the first width / heads columns, then the "
            "next.",
        ),
        Misconception(
            _heads_joined_by_a_reshape,
            "The heads themselves are right, and then a reshape mixes steps with heads. Put the results side by side: "
            "np.hstack.",
        ),
        Misconception(_keys_mixed, "What your heads mix are keys. The shares come from queries and keys; mix values."),
        Misconception(_not_projected, "You return what the heads hear, side by side. It still has to pass through Wo."),
    ),
    hints=(
        "A loop over the heads: cut the head's columns out of Wq, Wk and Wv, and do what you did for one attention.",
        "The mask is the same for all heads: np.tri(steps, dtype=bool). At the end, np.hstack and one product with Wo.",
    ),
)


EXERCISES = (FLIP_FLOP, RECURRENT_FORWARD, THROUGH_TIME, BITS_PER_CHARACTER, ATTENTION, MULTI_HEAD)

QUIZ = (
    Question(
        "At every step a network sees the current bit, and shall say whether the ones so far are odd in number. It has "
        "no memory. How well can it do over many random bits?",
        (
            Choice(
                "All right, with enough hidden neurons, since parity is a function that some network computes",
                False,
                "Some network that sees all the bits. This one sees one, and after it odd and even are equally likely.",
            ),
            Choice(
                "About half right, whatever its size",
                True,
                "From the second step on, half of all pasts make the sum odd, whatever the current bit is.",
            ),
            Choice(
                "About three in four, as XOR has three rows that a line gets right",
                False,
                "There the network sees both inputs. Here the second one, the past, is not there to be seen.",
            ),
        ),
    ),
    Question(
        "In one batch the gradient of a recurrent network is a thousand times as long as usual. What does a limit on "
        "its length, global_clipnorm, do?",
        (
            Choice(
                "It cuts every entry that is too large",
                False,
                "That would turn the direction. All entries are multiplied by the same factor.",
            ),
            Choice(
                "It leaves this batch out",
                False,
                "The step is taken, in the gradient's own direction. Only its length is limited.",
            ),
            Choice(
                "It brings slopes that have faded on their way back to life",
                False,
                "It only shortens. What has faded is no longer in the gradient, and no factor brings it back.",
            ),
            Choice(
                "It shortens the gradient and keeps its direction",
                True,
                "Every entry is multiplied by limit / length, so the step is short and points where it pointed.",
            ),
        ),
    ),
    Question(
        "Scores are computed from queries and keys with 64 random entries each, of mean 0 and variance 1, and are "
        "not divided. What happens?",
        (
            Choice(
                "Their standard deviation is about 8, and the softmax gives nearly everything to one key",
                True,
                "64 products of variance 1 add up to variance 64, root 8. Differences of that size leave a softmax no "
                "doubt, and almost no slope.",
            ),
            Choice(
                "Their mean is 64, which a softmax does not notice",
                False,
                "A common shift would do no harm indeed, but the mean is 0. It is the spread that grows.",
            ),
            Choice(
                "Nothing: the softmax makes shares of any scores, so their size is taken out again",
                False,
                "It takes out what all scores have in common. Their differences stay, and they decide.",
            ),
        ),
    ),
    Question(
        "You shuffle the steps before the last one. No positions are added. What does one attention layer answer at "
        "the last step?",
        (
            Choice(
                "Something else, since each place has weights of its own",
                False,
                "All places share the same projections. A dense layer over all of them has weights for each.",
            ),
            Choice(
                "Something else only if a causal mask is used, since then the order of the steps counts",
                False,
                "At the last step the causal mask hides nothing. All the others are still heard, in any order.",
            ),
            Choice(
                "The same: it hears a bag",
                True,
                "Keys and values move together, and a weighted sum does not mind the order of its terms.",
            ),
        ),
    ),
    Question(
        "In a transformer block, which part carries something from one step to another?",
        (
            Choice(
                "Attention alone",
                True,
                "The dense network, the normalization and the way around treat each step by itself.",
            ),
            Choice(
                "The dense network, as every input reaches every neuron",
                False,
                "Its inputs are the numbers of one step. At every step it is the same network, and sees no other step.",
            ),
            Choice(
                "Layer normalization, which takes means",
                False,
                "Over the numbers of one step, not over the steps.",
            ),
            Choice(
                "The way around",
                False,
                "It adds to each step what went into the block at this very step.",
            ),
        ),
    ),
    Question(
        "A text becomes ten times as long. What grows how, in a layer of self-attention?",
        (
            Choice(
                "The weights tenfold, the scores tenfold",
                False,
                "The weights do not know how long the text is. And every step asks every step.",
            ),
            Choice(
                "The weights not at all, the scores a hundredfold",
                True,
                "One score for each pair of steps: ten times ten. The projections are the same at every step.",
            ),
            Choice(
                "Neither: the whole text is processed at once",
                False,
                "At once means side by side, not for free. A hundred times as many scores have to be computed.",
            ),
            Choice(
                "Both a hundredfold, the weights as well as the scores",
                False,
                "The scores do. The weights are shared by all steps, so their number stays.",
            ),
        ),
    ),
    Question(
        "A forecast of a price, made each day for the next, follows the true curve closely, with an R2 of 0.99. What "
        "do you ask first?",
        (
            Choice(
                "How many layers the network has",
                False,
                "Whatever it has, the figure may be worthless. Compare it with a forecast that anybody can make.",
            ),
            Choice(
                "Whether the network's loss has come to rest and its learning rate was chosen on a grid",
                False,
                "Good habits, but they do not tell whether the forecast knows anything.",
            ),
            Choice(
                "What R2 has 'tomorrow as today'",
                True,
                "On a wandering price that has an R2 near 1 already. Only what goes beyond it is knowledge.",
            ),
        ),
    ),
)
