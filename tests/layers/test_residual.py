import copy
import pickle

import numpy as np
import pytest

import nncourse as nn
from nncourse.layers import Dense, Dropout, Flatten, Residual

RNG = np.random.default_rng


def test_a_case_worked_by_hand():
    layer = Residual(Dense(2)).build((2,))
    inner = layer.layers[0]
    inner.W, inner.b = [[1, 2], [3, 4]], [10, 20]
    assert layer.forward(np.array([[1.0, -1.0]])).tolist() == [[1 - 2 + 10, -1 - 2 + 20]]
    # the gradient takes both ways: around, and through W transposed
    assert layer.backward(np.array([[1.0, 10.0]])).tolist() == [[1 + 21, 10 + 43]]
    assert inner.dW.tolist() == [[1, 10], [-1, -10]] and inner.db.tolist() == [1, 10]


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
def test_equals_pytorch(torch, dtype, tolerance):
    layer = Residual(Dense(5, "tanh", bias_initializer="random_normal"), Dense(3))
    layer.build((3,), rng=0, dtype=dtype)
    x, upstream = RNG(1).normal(size=(2, 6, 3)).astype(dtype)
    tensors = [torch.tensor(array, requires_grad=True) for inner in layer.layers for array in (inner.W, inner.b)]
    W1, b1, W2, b2 = tensors
    given = torch.tensor(x, requires_grad=True)
    theirs = given + torch.tanh(given @ W1 + b1) @ W2 + b2
    theirs.backward(torch.tensor(upstream))
    out, dx = layer.forward(x), layer.backward(upstream)
    ours = [out, dx, *(array for inner in layer.layers for array in (inner.dW, inner.db))]
    for array, tensor in zip(ours, [theirs.detach(), given.grad, *(t.grad for t in tensors)], strict=True):
        assert array.dtype == dtype
        np.testing.assert_allclose(array, tensor.numpy(), rtol=0, atol=tolerance * max(1, np.abs(array).max()))


def test_with_weights_of_zero_it_is_not_there():
    layer = Residual(Dense(4, "relu"), Dense(3, kernel_initializer="zeros")).build((3,), rng=0)
    x = RNG(1).normal(size=(5, 3))
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)


def test_the_layers_before_a_deep_stack_still_hear_the_loss():
    def first_gradient(around):
        layers = [Dense(8, "tanh", kernel_initializer="random_normal") for _ in range(20)]
        model = nn.Sequential([Residual(layer) if around else layer for layer in layers], dtype="float64", seed=0)
        model.build((8,))
        model.forward(RNG(1).normal(size=(4, 8)))
        model.backward(RNG(2).normal(size=(4, 8)))
        return np.abs(layers[0].dW).max()

    assert first_gradient(around=False) < 1e-12  # twenty factors of about 0.15
    assert first_gradient(around=True) > 0.1


def test_its_layers_live_in_its_vector_and_it_lives_in_the_models():
    inner = Residual(Dense(2), Dense(3))
    model = nn.Sequential([Dense(3), Residual(inner, Dense(3))], seed=0)
    model.build((3,))
    assert model.parameters.size == 12 + (3 * 2 + 2 + 2 * 3 + 3) + 12
    for layer in (*inner.layers, inner, model.layers[1]):
        assert np.shares_memory(layer.parameters, model.parameters)
        assert np.shares_memory(layer.gradients, model.gradients)
    model.parameters[...] = np.arange(model.parameters.size)
    assert inner.layers[0].W[0, 0] == 12 and inner.layers[1].b[-1] == 28
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        again = twin.layers[1].layers[0]
        again.layers[0].W = np.zeros((3, 2))
        assert (twin.parameters[12:18] == 0).all() and model.parameters[12] == 12


def test_a_penalty_inside_is_counted():
    layer = Residual(Dense(3, kernel_regularizer="l2"), Residual(Dense(3, kernel_regularizer="l1"))).build((3,), rng=0)
    first, second = layer.layers[0], layer.layers[1].layers[0]
    assert layer.penalized and not Residual(Dense(3)).penalized
    assert layer.penalty() == pytest.approx(0.01 * np.sum(first.W**2) + 0.01 * np.abs(second.W).sum(), rel=1e-14)
    np.testing.assert_allclose(first.dW, 0.02 * first.W, rtol=1e-14)
    np.testing.assert_allclose(second.dW, 0.01 * np.sign(second.W), rtol=1e-14)


def test_mode_is_passed_on():
    layer = Residual(Dropout(0.5)).build((100,), rng=0)
    x = np.ones((1, 100))
    assert set(layer.forward(x, training=True).ravel()) == {1.0, 3.0}
    assert set(layer.forward(x).ravel()) == {2.0}


@pytest.mark.parametrize("layers", [(Dense(4),), (Dense(3), Dense(4))])
def test_a_chain_must_keep_the_shape(layers):
    with pytest.raises(ValueError, match=r"the layers of a Residual must keep the shape \(3,\), received \(4,\)"):
        Residual(*layers).build((3,))
    with pytest.raises(ValueError, match=r"must keep the shape \(2, 2\), received \(4,\)"):
        Residual(Flatten()).build((2, 2))


@pytest.mark.parametrize("layers", [(), ("relu",), (Dense(3), None), ([Dense(3)],), (Dense,)])
def test_only_layers_are_put_in(layers):
    with pytest.raises(
        ValueError, match=r"Residual needs layers, received .*Try Residual\(Dense\(8, 'relu'\), Dense\(8\)\)"
    ):
        Residual(*layers)


def test_a_layer_serves_once():
    layer = Dense(3)
    with pytest.raises(
        ValueError, match=r"every layer of a Residual must be its own: make new ones, or use copy\.deepcopy"
    ):
        Residual(layer, layer)
    around = Residual(layer)
    with pytest.raises(ValueError, match="must be its own"):
        Residual(layer)
    with pytest.raises(ValueError, match="serves in a model already"):
        nn.Sequential([layer])
    with pytest.raises(ValueError, match="must be its own"):
        Residual(copy.deepcopy(around).layers[0])
    Residual(copy.deepcopy(layer))


def test_repr_shows_the_chain():
    assert repr(Residual(Dense(4, "relu"), Dense(3))) == "Residual(Dense(4, activation='relu'), Dense(3))"
