"""`nncourse grade`: a class's notebooks in, a gradebook and a report for every learner out."""

import argparse
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from . import assignment, batch, gradebook, pages, result, roster
from .marking import Submission
from .result import Result
from .sandbox import LEVELS, Limits, Refused

SUMMARY = (
    "{count} submissions in {out}: {graded} graded, {unreadable} unreadable, {missing} not handed in, "
    "{person} for a person."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `grade`."""
    add = parser.add_argument
    add("submissions", nargs="+", type=Path, metavar="PATH", help="notebooks (.ipynb, .md), or folders of them")
    add("--assignment", required=True, type=Path, metavar="FILE", help="the notebook handed out, or a list of ids")
    add("--out", required=True, type=Path, metavar="DIR", help="where gradebooks and reports go")
    add("--roster", type=Path, metavar="CSV", help="the learners: columns `id` and, if you like, `name`")
    add("--seed", metavar="WORD", help="what hidden cases are drawn from (default: one kept in DIR)")
    add("--exercises", type=Path, metavar="DIR", help="a folder of your own exercises")
    add("--jobs", type=int, default=os.cpu_count(), metavar="N", help="processes (default: one a core)")
    add(
        "--seconds", type=float, default=Limits().seconds, help="processor time for one exercise (default: %(default)g)"
    )
    add("--unconfined", action="store_true", help="go on where this machine cannot confine submitted code")


def run(arguments: argparse.Namespace) -> int:
    """Grade, and return the exit status: 0, or 1 where a person must look at something."""
    ids = tuple(assignment.named(arguments.assignment))
    private = arguments.exercises and arguments.exercises.resolve()
    learners = roster.read(arguments.roster) if arguments.roster else None
    matched = roster.match(roster.files(arguments.submissions), learners)
    limits = Limits(seconds=arguments.seconds)
    level = _level(limits, arguments.unconfined)
    assignment.exercises(ids, private)  # complains of what nobody knows, before anything is graded
    kept = arguments.out / "results"
    kept.mkdir(parents=True, exist_ok=True)
    settings = batch.Settings(ids, _seed(arguments), level, limits, private)
    jobs = max(1, min(arguments.jobs, len(matched.submissions)))
    executor = partial(batch.processes, jobs)
    results = list(
        _shown(batch.grade_all(matched.submissions, settings, kept, executor, 2 * jobs), matched, arguments.out)
    )
    results += _without_grade(settings, matched)
    results.sort(key=lambda found: found.student)
    write(results, arguments.out)
    return _say(results, matched, arguments.out)


def _level(limits: Limits, unconfined: bool) -> str:
    """The confinement that this machine offers, tried out."""
    reasons = []
    for level in LEVELS if unconfined else LEVELS[:2]:
        try:
            batch.box(limits, level)
        except Refused as reason:
            reasons.append(str(reason))
            continue
        if level == "unconfined":
            print("Submitted code runs WITHOUT confinement: with your rights, on this machine.", file=sys.stderr)
        return level
    raise ValueError(
        f"this machine cannot confine submitted code ({'; '.join(reasons)}). Grade in a container or a virtual machine "
        "that holds nothing else, and say so by --unconfined."
    )


def _seed(arguments: argparse.Namespace) -> str:
    """The instructor's seed: the one that was given, else the one of this folder, else a new one."""
    if arguments.seed is not None:
        return arguments.seed
    path = arguments.out / "seed"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16) + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _shown(results: Iterator[Result], matched: roster.Matched, out: Path) -> Iterator[Result]:
    """The results, with a bar on stderr while they come: by tqdm where it is installed."""
    count = len(matched.submissions)
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        for number, found in enumerate(results, 1):
            print(f"\r{number}/{count} graded", end="", file=sys.stderr, flush=True)
            yield found
        print(file=sys.stderr)
        return
    yield from tqdm(results, total=count, unit="submission", file=sys.stderr)


def _without_grade(settings: batch.Settings, matched: roster.Matched) -> Iterator[Result]:
    """Results of learners whose work is not there, or there twice."""
    for learner in matched.missing:
        nothing = Submission(learner.id, Path(), learner.name)
        yield batch.unread(settings, nothing, "No file was handed in.", result.NOT_HANDED_IN)
    for learner, paths in matched.twice:
        names = ", ".join(map(str, paths))
        whose = Submission(learner.id, paths[0], learner.name)
        found = batch.for_a_person(settings, whose, f"There are several files: {names}.")
        yield replace(found, file="")


def write(results: Sequence[Result], out: Path) -> None:
    """The gradebooks, and a report for every learner."""
    for name, export in gradebook.EXPORTERS.items():
        result.write_whole(out / name, export(results))
    reports = out / "reports"
    reports.mkdir(exist_ok=True)
    for found in results:
        name = batch.file_name(found.student)
        result.write_whole(reports / f"{name}.html", pages.as_html(found))
        result.write_whole(reports / f"{name}.txt", pages.as_text(found))


def _say(results: Sequence[Result], matched: roster.Matched, out: Path) -> int:
    """What an instructor must know at the end."""
    counts = {status: sum(found.status == status for found in results) for status in result.STATUSES}
    graded, unreadable, missing, person = counts.values()
    print(
        SUMMARY.format(
            count=len(results), out=out, graded=graded, unreadable=unreadable, missing=missing, person=person
        )
    )
    for found in results:
        if found.status == result.FOR_A_PERSON:
            print(f"  {result.clean(found.student)}: {result.clean(found.notes[0])}")
    for path, reason in matched.unmatched.items():
        print(f"  not graded: {result.clean(str(path))} {reason}")
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    return 1 if person or matched.unmatched else 0
