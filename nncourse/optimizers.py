"""Optimizers: rules that turn a slope into a step (chapters 6 and 10).

An optimizer is a rule on a vector. It sees the parameters and their gradient as two flat arrays and
moves the first in place; whether they belong to a network or to a valley in two dimensions is
nothing to it. Names and defaults are those of Keras, formulas those of the papers: epsilon stands
outside the root, and Adagrad's sum starts at 0.

A `learning_rate` is a number, or a schedule: a function from the number of steps done to a number.
"""

import copy
from collections.abc import Callable

import numpy as np

from .validation import chosen, numbers, positive, share, whole

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "get", "minimize"]

# Long vectors are updated piece by piece, so that the arrays of a piece stay in the cache.
PIECE = 32_000


class Optimizer:
    """A rule `step(parameters, gradients)`, both flat arrays of one shape, which moves the first.

    A new rule names the arrays that it remembers in `memory` and defines `update(p, g, rate,
    *memory)`, which changes p and the memory in place. It treats every entry alike: long vectors
    come in pieces.

    Every rule takes two options. `weight_decay` shrinks all parameters by the factor
    1 - learning_rate * weight_decay before each step (Loshchilov and Hutter, 2019).
    `global_clipnorm` shortens a gradient that is longer than that (Pascanu, Mikolov and Bengio,
    2013).
    """

    memory: tuple[str, ...] = ()
    # What is remembered of a neuron that fell silent decays to the smallest numbers there are, and
    # stays there: 0.9 times the smallest rounds to itself. A processor takes a hundred times longer
    # for them than for 0. So every `sweep` steps they are set to 0.
    sweep = 64

    def __init__(self, learning_rate, *, weight_decay: float = 0.0, global_clipnorm: float | None = None, **unknown):
        for name in unknown:
            hint = "It is called learning_rate." if name == "lr" else "It takes weight_decay and global_clipnorm."
            raise TypeError(f"{type(self).__name__} has no option {name}. {hint}")
        if not callable(learning_rate):
            positive("learning_rate", learning_rate)
        self.learning_rate = learning_rate
        self.weight_decay = positive("weight_decay", weight_decay, zero=True)
        self.global_clipnorm = None if global_clipnorm is None else positive("global_clipnorm", global_clipnorm)
        self.reset()

    @property
    def learning_rate(self) -> float | Callable[[int], float]:
        """A number, or a schedule. It can be set at any time, also to 0."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, rate):
        if isinstance(rate, type):
            raise TypeError(f"learning_rate must be a number or a schedule, received the class {rate.__name__}.")
        if not callable(rate):
            positive("learning_rate", rate, zero=True)
        self._learning_rate = rate

    @property
    def lr(self):
        raise AttributeError(f"{type(self).__name__} has no lr. It is called learning_rate.")

    @lr.setter
    def lr(self, rate):
        raise AttributeError(f"{type(self).__name__} has no lr. Set its learning_rate.")

    def reset(self) -> None:
        """Forget all steps done."""
        self.steps, self._shape, self._memory = 0, None, ()

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        rate = self._learning_rate
        return self.rate_of(self.steps) if callable(rate) else rate

    def rate_of(self, step: int) -> float:
        """Return the learning rate of a step, the first being 0."""
        if not callable(self._learning_rate):
            return self._learning_rate
        said = self._learning_rate(step)
        rate = said.item() if isinstance(said, np.ndarray) and said.ndim == 0 else said
        if isinstance(rate, float) and 0 <= rate < np.inf:
            return rate
        name = getattr(self._learning_rate, "__name__", repr(self._learning_rate))
        return positive("learning_rate", rate, zero=True, hint=f"So said {name} for step {step}.")

    def step(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Move the parameters, in place, one step against their gradient."""
        try:
            known = gradients.shape == parameters.shape == self._shape
        except AttributeError:
            known = False
        if not known:
            self._meet(parameters, gradients)
        rate = self.rate
        if self.global_clipnorm is not None:
            length = np.linalg.norm(gradients.astype(np.float64, copy=False))
            if length > self.global_clipnorm:
                gradients = gradients * float(self.global_clipnorm / length)
        if self.weight_decay:
            parameters *= 1 - rate * self.weight_decay
        self.steps += 1
        if parameters.size <= PIECE:
            self.update(parameters, gradients, rate, *self._memory)
        else:
            arrays = parameters, gradients, *self._memory
            for start in range(0, parameters.size, PIECE):
                p, g, *memory = (array[start : start + PIECE] for array in arrays)
                self.update(p, g, rate, *memory)
        if self.steps % self.sweep == 0:
            for array in self._memory:
                array[np.abs(array) < 1e6 * np.finfo(array.dtype).tiny] = 0

    def _meet(self, parameters, gradients):
        """Get ready for arrays of this shape, or say what is wrong with them."""
        if not isinstance(parameters, np.ndarray) or parameters.ndim != 1 or parameters.dtype.kind != "f":
            came = f"{np.shape(parameters)} {getattr(parameters, 'dtype', type(parameters).__name__)}"
            raise ValueError(
                f"parameters must be one flat array of floats, received {came}. Try np.array([...], float)."
            )
        if not isinstance(gradients, np.ndarray) or gradients.shape != parameters.shape:
            came = f"{type(gradients).__name__} of shape {np.shape(gradients)}"
            raise ValueError(
                f"gradients must be an array of shape {parameters.shape}, as the parameters, received {came}."
            )
        if gradients.dtype.kind not in "iuf":
            raise ValueError(f"gradients must be real numbers, received dtype {gradients.dtype}.")
        if self._shape not in (None, parameters.shape):
            raise ValueError(
                f"this {type(self).__name__} has made {self.steps} steps on an array of shape {self._shape}, "
                f"received {parameters.shape}. Use a new one, or call reset()."
            )
        self._shape, self._memory = parameters.shape, tuple(np.zeros_like(parameters) for _ in self.memory)

    def remembered(self) -> dict[str, np.ndarray]:
        """Return what the rule keeps from step to step, by name; empty before the first."""
        return dict(zip(self.memory, self._memory, strict=False))

    def recall(self, steps: int, remembered: dict[str, np.ndarray]) -> None:
        """Go on as after `steps` steps that left these arrays."""
        self.reset()
        if steps:
            self._memory = tuple(np.array(remembered[name]) for name in self.memory)
            self.steps, self._shape = steps, self._memory[0].shape if self._memory else None

    def update(self, p, g, rate, *memory):
        raise NotImplementedError(f"{type(self).__name__} defines no update(p, g, rate, *memory)")

    def fresh(self) -> "Optimizer":
        """Return the same rule, without the steps that this one has done."""
        other = copy.copy(self)
        other.reset()
        return other

    def __repr__(self):
        settings = {"learning_rate": self.learning_rate}
        settings |= {name: value for name, value in vars(self).items() if name[0] != "_" and name != "steps"}
        hidden = {"weight_decay": 0.0, "global_clipnorm": None}
        told = {name: getattr(value, "__name__", repr(value)) for name, value in settings.items()}  # no addresses
        shown = [f"{name}={told[name]}" for name, value in settings.items() if value != hidden.get(name, "")]
        return f"{type(self).__name__}({', '.join(shown)})"


class SGD(Optimizer):
    """Gradient descent, `p -= rate * g` (Robbins and Monro, 1951).

    With momentum a velocity remembers the steps before (Polyak, 1964):
    `v = momentum * v - rate * g; p += v`. Nesterov's form (1983) looks one
    step ahead: `p += momentum * v - rate * g`, with the new v.
    """

    memory = ("v",)

    def __init__(
        self,
        learning_rate=0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        **options,
    ):
        super().__init__(learning_rate, **options)
        self.momentum, self.nesterov = share("momentum", momentum), nesterov

    def update(self, p, g, rate, v):
        if not self.momentum:
            p -= rate * g
            return
        step = rate * g
        v *= self.momentum
        v -= step
        p += self.momentum * v - step if self.nesterov else v


class Adagrad(Optimizer):
    """Smaller steps for what has been pushed more (Duchi et al., 2011).

    `s += g^2; p -= rate * g / (sqrt(s) + epsilon)`.
    """

    memory = ("s",)

    def __init__(self, learning_rate=0.001, epsilon=1e-7, **options):
        super().__init__(learning_rate, **options)
        self.epsilon = positive("epsilon", epsilon)

    def update(self, p, g, rate, s):
        s += g * g
        p -= rate * g / (np.sqrt(s) + self.epsilon)


class RMSprop(Optimizer):
    """Adagrad that forgets (Tieleman and Hinton, 2012).

    `v = rho * v + (1 - rho) * g^2; p -= rate * g / (sqrt(v) + epsilon)`.

    The weight 1 - rho is drawn into the rate and epsilon: the array v is a
    plain decaying sum.
    """

    memory = ("v",)

    def __init__(
        self,
        learning_rate=0.001,
        rho: float = 0.9,
        epsilon: float = 1e-7,
        **options,
    ):
        super().__init__(learning_rate, **options)
        self.rho = share("rho", rho)
        self.epsilon = positive("epsilon", epsilon)

    def update(self, p, g, rate, v):
        size = (1 - self.rho) ** 0.5
        v *= self.rho
        v += g * g
        p -= (rate / size) * g / (np.sqrt(v) + self.epsilon / size)


class Adam(Optimizer):
    """Momentum over the root of the mean square, both freed of their start.

    `m = beta_1 * m + (1 - beta_1) * g; v = beta_2 * v + (1 - beta_2) * g^2;
    p -= rate * (m / c1) / (sqrt(v / c2) + epsilon)`, with c = 1 - beta^t
    (Kingma and Ba, 2015).

    All mere numbers are drawn into the rate and epsilon, also the weights
    1 - beta: the arrays m and v are plain decaying sums.
    """

    memory = ("m", "v")

    def __init__(
        self,
        learning_rate=0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **options,
    ):
        super().__init__(learning_rate, **options)
        self.beta_1 = share("beta_1", beta_1)
        self.beta_2 = share("beta_2", beta_2)
        self.epsilon = positive("epsilon", epsilon)

    def update(self, p, g, rate, m, v):
        size_m = (1 - self.beta_1) / (1 - self.beta_1**self.steps)
        size_v = ((1 - self.beta_2) / (1 - self.beta_2**self.steps)) ** 0.5
        m *= self.beta_1
        m += g
        v *= self.beta_2
        v += g * g
        rate, epsilon = rate * size_m / size_v, self.epsilon / size_v
        # p -= rate * m / (sqrt(v) + epsilon), with one new array, not four:
        step = np.sqrt(v)
        step += epsilon
        np.divide(m, step, out=step)
        step *= rate
        p -= step


class AdamW(Adam):
    """Adam with decay beside the gradient (Loshchilov and Hutter, 2019)."""

    def __init__(
        self,
        learning_rate=0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **options,
    ):
        options["weight_decay"] = weight_decay
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **options)


KNOWN = {"sgd": SGD, "adagrad": Adagrad, "rmsprop": RMSprop, "adam": Adam, "adamw": AdamW}


def get(name: str | Optimizer) -> Optimizer:
    """Return a new optimizer of that name with its defaults; an optimizer comes back as it is."""
    if isinstance(name, Optimizer):
        return name
    if isinstance(name, type) and issubclass(name, Optimizer):
        return name()
    return chosen("the name of an optimizer", name.lower() if isinstance(name, str) else name, KNOWN)()


def minimize(
    value_and_gradient: Callable[[np.ndarray], tuple[float, np.ndarray]],
    start,
    optimizer: str | Optimizer = "sgd",
    steps: int = 100,
) -> np.ndarray:
    """Walk down a function, and return the path, of shape (steps + 1, d).

    It begins with the start, of shape (d,). The optimizer is only read: the
    walk is made by a fresh copy of it.
    """
    point = numbers("start", start).astype(np.float64)
    if point.ndim != 1:
        message = "start must be a flat array of numbers, received shape"
        raise ValueError(f"{message} {point.shape}. Try [1.0, 2.0].")
    rule = get(optimizer).fresh()
    path = np.empty((whole("steps", steps, least=0) + 1, point.size))
    path[0] = point
    for row in path[1:]:
        _, gradient = value_and_gradient(point.copy())
        rule.step(point, np.asarray(gradient))
        row[...] = point
    return path
