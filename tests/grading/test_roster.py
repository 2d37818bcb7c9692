"""Whose file is whose: by stated rules, and where they do not decide, by a person."""

from pathlib import Path

import pytest

from nncourse.grading import roster
from nncourse.grading.roster import Learner

LEARNERS = [Learner("4711", "Ada"), Learner("4712", "Bob"), Learner("abel", "Abel"), Learner("0815", "Cleo")]


def owners(*names):
    return roster.match([Path(name) for name in names], LEARNERS)


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("4711.ipynb", "4711"),
        ("lovelace_4711_hw1.ipynb", "4711"),
        ("late_0815_12_hw1.md", "0815"),
        ("class/4712/hw1.ipynb", "4712"),
        ("ABEL.ipynb", "abel"),
        ("4711/abel.ipynb", "abel"),
    ],
)
def test_a_file_belongs_to_the_id_in_its_name_or_its_folder(name, student):
    (found,) = owners(name).submissions
    assert found.student == student and found.name == next(one.name for one in LEARNERS if one.id == student)


@pytest.mark.parametrize("name", ["4711x.ipynb", "hw1.ipynb", "47114712.ipynb", "4711-hw.ipynb"])
def test_what_fits_no_id_is_listed_and_not_guessed(name):
    matched = owners(name)
    assert not matched.submissions and matched.unmatched == {Path(name): "fits no id of the roster"}


def test_what_fits_two_ids_is_listed_and_not_guessed():
    matched = owners("4711_4712_together.ipynb")
    assert not matched.submissions and list(matched.unmatched.values()) == ["fits 4711 and 4712"]


def test_two_files_of_one_learner_are_left_to_a_person():
    matched = owners("4711_a.ipynb", "4711_b.ipynb", "4712.md")
    assert [one.student for one in matched.submissions] == ["4712"]
    assert matched.twice == [(LEARNERS[0], [Path("4711_a.ipynb"), Path("4711_b.ipynb")])]
    assert {one.id for one in matched.missing} == {"abel", "0815"}


def test_without_a_roster_the_name_is_the_id():
    matched = roster.match([Path("b.ipynb"), Path("a.md"), Path("x/c.ipynb"), Path("y/c.ipynb")])
    assert [one.student for one in matched.submissions] == ["a", "b"] and [one.id for one, _ in matched.twice] == ["c"]


def test_a_roster_keeps_all_of_its_columns(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("\ufeffName,ID,Section\nAda, 4711 ,A\n\nBob,4712,B\n", encoding="utf-8")
    ada, bob = roster.read(path)
    assert (ada.id, ada.name, ada.columns["Section"]) == ("4711", "Ada", "A") and bob.id == "4712"


@pytest.mark.parametrize(
    ("text", "message"), [("", "column `id`"), ("name\nAda\n", "column `id`"), ("id\nAda\nada\n", "stands there twice")]
)
def test_a_roster_that_is_none_says_so(tmp_path, text, message):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        roster.read(path)


def test_folders_are_searched_without_checkpoints_and_hidden_files(tmp_path):
    for name in ("a.ipynb", "b/c.md", "b/.ipynb_checkpoints/c-checkpoint.ipynb", ".d.ipynb", "e.txt", "F.IPYNB"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {path.name for path in roster.files([tmp_path])} == {"a.ipynb", "c.md", "F.IPYNB"}
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        roster.files([tmp_path / "none"])


def test_an_umlaut_is_the_same_however_it_is_encoded():
    matched = roster.match([Path("mu\u0308ller.ipynb")], [Learner("M\u00fcller")])
    assert [one.student for one in matched.submissions] == ["M\u00fcller"]


def test_a_file_that_is_no_notebook_counts_where_there_is_none(tmp_path):
    for name in ("4711_hw.py", "4712_hw.ipynb", "4712_data.csv", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "grades").mkdir()
    (tmp_path / "grades" / "0815.txt").touch()
    matched = roster.match(roster.files([tmp_path], tmp_path / "grades"), LEARNERS)
    assert [one.path.name for one in matched.submissions] == ["4711_hw.py", "4712_hw.ipynb"]
    assert not matched.twice and not matched.unmatched and {one.id for one in matched.missing} == {"abel", "0815"}


def test_a_roster_in_another_encoding_is_refused_with_advice(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes("id,name\n1,M\u00fcller\n".encode("latin-1"))
    with pytest.raises(ValueError, match="UTF-8"):
        roster.read(path)
