"""Initializers: where the weights start (chapter 4).

Neurons that start alike learn alike and stay alike, so weights start at random. Their size decides
whether signals grow, fade or keep their size on the way through the layers: Glorot and He choose
the spread by the number of inputs and outputs.
"""

from __future__ import annotations  # np.random, named in a signature, is loaded only when used

from collections.abc import Callable

import numpy as np

from .validation import chosen, number, positive

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "get",
]


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many inputs reach an output, and how many outputs an input reaches.

    For W (d_in, d_out) these are its sides; a filter (k, k, c_in, c_out) counts k k times each.
    """
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    window = int(np.prod(shape[:-2]))
    return window * shape[-2], window * shape[-1]


class Initializer:
    """A rule for starting values: `initializer(shape, rng)` returns an array of that shape."""

    def __call__(self, shape, rng):
        raise NotImplementedError(f"{type(self).__name__} defines no __call__(shape, rng)")

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{name}={value:g}' for name, value in vars(self).items())})"


class Constant(Initializer):
    """Every entry the same. Fit for biases; weights would stay alike for ever."""

    def __init__(self, value: float = 0.0):
        self.value = number("value", value)

    def __call__(self, shape, rng):
        return np.full(shape, self.value)


class RandomUniform(Initializer):
    """Evenly spread between two bounds."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05):
        self.minval, self.maxval = number("minval", minval), number("maxval", maxval)
        if minval > maxval:
            raise ValueError(f"minval must not be above maxval, received {minval} and {maxval}.")

    def __call__(self, shape, rng):
        return rng.uniform(self.minval, self.maxval, shape)


class RandomNormal(Initializer):
    """Gaussian, of a given standard deviation."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05):
        self.mean, self.stddev = number("mean", mean), positive("stddev", stddev, zero=True)

    def __call__(self, shape, rng):
        return rng.normal(self.mean, self.stddev, shape)


class GlorotUniform(Initializer):
    """Variance 2 / (fan_in + fan_out), uniform (Glorot and Bengio, 2010): for tanh."""

    def __call__(self, shape, rng):
        limit = np.sqrt(6 / sum(fans(shape)))  # a uniform spread of +-l has variance l^2 / 3
        return rng.uniform(-limit, limit, shape)


class GlorotNormal(Initializer):
    """Variance 2 / (fan_in + fan_out), Gaussian (Glorot and Bengio, 2010)."""

    def __call__(self, shape, rng):
        return rng.normal(0, np.sqrt(2 / sum(fans(shape))), shape)


class HeUniform(Initializer):
    """Variance 2 / fan_in, uniform (He et al., 2015): a relu silences half, so twice as much."""

    def __call__(self, shape, rng):
        limit = np.sqrt(6 / fans(shape)[0])
        return rng.uniform(-limit, limit, shape)


class HeNormal(Initializer):
    """Variance 2 / fan_in, Gaussian (He et al., 2015)."""

    def __call__(self, shape, rng):
        return rng.normal(0, np.sqrt(2 / fans(shape)[0]), shape)


class Orthogonal(Initializer):
    """Rows or columns of length `gain`, at right angles (Saxe, McClelland and Ganguli, 2014).

    A square one turns a vector without changing its length, however often it is applied: for the
    recurrent weights, which meet the same vector again at every step. Shapes with more axes are
    read as (the rest, last).
    """

    def __init__(self, gain: float = 1.0):
        self.gain = positive("gain", gain)

    def __call__(self, shape, rng):
        rows, columns = int(np.prod(shape[:-1])), shape[-1]
        Q, R = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
        Q *= np.sign(np.diag(R))  # now no orthogonal matrix is likelier than another (Mezzadri, 2007)
        return self.gain * (Q if rows >= columns else Q.T).reshape(shape)


KNOWN = {
    "zeros": Constant,
    "ones": lambda: Constant(1.0),
    "random_uniform": RandomUniform,
    "random_normal": RandomNormal,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_uniform": HeUniform,
    "he_normal": HeNormal,
    "orthogonal": Orthogonal,
}


def get(name: str | Callable) -> Callable:
    """Return the initializer of that name, as in `get("he_normal")`.

    Any function `(shape, rng) -> array` serves too, and comes back as it is.
    """
    if isinstance(name, type) and issubclass(name, Initializer):
        return name()
    if callable(name):
        return name
    return chosen("the name of an initializer", name, KNOWN)()
