"""Losses as shapes: the lines that they draw, and the steps that their slopes allow."""

import numpy as np
import pytest
import traitlets as t

from nncourse import losses
from nncourse.widgets import LossShapes
from nncourse.widgets.loss_shapes import NINE


def cost(widget, loss, line):
    return loss([*NINE, widget.last], line[0] * np.arange(10.0) + line[1])


@pytest.mark.parametrize("last", [0.0, 5.6, 6.4, 20.0])
def test_no_line_nearby_is_cheaper(last):
    widget = LossShapes(last=last, delta=2.0)
    kinds = (losses.MeanSquaredError(), losses.MeanAbsoluteError(), losses.Huber(2.0))
    for (name, (w, b)), loss in zip(widget.lines().items(), kinds, strict=True):
        for tilt in (-0.001, 0, 0.001):
            for lift in (-0.001, 0, 0.001):
                near = cost(widget, loss, (w + tilt, b + lift - 4.5 * tilt))
                assert near >= cost(widget, loss, (w, b)) - 1e-12, name


def test_beyond_delta_the_last_point_moves_hubers_line_no_more_and_the_squared_one_for_ever():
    lines = [LossShapes(last=last).lines() for last in (8.0, 14.0, 20.0)]
    for name in ("absolute", "Huber"):
        assert lines[0][name] == pytest.approx(lines[2][name]) and lines[1][name] == pytest.approx(lines[2][name])
    slopes = [line["squared"][0] for line in lines]
    assert np.diff(slopes) == pytest.approx([slopes[1] - slopes[0]] * 2) and slopes[1] > slopes[0] + 0.3


def test_a_large_delta_makes_huber_square():
    lines = LossShapes(last=20.0, delta=10.0).lines()
    assert lines["Huber"] == pytest.approx(lines["squared"])


def test_at_the_best_squared_line_the_pulls_balance():
    widget = LossShapes(last=13.0)
    w, b = widget.lines()["squared"]
    r = w * np.arange(10.0) + b - np.array([*NINE, 13.0])
    assert (2 * r).sum() == pytest.approx(0, abs=1e-12) and 2 * r[-1] == pytest.approx(widget.pulls()["squared"][1])


def test_a_sure_mistake_is_hardly_felt_by_the_squared_error():
    widget = LossShapes("score", score=-10)
    slopes = {name: slope for name, (_, slope) in widget.costs().items()}
    assert slopes["cross-entropy"] == pytest.approx(-1, abs=1e-4)
    assert slopes["squared error"] == pytest.approx(-0.00009, abs=5e-6)
    assert widget.steps() == {"cross-entropy": 11, "clipped": 11, "squared error": 11034}
    widget.score = -17
    assert widget.steps() == {"cross-entropy": 18, "clipped": None, "squared error": None}
    widget.yes = False
    assert set(widget.steps().values()) == {0}


def test_the_slope_is_that_of_the_cost():
    for yes in (True, False):
        for score in (-18.0, -6.0, 0.3, 5.0, 17.0):
            up, down = (LossShapes("score", score=score + h, yes=yes).costs() for h in (1e-5, -1e-5))
            for name, (_, slope) in LossShapes("score", score=score, yes=yes).costs().items():
                assert (up[name][0] - down[name][0]) / 2e-5 == pytest.approx(slope, abs=1e-5), name


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"last": 21.0}, "last: a number from 0 to 20 is expected, got 21.0. Try 10."),
        ({"last": float("nan")}, "last: a number"),
        ({"delta": 0.0}, "delta: a number from 0.5 to 10"),
        ({"score": -30.0}, "score: a number from -20 to 20"),
        ({"view": "both"}, "view"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        LossShapes(**settings)


def test_words():
    assert repr(LossShapes()) == "LossShapes('residual', last=20, delta=1)"
    assert "squared 1.28, absolute 0.51, Huber 0.58" in LossShapes().describe()
    assert repr(LossShapes("score")) == "LossShapes('score', score=-10, yes=True)"
    assert "squared error -0.00009" in LossShapes("score").describe()


@pytest.mark.parametrize("width", [760, 360])
@pytest.mark.parametrize("view", ["residual", "score"])
def test_the_widget_keeps_its_height_whatever_it_says(show, width, view):
    page, heights = show(LossShapes(view), width=width), set()
    sliders = ("last", "delta") if view == "residual" else ("score",)
    for name in sliders:
        for key in ("End", "PageDown", "PageDown", "Home", "ArrowRight"):
            page.focus(f"input[name={name}]")
            page.keyboard.press(key)
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    if view == "score":
        page.locator("input[name=yes]").click()
        heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
