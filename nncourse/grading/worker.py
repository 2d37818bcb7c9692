"""One submission in the box: it is loaded, and its functions are called on the cases that the grader sends.

Nothing here knows a right answer. The worker answers frames: `load` with the bytes of a file, then `run` with the name
of a function and its cases. Whatever submitted code does to this process, it can only spoil its own answers.
"""

import ast
import io
import linecache
import random
import socket
import sys
from dataclasses import replace

import numpy as np

from ..exercises.outcome import Attempt, attempt
from . import confine, offered, record, submission, wire

MAX_NOTES = 20


class Nowhere(io.TextIOBase):
    """Takes what is printed while a submission loads, and drops it."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


def serve(channel: socket.socket) -> None:
    """Answer frames until the other side closes the channel."""
    sys.stdout = sys.stderr = Nowhere()
    sys.meta_path.append(offered.Explains())
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - for submissions that draw from the global generator
    names: dict = {"__name__": "submission"}
    while True:
        try:
            header, body = wire.receive(channel, wire.forever)
        except EOFError:
            return
        token = header["token"]
        if header["op"] == "probe":
            answer = wire.pack({"token": token, "escapes": confine.escapes(header["secrets"])})
        elif header["op"] == "load":
            answer = wire.pack({"token": token}, load(wire.unpack(header, body), header["kind"], names))
        else:
            answer = run(token, header["name"], wire.unpack(header, body), names)
        wire.send(channel, answer)


def load(data: bytes, kind: str, names: dict) -> tuple:
    """Define in `names` what a file defines. Returns (why it cannot be read or "", notes on what went wrong in it)."""
    try:
        cells = submission.cells(data, kind)
    except submission.BadSubmission as error:
        return str(error), ()
    except (MemoryError, RecursionError):
        return "The file is too large or too deeply nested to be read.", ()
    notes, numeric = [], set()
    for cell in cells:
        try:
            statements = list(submission.kept(submission.parsed(cell), numeric))
        except submission.UNREADABLE as error:
            notes.append(_unread(cell, error))
            continue
        linecache.cache[cell.name] = (len(cell.source), None, cell.source.splitlines(keepends=True), cell.name)
        for statement in statements:
            try:
                _define(statement, cell.name, names)
            except BaseException as error:  # SystemExit too: the other definitions still count
                notes.append(f"{cell.name}, line {statement.lineno}: {type(error).__name__}: {_said(error)}")
    return "", tuple(notes[:MAX_NOTES])


def _define(statement: ast.stmt, file: str, names: dict) -> None:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        offered.bind(statement, file, names)
    else:
        exec(offered.compiled(statement, file), names)


def _unread(cell: submission.Cell, error: Exception) -> str:
    place = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    reason = getattr(error, "msg", "") or _said(error)
    return f"{cell.name}{place} is not valid Python ({reason}), so nothing in that cell was read."


def _said(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())[:300]
    except Exception:
        return ""


def run(token: str, name: str, cases: list, names: dict) -> bytes:
    """The frame that answers `run`: the attempt, or why there is none."""
    function = names.get(name)
    if type(function) is offered.Missing or not callable(function):
        return wire.pack({"token": token, "op": "absent"})
    try:
        return record.packed({"token": token, "op": "ran"}, located(attempt(function, cases), function))
    except (MemoryError, RecursionError):
        return wire.pack({"token": token, "op": "broke"})


def located(found: Attempt, function: object) -> Attempt:
    """The attempt whose failures name the cell beside the line."""
    cell = getattr(getattr(function, "__code__", None), "co_filename", "")

    def place(outcome):
        if not outcome.failure or not outcome.failure.line:
            return outcome
        return replace(outcome, failure=replace(outcome.failure, line=f"{cell}, {outcome.failure.line}"))

    return replace(found, outcomes=tuple(tuple(map(place, group)) for group in found.outcomes))
