"""Who listens to whom: a sentence, its attention weights, and what is heard (chapter 16)."""

from __future__ import annotations

import math

import numpy as np
import traitlets as t

from nncourse.activations import softmax
from nncourse.widgets.base import Widget, self_contained
from nncourse.widgets.chance import draw

WORDS = ("the", "cat", "sat", "because", "it", "was", "tired")
WIDEST, WIDTHS = 256, {"by hand": 4, **{f"by chance, d = {d}": d for d in (4, 16, 64, 256)}}
MASKS = ("none", "before the softmax", "after the softmax")
# Entries: is a thing, is a deed, is a link, is a quality.
KEYS = np.array([[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0.5, 0, 0, 0], [0, 0.5, 0, 0], [0, 0, 0, 1]])
QUERIES = 6 * np.eye(4)[[0, 1, 0, 1, 0, 3, 0]]
VALUES = np.array([[1.8, 1.0], [1.5, 1.63], [0.82, 1.78], [0.28, 1.35], [0.28, 0.65], [0.82, 0.22], [1.5, 0.37]])


def normal(seed: int, i: int) -> float:
    """Return the i-th Gaussian number of a seed, i from 0 on (Box and Muller, 1958)."""
    return math.sqrt(-2 * math.log(1 - draw(seed, 2 * i + 1))) * math.cos(2 * math.pi * draw(seed, 2 * i + 2))


class AttentionMap(Widget):
    """One head of attention over the words of a sentence, with queries and keys chosen by hand or drawn by chance.

    `vectors` is "by hand" or "by chance, d = 4" (16, 64, 256), then drawn from `seed` with mean 0 and variance 1.
    `query` counts the word that asks, from 0. Scores are divided by the root of d where `scaled`, and by `temperature`.
    `mask` is "none", or hides later words "before the softmax", as it should, or "after the softmax", for comparison.
    """

    _esm = self_contained("attention_map.js")
    height = 650

    vectors = t.Enum(list(WIDTHS), "by hand").tag(sync=True)
    seed = t.Int(0, min=0, max=10**6).tag(sync=True)
    query = t.Int(4, min=0, max=len(WORDS) - 1).tag(sync=True)
    scaled = t.Bool(True).tag(sync=True)
    temperature = t.Float(1.0, min=0.125, max=16).tag(sync=True)
    mask = t.Enum(list(MASKS), "none").tag(sync=True)

    def __init__(self, vectors: str = "by hand", **settings):
        super().__init__(vectors=vectors, **settings)

    @t.validate("temperature")
    def _check_temperature(self, proposal):
        if not math.isfinite(proposal["value"]):
            raise t.TraitError(f"temperature must be a finite number, got {proposal['value']}. Try 1.")
        return proposal["value"]

    def queries_and_keys(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the queries and the keys, (7, d) each, one word a row."""
        if self.vectors == "by hand":
            return QUERIES, KEYS
        rows, d = 2 * len(WORDS), WIDTHS[self.vectors]
        drawn = np.array([[normal(self.seed, row * WIDEST + i) for i in range(d)] for row in range(rows)])
        return drawn[: len(WORDS)], drawn[len(WORDS) :]

    def products(self) -> np.ndarray:
        """Return the dot product of each query, a row, with each key, (7, 7)."""
        queries, keys = self.queries_and_keys()
        return queries @ keys.T

    def scores(self) -> np.ndarray:
        """Return what goes into the softmax, (7, 7)."""
        root = math.sqrt(WIDTHS[self.vectors]) if self.scaled else 1
        scores = self.products() / root / self.temperature
        if self.mask == "before the softmax":
            scores[np.triu_indices(len(WORDS), 1)] = -np.inf
        return scores

    def weights(self) -> np.ndarray:
        """Return the share that each word, a row, gives to each, (7, 7)."""
        weights = softmax(self.scores())
        return np.tril(weights) if self.mask == "after the softmax" else weights

    def heard(self) -> np.ndarray:
        """Return what each word hears, (7, 2): the values of all words, mixed by its shares."""
        return self.weights() @ VALUES

    def describe(self) -> str:
        shares = self.weights()[self.query]
        told = ", ".join(f"'{WORDS[i]}' {shares[i]:.2f}" for i in np.argsort(-shares, kind="stable")[:3])
        return (
            f"In the sentence '{' '.join(WORDS)}' the word '{WORDS[self.query]}' listens to {told}. "
            f"Vectors {self.vectors}, {'scaled' if self.scaled else 'not scaled'}, temperature {self.temperature:g}, "
            f"mask: {self.mask}. Choosing who asks, and turning scale, mask and temperature, needs JavaScript."
        )

    def __repr__(self) -> str:
        return (
            f"AttentionMap({self.vectors!r}, query={WORDS[self.query]!r}, scaled={self.scaled}, "
            f"temperature={self.temperature:g}, mask={self.mask!r})"
        )
