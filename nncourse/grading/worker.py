"""One submission in the box: it is loaded, and its functions are called on the cases that the grader sends.

Nothing here knows a right answer. The worker answers frames: `load` with the bytes of a file, then `run` with the name
of a function and its cases. Whatever submitted code does to this process, it can only spoil its own answers.
"""

import ast
import io
import linecache
import random
import re
import socket
import sys
from dataclasses import replace

import numpy as np

from ..exercises.outcome import Attempt, attempt
from . import confine, offered, record, submission, wire

MAX_NOTES = 20
LEFT_OUT = (
    "{} defines `{}`, but grading reads only imports, functions, classes and constants that are not indented, and a "
    "constant may call nothing but NumPy and harmless functions of Python"
)


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
    left: dict[str, str] = {}
    while True:
        try:
            header, body = wire.receive(channel, wire.forever)
        except EOFError:
            return
        token = header["token"]
        if header["op"] == "probe":
            answer = wire.pack({"token": token, "escapes": confine.escapes(header["secrets"])})
        elif header["op"] == "load":
            answer = wire.pack({"token": token}, load(wire.unpack(header, body), header["kind"], names, left))
        else:
            answer = run(token, header["name"], wire.unpack(header, body), names, left)
        wire.send(channel, answer)


def load(data: bytes, kind: str, names: dict, left: dict[str, str]) -> tuple:
    """Define in `names` what a file defines, and note in `left` where it defines what is left out.

    Returns (why it cannot be read or "", notes on what went wrong in it).
    """
    try:
        cells = submission.cells(data, kind)
    except submission.BadSubmission as error:
        return str(error), ()
    except (MemoryError, RecursionError):
        return "The file is too large or too deeply nested to be read.", ()
    notes, numeric = [], set()
    for cell in cells:
        try:
            module = submission.parsed(cell)
            statements = list(submission.kept(module, numeric))
            left |= {name: f"{cell.name}, line {line}" for name, line in submission.left_out(module, statements)}
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


def run(token: str, name: str, cases: list, names: dict, left: dict[str, str]) -> bytes:
    """The frame that answers `run`: the attempt, or why there is none."""
    function = names.get(name)
    if type(function) is offered.Missing or not callable(function):
        reason = LEFT_OUT.format(left[name], name) + "." if name in left else ""
        return wire.pack({"token": token, "op": "absent"}, reason)
    try:
        return record.packed({"token": token, "op": "ran"}, located(attempt(function, cases), function, left))
    except (MemoryError, RecursionError):
        return wire.pack({"token": token, "op": "broke"})


def located(found: Attempt, function: object, left: dict[str, str]) -> Attempt:
    """The attempt whose failures name the cell beside the line, and say why a name is not there."""
    cell = getattr(getattr(function, "__code__", None), "co_filename", "")

    def place(outcome):
        if not outcome.failure or not outcome.failure.line:
            return outcome
        message = outcome.failure.message
        missing = re.match(r"name '(\w+)' is not defined", message) if outcome.failure.type == "NameError" else None
        if missing and missing[1] in left:
            message = f"{message} ({LEFT_OUT.format(left[missing[1]], missing[1])})"
        return replace(
            outcome, failure=replace(outcome.failure, line=f"{cell}, {outcome.failure.line}", message=message)
        )

    return replace(found, outcomes=tuple(tuple(map(place, group)) for group in found.outcomes))
