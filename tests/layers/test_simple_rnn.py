from itertools import product

import numpy as np
import pytest

import nncourse as nn
from nncourse.gradcheck import check_gradient, check_layer
from nncourse.initializers import Orthogonal
from nncourse.layers import Dense, SimpleRNN

from .oracles import assert_same, built, random_upstream

both = pytest.mark.parametrize("return_sequences", [False, True])
any_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


def sequences(n, steps, d, dtype="float64", seed=3):
    return np.random.default_rng(seed).normal(size=(n, steps, d)).astype(dtype)


@both
@any_dtype
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_agrees_with_pytorch(torch, activation, dtype, return_sequences):
    layer = built(SimpleRNN(4, activation, return_sequences=return_sequences), (7, 3), dtype)
    x = sequences(5, 7, 3, dtype)
    out = layer.forward(x)
    upstream = random_upstream(out)
    dx = layer.backward(upstream)

    theirs = torch.nn.RNN(3, 4, nonlinearity=activation, batch_first=True, dtype=getattr(torch, dtype))
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(torch.tensor(layer.W.T.copy()))
        theirs.weight_hh_l0.copy_(torch.tensor(layer.U.T.copy()))
        theirs.bias_ih_l0.copy_(torch.tensor(layer.b))
        theirs.bias_hh_l0.zero_()
    their_x = torch.tensor(x, requires_grad=True)
    states, last = theirs(their_x)
    answer = states if return_sequences else last[0]
    answer.backward(torch.tensor(upstream))
    assert_same(out, answer.detach().numpy(), dtype)
    assert_same(dx, their_x.grad.numpy(), dtype)
    assert_same(layer.dW, theirs.weight_ih_l0.grad.numpy().T, dtype)
    assert_same(layer.dU, theirs.weight_hh_l0.grad.numpy().T, dtype)
    assert_same(layer.db, theirs.bias_ih_l0.grad.numpy(), dtype)


@both
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "gelu", "softplus", "relu", "elu", "softmax", None])
def test_keeps_the_contract_of_a_layer_with_every_kind_of_activation(activation, return_sequences):
    report = check_layer(SimpleRNN(3, activation, return_sequences=return_sequences), (5, 2), tolerance=1e-7)
    assert report.passed, report


def test_two_steps_worked_by_hand():
    layer = SimpleRNN(1, activation=None, return_sequences=True).build((2, 1))
    layer.W, layer.U, layer.b = [[2.0]], [[3.0]], [1.0]
    x = np.array([[[1.0], [-1.0]]])
    assert layer.forward(x).ravel().tolist() == [3, 8]  # 2 * 1 + 1, and 2 * -1 + 3 * 3 + 1
    dx = layer.backward(np.array([[[1.0], [10.0]]]))  # the first step hears 1 of its own and 3 * 10 from the second
    assert dx.ravel().tolist() == [62, 20]
    assert (layer.dW.item(), layer.dU.item(), layer.db.item()) == (31 - 10, 30, 41)


def test_the_last_of_all_states_is_the_state():
    every, last = (built(SimpleRNN(4, return_sequences=flag), (6, 3)) for flag in (True, False))
    x = sequences(5, 6, 3)
    np.testing.assert_array_equal(every.forward(x)[:, -1], last.forward(x))
    upstream = np.zeros((5, 6, 4))
    upstream[:, -1] = random_upstream(upstream[:, -1])
    np.testing.assert_allclose(every.backward(upstream), last.backward(upstream[:, -1]), rtol=0, atol=1e-14)
    np.testing.assert_allclose(every.gradients, last.gradients, rtol=0, atol=1e-13)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_without_memory_it_is_a_dense_layer_per_step(activation):
    rnn = built(SimpleRNN(4, activation, return_sequences=True), (6, 3))
    dense = Dense(4, activation).build((6, 3))
    rnn.U, dense.W, dense.b = np.zeros((4, 4)), rnn.W, rnn.b
    x = sequences(5, 6, 3)
    out = rnn.forward(x)
    np.testing.assert_allclose(out, dense.forward(x), rtol=0, atol=1e-14)
    upstream = random_upstream(out)
    np.testing.assert_allclose(rnn.backward(upstream), dense.backward(upstream), rtol=0, atol=1e-14)
    np.testing.assert_allclose(rnn.dW, dense.dW, rtol=0, atol=1e-13)


def test_what_comes_later_changes_nothing_before():
    layer = built(SimpleRNN(4, return_sequences=True), (6, 3))
    x = sequences(5, 6, 3)
    other = x.copy()
    other[:, 4:] += 1
    np.testing.assert_array_equal(layer.forward(x)[:, :4], layer.forward(other)[:, :4])
    assert (layer.forward(x)[:, 4:] != layer.forward(other)[:, 4:]).all()


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.5])
def test_error_fades_or_grows_with_u_to_the_power_of_the_steps(scale):
    layer = SimpleRNN(4, activation=None).build((31, 4), rng=0)
    layer.W, layer.U = np.eye(4), scale * layer.U
    layer.forward(np.zeros((1, 31, 4)))
    dx = layer.backward(np.ones((1, 4)))
    lengths = np.linalg.norm(dx[0], axis=1)
    np.testing.assert_allclose(lengths, 2 * scale ** np.arange(30.0, -1, -1), rtol=1e-12)


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7), (2, 3, 4)])
def test_an_orthogonal_start_has_rows_or_columns_at_right_angles(shape):
    Q = Orthogonal(gain=2.0)(shape, np.random.default_rng(0))
    assert Q.shape == shape
    Q = Q.reshape(-1, shape[-1])
    products = Q.T @ Q if len(Q) >= shape[-1] else Q @ Q.T
    np.testing.assert_allclose(products, 4 * np.eye(len(products)), rtol=0, atol=1e-14)


def test_no_orthogonal_start_is_likelier_than_another():
    # Each entry of a fair 2 x 2 one is the cosine of a uniform angle: mean 0, variance 1/2; 4000 draws, 5 sigmas.
    rng = np.random.default_rng(0)
    Q = np.array([nn.initializers.get("orthogonal")((2, 2), rng) for _ in range(4000)])
    assert np.abs(Q.mean(axis=0)).max() < 5 * np.sqrt(0.5 / 4000)
    assert abs(np.mean(np.linalg.det(Q))) < 5 / np.sqrt(4000)


@pytest.mark.parametrize("name", ["kernel_regularizer", "recurrent_regularizer"])
def test_a_penalty_falls_on_its_own_weights(name):
    model = nn.Sequential(
        [SimpleRNN(3, input_shape=(4, 2), **{name: nn.regularizers.l2(0.1)})], dtype="float64", seed=0
    )
    model.compile(loss="mse")
    x, layer = sequences(6, 4, 2), model.layers[0]
    y = model.predict(x)  # no error is left: what remains is the penalty
    priced, free = ("W", "U") if name == "kernel_regularizer" else ("U", "W")
    value, gradient = model.objective(x, y)(model.parameters)
    assert value == pytest.approx(0.1 * np.sum(getattr(layer, priced) ** 2))
    model.gradients[...] = gradient
    np.testing.assert_allclose(getattr(layer, f"d{priced}"), 0.2 * getattr(layer, priced), rtol=0, atol=1e-15)
    assert not getattr(layer, f"d{free}").any()
    assert f"{name}=L1L2(l1=0, l2=0.1)" in repr(layer)


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_no_shortcut_is_taken_through_the_last_step_of_a_recurrence(activation):
    """Cross-entropies fuse with an activation that ends a model, but not with one that is applied at every step."""
    loss = "binary_crossentropy" if activation == "sigmoid" else "categorical_crossentropy"
    model = nn.Sequential([SimpleRNN(3, activation, input_shape=(4, 2))], dtype="float64", seed=0)
    model.compile(loss=loss)
    y = np.eye(3)[[0, 1, 2, 0, 1]]
    report = check_gradient(model.objective(sequences(5, 4, 2), y), model.parameters, tolerance=1e-7)
    assert report.passed, report


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_learns_to_keep_count_of_even_and_odd(seed):
    bits = np.array(list(product([0.0, 1.0], repeat=6)))[..., None]
    parity = bits.cumsum(axis=1) % 2
    rnn = SimpleRNN(16, return_sequences=True, input_shape=(6, 1))
    model = nn.Sequential([rnn, Dense(1, "sigmoid")], seed=seed)
    model.compile(nn.optimizers.Adam(0.01), "binary_crossentropy")
    model.fit(bits, parity, epochs=150, batch_size=16, verbose=0)
    assert ((model.predict(bits) > 0.5) == parity).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_learns_to_remember_the_first_symbol_for_twenty_steps(seed):
    x = np.random.default_rng(seed).integers(0, 2, (1000, 20, 1))
    model = nn.Sequential([SimpleRNN(16, input_shape=(20, 1)), Dense(1, "sigmoid")], seed=seed)
    model.compile(nn.optimizers.Adam(0.01, global_clipnorm=1.0), "binary_crossentropy")
    model.fit(x[:800], x[:800, 0], epochs=15, verbose=0)
    assert ((model.predict(x[800:]) > 0.5) == x[800:, 0]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, "units must be a whole number from 1 on, received 0"),
        ({"units": 3, "activation": "tanhh"}, "Did you mean 'tanh'"),
        ({"units": 3, "recurrent_initializer": "ortogonal"}, "Did you mean 'orthogonal'"),
        ({"units": 3, "recurrent_regularizer": 0.1}, r"such as l2\(0.01\), received 0.1"),
    ],
)
def test_refuses_a_bad_setting(arguments, message):
    with pytest.raises(ValueError, match=message):
        SimpleRNN(**arguments)


def test_refuses_what_is_no_sequence():
    with pytest.raises(ValueError, match=r"SimpleRNN\(3\) expects .* \(steps, d\), received \(6,\). .* x\[..., None\]"):
        SimpleRNN(3).build((6,))
    with pytest.raises(ValueError, match=r"received \(8, 8, 1\)\.$"):
        SimpleRNN(3).build((8, 8, 1))
    with pytest.raises(ValueError, match="return_sequences=True"):
        nn.Sequential([SimpleRNN(3, input_shape=(6, 1)), SimpleRNN(3)])
    with pytest.raises(ValueError, match=r"expects a batch of shape \(n, 6, 1\), received \(6, 1\)"):
        SimpleRNN(3).build((6, 1)).forward(np.zeros((6, 1)))


def test_prints_as_it_was_written():
    assert repr(SimpleRNN(3)) == "SimpleRNN(3)"
    assert repr(SimpleRNN(3, "relu", return_sequences=True)) == "SimpleRNN(3, activation='relu', return_sequences=True)"
