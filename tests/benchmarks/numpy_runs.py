"""Bare NumPy: what a learner types without a package, and matrix products with nothing around them."""

import numpy as np


def versions():
    return {}


class TypedPerceptron:
    """The perceptron as one types it from the formula: the bias is a weight for a 1 put before every row."""

    def __init__(self, inputs, learning_rate=0.1, epochs=10):
        self.W = np.zeros(inputs + 1)
        self.learning_rate = learning_rate
        self.epochs = epochs

    def fire(self, z):
        return 1 if z >= 0 else 0

    def predict(self, row):
        return self.fire(self.W.T.dot(np.insert(row, 0, 1)))

    def train(self, x, y):
        for _ in range(self.epochs):
            for row, target in zip(x, y, strict=True):
                row = np.insert(row, 0, 1)
                prediction = self.fire(self.W.T.dot(row))
                self.W += self.learning_rate * (target - prediction) * row


def perceptron(task):
    def run():
        for _ in range(task.repeats):
            model = TypedPerceptron(inputs=2, epochs=task.epochs)
            model.train(task.x, task.y)
        return float(np.mean([model.predict(row) != target for row, target in zip(task.x, task.y, strict=True)]))

    return run


def xor(task):
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def run():
        x, y = task.x, task.y
        W1, W2 = (W.copy() for W in task.weights)
        for _ in range(task.epochs):
            hidden = sigmoid(x.dot(W1))
            output = sigmoid(hidden.dot(W2))
            error = y - output
            d_output = error * output * (1 - output)
            d_hidden = d_output.dot(W2.T) * hidden * (1 - hidden)
            W2 += 0.5 * hidden.T.dot(d_output)
            W1 += 0.5 * x.T.dot(d_hidden)
        return float(np.mean(error**2))

    return run


def products(batch_size):
    """The matrix products of training, three forward and five backward a step, into arrays that stand ready."""

    def prepare(task):
        sizes, weights = task.sizes.tolist(), task.weights[::2]
        gradients = [np.empty_like(W) for W in weights]
        rng = np.random.default_rng(0)
        outputs, slopes = ([rng.random((batch_size, d), dtype="float32") for d in sizes[1:]] for _ in "az")
        steps = range(0, len(task.x), batch_size)

        def run():
            for _ in range(task.epochs):
                for start in steps:
                    x = task.x[start : start + batch_size]
                    a = [x, *(array[: len(x)] for array in outputs)]
                    dz = [array[: len(x)] for array in slopes]
                    for i, W in enumerate(weights):
                        a[i].dot(W, out=a[i + 1])
                    for i in (2, 1, 0):
                        a[i].T.dot(dz[i], out=gradients[i])
                        if i:
                            dz[i].dot(weights[i].T, out=dz[i - 1])

        return run

    return prepare


RUNS = {
    "and": perceptron,
    "xor": xor,
    "large 128": products(128),
    "large 1024": products(1024),
}
