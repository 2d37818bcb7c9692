"""Contracts that every widget of the package keeps."""

import contextlib
import importlib
import inspect
import json
import re
import subprocess

import pytest
import traitlets

from nncourse import widgets
from nncourse.widgets.base import SNAPSHOT, Widget

from .golden import shifted_digit

QUESTION = {
    "prompt": "Is it?",
    "choices": [
        {"text": "yes", "correct": True, "explanation": "It is."},
        {"text": "no", "correct": False, "explanation": "It is."},
    ],
}
# What a widget without defaults is built with.
ARGUMENTS = {
    "Confusions": {
        "images": [[[0.5] * 8] * 8] * 3,
        "y": [0, 1, 2],
        "p": [[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.6, 0.0, 0.4]],
    },
    "EarlyStop": {"runs": {"a run": {"loss": [2, 1, 0.5, 0.2], "val_loss": [2, 1, 1.5, 1.7]}}},
    "Quiz": {"questions": [QUESTION]},
    "ShiftedDigit": dict(zip(("models", "x", "y"), (shifted_digit.networks(), *shifted_digit.pictures()), strict=True)),
    "Threshold": {"y_true": [0, 0, 1, 0, 1], "p": [0.1, 0.2, 0.4, 0.7, 0.9]},
}

CLASSES = [
    kind
    for name in widgets.__all__
    if inspect.isclass(kind := getattr(widgets, name)) and issubclass(kind, Widget) and kind is not Widget
]
every_widget = pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)


def make(kind):
    return kind(**ARGUMENTS.get(kind.__name__, {}))


def snapshot(widget):
    bundle, _ = widget._repr_mimebundle_()
    return bundle[SNAPSHOT]


def module_of(kind):
    """The ES module as it is written, without the kit."""
    source = inspect.getfile(kind).removesuffix(".py") + ".js"
    with open(source, encoding="utf-8") as file:
        return file.read()


@every_widget
def test_the_snapshot_names_a_class_that_a_build_can_import(kind):
    module, _, name = snapshot(make(kind))["module"].rpartition(".")
    assert getattr(importlib.import_module(module), name) is kind


@every_widget
def test_the_snapshot_is_plain_json_and_whole(kind):
    widget = make(kind)
    shown = snapshot(widget)
    state = json.loads(json.dumps(shown["state"], allow_nan=False))
    assert state.keys() | shown["buffers"].keys() == widget.state().keys() != set()


@every_widget
def test_an_assignment_after_display_does_not_change_what_was_displayed(kind):
    widget = make(kind)
    shown = snapshot(widget)
    before = json.dumps(shown)
    changed = False
    for name, value in widget.state().items():
        if isinstance(value, bool):
            setattr(widget, name, not value)
            changed = True
        elif isinstance(value, list) and value and not isinstance(value[0], (bool, dict, list)):
            setattr(widget, name, value[::-1] if value[::-1] != value else [entry + 1 for entry in value])
            changed = True
    for name, value in widget.state().items():
        for other in (value + 1, value / 2) if type(value) in (int, float) else ():
            with contextlib.suppress(traitlets.TraitError):  # one more may be too many, and a half not whole
                if not changed:  # it has nothing but numbers
                    setattr(widget, name, other)
                    changed = True
    assert changed, f"no trait of {kind.__name__} that this test knows how to change: teach it one"
    assert json.dumps(shown) == before
    assert json.dumps(snapshot(widget)) != before


@every_widget
def test_the_repr_says_the_same_every_time(kind):
    first, second = repr(make(kind)), repr(make(kind))
    assert first == second and re.match(rf"{kind.__name__}\(.*\)$", first) and " at 0x" not in first


@every_widget
def test_the_description_is_made_of_sentences(kind):
    text = make(kind).describe()
    assert re.match(r"[A-Z].{20,}[.?!]$", text, re.DOTALL) and "JavaScript" in text


@every_widget
def test_the_module_is_self_contained_and_parses(kind, node, tmp_path):
    source = str(kind._esm)
    assert not re.search(r"^\s*(import\b|export .* from)|\bimport\(", source, re.MULTILINE)
    assert re.findall(r"^export default .*", source, re.MULTILINE) == ["export default { render };"]
    module = tmp_path / "module.mjs"
    module.write_text(source, encoding="utf-8")
    done = subprocess.run([node, "--check", str(module)], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


@every_widget
@pytest.mark.parametrize(
    ("habit", "why"),
    [
        (r"\bid\s*[:=](?!=)|getElementById|#\$\{", "two copies on a page would share an element id"),
        (r"\bsetInterval\b|\bsetTimeout\b", "a timer outlives its widget; requestAnimationFrame stops with the page"),
        (r"\.innerHTML|insertAdjacentHTML", "text of the state must stay text"),
        (r"https?://(?!www\.w3\.org/)", "a page works without a network"),
        (r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", "colours belong to kit.css, where both themes have theirs"),
        (r"\.addEventListener\(", "at.listen ends with the widget"),
        (r"^(let|var)\s", "state belongs to the model, not to the module"),
    ],
    ids=["ids", "timers", "html", "network", "colours", "listeners", "globals"],
)
def test_the_module_has_no_bad_habit(kind, habit, why):
    found = re.search(habit, module_of(kind), re.MULTILINE)
    assert not found, f"{found[0]!r}: {why}"


@every_widget
def test_the_module_is_short_enough_to_read(kind):
    assert len(module_of(kind).splitlines()) <= 300
