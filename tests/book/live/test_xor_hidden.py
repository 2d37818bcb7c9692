import numpy as np
import pytest

from nncourse import widgets

from .driven import numbers


class TestXorHidden:
    INPUTS = (-0.5, 1.5)

    @staticmethod
    def neuron(widget, which):
        """Weights and bias of hidden neuron 0 or 1, as its two handles tell them."""
        foot, tip = (widget.find(".nn-drag").nth(2 * which + i).get_attribute("aria-label") for i in (0, 1))
        return numbers(tip.partition("weights")[2]), numbers(foot.partition("bias")[2])[0]

    @staticmethod
    def assert_tells_the_truth(widget, twin):
        assert f"{twin.right()} of 4 right" in widget.says
        assert numbers(widget.says.partition("loss ")[2])[0] == pytest.approx(twin.loss(), abs=0.006)
        answers = widget.find("tbody tr").all_inner_texts()
        assert sum("right" in answer for answer in answers) == twin.right()

    def test_presets_and_training_by_mouse_are_those_of_the_package(self, widget):
        for preset in ["one neuron", "OR and NAND", "random"]:
            twin = widgets.XorHidden(preset, seed=widget.state["seed"])
            widget.pick("preset", preset)
            self.assert_tells_the_truth(widget, twin)
        twin.learning_rate = widget.state["learning_rate"]
        for button, epochs in [("Train 100 epochs", 100), ("1000 epochs", 1000)]:
            twin.train(epochs)
            widget.press(button)
            assert widget.says.startswith(f"After {twin.epochs} epochs")
            self.assert_tells_the_truth(widget, twin)
        widget.press("New random start")
        self.assert_tells_the_truth(widget, widgets.XorHidden("random", seed=widget.state["seed"] + 1))

    def test_a_line_is_shifted_and_turned_by_mouse(self, widget):
        widget.pick("preset", "OR and NAND")
        foot, tip = (widget.find(".nn-drag").nth(i) for i in (0, 1))
        before, _ = self.neuron(widget, 0)
        widget.drag(foot, widget.pixels((0.5, 1.0), self.INPUTS, self.INPUTS))
        weights, bias = self.neuron(widget, 0)
        assert weights == before and np.dot(weights, (0.5, 1.0)) + bias == pytest.approx(0, abs=0.3)
        assert widget.find('select[name="preset"]').input_value() == "own"
        widget.drag(tip, widget.pixels((0.5, 0.4), self.INPUTS, self.INPUTS))  # straight below the foot
        weights, bias = self.neuron(widget, 0)
        assert weights[1] < 0 and abs(weights[0]) < 0.2 * abs(weights[1])
        assert np.dot(weights, (0.5, 1.0)) + bias == pytest.approx(0, abs=0.3)  # the foot stays where it is

    def test_handles_choices_and_sliders_answer_to_the_keyboard(self, widget):
        twin = widgets.XorHidden("OR and NAND", activation="sigmoid", learning_rate=widget.state["learning_rate"])
        widget.pick("preset", "OR and NAND")
        widget.pick("activation", "sigmoid")
        self.assert_tells_the_truth(widget, twin)
        weights, bias = self.neuron(widget, 1)
        widget.keys(widget.find(".nn-drag").nth(2), "ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown")
        step = (self.INPUTS[1] - self.INPUTS[0]) / 40
        moved = bias - np.dot(weights, (2 * step, 0.8 * step))  # its line moves along with the foot
        assert self.neuron(widget, 1)[0] == weights and self.neuron(widget, 1)[1] == pytest.approx(moved, abs=0.02)
        widget.keys(widget.find(".nn-drag").nth(3), "ArrowLeft", "ArrowDown")
        assert self.neuron(widget, 1)[0] != weights
        widget.keys(widget.find('input[name="learning_rate"]'), "ArrowRight", "ArrowRight", "ArrowLeft")
        assert widget.shown("learning_rate") == pytest.approx(widget.state["learning_rate"] + 0.1)
        widget.keys(widget.root.get_by_role("button", name="Train 100 epochs"), "Enter")
        assert widget.says.startswith("After 100 epochs")
