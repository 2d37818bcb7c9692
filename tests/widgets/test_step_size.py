"""The step on a parabola: five regimes, told alike by Python and by the page."""

import numpy as np
import pytest
import traitlets as t

from nncourse.widgets import StepSize

REGIMES = {0.1: "slides", 0.5: "one step", 0.9: "hops", 1.0: "for ever", 1.05: "climbs out"}


@pytest.mark.parametrize(("rate", "regime"), REGIMES.items())
def test_the_regime_is_what_the_walk_does(rate, regime):
    widget = StepSize(2.0, rate)
    w = np.array(widget.walk(20))
    assert widget.regime() == regime
    assert {
        "slides": (np.diff(w) < 0).all() and (w > 0).all(),
        "one step": not w[1:].any(),
        "hops": (w[1:] * w[:-1] < 0).all() and (np.diff(np.abs(w)) < 0).all(),
        "for ever": (np.abs(w) == 4).all() and (w[1:] == -w[:-1]).all(),
        "climbs out": (np.diff(np.abs(w)) > 0).all(),
    }[regime]


def test_factors_of_one_size_need_the_same_steps():
    assert StepSize(2.0, 0.1).steps_needed() == StepSize(2.0, 0.9).steps_needed() == 38
    assert StepSize(0.5, 0.05).steps_needed() == 328
    assert StepSize(2.0, 1.0).steps_needed() is None
    assert StepSize(4.0, 2.5).steps_needed() is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"curvature": 9.0}, "curvature: a curvature from 0.5 to 4 is expected, got 9.0. Try 1."),
        ({"curvature": float("nan")}, "curvature from 0.5 to 4"),
        ({"learning_rate": 0.0}, "learning_rate from 0.05 to 2.5"),
        ({"kept": [2.0, -1.0]}, "kept: a learning_rate from"),
        ({"kept": [2.0]}, "kept: curvature and learning rate are expected"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        StepSize(**settings)


def test_words():
    assert repr(StepSize(2.0, 0.9)) == "StepSize(curvature=2, learning_rate=0.9)"
    assert "multiplies the weight by -0.8" in StepSize(2.0, 0.9).describe()
    assert "never brings it to the bottom" in StepSize(2.0, 1.05).describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_and_tells_what_python_tells(show, width):
    page, heights = show(StepSize(), width=width), set()
    for keys in (["Home"], ["End"], ["Home", *["PageUp"] * 4], ["Home", "PageUp", "PageUp", "ArrowRight"]):
        for curvature in ("Home", "End"):
            page.focus("input[name=curvature]")
            page.keyboard.press(curvature)
            page.focus("input[name=learning_rate]")
            for key in keys:
                page.keyboard.press(key)
            a, rate = (float(page.input_value(f"input[name={name}]")) for name in ("curvature", "learning_rate"))
            factor = f"Factor {round(StepSize(a, rate).factor(), 3):g}:".replace("-", "−")
            assert page.inner_text(".nn-status").startswith(factor)
            page.click("input[name=keep]")
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
