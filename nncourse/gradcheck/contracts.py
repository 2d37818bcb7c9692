"""What activations, losses and optimizers promise, put to the test (chapter 7)."""

from dataclasses import dataclass

import numpy as np

from .. import activations, losses
from ..optimizers import Optimizer
from .gradient import check_gradient

__all__ = ["ContractReport", "check_activation", "check_loss", "check_optimizer"]


@dataclass(frozen=True, repr=False)
class ContractReport:
    """Whether a contract is kept: what does not hold, in words, and the largest error of a slope.

    The error is infinite where what does not hold left nothing to measure.
    """

    name: str
    error: float
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.problems

    def __bool__(self):
        return self.passed

    def __repr__(self):
        return f"{self.name}: " + ("passed" if self.passed else "failed\n- " + "\n- ".join(self.problems))


def report(thing, problems, slopes=()) -> ContractReport:
    """Sum up the problems found and the slopes measured, {name: GradientReport}."""
    slopes = dict(slopes)
    failed = [f"{name} {slope!r}" for name, slope in slopes.items() if not slope.passed]
    nothing_measured = np.inf if problems else 0.0
    error = float(np.max([slope.error for slope in slopes.values()])) if slopes else nothing_measured
    return ContractReport(repr(thing), error, tuple(dict.fromkeys([*problems, *failed])))


def misfit(name, result, shape, dtype) -> list[str]:
    """Say what is wrong with the shape or the type of a result, if anything is."""
    if np.shape(result) == shape and getattr(result, "dtype", None) == dtype:
        return []
    came = f"{np.shape(result)} {getattr(result, 'dtype', type(result).__name__)}"
    return [f"{name} came back as {came}, expected {shape} {np.dtype(dtype)}"]


def check_activation(
    activation, at=((-4.3, -1.7, -0.6), (0.4, 1.9, 3.8)), *, seed: int = 0, tolerance: float = 1e-6
) -> ContractReport:
    """Hold an activation to its contract at some points, which should keep off kinks and jumps.

    Its derivative, where it has one, and its gradient agree with central differences, under a
    random upstream gradient; both and the value keep the shape and the dtype, float32 and float64;
    and the argument is left as it was. What a layer calls, `in_place` and `backward`, says no other.
    """
    z = np.array(at, dtype=np.float64)
    upstream = np.random.default_rng(seed).normal(size=z.shape)
    methods = {
        "the value": activation,
        "derivative": activation.derivative,
        "gradient": lambda z: activation.gradient(z, upstream.astype(z.dtype)),
    }
    try:
        activation.derivative(z)
    except (NotImplementedError, TypeError):
        if type(activation).gradient is activations.Activation.gradient:
            raise
        del methods["derivative"]  # as in softmax, where every output depends on every z
    problems = []
    for name, method in methods.items():
        for dtype in (np.float64, np.float32):
            given = z.astype(dtype)
            problems += misfit(f"{name} of {z.shape} {np.dtype(dtype)}", method(given), z.shape, dtype)
            if not np.array_equal(given, z.astype(dtype)):
                problems.append(f"{name} changed its argument")
    if problems:
        return report(activation, problems)
    overwritten = z.copy()
    a = activation.in_place(overwritten)
    pairs = {
        "in_place": (a, activation(z)),
        "backward": (activation.backward(overwritten, a, upstream), activation.gradient(z, upstream)),
    }
    for name, (short, long) in pairs.items():
        if not np.allclose(short, long, rtol=1e-9, atol=1e-12):
            problems.append(f"{name} says other than the {'gradient' if name == 'backward' else 'value'}")

    def weighted_sum(z):
        return float(np.sum(upstream * activation(z)))

    slopes = {
        "derivative": lambda z: (weighted_sum(z), upstream * activation.derivative(z)),
        "gradient": lambda z: (weighted_sum(z), activation.gradient(z, upstream)),
    }
    slopes = {name: check_gradient(slope, z, tolerance=tolerance) for name, slope in slopes.items() if name in methods}
    return report(activation, problems, slopes)


def check_loss(loss, y_true=None, y_pred=None, *, seed: int = 0, tolerance: float = 1e-6) -> ContractReport:
    """Hold a loss to its contract, on these targets and predictions or on some of three classes.

    Its gradient agrees with central differences and has the predictions' shape and dtype, its value
    is a float, the arguments stay as they were, and the loss is a mean: the same data twice change
    nothing. A loss that fuses with an activation has the right slope in the sum, too.
    """
    loss, rng = losses.get(loss), np.random.default_rng(seed)
    sums = rng.normal(size=(4, 3) if y_pred is None else np.shape(y_pred))
    if y_true is None:
        labels = rng.integers(3, size=4)
        y_true = labels if isinstance(loss, losses.SparseCategoricalCrossentropy) else np.eye(3)[labels]
    y, p = np.array(y_true), np.array(activations.softmax(sums) if y_pred is None else y_pred, np.float64)
    problems = []
    for dtype in (np.float64, np.float32):
        targets, predictions = y.copy(), p.astype(dtype)
        value, gradient = loss.value_and_gradient(targets, predictions)
        problems += misfit(f"the gradient for predictions {p.shape} {np.dtype(dtype)}", gradient, p.shape, dtype)
        if type(value) is not float or value != loss(targets, predictions):
            problems.append(f"the value came as {value!r}, and from a call as {loss(targets, predictions)!r}")
        if not (np.array_equal(targets, y) and np.array_equal(predictions, p.astype(dtype))):
            problems.append("value_and_gradient changed its arguments")
    if problems:
        return report(loss, problems)
    value, gradient = loss.value_and_gradient(y, p)
    if p.ndim and not np.isclose(loss(np.concatenate([y, y]), np.concatenate([p, p])), value, rtol=1e-9, atol=0):
        problems.append("the same data twice have another loss: it should be a mean over the batch")
    slopes = {"gradient": check_gradient(lambda p: (loss(y, p), gradient), p, tolerance=tolerance)}
    if loss.fuses and loss.fuses_with:
        activation = activations.get(loss.fuses_with)
        targets, a = loss.check(y, activation(sums))
        slopes["gradient_in_sum"] = check_gradient(
            lambda z: (loss(y, activation(z)), loss.gradient_in_sum(targets, a)), sums, tolerance=tolerance
        )
    return report(loss, problems, slopes)


def check_optimizer(optimizer: Optimizer, *, steps: int = 20, seed: int = 0) -> ContractReport:
    """Hold an optimizer to its contract on random gradients.

    It moves the parameters in place, float32 and float64, leaves the gradients as they were, and
    treats every entry alike, however long the vector (unless it clips the whole gradient). What it
    reads of its memory it also writes. A fresh copy knows nothing of the steps done, and the
    optimizer itself is left alone.
    """
    rng, problems, written = np.random.default_rng(seed), [], set()
    start, slopes = rng.normal(size=6), rng.normal(size=(steps, 6))

    def walk(rule, part=slice(None), dtype=np.float64):
        parameters = start[part].astype(dtype)
        for slope in slopes[:, part].astype(dtype):
            given = slope.copy()
            rule.step(parameters, slope)
            written.update(name for name, array in rule.remembered().items() if array.any())
            if not np.array_equal(slope, given):
                problems.append("step changed the gradients")
        return parameters

    rule = optimizer.fresh()
    end = walk(rule)
    if np.array_equal(end, start):
        problems.append("step moved nothing: parameters change in place, as in p -= rate * g")
    if not np.array_equal(walk(rule.fresh()), end):
        problems.append("a fresh copy remembers steps: let reset() forget them")
    if not np.allclose(walk(optimizer.fresh(), dtype=np.float32), end, rtol=1e-3, atol=1e-4):
        problems.append("float32 parameters end elsewhere")
    kept = rule.remembered()
    for name in [name for name in kept if name not in written]:
        ends = []
        for number in (0.0, 1.0):
            other = optimizer.fresh()
            other.recall(1, {each: np.full(6, number if each == name else 0.0) for each in kept})
            ends.append(walk(other))
        if not np.array_equal(*ends):
            problems.append(f"{name} is read but never changes: write into it, as in {name}[...] = 0.9 * {name} + g")
    parts = np.concatenate([walk(optimizer.fresh(), slice(0, 2)), walk(optimizer.fresh(), slice(2, 6))])
    error = float(np.abs(parts - end).max())
    if optimizer.global_clipnorm is None and not error < 1e-12:
        problems.append("an entry's way depends on the others: update(p, g, ...) treats every entry alike")
    return ContractReport(repr(optimizer), error, tuple(dict.fromkeys(problems)))
