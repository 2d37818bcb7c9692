"""The recipes of CONTRIBUTING.md, followed step by step in a copy of the tree: the last command holds, not before."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.book]  # it builds pages of its own

BLOCK = re.compile(r"^   (`{3,})(bash|diff)\n(.*?)^   \1$", re.MULTILINE | re.DOTALL)
# What the last command says before a step is taken: at once, or by laws that need no page. The measurements of a
# chapter's exercises are demanded by the laws that the recipe of an exercise has met.
AT_ONCE = {
    "exercise": {1: "python -m tests.recipes exercise", 2: "EXERCISES of its module"},
    "widget": {1: "python -m tests.recipes widget", 2: "nncourse/widgets/__init__.py", 3: "put a cell"},
    "chapter": {
        1: "python -m tests.recipes chapter",
        2: "_toc.yml",
        3: "book/index.md",
        4: "nncourse/exercises/model.py",
    },
}
BY_LAW = {
    "exercise": {3: "stands in it", 4: "python -m tests.exercises.mutation", 5: "python -m tests.exercises.matrix"},
    "widget": {4: "python -m tests.widgets.golden"},
    "chapter": {},
}


def recipe(kind: str) -> dict[int, list[tuple[str, str]]]:
    """The steps of a recipe: their numbers, and their blocks as (language, text)."""
    text = Path(__file__).parent.parent.joinpath("CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(rf"^### An? {kind}\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL)[1]
    parts = re.split(r"^(\d+)\. ", section, flags=re.MULTILINE)[1:]
    steps = {int(number): BLOCK.findall(part) for number, part in zip(parts[::2], parts[1::2], strict=True)}
    assert list(steps) == list(range(1, len(steps) + 1)) and all(steps.values())
    return {
        number: [(language, re.sub(r"^   ", "", block, flags=re.MULTILINE)) for _, language, block in blocks]
        for number, blocks in steps.items()
    }


def run(tree: Path, command: str) -> subprocess.CompletedProcess:
    program, *rest = shlex.split(command)
    assert program == "python"
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "NNCOURSE_BOOK"))}
    return subprocess.run(
        [sys.executable, *rest],
        cwd=tree,
        env={**plain, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def edit(tree: Path, diff: str) -> None:
    """Apply a diff that names its place by the lines around it; `...` ends a line that is longer than is told."""
    first, *lines = diff.splitlines()
    file = tree / first.removeprefix("--- ")
    marked = [(line[:1] or " ", line[1:]) for line in lines]
    there = file.read_text(encoding="utf-8").splitlines()
    old = [line for mark, line in marked if mark != "+"]

    def stands(place):
        pairs = zip(old, there[place : place + len(old)], strict=False)
        return all(now.startswith(line[:-3]) if line.endswith("...") else now == line for line, now in pairs)

    (place,) = [place for place in range(len(there) - len(old) + 1) if stands(place)]
    kept, new = iter(there[place : place + len(old)]), []
    for mark, line in marked:
        now = line if mark == "+" else next(kept)
        new += [now] if mark != "-" else []
    file.write_text("\n".join([*there[:place], *new, *there[place + len(old) :], ""]), encoding="utf-8")


def take(tree: Path, blocks) -> None:
    for language, block in blocks:
        for command in block.splitlines() if language == "bash" else ():
            done = run(tree, command)
            assert done.returncode == 0, f"{command}\n{done.stdout}"
        if language == "diff":
            edit(tree, block)


@pytest.fixture
def tree(repo, tmp_path):
    """A copy of the files that a recipe can touch."""
    for name in ("book", "nncourse", "tests"):
        shutil.copytree(repo / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("_config.yml", "_toc.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(repo / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", ["exercise", "widget", "chapter"])
def test_a_recipe_leads_to_a_piece_that_holds_and_each_step_left_out_is_named(tree, kind):
    steps = recipe(kind)
    *_, ((_, check),) = steps.values()
    waiting = dict(BY_LAW[kind])
    for number, blocks in list(steps.items())[:-1]:
        if number in AT_ONCE[kind]:
            refused = run(tree, check)
            assert refused.returncode == 1 and AT_ONCE[kind][number] in refused.stdout, refused.stdout
        elif waiting and all(later not in AT_ONCE[kind] for later in range(number, len(steps))):
            refused = run(tree, check)
            assert refused.returncode == 1, refused.stdout
            assert [said for said in waiting.values() if said not in refused.stdout] == [], refused.stdout
            waiting.clear()
        take(tree, blocks)
    assert not waiting
    done = run(tree, check)
    assert done.returncode == 0, done.stdout
