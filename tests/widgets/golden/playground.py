"""The playground: its data, its features, its orders of rows, and ten epochs of the package's own training."""

import numpy as np

from nncourse.widgets.playground import DATA, Playground, examples

SETTINGS = [
    {"data": "circles"},
    {"data": "xor", "layers": [2], "activation": "sigmoid", "optimizer": "sgd", "learning_rate": 1.0, "biases": False},
    {"data": "moons", "layers": [8, 8], "activation": "relu", "optimizer": "momentum", "learning_rate": 0.1},
    {"data": "spirals", "layers": [6, 5, 4, 3], "optimizer": "adamw", "features": ["x1", "x2", "sin 3 x1", "sin 3 x2"]},
    {"data": "blobs", "layers": [], "optimizer": "nesterov", "features": ["x1^2", "x2^2", "x1 x2"], "l1": 0.01},
    {"data": "waves", "layers": [5], "activation": "gelu", "optimizer": "rmsprop", "l2": 0.003, "batch_size": 64},
    {
        "data": "waves",
        "layers": [3, 3],
        "activation": "elu",
        "optimizer": "adagrad",
        "learning_rate": 0.3,
        "noise": 0.5,
    },
]


def case(settings):
    widget = Playground(**{"n": 60, "batch_size": 8, "seed": 11} | settings)
    part, model = widget.examples(), widget.model()
    start, path = model.parameters.tolist(), []
    for order in widget.order(10):
        for _ in model.train_steps(part["x"][order], part["y"][order], batch_size=widget.batch_size, shuffle=False):
            pass
        path.append(model.parameters.tolist())
    z = model.predict(part["x_held"])
    loss = model.evaluate(part["x_held"], part["y_held"])
    penalty = sum(
        widget.l1 * np.abs(one.W).sum() + widget.l2 * (one.W**2).sum() for one in model.layers if "W" in dir(one)
    )
    right = int(((z >= 0) == (part["y_held"] == 1)).sum()) if widget.data != "waves" else 0
    told = {"x_held": part["x_held"].ravel().tolist(), "y_held": part["y_held"].ravel().tolist()}
    judged = {"loss": float(loss) - float(penalty), "right": right}
    return {"settings": widget.state(), "start": start, "path": path, "held": told, "judged": judged}


def compute():
    shown = {name: examples(name, 12, 0.1, 3).tolist() for name in DATA}
    return {"examples": shown, "cases": [case(settings) for settings in SETTINGS]}
