import pytest

from nncourse import widgets

from .driven import Driven, numbers


class TestLossShapes:
    """The first on the page moves a point, the second a score."""

    @staticmethod
    def score_view(widget):
        root = widget.page.locator('.nn-widget[data-widget="LossShapes"]').nth(1)
        root.scroll_into_view_if_needed()
        return Driven(widget.page, root)

    @staticmethod
    def rows(widget):
        return [row.locator("td").all_inner_texts() for row in widget.find("tbody tr").all()]

    def assert_lines_are_true(self, widget, last, delta):
        twin = widgets.LossShapes("residual", last=last, delta=delta)
        lines, pulls = twin.lines(), twin.pulls()
        shown = [[numbers(cell)[0] for cell in row] for row in self.rows(widget)]
        assert shown == [pytest.approx([lines[name][0], *pulls[name]], abs=5.1e-3) for name in lines]
        assert f"Last point at {last:.1f}." in widget.says
        for i, (w, b) in enumerate(lines.values()):
            ends = [float(widget.find(f"line.nn-s{i}").first.get_attribute(f"y{end}")) for end in (1, 2)]
            frame = widget.find(".nn-frame").first
            unit = float(frame.get_attribute("height")) / 22
            assert ends[0] - ends[1] == pytest.approx(10 * w * unit, abs=0.01)
            assert float(frame.get_attribute("y")) + 21 * unit - ends[0] == pytest.approx((b - w / 2) * unit, abs=0.01)

    def assert_score_is_true(self, widget, score, yes):
        twin = widgets.LossShapes("score", score=score, yes=yes)
        costs, steps = twin.costs(), twin.steps()
        for row, name in zip(self.rows(widget), costs, strict=True):
            assert numbers(row[0])[0] == pytest.approx(costs[name][0], abs=5.1e-3)
            assert numbers(row[1])[0] == pytest.approx(costs[name][1], abs=5.1e-4)
            wanted = steps[name]
            assert row[2] == str(wanted) if wanted is not None else row[2] in ("never", "> 20000")
        assert ("No step is needed" in widget.says) == ((score >= 0) == yes)

    def test_they_begin_as_they_were_built(self, widget):
        self.assert_lines_are_true(widget, widget.state["last"], widget.state["delta"])
        second = self.score_view(widget)
        self.assert_score_is_true(second, second.state["score"], second.state["yes"])

    def test_the_mouse_drags_the_last_point_into_line(self, widget):
        before = widget.shown("last")
        target = widget.pixels((9, 5.5), (-0.5, 9.5), (-1, 21))
        widget.drag(widget.find(".nn-drag .nn-dot"), target)
        assert widget.shown("last") == pytest.approx(5.5, abs=0.15) != before
        self.assert_lines_are_true(widget, widget.shown("last"), 1.0)

    def test_two_lines_stop_following_a_point_lifted_by_keyboard(self, widget):
        slider = widget.find('input[name="last"]')
        widget.keys(slider, "Home", *["PageUp"] * 9)
        assert widget.shown("last") == 9
        self.assert_lines_are_true(widget, 9, 1)
        low = [row[0] for row in self.rows(widget)]
        widget.keys(slider, "End")
        high = [row[0] for row in self.rows(widget)]
        assert high[1:] == low[1:] and high[0] != low[0]
        self.assert_lines_are_true(widget, 20, 1)
        widget.keys(widget.find('input[name="delta"]'), "End")
        rows = self.rows(widget)
        assert rows[0][0] == rows[2][0] != rows[1][0]
        self.assert_lines_are_true(widget, 20, 10)

    def test_the_squared_error_falls_silent_by_keyboard(self, widget):
        second = self.score_view(widget)
        slider = second.find('input[name="score"]')
        widget.keys(slider, "Home", *["PageUp"] * 5)
        self.assert_score_is_true(second, -10, True)
        for key, score in (("ArrowLeft", -10.5), ("Home", -20), ("ArrowRight", -19.5), ("End", 20)):
            widget.keys(slider, key)
            self.assert_score_is_true(second, score, True)
        toggle = second.find('input[name="yes"]')
        widget.keys(toggle, "Space")
        self.assert_score_is_true(second, 20, False)

    def test_the_answer_changes_sides_by_mouse(self, widget):
        second = self.score_view(widget)
        second.find('input[name="yes"]').click()
        self.assert_score_is_true(second, second.state["score"], False)
        slider = second.find('input[name="score"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        widget.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 2)
        assert second.shown("score") > 4
        self.assert_score_is_true(second, second.shown("score"), False)
