"""Questions with choices, where every choice has its explanation, the wrong ones above all."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass

import traitlets as t

from nncourse.widgets.base import Widget, self_contained


def quiz(chapter: str) -> Quiz:
    """The quiz of a chapter, by the chapter's name: `nn.quiz("sigmoid-neuron")`."""
    from nncourse import exercises

    return Quiz(exercises.quiz_questions(chapter))


class Quiz(Widget):
    """A few questions to answer by choosing; the explanation of a choice appears as soon as it is chosen.

    `questions` is a list of `{"prompt": ..., "choices": [{"text": ..., "correct": ..., "explanation": ...}, ...]}`, or
    of `nncourse.exercises.Question`. `picked` holds the number of the chosen choice of each question, or -1.
    """

    _esm = self_contained("quiz.js")
    height = 520

    questions = t.List(t.Dict()).tag(sync=True)
    picked = t.List(t.Int()).tag(sync=True)

    def __init__(self, questions, **settings):
        plain = [asdict(question) if is_dataclass(question) else question for question in questions]
        for question in plain:
            _check(question)
        settings.setdefault("picked", [-1] * len(plain))
        super().__init__(questions=plain, **settings)

    @property
    def score(self) -> int:
        """How many questions have their right choice picked."""
        return sum(
            pick >= 0 and question["choices"][pick]["correct"]
            for question, pick in zip(self.questions, self.picked, strict=True)
        )

    def describe(self) -> str:
        prompts = " ".join(f"{number}. {question['prompt']}" for number, question in enumerate(self.questions, start=1))
        return f"A quiz; choosing an answer explains it, which needs JavaScript. {prompts}"

    def __repr__(self) -> str:
        return f"Quiz({len(self.questions)} questions)"


def _check(question: dict) -> None:
    choices = question.get("choices", ())
    complete = all(choice.get("text") and choice.get("explanation") for choice in choices)
    if not question.get("prompt") or len(choices) < 2 or not complete:
        raise ValueError(
            "a question has a prompt and two or more choices, each with its text and explanation; "
            f"got {question!r}"
        )  # fmt: skip
    if sum(bool(choice.get("correct")) for choice in choices) != 1:
        raise ValueError(f"exactly one choice is correct, but not so in {question['prompt']!r}")
