import pytest

import nncourse as nn
from nncourse.widgets.activation_explorer import FAR, TITLES

from .driven import numbers


class TestActivationExplorer:
    Z, VALUE, SLOPE = (-FAR, FAR), (-1.5, 3.0), (-0.3, 1.4)

    @staticmethod
    def told(widget, name):
        """Value and slope in the line that begins with the name of a curve."""
        lines = [line for line in widget.says.splitlines() if line.startswith(f"{TITLES[name]}: value")]
        return numbers(lines[0])[:2]

    def assert_tells_the_truth(self, widget, *names):
        z = widget.shown("z")
        assert numbers(widget.says)[0] == z
        for name in names:
            f = nn.activations.get(name)
            value, slope = self.told(widget, name)
            assert value == pytest.approx(f(z), abs=0.0006)
            assert slope == pytest.approx(f.derivative(z), rel=0.06, abs=1e-12)

    def test_both_points_walk_together_under_the_mouse(self, widget):
        widget.pick("function", "sigmoid")
        widget.pick("other", "none")
        handle = widget.find(".nn-drag")
        widget.drag(handle.nth(0), widget.pixels((-1.5, 0.5), self.Z, self.VALUE))
        assert widget.shown("z") == pytest.approx(-1.5, abs=0.11)
        self.assert_tells_the_truth(widget, "sigmoid")
        widget.drag(handle.nth(1), widget.pixels((1.0, 0.5), self.Z, self.SLOPE, drawing=1))
        assert widget.shown("z") == pytest.approx(1.0, abs=0.11)
        self.assert_tells_the_truth(widget, "sigmoid")

    def test_a_click_of_the_mouse_brings_the_point_there(self, widget):
        widget.pick("function", "elu")
        widget.mouse.click(*widget.pixels((-3.0, 2.0), self.Z, self.VALUE))
        assert widget.shown("z") == pytest.approx(-3.0, abs=0.11)
        self.assert_tells_the_truth(widget, "elu")

    def test_the_tangent_is_as_steep_as_the_bar_is_high(self, widget):
        widget.pick("function", "softplus")
        widget.keys(widget.find('input[name="z"]'), "Home", *["PageUp"] * 6, "ArrowRight", "ArrowRight")
        tangent, bar = (
            [float(line.get_attribute(end)) for end in ("x1", "y1", "x2", "y2")] for line in self.strokes(widget)
        )
        frames = [
            frame.evaluate("f => [f.width.baseVal.value, f.height.baseVal.value]")
            for frame in widget.find(".nn-frame").all()
        ]
        (wide, high), (_, low) = frames
        rise = (tangent[1] - tangent[3]) / (tangent[2] - tangent[0]) * (wide / 12) / (high / 4.5)
        slope = nn.activations.softplus.derivative(0.2)
        assert rise == pytest.approx(slope, rel=0.01)
        assert (bar[1] - bar[3]) / (low / 1.7) == pytest.approx(slope, rel=0.01)

    @staticmethod
    def strokes(widget):
        return widget.find(".nn-slope").all()

    def test_the_keyboard_walks_from_open_to_saturated(self, widget):
        widget.pick("function", "tanh")
        widget.pick("other", "sigmoid")
        slider = widget.find('input[name="z"]')
        widget.keys(slider, "End", *["PageDown"] * 4, "ArrowLeft")
        assert widget.shown("z") == 1.9
        self.assert_tells_the_truth(widget, "tanh", "sigmoid")
        assert "saturated:" not in widget.says and "Here sigmoid is the steeper one" in widget.says
        widget.keys(slider, "PageUp", "ArrowRight")
        assert widget.says.count("saturated: slope nearer to 0 than 0.01") == 1  # tanh, not yet the sigmoid
        widget.keys(slider, "End")
        assert widget.says.count("saturated: slope nearer to 0 than 0.01") == 2
        widget.keys(slider, "Home", *["PageUp"] * 6, "ArrowRight")
        assert "Here tanh is the steeper one" in widget.says

    def test_step_and_relu_have_words_of_their_own(self, widget):
        widget.pick("function", "step")
        widget.pick("other", "relu")
        widget.keys(widget.find('input[name="z"]'), "Home", "PageUp")
        assert "flat: at no score" in widget.says and "silent: it hears nothing" in widget.says
        self.assert_tells_the_truth(widget, "step", "relu")
        assert "Both are equally steep" in widget.says

    def test_the_zones_go_and_come_by_keyboard(self, widget):
        widget.pick("function", "tanh")
        widget.pick("other", "none")
        assert widget.find(".nn-deaf").count() == 4  # both ends, above and below
        widget.keys(widget.find('input[name="zones"]'), "Space")
        assert widget.find(".nn-deaf").count() == 0
        widget.keys(widget.find('input[name="zones"]'), "Space")
        widget.pick("function", "leaky_relu")
        assert widget.find(".nn-deaf").count() == 0
        widget.pick("function", "relu")
        assert widget.find(".nn-deaf").count() == 2
