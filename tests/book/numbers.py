"""The numbers that a chapter's prose reports, and the outputs that must show them.

A numeral in the prose of a section has to stand in a text output of a cell of the same section, at the precision at
which it is written, or on the list of givens (`givens.py`) with its reason. Code, comments, links and formulas are no
prose; but a decimal inside a formula, and any number behind an "approximately" sign, reports a result and counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BIBLIOGRAPHY = "Where to read more"  # years, volumes and pages of other people's work
NO_RESULTS = ("nn.show_source(", "nn.check(", "nn.quiz(")  # cells whose output is code, a report or a widget
WIDGET = "application/vnd.nncourse.widget+json"

NUMERAL = re.compile(r"(?<![\w.])[-\u2212]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?:\s?%)?(?!\w)")
RESULT_IN_FORMULA = re.compile(r"[-\u2212]?\d+\.\d+|(?<=\\approx)\s*[-\u2212]?\d[\d.]*")
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
NOT_PROSE = [
    re.compile(r"`[^`]*`"),  # code
    re.compile(r"\]\((?:[^()]|\([^()]*\))*\)"),  # the target of a link
    re.compile(r"https?://\S+"),
    re.compile(r"^\s*(?:>\s*)?\d+\.\s", re.MULTILINE),  # the number of a list's item
    re.compile(r"\bchapters? \d\d(?:(?:,| to| and) \d\d)*", re.IGNORECASE),
    re.compile(r"\b\d+(?:-\d+)+\b"),  # the name of a network, by its sizes
    re.compile(r"\(\d+ points?\)"),  # checked against the catalog
    re.compile(r"!\[[^\]]*\]"),
]


@dataclass
class Section:
    heading: str
    prose: str = ""
    outputs: list[str] = field(default_factory=list)


def sections(notebook) -> list[Section]:
    """The notebook cut at its headings, of whatever level."""
    found = [Section("")]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"^(?=#{1,6} )", cell.source, flags=re.MULTILINE):
                if heading := re.match(r"#{1,6} (.*)", part):
                    found.append(Section(heading.group(1).strip()))
                    part = part[heading.end() :]
                found[-1].prose += "\n" + part
        elif cell.cell_type == "code" and not any(call in cell.source for call in NO_RESULTS):
            found[-1].outputs += [text for output in cell.outputs if (text := text_of(output))]
    return found


def text_of(output) -> str:
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    return "" if WIDGET in data else data.get("text/plain", "")


def reported(prose: str) -> list[str]:
    """Every numeral in the prose that reports something."""
    results = [numeral.strip() for formula in FORMULA.findall(prose) for numeral in RESULT_IN_FORMULA.findall(formula)]
    text = FORMULA.sub(" ", prose)
    for pattern in NOT_PROSE:
        text = pattern.sub(" ", text)
    return results + [numeral.strip().rstrip(",") for numeral in NUMERAL.findall(text)]


def shows(outputs: list[str], numeral: str) -> bool:
    """Whether an output holds this number, rounded as the prose rounds it; a percentage may stand there as a share."""
    percent = numeral.endswith("%")
    plain = numeral.rstrip("% ").replace(",", "").replace("\u2212", "-")
    decimals = len(plain.partition("e")[0].partition(".")[2])
    for text in outputs:
        for shown in NUMERAL.findall(text):
            value = float(shown.rstrip("% ").replace(",", "").replace("\u2212", "-"))
            for candidate in (value, 100 * value) if percent else (value,):
                if "e" in plain:
                    if f"{candidate:.{decimals}e}" == f"{float(plain):.{decimals}e}":
                        return True
                elif f"{candidate:.{decimals}f}" == f"{float(plain):.{decimals}f}":
                    return True
    return False


def unsupported(notebook, givens: dict[str, str]) -> list[str]:
    """Each numeral of the prose that no output of its section shows and that is not given, with its section."""
    return [
        f"{numeral} in section {section.heading!r}"
        for section in sections(notebook)
        if section.heading != BIBLIOGRAPHY
        for numeral in reported(section.prose)
        if numeral not in givens and not shows(section.outputs, numeral)
    ]
