"""Every page of the book, as a file and as a reader sees it: from a server or from a disk, on a telephone, on paper."""

import re
from itertools import pairwise
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from nncourse.widgets import Playground

from .pages import anchors, page_names, pages_with, parsed, settle

DOI = re.compile(r"https://doi\.org/10\.\d{4,9}/\S+")
UNENCRYPTED = {"neuralnetworksanddeeplearning.com"}  # a source of the course that is served without encryption only
NARROW = 360

every_page = pytest.mark.parametrize("name", page_names())


@pytest.fixture
def html(book, name):
    """The HTML file of the page `name`."""
    return book.html / f"{name}.html"


@pytest.fixture
def lively_pages(book):
    """The HTML files of the pages that show a widget."""
    files = [book.html / f"{name}.html" for name in page_names()]
    return [file for file in files if parsed(file).select(".nn-widget")]


# Without a browser


@every_page
def test_internal_links_lead_to_a_page_and_a_place_on_it(book, html):
    lost = []
    for link in parsed(html).select("a[href]"):
        parts = urlsplit(link["href"])
        if parts.scheme or parts.netloc:
            continue
        target = (html.parent / unquote(parts.path)).resolve() if parts.path else html
        known = target.is_file() and target.is_relative_to(book.html)
        place = unquote(parts.fragment)
        if not known or (place and not place.startswith("play:") and place not in anchors(target)):
            lost.append(link["href"])
    assert lost == []


@every_page
def test_a_case_of_the_playground_can_be_played_and_stays_in_the_book(html):
    """What a link tells are settings that the widget takes; on the page it leads to the page beside this one."""
    for link in parsed(html).select('a[href*="#play:"]'):
        page, _, case = link["href"].partition("#play:")
        assert (html.parent / page).resolve().name == "playground.html" or (not page and html.stem == "playground")
        told = {}
        for key, (text,) in parse_qs(case, keep_blank_values=True, strict_parsing=True).items():
            kind = type(getattr(Playground(), key))
            listed = [int(one) if one.isdecimal() else one for one in text.split(",") if one]
            told[key] = listed if kind is list else text == "true" if kind is bool else kind(text)
        Playground(**told)


@every_page
def test_a_page_brings_its_scripts_styles_and_pictures_along(html):
    used = [tag["src"] for tag in parsed(html).select("[src]")]
    used += [tag["href"] for tag in parsed(html).select('link[rel="stylesheet"], link[rel="icon"]')]
    addresses = [urlsplit(address) for address in used]
    assert [address.geturl() for address in addresses if address.scheme not in ("", "data")] == []
    files = [html.parent / unquote(address.path) for address in addresses if not address.scheme]
    assert [str(file) for file in files if not file.is_file()] == []


@every_page
def test_external_links_are_encrypted_and_a_doi_is_complete(html):
    links = [link["href"] for link in parsed(html).select("a[href]") if urlsplit(link["href"]).scheme]
    plain = [link for link in links if urlsplit(link).scheme != "https"]
    assert [link for link in plain if urlsplit(link).hostname not in UNENCRYPTED] == []
    assert [link for link in links if "doi.org" in link and not DOI.fullmatch(link)] == []


@every_page
def test_headings_descend_one_level_at_a_time_from_a_single_title(html):
    levels = [int(tag.name[1]) for tag in parsed(html).select_one("article").find_all(re.compile("^h[1-6]$"))]
    assert levels.count(1) == 1 == levels[0]
    assert [(one, next) for one, next in pairwise(levels) if next > one + 1] == []


@every_page
def test_every_picture_says_in_words_what_it_shows(html):
    assert [image["src"] for image in parsed(html).select("img") if not image.get("alt", "").strip()] == []


@every_page
def test_a_page_with_cells_launches_on_binder(html, name):
    launches = [link["href"] for link in parsed(html).select('a[href^="https://mybinder.org/v2/gh/"]')]
    cells = len(parsed(html).select(".cell"))
    assert [launch.endswith(f"lab/tree/{name}.md") for launch in launches] == ([True] if cells else [])


# In a browser


# Pages differ from one another in what they hold, and the disk from a server in how scripts, styles and mathematics are
# found, which is the same on every page of a folder. Widgets are driven from the disk in `live/`.
FROM_THE_DISK = {"book/index", "book/01-from-neuron-to-perceptron", "book/playground", "book/appendix/notation"}
WAYS = [*((name, "http") for name in page_names()), *((name, "file") for name in sorted(FROM_THE_DISK))]


@pytest.fixture(scope="module", params=WAYS, ids=[" ".join(way) for way in WAYS])
def page(request, book, site, open_page_for_all):
    """A page at rest, which the next tests share: every one from the server in light, some from the disk in dark."""
    name, way = request.param
    at = f"{site}/{name}.html" if way == "http" else (book.html / f"{name}.html").as_uri()
    page = settle(open_page_for_all(at, theme="light" if way == "http" else "dark"))
    yield page
    page.close()


def test_a_page_is_whole_wherever_it_is_read(page):
    """From the server in light on a desk, from the disk in dark; then as narrow as a telephone."""
    theme = "light" if page.url.startswith("http") else "dark"
    assert page.locator("html").get_attribute("data-theme") == theme
    assert page.evaluate(EMPTY_PICTURES) == []
    assert page.evaluate(UNSET_MATHEMATICS) == []
    desk = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, page.evaluate(TOO_WIDE, NARROW)
    assert page.evaluate(OVERFLOWING_WIDGETS) == []
    page.set_viewport_size(desk)
    assert page.problems == []


def test_on_paper_the_drawings_stay_and_the_controls_go(page):
    page.emulate_media(media="print")
    assert page.locator(".nn-widget .nn-controls:visible, .nn-widget .nn-hint:visible").count() == 0
    assert page.evaluate(EMPTY_WIDGETS) == []


def test_without_javascript_each_widget_is_described(open_page, lively_pages):
    page = open_page("about:blank", java_script_enabled=False)
    for html in lively_pages:
        page.goto(html.as_uri())
        descriptions = page.locator(".nn-widget .nn-fallback:visible")
        assert descriptions.count() == len(parsed(html).select(".nn-widget")), html.stem
        assert all("JavaScript" in text for text in descriptions.all_inner_texts()), html.stem


EMPTY_PICTURES = "[...document.images].filter((image) => !image.naturalWidth).map((image) => image.src)"

UNSET_MATHEMATICS = """[...document.querySelectorAll("article .math")].filter((source) => {
  const set = source.querySelector("mjx-container")?.getBoundingClientRect();
  return !set?.width || !set?.height || source.querySelector("mjx-merror, [data-mjx-error]");
}).map((source) => source.textContent)"""

OVERFLOWING_WIDGETS = """[...document.querySelectorAll(".nn-widget")]
  .filter((widget) => widget.scrollWidth > widget.clientWidth).map((widget) => widget.dataset.widget)"""

TOO_WIDE = """(width) => [...document.querySelectorAll("article *")]
  .filter((element) => element.getBoundingClientRect().right > width)
  .map((element) => element.outerHTML.slice(0, 120)).slice(0, 8)"""

# A widget on paper: its drawings, and where it has none its words, take up room.
EMPTY_WIDGETS = """[...document.querySelectorAll(".nn-widget")].filter((widget) => {
  const parts = widget.querySelectorAll("svg.nn-plane");
  const boxes = (parts.length ? [...parts] : [widget]).map((part) => part.getBoundingClientRect());
  return boxes.some((box) => box.width < 100 || box.height < 100);
}).map((widget) => widget.dataset.widget)"""


def test_a_page_read_in_the_dark_is_printed_in_the_light(open_page, book):
    """The theme of the screen, widgets included, and back again when the print is done."""
    page = settle(open_page((book.html / f"{pages_with(book, 'StepSize')[0]}.html").as_uri(), theme="dark"))
    light = """() => [...document.querySelectorAll("body, .nn-w")].map((one) => getComputedStyle(one))
      .every(({ color }) => Math.max(...color.match(/\\d+/g).slice(0, 3)) < 128)"""  # ink on white
    assert not page.evaluate(light)
    page.emulate_media(media="print")
    page.wait_for_function(light)
    page.emulate_media(media="screen")
    page.wait_for_function(f"() => !({light})()")
    page.evaluate("addEventListener('beforeprint', () => { document.title = document.documentElement.dataset.theme; })")
    page.pdf()
    assert page.title() == "light"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
