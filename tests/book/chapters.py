"""What the tests of the book read: chapters as text, and the notebooks that the build executed."""

from __future__ import annotations

import re
from pathlib import Path

import jupytext
import yaml

ROOT = Path(__file__).resolve().parents[2]


def chapter_files() -> list[Path]:
    """The notebooks of the book, in its order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [ROOT / f"{entry['file']}.md" for part in toc["parts"] for entry in part["chapters"]]
    return [file for file in files if re.match(r"\d\d-", file.name)]


def notebook_of(chapter: Path):
    """The chapter's cells, not executed."""
    return jupytext.read(chapter)
