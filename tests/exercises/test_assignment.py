"""An assignment is a sound notebook with statements, starters and checks, and says nothing of the solutions."""

import re
import tomllib

import jupytext
import nbformat
import pytest

from nncourse import exercises
from nncourse.exercises import assignment, files
from nncourse.exercises.statements import BOOKS, UNSTATED, statement, statements

CATALOG = list(exercises.catalog())
MADE = assignment.cells(CATALOG, "All of it")


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_its_chapter_states_it(exercise):
    text = statement(exercise)
    assert text and not text.startswith(
        "Write `" + exercise.name + "(" + ", ".join(exercise.parameters) + ")`. The text"
    )
    assert not re.search(r"^>|\*\*Exercise `|\]\((?!https?://)", text, re.MULTILINE)


def test_a_wheel_brings_the_chapters_to_where_they_are_looked_for(repo):
    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {"book": "nncourse/book"}
    assert (repo / "nncourse" / "book", repo / "book") == BOOKS


def test_a_statement_is_the_block_that_opens_with_the_exercise():
    quote = "> **Exercise `a-b`** (2 points). See [it](05-losses.md#here),\n> then:\n>\n> - do it."
    text = f"> **Objectives.** None.\n\n{quote}\n\nNo."
    link = f"{exercises.BOOK_URL}/book/05-losses.html#here"
    assert statements(text) == {"a-b": f"See [it]({link}),\nthen:\n\n- do it."}


def test_an_exercise_that_no_chapter_states_speaks_for_itself(monkeypatch, tmp_path):
    monkeypatch.setattr("nncourse.exercises.statements.stated_in", lambda name: {})
    assert statement(CATALOG[0]) == UNSTATED.format(call="step(z)")


def test_no_line_of_a_solution_is_handed_out():
    code = "\n".join(cell.text for cell in MADE if cell.kind == "code")
    for exercise in CATALOG:
        body = exercise.solution.split('"""')[2].strip().splitlines()
        long = [line.strip() for line in body if len(line.strip()) > 25]
        assert not [line for line in long if line in code], exercise.id


def test_every_exercise_has_its_starter_and_its_check():
    texts = [cell.text for cell in MADE]
    for exercise in CATALOG:
        assert exercise.starter.rstrip() in texts
        assert f'nn.check("{exercise.id}", {exercise.name})' in texts


def test_the_notebook_is_valid_and_the_markdown_holds_the_same_cells():
    notebook = nbformat.reads(assignment.as_notebook(MADE), as_version=4)
    nbformat.validate(notebook)
    markdown = jupytext.reads(assignment.as_markdown(MADE), fmt="md:myst")
    for made in (notebook, markdown):
        assert [(c.cell_type, c.source) for c in made.cells] == [(c.kind, c.text) for c in MADE]
        assert made.metadata.kernelspec.name == "python3"


def test_the_notebook_runs_as_it_is_and_scores_nothing():
    names, reports = {}, []
    for cell in assignment.cells(CATALOG[:12]):
        if cell.kind == "code":
            if cell.id.endswith("-check"):
                reports.append(eval(cell.text, names))
            else:
                exec(cell.text, names)
    assert [report.verdict for report in reports] == ["not done yet"] * 12


def test_the_same_exercises_give_the_same_file():
    again = assignment.cells(assignment.named([e.id for e in CATALOG] * 2), "All of it")
    assert assignment.as_notebook(again) == assignment.as_notebook(MADE)


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch):
    path = tmp_path / "hw.md"
    path.write_text("old", encoding="utf-8")

    def broken(*_):
        raise OSError("no space left")

    monkeypatch.setattr(files.os, "fsync", broken)
    with pytest.raises(OSError, match="no space"):
        assignment.write(CATALOG[:1], path, force=True)
    assert path.read_text(encoding="utf-8") == "old" and list(tmp_path.iterdir()) == [path]


def test_a_file_keeps_its_rights_and_a_link_stays_a_link(tmp_path):
    path, link = tmp_path / "a.md", tmp_path / "b.md"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    files.write_whole(link, "new")
    assert path.read_text(encoding="utf-8") == "new" and path.stat().st_mode & 0o777 == 0o640 and link.is_symlink()
