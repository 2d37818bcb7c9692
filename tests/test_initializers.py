import numpy as np
import pytest

from nncourse import initializers
from nncourse.initializers import Constant, HeNormal, Initializer, RandomNormal, RandomUniform, fans

every_initializer = pytest.mark.parametrize("name", initializers.KNOWN)


@every_initializer
@pytest.mark.parametrize("shape", [(3,), (3, 4), (4, 3), (2, 2, 3, 4)])
def test_every_initializer_fills_the_shape_and_repeats_itself_by_seed(name, shape):
    first, again, other = (initializers.get(name)(shape, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == shape and np.isfinite(first).all()
    np.testing.assert_array_equal(first, again)
    assert np.array_equal(first, other) == (name in ("zeros", "ones"))


@pytest.mark.parametrize(
    ("shape", "inputs_and_outputs"),
    [((20, 30), (20, 30)), ((3, 3, 4, 5), (36, 45)), ((7,), (7, 7)), ((), (1, 1))],
)
def test_the_fans_of_a_shape(shape, inputs_and_outputs):
    assert fans(shape) == inputs_and_outputs


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("glorot_uniform", lambda fan_in, fan_out: 2 / (fan_in + fan_out)),
        ("glorot_normal", lambda fan_in, fan_out: 2 / (fan_in + fan_out)),
        ("he_uniform", lambda fan_in, fan_out: 2 / fan_in),
        ("he_normal", lambda fan_in, fan_out: 2 / fan_in),
        ("random_uniform", lambda fan_in, fan_out: 0.1**2 / 12),
        ("random_normal", lambda fan_in, fan_out: 0.05**2),
    ],
)
@pytest.mark.parametrize("shape", [(300, 100), (5, 5, 40, 30)])
def test_the_spread_is_the_one_of_the_papers(name, variance, shape):
    weights = initializers.get(name)(shape, np.random.default_rng(0))
    # 30,000 draws: the variance of a sample is off by sqrt(2 / n), 0.8 %, so 4 % are five of those
    assert weights.var() == pytest.approx(variance(*fans(shape)), rel=0.04)
    assert abs(weights.mean()) < 5 * weights.std() / np.sqrt(weights.size)


@pytest.mark.parametrize("name", ["random_uniform", "glorot_uniform", "he_uniform"])
def test_a_uniform_draw_keeps_within_its_bounds(name):
    weights = initializers.get(name)((300, 100), np.random.default_rng(0))
    limit = np.sqrt(3 * {"random_uniform": 0.1**2 / 12, "glorot_uniform": 2 / 400, "he_uniform": 2 / 300}[name])
    assert 0.999 * limit < np.abs(weights).max() <= limit


def test_he_keeps_the_signal_through_deep_relus_and_small_weights_lose_it():
    def after_ten_layers(name):
        rng = np.random.default_rng(0)
        x = rng.normal(size=(200, 100))
        for _ in range(10):
            x = np.maximum(x @ initializers.get(name)((100, 100), rng), 0)
        return np.sqrt(np.mean(x**2))

    # the mean square of a relu layer of He's weights is the one before it, on average over the draws
    assert 0.5 < after_ten_layers("he_normal") < 2
    assert after_ten_layers("random_normal") < 1e-3


@pytest.mark.parametrize("shape", [(6, 6), (6, 3), (3, 6)])
def test_an_orthogonal_start_keeps_lengths(shape):
    Q = initializers.get("orthogonal")(shape, np.random.default_rng(0))
    small = Q.T @ Q if shape[0] >= shape[1] else Q @ Q.T
    np.testing.assert_allclose(small, np.eye(min(shape)), atol=1e-14)


def test_settings_are_told_and_kept():
    assert repr(RandomUniform(minval=-1)) == "RandomUniform(minval=-1, maxval=0.05)"
    assert repr(Constant(0.5)) == "Constant(value=0.5)"
    assert repr(initializers.get("he_normal")) == "HeNormal()"
    assert Constant(3)((2,), None).tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Constant("one"), "value must be a finite number, received 'one'"),
        (lambda: Constant(True), "value must be a finite number, received True"),
        (lambda: Constant(np.inf), "value must be a finite number, received inf"),
        (lambda: RandomNormal(stddev=-1), "stddev must be a number from 0 on, received -1"),
        (lambda: RandomNormal(mean=None), "mean must be a finite number, received None"),
        (lambda: RandomUniform(1, -1), "minval must not be above maxval, received 1 and -1"),
        (lambda: RandomUniform(maxval=np.nan), "maxval must be a finite number, received nan"),
    ],
)
def test_settings_that_cannot_be_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_get_takes_names_objects_classes_and_functions():
    mine = HeNormal()
    assert initializers.get(mine) is mine
    assert type(initializers.get(HeNormal)) is HeNormal

    def halves(shape, rng):
        return np.full(shape, 0.5)

    assert initializers.get(halves) is halves


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("he_norm", "Did you mean 'he_normal'"),
        ("Zeros", "Did you mean 'zeros'"),
        (0.1, "received 0.1. Known: zeros"),
        (None, "received None"),
        (["zeros"], "Did you mean 'zeros'"),
    ],
)
def test_get_names_the_nearest_initializer(name, hint):
    with pytest.raises(ValueError, match=hint):
        initializers.get(name)


def test_an_unfinished_initializer_says_what_it_lacks():
    with pytest.raises(NotImplementedError, match=r"Initializer defines no __call__\(shape, rng\)"):
        Initializer()((2,), None)
