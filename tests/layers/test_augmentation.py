import numpy as np
import pytest

from nncourse.gradcheck import check_layer
from nncourse.layers import GaussianNoise, RandomFlip, RandomRotation

SHAPE = (5, 4, 2)
LAYERS = [
    GaussianNoise(0.3),
    RandomFlip("horizontal"),
    RandomFlip("vertical"),
    RandomFlip(),
    RandomRotation(0.1),
    RandomRotation((0.2, 0.4)),
]
every_layer = pytest.mark.parametrize("layer", LAYERS, ids=repr)


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(7, *SHAPE))


def built(layer, seed=1, shape=SHAPE):
    return type(layer)(*[getattr(layer, name) for name in ("stddev", "mode", "factor") if hasattr(layer, name)]).build(
        shape, rng=seed
    )


@every_layer
def test_it_keeps_its_contract(layer):
    report = check_layer(layer, SHAPE, tolerance=1e-7)
    assert report.passed, report


@every_layer
def test_it_acts_in_training_only_and_draws_anew_each_time(layer, x):
    layer = built(layer)
    np.testing.assert_array_equal(layer.forward(x), x)
    first, second = layer.forward(x, training=True), layer.forward(x, training=True)
    assert not np.array_equal(first, x) and not np.array_equal(first, second)


@every_layer
def test_the_same_seed_draws_the_same(layer, x):
    first, second, other = (built(layer, seed).forward(x, training=True) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


@every_layer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_way_back_is_the_adjoint_of_the_way_forward(layer, dtype, x):
    """<A x, u> = <x, A^T u> for whatever was drawn; noise adds a constant, which the difference takes away."""
    layer = built(layer)
    x, u = x.astype(dtype), np.random.default_rng(3).normal(size=x.shape).astype(dtype)
    state = layer.rng.bit_generator.state
    zero = layer.forward(np.zeros_like(x), training=True)
    layer.rng.bit_generator.state = state
    forward = layer.forward(x, training=True) - zero
    backward = layer.backward(u)
    assert backward.dtype == forward.dtype == dtype
    assert np.vdot(forward, u) == pytest.approx(np.vdot(x, backward), rel=1e-9 if dtype == "float64" else 1e-3)


def test_noise_has_the_mean_and_the_deviation_that_are_promised():
    noise = GaussianNoise(0.5).build((50_000,), rng=0).forward(np.zeros((1, 50_000)), training=True)
    assert abs(noise.mean()) < 4 * 0.5 / np.sqrt(noise.size)  # four standard errors
    assert noise.std() == pytest.approx(0.5, rel=4 / np.sqrt(2 * noise.size))


@pytest.mark.parametrize(
    ("mode", "images"),
    [("horizontal", 2), ("vertical", 2), ("horizontal_and_vertical", 4)],
)
def test_a_flip_gives_each_image_of_the_mirrors_its_share(mode, images):
    image = np.arange(6.0).reshape(1, 2, 3, 1)
    batch = RandomFlip(mode).build((2, 3, 1), rng=0).forward(np.repeat(image, 2000, axis=0), training=True)
    mirrors = [image, image[:, :, ::-1], image[:, ::-1], image[:, ::-1, ::-1]]
    expected = {"horizontal": mirrors[:2], "vertical": mirrors[::2], "horizontal_and_vertical": mirrors}[mode]
    shares = [(batch == mirror).all(axis=(1, 2, 3)).mean() for mirror in expected]
    assert sum(shares) == 1
    assert shares == pytest.approx([1 / images] * images, abs=4 * 0.5 / np.sqrt(2000))


def test_a_quarter_turn_of_a_square_moves_every_pixel_to_its_place(x):
    square = x[:, :4]
    turned = RandomRotation((0.25, 0.25)).build((4, 4, 2), rng=0).forward(square, training=True)
    np.testing.assert_allclose(turned, np.rot90(square, axes=(1, 2)), atol=1e-12)  # counterclockwise


def test_a_full_turn_changes_nothing(x):
    turned = RandomRotation((1, 1)).build(SHAPE, rng=0).forward(x, training=True)
    np.testing.assert_allclose(turned, x, atol=1e-12)


def test_a_small_turn_of_a_slope_is_the_slope_turned():
    """Bilinear interpolation is exact on a plane, wherever the turned image does not look outside."""
    rows, columns = np.indices((21, 21))
    plane = (2.0 * (columns - 10) + 3.0 * (rows - 10))[None, :, :, None]
    angle = 2 * np.pi * 0.03
    turned = RandomRotation((0.03, 0.03)).build((21, 21, 1), rng=0).forward(plane, training=True)[0, :, :, 0]
    right, down = columns - 10, rows - 10
    expected = 2 * (np.cos(angle) * right - np.sin(angle) * down) + 3 * (np.cos(angle) * down + np.sin(angle) * right)
    np.testing.assert_allclose(turned[5:16, 5:16], expected[5:16, 5:16], atol=1e-10)


def test_angles_are_spread_over_the_range_that_is_asked_for():
    layer = RandomRotation(0.1).build((1, 9, 1), rng=0)
    image = np.zeros((4000, 1, 9, 1))
    image[:, 0, 6] = 1.0  # two pixels right of the middle: cos(angle) tells how far it moves
    turned = layer.forward(image, training=True)
    assert layer.bounds == (-0.1, 0.1)
    assert turned[:, 0, 4:].sum(axis=(1, 2)).std() > 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: GaussianNoise(-1), "stddev must be a number from 0 on"),
        (lambda: RandomFlip("horizontl"), "Did you mean 'horizontal'"),
        (lambda: RandomRotation(20), "share of a full turn"),
        (lambda: RandomRotation((0.2, 0.1)), "share of a full turn"),
        (lambda: RandomFlip().build((28, 28)), r"x\[\.\.\., None\]"),
        (lambda: RandomRotation(0.1).build((28, 28)), r"x\[\.\.\., None\]"),
    ],
)
def test_what_means_nothing_is_refused_with_a_way_out(make, words):
    with pytest.raises(ValueError, match=words):
        make()
