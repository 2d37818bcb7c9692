"""What the page on Keras and PyTorch says of PyTorch's defaults is what PyTorch does."""

import inspect
import re

import pytest

torch = pytest.importorskip("torch", reason="pip install torch, to compare with it")

DEFAULTS = [
    ("`SGD`, default rate", "SGD", "lr"),
    ("`Adagrad`, default rate", "Adagrad", "lr"),
    ("`Adagrad`, the sum starts at", "Adagrad", "initial_accumulator_value"),
    ("`Adagrad`, divides by", "Adagrad", "eps"),
    ("`RMSprop`, default rate", "RMSprop", "lr"),
    ("`RMSprop`, keeps", "RMSprop", "alpha"),
    ("`RMSprop`, divides by", "RMSprop", "eps"),
    ("`Adam`, divides by", "Adam", "eps"),
    ("`AdamW`, default decay", "AdamW", "weight_decay"),
]


@pytest.fixture
def table(repo):
    """The cells of every row of the page, by its first cell."""
    text = (repo / "book" / "appendix" / "libraries.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:2] == "| "]
    return {row[0].lstrip("| "): row[1:] for row in rows}


def number(cell):
    """The last number of a cell, which may be a power of ten."""
    if power := re.search(r"10\^\{(-\d+)\}\$$", cell):
        return 10.0 ** int(power.group(1))
    return float(re.findall(r"\d+\.?\d*", cell)[-1])


@pytest.mark.parametrize(("row", "optimizer", "argument"), DEFAULTS, ids=[row for row, *_ in DEFAULTS])
def test_the_defaults_of_pytorch_are_those_of_the_table(table, row, optimizer, argument):
    parameters = inspect.signature(getattr(torch.optim, optimizer)).parameters
    assert number(table[row][2]) == pytest.approx(parameters[argument].default, rel=1e-12)


@pytest.mark.parametrize(
    ("row", "name", "argument"),
    [
        ("`SGD`, default rate", "SGD", "learning_rate"),
        ("`Adagrad`, default rate", "Adagrad", "learning_rate"),
        ("`Adagrad`, divides by", "Adagrad", "epsilon"),
        ("`RMSprop`, keeps", "RMSprop", "rho"),
        ("`Adam`, divides by", "Adam", "epsilon"),
        ("`AdamW`, default decay", "AdamW", "weight_decay"),
    ],
)
def test_our_own_defaults_are_those_of_the_table(table, row, name, argument):
    from nncourse import optimizers

    shown = number(re.split(r" of | before ", table[row][0])[0])
    assert shown == pytest.approx(getattr(getattr(optimizers, name)(), argument), rel=1e-12)
