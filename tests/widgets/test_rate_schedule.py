"""Schedules on a noisy parabola, in Python and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse.widgets import RateSchedule


def ends(first, noise=True, **settings):
    names = ("constant", "inverse time", "exponential", "steps", "cosine", "cyclical")
    return {name: RateSchedule(name, first, noise=noise, **settings).distances()[-1] for name in names}


def test_the_distance_is_what_many_walkers_measure():
    rng, w = np.random.default_rng(0), np.full(20000, 10.0)
    walk = RateSchedule("exponential", 0.5, period=20, steps=50)
    for rate, far in zip(walk.rates(), walk.distances()[1:], strict=True):
        w = w - rate * (w + rng.normal(size=len(w)))
        assert np.sqrt(np.mean(w**2)) == pytest.approx(far, rel=0.02)


def test_with_noise_every_falling_rate_ends_nearer_than_the_constant_one_and_without_none_does():
    for first in (0.1, 0.5):
        noisy, calm = ends(first), ends(first, noise=False)
        assert max(noisy, key=noisy.get) == "constant" and min(calm, key=calm.get) == "constant"


def test_one_over_time_leaves_the_noise_of_a_mean():
    walk = RateSchedule("inverse time", 1.0, period=1, steps=100)
    assert walk.distances()[-1] == pytest.approx(1 / np.sqrt(100))


def test_rates_with_a_small_sum_stop_on_the_way():
    walk = RateSchedule("exponential", 0.1, period=7, noise=False)
    assert walk.rates().sum() == pytest.approx(0.1 / (1 - 0.5 ** (1 / 7)))
    assert 3 < walk.distances()[-1] < 4


def test_a_longer_range_test_is_lowest_at_a_lower_rate_and_blows_up_later_than_the_edge():
    lowest = []
    for steps in (100, 300, 1000):
        walk = RateSchedule("range test", steps=steps)
        lowest.append(walk.rates()[walk.nearest() - 1])
        assert walk.rates()[walk.blown()] > 2
    assert lowest == sorted(lowest, reverse=True)
    assert RateSchedule("range test").rates()[[0, -1]] == pytest.approx([1e-4, 10])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"schedule": "cosin"}, "schedule"),
        ({"first": 0.15}, "first"),
        ({"period": 4}, "period"),
        ({"steps": 0}, "steps"),
        ({"kept": {"schedule": "cosine"}}, "kept holds schedule, first, period, steps, noise, got schedule"),
        (
            {"kept": {"schedule": "cosine", "first": 5.0, "period": 50, "steps": 300, "noise": True}},
            "kept: first is one of .* got 5.0",
        ),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        RateSchedule(**settings)


def test_words():
    assert repr(RateSchedule("steps", 0.5)) == "RateSchedule('steps', first=0.5, period=50, steps=300)"
    assert "with noise in their slopes" in RateSchedule().describe()
    assert "they are 1 away after 300 steps; the rates add up to 300" in RateSchedule("constant").describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(RateSchedule(), width=width), set()
    for name in ("cyclical", "constant", "inverse time", "range test"):
        page.select_option("select[name=schedule]", name)
        page.click("input[name=keep]")
        page.click("input[name=noise]")
        for key in ("End", "Home"):
            if page.is_enabled("input[name=first]"):
                page.focus("input[name=first]")
                page.keyboard.press(key)
            page.focus("input[name=steps]")
            page.keyboard.press(key)
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
            assert "NaN" not in page.inner_html(".nn-w") and "Infinity" not in page.inner_html(".nn-w")
    assert len(heights) == 1, heights
