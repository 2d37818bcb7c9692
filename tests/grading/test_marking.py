"""One submission: what is right gets its points, what is wrong the hint that `check` would give."""

from dataclasses import replace

import pytest

from nncourse.exercises import Check, catalog, get
from nncourse.grading import marking, result
from nncourse.grading.marking import Submission
from nncourse.grading.wire import WireError

from .notebooks import answer, notebook

TOP = "import numpy as np\nimport nncourse as nn\nimport matplotlib.pyplot as plt\n%matplotlib inline\nplt.plot([1, 2])"
STEP = get("step-function")


def marked(box, tmp_path, text, *exercises, seed="secret", name="ann.ipynb"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return marking.mark(Submission("ann", path), path.read_bytes(), exercises or (STEP,), box, seed)


@pytest.mark.parametrize("chapter", sorted({exercise.number for exercise in catalog()}))
def test_every_reference_gets_all_points_in_the_box(box, tmp_path, chapter):
    exercises = [exercise for exercise in catalog() if exercise.number == chapter]
    found = marked(box, tmp_path, notebook(TOP, *map(answer, exercises)), *exercises)
    wrong = [report for report in found.reports if not report.passed]
    assert not wrong and found.points == found.max_points and found.status == result.GRADED


@pytest.mark.parametrize("misconception", STEP.misconceptions, ids=lambda one: one.name)
def test_a_misconception_gets_the_hint_that_check_gives(box, tmp_path, misconception):
    (report,) = marked(box, tmp_path, notebook(TOP, answer(STEP, misconception.function))).reports
    assert not report.passed and report.hint == misconception.hint


def test_the_untouched_starter_is_not_done_yet(box, tmp_path):
    (report,) = marked(box, tmp_path, notebook(TOP, STEP.starter)).reports
    assert (report.verdict, report.points) == ("not done yet", 0)


def test_a_missing_function_scores_nothing_and_says_why(box, tmp_path):
    (report,) = marked(box, tmp_path, notebook("def step(z:\n    return 1")).reports
    assert report.points == 0 and report.verdict == "not done yet"
    assert (
        "There is no function `step`" in report.message and "code cell 1, line 1 is not valid Python" in report.message
    )


def test_a_failure_names_the_cell_the_line_and_what_stands_there(box, tmp_path):
    (report,) = marked(box, tmp_path, notebook(TOP, "def step(z):\n    y = z\n    return y.nothing")).reports
    assert (
        report.verdict == "raised" and "code cell 2, line 3: `return y.nothing` raised AttributeError" in report.message
    )


def test_helpers_constants_and_the_standard_library_are_there(box, tmp_path):
    cell = (
        "import numpy as np\nfrom fractions import Fraction\nimport statistics, numpy.testing\n"
        "EDGE = np.array([0.0])[0]\n"
        "def helper(z): return np.asarray(z) >= EDGE + statistics.mean([Fraction(-1), Fraction(1)])\n"
        "def step(z):\n    from numpy import ma\n    import decimal, textwrap, json.tool\n"
        "    return helper(z).astype(int)"
    )
    (report,) = marked(box, tmp_path, notebook(cell)).reports
    assert report.passed, report


def test_the_global_generator_gives_the_same_numbers_each_time(box, tmp_path):
    drawn = "np.where(np.random.rand() < 2, np.random.rand(), random.random())"
    cell = f"import random\nimport numpy as np\ndef step(z): return {drawn}"
    first, second = (marked(box, tmp_path, notebook(cell)) for _ in range(2))
    assert first == second


def test_what_a_function_prints_is_in_the_report(box, tmp_path):
    (report,) = marked(
        box, tmp_path, notebook(TOP, "def step(z):\n    print('here', 1)\n    return np.sign(z)")
    ).reports
    assert report.printed == "here 1"


def test_who_is_too_slow_three_times_gets_less_time_and_still_all_that_is_right(box, tmp_path):
    exercises = [exercise for exercise in catalog() if exercise.number == 1]
    slow = [f"def {one.name}(*a):\n    while True: pass" for one in exercises[:-1]]
    found = marked(box, tmp_path, notebook(TOP, *slow, answer(exercises[-1])), *exercises)
    assert [report.points for report in found.reports] == [0] * len(slow) + [exercises[-1].points]
    said = [report.message for report in found.reports[:-1]]
    assert all("no answer after 0.5 seconds" in text for text in said[:3])
    assert all("no answer after 0.1 seconds" in text for text in said[3:]) and len(said) > 3


def test_a_second_learner_meets_nothing_of_the_first(box, tmp_path):
    """Whatever one submission leaves behind in its process is gone with it."""
    spoiled = "import numpy as np, builtins\nX = np.seterr(all='raise')\nnp.where = None\nbuiltins.abs = None"
    marked(box, tmp_path, notebook(spoiled))
    assert marked(box, tmp_path, notebook(TOP, answer(STEP))).points == STEP.points


def test_a_case_that_does_not_fit_into_a_frame_is_no_fault_of_the_submission(box, tmp_path):
    huge = replace(STEP, checks=(Check("huge", 1, lambda rng: [("x" * (2 << 20),)]),))
    with pytest.raises(WireError, match="too long"):
        marked(box, tmp_path, notebook(TOP, answer(STEP)), huge)


@pytest.mark.parametrize("output", ["'x' * (2 << 20)", "10**5000", "np.zeros(1 << 24)"])
def test_an_output_that_does_not_fit_into_a_frame_is_told_so(box, tmp_path, output):
    (report,) = marked(box, tmp_path, notebook(f"import numpy as np\ndef step(z): return {output}")).reports
    assert "too large to hand over" in report.message
