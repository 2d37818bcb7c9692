"""The perceptron stepper."""

from nncourse import Perceptron, datasets


def compute():
    """Training from zero on the gates, in the order of their rows, for at most ten epochs."""
    runs = []
    for gate in ("AND", "OR", "NAND", "XOR"):
        x, y = datasets.logic_gate(gate)
        for rate in (1.0, 0.1, 0.3):
            model = Perceptron(learning_rate=rate, epochs=10).fit(x, y)
            weights = [float(model.bias_), *model.weights_.tolist()]
            runs.append({"gate": gate, "learning_rate": rate, "weights": weights, "mistakes": model.mistakes_})
    return {"epochs": 10, "runs": runs}
