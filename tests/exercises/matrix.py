"""Every answer that an exercise knows against every check of it: right ones are accepted, wrong ones caught.

    python -m tests.exercises.matrix [EXERCISE...]

writes the lines of these exercises, or of all, to `book/appendix/matrix.csv`, which the book shows. That each wrong
answer is met with its own hint is proved by `test_catalog`, under the same seeds.
"""

import csv
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from nncourse import exercises
from nncourse.exercises.faults import check_fault

APPENDIX = Path(__file__).parent.parent.parent / "book" / "appendix"
PATH = APPENDIX / "matrix.csv"
COLUMNS = ("exercise", "answer", "kind", "seeds", "caught", "verdict")
CATCHING = range(4)  # the seeds under which a wrong answer must be caught

# Exercises whose answers train networks: a seed of these takes as long as twenty of others.
TRAINING = {"read-anywhere", "empty-file", "own-classifier", "smallest-weights", "edge-of-stability"}


def accepting(exercise: exercises.Exercise) -> range:
    """The seeds under which a right answer must be accepted."""
    return range(6 if exercise.id in TRAINING else 21)


def faults(exercise: exercises.Exercise, function: Callable, seed: int) -> list:
    """What is wrong with an answer under a seed, check by check; None where nothing is."""
    cases, expected = _expected(exercise.id, seed)
    mine = exercises.attempt(function, cases).outcomes
    groups = zip(exercise.checks, cases, mine, expected, strict=True)
    return [check_fault(exercise, *group) for group in groups]


@lru_cache(maxsize=32)
def _expected(exercise_id: str, seed: int) -> tuple[list, tuple]:
    exercise = exercises.get(exercise_id)
    cases = exercise.cases(seed)
    return cases, exercises.attempt(exercise.reference, cases).outcomes


def right(exercise: exercises.Exercise, function: Callable, kind: str) -> dict:
    """The row of a right answer; `caught` names the checks that refuse it under any seed."""
    tried = [faults(exercise, function, seed) for seed in accepting(exercise)]
    found = [number for number, column in enumerate(zip(*tried, strict=True), 1) if any(column)]
    return _row(exercise, function, kind, len(tried), found, "passed")


def wrong(exercise: exercises.Exercise, function: Callable) -> dict:
    """The row of a wrong answer; `caught` names the checks that refuse it under every seed."""
    tried = [faults(exercise, function, seed) for seed in CATCHING]
    found = [number for number, column in enumerate(zip(*tried, strict=True), 1) if all(column)]
    basic = min(filter(None, tried[0]), key=lambda fault: fault.rank).verdict
    return _row(exercise, function, "wrong", len(tried), found, "a value" if basic in VALUES else basic)


VALUES = ("known misconception", "off by", "different")  # wrong in what it computes, not in its form


def _row(exercise, function, kind, seeds, found, verdict) -> dict:
    caught = " ".join(map(str, found))
    return dict(zip(COLUMNS, (exercise.id, function.__name__, kind, seeds, caught, verdict), strict=True))


def rows(exercise: exercises.Exercise) -> Iterable[dict]:
    yield right(exercise, exercise.reference, "reference")
    yield from (right(exercise, function, "alternative") for function in exercise.alternatives)
    yield from (wrong(exercise, misconception.function) for misconception in exercise.misconceptions)


def read() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return list(reader)


def main(names: list[str]) -> int:
    wanted = [exercises.get(name) for name in names] or exercises.catalog()
    found = [row for exercise in wanted for row in rows(exercise)]
    measured = {exercise.id for exercise in wanted}
    kept = [row for row in read() if row["exercise"] not in measured]
    order = {exercise.id: place for place, exercise in enumerate(exercises.catalog())}
    with PATH.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            sorted((row for row in [*kept, *found] if row["exercise"] in order), key=lambda row: order[row["exercise"]])
        )
    refused = [row for row in found if row["kind"] != "wrong" and row["caught"]]
    missed = [row for row in found if row["kind"] == "wrong" and not row["caught"]]
    for row in [*refused, *missed]:
        print(row)
    print(f"{len(found)} answers; {len(refused)} right ones refused, {len(missed)} wrong ones not caught by one check")
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
