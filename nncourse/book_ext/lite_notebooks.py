"""The notebooks of JupyterLite: the chapters, and for every exercise a small one, all without outputs.

Their first cell installs the package where Python runs in the browser, and does nothing elsewhere. What draws and
serves widgets is asked for in the versions that this build runs with, as the site brings their other half.
"""

from __future__ import annotations

import json
import posixpath
import re
from importlib.metadata import version
from pathlib import Path

import jupytext
import nbformat
from nbformat import v4

from nncourse import exercises
from nncourse.exercises.model import Exercise
from nncourse.exercises.statements import statement

from .notebooks import whole

KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
LINK = re.compile(r"\]\((?P<page>[\w./-]+)\.md\)")
INSTALL = """import sys

# Run this cell first. If the brackets beside it stay empty, run it once more.
# Python comes from the internet: megabytes, the first time.
# If it still says "Connecting" at the top right after two minutes, your network
# may not reach cdn.jsdelivr.net. Then take Binder, Colab or the .ipynb instead.
if sys.platform == "emscripten":
    import piplite

    await piplite.install({packages})"""
IMPORTS = "import numpy as np\n\nimport nncourse as nn"
TASK = """# {title}

`{id}`, {points} points. [Chapter {chapter:02}]({url}) explains what you need.

{statement}

Run the cell below. Then replace the `...`, run your cell, and the check after it, as often as you like. This notebook
stays in this browser; *File*, *Download* keeps it elsewhere."""


def of_exercise(name: str) -> str:
    """The path of an exercise's notebook within JupyterLite."""
    return f"exercises/{name}.ipynb"


def pages(env) -> list[str]:
    """The pages of the book that are notebooks."""
    return sorted(page for page in env.found_docs if "kernelspec" in env.metadata.get(page, {}))


def write(env, folder: Path) -> None:
    """Write all notebooks below `folder`."""
    names = pages(env)
    made = {f"{page}.ipynb": chapter(env, page, names) for page in names}
    made |= {of_exercise(one.id): exercise(one) for one in exercises.catalog()}
    for path, one in made.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(one, target)


def chapter(env, page: str, names: list[str]) -> nbformat.NotebookNode:
    """A chapter as a notebook; its links lead to the other notebooks, or to the book online."""
    read = jupytext.read(env.doc2path(page))
    for cell in read.cells:
        if cell.cell_type == "markdown":
            cell.source = whole(to_neighbours(cell.source, page, names), page, env)
    pinned = [f"{name}=={version(name)}" for name in ("anywidget", "ipywidgets")]
    title, *rest = read.cells
    return notebook([title, installing("nncourse[plots,data]", *pinned), *rest])


def to_neighbours(text: str, page: str, names: list[str]) -> str:
    """The Markdown of `page`, whose links to other notebooks stay among the notebooks."""

    def led(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link["page"]))
        return f"]({link['page']}.ipynb)" if target in names else link[0]

    return LINK.sub(led, text)


def exercise(one: Exercise) -> nbformat.NotebookNode:
    """Statement, starter and check of one exercise."""
    told = {"id": one.id, "title": one.title, "points": one.points, "chapter": one.number, "url": one.url}
    setup = installing("nncourse")
    setup.source += f"\n\n{IMPORTS}"
    starter, check = one.starter.rstrip(), f'nn.check("{one.id}", {one.name})'
    task = v4.new_markdown_cell(TASK.format(statement=statement(one), **told))
    return notebook([task, setup, v4.new_code_cell(starter), v4.new_code_cell(check)])


def installing(*packages: str) -> nbformat.NotebookNode:
    """The cell that installs these packages in the browser."""
    return v4.new_code_cell(INSTALL.format(packages=json.dumps(packages)))


def notebook(cells: list) -> nbformat.NotebookNode:
    """A notebook for the kernel in the browser; ids count the cells, so that the same sources give the same file."""
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})
