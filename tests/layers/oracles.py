"""Two witnesses for a layer's backward: the slopes that can be measured, and PyTorch."""

import copy
import pickle

import numpy as np

from nncourse.gradcheck import check_gradient


def built(layer, input_shape, dtype="float64", seed=0):
    """Build a layer and move all its parameters off their starting values, biases too."""
    layer.build(input_shape, rng=seed, dtype=dtype)
    layer.parameters[...] += np.random.default_rng(seed + 1).normal(scale=0.3, size=layer.parameters.shape)
    return layer


def random_upstream(out, seed=7):
    return np.random.default_rng(seed).normal(size=out.shape).astype(out.dtype)


def measured(layer, x, slope_in_x=True):
    """Compare the gradients in x and all parameters with central differences, entry by entry.

    The step of `check_gradient` leaves an error of about 1e-10 where curvatures are near 1, so 1e-7 has room.
    """
    upstream = random_upstream(layer.forward(x))
    start = [x.ravel(), layer.parameters] if slope_in_x else [layer.parameters]

    def value_and_gradient(vector):
        layer.parameters[...] = vector[vector.size - layer.parameters.size :]
        given = vector[: x.size].reshape(x.shape) if slope_in_x else x
        value = float(np.sum(upstream * layer.forward(given)))
        dx = layer.backward(upstream)
        return value, np.concatenate([dx.ravel(), layer.gradients] if slope_in_x else [layer.gradients])

    return check_gradient(value_and_gradient, np.concatenate(start), tolerance=1e-7)


def assert_same(ours, theirs, dtype):
    """Equal to 1e-10 in float64; in float32, where sums of a few hundred terms round, to 1e-5 of the largest entry."""
    assert ours.dtype == dtype
    assert ours.shape == theirs.shape
    largest = max(1.0, np.abs(theirs).max())
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=(1e-10 if dtype == "float64" else 1e-5) * largest)


def assert_contract(layer, x):
    """What a model relies on, in the dtype of x, for a layer that is built and a batch x."""
    given = x.copy()
    out = layer.forward(x)
    first, upstream = out.copy(), random_upstream(out)
    kept = upstream.copy()
    assert out.dtype == x.dtype
    assert out.shape == (len(x), *layer.output_shape)
    layer.gradients[...] = np.nan  # whatever stood there is overwritten, not added to
    dx, gradients = layer.backward(upstream), layer.gradients.copy()
    assert (dx.dtype, dx.shape) == (x.dtype, x.shape)
    assert np.isfinite(gradients).all()
    layer.through_sum(upstream, input_gradient=False)
    np.testing.assert_array_equal(layer.gradients, gradients)
    np.testing.assert_array_equal(x, given)
    np.testing.assert_array_equal(upstream, kept)
    layer.forward(x[::-1].copy())
    np.testing.assert_array_equal(out, first)  # an answer once given stays
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        np.testing.assert_array_equal(twin.forward(x), first)
    halves = np.concatenate([layer.forward(x[:1]), layer.forward(x[1:])])
    np.testing.assert_allclose(halves, first, rtol=0, atol=1e-5 * np.abs(first).max())  # examples do not meet
