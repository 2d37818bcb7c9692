"""Tables: ratios beside the bars, in Markdown that can also be read in a terminal."""

import os
import platform
import re
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# Results of the benchmark\n\nWhat the words mean: [README](README.md).\n"
HEADER = ("Workload", "Against", "Theirs, ms", "Ours, ms", "Ratio", "By CPU", "Taken", "Bar", "", "Their loss", "Ours")


def rows(workload, ours, rivals, bars=True):
    """Return the rows of a contest. `bars` are for one thread."""
    told = []
    for rival, theirs in zip(workload.rivals, rivals, strict=True):
        reason, taken = ours.reason or theirs.reason, f"{ours.taken:.0%}"
        bar = f"{rival.bar:.3g}" if bars and rival.bar else ""
        if reason:
            told.append((workload.title, rival.title, "", "", "", "", "", bar, "", reason, ""))
            continue
        ratio = theirs.wall / ours.wall
        mark = "" if not bar else "met" if ratio >= rival.bar else "**missed**"
        times = milliseconds(theirs.wall), milliseconds(ours.wall), f"{ratio:.3g}", f"{theirs.cpu / ours.cpu:.3g}"
        told.append((workload.title, rival.title, *times, taken, bar, mark, *losses(theirs.loss, ours.loss)))
    return told


def milliseconds(seconds):
    return f"{1000 * seconds:,.3g}" if seconds < 1 else f"{1000 * seconds:,.0f}"


def losses(theirs, ours):
    """Return both losses; if one learned much less than the other, the times do not compare."""
    if theirs is None:
        return "", f"{ours:.3g}"
    far = abs(theirs - ours) > 0.02 + 0.5 * min(theirs, ours)
    return f"{theirs:.3g}{' (far from ours)' if far else ''}", f"{ours:.3g}"


def memory_rows(answer, bar):
    """Return the rows of the peak of memory."""
    if "error" in answer:
        return [("", answer["error"], "", "", "")]
    took = answer["result"]
    allowed = took.pop("allowed")
    told = []
    for who, peak in took.items():
        mark = "met" if peak <= bar * allowed else "**missed**"
        told.append((f"as {who} counts", f"{peak / 1e6:.0f}", f"{peak / allowed:.2f}", f"{bar}", mark))
    return told


def table(header, rows):
    """Return a Markdown table, columns aligned; those of numbers to the right."""
    cells = [header, *rows]
    widths = [max(3, *(len(row[i]) for row in cells)) for i in range(len(header))]
    right = [all(re.match(r"[-+\d.,]*( |$)", row[i]) for row in rows) for i in range(len(header))]

    def line(row):
        aligned = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
        return f"| {' | '.join(aligned)} |"

    rule = "|" + "|".join("-" * (w + 1) + (":" if r else "-") for w, r in zip(widths, right, strict=True)) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])


def machine(versions):
    """Return a sentence about the machine and the versions in play."""
    software = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"Measured on {date.today()}: {processor()}, {os.cpu_count()} cores, {platform.system()}. {software}."


def processor():
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def write(title, text, path=RESULTS):
    """Put a section into the page of results, in the place of the one of that title."""
    page = path.read_text(encoding="utf-8") if path.exists() else HEAD
    head, *sections = re.split(r"^## ", page, flags=re.MULTILINE)
    by_title = {section.partition("\n")[0]: section for section in sections}
    by_title[title] = f"{title}\n\n{text}\n"
    parts = [head.strip(), *(f"## {section.strip()}" for section in by_title.values())]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
