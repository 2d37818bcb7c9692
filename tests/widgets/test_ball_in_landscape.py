"""The ball in Python, and on a bare page."""

import numpy as np
import pytest
import traitlets as t

from nncourse import gradcheck, optimizers
from nncourse.widgets import BallInLandscape
from nncourse.widgets.ball_in_landscape import LANDSCAPES


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_bends_are_the_slopes_of_the_slopes(name):
    surface, widget = LANDSCAPES[name], BallInLandscape(name)
    for place in np.random.default_rng(0).uniform(-2, 2, size=(5, 2)):
        assert gradcheck.check_gradient(surface, place).passed
        hessian = np.array([(surface(place + e)[1] - surface(place - e)[1]) / 2e-5 for e in 1e-5 * np.eye(2)])
        assert widget.curvatures(place) == pytest.approx(np.linalg.eigvalsh(hessian)[::-1], abs=1e-6)


def test_without_noise_the_walk_is_that_of_minimize():
    ball = BallInLandscape("double well", [1.5, -1.0], rate=0.1, momentum=0.5)
    path = optimizers.minimize(LANDSCAPES["double well"], [1.5, -1.0], optimizers.SGD(0.1, momentum=0.5), 300)
    assert np.array_equal(ball.path(), path)


def test_the_share_is_that_of_walks_from_everywhere_and_chapter_06s():
    assert BallInLandscape(rate=0.05).share() == pytest.approx(0.525)
    middles = -2 + 4 * (np.arange(40) + 0.5) / 40
    ends = [BallInLandscape(start=[x, 1.0], rate=0.1, momentum=0.95) for x in middles]
    left = np.mean([ball.fate(ball.path()) == "end in the left well" for ball in ends])
    assert BallInLandscape(rate=0.1, momentum=0.95).share() == pytest.approx(left)  # across, all starts are alike


def test_only_noise_frees_a_ball_on_the_ridge_of_the_saddle():
    for settings in ({}, {"rate": 0.3}, {"momentum": 0.95}):
        ball = BallInLandscape("saddle", **settings)
        assert not ball.path()[:, 1].any() and ball.fate(ball.path()) == "neither"
    ball = BallInLandscape("saddle", noise=0.1)
    assert ball.fate(ball.path()) != "neither"
    assert BallInLandscape("saddle").kind([0, 0]) == "saddle"


def test_noise_leaves_the_shallow_well_sooner_than_the_deep_one():
    def leaves(x, noise):
        balls = [BallInLandscape(start=[x, 0.0], rate=0.1, noise=noise, seed=seed) for seed in range(20)]
        return sum((np.sign(ball.path()[:, 0] - 0.101) != np.sign(x)).any() for ball in balls)

    assert leaves(0.9, 0.5) == leaves(-1.0, 0.5) == 0
    assert leaves(0.9, 1.5) > 2 * leaves(-1.0, 1.5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"landscape": "hill"}, "landscape"),
        ({"start": [3, 0]}, "start must lie between -2 and 2 on the double well, got 3.0"),
        ({"start": [float("nan"), 0]}, "start must lie"),
        ({"rate": 0.06}, "rate"),
        ({"momentum": 1.0}, "momentum must lie between 0 and 0.95, got 1.0"),
        ({"noise": -1.0}, "noise must lie between 0 and 3, got -1.0"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        BallInLandscape(**settings)


def test_words():
    ball = BallInLandscape("saddle")
    assert repr(ball) == "BallInLandscape('saddle', start=[1.0, 0.0], rate=0.05, momentum=0, noise=0)"
    assert (
        "is at (0, 0) after 300 steps, at a saddle. Of 1600 starts, 50.0% leave the map at the top." in ball.describe()
    )


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(BallInLandscape(), width=width), set()
    for landscape in LANDSCAPES:
        page.select_option("select[name=landscape]", landscape)
        for name in ("rate", "momentum", "noise", "steps"):
            for key in ("End", "Home"):
                page.focus(f"input[name={name}]")
                page.keyboard.press(key)
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
                assert "NaN" not in page.inner_html(".nn-w") and "Infinity" not in page.inner_html(".nn-w")
    assert len(heights) == 1, heights
