import numpy as np
import pytest

import nncourse as nn

from .driven import numbers

SCORES = ("accuracy", "precision", "recall", "f1")


class TestThreshold:
    @staticmethod
    def rows(widget):
        return np.array(widget.state["y_true"]), np.array(widget.state["p"])

    def assert_tells_the_truth(self, widget, threshold):
        """The table, the scores and the cost are those of the package at this threshold and the prices shown."""
        y, p = self.rows(widget)
        called = (p >= threshold).astype(int)
        table = nn.metrics.confusion_matrix(y, called, classes=[1, 0])
        (_, missed), (alarms, _) = table
        shown = [numbers(cell.inner_text())[0] for cell in widget.find(".nn-counts tbody td").all()]
        assert shown == table.ravel().tolist()
        cost = (widget.shown("cost_of_miss") * missed + widget.shown("cost_of_alarm") * alarms) / len(y)
        values = [numbers(cell.inner_text())[0] for cell in widget.find(".nn-scores td:last-child").all()]
        assert values == pytest.approx([*(getattr(nn.metrics, name)(y, called) for name in SCORES), cost], abs=5.1e-4)
        assert f"{missed} of {y.sum():.0f} malignant missed" in widget.says
        roc = numbers(widget.find('[aria-label^="ROC"]').get_attribute("aria-label"))
        assert roc == pytest.approx([nn.metrics.recall(y, called), np.mean(called[y == 0])], abs=5.1e-4)

    def test_it_begins_as_it_was_built(self, widget):
        self.assert_tells_the_truth(widget, widget.state["threshold"])
        assert "Malignant is the positive class" in widget.find("caption").inner_text()

    def test_the_mouse_drags_the_cut_through_the_strips(self, widget):
        before = widget.shown("threshold")
        grip = widget.find(".nn-grip .nn-tip")
        grip.scroll_into_view_if_needed()
        x, _ = widget.pixels((0.2, 1), (0, 1), (0, 2))
        widget.drag(grip, (x, grip.bounding_box()["y"] + 4))
        assert widget.shown("threshold") == pytest.approx(0.2, abs=0.011) != before
        self.assert_tells_the_truth(widget, widget.shown("threshold"))

    def test_the_mouse_presses_the_cut_of_the_formula_and_errors_become_cheaper(self, widget):
        widget.press("Cut at a half")
        self.assert_tells_the_truth(widget, 0.5)
        costs = [numbers(widget.find(".nn-scores td:last-child").last.inner_text())[0]]
        widget.press("Cut where the formula says")
        miss, alarm = (widget.state[name] for name in ("cost_of_miss", "cost_of_alarm"))
        self.assert_tells_the_truth(widget, alarm / (alarm + miss))
        costs += [numbers(widget.find(".nn-scores td:last-child").last.inner_text())[0]]
        assert costs[1] < costs[0]

    def test_at_equal_prices_set_by_keyboard_the_lowest_stair_is_the_highest_accuracy(self, widget):
        widget.keys(widget.find('input[name="cost_of_miss"]'), "Home")
        widget.keys(widget.find('input[name="cost_of_alarm"]'), "End", "PageDown", "ArrowLeft", "Home")
        assert widget.shown("cost_of_miss") == widget.shown("cost_of_alarm") == 1
        y, p = self.rows(widget)
        best = max(nn.metrics.accuracy(y, (p >= cut).astype(int)) for cut in np.append(p, 1))
        told = numbers(widget.says.partition("cheapest cut, ")[2])
        assert told[1] == pytest.approx(1 - best, abs=5.1e-4)
        cut = round(told[0] - 0.005, 2)  # the last hundredth at or below that stair's right end
        widget.keys(widget.find('input[name="threshold"]'), "Home", *["ArrowRight"] * round(100 * cut))
        assert widget.shown("threshold") == pytest.approx(cut)
        self.assert_tells_the_truth(widget, cut)

    def test_the_ends_of_the_threshold_are_reached_by_keyboard(self, widget):
        slider = widget.find('input[name="threshold"]')
        widget.keys(slider, "Home")
        assert widget.shown("threshold") == 0
        self.assert_tells_the_truth(widget, 0)
        widget.keys(slider, "End", "PageDown", "ArrowLeft")
        assert widget.shown("threshold") == pytest.approx(0.89)
        self.assert_tells_the_truth(widget, 0.89)
        widget.keys(slider, "End")
        self.assert_tells_the_truth(widget, 1)
