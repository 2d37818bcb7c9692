import numpy as np
import pytest

from nncourse import widgets
from nncourse.widgets.attention_map import MASKS, WORDS

from .driven import numbers


class TestAttentionMap:
    @staticmethod
    def twin(widget, **changes):
        return widgets.AttentionMap(**(widget.state | changes))

    @staticmethod
    def table(widget):
        """The shares as they stand in the cells, and the sums beside them."""
        rows = [row.locator("td").all_inner_texts() for row in widget.find(".nn-shares tbody tr").all()]
        cells = np.array(rows, dtype=float)
        return cells[:, :-1], cells[:, -1]

    def assert_tells_the_truth(self, widget, twin):
        shares, sums = self.table(widget)
        weights, row = twin.weights(), twin.query
        assert shares == pytest.approx(weights, abs=0.0051)
        assert sums == pytest.approx(weights.sum(axis=1), abs=0.0051)
        chain = [one.locator("td").all_inner_texts() for one in widget.find(".nn-chain tbody tr").all()]
        for j, (product, score, share) in enumerate(chain):
            assert numbers(product)[0] == pytest.approx(twin.products()[row, j], abs=0.051)
            if np.isfinite(twin.scores()[row, j]):
                assert numbers(score)[0] == pytest.approx(twin.scores()[row, j], abs=0.051)
            else:
                assert score == "\u2212\u221e"
            assert float(share) == pytest.approx(weights[row, j], abs=0.0051)
        assert f"“{WORDS[row]}” hears “{WORDS[weights[row].argmax()]}” {weights[row].max():.2f}" in widget.says
        assert numbers(widget.says)[-1] == pytest.approx(weights.max(axis=1).mean(), abs=0.0051)
        heard = numbers(widget.find(".nn-plane").get_attribute("aria-label"))
        assert heard == pytest.approx(twin.heard()[row], abs=0.0051)

    def test_it_begins_as_it_was_built(self, widget):
        self.assert_tells_the_truth(widget, self.twin(widget))

    def test_arrow_keys_on_the_keyboard_choose_who_asks(self, widget):
        asks = widget.state["query"]
        widget.keys(widget.find(".nn-shares input").nth(asks), "ArrowUp", "ArrowUp", "ArrowDown")
        self.assert_tells_the_truth(widget, self.twin(widget, query=asks - 1))

    def test_a_row_pressed_by_mouse_asks(self, widget):
        widget.find(".nn-shares tbody tr").nth(1).locator("td").nth(3).click()
        self.assert_tells_the_truth(widget, self.twin(widget, query=1))
        widget.find(".nn-shares tbody tr").nth(6).locator("label").click()
        self.assert_tells_the_truth(widget, self.twin(widget, query=6))

    def test_without_the_root_one_word_takes_nearly_all_and_a_temperature_gives_it_back_by_keyboard(self, widget):
        wide = "by chance, d = 64"
        widget.pick("vectors", wide)
        scaled, _ = self.table(widget)
        widget.keys(widget.find('input[name="scaled"]'), "Space")
        hard, _ = self.table(widget)
        assert hard.max(axis=1).mean() > scaled.max(axis=1).mean() + 0.25
        self.assert_tells_the_truth(widget, self.twin(widget, vectors=wide, scaled=False))
        slider = widget.find('input[name="temperature"]')
        widget.keys(slider, *["ArrowRight"] * 6)
        assert widget.shown("temperature") == 8
        assert self.table(widget)[0] == pytest.approx(scaled)
        widget.keys(slider, "Home")
        self.assert_tells_the_truth(widget, self.twin(widget, vectors=wide, scaled=False, temperature=0.125))

    def test_a_mask_behind_the_softmax_takes_shares_away_and_one_before_it_does_not(self, widget):
        for mask in MASKS[1:]:
            widget.pick("mask", mask)
            self.assert_tells_the_truth(widget, self.twin(widget, mask=mask))
            widget.find(".nn-shares tbody tr").first.click()
            self.assert_tells_the_truth(widget, self.twin(widget, mask=mask, query=0))
            lost = widget.find(".nn-shares tbody tr:has(.nn-lost)").count()
            assert lost == np.sum(self.twin(widget, mask=mask).weights().sum(axis=1) < 0.995)
            widget.find(".nn-shares tbody tr").nth(widget.state["query"]).click()

    def test_the_mouse_draws_again(self, widget):
        widget.pick("vectors", "by chance, d = 256")
        self.assert_tells_the_truth(widget, self.twin(widget, vectors="by chance, d = 256"))
        widget.press("Draw again")
        self.assert_tells_the_truth(widget, self.twin(widget, vectors="by chance, d = 256", seed=1))
