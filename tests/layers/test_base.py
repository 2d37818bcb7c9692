import numpy as np
import pytest

import nncourse as nn
from nncourse.layers import Activation, Dense, Flatten, Input, Layer


class Scale(Layer):
    """g * x, with nothing but what a layer must have."""

    parameter_names = ("g",)

    def __init__(self, start=1.0):
        self.start = start  # a learner may forget super().__init__()

    def plan(self, input_shape):
        return {"g": (input_shape, nn.initializers.Constant(self.start))}, input_shape

    def forward(self, x, training=False):
        self.seen = x
        return self.g * x

    def backward(self, upstream):
        self.dg = (self.seen * upstream).sum(axis=0)
        return self.g * upstream


def test_a_layer_of_ones_own_serves_in_a_model():
    model = nn.Sequential([Dense(4, "tanh"), Scale(2.0), Dense(1)], dtype="float64", seed=0)
    model.build((3,))
    model.compile("sgd", "mse")
    x, y = np.random.default_rng(0).normal(size=(5, 3)), np.zeros((5, 1))
    assert (model.layers[1].g == 2).all() and repr(model.layers[1]) == "Scale(start=2.0)"
    assert nn.gradcheck.check_gradient(model.objective(x, y), model.parameters).passed
    before = model.evaluate(x, y, verbose=0)
    model.fit(x, y, epochs=20, verbose=0)
    assert model.evaluate(x, y, verbose=0) < before and not (model.layers[1].g == 2).any()


def test_a_layer_of_ones_own_names_the_prices_on_its_parameters():
    class Priced(Scale):
        price = nn.regularizers.l2(0.1)

        def regularizers(self):
            return {"g": self.price}

    model = nn.Sequential([Dense(4, "tanh"), Priced(2.0), Dense(1, kernel_regularizer="l1")], dtype="float64", seed=0)
    model.build((3,))
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(5, 3))
    y = model.predict(x)  # no error is left: what remains are the penalties
    last = model.layers[2].W
    assert model.evaluate(x, y) == pytest.approx(0.1 * (4 * 2.0**2) + 0.01 * np.abs(last).sum(), rel=1e-14)
    assert nn.gradcheck.check_gradient(model.objective(x, y), model.parameters).passed
    assert [layer.penalized for layer in model.layers] == [False, True, True]
    model.layers[1].price = None  # what is taken back is not paid
    assert not model.layers[1].penalized and model.layers[1].penalty() == 0.0


def test_an_unfinished_layer_says_what_it_lacks():
    class Unfinished(Layer):
        pass

    layer = Unfinished().build((3,))
    with pytest.raises(NotImplementedError, match=r"Unfinished defines no forward\(x, training\)"):
        layer.forward(np.ones((2, 3)))
    with pytest.raises(NotImplementedError, match=r"Unfinished defines no backward\(upstream\)"):
        layer.backward(np.ones((2, 3)))


def test_flatten_puts_an_image_in_a_row_and_back():
    layer, x = Flatten().build((2, 3)), np.arange(24.0).reshape(4, 2, 3)
    out = layer.forward(x)
    assert layer.output_shape == (6,) and out[1].tolist() == [6, 7, 8, 9, 10, 11]
    np.testing.assert_array_equal(layer.backward(out), x)
    assert layer.forward(np.zeros((0, 2, 3))).shape == (0, 6)


@pytest.mark.parametrize("name", list(nn.activations.KNOWN))
def test_an_activation_of_its_own_says_what_the_function_says(name):
    function, layer = nn.activations.get(name), Activation(name).build((4,))
    x, upstream = np.random.default_rng(1).normal(size=(2, 5, 4))
    kept = x.copy()
    np.testing.assert_allclose(layer.forward(x), function(x), atol=1e-15)
    np.testing.assert_allclose(layer.backward(upstream), function.gradient(x, upstream), atol=1e-14)
    np.testing.assert_array_equal(x, kept)
    assert layer.forward(np.array([[1, 2, 3, 4]])).dtype == np.float64


def test_a_dense_layer_with_an_activation_is_two_layers():
    one = nn.Sequential([Dense(3, "gelu")], dtype="float64", seed=0)
    two = nn.Sequential([Dense(3), Activation("gelu")], dtype="float64", seed=0)
    x, upstream = np.random.default_rng(1).normal(size=(5, 4)), np.random.default_rng(2).normal(size=(5, 3))
    for model in (one, two):
        model.build((4,))
    np.testing.assert_array_equal(one.forward(x), two.forward(x))
    np.testing.assert_array_equal(one.backward(upstream), two.backward(upstream))
    np.testing.assert_array_equal(one.gradients, two.gradients)


def test_input_says_the_shape_first():
    model = nn.Sequential([Input((3,)), Dense(2)])
    assert model.built and model.input_shape == (3,) and repr(model.layers[0]) == "Input((3,))"
    with pytest.raises(ValueError, match=r"input_shape must be a tuple.* received 3. Try \(3,\)"):
        Input(3)


def test_a_parameter_that_is_planned_but_not_named_is_told():
    class Scale(Layer):
        def plan(self, input_shape):
            return {"g": (input_shape, "ones")}, input_shape

    with pytest.raises(TypeError, match=r"does not name. Try parameter_names = \('g',\)"):
        Scale().build((3,))


def test_an_initializer_may_be_named():
    class Scale(Layer):
        parameter_names = ("g",)

        def plan(self, input_shape):
            return {"g": (input_shape, "ones")}, input_shape

    assert Scale().build((3,)).g.tolist() == [1, 1, 1]
