"""Epochs: what `fit` shows of them while they pass (chapter 9).

A bar, by tqdm where that is installed, and otherwise one line that is written again and again; or a
line an epoch, which reads well in a file. All of them are told the numbers of an epoch by `show`,
and are closed at the end.
"""

import sys
from time import monotonic

__all__ = ["Lines", "Rewritten", "Tqdm", "bar", "told"]


def told(logs) -> str:
    """Return the numbers of an epoch, {name: value}, as words."""
    shown = {name: f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}" for name, value in logs.items()}
    return " - ".join(f"{name}: {number}" for name, number in shown.items())


class Lines:
    """A line an epoch."""

    def __init__(self, epochs):
        self.epochs = epochs

    def line(self, epoch, logs):
        return f"Epoch {epoch + 1}/{self.epochs} - {told(logs)}"

    def show(self, epoch, logs):
        print(self.line(epoch, logs))

    def close(self):
        pass


class Rewritten(Lines):
    """One line on stderr that is written again and again, ten times a second at most."""

    last, written = "", -1.0

    def show(self, epoch, logs):
        self.last = self.line(epoch, logs).ljust(len(self.last))  # covers the line before
        if monotonic() - self.written > 0.1:
            self.write()

    def write(self):
        print(f"\r{self.last}", end="", file=sys.stderr, flush=True)
        self.written = monotonic()

    def close(self):
        if self.last:
            self.write()
            print(file=sys.stderr)


class Tqdm:
    """A bar of tqdm's, with the numbers of the last epoch behind it."""

    def __init__(self, bar):
        self.bar = bar

    def show(self, epoch, logs):
        self.bar.set_postfix_str(told(logs), refresh=False)
        self.bar.update()

    def close(self):
        self.bar.close()


def bar(epochs) -> Tqdm | Rewritten:
    """Return a bar over the epochs, on stderr: by tqdm where it is installed."""
    try:
        from tqdm.auto import tqdm
    except ModuleNotFoundError:
        return Rewritten(epochs)
    return Tqdm(tqdm(total=epochs, unit="epoch"))
