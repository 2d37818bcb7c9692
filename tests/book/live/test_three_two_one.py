import pytest

from nncourse import widgets

from .driven import numbers


class TestThreeTwoOne:
    @pytest.fixture
    def widget(self, show):
        """The one that goes forward and back."""
        return show("ThreeTwoOne", which=-1)

    @pytest.fixture
    def forward(self, show):
        return show("ThreeTwoOne")

    @staticmethod
    def twin(widget, **changes):
        """The widget in Python, as the page shows it at first but for some changes."""
        keys = ("way", "x", "y", "w", "b", "raw", "look", "learning_rate")
        return widgets.ThreeTwoOne(**{key: widget.state[key] for key in keys} | changes)

    @staticmethod
    def assert_tells_the_slopes(widget, twin):
        """The slopes on the links, the deltas under the neurons and the worked line are those of Python."""
        slopes = twin.slopes()
        shown = [numbers(one.text_content()) for one in widget.find(".nn-net .nn-slope").all()]
        assert [one[-1] for one in shown[:8]] == pytest.approx(
            [slopes[f"w{k}"] for k in range(1, 9)], rel=6e-3, abs=1e-6
        )
        deltas = [one[-1] for one in shown[8:] if one]
        assert deltas == pytest.approx([slopes[f"b{k}"] for k in (1, 2, 3)], rel=6e-3, abs=1e-6)
        by_rule, measured = (one.inner_text() for one in widget.find(".nn-numbers").all()[-2:])
        assert numbers(by_rule)[-1] == pytest.approx(slopes[twin.look], rel=6e-4, abs=1e-6)
        assert numbers(measured)[-1] == pytest.approx(slopes[twin.look], rel=2e-3, abs=1e-6)
        assert f"{twin.loss():.4g}" in widget.find(".nn-net").text_content()

    def test_a_link_is_worked_out_by_mouse(self, widget):
        self.assert_tells_the_slopes(widget, self.twin(widget))
        for name in ("w7", "w1", "w6"):
            weight = widget.find(".nn-net .nn-weight").nth(int(name[1]) - 1)
            box = weight.bounding_box()
            widget.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            assert widget.find('select[name="look"]').input_value() == name
            self.assert_tells_the_slopes(widget, self.twin(widget, look=name))
        widget.find(".nn-net .nn-neuron").nth(1).click()
        self.assert_tells_the_slopes(widget, self.twin(widget, look="b2"))

    def test_a_round_goes_forward_and_back_and_then_moves_by_keyboard(self, widget):
        first, press = self.twin(widget), widget.root.get_by_role("button", name="Next step")
        widget.press("Start again")
        known = []
        for _ in range(4):
            widget.keys(press, "Enter")
            known.append(sum(bool(one.text_content()) for one in widget.find(".nn-net .nn-slope").all()))
        assert known == [0, 0, 3, 11]  # no slope on the way forward; two weights and a delta first
        widget.keys(press, "Enter")
        assert "After 1 update" in widget.says
        slopes = first.slopes()
        w, b = (
            [value - 0.1 * slopes[f"{name}{k + 1}"] for k, value in enumerate(first.state()[name])] for name in "wb"
        )
        widget.keys(press, "Enter", "Enter", "Enter", "Enter")
        moved = self.twin(widget, w=w, b=b)
        self.assert_tells_the_slopes(widget, moved)
        assert f"Loss {moved.loss():.4g}, at the start {first.loss():.4g}" in widget.says

    def test_the_slope_of_a_weight_turns_with_the_next_weight_and_all_turn_with_the_target_by_keyboard(self, widget):
        value = widget.find('input[name="parameter"]')
        for end, turned in (("Home", False), ("End", False)):
            widget.keys(value, end)
            slope = numbers(widget.find(".nn-numbers").nth(3).inner_text())[-1]
            assert (slope > 0) == turned
        widget.press("Start again")
        widget.press("Next step")
        widget.press("Next step")
        widget.press("Next step")
        widget.press("Next step")
        widget.pick("look", "w7")
        widget.keys(value, "Home")
        turned = self.twin(widget, w=[*widget.state["w"][:6], -8.0, widget.state["w"][7]], look="w7")
        self.assert_tells_the_slopes(widget, turned)
        assert turned.slopes()["w3"] > 0 > self.twin(widget).slopes()["w3"]
        widget.press("Start again")
        widget.press("Whole round")
        widget.press("Start again")
        for _ in range(4):
            widget.press("Next step")
        widget.pick("y", "0")
        failed = self.twin(widget, y=0.0, look="w7")
        self.assert_tells_the_slopes(widget, failed)
        assert all(
            a * c < 0 for a, c in zip(failed.slopes().values(), self.twin(widget).slopes().values(), strict=True)
        )

    def test_raw_numbers_leave_only_the_output_to_learn_by_mouse(self, widget):
        widget.find('input[name="raw"]').click()
        raw = self.twin(widget, raw=True)
        self.assert_tells_the_slopes(widget, raw)
        widget.keys(widget.find('input[name="learning_rate"]'), "End")
        for _ in range(3):
            widget.press("Whole round")
        weights = [numbers(one.text_content())[-1] for one in widget.find(".nn-net .nn-weight").all()[:8]]
        assert weights[1:6] == pytest.approx(raw.w[1:6], abs=1e-3)
        assert all(abs(a - c) > 0.5 for a, c in zip(weights[6:], raw.w[6:], strict=True))

    def test_the_loss_along_a_weight_touches_its_slope_by_keyboard(self, widget):
        widget.pick("look", "w7")
        line, spot = widget.find(".nn-tangent"), widget.find(".nn-spot")
        frame = widget.find(".nn-plane .nn-frame")
        wide, tall = (float(frame.get_attribute(name)) for name in ("width", "height"))
        for keys in ((), ("PageUp", "PageUp"), ("Home",)):
            widget.keys(widget.find('input[name="parameter"]'), *keys)
            x1, y1, x2, y2 = (float(line.get_attribute(name)) for name in ("x1", "y1", "x2", "y2"))
            slope = -((y2 - y1) / tall) / ((x2 - x1) / wide * 16)
            w7 = widget.shown("parameter")
            twin = self.twin(widget, w=[*widget.state["w"][:6], w7, widget.state["w"][7]], look="w7")
            assert slope == pytest.approx(twin.slopes()["w7"], rel=1e-3, abs=1e-6)
            x, y = float(spot.get_attribute("cx")), float(spot.get_attribute("cy"))
            assert (y - y1) * (x2 - x1) == pytest.approx((x - x1) * (y2 - y1), abs=1e-6)

    def test_the_way_forward_alone_by_mouse_and_by_keyboard(self, forward):
        assert forward.find(".nn-slope:not(:empty)").count() == 0 and forward.find('select[name="y"]').count() == 0
        assert f"{self.twin(forward).answer():.4f}" in forward.says
        outputs = [one.text_content() for one in forward.find(".nn-net .nn-shown").all()][3:6]
        forward.pick("look", "w7")
        forward.keys(forward.find('input[name="parameter"]'), "PageDown", "PageDown")
        w = [*forward.state["w"][:6], forward.state["w"][6] - 2, forward.state["w"][7]]
        assert f"{self.twin(forward, w=w).answer():.4g}" in forward.says
        turned = [one.text_content() for one in forward.find(".nn-net .nn-shown").all()][3:6]
        assert [a != c for a, c in zip(outputs, turned, strict=True)] == [False, False, True]
        forward.press("Start again")
        assert [one.text_content() for one in forward.find(".nn-net .nn-shown").all()][3:6] == ["?", "?", "?"]
        forward.press("Next step")
        forward.press("Next step")
        for name, key in (("x1", "End"), ("x2", "Home"), ("x3", "End")):
            forward.keys(forward.find(f'input[name="{name}"]'), key)
        fails = self.twin(forward, x=[3.0, -3.0, 3.0])
        assert fails.answer() < 0.5 and "more likely to fail" in forward.says
