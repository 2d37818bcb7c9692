"""Small mistakes, made mechanically: every program that differs from a given one by one slip.

A slip changes an operator, a comparison, a constant, an axis or a condition; drops a term, a factor, a call, a
keyword, a slice or a statement; swaps two arguments or two values that are returned. What it does is not asked here.
"""

import ast
import copy
import difflib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
}
COMPARISONS = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
PAIRS = ["max min", "maximum minimum", "argmax argmin", "sum mean", "all any", "zeros ones", "zeros_like ones_like"]
PAIRS += ["floor ceil", "std var", "log log2", "exp expm1", "mean median", "sqrt cbrt", "cumsum cumprod", "tanh sin"]
NAMES = {one: other for pair in PAIRS for one, other in (pair.split(), reversed(pair.split()))}
ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.MatMult)  # where swapped sides matter
TEXTS = (ast.Compare, ast.Return, ast.IfExp)  # where a string is an answer or a case, and not an option of a call


@dataclass(frozen=True)
class Mutant:
    """A program with one slip. `slip` shows the line before and after it, and is unique within one program."""

    slip: str
    source: str


@cache
def mutants(source: str) -> list[Mutant]:
    """All programs that differ from the function in `source` by one slip, each once."""
    tree = ast.parse(source)
    function = tree.body[0]
    if ast.get_docstring(function) is not None:
        del function.body[0]
    original = ast.unparse(tree)
    found = {}
    for parent, field, place, node in list(_places(function)):
        for new in _slips(node, parent, field):
            changed = _with(tree, parent, field, place, new)
            if changed not in (None, original):
                found.setdefault(changed, _told(original, changed))
    seen, result = {}, []
    for changed, slip in found.items():
        seen[slip] = seen.get(slip, 0) + 1
        result.append(Mutant(f"{slip} ({seen[slip]})" if seen[slip] > 1 else slip, changed))
    return result


def _places(function: ast.FunctionDef) -> Iterator[tuple]:
    """Every node of the body with its parent, and the field and place in which that holds it."""
    for parent in ast.walk(function):
        for field, value in ast.iter_fields(parent):
            if parent is function and field != "body":
                continue
            for place, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(node, ast.AST) and not isinstance(node, ast.expr_context | ast.operator):
                    yield parent, field, place, node


def _with(tree: ast.AST, parent: ast.AST, field: str, place: int | None, new: ast.AST) -> str | None:
    """The program with `new` in this place; None where that is no program."""
    old = getattr(parent, field)
    ast.fix_missing_locations(new)
    setattr(parent, field, new if place is None else [*old[:place], new, *old[place + 1 :]])
    try:
        source = ast.unparse(tree)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `1[0]` is a program too
            compile(source, "mutant", "exec")
        return source
    except (SyntaxError, ValueError):
        return None
    finally:
        setattr(parent, field, old)


def _told(original: str, changed: str) -> str:
    lines = list(difflib.ndiff(original.splitlines(), changed.splitlines()))
    old, new = ([line[2:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
    return f"{'; '.join(old) or '(nothing)'} -> {'; '.join(new) or '(gone)'}"


def _slips(node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
    """What may stand in the place of `node`."""
    if isinstance(node, ast.stmt):
        yield from _statements(node)
    elif isinstance(node, ast.Constant):
        yield from map(ast.Constant, _constants(node.value, parent))
    elif isinstance(node, ast.keyword):
        return
    else:
        yield from EXPRESSIONS.get(type(node), lambda node: ())(node)


def _changed(node: ast.AST, **fields) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    if not isinstance(node, ast.Return):
        yield ast.Pass()
    if isinstance(node, ast.AugAssign):
        yield from (_changed(node, op=new()) for new in OPERATORS.get(type(node.op), ()))
        yield ast.Assign([node.target], node.value)
    if isinstance(node, ast.If):
        yield from (_changed(node, test=ast.Constant(value)) for value in (True, False))
    if isinstance(node, ast.Break):
        yield ast.Continue()


def _constants(value: object, parent: ast.AST) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from sorted({value + 1, value - 1, -value, 2 * value} - {value})
    elif isinstance(value, float):
        yield from sorted({value + 1, -value, float(f"{1.1 * value:.6g}"), value / 2} - {value})
    elif isinstance(value, str) and isinstance(parent, TEXTS):
        yield f"not {value}"


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    yield from (_changed(node, op=new()) for new in OPERATORS.get(type(node.op), ()))
    yield from (node.left, node.right)
    if isinstance(node.op, ORDERED):
        yield _changed(node, left=node.right, right=node.left)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for place, op in enumerate(node.ops):
        for new in COMPARISONS.get(type(op), ()):
            yield _changed(node, ops=[*node.ops[:place], new(), *node.ops[place + 1 :]])


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield rest[0] if len(rest) == 1 else _changed(node, values=rest)


def _call(node: ast.Call) -> Iterator[ast.AST]:
    for place in range(len(node.keywords)):
        yield _changed(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])
    yield from (argument for argument in node.args if not isinstance(argument, ast.Starred))
    if isinstance(node.func, ast.Attribute):
        yield node.func.value  # x.sum() becomes x
    for place in range(len(node.args) - 1):
        one, other = node.args[place : place + 2]
        yield _changed(node, args=[*node.args[:place], other, one, *node.args[place + 2 :]])
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in NAMES:
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        yield _changed(node, func=_changed(node.func, **{field: NAMES[name]}))
    if name == "range" and len(node.args) == 1:
        yield _changed(node, args=[ast.Constant(1), *node.args])
        yield from (
            _changed(node, args=[ast.BinOp(node.args[0], op, ast.Constant(1))]) for op in (ast.Add(), ast.Sub())
        )


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    yield from (_changed(node, **{end: None}) for end in ("lower", "upper", "step") if getattr(node, end))


def _subscript(node: ast.Subscript) -> Iterator[ast.AST]:
    if isinstance(node.ctx, ast.Load):
        yield node.value


def _tuple(node: ast.Tuple) -> Iterator[ast.AST]:
    for place in range(len(node.elts) - 1):
        one, other = node.elts[place : place + 2]
        yield _changed(node, elts=[*node.elts[:place], other, one, *node.elts[place + 2 :]])


def _comprehension(node: ast.comprehension) -> Iterator[ast.AST]:
    for place in range(len(node.ifs)):
        yield _changed(node, ifs=[*node.ifs[:place], *node.ifs[place + 1 :]])


EXPRESSIONS = {
    ast.BinOp: _binary,
    ast.UnaryOp: lambda node: [node.operand],
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.IfExp: lambda node: [node.body, node.orelse, _changed(node, body=node.orelse, orelse=node.body)],
    ast.Call: _call,
    ast.Slice: _slice,
    ast.Subscript: _subscript,
    ast.Attribute: lambda node: [node.value] if node.attr == "T" else [],
    ast.Tuple: _tuple,
    ast.comprehension: _comprehension,
}
