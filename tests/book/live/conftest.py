"""Every widget on the built pages, driven as a reader drives it, with answers computed by `nncourse`.

A widget read from the server stands on a wide page, one from the disk on a page as narrow as a telephone.
"""

import re

import pytest

from ..pages import pages_with, settle
from .driven import Driven

UNNEEDED = re.compile(r"/mathjax/|/fontawesome[^/]*\.js")

# The widgets as they came with the page. Their host waits for this event at the window, the page's other scripts at the
# document, so nothing but the widgets starts again.
START_AGAIN = """(html) => {
  const came = new DOMParser().parseFromString(html, "text/html").querySelectorAll(".nn-widget");
  document.querySelectorAll(".nn-widget").forEach((widget, place) => widget.replaceWith(came[place]));
  scrollTo(0, 0);
  dispatchEvent(new Event("DOMContentLoaded"));
}"""


@pytest.fixture(scope="module")
def visit(open_page_for_all, address, book):
    """Opener of the page of a widget, the first of several or `which`: anew the first time, then with all of its
    widgets as they were at first."""
    opened = {}

    def at(kind, which=0, **options):
        names = pages_with(book, kind)
        assert names, f"no page of the book shows a {kind}"
        url = address(names[which])
        key = (url, *options.items())
        if key in opened:
            opened[key].mouse.move(0, 0)
            opened[key].evaluate(START_AGAIN, (book.html / f"{names[which]}.html").read_text(encoding="utf-8"))
        else:
            opened[key] = open_page_for_all("about:blank", width=1200 if url.startswith("http") else 360, **options)
            # Other tests look at the mathematics and the theme's icons; without them a page opens in half the time.
            opened[key].route(UNNEEDED, lambda route: route.fulfill(body="", content_type="text/javascript"))
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
