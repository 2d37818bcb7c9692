"""The example of an exercise. What follows these imports is written into a chapter's module."""

import numpy as np

from nncourse.exercises import Check, Exercise, Misconception

CHAPTER = "sigmoid-neuron"


def score_of_a_probability(p):
    """The score at which a sigmoid neuron says p: the logarithm of the odds.

    p is a number between 0 and 1, or an array of such numbers of any
    shape. Returns the score in the shape of p.
    """
    return np.log(p / (1 - p))


def _score_by_two_logarithms(p):
    return np.log(p) - np.log1p(-p)


def _score_by_the_hyperbolic_tangent(p):
    return 2 * np.arctanh(2 * p - 1)


def _forward_again(p):
    return 1 / (1 + np.exp(-p))


def _odds_only(p):
    return p / (1 - p)


def _odds_turned_over(p):
    return np.log((1 - p) / p)


def _logarithm_of_p(p):
    return np.log(p)


SCORE_OF_A_PROBABILITY = Exercise(
    id="score-of-a-probability",
    chapter=CHAPTER,
    title="Back from the probability to the score",
    reference=score_of_a_probability,
    difficulty=1,
    checks=(
        Check("numbers", 1, lambda rng: [(0.5,), (0.8,), (rng.uniform(0.1, 0.4),)]),
        Check("arrays", 1, lambda rng: [(np.array([0.1, 0.25, 0.9]),), (rng.uniform(0.6, 0.99, size=(2, 3)),)]),
    ),
    alternatives=(_score_by_two_logarithms, _score_by_the_hyperbolic_tangent),
    misconceptions=(
        Misconception(_forward_again, "That is the sigmoid once more. Here p comes in, and the score is wanted."),
        Misconception(_odds_only, "These are the odds. The score is their logarithm."),
        Misconception(_odds_turned_over, "The odds are turned over, so the sign is wrong: p stands above 1 - p."),
        Misconception(
            _logarithm_of_p, "Without 1 - p the score of an even chance would not be 0: divide p by it first."
        ),
    ),
    hints=("Solve p = 1 / (1 + exp(-z)) for z.", "The odds are p / (1 - p), and the score is their logarithm."),
)
