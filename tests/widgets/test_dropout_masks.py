"""Dropout step by step, in Python and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse.widgets import DropoutMasks


def silent(widget, step):
    return widget.handed_on(step) == 0


def test_every_row_of_every_step_has_a_mask_of_its_own():
    widget = DropoutMasks(0.5)
    masks = {tuple(row) for step in range(1, 21) for row in silent(widget, step)}
    assert len(masks) > 70  # of 80 rows


def test_the_share_of_silent_neurons_is_the_rate_and_a_higher_rate_silences_more():
    steps = range(1, 101)
    for rate in (0.0, 0.3, 0.8):
        assert np.mean([silent(DropoutMasks(rate), step) for step in steps]) == pytest.approx(rate, abs=0.03)
    low, high = (np.array([silent(DropoutMasks(rate), step) for step in steps]) for rate in (0.3, 0.5))
    assert (high >= low).all()


def test_the_scale_keeps_the_mean_and_without_it_a_share_is_missing():
    for rate in (0.3, 0.6):
        assert DropoutMasks(rate, step=100).running_mean() == pytest.approx(10, abs=0.5)
        assert DropoutMasks(rate, scaled=False, step=100).running_mean() == pytest.approx(10 * (1 - rate), abs=0.3)


def test_in_use_nobody_is_silent_and_nothing_is_scaled():
    for scaled in (True, False):
        assert (DropoutMasks(0.7, scaled, in_use=True).handed_on() == 1).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rate": 0.9}, "rate: from 0 to 0.8 is expected, got 0.9. Try 0.3."),
        ({"rate": float("nan")}, "rate: from 0 to 0.8"),
        ({"step": 0}, "step: from 1 to 100 is expected, got 0. Try 1."),
        ({"step": 101}, "step: from 1 to 100"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        DropoutMasks(**settings)


def test_words():
    assert repr(DropoutMasks(0.5)) == "DropoutMasks(rate=0.5, scaled=True, in_use=False, step=1)"
    assert "dropout rate of 0.5" in DropoutMasks(0.5).describe()
    assert "0, 0, 0 and 0 neurons are silent" in DropoutMasks(in_use=True).describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_and_tells_what_python_tells(show, width):
    page, heights = show(DropoutMasks(), width=width), set()
    for scaled in (False, True):
        page.set_checked("input[name=scaled]", scaled)
        for rate, key in ((0.0, "Home"), (0.8, "End"), (0.6, "PageDown")):
            page.focus("input[name=rate]")
            page.keyboard.press(key)
            for step, move in ((1, "Home"), (100, "End"), (90, "PageDown")):
                page.focus("input[name=step]")
                page.keyboard.press(move)
                mean = DropoutMasks(rate, scaled, step=step).running_mean()
                told = float(page.inner_text(".nn-status").partition("Mean so far ")[2].split(",")[0])
                assert told == pytest.approx(mean, abs=0.0051)
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    page.check("input[name=in_use]")
    heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
