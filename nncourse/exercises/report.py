"""What a learner gets back: points, one clear sentence, a hint, and the checks one by one.

As plain text where there is only text, as HTML in a notebook and on a page of the book. The HTML brings no style sheet:
colours come from the variables of whichever theme is around it, and no fact is told by colour alone.
"""

import html
import re
from dataclasses import dataclass

# A theme that sets the text colour sets the background too; where neither is known, both are the page's own.
_BOX = (
    "color: var(--pst-color-text-base, var(--jp-content-font-color1, inherit)); "
    "background: var(--pst-color-background, var(--jp-layout-color1, transparent)); "
    "border: 1px solid var(--pst-color-border, var(--jp-border-color1, currentColor)); "
    "border-left: 0.3rem solid {accent}; border-radius: 0.25rem; padding: 0.6rem 0.9rem; margin: 0.3rem 0; "
    "max-width: 48rem; line-height: 1.5; overflow-wrap: anywhere"
)
_ACCENTS = {
    "passed": "var(--pst-color-success, var(--jp-success-color1, #1a7f37))",
    "not done yet": "var(--pst-color-text-muted, var(--jp-content-font-color2, #6e7781))",
}
_ACCENT = "var(--pst-color-warning, var(--jp-warn-color1, #b35900))"
_LINK = "color: var(--pst-color-link, var(--jp-content-link-color, inherit)); text-decoration: underline"
_CODE = "color: inherit; background: none; border: 0; padding: 0; font-family: monospace; font-size: 0.95em"
_PRE = f"{_CODE}; margin: 0.2rem 0 0; white-space: pre-wrap"
_PARAGRAPH = "margin: 0.35rem 0"


@dataclass(frozen=True)
class CheckResult:
    """One named check: all of its points or none, and why none."""

    name: str
    passed: bool
    points: int
    max_points: int
    message: str = ""


@dataclass(frozen=True, repr=False)
class Report:
    """The answer of `check`. `verdict` is one of `nncourse.exercises.VERDICTS`, or "not checked"."""

    exercise: str
    verdict: str
    message: str
    title: str = ""
    hint: str = ""
    checks: tuple[CheckResult, ...] = ()
    hints: tuple[str, ...] = ()
    url: str = ""
    printed: str = ""

    @property
    def points(self) -> int:
        return sum(check.points for check in self.checks)

    @property
    def max_points(self) -> int:
        return sum(check.max_points for check in self.checks)

    @property
    def passed(self) -> bool:
        return self.verdict == "passed"

    def __repr__(self) -> str:
        lines = [f"{self.exercise}: {self._headline()}", self.message]
        if self.hint:
            lines.append(f"Hint: {self.hint}")
        if self._is_graded():
            lines += [f"  [{'x' if c.passed else ' '}] {c.name}: {_of(c.points, c.max_points)}" for c in self.checks]
        if self.printed:
            lines += ["Your function printed:", *(f"  {line}" for line in self.printed.splitlines())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        accent = _ACCENTS.get(self.verdict, _ACCENT)
        mark = {"passed": "✓", "not done yet": "○"}.get(self.verdict, "✗")
        title = f"{html.escape(self.title)}: " if self.title else ""
        body = [
            f'<p class="nn-report-head" style="{_PARAGRAPH}"><span aria-hidden="true">{mark}</span> '
            f"{title}<strong>{html.escape(self._headline())}</strong></p>",
            f'<p class="nn-report-message" style="{_PARAGRAPH}">{_markup(self.message)}</p>',
        ]
        if self.hint:
            hint = f"<strong>Hint.</strong> {_markup(self.hint)}"
            body.append(f'<p class="nn-report-hint" style="{_PARAGRAPH}">{hint}</p>')
        if self._is_graded():
            rows = "".join(map(_row, self.checks))
            body.append(f'<ul class="nn-report-checks" style="list-style: none; padding: 0; {_PARAGRAPH}">{rows}</ul>')
        if self.printed:
            printed = f'<pre style="{_PRE}">{html.escape(self.printed)}</pre>'
            body.append(f'<div class="nn-report-printed">Your function printed:{printed}</div>')
        if not self.passed:
            body += [_folded(number, hint) for number, hint in enumerate(self.hints, 1)]
        if self.url and not self.passed and self.verdict != "not done yet":
            link = f'<a href="{html.escape(self.url)}" style="{_LINK}">Exercise and solution in the book</a>'
            body.append(f'<p class="nn-report-link" style="{_PARAGRAPH}">{link}</p>')
        kind = "passed" if self.passed else "undone" if self.verdict == "not done yet" else "failed"
        return box("".join(body), f"nn-report nn-report-{kind}", f"Check of {self.exercise}", accent)

    def _is_graded(self) -> bool:
        return bool(self.checks) and self.verdict not in ("not done yet", "not checked")

    def _headline(self) -> str:
        if self.verdict == "not checked":
            return "not checked"
        state = {"passed": "passed", "not done yet": "not done yet"}.get(self.verdict, "not yet")
        return f"{state}, {_of(self.points, self.max_points)}"


def box(body: str, classes: str, label: str, accent: str = "transparent") -> str:
    """HTML in a box that looks like the theme around it."""
    style = _BOX.format(accent=accent)
    return f'<div class="{classes}" role="group" aria-label="{html.escape(label)}" style="{style}">{body}</div>'


def _of(points: int, most: int) -> str:
    return f"{points} of {most} {'point' if most == 1 else 'points'}"


def _row(check: CheckResult) -> str:
    mark, state = ("✓", "passed") if check.passed else ("✗", "not yet")
    text = f"{html.escape(check.name)}: {state}, {_of(check.points, check.max_points)}"
    return f'<li style="margin: 0.1rem 0"><span aria-hidden="true">{mark}</span> {text}</li>'


def _folded(number: int, hint: str) -> str:
    summary = f'<summary style="cursor: pointer">Hint {number}</summary>'
    return f'<details class="nn-report-step">{summary}<p style="{_PARAGRAPH}">{_markup(hint)}</p></details>'


def _markup(text: str) -> str:
    """Escaped text with `code` between backticks."""
    return re.sub("`([^`]+)`", rf'<code style="{_CODE}">\1</code>', html.escape(text))
