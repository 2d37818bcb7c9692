"""Which exercises are graded: those that an instructor's assignment names, of the course and of a private folder.

An assignment is the notebook that was handed out, whose check cells name its exercises, or a text file of ids, one a
line.
"""

import hashlib
import importlib.util
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ..exercises import Exercise, catalog
from . import submission

CHECK = re.compile(r"""\bcheck\(\s*["']([a-z0-9-]+)["']""")


def named(path: Path) -> list[str]:
    """The ids of exercises that an assignment names, in its order, each once."""
    if path.suffix in (".ipynb", ".md"):
        try:
            cells = submission.cells(path.read_bytes(), path.suffix[1:])
        except submission.BadSubmission as error:
            raise ValueError(f"{path}: {error}") from None
        ids = [name for cell in cells for name in CHECK.findall(cell.source)]
    else:
        lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
        ids = [line for line in lines if line]
    if not ids:
        raise ValueError(f'{path} names no exercise: expected cells like `nn.check("step-function", step)`, or ids.')
    return list(dict.fromkeys(ids))


@cache
def exercises(ids: tuple[str, ...], private: Path | None = None) -> tuple[Exercise, ...]:
    """The exercises of these ids; a LookupError names those that nobody knows."""
    known = {exercise.id: exercise for exercise in catalog()}
    for exercise in of_folder(private) if private else ():
        if exercise.id in known:
            raise ValueError(f"{private}: the id {exercise.id!r} is taken. Choose another for your exercise.")
        known[exercise.id] = exercise
    if unknown := [name for name in ids if name not in known]:
        raise LookupError(f"there is no exercise {', '.join(map(repr, unknown))}. `nncourse exercises` lists them.")
    found = tuple(known[name] for name in ids)
    names = [exercise.name for exercise in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"several exercises ask for a function `{twice.pop()}`: give them in two assignments.")
    return found


def of_folder(folder: Path) -> Iterable[Exercise]:
    """The exercises of an instructor's own modules: the `EXERCISES` of every `.py` in a folder."""
    if not folder.is_dir():
        raise NotADirectoryError(f"--exercises expects a folder of Python modules, received {folder}")
    for path in sorted(folder.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"nncourse_private_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # where `inspect` looks for the source of a solution
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise ValueError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
        yield from getattr(module, "EXERCISES", ())


@cache
def digest(folder: Path) -> str:
    """A digest of the modules in a folder."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))).hexdigest()
