"""Callbacks: what happens beside training, once an epoch (chapters 9, 11 and 14).

`fit` keeps a record, draws a bar, and asks its callbacks before and after each epoch. A callback
looks at the record and acts: it stops training (`model.stop_training = True`), turns the learning
rate, or keeps the best weights. Names, arguments and rules are those of Keras. Whoever wants to
look at single steps needs none of this: `for step in model.train_steps(x, y): ...`.
"""

from . import metrics
from .epochs import Lines, bar
from .validation import nearest, number, positive, share, whole

__all__ = ["Callback", "EarlyStopping", "History", "LearningRateScheduler", "ReduceLROnPlateau"]

MOMENTS = ("on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end")


class Callback:
    """What `fit` calls: derive from it and define the moments that you need.

    `self.model` is the model in training. `logs` holds the numbers of the epoch by name; what
    `on_epoch_end` adds to it is recorded too. `on_train_end` comes also where training breaks off.
    """

    model = None

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name in vars(cls):
            if name.startswith("on_") and name not in MOMENTS:
                hint = "For single steps use model.train_steps(x, y)." if "batch" in name else nearest(name, MOMENTS)
                raise TypeError(f"{cls.__name__}.{name} would never be called. {hint}")

    def on_train_begin(self, logs=None): ...

    def on_train_end(self, logs=None): ...

    def on_epoch_begin(self, epoch, logs=None): ...

    def on_epoch_end(self, epoch, logs=None): ...


class History:
    """The record of one `fit`: `history` holds a list for each name, with one number an epoch."""

    def __init__(self):
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    def add(self, logs):
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def __repr__(self):
        count = f"{len(self.epoch)} epoch{'s' * (len(self.epoch) != 1)}"
        told = [f"{name} {column[0]:.4g} -> {column[-1]:.4g}" for name, column in self.history.items()]
        return f"History({', '.join([count, *told])})"


class Monitor(Callback):
    """A callback that watches one number, and knows what an improvement of it is."""

    def __init__(self, monitor, mode, min_delta, patience, verbose):
        if not isinstance(monitor, str):
            raise TypeError(f"monitor must be a name such as 'val_loss', received {monitor!r}.")
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode must be 'auto', 'min' or 'max', received {mode!r}.")
        self.monitor, self.mode = monitor, mode
        self.min_delta = abs(number("min_delta", min_delta))
        self.patience = whole("patience", patience, least=0)
        self.verbose = verbose

    def value(self, logs):
        """The number watched, or an error that names the numbers there are."""
        if self.monitor in logs:
            return logs[self.monitor]
        message = f"{type(self).__name__} watches {self.monitor!r}, and fit records only {', '.join(logs)}."
        if self.monitor.removeprefix("val_") in logs:
            raise ValueError(f"{message} Pass validation_data=(x_val, y_val) or validation_split=0.2 to fit.")
        raise ValueError(f"{message} {nearest(self.monitor, logs)}")

    def improves(self, value, over) -> bool:
        """Whether a value beats another by more than min_delta; nan never does."""
        rising = self.rising()
        if over is None:
            return value == value
        return value - self.min_delta > over if rising else value + self.min_delta < over

    def rising(self) -> bool:
        """Whether larger is better."""
        name = self.monitor.removeprefix("val_")
        if self.mode != "auto":
            return self.mode == "max"
        if name != "loss" and name not in metrics.KNOWN:
            raise ValueError(
                f"{type(self).__name__} cannot tell whether a larger {self.monitor!r} is better. "
                "Say mode='max' if it is, mode='min' if not."
            )
        return name in metrics.LARGER_IS_BETTER


class EarlyStopping(Monitor):
    """Stop when the number watched has not improved on its best for `patience` epochs.

    With `restore_best_weights` the model gets the parameters of the best epoch back at the end,
    also where training was not stopped. `start_from_epoch` epochs pass before the watch begins, and
    with a `baseline` only what beats it too renews the patience (Prechelt, 1998).

    After training: `best`, `best_epoch`, `stopped_epoch` (0 if not stopped), both counted from 0,
    and `wait`, the epochs since the patience was renewed.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ):
        super().__init__(monitor, mode, min_delta, patience, verbose)
        self.baseline, self.restore_best_weights = baseline, restore_best_weights
        self.start_from_epoch = whole("start_from_epoch", start_from_epoch, least=0)
        self.on_train_begin()

    def on_train_begin(self, logs=None):
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = None

    def on_epoch_end(self, epoch, logs=None):
        value = self.value(logs)
        if epoch < self.start_from_epoch:
            return
        self.wait += 1
        if self.improves(value, over=self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.parameters.copy()
            if self.baseline is None or self.improves(value, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.best_weights is not None:
            self.model.parameters = self.best_weights
        if self.verbose and self.stopped_epoch:
            kept = f", weights of epoch {self.best_epoch + 1} restored" if self.restore_best_weights else ""
            print(f"Epoch {self.stopped_epoch + 1}: early stopping{kept}")


class LearningRateScheduler(Callback):
    """Set the learning rate of each epoch to `schedule(epoch, rate)`, given the rate so far.

    A schedule of one argument, `schedule(epoch)`, serves too. The record gains `learning_rate`.
    """

    def __init__(self, schedule, verbose: int = 0):
        self.schedule, self.verbose = schedule, verbose
        self.arguments = next((k for k in (2, 1) if _takes(schedule, k)), None)
        if self.arguments is None:
            raise TypeError(f"schedule must be a function (epoch, learning_rate) -> float, received {schedule!r}.")

    def on_train_begin(self, logs=None):
        _rate(self)

    def on_epoch_begin(self, epoch, logs=None):
        rate = self.schedule(*(epoch, _rate(self))[: self.arguments])
        self.model.optimizer.learning_rate = positive("the learning rate of a schedule", rate, zero=True)
        if self.verbose:
            print(f"Epoch {epoch + 1}: learning rate {rate:g}")

    def on_epoch_end(self, epoch, logs=None):
        logs["learning_rate"] = _rate(self)


class ReduceLROnPlateau(Monitor):
    """Multiply the learning rate by `factor` when the number watched has not improved for a while.

    After `patience` epochs without an improvement by more than `min_delta` the rate falls, never
    below `min_lr`; then `cooldown` epochs pass before epochs are counted again. The record gains
    `learning_rate`.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ):
        super().__init__(monitor, mode, min_delta, patience, verbose)
        self.factor, self.min_lr = share("factor", factor), positive("min_lr", min_lr, zero=True)
        self.cooldown = whole("cooldown", cooldown, least=0)

    def on_train_begin(self, logs=None):
        _rate(self)
        self.best, self.wait, self.cooldown_counter = None, 0, 0

    def on_epoch_end(self, epoch, logs=None):
        rate = logs["learning_rate"] = _rate(self)
        value = self.value(logs)
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.improves(value, over=self.best):
            self.best, self.wait = value, 0
        elif self.cooldown_counter == 0:
            self.wait += 1
            if self.wait >= self.patience and rate > self.min_lr:
                self.model.optimizer.learning_rate = max(rate * self.factor, self.min_lr)
                self.cooldown_counter, self.wait = self.cooldown, 0
                if self.verbose:
                    print(f"Epoch {epoch + 1}: learning rate {self.model.optimizer.learning_rate:g}")


def _takes(function, count):
    """Whether a function can be called with that many arguments."""
    from inspect import signature

    try:
        signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # some functions written in C keep their signature to themselves
        return True
    return True


def _rate(callback):
    """The learning rate of the optimizer, if it is a number, which a callback can replace."""
    rate = callback.model.optimizer.learning_rate
    if callable(rate):
        who = type(callback).__name__
        raise ValueError(
            f"{who} sets the learning rate, but the optimizer has a schedule for it already: {rate!r}. "
            f"Give the optimizer a number, or leave out the {who}."
        )
    return float(rate)


# What `fit` itself does once an epoch


class Hooks:
    """The callbacks of one `fit`, its record, and what it shows meanwhile."""

    def __init__(self, model, callbacks, epochs, verbose):
        if not isinstance(verbose, str | int) or verbose not in ("auto", 0, 1, 2):
            raise ValueError(
                f"verbose must be 'auto' or 1 (a bar), 2 (a line an epoch) or 0 (nothing), received {verbose!r}."
            )
        self.callbacks, self.epochs, self.verbose = _listed(callbacks), epochs, verbose
        self.shown = None
        self.history = model.history = History()
        for callback in self.callbacks:
            callback.model = model

    def expect(self, names):
        """Refuse to begin where one of our callbacks would wait for a number in vain; a learner's own may tell more."""
        ours = EarlyStopping, ReduceLROnPlateau, LearningRateScheduler
        if {type(callback) for callback in self.callbacks} <= set(ours):
            for callback in self.callbacks:
                if isinstance(callback, Monitor):
                    callback.value(dict.fromkeys(names))

    def __enter__(self):
        for callback in self.callbacks:
            callback.on_train_begin()
        if self.verbose:  # last: from here on `fit` closes the bar, whatever happens
            self.shown = Lines(self.epochs) if self.verbose == 2 else bar(self.epochs)

    def epoch_begin(self, epoch):
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch)

    def epoch_end(self, epoch, logs):
        self.history.epoch.append(epoch)
        self.history.add(logs)  # first, so that no callback can lose it
        if self.callbacks:
            recorded = set(logs)
            for callback in self.callbacks:
                callback.on_epoch_end(epoch, logs)
            self.history.add({name: value for name, value in logs.items() if name not in recorded})
        if self.shown:
            self.shown.show(epoch, logs)

    def __exit__(self, *exception):
        if self.shown:
            self.shown.close()
        for callback in self.callbacks:
            callback.on_train_end()


def _listed(callbacks):
    callbacks = [callbacks] if isinstance(callbacks, Callback | type) else list(callbacks or ())
    for one in callbacks:
        if isinstance(one, type):
            raise TypeError(f"expected a callback, received the class {one.__name__}. Make one: {one.__name__}().")
        if not isinstance(one, Callback):
            raise TypeError(f"expected a callback, received {one!r}. Derive its class from nn.callbacks.Callback.")
    return callbacks
