"""scikit-learn: its Perceptron and MLPClassifier. They choose starting weights themselves."""

import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Perceptron
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

warnings.simplefilter("ignore", ConvergenceWarning)  # all epochs are run, converged or not


def versions():
    return {"scikit-learn": sklearn.__version__}


def perceptron(task):
    def run():
        for _ in range(task.repeats):
            model = Perceptron(max_iter=task.epochs, tol=None, shuffle=False, eta0=0.1).fit(task.x, task.y)
        return float(np.mean(model.predict(task.x) != task.y))

    return run


def classifier(task):
    return MLPClassifier(
        task.sizes[1:-1].tolist(),
        alpha=0,
        batch_size=task.batch_size,
        epsilon=1e-7,
        max_iter=task.epochs,
        n_iter_no_change=task.epochs + 1,
        random_state=0,
        tol=0,
    )


def breast_cancer(task):
    x, y, x_validation, y_validation = task.x, task.y[:, 0], task.x_validation, task.y_validation[:, 0]

    def run():
        model, history = classifier(task), []
        for _ in range(task.epochs):
            model.partial_fit(x, y, classes=[0, 1])
            p = model.predict_proba(x_validation)
            history.append((model.loss_, log_loss(y_validation, p), np.mean(p.argmax(axis=1) == y_validation)))
        return history[-1][0]

    return run


def digits(task):
    return lambda: classifier(task).fit(task.x, task.y).loss_


RUNS = {"and": perceptron, "breast_cancer": breast_cancer, "digits": digits}
