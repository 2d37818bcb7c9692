"""Pages made from data: where each row of the sources is taught, and what was corrected on the way."""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from mdit_py_plugins.anchors.index import slugify
from sphinx.util.docutils import SphinxDirective

from nncourse import exercises


def read_table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a table in CSV form, whose columns must be these."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise ValueError(f"its columns must be {', '.join(columns)}; they are {', '.join(reader.fieldnames or ())}")
        return list(reader)


def link(page: str, heading: str) -> str:
    """A Markdown link from the appendix to a page of the book, or to one of its sections."""
    number = page.partition("-")[0]
    if not number.isdigit():
        section = f"[*{heading}*](../{page}.md#{slugify(heading)})"
        return section if heading else f"[](../{page}.md)"  # MyST adds the title
    if not heading:
        return f"[chapter {number}](../{page}.md)"
    return f"[chapter {number}, *{heading}*](../{page}.md#{slugify(heading)})"


def cell(text: str) -> str:
    return text.replace("|", "\\|")


class Table(SphinxDirective):
    """A directive that stands for a table."""

    header: tuple[str, ...]

    def lines(self) -> list[tuple[str, ...]]:
        """The table's lines, each cell in Markdown."""
        raise NotImplementedError

    def run(self):
        lines = [self.header, ("---",) * len(self.header), *self.lines()]
        holder = nodes.Element()
        text = StringList([f"| {' | '.join(line)} |" for line in lines], self.env.docname)
        self.state.nested_parse(text, self.content_offset, holder)
        for table in holder.findall(nodes.table):
            table["classes"] += ["nn-made", f"nn-{type(self).__name__.lower()}"]
        return holder.children


class FileTable(Table):
    """A table from a CSV file beside the page. The option `start` keeps the rows whose first column starts so."""

    required_arguments = 1
    option_spec: ClassVar = {"start": str}
    columns: tuple[str, ...]

    def line(self, rows: list[dict[str, str]]) -> tuple[str, ...]:
        """The cells of one line, from all rows that have the same first column."""
        raise NotImplementedError

    def lines(self):
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        try:
            rows = read_table(Path(path), self.columns)
        except (OSError, ValueError) as error:
            raise self.error(f"{self.arguments[0]}: {error}") from error
        groups = groupby(rows, key=lambda row: row[self.columns[0]])
        return [self.line(list(group)) for name, group in groups if name.startswith(self.options.get("start", ""))]


class Coverage(FileTable):
    """Where each row of the sources is taught. A row without a page says in `how` why."""

    columns = ("row", "title", "chapter", "heading", "how")
    header = ("row", "what it says", "where it is taught")

    def line(self, rows):
        places = [
            f"{link(row['chapter'], row['heading'])}: {cell(row['how'])}" if row["chapter"] else cell(row["how"])
            for row in rows
        ]
        return rows[0]["row"], cell(rows[0]["title"]), "; ".join(places)


class Corrections(FileTable):
    """What is told, what is true, and where the book shows it."""

    columns = ("entry", "chapter", "heading", "claim", "truth")
    header = ("", "what is told", "what is true", "where")

    def line(self, rows):
        places = [link(row["chapter"], row["heading"]) for row in rows if row["chapter"]]
        return rows[0]["entry"], cell(rows[0]["claim"]), cell(rows[0]["truth"]), ", ".join(places)


class Exercises(Table):
    """The exercises of each chapter of the book, with their points."""

    header = ("chapter", "exercises, with their points", "points")

    def lines(self):
        lines = []
        for chapter, group in groupby(exercises.catalog(), key=lambda exercise: exercise.chapter):
            found = list(group)
            page = f"{found[0].number:02}-{chapter}"
            names = ", ".join(f"[{one.id}](../{page}.md#{one.id}) ({one.points})" for one in found)
            lines.append((f"[{page[:2]}](../{page}.md)", names, str(sum(one.points for one in found))))
        return lines
