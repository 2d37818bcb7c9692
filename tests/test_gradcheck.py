import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nncourse as nn
from nncourse import activations, layers
from nncourse.gradcheck import check_activation, check_gradient, check_layer, check_loss, check_optimizer


def bowl(w):
    return float(np.sum(w**2)), 2 * w


def test_a_right_gradient_passes():
    report = check_gradient(bowl, at=[[1.0, -2.0], [0.0, 3.0]])
    assert report.passed and report
    assert report.error < 1e-9
    assert repr(report) == "passed: 4 entries agree to 1e-06"


@settings(deadline=None)
@given(st.integers(0, 4), st.sampled_from([1.01, 0.5, -1.0, 0.0]))
def test_one_wrong_entry_is_named(place, factor):
    def wrong(w):
        value, gradient = bowl(w)
        gradient[place] *= factor
        return value, gradient

    at = np.array([0.5, -1.0, 2.0, 10.0, 0.3])
    report = check_gradient(wrong, at=at)
    assert not report.passed and not report
    assert report.worst == (place,)
    assert report.numeric == pytest.approx(2 * at[place], rel=1e-6)
    assert report.analytic == pytest.approx(2 * at[place] * factor)
    assert f"entry ({place},)" in repr(report)


def test_small_gradients_are_held_to_the_same_relative_error():
    assert check_gradient(lambda w: (1e-8 * np.sum(w**2), 2e-8 * w), at=[1.0, 2.0]).passed
    assert not check_gradient(lambda w: (1e-8 * np.sum(w**2), 1e-8 * w), at=[1.0, 2.0]).passed


def test_rounding_noise_of_a_large_value_is_not_called_an_error():
    assert check_gradient(lambda w: (1e6 + float(np.sum(w**2)), 2 * w), at=[0.0, 1.0, 1e-3]).passed


def test_the_rounding_noise_of_terms_that_cancel_is_not_called_an_error():
    def canceling(w, factor=1.0):
        thousands = 1e3 * np.sin(w) ** 2 + 1e3 * np.cos(w) ** 2  # constant, but for rounding
        return float(np.sum(thousands - 1e3) + w[0] ** 2), factor * np.array([2 * w[0], 0.0, 0.0])

    at = [2.0, 0.3, 0.7]
    mistaken = check_gradient(canceling, at)
    assert not mistaken.passed and mistaken.analytic == 0 and abs(mistaken.numeric) < 1e-7
    assert check_gradient(canceling, at, scale=3e3).passed
    assert check_gradient(lambda w: canceling(w, factor=1.01), at, scale=3e3).worst == (0,)


def test_a_flat_function_has_a_gradient_of_zero():
    report = check_gradient(lambda w: (0.0, np.zeros_like(w)), at=[1.0, 2.0])
    assert (report.passed, report.error) == (True, 0.0)


def test_a_point_without_axes_is_a_point():
    report = check_gradient(lambda w: (float(w**3), 2 * w**2), at=2.0)
    assert report.worst == ()
    assert repr(report).startswith("failed: at the only entry the gradient says 8, the slope measured is 12 ")


def test_a_gradient_that_is_not_a_number_fails():
    assert not check_gradient(lambda w: (0.0, w * np.nan), at=[1.0]).passed
    assert not check_gradient(lambda w: (np.nan, w), at=[1.0]).passed


def test_the_check_works_in_float64_on_copies():
    at = np.array([1.0, 2.0], "float32")
    reused = np.zeros(2)

    def careless(w):
        assert w.dtype == np.float64
        value = float(np.sum(w**2))
        reused[:] = 2 * w
        w[:] = 0
        return value, reused

    assert check_gradient(careless, at=at).passed
    assert at.tolist() == [1, 2]


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"the point's shape \(2,\), received \(2, 1\)"):
        check_gradient(lambda w: (0.0, w[:, None]), at=[1.0, 2.0])


def test_a_point_without_entries_is_refused():
    with pytest.raises(ValueError, match="the point is empty"):
        check_gradient(bowl, at=[])


class Square(activations.Activation):
    name = "square"

    def __call__(self, z):
        return z**2

    def derivative(self, z):
        return 2 * z


def variant(**methods):
    return type("Variant", (Square,), methods)()


def test_an_activation_of_ones_own_can_be_checked():
    report = check_activation(Square())
    assert report.passed and report.error < 1e-6
    assert repr(report) == "square: passed"


def change(self, z):
    z *= 2
    return z


@pytest.mark.parametrize(
    ("activation", "problem"),
    [
        (variant(derivative=lambda self, z: 3 * z), "derivative failed: at entry"),
        (variant(gradient=lambda self, z, upstream: 2 * z), "gradient failed: at entry"),
        (variant(gradient=lambda self, z, upstream: 2 * z * upstream.mean()), "gradient failed"),
        (
            variant(__call__=lambda self, z: z.sum()),
            "the value of (2, 3) float64 came back as () float64",
        ),
        (
            variant(derivative=lambda self, z: 2.0 * z.astype(float)),
            "derivative of (2, 3) float32 came back",
        ),
        (variant(derivative=change), "derivative changed its argument"),
    ],
)
def test_a_broken_contract_is_put_into_words(activation, problem):
    report = check_activation(activation)
    assert not report.passed and not report
    assert problem in repr(report)


def test_an_activation_whose_short_form_says_something_else_is_caught():
    short = {"in_place": lambda self, z: z, "backward": lambda self, z, a, upstream: upstream}
    report = check_activation(variant(**short))
    assert not report.passed
    assert "in_place says other than the value" in repr(report)
    assert "backward says other than the gradient" in repr(report)


class LogSoftmax(activations.Activation):
    """Mixes its inputs, so it has a gradient and no derivative."""

    name = "log_softmax"

    def __call__(self, z):
        return np.log(activations.softmax(z))

    def gradient(self, z, upstream):
        return upstream - activations.softmax(z) * upstream.sum(axis=-1, keepdims=True)


def test_an_activation_that_mixes_its_inputs_needs_no_derivative():
    report = check_activation(LogSoftmax(), tolerance=1e-7)
    assert report.passed, report
    wrong = type("Wrong", (LogSoftmax,), {"gradient": lambda self, z, upstream: upstream - activations.softmax(z)})()
    assert "gradient failed: at entry (" in repr(check_activation(wrong))
    with pytest.raises(NotImplementedError, match=r"defines no derivative\(z\)"):
        check_activation(type("Half", (Square,), {"derivative": activations.Activation.derivative})())


# Layers


class Affine(layers.Layer):
    """g * x + c, written as a learner would."""

    parameter_names = ("g", "c")

    def plan(self, input_shape):
        def random(shape, rng):
            return rng.normal(size=shape)

        return {"g": (input_shape, random), "c": (input_shape, random)}, input_shape

    def forward(self, x, training=False):
        self.check(x)
        self.seen = x
        return self.g * x + self.c

    def backward(self, upstream):
        self.dg = (self.seen * upstream).sum(axis=0)
        self.dc = upstream.sum(axis=0)
        return self.g * upstream


class Noisy(layers.Layer):
    """x times random numbers, in training."""

    def forward(self, x, training=False):
        self.seen = self.rng.random(x.shape, dtype=x.dtype) if training else np.ones((), x.dtype)
        return x * self.seen

    def backward(self, upstream):
        return upstream * self.seen


def broken(base=Affine, **methods):
    return type("Broken", (base,), methods)()


@pytest.mark.parametrize("layer", [Affine(), Noisy()], ids=repr)
def test_a_layer_of_ones_own_can_be_checked(layer):
    report = check_layer(layer, (4,))
    assert report.passed and report and report.error < 1e-7
    assert repr(report) == f"{layer!r}: passed"
    assert not layer.built  # a copy was


def test_a_layer_in_use_is_left_alone():
    layer = layers.Dropout(0.5).build((4,), rng=1)
    model = nn.Sequential([layers.Dense(3, "tanh")], dtype="float64", seed=2)
    model.build((4,))
    model.forward(np.ones((2, 4)))
    before = copy.deepcopy((model, layer))
    for inner, shape in ((model.layers[0], (4,)), (layer, (4,))):
        assert check_layer(inner, shape).passed
    np.testing.assert_array_equal(model.parameters, before[0].parameters)
    np.testing.assert_array_equal(model.gradients, before[0].gradients)
    assert np.shares_memory(model.layers[0].W, model.parameters) and model.layers[0].owned
    assert layer.rng.bit_generator.state == before[1].rng.bit_generator.state


def grads(dg=1.0, dc=1.0, dx=1.0):
    """A backward of Affine whose three answers are off by a factor."""

    def backward(self, upstream):
        self.dg = dg * (self.seen * upstream).sum(axis=0)
        self.dc = dc * upstream.sum(axis=0)
        return dx * self.g * upstream

    return backward


def first_row_only(self, upstream):
    self.dg = self.seen[0] * upstream[0]
    self.dc = upstream.sum(axis=0)
    return self.g * upstream


def mean_for_sum(self, upstream):
    self.dg = (self.seen * upstream).sum(axis=0)
    self.dc = upstream.mean(axis=0)
    return self.g * upstream


def one_wrong_entry(self, upstream):
    dx = Affine.backward(self, upstream)
    dx[1, 2] *= 1.001
    return dx


def accumulating(self, upstream):
    self.dg += (self.seen * upstream).sum(axis=0)
    self.dc = upstream.sum(axis=0)
    return self.g * upstream


def dead_view(self, upstream):
    vars(self)["dg"] = (self.seen * upstream).sum(axis=0)
    self.dc = upstream.sum(axis=0)
    return self.g * upstream


def changes_x(self, x, training=False):
    self.seen = x.copy()
    x *= self.g
    return x + self.c


def changes_upstream(self, upstream):
    dx = Affine.backward(self, upstream)
    upstream *= 2
    return dx


def changes_parameters(self, x, training=False):
    out = Affine.forward(self, x)
    self.c = self.c * 0.5
    return out


def into_one_buffer(self, x, training=False):
    Affine.forward(self, x)
    if not hasattr(self, "buffer") or self.buffer.dtype != x.dtype:
        self.buffer = np.empty_like(x)
    self.buffer[...] = self.g * x + self.c
    return self.buffer


def without_gradients(self, dz, input_gradient=True):
    return self.backward(dz) if input_gradient else self.gradients.fill(0)


HIDDEN = np.random.default_rng(3)

PLANTED = {
    "a forgotten factor": (broken(backward=grads(dg=0.5)), "the gradient of g failed: at entry (", "0.5)"),
    "a sign": (broken(backward=grads(dx=-1.0)), "dx failed: at entry ("),
    "nothing written": (
        broken(backward=lambda self, upstream: self.g * upstream),
        "the gradient of g failed",
        "of c failed",
    ),
    "a missing sum": (broken(backward=first_row_only), "the gradient of g failed: at entry ("),
    "a mean for a sum": (broken(backward=mean_for_sum), "the gradient of c failed: at entry ("),
    "one entry": (broken(backward=one_wrong_entry), "dx failed: at entry (1, 2)"),
    "an average upstream": (
        broken(backward=lambda self, upstream: Affine.backward(self, np.full_like(upstream, upstream.mean()))),
        "the gradient of c failed",
    ),
    "accumulated": (broken(backward=accumulating), "the gradient of g accumulates: a second backward should overwrite"),
    "a dead view": (broken(backward=dead_view), "g or dg is no view any more: write into it, as in self.dg[...] ="),
    "x": (broken(forward=changes_x), "forward or backward changed x"),
    "upstream": (broken(backward=changes_upstream), "backward changed its argument"),
    "parameters": (broken(forward=changes_parameters), "forward or backward changed parameters"),
    "one buffer": (broken(forward=into_one_buffer), "forward returns an array that its next call overwrites"),
    "float64": (
        broken(forward=lambda self, x, training=False: Affine.forward(self, x).astype(float)),
        "forward of (3, 4) float32 came back as (3, 4) float64, expected (3, 4) float32",
    ),
    "float64 and a factor": (
        broken(forward=lambda self, x, training=False: Affine.forward(self, x).astype(float), backward=grads(dx=0.5)),
        "forward of (3, 4) float32 came back as (3, 4) float64",
        "dx failed: at entry (",
    ),
    "no number": (broken(forward=lambda self, x, training=False: Affine.forward(self, x) * np.nan), "dx failed: at"),
    "float64 on the way back": (
        broken(backward=lambda self, upstream: Affine.backward(self, upstream).astype(float)),
        "backward after forward of (3, 4) float32 came back as (3, 4) float64",
    ),
    "another shape": (
        broken(forward=lambda self, x, training=False: Affine.forward(self, x).sum(axis=1)),
        "forward of (3, 4) float64 came back as (3,) float64, expected (3, 4) float64",
    ),
    "no way back": (
        broken(backward=lambda self, upstream: None),
        "backward after forward of (3, 4) float64 came back as () NoneType",
    ),
    "through_sum": (broken(through_sum=without_gradients), "the gradient of g is another one without input_gradient"),
    "randomness of its own": (
        broken(
            Noisy, forward=lambda self, x, training=False: x * HIDDEN.random(), backward=lambda self, upstream: upstream
        ),
        "forward says something else the second time: draw from self.rng only",
    ),
    "in training only": (
        broken(Noisy, backward=lambda self, upstream: upstream * 1),
        "in training, dx failed: at entry (",
    ),
    "in use only": (
        broken(Noisy, backward=lambda self, upstream: upstream * (self.seen if self.seen.ndim else 2)),
        "in use, dx failed: at entry (",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_named(name):
    layer, *messages = PLANTED[name]
    report = check_layer(layer, (4,))
    assert not report.passed and not report
    if any("failed" in problem for problem in report.problems):
        assert not report.error <= 1e-6
    for message in messages:
        assert message in repr(report)


def test_only_what_is_wrong_is_named():
    report = check_layer(broken(backward=grads(dc=2.0)), (4,))
    (problem,) = report.problems
    assert problem.startswith("the gradient of c failed: at entry (") and problem.endswith("(relative error 0.5)")
    assert report.error == pytest.approx(0.5, rel=1e-6)


def test_a_mistake_inside_a_composite_layer_is_named_with_its_place():
    inner = layers.Residual(layers.Dense(4), broken(backward=grads(dg=0.5)))
    report = check_layer(layers.Residual(inner, layers.Dense(4)), (4,))
    (problem,) = report.problems
    assert problem.startswith("the gradient of layers[0].layers[1].g failed: at entry (")


def test_an_input_of_whole_numbers_has_no_slope():
    class Lookup(layers.Layer):
        parameter_names = ("E",)

        def plan(self, input_shape):
            return {"E": ((5, 2), lambda shape, rng: rng.normal(size=shape))}, (*input_shape, 2)

        def forward(self, x, training=False):
            self.seen = x
            return self.E[x]

        def backward(self, upstream):
            self.dE[...] = 0
            np.add.at(self.dE, self.seen, upstream)
            return np.zeros(self.seen.shape, upstream.dtype)

    words = np.array([[0, 4, 4], [1, 0, 4]])
    report = check_layer(Lookup(), (3,), x=words)
    assert report.passed, report
    assigned = type("Assigned", (Lookup,), {"backward": lambda self, upstream: last_place_only(self, upstream)})()
    assert "the gradient of E failed: at entry (" in repr(check_layer(assigned, (3,), x=words))


def last_place_only(self, upstream):
    self.dE[...] = 0
    self.dE[self.seen] += upstream  # a word that stands twice is heard once
    return np.zeros(self.seen.shape, upstream.dtype)


@pytest.mark.parametrize("thing", [np.tanh, "dense", layers.Dense])
def test_only_layers_are_checked_as_layers(thing):
    with pytest.raises(TypeError, match="expected a layer, received"):
        check_layer(thing, (3,))


# Losses


class Quartic(nn.losses.Loss):
    def value(self, y, p):
        return np.mean((p - y) ** 4)

    def gradient(self, y, p):
        return 4 * (p - y) ** 3 / p.size


class Summed(Quartic):
    def value(self, y, p):
        return np.sum((p - y) ** 4)

    def gradient(self, y, p):
        return 4 * (p - y) ** 3


class Fused(nn.losses.BinaryCrossentropy):
    def gradient_in_sum(self, y, a):
        return a - y


def lossy(**methods):
    return type("Lossy", (Quartic,), methods)()


@pytest.mark.parametrize("loss", [*nn.losses.KNOWN, Quartic()], ids=str)
def test_a_loss_can_be_checked_without_data(loss):
    report = check_loss(loss)
    assert report.passed and report.error < 1e-7, report


def careless(self, y_true, y_pred):
    value, gradient = Quartic.value_and_gradient(self, y_true, y_pred)
    y_pred -= y_true
    return value, gradient


@pytest.mark.parametrize(
    ("loss", "problem"),
    [
        (lossy(gradient=lambda self, y, p: (p - y) ** 3 / p.size), "gradient failed: at entry ("),
        (lossy(gradient=lambda self, y, p: 4 * (p - y) ** 3), "gradient failed: at entry ("),
        (lossy(gradient=lambda self, y, p: Quartic.gradient(self, y, p).sum(axis=1)), "came back as (4,) float64"),
        (
            lossy(gradient=lambda self, y, p: Quartic.gradient(self, y, p).astype(float)),
            "(4, 3) float32 came back as",
        ),
        (lossy(value_and_gradient=careless), "value_and_gradient changed its arguments"),
        (lossy(__call__=lambda self, y, p: 0.0), "and from a call as 0.0"),
        (Summed(), "the same data twice have another loss: it should be a mean over the batch"),
        (Fused(), "gradient_in_sum failed: at entry ("),
    ],
)
def test_a_mistake_in_a_loss_is_put_into_words(loss, problem):
    report = check_loss(loss)
    assert not report.passed and problem in repr(report)


# Optimizers


def ruled(update, **more):
    return type("Ruled", (nn.optimizers.SGD,), {"update": update, **more})(0.1)


def nothing(self, p, g, rate, v):
    p = p - rate * g


def own_gradient(self, p, g, rate, v):
    g *= rate
    p -= g


def together(self, p, g, rate, v):
    p -= rate * g / np.abs(g).max()


def counting(self, p, g, rate, v):
    self.count = getattr(self, "count", 0) + 1
    p -= rate * g / self.count


def forgetting(self, p, g, rate, v):
    v = 0.9 * v + g
    p -= rate * v


@pytest.mark.parametrize(
    ("update", "problem"),
    [
        (nothing, "step moved nothing: parameters change in place"),
        (own_gradient, "step changed the gradients"),
        (together, "an entry's way depends on the others"),
        (counting, "a fresh copy remembers steps: let reset() forget them"),
        (forgetting, "v is read but never changes: write into it, as in v[...] = 0.9 * v + g"),
    ],
)
def test_a_mistake_in_an_optimizer_is_put_into_words(update, problem):
    report = check_optimizer(ruled(update))
    assert not report.passed and problem in repr(report)


def test_memory_that_is_emptied_at_times_is_no_mistake():
    def restarted(self, p, g, rate, v):
        v *= 0.9
        v += g
        p -= rate * v
        if self.steps % 5 == 0:
            v[...] = 0

    assert check_optimizer(ruled(restarted)).passed


def test_a_checked_optimizer_is_left_alone():
    rule, w = nn.optimizers.Adam(0.1), np.zeros(2)
    rule.step(w, np.ones(2))
    assert check_optimizer(rule).passed
    assert rule.steps == 1 and w.tolist() == pytest.approx([-0.1, -0.1])


def test_a_gradient_in_single_precision_is_not_judged():
    model = nn.Sequential([nn.layers.Dense(1, input_shape=(2,))], seed=0)
    model.compile("sgd", "mse")
    f = model.objective(np.ones((3, 2)), np.ones(3))
    with pytest.raises(ValueError, match=r"float32, too coarse.*dtype='float64'"):
        nn.gradcheck.check_gradient(f, model.parameters)
