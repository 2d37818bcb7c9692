import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nncourse as nn
from nncourse import Perceptron
from nncourse.datasets import boolean_functions, logic_gate


def separable(seed, n=40):
    """Points of two classes with a gap around a line."""
    x = np.random.default_rng(seed).normal(size=(n, 2))
    score = x @ [1.0, -2.0] + 0.3
    keep = np.abs(score) > 0.1
    return x[keep], (score[keep] >= 0).astype(float)


def test_and_takes_six_epochs_and_eleven_updates_in_whole_numbers():
    x, y = logic_gate("AND")
    neuron = Perceptron(learning_rate=1).fit(x, y)
    assert neuron.mistakes_ == [2, 3, 3, 2, 1, 0]
    assert (neuron.bias_, neuron.weights_.tolist()) == (-3, [2, 1])
    assert neuron.predict(x).tolist() == y.tolist()


def test_and_at_a_rate_of_a_tenth_ends_early_by_a_rounding_error():
    x, y = logic_gate("AND")
    neuron = Perceptron(learning_rate=0.1).fit(x, y)
    assert neuron.mistakes_ == [2, 3, 3, 0]
    assert neuron.decision_function(x)[2] == pytest.approx(-2.8e-17, abs=1e-18)


def test_xor_goes_round_for_ever():
    x, y = logic_gate("XOR")
    assert Perceptron(learning_rate=1, epochs=30).fit(x, y).mistakes_ == [3, 3] + 28 * [4]


def test_it_learns_fourteen_of_the_sixteen_boolean_functions():
    x, _ = logic_gate("AND")
    last = {name: Perceptron(learning_rate=1, epochs=100).fit(x, y).mistakes_[-1] for name, y in boolean_functions()}
    assert {name for name, count in last.items() if count} == {"0110", "1001"}


def test_first_steps_worked_by_hand():
    x, y = [[1.0, 2.0], [3.0, -1.0]], [0, 1]
    # (1, 2) scores 0, fires, must not: weights -(1, 2), bias -1. (3, -1) then scores -2, must fire: plus (3, -1).
    neuron = Perceptron(learning_rate=1, epochs=1).fit(x, y)
    assert (neuron.mistakes_, neuron.weights_.tolist(), neuron.bias_) == ([2], [2, -3], 0)


def test_a_score_of_zero_fires():
    neuron = Perceptron().fit([[0.0]], [1])
    assert (neuron.mistakes_, neuron.predict([[5.0]]).tolist()) == ([0], [1])


@pytest.mark.parametrize("seed", range(20))
def test_mistakes_stay_below_novikoffs_bound(seed):
    x, y = separable(seed)
    with_one = np.column_stack([np.ones(len(x)), x])
    teacher = np.array([0.3, 1.0, -2.0])
    margin = np.abs(with_one @ teacher).min() / np.linalg.norm(teacher)
    bound = (np.linalg.norm(with_one, axis=1).max() / margin) ** 2
    neuron = Perceptron(epochs=10_000).fit(x, y)
    assert neuron.mistakes_[-1] == 0
    assert sum(neuron.mistakes_) <= bound


@settings(deadline=None)
@given(rate=st.sampled_from([0.125, 0.5, 2.0, 1024.0]), seed=st.integers(0, 1000))
def test_the_rate_scales_the_weights_and_changes_no_mistake(rate, seed):
    x, y = separable(seed)
    one, other = Perceptron(1.0, 5).fit(x, y), Perceptron(rate, 5).fit(x, y)
    assert one.mistakes_ == other.mistakes_
    np.testing.assert_array_equal(one.weights_ * rate, other.weights_)
    assert one.bias_ * rate == other.bias_


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.booleans()), min_size=1, max_size=12))
def test_it_stops_exactly_at_the_first_epoch_without_a_mistake(rows):
    data = np.array(rows, dtype=float)
    x, y = data[:, :2], data[:, 2]
    neuron = Perceptron(learning_rate=1, epochs=15).fit(x, y)
    assert 0 not in neuron.mistakes_[:-1]
    assert len(neuron.mistakes_) == 15 or neuron.mistakes_[-1] == 0
    if neuron.mistakes_[-1] == 0:
        assert neuron.predict(x).tolist() == y.tolist()


def test_shuffling_is_repeated_by_the_same_seed_and_not_without_reason():
    x, y = separable(3)
    first, again = (Perceptron().fit(x, y, rng=7) for _ in range(2))
    assert first.mistakes_ == again.mistakes_
    assert Perceptron().fit(x, y, rng=np.random.default_rng(7)).mistakes_ == first.mistakes_
    assert len({tuple(Perceptron().fit(x, y, rng=seed).mistakes_) for seed in range(10)}) > 1
    assert Perceptron().fit(x, y).mistakes_ == Perceptron().fit(x, y).mistakes_


def test_fit_begins_anew_and_leaves_its_arguments_alone():
    x, y = logic_gate("AND")
    neuron = Perceptron()
    assert neuron.fit(x, y) is neuron
    first = neuron.weights_
    neuron.fit(x, 1 - y)
    neuron.fit(x, y)
    np.testing.assert_array_equal(neuron.weights_, first)
    assert (x.tolist(), y.tolist()) == tuple(part.tolist() for part in logic_gate("AND"))


def test_what_it_learns_is_float64_and_plain_counts():
    neuron = Perceptron().fit(np.array([[0, 1], [1, 0]], "float32"), [True, False])
    assert neuron.weights_.dtype == neuron.predict([[1, 2]]).dtype == np.float64
    assert type(neuron.bias_) is float
    assert {type(count) for count in neuron.mistakes_} == {int}


def test_repr_shows_the_settings():
    assert repr(Perceptron()) == "Perceptron(learning_rate=0.1, epochs=10)"


X, Y = [[0.0, 1.0], [1.0, 0.0]], [0, 1]


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0.0, 1.0], Y, r"x must have shape \(n, d\), received \(2,\)\. For one example use \[x\]"),
        (np.zeros((2, 2, 2)), Y, r"received \(2, 2, 2\)\. Try x\.reshape"),
        (X, [[0], [1]], r"y must have shape \(2,\), received \(2, 1\)\. Use y\.ravel\(\)"),
        (X, [0, 1, 1], r"y must have shape \(2,\), received \(3,\)\. Pass one label"),
        (X, 1, r"y must have shape \(2,\), received \(\)"),
        (X, [-1, 1], r"received \[-1\.0, 1\.0\]\. Use \(y \+ 1\) / 2"),
        (X, [1, 2], r"labels must be 0 or 1, received \[1\.0, 2\.0\]\. Use y == c"),
        (np.ones((9, 1)), np.arange(9), "received 9 values"),
        (X, ["yes", "no"], "y must hold numbers, received dtype <U3"),
        (X, ["0", "1"], "y must hold numbers"),
        ([["a", "b"]], [1], "x must hold numbers"),
        ([[1, 2], [3]], Y, "rows of different lengths"),
        (np.empty((0, 2)), [], "x must not be empty"),
        ([[0.0, np.nan], [1.0, 0.0]], Y, r"x must be finite, received nan at index \(0, 1\)"),
        ([[0.0, 1.0], [np.inf, 0.0]], Y, r"received inf at index \(1, 0\)"),
        (X, [np.nan, 1], r"y must be finite, received nan at index \(0,\)"),
    ],
)
def test_data_that_do_not_fit_are_refused_with_a_way_out(x, y, message):
    with pytest.raises(ValueError, match=message):
        Perceptron().fit(x, y)


@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf, "0.1", None, True, [0.1]])
def test_a_rate_that_is_not_positive_is_refused(rate):
    with pytest.raises(ValueError, match=r"learning_rate must be a number above 0, received .*\. Try 0\.1\."):
        Perceptron(learning_rate=rate)


@pytest.mark.parametrize("epochs", [0, -1, 2.5, 10.0, "10", None, True])
def test_epochs_are_counted_in_whole_numbers(epochs):
    with pytest.raises(ValueError, match=r"epochs must be a whole number from 1 on, received .*\. Try 10\."):
        Perceptron(epochs=epochs)


@pytest.mark.parametrize("method", ["predict", "decision_function"])
def test_an_untrained_perceptron_says_how_to_train_it(method):
    with pytest.raises(ValueError, match=r"Call fit\(x, y\) first"):
        getattr(Perceptron(), method)(X)


@pytest.mark.parametrize("method", ["predict", "decision_function"])
def test_other_features_than_those_learned_are_refused(method):
    with pytest.raises(ValueError, match="x must have 2 columns, as in fit, received 3"):
        getattr(Perceptron().fit(X, Y), method)([[1, 2, 3]])


def test_a_failed_fit_keeps_what_was_learned():
    neuron = nn.Perceptron().fit(X, Y)
    before = (neuron.weights_.tolist(), neuron.bias_, neuron.mistakes_)
    with pytest.raises(ValueError):
        neuron.fit(X, [5, 6])
    assert (neuron.weights_.tolist(), neuron.bias_, neuron.mistakes_) == before
