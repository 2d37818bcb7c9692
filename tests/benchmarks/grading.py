"""`python -m tests.benchmarks.grading`: how many notebooks a minute the grader gets through, and whether it stays calm.

A class is made up: ten exercises each, answered by references, alternatives, misconceptions and untouched starters, one
file in a hundred hostile. It is graded twice, as by the command. What counts is the rate, that memory does not grow,
that no file needs a person, that both gradebooks are the same, and that what is right got its points.

On a machine that others use too, and whose processors are lent, the clock on the wall says little. So the processor
time of all processes is counted as well, those in the boxes included: a few times a second `/proc/PID/stat` of the
whole family is added up, each process with the children that it has seen end.
"""

import argparse
import csv
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from nncourse.exercises import get

from ..grading.hostile import HOSTILE
from ..grading.notebooks import answer, notebook
from ..machine import stopwatch
from . import report

IDS = (
    "step-function",
    "weighted-sum",
    "perceptron-train",
    "stable-sigmoid",
    "logistic-loss",
    "stable-softmax",
    "dense-backward",
    "adam-step",
    "confusion-scores",
    "convolve",
)
TOP = "import numpy as np\nimport matplotlib.pyplot as plt\nimport nncourse as nn\n%matplotlib inline"
RATE_BAR, COLD_BAR, GROWTH_BAR = 20.0, 1.0, 1.15
COLD_RUNS = 5
TICKS = os.sysconf("SC_CLK_TCK")
GRADE = "import sys; from tests.benchmarks.grading import grade; sys.exit(grade(sys.argv[1:]))"


def grade(words):
    """`nncourse grade` with these words."""
    from nncourse.grading import command

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def write_class(folder, count, hostile, rng):
    """Write `count` submissions, every `hostile`-th of them hostile. Returns the points that each must get."""
    exercises = [get(name) for name in IDS]
    wanted = {}
    for number in range(count):
        student = f"student-{number:05}"
        cells, points = [TOP], {}
        for exercise in exercises:
            kind = rng.choices(("right", "wrong", "starter"), (70, 20, 10))[0]
            if kind == "right":
                cells.append(answer(exercise))
                points[exercise.id] = exercise.points
            elif kind == "wrong":
                cells.append(answer(exercise, rng.choice(exercise.misconceptions).function))
            else:
                cells.append(exercise.starter)
                points[exercise.id] = 0
            cells.append(f'nn.check("{exercise.id}", {exercise.name})')
        if hostile and number % hostile == 0:
            attack = rng.choice(sorted(HOSTILE.values()))
            cells.append(attack.format(canary=folder / "canary", port=9, solutions=folder / "none"))
            points = {}
        (folder / f"{student}.ipynb").write_text(notebook(*cells), encoding="utf-8")
        wanted[student] = points
    return wanted


def run(submissions, assignment, out, jobs):
    """Grade in a process of its own. Returns the seconds that it took, its exit status, and what a ruler measured."""
    words = [str(submissions), "--assignment", str(assignment), "--out", str(out), "--seed", "7", "--jobs", str(jobs)]
    installed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", GRADE, *words], env=installed) as process:
        ruler = Ruler(process.pid)
    return time.monotonic() - started, process.returncode, ruler


class Ruler:
    """Measures a process and all that descend from it until it ends: processor time, memory with shared pages once."""

    def __init__(self, pid):
        self.pid, self.busy, self.samples = pid, 0.0, []
        threading.Thread(target=self._measure, daemon=True).start()

    def _measure(self):
        for look in itertools.count():
            if not (family := _family(self.pid)):
                return
            # The most that was ever seen: a process that nobody waited for takes its time along when it ends.
            self.busy = max(self.busy, sum(map(_processor_seconds, family)))
            if look % 10 == 0 and (megabytes := sum(map(_megabytes, family))):
                self.samples.append(megabytes)
            time.sleep(0.1)

    def quarter(self, number):
        """The median of a quarter of the run, 0 to 3."""
        size = max(1, len(self.samples) // 4)
        part = sorted(self.samples[number * size : (number + 1) * size]) or [0.0]
        return part[len(part) // 2]


def _family(pid):
    found = [pid] if Path(f"/proc/{pid}").exists() else []
    for parent in found:
        try:
            tasks = Path(f"/proc/{parent}/task").iterdir()
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _processor_seconds(pid):
    """Of a process, and of its children that ended and that it waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def _megabytes(pid):
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def read_gradebook(out):
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def measure(count, hostile, jobs, colds=COLD_RUNS):
    """The rows of the table: (what, measured, bar, whether it is met)."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        submissions = folder / "class"
        submissions.mkdir()
        assignment = folder / "assignment.txt"
        assignment.write_text("\n".join(IDS), encoding="utf-8")
        wanted = write_class(submissions, count, hostile, random.Random(0))
        honest = next(name for name, points in wanted.items() if points)
        single = submissions / f"{honest}.ipynb"
        run(single, assignment, folder / "warm-up", 1)
        singles = [run(single, assignment, folder / f"cold-{number}", 1) for number in range(colds)]
        taken = stopwatch()
        seconds, status, ruler = run(submissions, assignment, folder / "first", jobs)
        share = taken()
        run(submissions, assignment, folder / "second", jobs)
        first, second = read_gradebook(folder / "first"), read_gradebook(folder / "second")
    unjust = [
        (student, exercise)
        for student, points in wanted.items()
        for exercise, number in points.items()
        if first[student][exercise] != str(number)
    ]
    start, end = ruler.quarter(1), ruler.quarter(3)
    busy, cores = ruler.busy, min(jobs, os.cpu_count())
    rate, quiet_rate = count / seconds, cores * count / busy
    cold, cold_busy = (statistics.median(values) for values in zip(*((c[0], c[2].busy) for c in singles), strict=True))
    return [
        (f"{count} submissions, {jobs} processes", f"{seconds:.1f} s, {rate:.1f} a second", RATE_BAR, rate >= RATE_BAR),
        (
            f"The same by processor time of all processes, on {cores} cores of our own",
            f"{1000 * busy / count:.0f} ms each, {quiet_rate:.1f} a second",
            RATE_BAR,
            quiet_rate >= RATE_BAR,
        ),
        (
            f"One notebook, from cold, median of {colds}",
            f"{cold:.2f} s, {cold_busy:.2f} s of processors",
            f"under {COLD_BAR:g} s",
            cold < COLD_BAR,
        ),
        (
            "Memory in the second and the last quarter",
            f"{start:.0f} MB, {end:.0f} MB",
            f"{GROWTH_BAR:g} x",
            end <= GROWTH_BAR * start,
        ),
        ("Taken meanwhile by the machine under this one", f"{share:.0%} of all processor time", "", True),
        ("Exit status (1: something for a person)", str(status), "0", status == 0),
        ("Grades that differ the second time", str(sum(first[s] != second[s] for s in first)), "0", first == second),
        ("Right and untouched answers misjudged", str(len(unjust)), "0", not unjust),
    ]


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.grading", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="submissions (default: %(default)s)")
    parser.add_argument("--hostile", type=int, default=100, help="one in how many is hostile; 0 for none")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--write", action="store_true", help=f"write the table into {report.RESULTS.name}")
    chosen = parser.parse_args()
    rows = measure(chosen.count, chosen.hostile, chosen.jobs)
    lines = [
        f"| {what} | {got} | {bar} | {'' if not bar else 'met' if met else '**missed**'} |"
        for what, got, bar, met in rows
    ]
    text = "\n".join(["| | Measured | Bar | |", "|---|---|---|---|", *lines])
    text += f"\n\nLoad of the machine meanwhile: {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores."
    print(text)
    if chosen.write:
        report.write("Grading", text)


if __name__ == "__main__":
    main()
