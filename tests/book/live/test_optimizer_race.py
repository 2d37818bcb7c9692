import math

import pytest

from nncourse import widgets
from nncourse.widgets.optimizer_race import RATES, RULES, STEPS, SURFACES

from .driven import numbers


class TestOptimizerRace:
    @staticmethod
    def row(widget, rule):
        return widget.find(f'tbody tr:has(input[name="{rule}"])')

    @staticmethod
    def start(widget):
        return numbers(widget.find(".nn-drag").get_attribute("aria-label"))

    def rate(self, widget, rule):
        return float(self.row(widget, rule).locator("output").inner_text())

    def assert_tells_the_truth(self, widget, twin):
        """The loss that every rule has reached, and the step from which on it is at the goal.

        A rule that hops over a minimum is led by the last digits: what a billionth of a step changes is not compared.
        """
        assert self.start(widget) == pytest.approx(twin.start)
        nudged = [value + 1e-11 * (0.5 - value) for value in twin.start]
        shaken = widgets.OptimizerRace(twin.surface, nudged, twin.rates, steps=twin.steps)
        compared, ends = 0, {}
        for rule in RULES:
            loss, steps = self.row(widget, rule).locator("td").all_inner_texts()[1:]
            assert self.rate(widget, rule) == twin.rates[rule]
            ends[rule], other = twin.losses(rule)[twin.steps], shaken.losses(rule)[twin.steps]
            if math.isfinite(ends[rule]) and ends[rule] != pytest.approx(other, rel=1e-3):
                continue
            compared += 1
            if math.isfinite(ends[rule]):
                rough = not 1e-3 <= abs(ends[rule]) < 1e4  # then it is told by one digit and a power of ten
                within = {"rel": 0.35} if rough else {"rel": 0, "abs": 0.051}
                assert numbers(loss)[0] == pytest.approx(ends[rule], **within)
            else:
                assert loss == "lost"
            arrival = twin.arrival(rule)
            if twin.steps == STEPS and arrival == shaken.arrival(rule):
                assert steps == ("not yet" if arrival is None else str(arrival))
        assert compared >= 3
        if compared == len(RULES):
            assert min(ends, key=ends.get) in widget.says.partition("lowest:")[2].partition(", loss")[0].lower()

    def test_the_start_is_dragged_by_mouse_and_every_walk_begins_there(self, widget):
        surface = widget.state["surface"]
        twin = widgets.OptimizerRace(surface, rates=widget.state["rates"])
        self.assert_tells_the_truth(widget, twin)
        widget.drag(widget.find(".nn-drag"), widget.pixels((1.5, -2.0), *SURFACES[surface].domain))
        assert self.start(widget) == pytest.approx([1.5, -2.0], abs=0.11)
        twin.start = self.start(widget)
        self.assert_tells_the_truth(widget, twin)

    def test_each_rule_finds_its_best_rate_by_mouse_on_every_surface(self, widget):
        for surface in SURFACES:
            widget.pick("surface", surface)
            twin = widgets.OptimizerRace(surface)
            widget.press("All at 0.05")
            self.assert_tells_the_truth(widget, twin)
            widget.press("Each at its best rate")
            assert self.rate(widget, "nesterov") == twin.best_rate("nesterov")
            twin.rates = {rule: self.rate(widget, rule) for rule in RULES}
            self.assert_tells_the_truth(widget, twin)

    def test_rules_rates_steps_and_start_answer_to_the_keyboard(self, widget):
        twin = widgets.OptimizerRace(widget.state["surface"], rates=widget.state["rates"])
        lines = widget.find("polyline[points*=' ']").count()
        widget.keys(widget.find('input[name="adam"]'), "Space")
        assert widget.find("polyline[points*=' ']").count() == lines - 1
        assert self.row(widget, "adam").locator("td").all_inner_texts()[1:] == ["\u2013", "\u2013"]
        widget.keys(widget.find('input[name="adam"]'), "Space")

        widget.keys(widget.find('input[name="sgd_rate"]'), "Home", *["ArrowRight"] * 3)
        widget.keys(widget.find('input[name="adagrad_rate"]'), "End", "ArrowLeft")
        twin.rates = twin.rates | {"sgd": RATES[3], "adagrad": RATES[-2]}
        widget.keys(widget.find(".nn-drag"), "ArrowRight", "ArrowRight", "ArrowUp", "ArrowDown", "ArrowDown")
        twin.start = [twin.start[0] + 0.2, twin.start[1] - 0.1]
        self.assert_tells_the_truth(widget, twin)
        widget.keys(widget.find('input[name="steps"]'), "Home", "PageUp", "ArrowRight")
        twin.steps = 12
        self.assert_tells_the_truth(widget, twin)
        widget.keys(widget.find(".nn-drag"), "Home")
        assert self.start(widget) == pytest.approx(SURFACES[twin.surface].start)
