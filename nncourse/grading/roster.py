"""Whose file is whose: ids of learners, matched with names of files by rules that anyone can check.

A file belongs to an id if its name without the ending is the id, or a part of that name between underscores is the id
(`lastname_4711_hw1.ipynb`), or its folder has the id as its name (`4711/hw1.ipynb`). The first rule that fits decides;
letter case does not count, nor how an umlaut is encoded. What fits no id, or several, and what is handed in twice, is
listed and left to a person. Files that are no notebooks count only for learners without a notebook: these are told.
"""

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .marking import KINDS, Submission


@dataclass(frozen=True)
class Learner:
    """A line of the roster; `columns` keeps all of its fields, for gradebooks that want them back."""

    id: str
    name: str = ""
    columns: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Matched:
    """What the rules make of the files: one file a learner, learners without any, and what is left to a person."""

    submissions: list[Submission]
    missing: list[Learner]
    twice: list[tuple[Learner, list[Path]]]
    unmatched: dict[Path, str]


def read(path: Path) -> list[Learner]:
    """The learners of a CSV file with a column `id` and, if you like, `name` (or `student`) and others."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            rows = list(csv.DictReader(file))
        except UnicodeDecodeError:
            raise ValueError(f'{path}: expected text in UTF-8. In Excel, save it as "CSV UTF-8".') from None
        columns = {(name or "").strip().lower(): name for name in (rows[0] if rows else ())}
    if "id" not in columns:
        raise ValueError(
            f"{path}: expected a CSV file, with commas, whose first line names a column `id`, and a learner a line."
        )
    learners = [
        Learner(
            (row[columns["id"]] or "").strip(),
            (row.get(columns.get("name", columns.get("student"))) or "").strip(),
            row,
        )
        for row in rows
    ]
    learners = [learner for learner in learners if learner.id]
    seen = [_folded(learner.id) for learner in learners]
    if twice := {name for name in seen if seen.count(name) > 1}:
        raise ValueError(f"{path}: the id {twice.pop()!r} stands there twice.")
    return learners


def files(paths: Iterable[Path], out: Path | None = None) -> list[Path]:
    """The notebooks among `paths` and in the folders among them, without Jupyter's checkpoints and hidden files.

    With `out`, the folder of the grades, files of all kinds in these folders, but for those in `out`.
    """
    found = {}
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if not _is_hidden(p.relative_to(path)) and _is_wanted(p, out))
            found |= dict.fromkeys(p for p in inside if p.is_symlink() or not p.is_dir())
        elif path.exists() or path.is_symlink():
            found[path] = None
        else:
            raise FileNotFoundError(f"there is no file or folder {path}")
    return sorted(found)


def _is_wanted(path: Path, out: Path | None) -> bool:
    return path.suffix.lower() in KINDS or (out is not None and not path.absolute().is_relative_to(out.absolute()))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def match(paths: Iterable[Path], learners: list[Learner] | None = None) -> Matched:
    """Match files with learners; without a roster, a file's name without its ending is the id."""
    paths = sorted(paths, key=lambda path: path.suffix.lower() not in KINDS)
    learners = [Learner(path.stem) for path in paths] if learners is None else learners
    by_id = {_folded(learner.id): learner for learner in reversed(learners)}
    whose, unmatched = {}, {}
    for path in paths:
        owners = _owners(path, by_id)
        if path.suffix.lower() not in KINDS and not any(_lacks_notebook(who, whose) for who in owners):
            continue
        if len(owners) == 1:
            whose.setdefault(owners.pop(), []).append(path)
        else:
            unmatched[path] = f"fits {' and '.join(sorted(owners))}" if owners else "fits no id of the roster"
    submissions = [
        Submission(by_id[who].id, found[0], by_id[who].name) for who, found in whose.items() if len(found) == 1
    ]
    return Matched(
        sorted(submissions, key=lambda submission: submission.student),
        [learner for learner in by_id.values() if _folded(learner.id) not in whose],
        [(by_id[who], found) for who, found in whose.items() if len(found) > 1],
        unmatched,
    )


def _lacks_notebook(who: str, whose: dict[str, list[Path]]) -> bool:
    return not any(path.suffix.lower() in KINDS for path in whose.get(who, ()))


def _owners(path: Path, ids: dict[str, Learner]) -> set[str]:
    """The ids that the first fitting rule finds."""
    stem = _folded(path.stem)
    for candidates in ({stem}, set(stem.split("_")), {_folded(path.parent.name)}):
        if owners := candidates & ids.keys():
            return owners
    return set()


def _folded(text: str) -> str:
    """`text` for comparison: macOS writes an umlaut in a file's name as two characters, a roster as one."""
    return unicodedata.normalize("NFC", text).casefold()
