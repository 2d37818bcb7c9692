import pytest

from nncourse import widgets

from .driven import numbers


class TestDropoutMasks:
    @staticmethod
    def twin(widget):
        """What the package makes of the state that the page shows."""
        return widgets.DropoutMasks(
            widget.shown("rate"),
            widget.find('input[name="scaled"]').is_checked(),
            in_use=widget.find('input[name="in_use"]').is_checked(),
            step=int(widget.shown("step")),
            seed=widget.state["seed"],
        )

    def assert_tells_the_truth(self, widget):
        twin = self.twin(widget)
        silent = twin.handed_on() == 0
        assert numbers(widget.says.partition("next layer gets")[2])[:4] == pytest.approx(twin.sums(), abs=0.0051)
        assert numbers(widget.says.partition("Mean so far")[2])[0] == pytest.approx(twin.running_mean(), abs=0.0051)
        rows = widget.find("g[role=img]").all()
        for row, missing in zip(rows, silent, strict=True):
            named = numbers(row.get_attribute("aria-label").partition("silent")[2].partition(";")[0])
            assert named == [j + 1 for j in range(10) if missing[j]]
            assert row.locator(".nn-silent").count() == missing.sum()
            assert row.locator(".nn-heard").count() == 10 - missing.sum()

    def test_the_mouse_presses_for_the_next_step_and_every_step_differs(self, widget):
        seen = set()
        for _ in range(5):
            self.assert_tells_the_truth(widget)
            seen.add(tuple(row.get_attribute("aria-label") for row in widget.find("g[role=img]").all()))
            widget.press("Next step")
        assert widget.shown("step") == widget.state["step"] + 5 and len(seen) == 5

    def test_the_mouse_takes_the_scale_away_and_the_mean_falls_short_by_the_rate(self, widget):
        widget.keys(widget.find('input[name="step"]'), "End")
        self.assert_tells_the_truth(widget)
        scaled = numbers(widget.says.partition("Mean so far")[2])[0]
        widget.find('input[name="scaled"]').click()
        self.assert_tells_the_truth(widget)
        plain = numbers(widget.says.partition("Mean so far")[2])[0]
        assert plain == pytest.approx(scaled * (1 - widget.shown("rate")), abs=0.02)

    def test_the_rate_is_turned_by_keyboard_and_the_sums_spread(self, widget):
        widget.keys(widget.find('input[name="step"]'), "End")
        spread = []
        for keys in (["Home"], ["PageUp"], ["End"]):
            widget.keys(widget.find('input[name="rate"]'), *keys)
            self.assert_tells_the_truth(widget)
            path = widget.find(".nn-dots").first.get_attribute("d")
            heights = [float(spot.split(",")[1].removesuffix("h0")) for spot in path.split("M")[1:]]
            spread.append(max(heights) - min(heights))
        assert spread[0] == 0 and sorted(spread) == spread

    def test_in_use_chosen_by_keyboard_nobody_is_silent(self, widget):
        widget.keys(widget.find('input[name="in_use"]'), "Space")
        self.assert_tells_the_truth(widget)
        assert widget.find(".nn-silent").count() == 0 and "nobody is silent" in widget.says
