"""Grading one submission: the box runs it, this process judges what came back.

The cases are the exercise's own laws under a secret seed, drawn from the instructor's seed, the learner and the file:
nobody can prepare for them, what a report shows of them helps no second attempt, and the same file gets the same grade.
"""

import hashlib
import hmac
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..exercises import CheckResult, Exercise, Report, judge
from . import record, result
from .dialogue import DISTURBED, Ended, TooLong, Worker
from .result import Result
from .sandbox import Box
from .wire import WireError

MAX_BYTES = 20 << 20
KINDS = {".ipynb": "ipynb", ".md": "md"}


class BadFile(Exception):
    """A file that is not even handed to the box; the message is for its author."""


@dataclass(frozen=True)
class Submission:
    """A learner, and the file handed in."""

    student: str
    path: Path
    name: str = ""


def secret_seed(seed: str, student: str, data: bytes) -> int:
    """The seed of one learner's cases; never 0, which makes the cases that everyone sees."""
    message = b"\0".join([student.encode(errors="surrogatepass"), hashlib.sha256(data).digest()])
    return int.from_bytes(hmac.digest(seed.encode(), message, "sha256")[:8], "big") | 1 << 64


def read(path: Path) -> bytes:
    """The bytes of a submitted file, which may be anything at all."""
    if path.suffix.lower() not in KINDS:
        raise BadFile("Hand in a Jupyter notebook (.ipynb) or a Markdown notebook (.md).")
    if path.is_symlink():
        raise BadFile("This is a link to a file. Hand in the file.")
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise BadFile("This is no ordinary file.")
        if status.st_size > MAX_BYTES:
            raise BadFile(
                f"The file is larger than {MAX_BYTES >> 20} MB: clear the outputs, save it, and hand that in."
            )
        return file.read(MAX_BYTES + 1)


def mark(submission: Submission, data: bytes, exercises: Sequence[Exercise], box: Box, seed: str) -> Result:
    """The result of one submission, whose file holds `data`. A BoxFault where the box failed, not the submission."""
    about = {"student": submission.student, "name": submission.name, "file": submission.path.name}
    session = _Session(box, data, KINDS[submission.path.suffix.lower()])
    own_seed = secret_seed(seed, submission.student, data)
    try:
        reports = tuple(_report(exercise, session, own_seed) for exercise in exercises)
    finally:
        session.close()
    status = result.UNREADABLE if session.unreadable else result.GRADED
    notes = tuple(map(result.clean, [*filter(None, [session.unreadable]), *session.notes]))
    return Result(**about, status=status, reports=reports, notes=notes, confinement=box.level)


def _report(exercise: Exercise, session: "_Session", seed: int) -> Report:
    if session.unreadable:
        return without_points(exercise, session.unreadable)
    cases = exercise.cases(seed)
    try:
        answer = session.run(exercise.name, cases)
    except Ended as end:
        return without_points(exercise, f"Your answer was not graded: {end}.", verdict="raised")
    if type(answer) is str:  # there is no such function, and perhaps a word on why
        notes = [answer] if answer else session.notes
        return without_points(exercise, _absent(exercise, notes), verdict="not done yet")
    try:
        attempt = record.attempt_of(answer, cases)
    except WireError:
        return without_points(exercise, f"Your answer was not graded: {DISTURBED}.", verdict="raised")
    return result.cleaned(judge(exercise, attempt, cases))


def _absent(exercise: Exercise, notes: Sequence[str]) -> str:
    sentence = f"There is no function `{exercise.name}` in your file."
    return f"{sentence} Something in it could not be used: {notes[0]}" if notes else sentence


def without_points(exercise: Exercise, message: str, verdict: str = "not checked") -> Report:
    """A report of 0 points that says why."""
    message = result.clean(message)
    checks = tuple(CheckResult(check.name, False, 0, check.points, message) for check in exercise.checks)
    return Report(
        exercise.id, verdict, message, title=exercise.title, checks=checks, hints=exercise.hints, url=exercise.url
    )


class _Session:
    """A submission in the box: loaded when it is first needed, and again after it ended a worker."""

    def __init__(self, box: Box, data: bytes, kind: str):
        self.box, self.data, self.kind = box, data, kind
        self.worker: Worker | None = None
        self.too_long, self.notes = 0, ()
        self.unreadable = self._load()

    def _load(self) -> str:
        """Start a worker and load the file: "", or why that fails."""
        self.worker = self.box.worker()
        try:
            _, (reason, notes) = self._ask({"op": "load", "kind": self.kind}, self.data)
            self.notes = tuple(str(note)[:500] for note in notes[:20])
            return str(reason)[:500]
        except Ended as end:
            return f"Your file was not graded. While it was read: {end}."
        except (TypeError, ValueError, KeyError):
            return f"Your file was not graded: {DISTURBED}."

    def run(self, name: str, cases: list) -> object:
        """What the worker tells of the function on the cases; where there is no such function, "" or a reason."""
        if not self.worker.is_closed and self.worker.has_spoken:
            self.worker.close()
        if self.worker.is_closed and self._load():
            raise Ended("your file could be read once, but not again")
        header, told = self._ask({"op": "run", "name": name}, cases)
        if header.get("op") == "broke":
            raise Ended("your function used too much memory, or called itself without end")
        if header.get("op") == "absent":
            return told[:500] if type(told) is str else ""
        return None if type(told) is str else told

    def _ask(self, message: dict, values: object) -> tuple[dict, object]:
        try:
            return self.worker.ask(message, values, seconds=self.box.limits.seconds_after(self.too_long))
        except TooLong:
            self.too_long += 1
            raise

    def close(self) -> None:
        self.worker.close()
