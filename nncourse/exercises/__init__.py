"""Exercises, their checks and the quizzes, chapter by chapter.

Read `model` (what an exercise is), `outcome` (calling a submission), `compare` and `faults` (what is wrong with an
output), `judging` (from outcomes to a report), `report` and `checking`; then `record` and `points` (what a learner has
reached), `statements` and `assignment` (what is handed out). Each `chapter_NN` holds the exercises and the quiz of one
chapter; a module added under such a name joins the catalog.
"""

from .checking import check
from .faults import VERDICTS
from .judging import judge
from .loading import catalog, get, quiz_questions
from .model import BOOK_URL, CHAPTERS, Check, Choice, Exercise, Misconception, Question
from .outcome import Attempt, Outcome, attempt, run
from .points import progress
from .report import CheckResult, Report

__all__ = [
    "BOOK_URL",
    "CHAPTERS",
    "VERDICTS",
    "Attempt",
    "Check",
    "CheckResult",
    "Choice",
    "Exercise",
    "Misconception",
    "Outcome",
    "Question",
    "Report",
    "attempt",
    "catalog",
    "check",
    "get",
    "judge",
    "progress",
    "quiz_questions",
    "run",
]
