"""What a layer promises, put to the test on copies of it (chapter 7)."""

import copy
from functools import partial

import numpy as np

from ..layers import Layer
from ..layers.row import in_halves
from .contracts import ContractReport, misfit, report
from .gradient import GradientReport, check_gradient

__all__ = ["check_layer"]


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
    halves = in_halves(layer)
    halves.through_sum(halves.through_activation(upstream), input_gradient=False)
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
