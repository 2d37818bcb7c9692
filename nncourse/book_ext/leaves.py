"""The built site made ready for paper: title page, contents, chapters in their order, solutions in the back.

Every page becomes a sheet that a browser prints. Names of places are told apart by their page, so that a link between
two chapters can become a link within the PDF. What a reader of paper cannot do, pressing a button or unfolding a
solution, goes: hints, solutions and answers stand together behind the appendix, and each exercise says on which page.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from nncourse.exercises import BOOK_URL

from .sheets import Book, Sheet, contents, page_of, title_page

REFERENCES = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
SCREEN_ONLY = "a.headerlink, button, noscript"
UNUSED = ("scripts/", "thebe", "togglebutton", "copybutton", "clipboard", "sphinx_highlight", "design-tabs")
UNUSED += ("searchtools", "searchindex", "language_data", "documentation_options", "doctools")
BACK = "Solutions and answers"
LONG = 30  # lines of code that had better begin a page than be kept on one
CODE = re.compile(r"`([^`]+)`")


@dataclass
class Leaf:
    """One page of the site: where it stands, what it is called, and what it says."""

    name: str  # "book/appendix/keras"
    title: str
    part: str  # the caption that stands above it in the contents
    article: object = field(repr=False, default=None)
    head: list = field(repr=False, default_factory=list)

    @property
    def anchor(self) -> str:
        return self.name.removeprefix("book/").replace("/", "-")

    @property
    def label(self) -> str:
        """The title, with the number by which the chapters speak of one another."""
        numbered = re.match(r"(\d+)-", self.anchor)
        return f"{int(numbered.group(1))}  {self.title}" if numbered else self.title

    @property
    def url(self) -> str:
        return f"{BOOK_URL}/{self.name}.html"

    def sections(self) -> list[tuple[str, str]]:
        """The anchors and titles of its sections; call it after `place`."""
        found = self.article.select("section[id] > h2")
        return [(heading.parent["id"], " ".join(heading.get_text().split())) for heading in found]


def listed(site: Path) -> tuple[list[Leaf], dict[str, str]]:
    """Return the pages of the built `site` in the order of its contents, still unread, and what it says of itself."""
    start = site / "index.html"
    if not start.is_file():
        raise FileNotFoundError(f"{site} holds no index.html. Build the book first: jupyter-book build .")
    forward = re.search(r"url=([^\"']+)", start.read_text(encoding="utf-8"))
    root = posixpath.normpath(forward.group(1)) if forward else "index.html"
    page = _soup(site / root)
    about = {
        "title": page.select_one("article h1").find(string=True).strip(),
        "authors": _text(page, ".component-author").removeprefix("By "),
        "licence": _text(page, ".extra_footer"),
        "language": page.html.get("lang", "en"),
    }
    found, part = [], ""
    for item in page.select("nav.bd-links p.caption, nav.bd-links li > a.internal"):
        if item.name == "p":
            part = item.get_text().strip()
            continue
        at = posixpath.normpath(posixpath.join(posixpath.dirname(root), item["href"].partition("#")[0] or "."))
        name = (root if item["href"] == "#" else at).removesuffix(".html")
        found.append(Leaf(name, " ".join(item.get_text().split()), part))
    return found, about


def leaves(site: Path, only=()) -> tuple[list[Leaf], dict[str, str]]:
    """Read the pages that `listed` lists, or those of them whose names are in `only`."""
    found, about = listed(site)
    unknown = set(only) - {leaf.name for leaf in found}
    if unknown:
        raise ValueError(f"the book has no page {sorted(unknown)}; its pages are {[leaf.name for leaf in found]}")
    found = [leaf for leaf in found if not only or leaf.name in only]
    for leaf in found:
        soup = _soup(site / f"{leaf.name}.html")
        leaf.article, leaf.head = soup.select_one("article"), soup.head.find_all(["link", "script"])
    return found, about


def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def _text(soup, selector: str) -> str:
    tag = soup.select_one(selector)
    return " ".join(tag.get_text().split()) if tag else ""


def place(leaf: Leaf, inside: dict[str, str]) -> None:
    """Give every id and link of a page its meaning in the one document; `inside` maps names of pages to anchors."""
    here = posixpath.dirname(leaf.name)
    for tag in leaf.article.find_all(True):
        if tag.get("id"):
            tag["id"] = f"{leaf.anchor}.{tag['id']}"
        for key in REFERENCES:
            if tag.get(key):
                value = tag[key] if isinstance(tag[key], list) else tag[key].split()
                tag[key] = " ".join(f"{leaf.anchor}.{one}" for one in value)
        if tag.get("src"):
            tag["src"] = _from_root(here, tag["src"])
            tag.attrs.pop("loading", None)
        if tag.name == "a" and tag.get("href"):
            tag["href"] = _link(leaf, here, tag["href"], inside)


def _from_root(here: str, address: str) -> str:
    return address if urlsplit(address).scheme else "/" + posixpath.normpath(posixpath.join(here, address))


def _link(leaf: Leaf, here: str, href: str, inside: dict[str, str]) -> str:
    """Within the document where it leads there, else to the book online."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    at = posixpath.normpath(posixpath.join(here, unquote(parts.path))) if parts.path else f"{leaf.name}.html"
    anchor = inside.get(at.removesuffix(".html"))
    if anchor is None or parts.fragment.startswith("play:"):
        return f"{BOOK_URL}/{at}" + (f"#{parts.fragment}" if parts.fragment else "")
    return f"#{anchor}" + (f".{unquote(parts.fragment)}" if parts.fragment else "")


def on_paper(leaf: Leaf) -> list[str]:
    """Take from a page what only a screen can use; return its solutions and answers, for the back."""
    back, article = [], leaf.article
    for tag in article.select(SCREEN_ONLY):
        tag.decompose()
    for fold in article.select("details.nn-fold"):
        exercise = re.fullmatch(r"Solution of (\S+)", fold.summary.get_text().strip())
        if exercise:
            back.append(_to_the_back(leaf, fold, exercise.group(1)))
    for fold in article.select("details"):
        fold["open"] = ""
    for code in article.select("div.highlight"):
        if code.get_text().count("\n") > LONG:
            code["class"].append("paper-long")
    for widget in article.select(".nn-widget"):
        note = f'Alive at <a href="{leaf.url}">{leaf.url}</a>'
        if widget.get("data-widget") == "Quiz":
            anchor = f"{leaf.anchor}.quiz.answers"
            questions = json.loads(widget.script.string)["state"]["questions"]
            back.append(f'<div class="paper-answers" id="{anchor}"><h3>Quiz</h3>{_answers(questions)}</div>')
            note = f"Answers: {_to_page(anchor)}. {note}"
        widget.insert_after(_piece(f'<p class="paper-note">{note}</p>'))
    return back


def _to_the_back(leaf: Leaf, fold, exercise: str) -> str:
    """Take the solution of an exercise from behind its cell, and the hints from its report, which nobody can unfold."""
    anchor = f"{leaf.anchor}.{exercise}.solution"
    report = fold.find_previous_sibling("div").select_one(".nn-report-undone")
    hints = []
    if report is not None:
        hints = [step.p.decode_contents() for step in report.select("details.nn-report-step")]
        report.find_parent(class_="cell_output").decompose()
    fold.summary.decompose()
    solution = fold.decode_contents()
    note = f"{'Hints and solution' if hints else 'Solution'}: {_to_page(anchor)}"
    fold.replace_with(_piece(f'<p class="paper-note">{note}</p>'))
    heading = f'<h3><a href="#{leaf.anchor}.{exercise}"><code>{exercise}</code></a></h3>'
    told = f"<ul>{''.join(f'<li>{hint}</li>' for hint in hints)}</ul>" if hints else ""
    return f'<div class="paper-answers" id="{anchor}">{heading}{told}{solution}</div>'


def _to_page(anchor: str) -> str:
    return f'<a href="#{anchor}">page {page_of(anchor)}</a>'


def _answers(questions: list[dict]) -> str:
    def rich(text):
        return CODE.sub(r"<code>\1</code>", escape(text))

    rows = []
    for question in questions:
        right = next(choice for choice in question["choices"] if choice["correct"])
        rows.append(f"<li>{rich(question['prompt'])}<br><b>{rich(right['text'])}</b> {rich(right['explanation'])}</li>")
    return f"<ol>{''.join(rows)}</ol>"


def _piece(html: str):
    return BeautifulSoup(html, "html.parser")


def book(site: Path, only=()) -> Book:
    """Return the sheets of the built `site`, its front and its back, and the outline of it all."""
    found, about = leaves(site, only)
    inside = {leaf.name: leaf.anchor for leaf in found}
    sheets, outline, back, part = [], [], [], ""
    for leaf in found:
        place(leaf, inside)
        solutions = on_paper(leaf)
        if solutions:
            back.append((f"back.{leaf.anchor}", leaf.label, "".join(solutions)))
        opens = leaf.part if leaf.part != part else ""
        part = leaf.part
        if opens:
            outline.append((0, opens, leaf.anchor))
        outline.append((1 if part else 0, leaf.label, leaf.anchor))
        outline += [(2, title, anchor) for anchor, title in leaf.sections() if part]
        leaf.article.h1.string = leaf.label
        leaf.article.attrs = {"class": "bd-article", "id": leaf.anchor}
        leaf.article.insert(0, _piece(f'<p class="paper-part">{escape(opens)}</p>'))
        sheets.append(Sheet(leaf.label, _head(leaf), str(leaf.article)))
    styles = "".join(str(tag) for tag in BeautifulSoup(sheets[0].head, "html.parser").find_all("link"))
    last = []
    if back:
        outline += [(0, BACK, "back"), *((1, label, anchor) for anchor, label, _ in back)]
        chapters = "".join(f'<section id="{anchor}"><h2>{label}</h2>{text}</section>' for anchor, label, text in back)
        text = f'<article class="bd-article" id="back"><h1>{BACK}</h1>{chapters}</article>'
        last = [Sheet(BACK, styles, text)]
    front = Sheet("", styles, title_page(about) + contents(outline))
    return Book(about, outline, front, sheets, last)


def _head(leaf: Leaf) -> str:
    """The style sheets and scripts of a page without those that only the screen needs."""
    kept, here = [], posixpath.dirname(leaf.name)
    for tag in leaf.head:
        key = "src" if tag.name == "script" else "href"
        if tag.get(key):
            if any(part in tag[key] for part in UNUSED) or (tag.name == "link" and "stylesheet" not in tag["rel"]):
                continue
            tag[key] = _from_root(here, tag[key])
        elif "MathJax" not in tag.get_text():
            continue
        kept.append(str(tag))
    return "".join(kept)
