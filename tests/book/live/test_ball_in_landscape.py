import pytest

from nncourse import widgets
from nncourse.widgets.ball_in_landscape import FATES, LANDSCAPES, RATES

from .driven import numbers


class TestBallInLandscape:
    @staticmethod
    def start(widget):
        return numbers(widget.find(".nn-drag").get_attribute("aria-label"))

    def twin(self, widget, seed=0):
        return widgets.BallInLandscape(
            widget.find('select[name="landscape"]').input_value(),
            self.start(widget),
            rate=widget.shown("rate"),
            momentum=widget.shown("momentum"),
            noise=widget.shown("noise"),
            steps=int(widget.shown("steps")),
            seed=seed,
        )

    def assert_tells_the_truth(self, widget, seed=0):
        """Place, loss, slope and curvatures of the ball, what ground it is on, and the share of all starts."""
        twin = self.twin(widget, seed)
        path = twin.path()
        place = path[min(twin.steps, len(path) - 1)]
        first = FATES[twin.landscape][0]
        assert first in widget.says
        assert f"{round(100 * twin.share(), 1):g} % {first}" in widget.says
        cells = [numbers(cell.inner_text()) for cell in widget.find("tbody td").all()]
        if abs(place).max() > 1e4:
            return
        loss = LANDSCAPES[twin.landscape](place)[0]
        assert cells[0] == pytest.approx(place, abs=0.0051)
        assert cells[1] == pytest.approx([loss], abs=0.00051)
        assert cells[2] == pytest.approx([twin.slope(place)], abs=0.00051)
        assert cells[3] == pytest.approx(twin.curvatures(place), abs=0.0051)
        kind = twin.kind(place)
        assert ("not on level ground" if kind == "slope" else f"on level ground: a {kind}") in widget.says

    def test_every_landscape_is_picked_by_mouse_and_tells_the_truth(self, widget):
        for landscape in LANDSCAPES:
            widget.pick("landscape", landscape)
            assert self.start(widget) == pytest.approx(LANDSCAPES[landscape].start)
            self.assert_tells_the_truth(widget)

    def test_the_start_is_dragged_by_mouse_from_one_basin_to_the_other(self, widget):
        widget.pick("landscape", "double well")
        assert "a minimum, but not the lowest" in widget.says
        widget.drag(widget.find(".nn-drag"), widget.pixels((-0.5, 1.0), *LANDSCAPES["double well"].domain))
        assert self.start(widget) == pytest.approx([-0.5, 1.0], abs=0.11)
        assert "a minimum, the lowest" in widget.says
        self.assert_tells_the_truth(widget)

    def test_only_noise_frees_the_ball_on_the_ridge_by_keyboard(self, widget):
        widget.pick("landscape", "saddle")
        for name, keys in (("rate", ["Home", *["ArrowRight"] * 5]), ("momentum", ["End"])):
            widget.keys(widget.find(f'input[name="{name}"]'), *keys)
            assert "on level ground: a saddle" in widget.says
            self.assert_tells_the_truth(widget)
        assert widget.shown("rate") == RATES[5] and widget.shown("momentum") == 0.95
        widget.keys(widget.find('input[name="momentum"]'), "Home")
        widget.keys(widget.find('input[name="noise"]'), "ArrowRight")
        assert "not on level ground" in widget.says or "a million away" in widget.says
        self.assert_tells_the_truth(widget)

    def test_steps_start_and_other_noise_answer_to_keyboard_and_mouse(self, widget):
        widget.pick("landscape", "double well")
        widget.keys(widget.find(".nn-drag"), "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowUp", "ArrowDown")
        assert self.start(widget) == pytest.approx([1.6, 1.1])
        widget.keys(widget.find('input[name="steps"]'), "Home", "PageUp", "ArrowRight")
        assert widget.shown("steps") == 27
        self.assert_tells_the_truth(widget)
        widget.keys(widget.find('input[name="noise"]'), "PageUp")
        self.assert_tells_the_truth(widget)
        before = widget.find(".nn-trail").get_attribute("points")
        widget.press("Other noise")
        assert widget.find(".nn-trail").get_attribute("points") != before
        self.assert_tells_the_truth(widget, seed=1)
        widget.keys(widget.find(".nn-drag"), "Home")
        assert self.start(widget) == pytest.approx(LANDSCAPES["double well"].start)
