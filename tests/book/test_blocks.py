"""Styled blocks, anchors of exercises and folded solutions, on the built pages."""

import re
from html import unescape

import pytest

from nncourse import exercises

from .chapters import chapter_files

every_chapter = pytest.mark.parametrize("chapter", chapter_files(), ids=lambda chapter: chapter.stem)
BLOCK = re.compile(r'<blockquote class="nn-block nn-(\w+)"(?: id="([^"]+)")?>')
SOLUTION = re.compile(r"<summary>Solution of ([\w-]+)</summary>(.*?)</details>", re.DOTALL)


@pytest.fixture
def page(book):
    return lambda chapter: (book.html / "book" / f"{chapter.stem}.html").read_text(encoding="utf-8")


def of_chapter(chapter):
    return [exercise for exercise in exercises.catalog() if exercise.chapter == chapter.stem[3:]]


@every_chapter
def test_every_block_of_the_source_is_a_block_of_the_page(page, chapter):
    written = re.findall(r"^> \*\*(\w+)", chapter.read_text(encoding="utf-8"), re.MULTILINE)
    assert [kind for kind, _ in BLOCK.findall(page(chapter))] == [word.lower() for word in written]


@every_chapter
def test_the_link_of_a_report_leads_to_its_exercise(page, chapter):
    anchors = [identifier for _, identifier in BLOCK.findall(page(chapter)) if identifier]
    assert sorted(anchors) == sorted(exercise.id for exercise in of_chapter(chapter))
    for exercise in of_chapter(chapter):
        assert exercise.url.endswith(f"/book/{chapter.stem}.html#{exercise.id}")


@every_chapter
def test_the_solution_of_every_exercise_is_folded_into_the_page(page, chapter):
    shown = {identifier: unescape(re.sub(r"<[^>]+>", "", body)) for identifier, body in SOLUTION.findall(page(chapter))}
    assert {identifier: text.strip() for identifier, text in shown.items()} == {
        exercise.id: exercise.solution.strip() for exercise in of_chapter(chapter)
    }
