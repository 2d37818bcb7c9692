"""What the extension makes of a chapter, on small documents."""

from docutils import nodes
from docutils.utils import new_document

from nncourse import exercises
from nncourse.book_ext import Blocks, Solutions, Streams


def applied(transform, *children):
    document = new_document("test")
    document += list(children)
    transform(document).apply()
    return document


def printed(text, kind="stream"):
    return nodes.literal_block(text, text, classes=["output", kind])


def test_pieces_of_what_a_cell_prints_are_joined_as_they_came():
    document = applied(Streams, nodes.container("", printed("one\ntw"), printed("o\n"), printed("three\n")))
    (block,) = document.findall(nodes.literal_block)
    assert block.astext() == block.rawsource == "one\ntwo\nthree\n"


def test_outputs_that_are_no_streams_stay_apart():
    document = applied(Streams, nodes.container("", printed("one\n"), printed("2", "text_plain"), printed("three\n")))
    assert [block.astext() for block in document.findall(nodes.literal_block)] == ["one\n", "2", "three\n"]


def quotation(*inline):
    return nodes.block_quote("", nodes.paragraph("", "", nodes.Text(""), *inline))  # the parser begins with no text


def test_a_quotation_that_opens_with_a_bold_word_is_a_block():
    document = applied(Blocks, quotation(nodes.strong("", "Folklore: it is so."), nodes.Text(" It is not.")))
    assert document[0]["classes"] == ["nn-block", "nn-folklore"]


def test_an_exercise_can_be_linked_to_by_its_id():
    bold = nodes.strong("", "", nodes.Text("Exercise "), nodes.literal("", "step-function"))
    document = applied(Blocks, quotation(bold))
    assert document[0]["ids"] == ["step-function"]


def test_an_ordinary_quotation_stays_one():
    document = applied(Blocks, quotation(nodes.Text("She said "), nodes.strong("", "Folklore")))
    assert document[0]["classes"] == []
    assert applied(Blocks, quotation(nodes.strong("", "Nobody")))[0]["classes"] == []


def check_cell():
    code = nodes.literal_block("", 'nn.check("step-function", step)')
    return nodes.container("", nodes.container("", code), nb_element="cell_code")


def test_the_solution_of_an_exercise_is_folded_behind_its_cell():
    bold = nodes.strong("", "", nodes.Text("Exercise "), nodes.literal("", "step-function"))
    document = applied(Blocks, quotation(bold), check_cell())
    Solutions(document).apply()
    assert [node.tagname for node in document] == ["block_quote", "container", "raw", "literal_block", "raw"]
    assert document[3].astext() == exercises.get("step-function").solution


def test_a_cell_that_only_shows_a_check_gets_no_solution():
    assert len(applied(Solutions, check_cell())) == 1
