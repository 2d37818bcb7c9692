"""Early stopping on records: the outcome is the callback's, and the widget on a bare page tells the same."""

import numpy as np
import pytest
import traitlets as t

import nncourse as nn
from nncourse.widgets import EarlyStop

VALLEY = [1.0, 0.8, 0.7, 0.75, 0.72, 0.65, 0.66, 0.7, 0.8, 0.9]
RUNS = {
    "bumpy": {"loss": np.linspace(1, 0.1, 10), "val_loss": VALLEY},
    "falling": {"loss": np.linspace(1, 0.1, 12), "val_loss": np.linspace(2, 1, 12)},
}


@pytest.mark.parametrize(
    ("settings", "stop", "home"),
    [
        ({"patience": 0}, 4, 3),
        ({"patience": 1}, 4, 3),
        ({"patience": 2}, 5, 3),
        ({"patience": 3}, 9, 6),
        ({"patience": 3, "restore": False}, 9, 9),
        ({"patience": 3, "min_delta": 0.06}, 6, 3),
        ({"patience": 20}, 10, 6),
        ({"run": "falling", "patience": 0}, 12, 12),
    ],
)
def test_stop_and_what_is_brought_home(settings, stop, home):
    told = EarlyStop(RUNS, **settings).outcome()
    assert (told["stop"], told["home"]) == (stop, home)


def test_a_training_stops_where_the_widget_says():
    x, y = nn.datasets.moons(60, noise=0.3, seed=0)

    def train(**options):
        layers = [nn.Input((2,)), nn.layers.Dense(32, "tanh"), nn.layers.Dense(1, "sigmoid")]
        model = nn.Sequential(layers, seed=0, dtype="float64")
        model.compile(nn.Adam(0.1), "binary_crossentropy")
        return model.fit(
            x[:40], y[:40], epochs=60, batch_size=10, verbose=0, validation_data=(x[40:], y[40:]), **options
        )

    record = train().history
    for patience in (0, 3, 10):
        watch = nn.callbacks.EarlyStopping(patience=patience)
        train(callbacks=[watch])
        told = EarlyStop({"moons": record}, patience=patience).outcome()
        assert (told["stop"], told["best"]) == (watch.stopped_epoch + 1, watch.best_epoch + 1)


@pytest.mark.parametrize(
    ("runs", "settings", "message"),
    [
        ([1, 2], {}, "runs maps names to records"),
        ({}, {}, "at least one record"),
        ({"a": {"loss": [1, 2]}}, {}, "'val_loss' is missing. Pass validation_data to fit"),
        ({"a": {"loss": [1, 2], "val_loss": [1, 2, 3]}}, {}, "as many of both"),
        ({"a": {"loss": [1], "val_loss": [1]}}, {}, "two epochs or more"),
        ({"a": {"loss": [1, 2], "val_loss": [1, float("nan")]}}, {}, "positive and finite"),
        (RUNS, {"run": "no"}, "run must be one of bumpy, falling, got 'no'"),
        (RUNS, {"patience": -1}, "patience: a number from 0 to 20"),
        (RUNS, {"min_delta": 0.2}, "min_delta: a number from 0 to 0.1"),
    ],
)
def test_bad_input_is_refused(runs, settings, message):
    with pytest.raises(t.TraitError, match=message):
        EarlyStop(runs, **settings)


def test_words():
    widget = EarlyStop(RUNS)
    assert repr(widget) == "EarlyStop(2 runs, run='bumpy', patience=2, min_delta=0)"
    assert "stops after epoch 5 and brings home epoch 3, with a validation loss of 0.7000" in widget.describe()
    assert "does not stop in 10 epochs" in EarlyStop(RUNS, patience=9).describe()


@pytest.mark.parametrize("width", [760, 360])
def test_the_widget_keeps_its_height_whatever_it_says(show, width):
    page, heights = show(EarlyStop(RUNS), width=width), set()
    for run in RUNS:
        page.select_option("select[name=run]", run)
        for keys in ("Home", "ArrowRight", "PageUp", "End"):
            for delta in ("Home", "End"):
                page.focus("input[name=min_delta]")
                page.keyboard.press(delta)
                page.focus("input[name=patience]")
                page.keyboard.press(keys)
                page.click("input[name=restore]")
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
    assert len(heights) == 1, heights
