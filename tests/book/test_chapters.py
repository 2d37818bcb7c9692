"""Each chapter runs as it stands, says only what its run shows, and reads well as a notebook."""

import os
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

import nncourse as nn
from nncourse import exercises

from . import givens
from .chapters import ROOT, chapter_files, notebook_of
from .numbers import NUMERAL, unsupported

CHAPTERS = chapter_files()
STEMS = [chapter.stem for chapter in CHAPTERS]
STARTER = re.compile(r'^(?P<starter>.*?)\n+nn\.check\("(?P<id>[^"]+)", (?P<name>\w+)\)$', re.DOTALL)
EXERCISE = re.compile(r"^> \*\*Exercise `([^`]+)`\*\* \((\d+) points?\)", re.MULTILINE)
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=STEMS)


@pytest.fixture(scope="session")
def executed(book):
    """Reader of the notebook that the build of the page executed."""
    return lambda chapter: nbformat.read(book.notebooks / "book" / f"{chapter.stem}.ipynb", as_version=4)


def givens_of(chapter):
    return {**givens.EVERYWHERE, **givens.CHAPTERS.get(chapter.stem, {})}


@pytest.fixture(scope="module")
def rerun(book, tmp_path_factory):
    """What nbval says of the notebooks, each in a kernel of its own, on OpenBLAS's plainest kernels.

    IPython's record of what was typed is a file of this run's own: a kernel that finds the common one locked says so
    among the outputs of a cell.
    """
    command = [sys.executable, "-m", "pytest", "-p", "nbval.plugin", "--nbval", "-rA", "--tb=short"]
    folder = book.notebooks / "book"
    there = [f"{stem}.ipynb" for stem in ("index", *STEMS) if (folder / f"{stem}.ipynb").is_file()]
    command += ["-p", "no:cacheprovider", "-c", os.devnull, *there]
    plain = {**os.environ, "OPENBLAS_CORETYPE": "Prescott", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    plain["IPYTHONDIR"] = str(tmp_path_factory.mktemp("ipython"))
    return subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True).stdout


@pytest.mark.parametrize("chapter", [ROOT / "book" / "index.md", *CHAPTERS], ids=["index", *STEMS])
def test_every_cell_reproduces_what_the_page_shows(book, rerun, chapter):
    """On a processor of another make, too: the rerun takes OpenBLAS's plainest kernels."""
    notebook = book.notebooks / "book" / f"{chapter.stem}.ipynb"
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    told = rerun[max(0, rerun.find("= FAILURES =")) :]
    assert len(re.findall(rf"^PASSED {notebook.name}::", rerun, re.MULTILINE)) == len(cells) > 0, told


@every_chapter
def test_every_number_in_the_prose_stands_in_an_output_of_its_section(executed, chapter):
    found = unsupported(executed(chapter), givens_of(chapter))
    assert not found, f"show these in an output of their section, or give the reason in tests/book/givens.py: {found}"


@every_chapter
def test_a_result_that_changes_contradicts_the_prose(executed, chapter):
    """The check above can fail: with every output's numbers moved, each chapter has claims without support."""
    notebook = executed(chapter)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = NUMERAL.sub("987654", output.text)
            elif "text/plain" in output.get("data", {}):
                output.data["text/plain"] = NUMERAL.sub("987654", output.data["text/plain"])
    assert len(unsupported(notebook, givens_of(chapter))) >= 5


@every_chapter
def test_every_given_is_still_in_the_prose(chapter):
    text = chapter.read_text(encoding="utf-8")
    assert [numeral for numeral in givens.CHAPTERS.get(chapter.stem, {}) if numeral not in text] == []


@every_chapter
def test_a_notebook_shows_no_unresolved_markup(chapter):
    """Jupyter and Colab know Markdown and mathematics, not MyST's roles and directives."""
    prose = "\n".join(cell.source for cell in notebook_of(chapter).cells if cell.cell_type == "markdown")
    outside_code = re.sub(r"`[^`\n]+`", "`code`", prose)
    assert re.findall(r"\{[\w:-]+\}`|^:{3,}|^`{3,}\{|^\(\w[\w-]*\)=$|^%", outside_code, re.MULTILINE) == []


@every_chapter
def test_starters_and_points_are_those_of_the_catalog(chapter):
    notebook = notebook_of(chapter)
    stated = {
        identifier: int(points)
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for identifier, points in EXERCISE.findall(cell.source)
    }
    cells = [STARTER.match(cell.source) for cell in notebook.cells if "nn.check(" in cell.source]
    assert all(cells), "a cell with nn.check holds the starter, an empty line, and the check as its last line"
    shown = {found["id"]: found for found in cells}
    name = chapter.stem[3:]
    catalog = {exercise.id: exercise for exercise in exercises.catalog() if exercise.chapter == name}
    assert list(shown) == list(stated)
    assert set(shown) == set(catalog), "every exercise of the chapter stands in it"
    for identifier, exercise in catalog.items():
        assert shown[identifier]["starter"].strip() == exercise.starter.strip()
        assert shown[identifier]["name"] == exercise.name
        assert stated[identifier] == exercise.points


@every_chapter
def test_no_solution_or_quiz_answer_stands_in_the_text(chapter):
    text = re.sub(r"\s+", " ", chapter.read_text(encoding="utf-8"))
    for exercise in exercises.catalog():
        body = exercise.solution.partition('"""')[2].rpartition('"""')[2].strip()
        assert re.sub(r"\s+", " ", body) not in text, exercise.id
    for question in exercises.quiz_questions(chapter.stem[3:]):
        assert question.prompt not in text


@every_chapter
def test_the_front_page_leads_to_the_chapter(chapter):
    front = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
    assert f"]({chapter.name})" in front, "add the chapter to the list in book/index.md"


@every_chapter
def test_a_chapter_has_its_ladder(chapter):
    """Objectives, the package's own source, a widget, three or more exercises, a quiz, takeaways, further reading."""
    text = chapter.read_text(encoding="utf-8")
    name = chapter.stem[3:]
    assert "nn.widgets." in text
    rungs = ["> **Objectives.**", "nn.show_source(", f'nn.quiz("{name}")', "> **Takeaways.**"]
    assert [rung for rung in [*rungs, "## Where to read more"] if rung not in text] == []
    assert len(EXERCISE.findall(text)) >= 3
    assert len(exercises.quiz_questions(name)) >= 4


@every_chapter
def test_a_cell_is_short(chapter):
    """About twelve lines; starters and the text for readers who cannot see are not counted."""
    for cell in notebook_of(chapter).cells:
        if cell.cell_type == "code" and "nn.check(" not in cell.source:
            assert len([line for line in cell.source.splitlines() if line.strip()]) <= 13, cell.source


@every_chapter
def test_a_source_that_is_shown_fits_the_page(chapter):
    """A line of 76 characters does; the style sheet says so, too."""
    space = {"np": np, "nn": nn, "Dense": nn.layers.Dense}
    for shown in re.findall(r"^nn\.show_source\((.+)\)$", chapter.read_text(encoding="utf-8"), re.MULTILINE):
        lines = repr(nn.show_source(eval(shown, space))).splitlines()
        assert [line for line in lines if len(line) > 76] == [], shown


@every_chapter
def test_what_a_chapter_cites_stands_in_the_bibliography(chapter):
    known = (ROOT / "book" / "appendix" / "bibliography.md").read_text(encoding="utf-8")
    cited = re.findall(
        r"https?://(?:doi\.org|arxiv\.org)/[^\s)>]+(?:\([^\s)]*\)[^\s)]*)?", chapter.read_text(encoding="utf-8")
    )
    assert [link for link in cited if link not in known] == []
