import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nncourse as nn
from nncourse import surfaces
from nncourse.gradcheck import check_gradient

SURFACES = {
    "parabola": surfaces.parabola(),
    "parabola in 3-D": surfaces.parabola(2.5, d=3, minimum=-1.0),
    "double_well": surfaces.double_well(),
    "ravine": surfaces.ravine(),
    "ravine, turned": surfaces.ravine(50.0, angle=30.0),
    "saddle": surfaces.saddle(),
    "plateau": surfaces.plateau(),
    "rosenbrock": surfaces.rosenbrock(),
    "beale": surfaces.beale(),
    "himmelblau": surfaces.himmelblau(),
}
every_surface = pytest.mark.parametrize("f", SURFACES.values(), ids=SURFACES)


def places(f, n=20):
    """Random points of the domain, one a row."""
    low, high = np.array(f.domain).T
    return np.random.default_rng(0).uniform(low, high, (n, f.d))


def test_the_data_sets_lead_to_every_surface():
    makers = set(surfaces.__all__) - {"Surface"}
    assert {name.partition(" ")[0].strip(",") for name in SURFACES} == makers
    assert all(getattr(nn.datasets, name) is getattr(surfaces, name) for name in makers)
    assert makers < set(nn.datasets.__all__)


@every_surface
def test_gradients_are_the_slopes_that_can_be_measured(f):
    for point in [*places(f), np.array(f.start)]:
        report = check_gradient(f, point)
        assert report, (point, report)


@every_surface
def test_height_is_a_number_and_the_gradient_a_new_array(f):
    point = np.array(f.start)
    height, gradient = f(point)
    assert type(height) is float
    assert gradient.shape == (f.d,) and gradient.dtype == np.float64
    gradient[:] = 7
    assert point.tolist() == list(f.start)
    assert f(point)[1] is not gradient and not (f(point)[1] == 7).all()


@every_surface
def test_a_grid_has_the_heights_of_its_points(f):
    points = places(f)
    np.testing.assert_allclose(f.values(*points.T), [f(point)[0] for point in points], rtol=1e-14)
    grid = np.meshgrid(*(np.linspace(*pair, 5) for pair in f.domain))
    assert f.values(*grid).shape == (5,) * f.d


@every_surface
def test_the_gradient_at_a_minimum_is_zero_and_all_around_lies_higher(f):
    for minimum in f.minima:
        at = np.array(minimum)
        height, gradient = f(at)
        # The minimum is known to one unit in its last place, and the largest curvature is about 1000.
        np.testing.assert_allclose(gradient, 0, atol=1e-12)
        around = at + 0.01 * np.random.default_rng(0).normal(size=(200, f.d))
        assert min(f(point)[0] for point in around) > height


@every_surface
def test_the_lowest_minimum_comes_first_and_no_place_of_the_domain_is_lower(f):
    heights = [f(minimum)[0] for minimum in f.minima]
    # Himmelblau's four are all of height 0, to the last digit.
    np.testing.assert_allclose(sorted(heights), heights, atol=1e-28)
    if heights:
        assert f.values(*places(f, 10_000).T).min() >= heights[0]


@every_surface
def test_start_and_minima_lie_in_the_domain(f):
    low, high = np.array(f.domain).T
    for point in (f.start, *f.minima):
        assert (low < point).all() and (point < high).all()


@every_surface
def test_lists_and_whole_numbers_are_points_too(f):
    point = [1] * f.d
    expected = f(np.ones(f.d))
    for one in (point, tuple(point), np.array(point), np.ones(f.d, "float32")):
        height, gradient = f(one)
        assert type(height) is float and gradient.dtype == np.float64
        assert height == expected[0]
        np.testing.assert_array_equal(gradient, expected[1])


@every_surface
@pytest.mark.parametrize("far", [1e100, 1e200, np.inf, np.nan])
def test_a_descent_that_blew_up_gets_an_answer(f, far):
    height, gradient = f(np.full(f.d, far))
    assert isinstance(height, float) and gradient.shape == (f.d,)


@every_surface
def test_a_surface_prints_what_it_is_and_stays_as_it_is(f):
    assert repr(f).startswith(f"Surface(name={f.name!r}, start=(") and " at 0x" not in repr(f)
    with pytest.raises(dataclasses.FrozenInstanceError):
        f.start = (0.0,)


HEIGHTS = [
    (surfaces.parabola(2.0), [3.0], 9),
    (surfaces.parabola(2.0, d=2, minimum=1.0), [3.0, 0.0], 5),
    (surfaces.double_well(), [2.0], 4 - 2 + 0.2),
    (surfaces.ravine(100.0), [1.0, 1.0], 50.5),
    (surfaces.saddle(), [3.0, 2.0], 5),
    (surfaces.plateau(), [3.0, 4.0], 25 / 26),
    (surfaces.rosenbrock(), [-1.2, 1.0], 24.2),
    (surfaces.beale(), [1.0, 1.0], 1.5**2 + 2.25**2 + 2.625**2),
    (surfaces.beale(), [0.0, 2.0], 1.5**2 + 2.25**2 + 2.625**2),
    (surfaces.beale(), [2.0, -1.0], 2.5**2 + 2.25**2 + 1.375**2),
    (surfaces.himmelblau(), [0.0, 0.0], 170),
    (surfaces.himmelblau(), [1.0, 2.0], 64 + 4),
]


@pytest.mark.parametrize(("f", "point", "height"), HEIGHTS)
def test_heights_worked_by_hand(f, point, height):
    assert f(point)[0] == pytest.approx(height, rel=1e-14)


@settings(deadline=None)
@given(st.floats(0.1, 10), st.floats(0.05, 1.9), st.floats(-3, 3))
def test_a_step_on_the_parabola_multiplies_the_distance_by_one_minus_rate_times_curvature(curvature, share, minimum):
    f = surfaces.parabola(curvature, minimum=minimum)
    rate = share / curvature
    path = nn.optimizers.minimize(f, f.start, nn.optimizers.SGD(learning_rate=rate), steps=3)
    expected = (f.start[0] - minimum) * (1 - rate * curvature) ** np.arange(4)
    np.testing.assert_allclose(path[:, 0] - minimum, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("angle", [0.0, 30.0, 45.0, 200.0])
def test_a_ravine_has_the_condition_number_asked_for_at_any_angle(angle):
    f = surfaces.ravine(40.0, angle=angle)
    hessian = np.array([f(axis)[1] for axis in np.eye(2)])  # the gradient is linear
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-13)
    np.testing.assert_allclose(np.linalg.eigvalsh(hessian), [1, 40], rtol=1e-13)
    along = [np.cos(np.radians(angle)), np.sin(np.radians(angle))]
    np.testing.assert_allclose(hessian @ along, along, atol=1e-13)  # the floor


def test_a_ravine_of_condition_one_is_a_round_bowl():
    point = [0.3, -0.7]
    np.testing.assert_allclose(surfaces.ravine(1.0, angle=20.0)(point)[1], surfaces.parabola(d=2)(point)[1])


def test_on_the_ridge_of_the_saddle_descent_stops_and_beside_it_descent_leaves():
    f, rule = surfaces.saddle(), nn.optimizers.SGD(learning_rate=0.1)
    on = nn.optimizers.minimize(f, [1.0, 0.0], rule, steps=100)
    beside = nn.optimizers.minimize(f, f.start, rule, steps=100)
    np.testing.assert_allclose(on[-1], 0, atol=1e-9)
    assert np.linalg.norm(beside, axis=1).min() < 0.01 and abs(beside[-1, 1]) > 10


def test_far_out_on_the_plateau_there_is_hardly_a_slope():
    f = surfaces.plateau()
    slopes = [np.linalg.norm(f([r, 0.0])[1]) for r in (1, 3, 10, 30)]
    assert slopes == sorted(slopes, reverse=True)
    assert slopes[-1] < 1e-4


def test_the_double_well_holds_a_maximum_between_its_valleys():
    f = surfaces.double_well()
    deep, shallow = (minimum[0] for minimum in f.minima)
    w = np.linspace(deep, shallow, 10_001)
    top = w[f.values(w).argmax()]
    assert top == pytest.approx(0.101, abs=5e-4)
    ends = [nn.optimizers.minimize(f, [start], nn.optimizers.SGD(0.1), steps=500)[-1, 0] for start in (0.05, 0.15)]
    np.testing.assert_allclose(ends, [deep, shallow], atol=1e-9)


def test_the_start_decides_which_of_the_four_minima_is_found():
    f = surfaces.himmelblau()
    ends = {
        tuple(nn.optimizers.minimize(f, start, nn.optimizers.SGD(0.01), steps=500)[-1].round(6))
        for start in [(4.0, 4.0), (-4.0, 4.0), (-4.0, -4.0), (4.0, -4.0)]
    }
    assert ends == {tuple(np.round(minimum, 6)) for minimum in f.minima}


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda: surfaces.rosenbrock()([1.0]), r"Rosenbrock needs a point of shape \(2,\), received \(1,\)"),
        (lambda: surfaces.rosenbrock()(np.ones((2, 2))), r"received \(2, 2\). For many points use f.values\(x, y\)"),
        (lambda: surfaces.parabola()(1.0), r"needs a point of shape \(1,\), received \(\)"),
        (lambda: surfaces.beale().values(1.0), r"Beale has 2 coordinates, received 1 arrays"),
        (lambda: surfaces.parabola(0.0), "curvature must be a number above 0, received 0.0"),
        (lambda: surfaces.parabola(-1.0), "curvature must be a number above 0, received -1.0"),
        (lambda: surfaces.parabola(d=0), "d must be a whole number from 1 on, received 0"),
        (lambda: surfaces.parabola(minimum=np.nan), "minimum must be a finite number, received nan"),
        (lambda: surfaces.ravine(condition=0), "condition must be a number above 0, received 0"),
        (lambda: surfaces.ravine(angle="steep"), "angle must be a finite number, received 'steep'"),
    ],
)
def test_what_does_not_fit_is_refused(do, message):
    with pytest.raises(ValueError, match=message):
        do()
