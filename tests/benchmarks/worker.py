"""A worker: one process, one framework. It reads the name of a run, makes it, and answers with what it took.

`python -m tests.benchmarks.worker MODULE FOLDER THREADS` serves the table RUNS of a module beside this one. Questions
and answers are lines of JSON. A run is prepared outside the clock; the garbage collector waits while the clock runs.
"""

import gc
import json
import os
import platform
import sys
import time
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from statistics import fmean

from .workloads import read_task

TURN, MOST = 0.5, 20  # seconds, and runs in them


def serve(module, folder, questions, answers):
    """Answer every question until they end."""
    task_of = cache(lambda name: read_task(folder, name))

    def answer(**what):
        print(json.dumps(what), file=answers, flush=True)

    answer(versions={"Python": platform.python_version(), **module.versions()})
    for line in questions:
        name = json.loads(line)["run"]
        try:
            answer(**turn(partial(module.RUNS[name], task_of(name.split()[0]))))
        except Exception as error:  # a contestant that fails must not end the contest
            answer(error=f"{type(error).__name__}: {error}")


def turn(make):
    """Run what `make` prepares, anew each time, until a turn has passed: the mean times, and the first result.

    The speed of a processor that is lent jumps from moment to moment: a run of milliseconds alone would meet only one.
    """
    runs = [timed(make())]
    while len(runs) < MOST and sum(run["wall"] for run in runs) < TURN:
        runs.append(timed(make()))
    return {name: fmean(run[name] for run in runs) for name in ("wall", "cpu")} | {"result": runs[0]["result"]}


def timed(run):
    """Call a prepared run once: seconds on the wall, seconds of this process, and what it returned."""
    gc.collect()
    gc.disable()
    try:
        cpu, wall = time.process_time(), time.perf_counter()
        result = run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    finally:
        gc.enable()
    return {"wall": wall, "cpu": cpu, "result": result}


def main(module, folder, threads):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a framework prints goes to the errors
    os.environ["BENCHMARK_THREADS"] = threads
    try:
        module = import_module(module)
    except Exception as error:
        missing = isinstance(error, ModuleNotFoundError)
        reason = f"{error.name} is not installed" if missing else f"{type(error).__name__}: {error}"
        print(json.dumps({"error": reason}), file=answers, flush=True)
        return
    serve(module, Path(folder), sys.stdin, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
