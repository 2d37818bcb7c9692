"""Do the checks notice every small mistake? Each reference is mutated, and each mutant is graded.

    python -m tests.exercises.mutation [--verbose] [EXERCISE...]

A mutant is rejected when the checks refuse it under each of the seeds 0, 1 and 2; "raising" counts those that do not
even give a value. One that slips through is tried on many more inputs: the cases of other seeds, and these with their
numbers moved or some of their rows left out. Then it is the "same" function, written otherwise; or another "right"
answer, where the check judges a property; or it is "surviving", and stands in `survivors.csv` with the reason. The
command measures all exercises, or those named, and writes `mutants.csv`, which the book's matrix shows.
"""

import ast
import csv
import hashlib
import inspect
import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from nncourse import exercises
from nncourse.exercises.compare import parts, same
from nncourse.exercises.faults import check_fault

from .matrix import APPENDIX
from .mutate import Mutant, mutants

MEASURED = APPENDIX / "mutants.csv"
SURVIVORS = APPENDIX / "survivors.csv"
SEEDS = (0, 1, 2)
GOOD = {"same", "right"}
MORE = range(3, 11)
SHARE = 60  # mutants that one process tries in a go
MOVED = 4  # how many of these seeds are tried with moved numbers too
COLUMNS = ("exercise", "fingerprint", "mutants", "same", "right", "rejected", "raising", "surviving")
REASONED = ("exercise", "slip", "reason")
# Training takes long, and a longer training or another rate is a right answer as well.
TRAINING = {"read-anywhere", "empty-file", "own-classifier"}


class Endless(BaseException):
    """A mutant has taken many times as long as the reference."""


@contextmanager
def time_limit(seconds: float):
    """End what runs after so many seconds of this process's own time, however busy the machine is."""

    def end(*_):
        raise Endless

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@dataclass(frozen=True, eq=False)
class Case:
    """One call of an exercise: its check, its arguments, what the reference does, and how long another may take."""

    check: exercises.Check
    arguments: tuple
    expected: exercises.Outcome
    seconds: float


def cases(exercise: exercises.Exercise, seed: int, change=None) -> list[Case]:
    """The cases of all checks under a seed; with a `change`, those to which the reference still has a right answer."""
    rng = np.random.default_rng([seed, 1])
    found = []
    for check, group in zip(exercise.checks, exercise.cases(seed), strict=True):
        for arguments in group:
            if change:
                arguments = change(arguments, rng)
            begin = time.process_time()
            expected = exercises.run(exercise.reference, arguments)
            seconds = 0.5 + 20 * (time.process_time() - begin)
            sound = _sound(expected) and not check_fault(exercise, check, [arguments], (expected,), (expected,))
            if sound or not change:
                found.append(Case(check, arguments, expected, seconds))
    return found


def moved(arguments: tuple, rng: np.random.Generator) -> tuple:
    """The numbers with a fraction, each changed by up to a tenth; whole numbers are often codes, and stay."""
    return tuple(_moved(argument, rng) for argument in arguments)


def fewer(arguments: tuple, rng: np.random.Generator) -> tuple:
    """Some of the rows only, the same of all arrays that are as long as the longest."""
    n = max((len(v) for v in arguments if isinstance(v, np.ndarray) and v.ndim), default=0)
    rows = np.sort(rng.permutation(n)[: rng.integers(1, max(n, 2))])
    return tuple(v[rows] if isinstance(v, np.ndarray) and v.ndim and len(v) == n else v for v in arguments)


def _moved(value: object, rng: np.random.Generator) -> object:
    if isinstance(value, list | tuple):
        return type(value)(_moved(item, rng) for item in value)
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return value
    moved = array * rng.uniform(0.9, 1.1, size=array.shape)
    result = np.where(np.isfinite(array) & (array != np.round(array)), moved, array)
    return result if isinstance(value, np.ndarray) else float(result)


def _sound(outcome: exercises.Outcome) -> bool:
    if outcome.failure or outcome.warnings:
        return False
    numbers = [np.asarray(part) for part in parts(outcome.value, outcome.value)]
    return all(array.dtype.kind not in "fc" or bool(np.isfinite(array).all()) for array in numbers)


def verdict_on(exercise: exercises.Exercise, function, case: Case) -> str:
    """What the check says of `function` in this case; "same" and "right" are in its favour."""
    try:
        with time_limit(case.seconds):
            outcome = exercises.run(function, case.arguments)
    except Endless:
        return "endless"
    fault = check_fault(exercise, case.check, [case.arguments], (outcome,), (case.expected,))
    if fault:
        return fault.verdict
    return "same" if same(outcome.value, case.expected.value, case.check.rtol, case.check.atol) else "right"


class Trial:
    """All that one exercise needs to judge its mutants, made once."""

    def __init__(self, exercise: exercises.Exercise):
        self.exercise = exercise
        self.seen = {seed: cases(exercise, seed) for seed in SEEDS}

    @cached_property
    def more(self) -> list[Case]:
        """Inputs beyond those of the seeds under which a mutant must be rejected."""
        if self.exercise.id in TRAINING:
            return cases(self.exercise, MORE[0])
        others = [case for seed in MORE for case in cases(self.exercise, seed)]
        changed = [(seed, change) for seed in MORE[:MOVED] for change in (moved, fewer, fewer)]
        return others + [case for seed, change in changed for case in cases(self.exercise, seed, change)]

    def fate(self, mutant: Mutant) -> str:
        """ "rejected", "raising", "same", "right" or "surviving"."""
        function = compiled(self.exercise, mutant.source)
        verdicts = [self._verdict(function, self.seen[seed]) for seed in SEEDS]
        if not GOOD.intersection(verdicts):
            return "raising" if set(verdicts) == {"raised"} else "rejected"
        if GOOD.issuperset(verdicts):
            verdicts.append(self._verdict(function, self.more))
        if GOOD.issuperset(verdicts):
            return max(verdicts, key=("same", "right").index)
        return "surviving"

    def _verdict(self, function, cases: list[Case]) -> str:
        """The first verdict that is not in favour; else "right" if one is that, else "same"."""
        found = "same"
        np.random.seed(0)  # noqa: NPY002  a mutant that lost its own generator draws from this one
        for case in cases:
            verdict = verdict_on(self.exercise, function, case)
            if verdict not in GOOD:
                return verdict
            found = verdict if verdict == "right" else found
        return found


def compiled(exercise: exercises.Exercise, source: str):
    names = {"np": np}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, "<mutant>", "exec"), names)
    return names[exercise.name]


def measure(exercise_id: str, only: tuple[str, ...] | None = None) -> dict[str, str]:
    """The fate of each mutant of an exercise by its slip; `only` some of them."""
    exercise = exercises.get(exercise_id)
    trial = Trial(exercise)
    return {m.slip: trial.fate(m) for m in mutants(exercise.solution) if only is None or m.slip in only}


def measured(wanted: dict[str, tuple[str, ...] | None], workers: int = 2) -> Iterator[tuple[str, dict[str, str]]]:
    """(exercise, fates) for each exercise, in processes of their own, because a mutant can do anything."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_be_modest) as pool:
        running = {
            name: [pool.submit(measure, name, part) for part in _shares(name, only)] for name, only in wanted.items()
        }
        for name, futures in running.items():
            yield name, {slip: fate for future in futures for slip, fate in future.result(timeout=1800).items()}


def _shares(exercise_id: str, only: tuple[str, ...] | None) -> list[tuple[str, ...]]:
    """The slips of an exercise in shares that several processes can take."""
    slips = [m.slip for m in mutants(exercises.get(exercise_id).solution)] if only is None else list(only)
    return [tuple(slips[start : start + SHARE]) for start in range(0, len(slips), SHARE)]


def _be_modest() -> None:
    """A mutant may ask for all the memory there is."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))


def fingerprint(exercise: exercises.Exercise) -> str:
    """A short name of all that a measurement rests on: the reference, the checks, and the helpers that both use."""
    definitions, checks = _definitions(inspect.getmodule(exercise.reference))
    texts, waiting, known = [], [checks[exercise.id], definitions[exercise.name]], {exercise.name}
    while waiting:
        node, text = waiting.pop()
        texts.append(text)
        for name in sorted({n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - known):
            known.add(name)
            waiting += [definitions[name]] if name in definitions else []
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


@cache
def _definitions(module) -> tuple[dict, dict]:
    """What a chapter's module defines by name, and the checks of its exercises by id: each as syntax and as text."""
    source = inspect.getsource(module)
    tree, lines = ast.parse(source), source.splitlines()

    def both(node):
        return node, "\n".join(lines[node.lineno - 1 : node.end_lineno])

    definitions = {node.name: both(node) for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            definitions |= {target.id: both(node.value) for target in node.targets if isinstance(target, ast.Name)}
    calls = [{k.arg: k.value for k in node.keywords} for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return definitions, {call["id"].value: both(call["checks"]) for call in calls if {"id", "checks"} <= set(call)}


def read(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == columns, path
        return list(reader)


def write(path: Path, columns: tuple[str, ...], rows: list[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def listed() -> dict[tuple[str, str], str]:
    """The survivors that are known, with the reason."""
    return {(row["exercise"], row["slip"]): row["reason"] for row in read(SURVIVORS, REASONED)}


def row(exercise_id: str, fates: dict[str, str]) -> dict:
    count = list(fates.values()).count
    numbers = {"same": count("same"), "right": count("right"), "rejected": count("rejected") + count("raising")}
    numbers |= {"raising": count("raising"), "surviving": count("surviving")}
    mark = fingerprint(exercises.get(exercise_id))
    return {"exercise": exercise_id, "fingerprint": mark, "mutants": len(fates), **numbers}


def main(words: list[str]) -> int:
    verbose, names = "--verbose" in words, [word for word in words if not word.startswith("-")]
    known, rows, unlisted, gone = listed(), [], [], set(listed())
    ids = names or [exercise.id for exercise in exercises.catalog()]
    begin = time.monotonic()
    for name, fates in measured(dict.fromkeys(ids), os.cpu_count() or 1):
        rows.append(row(name, fates))
        told = ", ".join(f"{rows[-1][column]} {column}" for column in COLUMNS[2:])
        print(f"{time.monotonic() - begin:5.0f} s  {name}: {told}", flush=True)
        for slip, fate in fates.items():
            if fate == "surviving":
                gone.discard((name, slip))
                if (name, slip) not in known:
                    unlisted.append((name, slip))
                    print(f"         survives: {slip}")
            elif verbose and fate in GOOD:
                print(f"         {fate}: {slip}")
    everything = {row["exercise"]: row for row in [*read(MEASURED, COLUMNS), *rows]}
    write(MEASURED, COLUMNS, [everything[one.id] for one in exercises.catalog() if one.id in everything])
    stale = [key for key in gone if key[0] in ids]
    for kind, keys in (("not in survivors.csv", unlisted), ("in survivors.csv, but does not survive", stale)):
        for name, slip in keys:
            print(f"{kind}: {name}: {slip}")
    rejected, surviving = (sum(row[column] for row in rows) for column in ("rejected", "surviving"))
    print(f"{rejected} of {rejected + surviving} mutants that change an output are rejected")
    return bool(unlisted or stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
