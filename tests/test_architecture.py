"""Which module may import which: the arrows of the package as data, compared with every import.

Core modules import NumPy and, at most, a more basic core module. Edges import the core. The core never
imports an edge, and nothing imports `book_ext`.
"""

import ast
import sys
from dataclasses import dataclass
from functools import cache

import pytest


@dataclass(frozen=True)
class May:
    """What a module may import: of the package and of others, at its top or only inside functions."""

    package: frozenset = frozenset()
    others: frozenset = frozenset({"numpy"})
    inside: frozenset = frozenset()  # names of either kind
    dynamic: bool = False  # whether import_module may be called


def may(package="", others="numpy", inside="", dynamic=False):
    return May(frozenset(package.split()), frozenset(others.split()), frozenset(inside.split()), dynamic)


# A package's row speaks for all modules in it, which may import one another. "nncourse" is the package itself.
CORE = {
    "source": may(others=""),
    "validation": may(),
    "derived": may(others=""),
    "activations": may("derived validation"),
    "losses": may("activations derived validation"),
    "initializers": may("validation"),
    "regularizers": may("validation"),
    "perceptron": may("activations validation"),
    "surfaces": may("validation"),
    "datasets": may("surfaces validation", inside="sklearn"),
    "layers": may("activations derived initializers regularizers validation"),
    "schedules": may("validation"),
    "optimizers": may("validation"),
    "metrics": may("validation"),
    "epochs": may(others="", inside="tqdm"),
    "callbacks": may("epochs metrics validation"),
    "saving": may("activations initializers layers losses optimizers regularizers schedules validation"),
    "network": may("layers", inside="saving"),
    "models": may("callbacks losses metrics network optimizers validation"),
    "scalar": may(others=""),
    "gradcheck": may("activations layers losses optimizers"),
}
EDGES = {
    "plot": may(" ".join(CORE), "numpy matplotlib cycler", inside="matplotlib_inline"),
    "exercises": may(" ".join(CORE), inside="sklearn", dynamic=True),  # inside: for cases on real data
    "grading": may("exercises", inside="tqdm distributed numpy"),
    "cli": may(inside="exercises grading nncourse", others=""),
    "widgets": may(f"nncourse {' '.join(CORE)}", "numpy anywidget traitlets", inside="exercises"),
    "book_ext": may(
        f"nncourse exercises widgets {' '.join(CORE)}",
        "numpy docutils sphinx myst_nb myst_parser mdit_py_plugins jupytext nbformat yaml hatchling"
        " jupyter_core jupyterlite_pyodide_kernel bs4 pypdf tinycss2 fontTools",
        dynamic=True,
    ),
}
ROOT = {"nncourse": may(" ".join(CORE), others="", dynamic=True)}
ARROWS = {**ROOT, **CORE, **EDGES}

DYNAMIC = {"import_module", "__import__"}


@cache
def imports(source, module, is_package=False):
    """Every import of a module as (full dotted name, whether inside a function, line)."""
    own = module.split(".")

    def visit(node, inside):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield alias.name, inside, child.lineno
            elif isinstance(child, ast.ImportFrom):
                base = own[: len(own) - child.level + is_package] if child.level else []
                base = ".".join([*base, *(child.module or "").split(".")]).strip(".")
                for alias in child.names:
                    yield f"{base}.{alias.name}", inside, child.lineno
            elif isinstance(child, ast.Call):
                called = getattr(child.func, "attr", getattr(child.func, "id", None))
                if called in DYNAMIC:
                    yield called, inside, child.lineno
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from visit(child, inside or function)

    return tuple(visit(ast.parse(source), False))


def row_of(name, modules):
    """Name the row that speaks for a full dotted name, which may end in a class or function."""
    parts = name.split(".")
    if parts[0] != "nncourse":
        return parts[0]
    if len(parts) == 1 or ".".join(parts[:2]) not in modules:
        return "nncourse"
    return parts[1]


def violations(files, arrows):
    """Compare the imports of `files`, {full module name: (source, is_package)}, with the table."""
    found = []
    for module, (source, is_package) in files.items():
        here = row_of(module, files)
        if here not in arrows:
            found.append(f"{module} has no row in the table of arrows")
            continue
        row = arrows[here]
        for name, inside, line in imports(source, module, is_package):
            target = row_of(name, files)
            allowed = row.package | row.others | (row.inside if inside else frozenset())
            if name in DYNAMIC:
                fine = row.dynamic
            else:
                fine = target in allowed or target == here or target in sys.stdlib_module_names
            if not fine:
                place = "inside a function" if inside else "at its top"
                found.append(f"{module}, line {line}: imports {name} {place}")
    return found


def package_files(repo):
    files = {}
    for path in sorted((repo / "nncourse").rglob("*.py")):
        parts = path.relative_to(repo).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        files[name] = path.read_text(encoding="utf-8"), is_package
    return files


def test_every_import_is_an_arrow_of_the_table(repo):
    files = package_files(repo)
    assert len(files) > len(CORE)
    found = violations(files, ARROWS)
    assert not found, "\n".join(found)


def test_the_core_never_imports_an_edge():
    for name, row in {**ROOT, **CORE}.items():
        assert not (row.package | row.inside) & set(EDGES), name


def test_nothing_imports_the_book_extension():
    for name, row in ARROWS.items():
        assert "book_ext" not in row.package | row.inside, name


def test_the_arrows_of_the_core_go_round_in_no_circle():
    left = {name: row.package | row.inside & set(CORE) for name, row in CORE.items()}
    while left:
        basic = {name for name, needs in left.items() if not needs & set(left)}
        assert basic, f"a circle among {sorted(left)}"
        left = {name: needs for name, needs in left.items() if name not in basic}


PLANTED = {
    "an edge in the core": ("losses", "from . import plot", "imports nncourse.plot at its top"),
    "an edge in a function": (
        "losses",
        "def f():\n    from .plot import points",
        "line 2: imports nncourse.plot.points inside a function",
    ),
    "an edge by its full name": (
        "losses",
        "import nncourse.widgets.quiz",
        "imports nncourse.widgets.quiz",
    ),
    "the package from within": ("losses", "import nncourse as nn", "imports nncourse at its top"),
    "a less basic core module": (
        "activations",
        "from .losses import BinaryCrossentropy",
        "imports nncourse.losses",
    ),
    "a heavy package": (
        "datasets",
        "import sklearn.datasets",
        "imports sklearn.datasets at its top",
    ),
    "a heavy package in a class": (
        "plot",
        "class A:\n    import pandas",
        "line 2: imports pandas at its top",
    ),
    "a heavy package in a method": (
        "losses",
        "class A:\n    def f(self):\n        if 1:\n            import scipy",
        "line 4: imports scipy inside a function",
    ),
    "a hidden import": (
        "losses",
        "import importlib\nimportlib.import_module('x')",
        "imports import_module",
    ),
    "the book extension": (
        "exercises",
        "from nncourse import book_ext",
        "imports nncourse.book_ext",
    ),
    "a widget's import too early": (
        "widgets.quiz",
        "from .. import exercises",
        "imports nncourse.exercises at its top",
    ),
    "a module without a row": ("brandnew", "", "has no row in the table"),
}


@pytest.mark.parametrize(("module", "source", "message"), PLANTED.values(), ids=PLANTED)
def test_a_planted_violation_is_found(repo, module, source, message):
    files = package_files(repo)
    before = violations(files, ARROWS)
    files[f"nncourse.{module}"] = source, False
    (found,) = set(violations(files, ARROWS)) - set(before)
    assert message in found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "losses",
            "import json\nfrom .activations import sigmoid\nfrom nncourse import activations",
        ),
        ("datasets", "def f():\n    from sklearn.datasets import load_iris"),
        ("widgets.quiz", "from .base import Widget\ndef f():\n    from nncourse import exercises"),
    ],
)
def test_what_the_table_allows_is_not_reported(repo, module, source):
    files = package_files(repo)
    files[f"nncourse.{module}"] = source, False
    assert not [found for found in violations(files, ARROWS) if found.startswith(f"nncourse.{module},")]
