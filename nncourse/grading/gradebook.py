"""Results for machines and spreadsheets: one JSON file, and one CSV file with a line a learner.

Every exporter is a function from the list of results to text. What a learner can write (a file's name, a message) may
look like a formula to a spreadsheet, so a cell that opens like one gets an apostrophe in front.
"""

import csv
import io
import json
from collections.abc import Sequence

from .result import Result, as_data, clean

FORMULA = tuple("=+-@")


def as_json(results: Sequence[Result]) -> str:
    """All results with their reports, a line a learner."""
    learners = ({**as_data(found), "points": found.points, "max_points": found.max_points} for found in results)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in learners)
    return f'{{"results": [\n{lines}\n]}}\n'


def as_csv(results: Sequence[Result]) -> str:
    """A line a learner: status, points of each exercise and of all; a result for a person has no points."""
    ids = [report.exercise for report in results[0].reports] if results else []
    rows = [["id", "name", "file", "status", *ids, "points", "max_points"]]
    for found in results:
        points = [report.points if found.points is not None else "" for report in found.reports]
        total = "" if found.points is None else found.points
        rows.append([found.student, found.name, found.file, found.status, *points, total, found.max_points])
    return table(rows)


def table(rows: Sequence[Sequence[object]]) -> str:
    """Rows as CSV, in which no text is a formula and none has a control character."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = " ".join(clean(value).split())
    return f"'{text}" if text.startswith(FORMULA) else text


def for_spreadsheets(results: Sequence[Result]) -> str:
    """`as_csv` behind the mark by which Excel knows UTF-8: a name stays whole when the file is opened by a click."""
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + as_csv(results)


EXPORTERS = {"gradebook.json": as_json, "gradebook.csv": for_spreadsheets}
