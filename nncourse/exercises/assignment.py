"""An assignment: a notebook with the statements, starters and check cells of some exercises, and no solutions.

It is written as `.ipynb` or, like the chapters, as MyST Markdown. Both hold the same cells, and the same exercises
always give the same file.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .files import write_whole
from .loading import get
from .model import Exercise
from .statements import statement

FORMATS = (".ipynb", ".md")
FRONT = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  name: python3
  display_name: Python 3 (ipykernel)
  language: python
---
"""
WELCOME = """# {title}

{count}, {points} points. For each, replace the `...` by your code, run the cell, and then the check below it, as often
as you like: it says what is right, what is wrong, and what to look at. Then save this notebook and hand it in."""
NAME = """student_name = ""  # your name, between the quotes
student_id = ""  # the number or name by which your course knows you, if it uses one"""
SETUP = "import numpy as np\n\nimport nncourse as nn"
TASK = """## {number}. {title}

`{id}`, {points} points. [Chapter {chapter:02}]({url}) explains what you need.

{statement}"""


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook: `kind` is "markdown" or "code"; `id` is its name within the notebook."""

    id: str
    kind: str
    text: str


def named(ids: Iterable[str]) -> list[Exercise]:
    """The exercises of these ids, each once; a LookupError speaks of all ids that nobody knows."""
    found, unknown = [], []
    for name in dict.fromkeys(ids):
        try:
            found.append(get(name))
        except LookupError as error:
            unknown.append(error.args[0])
    if unknown:
        raise LookupError("\n".join(unknown))
    return found


def cells(exercises: list[Exercise], title: str = "Assignment") -> list[Cell]:
    """What the notebook holds, from the title down."""
    count = f"{len(exercises)} exercise{'s' * (len(exercises) != 1)}"
    points = sum(exercise.points for exercise in exercises)
    result = [
        Cell("welcome", "markdown", WELCOME.format(title=title, count=count, points=points)),
        Cell("student", "code", NAME),
        Cell("setup", "code", SETUP),
    ]
    for number, one in enumerate(exercises, 1):
        task = TASK.format(
            number=number,
            title=one.title,
            id=one.id,
            points=one.points,
            chapter=one.number,
            url=one.url,
            statement=statement(one),
        )
        result += [
            Cell(f"{one.id}-task", "markdown", task),
            Cell(f"{one.id}-answer", "code", one.starter.rstrip()),
            Cell(f"{one.id}-check", "code", f'nn.check("{one.id}", {one.name})'),
        ]
    return result


def write(exercises: list[Exercise], path: Path, *, title: str = "Assignment", force: bool = False) -> None:
    """Write the assignment to `path`, whole or not at all; an existing file stays unless `force`d to go."""
    if path.suffix not in FORMATS:
        raise ValueError(f"expected a file name that ends in {' or '.join(FORMATS)}, received {path.name!r}.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}: make it first.")
    if path.exists() and not force:
        raise FileExistsError(f"{path} exists, and may hold work: name another file, or overwrite it with --force.")
    made = cells(exercises, title)
    write_whole(path, as_notebook(made) if path.suffix == ".ipynb" else as_markdown(made))


def as_notebook(made: list[Cell]) -> str:
    """The cells as a notebook in Jupyter's own format."""
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = {"cells": list(map(_json, made)), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def as_markdown(made: list[Cell]) -> str:
    """The cells as MyST Markdown, the format of the chapters."""
    texts = [f"```{{code-cell}} ipython3\n{c.text}\n```" if c.kind == "code" else c.text for c in made]
    return "\n".join([FRONT, *(f"{text}\n" for text in texts)])


def _json(cell: Cell) -> dict:
    shared = {"cell_type": cell.kind, "id": cell.id, "metadata": {}, "source": cell.text.splitlines(keepends=True)}
    return shared if cell.kind == "markdown" else {**shared, "execution_count": None, "outputs": []}
