"""Golden numbers: what `nncourse` computes, for the widgets' JavaScript to reproduce to 1e-10.

A module here answers for the widget module of its name: `python -m tests.widgets.golden` writes what its `compute()`
returns to `<module>.json` beside it. The Node tests one folder up, `<module>.test.mjs`, read it; pytest refuses a stale
one.
"""

import json
import pkgutil
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
MODULES = sorted(module.name for module in pkgutil.iter_modules([str(HERE)]) if module.name != "__main__")


def path_of(module: str) -> Path:
    return HERE / f"{module}.json"


def compute(module: str) -> dict:
    """The module's numbers, as JSON gives them back: tuples as lists."""
    return json.loads(json.dumps(import_module(f"{__name__}.{module}").compute(), allow_nan=False))
