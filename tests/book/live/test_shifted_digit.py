import base64
import json

import numpy as np
import pytest

from nncourse import widgets

from .driven import numbers


class TestShiftedDigit:
    @staticmethod
    def twin(widget, **changes):
        """The same widget in Python, with what has been changed since."""
        stored = json.loads(widget.root.locator("script").first.text_content())
        twin = widgets.ShiftedDigit.__new__(widgets.ShiftedDigit)
        super(widgets.ShiftedDigit, twin).__init__(
            **stored["state"], **{key: base64.b64decode(text) for key, text in stored["buffers"].items()}
        )
        for key, value in changes.items():
            setattr(twin, key, value)
        return twin

    def assert_tells_the_truth(self, widget, twin):
        ink = [float(one.get_attribute("fill-opacity")) for one in widget.find(".nn-pixel").all()]
        assert ink == pytest.approx(twin.moved([twin.shift]).ravel(), abs=0.001)
        label = twin.labels[twin.digit]
        for n, about in enumerate(twin.networks):
            name = about["name"]
            p, reads = twin.scores(name), twin.reads(name)
            shown = [numbers(row.inner_text())[0] for row in widget.find(f"tbody td:nth-child({n + 2})").all()]
            assert shown == pytest.approx(p, abs=0.0051)
            assert f"“{name}” reads {p.argmax()} ({p.max():.2f})" in widget.says
            chart = widget.find(".nn-pair > div").nth(n)
            assert [int(text) for text in chart.locator("svg text").all_text_contents()] == reads.ravel().tolist()
            assert f"right at {np.sum(reads == label)} of 49" in chart.inner_text()
            assert chart.locator("rect.nn-hit").count() == np.sum(reads == label)

    def test_it_begins_as_it_was_built(self, widget):
        self.assert_tells_the_truth(widget, self.twin(widget))
        assert "in place" in widget.says

    def test_the_keyboard_moves_the_digit_and_brings_it_back(self, widget):
        sheet = widget.find("g[tabindex]")
        widget.keys(sheet, "ArrowRight")
        self.assert_tells_the_truth(widget, self.twin(widget, shift=[0, 1]))
        widget.keys(sheet, *["ArrowUp"] * 5, "ArrowLeft", "ArrowLeft")
        self.assert_tells_the_truth(widget, self.twin(widget, shift=[-3, -1]))
        assert "moved 1 left, 3 up" in widget.says
        widget.keys(sheet, "Home")
        self.assert_tells_the_truth(widget, self.twin(widget))

    def test_the_mouse_drags_the_digit(self, widget):
        sheet = widget.find("g[tabindex] .nn-halo")
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        cell, x, y = box["width"] / 14, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        widget.drag(sheet, (x - 2 * cell, y + cell))
        self.assert_tells_the_truth(widget, self.twin(widget, shift=[1, -2]))
        widget.press("Back into place")
        self.assert_tells_the_truth(widget, self.twin(widget))

    def test_the_mouse_presses_a_place_and_the_keyboard_chooses_a_digit(self, widget):
        chart = widget.find(".nn-pair svg").nth(1)
        chart.locator("rect").nth(6).click()  # three up, three right
        widget.pick("digit", "6")
        self.assert_tells_the_truth(widget, self.twin(widget, digit=6, shift=[-3, 3]))

    def test_one_pixel_is_enough_for_one_network_and_nothing_to_the_other(self, widget):
        """What the chapter reports of all digits, on these: neighbours are misread by the keyboard's first step."""
        twin, kept = self.twin(widget), {about["name"]: [] for about in widget.state["networks"]}
        for digit, label in enumerate(twin.labels):
            twin.digit = digit
            for name, shares in kept.items():
                near = twin.reads(name)[[2, 4, 3, 3], [3, 3, 2, 4]]
                shares.append(np.mean(near == label))
        assert np.mean(kept["by place"]) < 0.75 < 0.85 < np.mean(kept["whole map"])
