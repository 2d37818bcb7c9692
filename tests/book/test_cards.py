"""What others see of a page: its card, its address, the map of all pages, and the page for a wrong address."""

import struct
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from docutils import nodes

from nncourse.book_ext import cards
from nncourse.exercises import BOOK_URL

from .pages import page_names, parsed, settle
from .test_accessibility import STRUCTURE, faults_of_colour, violations

every_page = pytest.mark.parametrize("name", page_names())


def told(page):
    """The lines in the head of a page by their names."""
    tags = page.select("meta[property], meta[name]")
    return {tag.get("property") or tag["name"]: tag["content"] for tag in tags}


@every_page
def test_a_page_has_a_card_and_one_address(book, name):
    page = parsed(book.html / f"{name}.html")
    card = told(page)
    address = f"{BOOK_URL}/{name}.html"
    assert [link["href"] for link in page.select('link[rel="canonical"]')] == [address] == [card["og:url"]]
    heading = page.select_one("article h1")
    assert card["og:title"] == "".join(heading.find_all(string=True, recursive=True)).rstrip("#").strip()
    assert card["description"] == card["og:description"]
    assert 20 <= len(card["description"]) <= cards.ROOM
    assert "robots" not in card


def test_no_two_pages_are_described_alike(book):
    descriptions = {told(parsed(book.html / f"{name}.html"))["description"] for name in page_names()}
    assert len(descriptions) == len(page_names())


def test_the_picture_of_the_cards_is_there_small_and_of_the_size_that_they_tell(book):
    card = told(parsed(book.html / f"{page_names()[0]}.html"))
    assert card["og:image"].startswith(f"{BOOK_URL}/")
    picture = (book.html / card["og:image"].removeprefix(f"{BOOK_URL}/")).read_bytes()
    width, height = struct.unpack(">II", picture[16:24])
    assert [str(width), str(height)] == [card["og:image:width"], card["og:image:height"]]
    assert len(picture) < 40_000
    assert card["og:image:alt"]
    assert card["twitter:card"] == "summary_large_image"


def test_the_first_paragraph_that_is_no_quotation_describes_a_page():
    quoted = nodes.block_quote("", nodes.paragraph(text="After this chapter you can fly."))
    formula = nodes.paragraph("", "", nodes.Text("Here "), nodes.math(text="x"))
    told = nodes.paragraph(
        text=("One sentence of some length that says something of this page.\nAnd another one. " * 4)
    )
    document = nodes.document("", "")
    document += nodes.section("", quoted, formula, told)
    text = cards.description(document)
    assert text.startswith("One sentence of some length that says something of this page. And")
    assert text.endswith(".")
    assert len(text) <= cards.ROOM
    assert cards.description(nodes.document("", "")) == ""


def test_the_map_lists_every_page_and_says_where_it_is(book):
    tree = ElementTree.fromstring((book.html / "sitemap.xml").read_text(encoding="utf-8"))
    listed = [entry.text for entry in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert sorted(listed) == sorted(f"{BOOK_URL}/{name}.html" for name in page_names())
    assert f"Sitemap: {BOOK_URL}/sitemap.xml" in (book.html / "robots.txt").read_text().splitlines()


def test_the_root_of_the_site_leads_to_the_first_page_and_has_its_card(book):
    root = parsed(book.html / "index.html")
    assert root.select_one('meta[http-equiv="refresh"]')["content"] == f"0; url={page_names()[0]}.html"
    first = told(parsed(book.html / f"{page_names()[0]}.html"))
    assert {key: text for key, text in told(root).items() if key.startswith("og:")}.items() <= first.items()


@pytest.mark.parametrize("name", ["search", "genindex", "404"])
def test_pages_that_only_help_are_not_filed(book, name):
    assert told(parsed(book.html / f"{name}.html"))["robots"] == "noindex"


def test_the_book_has_a_sign_of_its_own(book):
    (icon,) = parsed(book.html / f"{page_names()[1]}.html").select('link[rel="icon"]')
    assert icon["href"].endswith(".svg")
    ElementTree.parse((book.html / f"{page_names()[1]}.html").parent / icon["href"])


@pytest.fixture
def published(book):
    """The address of a host that shows the book under the path of `BOOK_URL`, and 404.html for what is not there."""
    base = urlsplit(BOOK_URL).path

    class Host(SimpleHTTPRequestHandler):
        def do_GET(self):
            self.path = self.path.removeprefix(base)
            super().do_GET()

        def send_error(self, code, *args, **options):
            body = (book.html / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Say nothing: the tests' output is for the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(book.html)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{base}"
    server.shutdown()
    server.server_close()


def test_a_wrong_address_shows_a_page_of_the_book_that_leads_back(open_page, published):
    wrong = f"{published}/book/deep/down/nowhere.html"
    page = settle(open_page(wrong))
    assert page.get_by_role("heading", level=1, name="This page does not exist").is_visible()
    assert page.locator("#pst-primary-sidebar").evaluate("(bar) => getComputedStyle(bar).display") == "flex"
    assert [problem for problem in page.problems if wrong not in problem] == []
    assert violations(page, STRUCTURE) == []
    assert faults_of_colour(page) == []
    page.get_by_role("link", name="The first page").click()
    page.wait_for_url(f"{published}/{page_names()[0]}.html")


def test_the_first_page_says_how_to_cite_the_course(book, repo):
    citation = yaml.safe_load((repo / "CITATION.cff").read_text(encoding="utf-8"))
    entry = parsed(book.html / f"{page_names()[0]}.html").select_one(".highlight-bibtex").get_text()
    for part in (citation["title"], citation["authors"][0]["name"], citation["version"], citation["url"]):
        assert part in entry
