"""What an exercise is: a function to write, the checks that grade it, and the ways in which it usually goes wrong.

A misconception is a program: a wrong answer that runs, with the sentence that a teacher would say about it. The same
program recognises the answer in a learner's notebook and proves in the tests that the checks catch it. Starter and
solution are both cut from the source of the reference, so they cannot drift apart.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

BOOK_URL = "https://example.github.io/nncourse"

CHAPTERS = (
    "from-neuron-to-perceptron",
    "sigmoid-neuron",
    "multilayer-perceptrons",
    "activations",
    "losses",
    "gradient-descent",
    "backpropagation",
    "architectures-and-depth",
    "training-loop",
    "optimizers",
    "learning-rate",
    "evaluation",
    "overfitting",
    "regularization",
    "convolutional-networks",
    "sequences-and-attention",
    "capstone-breast-cancer",
    "capstone-digits",
)


@dataclass(frozen=True)
class Check:
    """One named part of an exercise, worth `points` or nothing.

    `cases(rng)` makes the argument tuples: arrays, numbers, strings, or lists of these. Where many outputs are right,
    `judge(args, output)` replaces the comparison with the reference: a sentence for a wrong output, None for a right
    one. It meets only finite outputs of the reference's structure and shapes. A `quiet` check also fails on NumPy's
    overflow, invalid and division warnings. Numbers agree within `rtol` of the answer or `atol`.
    """

    name: str
    points: int
    cases: Callable[[np.random.Generator], list[tuple]]
    judge: Callable[[tuple, object], str | None] | None = None
    quiet: bool = False
    rtol: float = 1e-6
    atol: float = 1e-9


@dataclass(frozen=True)
class Misconception:
    """A typical wrong answer that runs, and the sentence that helps the learner who wrote it."""

    function: Callable
    hint: str

    @property
    def name(self) -> str:
        return self.function.__name__


@dataclass(frozen=True, kw_only=True, repr=False)
class Exercise:
    """One function to write. `returns` names its values where there are several; `difficulty` runs from 1 to 3."""

    id: str
    chapter: str
    title: str
    reference: Callable
    checks: tuple[Check, ...]
    alternatives: tuple[Callable, ...]
    misconceptions: tuple[Misconception, ...]
    hints: tuple[str, ...]
    difficulty: int
    returns: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<{self.id}: {self.title}, {self.points} points>"

    @property
    def name(self) -> str:
        return self.reference.__name__

    @property
    def number(self) -> int:
        """The number of its chapter."""
        return CHAPTERS.index(self.chapter) + 1

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def points(self) -> int:
        return sum(check.points for check in self.checks)

    @property
    def solution(self) -> str:
        """The source of the reference."""
        return textwrap.dedent(inspect.getsource(self.reference)).rstrip() + "\n"

    @property
    def starter(self) -> str:
        """The reference without its body: signature, docstring, and an ellipsis to replace."""
        function = ast.parse(self.solution).body[0]
        docstring = function.body[0]
        kept = self.solution.splitlines()[: docstring.end_lineno]
        return "\n".join([*kept, " " * docstring.col_offset + "...", ""])

    @property
    def url(self) -> str:
        """Where the online book states the exercise and unfolds its solution."""
        return f"{BOOK_URL}/book/{self.number:02}-{self.chapter}.html#{self.id}"

    def cases(self, seed: int = 0) -> list[list[tuple]]:
        """The argument tuples of every check; seed 0 makes those that a learner sees."""
        return [check.cases(np.random.default_rng([seed, place])) for place, check in enumerate(self.checks)]


@dataclass(frozen=True)
class Choice:
    """An answer on offer, and why it is right or wrong."""

    text: str
    correct: bool
    explanation: str


@dataclass(frozen=True)
class Question:
    """A question of a chapter's quiz."""

    prompt: str
    choices: tuple[Choice, ...]
