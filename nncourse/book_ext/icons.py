"""The icons of the theme as drawings in the page.

The theme brings Font Awesome along: a script of 1.5 MB that replaces `<i class="fas fa-bars">` by an SVG once it has
arrived, and three fonts for the time before. A page shows a dozen icons. So the build takes their outlines out of that
script and puts the same SVG there, and the script is not needed. Of the fonts a few signs remain that rules show.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools import subset

# What a class of an icon's element says of its pack.
PACKS = {"fab": "fab", "fa-brands": "fab", "far": "far", "fa-regular": "far", "fas": "fas", "fa-solid": "fas"}
CLASSES = {"fa", *PACKS}
STYLE = """.svg-inline--fa { display: inline-block; box-sizing: content-box; height: 1em; overflow: visible; }
.svg-inline--fa { vertical-align: -0.125em; }
.svg-inline--fa.fa-lg { vertical-align: -0.2em; }
"""
FACE = re.compile(r"@font-face\{[^}]*vendor/fontawesome/webfonts/(fa-(\w+)-\d+)\.[^}]*\}")
SOURCE = re.compile(r"src:[^}]*")
PRIVATE = re.compile("[\ue000-\uf8ff]")  # where a font of icons has its signs
# Not names of icons: sizes and other ways to show one.
MANNERS = re.compile(r"fa-(?:[2-9x]?[slx]+|\d+x|lg|fw|spin|pulse|inverse|border|pull-\w+|rotate-\w+|flip-?\w*)")
ICON = re.compile(r"<(i|span)\b([^<>]*\bfa-[^<>]*)>\s*</\1>")
CLASS = re.compile(r'\s*\bclass="([^"]*)"')
END_OF_PACK = re.compile(r'\("(fa[brs])",(\w+)\),\w+\("fa-(?:brands|regular|solid)",\2\)')


@cache
def packs(script: Path) -> dict[str, str]:
    """The text of the script in which each pack stands; it names a pack at its end."""
    text, found, start = script.read_text(encoding="utf-8"), {}, 0
    for end in END_OF_PACK.finditer(text):
        found[end[1]], start = text[start : end.start()], end.end()
    return found


@cache
def outline(script: Path, pack: str, name: str) -> tuple[str, str, str]:
    """Width, height and path of an icon, by its name or by an older name of it."""
    number = r"\[(\d+),(\d+),\[{}\],\"[0-9a-f]+\",\"([^\"]+)\"\]"
    text = packs(script).get(pack, "")
    found = re.search(rf'[{{,]"?{re.escape(name)}"?:' + number.format(r"[^\]]*"), text)
    found = found or re.search(number.format(rf'[^\]]*"{re.escape(name)}"[^\]]*'), text)
    if not found:
        raise ValueError(f"the theme has no icon {name!r} in its pack {pack!r}: look it up in Font Awesome 6 Free")
    return found.groups()


def drawn(html: str, script: Path) -> str:
    """The page with a drawing for each icon, as Font Awesome's own script would have made it."""

    def draw(match):
        classes = CLASS.search(match[2])[1].split()
        pack = next((PACKS[one] for one in classes if one in PACKS), "fas")
        kept = [one for one in classes if one not in PACKS and (not one.startswith("fa-") or MANNERS.fullmatch(one))]
        names = [one[3:] for one in classes if one.startswith("fa-") and one not in PACKS and one not in kept]
        if not names:
            return match[0]
        width, height, path = outline(script, pack, names[0])
        return (
            f'<svg class="{" ".join(["svg-inline--fa", *kept])}"{CLASS.sub("", match[2])} data-icon="{names[0]}" '
            f'aria-hidden="true" focusable="false" '
            f'viewBox="0 0 {width} {height}"><path fill="currentColor" d="{path}"></path></svg>'
        )

    return ICON.sub(draw, html)


def with_small_fonts(css: str, fonts: Path) -> str:
    """The stylesheet with fonts that have the signs its rules show and no others; fonts that no rule asks for go."""
    signs = {ord(sign) for sign in PRIVATE.findall(css)}

    def shrink(face):
        font = subset_of(fonts / f"{face[1]}.ttf", signs)
        if not font or f"--fa-font-{face[2]}" not in css:
            return ""
        data = base64.b64encode(font).decode()
        return SOURCE.sub(f'src:url(data:font/woff;base64,{data}) format("woff")', face[0])

    return FACE.sub(shrink, css)


def subset_of(font: Path, signs) -> bytes:
    """The font with these signs alone; nothing where it has none of them."""
    options = subset.Options(flavor="woff", hinting=False, layout_features=[], name_IDs=[])
    opened = subset.load_font(font, options)
    if signs.isdisjoint(opened.getBestCmap()):
        return b""
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=signs)
    subsetter.subset(opened)
    subset.save_font(opened, small := BytesIO(), options)
    return small.getvalue()
