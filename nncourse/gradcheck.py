"""Is the gradient right? Ask the function itself (chapter 7).

A derivative is the slope of a function, and a slope can be measured: step a little to both sides
and compare. The measured slope is slow and carries rounding errors, but it knows nothing of the
formula, so it makes an honest witness. Where the two part, the report names the entry.

The slope is the heart of a contract that has a few clauses more: arguments stay as they were,
float32 stays float32. `check_layer`, `check_loss`, `check_activation` and `check_optimizer` hold
the course's own to theirs, and yours: `check_layer(MyLayer(3), (4,))`.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from . import activations, losses
from .layers import Layer
from .optimizers import Optimizer

__all__ = [
    "ContractReport",
    "GradientReport",
    "check_activation",
    "check_gradient",
    "check_layer",
    "check_loss",
    "check_optimizer",
]


@dataclass(frozen=True, repr=False)
class GradientReport:
    """How far a gradient is from the measured one, at the entry where it is farthest."""

    error: float
    worst: tuple[int, ...]
    analytic: float
    numeric: float
    entries: int
    tolerance: float

    @property
    def passed(self) -> bool:
        return bool(self.error <= self.tolerance)

    def __bool__(self):
        return self.passed

    def __repr__(self):
        if self.passed:
            return f"passed: {self.entries} entries agree to {self.tolerance:g}"
        place = f"entry {self.worst}" if self.worst else "the only entry"
        return (
            f"failed: at {place} the gradient says {self.analytic:.6g}, "
            f"the slope measured is {self.numeric:.6g} (relative error {self.error:.2g})"
        )


def check_gradient(
    value_and_gradient: Callable[[np.ndarray], tuple[float, np.ndarray]],
    at,
    *,
    tolerance: float = 1e-6,
    scale: float = 0.0,
) -> GradientReport:
    """Compare a reported gradient with central differences of the value, at a point, in float64.

    Entry i is measured as (f(x + h) - f(x - h)) / 2h along axis i. The step h, near the cube root
    of the rounding unit, balances the curvature that a long step sees against the digits that a
    short one loses (Press et al., Numerical Recipes, section 5.7). Errors are relative to the
    larger of both slopes, or to what rounding lets us measure. Where a value is small because large
    terms cancel in it, their size is its `scale`: they leave their rounding errors behind.
    """
    point = np.array(at, dtype=np.float64)
    _, reported = value_and_gradient(point.copy())
    analytic = np.array(reported, dtype=np.float64)  # a copy: the function may reuse its array
    if analytic.shape != point.shape:
        raise ValueError(f"the gradient must have the point's shape {point.shape}, received {analytic.shape}.")
    if point.size == 0:
        raise ValueError(f"the point is empty, with shape {point.shape}: there is no slope to measure.")
    numeric, noise = np.empty_like(point), np.empty_like(point)
    for i in np.ndindex(point.shape):
        h = 6e-6 * max(1.0, abs(point[i]))
        right, left = point.copy(), point.copy()
        right[i] += h
        left[i] -= h
        width = right[i] - left[i]  # what is left of 2h after rounding
        above, below = float(value_and_gradient(right)[0]), float(value_and_gradient(left)[0])
        numeric[i] = (above - below) / width
        noise[i] = np.finfo(np.float64).eps * max(abs(above), abs(below), scale) / h
    larger = np.maximum(np.abs(analytic), np.abs(numeric))
    errors = np.abs(analytic - numeric) / np.maximum(larger, 10 * noise / tolerance + np.finfo(np.float64).tiny)
    farthest = np.unravel_index(np.argmax(errors), errors.shape)  # NaN counts as the largest
    worst = tuple(int(i) for i in farthest)
    return GradientReport(
        error=float(errors[worst]),
        worst=worst,
        analytic=float(analytic[worst]),
        numeric=float(numeric[worst]),
        entries=point.size,
        tolerance=tolerance,
    )


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
    if loss.fuses_with:
        activation = activations.get(loss.fuses_with)
        targets, a = loss.check(y, activation(sums))
        slopes["gradient_in_sum"] = check_gradient(
            lambda z: (loss(y, activation(z)), loss.gradient_in_sum(targets, a)), sums, tolerance=tolerance
        )
    return report(loss, problems, slopes)


class Trial:
    """A copy of a layer at work: built anew in some dtype, with a batch and an upstream gradient."""

    def __init__(self, layer, input_shape, x, training, seed, dtype):
        rng = np.random.default_rng([seed, 1])
        self.layer, self.training = copy.deepcopy(layer), training
        self.layer.build(input_shape, rng=np.random.default_rng(seed), dtype=dtype)
        # Zeros and ones, at which parameters like to start, would hide mistakes.
        self.layer.parameters += 0.3 * rng.normal(size=self.layer.parameters.shape).astype(dtype)
        self.state = self.layer.rng.bit_generator.state
        x = rng.normal(size=(3, *self.layer.input_shape)) if x is None else np.array(x)
        self.x = x.astype(dtype) if x.dtype.kind == "f" else x
        self.upstream = rng.normal(size=(len(x), *self.layer.output_shape)).astype(dtype)

    def forward(self, x=None):
        """Return the output for x, or for the batch; what is random is drawn the same every time."""
        self.layer.rng.bit_generator.state = self.state
        return self.layer.forward(self.x if x is None else x, self.training)

    def backward(self):
        """Return d loss / d x for the batch; its parameters' gradients are in the layer."""
        self.forward()
        return self.layer.backward(self.upstream)

    def named(self, layer=None, within=""):
        """Yield (name, parameter, gradient), also of layers inside this one."""
        layer = layer or self.layer
        for name in layer.shapes:
            yield within + name, vars(layer)[name], vars(layer)[f"d{name}"]
        for i, inner in enumerate(getattr(layer, "layers", ())):
            yield from self.named(inner, f"{within}layers[{i}].")

    def gradients(self):
        return {name: gradient.copy() for name, _, gradient in self.named()}

    def terms(self, x=None):
        """Return the output, weighted by upstream: its sum is the value whose slopes are measured."""
        return self.upstream * self.forward(x)

    def terms_with(self, parameter, values):
        """Return the terms with other values for a parameter."""
        kept = parameter.copy()
        parameter[...] = values
        terms = self.terms()
        parameter[...] = kept
        return terms


def check_layer(layer: Layer, input_shape, *, x=None, seed: int = 0, tolerance: float = 1e-6) -> ContractReport:
    """Hold a layer to its contract, in training and in use, on a random batch or on x (n, ...).

    The gradients of x and of every parameter agree with central differences, under a random
    upstream gradient and with what is random repeated. Shapes and dtypes, float32 and float64, are
    kept; arguments and parameters stay as they were; a second `backward` overwrites the gradients
    of the first; and all of them are views into the layer's flat vectors. The layer itself is left
    alone: a copy of it is built for examples of `input_shape`. Every entry is measured, so small
    layers will do. Where x holds integers, as words do, nothing is asked of its gradient.
    """
    if not isinstance(layer, Layer):
        raise TypeError(f"expected a layer, received {layer!r}. Derive it from nn.layers.Layer.")
    trials = {
        mode: [Trial(layer, input_shape, x, mode == "in training", seed, dtype) for dtype in ("float64", "float32")]
        for mode in ("in training", "in use")
    }
    problems, slopes = [], {}
    if np.array_equal(*(trial.forward() for trial, _ in trials.values()), equal_nan=True):
        del trials["in use"]
    for mode, (exact, short) in trials.items():
        prefix = f"{mode}, " if len(trials) > 1 else ""
        found = clauses(exact)
        problems += [prefix + problem for problem in (*found, *clauses(short))]
        if not found:
            slopes |= {prefix + name: slope for name, slope in measured(exact, tolerance).items()}
    return report(layer, problems, slopes)


def clauses(trial) -> list[str]:
    """Say which clauses of a layer's contract, other than the slopes, it breaks."""
    layer, x, upstream = trial.layer, trial.x, trial.upstream
    given = x.copy(), upstream.copy(), layer.parameters.copy()
    of = f"of {x.shape} {x.dtype}"
    out = trial.forward()
    problems = misfit(f"forward {of}", out, upstream.shape, upstream.dtype)
    if problems:
        return problems
    first = out.copy()
    if not np.array_equal(trial.forward(), first, equal_nan=True):
        problems.append("forward says something else the second time: draw from self.rng only")
    trial.forward(x[::-1].copy())
    if not np.array_equal(out, first, equal_nan=True):
        problems.append("forward returns an array that its next call overwrites")
    dx = trial.backward()
    problems += misfit(f"backward after forward {of}", dx, x.shape, upstream.dtype)
    once = trial.gradients()
    for name, parameter, gradient in trial.named():
        if not (np.shares_memory(parameter, layer.parameters) and np.shares_memory(gradient, layer.gradients)):
            problems.append(f"{name} or d{name} is no view any more: write into it, as in self.d{name}[...] = ")
    trial.backward()
    for name, gradient in trial.gradients().items():
        if not np.allclose(gradient, once[name], rtol=1e-4, equal_nan=True):
            problems.append(f"the gradient of {name} accumulates: a second backward should overwrite it")
    trial.forward()
    layer.through_sum(layer.through_activation(upstream), input_gradient=False)
    for name, gradient in trial.gradients().items():
        if not np.allclose(gradient, once[name], rtol=1e-4, equal_nan=True):
            problems.append(f"the gradient of {name} is another one without input_gradient")
    names = "forward or backward changed x", "backward changed its argument", "forward or backward changed parameters"
    for name, array, before in zip(names, (x, upstream, layer.parameters), given, strict=True):
        if not np.array_equal(array, before):
            problems.append(name)
    return problems


def measured(trial, tolerance) -> dict[str, GradientReport]:
    """Compare the gradients of x and of every parameter with the slopes measured."""
    dx, gradients = trial.backward(), trial.gradients()
    scale = float(np.abs(trial.terms()).sum())

    def slope(terms, at, gradient):
        return check_gradient(lambda v: (float(terms(v).sum()), gradient), at, tolerance=tolerance, scale=scale)

    slopes = {}
    if trial.x.dtype.kind == "f":
        slopes["dx"] = slope(trial.terms, trial.x, dx)
    for name, parameter, _ in trial.named():
        slopes[f"the gradient of {name}"] = slope(partial(trial.terms_with, parameter), parameter, gradients[name])
    return slopes


def check_optimizer(optimizer: Optimizer, *, steps: int = 20, seed: int = 0) -> ContractReport:
    """Hold an optimizer to its contract on random gradients.

    It moves the parameters in place, float32 and float64, leaves the gradients as they were, and
    treats every entry alike, however long the vector (unless it clips the whole gradient). A fresh
    copy knows nothing of the steps done, and the optimizer itself is left alone.
    """
    rng, problems = np.random.default_rng(seed), []
    start, slopes = rng.normal(size=6), rng.normal(size=(steps, 6))

    def walk(rule, part=slice(None), dtype=np.float64):
        parameters = start[part].astype(dtype)
        for slope in slopes[:, part].astype(dtype):
            given = slope.copy()
            rule.step(parameters, slope)
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
    parts = np.concatenate([walk(optimizer.fresh(), slice(0, 2)), walk(optimizer.fresh(), slice(2, 6))])
    error = float(np.abs(parts - end).max())
    if optimizer.global_clipnorm is None and not error < 1e-12:
        problems.append("an entry's way depends on the others: update(p, g, ...) treats every entry alike")
    return ContractReport(repr(optimizer), error, tuple(dict.fromkeys(problems)))
