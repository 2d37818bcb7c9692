"""One submission: what is right gets its points, what is wrong the hint that `check` would give."""

import pytest

from nncourse.exercises import catalog, get
from nncourse.grading import marking, result
from nncourse.grading.marking import Submission

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
