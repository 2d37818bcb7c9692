"""The bottom that a penalty moves, in Python and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse.widgets import PenaltyGeometry

PLACES = [((1.2, 0.5), 0.4, 0.8), ((-0.7, 1.6), -0.9, 0.3), ((2.0, 1.9), 0.9, 1.0), ((0.4, -0.3), 0.0, 2.0)]


@pytest.mark.parametrize("penalty", ["L1", "L2"])
@pytest.mark.parametrize(("bottom", "correlation", "strength"), PLACES)
def test_no_place_nearby_is_lower(penalty, bottom, correlation, strength):
    """The total is convex, so that the lowest place nearby is the lowest of all."""
    widget = PenaltyGeometry(penalty, bottom, correlation, strength)
    w = widget.weights()
    steps = np.random.default_rng(0).normal(scale=0.01, size=(400, 2)) * [[1, 1]]
    assert all(widget.total(w + step) > widget.total(w) for step in [*steps, *steps * [1, 0], *steps * [0, 1]])


def test_without_correlation_the_weights_follow_the_formulas_of_the_chapter():
    bottom = np.array([1.2, -0.5])
    soft = np.sign(bottom) * np.maximum(np.abs(bottom) - 0.6, 0)
    assert PenaltyGeometry("L1", bottom, 0, 0.6).weights() == pytest.approx(soft)
    assert PenaltyGeometry("L2", bottom, 0, 0.6).weights() == pytest.approx(bottom / (1 + 2 * 0.6))


def test_l1_lands_from_a_whole_region_and_l2_from_lines_only():
    grid = np.linspace(-2, 2, 18)  # no bottom has a zero of its own
    share = {
        penalty: np.mean([any(PenaltyGeometry(penalty, (x, y), 0.4, 0.8).zeros()) for x in grid for y in grid])
        for penalty in ("L1", "L2")
    }
    assert share["L1"] > 0.4 and share["L2"] == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bottom": (3, 0)}, r"bottom: from -2 to 2 is expected, got 3.0. Try \[1.2, 0.5\]."),
        ({"bottom": (0, float("nan"))}, "bottom: from -2 to 2"),
        ({"bottom": (1, 1, 1)}, "bottom"),
        ({"correlation": 1.0}, "correlation: from -0.9 to 0.9 is expected, got 1.0. Try 0.4."),
        ({"strength": -0.1}, "strength: from 0 to 2"),
        ({"penalty": "L0"}, "penalty"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        PenaltyGeometry(**settings)


def test_words():
    assert repr(PenaltyGeometry()) == "PenaltyGeometry('L1', bottom=[1.2, 0.5], correlation=0.4, strength=0.8)"
    assert "lowest place to (0.60, 0.00): one of them exactly 0" in PenaltyGeometry().describe()
    assert "none of them exactly 0" in PenaltyGeometry("L2").describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_and_tells_what_python_tells(show, width):
    page, heights = show(PenaltyGeometry(bottom=(-1.9, -1.5)), width=width), set()
    for penalty in ("L1", "L2"):
        page.select_option("select[name=penalty]", penalty)
        page.click("input[name=landing]")
        for correlation in ("Home", "End"):
            page.focus("input[name=correlation]")
            page.keyboard.press(correlation)
            for strength in ("Home", "End", "PageDown"):
                page.focus("input[name=strength]")
                page.keyboard.press(strength)
                rho, charge = (float(page.input_value(f"input[name={name}]")) for name in ("correlation", "strength"))
                gone = sum(PenaltyGeometry(penalty, (-1.9, -1.5), rho, charge).zeros())
                words = ("No weight is exactly 0.", "is exactly 0.", "Both weights are exactly 0.")[gone]
                assert page.inner_text(".nn-status").endswith(words)
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
