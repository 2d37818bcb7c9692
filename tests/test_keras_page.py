"""The page that shows Keras beside this package: what stands on the left runs, what stands on the right says the same.

The right column needs Keras and an engine for it, which the tests do not install; where they are, it runs too.
"""

import re
from difflib import unified_diff

import numpy as np
import pytest

import nncourse as nn

FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAIR = re.compile(r"^::::\{grid\}.*?^::::$", re.MULTILINE | re.DOTALL)

# What may differ beside the imports, by a word of the pair: another interface for the same thing.
OTHERWISE = {
    "train_steps": "Keras keeps its loop inside fit",
    "seed=0": "Keras has one seed for everything",
    "Residual(": "Keras asks for queries and values apart",
}


@pytest.fixture(scope="module")
def page(repo):
    return (repo / "book" / "appendix" / "keras.md").read_text(encoding="utf-8")


def pairs(page):
    found = [FENCE.findall(block) for block in PAIR.findall(page)]
    assert [pair for pair in found if len(pair) != 2] == []
    return found


def program(page, column):
    """What a reader of one column types: all that stands alone, and that column of each pair, in order."""
    one = PAIR.sub(lambda block: f"```python\n{FENCE.findall(block.group())[column]}```", page)
    return "\n".join(FENCE.findall(one))


def translated(listing):
    for ours, theirs in [
        ("import nncourse as nn", "import keras"),
        ("from nncourse.schedules import", "from keras.optimizers.schedules import"),
        ("from nncourse.", "from keras."),
        ("nn.Sequential.load(", "keras.models.load_model(\n    "),
        ('"model.npz"', '"model.keras"'),
    ]:
        listing = listing.replace(ours, theirs)
    return re.sub(r"\bnn\.", "keras.", listing)


def words(listing):
    """A listing without its line breaks, and without the brackets that hold a long import together."""
    return re.sub(r"import \(([^)]*)\)", r"import \1", listing).split()


def test_what_stands_on_the_left_runs_and_learns(page, tmp_path, monkeypatch, capsys):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib").use("Agg")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(program(page, 0), "the left column", "exec"), names)
    assert names["accuracy"] > 0.9
    assert "897" in capsys.readouterr().out
    assert isinstance(names["again"], nn.Sequential)
    np.testing.assert_array_equal(names["again"].parameters, names["model"].parameters)


def test_what_stands_on_the_right_is_the_left_with_other_imports(page):
    found = pairs(page)
    assert len(found) > 10
    unlike = []
    for ours, theirs in found:
        if words(translated(ours)) != words(theirs) and not any(word in ours for word in OTHERWISE):
            unlike.append("\n".join(unified_diff(translated(ours).splitlines(), theirs.splitlines(), lineterm="")))
    assert unlike == []


def test_every_exception_is_still_one(page):
    listings = [(ours, theirs) for ours, theirs in pairs(page) if words(translated(ours)) != words(theirs)]
    assert [sum(word in ours for ours, _ in listings) for word in OTHERWISE] == [1] * len(OTHERWISE)


def test_the_columns_are_narrow_enough_to_stand_side_by_side(page):
    lines = [line for pair in pairs(page) for listing in pair for line in listing.splitlines()]
    assert [line for line in lines if len(line) > 46] == []


def test_what_stands_on_the_right_runs_where_keras_is(page, tmp_path, monkeypatch):
    pytest.importorskip("keras", reason="pip install keras with an engine, to run what is shown of it")
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib").use("Agg")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(program(page, 1), "the right column", "exec"), names)
    assert names["accuracy"] > 0.9
