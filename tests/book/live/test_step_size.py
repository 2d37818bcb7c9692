import pytest

from nncourse import widgets

from .driven import numbers

WORDS = {
    "slides": "slides in",
    "one step": "in one step",
    "hops": "hops from side to side",
    "for ever": "for ever",
    "climbs out": "climbs out",
}


class TestStepSize:
    @staticmethod
    def assert_tells_the_truth(widget, curvature, rate):
        twin = widgets.StepSize(curvature, rate)
        assert numbers(widget.says)[0] == pytest.approx(twin.factor(), abs=0.0006)
        assert WORDS[twin.regime()] in widget.says
        if (needed := twin.steps_needed()) and twin.regime() != "one step":
            assert f"{needed} steps" in widget.says
        assert twin.regime() in widget.find(".nn-strip").get_attribute("aria-label")

    @staticmethod
    def turn(widget, name, value):
        """Bring a slider to a value by keys alone."""
        slider = widget.find(f'input[name="{name}"]')
        low, step = (float(slider.get_attribute(one)) for one in ("min", "step"))
        widget.keys(slider, "Home", *["ArrowRight"] * round((value - low) / step))
        assert widget.shown(name) == pytest.approx(value)

    @staticmethod
    def heights(line):
        """The heights of a line of the drawing, in its own pixels."""
        points = line.get_attribute("points")
        return [float(point.split(",")[1]) for point in points.split()] if points else []

    def test_sliders_answer_to_the_mouse(self, widget):
        self.assert_tells_the_truth(widget, widget.state["curvature"], widget.state["learning_rate"])
        for name, share in [("learning_rate", 0.7), ("curvature", 0.15)]:
            slider = widget.find(f'input[name="{name}"]')
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            widget.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
            assert widget.shown(name) != widget.state[name]
            self.assert_tells_the_truth(widget, widget.shown("curvature"), widget.shown("learning_rate"))

    def test_all_five_regimes_by_keyboard(self, widget):
        self.turn(widget, "curvature", 2)
        seen = []
        for rate in (0.1, 0.5, 0.9, 1.0, 1.05):
            self.turn(widget, "learning_rate", rate)
            self.assert_tells_the_truth(widget, 2, rate)
            seen.append(widgets.StepSize(2.0, rate).regime())
        assert seen == list(WORDS)
        widget.keys(widget.find('input[name="learning_rate"]'), "End")
        self.assert_tells_the_truth(widget, 2, 2.5)

    def test_a_rate_is_perfect_in_one_bowl_and_hopeless_in_another_by_keyboard(self, widget):
        self.turn(widget, "learning_rate", 1)
        for curvature in (0.5, 1, 2, 4):
            self.turn(widget, "curvature", curvature)
            self.assert_tells_the_truth(widget, curvature, 1)

    def test_two_rates_lay_their_line_on_a_walk_kept_by_mouse(self, widget):
        assert self.heights(widget.find(".nn-old")) == []
        widget.find('input[name="keep"]').click()
        curvature, rate = widget.state["curvature"], widget.state["learning_rate"]
        kept = self.heights(widget.find(".nn-old"))
        assert len(kept) > 10
        self.turn(widget, "curvature", 2 * curvature)
        line = widget.find("polyline.nn-line:not(.nn-curve):not(.nn-old)").last
        same = []
        slider = widget.find('input[name="learning_rate"]')
        widget.keys(slider, "Home")
        while (shown := widget.shown("learning_rate")) < rate:
            if self.heights(line) == pytest.approx(kept, abs=0.02):
                same.append(shown)
            widget.keys(slider, "ArrowRight")
        assert same == pytest.approx([(2 / curvature - rate) / 2, rate / 2])
        assert self.heights(widget.find(".nn-old")) == kept
        widget.find('input[name="keep"]').click()
        assert self.heights(widget.find(".nn-old")) == []
