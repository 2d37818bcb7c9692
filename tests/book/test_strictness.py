"""What a strict build refuses, and in which words; and that each display of a widget keeps its own moment.

Two small books are built with the settings of the real one: one with faults that a build goes on from, one with a cell
that fails.
"""

import shutil

import pytest
import yaml

from ..conftest import build_book
from .pages import parsed, settle

pytestmark = pytest.mark.slow

FRONT = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  name: python3
  display_name: Python 3 (ipykernel)
  language: python
---

"""

FAULTY = {
    "index": """# Faults

A container of widgets, and a function with sliders, live in a kernel only.

```{code-cell} ipython3
import ipywidgets
import matplotlib.pyplot as plt
```

```{code-cell} ipython3
ipywidgets.VBox([ipywidgets.IntSlider()])
```

```{code-cell} ipython3
_ = ipywidgets.interact(lambda x: x, x=3)
```

```{code-cell} ipython3
_ = plt.plot([1, 2])
```
""",
    "twice": """# One widget, three moments

```{code-cell} ipython3
import nncourse as nn

stepper = nn.widgets.PerceptronStepper(gate="AND", learning_rate=1.0)
stepper
```

```{code-cell} ipython3
stepper.learning_rate = 0.5
stepper
```

```{code-cell} ipython3
stepper.learning_rate = 2.0
```
""",
}

FAILING = {"index": "# A cell that fails\n\n```{code-cell} ipython3\n1 / 0\n```\n"}


def build(repo, folder, pages):
    """Build a book of these pages with the repository's settings: (exit status, its HTML, its log)."""
    folder.mkdir()
    shutil.copy(repo / "_config.yml", folder)
    chapters = [{"file": name} for name in pages if name != "index"]
    toc = {"format": "jb-book", "root": "index"} | ({"chapters": chapters} if chapters else {})
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(FRONT + text, encoding="utf-8")
    status, log = build_book(folder, folder)
    return status, folder / "_build" / "html", log


@pytest.fixture(scope="module")
def faulty(repo, tmp_path_factory):
    return build(repo, tmp_path_factory.mktemp("strict") / "faulty", FAULTY)


def warnings(log):
    """The warnings about pages: (page and line, message)."""
    lines = [line.partition(" WARNING: ") for line in log.splitlines() if ".md" in line and " WARNING: " in line]
    return [(place.rsplit("/", 1)[-1], message) for place, _, message in lines]


def test_faults_fail_the_build_and_a_good_widget_adds_none(faulty):
    status, _, log = faulty
    assert status != 0
    assert [place.partition(":")[0] for place, _ in warnings(log)] == ["index.md"] * 3, log


def test_a_widget_that_needs_a_kernel_is_refused_with_what_to_do(faulty):
    refusals = [message for _, message in warnings(faulty[2]) if "needs a kernel" in message]
    assert len(refusals) == 2  # the container, and the sliders of interact
    assert all("Show a widget of nncourse.widgets instead" in message for message in refusals)


def test_a_figure_without_alternative_text_is_refused_with_how_to_give_one(faulty):
    refusals = [message for _, message in warnings(faulty[2]) if "alternative text" in message]
    assert len(refusals) == 1 and "mystnb: {image: {alt: ...}}" in refusals[0]


def test_a_cell_that_fails_fails_the_build(repo, tmp_path):
    status, _, log = build(repo, tmp_path / "failing", FAILING)
    assert status != 0 and "ZeroDivisionError" in log


def test_each_display_keeps_the_state_of_its_moment_and_lives_alone(faulty, open_page):
    html = faulty[1] / "twice.html"
    assert len(parsed(html).select(".nn-widget")) == 2
    page = settle(open_page(html.as_uri()))
    first, second = page.locator(".nn-widget").all()
    rates = [one.locator('input[name="learning_rate"]') for one in (first, second)]
    assert [float(rate.input_value()) for rate in rates] == [1.0, 0.5]
    untouched = second.inner_text()
    first.get_by_role("button", name="20 epochs").click()
    rates[0].focus()
    page.keyboard.press("ArrowLeft")
    assert float(rates[0].input_value()) == pytest.approx(0.9)
    assert second.inner_text() == untouched and float(rates[1].input_value()) == 0.5
    assert page.problems == []
