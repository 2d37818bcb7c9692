"""A confusion matrix whose cells open: the pictures behind each count, and a reader that may refuse (chapter 18)."""

from __future__ import annotations

import numpy as np
import traitlets as t

from nncourse import metrics
from nncourse.widgets.base import Widget, self_contained


class Confusions(Widget):
    """Small grey pictures with what was written, and the probabilities of a reader.

    `images` (n, 8, 8) or (n, 8, 8, 1) holds grey values from 0 to 1, kept with 4 bits; `y` (n,) class numbers, `p`
    (n, K) probabilities, kept with 3 decimals, which are the same on every processor. What is read is the class of the
    largest probability, unless that is less than `threshold`: then the reader refuses. `written` and `read` name the
    open cell of the matrix, at first the commonest mistake, and `picture` the place in it.
    """

    _esm = self_contained("confusions.js")
    height = 760

    y = t.List(t.Int(), help="class numbers").tag(sync=True)
    pixels = t.Bytes(help="two pixels a byte, 32 bytes a picture").tag(sync=True)
    thousandths = t.Bytes(help="probabilities in thousandths, 16 bits each, little end first").tag(sync=True)
    written = t.Int(0).tag(sync=True)
    read = t.Int(0).tag(sync=True)
    picture = t.Int(0, min=0).tag(sync=True)
    threshold = t.Float(0.0).tag(sync=True)

    def __init__(self, images, y, p, **settings):
        images, y, p = (np.asarray(part) for part in (images, y, p))
        if p.ndim != 2 or not 2 <= p.shape[1] <= 10 or y.shape != p.shape[:1] or images.size != 64 * len(p):
            raise t.TraitError(
                "images (n, 8, 8), class numbers y (n,) and probabilities p (n, K) for up to ten classes are expected, "
                f"got shapes {images.shape}, {y.shape} and {p.shape}."
            )
        for name, values in (("images", images), ("p", p)):
            if not (np.min(values) >= 0 and np.max(values) <= 1):  # refuses nan, too
                hint = "Try images / images.max()." if name == "images" else "Scores need a softmax first."
                raise t.TraitError(
                    f"{name} holds numbers from 0 to 1, got {np.min(values)} to {np.max(values)}. {hint}"
                )
        levels = np.round(images.reshape(-1, 2) * 15).astype(np.uint8)
        thousandths = np.round(p * 1000).astype("<u2")
        if not {"written", "read"} & settings.keys():
            table = metrics.confusion_matrix(y, thousandths.argmax(axis=1), classes=range(p.shape[1]))
            off = table - np.diag(np.diag(table))
            settings["written"], settings["read"] = (int(place) for place in np.unravel_index(off.argmax(), off.shape))
        super().__init__(
            y=[int(one) for one in y],
            pixels=(16 * levels[:, 0] + levels[:, 1]).tobytes(),
            thousandths=thousandths.tobytes(),
            **settings,
        )

    @t.validate("y")
    def _check_classes(self, proposal):
        for label in proposal["value"]:
            if not 0 <= label < 10:
                raise t.TraitError(f"y holds class numbers from 0 to 9, got {label}.")
        return proposal["value"]

    @t.validate("written", "read", "threshold")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        high = 0.99 if name == "threshold" else 9
        if not 0 <= value <= high:
            raise t.TraitError(f"{name}: a number from 0 to {high:g} is expected, got {value}. Try 0.")
        return value

    @property
    def p(self) -> np.ndarray:
        """The probabilities, (n, K), to three decimals."""
        return np.frombuffer(self.thousandths, "<u2").reshape(len(self.y), -1) / 1000

    def answers(self) -> np.ndarray:
        """Return what is read, (n,); -1 where the reader refuses."""
        p = self.p
        return np.where(p.max(axis=1) >= self.threshold, p.argmax(axis=1), -1)

    def table(self) -> np.ndarray:
        """Return the confusion matrix (K, K) of the pictures that are not refused: rows written, columns read."""
        answered, k = (said := self.answers()) >= 0, self.p.shape[1]
        if not answered.any():
            return np.zeros((k, k), dtype=int)
        return metrics.confusion_matrix(np.array(self.y)[answered], said[answered], classes=range(k))

    def members(self) -> list[int]:
        """Return the pictures of the open cell, refused ones too: of mistakes the surest first, else the least sure."""
        p = self.p
        rows = np.flatnonzero((np.array(self.y) == self.written) & (p.argmax(axis=1) == self.read))
        sure = np.frombuffer(self.thousandths, "<u2").reshape(p.shape).max(axis=1)[rows].astype(int)
        order = np.argsort(sure if self.written == self.read else -sure, kind="stable")
        return rows[order].tolist()

    def counts(self) -> dict[str, int]:
        """Return how many are refused, how many answered, and how many of these wrongly."""
        said = self.answers()
        answered = said >= 0
        wrong = answered & (said != np.array(self.y))
        return {"refused": int((~answered).sum()), "answered": int(answered.sum()), "wrong": int(wrong.sum())}

    def describe(self) -> str:
        counts = self.counts()
        return (
            f"A reader of {len(self.y)} pictures that refuses when its largest probability is below "
            f"{self.threshold:g}: {counts['refused']} refused, and {counts['wrong']} of the other {counts['answered']} "
            f"misread. {len(self.members())} times {self.written} was read as {self.read}. "
            "Opening the cells of the matrix and moving the threshold needs JavaScript."
        )

    def __repr__(self) -> str:
        return (
            f"Confusions({len(self.y)} pictures, written={self.written}, read={self.read}, "
            f"threshold={self.threshold:g})"
        )
