"""Chapters are text: a notebook editor that opens and saves one must leave every other line alone."""

import difflib
import json

import jupytext
import nbformat
import pytest
from jupytext.config import load_jupytext_configuration_file

from .chapters import ROOT, chapter_files

MYST = "md:myst"
CONFIG = load_jupytext_configuration_file(str(ROOT / "pyproject.toml"))  # as JupyterLab finds it
every_chapter = pytest.mark.parametrize("chapter", chapter_files(), ids=lambda file: file.stem)


def opened(text: str):
    return jupytext.reads(text, fmt=MYST, config=CONFIG)


def saved(notebook) -> str:
    return jupytext.writes(notebook, fmt=MYST, config=CONFIG)


def changes(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went away, and the lines that came."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


@every_chapter
def test_a_chapter_comes_back_from_a_notebook_byte_by_byte(chapter):
    text = chapter.read_text(encoding="utf-8")
    # Through the notebook's own format, as on its way to an editor and back. Long metadata is wrapped as jupytext does.
    after = saved(nbformat.reads(json.dumps(opened(text)), as_version=4))
    assert changes(text, after) == ([], [])
    assert after.encode() == chapter.read_bytes()


@every_chapter
def test_a_chapter_names_its_kernel_as_jupyterlab_writes_it(chapter):
    """JupyterLab puts the kernel that it started into the front matter: in these words, in this order."""
    kernel = [("name", "python3"), ("display_name", "Python 3 (ipykernel)"), ("language", "python")]
    assert list(opened(chapter.read_text(encoding="utf-8")).metadata.kernelspec.items()) == kernel


@every_chapter
def test_an_edited_cell_changes_its_own_lines_only(chapter):
    text = chapter.read_text(encoding="utf-8")
    notebook = opened(text)
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    old, last.source = last.source, "edited = 1\nprint(edited)"
    gone, came = changes(text, saved(notebook))
    assert set(gone) <= set(old.splitlines()) and came == last.source.splitlines()


@every_chapter
def test_an_added_cell_adds_its_own_lines_only(chapter):
    text = chapter.read_text(encoding="utf-8")
    notebook = opened(text)
    notebook.cells.append(nbformat.v4.new_code_cell("added = 1"))
    gone, came = changes(text, saved(notebook))
    assert gone == [] and [line for line in came if line] == ["```{code-cell} ipython3", "added = 1", "```"]
