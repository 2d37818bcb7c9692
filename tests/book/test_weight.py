"""No page grows over its budget, none makes a reader wait for what it does not need, and cutting changes no look.

The budgets are bytes on the line. The seconds that they stand for are measured by `python -m tests.book.weight`.
"""

import base64
import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from nncourse.book_ext import icons, stylesheet, weight

from .pages import page_names, parsed, settle
from .weight import KINDS, View, on_the_line, row, served, view, weights

OWN = 100_000  # the words of a page and the modules of its widgets
SHARED = 245_000  # what all pages share: styles, scripts, MathJax
FIRST_VIEW = 480_000  # all that is asked for with an empty cache, fonts and figures included
FONTS = 200_000  # of MathJax, as many as the formulas need
REQUESTS = 32
CHAPTER = "book/06-gradient-descent"

every_page = pytest.mark.parametrize("name", page_names())


@every_page
def test_a_page_stays_within_its_budget(book, name):
    weighs = weights(book.html / f"{name}.html")
    assert weighs["own"] <= OWN
    assert weighs["shared"] <= SHARED


@every_page
def test_nothing_but_one_stylesheet_stands_between_a_page_and_its_words(book, name):
    page = parsed(book.html / f"{name}.html")
    assert len(page.select('link[rel="stylesheet"]')) == 1
    assert [tag["src"] for tag in page.select("script[src]") if not {"async", "defer"} & set(tag.attrs)] == []
    assert page.select('link[rel="preload"]') == []


@every_page
def test_icons_are_drawings(book, name):
    page = parsed(book.html / f"{name}.html")
    assert page.select('[class*="fa-"]:not(svg)') == []
    drawings = page.select("svg.svg-inline--fa")
    assert len(drawings) > 5
    assert all(drawing.path["d"] and drawing["aria-hidden"] == "true" for drawing in drawings)


def test_a_page_without_formulas_code_or_folds_loads_no_scripts_for_them(book):
    loaded = {
        Path(tag["src"].partition("?")[0]).name for tag in parsed(book.html / "search.html").select("script[src]")
    }
    assert {"searchtools.js", "searchindex.js"} <= loaded
    assert not loaded & {"tex-chtml.js", "copybutton.js", "togglebutton.js", "sphinx-thebe.js", "fontawesome.js"}


def test_what_no_page_can_ask_for_is_not_published(book):
    static = book.html / "_static"
    assert not (static / "vendor" / "fontawesome").exists()
    parts = {file.relative_to(static / "mathjax").parts[0] for file in (static / "mathjax").rglob("*")}
    assert parts == {"tex-chtml.js", "output", "input"}
    assert sum(file.stat().st_size for file in (static / "mathjax").rglob("*")) < 2_000_000


@pytest.mark.slow
@pytest.mark.parametrize("name", [CHAPTER, "book/appendix/notation"])
def test_a_first_view_asks_for_no_more_than_its_budget(book, browser, name):
    with served(book.html) as site:
        seen = view(browser, f"{site}/{name}.html", line=None)
    assert sum(seen.sizes.values()) <= FIRST_VIEW, seen.sizes
    assert len(seen.requests) <= REQUESTS, seen.requests
    assert seen.sizes["fonts"] <= FONTS
    files = [book.html / address.removeprefix(site).lstrip("/").partition("?")[0] for address in seen.requests]
    assert [str(file) for file in files if not file.is_file()] == []


def test_the_budget_counts_what_a_page_names(tmp_path):
    """A page that grows, a widget that it names and a script of the theme are counted, each where it belongs."""
    folder = tmp_path / "_static" / "nncourse"
    folder.mkdir(parents=True)
    for name in ("widget.0123abcd.js", "host.js"):
        (folder / name).write_text("".join(map(chr, range(33, 120))) * 3)
    page = tmp_path / "page.html"
    link = "<script defer src='_static/nncourse/{}'></script>"
    page.write_text(link.format("widget.0123abcd.js") + link.format("host.js?v=1"))
    first = weights(page)
    assert first["own"] == on_the_line(page) + on_the_line(folder / "widget.0123abcd.js")
    assert first["shared"] == on_the_line(folder / "host.js")
    bigger = tmp_path / "bigger.html"
    bigger.write_text(page.read_text() + " ".join(str(number**3) for number in range(60_000)))
    assert weights(bigger)["own"] > OWN


def test_a_row_of_the_table_shows_before_and_after():
    before = View(Counter(html=20_000, js=900_000), ["a"] * 40, 6.0, None, 30.0)
    after = View(Counter(html=20_000, js=200_000), ["a"] * 20, 2.0, 3.0, 8.0)
    shown = row("page", before, after).split(" | ")
    assert shown[0] == "page"
    assert shown[1 + list(KINDS.values()).index("js")] == "900→200"
    assert shown[-5:] == ["920→220", "40→20", "6.0→2.0", "-→3.0", "30.0→8.0"]
    assert after.ready == 8.0


LOOKS = """async (sheets) => {
  if (sheets) {
    const link = document.querySelector('link[rel="stylesheet"]');
    const all = sheets.map((sheet) => {
      const copy = link.cloneNode();
      copy.href = sheet;
      return copy;
    });
    const loaded = all.map((one) => new Promise((done, failed) => { one.onload = done; one.onerror = failed; }));
    link.replaceWith(...all);
    await Promise.all(loaded);
  }
  const found = [];
  for (const element of document.querySelectorAll("body, body *:not(mjx-container *):not(svg *):not(script)")) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      if (part && style.content === "none") continue;
      const looks = [];
      for (const key of KEYS.split(" ")) looks.push(style[key]);
      found.push([element.tagName, String(element.className), part ?? "", looks.join("; ")].join(" | "));
    }
  }
  return found;
}"""
STILL = "* { transition: none !important; animation: none !important }"
PROPERTIES = (
    "display position float color backgroundColor backgroundImage fontFamily fontSize fontWeight fontStyle lineHeight "
    "textDecoration textAlign verticalAlign whiteSpace width height marginTop marginRight marginBottom marginLeft "
    "paddingTop paddingRight paddingBottom paddingLeft borderTop borderRight borderBottom borderLeft "
    "borderTopLeftRadius boxShadow overflowX overflowY opacity visibility zIndex top left flexDirection "
    "justifyContent alignItems gap content cursor transform listStyleType fill"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "theme", "width", "media"),
    [
        (CHAPTER, "light", 1200, "screen"),
        ("book/appendix/keras", "dark", 360, "screen"),
        ("book/appendix/api", "light", 1200, "print"),
        ("search", "dark", 1200, "screen"),
    ],
)
def test_the_one_stylesheet_paints_as_the_many_did(open_page, book, name, theme, width, media):
    page = settle(open_page((book.html / f"{name}.html").as_uri(), theme=theme, width=width))
    page.emulate_media(media=media)
    page.evaluate(
        "document.head.appendChild(document.createElement('style')).textContent = '* { transition: none !important }'"
    )
    script = LOOKS.replace("KEYS", repr(PROPERTIES))
    now = page.evaluate(script, None)
    made_of = page.locator('link[rel="stylesheet"]').get_attribute("data-made-of").split()
    static = (book.html / "_static").as_uri()
    assert len(made_of) > 5
    page.add_style_tag(content=icons.STYLE)
    before = page.evaluate(script, [f"{static}/{sheet}" for sheet in made_of])
    assert len(now) > 100
    assert [pair for pair in zip(before, now, strict=True) if pair[0] != pair[1]][:5] == []


CSS = """@charset "UTF-8";
/*! licence */ /* remark */
:root{--used:red;--through:var(--used);--unused:blue;--named:1px}
.kept,.gone{color:var(--through)}
.gone .kept{color:green}
#here>p:not(.gone){animation:turn 1s}
.bs-tooltip-top::before{content:"."}
@media (max-width:9px){.gone{color:red}}
@media print{.kept{color:black}}
@keyframes turn{to{rotate:1turn}}
@keyframes rest{to{rotate:0}}
@font-face{font-family:Left\\ Out;src:url(a.woff)}
@font-face{font-family:"Taken";src:url(b.woff)}
.kept{font-family:Taken}
"""


def test_a_rule_stays_where_a_page_or_a_script_knows_its_names():
    known = stylesheet.Known.of(['<p class="kept" id="here">'], ["add(`bs-tooltip-${side}`)"])
    css = stylesheet.pruned(CSS, known, {"--named"})
    for kept in ("/*! licence */", "--used:red", "--through", "--named", "#here>p:not(.gone)", "@media print", "turn{"):
        assert kept in css, kept
    for kept in (".bs-tooltip-top::before", '"Taken";src', ".kept{color:var(--through)}"):
        assert kept in css, kept
    for gone in ("remark", "--unused", ".gone .kept", "max-width", "rest", "Left"):
        assert gone not in css, gone


def test_a_stylesheet_brings_its_imports_and_keeps_its_addresses(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "first.css").write_text('@import "../second.css"; a{background:url(one.png)}')
    (tmp_path / "second.css").write_text("b{background:url(two.png) url(data:x) url(#f)}")
    css = stylesheet.with_imports(tmp_path, "styles/first.css")
    assert css == "b{background:url(../two.png) url(data:x) url(#f)} a{background:url(one.png)}"
    assert "url(../two.png)" in (moved := stylesheet.moved(css, "styles", "nncourse"))
    assert "url(../styles/one.png)" in moved


def test_sheets_of_all_pages_come_in_one_order():
    assert weight.in_one_order([("a", "c"), ("a", "b", "c"), ("c", "d")]) == ["a", "b", "c", "d"]


PACKS = """;var p={sun:[2,4,[9728],"f1","M0 far"]};b(function(){d("far",p),d("fa-regular",p)})
;var p={"sun":[512,512,[9728],"f185","M1 fas"],"magnifying-glass":[9,8,[128269,"search"],"f002","M2 glass"]};
b(function(){d("fas",p),d("fa-solid",p)})"""


def test_an_icon_becomes_the_drawing_that_the_script_would_make(tmp_path):
    (script := tmp_path / "fontawesome.js").write_text(PACKS)
    drawn = icons.drawn('<i class="theme-switch fa-solid fa-sun fa-lg" data-mode="light"></i>', script)
    assert drawn.startswith('<svg class="svg-inline--fa theme-switch fa-lg" data-mode="light" data-icon="sun"')
    assert 'viewBox="0 0 512 512"' in drawn
    assert 'd="M1 fas"' in drawn
    assert 'd="M2 glass"' in icons.drawn("<span class='x'></span><i class=\"fas fa-search\"></i>", script)
    with pytest.raises(ValueError, match=r"no icon 'moon' in its pack 'far'.*Font Awesome 6"):
        icons.drawn('<i class="far fa-moon"></i>', script)


def test_the_fonts_of_icons_keep_the_signs_that_rules_show(book):
    css = (book.html / "_static" / weight.SHEET).read_text(encoding="utf-8")
    faces = re.findall(r"@font-face\{[^}]*Awesome[^}]*base64,([^)]*)\)[^}]*\}", css)
    assert 0 < sum(map(len, faces)) < 8_000
    signs = set().union(*(TTFont(BytesIO(base64.b64decode(data))).getBestCmap() for data in faces))
    assert signs == {ord(sign) for sign in icons.PRIVATE.findall(css)}
    assert "vendor/fontawesome" not in css


HEAD = """<html data-content_root="./"><head>
<link rel="preload" as="script" href="_static/scripts/bootstrap.js?digest=1" />
<link href="_static/styles/theme.css?digest=1" rel="stylesheet" />
    <link rel="stylesheet" type="text/css" href="_static/b.css?v=2" />
    <script src="_static/documentation_options.js?v=9"></script>
    <script src="_static/doctools.js?v=9"></script>
    <script src="_static/copybutton.js"></script>
    <script defer="defer" src="_static/mathjax/tex-chtml.js"></script>
    <script src="searchindex.js"></script>
    <script>const THEBE_JS_URL = "https://unpkg.com/thebe"; const a = 1</script>
</head><body>{}</body></html>"""


def test_going_through_a_page_twice_changes_nothing_more():
    def once(page):
        page = weight.without_needless_scripts(weight.with_options_inside(page, "const DOCUMENTATION_OPTIONS = {};"))
        return weight.with_one_sheet(page, weight.sheets_of(page), "12345678")

    bare = once(HEAD.replace("{}", ""))
    assert re.findall(r'src="([^"]*)"', bare) == ["_static/doctools.js?v=9"]
    assert "<script>const DOCUMENTATION_OPTIONS = {};</script>" in bare
    assert "unpkg" not in bare
    assert 'data-made-of="styles/theme.css b.css"' in bare
    full = once(HEAD.replace("{}", '<div class="highlight"><pre></pre></div><span class="math">x</span>'))
    assert '<script async src="_static/mathjax/tex-chtml.js"></script>' in full
    assert '<script defer src="_static/copybutton.js"></script>' in full
    assert (once(bare), once(full)) == (bare, full)
