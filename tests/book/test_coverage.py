"""The maps of the appendix: each row of the sources has its place, each correction too, and the places exist.

A row without a heading stands in a page's opening, one without a page says in words why it has none.
"""

import csv
import re
from collections import Counter

import pytest

from nncourse.book_ext.tables import Corrections, Coverage, link, read_table

from .chapters import ROOT
from .pages import page_names

APPENDIX = ROOT / "book" / "appendix"
ROWS = read_table(APPENDIX / "coverage.csv", Coverage.columns)
CORRECTED = read_table(APPENDIX / "corrections.csv", Corrections.columns)
PAGES = [name.removeprefix("book/") for name in page_names()]


@pytest.mark.parametrize("page", PAGES)
def test_what_the_maps_say_of_a_page_has_a_place_there(page):
    text = (ROOT / "book" / f"{page}.md").read_text(encoding="utf-8")
    headings = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    told = [row["heading"] for row in [*ROWS, *CORRECTED] if row["chapter"] == page]
    assert [heading for heading in told if heading not in ("", *headings)] == []


def test_every_row_of_the_sources_is_on_the_map_once_for_each_place():
    assert [row for row in ROWS if not (row["row"] and row["title"] and row["how"])] == []
    assert {row["chapter"] for row in ROWS} <= {"", *PAGES}
    assert len({row["row"] for row in ROWS}) == 269
    assert [row["row"] for row in ROWS if not row["chapter"]] == ["SG-27.0"]
    assert max(Counter((row["row"], row["chapter"]) for row in ROWS).values()) == 1


def test_every_correction_is_in_the_table_in_order():
    assert [row for row in CORRECTED if not (row["claim"] and row["truth"])] == []
    assert {row["chapter"] for row in CORRECTED} <= {"", *PAGES}
    entries = list(dict.fromkeys(row["entry"] for row in CORRECTED))
    assert entries == [f"E{number:02}" for number in range(1, 131)]
    assert {row["entry"] for row in CORRECTED if not row["chapter"]} == {"E01", "E04", "E06"}


def test_a_table_with_other_columns_is_refused(tmp_path):
    with (tmp_path / "table.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["row", "heading"])
    with pytest.raises(ValueError, match=r"its columns must be row, title, .*; they are row, heading"):
        read_table(tmp_path / "table.csv", Coverage.columns)


def test_a_link_leads_from_the_appendix_to_a_section():
    assert link("05-losses", "The wrong pair") == "[chapter 05, *The wrong pair*](../05-losses.md#the-wrong-pair)"
    assert link("05-losses", "") == "[chapter 05](../05-losses.md)"
    assert link("appendix/keras", "Saving") == "[*Saving*](../appendix/keras.md#saving)"
    assert link("appendix/keras", "") == "[](../appendix/keras.md)"
