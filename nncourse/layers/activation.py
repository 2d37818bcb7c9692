"""Activation: a function of its own on what the layer before it says (chapter 4)."""

from .. import activations
from ..validation import floats
from .base import Layer

__all__ = ["Activation"]


class Activation(Layer):
    """`Activation("relu")`: the activation alone, in the shape of its input."""

    def __init__(self, activation, *, input_shape=None):
        super().__init__(input_shape=input_shape)
        self.activation = activations.get(activation)

    def forward(self, x, training=False):
        self.check(x)
        z = floats(x).copy()  # x belongs to the layer before, which may need it on the way back
        a = self.activation.in_place(z)
        self.seen = z, a
        return a

    def through_activation(self, upstream):
        z, a = self.seen
        return self.activation.backward(z, a, upstream)

    def through_sum(self, dz, input_gradient=True):
        return dz

    @property
    def activation_name(self):
        return self.activation.name

    @property
    def fuses_as(self):
        return self.activation.fuses_as
