"""Gradebooks and reports: whole, the same each time, and harmless wherever they are opened."""

import codecs
import csv
import io
import json
from html.parser import HTMLParser

import pytest

from nncourse.exercises import CheckResult, Report, check, get
from nncourse.grading import batch, gradebook, pages, result
from nncourse.grading.result import Result

EXERCISE = get("step-function")
RIGHT = check("step-function", EXERCISE.reference)
WRONG = check("step-function", EXERCISE.misconceptions[0].function)
BAD = '=HYPERLINK("http://localhost")<script>alert(1)</script>\x1b[2J\x00\u202e'


def graded(student="ann", *reports, **more):
    return Result(student, reports=reports or (RIGHT, WRONG), confinement="landlock", **more)


def rows(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_result_goes_to_a_file_and_back():
    found = graded("ann", name="Ann É", file="a.ipynb", notes=("one", "two"), key="k")
    assert result.from_json(result.as_json(found)) == found


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"reports": [], "notes": [], "more": 1}', "null"])
def test_what_is_no_result_is_refused(text):
    with pytest.raises(ValueError):
        result.from_json(text)


def test_a_gradebook_has_a_line_a_learner():
    header, ann, bob = rows(gradebook.as_csv([graded("ann", name="Ann"), graded("bob", RIGHT, RIGHT)]))
    assert header[:4] == ["id", "name", "file", "status"] and header[-2:] == ["points", "max_points"]
    assert ann == ["ann", "Ann", "", "graded", "2", "0", "2", "4"] and bob[-2:] == ["4", "4"]
    learners = json.loads(gradebook.as_json([graded("ann")]))["results"]
    assert learners[0]["points"] == 2 and learners[0]["reports"][1]["hint"] == WRONG.hint


def test_excel_is_told_that_a_gradebook_is_utf_8():
    text = gradebook.EXPORTERS["gradebook.csv"]([graded("ann", name="Ånn")])
    assert text.encode().startswith(codecs.BOM_UTF8)
    assert rows(text.encode().decode("utf-8-sig")) == rows(gradebook.as_csv([graded("ann", name="Ånn")]))


def test_who_needs_a_person_has_no_points_rather_than_none():
    found = graded("ann", status=result.FOR_A_PERSON)
    assert found.points is None and rows(gradebook.as_csv([found]))[1] == [
        "ann",
        "",
        "",
        "needs a person",
        "",
        "",
        "",
        "4",
    ]
    assert "No points yet" in pages.as_text(found) and "No points yet" in pages.as_html(found)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\x00=1"])
def test_no_cell_is_a_formula(text):
    (cell,) = rows(gradebook.table([[text]]))[0]
    assert cell[0] not in "=+-@\t\r\n "


def test_numbers_stay_numbers():
    assert gradebook.table([[-1, 2.5, ""]]) == "-1,2.5,\r\n"


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def test_whatever_a_submission_says_is_text():
    report = Report("step-function", "raised", BAD, checks=(CheckResult("c", False, 0, 1, BAD),), printed=BAD)
    found = graded(BAD, result.cleaned(report), name=BAD, file=BAD, notes=(BAD,))
    reader = Tags()
    reader.feed(pages.as_html(found))
    assert not [tag for tag, _ in reader.found if tag in ("script", "img", "link", "iframe")]
    assert not [name for _, attributes in reader.found for name in attributes if name.startswith("on")]
    for text in (pages.as_html(found), pages.as_text(found), gradebook.as_csv([found])):
        assert "\x1b" not in text and "\x00" not in text and "\u202e" not in text


def test_a_page_is_a_whole_document_with_every_exercise():
    page = pages.as_html(graded("ann", name="Ann"))
    assert page.startswith("<!doctype html>") and 'lang="en"' in page and "<title>Ann (ann)</title>" in page
    assert "2 of 4 points" in page and "Landlock" in page and page.count("<section") == 2


def test_a_text_says_what_is_right_and_what_to_look_at():
    text = pages.as_text(graded("ann", file="a.ipynb", notes=("something",)))
    for part in ("ann\n2 of 4 points", "File: a.ipynb", "Note: something", WRONG.hint, "[x]", "[ ]"):
        assert part in text


@pytest.mark.parametrize(
    "student", ["../../etc/passwd", "a/b", "..", ".hidden", "é ü", "x" * 300, "", "con?*<>|", "a\x00b"]
)
def test_a_learners_files_stay_in_their_folder(tmp_path, student):
    path = tmp_path / f"{batch.file_name(student)}.json"
    path.write_text("x")
    assert path.resolve().parent == tmp_path.resolve() and not path.name.startswith("..")


def test_different_learners_have_different_files():
    ids = ["a", "a/b", "a%2Fb", "A", "x" * 300, "x" * 301, ".", "%2E"]
    assert len({batch.file_name(student) for student in ids}) == len(ids)
