"""The check of numbers in prose, on small notebooks where the right answer is plain."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from .numbers import reported, shows, unsupported


def notebook(*parts):
    """Markdown where a part is text; a cell with its printed output where it is a pair."""
    return new_notebook(
        cells=[
            new_markdown_cell(part)
            if isinstance(part, str)
            else new_code_cell(part[0], outputs=[new_output("stream", text=part[1])])
            for part in parts
        ]
    )


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("It takes 6 epochs and 1,200 updates.", ["6", "1,200"]),
        ("The share is 97.4 % and falls to \u22120.5.", ["97.4 %", "\u22120.5"]),
        ("See `step(3)` and [the paper](https://doi.org/10.1000/5).", []),
        ("As chapters 04 and 05 show, and chapter 12.", []),
        ("1. First do this.\n2. Then that.", []),
        ("With $x_1 = 3$ and $W$ of shape $(2, 3)$.", []),
        ("The slope is $\\sigma'(0) = 0.25$ and $e \\approx 2.718$, or $\\approx 3$.", ["0.25", "2.718", "3"]),
        ("(4 points) for w1 and x2", []),
        ("It is 1e-17 away.", ["1e-17"]),
        ("The 3-2-1 network of [them](https://doi.org/10.1016/0893(89)90020-8).", []),
    ],
)
def test_numerals_of_the_prose_are_found(prose, found):
    assert reported(prose) == found


@pytest.mark.parametrize(
    ("output", "numeral", "shown"),
    [
        ("accuracy 0.9634", "0.963", True),
        ("accuracy 0.9634", "0.964", False),
        ("accuracy 0.9634", "96 %", True),
        ("accuracy 0.9634", "95 %", False),
        ("updates: 1200", "1,200", True),
        ("[-0.45  0.25]", "\u22120.45", True),
        ("[-0.45  0.25]", "0.45", False),
        ("score -2.8e-17", "-2.8e-17", True),
        ("score -2.8e-17", "-2.9e-17", False),
        ("w1 = 7", "1", False),
        ("11 mistakes", "1", False),
    ],
)
def test_a_numeral_stands_in_an_output_at_the_precision_written(output, numeral, shown):
    assert shows([output], numeral) is shown


def test_an_output_of_another_section_supports_nothing():
    cells = ["# A\n\nIt takes 6 epochs.", ("print(6)", "6")]
    assert unsupported(notebook(*cells), {}) == []
    moved = ["# A\n\nIt takes 6 epochs.", "# B", ("print(6)", "6")]
    assert unsupported(notebook(*moved), {}) == ["6 in section 'A'"]


def test_code_and_its_comments_support_nothing():
    assert unsupported(notebook("It takes 6 epochs.", ("run()  # 6 epochs", "done")), {}) == ["6 in section ''"]


def test_a_given_needs_no_output():
    assert unsupported(notebook("Published in 1958."), {"1958": "year"}) == []
