"""The grader's side of the box: starting it in the best confinement that this machine has, and talking to it.

`bubblewrap` gives the box a file system and a network of its own; `landlock` hides files by the kernel's Landlock. Both
add the filter of system calls and the limits of `confine`. Each level is tried out before it is believed; where none
holds, the grader refuses, unless it is told to go without.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import places, seccomp
from .dialogue import BoxFault, Ended, Worker

LEVELS = ("bubblewrap", "landlock", "unconfined")
START_SECONDS = 60.0
PROBE_SECONDS = 10.0
BACKSTOP_SECONDS = 900  # of processor time: for a worker whose grader was stopped


class Refused(Exception):
    """This machine cannot confine submitted code; the message says why, level by level."""


@dataclass(frozen=True)
class Limits:
    """What one exercise may use: processor time in seconds, and memory in bytes. Loading the file counts as one.

    Who took too long three times gets a fifth of the time from then on: enough for what is right, and no submission
    can hold up a class.
    """

    seconds: float = 5.0
    memory: int = 1 << 30

    def seconds_after(self, too_long: int) -> float:
        return self.seconds if too_long < 3 else self.seconds / 5


class Box:
    """A running zygote and its workers, at one level of confinement."""

    def __init__(self, level: str, limits: Limits):
        self.level, self.limits = level, limits
        self.folder = Path(tempfile.mkdtemp(prefix="nncourse-box-"))
        try:
            places.fill(self.folder)
            self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self.process = self._launch(theirs)
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise BoxFault(f"it does not start: {error}") from error

    def _launch(self, channel: socket.socket) -> subprocess.Popen:
        confined = self.level != "unconfined"
        inside = Path("/") if self.level == "bubblewrap" else self.folder
        readable = places.readable(self.folder) if self.level == "landlock" else []
        settings = {
            "confined": confined,
            "readable": readable,
            "memory": self.limits.memory,
            "cpu_seconds": BACKSTOP_SECONDS,
        }
        search = [str(inside / "box"), str(inside / "packages")]
        code = f"import sys; sys.path += {search!r}; from gradebox.grading.zygote import main; "
        code += f"main({channel.fileno()}, {settings!r})"
        python = [str(places.interpreter()), "-I", "-S", "-B", "-c", code]
        with open(self.folder / "errors", "wb") as errors:
            return subprocess.Popen(
                [*(places.bubblewrap(self.folder) if self.level == "bubblewrap" else []), *python],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=inside if self.level == "bubblewrap" else inside / "box",
                env=places.ENVIRONMENT,
                pass_fds=[channel.fileno()],
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return once NumPy is loaded; a BoxFault says what the start complained of."""
        try:
            self._answer(START_SECONDS)
        except BoxFault:
            self.close(keep=True)
            said = (self.folder / "errors").read_text(errors="replace").strip().splitlines()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise BoxFault(said[-1][:300] if said else "it does not start") from None

    def ask(self, **request: object) -> dict:
        try:
            self.control.send(json.dumps(request).encode())
        except OSError as error:
            raise BoxFault("it has gone") from error
        return self._answer(10.0)[0]

    def worker(self) -> Worker:
        """A fresh worker, forked from the zygote."""
        try:
            self.control.send(b'{"op": "start"}')
        except OSError as error:
            raise BoxFault("it has gone") from error
        answer, handles = self._answer(10.0)
        return Worker(self.ask, answer["worker"], socket.socket(fileno=handles[0]))

    def _answer(self, seconds: float) -> tuple[dict, list[int]]:
        self.control.settimeout(seconds)
        try:
            message, handles, _, _ = socket.recv_fds(self.control, 4096, 1)
        except OSError as error:
            raise BoxFault("it does not answer") from error
        if not message:
            raise BoxFault("it has gone")
        return json.loads(message), handles

    def close(self, keep: bool = False) -> None:
        """End the zygote, and with it every worker; a second time does nothing."""
        self.control.close()  # upon which a healthy zygote goes
        try:
            self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "Box":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def open_box(
    limits: Limits | None = None, levels: tuple[str, ...] = LEVELS[:2], meanwhile: Callable = lambda: None
) -> Box:
    """A box at the first of `levels` that holds on this machine; Refused where none does.

    While a box starts, this process does what `meanwhile` does.
    """
    limits, reasons = limits or Limits(), []
    for level in levels:
        if reason := lacking(level):
            reasons.append(f"{level}: {reason}")
            continue
        try:
            box = Box(level, limits)
            meanwhile()
            box.wait_until_ready()
        except BoxFault as error:
            reasons.append(f"{level}: {error}")
            continue
        loopholes = [] if level == "unconfined" else probe(box)
        if not loopholes:
            return box
        box.close()
        reasons.append(f"{level}: a trial in the box could {', '.join(loopholes)}")
    raise Refused("; ".join(reasons))


def lacking(level: str) -> str:
    """What this machine obviously lacks for a level, or ""."""
    if not hasattr(os, "fork"):
        return "it needs a system that can fork: Linux, or Linux under Windows (WSL)"
    if level != "unconfined" and not seccomp.is_known():
        return "system calls are filtered on Linux on x86_64 and aarch64 only"
    if level == "bubblewrap" and not shutil.which("bwrap"):
        return "`bwrap` is not installed (Debian: apt-get install bubblewrap)"
    return ""


def probe(box: Box) -> list[str]:
    """What a worker can do that it must not."""
    secret = box.folder / "secret"
    secret.write_text("not to be read")
    solutions = places.PACKAGE / "exercises" / "chapter_01.py"
    worker = box.worker()
    try:
        header, _ = worker.ask({"op": "probe", "secrets": [str(secret), str(solutions)]}, seconds=PROBE_SECONDS)
        return list(header["escapes"])
    except Ended as error:
        return [f"not be finished ({error})"]
    finally:
        worker.close()
