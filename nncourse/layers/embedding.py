"""Embedding: a word is a number, and the number opens a drawer with a vector in it (chapter 16).

To look up row w of a table E is to multiply a one-hot row by E, without the zeros. On the way back,
each row of the table hears the errors of all places where its word stood.
"""

import numpy as np

from .. import initializers
from ..validation import whole
from .base import Layer

__all__ = ["Embedding"]


class Embedding(Layer):
    """A learned vector for each of `input_dim` words, the whole numbers 0 to input_dim - 1.

    x (n, steps), or any other shape, of whole numbers; E (input_dim, output_dim); output
    (n, steps, output_dim) (Bengio et al., 2003). The numbers only name rows, so there is no slope
    in them: `backward` returns zeros in the shape of x.
    """

    parameter_names = ("E",)

    def __init__(self, input_dim: int, output_dim: int, *, embeddings_initializer="random_uniform", input_shape=None):
        super().__init__(input_shape=input_shape)
        self.input_dim = whole("input_dim", input_dim)
        self.output_dim = whole("output_dim", output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)

    def plan(self, input_shape):
        table = (self.input_dim, self.output_dim)
        return {"E": (table, self.embeddings_initializer)}, (*input_shape, self.output_dim)

    def words(self, x):
        """Return x as integers, or say which entry names no row."""
        if x.size == 0 or (x.min() >= 0 and x.max() < self.input_dim):  # not so with NaN, either
            words = x.astype(np.intp)
            if (words == x).all():
                return words
        wrong = ~((x >= 0) & (x < self.input_dim) & (x == np.floor(x)))
        value, place = x[wrong][0], tuple(map(int, np.argwhere(wrong)[0]))
        hint = " Words that are counted from 1 need an input_dim that is one larger." if value == self.input_dim else ""
        raise ValueError(
            f"{self!r} expects whole numbers from 0 to {self.input_dim - 1}, received {value:g} at index {place}.{hint}"
        )

    def check_numbers(self, x):
        if type(self).forward is Embedding.forward:
            self.words(x)

    def forward(self, x, training=False):
        self.check(x)
        self.seen = words = self.words(x)
        return self.E.take(words, axis=0)

    def through_sum(self, upstream, input_gradient=True):
        words = self.seen
        # Where each number of upstream goes in the flat table. Counting with weights adds them up,
        # at a fraction of the cost of np.add.at, and of a one-hot product for many words.
        places = words.reshape(-1, 1) * self.output_dim + np.arange(self.output_dim)
        sums = np.bincount(places.ravel(), upstream.ravel(), minlength=self.E.size)
        self.dE[...] = sums.reshape(self.E.shape)
        if input_gradient:
            return np.zeros(words.shape, upstream.dtype)
