"""What a layer is: arrays in, arrays out, and the way back (chapters 3 and 7).

A layer answers two questions. `forward(x)`: what comes out? `backward(upstream)`: given how the
loss changes with what came out, how does it change with the parameters, and with x? Its parameters
are views into one flat vector, its gradients views into another, so that an optimizer moves a whole
network at once.
"""

from functools import lru_cache
from inspect import signature

import numpy as np

from .. import activations, initializers
from ..derived import overridden
from ..validation import whole

__all__ = ["Layer"]


class View:
    """A named window of a layer into its flat vector. Assignment copies into it.

    It has no `__get__`: reading finds the array in the layer's own dictionary, at full speed.
    """

    __array_ufunc__ = None  # arithmetic with a parameter that is not there yet is an error

    def __set_name__(self, owner, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}: none yet, call build(input_shape) first>"

    def __set__(self, layer, value):
        view = layer.__dict__.get(self.name)
        if view is None:
            raise AttributeError(f"{layer!r} has no {self.name} yet. Call build(input_shape) first.")
        value = np.asarray(value)
        if value.shape != view.shape:
            raise ValueError(f"{self.name} has shape {view.shape}, received {value.shape}.")
        view[...] = value


class Missing:
    """Stands in for what a layer has not seen yet."""

    def __init__(self, message):
        self.message = message

    def __get__(self, layer, owner=None):
        if layer is None:
            return self
        raise RuntimeError(self.message.format(layer=layer))


class Unfrozen:
    """What a layer and a model answer to Keras's word for freezing them."""

    @property
    def trainable(self) -> bool:
        """Always true: nothing is frozen here."""
        return True

    @trainable.setter
    def trainable(self, value):
        if not value:
            raise AttributeError(f"a {type(self).__name__} cannot be frozen: every parameter is trained here.")


HALVES = "through_activation", "through_sum"


class Layer(Unfrozen):
    """The contract of a layer: `build` once, then `forward` and `backward` in turn.

    A new layer names its parameters in `parameter_names`, as in `("W", "b")`, gives their shapes
    and starting values in `plan(input_shape)`, and defines `forward` and `backward`. `backward`
    writes `dW` for every parameter `W` (gradients are overwritten, and summed over the batch) and
    returns d loss / d x. Whether it is right, `nn.gradcheck.check_layer` tells. Where size has its
    price, `regularizers` says on which parameters.
    """

    parameter_names: tuple[str, ...] = ()
    seen = Missing("{layer!r} has seen nothing to go back from. Call forward(x) first.")
    input_shape = output_shape = Missing("{layer!r} does not know its shapes yet. Call build(input_shape) first.")
    parameters = gradients = Missing("{layer!r} has no parameters yet. Call build(input_shape) first.")

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name in cls.parameter_names:
            for view in (name, f"d{name}"):
                setattr(cls, view, window := View())
                window.__set_name__(cls, view)
        in_halves = any(getattr(cls, name) is not getattr(Layer, name) for name in HALVES)
        cls.in_one_piece = in_halves and overridden(cls, HALVES, by=["backward"])
        if overridden(cls, ["fuses_as"], by=["through_activation"]):
            cls.fuses_as = None

    declared_shape = None
    built = owned = False
    in_one_piece = False  # whether `backward` was defined later than its halves, which do not speak for it then
    fuses_as = None  # the activation at the end, where a loss may simplify with it

    def __init__(self, *, input_shape=None):
        if input_shape is not None:
            self.declared_shape = shape_of_one(input_shape)

    # What a layer is made of

    def plan(self, input_shape) -> tuple[dict, tuple[int, ...]]:
        """Return the parameters, {name: (shape, initializer)}, and the shape of an output.

        An initializer is a name that `nncourse.initializers.get` knows, or what it returns.
        """
        return {}, input_shape

    def build(self, input_shape, *, rng=None, dtype="float64") -> "Layer":
        """Make the parameters for inputs of this shape, in which the batch is not counted.

        Those of a layer in a model start anew where they are, in the model's vector.
        """
        self._begin(input_shape, rng)
        plan, output_shape = self.plan(self.input_shape)
        if unnamed := set(plan) - set(self.parameter_names):
            names = ", ".join(map(repr, [*self.parameter_names, *sorted(unnamed)]))
            raise TypeError(
                f"{type(self).__name__} plans parameters that it does not name. Try parameter_names = ({names},)."
            )
        shapes = {name: shape for name, (shape, _) in plan.items()}
        if self._in_vector and shapes != self.shapes:
            raise ValueError(f"{self!r} serves in a model with parameters of shapes {self.shapes}. Make a new one.")
        self.shapes, self.output_shape = shapes, output_shape
        if not self._in_vector:
            size = sum(int(np.prod(shape)) for shape in self.shapes.values())
            self.attach(np.zeros(size, dtype), np.zeros(size, dtype))
        for name, (shape, initializer) in plan.items():
            setattr(self, name, initializers.get(initializer)(shape, self.rng))
        self.built = True
        return self

    def _begin(self, input_shape, rng):
        """Take down for which inputs the layer is built; in a model it can be for no others."""
        input_shape = shape_of_one(input_shape)
        if self._in_vector and self.input_shape != input_shape:
            raise ValueError(f"{self!r} serves in a model for inputs of shape {self.input_shape}. Make a new one.")
        if not self._in_vector:
            self.built = False  # until it is done
        if rng is not None or not self._in_vector:
            self.rng = np.random.default_rng(rng)
        self.input_shape = input_shape

    @property
    def _in_vector(self) -> bool:
        """Whether the parameters lie in a vector that is not the layer's own."""
        return self.built and self.owned

    def attach(self, parameters, gradients):
        """Make these flat arrays the layer's own: every parameter becomes a view into them."""
        self.parameters, self.gradients, start = parameters, gradients, 0
        for name, shape in self.shapes.items():
            stop = start + int(np.prod(shape))
            self.__dict__[name] = parameters[start:stop].reshape(shape)
            self.__dict__[f"d{name}"] = gradients[start:stop].reshape(shape)
            start = stop

    def move(self, parameters, gradients):
        """Copy parameters and gradients into other flat arrays, and live there from now on."""
        parameters[...], gradients[...] = self.parameters, self.gradients
        self.attach(parameters, gradients)

    # What a layer does

    def check(self, x):
        """Refuse a batch that the layer was not built for."""
        if not isinstance(x, np.ndarray):
            raise TypeError(f"{self!r} expects an array, received {type(x).__name__}. Try np.array(x, float).")
        if x.shape[1:] != self.input_shape:
            raise ValueError(
                f"{self!r} expects a batch of shape (n, {', '.join(map(str, self.input_shape))}), received "
                f"{x.shape}. For one example use x[None]."
            )
        self.check_type(x)

    def check_numbers(self, x):
        """Refuse numbers that the layer cannot take; a model asks its first layer once for all rows."""

    def check_type(self, x):
        """Refuse numbers that the layer's own type cannot hold."""
        own = self.parameters.dtype
        if x.dtype != own and x.dtype.kind not in "biu" and not np.can_cast(x.dtype, own):
            raise TypeError(f"{self!r} computes in {own}, received {x.dtype}. Try x.astype({own.name!r}).")

    def forward(self, x, training: bool = False):
        """Return the output for a batch x (n, ...)."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward(x, training)")

    def backward(self, upstream):
        """Return d loss / d x for `upstream`, d loss / d output, after `forward`."""
        return self.through_sum(self.through_activation(upstream))

    def through_activation(self, upstream):
        """Return d loss / d z, where z is what the layer's activation was given."""
        return upstream

    def through_sum(self, dz, input_gradient: bool = True):
        """Write the gradients of the parameters; return d loss / d x, if it is asked for."""
        if type(self).backward is Layer.backward:
            raise NotImplementedError(f"{type(self).__name__} defines no backward(upstream)")
        return self.backward(dz)

    def regularizers(self) -> dict:
        """Return the regularizers of parameters, as in {"W": l2(0.01)}; None stands for none."""
        return {}

    @property
    def penalized(self) -> bool:
        """Whether there is a penalty on any parameter."""
        return any(regularizer is not None for regularizer in self.regularizers().values())

    def penalty(self, slope: bool = True) -> float:
        """Return the penalty; with `slope`, add its slopes to the gradients."""
        total = 0.0
        for name, regularizer in self.regularizers().items():
            if regularizer is not None:
                weights = getattr(self, name)
                value, pull = regularizer.value_and_gradient(weights)
                total += value
                if slope:
                    gradient = getattr(self, f"d{name}")
                    gradient += pull
        return total

    @property
    def activation_name(self) -> str | None:
        """The activation that ends the layer, if one does."""
        return None

    def __getstate__(self):
        views = {*getattr(self, "shapes", ()), *(f"d{name}" for name in getattr(self, "shapes", ()))}
        return {name: value for name, value in vars(self).items() if name not in views | {"seen", "owned"}}

    def __setstate__(self, state):
        vars(self).update(state, owned=False)
        if self.built:
            self.attach(self.parameters, self.gradients)

    def __repr__(self):
        shown = []
        for name, parameter in signature(type(self)).parameters.items():
            value = None if name == "input_shape" else getattr(self, name, None)
            value = str(value) if isinstance(value, activations.Activation) else value
            if parameter.kind is parameter.VAR_POSITIONAL:
                shown += map(repr, value)
            elif parameter.default is parameter.empty:
                shown.append(repr(value))
            elif name == "activation" or name.endswith("regularizer") or isinstance(value, int | float | str | tuple):
                usual = value in (None, parameter.default, "linear")
                shown += [] if usual else [f"{name}={value!r}"]
        return f"{type(self).__name__}({', '.join(shown)})"


@lru_cache(maxsize=64)
def ones(n, dtype):
    """Return n ones. A sum over the batch is their product with it, in a third of the time."""
    array = np.ones(n, dtype)
    array.flags.writeable = False
    return array


def shape_of_one(shape) -> tuple[int, ...]:
    """Return the shape of one example as a tuple of whole numbers."""
    if not isinstance(shape, tuple | list) or not shape:
        hint = f"({shape},)" if isinstance(shape, int | np.integer) else "(d,) for examples of d numbers"
        raise ValueError(f"input_shape must be a tuple, not an empty one, received {shape!r}. Try {hint}.")
    return tuple(whole("an entry of input_shape", side) for side in shape)
