import numpy as np
import pytest

from nncourse.gradcheck import check_layer
from nncourse.layers import PositionEmbedding

from .oracles import built, random_upstream


def sequences(n, steps, d, dtype="float64", seed=3):
    return np.random.default_rng(seed).normal(size=(n, steps, d)).astype(dtype)


@pytest.mark.parametrize("length", [5, 8])
def test_keeps_the_contract_of_a_layer(length):
    report = check_layer(PositionEmbedding(length), (5, 3), tolerance=1e-7)
    assert report.passed, report


def test_every_example_is_moved_by_the_same_vectors():
    layer = built(PositionEmbedding(5), (5, 3))
    x = sequences(4, 5, 3)
    np.testing.assert_array_equal(layer.forward(x), x + layer.P)
    upstream = random_upstream(x)
    np.testing.assert_array_equal(layer.backward(upstream), upstream)
    np.testing.assert_allclose(layer.dP, upstream.sum(axis=0), rtol=0, atol=1e-14)


def test_places_that_nobody_stood_at_learn_nothing():
    layer = built(PositionEmbedding(8), (5, 3))
    out = layer.forward(sequences(4, 5, 3))
    layer.gradients[...] = np.nan  # whatever stood there
    layer.backward(random_upstream(out))
    assert np.isfinite(layer.dP[:5]).all() and layer.dP[:5].all()
    assert not layer.dP[5:].any()


def test_refuses_a_sequence_that_is_too_long():
    with pytest.raises(ValueError, match=r"vectors for 4 places, .* 5 steps. Try PositionEmbedding\(5\)"):
        PositionEmbedding(4).build((5, 3))
    with pytest.raises(ValueError, match="sequence_length must be a whole number from 1 on"):
        PositionEmbedding(0)
    with pytest.raises(ValueError, match=r"expects sequences of shape \(steps, d\), received \(5,\)"):
        PositionEmbedding(5).build((5,))
