"""Keras. The first fit of a model also traces and compiles it, which is what a learner waits for."""

import os
from functools import partial
from importlib.util import find_spec

BACKENDS = ("tensorflow", "jax", "torch")
os.environ.setdefault("KERAS_BACKEND", next(filter(find_spec, BACKENDS), BACKENDS[0]))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
from keras import layers  # noqa: E402


def versions():
    backend = keras.backend.backend()
    return {"Keras": f"{keras.__version__} on {backend} {__import__(backend).__version__}"}


if keras.backend.backend() == "tensorflow":
    import tensorflow

    threads = int(os.environ["BENCHMARK_THREADS"])
    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(threads)


def classifier(task, output, loss):
    *hidden, last = task.sizes[1:].tolist()
    dense = [*(layers.Dense(n, activation="relu") for n in hidden), layers.Dense(last, activation=output)]
    model = keras.Sequential([layers.Input(task.x.shape[1:]), *dense])
    model.compile("adam", loss, metrics=["accuracy"])
    model.set_weights(task.weights)
    return model


two_classes = partial(classifier, output="sigmoid", loss="binary_crossentropy")
ten_classes = partial(classifier, output="softmax", loss="sparse_categorical_crossentropy")


def fit(model, task):
    validation = (task.x_validation, task.y_validation) if hasattr(task, "x_validation") else None
    options = {"epochs": task.epochs, "batch_size": task.batch_size, "validation_data": validation, "verbose": 0}
    return model.fit(task.x, task.y, **options).history["loss"][-1]


def first(make):
    def prepare(task):
        model = make(task)
        return lambda: fit(model, task)

    return prepare


def again(make):
    """Fit a model that is compiled already, after all its variables were set back to their start."""
    kept = {}

    def prepare(task):
        if not kept:
            model = make(task)
            model.optimizer.build(model.trainable_variables)
            start = [(v, v.numpy()) for v in (*model.variables, *model.optimizer.variables)]
            kept["model"], kept["start"] = model, start
            fit(model, task)
        for variable, value in kept["start"]:
            variable.assign(value)
        return lambda: fit(kept["model"], task)

    return prepare


RUNS = {
    "breast_cancer first": first(two_classes),
    "breast_cancer again": again(two_classes),
    "digits first": first(ten_classes),
    "digits again": again(ten_classes),
}
