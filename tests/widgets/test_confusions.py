"""The pictures behind a confusion matrix, and a reader that may refuse."""

import numpy as np
import pytest
import traitlets as t

from nncourse import metrics
from nncourse.activations import softmax
from nncourse.widgets import Confusions

RNG = np.random.default_rng(0)
Y = RNG.integers(10, size=80)
P = softmax(3 * RNG.normal(size=(80, 10)) + 5 * np.eye(10)[Y])
IMAGES = RNG.random((80, 8, 8, 1))


def test_without_a_threshold_the_table_is_the_confusion_matrix():
    widget = Confusions(IMAGES, Y, P)
    assert (widget.table() == metrics.confusion_matrix(Y, P.argmax(axis=1), classes=range(10))).all()
    assert widget.counts() == {"refused": 0, "answered": 80, "wrong": int((P.argmax(axis=1) != Y).sum())}


def test_it_opens_at_the_commonest_mistake_and_shows_the_surest_first():
    widget = Confusions(IMAGES, Y, P)
    off = widget.table() * (1 - np.eye(10))
    assert off[widget.written, widget.read] == off.max() == len(widget.members())
    assert (np.diff(widget.p[widget.members(), widget.read]) <= 0).all()
    right = Confusions(IMAGES, Y, P, written=3, read=3)
    assert (np.diff(right.p[right.members(), 3]) >= 0).all()


def test_every_threshold_answers_as_the_probabilities_say():
    widget = Confusions(IMAGES, Y, P)
    for cut in range(0, 100):
        widget.threshold = cut / 100
        top, counts = P.round(3).max(axis=1), widget.counts()
        assert counts["refused"] == (np.round(1000 * top) < 10 * cut).sum()
        assert counts["answered"] == widget.table().sum() and counts["wrong"] == counts["answered"] - np.trace(
            widget.table()
        )


def test_a_reader_may_refuse_everything():
    widget = Confusions(IMAGES[:3], [0, 1, 2], [[0.5, 0.3, 0.2]] * 3, threshold=0.9)
    assert not widget.table().any() and widget.counts() == {"refused": 3, "answered": 0, "wrong": 0}


def test_pixels_keep_four_bits():
    packed = np.frombuffer(Confusions(IMAGES, Y, P).pixels, np.uint8)
    assert packed.size == 32 * 80
    unpacked = np.column_stack([packed >> 4, packed & 15]).reshape(IMAGES.shape) / 15
    assert np.abs(unpacked - IMAGES).max() <= 1 / 30 + 1e-9


@pytest.mark.parametrize(
    ("images", "y", "p", "settings", "message"),
    [
        (IMAGES[:, :4], Y, P, {}, r"got shapes \(80, 4, 8, 1\), \(80,\) and \(80, 10\)"),
        (IMAGES, Y[:5], P, {}, "shapes"),
        (IMAGES, Y, P[:, 0], {}, "shapes"),
        (16 * IMAGES, Y, P, {}, "Try images / images.max"),
        (IMAGES, Y, P - 0.5, {}, "Scores need a softmax first"),
        (IMAGES, Y + 5, P, {"written": 0}, "y holds class numbers from 0 to 9, got 1"),
        (IMAGES, Y, P, {"threshold": 1.0}, "threshold: a number from 0 to 0.99 is expected, got 1.0"),
        (IMAGES, Y, P, {"written": 10}, "written: a number from 0 to 9"),
    ],
)
def test_bad_input_is_refused(images, y, p, settings, message):
    with pytest.raises(t.TraitError, match=message):
        Confusions(images, y, p, **settings)


def test_words():
    widget = Confusions(IMAGES, Y, P, written=1, read=1, threshold=0.5)
    counts = widget.counts()
    assert repr(widget) == "Confusions(80 pictures, written=1, read=1, threshold=0.5)"
    assert f"{counts['refused']} refused, and {counts['wrong']} of the other {counts['answered']}" in widget.describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(Confusions(IMAGES, Y, P), width=width), set()
    for written, read in ((3, 3), (0, 9), (1, 2)):
        page.select_option("select[name=written]", str(written))
        page.select_option("select[name=read]", str(read))
        for key in ("End", "Home"):
            page.focus("input[name=threshold]")
            page.keyboard.press(key)
            heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
