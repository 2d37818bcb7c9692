"""The course's figures, drawn with matplotlib.

Every function takes the axes to draw on, or draws on the current ones, and returns them. Nothing is
learned or measured here: what a figure shows was computed before, or is asked of the function that
is passed in. Class 0 is an open circle and class 1 a filled square, so colour is never the only
sign; both colours are those of the widgets.
"""

import sys
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator

__all__ = ["activation", "curve", "line", "mistakes", "network", "points", "regions", "use_style"]

ZERO, ONE = "#b45309", "#1d4ed8"  # class 0 and class 1: apart for every kind of colour vision
INK, MUTED, FAINT = "#1b1f24", "#4b5563", "#e3e6ea"
CURVES = [ONE, ZERO, "#0f766e", "#9d174d", MUTED]
DASHES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1))]
RADIUS = 0.28  # of a neuron, in units of the distance between two
TINTS = LinearSegmentedColormap.from_list("nncourse", ["#f6d3b0", "#ffffff", "#bfd0f7"])

STYLE = {
    "figure.figsize": (6.4, 4.0),
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib, so every machine draws the same
    "font.size": 11,
    "axes.facecolor": "white",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": cycler(color=CURVES) + cycler(linestyle=DASHES),
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "lines.linewidth": 2,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "legend.framealpha": 0.9,
    "legend.edgecolor": FAINT,
    "svg.fonttype": "path",
    "svg.hashsalt": "nncourse",  # with no date written, the same figure gives the same bytes
}


def use_style() -> None:
    """Set the look of all figures that follow; in a notebook draw SVG, without a date."""
    plt.rcParams.update(STYLE)
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None})


def points(x, y, ax=None, labels=None, names=None):
    """Draw rows x (n, 2) with their classes y (n,).

    Rows x (n, 1) are drawn at the height of their class. `labels` names class 0 and 1 in a legend,
    `names` the points one by one: points in the same place share a name, as in "01, 10".
    """
    ax = _axes(ax)
    x, y = np.asarray(x), np.asarray(y)
    if x.ndim != 2 or x.shape[1] not in {1, 2} or y.shape != x.shape[:1]:
        raise ValueError(
            f"expected x (n, 2) or (n, 1) and y (n,), received {x.shape} and {y.shape}. "
            "Choose two columns, e.g. x[:, [0, 1]]."
        )
    legend = labels or (None, None)
    looks = (
        {"marker": "o", "facecolor": "white", "edgecolor": ZERO, "linewidth": 2, "s": 60},
        {"marker": "s", "facecolor": ONE, "edgecolor": "white", "linewidth": 1, "s": 64},
    )
    for label, look in enumerate(looks):
        rows = x[y == label]
        height = rows[:, 1] if x.shape[1] == 2 else np.full(len(rows), label)
        ax.scatter(rows[:, 0], height, label=legend[label], zorder=3, **look)
    places = np.column_stack([x, y])[:, :2]
    for place in {tuple(row): None for row in places.tolist()} if names else ():
        here = [name for name, row in zip(names, places, strict=True) if tuple(row) == place]
        ax.annotate(", ".join(here), place, (9, -4), textcoords="offset points", color=INK)
    ax.margins(0.45 if names else 0.2)
    if labels:
        ax.legend()
    return ax


def line(weights, bias, ax=None, label=None):
    """Draw where a neuron of two inputs changes its mind, weights @ x + bias = 0, in the axes."""
    ax = _axes(ax)
    w1, w2 = np.ravel(weights)
    if w1 == 0 and w2 == 0:
        raise ValueError("both weights are 0: every input gets the same score, there is no line.")
    xlim, ylim = ax.get_xlim(), ax.get_ylim()
    if abs(w2) * np.ptp(ylim) >= abs(w1) * np.ptp(xlim):
        across, up = np.array(xlim), -(w1 * np.array(xlim) + bias) / w2
    else:
        across, up = -(w2 * np.array(ylim) + bias) / w1, np.array(ylim)
    ax.plot(across, up, color=INK, linestyle="-", label=label, zorder=2)
    ax.set(xlim=xlim, ylim=ylim)
    if label:
        ax.legend()
    return ax


def regions(predict, ax=None):
    """Shade the axes by what `predict` answers to rows (n, 2): orange towards 0, blue towards 1.

    White is 0.5. The limits of the axes stay as they are, so draw the points first.
    """
    ax = _axes(ax)
    xlim, ylim = ax.get_xlim(), ax.get_ylim()
    side = 240
    across, up = np.meshgrid(_centres(*xlim, side), _centres(*ylim, side))
    answers = np.asarray(predict(np.column_stack([across.ravel(), up.ravel()])), dtype=float)
    if answers.size != across.size:
        raise ValueError(
            f"predict must answer {across.size} rows with one number each, received shape {answers.shape}."
        )
    ax.imshow(
        answers.reshape(side, side),
        cmap=TINTS,
        vmin=0,
        vmax=1,
        origin="lower",
        extent=(*xlim, *ylim),
        aspect="auto",
        zorder=0,
    )
    ax.grid(False)
    ax.set(xlim=xlim, ylim=ylim)
    return ax


def mistakes(mistakes, ax=None):
    """Draw one bar an epoch: how many mistakes were made in it."""
    ax = _axes(ax)
    epochs = np.arange(1, len(mistakes) + 1)
    bars = ax.bar(epochs, mistakes, width=0.7, color=ONE)
    ax.set(xlabel="epoch", ylabel="mistakes", ylim=(0, 1.15 * max(1, *mistakes)))
    ax.yaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
    if len(mistakes) <= 20:
        ax.set_xticks(epochs)
        ax.bar_label(bars, padding=2, color=INK)
    ax.grid(False, axis="x")
    return ax


def curve(function, low, high, ax=None, label=None):
    """Draw a function of one number from `low` to `high`; it is called once, with an array."""
    ax = _axes(ax)
    x = np.linspace(low, high, 601)
    ax.plot(x, function(x), label=label)
    if label:
        ax.legend()
    return ax


def activation(activation, low=-6.0, high=6.0, ax=None):
    """Draw an activation and, dashed, its derivative."""
    ax = _axes(ax)
    ax.axhline(0, color=MUTED, linewidth=0.8, zorder=1)
    ax.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    z = np.linspace(low, high, 601)
    ax.plot(z, activation(z), color=ONE, linestyle="-", label=repr(activation))
    ax.plot(z, activation.derivative(z), color=ZERO, linestyle="--", label="derivative")
    ax.set_xlabel("z")
    ax.legend()
    return ax


def network(sizes, ax=None, names=None, weights=None, biases=None, values=None):
    """Draw layers of neurons, as in `network([3, 2, 1])`, linked layer to layer.

    `names` and `values` hold one list a layer: names stand beside the neurons, values inside them.
    `weights` holds one matrix (d_in, d_out) for each gap between layers, `biases` one vector: their
    numbers stand on the links and under the neurons, and a link of negative weight is dashed.
    `weights="names"` writes w1, w2, ... and b1, b2, ... instead, row by row.
    """
    ax = _axes(ax)
    if weights is not None and isinstance(weights, str):
        weights, biases = _named(sizes)
    gap = max(2.2, 0.7 * max(sizes))
    pitch = 1.0 if names is None or biases is None else 1.3  # room for what is written between
    places = [[(gap * k, pitch * ((n - 1) / 2 - i)) for i in range(n)] for k, n in enumerate(sizes)]
    for k, (left, right) in enumerate(pairwise(places)):
        for i, start in enumerate(left):
            for j, end in enumerate(right):
                _link(ax, start, end, None if weights is None else weights[k][i][j])
    last = len(sizes) - 1
    for k, layer in enumerate(places):
        for i, (x, y) in enumerate(layer):
            edge = ONE if k else MUTED  # the inputs compute nothing, so they are grey
            circle = plt.Circle((x, y), RADIUS, facecolor="white", edgecolor=edge, lw=2, zorder=3)
            ax.add_patch(circle)
            if values is not None:
                _write(ax, x, y, _text(values[k][i]), zorder=4)
            if names is not None:
                _name(ax, x, y, names[k][i], -1 if k == 0 else 1 if k == last else 0)
            if biases is not None and k > 0:
                bias = biases[k - 1][i]
                shown = bias if isinstance(bias, str) else f"{bias:+.3g}".replace("-", "\u2212")
                _write(ax, x, y - RADIUS - 0.13, shown, color=MUTED)
    room = [0.4, 0.4] if names is None else [_room(names[0]), _room(names[-1])]
    tall = pitch * (max(sizes) - 1) / 2 + 0.6
    ax.set(xlim=(-room[0], gap * last + room[1]), ylim=(-tall, tall))
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _axes(ax):
    return plt.gca() if ax is None else ax


def _centres(low, high, count):
    edges = np.linspace(low, high, count + 1)
    return (edges[:-1] + edges[1:]) / 2


def _named(sizes):
    """Return w1, w2, ... in the shapes of the weight matrices, and b1, b2, ... for the biases."""
    weights, biases, w, b = [], [], 1, 1
    for n_in, n_out in pairwise(sizes):
        rows = range(w, w + n_in * n_out, n_out)
        weights.append([[f"$w_{{{row + j}}}$" for j in range(n_out)] for row in rows])
        biases.append([f"$+b_{{{b + j}}}$" for j in range(n_out)])
        w, b = w + n_in * n_out, b + n_out
    return weights, biases


def _text(value):
    return value if isinstance(value, str) else f"{value:.3g}".replace("-", "\u2212")


def _link(ax, start, end, weight):
    dashed = weight is not None and not isinstance(weight, str) and weight < 0
    (x0, y0), (x1, y1) = start, end
    ax.plot([x0, x1], [y0, y1], color=MUTED, lw=1.2, linestyle="--" if dashed else "-", zorder=1)
    if weight is not None:
        t = 0.3  # nearer to where the link starts, where links of one neuron do not yet cross
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        _write(ax, x0 + t * (x1 - x0), y0 + t * (y1 - y0), _text(weight), bbox=box)


def _name(ax, x, y, name, side):
    """Write a neuron's name to its left (side -1), above it (0) or to its right (1)."""
    if side == 0:
        _write(ax, x, y + RADIUS + 0.13, name)
    else:
        _write(ax, x + side * (RADIUS + 0.08), y, name, ha="right" if side < 0 else "left")


def _room(names):
    """Return the width that the names beside a layer need; formulas are short."""
    return 0.5 + 0.11 * max(2 if name.startswith("$") else len(name) for name in names)


def _write(ax, x, y, text, *, ha="center", color=INK, zorder=2, bbox=None):
    ax.text(x, y, text, ha=ha, va="center", color=color, fontsize=10, zorder=zorder, bbox=bbox)
