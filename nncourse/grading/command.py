"""`nncourse grade`: a class's notebooks in, a gradebook and a report for every learner out."""

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..exercises.files import write_whole
from . import assignment, batch, canvas, executors, gradebook, gradescope, pages, result, roster
from .executors import Shard
from .marking import Submission
from .result import Result
from .sandbox import LEVELS, Limits, Refused

SUMMARY = "{out}: {graded} graded, {unreadable} unreadable, {missing} not handed in, {person} for a person."
NOTHING = (
    "No notebook was found under your id. If you handed one in, tell your instructor: its name may not say whose it is."
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
        "--seconds",
        type=_seconds,
        default=Limits().seconds,
        help="processor time for one exercise (default: %(default)g)",
    )
    add(
        "--executor",
        default="processes",
        metavar="ADDRESS",
        help="`processes` of this machine, or the address of a dask cluster, as in tcp://host:8786",
    )
    add("--shard", type=Shard.read, default=Shard(), metavar="I/N", help="grade only part I of N, for arrays of jobs")
    add("--canvas", metavar="TITLE", help="also write canvas.csv, with the points in a column of this title")
    add("--gradescope", action="store_true", help="also write gradescope/ID.json for learners whose points are known")
    add("--unconfined", action="store_true", help="go on where this machine cannot confine submitted code")


def run(arguments: argparse.Namespace) -> int:
    """Grade, and return the exit status: 0, or 1 where a person must look at something."""
    ids = tuple(assignment.named(arguments.assignment))
    private = arguments.exercises and arguments.exercises.resolve()
    learners = roster.read(arguments.roster) if arguments.roster else None
    if arguments.canvas:
        canvas.check(learners)
    matched = roster.match(roster.files(arguments.submissions, arguments.out if learners else None), learners)
    mine = arguments.shard.of(matched.submissions)
    limits = Limits(seconds=arguments.seconds)
    level = _level(limits, arguments.unconfined)
    assignment.exercises(ids, private)  # complains of what nobody knows, before anything is graded
    kept = arguments.out / "results"
    kept.mkdir(parents=True, exist_ok=True)
    settings = batch.Settings(ids, _seed(arguments), level, limits, private)
    executor, width = _executor(arguments, len(mine))
    results = list(_shown(batch.grade_all(mine, settings, kept, executor, 2 * width), len(mine)))
    if arguments.shard.count > 1:
        return _say_shard(results, arguments)
    results += _without_grade(settings, matched)
    results.sort(key=lambda found: found.student)
    write(results, arguments.out)
    if arguments.canvas:
        write_whole(arguments.out / "canvas.csv", canvas.as_csv(results, learners, arguments.canvas))
    if arguments.gradescope:
        folder = arguments.out / "gradescope"
        folder.mkdir(exist_ok=True)
        for found in results:
            if found.points is None:  # Gradescope would add up the tests, and make a 0 of them
                (folder / f"{batch.file_name(found.student)}.json").unlink(missing_ok=True)
                continue
            write_whole(folder / f"{batch.file_name(found.student)}.json", gradescope.as_results(found), lasting=False)
    return _say(results, matched, arguments.out)


def _seconds(text: str) -> float:
    """Processor time that a function can use."""
    seconds = float(text)
    if not 0.1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"expected seconds from 0.1 to 3600, received {text}")
    return seconds


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
    if arguments.seed == "":
        raise ValueError("--seed is empty, so everyone could know the cases: give it a word.")
    if arguments.seed is not None:
        return arguments.seed
    path = arguments.out / "seed"
    if arguments.shard.count > 1 and not path.exists():
        raise ValueError("--shard needs --seed, the same word for every part: whoever joins them grades as they did.")
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16) + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _executor(arguments: argparse.Namespace, count: int) -> tuple[Callable[[], Executor], int]:
    """What makes an executor, and how many submissions it takes at a time."""
    if arguments.executor == "processes":
        jobs = max(1, min(arguments.jobs, count))
        return partial(executors.processes, jobs), jobs
    if "://" not in arguments.executor:
        raise ValueError(
            f"--executor expects `processes`, or an address as in tcp://host:8786, received {arguments.executor!r}"
        )
    with executors.Cluster(arguments.executor) as cluster:
        size = cluster.size
    return partial(executors.Cluster, arguments.executor), size


def _shown(results: Iterator[Result], count: int) -> Iterator[Result]:
    """The results, with a bar on stderr while they come: by tqdm where it is installed."""
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
        yield batch.unread(settings, nothing, NOTHING, result.NOT_HANDED_IN)
    for learner, paths in matched.twice:
        names = ", ".join(map(str, paths))
        whose = Submission(learner.id, paths[0], learner.name)
        found = batch.for_a_person(settings, whose, f"There are several files: {names}. Which of them counts?", "")
        yield replace(found, file="")


def write(results: Sequence[Result], out: Path) -> None:
    """The gradebooks, and a report for every learner."""
    for name, export in gradebook.EXPORTERS.items():
        write_whole(out / name, export(results))
    reports = out / "reports"
    reports.mkdir(exist_ok=True)
    for found in results:
        name = batch.file_name(found.student)
        write_whole(reports / f"{name}.html", pages.as_html(found), lasting=False)
        write_whole(reports / f"{name}.txt", pages.as_text(found), lasting=False)


def _say_shard(results: Sequence[Result], arguments: argparse.Namespace) -> int:
    """What a job that graded its part of a class leaves to say: the gradebooks come from a run without --shard."""
    person = sum(found.status == result.FOR_A_PERSON for found in results)
    part = f"part {arguments.shard.index} of {arguments.shard.count}"
    print(f"{len(results)} submissions graded, {part}, {person} for a person. When all parts are done, run this")
    print("command once more without --shard: it grades what is missing and writes gradebooks and reports.")
    return 1 if person else 0


def _say(results: Sequence[Result], matched: roster.Matched, out: Path) -> int:
    """What an instructor must know at the end."""
    counts = {status: sum(found.status == status for found in results) for status in result.STATUSES}
    graded, unreadable, missing, person = counts.values()
    print(SUMMARY.format(out=out, graded=graded, unreadable=unreadable, missing=missing, person=person))
    for found in results:
        if found.status == result.FOR_A_PERSON:
            print(f"  {result.clean(found.student)}: {result.clean(found.notes[0])}")
    for path, reason in matched.unmatched.items():
        print(f"  not graded: {result.clean(str(path))} {reason}")
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    return 1 if person or matched.unmatched else 0
