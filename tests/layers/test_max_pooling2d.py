import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.activations import relu
from nncourse.gradcheck import check_layer
from nncourse.layers import Conv2D, Dense, Flatten, MaxPooling2D
from nncourse.layers.max_pooling2d import ReluAfterPooling, relu_after_pooling

from .oracles import assert_same, random_upstream

any_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])

# (settings, shape of an image)
CASES = {
    "2 x 2": ({}, (6, 8, 3)),
    "odd sides": ({}, (7, 5, 2)),
    "not square": ({"pool_size": (3, 2)}, (7, 9, 2)),
    "overlapping": ({"pool_size": 3, "strides": 2}, (9, 8, 2)),
    "overlapping one way": ({"pool_size": (2, 3), "strides": (2, 1)}, (6, 7, 1)),
    "apart": ({"pool_size": 2, "strides": 3}, (9, 8, 2)),
    "over the border": ({"pool_size": 2, "padding": "same"}, (5, 7, 2)),
    "overlapping over the border": ({"pool_size": (3, 4), "strides": 2, "padding": "same"}, (5, 8, 2)),
    "single pixels": ({"pool_size": 1}, (3, 4, 2)),
    "the whole image": ({"pool_size": (3, 4)}, (3, 4, 2)),
}
every_case = pytest.mark.parametrize(("arguments", "shape"), CASES.values(), ids=CASES)


def images(shape, dtype="float64", n=4, seed=3):
    return np.random.default_rng(seed).normal(size=(n, *shape)).astype(dtype)


def frame(side, size, step):
    needed = max((int(np.ceil(side / step)) - 1) * step + size - side, 0)
    return needed // 2, needed - needed // 2


@every_case
@any_dtype
@pytest.mark.parametrize("ties", [False, True])
def test_agrees_with_pytorch_also_on_who_wins_a_tie(torch, arguments, shape, dtype, ties):
    layer = MaxPooling2D(**arguments).build(shape)
    x = images(shape, dtype)
    if ties:
        x = np.round(x)  # a handful of values: most windows hold their maximum more than once
    out = layer.forward(x)
    upstream = random_upstream(out)
    dx = layer.backward(upstream)

    strides = layer.strides or layer.pool_size
    their_x = torch.tensor(x, requires_grad=True)
    framed = their_x.permute(0, 3, 1, 2)
    if layer.padding == "same":
        top, bottom = frame(shape[0], layer.pool_size[0], strides[0])
        left, right = frame(shape[1], layer.pool_size[1], strides[1])
        framed = torch.nn.functional.pad(framed, (left, right, top, bottom), value=-torch.inf)
    answer = torch.nn.functional.max_pool2d(framed, layer.pool_size, strides).permute(0, 2, 3, 1)
    answer.backward(torch.tensor(upstream))
    assert_same(out, answer.detach().numpy(), dtype)
    assert_same(dx, their_x.grad.numpy(), dtype)


@every_case
def test_keeps_the_contract_of_a_layer(arguments, shape):
    report = check_layer(MaxPooling2D(**arguments), shape, tolerance=1e-7)
    assert report.passed, report


def test_a_case_worked_by_hand():
    layer = MaxPooling2D().build((2, 5, 1))
    x = np.array([[1.0, 2, 7, 7, 9], [4, 3, 7, 5, 9]]).reshape(1, 2, 5, 1)
    out = layer.forward(x)
    assert out.ravel().tolist() == [4, 7]  # the fifth column fills no window
    dx = layer.backward(np.array([10.0, 20.0]).reshape(out.shape))
    assert dx[0, :, :, 0].tolist() == [[0, 0, 20, 0, 0], [10, 0, 0, 0, 0]]


@settings(deadline=None, max_examples=50)
@given(
    seed=st.integers(0, 1000),
    size=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    steps=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.sampled_from(["valid", "same"]),
    levels=st.integers(1, 4),
)
def test_all_that_comes_back_goes_to_one_winner_a_window(seed, size, steps, padding, levels):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, levels, (2, 6, 5, 2)).astype(float)
    layer = MaxPooling2D(size, steps, padding).build((6, 5, 2))
    out = layer.forward(x)
    upstream = 2.0 ** -rng.integers(0, 8, out.shape)  # sums of such numbers are exact
    dx = layer.backward(upstream)
    assert dx.sum() == upstream.sum()
    assert np.count_nonzero(dx) <= out.size
    for n, row, column, c in np.argwhere(dx):
        assert x[n, row, column, c] in out[n, :, :, c]


@pytest.mark.parametrize("pool", [2, (2, 3)])
def test_a_relu_may_come_before_or_after(pool):
    """max(relu(z)) = relu(max(z)), and the gradients agree too: what the relu stops goes nowhere either way."""
    shape = (7, 8, 2)
    before, conv = (Conv2D(3, 2, activation=name).build(shape, rng=1) for name in ("relu", None))
    x = images(shape)
    x[0] = 0  # here all sums are 0, at the kink, and all in a tie
    first, second = (MaxPooling2D(pool).build(conv.output_shape) for _ in range(2))
    one, z = first.forward(before.forward(x)), second.forward(conv.forward(x))
    np.testing.assert_array_equal(one, relu(z))
    upstream = random_upstream(one)
    dx = before.backward(first.backward(upstream))
    np.testing.assert_array_equal(dx, conv.backward(second.backward(relu.gradient(z, upstream))))
    np.testing.assert_array_equal(before.gradients, conv.gradients)


@every_case
def test_the_way_back_is_the_same_when_the_slope_of_the_relu_is_asked_of_the_maxima(arguments, shape):
    convolution = Conv2D(3, 2, padding="same", activation="relu").build(shape, rng=1)
    pooling = MaxPooling2D(**arguments).build(convolution.output_shape)
    x = images(shape)
    x[0] = 0
    out = pooling.forward(convolution.forward(x))
    upstream = random_upstream(out)
    dx = convolution.backward(pooling.backward(upstream))
    gradients = convolution.gradients.copy()
    convolution.gradients[...] = np.nan
    np.testing.assert_array_equal(ReluAfterPooling(convolution, pooling).backward(upstream), dx)
    np.testing.assert_array_equal(convolution.gradients, gradients)


def test_only_a_relu_right_before_a_pooling_is_moved():
    first, tanh, second = (Conv2D(2, 2, activation=name) for name in ("relu", "tanh", "relu"))
    pools, rest = [MaxPooling2D() for _ in range(3)], [Flatten(), Dense(3, "relu")]
    merged = relu_after_pooling([pools[0], first, pools[1], tanh, pools[2], second, *rest])
    assert merged[:1] + merged[2:] == [pools[0], tanh, pools[2], second, *rest]
    assert (merged[1].convolution, merged[1].pooling) == (first, pools[1])


def test_a_feature_may_move_within_its_window_without_any_effect():
    layer, x = MaxPooling2D().build((6, 6, 1)), np.zeros((4, 6, 6, 1))
    for image, (row, column) in zip(x, [(2, 4), (2, 5), (3, 4), (3, 5)], strict=True):
        image[row, column] = 1
    out = layer.forward(x)
    assert (out == out[0]).all() and out[0, 1, 2] == 1 == out[0].sum()


def test_a_larger_pixel_never_makes_an_output_smaller():
    layer, x = MaxPooling2D(3, strides=2).build((7, 7, 2)), images((7, 7, 2))
    more = x + np.abs(images((7, 7, 2), seed=4))
    assert (layer.forward(more) >= layer.forward(x)).all()


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_whole_numbers_are_pixels_too(padding):
    layer = MaxPooling2D(2, padding=padding).build((5, 5, 1))
    pixels = np.random.default_rng(0).integers(0, 256, (3, 5, 5, 1), dtype="uint8")
    np.testing.assert_array_equal(layer.forward(pixels), layer.forward(pixels.astype(float)))


def test_no_image_gives_no_output():
    layer = MaxPooling2D().build((4, 4, 2))
    out = layer.forward(np.zeros((0, 4, 4, 2)))
    assert out.shape == (0, 2, 2, 2) and layer.backward(out).shape == (0, 4, 4, 2)


@pytest.mark.parametrize(
    ("layer", "shown"),
    [
        (MaxPooling2D(), "MaxPooling2D()"),
        (MaxPooling2D(2, strides=2), "MaxPooling2D(strides=(2, 2))"),
        (MaxPooling2D(3, padding="same"), "MaxPooling2D(pool_size=(3, 3), padding='same')"),
    ],
)
def test_it_prints_as_it_is_written(layer, shown):
    assert repr(layer) == shown


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MaxPooling2D(0), "pool_size must be a whole number from 1 on, received 0"),
        (lambda: MaxPooling2D((2, 2, 2)), r"a whole number or a pair of them, received \(2, 2, 2\)"),
        (lambda: MaxPooling2D(strides=(2, 0.5)), "strides must be a whole number from 1 on, received 0.5"),
        (lambda: MaxPooling2D(padding="full"), "padding must be .* received 'full'"),
        (lambda: MaxPooling2D().build((8, 8)), r"expects images .* received \(8, 8\)\. Grey images"),
        (lambda: MaxPooling2D(3).build((2, 8, 1)), r"a window of \(3, 3\) does not fit into an image of \(2, 8\)"),
    ],
)
def test_what_means_nothing_is_refused_with_a_way_out(make, words):
    with pytest.raises(ValueError, match=words):
        make()
