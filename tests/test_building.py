"""Layers come into a model whole, or not at all, and keep what they have learned."""

import copy

import numpy as np
import pytest

import nncourse as nn
from nncourse.layers import Conv2D, Dense, Dropout, Input, Residual

X = np.random.default_rng(0).normal(size=(8, 3))


def trained():
    model = nn.Sequential([Input((3,)), Dense(4, "relu"), Residual(Dense(4), Dropout(0.1)), Dense(1)], seed=0)
    model.compile("adam", "mse")
    model.fit(X, X.sum(axis=1), epochs=2, batch_size=4, verbose=0)
    return model


def test_a_refused_layer_leaves_the_model_as_it_was():
    model = nn.Sequential([Input((3,)), Dense(4, "relu")])
    untouched = nn.Sequential([Input((3,)), Dense(4, "relu")])
    untouched.rng.bit_generator.state = model.rng.bit_generator.state
    for refused in (Conv2D(3, 3), Residual(Dense(5))):
        with pytest.raises(ValueError, match="received"):
            model.add(refused)
        assert not refused.owned and len(model.layers) == 2
    model.add(Dense(1))
    untouched.add(Dense(1))
    np.testing.assert_array_equal(model.layers[2].W, untouched.layers[2].W)  # nothing was drawn
    assert model.predict(X).shape == (8, 1)


def test_layers_of_a_model_that_was_never_made_are_free():
    layers = [Input((3,)), Dense(4)]
    with pytest.raises(ValueError, match="images of shape"):
        nn.Sequential([*layers, Conv2D(2, 3)])
    assert nn.Sequential(layers).output_shape == (4,)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_copied_layer_brings_its_weights_along(dtype):
    old = trained()
    body = copy.deepcopy(old.layers[1:3])
    new = nn.Sequential([Input((3,)), *body, Dense(2)], dtype=dtype, seed=5)
    np.testing.assert_array_equal(new.layers[1].W, old.layers[1].W)
    np.testing.assert_array_equal(new.layers[2].layers[0].W, old.layers[2].layers[0].W)
    assert new.parameters.dtype == dtype and np.shares_memory(new.layers[2].layers[0].W, new.parameters)
    before = old.parameters.copy()
    new.parameters += 1
    np.testing.assert_array_equal(old.parameters, before)


def test_a_layer_with_weights_for_other_inputs_is_refused():
    copied = copy.deepcopy(trained().layers[1])
    with pytest.raises(ValueError, match=r"was built for inputs of shape \(3,\), but receives \(5,\)"):
        nn.Sequential([Input((5,)), copied])
    assert nn.Sequential([Input((3,)), copied]).output_shape == (4,)


def test_a_build_that_failed_leaves_nothing_behind():
    layers = [Dense(4), Conv2D(2, 3)]
    model = nn.Sequential(layers)
    with pytest.raises(ValueError, match="images of shape"):
        model.build((3,))
    assert not model.built and not layers[0].built
    layers = [Input((3,)), Dense(4)]
    with pytest.raises(ValueError, match="images of shape"):
        nn.Sequential([*layers, Conv2D(2, 3)], seed=9)
    fresh = nn.Sequential([Input((3,)), Dense(4)], seed=0)
    np.testing.assert_array_equal(nn.Sequential(layers, seed=0).parameters, fresh.parameters)


def test_building_a_model_again_keeps_what_it_has_learned():
    model = trained()
    before = model.parameters.copy()
    model.build((3,))
    np.testing.assert_array_equal(model.parameters, before)
    with pytest.raises(ValueError, match=r"was given input_shape=\(3,\), but receives \(5,\)"):
        model.build((5,))


def test_a_layer_built_again_in_its_model_starts_anew_and_still_serves():
    model = trained()
    before, memory = model.parameters.copy(), model.parameters
    for layer in model.layers:
        layer.build(layer.input_shape, rng=9)
    assert model.parameters is memory and np.shares_memory(model.layers[2].layers[0].W, memory)
    assert (before[:12].reshape(3, 4) != model.layers[1].W).all()
    after = model.parameters.copy()
    model.fit(X, X.sum(axis=1), epochs=1, verbose=0)
    assert (model.parameters != after).any()
    with pytest.raises(ValueError, match=r"serves in a model for inputs of shape \(3,\)"):
        model.layers[1].build((7,))
    np.testing.assert_array_equal(model.layers[1].input_shape, (3,))


def test_all_that_is_random_in_a_copied_layer_follows_the_new_model():
    body = copy.deepcopy(trained().layers[1:3])
    new = nn.Sequential([Input((3,)), *body, Dense(1)], seed=7)
    new.compile("sgd", "mse")
    f = new.objective(X, X[:, 0], training=True)
    assert f(new.parameters)[0] == f(new.parameters)[0]
    new.layers[2].build((4,))
    assert f(new.parameters)[0] == f(new.parameters)[0]


def test_a_layer_with_weights_keeps_them_inside_a_residual():
    layer = Dense(3).build((3,), rng=1)
    weights = layer.W.copy()
    around = nn.Sequential([Input((3,)), Residual(layer)], dtype="float64")
    np.testing.assert_array_equal(around.layers[1].layers[0].W, weights)
    assert np.shares_memory(layer.W, around.parameters)


def test_a_residual_refuses_a_layer_with_weights_for_other_inputs():
    layer = Dense(3).build((3,), rng=1)
    weights = layer.W.copy()
    with pytest.raises(ValueError, match=r"was built for inputs of shape \(3,\), but receives \(5,\)"):
        Residual(Dense(5), layer).build((5,))
    np.testing.assert_array_equal(layer.W, weights)


def test_a_failed_build_of_a_nest_can_be_tried_again():
    nest = Residual(Residual(Dense(3)), Dense(3))
    with pytest.raises(ValueError, match="must keep the shape"):
        nest.build((5,))
    assert nn.Sequential([Input((3,)), nest]).output_shape == (3,)


def test_a_build_that_fails_leaves_a_layer_unbuilt():
    around = Residual(Dense(3)).build((3,))
    with pytest.raises(ValueError, match="must keep the shape"):
        around.build((5,))
    assert not around.built
    assert nn.Sequential([Input((3,)), around]).output_shape == (3,)
    place = nn.layers.PositionEmbedding(4).build((4, 2))
    with pytest.raises(ValueError, match="4"):
        place.build((9, 2))
    assert not place.built


def test_a_layer_in_a_model_cannot_grow():
    model = trained()
    model.layers[1].units = 7
    with pytest.raises(ValueError, match="serves in a model with parameters of shapes"):
        model.layers[1].build((3,))
    copy.deepcopy(model).predict(X)
    with pytest.raises(ValueError, match="input_shape must be a tuple"):
        model.layers[1].build(3)
    with pytest.raises(ValueError, match=r"input_shape must be a tuple.* received 3\. Try \(3,\)"):
        model.build(3)


def test_a_residual_is_built_anew_in_another_dtype():
    layer = Residual(Dense(3))
    assert layer.build((3,), dtype="float64").layers[0].W.dtype == "float64"
    assert layer.build((3,), dtype="float32").layers[0].W.dtype == "float32"


def test_rows_that_do_not_fit_build_no_model():
    model = nn.Sequential([Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="x has 3 examples, y 8"):
        model.fit(X.T, X[:, 0], verbose=0)
    assert not model.built
    model.fit(X, X[:, 0], verbose=0)
