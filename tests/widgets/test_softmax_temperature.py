"""Softmax at a temperature: what changes the shares, and what does not."""

import numpy as np
import pytest
import traitlets as t

from nncourse.activations import softmax
from nncourse.widgets import SoftmaxTemperature

Z = np.array([2.0, 1.0, 0.1])


def test_a_bonus_for_all_changes_nothing_though_the_formula_as_typed_breaks():
    plain, raised = SoftmaxTemperature(), SoftmaxTemperature(bonus=1000)
    assert raised.shares() == pytest.approx(plain.shares())
    assert raised.chosen() == plain.chosen()
    assert np.isinf(raised.as_typed()).all() and np.isfinite(plain.as_typed()).all()


def test_half_the_temperature_is_twice_the_scores():
    assert SoftmaxTemperature(Z, temperature=0.5).shares() == pytest.approx(softmax(2 * Z))


def test_the_cold_takes_the_largest_and_the_heat_makes_all_alike():
    assert SoftmaxTemperature(temperature=0.1).shares().round(3).tolist() == [1, 0, 0]
    assert SoftmaxTemperature(temperature=10).shares().round(3).tolist() == [0.366, 0.331, 0.303]
    assert SoftmaxTemperature((1, 1), temperature=0.05).shares().tolist() == [0.5, 0.5]


def test_choices_follow_the_shares():
    counts = np.array([SoftmaxTemperature(seed=seed).chosen() for seed in range(100)])
    assert (counts.sum(axis=1) == 100).all() and counts.mean(axis=0) / 100 == pytest.approx(softmax(Z), abs=0.015)
    assert len(np.unique(counts, axis=0)) > 50


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"scores": [9.0, 1.0]}, "scores: numbers from -5 to 5 are expected, got 9.0"),
        ({"scores": [float("nan"), 1.0]}, "scores: numbers"),
        ({"scores": [1.0]}, "scores"),
        ({"scores": [1.0, 2.0], "names": ["one"]}, "a word for each of the 2 scores is expected, got 1"),
        ({"temperature": 0.0}, "temperature: a number from 0.05 to 50 is expected, got 0.0. Try 1."),
        ({"bonus": -1.0}, "bonus: a number"),
        ({"seed": -1}, "seed: a number"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        SoftmaxTemperature(**settings)


def test_words():
    assert repr(SoftmaxTemperature()) == "SoftmaxTemperature([2.0, 1.0, 0.1], temperature=1, bonus=0)"
    assert "first 0.659, second 0.242, third 0.099" in SoftmaxTemperature().describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(SoftmaxTemperature(), width=width), set()
    for name in ("temperature", "bonus", "score1"):
        for key in ("End", "PageDown", "Home", "ArrowRight"):
            page.focus(f"input[name={name}]")
            page.keyboard.press(key)
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
        page.keyboard.press("End")
    assert len(heights) == 1, heights
