"""A chapter opened in JupyterLab: a notebook whose widgets talk with Python, and still a text file when it is saved."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import nncourse as nn

from .chapters import ROOT, chapter_files
from .laboratory import faults, opened, run_all, running_lab

pytestmark = pytest.mark.lab

QUICK = "02-sigmoid-neuron"
TAUGHT = nn.Perceptron(1.0, epochs=20).fit(*nn.datasets.logic_gate("AND"))
SHOWN = 'nn.widgets.PerceptronStepper(gate="AND")'
OBSERVED = f"""widget = {SHOWN}
seen = []
widget.observe(lambda change: seen.append(change["new"]), "mistakes")
widget"""
ASK = """async (expression) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const { content } = await kernel.requestExecute({ code: "", user_expressions: { asked: expression } }).done;
  return content.user_expressions.asked.data["text/plain"];
}"""
TELL = """async (code) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  return (await kernel.requestExecute({ code }).done).content.status;
}"""


def eventually(ask, expected, patience=15):
    """Wait until `ask()` is what is expected; in the end, say what it was."""
    deadline = time.monotonic() + patience
    while (answer := ask()) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answer == expected


@pytest.fixture(scope="module")
def lab(need, tmp_path_factory):
    """JupyterLab on an empty folder: (the folder, the address of a file in it)."""
    jupyter = need("jupyter-lab", how='pip install "nncourse[lab]"')
    home = tmp_path_factory.mktemp("lab")
    folder = home / "course"
    (folder / "book").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", folder)  # jupytext's settings
    with running_lab(Path(jupyter), folder, home) as address:
        yield folder, address


def test_a_chapter_runs_answers_to_python_and_stays_text(lab, open_page):
    folder, address = lab
    source = next(file for file in chapter_files() if f"\n{SHOWN}\n" in file.read_text(encoding="utf-8"))
    chapter = folder / "book" / source.name
    shutil.copy(source, chapter)
    page = opened(open_page(address(f"book/{source.name}"), width=1300, height=1000))

    def ask(expression):
        return page.evaluate(ASK, expression)

    # The imports, by hand, then the cell of the widget, edited as a reader edits one.
    page.locator(".jp-CodeCell", has_text="import nncourse").first.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    cell = page.locator(".jp-CodeCell", has_text="PerceptronStepper(").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(OBSERVED)
    page.keyboard.press("Control+Enter")
    cell = page.locator(".jp-CodeCell", has_text="seen.append").first
    widget = cell.locator(".nn-w")
    widget.wait_for(timeout=30_000)

    # From the page to Python, and from Python to the page.
    widget.get_by_role("button", name="20 epochs").click()
    eventually(lambda: ask("seen[-1:]"), str([TAUGHT.mistakes_]))
    assert json.loads(ask("widget.weights")) == [TAUGHT.bias_, *TAUGHT.weights_]
    assert page.evaluate(TELL, "widget.learning_rate = 0.5") == "ok"
    slider = widget.locator('input[name="learning_rate"]')
    eventually(slider.input_value, "0.5")
    eventually(lambda: ask("widget.mistakes"), "[]")  # the page started again, and told Python

    # Saved, the chapter differs by that cell alone, and runs from beginning to end.
    before = source.read_text(encoding="utf-8")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    eventually(lambda: chapter.read_text(encoding="utf-8"), before.replace(f"\n{SHOWN}\n", f"\n{OBSERVED}\n"))
    assert page.abroad == []
    run = [sys.executable, "-m", "jupytext", "--to", "ipynb", "--execute", "--output", "executed.ipynb", str(chapter)]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_chapter_runs_from_top_to_bottom(lab, open_page):
    """One chapter, with widgets and figures: `python -m tests.book.binder` runs them all, in what Binder builds."""
    folder, address = lab
    shutil.copy(ROOT / "book" / f"{QUICK}.md", folder / "book")
    page = opened(open_page(address(f"book/{QUICK}.md"), width=1300, height=1000))
    found = run_all(page)
    assert found["cells"] > 15 and found["widgets"] >= 2
    assert faults(found) == []
    assert page.abroad == []


def test_a_cell_that_fails_and_a_widget_that_is_not_drawn_are_told():
    well = {"ended": True, "cells": 3, "run": 3, "errors": [], "widgets": 1, "drawn": 1}
    assert faults(well) == []
    assert faults({**well, "ended": False, "run": 2, "errors": ["NameError: name 'x' is not defined"]}) == [
        "NameError: name 'x' is not defined",
        "2 of 3 cells were run",
    ]
    assert faults({**well, "drawn": 0}) == ["0 of 1 widgets are drawn"]
