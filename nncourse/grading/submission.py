"""From the bytes of a file to the code that is graded. It runs in the box: the grader itself parses no submission.

A notebook (`.ipynb`) and a Markdown file (`.md`) are cells of code. Of these, imports, functions, classes and constants
are kept, each where it stands, so that messages name the learner's own cells and lines; plots, trainings and check
cells are left out. A constant may call NumPy and Python's harmless functions, nothing else.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

HARMLESS = frozenset(
    {"abs", "bool", "complex", "dict", "divmod", "enumerate", "float", "frozenset", "int", "len", "list", "map", "max"}
    | {"min", "pow", "range", "reversed", "round", "set", "sorted", "str", "sum", "tuple", "zip"}
)
FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
MAGIC = re.compile(r"(?m)^([ \t]*)([%!?].*|[^#\n]*\?)$")
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


class BadSubmission(Exception):
    """The file as a whole cannot be read; the message is for its author."""


@dataclass(frozen=True)
class Cell:
    """A cell of code; `name` is how messages call it."""

    name: str
    source: str


def cells(data: bytes, kind: str) -> list[Cell]:
    """The cells of code of a file of `kind` "ipynb" or "md"."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadSubmission(
            "The file is not text in UTF-8, so it is no notebook. Save it again and hand that in."
        ) from None
    sources = _notebook(text) if kind == "ipynb" else _markdown(text)
    return [Cell(f"code cell {number}", source) for number, source in enumerate(sources, 1)]


def _notebook(text: str) -> Iterator[str]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise BadSubmission(
            "The file is no Jupyter notebook: it is not valid JSON. Open it in Jupyter, save it, and hand that in."
        ) from None
    found = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(found, list):
        raise BadSubmission("The file is no Jupyter notebook of format 4: it has no list of cells.")
    for cell in found:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            yield "".join(map(str, source)) if isinstance(source, list) else str(source)


def _markdown(text: str) -> list[str]:
    """The `{code-cell}` blocks; where there are none, the blocks of Python."""
    blocks, opened, lines = [], None, []
    for line in text.splitlines():
        mark = FENCE.match(line)
        if opened is None:
            if mark:
                opened, lines = (mark["fence"], mark["info"].strip()), []
        elif mark and not mark["info"].strip() and mark["fence"].startswith(opened[0]):
            blocks.append((opened[1], lines))
            opened = None
        else:
            lines.append(line)
    if opened:
        blocks.append((opened[1], lines))
    code = [_without_options(lines) for info, lines in blocks if info.startswith("{code-cell}")]
    return code or ["\n".join(lines) for info, lines in blocks if re.match(r"(python|py|ipython)3?\b", info)]


def _without_options(lines: list[str]) -> str:
    """The code of a cell without its options, which are `:name: value` or stand between two `---`."""
    start = 0
    if lines and lines[0].strip() == "---" and "---" in (rest := [line.strip() for line in lines[1:]]):
        start = rest.index("---") + 2
    while start < len(lines) and re.match(r":[\w-]+:", lines[start]):
        start += 1
    return "\n".join(lines[start:])


def parsed(cell: Cell) -> ast.Module:
    """The cell's syntax tree; notebook magics (`%...`, `!...`, `name?`) are empty lines."""
    if cell.source.lstrip().startswith("%%"):
        return ast.Module([], [])
    try:
        return ast.parse(cell.source, cell.name)
    except SyntaxError:
        return ast.parse(MAGIC.sub(r"\1pass", cell.source), cell.name)


def kept(module: ast.Module, numeric: set[str]) -> Iterator[ast.stmt]:
    """What is graded of a cell. `numeric` collects the names under which NumPy and `math` are known."""
    for statement in module.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            origin = getattr(statement, "module", None)
            for alias in statement.names:
                if (origin or alias.name).split(".")[0] in ("numpy", "math"):
                    numeric.add((alias.asname or alias.name).split(".")[0])
            yield statement
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef) or _is_constant(statement, numeric):
            yield statement


def left_out(module: ast.Module, statements: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    """The names that would be defined by what is not among the `statements` kept, with their lines."""
    there = set(map(id, statements))
    for statement in module.body:
        for node in ast.walk(statement) if id(statement) not in there else ():
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name, node.lineno
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node.lineno


def _is_constant(statement: ast.stmt, numeric: set[str]) -> bool:
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    return all(_is_harmless(call.func, numeric) for call in _calls(statement.value))


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that happen when an expression is evaluated: not those inside a lambda."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)


def _is_harmless(function: ast.expr, numeric: set[str]) -> bool:
    """Whether a called function is NumPy's, a method of what NumPy returned, or one of Python's harmless ones."""
    if isinstance(function, ast.Name):
        return function.id in HARMLESS or function.id in numeric
    while isinstance(function, ast.Attribute | ast.Subscript | ast.Call):
        function = function.func if isinstance(function, ast.Call) else function.value
    return isinstance(function, ast.Constant | ast.List | ast.Tuple | ast.Dict) or (
        isinstance(function, ast.Name) and (function.id in numeric or function.id in HARMLESS)
    )
