"""Chapter 7, backpropagation: one neuron, the 3-2-1 network, a dense layer, the check, a whole training, any depth."""

from itertools import pairwise

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "backpropagation"


def sigmoid(z):
    """The sigmoid that the alternatives and misconceptions below share."""
    return 1 / (1 + np.exp(-z))


def neuron_backward(x, y, w, b):
    """The gradient of one sigmoid neuron's squared loss, for one example.

    x and w have shape (d,); y and b are numbers. The neuron answers
    p = sigmoid(x . w + b), and the loss is (p - y) ** 2. Returns dw of
    shape (d,) and the number db: the derivatives of the loss.
    """
    z = x @ w + b
    p = 1 / (1 + np.exp(-z))
    dp = 2 * (p - y)
    dz = dp * p * (1 - p)
    return dz * x, dz


def _neuron_entry_by_entry(x, y, w, b):
    z = sum(x_j * w_j for x_j, w_j in zip(x, w, strict=True)) + b
    p = 0.5 + 0.5 * np.tanh(z / 2)
    slope = 2 * (p - y) * (p - p**2)
    return [slope * x_j for x_j in x], slope


def _neuron_with_the_bias_as_a_weight(x, y, w, b):
    inputs, parameters = np.append(x, 1.0), np.append(w, b)
    p = sigmoid(inputs.dot(parameters))
    gradient = -2 * (y - p) * p * (1 - p) * inputs
    return gradient[:-1], gradient[-1]


def _neuron_by_complex_steps(x, y, w, b):
    def loss(parameters):
        return (1 / (1 + np.exp(-(x @ parameters[:-1] + parameters[-1]))) - y) ** 2

    start = np.append(w, b).astype(complex)
    gradient = [loss(start + 1e-20j * one).imag / 1e-20 for one in np.eye(len(start))]
    return gradient[:-1], gradient[-1]


def _uphill_and_half(x, y, w, b):
    p = sigmoid(x @ w + b)
    error = y - p
    return error * p * (1 - p) * x, error * p * (1 - p)


def _sigmoid_slope_forgotten(x, y, w, b):
    dz = 2 * (sigmoid(x @ w + b) - y)
    return dz * x, dz


def _slope_of_the_square_halved(x, y, w, b):
    p = sigmoid(x @ w + b)
    dz = (p - y) * p * (1 - p)
    return dz * x, dz


def _target_minus_answer(x, y, w, b):
    p = sigmoid(x @ w + b)
    dz = 2 * (y - p) * p * (1 - p)
    return dz * x, dz


def _slope_taken_with_z(x, y, w, b):
    z = x @ w + b
    dz = 2 * (sigmoid(z) - y) * z * (1 - z)
    return dz * x, dz


def _input_left_out(x, y, w, b):
    p = sigmoid(x @ w + b)
    dz = 2 * (p - y) * p * (1 - p)
    return dz * np.ones_like(x), dz


def _bias_never_moves(x, y, w, b):
    p = sigmoid(x @ w + b)
    return 2 * (p - y) * p * (1 - p) * x, 0.0


def _weight_in_place_of_input(x, y, w, b):
    p = sigmoid(x @ w + b)
    dz = 2 * (p - y) * p * (1 - p)
    return dz * w, dz


def _logistic_loss_taken(x, y, w, b):
    dz = sigmoid(x @ w + b) - y
    return dz * x, dz


def _bias_left_out_of_the_score(x, y, w, b):
    return neuron_backward(x, y, w, 0.0)


def _slope_taken_with_p(x, y, w, b):
    p = sigmoid(x @ w + b)
    dz = 2 * (p - y) * sigmoid(p) * (1 - sigmoid(p))
    return dz * x, dz


NEURON_BACKWARD = Exercise(
    id="neuron-backward",
    chapter=CHAPTER,
    title="Back through one neuron",
    reference=neuron_backward,
    returns=("dw", "db"),
    difficulty=1,
    checks=(
        Check(
            "the neuron of the chapter",
            1,
            lambda rng: [(np.array([0.5, 0.8]), 1.0, np.array([0.1, -0.2]), 0.0)],
        ),
        Check(
            "any neuron, either target",
            2,
            lambda rng: [
                (rng.normal(size=3), 0.0, rng.normal(size=3), 0.4),
                (rng.normal(size=4), 1.0, rng.normal(size=4), -0.7),
                (np.array([1.5]), 0.0, np.array([-0.5]), 1.25),
            ],
        ),
    ),
    alternatives=(_neuron_entry_by_entry, _neuron_with_the_bias_as_a_weight, _neuron_by_complex_steps),
    misconceptions=(
        Misconception(
            _uphill_and_half,
            "Your numbers are the slopes times -1/2. Begin with the loss: the derivative of (p - y) ** 2 in p is "
            "2 (p - y), with its sign; the minus of the update comes later.",
        ),
        Misconception(
            _sigmoid_slope_forgotten,
            "Your slopes are too large by the factor 1 / (p (1 - p)). One link of the chain is missing: from z to p, "
            "the slope of the sigmoid.",
        ),
        Misconception(
            _slope_of_the_square_halved,
            "Your slopes are half of what they should be. The derivative of (p - y) ** 2 in p has a factor 2.",
        ),
        Misconception(
            _target_minus_answer,
            "All your signs are turned. The derivative of (p - y) ** 2 in p is 2 (p - y), not 2 (y - p): a p above y "
            "must give a positive slope.",
        ),
        Misconception(
            _slope_taken_with_z,
            "Your sigmoid has the slope z (1 - z), which can be negative; a sigmoid always rises. Written with the "
            "output it is p (1 - p).",
        ),
        Misconception(
            _input_left_out,
            "All entries of your dw are equal. The last link, from w_j to z, has the slope x_j.",
        ),
        Misconception(
            _bias_never_moves,
            "Your db is 0. The bias is a parameter as well: z moves with it one to one.",
        ),
        Misconception(
            _weight_in_place_of_input,
            "Your dw follows w. In the product x_j w_j the slope in w_j is the other factor, x_j.",
        ),
        Misconception(
            _logistic_loss_taken,
            "Your numbers are those of the logistic loss, where p - y is all that is left. Here the loss is squared: "
            "2 (p - y), times the slope of the sigmoid.",
        ),
        Misconception(
            _bias_left_out_of_the_score,
            "Right as long as b is 0: your score is x . w, and the bias never comes in. z = x . w + b.",
        ),
        Misconception(
            _slope_taken_with_p,
            "You take the sigmoid of p, which is a sigmoid already. Written with the output the slope is p (1 - p).",
        ),
    ),
    hints=(
        "Write the chain down first: from w to z, from z to p, from p to the loss.",
        "Three slopes: x_j, then p (1 - p), then 2 (p - y). Multiply them.",
    ),
)


def backprop_321(x, y, w, b):
    """The gradient of the 3-2-1 network's squared loss, for one example.

    x has shape (3,), y is a number. w lists the eight weights and b the
    three biases in the order of the picture: w_1 and w_2 leave x_1; w_7
    and w_8 lead from the hidden neurons to the output; b_1 and b_2 belong
    to the hidden neurons, b_3 to the output. Every neuron has a sigmoid,
    and the loss is (y_hat - y) ** 2. Returns dw of shape (8,) and db of
    shape (3,), in the order of w and b.
    """
    W1, w_out = w[:6].reshape(3, 2), w[6:]
    h = 1 / (1 + np.exp(-(x @ W1 + b[:2])))
    y_hat = 1 / (1 + np.exp(-(h @ w_out + b[2])))
    delta_out = 2 * (y_hat - y) * y_hat * (1 - y_hat)
    delta_hidden = delta_out * w_out * h * (1 - h)
    dw = np.concatenate([np.outer(x, delta_hidden).ravel(), delta_out * h])
    db = np.append(delta_hidden, delta_out)
    return dw, db


def _gradients_one_by_one(x, y, w, b):
    x1, x2, x3 = x
    h1 = sigmoid(x1 * w[0] + x2 * w[2] + x3 * w[4] + b[0])
    h2 = sigmoid(x1 * w[1] + x2 * w[3] + x3 * w[5] + b[1])
    y_hat = sigmoid(h1 * w[6] + h2 * w[7] + b[2])
    d3 = 2 * (y_hat - y) * y_hat * (1 - y_hat)
    d1, d2 = d3 * w[6] * h1 * (1 - h1), d3 * w[7] * h2 * (1 - h2)
    return [d1 * x1, d2 * x1, d1 * x2, d2 * x2, d1 * x3, d2 * x3, d3 * h1, d3 * h2], [d1, d2, d3]


def _gradients_in_rows(x, y, w, b):
    row, W1, W2 = x[None, :], w[:6].reshape(3, 2), w[6:, None]
    h = sigmoid(row @ W1 + b[None, :2])
    y_hat = sigmoid(h @ W2 + b[2])
    dz2 = 2 * (y_hat - y) * y_hat * (1 - y_hat)
    dz1 = dz2 @ W2.T * h * (1 - h)
    return np.hstack([(row.T @ dz1).ravel(), (h.T @ dz2).ravel()]), np.hstack([dz1[0], dz2[0]])


def _gradients_by_complex_steps(x, y, w, b):
    def loss(p):
        h = 1 / (1 + np.exp(-(x @ p[:6].reshape(3, 2) + p[8:10])))
        return (1 / (1 + np.exp(-(h @ p[6:8] + p[10]))) - y) ** 2

    start = np.concatenate([w, b]).astype(complex)
    gradient = np.array([loss(start + 1e-20j * one).imag / 1e-20 for one in np.eye(11)])
    return gradient[:8], gradient[8:]


def _backward(x, y, w, b, *, sign=1, two=2, output_slope=True, hidden_slope=True, weights=True):
    """The backward pass that the misconceptions below share: two deltas, with something left out."""
    h = sigmoid(x @ w[:6].reshape(3, 2) + b[:2])
    y_hat = sigmoid(h @ w[6:] + b[2])
    out = sign * two * (y_hat - y) * (y_hat * (1 - y_hat) if output_slope else 1)
    hidden = out * (w[6:] if weights else np.ones(2)) * (h * (1 - h) if hidden_slope else 1)
    return h, hidden, out


def _gathered(x, h, hidden, out):
    return np.concatenate([np.outer(x, hidden).ravel(), out * h]), np.append(hidden, out)


def _hidden_slope_forgotten(x, y, w, b):
    return _gathered(x, *_backward(x, y, w, b, hidden_slope=False))


def _output_slope_forgotten(x, y, w, b):
    return _gathered(x, *_backward(x, y, w, b, output_slope=False))


def _weights_forgotten_on_the_way_back(x, y, w, b):
    return _gathered(x, *_backward(x, y, w, b, weights=False))


def _both_signs_turned(x, y, w, b):
    return _gathered(x, *_backward(x, y, w, b, sign=-1))


def _square_halved_in_the_network(x, y, w, b):
    return _gathered(x, *_backward(x, y, w, b, two=1))


def _sorted_by_neuron(x, y, w, b):
    h, hidden, out = _backward(x, y, w, b)
    return np.concatenate([np.outer(hidden, x).ravel(), out * h]), np.append(hidden, out)


def _hidden_biases_forgotten(x, y, w, b):
    h, hidden, out = _backward(x, y, w, b)
    return _gathered(x, h, hidden, out)[0], np.array([0.0, 0.0, out])


def _biases_all_get_the_output_delta(x, y, w, b):
    h, hidden, out = _backward(x, y, w, b)
    return _gathered(x, h, hidden, out)[0], np.full(3, out)


def _hidden_weights_in_place_of_outputs(x, y, w, b):
    _, hidden, out = _backward(x, y, w, b)
    return np.concatenate([np.outer(x, hidden).ravel(), out * w[6:]]), np.append(hidden, out)


def _hidden_slope_at_z(x, y, w, b):
    h, _, out = _backward(x, y, w, b)
    z = x @ w[:6].reshape(3, 2) + b[:2]
    return _gathered(x, h, out * w[6:] * z * (1 - z), out)


def _swapped_on_the_way_back(x, y, w, b):
    h, _, out = _backward(x, y, w, b)
    return _gathered(x, h, out * w[[7, 6]] * h * (1 - h), out)


def _biases_left_out_of_the_scores(x, y, w, b):
    return backprop_321(x, y, w, np.zeros(3))


def _logistic_loss_in_the_network(x, y, w, b):
    h = sigmoid(x @ w[:6].reshape(3, 2) + b[:2])
    out = sigmoid(h @ w[6:] + b[2]) - y
    return _gathered(x, h, out * w[6:] * h * (1 - h), out)


def _slope_of_the_output_in_the_hidden_layer(x, y, w, b):
    h, _, out = _backward(x, y, w, b)
    y_hat = sigmoid(h @ w[6:] + b[2])
    return _gathered(x, h, out * w[6:] * y_hat * (1 - y_hat), out)


def _forward_with_one_neuron_after_the_other(x, y, w, b):
    turned = np.concatenate([w[:6].reshape(2, 3).T.ravel(), w[6:]])
    dw, db = backprop_321(x, y, turned, b)
    return np.concatenate([dw[:6].reshape(3, 2).T.ravel(), dw[6:]]), db


BACKPROP_321 = Exercise(
    id="backprop-3-2-1",
    chapter=CHAPTER,
    title="All eleven slopes of the 3-2-1 network",
    reference=backprop_321,
    returns=("dw", "db"),
    difficulty=2,
    checks=(
        Check(
            "the student of the chapter",
            2,
            lambda rng: [
                (np.array([1.0, 0.5, -1.0]), 1.0, np.array([0.1, 0.2, 0.3, -0.1, -0.2, 0.4, 0.5, -0.3]), np.zeros(3))
            ],
        ),
        Check(
            "any student, with biases",
            4,
            lambda rng: [
                (rng.normal(size=3), 0.0, rng.normal(size=8), rng.normal(size=3)),
                (rng.normal(size=3), 1.0, rng.normal(size=8), rng.normal(size=3)),
                (np.array([0.0, 2.0, -1.0]), 1.0, rng.normal(size=8), rng.normal(size=3)),
            ],
        ),
    ),
    alternatives=(_gradients_one_by_one, _gradients_in_rows, _gradients_by_complex_steps),
    misconceptions=(
        Misconception(
            _hidden_slope_forgotten,
            "The output's three slopes are right, those of the hidden layer too large. On the way from h back to z "
            "comes the slope of the sigmoid, h (1 - h).",
        ),
        Misconception(
            _output_slope_forgotten,
            "All slopes are too large by the same factor. The output neuron has a sigmoid too: between the loss and "
            "z_3 comes y_hat (1 - y_hat).",
        ),
        Misconception(
            _weights_forgotten_on_the_way_back,
            "The output's slopes are right, the hidden ones as if w_7 and w_8 were 1. A slope goes back through the "
            "same weight through which the number came.",
        ),
        Misconception(
            _both_signs_turned,
            "Every sign is turned. With the loss (y_hat - y) ** 2 the first slope is 2 (y_hat - y); the minus belongs "
            "to the update.",
        ),
        Misconception(
            _square_halved_in_the_network,
            "Every slope is half of what it should be. The derivative of the square brings a factor 2.",
        ),
        Misconception(
            _sorted_by_neuron,
            "The numbers are right, but the first six stand in another order. w_1 and w_2 both leave x_1: one input "
            "after the other, and for each both neurons.",
        ),
        Misconception(
            _hidden_biases_forgotten,
            "The slopes of b_1 and b_2 are 0 in your answer. A bias moves its neuron's score one to one, so its slope "
            "is the neuron's delta.",
        ),
        Misconception(
            _biases_all_get_the_output_delta,
            "All three biases have the slope of b_3 in your answer. Each bias has the delta of its own neuron.",
        ),
        Misconception(
            _hidden_weights_in_place_of_outputs,
            "The slopes of w_7 and w_8 follow these weights. In the product h_1 w_7 the slope in w_7 is the other "
            "factor, h_1.",
        ),
        Misconception(
            _hidden_slope_at_z,
            "The hidden layer's slopes are wrong, some even in sign: z (1 - z) is no slope of a sigmoid. With the "
            "output it is h (1 - h).",
        ),
        Misconception(
            _swapped_on_the_way_back,
            "On the way back w_7 and w_8 have changed places. The first hidden neuron is heard through w_7, so its "
            "slope comes back through w_7.",
        ),
        Misconception(
            _biases_left_out_of_the_scores,
            "Right as long as the biases are 0: they never come into your scores. z_1 = x_1 w_1 + x_2 w_3 + x_3 w_5 + "
            "b_1, and so on.",
        ),
        Misconception(
            _logistic_loss_in_the_network,
            "Your delta of the output is y_hat - y, as under the logistic loss. Here the loss is squared: "
            "2 (y_hat - y) y_hat (1 - y_hat).",
        ),
        Misconception(
            _slope_of_the_output_in_the_hidden_layer,
            "The output's slopes are right, the hidden ones are not: there you take the output's slope once more. "
            "Each neuron brings its own, h (1 - h).",
        ),
        Misconception(
            _forward_with_one_neuron_after_the_other,
            "Your first hidden neuron takes w_1, w_2, w_3. It should take w_1, w_3, w_5: the weights are numbered by "
            "where they start.",
        ),
    ),
    hints=(
        "First forward, and keep h and y_hat. Then the delta of the output: the slope of the loss in z_3.",
        "The delta of a hidden neuron is the output's delta, times the weight between the two, times h (1 - h).",
        "A weight's slope is what enters it times the delta of the neuron where it ends. A bias's slope is the delta.",
    ),
)


def dense_backward(dz, x, W):
    """Back through a dense layer that has computed z = x @ W + b.

    dz has shape (n, d_out): the slopes of the loss in every entry of z. x
    has shape (n, d_in), W has shape (d_in, d_out). Returns the slopes of
    the loss in x, in W and in b: dx of shape (n, d_in), dW of shape
    (d_in, d_out) and db of shape (d_out,).
    """
    dx = dz @ W.T
    dW = x.T @ dz
    db = dz.sum(axis=0)
    return dx, dW, db


def _dense_backward_by_loops(dz, x, W):
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for i in range(len(x)):
        for k in range(W.shape[1]):
            dx[i] += dz[i, k] * W[:, k]
            dW[:, k] += dz[i, k] * x[i]
            db[k] += dz[i, k]
    return dx, dW, db


def _dense_backward_with_einsum(dz, x, W):
    return np.einsum("ik,jk->ij", dz, W), np.einsum("ij,ik->jk", x, dz), np.einsum("ik->k", dz)


def _dense_backward_with_a_row_of_ones(dz, x, W):
    both = np.column_stack([x, np.ones(len(x))]).T @ dz
    return (W @ dz.T).T, both[:-1], both[-1]


def _bias_slope_averaged(dz, x, W):
    return dz @ W.T, x.T @ dz, dz.mean(axis=0)


def _divided_by_n_again(dz, x, W):
    return dz @ W.T, x.T @ dz / len(x), dz.mean(axis=0)


def _weights_not_turned(dz, x, W):
    return dz @ W, x.T @ dz, dz.sum(axis=0)


def _weight_slopes_transposed(dz, x, W):
    return dz @ W.T, dz.T @ x, dz.sum(axis=0)


def _bias_slope_as_a_row(dz, x, W):
    return dz @ W.T, x.T @ dz, dz.sum(axis=0, keepdims=True)


def _bias_slope_for_every_row(dz, x, W):
    return dz @ W.T, x.T @ dz, dz


def _bias_slopes_added_together(dz, x, W):
    return dz @ W.T, x.T @ dz, dz.sum()


def _weights_first(dz, x, W):
    return x.T @ dz, dz @ W.T, dz.sum(axis=0)


def _summed_over_the_wrong_axis(dz, x, W):
    return dz @ W.T, x.T @ dz, dz.sum(axis=1)


def _ones_come_in(dz, x, W):
    ones = np.ones_like(dz)
    return ones @ W.T, x.T @ ones, ones.sum(axis=0)


def _layer(rng, n, d_in, d_out):
    return rng.normal(size=(n, d_out)), rng.normal(size=(n, d_in)), rng.normal(size=(d_in, d_out))


DENSE_BACKWARD = Exercise(
    id="dense-backward",
    chapter=CHAPTER,
    title="Back through a dense layer",
    reference=dense_backward,
    returns=("dx", "dW", "db"),
    difficulty=2,
    checks=(
        Check("one example", 1, lambda rng: [_layer(rng, 1, 3, 2), _layer(rng, 1, 2, 4)]),
        Check(
            "a batch of examples",
            3,
            lambda rng: [
                (
                    np.array([[0.5, -1.0], [0.25, 2.0], [-1.5, 0.75]]),
                    np.array([[1.0, 2.0, 0.0, -1.0], [0.5, -1.0, 3.0, 2.0], [-2.0, 0.25, 1.0, 0.5]]),
                    np.array([[0.1, 0.2], [0.3, -0.1], [-0.2, 0.4], [0.5, -0.3]]),
                ),
                _layer(rng, 5, 2, 3),
                _layer(rng, 4, 3, 3),
            ],
        ),
    ),
    alternatives=(_dense_backward_by_loops, _dense_backward_with_einsum, _dense_backward_with_a_row_of_ones),
    misconceptions=(
        Misconception(
            _bias_slope_averaged,
            "Your db is too small by the number of examples. Add over the rows: if the loss is a mean, its 1/n is in "
            "dz already.",
        ),
        Misconception(
            _divided_by_n_again,
            "Your dW and db are too small by the number of examples. The 1/n of a mean is in dz already; here examples "
            "are added.",
        ),
        Misconception(
            _weights_not_turned,
            "Your dx multiplies dz by W itself, and the inner sizes meet only if the layer is square. On the way back "
            "W is turned: (n, d_out) @ (d_out, d_in).",
        ),
        Misconception(
            _weight_slopes_transposed,
            "Your dW stands on its side. It has the shape of W, one row an input: x.T first, then dz.",
        ),
        Misconception(
            _bias_slope_as_a_row,
            "Your db has an axis too many. It has the shape of b, (d_out,): leave keepdims out.",
        ),
        Misconception(
            _bias_slope_for_every_row,
            "You return one slope for each example. All rows share one b, so its slope adds theirs: sum over axis 0.",
        ),
        Misconception(
            _bias_slopes_added_together,
            "You add all neurons into one number. Each bias has a slope of its own: sum over the rows only, axis 0.",
        ),
        Misconception(_weights_first, "The arrays are right, their order is not: dx first, then dW, then db."),
        Misconception(
            _summed_over_the_wrong_axis,
            "Your db has one entry for each example. Sum over the examples, axis 0: one entry for each neuron stays.",
        ),
        Misconception(
            _ones_come_in,
            "Your slopes do not depend on dz. The layer is asked how the loss changes, not its own output: every entry "
            "of z counts as much as dz says.",
        ),
    ),
    hints=(
        "Write the shapes down. Only one product of dz and W has the shape of x, only one of x and dz that of W.",
        "dx = dz @ W.T, and dW = x.T @ dz.",
        "b is added to every row, so its slope is the sum over the rows.",
    ),
)


def gradient_error(analytic, numeric):
    """The largest relative error between two gradients of the same shape.

    analytic and numeric are arrays of any shape. The relative error of an
    entry is the distance of the two slopes, divided by the larger of their
    two sizes; where both slopes are 0 it is 0. Returns one number: the
    largest of these errors.
    """
    distance = np.abs(analytic - numeric)
    larger = np.maximum(np.abs(analytic), np.abs(numeric))
    errors = distance / np.where(larger > 0, larger, 1)
    return errors.max()


def _error_by_loop(analytic, numeric):
    worst = 0.0
    for a, n in zip(np.ravel(analytic), np.ravel(numeric), strict=True):
        if a != n:
            worst = max(worst, abs(a - n) / max(abs(a), abs(n)))
    return worst


def _error_where_they_differ(analytic, numeric):
    a, n = analytic[analytic != numeric], numeric[analytic != numeric]
    return np.max(np.abs(a - n) / np.fmax(np.abs(a), np.abs(n)), initial=0.0)


def _error_with_divide(analytic, numeric):
    larger = np.max(np.abs([analytic, numeric]), axis=0)
    errors = np.zeros(analytic.shape)
    np.divide(np.abs(numeric - analytic), larger, out=errors, where=larger != 0)
    return float(np.sort(errors, axis=None)[-1])


def _absolute_error(analytic, numeric):
    return np.abs(analytic - numeric).max()


def _lengths_compared(analytic, numeric):
    a, n = np.linalg.norm(analytic), np.linalg.norm(numeric)
    return abs(a - n) / max(a, n)


def _one_error_for_the_whole(analytic, numeric):
    larger = max(np.linalg.norm(analytic), np.linalg.norm(numeric))
    return np.linalg.norm(analytic - numeric) / larger if larger else 0.0


def _nothing_over_nothing(analytic, numeric):
    with np.errstate(all="ignore"):
        return (np.abs(analytic - numeric) / np.maximum(np.abs(analytic), np.abs(numeric))).max()


def _errors_averaged(analytic, numeric):
    larger = np.maximum(np.abs(analytic), np.abs(numeric))
    return (np.abs(analytic - numeric) / np.where(larger > 0, larger, 1)).mean()


def _sign_kept(analytic, numeric):
    larger = np.maximum(np.abs(analytic), np.abs(numeric))
    return ((analytic - numeric) / np.where(larger > 0, larger, 1)).max()


def _divided_by_the_sum(analytic, numeric):
    both = np.abs(analytic) + np.abs(numeric)
    return (np.abs(analytic - numeric) / np.where(both > 0, both, 1)).max()


def _sizes_forgotten_in_the_divisor(analytic, numeric):
    larger = np.maximum(analytic, numeric)
    return (np.abs(analytic - numeric) / np.where(larger != 0, larger, 1)).max()


def _small_number_added_to_the_divisor(analytic, numeric):
    return (np.abs(analytic - numeric) / (np.maximum(np.abs(analytic), np.abs(numeric)) + 1e-8)).max()


def _first_entry_only(analytic, numeric):
    a, n = np.ravel(analytic)[0], np.ravel(numeric)[0]
    return abs(a - n) / max(abs(a), abs(n)) if a != n else 0.0


def _two_gradients(rng):
    numeric = rng.normal(size=(4, 3))
    analytic = numeric * (1 + 1e-9 * rng.normal(size=(4, 3)))
    analytic[2, 1] *= 0.75
    analytic[3, 0] *= -0.9
    return analytic, numeric


GRADIENT_ERROR = Exercise(
    id="gradient-error",
    chapter=CHAPTER,
    title="How far apart are two gradients?",
    reference=gradient_error,
    difficulty=1,
    checks=(
        Check(
            "one wrong slope among many",
            2,
            lambda rng: [
                (np.array([0.5, -2.0, 1e-4]), np.array([0.5, -2.0, 2.5e-4])),
                _two_gradients(rng),
                (np.array([3.0, -0.5]), np.array([4.0, -0.75])),
            ],
        ),
        Check(
            "slopes that are 0",
            1,
            lambda rng: [
                (np.array([[0.0, 0.5], [-1.0, 0.0]]), np.array([[0.0, 0.4], [-1.0, 0.0]])),
                (np.zeros(3), np.zeros(3)),
            ],
        ),
    ),
    alternatives=(_error_by_loop, _error_where_they_differ, _error_with_divide),
    misconceptions=(
        Misconception(
            _absolute_error,
            "A small slope that is twice too large goes unnoticed: you measure the distance alone. Divide it, entry by "
            "entry, by the larger of the two sizes.",
        ),
        Misconception(
            _lengths_compared,
            "You compare two lengths, and a slope with its sign turned has the same length. Compare entry by entry.",
        ),
        Misconception(
            _one_error_for_the_whole,
            "One small wrong slope drowns among large right ones in your number. Divide entry by entry, then take the "
            "largest.",
        ),
        Misconception(
            _nothing_over_nothing,
            "You get nan where both slopes are 0: nothing over nothing. Two equal slopes have the error 0, so divide "
            "there by 1.",
        ),
        Misconception(
            _errors_averaged,
            "Your number is a mean, and a thousand right slopes would hide a wrong one. Take the largest error.",
        ),
        Misconception(
            _sign_kept,
            "You only see slopes that are too large: where the gradient says less than it should, your error is "
            "negative, and `max` passes it over. Take the size first.",
        ),
        Misconception(
            _divided_by_the_sum,
            "You divide by the sum of both sizes, so a turned sign counts 1 where 2 is asked. Here the larger of the "
            "two sizes divides.",
        ),
        Misconception(
            _sizes_forgotten_in_the_divisor,
            "Where slopes are negative, your error may be negative or too large: the larger number need not be the "
            "larger size. Take `np.abs` of both before `np.maximum`.",
        ),
        Misconception(
            _small_number_added_to_the_divisor,
            "You add a small number to every divisor, and so shrink the errors of small slopes. Divide by 1 where both "
            "slopes are 0, and by the larger size elsewhere.",
        ),
        Misconception(
            _first_entry_only,
            "You look at the first slope only. The wrong one may stand anywhere: take the largest error of all.",
        ),
    ),
    hints=(
        "Three lines: the distances, the larger of the two sizes for each entry, and their ratio.",
        "`np.maximum` compares two arrays entry by entry; `.max()` finds the largest of one.",
        "`np.where(larger > 0, larger, 1)` divides by 1 where both slopes are 0.",
    ),
)


def network_gradient(x, y, weights, biases):
    """The gradient of the mean logistic loss of a network of any depth.

    x has shape (n, d), y holds n zeros and ones. weights lists the
    matrices W of the layers from first to last, biases their vectors b;
    the lists and their arrays stay as they are. Hidden layers compute
    h = tanh(z), the last layer has one neuron and answers p = sigmoid(z).
    Returns one flat array with the slopes of all parameters: dW of the
    first layer row by row, then its db, then dW and db of the second
    layer, and so on.
    """
    outputs = [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        outputs.append(np.tanh(outputs[-1] @ W + b))
    p = 1 / (1 + np.exp(-(outputs[-1] @ weights[-1] + biases[-1])))
    dz, gradient = (p - y[:, None]) / len(y), []
    for W, h in zip(reversed(weights), reversed(outputs), strict=True):
        gradient = [(h.T @ dz).ravel(), dz.sum(axis=0), *gradient]
        dz = dz @ W.T * (1 - h**2)
    return np.concatenate(gradient)


def _gradient_by_recursion(x, y, weights, biases):
    slopes = []

    def back(h, depth):
        z = h @ weights[depth] + biases[depth]
        if depth == len(weights) - 1:
            dz = (sigmoid(z) - np.reshape(y, (-1, 1))) / len(x)
        else:
            dz = back(np.tanh(z), depth + 1) / np.cosh(z) ** 2
        slopes.append(np.vstack([h.T @ dz, dz.sum(axis=0)]).ravel())
        return dz @ weights[depth].T

    back(x, 0)
    return np.concatenate(slopes[::-1])


def _gradient_row_by_row(x, y, weights, biases):
    total = [np.zeros((W.shape[0] + 1, W.shape[1])) for W in weights]
    for row, target in zip(x, y, strict=True):
        hs = [row]
        for W, b in zip(weights, biases, strict=True):
            hs.append(np.tanh(hs[-1] @ W + b))
        z = hs[-2] @ weights[-1] + biases[-1]
        delta = sigmoid(z) - target
        for place in range(len(weights) - 1, -1, -1):
            total[place] += np.outer(np.append(hs[place], 1), delta) / len(x)
            delta = (weights[place] @ delta) * (1 - hs[place] ** 2)
    return np.concatenate([slopes.ravel() for slopes in total])


def _slopes_of(x, y, weights, biases, *, scale=None, start=None, passed=None, bias=None, order=1):
    """The backward pass that the misconceptions below share; each of them does one thing otherwise."""
    outputs, sums = [x], []
    for W, b in zip(weights, biases, strict=True):
        sums.append(outputs[-1] @ W + b)
        outputs.append(np.tanh(sums[-1]))
    p = sigmoid(sums[-1])
    dz = (p - y[:, None]) / (scale or len(y))
    dz = start(dz, p) if start else dz
    layers = []
    for place in range(len(weights) - 1, -1, -1):
        h = outputs[place]
        layers.append([(h.T @ dz).ravel(), (bias or (lambda dz: dz.sum(axis=0)))(dz)])
        if place:
            factor = passed(h, sums[place - 1]) if passed else 1 - h**2
            dz = dz @ weights[place].T * factor
    return np.concatenate([array for layer in layers[::-order] for array in layer])


def _sum_over_the_batch(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, scale=1)


def _sigmoid_slope_at_the_end(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, start=lambda dz, p: dz * p * (1 - p))


def _tanh_slope_forgotten(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, passed=lambda h, z: 1.0)


def _tanh_taken_for_sigmoid(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, passed=lambda h, z: h * (1 - h))


def _tanh_slope_at_z(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, passed=lambda h, z: 1 - z**2)


def _tanh_slope_of_the_output(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, passed=lambda h, z: 1 - np.tanh(h) ** 2)


def _biases_averaged_in_the_network(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, bias=lambda dz: dz.mean(axis=0))


def _last_layer_first(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, order=-1)


def _squared_loss_in_the_network(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, start=lambda dz, p: 2 * dz * p * (1 - p))


def _uphill_in_the_network(x, y, weights, biases):
    return _slopes_of(x, y, weights, biases, start=lambda dz, p: -dz)


def _all_weights_then_all_biases(x, y, weights, biases):
    flat, start, ws, bs = network_gradient(x, y, weights, biases), 0, [], []
    for W, b in zip(weights, biases, strict=True):
        ws.append(flat[start : start + W.size])
        bs.append(flat[start + W.size : start + W.size + b.size])
        start += W.size + b.size
    return np.concatenate(ws + bs)


def _network(rng, n, *widths):
    x, y = rng.normal(size=(n, widths[0])), rng.integers(2, size=n).astype(float)
    weights = [rng.normal(size=pair) for pair in pairwise(widths)]
    return x, y, weights, [rng.normal(size=width) for width in widths[1:]]


NETWORK_GRADIENT = Exercise(
    id="network-gradient",
    chapter=CHAPTER,
    title="Back through a network of any depth",
    reference=network_gradient,
    difficulty=3,
    checks=(
        Check("one hidden layer", 2, lambda rng: [_network(rng, 5, 2, 3, 1), _network(rng, 3, 4, 2, 1)]),
        Check("no hidden layer", 1, lambda rng: [_network(rng, 6, 3, 1)]),
        Check(
            "two hidden layers and more", 3, lambda rng: [_network(rng, 4, 3, 4, 2, 1), _network(rng, 7, 2, 3, 4, 2, 1)]
        ),
    ),
    alternatives=(_gradient_by_recursion, _gradient_row_by_row),
    misconceptions=(
        Misconception(
            _sum_over_the_batch,
            "All your slopes are too large by the number of examples. The loss is a mean: divide p - y by n, once.",
        ),
        Misconception(
            _sigmoid_slope_at_the_end,
            "All your slopes are too small. With the logistic loss the sigmoid's slope has cancelled: dz of the last "
            "layer is (p - y) / n.",
        ),
        Misconception(
            _squared_loss_in_the_network,
            "Your gradient is that of the squared loss. With the logistic loss dz of the last layer is (p - y) / n.",
        ),
        Misconception(
            _tanh_slope_forgotten,
            "The last layer is right, the layers before it are not. On the way from h back to z comes the slope of "
            "tanh, 1 - h ** 2.",
        ),
        Misconception(
            _tanh_taken_for_sigmoid,
            "The last layer is right, the layers before it are not: h (1 - h) is the slope of a sigmoid. The hidden "
            "layers have tanh, with the slope 1 - h ** 2.",
        ),
        Misconception(
            _tanh_slope_at_z,
            "The last layer is right, the layers before it are not: your slope of tanh is taken with z. Written with "
            "the output it is 1 - h ** 2.",
        ),
        Misconception(
            _tanh_slope_of_the_output,
            "The last layer is right, the layers before it are not: you apply tanh to h, which is a tanh already. The "
            "slope is 1 - h ** 2.",
        ),
        Misconception(
            _biases_averaged_in_the_network,
            "The weights are right, the biases too small by the number of examples. The 1/n is in dz already: add over "
            "the rows.",
        ),
        Misconception(
            _last_layer_first,
            "The numbers are right, the order is not. You go from the last layer to the first, but the answer begins "
            "with the first.",
        ),
        Misconception(
            _uphill_in_the_network,
            "All your signs are turned. The first slope is p - y; the minus belongs to the update.",
        ),
        Misconception(
            _all_weights_then_all_biases,
            "The numbers are right, the order is not: dW and db of the first layer, then dW and db of the second.",
        ),
    ),
    hints=(
        "Forward, keep what enters each layer in a list: x, then every h.",
        "At the end dz = (p - y) / n. Then, from the last layer to the first: dW = h.T @ dz, db = the sum of dz, and "
        "dz = dz @ W.T * (1 - h ** 2), where h is what entered the layer.",
        "y has shape (n,), p has (n, 1): use y[:, None], or the difference becomes a square.",
    ),
)


def train_network(x, y, W1, b1, W2, b2, learning_rate, steps):
    """Gradient descent on a network with one hidden layer.

    x has shape (n, d), y has shape (n, 1); W1 (d, m), b1 (m,), W2 (m, 1)
    and b2 (1,) are the starting values and stay as they are. Both layers
    have sigmoids, the loss is the mean of (p - y) ** 2, and every step
    uses all rows. Returns W1, b1, W2, b2 after `steps` steps, and p of
    shape (n, 1), what the network with these weights answers.
    """
    for step in range(steps + 1):
        h = 1 / (1 + np.exp(-(x @ W1 + b1)))
        p = 1 / (1 + np.exp(-(h @ W2 + b2)))
        if step == steps:
            return W1, b1, W2, b2, p
        dz2 = 2 * (p - y) / len(y) * p * (1 - p)
        dz1 = dz2 @ W2.T * h * (1 - h)
        W1 = W1 - learning_rate * x.T @ dz1
        b1 = b1 - learning_rate * dz1.sum(axis=0)
        W2 = W2 - learning_rate * h.T @ dz2
        b2 = b2 - learning_rate * dz2.sum(axis=0)


def _train_with_copies(x, y, W1, b1, W2, b2, learning_rate, steps):
    W1, b1, W2, b2 = (array.copy() for array in (W1, b1, W2, b2))
    for _ in range(steps):
        h = sigmoid(x @ W1 + b1)
        p = sigmoid(h @ W2 + b2)
        dz2 = 2 / len(x) * (p - y) * (p - p * p)
        dz1 = (dz2 @ W2.T) * (h - h * h)
        W2 -= learning_rate * (h.T @ dz2)
        W1 -= learning_rate * (x.T @ dz1)
        b2 -= learning_rate * np.sum(dz2, axis=0)
        b1 -= learning_rate * np.sum(dz1, axis=0)
    return W1, b1, W2, b2, sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)


def _train_with_the_biases_inside(x, y, W1, b1, W2, b2, learning_rate, steps):
    one = np.ones((len(x), 1))
    A, B, inputs = np.vstack([W1, b1]), np.vstack([W2, b2]), np.hstack([x, one])

    def forward():
        h = np.hstack([sigmoid(inputs @ A), one])
        return h, sigmoid(h @ B)

    for _ in range(steps):
        h, p = forward()
        delta = 2 * (p - y) * p * (1 - p) / len(x)
        before = (delta @ B[:-1].T) * h[:, :-1] * (1 - h[:, :-1])
        A, B = A - learning_rate * inputs.T @ before, B - learning_rate * h.T @ delta
    return A[:-1], A[-1], B[:-1], B[-1], forward()[1]


def _trained(
    x,
    y,
    W1,
    b1,
    W2,
    b2,
    learning_rate,
    steps,
    *,
    scale=None,
    without="",
    new_W2=False,
    at_z=False,
    at_p=True,
    at_h=True,
    add=np.sum,
):
    """The training that the misconceptions below share; each of them does one thing otherwise."""
    p = None
    for _ in range(steps):
        z1 = x @ W1 + b1
        h = sigmoid(z1)
        p = sigmoid(h @ W2 + b2)
        dz2 = (scale or 2 / len(y)) * (p - y) * (p * (1 - p) if at_p else 1)
        step_2 = learning_rate * h.T @ dz2
        if new_W2:
            W2 = W2 - step_2
        slope = z1 * (1 - z1) if at_z else h * (1 - h)
        dz1 = dz2 @ W2.T * (slope if at_h else 1)
        if not new_W2:
            W2 = W2 - step_2
        W1 = W1 - learning_rate * x.T @ dz1
        if "b1" not in without:
            b1 = b1 - learning_rate * add(dz1, axis=0)
        if "b2" not in without:
            b2 = b2 - learning_rate * add(dz2, axis=0)
    return W1, b1, W2, b2, p


def _fresh(x, W1, b1, W2, b2, _):
    return W1, b1, W2, b2, sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)


def _answers_of_the_last_but_one(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _trained(x, y, W1, b1, W2, b2, learning_rate, steps)


def _biases_stay(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, without="b1 b2"))


def _hidden_biases_stay(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, without="b1"))


def _new_weights_on_the_way_back(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, new_W2=True))


def _sum_of_squares_descended(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, scale=2.0))


def _half_the_sum_descended(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, scale=1.0))


def _factor_two_left_out(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, scale=1 / len(y)))


def _steps_uphill(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, -learning_rate, steps))


def _derivative_fed_with_z(x, y, W1, b1, W2, b2, learning_rate, steps):
    with np.errstate(all="ignore"):
        return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, at_z=True))


def _logistic_loss_descended(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, at_p=False, scale=1 / len(y)))


def _output_slope_left_out(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, at_p=False))


def _hidden_slope_left_out(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, at_h=False))


def _biases_averaged_in_training(x, y, W1, b1, W2, b2, learning_rate, steps):
    return _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps, add=np.mean))


def _starts_overwritten(x, y, W1, b1, W2, b2, learning_rate, steps):
    new = _fresh(x, *_trained(x, y, W1, b1, W2, b2, learning_rate, steps))
    for old, array in zip((W1, b1, W2, b2), new, strict=False):
        old[...] = array
    return W1, b1, W2, b2, new[-1]


def _start(rng, n, d, m):
    return rng.normal(size=(d, m)), rng.normal(size=m), rng.normal(size=(m, 1)), rng.normal(size=1)


def _xor_case(rng, rate, steps):
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, np.array([[0.0], [1.0], [1.0], [0.0]]), *_start(rng, 4, 2, 2), rate, steps


def _other_case(rng, n, d, m, rate, steps):
    return rng.normal(size=(n, d)), rng.integers(2, size=(n, 1)).astype(float), *_start(rng, n, d, m), rate, steps


TRAIN_NETWORK = Exercise(
    id="train-network",
    chapter=CHAPTER,
    title="A network that learns, from an empty file",
    reference=train_network,
    returns=("W1", "b1", "W2", "b2", "p"),
    difficulty=2,
    checks=(
        Check("one step", 2, lambda rng: [_xor_case(rng, 0.5, 1), _other_case(rng, 5, 3, 2, 0.8, 1)]),
        Check("many steps", 3, lambda rng: [_xor_case(rng, 1.0, 40), _other_case(rng, 6, 2, 4, 0.5, 25)]),
    ),
    alternatives=(_train_with_copies, _train_with_the_biases_inside),
    misconceptions=(
        Misconception(
            _answers_of_the_last_but_one,
            "The weights are right, p is not: it was computed before the last update. Go forward once more at the end.",
        ),
        Misconception(
            _biases_stay,
            "Your biases are still where they started. They have slopes like the weights: the sums of dz1 and of dz2 "
            "over the rows.",
        ),
        Misconception(
            _hidden_biases_stay,
            "Your b1 is still where it started. Its slope is the sum of dz1 over the rows.",
        ),
        Misconception(
            _new_weights_on_the_way_back,
            "W2 is right after the first step, W1 is not: you send the slope back through the W2 that has just been "
            "changed. First all slopes, then all updates.",
        ),
        Misconception(
            _sum_of_squares_descended,
            "Your steps are too long by the number of rows. The loss is a mean: divide by n.",
        ),
        Misconception(
            _half_the_sum_descended,
            "Your steps are those of half the sum of squares. The loss here is their mean: the factor 2 / n.",
        ),
        Misconception(
            _factor_two_left_out,
            "Your steps are half as long as they should be. The derivative of the square brings a factor 2.",
        ),
        Misconception(_steps_uphill, "Your loss rises. Take the slope times the rate away from the weights: minus."),
        Misconception(
            _derivative_fed_with_z,
            "W2 is right after the first step, W1 is not: h (1 - h) wants the output h, and z went in.",
        ),
        Misconception(
            _logistic_loss_descended,
            "Your steps are those of the logistic loss, where p - y is all that is left. The loss here is the mean of "
            "(p - y) ** 2: the factors 2 and p (1 - p) stay.",
        ),
        Misconception(
            _output_slope_left_out,
            "Your steps are too long from the output on. Between the loss and z2 comes the output's sigmoid, with the "
            "slope p (1 - p).",
        ),
        Misconception(
            _hidden_slope_left_out,
            "W2 is right after the first step, W1 moves too far. On the way from h back to z1 comes the slope "
            "h (1 - h).",
        ),
        Misconception(
            _biases_averaged_in_training,
            "The weights are right after the first step, the biases move too little. The 1/n is in dz already: add "
            "over the rows.",
        ),
        Misconception(
            _starts_overwritten,
            "The numbers are right, but `-=` has changed the caller's arrays. Write `W1 = W1 - ...`, or copy first.",
        ),
    ),
    hints=(
        "A step: forward, keeping h and p; then dz2 and dz1; then the four updates.",
        "dz2 = 2 * (p - y) / n * p * (1 - p), and dz1 = dz2 @ W2.T * h * (1 - h).",
        "Compute both before you change anything, and go forward once more after the last step.",
    ),
)


EXERCISES = (
    NEURON_BACKWARD,
    BACKPROP_321,
    DENSE_BACKWARD,
    GRADIENT_ERROR,
    TRAIN_NETWORK,
    NETWORK_GRADIENT,
)

QUIZ = (
    Question(
        "What does backpropagation compute?",
        (
            Choice(
                "The new weights",
                False,
                "These come from the optimizer, which takes the slopes and makes a step of them. Backpropagation "
                "changes nothing.",
            ),
            Choice(
                "The slope of the loss in every parameter",
                True,
                "It is the chain rule, ordered so that nothing is computed twice. What is done with the slopes is the "
                "optimizer's business.",
            ),
            Choice(
                "How much of the error each weight has caused",
                False,
                "A slope says how fast the loss changes if the weight is nudged. A weight on which everything depends "
                "can have a slope close to 0.",
            ),
            Choice(
                "The weights with the smallest loss",
                False,
                "Nothing in it searches. It looks at one place and says which way the loss changes there.",
            ),
        ),
    ),
    Question(
        "In the 3-2-1 network, x_2 is 0 for some student. Which parameters have the slope 0 for this student?",
        (
            Choice(
                "w_3 and w_4",
                True,
                "The slope of a weight is what enters it times the delta where it ends. What enters w_3 and w_4 is 0.",
            ),
            Choice(
                "w_3, w_4, b_1 and b_2",
                False,
                "A bias is entered by the constant 1, so its slope is the delta of its neuron, whatever x_2 is.",
            ),
            Choice(
                "All of the first layer",
                False,
                "The slopes of w_1, w_2, w_5 and w_6 have x_1 and x_3 as factors. A 0 in x_2 does not touch them.",
            ),
            Choice(
                "None",
                False,
                "Nudge w_3: the product x_2 w_3 stays 0, so nothing behind it moves, and neither does the loss.",
            ),
        ),
    ),
    Question(
        "A hidden neuron feeds three output neurons. How does the slope of the loss in its output h come about?",
        (
            Choice(
                "The three deltas, each times the weight on its link, are added",
                True,
                "Multiply along each path, add where paths meet. In matrices: an entry of dz @ W.T.",
            ),
            Choice(
                "The three deltas, each times the weight on its link, are multiplied",
                False,
                "Factors are multiplied along one path. Different paths are added: a nudge of h moves the loss through "
                "all three.",
            ),
            Choice(
                "The largest of the three deltas counts",
                False,
                "A nudge of h moves all three outputs, and the loss feels all of it.",
            ),
            Choice(
                "The deltas are averaged",
                False,
                "There is no division: three outputs that all move the loss move it three times.",
            ),
        ),
    ),
    Question(
        "A gradient check finds relative errors of 1e-9 in the weights and of 0.5 in all biases. What is likely?",
        (
            Choice(
                "Rounding: the step of the measurement is too small",
                False,
                "Rounding makes crooked errors, and it would touch the weights as well.",
            ),
            Choice(
                "The biases' slopes lack a factor, such as 2 or the number of examples",
                True,
                "A mistake in a formula has a clean number. With a batch of two, a mean in the place of a sum gives "
                "just this.",
            ),
            Choice(
                "Nothing: 0.5 is small",
                False,
                "For a relative error it is huge: one slope is twice the other.",
            ),
            Choice(
                "The network has not been trained long enough",
                False,
                "A gradient is right or wrong at every place, trained or not.",
            ),
        ),
    ),
    Question(
        "Training on XOR has come to rest: the gradient is 0.0001 long and the loss stands at 0.167. What do you know?",
        (
            Choice(
                "The loss is as small as this network can make it",
                False,
                "Other starts reach a loss near 0 with the same network. At rest is not at the bottom.",
            ),
            Choice(
                "The gradient is wrong",
                False,
                "A right gradient is small on every level stretch, whatever the loss is there.",
            ),
            Choice(
                "The steps have become small, no more",
                True,
                "Converged, minimal and accurate are three claims. Only the first can be read off a small gradient.",
            ),
        ),
    ),
    Question(
        "Why do the weights of a hidden layer start at random values?",
        (
            Choice(
                "Zero is outside the range that a sigmoid can use",
                False,
                "A sigmoid is steepest at the score 0. A single sigmoid neuron may well start there.",
            ),
            Choice(
                "Equal neurons have equal slopes, so they would stay equal for ever",
                True,
                "Forward they say the same, backward they hear the same, and equal steps keep them equal.",
            ),
            Choice(
                "Random starts make sure that training finds the smallest loss",
                False,
                "They break the tie between neurons. Of two hundred random starts on XOR, some still got stuck.",
            ),
            Choice(
                "Otherwise the biases could not start at 0",
                False,
                "It is the other way round: because the weights differ already, the biases may all start at 0.",
            ),
        ),
    ),
)
