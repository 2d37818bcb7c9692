"""Finding exercises: every module `chapter_NN` of this package brings its `EXERCISES` and its `QUIZ`."""

import pkgutil
import re
from difflib import get_close_matches
from functools import cache
from html import escape
from importlib import import_module
from types import ModuleType

from .model import CHAPTERS, Exercise, Question


@cache
def _modules() -> dict[str, ModuleType]:
    """Chapter name -> its module, in the order of the course."""
    package = import_module(__package__)
    numbers = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if re.fullmatch(r"chapter_\d\d", m.name))
    if unnamed := [name for name in numbers if int(name[-2:]) > len(CHAPTERS)]:
        raise LookupError(
            f"{unnamed[0]}.py is the module of a chapter without a name: CHAPTERS in nncourse/exercises/model.py names "
            f"{len(CHAPTERS)} chapters. Add its name there."
        )
    return {CHAPTERS[int(name[-2:]) - 1]: import_module(f"{__package__}.{name}") for name in numbers}


class Catalog(tuple):
    """Exercises that print as a table."""

    def __repr__(self) -> str:
        width = max((len(exercise.id) for exercise in self), default=0)
        rows = (f"{e.id:{width}}  {e.points:2} points  chapter {e.number:02}  {e.title}" for e in self)
        return "\n".join(rows) or "no exercises"

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Exercise", "Points", "Chapter", "Title"))
        cells = ((f"<code>{escape(e.id)}</code>", e.points, f"{e.number:02}", escape(e.title)) for e in self)
        rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


@cache
def catalog() -> Catalog:
    """All exercises in the order of the course."""
    return Catalog(exercise for module in _modules().values() for exercise in module.EXERCISES)


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
