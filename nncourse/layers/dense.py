"""Dense: every input reaches every neuron (chapter 3)."""

from ..validation import whole
from .base import ones
from .weighted import Weighted

__all__ = ["Dense"]


class Dense(Weighted):
    """`units` neurons beside one another: a = activation(x @ W + b).

    x (n, d_in), W (d_in, units), b (units,), output (n, units). Inputs with more axes, as in
    (n, steps, d_in), are treated row by row along the last.
    """

    def __init__(
        self,
        units: int,
        activation=None,
        *,
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        input_shape=None,
    ):
        super().__init__(activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, input_shape)
        self.units = whole("units", units)

    def plan(self, input_shape):
        parameters = {"W": ((input_shape[-1], self.units), self.kernel_initializer)}
        if self.use_bias:
            parameters["b"] = ((self.units,), self.bias_initializer)
        self.flat = len(input_shape) == 1
        return parameters, (*input_shape[:-1], self.units)

    def rows(self, x):
        """Return a batch x of the layer's own shape row by row."""
        self.check(x)
        return x.reshape(-1, x.shape[-1])

    def forward(self, x, training=False):
        try:
            rows = x if x.ndim == 2 and self.flat else self.rows(x)
            z = rows.dot(self.W)
        except (AttributeError, TypeError, ValueError):
            self.check(x)  # say in our own words what does not fit
            raise
        if self.use_bias:
            z += self.b
        if x.ndim > 2:
            z = z.reshape(*x.shape[:-1], self.units)
        a = self.activation.in_place(z)
        self.seen = rows, z, a
        return a

    def through_sum(self, dz, input_gradient=True):
        rows, z, _ = self.seen
        deltas = dz if dz.ndim == 2 else dz.reshape(-1, self.units)
        try:
            rows.T.dot(deltas, out=self.dW)
        except ValueError as error:  # another type than the layer's, or shape
            self.check_type(rows)
            self.check_type(deltas)
            wanted = f"upstream must have the output's shape {z.shape}"
            raise ValueError(f"{wanted}, received {dz.shape}.") from error
        if self.use_bias:  # the sum over the batch
            ones(len(deltas), deltas.dtype).dot(deltas, out=self.db)
        if input_gradient:
            dx = deltas.dot(self.W.T)
            if dz.ndim > 2:
                dx = dx.reshape(*dz.shape[:-1], rows.shape[1])
            return dx
