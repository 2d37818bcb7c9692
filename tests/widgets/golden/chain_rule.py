"""Graphs of single numbers, computed and walked back by `nncourse.scalar.Value`."""

import math

from nncourse.widgets import ChainRule
from nncourse.widgets.chain_rule import EXPRESSIONS, nodes_at

SETTINGS = [
    ("two sums", None),
    ("two sums", [2.0, -1.5, 1.0]),
    ("two sums", [-3.0, 3.0, 0.0]),
    ("neuron", None),
    ("neuron", [3.0, -3.0, 3.0]),
    ("neuron", [-3.0, -3.0, -3.0]),
    ("3-2-1", None),
    ("3-2-1", [-2.5, 1.5, 2.0]),
    ("3-2-1", [3.0, -3.0, -3.0]),
]
BY = 0.01


def compute():
    """All values and slopes, the slope of every link, the product of every path, and what a nudge measures."""
    cases = []
    for expression, values in SETTINGS:
        widget = ChainRule(expression, values)
        links = {}
        for name, sources in EXPRESSIONS[expression][2].items():
            nodes = widget.nodes()
            nodes[name].backward()
            links[name] = [[source, nodes[source].grad] for source in sources.split()]
        paths, measured = [], []
        for look in range(3):
            paths.append([math.prod(path) for path in ChainRule(expression, values, look=look).paths()])
            losses = []
            for nudge in (BY, -BY):
                nudged = [value + nudge * (i == look) for i, value in enumerate(widget.values)]
                losses.append(nodes_at(expression, nudged)["L"].data)
            measured.append([*losses, (losses[0] - losses[1]) / (2 * BY)])
        cases.append(
            {
                "expression": expression,
                "start": widget.values,
                "values": {name: node.data for name, node in widget.nodes().items()},
                "slopes": widget.slopes(),
                "links": links,
                "paths": paths,
                "measured": measured,
            }
        )
    return {"cases": cases}
