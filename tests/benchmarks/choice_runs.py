"""The engine with one design choice undone at a time. Each is the plain way of doing the same arithmetic."""

import numpy as np

import nncourse as nn
from nncourse.layers import Dense
from nncourse.optimizers import Adam, Optimizer

from .our_runs import fit, versions

__all__ = ["RUNS", "TASKS", "UNDONE", "WITHOUT", "versions"]


# What the engine does to be fast -> what happens without it.
WITHOUT = {
    "one_vector": "an optimizer call for every array, not one for the flat vector",
    "once_an_epoch": "loss and accuracy after every batch, not once an epoch",
    "fused": "loss and last activation differentiated apart, not as one",
    "no_slope_in_x": "the gradient of the first layer's input computed, which nobody asks for",
    "ones_for_bias": "bias gradients by sum(axis=0), not as a product with ones",
    "single_precision": "float64, not float32",
    "short_adam": "Adam's formulas as printed, not in place and with all mere numbers drawn into one",
    "in_place": "activations into new arrays, not in place",
    "by_column": "softmax along the rows, not along the columns of a copy",
    "swept": "what Adam remembers of silent neurons left next to 0, not set to 0",
}


class PrintedAdam(Adam):
    """Adam in the words of the paper's algorithm 1, with an array for every letter."""

    def update(self, p, g, rate, m, v):
        m[:] = self.beta_1 * m + (1 - self.beta_1) * g
        v[:] = self.beta_2 * v + (1 - self.beta_2) * g**2
        m_hat = m / (1 - self.beta_1**self.steps)
        v_hat = v / (1 - self.beta_2**self.steps)
        p -= rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


class ByArray(Optimizer):
    """A rule called once for every array of parameters in `layers`."""

    layers = ()

    def __init__(self, rule):
        super().__init__(0.001)
        self.rule = rule

    def step(self, parameters, gradients):
        if not self.steps:
            arrays = [(vars(layer)[name], vars(layer)[f"d{name}"]) for layer in self.layers for name in layer.shapes]
            self.parts = [(self.rule(), W.ravel(), dW.ravel()) for W, dW in arrays]  # ravel: still views
        for rule, W, dW in self.parts:
            rule.step(W, dW)
        self.steps += 1


class SummedBias(Dense):
    """Dense, with the plain sum for the gradient of b."""

    def through_sum(self, dz, input_gradient=True):
        x, _, _ = self.seen
        x.T.dot(dz, out=self.dW)
        np.sum(dz, axis=0, out=self.db)
        return dz.dot(self.W.T) if input_gradient else None


def anew(name):
    """The activation of that name, without its way of writing over its input."""
    usual = nn.activations.get(name)

    class Anew(type(usual)):
        def in_place(self, z):
            return usual(z)

    return Anew()


class ByRow(type(nn.activations.softmax)):
    """Softmax as its formula stands: the classes of an example lie beside one another."""

    def in_place(self, z):
        z -= z.max(axis=-1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=-1, keepdims=True)
        return z


def without(undone):
    """Return a run that trains without these choices; it is prepared like the others."""

    def prepare(task):
        model = network(task, undone)
        train = fit_telling_every_batch if "once_an_epoch" in undone else fit
        return lambda: train(model, task)

    return prepare


def network(task, undone):
    """The task's classifier, compiled, without these choices."""
    activation = anew if "in_place" in undone else nn.activations.get
    dense = SummedBias if "ones_for_bias" in undone else Dense
    *hidden, last = task.sizes[1:].tolist()
    output, loss = ("sigmoid", "binary_crossentropy") if last == 1 else ("softmax", "sparse_categorical_crossentropy")
    layers = [*(dense(n, activation("relu")) for n in hidden), dense(last, activation(output))]
    if "by_column" in undone and output == "softmax" and "in_place" not in undone:
        layers[-1].activation = ByRow()
    model = nn.Sequential(layers, dtype="float64" if "single_precision" in undone else "float32", seed=0)
    model.build(task.x.shape[1:])
    model.set_weights(task.weights)
    rule = PrintedAdam if "short_adam" in undone else Adam
    model.compile(ByArray(rule) if "one_vector" in undone else rule(), loss, metrics=["accuracy"])
    if "one_vector" in undone:
        model.optimizer.layers = model.layers
    if "swept" in undone:
        model.optimizer.sweep = task.epochs * len(task.x)  # never
    if "fused" in undone:
        model.loss.fuses_with = None
    if "no_slope_in_x" in undone:
        first = model.layers[0]
        through_sum = first.through_sum
        first.through_sum = lambda dz, input_gradient: through_sum(dz, True)
    return model


def fit_telling_every_batch(model, task):
    """`fit` as one writes it first: the epoch's loss and accuracy are means over its batches."""
    history = [[] for _ in range(task.epochs)]
    for step in model.train_steps(task.x, task.y, epochs=task.epochs, batch_size=task.batch_size):
        p, y = step.prediction, step.y
        right = (p > 0.5) == (y > 0.5) if p.shape[1] == 1 else p.argmax(axis=1) == y
        history[step.epoch].append((step.loss, np.mean(right), len(y)))
    losses, _, sizes = zip(*history[-1], strict=True)
    return float(np.average(losses, weights=sizes))


UNDONE = {"all": (), **{name: (name,) for name in WITHOUT}, "none": tuple(WITHOUT)}
TASKS = ("breast_cancer", "digits")
RUNS = {f"{task} {name}": without(undone) for task in TASKS for name, undone in UNDONE.items()}
