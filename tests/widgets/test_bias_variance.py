"""Bias and variance of polynomials: the sum, what a weight costs, and the widget on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse.widgets import BiasVariance


def test_the_fits_are_least_squares():
    widget = BiasVariance(degree=9, sets=3)
    x, targets = widget.places(), widget.targets()
    for row, fit in zip(targets, widget.answers(), strict=True):
        assert np.polynomial.Polynomial.fit(x, row, 9)(x) == pytest.approx(fit, abs=1e-9)


def test_squared_bias_and_variance_add_up_to_the_distance_from_the_truth():
    widget = BiasVariance(degree=5, n=24, sets=40)
    parts, away = widget.parts(), np.mean((widget.answers() - widget.truth()) ** 2)
    assert parts["bias2"] + parts["variance"] == pytest.approx(away)
    assert parts["sum"] == pytest.approx(away + 0.09)


@pytest.mark.parametrize(("degree", "n"), [(3, 20), (15, 20), (7, 40), (11, 60)])
def test_each_weight_costs_its_share_of_the_noise(degree, n):
    parts, share = BiasVariance(degree=degree, n=n, sets=200).parts(), (degree + 1) / n
    # Mean squares of 800 numbers and more: three of their standard deviations are 0.15.
    assert parts["variance"] == pytest.approx(0.09 * share, rel=0.15)
    assert parts["own"] - parts["bias2"] == pytest.approx(0.09 * (1 - share), rel=0.15)


def test_the_numbers_are_those_of_the_chapter():
    """Chapter 13 draws ten thousand sets; 200 come near."""
    for degree, (bias2, variance) in {0: (0.500, 0.005), 1: (0.196, 0.009), 3: (0.003, 0.018), 9: (0, 0.045)}.items():
        parts = BiasVariance(degree=degree, sets=200).parts()
        assert (parts["bias2"], parts["variance"]) == pytest.approx((bias2, variance), abs=0.006)
    assert BiasVariance(sets=200).best_degree() == 3


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"degree": 16}, "degree: a number from 0 to 15 is expected, got 16. Try 15."),
        ({"n": 10}, "n: a number from 16 to 60"),
        ({"noise": float("nan")}, "noise: a number from 0 to 0.5"),
        ({"sets": 0}, "sets: a number from 1 to 200"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        BiasVariance(**settings)


def test_words():
    assert repr(BiasVariance()) == "BiasVariance(degree=1, n=20, noise=0.3, sets=50)"
    assert "squared bias 0.193, variance 0.008, noise 0.090, together 0.291" in BiasVariance().describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(BiasVariance(), width=width), set()
    for press in ("50 more sets", "Start again", "One more set"):
        page.click(f"text={press}")
        for name in ("degree", "n", "noise"):
            for key in ("End", "Home"):
                page.focus(f"input[name={name}]")
                page.keyboard.press(key)
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights


def test_a_click_on_a_bar_chooses_its_degree(show):
    page = show(BiasVariance())
    frame = page.locator(".nn-plane .nn-frame").nth(1).bounding_box()
    page.mouse.click(frame["x"] + frame["width"] * 12.6 / 16.2, frame["y"] + 20)
    assert page.inner_text(".nn-status").startswith("Degree 12, 50 training sets of 20 points")
