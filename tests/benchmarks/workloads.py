"""The workloads: what every contestant is given, whom we meet there, and the bar that we set ourselves.

A task is a set of arrays and numbers: data, starting weights, epochs, batch size. The driver writes each to a file, and
every worker reads it there, whatever versions of whatever libraries live in its process.

A run is named by words: the first is its task, the others tell it from other runs on the same task.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from types import SimpleNamespace

import numpy as np


@dataclass(frozen=True)
class Rival:
    """Somebody to be faster than: the worker it lives in, its run, and how many times faster, at one thread."""

    worker: str
    run: str
    title: str
    bar: float | None = None


@dataclass(frozen=True)
class Workload:
    """One contest: our run against those of some rivals on one task."""

    run: str
    title: str
    rivals: tuple[Rival, ...]

    @property
    def task(self):
        return self.run.split()[0]


FUSED = "PyTorch, fused Adam"
LEAN = "the same, a lean loop"

WORKLOADS = (
    Workload(
        "and",
        "AND, 10 epochs",
        (
            Rival("numpy", "and", "the guide's class", 8),
            Rival("sklearn", "and", "scikit-learn", 15),
        ),
    ),
    Workload(
        "xor",
        "XOR, 10,000 epochs",
        (
            Rival("torch", "xor", "PyTorch", 10),
            Rival("numpy", "xor", "a bare script", 1 / 1.8),
        ),
    ),
    Workload(
        "breast_cancer",
        "breast cancer, 50 epochs",
        (
            Rival("torch", "breast_cancer", FUSED, 12),
            Rival("torch", "breast_cancer lean", LEAN),
            Rival("sklearn", "breast_cancer", "scikit-learn", 12),
            Rival("keras", "breast_cancer first", "Keras, first fit", 150),
            Rival("keras", "breast_cancer again", "Keras, fitted again"),
        ),
    ),
    Workload(
        "digits",
        "digits, 30 epochs",
        (
            Rival("torch", "digits", FUSED, 7),
            Rival("torch", "digits lean", LEAN),
            Rival("sklearn", "digits", "scikit-learn", 4.5),
            Rival("keras", "digits first", "Keras, first fit", 35),
            Rival("keras", "digits again", "Keras, fitted again"),
        ),
    ),
    Workload(
        "large 128",
        "large, batch 128",
        (
            Rival("torch", "large 128", FUSED, 1.15),
            Rival("numpy", "large 128", "its products alone", 0.7),
        ),
    ),
    Workload(
        "large 1024",
        "large, batch 1,024",
        (
            Rival("torch", "large 1024", FUSED, 1),
            Rival("numpy", "large 1024", "its products alone"),
        ),
    ),
    Workload(
        "cnn",
        "CNN, 1 epoch",
        (
            Rival("torch", "cnn", FUSED, 1.3),
            Rival("torch", "cnn last", "PyTorch, channels last", 1.3),
        ),
    ),
    Workload(
        "surfaces",
        "six optimizers in a valley",
        (
            Rival("torch", "surfaces autograd", "PyTorch, autograd", 40),
            Rival("torch", "surfaces by_hand", "PyTorch, gradient by hand", 8),
        ),
    ),
    Workload(
        "breast_cancer fit",
        "fit, breast cancer",
        (Rival("ours", "breast_cancer steps", "its bare loop", 1 / 1.1),),
    ),
    Workload(
        "digits",
        "fit, digits",
        (Rival("ours", "digits steps", "its bare loop", 1 / 1.1),),
    ),
)

# fit's peak of memory, as a multiple of data + parameters + activations of two batches.
MEMORY_RUN, MEMORY_BAR = "large memory", 2


# Tasks


def logic_task(small):
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return {"x": x, "y": np.array([0, 0, 0, 1]), "epochs": 10, "repeats": 2 if small else 100}


def xor_task(small):
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    rng = np.random.default_rng(1)
    weights = [rng.uniform(-1, 1, (2, 2)), rng.uniform(-1, 1, (2, 1))]
    return {"x": x, "y": y, "epochs": 20 if small else 10_000, **named(weights)}


def breast_cancer_task(small):
    x, y = scikit_learn_set("load_breast_cancer", 569, 30, 2)
    order = np.random.default_rng(0).permutation(len(x))
    train, held_out = order[:455], order[455:]
    x = ((x - x[train].mean(axis=0)) / x[train].std(axis=0)).astype("float32")
    y = y.astype("float32")[:, None]
    return {
        "x": x[train],
        "y": y[train],
        "x_validation": x[held_out],
        "y_validation": y[held_out],
        "sizes": np.array([30, 16, 8, 1]),
        "epochs": 2 if small else 50,
        "batch_size": 32,
        **named(dense_weights(30, 16, 8, 1)),
    }


def digits_task(small):
    x, y = scikit_learn_set("load_digits", 1797, 64, 10)
    return {
        "x": (x / 16).astype("float32"),
        "y": y,
        "sizes": np.array([64, 64, 10]),
        "epochs": 1 if small else 30,
        "batch_size": 32,
        **named(dense_weights(64, 64, 10)),
    }


def large_task(small):
    x, y = noise(2048 if small else 60_000, 784)
    return {
        "x": x,
        "y": y,
        "sizes": np.array([784, 256, 128, 10]),
        "epochs": 1 if small else 2,
        **named(dense_weights(784, 256, 128, 10)),
    }


def cnn_task(small):
    x, y = noise(64 if small else 2000, 784)
    filters = glorot(np.random.default_rng(1), (3, 3, 1, 32), 9 * 1, 9 * 32), np.zeros(32, "float32")
    dense = dense_weights(13 * 13 * 32, 64, 10)
    return {"x": x.reshape(-1, 28, 28, 1), "y": y, "epochs": 1, "batch_size": 32, **named([*filters, *dense])}


def surfaces_task(small):
    return {"start": np.array([-1.2, 1.0]), "steps": 10 if small else 1000}


TASKS = {
    "and": logic_task,
    "xor": xor_task,
    "breast_cancer": breast_cancer_task,
    "digits": digits_task,
    "large": large_task,
    "cnn": cnn_task,
    "surfaces": surfaces_task,
}

# The optimizers of `surfaces`: name, learning rate, further settings. All formulas are set to agree.
RULES = (
    ("SGD", 0.001, {}),
    ("SGD", 0.0002, {"momentum": 0.9}),
    ("SGD", 0.0002, {"momentum": 0.9, "nesterov": True}),
    ("Adagrad", 0.1, {}),
    ("RMSprop", 0.01, {}),
    ("Adam", 0.01, {}),
)


def write_task(folder, name, small=False):
    """Write a task to its file."""
    np.savez(folder / f"{name}.npz", **TASKS[name](small))


def read_task(folder, name):
    """Return a task as its file tells it: arrays, numbers, and the list of starting weights."""
    with np.load(folder / f"{name}.npz") as stored:
        task = {key: array if array.ndim else array.item() for key, array in stored.items()}
    weights = [task.pop(key) for key in list(task) if key.startswith("weights_")]
    return SimpleNamespace(**task, weights=weights)


# What tasks are made of


def named(weights):
    return {f"weights_{i}": array for i, array in enumerate(weights)}


def glorot(rng, shape, fan_in, fan_out):
    limit = sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, shape).astype("float32")


def dense_weights(*sizes):
    """Starting weights W, b, W, b, ... of a chain of dense layers."""
    rng = np.random.default_rng(0)
    weights = []
    for d_in, d_out in pairwise(sizes):
        weights += [glorot(rng, (d_in, d_out), d_in, d_out), np.zeros(d_out, "float32")]
    return weights


def noise(n, d):
    """Uniform noise x (n, d), labelled by the largest of ten random projections."""
    rng = np.random.default_rng(0)
    x = rng.random((n, d), dtype="float32") - np.float32(0.5)
    return x, (x @ rng.normal(size=(d, 10)).astype("float32")).argmax(axis=1)


def scikit_learn_set(loader, n, d, classes):
    """A set that scikit-learn brings along, or noise of its shape where there is no scikit-learn."""
    try:
        from sklearn import datasets
    except ModuleNotFoundError:
        x, y = noise(n, d)
        return 16 * (x + np.float32(0.5)), y % classes
    return getattr(datasets, loader)(return_X_y=True)
