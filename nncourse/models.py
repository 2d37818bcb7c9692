"""Sequential: a network that is trained (chapters 7, 9 and 12).

One step of training is four lines: forward, the slope of the loss, backward, and a step of the
optimizer. `train_steps` is the loop around them, a generator that can be read, watched and left;
`fit` drains it and keeps a record.
"""

from math import isfinite

import numpy as np

from . import losses, metrics, optimizers
from .callbacks import History, Hooks
from .network import Network
from .validation import numbers, share, whole

__all__ = ["Sequential", "Step"]

PREDICT_BATCH = 1024
UNBOUNDED = ("linear", "relu", "leaky_relu", "elu", "softplus", "gelu", "tanh")  # no probabilities


class Step:
    """One step of training, as `train_steps` tells it: the batch, and what was predicted for it.

    `epoch_y` holds the targets of the whole epoch in the order in which its batches come.
    """

    __slots__ = ("epoch", "epoch_y", "model", "number", "penalty", "prediction", "x", "y")

    def __init__(self, model, epoch, number, x, y, prediction, penalty, epoch_y):
        self.model, self.epoch, self.number, self.epoch_y = model, epoch, number, epoch_y
        self.x, self.y, self.prediction, self.penalty = x, y, prediction, penalty

    @property
    def loss(self) -> float:
        """The loss of this batch before the step, penalties included; computed when asked for."""
        return float(self.model.loss.value(self.y, self.prediction)) + self.penalty

    def __repr__(self):
        return f"Step(epoch={self.epoch}, number={self.number}, loss={self.loss:.4g})"


class Sequential(Network):
    """A network with a loss and an optimizer: `compile`, `fit`, `evaluate`, `predict`, as in Keras.

    A model whose first layer knows its `input_shape` is built at once, another by its first `fit`
    or `predict`. Its `seed` rules the starting weights, the order of the batches and all that is
    random in its layers.
    """

    loss = optimizer = history = None
    stop_training = False

    # Training

    def compile(self, optimizer="rmsprop", loss=None, metrics=()) -> None:
        """Choose how to learn: an optimizer, a loss, and metrics to be told after each epoch.

        The model takes a fresh copy of the optimizer, `model.optimizer`.
        """
        if loss is None:
            raise ValueError("compile needs a loss. Try loss='binary_crossentropy', or 'mse' for a regression.")
        self.optimizer, self.loss = optimizers.get(optimizer).fresh(), losses.get(loss)
        self.metrics = [metrics] if isinstance(metrics, str) or callable(metrics) else list(metrics or ())
        self._metrics = _metric_functions(self.metrics, self.loss)

    def train_steps(self, x, y, *, epochs: int = 1, batch_size: int = 32, shuffle: bool = True):
        """Train, and yield a `Step` after each step: a loop that can be watched, or left.

        With `shuffle`, every epoch comes in an order of its own. An epoch ends with the batch that
        is left over.
        """
        self._require_compiled("training")
        x, y = self._examples(x, y)
        epochs, batch_size = whole("epochs", epochs), whole("batch_size", batch_size)
        self._require_weights()
        return self._steps(x, y, epochs, batch_size, shuffle)

    def _steps(self, x, y, epochs, batch_size, shuffle):
        n, i, order, epoch_y = len(x), 0, np.arange(len(x)), y
        starts = range(0, n, batch_size)
        for epoch in range(epochs):
            if shuffle and batch_size < n:  # all at once come in any order
                self.rng.shuffle(order)
                epoch_y = y.take(order, axis=0)
            for start in starts:
                batch, asked = x, y
                if batch_size < n:
                    rows = slice(start, start + batch_size)
                    batch, asked = x.take(order[rows], axis=0), epoch_y[rows]
                said = self.forward(batch, True)
                penalty = self._loss_gradients(asked, said)
                self.optimizer.step(self._parameters, self._gradients)
                yield Step(self, epoch, i, batch, asked, said, penalty, epoch_y)
                i += 1

    def fit(
        self,
        x,
        y,
        *,
        epochs: int = 1,
        batch_size: int = 32,
        validation_data=None,
        validation_split: float = 0.0,
        callbacks=(),
        shuffle: bool = True,
        verbose="auto",
    ) -> History:
        """Train for some epochs and return their `History`.

        The loss and metrics of an epoch are those of its batches as they were met, as in Keras.
        `validation_split` sets aside that share of the rows, the last ones, before any shuffling.
        """
        self._require_compiled("fit")
        x, y = self._examples(x, y)
        epochs, batch_size = whole("epochs", epochs), whole("batch_size", batch_size)
        if validation_data is not None:
            validation_data = self._examples(*_pair(validation_data), "validation_data: ")
        elif share("validation_split", validation_split):
            x, y, validation_data = _split_last(x, y, validation_split)
        self._require_weights()
        hooks = Hooks(self, callbacks, epochs, verbose)
        names = ["loss", *self._metrics]
        hooks.expect([*names, *(f"val_{name}" for name in names if validation_data is not None)])
        self.stop_training = False
        per_epoch = -(-len(x) // batch_size)
        met = []  # what was predicted for the batches of the epoch, and the penalties
        with hooks, np.errstate(over="ignore", invalid="ignore"):  # a loss that is lost is told in words
            hooks.epoch_begin(0)
            for step in self._steps(x, y, epochs, batch_size, shuffle):
                met.append((step.prediction, step.penalty))
                if len(met) == per_epoch:
                    logs = self._scores(step.epoch_y, *_joined(met))
                    if not isfinite(logs["loss"]):
                        raise FloatingPointError(self._why_not_finite(step, met, batch_size))
                    if validation_data is not None:
                        scores = self._scores_on(*validation_data)
                        logs |= {f"val_{name}": score for name, score in scores.items()}
                    met.clear()
                    hooks.epoch_end(step.epoch, logs)
                    if self.stop_training or step.epoch + 1 == epochs:
                        break
                    hooks.epoch_begin(step.epoch + 1)
        return hooks.history

    def evaluate(self, x, y, *, batch_size: int = PREDICT_BATCH, verbose="auto"):
        """Return the loss on x and y, and the metrics after it if there are any: a list, as in Keras.

        It shows no bar: `verbose` is there so that a call written for Keras runs.
        """
        self._require_compiled("evaluate")
        x, y = self._examples(x, y)
        scores = list(self._scores_on(x, y, whole("batch_size", batch_size)).values())
        return scores if self._metrics else scores[0]

    def predict(self, x, *, batch_size: int = PREDICT_BATCH, verbose="auto") -> np.ndarray:
        """Return the outputs (n, ...) for the rows of x, a new array. `verbose` is as in `evaluate`."""
        x = self._inputs(x)
        return self._predict(x, whole("batch_size", batch_size))

    def _predict(self, x, batch_size=PREDICT_BATCH):
        parts = [self.forward(x[i : i + batch_size]) for i in range(0, len(x), batch_size)]
        return parts[0].copy() if len(parts) == 1 else np.concatenate(parts)

    def _scores_on(self, x, y, batch_size=PREDICT_BATCH):
        penalty = sum(layer.penalty(slope=False) for layer in self._penalized)
        return self._scores(y, self._predict(x, batch_size), penalty)

    def _scores(self, y, prediction, penalty):
        scores = {"loss": float(self.loss.value(y, prediction)) + penalty}
        for name, metric in self._metrics.items():
            scores[name] = float(metric(y, prediction))
        return scores

    def _why_not_finite(self, last, met, batch_size):
        """Say at which step of an epoch the loss was lost, and what the likely reason is."""
        epoch, y = last.epoch, last.epoch_y
        losses = [
            float(self.loss.value(y[i * batch_size : (i + 1) * batch_size], prediction)) + penalty
            for i, (prediction, penalty) in enumerate(met)
        ]
        first = next((i for i, loss in enumerate(losses) if not isfinite(loss)), len(losses) - 1)
        if epoch == first == 0:
            reason = "It was so before the first step: look at the starting weights and at the scale of x."
        else:
            rate = self.optimizer.rate_of(self.optimizer.steps - len(met) + first - 1)  # of the step before
            reason = f"The likely reason is a learning rate that is too large: {rate:g}. Try {rate / 10:g}."
            if (size := np.abs(last.x).max()) > 30:
                reason += f" Or the scale of x, which reaches {size:g}: try nn.datasets.standardize(x)."
        return f"the loss became {losses[first]} in epoch {epoch + 1}, step {first + 1}. {reason}"

    def _loss_gradients(self, y, prediction):
        """Write all gradients of loss and penalties; return the penalties' value.

        Two halves of `backward` are left out here. Where sigmoid or softmax meets its
        cross-entropy, the loss knows the slope in the sum. And nobody asks for the slope in x.
        """
        *others, last = self._trained
        if last.fuses_as and self.loss.fuses and self.loss.fuses_with == last.fuses_as:
            dz = self.loss.gradient_in_sum(y, prediction)
        else:
            dz = last.through_activation(self.loss.gradient(y, prediction))
        for layer in reversed(others):
            dz = layer.through_activation(last.through_sum(dz))
            last = layer
        last.through_sum(dz, input_gradient=False)
        return sum(layer.penalty() for layer in self._penalized) if self._penalized else 0.0

    def objective(self, x, y, training: bool = False):
        """Return the function of the parameter vector that training descends.

        It maps a vector (d,) to (loss with penalties, a fresh gradient (d,)) on all of x and y, and
        leaves the model as it was. With `training`, random layers draw the same in every call.
        """
        self._require_compiled("objective")
        x, y = self._examples(x, y)

        def value_and_gradient(vector):
            kept = self.parameters.copy(), self.gradients.copy(), self.rng.bit_generator.state
            try:
                self.parameters = vector
                prediction = self.forward(x, training)
                penalty = self._loss_gradients(y, prediction)
                return float(self.loss.value(y, prediction)) + penalty, self.gradients.copy()
            finally:
                self._parameters[...], self._gradients[...], self.rng.bit_generator.state = kept

        return value_and_gradient

    # The door

    def _require_compiled(self, what):
        if self.loss is None:
            raise RuntimeError(f"{what} needs a loss and an optimizer. Call compile(optimizer='adam', loss=...) first.")

    def _require_weights(self):
        if not np.isfinite(self._parameters).all():
            raise ValueError("the weights hold NaN or infinity: an earlier training lost them. Make the model anew.")

    def _inputs(self, x, label="", y=None):
        x = numbers(f"{label}x", x)
        if x.ndim == 0:
            raise ValueError(f"{label}x must be a batch of examples, received a single number. Try [[x]].")
        if x.ndim == 1 and (not self.built or self.input_shape == (1,)):
            x = x[:, None]
        if not self.built:
            self._require_pairs(x, y, label)
            self.build(x.shape[1:])
        if x.shape[1:] != self.input_shape:
            wanted = f"(n, {', '.join(map(str, self.input_shape))})"
            hint = self._way_in(x)
            raise ValueError(f"{label}x must have shape {wanted}, received {x.shape}. {hint}".rstrip())
        with np.errstate(over="ignore"):
            own = np.ascontiguousarray(x, self.dtype)
        if own.dtype != x.dtype and not np.isfinite(own).all():
            way = f"than {self.dtype} holds. Try nn.datasets.standardize(x), or Sequential(..., dtype='float64')."
            raise ValueError(f"{label}x reaches {np.abs(x).max():g}, more {way}")
        try:
            self._check_numbers(own)
        except ValueError as error:
            raise ValueError(f"{label}{error}") from None
        return own

    def _require_pairs(self, x, y, label):
        if y is not None and (y.ndim == 0 or len(y) != len(x)):
            came = len(y) if y.ndim else "a single number"
            raise ValueError(f"{label}x has {len(x)} examples, y {came}: expected one target for every example.")

    def _way_in(self, x):
        """What to try with an x of another shape than the model was built for."""
        if x.shape == self.input_shape:
            rows = f" If its rows are the examples, the model needs input_shape={x.shape[1:]}." if x.ndim > 1 else ""
            return f"For one example use x[None].{rows}"
        if self.layers[0].declared_shape is None:
            return "The model was built for the first x that it met. Make a new one for another shape."
        if x.ndim == 4 and (*x.shape[2:], x.shape[1]) == self.input_shape:
            return "Channels come last here: try x.transpose(0, 2, 3, 1)."
        if x.ndim == 3 and (x.shape[2], x.shape[1]) == self.input_shape:
            return "Try x.swapaxes(1, 2)."
        if x[0].size == int(np.prod(self.input_shape)):
            return f"Try x.reshape(-1, {', '.join(map(str, self.input_shape))})."
        return ""

    def _examples(self, x, y, label=""):
        """Return x and y as the loops need them, or say what is wrong."""
        y = numbers(f"{label}y", y)
        x = self._inputs(x, label, y)
        self._check_ending()
        self._require_pairs(x, y, label)
        if y.ndim == 1 and self.output_shape == (1,):
            y = y[:, None]
        try:
            return x, self.loss.targets(y, (len(x), *self.output_shape), self.dtype)
        except ValueError as error:
            wide = len(self.output_shape) > max(1, y.ndim - 1)  # more axes than targets of one row ever have
            raise ValueError(f"{label}{error}{' Was a Flatten() forgotten?' if wide else ''}") from None

    def _check_ending(self):
        """Refuse a last activation that the loss cannot work with."""
        if self.layers != self._gathered:
            raise RuntimeError(
                "the list of layers was changed by hand. Make a new Sequential with the layers you want."
            )
        loss, ends, units = self.loss, self.layers[-1].activation_name, self.output_shape[-1]
        if ends == "softmax" and units == 1:
            raise ValueError(
                "softmax over a single unit is always 1. Use Dense(1, 'sigmoid') with binary_crossentropy, or a unit "
                "for each class."
            )
        if getattr(loss, "from_logits", False) and ends in ("sigmoid", "softmax"):
            raise ValueError(f"{loss!r} takes scores, but the last layer ends in {ends}. Drop one of the two.")
        if loss.fuses_with == "softmax" and ends == "sigmoid":
            raise ValueError(
                f"{loss.name} needs probabilities that sum to 1, but the last layer ends in sigmoid. Try "
                "activation='softmax'; where several classes can be true at once, binary_crossentropy."
            )
        if loss.fuses_with and ends in UNBOUNDED:
            raise ValueError(
                f"{loss.name} needs probabilities, but the last layer ends in {ends}. "
                f"Try activation={loss.fuses_with!r}."
            )


def _metric_functions(names, loss):
    functions = {}
    for name in names:
        function = metrics.get(name, loss)
        if function.__name__ == "loss":
            raise ValueError("a metric named 'loss' would hide the loss itself. Rename it.")
        if function.__name__ in functions:
            raise ValueError(f"two metrics are named {function.__name__!r}, and one would hide the other. Rename one.")
        functions[function.__name__] = function
    return functions


def _joined(met):
    """The predictions of an epoch as they were met, and the mean penalty."""
    if len(met) == 1:
        return met[0]
    predictions, penalties = zip(*met, strict=True)
    return np.concatenate(predictions), sum(penalties) / len(met)


def _pair(data):
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise ValueError(f"validation_data must be a pair (x, y), received {type(data).__name__}.")
    return data


def _split_last(x, y, part):
    kept = int(len(x) * (1 - part))  # as Keras counts, (1 - 0.9) * 10 being a little less than 1
    if kept == len(x):
        raise ValueError(f"validation_split={part} leaves nothing to validate on: there are {len(x)} examples.")
    if kept < 1:
        raise ValueError(f"validation_split={part} leaves nothing to train on: there are {len(x)} examples.")
    return x[:kept], y[:kept], (x[kept:], y[kept:])
