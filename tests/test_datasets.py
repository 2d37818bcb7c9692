import dataclasses
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine

from nncourse import datasets

RANDOM = {
    "blobs": lambda seed: datasets.blobs(50, separation=3, seed=seed),
    "study_habits": lambda seed: datasets.study_habits(50, seed=seed),
    "moons": lambda seed: datasets.moons(50, seed=seed),
    "circles": lambda seed: datasets.circles(50, seed=seed),
    "spirals": lambda seed: datasets.spirals(50, seed=seed),
    "five spirals": lambda seed: datasets.spirals(50, arms=5, seed=seed),
    "moons without noise": lambda seed: datasets.moons(50, noise=0, seed=seed),
    "circles without noise": lambda seed: datasets.circles(50, noise=0, seed=seed),
    "spirals without noise": lambda seed: datasets.spirals(50, noise=0, seed=seed),
    "noisy_sine": lambda seed: datasets.noisy_sine(50, seed=seed),
}
TABLES = {
    "breast_cancer": datasets.breast_cancer,
    "digits": datasets.digits,
    "wine": datasets.wine,
    "diabetes": datasets.diabetes,
}
EVERY = {
    "logic_gate": lambda: datasets.logic_gate("XOR"),
    "exam_hours": datasets.exam_hours,
    "dosage": datasets.dosage,
    "iris": datasets.iris,
    **{name: partial(load, 0) for name, load in RANDOM.items()},
    **TABLES,
}
CLASSES = {
    "five spirals": 5,
    "digits": 10,
    "wine": 3,
    "noisy_sine": None,
    "diabetes": None,
}  # else two
every_dataset = pytest.mark.parametrize("load", EVERY.values(), ids=EVERY)
every_random_dataset = pytest.mark.parametrize("load", RANDOM.values(), ids=RANDOM)
every_table = pytest.mark.parametrize("load", TABLES.values(), ids=TABLES)


@every_dataset
def test_rows_are_float64_and_every_row_has_a_number(load):
    x, y = load()
    assert x.ndim == 2 and y.shape == (len(x),)
    assert x.dtype == y.dtype == np.float64
    assert np.isfinite(x).all() and np.isfinite(y).all()


@pytest.mark.parametrize("name", EVERY)
def test_classes_are_numbered_from_zero(name):
    _, y = EVERY[name]()
    classes = CLASSES.get(name, 2)
    if classes is None:
        assert len(set(y)) > 10
    else:
        assert set(y) == set(range(classes))


@every_dataset
def test_every_call_returns_the_same_data_in_arrays_of_their_own(load):
    x, y = load()
    kept = x.copy(), y.copy()
    x[:], y[:] = 7, 7
    for again, before in zip(load(), kept, strict=True):
        np.testing.assert_array_equal(again, before)


@every_random_dataset
def test_another_seed_gives_other_data(load):
    assert not np.array_equal(load(0)[0], load(1)[0])


def test_gates_are_their_truth_tables():
    inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
    tables = {
        "AND": [a and b for a, b in inputs],
        "OR": [a or b for a, b in inputs],
        "NAND": [not (a and b) for a, b in inputs],
        "NOR": [not (a or b) for a, b in inputs],
        "XOR": [a != b for a, b in inputs],
        "XNOR": [a == b for a, b in inputs],
    }
    for name, table in tables.items():
        x, y = datasets.logic_gate(name)
        assert (x.tolist(), y.tolist()) == (inputs, table)


def test_a_gate_may_be_written_small():
    np.testing.assert_array_equal(datasets.logic_gate("xor")[1], datasets.logic_gate("XOR")[1])


@pytest.mark.parametrize(("name", "hint"), [("NXOR", "Did you mean 'X?N?OR'"), ("?", "Known: AND, OR"), (2, "Known")])
def test_an_unknown_gate_is_answered_with_the_nearest(name, hint):
    with pytest.raises(ValueError, match=hint):
        datasets.logic_gate(name)


def test_the_boolean_functions_are_sixteen_and_different():
    functions = datasets.boolean_functions()
    assert len({name for name, _ in functions}) == 16
    assert all("".join(str(int(bit)) for bit in y) == name for name, y in functions)


def test_blobs_lie_as_far_apart_as_asked():
    x, y = datasets.blobs(20_000, separation=5, seed=0)
    apart = x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)
    np.testing.assert_allclose(apart, 5 / np.sqrt(2), atol=0.05)  # three standard errors of a difference
    np.testing.assert_allclose(np.cov(x[y == 0].T), np.eye(2), atol=0.05)


def test_blobs_take_turns():
    assert datasets.blobs(5, seed=0)[1].tolist() == [0, 1, 0, 1, 0]


CLOUDS = {
    "blobs": (datasets.blobs, 2),
    "moons": (datasets.moons, 2),
    "circles": (datasets.circles, 2),
    "spirals": (datasets.spirals, 2),
    "four spirals": (partial(datasets.spirals, arms=4), 4),
}


@pytest.mark.parametrize(("load", "classes"), CLOUDS.values(), ids=CLOUDS)
@pytest.mark.parametrize("n", [1, 7, 100])
def test_classes_take_turns_so_their_sizes_differ_by_one_at_most(load, classes, n):
    x, y = load(n, seed=0)
    assert x.shape == (n, 2)
    assert y.tolist() == [i % classes for i in range(n)]


def test_moons_without_noise_are_two_half_circles():
    x, y = datasets.moons(400, noise=0, seed=0)
    upper, lower = x[y == 0], x[y == 1]
    np.testing.assert_allclose(np.linalg.norm(upper, axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1, rtol=1e-14)
    assert upper[:, 1].min() >= 0 and lower[:, 1].max() <= 0.5
    # Each reaches into the other: the end of one lies inside the other's circle.
    assert np.linalg.norm(upper - [1, 0.5], axis=1).min() < 0.6


def test_circles_without_noise_lie_one_in_the_other():
    x, y = datasets.circles(400, radius=0.3, noise=0, seed=0)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), np.where(y, 0.3, 1), rtol=1e-14)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=0.15)  # three standard errors: all the way round


@pytest.mark.parametrize(("arms", "turns"), [(2, 1.0), (2, 2.5), (5, 0.7)])
def test_spirals_without_noise_turn_with_their_radius(arms, turns):
    x, y = datasets.spirals(300, arms=arms, turns=turns, noise=0, seed=0)
    r = np.linalg.norm(x, axis=1)
    assert 0.1 <= r.min() < 0.15 and 0.95 < r.max() <= 1
    turned = np.arctan2(x[:, 1], x[:, 0]) / (2 * np.pi) - turns * r - y / arms
    np.testing.assert_allclose(turned, np.round(turned), atol=1e-12)  # a whole number of turns is left


@pytest.mark.parametrize("load", [datasets.moons, datasets.circles, datasets.spirals, datasets.noisy_sine])
def test_noise_is_the_standard_deviation_around_the_curve(load):
    n = 10_000
    (x, y), (curve_x, curve_y) = load(n, noise=0.2, seed=3), load(n, noise=0, seed=3)
    off = y - curve_y if load is datasets.noisy_sine else x - curve_x
    assert off.std() == pytest.approx(0.2, rel=0.03)  # four standard errors: 1 / sqrt(2 n) each
    assert off.mean() == pytest.approx(0, abs=4 * 0.2 / np.sqrt(n))


def test_the_sine_without_noise_is_one_period():
    x, y = datasets.noisy_sine(1000, noise=0, seed=0)
    assert x.shape == (1000, 1) and 0 <= x.min() < 0.01 and 0.99 < x.max() < 1
    np.testing.assert_allclose(y, np.sin(2 * np.pi * x[:, 0]), rtol=1e-14)


def test_a_straight_line_cannot_tell_moons_circles_or_spirals_apart():
    for load in (datasets.moons, datasets.circles, datasets.spirals):
        x, y = load(1000, noise=0, seed=0)
        rows = np.column_stack([np.ones(len(x)), x])
        best = rows @ np.linalg.lstsq(rows, 2 * y - 1, rcond=None)[0]
        assert ((best > 0) == y).mean() < 0.95


def test_only_the_medium_dose_works_so_no_line_fits():
    x, y = datasets.dosage()
    assert (x.tolist(), y.tolist()) == ([[0], [0.5], [1]], [0, 1, 0])


def test_the_doses_give_the_slope_of_the_study_notes():
    # The network of StatQuest's video, two softplus neurons, with its last bias b3 at 0: d SSR / d b3 is -15.7, one
    # term of about -5.2 a dose, and one step with learning rate 0.1 leads from 0 to 1.57.
    x, y = datasets.dosage()
    hidden = np.log1p(np.exp(x * [3.34, -3.53] + np.array([-1.43, 0.57])))
    terms = -2 * (y - hidden @ [-1.22, -2.30])
    assert terms.round(1).tolist() == [-5.2, -5.2, -5.2]
    assert round(terms.sum(), 1) == -15.7
    assert round(-0.1 * terms.sum(), 2) == 1.57


def test_exam_hours_overlap():
    x, y = datasets.exam_hours()
    assert x.shape == (10, 1)
    assert x[y == 1].min() < x[y == 0].max()


def test_study_habits_are_what_the_docstring_says():
    x, y = datasets.study_habits(50_000, seed=0)
    iq, study, play = x.T
    assert iq.mean() == pytest.approx(100, abs=0.3) and iq.std() == pytest.approx(15, abs=0.2)
    assert study.mean() == pytest.approx(5, abs=0.05) and (study.min(), study.max()) == (0, 10)
    assert play.mean() == pytest.approx(4, abs=0.05) and (play.min(), play.max()) == (0, 8)
    assert np.corrcoef(study, play)[0, 1] < -0.4
    assert abs(np.corrcoef(iq, study)[0, 1]) < 0.02
    chance = 1 / (1 + np.exp(-(0.06 * (iq - 100) + 0.8 * (study - 5) - 0.4 * (play - 4))))
    for low, high in [(0.0, 0.2), (0.4, 0.6), (0.8, 1.0)]:
        group = (low < chance) & (chance <= high)
        assert y[group].mean() == pytest.approx(chance[group].mean(), abs=0.02)


def test_raw_habits_saturate_a_neuron_and_standardized_ones_do_not():
    x, _ = datasets.study_habits(seed=0)
    w = np.random.default_rng(0).uniform(-1, 1, (3, 500))
    assert (np.abs(x @ w) > 10).mean() > 0.8
    assert (np.abs(datasets.standardize(x) @ w) > 10).mean() == 0


def test_iris_takes_the_classes_and_features_asked_for():
    x, y = datasets.iris()
    assert x.shape == (100, 2) and y.sum() == 50
    assert x[y == 1].mean(axis=0) == pytest.approx([4.26, 1.326])
    flipped, other = datasets.iris(classes=("versicolor", "setosa"))
    np.testing.assert_array_equal(flipped, x)
    np.testing.assert_array_equal(other, 1 - y)
    sepals, _ = datasets.iris(features=("sepal length (cm)",))
    assert sepals.shape == (100, 1)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"classes": ("setosa", "virginia")}, "Did you mean 'virginica'"),
        ({"classes": ("setosa", "setosa")}, "two different classes"),
        ({"classes": "setosa"}, "two different classes"),
        ({"features": ("petal lenght (cm)",)}, r"Did you mean 'petal length \(cm\)'"),
        ({"features": "petal length (cm)"}, "expected a tuple of features"),
    ],
)
def test_iris_answers_a_wrong_name_with_the_nearest(asked, message):
    with pytest.raises(ValueError, match=message):
        datasets.iris(**asked)


def test_without_scikit_learn_a_table_says_how_to_install_it():
    code = """
import sys
sys.modules["sklearn"] = None
import nncourse as nn
for name in ("iris", "breast_cancer", "digits", "wine", "diabetes"):
    try:
        getattr(nn.datasets, name)()
    except ImportError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f'datasets.{name} needs scikit-learn: pip install "nncourse[data]"' for name in ("iris", *TABLES)
    ]


def test_scikit_learn_is_loaded_when_it_is_needed_and_not_before():
    code = "import sys, nncourse; print([name for name in ('sklearn', 'scipy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


SIZES = {"breast_cancer": (569, 30), "digits": (1797, 64), "wine": (178, 13), "diabetes": (442, 10)}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_name_for_every_column_and_class(name):
    table = TABLES[name]()
    assert table.x.shape == SIZES[name]
    assert len(table.feature_names) == len(set(table.feature_names)) == table.x.shape[1]
    assert all(type(word) is str for word in (*table.feature_names, *table.class_names))
    if table.class_names:
        assert set(table.y) == set(range(len(table.class_names)))


@every_table
def test_a_table_comes_apart_into_x_and_y(load):
    table = load()
    x, y = table
    assert x is table.x and y is table.y
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.x = None


def test_in_the_cancer_data_one_means_malignant_unlike_in_scikit_learn():
    table = datasets.breast_cancer()
    theirs = load_breast_cancer()
    assert table.class_names == ("benign", "malignant")
    assert [int((table.y == i).sum()) for i in (0, 1)] == [357, 212]
    assert theirs.target_names.tolist() == ["malignant", "benign"]
    np.testing.assert_array_equal(table.y, 1 - theirs.target)
    np.testing.assert_array_equal(table.x, theirs.data)
    radius = table.x[:, table.feature_names.index("mean radius")]
    assert radius[table.y == 1].mean() > radius[table.y == 0].mean()  # malignant nuclei are larger
    for word in ("malignant", "benign", "1 - target"):
        assert word in datasets.breast_cancer.__doc__


def test_in_the_other_tables_the_numbers_are_those_of_scikit_learn():
    for ours, theirs in [
        (datasets.digits(), load_digits()),
        (datasets.wine(), load_wine()),
        (datasets.diabetes(), load_diabetes(scaled=False)),
    ]:
        np.testing.assert_array_equal(ours.x, theirs.data)
        np.testing.assert_array_equal(ours.y, theirs.target)


def test_digits_are_images_row_by_row():
    table = datasets.digits()
    assert (table.x.min(), table.x.max()) == (0, 16)
    np.testing.assert_array_equal(table.x.reshape(-1, 8, 8), load_digits().images)
    assert table.class_names == tuple("0123456789")


def test_diabetes_comes_in_units_that_nobody_has_scaled():
    table = datasets.diabetes()
    age = table.x[:, table.feature_names.index("age")]
    assert age.min() >= 18 and age.max() < 100
    scaled = load_diabetes().data
    np.testing.assert_allclose(datasets.standardize(table.x), scaled * np.sqrt(len(scaled)), atol=1e-6)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("breast_cancer", "Dataset(breast cancer: x (569, 30), y 0 = benign, 1 = malignant)"),
        ("digits", "Dataset(digits: x (1797, 64), y 10 classes)"),
        ("diabetes", "Dataset(diabetes: x (442, 10), y a quantity)"),
    ],
)
def test_a_table_prints_its_shape_and_what_one_means(name, shown):
    assert repr(TABLES[name]()) == shown


def test_standardized_columns_have_mean_zero_and_deviation_one():
    x = np.random.default_rng(0).normal([5, 100], [2, 15], (30, 2))
    before = x.copy()
    scaled = datasets.standardize(x)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=1e-13)
    np.testing.assert_array_equal(x, before)


def test_a_reference_sets_the_scale():
    assert datasets.standardize([[10.0]], reference=[[2.0], [6.0]]).tolist() == [[3.0]]


@pytest.mark.parametrize(
    ("x", "reference", "message"),
    [
        ([1.0, 2.0], None, r"received \(2,\)"),
        ([[1.0, 2.0]], [[1.0]], r"received \(1, 2\) and \(1, 1\)"),
        (np.empty((0, 2)), None, r"x must not be empty, received shape \(0, 2\)"),
        ([[1.0]], np.empty((0, 1)), r"reference must not be empty, received shape \(0, 1\)"),
        ([[0.0, 1.0], [np.nan, 2.0]], None, r"x must be finite, received nan at index \(1, 0\)\. Drop or fill"),
        ([[1.0]], [[0.0], [np.inf]], r"reference must be finite, received inf at index \(1, 0\)"),
        ([["1"], ["2"]], None, "x must hold numbers, received dtype <U1"),
        ([[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]], None, r"columns \[0\] have only one value"),
    ],
)
def test_columns_that_cannot_be_scaled_are_refused(x, reference, message):
    with pytest.raises(ValueError, match=message):
        datasets.standardize(x, reference)


@pytest.mark.parametrize("n", [0, -3, 2.5, 5.0, "5", None, True])
@pytest.mark.parametrize(
    "load",
    [
        datasets.blobs,
        datasets.study_habits,
        datasets.moons,
        datasets.circles,
        datasets.spirals,
        datasets.noisy_sine,
    ],
)
def test_a_number_of_rows_is_whole_and_positive(load, n):
    with pytest.raises(ValueError, match="n must be a whole number from 1 on"):
        load(n, seed=0)


@pytest.mark.parametrize("separation", [-1, np.nan, np.inf, "4", None])
def test_a_separation_is_a_distance(separation):
    with pytest.raises(ValueError, match=r"separation must be a number from 0 on, received .*\. Try 4\.0\."):
        datasets.blobs(5, separation=separation, seed=0)


@pytest.mark.parametrize("noise", [-0.1, np.nan, np.inf, "a little"])
@pytest.mark.parametrize("load", [datasets.moons, datasets.circles, datasets.spirals, datasets.noisy_sine])
def test_noise_is_a_standard_deviation(load, noise):
    with pytest.raises(ValueError, match="noise must be a number from 0 on, received"):
        load(5, noise=noise, seed=0)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: datasets.circles(radius=0, seed=0), "radius must be a number above 0, received 0"),
        (
            lambda: datasets.spirals(arms=1, seed=0),
            "arms must be a whole number from 2 on, received 1",
        ),
        (lambda: datasets.spirals(arms=2.5, seed=0), "arms must be a whole number from 2 on"),
        (lambda: datasets.spirals(turns=-1, seed=0), "turns must be a number above 0, received -1"),
    ],
)
def test_shapes_that_do_not_exist_are_refused(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


@pytest.mark.parametrize(
    "load",
    [datasets.moons, datasets.circles, datasets.spirals, datasets.noisy_sine],
)
def test_what_is_random_needs_a_seed(load):
    with pytest.raises(TypeError, match="seed"):
        load(5)
