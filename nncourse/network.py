"""Network: layers in a row, looking into one vector of parameters (chapters 3 and 7).

Forward, each layer hands its output to the next. Backward, each hands the gradient to the one
before it. All parameters of all layers lie in one flat array and all gradients in another, so that
whoever moves, saves, copies or checks the network has one vector to do with.
"""

import copy
from collections.abc import Iterable

import numpy as np

from .layers import Input, Layer
from .layers.base import Unfrozen
from .layers.max_pooling2d import relu_after_pooling
from .layers.row import build_in_a_row, in_halves, unbuild, within

__all__ = ["Network"]


class Maker(classmethod):
    """A class method that makes a new model, and would leave one that is there already as it is."""

    def __get__(self, made, owner=None):
        if made is not None:
            name, kind = self.__func__.__name__, type(made).__name__
            raise AttributeError(f"{name} makes a new model, this one would stay as it is. Try {kind}.{name}(...).")
        return super().__get__(made, owner)


class Network(Unfrozen):
    """A chain of layers, from input to output.

    `dtype` is the type of all its numbers; `seed` makes starting weights and everything else random
    the same in every run. With a first layer that knows its `input_shape` the network is built at
    once, else by `build`.
    """

    def __init__(self, layers: Iterable[Layer] = (), *, dtype: str = "float32", seed=None):
        if isinstance(layers, Layer):
            raise TypeError("layers come in a list. Try Sequential([Dense(8, activation='relu'), Dense(1)]).")
        try:
            self.dtype = np.dtype(dtype)
            if self.dtype.kind != "f":
                raise TypeError
        except TypeError:
            message = f"dtype must be a type of floating point numbers, received {dtype!r}. Try 'float32'."
            raise ValueError(message) from None
        self.rng = np.random.default_rng(seed)
        self.layers: list[Layer] = []
        self.built = False
        layers = list(layers)
        new = [layer for layer in within(layers) if isinstance(layer, Layer) and not layer.built]
        try:
            for layer in layers:
                self.add(layer)
        except BaseException:
            unbuild(new)
            for layer in self.layers:
                layer.owned = False  # there is no model that they serve in
            raise

    # Building

    def add(self, layer: Layer) -> None:
        """Put a layer at the end. One that is built already brings its weights along."""
        if not isinstance(layer, Layer):
            raise TypeError(f"expected a layer, received {layer!r}. Try nn.layers.Dense(8, activation='relu').")
        if layer.owned:
            raise ValueError(f"{layer!r} serves in a model already. Make a new one, or use copy.deepcopy(layer).")
        self.layers.append(layer)
        try:
            if self.built:
                self._build([layer], self.output_shape)
            elif self.layers[0].declared_shape is not None:
                self.build(self.layers[0].declared_shape)
        except BaseException:
            self.layers.pop()
            raise
        layer.owned = True

    def build(self, input_shape) -> None:
        """Make the parameters, for examples of this shape (the batch is not counted)."""
        if not self.layers:
            raise ValueError("this model has no layers. Add one with model.add(nn.layers.Dense(1)).")
        self._build(self.layers, input_shape)

    def _build(self, layers, shape):
        shape = build_in_a_row(layers, shape, rng=self.rng, dtype=self.dtype)
        self.input_shape, self.output_shape = self.layers[0].input_shape, shape
        self._gather()
        self.built = True

    def _require_built(self):
        if not self.built:
            raise RuntimeError(
                "this model does not know the shape of its input yet. Give the first layer input_shape=(d,), "
                "call build((d,)), or fit it first."
            )

    def _gather(self):
        """Move all parameters into one flat vector, all gradients into another."""
        size = sum(layer.parameters.size for layer in self.layers)
        self._parameters, self._gradients = np.zeros(size, self.dtype), np.zeros(size, self.dtype)
        start = 0
        for layer in self.layers:
            stop = start + layer.parameters.size
            layer.move(self._parameters[start:stop], self._gradients[start:stop])
            layer.owned = True
            start = stop
        first = next((i for i, layer in enumerate(self.layers) if layer.parameters.size), 0)
        learned = [in_halves(layer) for layer in self.layers[first:]]  # nothing is learned before it
        self._trained = relu_after_pooling(learned)
        self._gathered = list(self.layers)
        self._penalized = [layer for layer in self.layers if layer.penalized]

    @property
    def parameters(self) -> np.ndarray:
        """All parameters, a flat vector (d,). It is live, and assignment copies into it."""
        self._require_built()
        return self._parameters

    @parameters.setter
    def parameters(self, vector):
        vector = np.asarray(vector)
        if vector.shape != self.parameters.shape:
            raise ValueError(f"parameters have shape {self.parameters.shape}, received {vector.shape}.")
        self._parameters[...] = vector

    @property
    def gradients(self) -> np.ndarray:
        """The gradient in all parameters, a flat vector (d,); the next step overwrites it."""
        self._require_built()
        return self._gradients

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of all parameters, layer by layer, in the order of `summary`."""
        self._require_built()
        return [np.array(getattr(layer, name)) for layer, name in self._named()]

    def set_weights(self, weights) -> None:
        """Copy arrays, as `get_weights` returns them, into the parameters."""
        self._require_built()
        named, weights = list(self._named()), list(weights)
        shapes = [getattr(layer, name).shape for layer, name in named]
        if [np.shape(array) for array in weights] != shapes:
            raise ValueError(f"weights must have the shapes {shapes}, received {[np.shape(w) for w in weights]}.")
        for (layer, name), array in zip(named, weights, strict=True):
            setattr(layer, name, array)

    def _named(self):
        """Every (layer, name of a parameter), also those inside composite layers."""
        return ((layer, name) for layer in within(self.layers) for name in layer.shapes)

    # Forward and backward

    def _check_numbers(self, x):
        """Refuse numbers that the first layer cannot take, as an Embedding those of words it does not know."""
        first = next((layer for layer in self.layers if not isinstance(layer, Input)), self.layers[0])
        first.check_numbers(x)

    def forward(self, x, training: bool = False) -> np.ndarray:
        """Return the output for a batch x (n, ...) of the model's own dtype.

        `backward` looks at it again: whoever changes it changes a copy.
        """
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, upstream) -> np.ndarray:
        """Write all gradients, given d loss / d output of the last `forward`; return d loss / d x."""
        if self.built and np.shape(upstream)[1:] != self.output_shape:
            wanted = f"(n, {', '.join(map(str, self.output_shape))})"
            raise ValueError(f"upstream must have the output's shape {wanted}, received {np.shape(upstream)}.")
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        return upstream

    # Telling and keeping

    def summary(self) -> None:
        """Print the layers, the shapes that leave them, and how many parameters each has."""
        built = self.built
        rows = [("Layer", "Output shape", "Parameters")]
        for layer in self.layers:
            shape = f"(n, {', '.join(map(str, layer.output_shape))})" if built else "?"
            rows.append((repr(layer), shape, f"{layer.parameters.size:,}" if built else "?"))
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        for name, shape, count in rows:
            print(f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {count:>{widths[2]}}")
        total = f"{self.parameters.size:,}" if built else "not built yet: the first fit will tell"
        print(f"Parameters in all: {total}")

    def save(self, path) -> None:
        """Write layers, settings and weights to an `.npz` file, with no pickle in it.

        The file appears whole or not at all.
        """
        from .saving import save

        save(self, path)

    @Maker
    def load(cls, path, custom_objects=()):
        """Return the model that `save` wrote, compiled as it was, ready to go on training.

        Classes of your own that it uses are named in `custom_objects`.
        """
        from .saving import load

        return load(path, cls, custom_objects)

    def __copy__(self):
        return copy.deepcopy(self)  # two models cannot share layers

    def __getstate__(self):
        return {name: value for name, value in vars(self).items() if name not in ("_parameters", "_gradients")}

    def __setstate__(self, state):
        vars(self).update(state)
        for layer in self.layers:
            layer.owned = True
        if self.built:
            self._gather()

    def __repr__(self):
        return f"{type(self).__name__}([{', '.join(map(repr, self.layers))}])"
