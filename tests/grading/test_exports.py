"""What leaves a grading run: gradebooks for Canvas and Gradescope, and a zip by which Gradescope grades by itself."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile

import pytest

from nncourse.exercises import get
from nncourse.grading import canvas, gradescope, roster
from nncourse.grading.result import FOR_A_PERSON, NOT_HANDED_IN, Result

from .notebooks import answer, notebook
from .test_marking import TOP, marked

STEP, COUNT = get("step-function"), get("count-updates")
CANVAS_EXPORT = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (99)\n"
    '"    Points Possible",,,,,10.0\n'
    '"Lovelace, Ada",11,s11,ada,Math 1,\n'
    '"=cmd|calc, Bob",12,s12,bob,Math 1,\n'
    '"Curie, Marie",13,s13,marie,Math 2,\n'
)


@pytest.fixture
def learners(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS_EXPORT, encoding="utf-8")
    return roster.read(path)


@pytest.fixture
def half(box, tmp_path):
    """A result with one exercise right and one not done."""
    return marked(box, tmp_path, notebook(TOP, answer(STEP)), STEP, COUNT)


def test_the_roster_that_canvas_exports_is_read_as_it_is(learners):
    assert [(one.id, one.name) for one in learners] == [
        ("11", "Lovelace, Ada"),
        ("12", "=cmd|calc, Bob"),
        ("13", "Curie, Marie"),
    ]


def test_the_files_that_canvas_packs_find_their_learners(learners, tmp_path):
    files = [tmp_path / "lovelaceada_11_5021_hw1.ipynb", tmp_path / "curiemarie_LATE_13_5022_hw1-2.ipynb"]
    matched = roster.match(files, learners)
    assert {one.student: one.path for one in matched.submissions} == {"11": files[0], "13": files[1]}
    assert [one.id for one in matched.missing] == ["12"]


def test_canvas_gets_its_own_columns_back_and_one_of_points(learners, half):
    results = [
        Result("11", reports=half.reports),
        Result("12", reports=half.reports, status=FOR_A_PERSON),
        Result("13", reports=half.reports[1:], status=NOT_HANDED_IN),
    ]
    text = canvas.as_csv(results, learners, "Homework 1 (99)")
    head, possible, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework 1 (99)"]
    assert possible[0].strip() == "Points Possible" and possible[-1] == str(STEP.points + COUNT.points)
    assert [row[1] for row in rows] == ["11", "12", "13"]
    assert [row[-1] for row in rows] == [str(STEP.points), "", "0"]
    assert rows[1][0] == "'=cmd|calc, Bob"  # no formula for a spreadsheet


def test_canvas_refuses_a_roster_that_is_not_its_own(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,name\nann,Ann\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"expected its columns Student, ID, Section, received columns id, name"):
        canvas.check(roster.read(path))
    with pytest.raises(ValueError, match="received no roster"):
        canvas.check(None)


def test_gradescope_gets_a_test_for_every_named_check(half):
    data = json.loads(gradescope.as_results(half))
    checks = [check for report in half.reports for check in report.checks]
    assert data["score"] == half.points == STEP.points
    assert [(test["score"], test["max_score"]) for test in data["tests"]] == [(c.points, c.max_points) for c in checks]
    assert sum(test["max_score"] for test in data["tests"]) == half.max_points
    assert {test["status"] for test in data["tests"]} == {"passed", "failed"}
    undone = data["tests"][len(STEP.checks)]
    assert "no function `count_updates`" in undone["output"] and undone["output_format"] == "text"


def test_a_result_for_a_person_has_no_score_for_gradescope(half):
    data = json.loads(gradescope.as_results(Result("x", reports=half.reports, status=FOR_A_PERSON, notes=("why",))))
    assert "score" not in data


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    """A folder laid out as Gradescope does it, from the zip, with this Python in place of the one of `setup.sh`."""
    root = tmp_path_factory.mktemp("autograder")
    gradescope.write_zip([STEP.id, COUNT.id], root / "autograder.zip", seed="a seed")
    with zipfile.ZipFile(root / "autograder.zip") as archive:
        archive.extractall(root / "source")
    (root / "venv" / "bin").mkdir(parents=True)
    python = root / "venv" / "bin" / "python"  # a link to a link would not be at home in our environment
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return root


def submit(root, files, metadata=None):
    """Run the zip's own script on a submission, and return its results and its exit status."""
    for old in [*(root / "submission").glob("*"), *(root / "results").glob("*")]:
        old.unlink()
    (root / "submission").mkdir(exist_ok=True)
    for name, text in files.items():
        (root / "submission" / name).write_text(text, encoding="utf-8")
    (root / "submission_metadata.json").write_text(json.dumps(metadata or {"users": [{"email": "ann@example.org"}]}))
    environment = {**os.environ, "AUTOGRADER": str(root), "PYTHONPATH": ""}
    run = subprocess.run(
        ["bash", str(root / "source" / "run_autograder")], env=environment, capture_output=True, text=True, timeout=100
    )
    path = root / "results" / "results.json"
    return (json.loads(path.read_text(encoding="utf-8")) if path.exists() else None), run


def test_the_zip_grades_a_submission_by_itself(box, autograder):
    found, run = submit(autograder, {"hw1.ipynb": notebook(TOP, answer(STEP), answer(COUNT))})
    assert run.returncode == 0, run.stderr
    assert found["score"] == STEP.points + COUNT.points
    assert all(test["status"] == "passed" for test in found["tests"])
    found, _ = submit(autograder, {"hw1.ipynb": notebook(TOP, answer(STEP))}, {"users": []})
    assert found["score"] == STEP.points


@pytest.mark.parametrize("files", [{}, {"a.ipynb": "[[[[", "b.ipynb": "{}"}, {"a.ipynb": "[[[["}])
def test_what_is_no_single_notebook_scores_nothing_and_says_why(box, autograder, files):
    found, run = submit(autograder, files)
    assert run.returncode == 0, run.stderr
    assert found["score"] == 0
    assert ("exactly one notebook" if len(files) != 1 else "no Jupyter notebook") in found["output"]


def test_a_fault_of_the_grader_writes_no_results(autograder):
    settings = autograder / "source" / "settings.json"
    kept = settings.read_text()
    try:
        settings.write_text(json.dumps({**json.loads(kept), "exercises": ["no-such-exercise"]}))
        found, run = submit(autograder, {"hw1.ipynb": notebook(TOP, answer(STEP))})
        assert found is None and run.returncode != 0 and "no-such-exercise" in run.stderr
    finally:
        settings.write_text(kept)


def test_the_zip_is_the_same_for_the_same_settings_and_its_scripts_can_run(tmp_path):
    for name in ("one.zip", "two.zip"):
        gradescope.write_zip([STEP.id], tmp_path / name, seed="a seed")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
        assert modes["setup.sh"] == modes["run_autograder"] == 0o755
        for script in ("setup.sh", "run_autograder"):
            subprocess.run(["bash", "-n"], input=archive.read(script), check=True, timeout=20)
    with pytest.raises(LookupError, match="no-such-exercise"):
        gradescope.write_zip(["no-such-exercise"], tmp_path / "three.zip")
    with pytest.raises(ValueError, match=r"expected a name like autograder\.zip"):
        gradescope.write_zip([STEP.id], tmp_path / "three.tar")
