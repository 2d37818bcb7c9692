"""SimpleRNN: one layer, used again at every step, that hears its own last answer (chapter 16).

The state h is the memory. Each step mixes what comes in with what is remembered, by the same
weights at every step. Backward is the same walk from the last step to the first: the error of a
step is passed on through U, so over many steps it is multiplied by U again and again, and fades or
grows. An orthogonal U keeps lengths, which is a fair start.
"""

import numpy as np

from .. import activations, initializers, regularizers
from ..validation import whole
from .base import Layer, ones
from .sequence import steps_and_width

__all__ = ["SimpleRNN"]


class SimpleRNN(Layer):
    """A recurrent layer: h_t = activation(x_t @ W + h_(t-1) @ U + b), with h before the start 0.

    x (n, steps, d), W (d, units), U (units, units), b (units,). The output is the last state,
    (n, units), or with `return_sequences` all of them, (n, steps, units). Backpropagation through
    time goes back to the first step (Elman, 1990; Werbos, 1990).
    """

    parameter_names = ("W", "U", "b")

    def __init__(
        self,
        units: int,
        activation="tanh",
        *,
        return_sequences: bool = False,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        input_shape=None,
    ):
        super().__init__(input_shape=input_shape)
        self.units = whole("units", units)
        self.activation = activations.get(activation)
        self.return_sequences = return_sequences
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)

    def regularizers(self):
        return {"W": self.kernel_regularizer, "U": self.recurrent_regularizer}

    def plan(self, input_shape):
        steps, d = steps_and_width(self, input_shape)
        parameters = {
            "W": ((d, self.units), self.kernel_initializer),
            "U": ((self.units, self.units), self.recurrent_initializer),
            "b": ((self.units,), self.bias_initializer),
        }
        return parameters, (steps, self.units) if self.return_sequences else (self.units,)

    def forward(self, x, training=False):
        self.check(x)
        n, steps, d = x.shape
        rows = x.swapaxes(0, 1).reshape(-1, d)  # (steps * n, d), step by step
        z = rows.dot(self.W)
        z += self.b
        z = z.reshape(steps, n, self.units)
        h = [np.zeros_like(z[0])]  # h[t]: memory after t steps, (n, units)
        for z_t in z:
            z_t += h[-1].dot(self.U)
            h.append(self.activation.in_place(z_t))
        self.seen = rows, z, h
        return np.stack(h[1:], axis=1) if self.return_sequences else h[-1]

    def through_sum(self, upstream, input_gradient=True):
        rows, z, h = self.seen
        steps, n, units = z.shape
        dz = np.empty_like(z)
        dh = 0 if self.return_sequences else upstream
        for t in reversed(range(steps)):
            if self.return_sequences:
                dh = dh + upstream[:, t]  # from what comes after the layer, and from the next step
            dz[t] = self.activation.backward(z[t], h[t + 1], dh)
            dh = dz[t].dot(self.U.T)
        dz = dz.reshape(-1, units)  # the weights are the same at every step: their slopes add up
        rows.T.dot(dz, out=self.dW)
        np.concatenate(h[:-1]).T.dot(dz, out=self.dU)
        ones(len(dz), dz.dtype).dot(dz, out=self.db)
        if input_gradient:
            dx = dz.dot(self.W.T).reshape(steps, n, -1)
            return np.ascontiguousarray(dx.swapaxes(0, 1))
