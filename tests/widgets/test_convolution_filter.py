"""The filter in Python, and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse import datasets
from nncourse.widgets import ConvolutionFilter

RISE = [[-1, 0, 1]] * 3


def test_without_a_picture_it_shows_a_three_and_ten_digits_to_choose_from():
    widget, (x, y) = ConvolutionFilter(), datasets.digits()
    pictures = np.frombuffer(widget.digits, np.uint8).reshape(10, 64)
    assert widget.picture == pictures[3].tolist()
    for digit, picture in enumerate(pictures):
        assert digit in y[(x == picture).all(axis=1)]


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_nine_products_add_up_to_the_score_at_every_place(stride, padding):
    widget = ConvolutionFilter(kernel=np.arange(9).reshape(3, 3) / 2, stride=stride, padding=padding)
    scores = widget.map()
    for place in np.ndindex(scores.shape):
        widget.place = list(place)
        assert widget.products().sum() == pytest.approx(scores[place])
    if padding == "same":
        assert len(scores) == -(-8 // stride)


def test_beyond_the_map_the_window_stops_at_its_border():
    widget = ConvolutionFilter(stride=3, place=[7, 7])
    assert len(widget.map()) == 2
    assert (widget.window() == np.reshape(widget.picture, (8, 8))[3:6, 3:6]).all()


def test_the_pooled_map_keeps_the_largest_of_each_four():
    scores = ConvolutionFilter().map()
    assert (ConvolutionFilter().pooled() == scores.reshape(3, 2, 3, 2).max(axis=(1, 3))).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"picture": np.zeros(64)}, r"shape \(8, 8\), got \(64,\). Try picture.reshape\(8, 8\)"),
        ({"picture": np.zeros((3, 3))}, r"shape \(8, 8\), got \(3, 3\)\.$"),
        ({"picture": np.full((8, 8), 0.5)}, r"from 0 to 16, got 0.5 to 0.5. Try \(16"),
        ({"picture": np.full((8, 8), 17)}, r"from 0 to 16, got 17 to 17\.$"),
        ({"picture": np.full((8, 8), np.nan)}, "whole numbers"),
        ({"kernel": np.zeros((5, 5))}, r"kernel has the shape \(3, 3\)"),
        ({"kernel": np.full((3, 3), 10)}, "weights from -9 to 9, got 10"),
        ({"kernel": np.full((3, 3), np.inf)}, "weights from -9 to 9, got inf"),
        ({"stride": 4}, "stride"),
        ({"padding": "full"}, "padding"),
        ({"place": [8, 0]}, "place"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        ConvolutionFilter(**settings)


def test_words():
    widget = ConvolutionFilter(kernel=RISE, stride=2)
    assert repr(widget) == "ConvolutionFilter(kernel=[-1, 0, 1, -1, 0, 1, -1, 0, 1], stride=2, padding='valid')"
    assert f"add up to {widget.map()[2, 2]:g}." in widget.describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_shows(show, width):
    page, heights = show(ConvolutionFilter(kernel=np.full((3, 3), -4.55)), width=width), set()
    for stride in ("1", "2", "3"):
        for padding in ("valid", "same"):
            page.select_option("select[name=stride]", stride)
            page.select_option("select[name=padding]", padding)
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights


def test_what_a_weight_cannot_be_is_not_left_standing(show):
    page = show(ConvolutionFilter())
    page.fill("input[name=weight4]", "70")
    page.keyboard.press("Tab")
    assert page.input_value("input[name=weight4]") == "9"
    page.fill("input[name=weight4]", "")
    page.keyboard.press("Tab")
    assert page.input_value("input[name=weight4]") == "9"
