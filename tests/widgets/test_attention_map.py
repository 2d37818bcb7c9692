"""The map of attention in Python, and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse.layers import MultiHeadAttention
from nncourse.widgets import AttentionMap
from nncourse.widgets.attention_map import MASKS, VALUES, WIDTHS


@pytest.mark.parametrize("vectors", WIDTHS)
@pytest.mark.parametrize("mask", MASKS[:2])
def test_shares_are_those_of_the_layer(vectors, mask):
    widget = AttentionMap(vectors, mask=mask)
    queries, keys = widget.queries_and_keys()
    d = queries.shape[1]
    layer = MultiHeadAttention(1, d, use_causal_mask=mask != "none").build((7, 2 * d), rng=0)
    layer.Wq, layer.Wk = np.vstack([np.eye(d), 0 * np.eye(d)]), np.vstack([0 * np.eye(d), np.eye(d)])
    layer.forward(np.hstack([queries, keys])[None])
    assert widget.weights() == pytest.approx(layer.attention[0, 0], abs=1e-12)


def test_rows_add_up_to_one_unless_the_mask_comes_after_the_softmax():
    for mask in MASKS[:2]:
        assert AttentionMap(mask=mask).weights().sum(axis=1) == pytest.approx(1)
    after = AttentionMap(mask=MASKS[2]).weights().sum(axis=1)
    assert (after[:-1] < 1).all() and after[-1] == pytest.approx(1)
    assert np.array_equal(AttentionMap(mask=MASKS[1]).weights() > 0, np.tri(7, dtype=bool))


def test_the_temperature_of_the_root_undoes_a_missing_root():
    for vectors, d in WIDTHS.items():
        scaled = AttentionMap(vectors).weights()
        assert AttentionMap(vectors, scaled=False, temperature=d**0.5).weights() == pytest.approx(scaled)


def test_without_the_root_wide_vectors_let_one_word_take_nearly_all():
    def largest(d, **settings):
        maps = [AttentionMap(f"by chance, d = {d}", seed=seed, **settings).weights() for seed in range(10)]
        return np.max(maps, axis=2).mean()

    assert largest(256, scaled=False) > 0.9 > largest(16, scaled=False) > 0.6
    assert 0.35 < largest(256) < 0.45 and 0.3 < largest(4) < 0.45


def test_drawn_numbers_have_mean_zero_and_variance_one():
    queries, keys = AttentionMap("by chance, d = 256").queries_and_keys()
    both = np.vstack([queries, keys])
    assert abs(both.mean()) < 0.06 and abs(both.var() - 1) < 0.08
    narrow, _ = AttentionMap("by chance, d = 4").queries_and_keys()
    assert (narrow == queries[:, :4]).all()


def test_what_is_heard_is_a_mixture():
    widget = AttentionMap(scaled=False, temperature=0.125)
    assert widget.heard()[4] == pytest.approx(VALUES[1])  # "it" hears the cat alone


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vectors": "learned"}, "vectors"),
        ({"query": 7}, "query"),
        ({"temperature": 0.0}, "temperature"),
        ({"temperature": float("nan")}, "temperature must be a finite number, got nan. Try 1."),
        ({"mask": "causal"}, "mask"),
        ({"scaled": "yes"}, "scaled"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        AttentionMap(**settings)


def test_words():
    widget = AttentionMap()
    text = "AttentionMap('by hand', query='it', scaled=True, temperature=1, mask='none')"
    assert repr(widget) == text
    assert f"'it' listens to 'cat' {widget.weights()[4, 1]:.2f}" in widget.describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(AttentionMap(), width=width), set()
    for vectors in WIDTHS:
        for mask in MASKS:
            page.select_option("select[name=vectors]", vectors)
            page.select_option("select[name=mask]", mask)
            page.click("input[name=scaled]")
            page.locator(".nn-shares tbody tr").nth(3).click()
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights


def test_two_maps_on_a_page_ask_each_for_itself(show):
    page = show(AttentionMap(), AttentionMap())
    page.locator(".nn-shares").first.locator("tbody tr").nth(2).click()
    assert [one.inner_text() for one in page.locator(".nn-chain caption").all()] == ["“sat” asks", "“it” asks"]
