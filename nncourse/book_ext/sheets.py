"""What the printer gets: one sheet after the other as HTML, the title page, the contents, the numbers of pages.

A sheet is what is printed in one go. What leads from one sheet to another gets an address that is known again in the
print; pages that are numbered later are left room for.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape

from bs4 import BeautifulSoup

from nncourse.exercises import BOOK_URL

ELSEWHERE = "https://paper.invalid/"  # a link that leads into another sheet


@dataclass
class Sheet:
    """What is printed in one go: its running title, its head and its body, as HTML."""

    title: str
    head: str
    body: str


@dataclass
class Book:
    """The sheets, what the book says about itself, and its outline: (level, title, anchor) in order."""

    about: dict[str, str]
    outline: list[tuple[int, str, str]]
    front: Sheet
    chapters: list[Sheet]
    back: list[Sheet]  # none, or one

    @cached_property
    def linked(self) -> set[str]:
        """All places that something leads to."""
        bodies = [sheet.body for sheet in (self.front, *self.chapters, *self.back)]
        return {unescape(anchor) for body in bodies for anchor in re.findall(r'href="#([^"]+)"', body)}


def page_of(anchor: str) -> str:
    """A place for the number of the page on which `anchor` stands; `numbered` writes it."""
    return f'<span class="paper-page" data-of="{escape(anchor)}">000</span>'


def numbered(text: str, pages: dict[str, str]) -> str:
    """Write the numbers of the pages into the places that `page_of` left for them."""
    place = re.compile(r'(<span class="paper-page" data-of="([^"]*)">)\w+')
    return place.sub(lambda found: f"{found.group(1)}{pages.get(unescape(found.group(2)), '000')}", text)


def whole(sheet: Sheet, made: Book, style: str, script: str, *, before: int, prefix: str = "") -> str:
    """One sheet as the HTML to print, with `before` pages in front of it.

    Browsers write down the places that a link of the same document leads to, so hidden links lead to all of them; a
    link to another sheet gets an address that is known again in the print.
    """
    body = BeautifulSoup(sheet.body, "html.parser")
    here = {tag["id"] for tag in body.select("[id]")}
    for link in body.select('a[href^="#"]'):
        if link["href"][1:] not in here:
            link["href"] = ELSEWHERE + link["href"]
    places = "".join(f'<a href="#{escape(anchor)}"></a>' for anchor in sorted(here & made.linked))
    rules = f"html {{ counter-reset: page {before}; }} @page {{ @top-right {{ content: {json.dumps(sheet.title)}; }} "
    rules += f"@bottom-center {{ content: {json.dumps(prefix)} counter(page); }} }}" if sheet.title else "}"
    return (
        f'<!doctype html><html lang="{made.about["language"]}" data-theme="light" data-mode="light"><head>'
        f'<meta charset="utf-8"><title>{escape(sheet.title)}</title>{sheet.head}<style>{style}{rules}</style></head>'
        f'<body><nav hidden>{places}</nav><div class="bd-content"><div class="bd-article-container">{body}</div></div>'
        f"<script>{script}</script></body></html>"
    )


def title_page(about: dict[str, str]) -> str:
    online = f'The living book, where the figures respond and every chapter runs: <a href="{BOOK_URL}">{BOOK_URL}</a>'
    names = f'<p class="paper-name">{escape(about["title"])}</p><p>{escape(about["authors"])}</p>'
    return (
        f'<header class="paper-cover">{names}'
        f'<p class="paper-note">{online}</p><p class="paper-note">{escape(about["licence"])}</p></header>'
    )


def contents(outline: list[tuple[int, str, str]]) -> str:
    rows = []
    for row, (level, title, anchor) in enumerate(outline):
        kind = "part" if row + 1 < len(outline) and outline[row + 1][2] == anchor else f"level{level}"
        number = "" if kind == "part" else page_of(anchor)
        link = f'<a href="#{anchor}"><span>{escape(title)}</span>{number}</a>'
        rows.append(f'<li class="paper-{kind}">{link}</li>')
    return f'<nav class="paper-contents"><p class="paper-name">Contents</p><ul>{"".join(rows)}</ul></nav>'
