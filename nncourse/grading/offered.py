"""What submitted code may import: NumPy and Python's standard library.

A notebook imports more at its top: the course, a plotting library. That must not break the functions below, so a module
that is not there becomes a `Missing`, which complains only when a graded function uses it.
"""

import ast
import sys
from types import CodeType


class Missing:
    """Stands for a module, or a thing from a module, that is not offered."""

    def __init__(self, name: str):
        self.__dict__["_name"] = name

    def _complain(self, *args, **kwargs):
        raise ModuleNotFoundError(complaint(self.__dict__["_name"]))

    def __getattr__(self, attribute: str):
        self._complain()

    __call__ = __getitem__ = __setattr__ = __iter__ = __len__ = __bool__ = __array__ = __mro_entries__ = _complain


class Explains:
    """The last finder of modules: it finds none, and says what to do instead."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.split(".")[0] not in {"numpy", *sys.stdlib_module_names}:
            raise ModuleNotFoundError(complaint(name), name=name)


def complaint(name: str) -> str:
    return f"`{name}` is not there when your function is graded: write it with NumPy"


def bind(statement: ast.Import | ast.ImportFrom, file: str, names: dict) -> None:
    """Run an import into `names`, one alias at a time; what cannot be had is a `Missing`."""
    for alias in statement.names:
        one = type(statement)(**{**dict(ast.iter_fields(statement)), "names": [alias]})
        try:
            exec(compiled(ast.copy_location(one, statement), file), names)
        except Exception:
            top = alias.name.split(".")[0]
            if isinstance(statement, ast.ImportFrom):
                full = f"{statement.module or ''}.{alias.name}".strip(".")
            else:
                full = alias.name if alias.asname else top
            names[alias.asname or top] = Missing(full)


def compiled(statement: ast.stmt, file: str) -> CodeType:
    """The code of one statement, which keeps its line numbers."""
    return compile(ast.Module([statement], []), file, "exec", dont_inherit=True)
