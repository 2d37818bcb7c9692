"""The matrix of the exercises: which answers their checks accept, which they catch, and with which hint.

The tests write what they find into tables beside the page, and hold them up to date; names, checks and hints come from
the catalog.
"""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from nncourse import exercises

from .tables import FileTable, Table, cell, read_table

ANSWERS = ("exercise", "answer", "kind", "seeds", "caught", "verdict")
MUTANTS = ("exercise", "fingerprint", "mutants", "same", "right", "rejected", "raising", "surviving")


class Measured(SphinxDirective):
    """A directive that reads the two tables: answers, and mutants by exercise."""

    required_arguments = 2

    def measured(self) -> tuple[dict[str, list[dict]], dict[str, dict]]:
        """The answers and the mutants of each exercise."""
        answers, mutants = map(self.read, self.arguments, (ANSWERS, MUTANTS))
        grouped = {name: list(group) for name, group in groupby(answers, key=lambda row: row["exercise"])}
        return grouped, {row["exercise"]: row for row in mutants}

    def read(self, name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
        relative, path = self.env.relfn2path(name)
        self.env.note_dependency(relative)
        try:
            return read_table(Path(path), columns)
        except (OSError, ValueError) as error:
            raise self.error(f"{name}: {error}") from error


class Rates(Measured, Table):
    """A line a chapter: how many right answers are accepted, wrong ones caught, mutants rejected."""

    header = ("chapter", "right", "refused", "wrong", "caught", "mutants", "rejected")

    def lines(self):
        answers, mutants = self.measured()
        lines, total = [], [0] * 6
        for chapter, group in groupby(exercises.catalog(), key=lambda exercise: exercise.chapter):
            found = list(group)
            numbers = [
                sum(column) for column in zip(*(counts(answers[e.id], mutants[e.id]) for e in found), strict=True)
            ]
            page = f"{found[0].number:02}-{chapter}"
            lines.append((f"[{page[:2]}](../{page}.md)", *map(str, numbers)))
            total = [one + other for one, other in zip(total, numbers, strict=True)]
        share = f"{total[5]} ({total[5] / total[4]:.1%})"
        return [*lines, ("all", *map(str, total[:5]), share)]


def counts(answers: list[dict], mutants: dict) -> tuple[int, ...]:
    """Right answers, those refused, wrong answers, those caught, mutants that change an output, those rejected."""
    right = [row for row in answers if row["kind"] != "wrong"]
    wrong = [row for row in answers if row["kind"] == "wrong"]
    refused, caught = (sum(bool(row["caught"]) for row in rows) for rows in (right, wrong))
    rejected = int(mutants["rejected"])
    return len(right), refused, len(wrong), caught, rejected + int(mutants["surviving"]), rejected


class Matrix(Measured):
    """Folded by chapter: each exercise with its checks, and its wrong answers with what catches them."""

    def run(self):
        answers, mutants = self.measured()
        result = []
        for chapter, group in groupby(exercises.catalog(), key=lambda exercise: exercise.chapter):
            found = list(group)
            count = sum(len(exercise.misconceptions) for exercise in found)
            title = f"Chapter {found[0].number:02}: {len(found)} exercises, {count} wrong answers"
            result.append(raw(f'<details class="nn-fold nn-matrix"><summary>{escape(title)}</summary>'))
            for exercise in found:
                result += self.block(exercise, chapter, answers[exercise.id], mutants[exercise.id])
            result.append(raw("</details>"))
        return result

    def block(self, exercise, chapter, answers, mutants) -> list[nodes.Node]:
        page = self.env.app.builder.get_relative_uri(self.env.docname, f"book/{exercise.number:02}-{chapter}")
        link = nodes.reference("", exercise.id, refuri=f"{page}#{exercise.id}", internal=True)
        checks = "; ".join(f"({number}) {check.name}" for number, check in enumerate(exercise.checks, 1))
        opening = nodes.paragraph("", "", nodes.strong("", "", link), nodes.Text(f". Checks: {checks}. "))
        opening += inline(accepted(answers) + told(mutants))
        by_name = {misconception.name: misconception.hint for misconception in exercise.misconceptions}
        rows = [row for row in answers if row["kind"] == "wrong"]
        body = [(spoken(row["answer"]), row["caught"].replace(" ", ", "), by_name[row["answer"]]) for row in rows]
        return [opening, table(("wrong answer", "checks", "hint"), body)]


def accepted(answers: list[dict]) -> str:
    right = [row for row in answers if row["kind"] != "wrong"]
    refused = sum(bool(row["caught"]) for row in right)
    return f"Of {len(right)} right answers under {right[0]['seeds']} seeds, {refused or 'none'} was refused. "


def told(row: dict) -> str:
    """What became of the mutants of an exercise, in words."""
    changing = int(row["rejected"]) + int(row["surviving"])
    sentence = f"Of {row['mutants']} mutants, {changing} spoil an output, and {row['rejected']} of these are rejected"
    others = [f"{row['same']} compute the same"] if int(row["same"]) else []
    others += [f"{row['right']} give another answer that is right as well"] if int(row["right"]) else []
    return f"{sentence}; {', '.join(others)}." if others else f"{sentence}."


def spoken(name: str) -> str:
    """The name of a function, as words."""
    return name.strip("_").replace("_", " ")


def inline(text: str) -> list[nodes.Node]:
    """Text with `code` between backticks."""
    pieces = re.split("`([^`]+)`", text)
    return [nodes.literal(piece, piece) if place % 2 else nodes.Text(piece) for place, piece in enumerate(pieces)]


def raw(html: str) -> nodes.Node:
    return nodes.raw("", html, format="html")


def table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> nodes.table:
    """A table of texts."""
    group = nodes.tgroup(cols=len(header))
    group += [nodes.colspec(colwidth=width) for width in (3, 1, 7)]
    group += nodes.thead("", _line(header))
    group += nodes.tbody("", *map(_line, rows))
    return nodes.table("", group, classes=["nn-made", "nn-matrix"])


def _line(texts: tuple[str, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *inline(text))) for text in texts))


class Survivors(FileTable):
    """The mutants that change an output and slip through, with the reason."""

    columns = ("exercise", "slip", "reason")
    header = ("exercise", "mutants that survive", "why")

    def line(self, rows):
        slips = "<br>".join(f"`` {cell(row['slip'])} ``" for row in rows)
        reasons = " ".join(dict.fromkeys(row["reason"] for row in rows))
        exercise = exercises.get(rows[0]["exercise"])
        page = f"../{exercise.number:02}-{exercise.chapter}.md#{exercise.id}"
        return f"[{exercise.id}]({page})", slips, cell(reasons)
