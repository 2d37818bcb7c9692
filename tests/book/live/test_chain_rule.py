import math

import pytest

from nncourse import widgets
from nncourse.widgets.chain_rule import EXPRESSIONS

from .driven import numbers


class TestChainRule:
    @staticmethod
    def twin(widget):
        """The widget in Python, as the page shows it now."""
        expression = widget.find('select[name="expression"]').input_value()
        look = int(widget.find('select[name="look"]').input_value())
        return widgets.ChainRule(expression, [widget.shown(f"value{i}") for i in range(3)], look=look)

    def assert_multiplies_and_adds(self, widget):
        """All the way back: each path's product, their sum, and the measured slope are those of Python."""
        twin = self.twin(widget)
        shown = [numbers(line.inner_text()) for line in widget.find(".nn-numbers").all()]
        products = [math.prod(path) for path in twin.paths()]
        assert [line[-1] for line in shown[:2] if line] == pytest.approx(products, rel=6e-4, abs=1e-9)
        slope = twin.slopes()[list(EXPRESSIONS[twin.expression][0])[twin.look]]
        assert shown[2][-1] == pytest.approx(slope, rel=6e-4, abs=1e-9)
        assert shown[3][-1] == pytest.approx(slope, rel=2e-3, abs=1e-4)

    def test_every_value_of_every_graph_by_mouse(self, widget):
        for expression in EXPRESSIONS:
            widget.pick("expression", expression)
            widget.press("All the way")
            for i in range(3):
                widget.find(".nn-leaf").nth(i).click()
                assert widget.find('select[name="look"]').input_value() == str(i)
                self.assert_multiplies_and_adds(widget)

    def test_factors_come_one_value_at_a_time_by_keyboard(self, widget):
        press, unknown = widget.root.get_by_role("button", name="Next value"), []
        widget.pick("expression", "3-2-1")
        slopes = self.twin(widget).slopes()
        for _ in EXPRESSIONS["3-2-1"][2]:
            unknown.append(widget.find(".nn-paths").inner_text().count("?"))
            widget.keys(press, "Enter")
        assert unknown == sorted(unknown, reverse=True) and unknown[0] > unknown[-1] > 0
        assert "?" not in widget.find(".nn-paths").inner_text()
        told = dict(part.split(" = ") for part in widget.find(".nn-graph").get_attribute("aria-label").split("; "))
        shown = {name: numbers(text)[-1] for name, text in told.items()}
        assert shown == pytest.approx(slopes, rel=6e-4)
        assert f"{slopes['x1']:.4g}" in widget.says
        widget.press("Start again")
        assert "Forward" in widget.says

    def test_two_paths_can_cancel_by_keyboard(self, widget):
        widget.press("All the way")
        self.assert_multiplies_and_adds(widget)
        b = widget.find('input[name="value1"]')
        while widget.shown("value1") > -1.5:
            widget.keys(b, "ArrowLeft")
        self.assert_multiplies_and_adds(widget)
        twin = self.twin(widget)
        assert twin.slopes()["b"] == pytest.approx(0) and all(math.prod(path) for path in twin.paths())
        here = twin.nodes()["L"].data
        for b in (-1.6, -1.4):
            assert widgets.ChainRule("two sums", [2, b, 1]).nodes()["L"].data > here

    def test_a_slider_makes_both_paths_of_an_input_agree_by_mouse(self, widget):
        widget.pick("expression", "3-2-1")
        widget.press("All the way")
        first, second = (math.prod(path) for path in self.twin(widget).paths())
        assert first < 0 < second
        slider = widget.find('input[name="value2"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        widget.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
        self.assert_multiplies_and_adds(widget)
        assert all(math.prod(path) < 0 for path in self.twin(widget).paths())
