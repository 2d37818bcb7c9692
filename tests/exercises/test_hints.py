"""A hint is true of the answer that it comments on, and no wrong answer gets full points."""

import numpy as np
import pytest

from nncourse import exercises
from nncourse.exercises import check
from nncourse.exercises.faults import plain_words


def xor_of_gates(or_bias, nand_bias, last_bias):
    def xor_from_gates(x):
        either = np.where(x @ np.array([1, 1]) + or_bias >= 0, 1, 0)
        not_both = np.where(x @ np.array([-1, -1]) + nand_bias >= 0, 1, 0)
        return np.where(either + not_both + last_bias >= 0, 1, 0)

    return xor_from_gates


def network(*arrays):
    return check("xor-by-hand", lambda: tuple(np.array(array, dtype=float) for array in arrays))


@pytest.mark.parametrize("or_threshold", [0.12, 0.19, 0.85])
def test_an_or_that_noise_can_cross_is_refused(or_threshold):
    assert not check("xor-from-gates", xor_of_gates(-or_threshold, 1.5, -1.5)).passed


@pytest.mark.parametrize("nand_bias", [1.15, 1.85, 1.95])
def test_a_nand_that_noise_can_cross_is_refused(nand_bias):
    assert not check("xor-from-gates", xor_of_gates(-0.5, nand_bias, -1.5)).passed


@pytest.mark.parametrize("biases", [(-0.5, 1.5, -1.5), (-0.25, 1.75, -2), (-0.75, 1.25, -1.1)])
def test_gates_with_room_pass(biases):
    assert check("xor-from-gates", xor_of_gates(*biases)).passed


def test_thresholds_on_the_points_are_told_to_leave_room():
    report = check("xor-from-gates", xor_of_gates(-1, 1, -2))
    assert [c.passed for c in report.checks] == [True, False]
    assert "Leave room" in report.hint


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(bad):
    for report in (
        check("gate-weights", lambda name: (np.array([bad, 1.0]), -1.5)),
        check("gate-weights", lambda name: (np.array([1.0, 1.0]), bad)),
        network([[bad, 20], [20, 20]], [-10, -30], [[20], [-20]], [-10]),
        network([[20, 20], [20, 20]], [-10, -30], [[20], [-20]], [bad]),
    ):
        assert report.points == 0
        assert "nan or inf" in report.message


def test_xor_by_hand_tells_biases_left_behind_from_turned_ones_and_from_an_or_at_the_end():
    or_nand = [[20, -20], [20, -20]]
    assert "scale the biases" in network(or_nand, [-0.5, 1.5], [[20], [20]], [-1.5]).hint
    assert "has to ask for both" in network(or_nand, [-10, 30], [[20], [20]], [-10]).hint
    assert "turned" in network([[20, 20], [20, 20]], [10, 30], [[20], [-20]], [10]).hint
    assert network([[20, 20], [20, 20]], [-10, -30], [[20], [-20]], [-30]).hint == ""


def test_one_wrong_gate_does_not_bring_a_hint_about_the_others():
    table = {"AND": ([1, 1], -1.5), "OR": ([1, 1], -1.5), "NAND": ([-1, -1], 1.5)}
    assert "swapped" not in check("gate-weights", lambda name: table[name]).hint


def test_numpys_words_about_matrix_products_are_translated():
    for left, right, words in (
        (np.ones((3, 2)), np.ones((4, 3)), "the left array ends with 2, the right begins with 4"),
        (np.ones(2), np.ones(3), "the left array ends with 2, the right begins with 3"),
        (np.ones(2), np.float64(3), "the right one is a single number"),
        (np.float64(3), np.ones(2), "the left one is a single number"),
    ):
        with pytest.raises(ValueError) as caught:
            np.matmul(left, right)
        assert words in plain_words(" ".join(str(caught.value).split()))
    assert plain_words("something else") == "something else"


def test_a_product_by_dot_gets_the_words_and_the_hint_of_the_product_by_an_operator():
    for function in (lambda x, w, b: w @ x + b, lambda x, w, b: np.dot(w, x) + b):
        report = check("weighted-sum", function)
        assert "the inner sizes differ: the left array ends with 2, the right begins with 3" in report.message
        assert "x comes first" in report.hint


def test_a_warning_beside_a_wrong_value_does_not_hide_the_mistake():
    def clipped(y, z):
        p = np.clip(1 / (1 + np.exp(-z)), 1e-12, 1 - 1e-12)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    assert "about 28" in check("logistic-loss", clipped).hint


def test_two_mistakes_bring_the_hint_of_the_first():
    def without_minus_through_p(y, z):
        p = 1 / (1 + np.exp(-z))
        return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    assert "the minus in front is missing" in check("logistic-loss", without_minus_through_p).hint


def test_a_silenced_overflow_loses_the_smallest_answers():
    def silenced(z):
        with np.errstate(all="ignore"):
            return 1 / (1 + np.exp(-z))

    for function in (silenced, lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700)))):
        assert [c.passed for c in check("stable-sigmoid", function).checks] == [True, True, True, False]


def test_the_catalog_prints_as_a_table_and_stays_a_sequence():
    catalog = exercises.catalog()
    lines = repr(catalog).splitlines()
    assert len(lines) == len(catalog) and max(map(len, lines)) < 100
    assert all(exercise.id in line and exercise.title in line for exercise, line in zip(catalog, lines, strict=True))
    assert repr(catalog[0]) == "<step-function: The step function, 2 points>"
    assert catalog._repr_html_().count("<tr>") == len(catalog) + 1
