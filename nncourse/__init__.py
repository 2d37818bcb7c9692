"""nncourse: the NumPy package behind the course *Introduction to Neural Networks*.

Read it in the order of the course. `perceptron` is one neuron that learns (chapter 1).
`activations` and `losses` make the neuron smooth and say how wrong it is (chapters 2, 4 and 5).
`layers`, started by `initializers`, stand in a row in a `network` (chapters 3 and 8). `optimizers`
walk down any slope (chapters 6 and 10); `scalar` follows a slope through a formula, and `gradcheck`
proves that it is right (chapter 7). `models` brings all of them together: `Sequential` trains a
network (chapter 9), with `callbacks` beside it, its `epochs` in view, and `schedules` for its
rate (chapter 11). `metrics` says how good it is (chapter 12), `regularizers` keep it modest
(chapter 14), `saving` keeps it. `datasets` holds the examples to learn from; `source` shows any of
this inside a notebook.

`import nncourse as nn` loads NumPy and nothing heavier. Some modules, and all of the figures
(`nn.plot`), widgets (`nn.widgets`, `nn.quiz`) and graded exercises (`nn.exercises`, `nn.check`, `nn.progress`),
are loaded when they are first used.
"""

from importlib import import_module

from . import (
    activations,
    callbacks,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
)
from .layers import Input
from .metrics import to_categorical
from .models import Sequential
from .optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from .perceptron import Perceptron
from .source import show_source

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Input",
    "Perceptron",
    "RMSprop",
    "Sequential",
    "Value",
    "activations",
    "callbacks",
    "datasets",
    "gradcheck",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "scalar",
    "schedules",
    "show_source",
    "surfaces",
    "to_categorical",
]

# What is loaded when it is first used: name -> (module, attribute or None for the module itself, extra that installs
# its needs).
_LAZY = {
    "datasets": ("nncourse.datasets", None, None),
    "gradcheck": ("nncourse.gradcheck", None, None),
    "scalar": ("nncourse.scalar", None, None),
    "Value": ("nncourse.scalar", "Value", None),
    "schedules": ("nncourse.schedules", None, None),
    "surfaces": ("nncourse.surfaces", None, None),
    "plot": ("nncourse.plot", None, "plots"),
    "widgets": ("nncourse.widgets", None, "widgets"),
    "quiz": ("nncourse.widgets.quiz", "quiz", "widgets"),
    "exercises": ("nncourse.exercises", None, None),
    "check": ("nncourse.exercises", "check", None),
    "progress": ("nncourse.exercises", "progress", None),
}


def __getattr__(name):
    if name not in _LAZY:
        raise AttributeError(f"module 'nncourse' has no attribute {name!r}")
    module, attribute, extra = _LAZY[name]
    try:
        loaded = import_module(module)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if extra is None or missing == "nncourse":
            raise
        raise ImportError(f'nncourse.{name} needs {missing}: pip install "nncourse[{extra}]"') from error
    return getattr(loaded, attribute) if attribute else loaded


def __dir__():
    return sorted({*globals(), *_LAZY})
