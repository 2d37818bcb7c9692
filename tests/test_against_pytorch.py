"""PyTorch as a witness: the same numbers, forward and backward, step by step.

Equal means to 1e-10 of the largest entry in float64, and to 1e-5 of it in float32: sums of a few dozen terms, added in
another order, differ in the last two of its seven digits. Where the two libraries mean different things by a name, the
arguments say so here.
"""

import numpy as np
import pytest

import nncourse as nn
from nncourse.layers import Activation, Dense, Residual
from nncourse.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop

torch = pytest.importorskip("torch", reason="PyTorch is the oracle here. To run these tests: pip install torch")
functions = torch.nn.functional


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Arrays as small as these only wait for a second one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


both_types = pytest.mark.parametrize("dtype", ["float64", "float32"])


def assert_equal(ours, theirs, dtype, tolerance=None):
    ours, theirs = np.asarray(ours), theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else np.asarray(theirs)
    tolerance = tolerance or {"float64": 1e-10, "float32": 1e-5}[dtype]
    assert ours.shape == theirs.shape and np.isfinite(ours).all()
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * max(1e-30, np.abs(theirs).max()))


def tensor(array, dtype=None):
    return torch.tensor(np.asarray(array) if dtype is None else np.asarray(array, dtype), requires_grad=False)


def watched(array):
    return tensor(array).requires_grad_()


# Activations

ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": functions.leaky_relu,
    "elu": functions.elu,
    "softplus": lambda z: functions.softplus(z, threshold=1e3),  # theirs is cut off at 20
    "gelu": lambda z: functions.gelu(z, approximate="tanh"),
    "softmax": lambda z: functions.softmax(z, dim=-1),
    "linear": lambda z: z,
}


@both_types
@pytest.mark.parametrize("scale", [1.0, 20.0])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_their_gradients(name, scale, dtype):
    rng = np.random.default_rng(1)
    z, upstream = (scale * rng.normal(size=(40, 6))).astype(dtype), rng.normal(size=(40, 6)).astype(dtype)
    activation, there = nn.activations.get(name), watched(z)
    theirs = ACTIVATIONS[name](there)
    theirs.backward(tensor(upstream))
    overwritten = z.copy()
    a = activation.in_place(overwritten)
    for value in (activation(z), a):
        assert_equal(value, theirs, dtype)
    for gradient in (activation.gradient(z, upstream), activation.backward(overwritten, a, upstream)):
        assert_equal(gradient, there.grad, dtype)


def test_every_activation_with_a_slope_is_compared():
    assert set(nn.activations.KNOWN) == {*ACTIVATIONS, "step"}


# Losses

LOSSES = {
    "mse": ("mse", functions.mse_loss),
    "mae": ("mae", functions.l1_loss),
    "huber": (nn.losses.Huber(0.7), lambda p, y: functions.huber_loss(p, y, delta=0.7)),
    "yes or no": ("binary_crossentropy", functions.binary_cross_entropy),
    "yes or no, logits": (nn.losses.BinaryCrossentropy(from_logits=True), functions.binary_cross_entropy_with_logits),
    "one-hot": ("categorical_crossentropy", lambda p, y: -(y * torch.log(p)).sum() / len(p)),
    "one-hot, logits": (nn.losses.CategoricalCrossentropy(from_logits=True), functions.cross_entropy),
    "labels": ("sparse_categorical_crossentropy", lambda p, y: functions.nll_loss(torch.log(p), y)),
    "labels, logits": (nn.losses.SparseCategoricalCrossentropy(from_logits=True), functions.cross_entropy),
}


@both_types
@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_gradients(name, dtype):
    loss, theirs = nn.losses.get(LOSSES[name][0]), LOSSES[name][1]
    rng = np.random.default_rng(2)
    p, y = rng.normal(size=(30, 4)), rng.normal(size=(30, 4))
    if name == "yes or no":
        p = nn.activations.sigmoid(p)
    elif name in ("one-hot", "labels"):
        p = nn.activations.softmax(p)
    if name.startswith("yes or no"):
        y = rng.uniform(size=(30, 4))
    elif name.startswith("one-hot"):
        y = nn.activations.softmax(y)
    elif name.startswith("labels"):
        y = rng.integers(4, size=30)
    p, y = p.astype(dtype), y.astype(dtype if y.dtype.kind == "f" else int)
    there = watched(p)
    price = theirs(there, tensor(y))
    price.backward()
    value, gradient = loss.value_and_gradient(y, p)
    assert_equal(value, price, dtype)
    assert_equal(gradient, there.grad, dtype)
    assert gradient.dtype == dtype


# Optimizers


def ravine(x, y):
    """The slope of x^2 / 2 + 50 y^2 + 0.3 x y, a hundred times steeper across than along."""
    return [x + 0.3 * y, 100 * y + 0.3 * x]


def rosenbrock(x, y):
    """The slope of (1 - x)^2 + 100 (y - x^2)^2, a bent valley (Rosenbrock, 1960)."""
    return [-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)]


def himmelblau(x, y):
    """The slope of (x^2 + y - 11)^2 + (x + y^2 - 7)^2, with four minima (Himmelblau, 1972)."""
    a, b = x**2 + y - 11, x + y**2 - 7
    return [4 * x * a + 2 * b, 2 * a + 4 * y * b]


def slope(w):
    """Three surfaces at once: a rule that treats every entry alike walks down each as if it were alone."""
    return np.array([*ravine(*w[0:2]), *rosenbrock(*w[2:4]), *himmelblau(*w[4:6])])


START = np.array([1.0, 1.0, -0.6, 0.8, 0.5, -1.0])

# Rates at which no walk hops from wall to wall of its valley: there a difference in the last digit would grow.
OPTIMIZERS = {
    "sgd": (SGD(1e-3), lambda w: torch.optim.SGD(w, lr=1e-3)),
    "momentum": (SGD(2e-4, momentum=0.9), lambda w: torch.optim.SGD(w, lr=2e-4, momentum=0.9)),
    "nesterov": (SGD(2e-4, 0.9, nesterov=True), lambda w: torch.optim.SGD(w, lr=2e-4, momentum=0.9, nesterov=True)),
    "sgd, decay": (SGD(1e-3, weight_decay=0.1), lambda w: torch.optim.SGD(w, lr=1e-3, weight_decay=0.1)),
    "adagrad": (Adagrad(0.1), lambda w: torch.optim.Adagrad(w, lr=0.1, eps=1e-7)),
    "rmsprop": (RMSprop(2e-3), lambda w: torch.optim.RMSprop(w, lr=2e-3, alpha=0.9, eps=1e-7)),
    "rmsprop, rho": (RMSprop(2e-3, 0.99, 1e-4), lambda w: torch.optim.RMSprop(w, lr=2e-3, alpha=0.99, eps=1e-4)),
    "adam": (Adam(0.05), lambda w: torch.optim.Adam(w, lr=0.05, eps=1e-7)),
    "adam, betas": (Adam(0.01, 0.7, 0.95, 1e-3), lambda w: torch.optim.Adam(w, lr=0.01, betas=(0.7, 0.95), eps=1e-3)),
    "adamw": (AdamW(0.05), lambda w: torch.optim.AdamW(w, lr=0.05, weight_decay=0.004, eps=1e-7)),
    "adamw, decay": (AdamW(0.02, 0.5), lambda w: torch.optim.AdamW(w, lr=0.02, weight_decay=0.5, eps=1e-7)),
}


def their_walk(make, steps, before=None, after=None):
    """The path of PyTorch's optimizer; `before(w)` may change w or its gradient before a step."""
    w = watched(START)
    rule, path = make([w]), [START]
    schedule = after and after(rule)
    for _ in range(steps):
        w.grad = tensor(slope(w.detach().numpy()))
        if before is not None:
            with torch.no_grad():
                before(w)
        rule.step()
        if schedule:
            schedule.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


def our_walk(rule, steps):
    return nn.optimizers.minimize(lambda w: (0.0, slope(w)), START, rule, steps)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_take_the_same_way_for_200_steps(name):
    ours, make = OPTIMIZERS[name]
    theirs = their_walk(make, 200)
    assert (np.abs(theirs[-1] - START) > 0.05).reshape(3, 2).any(axis=1).all()  # they did go somewhere
    assert_equal(our_walk(ours, 200), theirs, "float64")


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        (SGD(2e-4, momentum=0.9, nesterov=True, weight_decay=0.3), OPTIMIZERS["nesterov"][1]),
        (Adagrad(0.1, weight_decay=0.3), OPTIMIZERS["adagrad"][1]),
        (RMSprop(2e-3, weight_decay=0.3), OPTIMIZERS["rmsprop"][1]),
    ],
    ids=["nesterov", "adagrad", "rmsprop"],
)
def test_weight_decay_stands_beside_every_rule(rule, make):
    """PyTorch puts the decay of these rules into the gradient; beside it, as in AdamW, is one line before the step."""
    theirs = their_walk(make, 200, before=lambda w: w.mul_(1 - rule.rate * rule.weight_decay))
    assert_equal(our_walk(rule, 200), theirs, "float64")


def clipped(parameters, limit):
    """Shorten the whole gradient as PyTorch does, which divides by the length + 1e-6: here that is undone."""
    length = torch.nn.utils.clip_grad_norm_(parameters, limit)
    for parameter in parameters:
        parameter.grad *= (length + 1e-6) / length if length > limit else 1.0
    return length


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        (SGD(0.01, global_clipnorm=1.5), lambda w: torch.optim.SGD(w, lr=0.01)),
        (Adam(0.01, global_clipnorm=1.5), lambda w: torch.optim.Adam(w, lr=0.01, eps=1e-7)),
    ],
    ids=["sgd", "adam"],
)
def test_clipping_shortens_as_theirs_does(rule, make):
    lengths = []
    theirs = their_walk(make, 200, before=lambda w: lengths.append(clipped([w], rule.global_clipnorm)))
    assert min(lengths) > rule.global_clipnorm
    assert_equal(our_walk(rule, 200), theirs, "float64")


def test_a_schedule_goes_the_way_of_theirs():
    theirs = their_walk(
        lambda w: torch.optim.SGD(w, lr=1e-3),
        200,
        after=lambda rule: torch.optim.lr_scheduler.ExponentialLR(rule, 0.97),
    )
    assert_equal(our_walk(SGD(lambda step: 1e-3 * 0.97**step), 200), theirs, "float64")


@both_types
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_long_noisy_vectors_move_alike(name, dtype):
    """More entries than one piece has, and gradients that jump."""
    rng = np.random.default_rng(3)
    parameters = rng.normal(size=nn.optimizers.PIECE + 1000).astype(dtype)
    ours, make = OPTIMIZERS[name]
    ours, there = ours.fresh(), watched(parameters)
    theirs = make([there])
    for _ in range(10):
        gradient = rng.normal(size=parameters.shape).astype(dtype)
        ours.step(parameters, gradient)
        there.grad = tensor(gradient)
        theirs.step()
    assert_equal(parameters, there, dtype)


# Whole networks


class Around(torch.nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class Function(torch.nn.Module):
    def __init__(self, name):
        super().__init__()
        self.forward = ACTIVATIONS[name]


def twin(layers):
    """PyTorch's modules for our layers, with the same weights (which it keeps transposed)."""
    modules = []
    for layer in layers:
        if isinstance(layer, Residual):
            modules.append(Around(twin(layer.layers)))
        elif isinstance(layer, Dense):
            linear = torch.nn.Linear(*layer.W.shape, dtype=getattr(torch, layer.W.dtype.name))
            with torch.no_grad():
                linear.weight.copy_(tensor(layer.W.T))
                linear.bias.copy_(tensor(layer.b))
            modules += [linear, Function(layer.activation.name)]
        else:
            modules.append(Function(layer.activation.name))
    return torch.nn.Sequential(*modules)


def in_our_order(tensors):
    """Their parameters or gradients as one vector in our order: W, not transposed, then b, layer by layer."""
    return np.concatenate([t.detach().numpy().T.ravel() for t in tensors])


def price_of_weights(model, modules):
    """Our penalties in their words."""

    def dense(layers):
        for layer in layers:
            yield from dense(layer.layers) if isinstance(layer, Residual) else [layer] * isinstance(layer, Dense)

    linears = [module for module in modules.modules() if isinstance(module, torch.nn.Linear)]
    for layer, linear in zip(dense(model.layers), linears, strict=True):
        if (penalty := layer.kernel_regularizer) is not None:
            yield penalty.l1 * linear.weight.abs().sum() + penalty.l2 * (linear.weight**2).sum()


l1, l2, l1_l2 = nn.regularizers.l1, nn.regularizers.l2, nn.regularizers.l1_l2
NETWORKS = {
    "regression": lambda: ([Dense(8, "tanh"), Dense(3)], "mse"),
    "absolute errors": lambda: ([Dense(8, "softplus"), Dense(3)], "mae"),
    "huber": lambda: ([Dense(8, "leaky_relu"), Dense(5, "elu"), Dense(3)], "huber"),
    "two classes": lambda: ([Dense(8, "relu"), Dense(6, "relu"), Dense(1, "sigmoid")], "yes or no"),
    "two classes, logits": lambda: ([Dense(8, "gelu"), Dense(1)], "yes or no, logits"),
    "classes": lambda: ([Dense(8, "sigmoid"), Dense(3, "softmax")], "labels"),
    "classes, logits": lambda: ([Dense(8, "tanh"), Dense(3)], "labels, logits"),
    "one-hot": lambda: ([Dense(8, "relu"), Dense(3), Activation("softmax")], "one-hot"),
    "one-hot, logits": lambda: ([Dense(8), Activation("elu"), Dense(3)], "one-hot, logits"),
    "squares of shares": lambda: ([Dense(8, "tanh"), Dense(3, "softmax")], "mse"),
    "squares of a yes or no": lambda: ([Dense(8, "relu"), Dense(1, "sigmoid")], "mse"),
    "around": lambda: ([Dense(4, "tanh"), Residual(Dense(6, "relu"), Dense(4)), Dense(3, "softmax")], "labels"),
    "deep": lambda: ([*(Dense(10, "relu", kernel_initializer="he_normal") for _ in range(6)), Dense(3)], "mse"),
    "l2": lambda: ([Dense(8, "tanh", kernel_regularizer=l2(0.03)), Dense(3, "softmax")], "labels"),
    "l1": lambda: ([Dense(8, "tanh", kernel_regularizer=l1(0.02)), Dense(1, "sigmoid")], "yes or no"),
    "l1 and l2": lambda: (
        [
            Dense(4, "tanh", kernel_regularizer=l1_l2(0.01, 0.02)),
            Residual(Dense(4, "relu", kernel_regularizer=l2(0.1))),
            Dense(3, kernel_regularizer=l1(0.01)),
        ],
        "mse",
    ),
}


def network(name, dtype, optimizer="sgd"):
    """Our model, their twin of it, their loss, and 24 examples."""
    layers, loss = NETWORKS[name]()
    ours, theirs = LOSSES[loss] if loss in LOSSES else (loss, LOSSES[loss][1])
    if loss == "huber":
        ours, theirs = "huber", functions.huber_loss
    model = nn.Sequential(layers, dtype=dtype, seed=4)
    model.build((5,))
    model.compile(optimizer, ours)
    rng = np.random.default_rng(5)
    model.parameters += (0.1 * rng.normal(size=model.parameters.shape)).astype(dtype)  # biases off 0, too
    x, shape = rng.normal(size=(24, 5)).astype(dtype), (24, *model.output_shape)
    labels = rng.integers(3, size=24)
    y = {"labels": labels, "one-hot": np.eye(3)[labels].astype(dtype)}.get(loss.partition(",")[0])
    if y is None:
        y = rng.integers(2, size=shape) if shape[1] == 1 else rng.normal(size=shape)
        y = y.astype(dtype)
    return model, twin(model.layers), theirs, x, y


@both_types
@pytest.mark.parametrize("name", NETWORKS)
def test_networks_predict_and_are_blamed_alike(name, dtype):
    model, modules, loss, x, y = network(name, dtype)
    there = watched(x)
    prediction = modules(there)
    price = loss(prediction, tensor(y)) + sum(price_of_weights(model, modules))
    price.backward()
    assert_equal(model.forward(x, training=True), prediction, dtype)
    value, gradient = model.objective(x, y)(model.parameters.copy())
    assert_equal(value, price, dtype)
    assert_equal(gradient, in_our_order([p.grad for p in modules.parameters()]), dtype)
    # and all the way to x, with an upstream gradient of no loss's
    upstream = np.random.default_rng(6).normal(size=prediction.shape).astype(dtype)
    there.grad = None
    modules.zero_grad()
    modules(there).backward(tensor(upstream))
    model.forward(x, training=True)
    assert_equal(model.backward(upstream), there.grad, dtype)
    assert_equal(model.gradients, in_our_order([p.grad for p in modules.parameters()]), dtype)


TRAINED = {
    "sgd": (SGD(0.1), lambda w: torch.optim.SGD(w, lr=0.1)),
    "nesterov": (SGD(0.05, 0.9, nesterov=True), lambda w: torch.optim.SGD(w, lr=0.05, momentum=0.9, nesterov=True)),
    "adamw": (AdamW(0.01, 0.1), lambda w: torch.optim.AdamW(w, lr=0.01, weight_decay=0.1, eps=1e-7)),
}


def trained(name, dtype, rule, make, epochs):
    """Train both in the same batches; yield the parameters after every step."""
    model, modules, loss, x, y = network(name, dtype, rule)
    optimizer = make(modules.parameters())
    for step in model.train_steps(x, y, epochs=epochs, batch_size=10, shuffle=False):
        first = 10 * (step.number % 3)
        rows = slice(first, first + 10)  # 10, 10 and the 4 that are left
        optimizer.zero_grad()
        price = loss(modules(tensor(x[rows])), tensor(y[rows])) + sum(price_of_weights(model, modules))
        price.backward()
        optimizer.step()
        yield model.parameters, in_our_order(modules.parameters())


@pytest.mark.parametrize("rule", TRAINED)
@pytest.mark.parametrize("name", NETWORKS)
def test_networks_learn_alike_step_by_step(name, rule):
    steps = 0
    for ours, theirs in trained(name, "float64", *TRAINED[rule], epochs=5):
        assert_equal(ours, theirs, "float64")
        steps += 1
    assert steps == 15


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_float32_learn_alike(name):
    for ours, theirs in trained(name, "float32", *TRAINED["sgd"], epochs=3):
        assert_equal(ours, theirs, "float32")


def test_a_network_whose_gradient_is_clipped_learns_alike():
    model, modules, loss, x, y = network("regression", "float64", SGD(0.1, global_clipnorm=0.05))
    optimizer = torch.optim.SGD(modules.parameters(), lr=0.1)
    for _ in model.train_steps(x, y, epochs=10, batch_size=24):
        optimizer.zero_grad()
        loss(modules(tensor(x)), tensor(y)).backward()
        with torch.no_grad():
            assert clipped(list(modules.parameters()), 0.05) > 0.05
        optimizer.step()
    assert_equal(model.parameters, in_our_order(modules.parameters()), "float64")
