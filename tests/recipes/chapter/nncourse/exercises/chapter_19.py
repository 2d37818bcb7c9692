"""Chapter 19, moving averages: an average that forgets, how long it remembers, and what its start costs."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "moving-averages"


def moving_average(values, beta):
    """An average that starts at 0 and forgets, after each of the values.

    values has shape (n,), n at least 1; beta is a number between 0 and 1,
    the share of the old average that is kept. Returns n averages.
    """
    average, averages = 0.0, []
    for value in values:
        average = beta * average + (1 - beta) * value
        averages.append(average)
    return np.array(averages)


def _average_from_weights(values, beta):
    age = np.arange(len(values))[:, None] - np.arange(len(values))
    return (1 - beta) * np.where(age >= 0, beta ** np.abs(age), 0.0) @ values


def _average_moved_towards_the_value(values, beta):
    averages = np.zeros(len(values) + 1)
    for t, value in enumerate(values):
        averages[t + 1] = averages[t] + (1 - beta) * (value - averages[t])
    return averages[1:]


def _shares_swapped(values, beta):
    return moving_average(values, 1 - beta)


def _decaying_sum(values, beta):
    return moving_average(values, beta) / (1 - beta)


def _started_at_the_first_value(values, beta):
    return values[0] * beta ** np.arange(1, len(values) + 1) + moving_average(values, beta)


def _last_average_only(values, beta):
    return moving_average(values, beta)[-1]


MOVING_AVERAGE = Exercise(
    id="moving-average",
    chapter=CHAPTER,
    title="An average that forgets",
    reference=moving_average,
    difficulty=1,
    checks=(
        Check("one value", 1, lambda rng: [(np.array([2.0]), 0.75), (rng.uniform(1, 3, 1), rng.uniform(0.1, 0.4))]),
        Check(
            "many values", 2, lambda rng: [(np.arange(1.0, 5.0), 0.75), (rng.normal(2, 1, 7), rng.uniform(0.6, 0.9))]
        ),
    ),
    alternatives=(_average_from_weights, _average_moved_towards_the_value),
    misconceptions=(
        Misconception(_shares_swapped, "The shares are swapped: beta is what is kept of the old average."),
        Misconception(_decaying_sum, "That is a sum: the new value enters with the share 1 - beta, not whole."),
        Misconception(_started_at_the_first_value, "Your average starts at the first value. This one starts at 0."),
        Misconception(_last_average_only, "Return the averages after all of the values, not the last one only."),
    ),
    hints=("Write the first two averages by hand, from 0.", "Keep `beta` of the old, and add `1 - beta` of the new."),
)


def half_life(beta):
    """After how many steps a value weighs half of what it weighed at first.

    beta is a number between 0 and 1, or an array of such numbers. Returns
    the steps, which need not be whole, in the shape of beta.
    """
    return np.log(0.5) / np.log(beta)


def _half_life_in_base_two(beta):
    return -1 / np.log2(beta)


def _half_life_from_one_step_less(beta):
    return 1 + np.log(0.5 / beta) / np.log(beta)


def _memory_instead(beta):
    return 1 / (1 - beta)


def _turned_over(beta):
    return np.log(beta) / np.log(0.5)


def _of_the_new_share(beta):
    return np.log(0.5) / np.log(1 - beta)


def _whole_steps(beta):
    return np.ceil(np.log(0.5) / np.log(beta))


HALF_LIFE = Exercise(
    id="half-life",
    chapter=CHAPTER,
    title="How long an average remembers",
    reference=half_life,
    difficulty=1,
    checks=(
        Check("a number", 1, lambda rng: [(0.8,), (rng.uniform(0.85, 0.95),)]),
        Check("an array", 1, lambda rng: [(np.array([0.3, 0.9]),), (rng.uniform(0.6, 0.99, size=(2, 3)),)]),
    ),
    alternatives=(_half_life_in_base_two, _half_life_from_one_step_less),
    misconceptions=(
        Misconception(_memory_instead, "1 / (1 - beta) is where the weight has fallen to about 0.37, not to a half."),
        Misconception(_turned_over, "You divide the other way round: how many factors beta make one half?"),
        Misconception(_of_the_new_share, "A weight is multiplied by beta at every step, not by 1 - beta."),
        Misconception(_whole_steps, "Do not round: half of the weight may be reached between two steps."),
    ),
    hints=("After k steps a weight has been multiplied by beta k times.", "Solve beta^k = 1/2 with a logarithm."),
)


def free_of_the_start(averages, beta):
    """Averages that started at 0, freed of their start.

    averages has shape (n,): those after 1, 2, ..., n values. beta is the
    share that was kept at each step. Returns n corrected averages.
    """
    steps = np.arange(1, len(averages) + 1)
    return averages / (1 - beta**steps)


def _freed_by_loop(averages, beta):
    return np.array([average / (1 - beta ** (t + 1)) for t, average in enumerate(averages)])


def _freed_by_the_weights_so_far(averages, beta):
    return averages / np.cumsum((1 - beta) * beta ** np.arange(len(averages)))


def _counted_from_two(averages, beta):
    return averages / (1 - beta ** np.arange(2, len(averages) + 2))


def _same_for_every_step(averages, beta):
    return averages / (1 - beta)


def _multiplied(averages, beta):
    return averages * (1 - beta ** np.arange(1, len(averages) + 1))


def _by_what_is_missing(averages, beta):
    return averages / beta ** np.arange(1, len(averages) + 1)


FREE_OF_THE_START = Exercise(
    id="free-of-the-start",
    chapter=CHAPTER,
    title="Take the start out",
    reference=free_of_the_start,
    difficulty=2,
    checks=(
        Check(
            "the first average", 1, lambda rng: [(np.array([0.5]), 0.75), (rng.uniform(1, 2, 1), rng.uniform(0.8, 0.9))]
        ),
        Check(
            "all of them",
            2,
            lambda rng: [(np.array([0.5, 0.9, 1.1]), 0.7), (rng.normal(2, 1, 6), rng.uniform(0.8, 0.9))],
        ),
    ),
    alternatives=(_freed_by_loop, _freed_by_the_weights_so_far),
    misconceptions=(
        Misconception(_counted_from_two, "Count from 1: after the first value, beta stands to the power 1."),
        Misconception(
            _same_for_every_step, "The start fades: at step t the zero still has the share beta^t, not beta."
        ),
        Misconception(_multiplied, "The averages are too small: divide by the share of the values, do not multiply."),
        Misconception(_by_what_is_missing, "beta^t is the share of the start. The values have the rest, 1 - beta^t."),
    ),
    hints=("What share of the average after t steps is the 0 at the start?", "The other shares add up to 1 - beta^t."),
)

EXERCISES = (MOVING_AVERAGE, HALF_LIFE, FREE_OF_THE_START)

QUIZ = (
    Question(
        "An average keeps a share of 0.9 of itself at every step. You raise that to 0.99. What changes?",
        (
            Choice(
                "It follows a jump of the values ten times as fast", False, "It is slower: it keeps more of the old."
            ),
            Choice(
                "It is smoother, and later", True, "It reaches ten times as far back, and follows ten times as late."
            ),
            Choice("It gets ten times as large", False, "The shares still add up to 1, so the size stays what it was."),
        ),
    ),
    Question(
        "Why are the first averages too small when the start is 0?",
        (
            Choice("The 0 still has a share in them", True, "After t steps that share is beta to the power t."),
            Choice("The first values are noisier than the values that come later on", False, "All are equally noisy."),
            Choice("Rounding errors pile up", False, "A few steps lose nothing that one could see."),
        ),
    ),
    Question(
        "All values are 3. What are the averages, once they are freed of their start?",
        (
            Choice("They grow from 0 towards 3, as before", False, "That is what they do before the correction."),
            Choice(
                "They fall towards 3 from above", False, "The correction divides by exactly the share of the values."
            ),
            Choice(
                "3, from the first step on",
                True,
                "Each average is 3 times the share of the values, by which we divide.",
            ),
        ),
    ),
    Question(
        "Where does a network's training need such an average?",
        (
            Choice("In the loss of a single batch", False, "That is a plain mean over the rows of one batch."),
            Choice("In momentum and in Adam", True, "Both average slopes over steps, and forget the old ones."),
            Choice(
                "In the softmax of the output layer, over all of the classes",
                False,
                "That one compares, within one row.",
            ),
        ),
    ),
)
