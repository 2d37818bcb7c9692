import pytest

from nncourse import widgets
from nncourse.widgets.rate_schedule import PERIODS, RATES, SHAPES, STEPS

from .driven import numbers


class TestRateSchedule:
    @staticmethod
    def twin(widget):
        return widgets.RateSchedule(
            widget.find('select[name="schedule"]').input_value(),
            widget.shown("first"),
            period=int(widget.shown("period")),
            steps=int(widget.shown("steps")),
            noise=widget.find('input[name="noise"]').is_checked(),
        )

    def assert_tells_the_truth(self, widget):
        twin, told = self.twin(widget), widget.says.partition("Dashed")[0]
        far, rates = twin.distances(), twin.rates()
        assert told.lower().startswith(f"{twin.schedule}, {'with' if twin.noise else 'without'} noise: ")
        if twin.schedule == "range test":
            assert numbers(told)[1] == pytest.approx(rates[max(twin.nearest() - 1, 0)], abs=0.0006)
            if (out := twin.blown()) is not None:
                assert numbers(told)[-1] == pytest.approx(rates[out], abs=0.006)
        else:
            end, steps, total = numbers(told)[:3]
            assert steps == twin.steps
            if 1e-3 <= far[-1] < 1e6:
                assert end == pytest.approx(far[-1], rel=0.01, abs=0.0006)
            assert total == pytest.approx(rates.sum(), rel=0.01, abs=0.51 if rates.sum() >= 10 else 0.006)
            assert ("rest nowhere" in told) == (twin.noise and rates[-1] >= 2)
            if twin.noise and 1e-3 <= twin.floors()[-1] < 1e6:
                assert numbers(told)[3] == pytest.approx(twin.floors()[-1], rel=0.01, abs=0.0006)

    @staticmethod
    def turn(widget, name, values, value):
        widget.keys(widget.find(f'input[name="{name}"]'), "Home", *["ArrowRight"] * values.index(value))
        assert widget.shown(name) == value

    def test_every_schedule_is_picked_by_mouse_with_noise_and_without(self, widget):
        for _ in range(2):
            for schedule in SHAPES:
                widget.pick("schedule", schedule)
                self.assert_tells_the_truth(widget)
            widget.find('input[name="noise"]').click()

    def test_a_kept_walk_stays_by_mouse(self, widget):
        widget.pick("schedule", "constant")
        widget.find('input[name="keep"]').click()
        assert "Dashed: constant, 1 away" in widget.says
        kept = [line.get_attribute("points") for line in widget.find("polyline.nn-old").all()]
        assert all(kept)
        widget.pick("schedule", "cosine")
        assert [line.get_attribute("points") for line in widget.find("polyline.nn-old").all()] == kept
        widget.find('input[name="keep"]').click()
        assert [line.get_attribute("points") for line in widget.find("polyline.nn-old").all()] == ["", ""]

    def test_first_rate_period_and_steps_answer_to_the_keyboard(self, widget):
        widget.pick("schedule", "exponential")
        for first, period, steps in ((0.1, 7, 300), (2.0, 200, 50), (0.5, 20, 1000)):
            self.turn(widget, "first", RATES, first)
            self.turn(widget, "period", PERIODS, period)
            self.turn(widget, "steps", STEPS, steps)
            self.assert_tells_the_truth(widget)

    def test_a_longer_range_test_is_lowest_at_a_lower_rate_by_keyboard(self, widget):
        widget.pick("schedule", "range test")
        assert widget.find('input[name="first"]').is_disabled() and widget.find('input[name="period"]').is_disabled()
        lowest = []
        for steps in STEPS:
            self.turn(widget, "steps", STEPS, steps)
            self.assert_tells_the_truth(widget)
            lowest.append(numbers(widget.says)[1])
        assert lowest == sorted(lowest, reverse=True) and lowest[0] > lowest[-1]
