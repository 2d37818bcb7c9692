"""Chapter 3, multilayer perceptrons: counting parameters, shapes of a layer, the 3-2-1 network, linear stacks, XOR."""

from itertools import pairwise

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "multilayer-perceptrons"


def count_parameters(sizes):
    """The number of parameters of a fully connected network, weights and
    biases.

    sizes lists the widths from the input to the output, such as [3, 2, 1],
    and stays as it is. Every layer after the input has one weight for each
    of its connections and one bias for each of its neurons. Returns a whole
    number.
    """
    weights = sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1))
    biases = sum(sizes[1:])
    return weights + biases


def _count_pair_by_pair(sizes):
    total = 0
    for d_in, d_out in pairwise(sizes):
        total += (d_in + 1) * d_out
    return total


def _count_with_a_dot_product(sizes):
    widths = np.array(sizes)
    return widths[:-1] @ widths[1:] + widths[1:].sum()


def _count_real_arrays(sizes):
    arrays = [np.empty((d_in, d_out)) for d_in, d_out in pairwise(sizes)]
    return sum(W.size + W.shape[1] for W in arrays)


def _biases_forgotten(sizes):
    return sum(d_in * d_out for d_in, d_out in pairwise(sizes))


def _one_bias_a_layer(sizes):
    return sum(d_in * d_out + 1 for d_in, d_out in pairwise(sizes))


def _biases_for_the_input(sizes):
    return _biases_forgotten(sizes) + sum(sizes)


def _neurons_counted(sizes):
    return sum(sizes)


def _all_sizes_multiplied(sizes):
    return int(np.prod(sizes))


def _list_used_up(sizes):
    total = 0
    while len(sizes) > 1:
        total += (sizes.pop(0) + 1) * sizes[0]
    return total


def _bias_for_every_input_neuron(sizes):
    return sum(d_in * d_out + d_in for d_in, d_out in pairwise(sizes))


COUNT_PARAMETERS = Exercise(
    id="count-parameters",
    chapter=CHAPTER,
    title="Count the parameters",
    reference=count_parameters,
    difficulty=1,
    checks=(
        Check(
            "one hidden layer", 1, lambda rng: [([3, 2, 1],), ([4, 7, 3],), ([int(n) for n in rng.integers(2, 20, 3)],)]
        ),
        Check(
            "any depth",
            1,
            lambda rng: [
                ([10, 32, 16, 1],),
                ([30, 16, 8, 1],),
                ([6, 4],),
                ([5],),
                ([int(n) for n in rng.integers(2, 20, 6)],),
            ],
        ),
    ),
    alternatives=(_count_pair_by_pair, _count_with_a_dot_product, _count_real_arrays),
    misconceptions=(
        Misconception(
            _biases_forgotten, "You count the weights only. Every neuron after the input has a bias of its own as well."
        ),
        Misconception(
            _one_bias_a_layer, "You give each layer one bias. Each neuron has its own: as many as the layer is wide."
        ),
        Misconception(
            _biases_for_the_input,
            "You count biases for the input too. Inputs are numbers that come from outside: they compute nothing.",
        ),
        Misconception(
            _neurons_counted, "You count the neurons. Parameters sit on the connections, plus one bias for each neuron."
        ),
        Misconception(
            _all_sizes_multiplied,
            "You multiply all widths together. Only neighbours are connected: one product for each pair, then the sum.",
        ),
        Misconception(
            _list_used_up, "The count is right, but `pop` empties the caller's list. Read it with an index or `zip`."
        ),
        Misconception(
            _bias_for_every_input_neuron,
            "Your biases are counted at the side where the connections begin. They belong to the neurons that receive.",
        ),
    ),
    hints=(
        "Draw 3-2-1 and count the lines between neighbouring layers. Then give every neuron that receives lines a "
        "bias.",
        "Between a layer of d_in and one of d_out: d_in * d_out weights and d_out biases.",
    ),
)


def dense_forward(x, W, b):
    """The scores of one dense layer for a batch of examples.

    x has shape (n, d_in), one example a row. W has shape (d_in, d_out), one
    neuron a column. b has shape (d_out,). Returns z of shape (n, d_out). No
    activation is applied.
    """
    return x @ W + b


def _dense_by_loop(x, W, b):
    z = np.empty((len(x), len(b)))
    for i, row in enumerate(x):
        for k in range(len(b)):
            z[i, k] = sum(row * W[:, k]) + b[k]
    return z


def _dense_with_einsum(x, W, b):
    return np.einsum("ni,io->no", x, W) + b


def _dense_with_columns_turned_back(x, W, b):
    return (W.T @ x.T + b[:, np.newaxis]).T


def _weights_first(x, W, b):
    return W @ x + b


def _weights_transposed(x, W, b):
    return x @ W.T + b


def _examples_as_columns(x, W, b):
    return W.T @ x.T + b[:, None]


def _neurons_added_together(x, W, b):
    return np.sum(x @ W + b, axis=1)


def _no_bias(x, W, b):
    return x @ W


def _biases_added_together(x, W, b):
    return x @ W + np.sum(b)


def _activation_applied(x, W, b):
    return 1 / (1 + np.exp(-(x @ W + b)))


def _entry_by_entry(x, W, b):
    return x * W + b


DENSE_FORWARD = Exercise(
    id="dense-forward",
    chapter=CHAPTER,
    title="One dense layer",
    reference=dense_forward,
    difficulty=1,
    checks=(
        Check(
            "one example",
            1,
            lambda rng: [
                (
                    np.array([[1.0, 0.5, -1.0]]),
                    np.array([[0.1, 0.2], [0.3, -0.1], [-0.2, 0.4]]),
                    np.array([0.5, -0.25]),
                ),
                (rng.normal(size=(1, 2)), rng.normal(size=(2, 4)), rng.normal(size=4)),
            ],
        ),
        Check(
            "a batch of examples",
            2,
            lambda rng: [
                (
                    np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5], [-2.0, 1.0]]),
                    np.array([[1.0, 0.5, -1.0], [2.0, -0.5, 0.25]]),
                    np.array([0.5, -1.0, 2.0]),
                ),
                (rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)),
                (rng.normal(size=(2, 4)), rng.normal(size=(4, 6)), rng.normal(size=6)),
            ],
        ),
    ),
    alternatives=(_dense_by_loop, _dense_with_einsum, _dense_with_columns_turned_back),
    misconceptions=(
        Misconception(
            _weights_first,
            "W stands first, as in books where examples are columns. Here examples are rows, so x comes first: x @ W.",
        ),
        Misconception(
            _weights_transposed,
            "W need not be transposed: it has shape (d_in, d_out) already, so its rows meet the inputs of x.",
        ),
        Misconception(
            _examples_as_columns,
            "The numbers are right but stand on their side: one example a column. Here examples are rows, shape (n, "
            "d_out).",
        ),
        Misconception(
            _neurons_added_together,
            "You add the neurons of the layer into one number. Each neuron, a column of W, keeps its own score.",
        ),
        Misconception(_no_bias, "The biases are missing: add b, and NumPy repeats it for every row."),
        Misconception(
            _biases_added_together,
            "Every neuron receives the sum of all biases. Add b itself: each neuron its own entry.",
        ),
        Misconception(_activation_applied, "You apply an activation as well. Stop at the scores z."),
        Misconception(
            _entry_by_entry,
            "`*` multiplies entry by entry. A layer multiplies and adds up, row of x with column of W: that is `@`.",
        ),
    ),
    hints=(
        "Write the shapes under each other: (n, d_in) @ (d_in, d_out) leaves (n, d_out).",
        "b has shape (d_out,), so adding it reaches every row.",
    ),
)


def forward_321(x, w, b):
    """The forward pass of the 3-2-1 network, sigmoid in both layers, for one
    example.

    x has shape (3,). w lists the eight weights: x_1 sends its value through
    w_1 to the first hidden neuron and through w_2 to the second, x_2
    through w_3 and w_4, x_3 through w_5 and w_6; w_7 and w_8 lead from the
    two hidden neurons to the output. b lists the biases of the two hidden
    neurons and of the output. Returns four values: the hidden scores z1
    (2,), the hidden outputs h (2,), the output's score z2, and the output
    y_hat.
    """
    W1, W2 = w[:6].reshape(3, 2), w[6:]
    z1 = x @ W1 + b[:2]
    h = 1 / (1 + np.exp(-z1))
    z2 = h @ W2 + b[2]
    y_hat = 1 / (1 + np.exp(-z2))
    return z1, h, z2, y_hat


def _network_weight_by_weight(x, w, b):
    z_first = x[0] * w[0] + x[1] * w[2] + x[2] * w[4] + b[0]
    z_second = x[0] * w[1] + x[1] * w[3] + x[2] * w[5] + b[1]
    h_first, h_second = 1 / (1 + np.exp(-z_first)), 1 / (1 + np.exp(-z_second))
    z2 = h_first * w[6] + h_second * w[7] + b[2]
    return [z_first, z_second], [h_first, h_second], z2, 1 / (1 + np.exp(-z2))


def _network_with_strides(x, w, b):
    z1 = np.array([np.dot(x, w[0:6:2]), np.dot(x, w[1:6:2])]) + b[:-1]
    h = 0.5 + 0.5 * np.tanh(0.5 * z1)
    z2 = np.sum(h * w[-2:]) + b[-1]
    return z1, h, z2, 0.5 + 0.5 * np.tanh(0.5 * z2)


def _passed_on(x, W1, b, W2, *, hidden=True, output=True):
    """The forward pass that the misconceptions below share, given the arrays they take the lists for."""
    z1 = x @ W1 + b[:2]
    h = 1 / (1 + np.exp(-z1))
    z2 = (h if hidden else z1) @ W2 + b[2]
    return z1, h, z2, 1 / (1 + np.exp(-z2)) if output else z2


def _weights_dealt_by_neuron(x, w, b):
    return _passed_on(x, w[:6].reshape(2, 3).T, b, w[6:])


def _biases_left_out(x, w, b):
    return _passed_on(x, w[:6].reshape(3, 2), np.zeros(3), w[6:])


def _one_bias_for_both(x, w, b):
    return _passed_on(x, w[:6].reshape(3, 2), b[[0, 0, 1]], w[6:])


def _output_not_squashed(x, w, b):
    return _passed_on(x, w[:6].reshape(3, 2), b, w[6:], output=False)


def _hidden_scores_passed_on(x, w, b):
    return _passed_on(x, w[:6].reshape(3, 2), b, w[6:], hidden=False)


def _one_sum_for_the_layer(x, w, b):
    z1 = np.sum(x @ w[:6].reshape(3, 2)) + b[0]
    h = 1 / (1 + np.exp(-z1))
    z2 = h * w[6] + h * w[7] + b[2]
    return z1, h, z2, 1 / (1 + np.exp(-z2))


def _output_weights_swapped(x, w, b):
    return _passed_on(x, w[:6].reshape(3, 2), b, w[[7, 6]])


def _hidden_not_squashed(x, w, b):
    z1 = x @ w[:6].reshape(3, 2) + b[:2]
    z2 = z1 @ w[6:] + b[2]
    return z1, z1, z2, 1 / (1 + np.exp(-z2))


def _output_bias_left_out(x, w, b):
    return _passed_on(x, w[:6].reshape(3, 2), b * [1, 1, 0], w[6:])


FORWARD_321 = Exercise(
    id="forward-3-2-1",
    chapter=CHAPTER,
    title="Through the 3-2-1 network",
    reference=forward_321,
    returns=("z1", "h", "z2", "y_hat"),
    difficulty=2,
    checks=(
        Check(
            "without biases",
            2,
            lambda rng: [
                (
                    np.array([1.0, 0.5, -1.0]),
                    np.array([0.1, 0.2, 0.3, -0.1, -0.2, 0.4, 0.5, -0.3]),
                    np.zeros(3),
                ),
                (rng.normal(size=3), rng.normal(size=8), np.zeros(3)),
            ],
        ),
        Check(
            "with biases",
            2,
            lambda rng: [
                (
                    np.array([1.0, 0.5, -1.0]),
                    np.array([0.1, 0.2, 0.3, -0.1, -0.2, 0.4, 0.5, -0.3]),
                    np.array([0.5, -0.25, 1.0]),
                ),
                (rng.normal(size=3), rng.normal(size=8), rng.normal(size=3)),
            ],
        ),
    ),
    alternatives=(_network_weight_by_weight, _network_with_strides),
    misconceptions=(
        Misconception(
            _weights_dealt_by_neuron,
            "You give w_1, w_2, w_3 to the first neuron. In this numbering w_1 and w_2 both leave x_1: the rows of "
            "the (3, 2) matrix.",
        ),
        Misconception(_biases_left_out, "The biases are left out: b_1 and b_2 in the hidden layer, b_3 at the output."),
        Misconception(
            _one_bias_for_both,
            "Both hidden neurons use b_1, and the output uses b_2. Each neuron has its own bias, in order.",
        ),
        Misconception(_output_not_squashed, "The output neuron has a sigmoid too: y_hat is sigmoid(z2), not z2."),
        Misconception(
            _hidden_scores_passed_on,
            "You pass the hidden scores z1 on to the output. What a neuron sends is its output, h = sigmoid(z1).",
        ),
        Misconception(
            _one_sum_for_the_layer,
            "You add all six products into one number. There are two hidden neurons, so there are two sums of three "
            "products.",
        ),
        Misconception(_output_weights_swapped, "w_7 and w_8 are swapped: w_7 comes from the first hidden neuron."),
        Misconception(
            _hidden_not_squashed,
            "The hidden neurons have a sigmoid too: h is sigmoid(z1), and it is h that goes on to the output.",
        ),
        Misconception(
            _output_bias_left_out,
            "The output's bias b_3 is missing: z2 is the weighted sum of h plus b_3.",
        ),
    ),
    hints=(
        "Write the sum of the first hidden neuron on paper: which three weights end there?",
        "w_1 to w_6 as a matrix with one row an input and one column a neuron: `w[:6].reshape(3, 2)`.",
        "The output layer repeats the same three lines: weighted sum, bias, sigmoid.",
    ),
)


def collapse_linear(weights, biases):
    """The one layer that does the same as a stack of layers without
    activations.

    weights lists the matrices W of the layers from first to last, biases
    their vectors b; the lists are equally long, with at least one layer,
    and each layer computes x @ W + b from what the one before it returned.
    Returns W and b of the single layer. The lists and their arrays stay as
    they are.
    """
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W, b = W @ W_next, b @ W_next + b_next
    return W, b


def _collapse_by_probing(weights, biases):
    def stack(x):
        for W, b in zip(weights, biases, strict=True):
            x = x @ W + b
        return x

    d = weights[0].shape[0]
    b = stack(np.zeros(d))
    return stack(np.eye(d)) - b, b


def _collapse_from_the_end(weights, biases):
    W = np.eye(weights[-1].shape[1])
    b = np.zeros(weights[-1].shape[1])
    for W_i, b_i in zip(reversed(weights), reversed(biases), strict=True):
        b = b + b_i @ W
        W = W_i @ W
    return W, b


def _collapse_with_bordered_matrices(weights, biases):
    bordered = []
    for W, b in zip(weights, biases, strict=True):
        M = np.zeros((W.shape[0] + 1, W.shape[1] + 1))
        M[:-1, :-1], M[-1, :-1], M[-1, -1] = W, b, 1
        bordered.append(M)
    M = bordered[0] if len(bordered) == 1 else np.linalg.multi_dot(bordered)
    return M[:-1, :-1], M[-1, :-1]


def _wrong_order(weights, biases):
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


def _biases_just_added(weights, biases):
    W = weights[0]
    for W_next in weights[1:]:
        W = W @ W_next
    return W, sum(biases)


def _last_bias_only(weights, biases):
    W = weights[0]
    for W_next in weights[1:]:
        W = W @ W_next
    return W, biases[-1]


def _later_biases_lost(weights, biases):
    W, b = weights[0], biases[0]
    for W_next in weights[1:]:
        W, b = W @ W_next, b @ W_next
    return W, b


def _two_layers_only(weights, biases):
    if len(weights) == 1:
        return weights[0], biases[0]
    return weights[0] @ weights[1], biases[0] @ weights[1] + biases[1]


def _matrix_alone(weights, biases):
    W = weights[0]
    for W_next in weights[1:]:
        W = W @ W_next
    return W


def _stack(rng, *widths):
    pairs = list(pairwise(widths))
    return [rng.normal(size=pair) for pair in pairs], [rng.normal(size=d_out) for _, d_out in pairs]


def _weights_updated_first(weights, biases):
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W = W @ W_next
        b = b @ W + b_next
    return W, b


def _weights_updated_first_from_the_end(weights, biases):
    W, b = weights[-1], biases[-1]
    for W_before, b_before in zip(weights[-2::-1], biases[-2::-1], strict=True):
        W = W_before @ W
        b = b_before @ W + b
    return W, b


COLLAPSE_LINEAR = Exercise(
    id="collapse-linear",
    chapter=CHAPTER,
    title="Layers without activations collapse",
    reference=collapse_linear,
    returns=("W", "b"),
    difficulty=2,
    checks=(
        Check(
            "one or two layers",
            1,
            lambda rng: [
                (
                    [np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 1.0]]), np.array([[2.0], [1.0], [-1.0]])],
                    [np.array([1.0, 0.5, -2.0]), np.array([0.25])],
                ),
                _stack(rng, 4, 2, 3),
                _stack(rng, 3, 2),
            ],
        ),
        Check("three layers and more", 2, lambda rng: [_stack(rng, 3, 5, 4, 1), _stack(rng, 2, 4, 3, 5, 6)]),
    ),
    alternatives=(_collapse_by_probing, _collapse_from_the_end, _collapse_with_bordered_matrices),
    misconceptions=(
        Misconception(
            _wrong_order,
            "Your product runs backwards. With examples as rows, the first layer's matrix stands first: W_1 @ W_2.",
        ),
        Misconception(
            _biases_just_added,
            "Biases do not simply add up: what the first layer adds still passes through all later weights.",
        ),
        Misconception(
            _last_bias_only, "Only the last bias is left. The earlier ones arrive too, through the weights after them."
        ),
        Misconception(
            _later_biases_lost,
            "You carry the first bias through the weights, but every later layer adds its own bias as well.",
        ),
        Misconception(
            _two_layers_only, "Your function stops after two layers. Collapse pair by pair, until one layer is left."
        ),
        Misconception(
            _matrix_alone, "You return the matrix alone. The collapsed layer has a bias too: return W and b."
        ),
        Misconception(
            _weights_updated_first,
            "You multiply b by the product W, which contains the layers before it already. A bias passes through the "
            "layers after its own: b @ W_next.",
        ),
        Misconception(
            _weights_updated_first_from_the_end,
            "You update W first and then send the bias through it. Update b before W: a bias passes through the "
            "layers after its own, not through its own.",
        ),
    ),
    hints=(
        "Put the first layer's x @ W_1 + b_1 into the second and multiply out. What stands with x, what stands alone?",
        "Two layers give W = W_1 @ W_2 and b = b_1 @ W_2 + b_2.",
        "Then treat the result as the first layer and go on to the next.",
    ),
)


def xor_network():
    """A 2-2-1 sigmoid network that computes XOR, with weights chosen by hand.

    The network answers sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2). Returns W1
    of shape (2, 2), b1 (2,), W2 (2, 1) and b2 (1,), such that it answers
    within 0.05 of 0, 1, 1, 0 to (0, 0), (0, 1), (1, 0), (1, 1).
    """
    W1 = np.array([[20.0, -20.0], [20.0, -20.0]])
    b1 = np.array([-10.0, 30.0])
    W2 = np.array([[20.0], [20.0]])
    b2 = np.array([-30.0])
    return W1, b1, W2, b2


CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _xor_without_biases():
    return [[10.0, 1.0], [10.0, 1.0]], [0.0, 0.0], [[50.0], [-62.5]], [0.0]


def _xor_from_one_sided_neurons():
    W1 = 15 * np.array([[1.0, -1.0], [-1.0, 1.0]])
    return W1, np.full(2, -7.5), np.full((2, 1), 15.0), np.array([-7.5])


def _xor_from_or_and_and():
    return [[20.0, 20.0], [20.0, 20.0]], [-10.0, -30.0], [[20.0], [-20.0]], [-10.0]


def _xor_with_nand_first():
    return 24 * np.array([[-1, 1], [-1, 1]]), np.array([36, -12]), np.array([[24], [24]]), np.array([-36])


def _weights_of_step_neurons():
    return [[1.0, 1.0], [1.0, 1.0]], [-0.5, -1.5], [[1.0], [-1.0]], [-0.5]


def _weights_too_small():
    return [[6.0, 6.0], [6.0, 6.0]], [-3.0, -9.0], [[6.0], [-6.0]], [-3.0]


def _biases_not_turned():
    return [[20.0, 20.0], [20.0, 20.0]], [10.0, 30.0], [[20.0], [-20.0]], [10.0]


def _or_network():
    return [[20.0, 20.0], [20.0, 20.0]], [-10.0, -10.0], [[20.0], [20.0]], [-10.0]


def _and_network():
    return [[20.0, 20.0], [20.0, 20.0]], [-10.0, -30.0], [[20.0], [20.0]], [-30.0]


def _xnor_network():
    return [[20.0, 20.0], [20.0, 20.0]], [-10.0, -30.0], [[-20.0], [20.0]], [10.0]


def _biases_not_scaled():
    return [[20.0, 20.0], [20.0, 20.0]], [-0.5, -1.5], [[20.0], [-20.0]], [-0.5]


def _biases_not_scaled_with_nand():
    return [[20.0, -20.0], [20.0, -20.0]], [-0.5, 1.5], [[20.0], [20.0]], [-1.5]


def _or_at_the_end():
    return [[20.0, -20.0], [20.0, -20.0]], [-10.0, 30.0], [[20.0], [20.0]], [-10.0]


def _step_neurons_with_nand():
    return [[1.0, -1.0], [1.0, -1.0]], [-0.5, 1.5], [[1.0], [1.0]], [-1.5]


SHOWN = "(0, 0), (0, 1), (1, 0), (1, 1)"


def _rounded(answers):
    return ", ".join("1" if answer >= 0.5 else "0" for answer in answers)


def _judge_xor(tolerance):
    def judge(args, output):
        W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in output)
        hidden = 0.5 * (1 + np.tanh((CORNERS @ W1 + b1) / 2))
        answers = 0.5 * (1 + np.tanh((hidden @ W2 + b2) / 2)).ravel()
        if np.array_equal(answers >= 0.5, [True, False, False, True]):
            return f"To {SHOWN} your network answers 1, 0, 0, 1, rounded; XOR is 0, 1, 1, 0."
        if np.any((answers >= 0.5) != [False, True, True, False]):
            one, other = sorted(map(_rounded, hidden.T))
            far = " (some of them are far from 0 and 1)" if np.any(np.abs(hidden - 0.5) < 0.4) else ""
            return (
                f"To {SHOWN} one hidden neuron answers {one}, the other {other}, rounded{far}; "
                f"so your network answers {_rounded(answers)}. XOR is 0, 1, 1, 0."
            )
        if np.max(np.abs(answers - [0, 1, 1, 0])) > tolerance:
            return f"All four answers lie on the right side of 0.5, but not all within {tolerance} of 0 or 1."
        return None

    return judge


XOR_BY_HAND = Exercise(
    id="xor-by-hand",
    chapter=CHAPTER,
    title="XOR by hand",
    reference=xor_network,
    returns=("W1", "b1", "W2", "b2"),
    difficulty=2,
    checks=(
        Check("the answers, rounded, are XOR", 2, lambda rng: [()], judge=_judge_xor(0.5)),
        Check("every answer is sure", 2, lambda rng: [()], judge=_judge_xor(0.05)),
    ),
    alternatives=(_xor_without_biases, _xor_from_one_sided_neurons, _xor_from_or_and_and, _xor_with_nand_first),
    misconceptions=(
        Misconception(
            _weights_of_step_neurons,
            "These weights suit step neurons. A sigmoid this flat never makes up its mind: multiply all weights and "
            "biases by 10 or 20.",
        ),
        Misconception(
            _weights_too_small,
            "The right network, not yet decided enough. Scale all weights and biases up: that steepens every sigmoid.",
        ),
        Misconception(
            _biases_not_turned,
            "Every neuron fires for (0, 0) already, where the hidden scores are the biases alone. Are the signs of "
            "your biases turned? A bias is minus the threshold.",
        ),
        Misconception(
            _biases_not_scaled,
            "Both hidden neurons answer like OR. If you have scaled the weights up, scale the biases with them: beside "
            "weights of 20, a bias of -1.5 lets a single one fire the neuron that should wait for two.",
        ),
        Misconception(
            _biases_not_scaled_with_nand,
            "One hidden neuron is silent at a single one already, a NOR. For NAND its bias has to be as large beside "
            "its weights as 1.5 is beside -1: scale the biases together with the weights.",
        ),
        Misconception(
            _or_at_the_end,
            "Your hidden neurons are right: OR and NAND. But the last neuron fires for one of them alone, and it has "
            "to ask for both. Lower its bias: to about -30 where its weights are 20.",
        ),
        Misconception(
            _step_neurons_with_nand,
            "OR and NAND, joined by AND: the plan is right, and with step neurons it would work. Sigmoids need larger "
            "scores to be sure: multiply all weights and biases by 20.",
        ),
        Misconception(
            _or_network, "Your network computes OR. A second hidden neuron has to notice two ones and veto them."
        ),
        Misconception(
            _and_network,
            "Your network computes AND. The second hidden neuron should speak against: give it a negative weight.",
        ),
        Misconception(_xnor_network, "Every answer is turned around. Change the signs of W2 and b2."),
    ),
    hints=(
        "You have built XOR from threshold neurons already. A steep sigmoid is almost a step.",
        "Hidden neurons: one for OR, one for NAND. Output: the AND of the two.",
        "Take weights of size 20, and put each bias halfway between the sums that it has to tell apart.",
    ),
)


EXERCISES = (COUNT_PARAMETERS, DENSE_FORWARD, FORWARD_321, COLLAPSE_LINEAR, XOR_BY_HAND)

QUIZ = (
    Question(
        "Five students with three features each enter a layer of two neurons: x has shape (5, 3). What are the shapes?",
        (
            Choice(
                "W is (3, 2), the result is (3, 2) too",
                False,
                "(3, 2) is the shape of the weights. The three features are summed over and vanish from the result.",
            ),
            Choice(
                "W is (3, 2), the result (5, 2)",
                True,
                "(5, 3) @ (3, 2) leaves (5, 2): one row a student, one column a neuron.",
            ),
            Choice(
                "W is (2, 3), the result (5, 2)",
                False,
                "x @ W needs W to begin with 3. (2, 3) is the convention in which examples are columns.",
            ),
            Choice(
                "W is (3, 2), the result (5,)",
                False,
                "That would add the two neurons together. Each keeps its own score.",
            ),
        ),
    ),
    Question(
        "How many parameters has a 3-2-1 network?",
        (
            Choice(
                "8",
                False,
                "These are the weights. Each hidden neuron and the output has a bias as well.",
            ),
            Choice(
                "10",
                False,
                "This counts one bias a layer. There is one bias a neuron.",
            ),
            Choice(
                "11",
                True,
                "3 * 2 + 2 * 1 = 8 weights, and one bias for each of the 2 + 1 neurons.",
            ),
            Choice(
                "14",
                False,
                "This gives biases to the three inputs as well, but inputs compute nothing.",
            ),
        ),
    ),
    Question(
        "Each example belongs to exactly one of three classes. Which output layer is usual?",
        (
            Choice(
                "Three neurons with a softmax",
                True,
                "One score a class, turned into three positive numbers that sum to 1. So it goes for every number of "
                "classes from three on; two classes need one sigmoid only.",
            ),
            Choice(
                "Two neurons, since two bits can name three classes",
                False,
                "Codes of bits would make some classes neighbours of others for no reason. From three classes on, "
                "one output a class is the usual form.",
            ),
            Choice(
                "One sigmoid neuron",
                False,
                "One sigmoid is enough for two classes. For three, its one number would put them in an order.",
            ),
        ),
    ),
    Question(
        "A 3-5-4-1 network has no activations at all. What can it compute?",
        (
            Choice(
                "More than one layer, since it has more parameters",
                False,
                "The parameters multiply together. Any choice of them gives one matrix and one bias.",
            ),
            Choice(
                "What one layer can: linear regression",
                True,
                "A product of matrices is a matrix. The network's 49 parameters do the work of three weights and one "
                "bias.",
            ),
            Choice(
                "The same as logistic regression",
                False,
                "Logistic regression has a sigmoid at its output. Without any activation it is linear regression.",
            ),
        ),
    ),
    Question(
        "All weights and biases of a 2-2-1 network start at the same value, 0.5. What happens in training?",
        (
            Choice(
                "Training drives the two hidden neurons apart, as it looks for a lower loss",
                False,
                "Equal neurons have equal gradients, and equal steps keep them equal.",
            ),
            Choice(
                "Nothing moves at all: every gradient is 0",
                False,
                "The weights do move. They move in step, so the layer behaves like a single neuron.",
            ),
            Choice(
                "The two hidden neurons stay copies of each other",
                True,
                "They receive the same inputs and the same gradient, so every step changes them alike. Random "
                "starting weights break the tie.",
            ),
        ),
    ),
)
