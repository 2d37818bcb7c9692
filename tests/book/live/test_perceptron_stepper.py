import pytest

import nncourse as nn

from .driven import numbers


class TestPerceptronStepper:
    RANGE = (-1.0, 2.0)

    @staticmethod
    def weights(widget):
        """b, w1, w2 as the table tells them."""
        return numbers(widget.find("tr", has_text="now").locator("td").inner_text())

    @staticmethod
    def mistakes(widget):
        """The bars, one count an epoch."""
        return numbers(widget.find(".nn-bars").get_attribute("aria-label"))

    def test_each_step_by_mouse_shows_the_perceptron_one_example(self, widget):
        x, y = nn.datasets.logic_gate("AND")
        widget.pick("gate", "AND")
        for seen in range(1, len(x) + 1):
            widget.press("Step")
            taught = nn.Perceptron(widget.state["learning_rate"], epochs=1).fit(x[:seen], y[:seen])
            assert self.weights(widget) == pytest.approx([taught.bias_, *taught.weights_], abs=5e-4)
            assert f"target {y[seen - 1]:.0f}" in widget.says
        assert self.mistakes(widget) == taught.mistakes_

    def test_epochs_by_mouse_are_those_of_the_package(self, widget):
        for gate in ["AND", "XOR"]:
            taught = nn.Perceptron(widget.state["learning_rate"], epochs=21).fit(*nn.datasets.logic_gate(gate))
            learnt = taught.mistakes_[-1] == 0
            widget.pick("gate", gate)
            widget.press("Epoch")
            assert self.mistakes(widget) == taught.mistakes_[:1]
            widget.press("20 epochs")
            assert self.mistakes(widget) == taught.mistakes_
            assert self.weights(widget) == pytest.approx([taught.bias_, *taught.weights_], abs=5e-4)
            assert ("learning is over" in widget.says) is learnt is (gate == "AND")
            assert widget.root.get_by_role("button", name="Step").is_disabled() is learnt
            widget.press("Start again")
            assert self.mistakes(widget) == [] and self.weights(widget) == [0, 0, 0]

    def test_points_are_moved_and_added_by_mouse(self, widget):
        widget.pick("gate", "AND")
        widget.drag(widget.find(".nn-drag").first, widget.pixels((-0.5, 1.5), self.RANGE, self.RANGE))
        assert widget.points[0] == [-0.5, 1.5, 0]
        assert widget.find('select[name="gate"]').input_value() == "own"
        widget.mouse.click(*widget.pixels((1.5, -0.5), self.RANGE, self.RANGE))  # where all of the plane fires
        assert widget.points[4:] == [[1.5, -0.5, 1]]
        widget.press("20 epochs")
        widget.pick("new-class", "0")
        for place in [(-0.5, -0.5), (1.5, 1.5)]:  # on either side of the line
            widget.mouse.click(*widget.pixels(place, self.RANGE, self.RANGE))
        assert widget.points[5:] == [[-0.5, -0.5, 0], [1.5, 1.5, 0]]
        assert self.mistakes(widget) == []

    def test_points_and_learning_rate_answer_to_the_keyboard(self, widget):
        widget.pick("gate", "AND")
        first = widget.find(".nn-drag").first
        widget.keys(first, "ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowDown", "Enter")
        assert widget.points[0] == [0.1, -0.1, 1]
        widget.keys(first, "Space")
        assert widget.points[0] == [0.1, -0.1, 0]
        widget.keys(first, "Delete")
        assert widget.points == [[0, 1, 0], [1, 0, 0], [1, 1, 1]]
        widget.keys(widget.root.get_by_role("button", name="Add a point"), "Enter")
        assert widget.points[3:] == [[0.5, 0.5, 1]]
        widget.keys(widget.root.get_by_role("button", name="Step", exact=True), "Enter")
        assert self.weights(widget) != [0, 0, 0]
        rate = widget.state["learning_rate"]
        widget.keys(widget.find('input[name="learning_rate"]'), "ArrowRight", "ArrowRight", "ArrowLeft")
        assert widget.shown("learning_rate") == pytest.approx(rate + 0.1)
        assert self.weights(widget) == [0, 0, 0]  # another rule starts again
        widget.keys(widget.find('input[name="strict"]'), "Space")
        widget.keys(widget.root.get_by_role("button", name="Step", exact=True), "Enter")
        assert "prediction 0" in widget.says  # a score of 0 no longer fires


@pytest.mark.parametrize("address", ["file"], indirect=True)
def test_a_finger_drags_a_point_and_the_page_stays(show):
    widget = show("PerceptronStepper", has_touch=True)
    widget.pick("gate", "AND")
    to = widget.pixels((0.5, 1.5), TestPerceptronStepper.RANGE, TestPerceptronStepper.RANGE)
    start = widget.pixels((0.0, 0.0), TestPerceptronStepper.RANGE, TestPerceptronStepper.RANGE)
    scrolled = widget.page.evaluate("scrollY")
    fingers = widget.page.context.new_cdp_session(widget.page)
    path = [("touchStart", 0.0), ("touchMove", 0.3), ("touchMove", 0.7), ("touchMove", 1.0)]
    for kind, share in path:
        place = {name: a + share * (b - a) for name, a, b in zip("xy", start, to, strict=True)}
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert widget.points[0] == [0.5, 1.5, 0]
    assert widget.page.evaluate("scrollY") == scrolled
