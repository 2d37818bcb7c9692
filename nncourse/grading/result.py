"""What grading a submission gives: one `Result` a learner, which every report, gradebook and export is made from.

A result is plain data, holds no date and no duration, and goes to a file and back unchanged: the same submissions under
the same seed give the same files.
"""

import json
from dataclasses import dataclass, replace

from ..exercises import CheckResult, Report

GRADED, UNREADABLE, NOT_HANDED_IN, FOR_A_PERSON = "graded", "unreadable", "not handed in", "needs a person"
STATUSES = (GRADED, UNREADABLE, NOT_HANDED_IN, FOR_A_PERSON)
MAX_MESSAGE = 4_000


@dataclass(frozen=True)
class Result:
    """The reports on one learner's exercises, in the order of the assignment.

    `status` is "graded", "unreadable" (the file is no notebook: 0 points), "not handed in" (0 points) or "needs a
    person": the grader failed, or two files claim the learner; then there are no points at all. `notes` say what
    happened to the file as a whole, `confinement` how the code was confined, `key` what all of this was made from.
    """

    student: str
    name: str = ""
    file: str = ""
    status: str = GRADED
    reports: tuple[Report, ...] = ()
    notes: tuple[str, ...] = ()
    confinement: str = ""
    key: str = ""

    @property
    def points(self) -> int | None:
        """The sum of the points; None where a person must look first."""
        return None if self.status == FOR_A_PERSON else sum(report.points for report in self.reports)

    @property
    def max_points(self) -> int:
        return sum(report.max_points for report in self.reports)


def as_data(result: Result) -> dict:
    """A result as JSON knows it: unlike by `asdict`, no text is copied."""
    reports = [{**vars(report), "checks": list(map(vars, report.checks))} for report in result.reports]
    return {**vars(result), "reports": reports}


def as_json(result: Result) -> str:
    return json.dumps(as_data(result), ensure_ascii=False) + "\n"


def from_json(text: str) -> Result:
    """The result that `as_json` wrote; a ValueError where the text is something else."""
    try:
        data = json.loads(text)
        data["reports"] = tuple(_report(**report) for report in data["reports"])
        data["notes"] = tuple(data["notes"])
        return Result(**data)
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is no result of grading: {error}") from error


def _report(checks: list, hints: list, **rest) -> Report:
    return Report(checks=tuple(CheckResult(**check) for check in checks), hints=tuple(hints), **rest)


def clean(text: str) -> str:
    """`text` without control characters, which could steer a terminal or break a file."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def cleaned(report: Report) -> Report:
    """A report whose every text can be shown anywhere; what is HTML in it is escaped where HTML is written."""
    checks = tuple(replace(check, message=clean(check.message[:MAX_MESSAGE])) for check in report.checks)
    return replace(report, message=clean(report.message[:MAX_MESSAGE]), printed=clean(report.printed), checks=checks)
