"""Check one piece of the course in a minute: `python -m tests.one NAME`.

NAME is a chapter (`19-moving-averages`), a widget (`StepSize`) or an exercise (`step-function`). The laws that need no
page come first. Then the pages that show the piece are built strictly, and read, and driven by mouse and keyboard.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .book.pages import page_names
from .conftest import build_book

ROOT = Path(__file__).resolve().parent.parent
LITE = "    - nncourse.book_ext.lite\n"  # its notebooks in the browser concern no single page
ROOT_PAGE = "book/index"
GLOSSARY = "book/appendix/glossary"  # words in italics lead to its entries
FENCE = re.compile(r"^(`{3,}|:{3,}).*?^\1`*\n", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"^(?:#+ .*|> \*\*Exercise `.*)$", re.MULTILINE)  # what a link to another page leads to
LINKS = re.compile(r"\]\(([^()\s]*)\)")

EXERCISES = [f"tests/exercises/test_{what}.py" for what in ("catalog", "matrix", "mutation")]
CHAPTERS = [f"tests/book/test_{what}.py" for what in ("chapters", "roundtrip", "coverage")]
PAGES = [f"tests/book/test_{what}.py" for what in ("chapters", "blocks", "pages", "accessibility")]
WIDGETS = [f"tests/widgets/test_{what}.py" for what in ("widgets", "arithmetic")]
DRIVEN = ["tests/widgets/test_in_browser.py", "tests/widgets/test_lasting.py", "tests/book/live/test_laws.py"]


@dataclass(frozen=True)
class Laws:
    """Files of tests, and those tests in them (as `pytest -k`) that concern a piece; then the same for its pages."""

    files: list[str]
    chosen: str
    pages: list[str] = field(default_factory=list)
    files_on_pages: list[str] = field(default_factory=list)


class Missing(LookupError):
    """A step that was left out, in words."""


def chapter_laws(name: str) -> Laws:
    """What to run for a chapter."""
    from nncourse import exercises

    if not (ROOT / "book" / f"{name}.md").is_file():
        raise Missing(f"there is no book/{name}.md. `python -m tests.recipes chapter {name}` copies an example")
    if f"book/{name}" not in page_names():
        raise Missing(f"_toc.yml does not list the chapter: add `- file: book/{name}`")
    if f"]({name}.md)" not in (ROOT / "book" / "index.md").read_text(encoding="utf-8"):
        raise Missing("the list of chapters in book/index.md does not lead to it: add a line there")
    try:
        ids = [exercise.id for exercise in exercises.catalog() if exercise.chapter == name[3:]]
    except LookupError as error:
        raise Missing(error.args[0]) from error
    words = [name, *(f"[{one}{end}" for one in ids for end in "]:")]
    return Laws(EXERCISES + CHAPTERS, " or ".join(words), [name], PAGES)


def widget_laws(name: str) -> Laws:
    """The same for a widget, by its class; it is driven on every page that shows it."""
    try:
        from nncourse import widgets
    except ImportError as error:
        raise Missing(f"{error}. `python -m tests.recipes widget {name}` copies an example") from error
    kind = getattr(widgets, name, None)
    if kind is None or name not in widgets.__all__:
        new = f"Is it new? `python -m tests.recipes widget {name}` copies an example"
        raise Missing(f"nncourse/widgets/__init__.py does not name it: import it there, and add it to __all__. {new}")
    pages = [file.stem for file in sorted(ROOT.glob("book/*.md")) if f"nn.widgets.{name}(" in file.read_text("utf-8")]
    if not pages:
        raise Missing(f"no chapter shows the widget: put a cell with nn.widgets.{name}(...) into one")
    module = kind.__module__.rpartition(".")[2]
    own = [f"tests/{folder}/test_{module}.py" for folder in ("widgets", "book/live")]
    own = [file for file in own if (ROOT / file).is_file()]
    return Laws(WIDGETS + own, f"{name} or {module}", pages, DRIVEN + own)


def exercise_laws(name: str) -> Laws:
    """The same for an exercise, by its id."""
    from nncourse import exercises

    try:
        exercise = exercises.get(name)
    except LookupError as error:
        new = f"`python -m tests.recipes exercise {name} NN` copies an example; EXERCISES of its module has to name it"
        raise Missing(f"{error.args[0]} Is it new? {new}") from error
    chapter = f"{exercise.number:02}-{exercise.chapter}"
    laws = f"[{name}] or [{name}: or ({chapter} and (starters or solution or markup))"
    return Laws(EXERCISES + CHAPTERS[:1], laws)


def build_pages(names: list[str], folder: Path) -> tuple[int, str]:
    """Build these chapters strictly: (exit status, log). Of the pages that they link to, only the places are there."""
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    (folder / "_config.yml").write_text(settings.replace(LITE, ""), encoding="utf-8")
    shutil.copytree(ROOT / "book", folder / "book")
    whole = [folder / "book" / f"{name}.md" for name in names]
    links = [link.partition("#")[0] for file in whole for link in LINKS.findall(file.read_text(encoding="utf-8"))]
    linked = {f"book/{link[:-3]}" for link in links if link.endswith(".md")} | {GLOSSARY, ROOT_PAGE}
    others = [page for page in page_names() if page in linked.difference(f"book/{name}" for name in names)]
    for page in others:
        file = folder / f"{page}.md"
        text = file.read_text(encoding="utf-8")
        kept = LINKS.sub("]", text) if page == GLOSSARY else "\n\n".join(PLACES.findall(FENCE.sub("", text)))
        file.write_text(kept + "\n", encoding="utf-8")
    pages = dict.fromkeys([*(f"book/{name}" for name in names), *others])
    toc = {"format": "jb-book", "root": ROOT_PAGE, "chapters": [{"file": page} for page in pages if page != ROOT_PAGE]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    return build_book(folder, folder)


def hold(files: list[str], chosen: str, needs: str, **variables: str) -> bool:
    """Whether those of the tests hold that need no page, or those that do (`needs`, an expression of markers)."""
    command = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=-ra", "-p", "no:cacheprovider"]
    quick = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}  # plugins take three seconds to load
    return subprocess.run([*command, "-m", needs, "-k", chosen, *files], cwd=ROOT, env=quick).returncode == 0


def main(words: list[str]) -> int:
    if len(words) != 1:
        print(__doc__)
        return 2
    (name,) = words
    find = chapter_laws if re.match(r"\d\d-", name) else widget_laws if name[:1].isupper() else exercise_laws
    try:
        laws = find(name)
    except Missing as missing:
        print(f"{name}: {missing}.")
        return 1
    if not hold(laws.files, laws.chosen, "not book and not browser and not lab"):
        return 1
    if not laws.pages:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        status, log = build_pages(laws.pages, Path(folder))
        if status:
            print(log)
            return 1
        built = {"NNCOURSE_BOOK": f"{folder}/_build"}
        return not hold(laws.files_on_pages, laws.chosen, "(book or browser) and not lab", **built)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
