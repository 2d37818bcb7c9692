"""What the explorer answers to Python, and what it refuses."""

import numpy as np
import pytest
import traitlets

from nncourse import activations
from nncourse.widgets import ActivationExplorer
from nncourse.widgets.activation_explorer import FAR, LITTLE, TITLES, verdict

SCORES = np.round(np.arange(-60, 61) / 10, 1)


def test_the_answers_are_those_of_the_activations():
    value, slope, word = ActivationExplorer("tanh", "sigmoid", z=-1.5).answers()["sigmoid"]
    assert value == activations.sigmoid(-1.5) and slope == activations.sigmoid.derivative(-1.5) and word == "open"
    assert list(ActivationExplorer("gelu").answers()) == ["gelu"]


def test_every_elementwise_activation_of_the_package_is_offered():
    assert set(TITLES) == set(activations.KNOWN) - {"softmax"}


@pytest.mark.parametrize("name", TITLES)
def test_open_means_a_slope_at_this_score_or_further_out(name):
    slopes = np.abs(activations.get(name).derivative(SCORES))
    for i, z in enumerate(SCORES):
        outward = slopes[i:] if z > 0 else slopes[: i + 1]
        hears = verdict(name, z) in ("open", "leaking")
        assert hears == (outward.max() >= LITTLE)


def test_gelu_is_open_where_its_slope_passes_through_zero():
    assert abs(activations.gelu.derivative(-0.75)) < LITTLE and verdict("gelu", -0.75) == "open"


@pytest.mark.parametrize("setting", [{"function": "softmax"}, {"other": "swish"}, {"function": "none"}])
def test_an_unknown_curve_is_refused_with_the_known_ones(setting):
    with pytest.raises(traitlets.TraitError, match=r"must be one of step, sigmoid.*Try 'tanh'"):
        ActivationExplorer(**setting)


@pytest.mark.parametrize("z", [FAR + 0.1, -7, float("nan")])
def test_a_score_off_the_axis_is_refused(z):
    with pytest.raises(traitlets.TraitError, match="z must be a number from -6 to 6"):
        ActivationExplorer(z=z)


def test_the_description_tells_values_slopes_and_words():
    text = ActivationExplorer("tanh", "relu", z=-4).describe()
    assert "tanh has the value -0.999 and the slope 0.00134 (saturated)" in text
    assert "ReLU has the value 0.000 and the slope 0 (silent)" in text


def test_it_keeps_its_height_whatever_it_says(show):
    for width in (760, 360):
        page = show(ActivationExplorer(), width=width)
        heights = set()
        for function, other in [("linear", "none"), ("tanh", "gelu"), ("leaky_relu", "step"), ("step", "leaky_relu")]:
            page.select_option("select[name=function]", function)
            page.select_option("select[name=other]", other)
            for key in ("Home", "PageUp", "End"):
                page.focus("input[name=z]")
                page.keyboard.press(key)
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
        assert len(heights) == 1, f"at {width} px: {heights}"
