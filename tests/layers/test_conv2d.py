import copy
import pickle

import numpy as np
import pytest

import nncourse as nn
from nncourse.gradcheck import check_gradient, check_layer
from nncourse.layers import Conv2D, Dense, Flatten, MaxPooling2D

from .oracles import assert_same, built, random_upstream

any_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])

# (settings, shape of an image): several channels, images and windows that are not square, steps, frames.
CASES = {
    "one channel": ({"filters": 4, "kernel_size": 3}, (8, 8, 1)),
    "colours, not square": ({"filters": 3, "kernel_size": (2, 4)}, (7, 9, 3)),
    "steps": ({"filters": 2, "kernel_size": 3, "strides": 2}, (8, 11, 2)),
    "steps apart": ({"filters": 2, "kernel_size": 2, "strides": (3, 1)}, (9, 5, 2)),
    "a frame": ({"filters": 3, "kernel_size": 3, "padding": "same"}, (5, 6, 2)),
    "an uneven frame": ({"filters": 3, "kernel_size": (4, 2), "padding": "same"}, (6, 5, 2)),
    "a frame and steps": ({"filters": 2, "kernel_size": (3, 5), "strides": (2, 3), "padding": "same"}, (8, 10, 3)),
    "a frame that is not needed": ({"filters": 2, "kernel_size": 1, "strides": 3, "padding": "same"}, (7, 8, 2)),
    "no bias": ({"filters": 2, "kernel_size": 3, "use_bias": False}, (5, 5, 2)),
    "the whole image": ({"filters": 5, "kernel_size": (4, 3)}, (4, 3, 2)),
}
every_case = pytest.mark.parametrize(("settings", "shape"), CASES.values(), ids=CASES)


def images(shape, n=4, dtype="float64", seed=3):
    return np.random.default_rng(seed).normal(size=(n, *shape)).astype(dtype)


def frame(side, size, step):
    """How many zeros "same" puts before and after: as few as let the windows begin at 0, step, 2 step, ..."""
    needed = max((int(np.ceil(side / step)) - 1) * step + size - side, 0)
    return needed // 2, needed - needed // 2


# Against the definition, PyTorch and measured slopes


@every_case
def test_every_entry_is_the_sum_of_a_window_times_the_weights(settings, shape):
    layer, x = built(Conv2D(**settings), shape), images(shape, n=2)
    (kh, kw), (down, across) = layer.kernel_size, layer.strides
    if layer.padding == "same":
        x_framed = np.pad(x, ((0, 0), frame(shape[0], kh, down), frame(shape[1], kw, across), (0, 0)))
    else:
        x_framed = x
    out = layer.forward(x)
    b = layer.b if layer.use_bias else np.zeros(layer.filters)
    for n, row, column, f in np.ndindex(out.shape):
        window = x_framed[n, row * down : row * down + kh, column * across : column * across + kw]
        assert out[n, row, column, f] == pytest.approx(np.sum(window * layer.W[..., f]) + b[f], abs=1e-12)


@every_case
@any_dtype
@pytest.mark.parametrize("activation", ["relu", "tanh", None])
def test_agrees_with_pytorch(torch, settings, shape, dtype, activation):
    layer = built(Conv2D(**settings, activation=activation), shape, dtype)
    x = images(shape, dtype=dtype)
    out = layer.forward(x)
    upstream = random_upstream(out)
    dx = layer.backward(upstream)

    theirs = {name: torch.tensor(getattr(layer, name), requires_grad=True) for name in layer.shapes}
    their_x = torch.tensor(x, requires_grad=True)
    framed = their_x.permute(0, 3, 1, 2)
    if layer.padding == "same":
        top, bottom = frame(shape[0], layer.kernel_size[0], layer.strides[0])
        left, right = frame(shape[1], layer.kernel_size[1], layer.strides[1])
        framed = torch.nn.functional.pad(framed, (left, right, top, bottom))
    z = torch.nn.functional.conv2d(framed, theirs["W"].permute(3, 2, 0, 1), theirs.get("b"), layer.strides)
    answer = {"relu": torch.relu, "tanh": torch.tanh, None: lambda z: z}[activation](z).permute(0, 2, 3, 1)
    answer.backward(torch.tensor(upstream))
    assert_same(out, answer.detach().numpy(), dtype)
    assert_same(dx, their_x.grad.numpy(), dtype)
    for name, parameter in theirs.items():
        assert_same(getattr(layer, f"d{name}"), parameter.grad.numpy(), dtype)


@every_case
def test_keeps_the_contract_of_a_layer(settings, shape):
    report = check_layer(Conv2D(**settings, activation="tanh"), shape, tolerance=1e-7)
    assert report.passed, report


def test_a_penalty_on_W_adds_its_slope_and_leaves_b_alone():
    layer, x = built(Conv2D(2, 2, kernel_regularizer=nn.regularizers.l2(0.3)), (4, 4, 1)), images((4, 4, 1))
    upstream = random_upstream(layer.forward(x))

    def loss(parameters):
        layer.parameters[...] = parameters
        value = float(np.vdot(upstream, layer.forward(x)))
        layer.backward(upstream)
        return value + layer.penalty(), layer.gradients

    report = check_gradient(loss, layer.parameters.copy(), tolerance=1e-7)
    assert report.passed, report
    db = layer.db.copy()
    layer.penalty()
    np.testing.assert_array_equal(layer.db, db)


# What a convolution is


def test_a_case_worked_by_hand():
    layer = Conv2D(1, 2).build((3, 3, 1))
    layer.W, layer.b = np.reshape([1.0, 2.0, 3.0, 4.0], (2, 2, 1, 1)), [100.0]
    x = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
    out = layer.forward(x)
    assert out[0, :, :, 0].tolist() == [[137, 147], [167, 177]]  # 1 * 1 + 2 * 2 + 3 * 4 + 4 * 5 + 100 = 137, ...
    dx = layer.backward(np.reshape([1.0, 0.0, 0.0, 2.0], (1, 2, 2, 1)))
    # The first window, 1 2 4 5, speaks once, and the last, 5 6 8 9, twice.
    assert layer.dW[:, :, 0, 0].tolist() == [[11, 14], [20, 23]]
    assert layer.db.tolist() == [3]
    assert dx[0, :, :, 0].tolist() == [[1, 2, 0], [3, 6, 4], [0, 6, 8]]  # in the middle 4 * 1 + 1 * 2


@every_case
def test_a_convolution_is_one_large_matrix_with_few_weights(settings, shape):
    """Its matrix, found image by image of one lit pixel, gives every output, and its transpose the way back."""
    layer, d = built(Conv2D(**settings), shape), int(np.prod(shape))
    nothing = layer.forward(np.zeros((1, *shape)))
    matrix = (layer.forward(np.eye(d).reshape(d, *shape)) - nothing).reshape(d, -1)
    x = images(shape)
    out = layer.forward(x)
    np.testing.assert_allclose(out.reshape(4, -1), x.reshape(4, -1) @ matrix + nothing.ravel(), atol=1e-12)
    upstream = random_upstream(out)
    back = layer.backward(upstream).reshape(4, -1)
    np.testing.assert_allclose(back, upstream.reshape(4, -1) @ matrix.T, atol=1e-12)
    # 1e-12: what is left of an entry of size 1 when the bias is taken away again
    used = np.unique(np.round(matrix[np.abs(matrix) > 1e-12], 10))
    assert len(used) <= layer.W.size


@pytest.mark.parametrize(("kernel_size", "shape"), [((4, 3), (4, 3, 2)), (1, (5, 4, 3))])
def test_the_largest_and_the_smallest_window_are_a_dense_layer(kernel_size, shape):
    """A window as large as the image is a Dense layer on all pixels; one of a pixel, on its channels."""
    layer, x = built(Conv2D(6, kernel_size), shape), images(shape)
    rows = x.reshape(4, -1) if kernel_size != 1 else x
    dense = Dense(6).build(rows.shape[1:])
    dense.W, dense.b = layer.W.reshape(-1, 6), layer.b
    out = layer.forward(x)
    np.testing.assert_allclose(out, dense.forward(rows).reshape(out.shape), atol=1e-12)
    upstream = random_upstream(out)
    dx = layer.backward(upstream)
    np.testing.assert_allclose(dx, dense.backward(upstream.reshape(*rows.shape[:-1], 6)).reshape(dx.shape), atol=1e-12)
    np.testing.assert_allclose(layer.gradients, dense.gradients, atol=1e-12)


def test_what_moves_in_the_image_moves_in_the_output():
    layer, x = built(Conv2D(3, (3, 2), activation="relu"), (12, 11, 2)), images((12, 11, 2))
    out, moved = layer.forward(x), layer.forward(np.roll(x, (2, 1), axis=(1, 2)))
    np.testing.assert_allclose(moved[:, 2:, 1:], out[:, :-2, :-1], atol=1e-12)


def test_a_filter_finds_its_pattern_where_it_lies():
    """The inner product with a pattern is largest where the pattern lies (Cauchy and Schwarz)."""
    rng = np.random.default_rng(5)
    pattern = rng.normal(size=(3, 3, 1))
    image = 0.1 * rng.normal(size=(1, 10, 10, 1))
    image[0, 4:7, 2:5] += pattern
    layer = Conv2D(1, 3, use_bias=False).build((10, 10, 1))
    layer.W = pattern[..., None]
    assert np.unravel_index(layer.forward(image)[0, :, :, 0].argmax(), (8, 8)) == (4, 2)


@pytest.mark.parametrize(
    ("settings", "shape", "output"),
    [
        ({"kernel_size": 3}, (28, 28, 1), (26, 26, 32)),
        ({"kernel_size": 3, "padding": "same"}, (28, 28, 1), (28, 28, 32)),
        ({"kernel_size": 3, "strides": 2}, (28, 28, 1), (13, 13, 32)),
        ({"kernel_size": 5, "strides": 2, "padding": "same"}, (27, 28, 3), (14, 14, 32)),
        ({"kernel_size": (1, 7), "strides": (4, 2)}, (9, 9, 2), (3, 2, 32)),
    ],
)
def test_the_shape_is_told_before_anything_is_computed(settings, shape, output):
    layer = Conv2D(32, **settings).build(shape)
    assert layer.output_shape == output
    assert layer.forward(np.zeros((2, *shape))).shape == (2, *output)


def test_it_has_the_few_weights_that_the_study_guide_counts():
    layer = Conv2D(32, (3, 3)).build((28, 28, 1))
    assert layer.parameters.size == 3 * 3 * 1 * 32 + 32 == 320


def test_weights_start_with_the_spread_that_glorot_gives_a_window():
    layer = Conv2D(64, 3).build((8, 8, 16), rng=0)
    limit = np.sqrt(6 / (9 * 16 + 9 * 64))  # each output hears 9 * 16 pixels, each pixel tells 9 * 64 outputs
    assert np.abs(layer.W).max() <= limit
    # the deviation of n draws from a uniform is known to 1 / sqrt(5 n): four of these
    assert layer.W.std() == pytest.approx(limit / np.sqrt(3), rel=4 / np.sqrt(5 * layer.W.size))
    assert not layer.b.any()


# Small things that go wrong


@any_dtype
def test_no_image_gives_no_output_and_no_gradient(dtype):
    layer = built(Conv2D(2, 2, strides=2), (5, 4, 3), dtype)
    out = layer.forward(np.zeros((0, 5, 4, 3), dtype))
    assert (out.shape, out.dtype) == ((0, 2, 2, 2), dtype)
    assert layer.backward(out).shape == (0, 5, 4, 3)
    assert not layer.gradients.any()


def test_arrays_in_another_order_of_memory_give_the_same():
    layer, x = built(Conv2D(3, 3, padding="same"), (6, 5, 2)), images((6, 5, 2))
    out = layer.forward(x)
    upstream = random_upstream(out)
    dx, gradients = layer.backward(upstream), layer.gradients.copy()
    turned = np.asfortranarray(x)
    np.testing.assert_array_equal(layer.forward(turned), out)
    np.testing.assert_array_equal(layer.backward(np.asfortranarray(upstream)), dx)
    np.testing.assert_array_equal(layer.gradients, gradients)


def test_whole_numbers_are_pixels_too():
    layer = built(Conv2D(2, 3), (5, 5, 1))
    pixels = np.random.default_rng(0).integers(0, 256, (3, 5, 5, 1), dtype="uint8")
    np.testing.assert_array_equal(layer.forward(pixels), layer.forward(pixels.astype(float)))


def test_the_first_layer_need_not_send_anything_back():
    layer, x = built(Conv2D(3, 3), (6, 5, 2)), images((6, 5, 2))
    upstream = random_upstream(layer.forward(x))
    layer.backward(upstream)
    gradients = layer.gradients.copy()
    assert layer.through_sum(upstream, input_gradient=False) is None
    np.testing.assert_array_equal(layer.gradients, gradients)


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_a_copy_computes_the_same_with_weights_of_its_own(twin):
    layer, x = built(Conv2D(3, 3, strides=2, padding="same"), (6, 5, 2)), images((6, 5, 2))
    out, other = layer.forward(x), twin(layer)
    layer.W = np.zeros(layer.W.shape)
    np.testing.assert_array_equal(other.forward(x), out)


@pytest.mark.parametrize(
    ("layer", "shown"),
    [
        (Conv2D(32, 3), "Conv2D(32, (3, 3))"),
        (Conv2D(8, (1, 5), strides=2, padding="same"), "Conv2D(8, (1, 5), strides=(2, 2), padding='same')"),
    ],
)
def test_it_prints_as_it_is_written(layer, shown):
    assert repr(layer) == shown


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Conv2D(0, 3), "filters must be a whole number from 1 on, received 0"),
        (lambda: Conv2D(2.5, 3), "filters must be a whole number from 1 on, received 2.5"),
        (lambda: Conv2D(8, 0), "kernel_size must be a whole number from 1 on, received 0"),
        (lambda: Conv2D(8, (3, 3, 3)), r"a whole number or a pair of them, received \(3, 3, 3\)\. Try \(3, 3\)"),
        (lambda: Conv2D(8, "3"), "kernel_size must be a whole number from 1 on, received '3'"),
        (lambda: Conv2D(8, 3, strides=0), "strides must be a whole number from 1 on, received 0"),
        (lambda: Conv2D(8, 3, padding="Same"), "padding must be .* received 'Same'. Did you mean 'same'"),
        (lambda: Conv2D(8, 3, padding=1), "padding must be .* received 1. Known: valid, same"),
        (lambda: Conv2D(8, 3, activation="rely"), "Did you mean 'relu'"),
        (lambda: Conv2D(8, 3, kernel_initializer="he_norm"), "Did you mean 'he_normal'"),
        (lambda: Conv2D(8, 3).build((28, 28)), r"images of shape \(height, width, channels\), received \(28, 28\)"),
        (lambda: Conv2D(8, 3).build((28, 28)), r"Grey images have one channel: try x\[\.\.\., None\]"),
        (lambda: Conv2D(8, (2, 5)).build((28, 4, 1)), r"a window of \(2, 5\) does not fit into an image of \(28, 4\)"),
    ],
)
def test_what_means_nothing_is_refused_with_a_way_out(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# In a model


def stripes(n, seed):
    """Images of noise with a bright stripe, upright (1) or lying (0)."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(scale=0.3, size=(n, 8, 8, 1)), rng.integers(0, 2, n)
    for image, upright, place in zip(x, y, rng.integers(0, 8, n), strict=True):
        stripe = image[:, place] if upright else image[place]
        stripe += 1
    return x, y


def test_a_small_network_learns_which_way_a_stripe_runs(tmp_path):
    layers = [
        Conv2D(4, 3, activation="relu", input_shape=(8, 8, 1)),
        MaxPooling2D(),
        Flatten(),
        Dense(1, activation="sigmoid"),
    ]
    model = nn.Sequential(layers, seed=0)
    model.compile(nn.optimizers.Adam(0.01), "binary_crossentropy", ["accuracy"])
    model.fit(*stripes(400, seed=1), epochs=40, verbose=0)
    x, y = stripes(200, seed=2)
    assert model.evaluate(x, y)[1] > 0.95  # a coin gets 0.5
    model.save(tmp_path / "stripes.npz")
    again = nn.Sequential.load(tmp_path / "stripes.npz")
    assert repr(again) == repr(model)
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
