"""Activations: what a neuron does with its weighted sum (chapters 1, 2 and 4).

A neuron adds up evidence, `z = x @ W + b`, and its activation turns that sum into an output. Each
function stands here beside its derivative, the slope that later tells every weight how much it
matters. Backpropagation asks for one thing more, `gradient(z, upstream)`: given how the loss
changes with the output, how does it change with `z`?
"""

import numpy as np

__all__ = ["Activation", "get", "linear", "relu", "sigmoid", "step", "tanh"]


def floats(z):
    """Return z as an array of floating point numbers: float32 stays, integers become float64."""
    z = np.asarray(z)
    if z.dtype.kind == "f":
        return z
    if z.dtype.kind in "iub":
        return z.astype(np.float64)
    raise TypeError(f"expected real numbers, received dtype {z.dtype}. Try z.astype(float).")


class Activation:
    """An elementwise function and its derivative, for scalars and arrays of any shape.

    A new activation needs a `name`, `__call__(z)` and `derivative(z)`. One that mixes its inputs
    also overrides `gradient`.
    """

    name: str

    def __call__(self, z):
        """Return the activation of z, in z's shape and dtype."""
        raise NotImplementedError(f"{type(self).__name__} defines no __call__(z)")

    def derivative(self, z):
        """Return the slope of the activation at z, in z's shape and dtype."""
        raise NotImplementedError(f"{type(self).__name__} defines no derivative(z)")

    def gradient(self, z, upstream):
        """Return d loss / d z, given `upstream`, d loss / d output: a vector-Jacobian product."""
        return upstream * self.derivative(z)

    def __repr__(self):
        return self.name


class Step(Activation):
    """Fire or stay silent: 1 where z >= 0, else 0 (McCulloch and Pitts, 1943).

    That step(0) is 1 is a convention. The slope is 0 wherever there is one, so no error signal
    passes; at the jump we write 0 too.
    """

    name = "step"

    def __call__(self, z):
        return np.heaviside(floats(z), 1)

    def derivative(self, z):
        return np.zeros_like(floats(z))[()]


class Sigmoid(Activation):
    """The step as a dimmer: 1 / (1 + e^-z), the logistic function (Verhulst, 1845).

    For negative z it is written e^z / (1 + e^z), so that the exponential never overflows.
    """

    name = "sigmoid"

    def __call__(self, z):
        z = floats(z)
        e = np.exp(-np.abs(z))  # e^-z where z >= 0, e^z elsewhere: never above 1
        return np.where(z >= 0, 1, e) / (1 + e)

    def derivative(self, z):
        e = np.exp(-np.abs(floats(z)))
        return e / (1 + e) ** 2  # sigmoid (1 - sigmoid): one factor is 1 / (1 + e), one e / (1 + e)


class Tanh(Activation):
    """A sigmoid stretched to run from -1 to 1 (LeCun et al., Efficient BackProp, 1998).

    tanh z = (e^z - e^-z) / (e^z + e^-z) = 2 sigmoid(2z) - 1, and its slope is 1 - tanh^2 z.
    """

    name = "tanh"

    def __call__(self, z):
        return np.tanh(floats(z))

    def derivative(self, z):
        return 1 - np.tanh(floats(z)) ** 2


class Relu(Activation):
    """The rectified linear unit, max(z, 0) (Nair and Hinton, 2010).

    At the kink any slope between 0 and 1 would do; 0 is the usual choice (Glorot, Bordes and
    Bengio, 2011).
    """

    name = "relu"

    def __call__(self, z):
        return np.maximum(floats(z), 0)

    def derivative(self, z):
        z = floats(z)
        return (z > 0).astype(z.dtype)[()]


class Linear(Activation):
    """No activation at all: the output is z (as in linear regression). The result is a copy."""

    name = "linear"

    def __call__(self, z):
        return np.positive(floats(z))

    def derivative(self, z):
        return np.ones_like(floats(z))[()]


step = Step()
sigmoid = Sigmoid()
tanh = Tanh()
relu = Relu()
linear = Linear()

KNOWN = {activation.name: activation for activation in (step, sigmoid, tanh, relu, linear)}


def get(name: str | Activation | None) -> Activation:
    """Return the activation of that name, as in `get("relu")`.

    An activation comes back as it is; None means linear.
    """
    if isinstance(name, Activation):
        return name
    if name is None:
        return linear
    if name not in KNOWN:
        from difflib import get_close_matches

        near = get_close_matches(str(name).lower(), KNOWN, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(KNOWN)}."
        raise ValueError(f"expected the name of an activation, received {name!r}. {hint}")
    return KNOWN[name]
