"""PyTorch, with the loop that its users write: fused Adam, loss and right answers added up batch by batch.

Nothing in it waits for a number inside an epoch. The lean loop goes further: like ours, it keeps the outputs of an
epoch and computes loss and accuracy once.
"""

import os
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from .workloads import RULES

torch.set_num_threads(int(os.environ["BENCHMARK_THREADS"]))


def versions():
    return {"PyTorch": torch.__version__}


def tensor(array, dtype=None):
    return torch.from_numpy(np.ascontiguousarray(array, dtype))


def starting_at(model, weights):
    """The model, with our starting weights turned into its layouts."""
    with torch.no_grad():
        for parameter, W in zip(model.parameters(), weights, strict=True):
            axes = {1: (0,), 2: (1, 0), 4: (3, 2, 0, 1)}[W.ndim]
            parameter.copy_(tensor(W.transpose(axes)))
    return model


def classifier(task):
    sizes = task.sizes.tolist()
    layers = []
    for d_in, d_out in pairwise(sizes):
        layers += [nn.Linear(d_in, d_out), nn.ReLU()]
    return starting_at(nn.Sequential(*layers[:-1]), task.weights)


def hits_of_two(z, y):
    return ((z > 0) == (y > 0.5)).float().mean()


def hits_of_many(z, y):
    return (z.argmax(1) == y).float().mean()


def fit(model, loss, hits, x, y, task, validation=None, lean=False):
    """Train with a history of loss and accuracy, and return the loss of the last epoch."""
    optimizer, history = torch.optim.Adam(model.parameters(), eps=1e-7, fused=True), []
    for _ in range(task.epochs):
        order = torch.randperm(len(x))
        met, total, right = [], torch.zeros(()), torch.zeros(())
        for rows in order.split(task.batch_size):
            batch, labels = x[rows], y[rows]
            optimizer.zero_grad()
            z = model(batch)
            error = loss(z, labels)
            error.backward()
            optimizer.step()
            if lean:
                met.append((z.detach(), labels))
                continue
            with torch.no_grad():
                total += error.detach() * len(batch)
                right += hits(z, labels) * len(batch)
        with torch.no_grad():
            if lean:
                z, labels = map(torch.cat, zip(*met, strict=True))
                told = [(loss(z, labels).item(), hits(z, labels).item())]
            else:
                told = [(total.item() / len(x), right.item() / len(x))]
            if validation is not None:
                z = model(validation[0])
                told.append((loss(z, validation[1]).item(), hits(z, validation[1]).item()))
            history.append(told)
    return history[-1][0][0]


def xor(task):
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Sigmoid(), nn.Linear(2, 1, bias=False), nn.Sigmoid())
    model = starting_at(model.double(), task.weights)
    x, y, loss = tensor(task.x), tensor(task.y), nn.MSELoss()
    optimizer, history = torch.optim.SGD(model.parameters(), lr=1.0), []

    def run():
        for _ in range(task.epochs):
            optimizer.zero_grad()
            error = loss(model(x), y)
            error.backward()
            optimizer.step()
            history.append(error.item())
        return history[-1]

    return run


def breast_cancer(lean=False):
    def prepare(task):
        x, y, validation = tensor(task.x), tensor(task.y), (tensor(task.x_validation), tensor(task.y_validation))
        model = classifier(task)
        return lambda: fit(model, nn.BCEWithLogitsLoss(), hits_of_two, x, y, task, validation, lean)

    return prepare


def ten_classes(lean=False, **changes):
    def prepare(task):
        vars(task).update(changes)
        x, y, model = tensor(task.x), tensor(task.y), classifier(task)
        return lambda: fit(model, nn.CrossEntropyLoss(), hits_of_many, x, y, task, lean=lean)

    return prepare


def convolutional(layout):
    def prepare(task):
        x, y = tensor(task.x.transpose(0, 3, 1, 2)), tensor(task.y)
        conv = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
        dense = [nn.Linear(13 * 13 * 32, 64), nn.ReLU(), nn.Linear(64, 10)]
        weights = list(task.weights)  # Flatten meets the channels first here, and last in ours
        weights[2] = weights[2].reshape(13, 13, 32, 64).transpose(2, 0, 1, 3).reshape(-1, 64)
        model = starting_at(nn.Sequential(*conv, *dense), weights).to(memory_format=layout)
        x = x.to(memory_format=layout)
        return lambda: fit(model, nn.CrossEntropyLoss(), hits_of_many, x, y, task)

    return prepare


def optimizers(point):
    for name, rate, options in RULES:
        same = {"Adagrad": {"eps": 1e-7}, "RMSprop": {"alpha": 0.9, "eps": 1e-7}, "Adam": {"eps": 1e-7}}
        yield getattr(torch.optim, name)([point], lr=rate, **options, **same.get(name, {}))


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def by_autograd(task):
    def run():
        ends = []
        for i in range(len(RULES)):
            point = tensor(task.start.copy()).requires_grad_()
            optimizer, path = list(optimizers(point))[i], []
            for _ in range(task.steps):
                optimizer.zero_grad()
                x, y = point
                rosenbrock(x, y).backward()
                optimizer.step()
                path.append(point.detach().clone())
            ends.append(rosenbrock(*path[-1].tolist()))
        return float(np.mean(ends))

    return run


def by_hand(task):
    def run():
        ends = []
        for i in range(len(RULES)):
            point = tensor(task.start.copy()).requires_grad_()
            point.grad = torch.zeros_like(point)
            optimizer, path = list(optimizers(point))[i], np.empty((task.steps, 2))
            at, gradient = point.detach().numpy(), point.grad.numpy()  # the same memory, seen by NumPy
            for row in path:
                x, y = at.tolist()
                across = y - x * x
                gradient[:] = -2 * (1 - x) - 400 * x * across, 200 * across
                optimizer.step()
                row[:] = at
            ends.append(rosenbrock(*path[-1].tolist()))
        return float(np.mean(ends))

    return run


RUNS = {
    "xor": xor,
    "breast_cancer": breast_cancer(),
    "breast_cancer lean": breast_cancer(lean=True),
    "digits": ten_classes(),
    "digits lean": ten_classes(lean=True),
    "large 128": ten_classes(batch_size=128),
    "large 1024": ten_classes(batch_size=1024),
    "cnn": convolutional(torch.contiguous_format),
    "cnn last": convolutional(torch.channels_last),
    "surfaces autograd": by_autograd,
    "surfaces by_hand": by_hand,
}
