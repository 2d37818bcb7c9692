"""The `nncourse` command: what it prints, what it refuses, and with which exit status."""

import subprocess
import sys
import tomllib
from types import ModuleType

import pytest

from nncourse import cli, exercises

CALL = "import sys; from nncourse.cli import main; sys.exit(main(sys.argv[1:]))"


def run(capsys, *words):
    status = cli.main([*map(str, words)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_the_command_is_installed_under_its_name(repo):
    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"nncourse": "nncourse.cli:main"}


def test_exercises_lists_all_of_them_with_points(capsys):
    status, out, _ = run(capsys, "exercises")
    assert status == 0 and out == f"{exercises.catalog()!r}\n"


@pytest.mark.parametrize("name", ["5", "05", "losses", "05-losses"])
def test_a_chapter_is_called_by_number_or_name(capsys, name):
    _, out, _ = run(capsys, "exercises", "--chapter", name)
    assert [line.split()[0] for line in out.splitlines()] == [e.id for e in exercises.catalog() if e.number == 5]


@pytest.mark.parametrize(
    ("name", "words"), [("loses", "Did you mean 'losses'?"), ("99", "one of 1 to"), ("04-losses", "Did you mean")]
)
def test_an_unknown_chapter_is_answered_with_the_nearest(capsys, name, words):
    status, out, err = run(capsys, "exercises", "--chapter", name)
    assert (status, out) == (2, "") and words in err


def test_every_unknown_exercise_is_answered_with_the_nearest(capsys, tmp_path):
    out = tmp_path / "hw.ipynb"
    status, printed, err = run(capsys, "assignment", "step-fonction", "huber-loss", "adam-stop", "--out", out)
    assert (status, printed, out.exists()) == (2, "", False)
    assert "Did you mean 'step-function'?" in err and "Did you mean 'adam-step'?" in err and "huber" not in err


@pytest.mark.parametrize("name", ["hw1.ipynb", "hw1.md"])
def test_an_assignment_is_written_and_reported(capsys, tmp_path, name):
    status, out, _ = run(capsys, "assignment", "step-function", "huber-loss", "--out", tmp_path / name)
    assert status == 0 and out == f"{tmp_path / name}: 2 exercises, 6 points\n"
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_work_is_overwritten_only_by_force(capsys, tmp_path):
    out = tmp_path / "hw.md"
    out.write_text("my work", encoding="utf-8")
    status, _, err = run(capsys, "assignment", "step-function", "--out", out)
    assert status == 2 and "--force" in err and out.read_text(encoding="utf-8") == "my work"
    assert run(capsys, "assignment", "step-function", "--out", out, "--force")[0] == 0
    assert "step-function" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "words"), [("hw.txt", "ends in .ipynb or .md"), ("none/hw.md", "no folder")])
def test_a_file_that_cannot_be_is_refused_with_the_reason(capsys, tmp_path, name, words):
    status, _, err = run(capsys, "assignment", "step-function", "--out", tmp_path / name)
    assert status == 2 and words in err and not list(tmp_path.iterdir())


def test_progress_shows_points_by_chapter(capsys):
    status, out, _ = run(capsys, "progress")
    assert status == 0 and "05 Losses" in out and "of 386 points" in out


def test_grade_is_handed_to_the_grader(capsys, monkeypatch):
    grader = ModuleType("nncourse.grading.command")
    grader.add_arguments = lambda parser: parser.add_argument("submissions", nargs="+")
    grader.run = lambda arguments: len(arguments.submissions)
    package = ModuleType("nncourse.grading")
    package.command = grader
    monkeypatch.setitem(sys.modules, "nncourse.grading", package)
    monkeypatch.setitem(sys.modules, "nncourse.grading.command", grader)
    assert cli.main(["grade", "a", "b", "c"]) == 3


@pytest.mark.parametrize(
    "words", [["--help"], ["exercises", "--help"], ["assignment", "--help"], ["progress", "--help"]]
)
def test_every_command_explains_itself(capsys, words):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 0 and "usage: nncourse" in capsys.readouterr().out


def test_a_reader_who_leaves_early_is_no_error():
    with subprocess.Popen(
        [sys.executable, "-c", CALL, "exercises"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_help_loads_neither_numpy_arrays_of_exercises_nor_the_grader():
    code = "import sys, nncourse.cli as c\ntry: c.main(['--help'])\nexcept SystemExit: pass\n"
    code += "print(sorted(m for m in sys.modules if m.startswith(('nncourse.exercises', 'nncourse.grading'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_autograder_and_the_test_files_of_otter_are_written_by_one_command_each(tmp_path, capsys):
    assert cli.main(["autograder", "step-function", "--out", str(tmp_path / "autograder.zip")]) == 0
    assert "Configure Autograder" in capsys.readouterr().out and (tmp_path / "autograder.zip").stat().st_size > 10_000
    assert cli.main(["otter", "step-function", "count-updates", "--out", str(tmp_path / "tests")]) == 0
    assert sorted(path.name for path in (tmp_path / "tests").iterdir()) == ["count-updates.py", "step-function.py"]
    assert cli.main(["otter", "step-fonction", "--out", str(tmp_path)]) == 2
    assert "Did you mean 'step-function'?" in capsys.readouterr().err
    assert cli.main(["autograder", "step-function", "--out", str(tmp_path / "a.tar")]) == 2
    assert "expected a name like autograder.zip" in capsys.readouterr().err
