import numpy as np
import pytest

import nncourse as nn

from .driven import numbers


class TestSigmoidNeuron:
    HOURS, OUTPUT = (0.0, 7.0), (-0.1, 1.32)

    @staticmethod
    def loss(points, w, b):
        """The mean logistic loss and its slopes in w and b."""
        x, y = np.array(points).T
        value, slope = nn.losses.BinaryCrossentropy(from_logits=True).value_and_gradient(y, w * x + b)
        return value, slope @ x, slope.sum()

    @staticmethod
    def told(widget, word):
        """The number that follows a word in the line that tells the state."""
        return numbers(widget.says.partition(word)[2])[0]

    def assert_tells_the_truth(self, widget, points, w, b):
        assert self.told(widget, "loss ") == pytest.approx(self.loss(points, w, b)[0], abs=0.02)
        assert self.told(widget, "at x = ") == pytest.approx(-b / w, abs=0.02)
        assert self.told(widget, "slope there ") == pytest.approx(w / 4, abs=0.006)

    def test_sliders_answer_to_the_mouse(self, widget):
        widget.pick("mode", "sigmoid")
        for name, share in [("w", 0.6), ("b", 0.4)]:
            slider = widget.find(f'input[name="{name}"]')
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            widget.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            widget.mouse.down()
            widget.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=4)
            widget.mouse.up()
            assert widget.shown(name) != widget.state[name]
        self.assert_tells_the_truth(widget, widget.state["points"], widget.shown("w"), widget.shown("b"))

    def test_gradient_steps_by_mouse_are_those_of_the_package(self, widget):
        widget.pick("mode", "sigmoid")
        w, b, points = (widget.state[name] for name in ("w", "b", "points"))
        for button, count in [("One gradient step", 1), ("20 steps", 20)]:
            widget.press(button)
            for _ in range(count):
                _, dw, db = self.loss(points, w, b)
                w, b = w - widget.state["learning_rate"] * dw, b - widget.state["learning_rate"] * db
            assert [widget.shown("w"), widget.shown("b")] == pytest.approx([w, b], abs=0.0051)
        self.assert_tells_the_truth(widget, points, w, b)
        widget.press("Start again")
        assert [widget.shown("w"), widget.shown("b")] == pytest.approx([widget.state["w"], widget.state["b"]])

    def test_points_are_dragged_by_mouse_to_other_hours_and_another_result(self, widget):
        widget.drag(widget.find(".nn-drag").first, widget.pixels((5.5, 0.9), self.HOURS, self.OUTPUT))
        label = widget.find(".nn-drag").first.get_attribute("aria-label")
        assert numbers(label)[0] == pytest.approx(5.5, abs=0.11) and "passed" in label

    def test_a_step_neuron_cannot_descend_and_all_of_it_answers_to_the_keyboard(self, widget):
        widget.pick("mode", "sigmoid")
        widget.keys(widget.find('input[name="w"]'), "Home", "PageUp", "ArrowRight")
        assert widget.shown("w") == pytest.approx(-10 + 1 + 0.1)
        widget.keys(widget.find('input[name="w"]'), "End", *["PageDown"] * 8)
        widget.keys(widget.find('input[name="b"]'), "Home", *["PageUp"] * 33)
        w, b = widget.shown("w"), widget.shown("b")
        assert (w, b) == (2, -7)
        self.assert_tells_the_truth(widget, widget.state["points"], w, b)

        widget.keys(widget.find('input[name="hold"]'), "Space")
        widget.keys(widget.find('input[name="w"]'), "PageUp")
        assert widget.shown("w") == 3 and widget.shown("b") == pytest.approx(-10.5)  # fires at 3.5 hours still

        first = widget.find(".nn-drag").first
        hours, passed = widget.state["points"][0]
        widget.keys(first, "ArrowRight", "PageUp", "ArrowLeft", "ArrowLeft", "Enter")
        label = first.get_attribute("aria-label")
        assert numbers(label)[0] == pytest.approx(hours + 0.9) and ("passed" if passed == 0 else "failed") in label
        points = [[hours + 0.9, 1 - passed], *widget.state["points"][1:]]
        self.assert_tells_the_truth(widget, points, 3.0, -10.5)

        widget.pick("mode", "step")
        x, y = np.array(points).T
        wrong = np.sum(nn.activations.step(3.0 * x - 10.5) != y)
        assert f"{wrong} of {len(y)} wrong" in widget.says
        for button in ["One gradient step", "20 steps"]:
            assert widget.root.get_by_role("button", name=button).is_disabled()
        widget.keys(widget.find('input[name="overlay"]'), "Space")
        assert widget.find(".nn-other").get_attribute("points")
