"""What a learner gets to read: every exercise with its points, what is right, what is wrong, and what to look at.

The same report as text and as a page that needs nothing but itself: no script, no picture, no address to load from.
Whatever comes from a submission is escaped.
"""

import html

from ..exercises import Report
from .result import FOR_A_PERSON, GRADED, Result, clean

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: 0.2rem 1rem 0.2rem 0; border-bottom: 1px solid; }
td.points { text-align: right; }
"""
CONFINEMENT = {
    "bubblewrap": "The code ran in a box of its own (bubblewrap, with a filter of system calls).",
    "landlock": "The code ran confined by the kernel (Landlock, with a filter of system calls).",
    "unconfined": "The code ran without confinement.",
}


def title(result: Result) -> str:
    return clean(f"{result.name} ({result.student})" if result.name else result.student)


def total(result: Result) -> str:
    if result.status == FOR_A_PERSON:
        return f"No points yet: {result.status}"
    points = f"{result.points} of {result.max_points} points"
    return points if result.status == GRADED else f"{points}: {result.status}"


def as_text(result: Result) -> str:
    """The report as plain text."""
    lines = [title(result), total(result)]
    if result.file:
        lines.append(f"File: {clean(result.file)}. {CONFINEMENT.get(result.confinement, '')}".rstrip())
    lines += [f"Note: {clean(note)}" for note in result.notes]
    for report in result.reports if result.status == GRADED else ():
        lines += ["", repr(report)]
    return "\n".join(lines) + "\n"


def as_html(result: Result) -> str:
    """The report as a page of HTML."""
    name, points = html.escape(title(result)), html.escape(total(result))
    about = f"File: <code>{html.escape(clean(result.file))}</code>. " if result.file else ""
    about += CONFINEMENT.get(result.confinement, "")
    notes = "".join(f"<li>{html.escape(clean(note))}</li>" for note in result.notes)
    graded = result.reports if result.status == GRADED else ()
    body = [f"<h1>{name}</h1>", f"<p><strong>{points}</strong></p>", f"<p>{about}</p>" if about else ""]
    body += [f"<ul>{notes}</ul>" if notes else "", _summary(graded) if graded else ""]
    body += [f'<section id="{html.escape(one.exercise)}">{one._repr_html_()}</section>' for one in graded]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><main>\n{chr(10).join(filter(None, body))}\n</main></body></html>\n"
    )


def _summary(reports: tuple[Report, ...]) -> str:
    head = '<tr><th scope="col">Exercise</th><th scope="col">Points</th><th scope="col">Verdict</th></tr>'
    rows = "".join(
        f'<tr><td><a href="#{html.escape(one.exercise)}">{html.escape(one.title or one.exercise)}</a></td>'
        f'<td class="points">{one.points} of {one.max_points}</td><td>{html.escape(one.verdict)}</td></tr>'
        for one in reports
    )
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
