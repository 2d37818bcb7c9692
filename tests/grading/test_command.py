"""`nncourse grade`, from a folder of notebooks to gradebook and reports."""

import argparse
import csv

import pytest

from nncourse.exercises import get
from nncourse.grading import batch, command, sandbox

from .notebooks import answer, notebook

STEP, SUM = get("step-function"), get("weighted-sum")
RIGHT = notebook("import numpy as np", answer(STEP), answer(SUM))
HANDED_OUT = notebook(
    STEP.starter, 'nn.check("step-function", step)', SUM.starter, "check('weighted-sum', weighted_sum)"
)

PRIVATE = '''
import numpy as np
from nncourse.exercises import Check, Exercise, Misconception

def double(x):
    """Twice x."""
    return 2 * x

def triple(x):
    return 3 * x

DOUBLE = Exercise(id="my-double", chapter="losses", title="Twice", reference=double, difficulty=1, alternatives=(),
    checks=(Check("numbers", 3, lambda rng: [(rng.normal(size=3),)]),),
    misconceptions=(Misconception(triple, "That is three times."),), hints=())
EXERCISES = (DOUBLE,)
'''


@pytest.fixture
def grade(tmp_path, level):
    """`grade("--roster", path)`: the exit status and the rows of the gradebook."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (tmp_path / "hw.ipynb").write_text(HANDED_OUT)

    def run(*words, assignment="hw.ipynb", seed=("--seed", "7")):
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        paths = [str(folder), "--assignment", str(tmp_path / assignment), "--out", str(out), "--jobs", "1"]
        status = command.run(parser.parse_args([*paths, *seed, *map(str, words)]))
        with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
            return status, list(csv.DictReader(file))

    run.folder, run.out = folder, out
    return run


def files(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_a_class_is_graded_by_one_command(grade, tmp_path, capsys):
    (grade.folder / "x_4711_hw.ipynb").write_text(RIGHT)
    (grade.folder / "4712.md").write_text(f"# Hi\n\n```{{code-cell}}\nimport numpy as np\n{answer(STEP)}\n```\n")
    (grade.folder / "stranger.ipynb").write_text(RIGHT)
    (grade.folder / "4714_a.ipynb").write_text(RIGHT)
    (grade.folder / "4714_b.ipynb").write_text(RIGHT)
    (tmp_path / "roster.csv").write_text("id,name\n4711,Ada\n4712,Bob\n4713,Cat\n4714,Dan\n")
    status, rows = grade("--roster", tmp_path / "roster.csv")
    assert [(row["id"], row["name"], row["status"], row["points"]) for row in rows] == [
        ("4711", "Ada", "graded", "4"),
        ("4712", "Bob", "graded", "2"),
        ("4713", "Cat", "not handed in", "0"),
        ("4714", "Dan", "needs a person", ""),
    ]
    said = capsys.readouterr().out
    assert status == 1 and "stranger.ipynb fits no id" in said and "There are several files" in said
    assert {path.name for path in (grade.out / "reports").iterdir()} == {
        f"{student}.{ending}" for student in ("4711", "4712", "4713", "4714") for ending in ("html", "txt")
    }
    assert "There is no function `weighted_sum`" in (grade.out / "reports" / "4712.txt").read_text()


def test_the_same_seed_gives_the_same_files_to_the_last_byte(grade):
    (grade.folder / "ann.ipynb").write_text(RIGHT)
    (grade.folder / "bob.ipynb").write_text(HANDED_OUT)
    grade()
    first = files(grade.out)
    for path in (grade.out / "results").iterdir():
        path.unlink()
    assert grade()[0] == 0 and files(grade.out) == first


def test_without_a_seed_one_is_drawn_and_kept_to_oneself(grade):
    (grade.folder / "ann.ipynb").write_text(RIGHT)
    grade(seed=())
    first = files(grade.out)
    assert len(first["seed"].strip()) == 32 and (grade.out / "seed").stat().st_mode & 0o077 == 0
    grade(seed=())
    assert files(grade.out) == first
    assert not [name for name, data in first.items() if name != "seed" and first["seed"].strip() in data]


def test_an_assignment_is_the_notebook_or_a_list_of_ids(grade, tmp_path):
    (grade.folder / "ann.ipynb").write_text(RIGHT)
    (tmp_path / "hw.txt").write_text("weighted-sum  # the second\n\n# a comment\nstep-function\n")
    rows = grade(assignment="hw.txt")[1]
    assert list(rows[0])[4:6] == ["weighted-sum", "step-function"]
    (tmp_path / "empty.txt").write_text("# nothing\n")
    with pytest.raises(ValueError, match="names no exercise"):
        grade(assignment="empty.txt")
    (tmp_path / "unknown.txt").write_text("no-such-exercise\n")
    with pytest.raises(LookupError, match="no-such-exercise"):
        grade(assignment="unknown.txt")


def test_private_exercises_are_graded_beside_those_of_the_course(grade, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "week_1.py").write_text(PRIVATE)
    (tmp_path / "hw.txt").write_text("my-double\nstep-function\n")
    (grade.folder / "ann.ipynb").write_text(notebook("def double(x): return x + x", answer(STEP), "import numpy as np"))
    (grade.folder / "bob.ipynb").write_text(notebook("def double(x): return 3 * x"))
    rows = grade("--exercises", tmp_path / "mine", assignment="hw.txt")[1]
    assert [(row["my-double"], row["step-function"]) for row in rows] == [("3", "2"), ("0", "0")]
    assert "That is three times." in (grade.out / "reports" / "bob.txt").read_text()
    with pytest.raises(LookupError, match="my-double"):
        grade(assignment="hw.txt")


def test_without_confinement_it_refuses_unless_told_to_go_on(grade, monkeypatch, capsys):
    (grade.folder / "ann.ipynb").write_text(RIGHT)

    def lacking(level):
        return "" if level == "unconfined" else "not on this machine"

    batch.box.cache_clear()  # boxes of other tests, which are already tried
    monkeypatch.setattr(sandbox, "lacking", lacking)
    with pytest.raises(ValueError, match=r"cannot confine.*not on this machine.*--unconfined"):
        grade()
    status, rows = grade("--unconfined")
    assert status == 0 and rows[0]["points"] == "4"
    assert "WITHOUT confinement" in capsys.readouterr().err
    assert "without confinement" in (grade.out / "reports" / "ann.txt").read_text()


def test_a_folder_without_submissions_gives_an_empty_gradebook(grade):
    assert grade() == (0, [])


def test_what_is_left_out_of_a_cell_is_told_where_it_is_missed(grade):
    hidden = "if True:\n    def step(z):\n        return z"
    (grade.folder / "ann.ipynb").write_text(notebook(hidden, "W = make()\ndef weighted_sum(x, w, b):\n    return W"))
    grade()
    report = (grade.out / "reports" / "ann.txt").read_text()
    assert "code cell 1, line 2 defines `step`, but" in report and "code cell 2, line 1 defines `W`, but" in report


@pytest.mark.parametrize(("words", "said"), [(("--seconds", "0"), "0.1"), (("--shard", "9/8"), "as in 2/8")])
def test_a_number_that_cannot_be_is_refused_with_a_reason(grade, capsys, words, said):
    with pytest.raises(SystemExit):
        grade(*words)
    assert said in capsys.readouterr().err


def test_two_files_leave_no_score_for_gradescope(grade, tmp_path):
    for name in ("4714_a.ipynb", "4714_b.ipynb"):
        (grade.folder / name).write_text(RIGHT)
    (tmp_path / "roster.csv").write_text("id\n4714\n4715\n")
    grade("--roster", tmp_path / "roster.csv", "--gradescope")
    assert [path.name for path in (grade.out / "gradescope").iterdir()] == ["4715.json"]
