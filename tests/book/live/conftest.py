"""Every widget on the built pages, driven as a reader drives it, with answers computed by `nncourse`.

A page is cut down to the widgets of one kind, as the build wrote them, and to what they need: the styles, the host,
their module. That opens in a tenth of the time; whole pages, with all that moves on them, are read in `test_pages`.
A widget from the server stands on a wide page, one from the disk on a page as narrow as a telephone.
"""

import re
from html.parser import HTMLParser

import pytest

from ..pages import pages_with, settle
from .driven import Driven

SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
NEEDED = re.compile(r"<script[^>]*(/nncourse/|data-cfasync)")  # the widgets' own, and what sets the theme
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Ancestors(HTMLParser):
    """The tags that are open where a text ends."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag not in EMPTY:
            self.tags.append(self.get_starttag_text())

    def handle_startendtag(self, tag, attributes):
        """`<path/>` opens nothing."""

    def handle_endtag(self, tag):
        if tag not in EMPTY:
            self.tags.pop()


def cut(text, kind):
    """The HTML of a page, of which nothing is left but the widgets of one kind and what they need."""
    widgets = list(re.finditer(rf'<div class="nn-widget" data-widget="{kind}".*?</div>', text, re.DOTALL))
    head = SCRIPT.sub(lambda script: script.group() if NEEDED.match(script.group()) else "", text.partition("<body")[0])
    around = [tag for tag in Ancestors(text[: widgets[0].start()]).tags if not tag.startswith("<html")]
    return "".join([head, *around, *(widget.group() for widget in widgets)])


@pytest.fixture(scope="module")
def visit(open_page_for_all, address, book):
    """Opener of the page of a widget, the first of several or `which`, cut down to that widget."""
    opened = {}

    def at(kind, which=0, **options):
        names = pages_with(book, kind)
        assert names, f"no page of the book shows a {kind}"
        url, key = address(names[which]), (kind, which, *options.items())
        if key not in opened:
            opened[key] = open_page_for_all("about:blank", width=1200 if url.startswith("http") else 360, **options)
            body = cut((book.html / f"{names[which]}.html").read_text(encoding="utf-8"), kind)
            opened[key].route(url, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        opened[key].goto(url)
        return settle(opened[key])

    return at


@pytest.fixture
def show(visit):
    """Shower of a widget on its page: `show("Quiz")`. In the end the page must have had no problem."""
    pages = []

    def on_its_page(kind, **options):
        pages.append(visit(kind, **options))
        root = pages[-1].locator(f'.nn-widget[data-widget="{kind}"]').first
        root.scroll_into_view_if_needed()
        return Driven(pages[-1], root)

    yield on_its_page
    problems = [problem for page in pages for problem in page.problems]
    for page in pages:
        page.problems.clear()
    assert problems == []


@pytest.fixture
def widget(request, show):
    """The widget that the test class is named after."""
    return show(request.cls.__name__.removeprefix("Test"))
