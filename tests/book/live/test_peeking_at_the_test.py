import pytest

from nncourse import widgets

from .driven import numbers


class TestPeekingAtTheTest:
    @staticmethod
    def assert_tells_the_truth(widget):
        """The line and both drawings say what the package computes for the numbers shown."""
        looks, rows, truth = (widget.shown(name) for name in ("looks", "rows", "truth"))
        twin = widgets.PeekingAtTheTest(int(looks), int(rows), truth)
        claimed, _, _, low, high = numbers(widget.says.partition("claimed")[2].replace("nine of ten", "0 0"))[:5]
        assert [claimed, low, high] == pytest.approx([twin.claimed(), *twin.middle()], abs=5.1e-4)
        told = [drawing.get_attribute("aria-label") for drawing in widget.find(".nn-both svg").all()]
        assert numbers(told[0])[-1] == pytest.approx(twin.claimed(), abs=5.1e-4)
        assert numbers(told[1])[-1] == pytest.approx(truth, abs=5.1e-4)
        return twin.claimed()

    def test_sliders_answer_to_the_mouse(self, widget):
        self.assert_tells_the_truth(widget)
        for name, share in (("looks", 0.4), ("rows", 0.9), ("truth", 0.7)):
            slider = widget.find(f'input[name="{name}"]')
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            widget.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
            assert widget.shown(name) != widget.state[name]
            self.assert_tells_the_truth(widget)

    def test_every_look_added_by_keyboard_raises_the_claim_and_not_the_truth(self, widget):
        slider, claims = widget.find('input[name="looks"]'), []
        widget.keys(slider, "Home")
        for _ in range(4):
            claims.append(self.assert_tells_the_truth(widget))
            widget.keys(slider, "ArrowRight", "ArrowRight")
        assert claims[0] == pytest.approx(widget.shown("truth")) and sorted(claims) == claims

    def test_rows_doubled_by_keyboard_help_more_than_looks_halved_by_keyboard(self, widget):
        widget.keys(widget.find('input[name="looks"]'), "End")
        widget.keys(widget.find('input[name="rows"]'), "Home", "ArrowRight")
        self.assert_tells_the_truth(widget)
        widget.keys(widget.find('input[name="looks"]'), "ArrowLeft")
        fewer = self.assert_tells_the_truth(widget)
        widget.keys(widget.find('input[name="looks"]'), "ArrowRight")
        widget.keys(widget.find('input[name="rows"]'), "ArrowRight")
        assert self.assert_tells_the_truth(widget) < fewer
