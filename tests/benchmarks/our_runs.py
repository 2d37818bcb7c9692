"""Our own runs. What is timed is training; a model with the task's starting weights stands before the clock starts."""

import sys
import tracemalloc

import numpy as np

import nncourse as nn
from nncourse.surfaces import rosenbrock

from .workloads import RULES


def versions():
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {"nncourse": nn.__version__, "NumPy": np.__version__, blas["name"]: blas["version"]}


def perceptron(task):
    def run():
        for _ in range(task.repeats):
            model = nn.Perceptron(learning_rate=0.1, epochs=task.epochs).fit(task.x, task.y)
        return float(np.mean(model.predict(task.x) != task.y))

    return run


def xor(task):
    layers = [nn.layers.Dense(2, "sigmoid", use_bias=False), nn.layers.Dense(1, "sigmoid", use_bias=False)]
    model = nn.Sequential(layers, dtype="float64", seed=0)
    model.build((2,))
    model.set_weights(task.weights)
    model.compile(nn.optimizers.SGD(learning_rate=1.0), "mse")
    return lambda: model.fit(task.x, task.y, epochs=task.epochs, batch_size=4, verbose=0).history["loss"][-1]


def classifier(task, output, loss, model=nn.Sequential, dtype="float32"):
    """A multilayer perceptron with the task's starting weights, compiled."""
    *hidden, last = task.sizes[1:].tolist()
    dense = nn.layers.Dense
    network = model([*(dense(n, "relu") for n in hidden), dense(last, output)], dtype=dtype, seed=0)
    network.build(task.x.shape[1:])
    network.set_weights(task.weights)
    network.compile("adam", loss, metrics=["accuracy"])
    return network


def fit(model, task, **options):
    history = model.fit(task.x, task.y, epochs=task.epochs, batch_size=task.batch_size, verbose=0, **options)
    return history.history["loss"][-1]


def steps(model, task):
    for _ in model.train_steps(task.x, task.y, epochs=task.epochs, batch_size=task.batch_size):
        pass


def two_classes(task):
    return classifier(task, "sigmoid", "binary_crossentropy")


def ten_classes(task):
    return classifier(task, "softmax", "sparse_categorical_crossentropy")


def prepared(train, make, **changes):
    """A run that trains a model which is made before the clock starts."""

    def prepare(task):
        vars(task).update(changes)
        model = make(task)
        return lambda: train(model, task)

    return prepare


def fit_and_validate(model, task):
    return fit(model, task, validation_data=(task.x_validation, task.y_validation))


def convolutional(task):
    from nncourse.layers import Conv2D, Dense, Flatten, MaxPooling2D

    layers = [
        Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)),
        MaxPooling2D((2, 2)),
        Flatten(),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
    ]
    model = nn.Sequential(layers, seed=0)
    model.set_weights(task.weights)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def surfaces(task):
    rules = [getattr(nn.optimizers, name)(rate, **options) for name, rate, options in RULES]
    valley = rosenbrock()

    def run():
        paths = [nn.optimizers.minimize(valley, task.start, rule, steps=task.steps) for rule in rules]
        return float(np.mean([valley(path[-1])[0] for path in paths]))

    return run


def memory(task):
    """One epoch of `fit`: its peak in bytes, as the system and as NumPy count it, and what it may take."""
    model, batch_size = ten_classes(task), 128
    activations = 2 * batch_size * int(task.sizes.sum()) * model.parameters.itemsize
    held = task.x.nbytes + task.y.nbytes + model.parameters.nbytes

    def run():
        before = highest_so_far()
        model.fit(task.x, task.y, batch_size=batch_size, verbose=0)
        system = highest_so_far() - before
        tracemalloc.start()
        model.compile("adam", model.loss, model.metrics)  # a fresh optimizer, whose memory counts again
        model.fit(task.x, task.y, batch_size=batch_size, verbose=0)
        _, numpy = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return {"allowed": held + activations, "the system": held + system, "NumPy": held + numpy}

    return run


def highest_so_far():
    """The most memory, in bytes, that this process has ever held, or 0 where the system does not tell."""
    try:
        from resource import RUSAGE_SELF, getrusage
    except ModuleNotFoundError:
        return 0
    return getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


RUNS = {
    "and": perceptron,
    "xor": xor,
    "breast_cancer": prepared(fit_and_validate, two_classes),
    "breast_cancer fit": prepared(fit, two_classes),
    "breast_cancer steps": prepared(steps, two_classes),
    "digits": prepared(fit, ten_classes),
    "digits steps": prepared(steps, ten_classes),
    "large 128": prepared(fit, ten_classes, batch_size=128),
    "large 1024": prepared(fit, ten_classes, batch_size=1024),
    "large memory": memory,
    "cnn": prepared(fit, convolutional),
    "surfaces": surfaces,
}
