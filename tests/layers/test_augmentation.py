import numpy as np
import pytest

import nncourse as nn
from nncourse.gradcheck import check_layer
from nncourse.layers import Dense, Flatten, GaussianNoise, RandomFlip, RandomRotation

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


@pytest.mark.parametrize(("factor", "bounds"), [(0.1, (-0.1, 0.1)), (-0.1, (-0.1, 0.1)), ((0.05, 0.2), (0.05, 0.2))])
def test_angles_are_spread_evenly_over_the_range_that_is_asked_for(factor, bounds):
    """Each pixel says where it lies; the one right of the middle comes from (cos, sin) of the angle."""
    across, down = np.meshgrid(np.arange(-2.0, 3), np.arange(-2.0, 3))
    places = np.repeat(np.stack([across, down], axis=-1)[None], 4000, axis=0)
    turned = RandomRotation(factor).build((5, 5, 2), rng=0).forward(places, training=True)
    shares = np.arctan2(turned[:, 2, 3, 1], turned[:, 2, 3, 0]) / (2 * np.pi)
    (low, high), deviation = bounds, np.ptp(bounds) / np.sqrt(12)
    assert low <= shares.min() and shares.max() <= high
    assert shares.mean() == pytest.approx((low + high) / 2, abs=4 * deviation / np.sqrt(4000))  # four standard errors
    assert shares.std() == pytest.approx(deviation, rel=4 / np.sqrt(5 * 4000))


def test_what_turns_in_from_outside_is_dark_and_nothing_gets_brighter():
    light = np.ones((50, 9, 9, 1))
    turned = RandomRotation(0.5).build((9, 9, 1), rng=0).forward(light, training=True)
    across, down = np.meshgrid(np.arange(-4.0, 5), np.arange(-4.0, 5))
    np.testing.assert_allclose(turned[:, np.hypot(across, down) <= 4], 1, atol=1e-12)  # it never sees the border
    assert turned.max() <= 1 + 1e-12 and turned.min() >= 0
    assert turned[:, 0, 0].min() == 0  # a corner at 45 degrees comes from far outside


@pytest.mark.parametrize("mode", ["horizontal", "vertical", "horizontal_and_vertical"])
def test_a_mirror_image_mirrored_is_the_image(mode, x):
    layer = built(RandomFlip(mode))
    np.testing.assert_array_equal(layer.backward(layer.forward(x, training=True)), x)


@pytest.mark.parametrize("layer", [RandomFlip(), RandomRotation(0.5), GaussianNoise(0.1)], ids=repr)
def test_images_keep_their_places_in_the_batch_so_labels_stay_true(layer):
    """Image i shines i + 1 times as bright as the first, and so it does afterwards, but for noise of 0.1."""
    levels = np.arange(1.0, 9)
    batch = np.ones((8, 5, 5, 1)) * levels[:, None, None, None]
    out = built(layer, shape=(5, 5, 1)).forward(batch, training=True)
    np.testing.assert_allclose(out[:, 2, 2, 0], levels, atol=0.5)


@every_layer
def test_every_image_draws_for_itself(layer, x):
    same = np.repeat(x[:1], 12, axis=0)
    out = built(layer).forward(same, training=True)
    assert len(np.unique(out.round(6), axis=0)) > 1


def test_noise_is_no_different_in_short_numbers_and_leaves_whole_ones_their_fractions():
    x = np.random.default_rng(0).normal(size=(3, 4))
    long, short = (GaussianNoise(0.5).build((4,), rng=1, dtype=dtype) for dtype in ("float64", "float32"))
    np.testing.assert_allclose(long.forward(x, True), short.forward(x.astype("float32"), True), atol=1e-6)
    whole = GaussianNoise(0.5).build((4,), rng=1).forward(np.arange(12).reshape(3, 4), training=True)
    assert (whole % 1 != 0).all()


def test_nothing_to_add_is_nothing_to_draw():
    layer, x = GaussianNoise(0).build((4,), rng=1), np.ones((3, 4))
    state = layer.rng.bit_generator.state
    np.testing.assert_array_equal(layer.forward(x, training=True), x)
    assert layer.rng.bit_generator.state == state


def test_a_model_with_augmentation_predicts_without_it_and_can_be_saved(tmp_path):
    changes = [RandomFlip("horizontal", input_shape=(6, 6, 1)), RandomRotation((-0.1, 0.2)), GaussianNoise(0.2)]
    model = nn.Sequential([*changes, Flatten(), Dense(2)], seed=0)
    model.compile("sgd", "mse")
    x, y = np.random.default_rng(0).normal(size=(20, 6, 6, 1)), np.zeros((20, 2))
    first = model.predict(x)
    np.testing.assert_array_equal(model.predict(x), first)
    model.fit(x, y, epochs=2, verbose=0)
    model.save(tmp_path / "model.npz")
    again = nn.Sequential.load(tmp_path / "model.npz")
    assert repr(again) == repr(model)
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: GaussianNoise(-1), "stddev must be a number from 0 on"),
        (lambda: RandomFlip("horizontl"), "Did you mean 'horizontal'"),
        (lambda: RandomRotation(20), "share of a full turn"),
        (lambda: RandomRotation((0.2, 0.1)), "share of a full turn"),
        (lambda: RandomRotation((0.1, 0.2, 0.3)), "share of a full turn"),
        (lambda: RandomRotation("0.1"), r"factor must be a share of a full turn, .* received '0\.1'\. For up to"),
        (lambda: RandomRotation((0.1, True)), r"share of a full turn.*received \(0\.1, True\)"),
        (lambda: RandomRotation(1j), "share of a full turn"),
        (lambda: RandomRotation(np.nan), "For up to 15 degrees to both sides use 15 / 360"),
        (lambda: RandomFlip(["horizontal"]), "mode must be the name of a direction"),
        (lambda: RandomFlip().build((28, 28)), r"x\[\.\.\., None\]"),
        (lambda: RandomRotation(0.1).build((28, 28)), r"x\[\.\.\., None\]"),
    ],
)
def test_what_means_nothing_is_refused_with_a_way_out(make, words):
    with pytest.raises(ValueError, match=words):
        make()
