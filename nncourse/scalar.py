"""Backpropagation one number at a time (chapter 7).

A `Value` is a number that remembers how it was computed: by which operation, from which other
values. Together they form a graph. Every operation knows, at the numbers that it met, how fast its
result moves with each of its inputs; these slopes are written on the edges. `backward` walks the
graph from the result to the leaves and does what the chain rule says: multiply along every path,
add where paths meet.
"""

import math
from numbers import Real

__all__ = ["Value"]


class Value:
    """A number with a gradient: `data`, and after `backward()` of a result, d result / d data.

    `label` is a name for a picture. `operation`, `children` and `slopes` say how the number came
    about: `slopes[i]` is d self / d children[i]; a leaf has none. They belong to the numbers met:
    after a change of a leaf's `data`, as in `w.data -= 0.1 * w.grad`, compute the result anew.
    """

    __slots__ = ("children", "data", "grad", "label", "operation", "slopes")

    # NumPy's own numbers leave the arithmetic to us, so 2.0 * v and np.float64(2) * v are the same.
    __array_ufunc__ = None

    def __init__(self, data: float, label: str = ""):
        if not isinstance(data, Real):
            hint = f" Try float({data!r})." if isinstance(data, str) else ""
            raise TypeError(f"expected a number or a Value, received {data!r}.{hint}")
        self.data, self.grad, self.label = float(data), 0.0, label
        self.operation, self.children, self.slopes = "", (), ()

    def __repr__(self):
        label = f", label={self.label!r}" if self.label else ""
        return f"Value({self.data:.6g}, grad={self.grad:.6g}{label})"

    # Each operation returns its result, and beside every input the slope of the result in it.

    def __add__(self, other):
        a, b = _pair(self, other)
        return _result("+", a.data + b.data, (a, 1.0), (b, 1.0))

    def __sub__(self, other):
        a, b = _pair(self, other)
        return _result("-", a.data - b.data, (a, 1.0), (b, -1.0))

    def __mul__(self, other):
        a, b = _pair(self, other)
        return _result("*", a.data * b.data, (a, b.data), (b, a.data))

    def __truediv__(self, other):
        a, b = _pair(self, other)
        if b.data == 0:
            raise ZeroDivisionError(f"{a.data:g} / 0 is not a number.")
        ratio = a.data / b.data
        return _result("/", ratio, (a, 1 / b.data), (b, -ratio / b.data))

    def __pow__(self, n):
        if not isinstance(n, Real):
            raise TypeError(f"expected a number as power, received {n!r}. Try (x.log() * n).exp().")
        x, n = self, float(n)
        if x.data < 0 and n != round(n):
            raise ValueError(f"{x.data:g} ** {n:g} is not a real number.")
        if x.data == 0 and (n < 0 or 0 < n < 1):
            what = "is not a number" if n < 0 else "has no finite slope"
            raise ZeroDivisionError(f"0 ** {n:g} {what}.")
        slope = n * x.data ** (n - 1) if n else 0.0
        return _result(f"**{n:g}", x.data**n, (x, slope))

    def __neg__(self):
        return _result("neg", -self.data, (self, -1.0))

    def exp(self) -> "Value":
        """Return e^x."""
        e = math.exp(self.data)
        return _result("exp", e, (self, e))

    def log(self) -> "Value":
        """Return the natural logarithm, for x above 0."""
        if self.data <= 0:
            raise ValueError(f"log needs a number above 0, received {self.data:g}.")
        return _result("log", math.log(self.data), (self, 1 / self.data))

    def tanh(self) -> "Value":
        """Return tanh x; its slope is 1 - tanh^2 x."""
        t = math.tanh(self.data)
        return _result("tanh", t, (self, 1 - t * t))

    def sigmoid(self) -> "Value":
        """Return 1 / (1 + e^-x); its slope is sigmoid (1 - sigmoid)."""
        e = math.exp(-abs(self.data))  # never above 1, so it cannot overflow
        below, above = e / (1 + e), 1 / (1 + e)  # the smaller and the larger share
        return _result("sigmoid", above if self.data >= 0 else below, (self, below * above))

    def relu(self) -> "Value":
        """Return max(x, 0); at the kink we take the slope 0."""
        slope = 1.0 if self.data > 0 else 0.0
        return _result("relu", max(self.data, 0.0), (self, slope))

    # With a plain number on the left.

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, other):
        raise TypeError(f"expected a number as power, received {self!r}. Try (x * math.log({other!r})).exp().")

    def graph(self) -> list["Value"]:
        """Return all values that this one was computed from, children first, itself last."""
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:  # a stack of our own: Python's would end at a thousand nodes in a row
            node, children_done = waiting.pop()
            if children_done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting += [(child, False) for child in reversed(node.children)]
        return order

    def backward(self) -> None:
        """Write d self / d node into the `grad` of every node of the graph.

        What an earlier call left is overwritten, so two calls give what one
        gives. For the gradient of a sum of losses, add the losses first:
        `(loss_1 + loss_2).backward()`.
        """
        order = self.graph()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for child, slope in zip(node.children, node.slopes, strict=True):
                # times along a path, plus where paths meet
                child.grad += slope * node.grad


def _pair(a, b):
    return a, b if isinstance(b, Value) else Value(b)


def _result(operation, data, *edges):
    node = Value(data)
    node.operation = operation
    node.children, node.slopes = zip(*edges, strict=True)
    return node
