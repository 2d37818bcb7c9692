"""`python -m tests.benchmarks`: all contests, and a table of ratios beside the bars."""

import argparse
import random
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import report
from .driver import MODULES, PEERS, Worker, contest
from .workloads import MEMORY_BAR, MEMORY_RUN, TASKS, WORKLOADS, write_task


def options():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    add = parser.add_argument
    add("--threads", type=int, nargs="+", default=[1], help="how many threads, one table for each")
    add("--rounds", type=int, default=7, help="how often everybody runs, after a warm-up")
    add("--only", nargs="+", choices=list(TASKS), default=list(TASKS), metavar="TASK", help=", ".join(TASKS))
    add("--write", action="store_true", help=f"write the tables into {report.RESULTS.name}")
    add("--small", action="store_true", help="tasks in miniature: shows that all runs, times mean nothing")
    for peer in PEERS:
        add(f"--{peer}-python", default=sys.executable, metavar="PATH", help=f"the Python that has {peer}")
    chosen = parser.parse_args()
    for peer in PEERS:
        if not shutil.which(python := getattr(chosen, f"{peer}_python")):
            parser.error(f"--{peer}-python must be a Python that can be run, received {python}")
    if chosen.write and (chosen.small or set(chosen.only) != set(TASKS)):
        parser.error("--write goes with all tasks in full size, without --only and --small")
    return chosen


def measure(workloads, folder, rounds, threads, pythons):
    """Return the table of all contests at this number of threads, with a sentence about the machine."""
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(Worker(module, folder, threads=threads, python=pythons.get(name, sys.executable)))
            for name, module in (MODULES | PEERS).items()
        }
        if workers["ours"].reason:
            sys.exit(workers["ours"].reason)
        versions = {}
        for worker in workers.values():
            versions |= worker.versions
        rows, rng = [], random.Random(0)
        for workload in workloads:
            print(f"{threads} thread(s): {workload.title}", file=sys.stderr, flush=True)
            contestants = [("ours", workload.run), *((rival.worker, rival.run) for rival in workload.rivals)]
            ours, *rivals = contest(contestants, workers, rounds, rng)
            rows += report.rows(workload, ours, rivals, bars=threads == 1)
    return f"{report.machine(versions)}\n\n{report.table(report.HEADER, rows)}"


def measure_memory(folder):
    with Worker(MODULES["ours"], folder) as worker:
        answer, versions = worker.ask(MEMORY_RUN), worker.versions
    rows = report.memory_rows(answer, MEMORY_BAR)
    header = ("Peak of fit, large", "MB", "Of the allowance", "Bar", "")
    return f"{report.machine(versions)}\n\n{report.table(header, rows)}"


def main():
    chosen = options()
    pythons = {peer: getattr(chosen, f"{peer}_python") for peer in PEERS}
    workloads = [workload for workload in WORKLOADS if workload.task in chosen.only]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name in chosen.only:
            write_task(folder, name, chosen.small)
        sections = {}
        for threads in chosen.threads:
            title = "One thread" if threads == 1 else f"{threads} threads"
            sections[title] = measure(workloads, folder, chosen.rounds, threads, pythons)
        if MEMORY_RUN.split()[0] in chosen.only:
            sections["Memory"] = measure_memory(folder)
    for title, text in sections.items():
        print(f"{title}\n\n{text}\n")
        if chosen.write:
            report.write(title, text)


if __name__ == "__main__":
    main()
