"""The glossary: the chapter that an entry names sets the word in italics, and the first such use leads to the entry."""

import re
from itertools import pairwise
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from nncourse.book_ext.glossary import FirstUses, simple, terms_of

from .chapters import ROOT

TEXT = (ROOT / "book" / "appendix" / "glossary.md").read_text(encoding="utf-8")
TERMS = terms_of(TEXT)
ENTRIES = dict(re.findall(r"^(\S.*)\n  (\S.*)$", TEXT, re.MULTILINE))
ITALIC = re.compile(r"(?<![*\w])\*([^*\n]+)\*(?![*\w])")


def test_entries_are_in_order_each_once():
    names = list(TERMS.values())
    assert len(names) > 80 and list(ENTRIES) == names
    assert [(one, next) for one, next in pairwise(names) if one.lower() >= next.lower()] == []


@pytest.mark.parametrize("term", ENTRIES)
def test_the_chapter_that_an_entry_names_first_sets_its_word_in_italics(term):
    named = re.findall(r"\[[Cc]hapter (\d\d)\]\(\.\./(\1-[\w-]+\.md)\)", ENTRIES[term])
    assert named, "an entry ends with [Chapter NN](../NN-name.md)"
    chapter = (ROOT / "book" / named[0][1]).read_text(encoding="utf-8")
    assert simple(term) in {simple(word) for word in ITALIC.findall(chapter)}


def applied(*children, page="book/01-x"):
    document = new_document("test")
    document += list(children)
    document.settings.env = SimpleNamespace(docname=page, nncourse_terms={"weight": "weight", "bias": "bias"})
    FirstUses(document).apply()
    return [(link["reftarget"], link.astext()) for link in document.findall(addnodes.pending_xref)]


def italic(text):
    return nodes.paragraph("", "", nodes.emphasis("", text))


def test_the_first_italic_use_of_a_word_is_linked_in_its_plural_too():
    assert applied(italic("Weights"), italic("weight"), italic("Bias")) == [("weight", "Weights"), ("bias", "Bias")]


def test_other_words_pages_of_the_appendix_and_links_are_left_alone():
    link = nodes.paragraph("", "", nodes.reference("", "", nodes.emphasis("", "bias"), refuri="x"))
    assert applied(italic("really"), link) == []
    assert applied(italic("bias"), page="book/appendix/notation") == []


@pytest.mark.parametrize(
    ("word", "plain"), [("Losses", "losse"), ("loss", "loss"), ("bias", "bias"), ("basis", "basis")]
)
def test_the_simple_form_of_a_word(word, plain):
    assert simple(word) == plain
