"""The checks notice small mistakes: the measurement is up to date, its rate is high, and who survives is known.

The whole measurement takes minutes (`python -m tests.exercises.mutation`). Here a sample of the mutants is graded anew,
and every survivor.
"""

import ast
from dataclasses import replace

import numpy as np
import pytest

from nncourse import exercises

from . import mutation
from .mutate import mutants

CATALOG = exercises.catalog()
MEASURED = {row["exercise"]: row for row in mutation.read(mutation.MEASURED, mutation.COLUMNS)}
LISTED = mutation.listed()
SAMPLE = 3  # mutants of each exercise

every_exercise = pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)


def count(exercise_id, *fates):
    return sum(int(MEASURED[exercise_id][fate]) for fate in fates)


SLIPS = {
    "return a + b": ["a - b", "a", "b"],
    "return a - b": ["a + b", "a", "b", "b - a"],
    "return a @ b": ["a", "b", "b @ a"],
    "return a < b": ["a <= b", "a > b"],
    "return a and b": ["a or b", "b", "a"],
    "return -a": ["a"],
    "return a[1:]": ["a", "a[:]", "a[2:]", "a[0:]", "a[-1:]"],
    "return a.T": ["a"],
    "return a if b else c": ["a", "c", "c if b else a"],
    "return np.abs(a)": ["a", "np"],
    "return np.sum(a, axis=0)": [
        "np.sum(a)",
        "a",
        "np",
        "np.mean(a, axis=0)",
        "np.sum(a, axis=1)",
        "np.sum(a, axis=-1)",
    ],
    "return f(a, b)": ["a", "b", "f(b, a)"],
    "return (a, b)": ["(b, a)"],
    "return 0.5": ["-0.5", "0.25", "0.55", "1.5"],
    "return 'up'": ["'not up'"],
    "return True": ["False"],
    "return [x for x in a if x]": ["[x for x in a]"],
    "return range(a)": ["a", "range(1, a)", "range(a + 1)", "range(a - 1)"],
}


@pytest.mark.parametrize(("line", "expected"), SLIPS.items(), ids=SLIPS)
def test_every_slip_of_an_expression_is_made_once(line, expected):
    made = [ast.unparse(ast.parse(m.source).body[0].body[0].value) for m in mutants(f"def f(a, b, c):\n    {line}\n")]
    assert sorted(made) == sorted(expected)


def test_statements_are_dropped_and_conditions_decided():
    source = (
        "def f(a):\n    '''Text.'''\n    for x in a:\n        if x:\n            break\n        a += x\n    return a\n"
    )
    told = [mutant.slip for mutant in mutants(source)]
    for slip in (
        "for x in a:; if x:; break; a += x -> pass",
        "if x:; break -> pass",
        "if x: -> if True:",
        "if x: -> if False:",
        "break -> continue",
        "a += x -> pass",
        "a += x -> a -= x",
        "a += x -> a = x",
    ):
        assert slip in told
    assert len(set(told)) == len(told)


def test_an_endless_mutant_is_ended():
    exercise = exercises.get("count-parameters")
    case = mutation.cases(exercise, 0)[0]

    def endless(sizes):
        while True:
            try:
                sizes = list(sizes)
            except Exception:
                continue

    assert mutation.verdict_on(exercise, endless, case) in ("endless", "raised")


def test_changed_inputs_are_those_that_the_reference_can_answer():
    exercise = exercises.get("mse-with-gradient")
    arguments = (np.array([1.0, 2.5, 3.5]), np.array([0.0, 0.5, 1.5]))
    rng = np.random.default_rng(0)
    moved = mutation.moved(arguments, rng)
    assert moved[0][0] == 1.0 and moved[0][1] != 2.5 and np.allclose(moved[0], arguments[0], rtol=0.1)
    fewer = mutation.fewer(arguments, rng)
    assert len(fewer[0]) == len(fewer[1]) < 3
    assert all(mutation.cases(exercise, 0, change) for change in (mutation.moved, mutation.fewer))


def test_a_weakened_check_lets_mutants_survive():
    exercise = exercises.get("perceptron-update")
    weak = replace(exercise, checks=exercise.checks[1:])  # only what a right prediction does
    trial = mutation.Trial(weak)
    (turned,) = [
        m for m in mutants(exercise.solution) if m.slip.endswith("-> w_new = w - learning_rate * (y - y_hat) * x")
    ]
    assert trial.fate(turned) == "surviving"  # where moved numbers make a right prediction wrong
    assert mutation.Trial(exercise).fate(turned) == "rejected"


@every_exercise
def test_the_measurement_is_up_to_date(exercise):
    again = f"measure it: python -m tests.exercises.mutation {exercise.id}"
    assert exercise.id in MEASURED, again
    row = MEASURED[exercise.id]
    assert row["fingerprint"] == mutation.fingerprint(exercise), again
    total = count(exercise.id, "same", "right", "rejected", "surviving")
    assert total == int(row["mutants"]) == len(mutants(exercise.solution)), again


def test_a_fingerprint_sees_helpers_and_checks_but_not_hints():
    # `_update_cases` serves the checks of this exercise only, and another exercise's reference serves nobody here
    definitions, checks = mutation._definitions(mutation.inspect.getmodule(exercises.get("step-function").reference))
    assert "_update_cases" in definitions and "Misconception" not in checks["perceptron-update"][1]
    marks = [mutation.fingerprint(exercise) for exercise in CATALOG]
    assert len(set(marks)) == len(marks)


def test_at_least_95_percent_of_the_mutants_that_change_an_output_are_rejected():
    rejected, surviving, right = (
        sum(count(e.id, fate) for e in CATALOG if e.id in MEASURED) for fate in ("rejected", "surviving", "right")
    )
    assert rejected / (rejected + surviving + right) >= 0.95  # also where the change is to another right answer
    assert rejected / (rejected + surviving) >= 0.99


@pytest.mark.parametrize("exercise", [e for e in CATALOG if e.id in MEASURED], ids=lambda e: e.id)
def test_no_exercise_falls_behind(exercise):
    rejected, surviving = count(exercise.id, "rejected"), count(exercise.id, "surviving")
    assert rejected / (rejected + surviving) >= 0.95


@pytest.mark.parametrize("exercise", [e for e in CATALOG if e.id in MEASURED], ids=lambda e: e.id)
def test_every_survivor_is_listed(exercise):
    known = [slip for name, slip in LISTED if name == exercise.id]
    assert len(known) == count(exercise.id, "surviving"), f"say why in book/appendix/survivors.csv; known: {known}"


def test_a_listed_survivor_is_one_of_the_catalog_and_has_its_reason():
    assert all(len(reason) > 30 for reason in LISTED.values())
    assert {name for name, _ in LISTED} <= {exercise.id for exercise in CATALOG}


# How a training ends depends on the last bits of a processor's sums: what survives there is measured, not tried here.
@pytest.mark.parametrize(("name", "slip"), [key for key in LISTED if key[0] not in mutation.TRAINING])
def test_a_listed_survivor_still_survives(name, slip):
    assert mutation.measure(name, (slip,)) == {slip: "surviving"}


@pytest.mark.parametrize("exercise", [e for e in CATALOG if e.id not in mutation.TRAINING], ids=lambda e: e.id)
def test_of_a_sample_of_mutants_only_listed_ones_survive(exercise):
    made = mutants(exercise.solution)
    chosen = tuple(mutant.slip for mutant in made[:: -(-len(made) // SAMPLE)])
    fates = mutation.measure(exercise.id, chosen)
    assert len(fates) == len(chosen) >= 2
    assert [slip for slip, fate in fates.items() if fate == "surviving" and (exercise.id, slip) not in LISTED] == []
