import math

import pytest

from nncourse import widgets
from nncourse.widgets.batch_size import BUDGETS, SIZES

from .driven import numbers


class TestBatchSize:
    def turn(self, widget, which, size, rate):
        """Bring both sliders of a walker to their values by keys alone."""
        widget.keys(widget.find(f'input[name="batch_sizes_{which}"]'), "Home", *["ArrowRight"] * SIZES.index(size))
        steps = round((rate - 0.02) / 0.02)
        widget.keys(widget.find(f'input[name="rates_{which}"]'), "Home", *["PageUp"] * (steps // 5))
        widget.keys(widget.find(f'input[name="rates_{which}"]'), *["ArrowRight"] * (steps % 5))
        assert widget.shown(f"batch_sizes_{which}") == size
        assert widget.shown(f"rates_{which}") == pytest.approx(rate)

    @staticmethod
    def twin(widget, seed=0):
        return widgets.BatchSize(
            [int(widget.shown(f"batch_sizes_{which}")) for which in (0, 1)],
            [widget.shown(f"rates_{which}") for which in (0, 1)],
            clock=widget.find('select[name="clock"]').input_value(),
            seed=seed,
        )

    def assert_tells_the_truth(self, widget, seed=0):
        """Noise and arrival in the table, and in words what the clock allowed and where each walker ended."""
        twin = self.twin(widget, seed)
        table = [row.locator("td").all_inner_texts() for row in widget.find("tbody tr").all()]
        for which, size in enumerate(twin.batch_sizes):
            column = [row[which] for row in table]
            assert numbers(column[0])[0] == pytest.approx(twin.noise(size), abs=0.0051)
            there = twin.arrival(which)
            if there is None:
                assert column[1:] == ["never"] * 3
            else:
                spent = list(twin.spent(size, there).values())
                assert [numbers(cell)[0] for cell in column[1:]] == pytest.approx(spent, abs=0.0051)
            told = widget.says.partition("●■"[which])[2].partition("■")[0]
            used = [*numbers(told)]
            all_ = twin.spent(size, twin.updates(size))
            assert used[:3] == pytest.approx(
                [size, *(all_[clock] for clock in BUDGETS if clock != twin.clock)], abs=0.0051
            )
            end = twin.late(which)
            if end == math.inf:
                assert "lost" in told
            elif end < 1e3:
                assert used[3] == pytest.approx(end, abs=0.0051)
        assert widget.says.startswith(f"{BUDGETS[twin.clock]} ")

    def test_every_clock_is_picked_by_mouse_and_tells_the_truth(self, widget):
        for clock in BUDGETS:
            widget.pick("clock", clock)
            self.assert_tells_the_truth(widget)

    def test_the_mouse_turns_a_batch_size_and_asks_for_new_draws(self, widget):
        slider = widget.find('input[name="batch_sizes_0"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        widget.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert widget.shown("batch_sizes_0") == 16
        self.assert_tells_the_truth(widget)
        before = widget.find(".nn-walk0").first.get_attribute("points")
        widget.press("New draws")
        assert widget.find(".nn-walk0").first.get_attribute("points") != before
        self.assert_tells_the_truth(widget, seed=1)

    def test_a_rate_that_all_rows_bear_throws_single_examples_out_by_keyboard(self, widget):
        self.turn(widget, 0, 1, 0.6)
        self.turn(widget, 1, 256, 0.6)
        self.assert_tells_the_truth(widget)
        assert "lost" in widget.says.partition("■")[0] and "lost" not in widget.says.partition("■")[2]

    def test_a_batch_between_arrives_first_in_time_by_keyboard(self, widget):
        widget.keys(widget.find('select[name="clock"]'), "ArrowDown", "ArrowDown")
        best = {}
        for size, rate in ((1, 0.06), (16, 0.4), (256, 0.6)):
            self.turn(widget, 0, size, rate)
            self.assert_tells_the_truth(widget)
            best[size] = numbers(widget.find("tbody tr td").nth(6).inner_text())[0]
        assert min(best, key=best.get) == 16
