"""Where each row of the sources is taught: the place exists. A row without a heading stands in a chapter's opening."""

import csv
import re
from collections import Counter

import pytest

from .chapters import ROOT, chapter_files

CHAPTERS = chapter_files()

with (ROOT / "book" / "appendix" / "coverage.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_what_the_map_says_a_chapter_teaches_has_a_place_there(chapter):
    headings = re.findall(r"^##+ (.+)$", chapter.read_text(encoding="utf-8"), re.MULTILINE)
    taught = [row for row in ROWS if row["chapter"] == chapter.stem]
    assert taught
    assert [row for row in taught if row["heading"] not in ("", *headings)] == []


def test_a_row_of_the_map_is_whole_and_leads_to_a_chapter_once():
    assert [row for row in ROWS if not (row["row"] and row["title"] and row["how"])] == []
    assert {row["chapter"] for row in ROWS} <= {chapter.stem for chapter in CHAPTERS}
    assert max(Counter((row["row"], row["chapter"]) for row in ROWS).values()) == 1
