"""`python -m tests.benchmarks.choices`: what each design choice buys, in microseconds of processor time a step."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from . import report
from .choice_runs import TASKS, UNDONE, WITHOUT
from .driver import Worker, contest
from .workloads import read_task, write_task

TITLE = "Which design choice buys what"


def measure(folder, rounds):
    """Return the table: a step with all choices, what it costs to undo each, and what to undo them all."""
    steps_of, columns, rng = {}, [], random.Random(0)
    for name in TASKS:
        task = read_task(folder, name)
        steps_of[name] = task.epochs * -(-len(task.x) // task.batch_size)
    with Worker(f"{__package__}.choice_runs", folder) as worker:
        for name in TASKS:
            results = contest([("choices", f"{name} {choice}") for choice in UNDONE], {"choices": worker}, rounds, rng)
            if reasons := [result.reason for result in results if result.reason]:
                sys.exit(reasons[0])
            columns.append([1e6 * result.cpu / steps_of[name] for result in results])
    wholes = [column[0] for column in columns]
    rows = [("a step of fit, nothing undone", *(f"{whole:.1f}" for whole in wholes))]
    for i, choice in list(enumerate(UNDONE))[1:]:
        costs = [column[i] - whole for column, whole in zip(columns, wholes, strict=True)]
        rows.append((WITHOUT.get(choice, "all of these at once"), *(f"{cost:+.1f}" for cost in costs)))
    header = ("Instead", *(f"{name.replace('_', ' ')}, µs" for name in TASKS))
    return f"{report.machine(worker.versions)}\n\n{report.table(header, rows)}"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.choices", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often everything runs, after a warm-up")
    parser.add_argument("--write", action="store_true", help=f"write the table into {report.RESULTS.name}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in TASKS:
            write_task(Path(folder), name)
        text = measure(Path(folder), chosen.rounds)
    print(f"{TITLE}\n\n{text}")
    if chosen.write:
        report.write(TITLE, text)


if __name__ == "__main__":
    main()
