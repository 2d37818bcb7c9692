"""What layers of neurons share: weights, a bias, an activation, and how they start (chapter 3)."""

from .. import activations, initializers, regularizers
from .base import Layer

__all__ = ["Weighted"]


class Weighted(Layer):
    """A layer that ends in a weighted sum z and an activation of it; `seen` is (x, z, a).

    The weights are its parameter W, and what is added to their sum, with `use_bias`, is b.
    """

    parameter_names = ("W", "b")

    def __init__(self, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, input_shape):
        super().__init__(input_shape=input_shape)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)

    def regularizers(self):
        return {"W": self.kernel_regularizer}

    def through_activation(self, upstream):
        _, z, a = self.seen
        return self.activation.backward(z, a, upstream)

    @property
    def activation_name(self):
        return self.activation.name

    @property
    def fuses_as(self):
        return self.activation.fuses_as
