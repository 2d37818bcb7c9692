"""A word that a chapter sets in italics when it first meets it leads to the glossary."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

PAGE = "book/appendix/glossary"


def terms_of(text: str) -> dict[str, str]:
    """Return the terms of a page's glossary as its lines write them, by their simplest form."""
    listed = re.findall(r"^(`{3,}|:{3,})\{glossary\}\n(.*?)^\1", text, re.MULTILINE | re.DOTALL)
    lines = [line for _, block in listed for line in block.splitlines()]
    return {simple(line): line for line in lines if line and not line[0].isspace() and not line.startswith(":")}


def simple(term: str) -> str:
    """Lower case, single spaces, singular: what a word in running text and its entry have in common."""
    words = " ".join(term.lower().split())
    return words[:-1] if words.endswith("s") and not words.endswith(("ss", "as", "is", "us")) else words


def load(app):
    """Read the terms once a build; a book without a glossary has none."""
    page = Path(app.srcdir, f"{PAGE}.md")
    app.env.nncourse_terms = terms_of(page.read_text(encoding="utf-8")) if page.is_file() else {}


class FirstUses(SphinxTransform):
    """Link the first italic use of each term on a page to its entry."""

    default_priority = 403

    def apply(self):
        if self.env.docname.startswith(PAGE.rpartition("/")[0]):
            return
        waiting = dict(self.env.nncourse_terms)
        for word in list(self.document.findall(nodes.emphasis)):
            term = waiting.get(simple(word.astext()))
            if term is None or isinstance(word.parent, nodes.reference | nodes.title):
                continue
            del waiting[simple(word.astext())]
            entry = addnodes.pending_xref(
                "", refdomain="std", reftype="term", reftarget=term, refdoc=self.env.docname, refwarn=True,
                refexplicit=True, classes=["nn-term"],
            )  # fmt: skip
            word.replace_self(entry)
            entry += word
