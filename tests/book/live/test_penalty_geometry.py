import numpy as np
import pytest

from nncourse import widgets

from .driven import numbers

RANGE = (-2.2, 2.2)


class TestPenaltyGeometry:
    @staticmethod
    def twin(widget):
        """What the package makes of the state that the page shows."""
        return widgets.PenaltyGeometry(
            widget.find('select[name="penalty"]').input_value(),
            widget.points[0],
            widget.shown("correlation"),
            widget.shown("strength"),
        )

    def assert_tells_the_truth(self, widget):
        twin = self.twin(widget)
        told = numbers(widget.says.partition("to (")[2])[:2]
        assert told == pytest.approx(twin.weights(), abs=0.0051)
        count = sum(twin.zeros())
        assert ("No weight is", " is exactly 0.", "Both weights are")[count] in widget.says
        assert widget.find(".nn-landed").is_visible() == bool(count)
        expected = widget.pixels(twin.weights(), RANGE, RANGE)  # scrolls, so that it comes first
        spot = widget.find(".nn-found").bounding_box()
        assert (spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2) == pytest.approx(expected, abs=1.5)

    def marked(self, widget):
        """How many bottoms are marked."""
        marks = widget.find(".nn-lands")
        return len({part.split("m")[0] for part in marks.get_attribute("d").split("M")[1:]}) if marks.count() else 0

    def test_the_mouse_drags_the_bottom_off_the_zero_and_back(self, widget):
        self.assert_tells_the_truth(widget)
        start = widget.points[0]
        assert any(self.twin(widget).zeros())
        for to in ([1.5, 1.5], [-1.3, 0.1], start):
            widget.drag(widget.find(".nn-drag"), widget.pixels(to, RANGE, RANGE))
            assert widget.points[0] == pytest.approx(to, abs=0.11)
            self.assert_tells_the_truth(widget)

    def test_under_l2_no_strength_set_by_keyboard_makes_a_zero(self, widget):
        widget.pick("penalty", "L2")
        for keys in (["Home"], ["End"], ["PageDown", "ArrowLeft"]):
            widget.keys(widget.find('input[name="strength"]'), *keys)
            self.assert_tells_the_truth(widget)
            assert "No weight" in widget.says

    def test_the_bottom_walks_by_keyboard_and_l1_lets_go_where_python_says(self, widget):
        handle, seen = widget.find(".nn-drag"), {"No weight" in widget.says}
        for _ in range(15):
            widget.keys(handle, "ArrowUp")
            self.assert_tells_the_truth(widget)
            seen.add("No weight" in widget.says)
        assert seen == {True, False}
        widget.keys(handle, "ArrowLeft", "Home")
        assert widget.points[0] == pytest.approx(widget.state["bottom"])

    def test_marks_switched_by_mouse_fill_a_region_under_l1_and_two_lines_under_l2(self, widget):
        assert self.marked(widget) == 0
        widget.find('input[name="landing"]').click()
        for penalty in ("L1", "L2"):
            widget.pick("penalty", penalty)
            grid = np.linspace(-2, 2, 21).round(1) + 0.0
            settings = widget.shown("correlation"), widget.shown("strength")
            expected = sum(any(widgets.PenaltyGeometry(penalty, (x, y), *settings).zeros()) for x in grid for y in grid)
            assert self.marked(widget) == expected
            assert widget.find(".nn-thread").count() == (2 if penalty == "L2" else 0)
        assert expected == 1

    def test_at_the_end_of_the_correlation_reached_by_keyboard_l2_brings_the_weights_together(self, widget):
        widget.keys(widget.find('input[name="correlation"]'), "End")
        widget.keys(widget.find('input[name="strength"]'), "Home", *["ArrowRight"] * 6)
        gap = {}
        for penalty in ("L1", "L2"):
            widget.pick("penalty", penalty)
            self.assert_tells_the_truth(widget)
            told = numbers(widget.says.partition("to (")[2])[:2]
            gap[penalty] = abs(told[0] - told[1])
        before = abs(np.subtract(*widget.points[0]))
        assert gap["L1"] == pytest.approx(before, abs=0.011) and gap["L2"] < before / 2
