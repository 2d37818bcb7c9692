"""What a learner has reached: the best points of each exercise, in one small file of the learner's own.

`check` writes it, and only where someone is sitting there: in a notebook whose front end can ask for input, or at a
prompt. What builds the book, tests it or grades a class runs notebooks with nobody to ask, and leaves no trace. The
file is replaced in one stroke, under a lock, so a crash or a second notebook costs no points; a file that cannot be
read is moved aside, never overwritten.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .files import write_whole

VARIABLE = "NNCOURSE_PROGRESS"  # a file to use instead, or "off"
VERSION = 1
PATIENCE = 2.0  # seconds that a second notebook waits for the first


class Unreadable(ValueError):
    """The file is not a record, or one of a newer version."""


def place() -> Path | None:
    """Where the record lies; None where it is switched off."""
    chosen = os.environ.get(VARIABLE, "").strip()
    if chosen.lower() in ("off", "no", "none", "0"):
        return None
    return Path(chosen).expanduser() if chosen else _data_folder() / "nncourse" / "progress.json"


def _data_folder() -> Path:
    """Where this platform keeps what programs store for a user."""
    chosen = os.environ.get("XDG_DATA_HOME", "")
    if os.path.isabs(chosen):  # the rule says to ignore others
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path.home() / ".local" / "share"


def read(path: Path) -> dict[str, int]:
    """The best points by exercise; none where there is no file yet."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        data = json.loads(text)
        version, points = data["version"], data["points"]
        sound = all(type(name) is str and type(reached) is int and reached >= 0 for name, reached in points.items())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(f"{path} is damaged") from None
    if type(version) is int and version > VERSION:
        raise Unreadable(f"{path} was written by a newer nncourse, and is left as it is")
    if version != VERSION or not sound:
        raise Unreadable(f"{path} is damaged")
    return points


def keep(exercise_id: str, points: int) -> str:
    """Write down that these points were reached, if they are the best so far. Returns what there is to say of it."""
    path = place()
    if path is None or points <= 0 or not learner_is_there():
        return ""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path):
        said = ""
        try:
            best = read(path)
        except Unreadable as error:
            if "newer" in str(error):
                return f"{error}."
            best, said = {}, f"{error}: it is kept as {_aside(path).name}, and a new record of your progress begins."
        if points > best.get(exercise_id, 0):
            best = dict(sorted({**best, exercise_id: points}.items()))
            write_whole(path, json.dumps({"version": VERSION, "points": best}, indent=1) + "\n")
    return said


def note(exercise_id: str, points: int) -> None:
    """As `keep`, for a check: a record that fails is a word on stderr, never the end of the check."""
    try:
        said = keep(exercise_id, points)
    except Exception as error:  # no home, a full disk, a folder that is not ours
        said = f"your progress could not be kept ({type(error).__name__}: {error}); {VARIABLE}=off stops the attempts."
    if said:
        print(f"nncourse: {said}", file=sys.stderr)


def kept_aside(path: Path) -> list[Path]:
    """The damaged files that were moved out of the way."""
    return sorted(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}"))


def _aside(path: Path) -> Path:
    """Move the file to a name that nobody has yet, and return that."""
    number = 1
    while (target := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    os.replace(path, target)
    return target


def learner_is_there() -> bool:
    """Whether someone sits at a prompt. Clients that run notebooks by themselves do not allow input; people do."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        return hasattr(sys, "ps1")  # Python's own prompt
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return True  # IPython in a terminal
    try:
        return bool(kernel.get_parent("shell")["content"]["allow_stdin"])
    except Exception:  # a kernel of another make
        return False


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock beside the file. The system frees it when its holder dies, so it cannot be left behind.

    Where locks do not work (some network folders), or its holder hangs, go on: at worst the points of one of two checks
    of the same moment are missing, and checking again brings them back.
    """
    with path.with_suffix(".lock").open("a+b") as file:
        deadline = time.monotonic() + PATIENCE
        while not _lock(file) and time.monotonic() < deadline:
            time.sleep(0.02)
        yield  # closing the file frees the lock


def _lock(file) -> bool:
    with suppress(OSError):
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
