"""Gradescope: results as it reads them, and a zip that makes it grade by itself.

The zip holds this package, the ids of the exercises, a seed, and two scripts: `setup.sh`, which Gradescope runs once,
and `run_autograder`, which it runs for each submission. A learner's own fault scores 0 and says why. A fault of the
grader's writes no results at all: Gradescope then tells the learner to ask the staff, and nobody gets a wrong 0.
"""

import json
import secrets
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ..exercises.files import write_whole
from . import assignment, batch, marking, pages, result
from .result import FOR_A_PERSON, Result
from .sandbox import LEVELS, Limits, open_box

PACKAGE = Path(__file__).parents[1]

SETUP = """#!/usr/bin/env bash
# Gradescope runs this once, when it builds the machine that grades.
set -euo pipefail
root=${AUTOGRADER:-/autograder}
newest() { for python in python3.14 python3.13 python3.12 python3.11 python3; do
  if "$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$python"; return; fi; done; return 1; }
if ! newest >/dev/null; then
  apt-get -qq update && apt-get -qq install --yes python3.11 python3.11-venv
fi
# A box with a file system of its own where the machine allows one; else the kernel's Landlock serves.
command -v bwrap >/dev/null || { apt-get -qq update && apt-get -qq install --yes bubblewrap; } || true
"$(newest)" -m venv "$root/venv"
"$root/venv/bin/pip" install --quiet NUMPY
"""

RUN = """#!/usr/bin/env bash
# Gradescope runs this for each submission.
root=${AUTOGRADER:-/autograder}
cd "$root/source" && exec "$root/venv/bin/python" -m nncourse.grading.gradescope "$root"
"""


def as_results(found: Result) -> str:
    """One result as `results.json`: a test for each named check, with what the learner's report says of it."""
    tests = []
    for report in found.reports:
        for number, check in enumerate(report.checks):
            said = [check.message or "passed"]
            if number == 0 and not report.passed:
                said = [report.message, *([f"Hint: {report.hint}"] if report.hint else []), *said]
            tests.append(
                {
                    "name": f"{report.title or report.exercise}: {check.name}",
                    "score": check.points,
                    "max_score": check.max_points,
                    "status": "passed" if check.passed else "failed",
                    "output": result.clean("\n".join(dict.fromkeys(said))),
                    "output_format": "text",
                    "visibility": "visible",
                }
            )
    text = {"output": pages.as_text(found), "output_format": "text", "stdout_visibility": "hidden", "tests": tests}
    score = {} if found.points is None else {"score": found.points}
    return json.dumps({**score, **text}, indent=1, ensure_ascii=False) + "\n"


def write_zip(ids: Sequence[str], out: Path, *, seed: str | None = None, unconfined: bool = False) -> None:
    """Write the zip that Gradescope asks for under "Configure Autograder"; a ValueError says what is amiss."""
    from numpy import __version__ as numpy_version

    assignment.exercises(tuple(ids))
    if out.suffix != ".zip":
        raise ValueError(f"the autograder is a zip file: expected a name like autograder.zip, received {out.name}")
    settings = {"exercises": list(ids), "seed": seed or secrets.token_hex(16), "unconfined": unconfined}
    files = {
        "setup.sh": SETUP.replace("NUMPY", f"numpy=={numpy_version}"),
        "run_autograder": RUN,
        "settings.json": json.dumps(settings, indent=1) + "\n",
    }
    draft = out.with_name(f".{out.name}.part")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            _put(archive, name, text.encode(), 0o644 if name.endswith(".json") else 0o755)
        for path in sorted(PACKAGE.rglob("*.py")):
            _put(archive, f"nncourse/{path.relative_to(PACKAGE).as_posix()}", path.read_bytes(), 0o644)
    draft.replace(out)


def _put(archive: zipfile.ZipFile, name: str, data: bytes, mode: int) -> None:
    """Add a file with no date in it, so that the same settings make the same zip."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def grade(root: Path) -> Result:
    """Grade what Gradescope laid into `root / "submission"`."""
    settings = json.loads((root / "source" / "settings.json").read_text(encoding="utf-8"))
    exercises = assignment.exercises(tuple(settings["exercises"]))
    student = _student(root / "submission_metadata.json")
    handed_in = root / "submission"
    files = sorted(p for p in handed_in.rglob("*") if p.suffix.lower() in marking.KINDS and not p.name.startswith("."))
    wanted = batch.Settings(tuple(settings["exercises"]), settings["seed"], "", Limits())
    if len(files) != 1:
        came = ", ".join(path.name for path in files) or "none"
        reason = f"Hand in exactly one notebook, a file that ends in .ipynb or .md. What came: {came}."
        return batch.unread(wanted, marking.Submission(student, Path()), reason)
    submission = marking.Submission(student, files[0])
    try:
        data = marking.read(files[0])
    except marking.BadFile as reason:
        return batch.unread(wanted, submission, str(reason))
    with open_box(Limits(), LEVELS if settings["unconfined"] else LEVELS[:2]) as box:
        return marking.mark(submission, data, exercises, box, settings["seed"])


def _student(path: Path) -> str:
    """Who handed in, as far as Gradescope tells: the same learner gets the same cases."""
    try:
        user = json.loads(path.read_text(encoding="utf-8"))["users"][0]
        return str(user.get("sid") or user.get("email") or user["id"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return "unknown"


def main(root: Path) -> int:
    """Write `results/results.json`; where the grader itself fails, write nothing and say so."""
    found = grade(root)
    if found.status == FOR_A_PERSON:
        print(found.notes[0], file=sys.stderr)
        return 1
    (root / "results").mkdir(exist_ok=True)
    write_whole(root / "results" / "results.json", as_results(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
