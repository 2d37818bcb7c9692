"""Finding exercises: every module `chapter_NN` of this package brings its `EXERCISES` and its `QUIZ`."""

import pkgutil
import re
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import ModuleType

from .model import CHAPTERS, Exercise, Question


@cache
def _modules() -> dict[str, ModuleType]:
    """Chapter name -> its module, in the order of the course."""
    package = import_module(__package__)
    numbers = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if re.fullmatch(r"chapter_\d\d", m.name))
    return {CHAPTERS[int(name[-2:]) - 1]: import_module(f"{__package__}.{name}") for name in numbers}


@cache
def catalog() -> tuple[Exercise, ...]:
    """All exercises in the order of the course."""
    return tuple(exercise for module in _modules().values() for exercise in module.EXERCISES)


def get(exercise_id: str) -> Exercise:
    """The exercise of this id; a LookupError proposes the nearest."""
    exercises = {exercise.id: exercise for exercise in catalog()}
    return exercises[_known(exercise_id, exercises, "exercise")]


def quiz_questions(chapter: str) -> tuple[Question, ...]:
    """The quiz of a chapter, by the chapter's name."""
    return _modules()[_known(chapter, _modules(), "chapter with a quiz")].QUIZ


def _known(name: str, names: dict, kind: str) -> str:
    if isinstance(name, str) and name in names:
        return name
    if not isinstance(name, str):
        raise LookupError(
            f"expected the name of an exercise or chapter, received an object of type {type(name).__name__}."
        )
    near = get_close_matches(name, names, n=1, cutoff=0.3)
    proposal = f"Did you mean {near[0]!r}?" if near else f"Try one of: {', '.join(names)}."
    raise LookupError(f"there is no {kind} called {name!r}. {proposal}")
