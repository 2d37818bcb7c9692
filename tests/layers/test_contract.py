"""What every layer promises, shown for each that `nncourse.layers` names: an example of it stands in the table."""

import copy
import inspect
import pickle

import numpy as np
import pytest

from nncourse import layers, regularizers
from nncourse.gradcheck import check_gradient, check_layer
from nncourse.layers import Dense, Layer

WORDS = np.array([[0, 4, 4], [1, 0, 4], [2, 2, 2]])

# Name -> [(how to make one, shape of an example, a batch where random numbers do not do)]. Names that are still to
# come may stand here, too.
EXAMPLES = {
    "Activation": [
        (lambda: layers.Activation("tanh"), (4,), None),
        (lambda: layers.Activation("softmax"), (2, 3), None),
        (lambda: layers.Activation("linear"), (3,), None),
    ],
    "Conv2D": [
        (lambda: layers.Conv2D(2, 3, activation="tanh"), (5, 4, 2), None),
        (lambda: layers.Conv2D(3, 2, strides=2, padding="same", use_bias=False), (5, 5, 1), None),
        (lambda: layers.Conv2D(2, 2, kernel_regularizer="l1_l2"), (3, 3, 1), None),
    ],
    "Dense": [
        (lambda: Dense(3, "relu"), (4,), None),
        (lambda: Dense(3, "softmax", kernel_regularizer="l1_l2"), (4,), None),
        (lambda: Dense(2, "gelu", use_bias=False), (3, 4), None),
        (lambda: Dense(1), (1,), None),
    ],
    "Dropout": [(lambda: layers.Dropout(0.4), (4,), None), (lambda: layers.Dropout(0), (2, 3), None)],
    "Embedding": [(lambda: layers.Embedding(5, 2), (3,), WORDS)],
    "Flatten": [(lambda: layers.Flatten(), (2, 3, 2), None), (lambda: layers.Flatten(), (3,), None)],
    "GaussianNoise": [(lambda: layers.GaussianNoise(0.5), (4,), None)],
    "GlobalAveragePooling1D": [(lambda: layers.GlobalAveragePooling1D(), (3, 2), None)],
    "GlobalAveragePooling2D": [(lambda: layers.GlobalAveragePooling2D(), (3, 4, 2), None)],
    "Input": [(lambda: layers.Input((4,)), (4,), None)],
    "LayerNormalization": [(lambda: layers.LayerNormalization(), (5,), None)],
    "MaxPooling2D": [
        (lambda: layers.MaxPooling2D(2), (4, 6, 2), None),
        (lambda: layers.MaxPooling2D(3, strides=2), (5, 5, 1), None),
    ],
    "MultiHeadAttention": [
        (lambda: layers.MultiHeadAttention(2, 3), (4, 3), None),
        (lambda: layers.MultiHeadAttention(1, 2, use_causal_mask=True), (3, 2), None),
    ],
    "PositionEmbedding": [(lambda: layers.PositionEmbedding(4), (4, 2), None)],
    "RandomFlip": [(lambda: layers.RandomFlip("horizontal"), (3, 4, 2), None)],
    "RandomRotation": [(lambda: layers.RandomRotation(0.1), (5, 5, 1), None)],
    "Residual": [
        (lambda: layers.Residual(Dense(5, "tanh"), layers.Dropout(0.3), Dense(4)), (4,), None),
        (lambda: layers.Residual(layers.Residual(Dense(3, kernel_regularizer="l2"))), (3,), None),
    ],
    "SimpleRNN": [
        (lambda: layers.SimpleRNN(3), (4, 2), None),
        (lambda: layers.SimpleRNN(2, return_sequences=True), (3, 2), None),
        (lambda: layers.SimpleRNN(2, kernel_regularizer="l1", recurrent_regularizer="l2"), (3, 2), None),
    ],
}

KINDS = [name for name in layers.__all__ if inspect.isclass(getattr(layers, name)) and name != "Layer"]
CASES = [pytest.param(*case, id=f"{name}{i or ''}") for name in KINDS for i, case in enumerate(EXAMPLES.get(name, []))]
every_layer = pytest.mark.parametrize(("make", "input_shape", "batch"), CASES)

# Layers whose backward needs to know nothing of forward.
KNOWS_THE_WAY = (
    "Flatten",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "Input",
    "PositionEmbedding",
)


def built(make, input_shape, dtype="float64", seed=0):
    """A layer whose parameters are all off their starting values."""
    layer = make().build(input_shape, rng=seed, dtype=dtype)
    layer.parameters += 0.3 * np.random.default_rng(seed + 1).normal(size=layer.parameters.shape).astype(dtype)
    return layer


def examples(input_shape, batch, dtype="float64", n=3, seed=2):
    if batch is not None:
        return batch
    return np.random.default_rng(seed).normal(size=(n, *input_shape)).astype(dtype)


def named(layer, within=""):
    """Every (layer, name of a parameter), also inside composite layers."""
    yield from ((layer, name) for name in layer.shapes)
    for inner in getattr(layer, "layers", ()):
        yield from named(inner)


@pytest.mark.parametrize("name", KINDS)
def test_every_layer_has_an_example_here(name):
    assert issubclass(getattr(layers, name), Layer)
    assert EXAMPLES.get(name), f"add an example of {name} to the table"


@every_layer
def test_every_layer_keeps_its_contract(make, input_shape, batch):
    for seed in range(2):
        report = check_layer(make(), input_shape, x=batch, seed=seed, tolerance=1e-7)
        assert report.passed and report.error < 1e-7, report


@every_layer
def test_in_use_no_example_has_a_say_in_another(make, input_shape, batch):
    layer, x = built(make, input_shape), examples(input_shape, batch)
    alone = np.concatenate([layer.forward(x[i : i + 1]) for i in range(len(x))])
    # 1e-12: a product of matrices may add up in another order when there are more rows
    np.testing.assert_allclose(alone, layer.forward(x), rtol=1e-12, atol=1e-12)


@every_layer
def test_float32_says_what_float64_says(make, input_shape, batch):
    x = examples(input_shape, batch)
    exact = built(make, input_shape).forward(x)
    short = built(make, input_shape, "float32").forward(examples(input_shape, batch, "float32"))
    assert short.dtype == np.float32
    np.testing.assert_allclose(short, exact, atol=1e-5 * max(1, np.abs(exact).max()))


@every_layer
def test_the_same_seed_makes_the_same_layer(make, input_shape, batch):
    one, same, other = (make().build(input_shape, rng=seed).parameters for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert one.size == sum(getattr(layer, name).size for layer, name in named(make().build(input_shape)))
    # what starts at zeros and ones draws nothing
    assert not one.size or not np.array_equal(one, other) or np.isin(one, [0, 1]).all()


@every_layer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_parameters_and_gradients_are_views_into_the_flat_vectors(make, input_shape, batch, dtype):
    layer = built(make, input_shape, dtype)
    assert layer.parameters.dtype == layer.gradients.dtype == dtype
    assert layer.parameters.shape == layer.gradients.shape
    layer.parameters[...] = 0
    for inner, name in named(layer):
        setattr(inner, name, np.full(inner.shapes[name], 2.0))
        gradient = getattr(inner, f"d{name}")
        gradient[...] = 3.0
        with pytest.raises(ValueError, match=rf"{name} has shape .*, received \(7, 7, 7\)"):
            setattr(inner, name, np.zeros((7, 7, 7)))
    assert (layer.parameters == 2).all() and (layer.gradients == 3).all()


@every_layer
@pytest.mark.parametrize(
    "twin", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))], ids=["copy", "pickle"]
)
def test_a_twin_says_the_same_and_has_vectors_of_its_own(make, input_shape, batch, twin):
    layer, x = built(make, input_shape), examples(input_shape, batch)
    layer.forward(x)
    other = twin(layer)
    np.testing.assert_array_equal(other.forward(x, True), layer.forward(x, True))
    for inner, name in named(other):
        assert np.shares_memory(getattr(inner, name), other.parameters)
        assert np.shares_memory(getattr(inner, f"d{name}"), other.gradients)
    before = layer.parameters.copy()
    other.parameters += 1.0
    np.testing.assert_array_equal(layer.parameters, before)
    assert repr(other) == repr(layer)


@every_layer
def test_a_layer_can_move_into_the_vector_of_a_model(make, input_shape, batch):
    layer, x = built(make, input_shape), examples(input_shape, batch)
    out, size = layer.forward(x), layer.parameters.size
    parameters, gradients = np.zeros(size + 4), np.zeros(size + 4)
    layer.move(parameters[2:-2], gradients[2:-2])
    np.testing.assert_array_equal(layer.forward(x), out)
    layer.backward(np.ones_like(out))
    np.testing.assert_array_equal(parameters[2:-2], layer.parameters)
    np.testing.assert_array_equal(gradients[2:-2], layer.gradients)
    for inner, name in named(layer):
        assert np.shares_memory(getattr(inner, name), parameters)


@every_layer
def test_a_penalty_and_its_slope_agree_with_central_differences(make, input_shape, batch):
    layer = built(make, input_shape)
    layer.gradients[...] = 0
    price = layer.penalty()
    assert bool(price) == bool(layer.penalized)
    slope, kept = layer.gradients.copy(), layer.parameters.copy()
    if not layer.penalized:
        assert not slope.any()
        return

    def value_and_gradient(vector):
        layer.parameters[...] = vector
        return layer.penalty(), slope

    report = check_gradient(value_and_gradient, kept, tolerance=1e-7)
    assert report.passed and report.error < 1e-7, report
    layer.parameters[...], layer.gradients[...] = kept, 1.0
    layer.penalty()
    np.testing.assert_allclose(layer.gradients, 1 + slope, rtol=1e-14)  # it comes on top of the loss's


# The door


@every_layer
def test_a_layer_that_is_not_built_says_how(make, input_shape, batch):
    layer = make()
    with pytest.raises(RuntimeError, match=r"does not know its shapes yet\. Call build\(input_shape\) first"):
        layer.forward(examples(input_shape, batch))
    for name in ("parameters", "gradients"):
        with pytest.raises(RuntimeError, match=r"has no parameters yet\. Call build\(input_shape\) first"):
            getattr(layer, name)
    for name in layer.parameter_names:
        assert repr(getattr(layer, name)) == f"<{name}: none yet, call build(input_shape) first>"
        with pytest.raises(AttributeError, match=rf"has no {name} yet\. Call build\(input_shape\) first"):
            setattr(layer, name, 1.0)
        with pytest.raises(TypeError):
            getattr(layer, name) + 1.0


@every_layer
def test_there_is_no_way_back_before_there_was_a_way(make, input_shape, batch):
    layer = make().build(input_shape)
    if type(layer).__name__ in KNOWS_THE_WAY:
        return
    with pytest.raises(RuntimeError, match=r"has seen nothing to go back from\. Call forward\(x\) first"):
        layer.backward(np.ones((3, *layer.output_shape)))


@every_layer
def test_a_batch_of_another_shape_is_refused(make, input_shape, batch):
    layer, x = make().build(input_shape), examples(input_shape, batch)
    wanted = ", ".join(map(str, input_shape))
    for wrong in (x[..., None], x[0], x.repeat(2, axis=-1)):
        if wrong.shape[1:] == input_shape:
            continue
        with pytest.raises(ValueError, match=rf"expects a batch of shape \(n, {wanted}\), received .*x\[None\]"):
            layer.forward(wrong)
    with pytest.raises(TypeError, match="expects an array, received list"):
        layer.forward(x.tolist())


@every_layer
def test_numbers_that_the_layer_cannot_hold_are_refused(make, input_shape, batch):
    layer = make().build(input_shape, dtype="float32")
    x = examples(input_shape, batch)
    for wrong in (np.ones(x.shape), x.astype(str)):
        with pytest.raises(TypeError, match=r"computes in float32, received .*\. Try x\.astype\('float32'\)"):
            layer.backward(layer.forward(wrong))  # Dense, which is in a hurry, notices on the way back


@every_layer
@pytest.mark.parametrize("shape", [4, (), None, (0,), (2.5,), ("4",), (None, 3)])
def test_a_shape_that_is_none_is_refused(make, input_shape, batch, shape):
    with pytest.raises(ValueError, match="input_shape must be a"):
        make().build(shape)


@every_layer
def test_repr_is_how_one_would_write_it(make, input_shape, batch):
    layer = make()
    assert repr(layer).startswith(f"{type(layer).__name__}(") and " at 0x" not in repr(layer)
    again = eval(repr(layer), {**vars(layers), **vars(regularizers)})
    assert repr(again) == repr(layer)
    assert repr(layer.build(input_shape)) == repr(again)
