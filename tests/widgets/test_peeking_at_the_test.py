"""The best of many looks at a test set, in Python and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse.widgets import PeekingAtTheTest


def test_the_exact_answer_is_what_many_repetitions_approach():
    rng = np.random.default_rng(0)
    best = rng.binomial(114, 0.96, size=(4000, 30)).max(axis=1) / 114
    widget = PeekingAtTheTest(30, 114, 0.96)
    assert widget.claimed() == pytest.approx(best.mean(), abs=0.001)
    assert widget.middle() == pytest.approx(np.quantile(best, [0.05, 0.95]), abs=1 / 114 + 1e-9)


def test_the_best_of_a_thousand_coins_claims_what_the_chapter_found():
    assert round(PeekingAtTheTest(1000, 114, 0.5).claimed(), 2) == 0.65


def test_one_look_is_honest_and_every_further_look_raises_the_claim():
    for truth in (0.5, 0.96):
        claims = [PeekingAtTheTest(looks, 114, truth).claimed() for looks in (1, 2, 10, 1000)]
        assert claims[0] == pytest.approx(truth) and sorted(claims) == claims


def test_more_rows_lower_the_claim():
    claims = [PeekingAtTheTest(1000, rows, 0.5).claimed() for rows in (57, 114, 912)]
    assert sorted(claims, reverse=True) == claims


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"looks": 0}, "looks: from 1 to 1000 is expected, got 0. Try 10."),
        ({"rows": 10}, "rows: from 57 to 912"),
        ({"truth": 1.0}, "truth: from 0.5 to 0.98"),
        ({"truth": float("nan")}, "truth: from 0.5"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        PeekingAtTheTest(**settings)


def test_words():
    assert repr(PeekingAtTheTest(50, 114, 0.96)) == "PeekingAtTheTest(looks=50, rows=114, truth=0.96)"
    assert "on other rows on 0.5." in PeekingAtTheTest().describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_and_tells_what_python_tells(show, width):
    page, heights = show(PeekingAtTheTest(), width=width), set()
    for truth, end in ((0.5, "Home"), (0.98, "End")):
        page.focus("input[name=truth]")
        page.keyboard.press(end)
        for looks, key in ((1, "Home"), (1000, "End")):
            page.focus("input[name=looks]")
            page.keyboard.press(key)
            for rows, press in ((57, "Home"), (912, "End")):
                page.focus("input[name=rows]")
                page.keyboard.press(press)
                claimed = PeekingAtTheTest(looks, rows, truth).claimed()
                assert f"claimed {claimed:.3f} on average" in page.inner_text(".nn-status")
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
