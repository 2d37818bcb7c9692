"""The pages of the built book, as files and as a reader has them in front of her."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
WIDGETS = '.nn-widget:not([data-ready="true"])'
REST = """async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
}"""


def page_names() -> list[str]:
    """Every page of `_toc.yml`, in the order of the book, without an ending."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    names = [toc["root"]]

    def collect(branch):
        for entry in branch.get("chapters", branch.get("sections", [])):
            names.append(entry["file"])
            collect(entry)
        for part in branch.get("parts", []):
            collect(part)

    collect(toc)
    return names


@cache
def parsed(file: Path) -> BeautifulSoup:
    """The HTML of a page. Many tests read the same one: change nothing in it."""
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(file: Path) -> frozenset[str]:
    """The ids of a page, to which a link may lead."""
    return frozenset(tag["id"] for tag in parsed(file).find_all(id=True))


@cache
def text_of(file: Path) -> str:
    """The HTML of a page, which takes seconds to parse."""
    return file.read_text(encoding="utf-8")


def pages_with(book, widget: str) -> list[str]:
    """The pages that show a widget of this class, of those that were built."""
    shown = f'<div class="nn-widget" data-widget="{widget}"'
    files = {name: book.html / f"{name}.html" for name in page_names()}
    return [name for name, file in files.items() if file.is_file() and shown in text_of(file)]


def settle(page):
    """Wait until the widgets run, the mathematics is set, and fonts and pictures are there."""
    page.wait_for_function("(waiting) => !document.querySelector(waiting)", arg=WIDGETS, timeout=60_000)
    page.evaluate(REST)
    return page
