"""The 3-2-1 network as a widget: Python and the page tell the same."""

import re

import numpy as np
import pytest
import traitlets as t

from nncourse.exercises.chapter_07 import backprop_321
from nncourse.widgets import ThreeTwoOne


def test_the_student_of_the_chapters():
    widget = ThreeTwoOne()
    assert widget.answer() == pytest.approx(0.543384, abs=5e-7)
    dw, db = backprop_321(np.array(widget.x), 1.0, np.array(widget.w), np.array(widget.b))
    assert list(widget.slopes().values()) == pytest.approx([*dw, *db], rel=1e-12)
    assert list(widget.slopes()) == [*(f"w{k}" for k in range(1, 9)), "b1", "b2", "b3"]


def test_an_input_of_zero_freezes_its_two_weights_and_raw_numbers_the_whole_first_layer():
    slopes = ThreeTwoOne(x=[1, 0, -1]).slopes()
    assert [name for name, slope in slopes.items() if slope == 0] == ["w3", "w4"]
    slopes = ThreeTwoOne(raw=True).slopes()
    assert [name for name, slope in slopes.items() if abs(slope) < 1e-4] == [
        "w1",
        "w2",
        "w3",
        "w4",
        "w5",
        "w6",
        "b1",
        "b2",
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"x": [115, 6, 2]}, r"x: 3 numbers from -3 to 3 are expected, got \[115.0, 6.0, 2.0\]. IQ 115 is x = 1"),
        ({"x": [1, 2]}, "x: 3 numbers"),
        ({"w": [0.1] * 7}, "w: 8 numbers from -8 to 8"),
        ({"b": [0, 0, float("nan")]}, "b: 3 numbers"),
        ({"y": 0.5}, "y: 0 or 1 is expected, got 0.5"),
        ({"learning_rate": 0}, "learning_rate: a number from 0.1 to 5"),
        ({"way": "forward", "station": 3}, "station: a number from 0 to 2"),
        ({"look": "w9"}, "look"),
        ({"way": "back"}, "way"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        ThreeTwoOne(**settings)


def test_words():
    assert repr(ThreeTwoOne()) == "ThreeTwoOne('both', x=[1.0, 0.5, -1.0], look='w3')"
    assert "answers 0.5434" in ThreeTwoOne("forward").describe() and "slope" not in ThreeTwoOne("forward").describe()
    assert "its slope in w7 is -0.1384" in ThreeTwoOne(look="w7").describe()


@pytest.mark.parametrize("width", [664, 344])
@pytest.mark.parametrize("way", ["both", "forward"])
def test_the_widget_keeps_its_height_and_its_lines_fit(show, width, way):
    page, heights = show(ThreeTwoOne(way), width=width), set()
    page.add_style_tag(content="body { font-family: 'DejaVu Sans', sans-serif }")  # as wide as any
    walk = """async () => {
      [...document.querySelectorAll("button")].find((one) => one.textContent === "Next step").click();
      await new Promise((go) => setTimeout(go));
      const lines = [...document.querySelectorAll(".nn-worked span")];
      const cut = lines.filter((one) => one.scrollWidth > one.clientWidth + 1);
      return [document.querySelector(".nn-w").offsetHeight, cut.map((one) => one.textContent)];
    }"""
    for ends in (["Home", "Home", "Home"], ["End", "Home", "End"], ["End", "End", "End"]):
        for name, key in zip(("x1", "x2", "x3"), ends, strict=True):
            page.focus(f"input[name={name}]")
            page.keyboard.press(key)
        for look in ("w1", "w4", "w8", "b2", "b3"):
            page.select_option("select[name=look]", look)
            for key in ("Home", "End"):
                page.focus("input[name=parameter]")
                page.keyboard.press(key)
                height, cut = page.evaluate(walk)
                assert cut == []
                heights.add(height)
        page.click("input[name=raw]")
    assert len(heights) == 1, heights


def test_the_page_works_out_what_python_finds(show):
    page = show(ThreeTwoOne())
    for name, slope in ThreeTwoOne().slopes().items():
        page.select_option("select[name=look]", name)
        for line in page.locator(".nn-numbers").all()[-2:]:  # by the chain rule, and by nudging
            shown = float(re.findall(r"[\d.e-]+$", line.inner_text().replace("−", "-"))[0])
            assert shown == pytest.approx(slope, rel=6e-4)
