"""`python -m tests.benchmarks.choices`: what each design choice buys, in microseconds of processor time a step."""

import argparse
import random
import tempfile
from pathlib import Path

from . import report
from .driver import Worker, contest
from .workloads import read_task, write_task

TITLE = "Which design choice buys what"


def measure(folder, rounds):
    """Return the table: a step with all choices, what it costs to undo each, and a step with none."""
    from .choice_runs import NAMES, TASKS, WITHOUT

    columns, rng = [], random.Random(0)
    with Worker(f"{__package__}.choice_runs", folder) as worker:
        for name in TASKS:
            contestants = [("choices", f"{name} {choice}") for choice in NAMES]
            results = contest(contestants, {"choices": worker}, rounds, rng)
            task = read_task(folder, name)
            steps = task.epochs * -(-len(task.x) // task.batch_size)
            columns.append([1e6 * result.cpu / steps for result in results])
    (whole, *_), (whole_digits, *_) = columns
    rows = [("a step of fit", f"{whole:.1f}", f"{whole_digits:.1f}")]
    for choice, cancer, digits in zip(NAMES[1:-1], *(column[1:-1] for column in columns), strict=True):
        rows.append((WITHOUT[choice], f"{cancer - whole:+.1f}", f"{digits - whole_digits:+.1f}"))
    rows.append(("all of these at once", *(f"{column[-1] - column[0]:+.1f}" for column in columns)))
    header = ("Without the choice", "breast cancer, µs", "digits, µs")
    return f"{report.machine(worker.versions)}\n\n{report.table(header, rows)}"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.choices", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often everything runs, after a warm-up")
    parser.add_argument("--write", action="store_true", help=f"write the table into {report.RESULTS.name}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("breast_cancer", "digits"):
            write_task(Path(folder), name)
        text = measure(Path(folder), chosen.rounds)
    print(f"{TITLE}\n\n{text}")
    if chosen.write:
        report.write(TITLE, text)


if __name__ == "__main__":
    main()
