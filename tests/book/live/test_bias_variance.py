import pytest

from nncourse import widgets


class TestBiasVariance:
    @staticmethod
    def twin(widget, sets=None):
        """The widget in Python, in the state that the sliders show."""
        values = {name: widget.shown(name) for name in ("degree", "n", "noise")}
        sets = sets or widget.state["sets"]
        return widgets.BiasVariance(degree=int(values["degree"]), n=int(values["n"]), noise=values["noise"], sets=sets)

    def assert_tells_the_truth(self, widget, sets=None):
        twin = self.twin(widget, sets)
        parts = twin.parts()
        told = [float(cell) for cell in widget.find(".nn-parts td").all_inner_texts()]
        assert told == pytest.approx(list(parts.values()), abs=0.0006)
        assert widget.says.startswith(f"Degree {twin.degree}, {twin.sets} training set")
        if twin.sets > 1:
            assert f"Lowest sum: degree {twin.best_degree()}," in widget.says
        return twin

    @staticmethod
    def turn(widget, name, value):
        """Bring a slider to a value by keys alone."""
        slider = widget.find(f'input[name="{name}"]')
        low, step = (float(slider.get_attribute(one)) for one in ("min", "step"))
        widget.keys(slider, "Home", *["ArrowRight"] * round((value - low) / step))
        assert widget.shown(name) == pytest.approx(value)

    def test_sliders_and_bars_answer_to_the_mouse(self, widget):
        self.assert_tells_the_truth(widget)
        for name, share in [("degree", 0.6), ("n", 0.5), ("noise", 0.9)]:
            slider = widget.find(f'input[name="{name}"]')
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            widget.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
            assert widget.shown(name) != widget.state[name]
            self.assert_tells_the_truth(widget)
        widget.mouse.click(*widget.pixels((3, 0.5), (-0.6, 15.6), (0, 1), drawing=1))
        assert widget.shown("degree") == 3
        self.assert_tells_the_truth(widget)

    def test_more_sets_are_drawn_by_mouse(self, widget):
        sets = widget.state["sets"]
        for button, more in [("One more set", 1), ("50 more sets", 50)]:
            widget.press(button)
            sets += more
            self.assert_tells_the_truth(widget, sets)
        widget.press("Start again")
        assert "nobody can say" in widget.says
        assert self.assert_tells_the_truth(widget, 1).parts()["variance"] == pytest.approx(0)

    def test_every_degree_by_keyboard(self, widget):
        sums = []
        for degree in range(16):
            self.turn(widget, "degree", degree)
            sums.append(self.assert_tells_the_truth(widget).parts())
        own = [parts["own"] for parts in sums]
        assert own == sorted(own, reverse=True), "each weight helps on the own points"

    def test_the_questions_of_the_chapter_are_answered_by_keyboard(self, widget):
        widget.keys(widget.root.get_by_role("button", name="50 more sets"), *["Enter"] * 3)
        before = self.assert_tells_the_truth(widget, 200).best_degree()
        self.turn(widget, "noise", widget.state["noise"] / 3)
        assert self.assert_tells_the_truth(widget, 200).best_degree() > before
        self.turn(widget, "noise", widget.state["noise"])
        self.turn(widget, "degree", 3)
        variance = self.assert_tells_the_truth(widget, 200).parts()["variance"]
        self.turn(widget, "degree", 11)
        self.turn(widget, "n", 3 * 20)  # three times the weights
        assert self.assert_tells_the_truth(widget, 200).parts()["variance"] == pytest.approx(variance, rel=0.15)
