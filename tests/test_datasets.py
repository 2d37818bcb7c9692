import subprocess
import sys

import numpy as np
import pytest

from nncourse import datasets

EVERY = {
    "logic_gate": lambda: datasets.logic_gate("XOR"),
    "blobs": lambda: datasets.blobs(50, separation=3, seed=0),
    "exam_hours": datasets.exam_hours,
    "study_habits": lambda: datasets.study_habits(50, seed=0),
    "iris": datasets.iris,
}
RANDOM = {
    "blobs": lambda seed: datasets.blobs(50, separation=3, seed=seed),
    "study_habits": lambda seed: datasets.study_habits(50, seed=seed),
}
every_dataset = pytest.mark.parametrize("load", EVERY.values(), ids=EVERY)
every_random_dataset = pytest.mark.parametrize("load", RANDOM.values(), ids=RANDOM)


@every_dataset
def test_rows_are_float64_and_every_row_has_a_class(load):
    x, y = load()
    assert x.ndim == 2 and y.shape == (len(x),)
    assert x.dtype == y.dtype == np.float64
    assert set(y) == {0, 1}
    assert np.isfinite(x).all()


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


@pytest.mark.parametrize(
    ("name", "hint"), [("NXOR", "Did you mean 'X?N?OR'"), ("?", "Known: AND, OR"), (2, "Known")]
)
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
    np.testing.assert_allclose(
        apart, 5 / np.sqrt(2), atol=0.05
    )  # three standard errors of a difference
    np.testing.assert_allclose(np.cov(x[y == 0].T), np.eye(2), atol=0.05)


def test_blobs_take_turns():
    assert datasets.blobs(5, seed=0)[1].tolist() == [0, 1, 0, 1, 0]


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


def test_iris_without_scikit_learn_says_how_to_install_it():
    code = "import sys; sys.modules['sklearn'] = None; import nncourse as nn; nn.datasets.iris()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (
        'ImportError: datasets.iris needs scikit-learn: pip install "nncourse[data]"' in done.stderr
    )


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
        (np.empty((0, 2)), None, r"received \(0, 2\)"),
        ([[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]], None, r"columns \[0\] have only one value"),
    ],
)
def test_columns_that_cannot_be_scaled_are_refused(x, reference, message):
    with pytest.raises(ValueError, match=message):
        datasets.standardize(x, reference)


@pytest.mark.parametrize("n", [0, -3, 2.5])
@pytest.mark.parametrize("load", [datasets.blobs, datasets.study_habits])
def test_a_number_of_rows_is_whole_and_positive(load, n):
    with pytest.raises(ValueError, match="n must be a whole number from 1 on"):
        load(n, seed=0)


@pytest.mark.parametrize("separation", [-1, np.nan, np.inf])
def test_a_separation_is_a_distance(separation):
    with pytest.raises(ValueError, match="separation must be a number from 0 on"):
        datasets.blobs(5, separation=separation, seed=0)
