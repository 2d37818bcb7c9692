"""A page as light as its content allows: what the theme brings along is cut where the page has no use for it.

After the build, the finished pages are gone through: icons become drawings, the stylesheets one file with the rules
that can apply, scripts that a page cannot use go, and the rest wait until the words stand there. MathJax becomes one
file with the parts that these pages ask for. Nothing of the theme is copied or patched: a newer theme is cut anew.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from html import unescape
from pathlib import Path

from . import icons, stylesheet

SHEET = "nncourse/page.css"
LINK = re.compile(r'<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="[^"]*?_static/([^"?]+)[^"]*"[^>]*>\s*')
MADE_OF = re.compile(r'\bdata-made-of="([^"]*)"')
PRELOAD = re.compile(r'<link\b(?=[^>]*\brel="preload")(?=[^>]*\bas="script")[^>]*>\s*')
SCRIPT = re.compile(r'[ \t]*<script\b([^>]*)\bsrc="([^"?]*)([^"]*)"([^>]*)></script>\n?')
OPTIONS = "documentation_options.js"

# Scripts by their file's name, and what a page must hold to need one. What is not named here, every page needs.
SEARCH = re.compile(r'id="search-results"')
CODE = re.compile(r'<div class="highlight')
THEBE = re.compile(r"\binitThebe|thebe-launch-button")
FOLD = re.compile(r'class="(?:[^"]*\s)?(?:toggle[\s"]|admonition\s[^"]*\bdropdown\b)')
NEEDS = {
    "fontawesome.js": re.compile(r"(?!)"),  # the icons are drawn
    "searchtools.js": SEARCH,
    "language_data.js": SEARCH,
    "searchindex.js": SEARCH,
    "clipboard.min.js": CODE,
    "copybutton.js": CODE,
    "sphinx-thebe.js": THEBE,
    "togglebutton.js": FOLD,
    "design-tabs.js": re.compile(r'class="sd-tab-set'),
    "tex-chtml.js": re.compile(r'class="(?:[^"]*\s)?(?:math|tex2jax_process|mathjax_process|output_area)[\s"]'),
}
# Scripts within the page, and what needs them.
INLINE = {
    re.compile(r"<script>const THEBE_JS_URL[^<]*</script>\s*"): THEBE,
    re.compile(r'<script type="text/x-thebe-config">[^<]*</script>\s*'): THEBE,
    re.compile(r"<script>kernelName = [^<]*</script>\s*"): THEBE,
    re.compile(r"<script>(?:let toggle\w+|var togglebuttonSelector) = [^<]*</script>\s*"): FOLD,
    re.compile(r"<script>window\.MathJax = [^<]*</script>\s*"): NEEDS["tex-chtml.js"],
}

# One file of MathJax, in the order in which its parts build on one another. Its menu stays away: with all that the menu
# can ask for it weighs more than the rest. The copy of each formula for screen readers stays.
PARTS = ["core", "input/tex", "output/chtml", "output/chtml/fonts/tex", "a11y/assistive-mml"]
LOADED = ["core", "input/tex", "output/chtml", "output/chtml/fonts/tex.js", "a11y/assistive-mml"]
ASKED_FOR = ["tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions"]  # the last by rarer macros


def pages_of(folder: Path) -> dict[Path, str]:
    """The pages that Sphinx made, by file. Other HTML, such as the page that leads to the first one, is left alone."""
    texts = {file: file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.html"))}
    return {file: text for file, text in texts.items() if "data-content_root=" in text[:1000]}


def without_needless_scripts(page: str) -> str:
    """The page without scripts that it cannot use. The others no longer hold up its words."""

    def keep(match):
        before, address, version, after = match.groups()
        name = address.rpartition("/")[2]
        if name in NEEDS and not NEEDS[name].search(page):
            return ""
        attributes = re.sub(r'\s*\b(?:async|defer)\b(?:="\w*")?', "", f"{before} {after}").strip()
        # Nothing waits for the mathematics, so that widgets and buttons need not either.
        when = "async" if name == "tex-chtml.js" else "defer"
        return f'    <script {when} {attributes + " " if attributes else ""}src="{address}{version}"></script>\n'

    for script, need in INLINE.items():
        if not need.search(page):
            page = script.sub("", page)
    return SCRIPT.sub(keep, PRELOAD.sub("", page))


def with_options_inside(page: str, options: str) -> str:
    """Other scripts within the page add to these few lines, so they cannot wait; there they need no request."""
    return SCRIPT.sub(lambda match: f"    <script>{options}</script>\n" if OPTIONS in match[2] else match[0], page)


def sheets_of(page: str) -> list[str]:
    """The stylesheets of a page, as paths from `_static`; of a page that was gone through before, its former ones."""
    found = []
    for link in LINK.finditer(page):
        made_of = MADE_OF.search(link[0])
        found += unescape(made_of[1]).split() if made_of else [link[1]]
    return found


def in_one_order(lists) -> list[str]:
    """All names of the lists, each after those that stand before it in its list."""
    order = []
    for names in lists:
        place = 0
        for name in names:
            if name in order:
                place = max(place, order.index(name) + 1)
            else:
                order.insert(place, name)
                place += 1
    return order


def one_sheet(static: Path, names, pages, scripts) -> str:
    """The rules of all stylesheets that a page can use. The sheets share variables, so they are gone through as one."""
    here = str(Path(SHEET).parent)
    sheets = [stylesheet.moved(stylesheet.with_imports(static, name), str(Path(name).parent), here) for name in names]
    known = stylesheet.Known.of(pages, scripts, without=icons.CLASSES)
    css = "\n".join([*sheets, icons.STYLE])
    css = stylesheet.pruned(css, known, stylesheet.variables([*pages, *scripts]))
    css = icons.with_small_fonts(css, static / "vendor" / "fontawesome" / "webfonts")
    return f'@charset "UTF-8";\n{css}\n'


def with_one_sheet(page: str, names, version: str) -> str:
    """The page with one link to a stylesheet, at the place of its first."""
    first = LINK.search(page)
    if not first:
        return page
    root = re.search(r'href="([^"]*?)_static/', first[0])[1]
    link = f'<link rel="stylesheet" href="{root}_static/{SHEET}?v={version}" data-made-of="{" ".join(names)}" />\n'
    return page[: first.start()] + link + LINK.sub("", page[first.start() :])


def scripts_of(pages: dict[Path, str]) -> list[str]:
    """The text of every script that a page loads, MathJax excepted, which brings its own styles."""
    files = {(file.parent / match[2]).resolve() for file, page in pages.items() for match in SCRIPT.finditer(page)}
    return [
        file.read_text(encoding="utf-8") for file in sorted(files) if "mathjax" not in file.parts and file.is_file()
    ]


def prune_mathjax(folder: Path):
    """One file with the parts that the pages use, and beside it only what that file can ask for."""
    if not (folder / "startup.js").is_file():  # gone through before
        return
    startup, *parts = [(folder / f"{name}.js").read_text(encoding="utf-8") for name in ["startup", *PARTS]]
    loaded = f"MathJax.loader.preLoad({', '.join(map(json.dumps, LOADED))});"
    (folder / "tex-chtml.js").write_text("\n".join([startup, loaded, *parts]), encoding="utf-8")
    kept = [folder / name for name in ASKED_FOR]
    for file in sorted(folder.rglob("*"), reverse=True):
        if file.is_dir():
            if not any(file.iterdir()):
                file.rmdir()
        elif not any(file == one or one in file.parents for one in kept):
            file.unlink()


def lighten(app, error):
    """Go through the finished pages."""
    if error or app.builder.name != "html":
        return
    folder = Path(app.outdir)
    static = folder / "_static"
    font = static / "scripts" / "fontawesome.js"
    prune_mathjax(static / "mathjax")
    if not font.is_file():  # no page was out of date, so the theme was not copied anew, and all has been done before
        return
    options = re.sub(r"\s+", " ", (static / OPTIONS).read_text(encoding="utf-8")).strip()
    # A page from a disk may not read another one for the words around what was found.
    options = options.replace("SHOW_SEARCH_SUMMARY: true", 'SHOW_SEARCH_SUMMARY: location.protocol !== "file:"')
    before = pages_of(folder)
    pages = {
        file: icons.drawn(without_needless_scripts(with_options_inside(page, options)), font)
        for file, page in before.items()
    }
    link_one_sheet(static, before, pages)
    shutil.rmtree(static / "vendor" / "fontawesome", ignore_errors=True)
    for leftover in [font, font.with_suffix(".js.map")]:
        leftover.unlink(missing_ok=True)


def link_one_sheet(static: Path, before, pages):
    """Write the one stylesheet, and each page that is not what it was before."""
    names = in_one_order(dict.fromkeys(tuple(sheets_of(page)) for page in pages.values()))
    css = one_sheet(static, names, list(pages.values()), scripts_of(pages))
    (static / SHEET).write_text(css, encoding="utf-8")
    version = hashlib.sha256(css.encode()).hexdigest()[:8]
    for file, page in pages.items():
        page = with_one_sheet(page, sheets_of(page), version)
        if page != before[file]:
            file.write_text(page, encoding="utf-8")
