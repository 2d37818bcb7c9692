"""Batch sizes on a bowl, in Python and on a bare page."""

import math

import numpy as np
import pytest
import traitlets as t

from nncourse.widgets import BatchSize
from nncourse.widgets.batch_size import SIZES


def test_a_fourfold_batch_halves_the_noise_and_all_rows_have_none():
    widget = BatchSize()
    for size in SIZES[:-2]:
        rest = (256 - 4 * size) / (256 - size)  # of a batch, none comes twice
        assert widget.noise(4 * size) == pytest.approx(widget.noise(size) / 2 * math.sqrt(rest))
    assert widget.noise(256) == 0


def test_the_noise_is_what_batches_drawn_at_random_measure():
    widget, rng = BatchSize(), np.random.default_rng(0)
    x, y, w = np.array(widget.x), np.array(widget.y), widget.bottom()
    drawn = [rng.permutation(256)[:16] for _ in range(4000)]
    squares = [np.sum((2 * x[rows].T @ (x[rows] @ w - y[rows]) / 16) ** 2) for rows in drawn]
    assert np.sqrt(np.mean(squares)) == pytest.approx(widget.noise(16), rel=0.03)


def test_each_clock_gives_the_lead_to_another():
    """With one rate: in equal updates the large batch ends lower, in equal passes and in equal time the small one."""
    widget = BatchSize((1, 256), (0.1, 0.1))
    ahead = {}
    for widget.clock in ("updates", "passes", "time"):
        ahead[widget.clock] = widget.batch_sizes[widget.late(1) < widget.late(0)]
    assert ahead == {"updates": 256, "passes": 1, "time": 1}


def test_a_large_batch_bears_a_rate_that_throws_a_single_example_out():
    widget = BatchSize((1, 256), (0.6, 0.6))
    assert widget.late(0) == math.inf and widget.late(1) < 1e-6
    assert len(widget.walk(0)) < 100 and widget.excess(widget.walk(0)[-1]) > 1e6


def test_what_updates_cost():
    assert BatchSize().spent(64, 8) == {"updates": 8, "passes": 2, "time": 672}
    assert [BatchSize().updates(64, clock) for clock in ("updates", "passes", "time")] == [100, 8, 47]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_sizes": (3, 4)}, "a batch size is one of .* got 3. Try 16"),
        ({"batch_sizes": (4,)}, "batch_sizes"),
        ({"rates": (0.1, 5.0)}, "a rate from 0.02 to 0.8 is expected, got 5.0. Try 0.1."),
        ({"rates": (float("nan"), 0.1)}, "rate from 0.02"),
        ({"clock": "seconds"}, "clock"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        BatchSize(**settings)


def test_words():
    assert repr(BatchSize((1, 16), (0.1, 0.3))) == "BatchSize(batch_sizes=[1, 16], rates=[0.1, 0.3], clock='updates')"
    assert (
        "100 updates each: the one with batches of 1 and a rate of 0.8 is lost"
        in BatchSize(rates=(0.8, 0.1)).describe()
    )


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(BatchSize(), width=width), set()
    for clock in ("updates", "passes", "time"):
        page.select_option("select[name=clock]", clock)
        for name in ("batch_sizes_0", "rates_0", "batch_sizes_1", "rates_1"):
            for key in ("End", "Home", "PageUp"):
                page.focus(f"input[name={name}]")
                page.keyboard.press(key)
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
    assert "NaN" not in page.inner_html(".nn-w") and "Infinity" not in page.inner_html(".nn-w")
