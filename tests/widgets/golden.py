"""Golden numbers: what `nncourse` computes, for the widgets' JavaScript to reproduce to 1e-10.

Each function named in GOLDEN answers for one widget module; `python tests/widgets/golden.py` writes what they return to
`golden/<module>.json`. The Node tests beside this file, `<module>.test.mjs`, read it; pytest refuses a stale one.
"""

import json
from pathlib import Path

import numpy as np

from nncourse import Perceptron, activations, datasets, losses

HERE = Path(__file__).parent


def path_of(module: str) -> Path:
    return HERE / "golden" / f"{module}.json"


def perceptron_stepper():
    """Training from zero on the gates, in the order of their rows, for at most ten epochs."""
    runs = []
    for gate in ("AND", "OR", "NAND", "XOR"):
        x, y = datasets.logic_gate(gate)
        for rate in (1.0, 0.1, 0.3):
            model = Perceptron(learning_rate=rate, epochs=10).fit(x, y)
            weights = [float(model.bias_), *model.weights_.tolist()]
            runs.append({"gate": gate, "learning_rate": rate, "weights": weights, "mistakes": model.mistakes_})
    return {"epochs": 10, "runs": runs}


def quiz():
    from nncourse.widgets import Quiz

    def choice(correct):
        return {"text": "a choice", "correct": correct, "explanation": "because"}

    rights = (0, 2, 1)
    questions = [{"prompt": "?", "choices": [choice(i == right) for i in range(3)]} for right in rights]
    picks = ([-1, -1, -1], [0, 2, 1], [0, 1, -1], [1, 2, 2], [-1, -1, 1])
    return {
        "questions": questions,
        "scores": [{"picked": picked, "score": int(Quiz(questions, picked=picked).score)} for picked in picks],
    }


def logistic(x, y, w, b):
    """Mean logistic loss of one neuron and its slopes for w and b, by the chain rule from the loss's own gradient."""
    value, slope = losses.BinaryCrossentropy(from_logits=True).value_and_gradient(y, w * x + b)
    return value, float(slope @ x), float(slope.sum())


def sigmoid_neuron():
    """The curve, then loss, gradient and descent on the exam results and on a set that w and b can overshoot."""
    z = [-800.0, -40.0, -3.5, -1.0, -1e-9, 0.0, 1e-9, 0.1, 2.0, 36.7, 745.0]
    hours, passed = datasets.exam_hours()
    sets = [(hours[:, 0], passed), (np.array([0.0, 2.5, 7.0]), np.array([1.0, 0.0, 1.0]))]
    cases = []
    for x, y in sets:
        for w, b in ((1.0, -2.0), (2.0, -6.5), (-4.0, 13.0), (10.0, 40.0), (-10.0, -40.0), (0.0, 0.3), (1.35, -4.4)):
            value, dw, db = logistic(x, y, w, b)
            path, at = [], (w, b)
            for _ in range(20):
                _, *slopes = logistic(x, y, *at)
                at = tuple(parameter - 0.5 * slope for parameter, slope in zip(at, slopes, strict=True))
                path.append(at)
            cases.append(
                {
                    "points": np.column_stack([x, y]).tolist(),
                    "w": w,
                    "b": b,
                    "loss": value,
                    "gradient": [dw, db],
                    "firing": -b / w if w else None,
                    "mistakes": int(np.sum(activations.step(w * x + b) != y)),
                    "descent": {"learning_rate": 0.5, "path": path},
                }
            )
    curve = {
        "z": z,
        "sigmoid": activations.sigmoid(np.array(z)).tolist(),
        "step": activations.step(np.array(z)).tolist(),
    }
    return {"curve": curve, "cases": cases}


def xor_hidden():
    """Networks on XOR: hidden outputs, logits, loss, slopes, and fifty epochs of gradient descent."""
    from nncourse.widgets.xor_hidden import PRESETS, forward, gradients, random_start, train

    starts = {str(seed): random_start(seed) for seed in (0, 1, 8, 199, 2**32 - 1)}
    large = {"W1": [[40.0, -7.0], [-35.0, 900.0]], "b1": [-3.0, 1.0], "W2": [-60.0, 800.0], "b2": 5.0}
    networks = list(PRESETS.values())
    for activation in ("linear", "step", "sigmoid"):
        networks += [start | {"activation": activation} for start in starts.values()]
        networks.append(large | {"activation": activation})
    cases = []
    for network in networks:
        h, z = forward(**network)
        loss, slopes = gradients(**network)
        slopes = dict(zip(("dW1", "db1", "dW2", "db2"), map(np.ndarray.tolist, map(np.asarray, slopes)), strict=True))
        gradient = {"loss": loss} | slopes
        case = {"network": network, "h": h.tolist(), "z": z.tolist(), "gradients": gradient}
        if network["W1"] != large["W1"]:  # there every neuron is saturated, and an epoch is a leap
            case["trained"] = [train(**network, learning_rate=rate, epochs=50) for rate in (0.5, 2.0)]
        cases.append(case)
    return {"presets": PRESETS, "starts": starts, "rates": [0.5, 2.0], "epochs": 50, "cases": cases}


GOLDEN = {
    "perceptron_stepper": perceptron_stepper,
    "quiz": quiz,
    "sigmoid_neuron": sigmoid_neuron,
    "xor_hidden": xor_hidden,
}


def round_trip(value):
    """The value as JSON gives it back, tuples as lists."""
    return json.loads(json.dumps(value, allow_nan=False))


if __name__ == "__main__":
    for module, compute in GOLDEN.items():
        path_of(module).write_text(json.dumps(compute(), allow_nan=False) + "\n", encoding="utf-8")
        print(path_of(module))
