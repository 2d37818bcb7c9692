import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nncourse as nn
from nncourse.layers import Dense

RNG = np.random.default_rng


def torch_linear(torch, layer):
    """PyTorch's layer with the same weights, which it keeps transposed."""
    linear = torch.nn.Linear(*layer.W.shape, bias=layer.use_bias, dtype=getattr(torch, layer.W.dtype.name))
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(layer.W.T))
        if layer.use_bias:
            linear.bias.copy_(torch.tensor(layer.b))
    return linear


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
@pytest.mark.parametrize("activation", ["linear", "tanh", "relu", "gelu", "softmax"])
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("axes", [(), (5,)])
def test_equals_pytorch_forward_and_backward(torch, dtype, tolerance, activation, use_bias, axes):
    layer = Dense(4, activation, use_bias=use_bias, bias_initializer="random_normal")
    layer.build((*axes, 6), rng=1, dtype=dtype)
    x = RNG(2).normal(size=(7, *axes, 6)).astype(dtype)
    a = layer.forward(x, training=True)
    upstream = RNG(3).normal(size=a.shape).astype(dtype)
    dx = layer.backward(upstream)

    functions = torch.nn.functional
    same = {
        "linear": lambda z: z,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "gelu": lambda z: functions.gelu(z, approximate="tanh"),
        "softmax": lambda z: functions.softmax(z, dim=-1),
    }[activation]
    linear, given = torch_linear(torch, layer), torch.tensor(x, requires_grad=True)
    out = same(linear(given))
    out.backward(torch.tensor(upstream))
    pairs = [(a, out.detach()), (dx, given.grad), (layer.dW, linear.weight.grad.T)]
    if use_bias:
        pairs.append((layer.db, linear.bias.grad))
    for ours, theirs in pairs:
        theirs = theirs.numpy()
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * max(1, np.abs(theirs).max()))


def test_a_case_worked_by_hand():
    layer = Dense(2, "relu").build((2,))
    layer.W, layer.b = [[1, -1], [2, 0]], [0.5, -0.5]
    x = np.array([[1.0, 2.0], [-1.0, 0.0]])
    # sums: [1 + 4 + 0.5, -1 - 0.5] and [-1 + 0.5, 1 - 0.5]
    assert layer.forward(x).tolist() == [[5.5, 0.0], [0.0, 0.5]]
    # only the first neuron hears of the first row, only the second of the second
    dx = layer.backward(np.array([[10.0, 20.0], [30.0, 40.0]]))
    assert layer.dW.tolist() == [[10.0, -40.0], [20.0, 0.0]]
    assert layer.db.tolist() == [10.0, 40.0]
    assert dx.tolist() == [[10.0, 20.0], [-40.0, 0.0]]


def test_is_the_formula_of_the_lecture():
    layer = Dense(3, "tanh", bias_initializer="random_normal").build((4,), rng=0)
    x, upstream = RNG(1).normal(size=(5, 4)), RNG(2).normal(size=(5, 3))
    a = layer.forward(x)
    np.testing.assert_allclose(a, np.tanh(x @ layer.W + layer.b), rtol=1e-15)
    dx, dz = layer.backward(upstream), upstream * (1 - a**2)
    np.testing.assert_allclose(dx, dz @ layer.W.T, rtol=1e-13)
    np.testing.assert_allclose(layer.dW, x.T @ dz, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(layer.db, dz.sum(axis=0), rtol=1e-13, atol=1e-14)


@settings(deadline=None, max_examples=50)
@given(
    n=st.integers(1, 5),
    axes=st.lists(st.integers(1, 3), max_size=2),
    sides=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    seed=st.integers(0, 99),
)
def test_every_shape_serves(n, axes, sides, seed):
    d_in, units = sides
    layer = Dense(units, "sigmoid", bias_initializer="random_normal").build((*axes, d_in), rng=seed)
    x, upstream = RNG(seed).normal(size=(n, *axes, d_in)), RNG(seed + 1).normal(size=(n, *axes, units))
    a = layer.forward(x)
    np.testing.assert_allclose(a, nn.activations.sigmoid(x @ layer.W + layer.b), atol=1e-14)
    dx, dz = layer.backward(upstream), upstream * a * (1 - a)
    np.testing.assert_allclose(dx, dz @ layer.W.T, atol=1e-13)
    np.testing.assert_allclose(layer.dW, np.tensordot(x, dz, (range(x.ndim - 1),) * 2), atol=1e-12)
    np.testing.assert_allclose(layer.db, dz.reshape(-1, units).sum(axis=0), atol=1e-12)


def test_more_axes_are_rows_like_any_other():
    layer = Dense(3, "sigmoid").build((2, 5, 4), rng=0)
    flat = Dense(3, "sigmoid").build((4,), rng=0)
    x, upstream = RNG(1).normal(size=(6, 2, 5, 4)), RNG(2).normal(size=(6, 2, 5, 3))
    assert layer.output_shape == (2, 5, 3)
    np.testing.assert_allclose(layer.forward(x).reshape(60, 3), flat.forward(x.reshape(60, 4)), rtol=1e-14)
    dx, flat_dx = layer.backward(upstream), flat.backward(upstream.reshape(60, 3))
    np.testing.assert_allclose(dx.reshape(60, 4), flat_dx, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(layer.dW, flat.dW, rtol=1e-12, atol=1e-14)


def test_without_bias_there_is_none():
    layer = Dense(3, use_bias=False).build((4,))
    assert list(layer.shapes) == ["W"] and layer.parameters.size == 12
    assert (layer.forward(np.zeros((2, 4))) == 0).all()


@pytest.mark.parametrize("input_shape", [(4,), (3, 4)])
def test_a_batch_may_be_empty(input_shape):
    layer = Dense(2, "softmax").build(input_shape)
    out = layer.forward(np.zeros((0, *input_shape)))
    assert out.shape == (0, *input_shape[:-1], 2)
    assert layer.backward(out).shape == (0, *input_shape)
    assert (layer.gradients == 0).all()


def test_starts_as_its_initializers_say():
    layer = Dense(3, kernel_initializer="ones", bias_initializer=nn.initializers.Constant(2)).build((4,))
    assert (layer.W == 1).all() and (layer.b == 2).all()
    identity = Dense(3, kernel_initializer=lambda shape, rng: np.eye(*shape)).build((3,))
    np.testing.assert_array_equal(identity.forward(np.eye(3)), np.eye(3))
    glorot, he = (
        Dense(200, kernel_initializer=name).build((100,), rng=0).W.var() for name in ("glorot_uniform", "he_normal")
    )
    # 20,000 draws: a sample's variance is off by 1 %
    assert glorot == pytest.approx(2 / 300, rel=0.04) and he == pytest.approx(2 / 100, rel=0.04)
    with pytest.raises(ValueError, match=r"W has shape \(4, 3\), received \(2, 2\)"):
        Dense(3, kernel_initializer=lambda shape, rng: np.eye(2)).build((4,))


def test_whole_numbers_are_numbers():
    layer = Dense(2, "tanh").build((3,), rng=0)
    x = np.array([[1, 2, 3], [0, -1, 4]])
    np.testing.assert_array_equal(layer.forward(x), layer.forward(x.astype(float)))
    layer.backward(np.ones((2, 2)))
    assert np.isfinite(layer.dW).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dense(0), "units must be a whole number from 1 on, received 0"),
        (lambda: Dense(-3), "units must be a whole number from 1 on, received -3"),
        (lambda: Dense(2.5), "units must be a whole number from 1 on, received 2.5"),
        (lambda: Dense("3"), "units must be a whole number from 1 on, received '3'"),
        (lambda: Dense((3,)), r"units must be a whole number from 1 on, received \(3,\)"),
        (lambda: Dense(3, "rellu"), "expected the name of an activation, received 'rellu'. Did you mean 'relu'"),
        (lambda: Dense(3, activation=np.tanh), "expected the name of an activation, received <ufunc 'tanh'>"),
        (lambda: Dense(3, kernel_initializer="he"), "expected the name of an initializer, received 'he'"),
        (lambda: Dense(3, bias_initializer=0), "expected the name of an initializer, received 0"),
        (lambda: Dense(3, kernel_regularizer=0.01), r"expected a regularizer such as l2\(0.01\), received 0.01"),
        (lambda: Dense(3, input_shape=4), r"input_shape must be a tuple.* received 4. Try \(4,\)"),
        (lambda: Dense(3, input_shape=(None, 4)), "an entry of input_shape must be a whole number.* received None"),
        (lambda: Dense(3, input_shape=()), r"input_shape must be a tuple, not an empty one, received \(\)"),
    ],
)
def test_settings_that_cannot_be_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_an_upstream_of_another_shape_is_refused():
    layer = Dense(3).build((4,))
    layer.forward(np.ones((5, 4)))
    with pytest.raises(ValueError, match=r"upstream must have the output's shape \(5, 3\), received \(4, 3\)"):
        layer.backward(np.ones((4, 3)))


def test_a_penalty_is_added_to_the_gradient_of_the_weights_alone():
    layer = Dense(3, kernel_regularizer=nn.regularizers.l2(0.1)).build((4,), rng=0)
    layer.forward(np.ones((2, 4)))
    layer.backward(np.ones((2, 3)))
    dW, db = layer.dW.copy(), layer.db.copy()
    assert layer.penalty() == pytest.approx(0.1 * np.sum(layer.W**2), rel=1e-14)
    np.testing.assert_allclose(layer.dW, dW + 0.2 * layer.W, rtol=1e-14)
    np.testing.assert_array_equal(layer.db, db)
    assert layer.penalized and not Dense(3).penalized


def test_repr_shows_what_is_not_usual():
    assert repr(Dense(3)) == "Dense(3)"
    assert repr(Dense(3, "relu", use_bias=False)) == "Dense(3, activation='relu', use_bias=False)"
    assert repr(Dense(3, kernel_regularizer="l2")) == "Dense(3, kernel_regularizer=L1L2(l1=0, l2=0.01))"
