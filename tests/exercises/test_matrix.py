"""The published matrix is what the checks do: right answers accepted, wrong ones caught, no line out of date."""

import pytest

from nncourse import exercises
from nncourse.book_ext.matrix import ANSWERS, MUTANTS, accepted, counts, inline, spoken, told

from . import matrix, mutation

CATALOG = exercises.catalog()
ROWS = matrix.read()
AGAIN = "make it again: python -m tests.exercises.matrix"


def test_the_book_reads_the_columns_that_the_tests_write():
    assert ANSWERS == matrix.COLUMNS and MUTANTS == mutation.COLUMNS


def test_every_answer_of_the_catalog_has_its_line():
    known = [
        (e.id, function.__name__, kind)
        for e in CATALOG
        for kind, functions in (
            ("reference", [e.reference]),
            ("alternative", e.alternatives),
            ("wrong", [m.function for m in e.misconceptions]),
        )
        for function in functions
    ]
    assert [(row["exercise"], row["answer"], row["kind"]) for row in ROWS] == known, AGAIN


def test_no_right_answer_is_refused_under_any_of_the_seeds():
    right = [row for row in ROWS if row["kind"] != "wrong"]
    assert [row for row in right if row["caught"]] == []
    seeds = {exercise.id: str(len(matrix.accepting(exercise))) for exercise in CATALOG}
    assert all(row["seeds"] == seeds[row["exercise"]] for row in right)


def test_every_wrong_answer_is_caught_by_a_check_that_is_named():
    assert [row for row in ROWS if row["kind"] == "wrong" and not row["caught"]] == []


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_the_lines_of_wrong_answers_are_up_to_date(exercise):
    # right answers are tried under all seeds by test_catalog, which takes longer
    rows = [row for row in ROWS if (row["exercise"], row["kind"]) == (exercise.id, "wrong")]
    again = [matrix.wrong(exercise, misconception.function) for misconception in exercise.misconceptions]
    assert rows == [{name: str(value) for name, value in row.items()} for row in again], AGAIN


def test_the_page_says_what_became_of_answers_and_mutants():
    rows = [{"kind": "reference", "seeds": "21", "caught": ""}, {"kind": "wrong", "seeds": "4", "caught": "1 2"}]
    mutants = {"mutants": "9", "same": "1", "right": "0", "rejected": "7", "surviving": "1"}
    assert counts(rows, mutants) == (1, 0, 1, 1, 8, 7)
    assert accepted(rows) == "Of 1 right answers under 21 seeds, none was refused. "
    assert told(mutants) == "Of 9 mutants, 8 spoil an output, and 7 of these are rejected; 1 compute the same."
    assert spoken("_sign_lost_beyond") == "sign lost beyond"
    assert [node.astext() for node in inline("use `x @ w` here")] == ["use ", "x @ w", " here"]


def test_the_page_names_the_numbers_of_seeds():
    text = (matrix.APPENDIX / "matrix.md").read_text(encoding="utf-8")
    seeds = sorted({len(matrix.accepting(exercise)) for exercise in CATALOG}, reverse=True)
    assert f"under {seeds[0]} seeds, and under {seeds[1]} where" in text and len(seeds) == 2
    assert f"wrong answers under {len(matrix.CATCHING)}, mutants under {len(mutation.SEEDS)}." in text
