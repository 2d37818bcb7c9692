"""Networks that the page trains: every activation, loss, optimizer and penalty over fifty steps, and dropout."""

import numpy as np

import nncourse as nn
from nncourse.layers import Dense, Layer
from nncourse.widgets.chance import draws

STEPS, BATCH = 50, 8
Z = [-30.0, -3.0, -1.0, -1e-3, 0.0, 1e-3, 0.7, 2.0, 40.0]
OPTIMIZERS = {
    "sgd": lambda: nn.SGD(0.1),
    "momentum": lambda: nn.SGD(0.05, momentum=0.9),
    "nesterov": lambda: nn.SGD(0.05, momentum=0.9, nesterov=True),
    "adagrad": lambda: nn.Adagrad(0.1),
    "rmsprop": lambda: nn.RMSprop(0.01),
    "adam": lambda: nn.Adam(0.01),
    "adamw": lambda: nn.AdamW(0.01, weight_decay=0.1),
}
ACTIVATIONS = ("linear", "relu", "leaky_relu", "elu", "softplus", "gelu", "tanh", "sigmoid")


class Drawn(Layer):
    """Inverted dropout whose draws are those of the page."""

    def __init__(self, rate, numbers):
        super().__init__()
        self.rate, self.numbers = rate, numbers

    def forward(self, x, training=False):
        kept = np.array([next(self.numbers) for _ in range(x.size)]).reshape(x.shape) >= self.rate
        self.mask = kept / (1 - self.rate)
        return x * self.mask

    def backward(self, upstream):
        return upstream * self.mask


def dropped(rate, count):
    """One sequence of draws for a whole run, layer by layer and batch by batch."""
    numbers = iter(draws(5, count))
    return lambda: [Drawn(rate, numbers)]


def run(activation, loss, optimizer, sizes=(2, 5, 4, 1), l1=0.0, l2=0.0, biases=True, between=list):
    """Train on one stream of batches; returns the losses before each step and the last parameters."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(STEPS * BATCH, sizes[0]))
    y = (x[:, :1] * x[:, 1:2] > 0).astype(float) if loss == "binary_crossentropy" else np.sin(x[:, :1])
    penalty = nn.regularizers.l1_l2(l1, l2) if l1 or l2 else None
    layers = [nn.Input(shape=(sizes[0],))]
    for i, units in enumerate(sizes[1:], start=1):
        last = i == len(sizes) - 1
        settings = {"use_bias": biases, "kernel_regularizer": penalty}
        layers.append(Dense(units, None if last else activation, **settings))
        if not last:
            layers += between()
    model = nn.Sequential(layers, dtype="float64", seed=3)
    lossy = nn.losses.BinaryCrossentropy(from_logits=True) if loss == "binary_crossentropy" else loss
    model.compile(OPTIMIZERS[optimizer](), lossy)
    start = model.parameters.tolist()
    steps = model.train_steps(x, y, batch_size=BATCH, shuffle=False)
    losses = [step.loss for step in steps]
    case = {"activation": activation, "loss": loss, "optimizer": optimizer, "sizes": list(sizes), "biases": biases}
    case |= {"l1": l1, "l2": l2, "start": start, "losses": losses, "end": model.parameters.tolist()}
    return {"x": x.ravel().tolist(), "y": y.ravel().tolist()}, case


def compute():
    data, cases = {}, []

    def add(activation="tanh", loss="binary_crossentropy", optimizer="adam", rate=0.0, **settings):
        stream, case = run(activation, loss, optimizer, **settings)
        data[loss] = stream
        cases.append(case | {"dropout": rate})

    for activation in ACTIVATIONS:
        add(activation)
    for optimizer in OPTIMIZERS:
        add(optimizer=optimizer, loss="mse")
    for penalty in ({"l1": 0.01}, {"l2": 0.02}, {"l1": 0.003, "l2": 0.004, "optimizer": "sgd"}):
        add(**penalty)
    for shape in ({"biases": False}, {"sizes": (2, 1)}, {"sizes": (2, 3, 3, 3, 3, 1)}):
        add(**shape)
    for activation, rate in (("tanh", 0.3), ("relu", 0.5)):
        add(activation, rate=rate, between=dropped(rate, STEPS * BATCH * (5 + 4)))
    curves = {
        name: {
            "f": getattr(nn.activations, name)(np.array(Z)).tolist(),
            "slope": getattr(nn.activations, name).derivative(np.array(Z)).tolist(),
        }
        for name in ACTIVATIONS
    }
    return {"batch": BATCH, "z": Z, "curves": curves, "draws": draws(5, 10), "data": data, "cases": cases}
