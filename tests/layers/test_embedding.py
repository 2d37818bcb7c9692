import warnings

import numpy as np
import pytest

import nncourse as nn
from nncourse.gradcheck import check_layer
from nncourse.layers import Dense, Embedding, Flatten, GlobalAveragePooling1D

from .oracles import assert_same, built, random_upstream

any_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


def words(*shape, input_dim=5, dtype="float64", seed=3):
    return np.random.default_rng(seed).integers(0, input_dim, shape).astype(dtype)


@any_dtype
def test_agrees_with_pytorch(torch, dtype):
    layer = built(Embedding(7, 4), (6,), dtype)
    x = words(5, 6, input_dim=7, dtype=dtype)
    out = layer.forward(x)
    upstream = random_upstream(out)
    layer.backward(upstream)
    theirs = torch.nn.Embedding(7, 4, dtype=getattr(torch, dtype))
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(layer.E))
    answer = theirs(torch.tensor(x.astype("int64")))
    answer.backward(torch.tensor(upstream))
    assert_same(out, answer.detach().numpy(), dtype)
    assert_same(layer.dE, theirs.weight.grad.numpy(), dtype)


@pytest.mark.parametrize("shape", [(6,), (2, 3)])
def test_keeps_the_contract_of_a_layer(shape):
    report = check_layer(Embedding(5, 3), shape, x=words(4, *shape, dtype=int), tolerance=1e-7)
    assert report.passed, report


def test_is_a_product_with_one_hot_rows():
    layer = built(Embedding(5, 3), (6,))
    dense = Dense(3, use_bias=False).build((6, 5))
    dense.W = layer.E
    x = words(4, 6)
    one_hot = np.eye(5)[x.astype(int)]
    out = layer.forward(x)
    np.testing.assert_array_equal(out, dense.forward(one_hot))
    upstream = random_upstream(out)
    layer.backward(upstream)
    dense.backward(upstream)
    np.testing.assert_allclose(layer.dE, dense.dW, rtol=0, atol=1e-14)


def test_a_word_hears_from_all_places_where_it_stood_and_from_no_other():
    layer = Embedding(4, 2).build((3,))
    layer.forward(np.array([[1.0, 3.0, 1.0]]))
    layer.backward(np.array([[[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]]]))
    assert layer.dE.tolist() == [[0, 0], [5, 50], [0, 0], [2, 20]]


def test_there_is_no_slope_in_the_number_of_a_word():
    layer = built(Embedding(5, 3), (6,))
    out = layer.forward(words(4, 6))
    assert not layer.backward(random_upstream(out)).any()


def test_looking_up_gives_a_copy_of_the_table():
    layer = built(Embedding(5, 3), (1,))
    before = layer.E.copy()
    layer.forward(np.array([[2.0]]))[...] = 0
    np.testing.assert_array_equal(layer.E, before)


def test_whole_numbers_of_any_type_are_words():
    layer = built(Embedding(5, 3), (6,))
    x = words(4, 6)
    for dtype in ("int64", "uint8", "float32"):
        np.testing.assert_array_equal(layer.forward(x.astype(dtype)), layer.forward(x))
    assert layer.forward(x[:0]).shape == (0, 6, 3)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (5, r"Embedding\(5, 3\) expects whole numbers from 0 to 4, received 5 at index \(1, 2\)\. .* one larger\.$"),
        (7, r"received 7 at index \(1, 2\)\.$"),
        (-1, r"received -1 at index \(1, 2\)\.$"),
        (0.5, r"received 0.5 at index \(1, 2\)\.$"),
        (np.nan, r"received nan at index \(1, 2\)\.$"),
        (np.inf, r"received inf at index \(1, 2\)\.$"),
    ],
)
def test_says_which_entry_is_no_word(entry, message):
    x = words(4, 6)
    x[1, 2] = entry
    layer = Embedding(5, 3).build((6,))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=message):
            layer.forward(x)


@pytest.mark.parametrize("sizes", [(0, 3), (5, 0), (5.0, 3), (5, True)])
def test_refuses_a_bad_setting(sizes):
    with pytest.raises(ValueError, match="must be a whole number from 1 on"):
        Embedding(*sizes)


def test_prints_as_it_was_written():
    assert repr(Embedding(5, 3)) == "Embedding(5, 3)"


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_learns_which_words_are_kind(seed):
    """A sentence is kind if most of its words are; the vectors learn on which side each word stands."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 20, (1000, 7))
    y = (x < 10).mean(axis=1) > 0.5
    model = nn.Sequential(
        [Embedding(20, 4, input_shape=(7,)), GlobalAveragePooling1D(), Dense(1, "sigmoid")], seed=seed
    )
    model.compile(nn.optimizers.Adam(0.03), "binary_crossentropy")
    model.fit(x[:800], y[:800], epochs=20, verbose=0)
    assert ((model.predict(x[800:])[:, 0] > 0.5) == y[800:]).mean() > 0.97
    side = model.layers[0].E @ model.layers[2].W[:, 0]
    assert side[:10].min() > side[10:].max()


def test_a_model_that_does_not_begin_with_it_still_trains():
    model = nn.Sequential([Flatten(input_shape=(2, 3)), Embedding(5, 3), Flatten(), Dense(1)], seed=0)
    model.compile(loss="mse")
    x = words(8, 2, 3)
    model.fit(x, x.sum(axis=(1, 2)), epochs=2, verbose=0)
    assert np.isfinite(model.parameters).all()
