import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.layers import Dropout, Residual


def dropout(rate, shape=(50,), seed=0, dtype="float64"):
    return Dropout(rate).build(shape, rng=seed, dtype=dtype)


@settings(deadline=None, max_examples=30)
@given(rate=st.floats(0.01, 0.95), seed=st.integers(0, 999))
def test_every_entry_is_silenced_or_scaled_up_and_the_gradient_goes_the_same_way(rate, seed):
    layer, rng = dropout(rate, seed=seed), np.random.default_rng(seed + 1)
    x, upstream = rng.normal(size=(2, 20, 50))
    out = layer.forward(x, training=True)
    kept = out != 0
    np.testing.assert_allclose(out, np.where(kept, x / (1 - rate), 0), rtol=1e-12)
    np.testing.assert_allclose(layer.backward(upstream), np.where(kept, upstream / (1 - rate), 0), rtol=1e-12)


@settings(deadline=None, max_examples=20)
@given(rate=st.floats(0.05, 0.9), seed=st.integers(0, 999))
def test_the_expected_output_is_the_input(rate, seed):
    n = 40_000
    out = dropout(rate, (n,), seed).forward(np.ones((1, n)), training=True)
    deviation = np.sqrt(rate / (1 - rate) / n)  # of the mean of n entries that are 0 or 1 / (1 - rate)
    assert abs(out.mean() - 1) < 5 * deviation
    assert abs(np.mean(out == 0) - rate) < 5 * np.sqrt(rate * (1 - rate) / n)


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_in_use_nothing_is_done(rate):
    layer, x = dropout(rate), np.random.default_rng(1).normal(size=(4, 50))
    state = layer.rng.bit_generator.state
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)
    assert layer.rng.bit_generator.state == state  # predicting between two steps does not change the training


def test_a_rate_of_0_silences_nobody():
    layer, x = dropout(0), np.random.default_rng(1).normal(size=(4, 50))
    np.testing.assert_array_equal(layer.forward(x, training=True), x)


def test_every_example_and_every_batch_draws_anew():
    layer, x = dropout(0.5), np.ones((2, 50))
    first, second = layer.forward(x, training=True), layer.forward(x, training=True)
    assert not np.array_equal(first[0], first[1]) and not np.array_equal(first, second)


def test_the_same_seed_silences_the_same():
    x = np.ones((3, 50))
    one, same, other = (dropout(0.5, seed=seed).forward(x, training=True) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_float32_and_float64_silence_the_same():
    short = dropout(0.3, dtype="float32").forward(np.ones((3, 50), "float32"), training=True)
    exact = dropout(0.3).forward(np.ones((3, 50)), training=True)
    assert short.dtype == np.float32
    np.testing.assert_allclose(short, exact, rtol=1e-6)


def test_whole_numbers_are_scaled_like_others():
    out = dropout(0.2).forward(np.full((2, 50), 4), training=True)
    assert set(np.unique(out)) == {0.0, 5.0}


def test_two_dropouts_of_one_network_draw_one_after_the_other():
    both = Residual(Dropout(0.5), Dropout(0.5)).build((50,), rng=0)
    assert both.rng is both.layers[0].rng is both.layers[1].rng
    both.forward(np.ones((1, 50)), training=True)
    assert not np.array_equal(both.layers[0].seen, both.layers[1].seen)


@pytest.mark.parametrize("rate", [-0.1, 1, 1.0, 50, "0.5", None, np.nan, True])
def test_a_rate_is_a_share(rate):
    with pytest.raises(ValueError, match="rate must be a number from 0 to below 1, received"):
        Dropout(rate)
