"""`python -m tests.widgets.golden [MODULE...]`: write the golden numbers of these modules, or of all."""

import json
import sys

from . import MODULES, compute, path_of

for module in sys.argv[1:] or MODULES:
    path_of(module).write_text(json.dumps(compute(module), allow_nan=False) + "\n", encoding="utf-8")
    print(path_of(module).name)
