"""Signal and gradient through depth: what is multiplied, and the widget on a bare page."""

import numpy as np
import pytest
import traitlets as t

import nncourse as nn
from nncourse.widgets import SignalDepth
from nncourse.widgets.signal_depth import STARTS, normals


def test_the_sizes_are_those_of_dense_layers():
    widget = SignalDepth(depth=6, activation="tanh", start="He", seed=2)
    layers = [nn.layers.Dense(32, "tanh") for _ in range(6)]
    model = nn.Sequential([nn.Input((32,)), *layers], seed=0, dtype="float64")
    for k, layer in enumerate(layers):
        layer.W[...] = STARTS["He"] * normals(2, 1024 * (k + 2), 32)
    answer = model.forward(normals(2, 0, 16))
    assert widget.sizes()[0][-1] == pytest.approx(np.sqrt(np.mean(answer**2)))
    model.backward(normals(2, 1024, 16))
    db = [np.linalg.norm(layer.db) for layer in layers]  # the gradients in the scores, summed over the rows
    assert np.array(db) / np.sqrt(16 * 32) == pytest.approx(widget.sizes()[1], rel=0.5)


@pytest.mark.parametrize(
    ("activation", "start", "signal", "gradient"),
    [
        ("relu", "He", 1.0, 1.0),
        ("relu", "Glorot", 0.71, 0.71),
        ("relu", "0.01", 0.04, 0.04),
        ("relu", "1", 4.0, 4.0),
        ("sigmoid", "Glorot", 1.0, 0.23),
    ],
)
def test_a_layer_multiplies_by_what_the_chapters_say(activation, start, signal, gradient):
    found = SignalDepth(depth=30, activation=activation, start=start).factors()
    assert found == pytest.approx((signal, gradient), rel=0.1)


def test_words():
    assert repr(SignalDepth()) == "SignalDepth(depth=10, activation='sigmoid', start='Glorot')"
    assert "the gradient by 0.23 on its way back, so 2e-06 of it" in SignalDepth().describe()


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"depth": 1}, "depth: a number from 2 to 50"), ({"activation": "step"}, "activation"), ({"start": "2"}, "start")],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        SignalDepth(**settings)


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(SignalDepth(), width=width), set()
    for activation in ("sigmoid", "tanh", "relu"):
        page.select_option("select[name=activation]", activation)
        for start in STARTS:
            page.select_option("select[name=start]", start)
            for key in ("Home", "End"):
                page.focus("input[name=depth]")
                page.keyboard.press(key)
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
