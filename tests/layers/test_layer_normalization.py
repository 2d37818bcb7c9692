import numpy as np
import pytest

import nncourse as nn
from nncourse.gradcheck import check_layer
from nncourse.layers import Dense, LayerNormalization

from .oracles import assert_same, built, random_upstream

any_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
any_shape = pytest.mark.parametrize("shape", [(4,), (6, 4), (2, 3, 4)], ids=str)


def numbers(*shape, dtype="float64", seed=3):
    return np.random.default_rng(seed).normal(1.0, 2.0, size=shape).astype(dtype)


@any_dtype
@any_shape
@pytest.mark.parametrize("epsilon", [1e-3, 1e-6])
def test_agrees_with_pytorch(torch, epsilon, shape, dtype):
    layer = built(LayerNormalization(epsilon=epsilon), shape, dtype)
    x = numbers(5, *shape, dtype=dtype)
    out = layer.forward(x)
    upstream = random_upstream(out)
    dx = layer.backward(upstream)
    theirs = torch.nn.LayerNorm(4, eps=epsilon, dtype=getattr(torch, dtype))
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(layer.gamma))
        theirs.bias.copy_(torch.tensor(layer.beta))
    their_x = torch.tensor(x, requires_grad=True)
    answer = theirs(their_x)
    answer.backward(torch.tensor(upstream))
    assert_same(out, answer.detach().numpy(), dtype)
    assert_same(dx, their_x.grad.numpy(), dtype)
    assert_same(layer.dgamma, theirs.weight.grad.numpy(), dtype)
    assert_same(layer.dbeta, theirs.bias.grad.numpy(), dtype)


@any_shape
@pytest.mark.parametrize("epsilon", [1e-3, 1.0])
def test_keeps_the_contract_of_a_layer(epsilon, shape):
    report = check_layer(LayerNormalization(epsilon=epsilon), shape, tolerance=1e-7)
    assert report.passed, report


def test_is_blind_to_a_shift_and_to_the_scale_of_its_input():
    # The scale is hidden but for epsilon, whose share of the variance, 1e-12, moves the output by half of that.
    layer = built(LayerNormalization(epsilon=1e-12), (6, 4))
    x = numbers(5, 6, 4)
    shift, scale = numbers(5, 6, 1, seed=4), np.exp(numbers(5, 6, 1, seed=5))
    np.testing.assert_allclose(layer.forward(scale * x + shift), layer.forward(x), rtol=0, atol=1e-10)


def test_so_no_slope_points_along_a_shift_or_the_scale():
    layer = built(LayerNormalization(epsilon=1e-12), (6, 4))
    x = numbers(5, 6, 4)
    dx = layer.backward(random_upstream(layer.forward(x)))
    np.testing.assert_allclose(dx.sum(axis=-1), 0, rtol=0, atol=1e-12)
    np.testing.assert_allclose((dx * (x - x.mean(axis=-1, keepdims=True))).sum(axis=-1), 0, rtol=0, atol=1e-10)


def test_starts_with_mean_0_and_variance_1():
    out = LayerNormalization(epsilon=1e-12).build((4,)).forward(numbers(50, 4))
    np.testing.assert_allclose(out.mean(axis=-1), 0, rtol=0, atol=1e-13)
    np.testing.assert_allclose(out.var(axis=-1), 1, rtol=0, atol=1e-9)  # variances here are above 0.01


def test_gamma_and_beta_are_the_deviation_and_the_mean_that_come_out():
    layer = LayerNormalization(epsilon=1e-12).build((4,))
    layer.gamma, layer.beta = np.full(4, 3.0), np.full(4, -2.0)
    out = layer.forward(numbers(50, 4))
    np.testing.assert_allclose(out.mean(axis=-1), -2, rtol=0, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=-1), 3, rtol=0, atol=1e-8)


def test_a_vector_of_equal_entries_comes_out_as_beta():
    layer = built(LayerNormalization(), (4,))
    np.testing.assert_array_equal(layer.forward(np.full((1, 4), 7.0)), [layer.beta])


def test_a_large_offset_costs_no_more_digits_than_it_hides():
    # Near 1000 float32 rounds by up to 1000 * 2^-24 = 6e-5; the smallest deviation here is above 0.4.
    x = numbers(50, 4, dtype="float32")
    layer = LayerNormalization().build((4,), dtype="float32")
    np.testing.assert_allclose(layer.forward(x + np.float32(1000)), layer.forward(x), rtol=0, atol=1e-3)


def test_training_in_batches_of_one_works_as_well():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 3)) * [1, 100, 0.01]
    y = (x[:, 0] > 0).astype(float)
    model = nn.Sequential([Dense(8, input_shape=(3,)), LayerNormalization(), Dense(1, "sigmoid")], seed=0)
    model.compile(nn.optimizers.Adam(0.01), "binary_crossentropy")
    history = model.fit(x, y, epochs=5, batch_size=1, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]


@pytest.mark.parametrize("epsilon", [0, -1e-3, "small", np.inf])
def test_refuses_a_bad_setting(epsilon):
    with pytest.raises(ValueError, match="epsilon must be a number above 0"):
        LayerNormalization(epsilon=epsilon)


def test_refuses_vectors_of_another_length():
    with pytest.raises(ValueError, match=r"expects a batch of shape \(n, 4\), received \(2, 3\)"):
        LayerNormalization().build((4,)).forward(np.zeros((2, 3)))


def test_prints_as_it_was_written():
    assert repr(LayerNormalization()) == "LayerNormalization()"
    assert repr(LayerNormalization(epsilon=1e-6)) == "LayerNormalization(epsilon=1e-06)"
