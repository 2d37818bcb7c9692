"""The notebooks that the site offers: run, with a first cell that brings the package, and buttons that lead there."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from nncourse.book_ext import notebooks, wheel
from nncourse.exercises import BOOK_URL
from nncourse.widgets.base import SNAPSHOT

from .chapters import ROOT, chapter_files
from .pages import anchors, page_names

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
NAMES = ["book/index", *(f"book/{file.stem}" for file in chapter_files()), "book/playground"]
every_notebook = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def published(book):
    """Reader of the notebook of a page that the site offers."""
    return lambda name: nbformat.read(book.html / "_sources" / f"{name}.ipynb", as_version=4)


@every_notebook
def test_a_notebook_is_valid_and_only_its_first_cell_is_not_of_the_build(book, published, name):
    notebook = published(name)
    nbformat.validate(notebook)
    first, *cells = notebook.cells
    assert first.source == notebooks.install_cell().source
    assert first.outputs == [] and first.execution_count is None
    executed = nbformat.read(book.notebooks / f"{name}.ipynb", as_version=4)
    assert [cell.cell_type for cell in cells] == [cell.cell_type for cell in executed.cells]
    code = [[cell for cell in of if cell.cell_type == "code"] for of in (cells, executed.cells)]
    assert code[0] == code[1] != []
    assert notebook.metadata == executed.metadata


@every_notebook
def test_a_notebook_keeps_its_outputs_and_the_state_of_its_widgets(published, name):
    notebook = published(name)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.data for output in outputs if SNAPSHOT in output.get("data", {})]
    assert shown
    state = notebook.metadata.widgets[STATE]["state"]
    assert {data[VIEW]["model_id"] for data in shown} <= state.keys()


@every_notebook
def test_the_links_of_a_notebook_lead_to_pages_and_places_of_the_site(book, published, name):
    prose = "\n".join(cell.source for cell in published(name).cells if cell.cell_type == "markdown")
    assert not notebooks.LINK.search(prose.replace("]()", ""))
    links = re.findall(rf"\]\({BOOK_URL}/([^)]*)\)", prose)
    for link in map(urlsplit, links):
        target = book.html / link.path
        assert target.is_file(), link.path
        assert not link.fragment or link.fragment.startswith("play:") or unquote(link.fragment) in anchors(target)


def test_links_of_every_kind_are_made_whole():
    env = SimpleNamespace(metadata={"book/04-b": {"myst_slugs": {"slug": (3, "id", "A slug")}}, "book/appendix/c": {}})

    def whole(text):
        return notebooks.whole(text, "book/appendix/c", env)

    assert whole("[b](../04-b.md#slug), [c](#here)") == (
        f"[b]({BOOK_URL}/book/04-b.html#id), [c]({BOOK_URL}/book/appendix/c.html#here)"
    )
    for untouched in ("[x](https://a.org/b.md#c)", "[](x.png)", "`a[i](j)`", "[]()"):
        assert whole(untouched) == untouched


@pytest.mark.parametrize("name", page_names())
def test_the_buttons_lead_to_the_notebook_that_is_there(book, name):
    file = book.html / f"{name}.html"
    text = file.read_text(encoding="utf-8")
    head = text[text.index('<div class="article-header-buttons">') : text.index('id="jb-print-docs-body"')]
    buttons = BeautifulSoup(head, "html.parser").select("a[href]")
    colab = [link["href"] for link in buttons if "colab" in link["href"]]
    download = [link["href"] for link in buttons if re.fullmatch(r"[./]*_sources/.*\.ipynb", link["href"])]
    repository = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    if not re.search(r'<div class="cell\b', text):
        assert colab == download == []
        return
    assert colab == [f"https://colab.research.google.com/github/{repository[19:]}/blob/notebooks/{name}.ipynb"]
    [target] = [(file.parent / link).resolve() for link in download]
    assert target == (book.html / "_sources" / f"{name}.ipynb").resolve() and target.is_file()
    labels = [link.get_text(strip=True) for link in buttons]
    assert len(labels) == len(set(labels)) and {"Binder", "Colab", ".ipynb", ".md"} <= set(labels)


LOOK = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
done = shell.run_cell(sys.stdin.read())
done.raise_error()
import nncourse
import nncourse.exercises
print("\\n" + json.dumps([nncourse.__file__, len(nncourse.exercises.catalog())]))
"""


def lend_packages(packages, lent):
    """Let an environment use this one's pip, IPython, NumPy and all else but the package and its chapters."""
    lent.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "nncourse" not in path.name and path.suffix != ".pth":
            (lent / path.name).symlink_to(path)
    (packages / "lent.pth").write_text(str(lent), encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows not everyone to make links")
def test_the_first_cell_installs_the_package_from_the_site(published, site, tmp_path):
    """In a fresh environment that has all but the package; the site is this machine's, and no index is asked."""
    cell = published(NAMES[1]).cells[0].source
    assert f"{BOOK_URL}/{wheel.WHEELS}/{wheel.wheel_name()}" in cell
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    lend_packages(Path(sysconfig.get_path("purelib", "venv", {"base": str(tmp_path / "env")})), tmp_path / "lent")
    look = [python, "-c", LOOK]
    # IPython looks for packages in the environment that a shell has activated, too.
    alone = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    alone |= {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "IPYTHONDIR": str(tmp_path / "ipython")}
    before = subprocess.run([python, "-c", "import nncourse"], cwd=tmp_path, env=alone, capture_output=True)
    assert b"No module named 'nncourse'" in before.stderr
    for _ in range(2):  # the second time it is there, and nothing is installed
        done = subprocess.run(
            look, input=cell.replace(BOOK_URL, site), cwd=tmp_path, env=alone, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
    file, exercises = json.loads(done.stdout.splitlines()[-1])
    assert (tmp_path / "env").resolve() in Path(file).resolve().parents
    assert exercises > 50
