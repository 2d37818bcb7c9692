"""Regularizers: a price on large weights (chapter 14).

A penalty is added to the loss, once a batch, and its gradient to the gradient of the weights. L2
pulls each weight back in proportion to its size; L1 pulls all of them equally hard. Neither leaves
an exact zero under gradient descent: the L1 pull overshoots and hovers (Goodfellow, Bengio and
Courville, Deep Learning, section 7.1).
"""

import numpy as np

from .validation import chosen, floats, positive

__all__ = ["L1L2", "get", "l1", "l1_l2", "l2"]


class L1L2:
    """l1 * sum |w| + l2 * sum w^2, as in Keras: no factor of 1/2."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0):
        self.l1, self.l2 = positive("l1", l1, zero=True), positive("l2", l2, zero=True)

    def __call__(self, W) -> float:
        """Return the penalty of an array of weights."""
        return self.value_and_gradient(W)[0]

    def value_and_gradient(self, W) -> tuple[float, np.ndarray]:
        """Return the penalty and its gradient; |w| has slope 0 at 0."""
        W = floats(W)
        value, gradient = self.l2 * float(np.vdot(W, W)), (2 * self.l2) * W
        if self.l1:
            value += self.l1 * float(np.abs(W).sum())
            gradient += self.l1 * np.sign(W)
        return value, gradient

    def __repr__(self):
        return f"L1L2(l1={self.l1:g}, l2={self.l2:g})"


def l1(l1: float = 0.01) -> L1L2:
    """Return the penalty l1 * sum |w| (Tibshirani, 1996)."""
    return L1L2(l1=l1)


def l2(l2: float = 0.01) -> L1L2:
    """Return the penalty l2 * sum w^2 (Hoerl and Kennard, 1970)."""
    return L1L2(l2=l2)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Return both penalties at once (Zou and Hastie, 2005)."""
    return L1L2(l1=l1, l2=l2)


KNOWN = {"l1": l1, "l2": l2, "l1_l2": l1_l2}


def get(name):
    """Return the regularizer of that name; None and an object with `value_and_gradient` stay."""
    if name is None or (hasattr(name, "value_and_gradient") and not isinstance(name, type)):
        return name
    return chosen("a regularizer such as l2(0.01)", name, KNOWN)()
