import numpy as np
import pytest

from nncourse import widgets

from .driven import numbers


class TestSoftmaxTemperature:
    @staticmethod
    def assert_tells_the_truth(widget, scores, temperature=1.0, bonus=0.0, seed=0):
        twin = widgets.SoftmaxTemperature(scores, temperature=temperature, bonus=bonus, seed=seed)
        rows = [row.locator("td").all_inner_texts() for row in widget.find("tbody tr").all()]
        assert [numbers(row[0])[0] for row in rows] == pytest.approx([score + bonus for score in scores])
        assert [float(row[3]) for row in rows] == pytest.approx(twin.shares(), abs=5.1e-4)
        for row, power in zip(rows, twin.as_typed(), strict=True):
            assert (row[1] == "too large") == np.isinf(power)
        assert numbers(widget.find("svg").get_attribute("aria-label")) == pytest.approx(twin.shares(), abs=5.1e-4)
        told = numbers(widget.says)
        assert told[0] == temperature and told[-len(scores) :] == twin.chosen()
        widths = [float(bar.get_attribute("width")) for bar in widget.find(".nn-bar").all()]
        whole = float(widget.find(".nn-room").first.get_attribute("width"))
        assert widths == pytest.approx(whole * twin.shares(), abs=0.006)
        strokes = [(path.get_attribute("d") or "").count("M") for path in widget.find(".nn-tally").all()]
        assert strokes == twin.chosen()
        assert ("breaks" in widget.says) == bool(np.isinf(twin.as_typed()).any())

    def test_it_begins_as_it_was_built(self, widget):
        self.assert_tells_the_truth(widget, widget.state["scores"])

    def test_hot_and_cold_by_keyboard(self, widget):
        scores, heat = widget.state["scores"], widget.find('input[name="temperature"]')
        widget.keys(heat, "Home")
        self.assert_tells_the_truth(widget, scores, 0.05)
        widget.keys(heat, "ArrowRight", "ArrowRight", "ArrowRight")
        self.assert_tells_the_truth(widget, scores, 0.1)
        widget.keys(heat, "PageUp", "PageUp", "PageUp", "PageUp")
        self.assert_tells_the_truth(widget, scores, 10)
        widget.keys(heat, "End")
        self.assert_tells_the_truth(widget, scores, 50)

    def test_a_bonus_by_keyboard_changes_no_share_until_only_the_formula_breaks(self, widget):
        scores, slider = widget.state["scores"], widget.find('input[name="bonus"]')
        for keys, bonus in ((["End"], 1000), (["PageDown"] * 3, 700), (["ArrowRight"], 705), (["ArrowRight"], 710)):
            widget.keys(slider, *keys)
            assert widget.shown("bonus") == bonus
            self.assert_tells_the_truth(widget, scores, bonus=bonus)

    def test_scores_made_equal_by_mouse_and_keyboard_share_alike(self, widget):
        sliders = [widget.find(f'input[name="score{k}"]') for k in range(3)]
        box = sliders[2].bounding_box()
        widget.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
        shown = widget.shown("score2")
        assert shown > 2
        self.assert_tells_the_truth(widget, [*widget.state["scores"][:2], shown])
        for slider in sliders:
            widget.keys(slider, "End", "PageDown")
        self.assert_tells_the_truth(widget, [4.0, 4.0, 4.0])

    def test_the_mouse_asks_for_another_hundred_evenings(self, widget):
        scores = widget.state["scores"]
        for seed in (1, 2):
            widget.press("Another hundred evenings")
            self.assert_tells_the_truth(widget, scores, seed=seed)
