"""The chain rule, factor by factor: a graph of numbers, and the slopes on their way back (chapter 07)."""

from __future__ import annotations

import math

import traitlets as t

from nncourse.scalar import Value
from nncourse.widgets.base import Widget, self_contained

MOST = 3.0  # where the sliders end


def _two_sums(a, b, c):
    s, t = a + b, b + c
    return {"s": s, "t": t, "L": s * t}


def _neuron(w1, w2, b):
    z = 0.5 * w1 + 0.8 * w2 + b
    p = z.sigmoid()
    return {"z": z, "p": p, "L": (p - 1) ** 2}


def _network(x1, w7, w8):
    z1, z2 = 0.1 * x1 + 0.35, 0.2 * x1 - 0.45  # 0.35 and -0.45 are what study and play bring
    h1, h2 = z1.sigmoid(), z2.sigmoid()
    z3 = h1 * w7 + h2 * w8
    y = z3.sigmoid()
    return {"z1": z1, "z2": z2, "h1": h1, "h2": h2, "z3": z3, "y": y, "L": (y - 1) ** 2}


# What each graph begins with, how it is computed, and which value is computed from which.
EXPRESSIONS = {
    "two sums": ({"a": 2.0, "b": 1.0, "c": 1.0}, _two_sums, {"s": "a b", "t": "b c", "L": "s t"}),
    "neuron": ({"w1": 0.1, "w2": -0.2, "b": 0.0}, _neuron, {"z": "w1 w2 b", "p": "z", "L": "p"}),
    "3-2-1": (
        {"x1": 1.0, "w7": 0.5, "w8": -0.3},
        _network,
        {"z1": "x1", "z2": "x1", "h1": "z1", "h2": "z2", "z3": "h1 w7 h2 w8", "y": "z3", "L": "y"},
    ),
}


def nodes_at(expression: str, values) -> dict[str, Value]:
    """Return every value of a graph by name, the leaves first and the result, "L", last."""
    names, compute, _ = EXPRESSIONS[expression]
    leaves = {name: Value(value, name) for name, value in zip(names, values, strict=True)}
    return leaves | compute(*leaves.values())


class ChainRule(Widget):
    """A graph of values, and the slopes of its result L on their way back, one value at a time.

    `expression` is "two sums", L = (a + b)(b + c); "neuron", the neuron of chapter 07 with its squared loss; or
    "3-2-1", the network of chapters 03 and 07, with its first input and its last two weights to turn. `values` are
    three numbers from -3 to 3 at which the graph begins, `look` (0, 1 or 2) says whose paths are multiplied out, and
    `step` how many values have passed their slope on.
    """

    _esm = self_contained("chain_rule.js")
    height = 740

    expression = t.Enum(list(EXPRESSIONS), "two sums").tag(sync=True)
    values = t.List(t.Float()).tag(sync=True)
    look = t.Int(1).tag(sync=True)
    step = t.Int(0).tag(sync=True)

    def __init__(self, expression: str = "two sums", values=None, **settings):
        if values is None and expression in EXPRESSIONS:
            values = EXPRESSIONS[expression][0].values()
        settings = {"look": 1 if expression == "two sums" else 0} | settings
        super().__init__(expression=expression, values=[float(value) for value in values or ()], **settings)

    @t.validate("values")
    def _check_values(self, proposal):
        values = proposal["value"]
        if len(values) != 3 or not all(-MOST <= value <= MOST for value in values):  # refuses nan, too
            names = ", ".join(EXPRESSIONS[self.expression][0])
            expected = f"three numbers from -{MOST:g} to {MOST:g} for {names} are expected"
            raise t.TraitError(
                f"values: {expected}, got {values}. Try {list(EXPRESSIONS[self.expression][0].values())}."
            )
        return values

    @t.validate("look", "step")
    def _check_number(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        most = {"look": 2, "step": len(EXPRESSIONS[self.expression][2])}[name]
        if not 0 <= value <= most:
            raise t.TraitError(f"{name}: a whole number from 0 to {most} is expected, got {value}. Try {most}.")
        return value

    def nodes(self) -> dict[str, Value]:
        """Return every value of the graph by name, computed anew; call `backward()` on the one named "L"."""
        return nodes_at(self.expression, self.values)

    def slopes(self) -> dict[str, float]:
        """Return the slope of L in every value, by name."""
        nodes = self.nodes()
        nodes["L"].backward()
        return {name: node.grad for name, node in nodes.items()}

    def paths(self) -> list[list[float]]:
        """Return for each path from L to the chosen value the slopes of its links, from L on."""
        _, _, sources = EXPRESSIONS[self.expression]
        leaf = list(EXPRESSIONS[self.expression][0])[self.look]

        def link(name, source):
            nodes = self.nodes()
            nodes[name].backward()
            return nodes[source].grad

        def back_from(name):
            if name == leaf:
                return [[]]
            sources_of = sources.get(name, "").split()
            return [[link(name, source), *rest] for source in sources_of for rest in back_from(source)]

        return back_from("L")

    def describe(self) -> str:
        leaf = list(EXPRESSIONS[self.expression][0])[self.look]
        products = [f"{math.prod(path):.4g}" for path in self.paths()]
        roads = (
            f"one path of slopes, with the product {products[0]}"
            if len(products) == 1
            else (f"{len(products)} paths, with the products {' and '.join(products)}, which add up")
        )
        return (
            f"In the graph {self.expression!r}, {leaf} reaches the result L over {roads}: the slope of L in {leaf} is "
            f"{self.slopes()[leaf]:.4g}. Walking back factor by factor, and turning the values, needs JavaScript."
        )

    def __repr__(self) -> str:
        return f"ChainRule({self.expression!r}, values={[round(value, 6) for value in self.values]}, look={self.look})"
