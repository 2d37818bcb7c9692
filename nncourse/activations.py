"""Activations: what a neuron does with its weighted sum (chapters 1, 2 and 4).

A neuron adds up evidence, `z = x @ W + b`, and its activation turns that sum into an output. Each
function stands here beside its derivative, the slope that later tells every weight how much it
matters. Backpropagation asks for one thing more, `gradient(z, upstream)`: given how the loss
changes with the output, how does it change with `z`?

A layer owns its sums, so it may overwrite them. `in_place(z)` does, and `backward(z, a, upstream)`
then tells the gradient from the output `a` alone: sigmoid' = a (1 - a), tanh' = 1 - a^2.
"""

import numpy as np

from .derived import overridden
from .validation import chosen, floats, positive

__all__ = [
    "Activation",
    "elu",
    "gelu",
    "get",
    "leaky_relu",
    "linear",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "step",
    "tanh",
]


# NumPy multiplies a small array by an array of no axes in half the time that a Python number takes,
# if both are of one type: ZERO[z.dtype].
ZERO, HALF, ONE = ({np.dtype(kind): np.array(number, kind) for kind in "efdg"} for number in (0, 0.5, 1))


FORMULAS = "__call__", "derivative", "gradient"


class Activation:
    """An elementwise function and its derivative, for scalars and arrays of any shape.

    A new activation needs a `name`, `__call__(z)` and `derivative(z)`. One that mixes its inputs
    also overrides `gradient`; one that shall be fast in a layer overrides `in_place` and
    `backward`, both or neither.
    """

    name: str
    fuses_as: str | None = None  # the name by which a loss knows that the two together simplify

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if overridden(cls, ["in_place", "backward"], by=FORMULAS):
            cls.in_place, cls.backward = Activation.in_place, Activation.backward  # inherited ones are another's
        if overridden(cls, ["fuses_as"], by=FORMULAS):
            cls.fuses_as = None

    def __call__(self, z):
        """Return the activation of z, in z's shape and dtype."""
        raise NotImplementedError(f"{type(self).__name__} defines no __call__(z)")

    def derivative(self, z):
        """Return the slope of the activation at z, in z's shape and dtype."""
        raise NotImplementedError(f"{type(self).__name__} defines no derivative(z)")

    def gradient(self, z, upstream):
        """Return d loss / d z, given `upstream`, d loss / d output: a vector-Jacobian product."""
        return upstream * self.derivative(z)

    def in_place(self, z):
        """Return the activation of z, an array that may be overwritten."""
        return self(z)

    def backward(self, z, a, upstream):
        """Return d loss / d z after `a = in_place(z)`."""
        return self.gradient(z, upstream)

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

    name = fuses_as = "sigmoid"

    def __call__(self, z):
        z = floats(z)
        e = np.exp(-np.abs(z))  # e^-z where z >= 0, else e^z: never above 1
        return np.where(z >= 0, 1, e) / (1 + e)

    def derivative(self, z):
        e = np.exp(-np.abs(floats(z)))
        return e / (1 + e) ** 2  # sigmoid (1 - sigmoid): one factor is 1 / (1 + e), one e / (1 + e)

    def in_place(self, z):
        half = HALF[z.dtype]
        z *= half
        np.tanh(z, out=z)
        z += ONE[z.dtype]
        z *= half  # (1 + tanh(z / 2)) / 2, the same but for rounding: in float32 it is 0 below about -18
        return z

    def backward(self, z, a, upstream):
        return upstream * (a - a * a)


class Tanh(Activation):
    """A sigmoid stretched to run from -1 to 1 (LeCun et al., 1998).

    tanh z = (e^z - e^-z) / (e^z + e^-z) = 2 sigmoid(2z) - 1, and its slope
    is 1 - tanh^2 z.
    """

    name = "tanh"

    def __call__(self, z):
        return np.tanh(floats(z))

    def derivative(self, z):
        return 1 - np.tanh(floats(z)) ** 2

    def in_place(self, z):
        return np.tanh(z, out=z)

    def backward(self, z, a, upstream):
        return upstream * (1 - a * a)


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

    def in_place(self, z):
        return np.maximum(z, ZERO[z.dtype], out=z)

    def backward(self, z, a, upstream):
        fired = (a > ZERO[a.dtype]).astype(upstream.dtype)
        fired *= upstream
        return fired


class Linear(Activation):
    """No activation at all: the output is z (as in linear regression). The result is a copy."""

    name = "linear"

    def __call__(self, z):
        return np.positive(floats(z))

    def derivative(self, z):
        return np.ones_like(floats(z))[()]

    def in_place(self, z):
        return z

    def backward(self, z, a, upstream):
        return upstream


class LeakyRelu(Activation):
    """A relu that lets a little through: z where z > 0, else slope * z (Maas et al., 2013).

    With the usual slope of 0.01 a silent neuron still hears a hundredth of its error.
    """

    name = "leaky_relu"

    def __init__(self, slope: float = 0.01):
        self.slope = positive("slope", slope, zero=True)

    def __call__(self, z):
        z = floats(z)
        return np.where(z > 0, z, self.slope * z)[()]

    def derivative(self, z):
        z = floats(z)
        return np.where(z > 0, 1, self.slope).astype(z.dtype)[()]

    def __repr__(self):
        return self.name if self.slope == 0.01 else f"LeakyRelu(slope={self.slope:g})"


class Elu(Activation):
    """A relu that bends down to -1 instead of breaking: z where z > 0, else e^z - 1.

    Clevert, Unterthiner and Hochreiter, 2016, with alpha = 1, for which the slope has no jump.
    """

    name = "elu"

    def __call__(self, z):
        z = floats(z)
        return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))[()]

    def derivative(self, z):
        return np.exp(np.minimum(floats(z), 0))


class Softplus(Activation):
    """A relu without a corner: log(1 + e^z) (Dugas et al., 2001). Its slope is the sigmoid.

    Written max(z, 0) + log(1 + e^-|z|), so that the exponential never overflows.
    """

    name = "softplus"

    def __call__(self, z):
        z = floats(z)
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))

    def derivative(self, z):
        return sigmoid(z)


ROOT = (2 / np.pi) ** 0.5


class Gelu(Activation):
    """z times the share of a Gaussian that lies below z (Hendrycks and Gimpel, 2016).

    The share is taken in their tanh form, (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) / 2, off by
    at most 0.0005, which is what transformers compute.
    """

    name = "gelu"

    def _share(self, z):
        """Return z, moved into [-25, 25], and its share: (1 + tanh u) / 2 = sigmoid(2u)."""
        z = np.clip(z, -25, 25)  # beyond, the share is 0 or 1 to the last digit; no cube overflows
        return z, sigmoid(2 * ROOT * (z + 0.044715 * (z * z * z)))

    def __call__(self, z):
        z = floats(z)
        _, share = self._share(z)
        return np.maximum(z, -25) * share

    def derivative(self, z):
        z, share = self._share(floats(z))
        return share + 2 * ROOT * z * (1 + 3 * 0.044715 * (z * z)) * (share * (1 - share))


class Softmax(Activation):
    """Scores into shares of 1 along the last axis: e^z / sum of e^z (Bridle, 1990).

    The largest score is subtracted first: the shares stay the same, and no exponential overflows.
    Every output depends on every input, so there is a `gradient` but no elementwise derivative.
    """

    name = fuses_as = "softmax"

    def __call__(self, z):
        z = floats(z)
        largest = np.finfo(z.dtype).max / 4  # infinity becomes a number, no difference overflows
        return Softmax.in_place(self, np.clip(z, -largest, largest))

    def derivative(self, z):
        message = "softmax has no elementwise derivative: every output depends on every z."
        raise TypeError(f"{message} Use softmax.gradient(z, upstream).")

    def gradient(self, z, upstream):
        return Softmax.backward(self, z, Softmax.__call__(self, z), upstream)

    def in_place(self, z):
        if z.ndim == 0 or z.shape[-1] == 0:
            came = "a single number. Try [z]." if z.ndim == 0 else f"an empty one, of shape {z.shape}."
            raise ValueError(f"softmax needs a row of scores, received {came}")
        e = z.reshape(-1, z.shape[-1]).T.copy()  # a class a row: NumPy is several times faster along columns
        e -= np.maximum.reduce(e)
        np.exp(e, out=e)
        e /= np.add.reduce(e)
        z[...] = e.T.reshape(z.shape)
        return z

    def backward(self, z, a, upstream):
        return a * (upstream - (a * upstream).sum(axis=-1, keepdims=True))


step = Step()
sigmoid = Sigmoid()
tanh = Tanh()
relu = Relu()
leaky_relu = LeakyRelu()
elu = Elu()
softplus = Softplus()
gelu = Gelu()
softmax = Softmax()
linear = Linear()

_all = step, sigmoid, tanh, relu, leaky_relu, elu, softplus, gelu, softmax, linear
KNOWN = {activation.name: activation for activation in _all}


def get(name: str | Activation | None) -> Activation:
    """Return the activation of that name, as in `get("relu")`.

    An activation comes back as it is; None means linear.
    """
    if isinstance(name, Activation):
        return name
    if name is None:
        return linear
    if isinstance(name, type) and issubclass(name, Activation):
        return name()
    return chosen("the name of an activation", name, KNOWN)
