"""MultiHeadAttention: every step asks all steps, and listens to those that fit (chapter 16).

A step sends out a query; every step offers a key and a value. How well query and key fit, as shares
of 1, says how much of each value is heard. Several heads do so at once, each with projections of
its own, and W_o joins what they heard. Nothing in it knows the order of the steps: positions must
be added to x, or hidden by a mask.
"""

import numpy as np

from .. import initializers
from ..activations import softmax
from ..validation import whole
from .base import Layer, ones
from .sequence import steps_and_width

__all__ = ["MultiHeadAttention"]


class MultiHeadAttention(Layer):
    """Self-attention: softmax(Q K^T / sqrt(key_dim)) V, in `num_heads` heads, then a projection.

    x (n, steps, d), output (n, steps, d). Wq, Wk, Wv (d, num_heads * key_dim) give queries, keys
    and values, Wo (num_heads * key_dim, d) the output, each with a bias. With `use_causal_mask` a
    step hears itself and those before it only (Vaswani et al., 2017).
    """

    parameter_names = ("Wq", "bq", "Wk", "bk", "Wv", "bv", "Wo", "bo")

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        *,
        use_causal_mask: bool = False,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        input_shape=None,
    ):
        super().__init__(input_shape=input_shape)
        self.num_heads = whole("num_heads", num_heads)
        self.key_dim = whole("key_dim", key_dim)
        self.use_causal_mask = use_causal_mask
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)

    def plan(self, input_shape):
        steps, d = steps_and_width(self, input_shape)
        width = self.num_heads * self.key_dim
        self.later = ~np.tri(steps, dtype=bool)  # (steps, steps): does the second come after the first?
        parameters = {}
        for name, d_in, d_out in (("q", d, width), ("k", d, width), ("v", d, width), ("o", width, d)):
            parameters[f"W{name}"] = (d_in, d_out), self.kernel_initializer
            parameters[f"b{name}"] = (d_out,), self.bias_initializer
        return parameters, input_shape

    def split(self, rows):
        """Cut rows (n * steps, num_heads * key_dim) into heads."""
        steps, _ = self.input_shape
        return rows.reshape(-1, steps, self.num_heads, self.key_dim).swapaxes(1, 2)  # (n, heads, steps, key_dim)

    def join(self, heads):
        """Put heads (n, heads, steps, key_dim) side by side again, a row each step."""
        return heads.swapaxes(1, 2).reshape(-1, self.num_heads * self.key_dim)  # (n * steps, heads * key_dim)

    def forward(self, x, training=False):
        self.check(x)
        rows = x.reshape(-1, x.shape[-1])  # (n * steps, d)
        # Queries, keys and values, cut into heads: (n, heads, steps, key_dim)
        q = self.split(rows.dot(self.Wq) + self.bq)
        k = self.split(rows.dot(self.Wk) + self.bk)
        v = self.split(rows.dot(self.Wv) + self.bv)
        q *= self.key_dim**-0.5
        # A row for each step that asks: (n, heads, steps, steps)
        scores = q @ k.swapaxes(2, 3)
        if self.use_causal_mask:
            np.copyto(scores, -np.inf, where=self.later)
        attention = softmax.in_place(scores)  # every row sums to 1
        heard = self.join(attention @ v)  # (n * steps, heads * key_dim)
        self.seen = rows, q, k, v, attention, heard
        return (heard.dot(self.Wo) + self.bo).reshape(x.shape)  # (n, steps, d)

    def through_sum(self, upstream, input_gradient=True):
        rows, q, k, v, attention, heard = self.seen
        dout = upstream.reshape(rows.shape)  # (n * steps, d)
        one = ones(len(rows), dout.dtype)
        heard.T.dot(dout, out=self.dWo)
        one.dot(dout, out=self.dbo)
        dheard = self.split(dout.dot(self.Wo.T))  # (n, heads, steps, key_dim)
        dattention = dheard @ v.swapaxes(2, 3)  # (n, heads, steps, steps)
        dscores = softmax.backward(None, attention, dattention)  # (n, heads, steps, steps)
        dq = self.join(dscores @ k)  # (n * steps, heads * key_dim)
        dq *= self.key_dim**-0.5
        dk = self.join(dscores.swapaxes(2, 3) @ q)  # (n * steps, heads * key_dim)
        dv = self.join(attention.swapaxes(2, 3) @ dheard)  # (n * steps, heads * key_dim)
        for d, dW, db in ((dq, self.dWq, self.dbq), (dk, self.dWk, self.dbk), (dv, self.dWv, self.dbv)):
            rows.T.dot(d, out=dW)
            one.dot(d, out=db)
        if input_gradient:
            dx = dq.dot(self.Wq.T)
            dx += dk.dot(self.Wk.T)
            dx += dv.dot(self.Wv.T)
            return dx.reshape(upstream.shape)  # (n, steps, d)

    @property
    def attention(self) -> np.ndarray:
        """Who listened to whom in the last batch (n, heads, steps, steps), in shares of 1: a copy."""
        return self.seen[4].copy()
