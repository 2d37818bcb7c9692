"""What the tests of the layers for sequences share: a layer off its starting values, and a comparison with PyTorch."""

import numpy as np


def built(layer, input_shape, dtype="float64", seed=0):
    """Build a layer and move all its parameters off their starting values, biases too."""
    layer.build(input_shape, rng=seed, dtype=dtype)
    layer.parameters[...] += np.random.default_rng(seed + 1).normal(scale=0.3, size=layer.parameters.shape)
    return layer


def random_upstream(out, seed=7):
    return np.random.default_rng(seed).normal(size=out.shape).astype(out.dtype)


def assert_same(ours, theirs, dtype):
    """Equal to 1e-10 in float64; in float32, where sums of a few dozen terms round, to 1e-5 of the largest entry."""
    assert (ours.dtype, ours.shape) == (dtype, theirs.shape)
    tolerance = {"float64": 1e-10, "float32": 1e-5}[dtype]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * np.abs(theirs).max())
