"""Docstrings are plain text: `code` in single quotes, formulas on indented lines. Sphinx reads reStructuredText."""

from __future__ import annotations

import re
from itertools import groupby

CODE = re.compile(r"(`[^`]+`)")
MARKUP = re.compile(r"([\\*|_`])")


def plain(lines: list[str]) -> list[str]:
    """The text of one paragraph, with code as code and everything else as it stands."""
    paragraph = "\n".join(lines)
    parts = CODE.split(paragraph)
    escaped = [f"`{part}`" if CODE.fullmatch(part) else MARKUP.sub(r"\\\1", part) for part in parts]
    return "".join(escaped).splitlines()


def restructured(lines: list[str]) -> list[str]:
    """Return a docstring's lines as reStructuredText that looks like the docstring."""
    result = []
    for blank, paragraph in groupby(lines, key=lambda line: not line.strip()):
        paragraph = list(paragraph)
        if blank:
            result += [""]
        elif paragraph[0][0].isspace():  # a formula or an example
            result += ["::", "", *paragraph]
        else:
            result += plain(paragraph)
    return result


def process(app, what, name, obj, options, lines):
    """autodoc hands over the lines of a docstring, to be changed in place."""
    lines[:] = restructured(lines)
