import base64
import json

import numpy as np
import pytest

from nncourse import metrics

from .driven import numbers


class TestConfusions:
    @staticmethod
    def data(widget):
        """Class numbers and probabilities, as the page carries them."""
        whole = json.loads(widget.find("script").first.text_content())
        y = np.array(whole["state"]["y"])
        raw = base64.b64decode(whole["buffers"]["thousandths"])
        return y, np.frombuffer(raw, "<u2").reshape(len(y), -1)

    def assert_tells_the_truth(self, widget, written, read, threshold=0.0):
        y, p = self.data(widget)
        said, top = p.argmax(axis=1), p.max(axis=1)
        answered = top >= round(1000 * threshold)
        table = metrics.confusion_matrix(y[answered], said[answered], classes=range(10))
        shown = [text or "0" for text in widget.find(".nn-cell text").all_text_contents()]
        assert [int(text) for text in shown] == table.ravel().tolist()
        wrong = table.sum() - np.trace(table)
        assert f"it refuses: {len(y) - answered.sum()} of {len(y)}." in widget.says
        assert f"Of the other {answered.sum()} it misreads {wrong}." in widget.says
        assert numbers(widget.find('[aria-label^="What refusing"]').get_attribute("aria-label")) == [
            len(y) - answered.sum(),
            wrong,
        ]
        members = np.flatnonzero((y == written) & (said == read))
        assert widget.find(".nn-title").inner_text().startswith(f"{written} read as {read}: {len(members)}")
        order = np.sort(top[members]) if written == read else -np.sort(-top[members])
        thumbs = widget.find(".nn-thumb")
        told = [numbers(thumb.get_attribute("aria-label"))[-1] for thumb in thumbs.all()]
        assert told == pytest.approx(order[:12] / 1000)
        refused = widget.find(".nn-thumb[data-refused]").count()
        assert refused == (order[:12] < round(1000 * threshold)).sum()

    def test_it_opens_at_the_commonest_mistake(self, widget):
        y, p = self.data(widget)
        off = metrics.confusion_matrix(y, p.argmax(axis=1), classes=range(10)) * (1 - np.eye(10, dtype=int))
        state = widget.state
        assert off[state["written"], state["read"]] == off.max()
        self.assert_tells_the_truth(widget, state["written"], state["read"])

    def test_the_mouse_opens_cells_and_pictures(self, widget):
        for written, read in ((3, 3), (2, 3), (1, 8)):
            cell = widget.find(".nn-cell").nth(10 * written + read)
            cell.scroll_into_view_if_needed()
            cell.click()
            self.assert_tells_the_truth(widget, written, read)
        assert "No 1 was read as 8." in widget.says
        widget.find(".nn-cell").nth(33).click()
        thumb = widget.find(".nn-thumb").nth(5)
        thumb.click()
        assert thumb.get_attribute("aria-pressed") == "true"
        sure = numbers(thumb.get_attribute("aria-label"))[-1]
        assert f"This 3 gets {sure:.3f}: right." in widget.says

    def test_the_keyboard_opens_cells_and_refuses(self, widget):
        for name, value in (("written", "5"), ("read", "3")):
            widget.find(f'select[name="{name}"]').focus()
            widget.keyboard.type(value)
        self.assert_tells_the_truth(widget, 5, 3)
        slider = widget.find('input[name="threshold"]')
        for keys, threshold in ((["PageUp"] * 5, 0.5), (["End"], 0.99), (["PageDown", "ArrowRight"], 0.9)):
            widget.keys(slider, *keys)
            assert widget.shown("threshold") == pytest.approx(threshold)
            self.assert_tells_the_truth(widget, 5, 3, threshold)

    def test_the_next_mistake_is_a_little_less_sure(self, widget):
        y, p = self.data(widget)
        said, top = p.argmax(axis=1), p.max(axis=1)
        slips = np.flatnonzero(said != y)
        slips = slips[np.argsort(-top[slips].astype(int), kind="stable")]
        first = np.flatnonzero((y == widget.state["written"]) & (said == widget.state["read"]))
        place = slips.tolist().index(first[np.argmax(top[first])])
        for i in np.roll(slips, -place - 1):
            widget.press("Next mistake")
            self.assert_tells_the_truth(widget, y[i], said[i])
            assert (
                f"This {y[i]}: the {said[i]} gets {top[i] / 1000:.3f}, the {y[i]} {p[i, y[i]] / 1000:.3f}"
                in widget.says
            )
