import math

import pytest

from .driven import numbers


class TestOddsDial:
    @staticmethod
    def assert_tells_the_truth(widget):
        p = widget.shown("p")
        assert numbers(widget.says) == pytest.approx([p, p / (1 - p), 1, math.log(p / (1 - p))], abs=0.006)

    def test_the_mouse_moves_the_probability(self, widget):
        slider = widget.find('input[name="p"]')
        box = slider.bounding_box()
        widget.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
        assert widget.shown("p") == pytest.approx(0.3, abs=0.05)
        self.assert_tells_the_truth(widget)

    def test_the_keyboard_reaches_both_ends(self, widget):
        for key, end in (("Home", 0.01), ("End", 0.99)):
            widget.keys(widget.find('input[name="p"]'), key)
            assert widget.shown("p") == end
            self.assert_tells_the_truth(widget)
