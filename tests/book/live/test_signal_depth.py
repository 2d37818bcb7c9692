import pytest

from nncourse import widgets

from .driven import numbers

WORDS = {"vanishes": (0, 0.8), "stays about level": (0.8, 1.25), "explodes": (1.25, 99)}


class TestSignalDepth:
    @staticmethod
    def assert_tells_the_truth(widget, activation=None, start=None, seed=None):
        state = widget.state
        activation, start = activation or state["activation"], start or state["start"]
        twin = widgets.SignalDepth(
            depth=int(widget.shown("depth")),
            activation=activation,
            start=start,
            seed=state["seed"] if seed is None else seed,
        )
        told, factors = numbers(widget.says), twin.factors()
        assert told[0] == twin.depth and f"layers of {activation} neurons" in widget.says
        # Many layers with large weights make anything of the last digit: there the sizes agree, not the digits.
        near = {"rel": 0.05} if start in ("He", "1") and activation != "relu" else {"rel": 0}
        assert (told[1], told[3]) == pytest.approx(factors, abs=0.006, **near)
        low, high = next(band for word, band in WORDS.items() if f"It {word}." in widget.says)
        assert low - 0.01 <= factors[1] <= high + 0.01
        return factors

    def test_activations_and_weights_answer_to_the_mouse(self, widget):
        self.assert_tells_the_truth(widget)
        for activation in ("relu", "tanh", "sigmoid"):
            widget.pick("activation", activation)
            for start in ("0.01", "Glorot", "He", "1"):
                widget.pick("start", start)
                self.assert_tells_the_truth(widget, activation, start)

    def test_other_weights_are_drawn_by_mouse(self, widget):
        first = self.assert_tells_the_truth(widget)
        widget.press("Other weights")
        assert self.assert_tells_the_truth(widget, seed=widget.state["seed"] + 1) != first

    def test_depth_answers_to_the_keyboard(self, widget):
        slider = widget.find('input[name="depth"]')
        for key, depth in [("Home", 2), ("ArrowRight", 3), ("PageUp", 8), ("End", 50)]:
            widget.keys(slider, key)
            assert widget.shown("depth") == depth
            self.assert_tells_the_truth(widget)

    def test_the_questions_of_the_chapter_are_answered_by_keyboard(self, widget):
        widget.keys(widget.find('input[name="depth"]'), "End")
        level = [
            (activation, start)
            for activation in ("sigmoid", "tanh", "relu")
            for start in ("0.01", "Glorot", "He", "1")
            if (widget.pick("activation", activation), widget.pick("start", start))
            and "stays about level" in widget.says
        ]
        assert ("relu", "He") in level and ("sigmoid", "Glorot") not in level
