import numpy as np
import pytest

from nncourse import widgets

from .driven import numbers


class TestConvolutionFilter:
    @staticmethod
    def twin(widget, **changes):
        """The same widget in Python, with what has been changed since."""
        state = {key: widget.state[key] for key in ("stride", "padding", "place")} | changes
        picture, kernel = (np.array(state.pop(key, widget.state[key])) for key in ("picture", "kernel"))
        return widgets.ConvolutionFilter(picture.reshape(8, 8), kernel.reshape(3, 3), **state)

    @staticmethod
    def table(widget, name):
        cells = widget.find(f'table:has(caption:text-is("{name}")) td').all()
        return [numbers(cell.inner_text())[0] for cell in cells]

    @staticmethod
    def ink(widget):
        """The picture as it is drawn."""
        return [round(16 * float(one.get_attribute("fill-opacity"))) for one in widget.find(".nn-pixel").all()]

    def assert_tells_the_truth(self, widget, twin):
        assert self.ink(widget) == twin.picture
        assert self.table(widget, "window") == twin.window().ravel().tolist()
        assert self.table(widget, "products") == pytest.approx(twin.products().ravel(), abs=0.051)
        shown = [numbers(one)[0] for one in widget.find(".nn-grid text").all_text_contents() if one]
        assert shown == pytest.approx(twin.map().ravel(), abs=0.51)
        told = numbers(widget.says)
        scores = twin.map()
        assert told[2:12] == pytest.approx([*twin.products().ravel(), twin.products().sum()], abs=0.006)
        if scores.any():
            assert told[12:] == pytest.approx([scores.min(), scores.max()], abs=0.006)
        else:
            assert "0 everywhere" in widget.says

    @staticmethod
    def spot(widget, row, column, drawing=".nn-sheet", count=8):
        halo = widget.find(f"{drawing} .nn-halo")
        halo.scroll_into_view_if_needed()
        box = halo.bounding_box()
        return box["x"] + box["width"] * (column + 0.5) / count, box["y"] + box["height"] * (row + 0.5) / count

    def test_it_begins_as_it_was_built(self, widget):
        self.assert_tells_the_truth(widget, self.twin(widget))

    def test_one_pixel_drawn_by_mouse_stamps_the_kernel_turned_around(self, widget):
        widget.press("Blank page")
        self.assert_tells_the_truth(widget, self.twin(widget, picture=[0] * 64))
        widget.mouse.click(*self.spot(widget, 3, 4))
        picture = np.eye(64, dtype=int)[3 * 8 + 4] * 16
        twin = self.twin(widget, picture=picture)
        self.assert_tells_the_truth(widget, twin)
        assert twin.map()[1:4, 2:5].ravel().tolist() == [16 * weight for weight in widget.state["kernel"][::-1]]

    def test_a_stroke_by_mouse_draws_and_the_next_one_wipes(self, widget):
        widget.press("Blank page")
        for ink in (16, 0):
            widget.mouse.move(*self.spot(widget, 2, 1))
            widget.mouse.down()
            for column in range(2, 6):
                widget.mouse.move(*self.spot(widget, 2, column))
            widget.mouse.up()
            picture = np.zeros((8, 8), int)
            picture[2, 1:6] = ink
            self.assert_tells_the_truth(widget, self.twin(widget, picture=picture))

    def test_rows_of_ink_drawn_by_keyboard_say_nothing_to_a_kernel_for_the_right(self, widget):
        widget.press("Blank page")
        widget.find('select[name="question"]').select_option("0")
        sheet = widget.find(".nn-sheet")
        widget.keys(sheet, *["ArrowUp"] * 7, *["ArrowLeft"] * 7, "ArrowDown", *["Space", "ArrowRight"] * 8)
        picture = np.zeros((8, 8), int)
        picture[1] = 16
        assert self.ink(widget) == picture.ravel().tolist()
        assert "0 everywhere" in widget.says
        kernel = np.array([[-1, 0, 1]] * 3)
        self.assert_tells_the_truth(widget, self.twin(widget, picture=picture, kernel=kernel))
        widget.find('select[name="question"]').select_option("1")
        self.assert_tells_the_truth(widget, self.twin(widget, picture=picture, kernel=kernel.T))

    def test_the_window_goes_where_the_mouse_and_the_keyboard_send_it(self, widget):
        widget.mouse.click(*self.spot(widget, 2, 1, ".nn-grid", 6))
        self.assert_tells_the_truth(widget, self.twin(widget, place=[2, 1]))
        widget.keys(widget.find(".nn-grid"), "ArrowDown", "ArrowRight", "ArrowRight", *["ArrowUp"] * 9, "ArrowDown")
        self.assert_tells_the_truth(widget, self.twin(widget, place=[1, 3]))

    @pytest.mark.parametrize("padding", ["valid", "same"])
    def test_steps_and_frames_chosen_by_keyboard(self, widget, padding):
        widget.pick("padding", padding)
        for stride in (3, 2):
            widget.pick("stride", str(stride))
            twin = self.twin(widget, stride=stride, padding=padding)
            self.assert_tells_the_truth(widget, twin)
            largest = [numbers(one)[0] for one in widget.find("g:last-child > text").all_text_contents() if one]
            assert largest == pytest.approx(twin.pooled().ravel(), abs=0.51)

    def test_a_weight_of_the_kernel_typed_and_turned_by_keyboard(self, widget):
        kernel = list(widget.state["kernel"])
        field = widget.find('input[name="weight4"]')
        field.fill("2.5")
        widget.keys(field, "ArrowDown", "ArrowDown", "ArrowDown")
        kernel[4] = -0.5
        self.assert_tells_the_truth(widget, self.twin(widget, kernel=kernel))
        assert widget.find('select[name="question"]').evaluate("one => one.selectedOptions[0].text") == "your own"
