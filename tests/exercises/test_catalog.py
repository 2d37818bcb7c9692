"""Contracts of every exercise and every quiz: a new chapter module is tested by being there."""

import inspect
import re

import numpy as np
import pytest

from nncourse import exercises
from nncourse.exercises.model import CHAPTERS

from .matrix import TRAINING, accepting

CATALOG = exercises.catalog()
ALTERNATIVES = [(e, f) for e in CATALOG for f in e.alternatives]
MISCONCEPTIONS = [(e, m) for e in CATALOG for m in e.misconceptions]
QUESTIONS = [(c, q) for c in dict.fromkeys(e.chapter for e in CATALOG) for q in exercises.quiz_questions(c)]


def graded(exercise, function, seed=0):
    cases = exercise.cases(seed)
    return exercises.judge(exercise, exercises.attempt(function, cases), cases)


def from_source(exercise, source):
    names = {"np": np}
    exec(source, names)
    return names[exercise.name]


every_exercise = pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
every_alternative = pytest.mark.parametrize(
    ("exercise", "function"), ALTERNATIVES, ids=[f"{e.id}:{f.__name__}" for e, f in ALTERNATIVES]
)
every_misconception = pytest.mark.parametrize(
    ("exercise", "misconception"), MISCONCEPTIONS, ids=[f"{e.id}:{m.name}" for e, m in MISCONCEPTIONS]
)
every_question = pytest.mark.parametrize(("chapter", "question"), QUESTIONS, ids=[q.prompt[:50] for _, q in QUESTIONS])


def test_ids_are_unique_kebab_case():
    ids = [exercise.id for exercise in CATALOG]
    assert len(set(ids)) == len(ids) and set(ids) >= TRAINING
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in ids)


def test_the_catalog_is_in_the_order_of_the_course():
    places = [CHAPTERS.index(exercise.chapter) for exercise in CATALOG]
    assert places == sorted(places)


@every_exercise
def test_it_brings_enough_to_teach_with(exercise):
    assert len(exercise.alternatives) >= 2
    assert len(exercise.misconceptions) >= 4
    assert len(exercise.hints) >= 2
    assert len(exercise.checks) >= 2
    assert all(isinstance(check.points, int) and check.points > 0 for check in exercise.checks)
    assert exercise.difficulty in (1, 2, 3)
    hints = [misconception.hint for misconception in exercise.misconceptions]
    assert len(set(hints)) == len(hints)


@every_exercise
def test_returns_names_each_of_several_values(exercise):
    value = exercise.reference(*exercise.cases()[0][0])
    assert len(exercise.returns) == (len(value) if isinstance(value, tuple) else 0)


@every_exercise
def test_the_reference_gets_full_points_under_every_seed(exercise):
    report = exercises.check(exercise.id, exercise.reference)
    assert report.passed and report.points == report.max_points == exercise.points, report
    assert all(graded(exercise, exercise.reference, seed).passed for seed in accepting(exercise))


@every_exercise
def test_the_displayed_solution_works_with_numpy_alone(exercise):
    assert exercises.check(exercise.id, from_source(exercise, exercise.solution)).passed


@every_exercise
def test_the_untouched_starter_is_not_done_and_scores_nothing(exercise):
    report = exercises.check(exercise.id, from_source(exercise, exercise.starter))
    assert (report.verdict, report.points, report.hint) == ("not done yet", 0, "")


@every_exercise
def test_the_starter_has_the_signature_and_contract_but_not_the_solution(exercise):
    starter = from_source(exercise, exercise.starter)
    assert inspect.signature(starter) == inspect.signature(exercise.reference)
    assert inspect.getdoc(starter) == inspect.getdoc(exercise.reference)
    body = exercise.solution.split('"""')[2].strip().splitlines()
    assert body and not any(line.strip() in exercise.starter for line in body)
    assert exercise.starter.endswith("    ...\n")


@every_alternative
def test_every_alternative_passes_under_every_seed(exercise, function):
    for seed in accepting(exercise):
        report = graded(exercise, function, seed)
        assert report.passed, (seed, report)


@every_misconception
def test_every_misconception_fails_with_its_own_hint(exercise, misconception):
    report = exercises.check(exercise.id, misconception.function)
    assert report.points < report.max_points
    assert report.hint == misconception.hint, report


@every_misconception
def test_every_misconception_is_caught_under_other_seeds(exercise, misconception):
    for seed in (1, 2, 3):
        report = graded(exercise, misconception.function, seed)
        assert report.points < report.max_points and report.hint == misconception.hint, (seed, report)


def test_every_chapter_with_exercises_has_at_least_four_questions():
    for chapter in dict.fromkeys(exercise.chapter for exercise in CATALOG):
        assert len(exercises.quiz_questions(chapter)) >= 4


@every_question
def test_every_question_has_one_right_choice_and_explains_all(chapter, question):
    assert 3 <= len(question.choices) <= 4
    assert sum(choice.correct for choice in question.choices) == 1
    texts = [choice.text for choice in question.choices]
    assert len(set(texts)) == len(texts)
    assert all(len(choice.explanation) > 20 for choice in question.choices)


def quizzes():
    return [exercises.quiz_questions(chapter) for chapter in dict.fromkeys(exercise.chapter for exercise in CATALOG)]


def test_the_place_of_a_choice_does_not_give_it_away():
    for questions in quizzes():
        places = [[choice.correct for choice in question.choices].index(True) for question in questions]
        assert max(map(places.count, places)) <= (len(places) + 1) // 2


def test_the_length_of_a_choice_does_not_give_it_away():
    for questions in quizzes():
        longest = [max(question.choices, key=lambda choice: len(choice.text)).correct for question in questions]
        assert sum(longest) <= len(questions) / 2


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(LookupError, match="Did you mean 'step-function'"):
        exercises.get("step-fonction")
    with pytest.raises(LookupError, match="Did you mean 'sigmoid-neuron'"):
        exercises.quiz_questions("sigmoid-neurons")
