import copy
import math
import pickle
import sys

import numpy as np
import pytest

from nncourse import callbacks, metrics
from nncourse.callbacks import Callback, EarlyStopping, History, LearningRateScheduler, ReduceLROnPlateau
from nncourse.layers import Dense
from nncourse.models import Sequential
from nncourse.optimizers import SGD
from nncourse.schedules import ExponentialDecay

ROWS = 24


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(ROWS, 2))


@pytest.fixture
def y(x):
    return (x[:, 0] > 0).astype(float)


def network(optimizer="sgd", loss="binary_crossentropy", **options):
    model = Sequential([Dense(3, "tanh", input_shape=(2,)), Dense(1, "sigmoid")], seed=1)
    model.compile(optimizer, loss, **options)
    return model


class Watcher(Callback):
    """Writes down what it is told, and the parameters at that time."""

    def __init__(self):
        self.told, self.parameters = [], []

    def tell(self, *what):
        self.told.append(what)
        self.parameters.append(self.model.parameters.copy())

    def on_train_begin(self, logs=None):
        self.tell("train begins")

    def on_train_end(self, logs=None):
        self.tell("train ends")

    def on_epoch_begin(self, epoch, logs=None):
        self.tell("epoch begins", epoch)

    def on_epoch_end(self, epoch, logs=None):
        self.tell("epoch ends", epoch)


class Fails(Callback):
    """Breaks off in one epoch."""

    def __init__(self, epoch=2, error=RuntimeError):
        self.epoch, self.error = epoch, error

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            raise self.error("broken off")


# When they are called


def test_callbacks_are_called_around_training_and_every_epoch(x, y):
    watcher, model = Watcher(), network()
    before = model.parameters.copy()
    model.fit(x, y, epochs=2, batch_size=5, callbacks=watcher, verbose=0)
    assert watcher.told == [
        ("train begins",),
        ("epoch begins", 0),
        ("epoch ends", 0),
        ("epoch begins", 1),
        ("epoch ends", 1),
        ("train ends",),
    ]
    begin, first, first_end, second, second_end, end = watcher.parameters
    for still, moved in [(before, begin), (begin, first), (first_end, second), (second_end, end)]:
        np.testing.assert_array_equal(still, moved)  # no step has been made in between
    assert (first != first_end).any() and (second != second_end).any()


def test_a_callback_can_stop_training_and_read_the_record(x, y):
    class Stop(Callback):
        def on_epoch_end(self, epoch, logs=None):
            assert self.model.history.history["loss"][-1] == logs["loss"]
            self.model.stop_training = epoch == 3

    model = network()
    assert model.fit(x, y, epochs=9, callbacks=[Stop()], verbose=0).epoch == [0, 1, 2, 3]
    assert model.fit(x, y, epochs=2, verbose=0).epoch == [0, 1]  # the wish to stop is not remembered


def test_what_a_callback_adds_to_the_logs_is_recorded(x, y):
    class Length(Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["length"] = float(np.linalg.norm(self.model.parameters))

    model = network()
    history = model.fit(x, y, epochs=3, callbacks=[Length()], verbose=0).history
    assert [len(column) for column in history.values()] == [3, 3]
    assert history["length"][-1] == np.linalg.norm(model.parameters)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_training_broken_off_keeps_its_record_and_ends_what_was_begun(x, y, error):
    watcher, model = Watcher(), network()
    with pytest.raises(error):
        model.fit(x, y, epochs=9, callbacks=[Fails(2, error), watcher], verbose=0)
    assert model.history.epoch == [0, 1, 2]
    assert len(model.history.history["loss"]) == 3
    assert watcher.told[-1] == ("train ends",)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: {"on_epoch_ends": print}, "on_epoch_ends would never be called. Did you mean 'on_epoch_end'"),
        (lambda: {"on_train_batch_end": print}, "For single steps use model.train_steps"),
    ],
)
def test_a_moment_that_never_comes_is_refused(make, message):
    with pytest.raises(TypeError, match=message):
        type("Mine", (Callback,), make())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (EarlyStopping, r"received the class EarlyStopping. Make one: EarlyStopping\(\)"),
        ([Watcher], "received the class Watcher"),
        ([print], "received <built-in function print>. Derive its class from nn.callbacks.Callback"),
        (["early_stopping"], "received 'early_stopping'"),
    ],
)
def test_what_is_no_callback_is_refused(x, y, wrong, message):
    with pytest.raises(TypeError, match=message):
        network().fit(x, y, callbacks=wrong, verbose=0)


def test_no_callbacks_may_be_said_in_several_ways(x, y):
    for none in (None, [], ()):
        network().fit(x, y, callbacks=none, verbose=0)


# The record


def test_the_record_is_returned_and_kept_with_the_model(x, y):
    model = network(metrics=["accuracy"])
    assert model.history is None
    history = model.fit(x, y, epochs=3, validation_split=0.25, verbose=0)
    assert history is model.history
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(type(number) is float for column in history.history.values() for number in column)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.history.history == history.history


def test_a_record_prints_where_it_began_and_where_it_ended():
    history = History()
    assert repr(history) == "History(0 epochs)"
    history.epoch.append(0)
    history.add({"loss": 0.69314, "accuracy": 0.5})
    assert repr(history) == "History(1 epoch, loss 0.6931 -> 0.6931, accuracy 0.5 -> 0.5)"
    history.epoch.append(1)
    history.add({"loss": 1e-5, "accuracy": 1.0})
    assert repr(history) == "History(2 epochs, loss 0.6931 -> 1e-05, accuracy 0.5 -> 1)"


# Early stopping


class Stand:
    """A model reduced to what these callbacks touch; its one parameter is the number of the epoch."""

    def __init__(self):
        self.parameters, self.stop_training, self.optimizer = np.array([-1.0]), False, SGD(1.0)


def told(callback, values, name="val_loss"):
    """Tell a callback one value an epoch, as `fit` would; return the last epoch, parameter and all rates."""
    model = callback.model = Stand()
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        callback.on_epoch_begin(epoch)
        model.parameters = np.array([float(epoch)])
        callback.on_epoch_end(epoch, {"loss": 0.0, name: value})
        rates.append(model.optimizer.learning_rate)
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch, model.parameters[0], rates


V = [1.0, 0.8, 0.7, 0.75, 0.74, 0.73, 0.72, 0.6]


@pytest.mark.parametrize(
    ("settings", "values", "end", "kept", "state"),
    [  # what Keras 3.15 does: last epoch, epoch of the weights at the end; wait, stopped_epoch, best_epoch, best
        ({"patience": 3}, V, 5, 5, (3, 5, 2, 0.7)),
        ({"patience": 0}, V, 3, 3, (1, 3, 2, 0.7)),
        ({"patience": 1}, V, 3, 3, (1, 3, 2, 0.7)),
        ({"patience": 3, "min_delta": 0.15}, V, 4, 4, (3, 4, 1, 0.8)),
        ({"patience": 3, "min_delta": -0.15}, V, 4, 4, (3, 4, 1, 0.8)),
        ({"patience": 2, "restore_best_weights": True}, V, 4, 2, (2, 4, 2, 0.7)),
        ({"patience": 9, "restore_best_weights": True}, V[:5], 4, 2, (2, 0, 2, 0.7)),
        ({"patience": 2, "mode": "max"}, V, 2, 2, (2, 2, 0, 1.0)),
        ({"patience": 2, "baseline": 0.5, "restore_best_weights": True}, V, 3, 2, (4, 3, 2, 0.7)),
        ({"patience": 2, "baseline": 0.75}, V, 4, 4, (2, 4, 2, 0.7)),
        ({"patience": 1, "start_from_epoch": 4, "restore_best_weights": True}, V, 7, 7, (0, 0, 7, 0.6)),
        ({"patience": 0}, [1.0, 1.0, 1.0], 1, 1, (1, 1, 0, 1.0)),
        ({"patience": 0, "restore_best_weights": True}, [0.5], 0, 0, (0, 0, 0, 0.5)),
    ],
)
def test_early_stopping_decides_as_keras_does(settings, values, end, kept, state):
    stopping = EarlyStopping(**settings)
    for _ in range(2):  # an instance can serve again
        epoch, parameter, _ = told(stopping, values)
        assert (epoch, parameter) == (end, kept)
        assert (stopping.wait, stopping.stopped_epoch, stopping.best_epoch, stopping.best) == state


def test_what_is_not_a_number_is_never_the_best():
    stopping = EarlyStopping(patience=9, restore_best_weights=True)
    _, kept, _ = told(stopping, [math.nan, 0.5, math.nan, 0.6])
    assert (stopping.best, stopping.best_epoch, kept) == (0.5, 1, 1)
    assert told(EarlyStopping(patience=2), [0.5, math.nan, math.nan, 0.1])[0] == 2


def test_the_best_weights_come_back_with_their_loss(x, y):
    watcher, stopping = Watcher(), EarlyStopping(patience=2, restore_best_weights=True)
    noise = np.random.default_rng(3).integers(0, 2, ROWS)
    model = network(SGD(3.0))
    history = model.fit(x, y, epochs=30, validation_data=(x, noise), callbacks=[watcher, stopping], verbose=0)
    losses = history.history["val_loss"]
    assert stopping.best == min(losses) == losses[stopping.best_epoch]
    assert len(losses) == stopping.best_epoch + 3 == stopping.stopped_epoch + 1
    assert model.evaluate(x, noise) == stopping.best
    best = watcher.told.index(("epoch ends", stopping.best_epoch))
    np.testing.assert_array_equal(model.parameters, watcher.parameters[best])
    assert np.shares_memory(model.layers[0].W, model.parameters)  # copied into the views


def test_training_broken_off_gives_the_best_weights_back_too(x, y):
    watcher, stopping = Watcher(), EarlyStopping("loss", patience=9, restore_best_weights=True)
    model = network(SGD(0.5))
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, epochs=9, callbacks=[stopping, watcher, Fails(4, KeyboardInterrupt)], verbose=0)
    best = watcher.told.index(("epoch ends", stopping.best_epoch))
    np.testing.assert_array_equal(model.parameters, watcher.parameters[best])


@pytest.mark.parametrize("name", sorted([*metrics.KNOWN, "loss"]))
def test_the_name_says_which_way_is_better(name):
    rising = name in metrics.LARGER_IS_BETTER
    for monitor in (name, f"val_{name}"):
        stopping = EarlyStopping(monitor, patience=1)
        told(stopping, [0.1, 0.2, 0.3] if rising else [0.3, 0.2, 0.1], monitor)
        assert (stopping.best_epoch, stopping.stopped_epoch) == (2, 0)


def test_a_metric_of_ones_own_needs_a_mode(x, y):
    def surplus(y_true, y_pred):
        return (y_pred - y_true).sum()

    model = network(metrics=[surplus])
    with pytest.raises(ValueError, match=r"cannot tell whether a larger 'surplus' is better\. Say mode='max'"):
        model.fit(x, y, callbacks=EarlyStopping("surplus"), verbose=0)
    model.fit(x, y, callbacks=EarlyStopping("surplus", mode="min"), verbose=0)


@pytest.mark.parametrize(
    ("monitor", "message"),
    [
        ("val_loss", r"records only loss, accuracy. Pass validation_data=\(x_val, y_val\) or validation_split"),
        ("val_accuracy", "Pass validation_data"),
        ("acuracy", "records only loss, accuracy. Did you mean 'accuracy'"),
        ("recall", "EarlyStopping watches 'recall', and fit records only loss, accuracy"),
    ],
)
def test_a_number_that_is_not_recorded_is_an_error_that_names_those_that_are(x, y, monitor, message):
    model = network(metrics=["accuracy"])
    before = model.parameters.copy()
    with pytest.raises(ValueError, match=message):
        model.fit(x, y, callbacks=[EarlyStopping(monitor)], verbose=0)
    np.testing.assert_array_equal(model.parameters, before)  # it was found before any work


def test_a_number_that_ones_own_callback_tells_can_be_watched(x, y):
    class Surplus(Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["surplus"] = -epoch

    model = network()
    history = model.fit(x, y, epochs=3, callbacks=[Surplus(), EarlyStopping("surplus", mode="min")], verbose=0).history
    assert history["surplus"] == [0, -1, -2]
    with pytest.raises(ValueError, match="watches 'surpluss'"):
        model.fit(x, y, callbacks=[Surplus(), EarlyStopping("surpluss", mode="min")], verbose=0)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: EarlyStopping(5), TypeError, "monitor must be a name such as 'val_loss', received 5"),
        (lambda: EarlyStopping(mode="down"), ValueError, "mode must be 'auto', 'min' or 'max', received 'down'"),
        (lambda: EarlyStopping(patience=-1), ValueError, "patience must be a whole number from 0 on"),
        (lambda: EarlyStopping(start_from_epoch=0.5), ValueError, "start_from_epoch must be a whole number"),
        (lambda: ReduceLROnPlateau(factor=2), ValueError, "factor must be a number from 0 to below 1, received 2"),
        (lambda: ReduceLROnPlateau(min_lr=-1), ValueError, "min_lr must be a number from 0 on"),
        (lambda: LearningRateScheduler(0.1), TypeError, "schedule must be a function .*, received 0.1"),
        (lambda: LearningRateScheduler(lambda: 0.1), TypeError, "schedule must be a function"),
    ],
)
def test_settings_without_sense_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize("kind", [EarlyStopping, ReduceLROnPlateau])
def test_settings_that_cannot_be_are_refused(kind):
    for setting, words in [
        ({"min_delta": "0.1"}, "min_delta must be a finite number, received '0.1'"),
        ({"min_delta": math.nan}, "min_delta must be a finite number, received nan"),
        ({"patience": -1}, "patience must be a whole number from 0 on, received -1"),
        ({"mode": "maximum"}, "mode must be 'auto', 'min' or 'max', received 'maximum'"),
    ]:
        with pytest.raises(ValueError, match=words):
            kind(**setting)


def test_verbose_callbacks_say_what_they_did(capsys):
    told(EarlyStopping(patience=2, restore_best_weights=True, verbose=1), V)
    told(ReduceLROnPlateau(patience=2, factor=0.5, verbose=1), [1.0] * 3)
    told(LearningRateScheduler(lambda epoch, rate: rate / 2, verbose=1), [1.0])
    assert capsys.readouterr().out.splitlines() == [
        "Epoch 5: early stopping, weights of epoch 3 restored",
        "Epoch 3: learning rate 0.5",
        "Epoch 1: learning rate 0.5",
    ]


# The learning rate, epoch by epoch


def test_the_rate_of_an_epoch_holds_from_its_first_step(x, y):
    rates = [0.5, 0.25, 0.125]
    scheduled = network(SGD(1.0))
    history = scheduled.fit(
        x, y, epochs=3, batch_size=8, callbacks=[LearningRateScheduler(lambda epoch, rate: rate / 2)], verbose=0
    )
    assert history.history["learning_rate"] == rates
    assert scheduled.optimizer.learning_rate == 0.125
    by_hand = network(SGD(lambda step: rates[step // 3]))  # three steps an epoch
    by_hand.fit(x, y, epochs=3, batch_size=8, verbose=0)
    np.testing.assert_array_equal(scheduled.parameters, by_hand.parameters)


def test_a_schedule_of_the_epoch_alone_serves_too():
    decay = ExponentialDecay(0.8, 1, 0.5)
    for schedule in (decay, lambda epoch: decay(epoch), lambda epoch, rate: decay(epoch)):
        assert told(LearningRateScheduler(schedule), [1.0] * 3)[2] == pytest.approx([0.8, 0.4, 0.2])


@pytest.mark.parametrize("answer", [None, -0.1, math.nan, "0.1", np.ones(2)])
def test_a_schedule_that_returns_no_rate_is_named(answer):
    with pytest.raises(ValueError, match="the learning rate of a schedule must be a number from 0 on, received"):
        told(LearningRateScheduler(lambda epoch, rate: answer), [1.0])


def test_an_error_inside_a_schedule_is_not_taken_for_another_signature():
    def broken(epoch, rate):
        return rate + "1"

    with pytest.raises(TypeError, match="unsupported operand"):
        told(LearningRateScheduler(broken), [1.0])


@pytest.mark.parametrize("callback", [LearningRateScheduler(lambda epoch, rate: rate), ReduceLROnPlateau("loss")])
def test_two_who_set_the_rate_are_one_too_many(callback, x, y):
    model = network(SGD(ExponentialDecay(0.1, 10, 0.5)))
    with pytest.raises(ValueError, match=r"has a schedule for it already: ExponentialDecay.*Give the optimizer"):
        model.fit(x, y, callbacks=[callback], verbose=0)


@pytest.mark.parametrize(
    ("settings", "values", "rates"),
    [  # what Keras 3.15 does
        ({"patience": 2, "factor": 0.5}, [1, 1, 1, 1, 1, 0.5, 0.5, 0.5], [1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]),
        ({"patience": 1, "factor": 0.1, "min_lr": 0.05}, [1] * 5, [1, 0.1, 0.05, 0.05, 0.05]),
        ({"patience": 1, "factor": 0.5, "cooldown": 2}, [1] * 8, [1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625]),
        ({"patience": 1, "factor": 0.5, "min_delta": 0.2}, [1, 0.9, 0.8, 0.7, 0.6], [1, 0.5, 0.25, 0.25, 0.125]),
    ],
)
def test_the_rate_falls_on_a_plateau_as_in_keras(settings, values, rates):
    callback = ReduceLROnPlateau(**settings)
    for _ in range(2):
        assert told(callback, values)[2] == pytest.approx(rates, rel=1e-12)


def test_the_rate_before_the_fall_is_what_the_epoch_had(x, y):
    model = network(SGD(0.0001))
    history = model.fit(x, y, epochs=3, callbacks=[ReduceLROnPlateau("loss", patience=1, min_delta=9)], verbose=0)
    assert history.history["learning_rate"] == pytest.approx([1e-4, 1e-4, 1e-5], rel=1e-12)


# What is shown


def test_silence_shows_and_costs_nothing(x, y, capsys, monkeypatch):
    monkeypatch.setattr(callbacks, "bar", None)
    monkeypatch.setattr(callbacks, "Lines", None)
    network().fit(x, y, epochs=3, verbose=0)
    assert capsys.readouterr() == ("", "")


def test_a_line_an_epoch(x, y, capsys):
    history = network(metrics=["accuracy"]).fit(x, y, epochs=2, verbose=2).history
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        f"Epoch {i + 1}/2 - loss: {history['loss'][i]:.4f} - accuracy: {history['accuracy'][i]:.4f}" for i in range(2)
    ]


@pytest.mark.parametrize("verbose", ["auto", 1, True])
def test_the_bar_counts_epochs_and_ends_with_the_last_loss(x, y, capsys, verbose):
    pytest.importorskip("tqdm", reason="the bar is drawn by tqdm: pip install tqdm")
    loss = network().fit(x, y, epochs=3, verbose=verbose).history["loss"][-1]
    out, err = capsys.readouterr()
    assert out == ""
    last = err.splitlines()[-1]
    assert "3/3" in last and f"loss: {loss:.4f}" in last


@pytest.mark.parametrize("verbose", ["auto", 1])
def test_without_tqdm_one_line_is_written_again_and_again(x, y, capsys, monkeypatch, verbose):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    loss = network().fit(x, y, epochs=300, verbose=verbose).history["loss"][-1]
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(f"\rEpoch 300/300 - loss: {loss:.4f}\n") and err.count("\n") == 1
    assert err.count("\r") < 300  # not every epoch is worth a line


@pytest.mark.parametrize("with_tqdm", [True, False])
def test_a_callback_that_fails_leaves_no_bar_open(x, y, capsys, monkeypatch, with_tqdm):
    closed = []
    if with_tqdm:
        module = pytest.importorskip("tqdm.auto", reason="the bar is drawn by tqdm: pip install tqdm")

        class Watched(module.tqdm):
            def close(self):
                closed.append(self.n)
                super().close()

        monkeypatch.setattr(module, "tqdm", Watched)
    else:
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(RuntimeError, match="broken off"):
        network().fit(x, y, epochs=9, callbacks=[Fails(2)], verbose=1)
    assert closed[:1] == ([2] if with_tqdm else [])  # tqdm closes itself once more when it is thrown away
    assert capsys.readouterr().err.endswith("\n")


@pytest.mark.parametrize("verbose", ["yes", 3, -1, None, 1.5, [1]])
def test_what_verbose_cannot_be_is_refused(x, y, verbose):
    with pytest.raises(ValueError, match=r"verbose must be 'auto' or 1 .* received"):
        network().fit(x, y, verbose=verbose)
