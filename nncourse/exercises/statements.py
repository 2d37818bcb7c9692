"""What an exercise asks, in the words of its chapter.

The chapters are the only place where statements stand: a block quote that opens with the exercise's id. They are read
from where a checkout or a wheel keeps them; an exercise that no chapter states says itself what it wants.
"""

import re
from functools import cache
from pathlib import Path

from .model import BOOK_URL, Exercise

PACKAGE = Path(__file__).parent.parent
BOOKS = (PACKAGE / "book", PACKAGE.parent / "book")  # in a wheel, in a checkout
OPENING = re.compile(r"\*\*Exercise `(?P<id>[\w-]+)`\*\* \(\d+ points?\)\.\s*")
UNSTATED = "Write `{call}`. The text below its name says what comes in and what must come out."


def statement(exercise: Exercise) -> str:
    """The statement in Markdown, with whole addresses in its links."""
    call = f"{exercise.name}({', '.join(exercise.parameters)})"
    return stated_in(page(exercise)).get(exercise.id, UNSTATED.format(call=call))


def page(exercise: Exercise) -> str:
    """The file name of its chapter, without the ending."""
    return f"{exercise.number:02}-{exercise.chapter}"


@cache
def stated_in(name: str) -> dict[str, str]:
    """The statements of a chapter by exercise; none where the chapter is not at hand."""
    files = [book / f"{name}.md" for book in BOOKS]
    found = next((file for file in files if file.is_file()), None)
    return statements(found.read_text(encoding="utf-8")) if found else {}


def statements(text: str) -> dict[str, str]:
    """The statements in the Markdown of a chapter, by exercise."""
    quotes = re.findall(r"^>.*(?:\n>.*)*", text, re.MULTILINE)
    unquoted = [re.sub(r"^> ?", "", quote, flags=re.MULTILINE) for quote in quotes]
    opened = [(OPENING.match(quote), quote) for quote in unquoted]
    return {opening["id"]: _whole(quote[opening.end() :].strip()) for opening, quote in opened if opening}


def _whole(text: str) -> str:
    """Links to other pages of the book lead to the book online."""
    return re.sub(r"\]\((?!\w+:|#)([^)#]*)\.md", rf"]({BOOK_URL}/book/\1.html", text)
