"""Layers in a row, in a model or in a composite layer (chapters 3 and 7).

They are built all together or not at all: each needs the shape that the one before gives. On the
way back a model takes every layer by halves, so that it can leave out what nobody asks for.
"""

from .base import Layer, shape_of_one

__all__ = ["build_in_a_row", "in_halves", "unbuild", "within"]


def within(layers):
    """Yield layers in a row, each before those inside it."""
    for layer in layers:
        yield layer
        yield from within(getattr(layer, "layers", ()))


def build_in_a_row(layers, shape, *, rng, dtype) -> tuple[int, ...]:
    """Build each layer for what the one before gives; return the shape at the end. All are built, or none.

    A layer that is built already keeps its weights, in this dtype.
    """
    shape = shape_of_one(shape)
    new, state = [layer for layer in within(layers) if not layer.built], rng.bit_generator.state
    try:
        for layer in layers:
            if layer.declared_shape not in (None, shape):
                raise ValueError(
                    f"{layer!r} was given input_shape={layer.declared_shape}, but receives {shape}. "
                    "Leave it out: only the first layer needs one."
                )
            if not layer.built:
                layer.build(shape, rng=rng, dtype=dtype)
            elif layer.input_shape != shape:
                raise ValueError(
                    f"{layer!r} was built for inputs of shape {layer.input_shape}, but receives {shape}. "
                    "Make a new one."
                )
            else:
                layer.attach(layer.parameters.astype(dtype), layer.gradients.astype(dtype))
                for one in within([layer]):
                    one.rng = rng
            shape = layer.output_shape
    except BaseException:
        rng.bit_generator.state = state
        unbuild(new)
        raise
    return shape


def unbuild(layers):
    """Let the next build of these layers start from nothing."""
    for layer in layers:
        layer.built = False


class InOnePiece(Layer):
    """The way back through a layer whose `backward` is its own, in the two halves that a model takes."""

    def __init__(self, layer):
        self.layer = layer

    def through_sum(self, dz, input_gradient=True):
        return self.layer.backward(dz)


def in_halves(layer) -> Layer:
    """Return what stands for the layer where a model goes back by halves."""
    return InOnePiece(layer) if layer.in_one_piece else layer
