"""Moved digits in Python, and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse import models
from nncourse.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D
from nncourse.widgets import ShiftedDigit

from .golden.shifted_digit import networks, pictures

X, Y = pictures()


def made(*layers):
    return models.Sequential([Input((10, 10, 1)), *layers, Dense(4, activation="softmax")], seed=0)


def test_eight_bits_hardly_change_what_a_network_says():
    models_, widget = networks(), ShiftedDigit(networks(), X, Y, digit=1)
    for name, model in models_.items():
        exact = model.predict(widget.moved([[0, 0], [2, -1]]))
        stored = [widget.scores(name, shift) for shift in ([0, 0], [2, -1])]
        assert stored == pytest.approx(exact, abs=0.05)
        for was, now in zip(model.get_weights(), widget.model(name).get_weights(), strict=True):
            assert np.abs(was - now).max() <= np.abs(was).max() / 250


def test_the_middle_of_the_readings_is_the_picture_in_place():
    widget = ShiftedDigit(networks(), X, Y, digit=2)
    for name in networks():
        assert widget.reads(name)[3, 3] == widget.scores(name).argmax()
        assert widget.reads(name)[3, 4] == widget.scores(name, [0, 1]).argmax()


RELU = {"activation": "relu"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"x": np.zeros((3, 10, 9))}, r"square pictures .* got \(3, 10, 9\)"),
        ({"x": np.zeros((2, 10, 10))}, r"got \(2, 10, 10\) and \(3,\)"),
        ({"x": 16 * X}, "ink from 0 to 1 in sixteenths, got 0 to 16. Try x / 16."),
        ({"x": np.roll(X, 1, axis=1)}, "three pixels of blank paper"),
        ({"models": {"dense": made(Flatten())}}, "dense: expected a model of Conv2D, .* got Flatten, Dense"),
        ({"models": {"none": None}}, "none: expected a model"),
        ({"models": {"steps": made(Conv2D(2, 3, 2, **RELU), MaxPooling2D(2), Flatten())}}, "a stride of 1"),
        ({"models": {"tanh": made(Conv2D(2, 3, activation="tanh"), MaxPooling2D(2), Flatten())}}, "got tanh"),
        ({"digit": 3}, "0 to 2, got 3"),
        ({"shift": [4, 0]}, "shift"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        ShiftedDigit(**({"models": networks(), "x": X, "y": Y} | settings))


def test_an_unknown_network_is_refused_by_name():
    with pytest.raises(ValueError, match=r"no network 'other'\. Try 'inside', 'framed'"):
        ShiftedDigit(networks(), X, Y).model("other")


def test_words():
    widget = ShiftedDigit(networks(), X[..., None], Y, shift=[1, -2])
    assert repr(widget) == "ShiftedDigit('inside', 'framed'; 3 pictures, digit=0, shift=[1, -2])"
    assert f"'inside' reads {widget.scores('inside').argmax()} " in widget.describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_wherever_the_digit_lies(show, width):
    page, heights = show(ShiftedDigit(networks(), X, Y), width=width), set()
    for digit in "012":
        page.select_option("select[name=digit]", digit)
        for key in ("Home", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
            page.focus("g[tabindex]")
            page.keyboard.press(key)
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
