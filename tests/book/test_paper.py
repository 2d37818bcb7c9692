"""The book on paper: two chapters are printed as the whole book would be."""

import re
import time
import unicodedata

import pytest
from pypdf import PdfReader

from nncourse.book_ext import paper
from nncourse.book_ext.leaves import listed
from nncourse.exercises import BOOK_URL

from .pages import page_names, parsed

FIRST, SECOND = "book/01-from-neuron-to-perceptron", "book/02-sigmoid-neuron"
A4 = (595, 842)  # points


def bare(text):
    """Text without its spaces, where a print breaks lines, and without ligatures, which it draws."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def pdf(book, chromium, tmp_path_factory):
    target = tmp_path_factory.mktemp("paper") / "book.pdf"
    assert paper.make(book.html, target, chromium, only=[FIRST, SECOND]) > 30
    return PdfReader(target)


@pytest.fixture(scope="module")
def pieces(pdf):
    """For each page its text, and where each piece of it begins, in points from the left."""
    found = []
    for page in pdf.pages:
        begins = []

        def look(text, scale, at, font, size, begins=begins):
            if text.strip():
                begins.append((at[4] * scale[0] + at[5] * scale[2] + scale[4], text))

        found.append((page.extract_text(visitor_text=look), begins))
    return found


@pytest.fixture(scope="module")
def texts(pieces):
    return [text for text, _ in pieces]


@pytest.fixture(scope="module")
def chapters(book):
    return [parsed(book.html / f"{name}.html").select_one("article") for name in (FIRST, SECOND)]


def entries(pdf):
    """The outline as (level, title, page from 0)."""

    def walk(items, level):
        for item in items:
            if isinstance(item, list):
                yield from walk(item, level + 1)
            else:
                yield level, item.title, pdf.get_destination_page_number(item)

    return list(walk(pdf.outline, 0))


def annotations(pdf):
    for number, page in enumerate(pdf.pages):
        for link in page.get("/Annots", []):
            yield number, link.get_object()


def test_the_outline_names_every_chapter_and_section_on_its_page(pdf, texts, chapters):
    outline = entries(pdf)
    for chapter in chapters:
        for heading in chapter.select("h1, h2"):
            title = heading.get_text().removesuffix("#")
            found = [(level, page) for level, name, page in outline if name == title or name.endswith(f"  {title}")]
            assert found, title
            level, page = found[0]
            assert level == int(heading.name[1])
            assert bare(title) in bare(texts[page]), title
    assert outline[0][:2] == (0, "From one neuron to a network")


def test_the_contents_name_the_pages(pdf, texts):
    for level, title, page in entries(pdf):
        if level:
            assert bare(title + pdf.page_labels[page]) in bare(texts[1]), title
            assert texts[page].split()[-1] == pdf.page_labels[page] or pdf.page_labels[page] in texts[page].split()


def test_links_between_chapters_stay_in_the_book_and_others_lead_out(pdf):
    first, second = [page for level, _, page in entries(pdf) if level == 1][:2]
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(pdf.pages)}
    inside = [(here, pages[link["/Dest"][0].idnum]) for here, link in annotations(pdf) if "/Dest" in link]
    assert any(here >= second and first <= there < second for here, there in inside)
    outside = [link["/A"]["/URI"] for _, link in annotations(pdf) if "/A" in link]
    assert [address for address in outside if re.match(r"https://paper\.invalid|http://127|file:", address)] == []
    assert any("doi.org" in address for address in outside)


def test_figures_are_drawn_as_vectors(pdf, book, chapters):
    """But for the grounds of pixels that a figure itself brings along."""
    files = [book.html / "book" / image["src"] for chapter in chapters for image in chapter.select("img")]
    grounds = sum(file.read_text(encoding="utf-8").count("<image") for file in files)
    drawn = [page["/Resources"].get("/XObject", {}).values() for page in pdf.pages]
    pixels = [one for page in drawn for one in page if one.get_object()["/Subtype"] == "/Image"]
    assert len(files) > 10 > len(pixels) == grounds


def test_no_line_of_code_is_cut(texts, chapters):
    whole = bare("".join(texts))
    lines = [line for chapter in chapters for code in chapter.select("pre") for line in code.get_text().splitlines()]
    longest = sorted(lines, key=len)[-20:]
    assert len(longest[-1]) > 70
    assert [line for line in longest if bare(line) not in whole] == []


def test_paper_is_a4_and_nothing_stands_beyond_its_margins(pdf, pieces):
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pdf.pages} == {A4}
    begins = [piece for _, found in pieces for piece in found]
    assert len(begins) > 1000
    assert [(left, text) for left, text in begins if not 36 <= left <= A4[0] - 36] == []


def test_every_font_is_embedded(pdf):
    fonts = {font.idnum: font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()}
    assert fonts
    for font in fonts.values():
        if font["/Subtype"] != "/Type3":  # which is its own drawing
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]


def test_mathematics_is_set_and_controls_are_gone(texts):
    whole = " ".join(texts)
    assert not re.search(r"\\(frac|sigma|mathbf|begin)\b", whole)
    assert "Step Run" not in whole
    assert f"Alive at {BOOK_URL}/{FIRST}.html" in " ".join(whole.split())


def test_hints_solutions_and_answers_stand_in_the_back(pdf, texts):
    labels = pdf.page_labels
    back = labels.index("S1")
    assert "not done yet" not in "".join(texts)
    told = re.search(r"Exercise\s+step-function.*?Hints and solution: page (S\d+)", " ".join(texts[:back]), re.DOTALL)
    assert re.search(r"step-function.*?def step", texts[labels.index(told.group(1))], re.DOTALL)
    assert "Quiz" in "".join(texts[back:])


def test_it_says_what_it_is(pdf):
    assert pdf.metadata.title == "Introduction to Neural Networks"
    assert pdf.metadata.author == "The nncourse authors"
    assert pdf.trailer["/Root"]["/Lang"] == "en"


def test_the_sheets_of_a_book_are_its_contents(book):
    found, _ = listed(book.html)
    assert [leaf.name for leaf in found] == page_names()


def test_mathematics_that_comes_late_is_waited_for(book, chromium, tmp_path, monkeypatch):
    answer = paper.Desk.do_GET

    def late(desk):
        if "mathjax" in desk.path:
            time.sleep(1)
        answer(desk)

    monkeypatch.setattr(paper.Desk, "do_GET", late)
    assert paper.make(book.html, tmp_path / "book.pdf", chromium, only=["book/appendix/libraries"]) > 2


def test_a_page_that_the_book_does_not_have_is_named(book):
    with pytest.raises(ValueError, match=r"no page \['book/99-magic'\]; its pages are \['book/index', "):
        paper.make(book.html, "book.pdf", "chromium", only=["book/99-magic"])


def test_without_a_browser_or_a_book_it_says_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert paper.main([str(tmp_path), "book.pdf"]) == 1
    assert "apt-get install chromium" in capsys.readouterr().err
    with pytest.raises(FileNotFoundError, match=r"jupyter-book build \."):
        paper.make(tmp_path, tmp_path / "book.pdf", "chromium")
