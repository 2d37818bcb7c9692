"""What is read of a file, what of it is kept, and that lines stay the learner's own."""

import linecache

import pytest

from nncourse.exercises import get
from nncourse.grading import submission, worker
from nncourse.grading.submission import BadSubmission, Cell

from .notebooks import answer, notebook

STEP = get("step-function")


def loaded(text, kind="ipynb"):
    """What a file defines, and the notes on it."""
    names = {}
    reason, notes = worker.load(text.encode(), kind, names, {})
    assert not reason, reason
    names.pop("__builtins__", None)
    return names, notes


def kept(source):
    """The first words of the statements that are kept of one cell."""
    return [source.splitlines()[one.lineno - 1] for one in submission.kept(submission.parsed(Cell("c", source)), set())]


def test_imports_functions_classes_and_constants_are_kept():
    source = "\n".join(
        (
            "import numpy as np",
            "from math import pi, sqrt",
            "RATE = 0.1",
            "W = np.array([[1.0, 2.0]]).T",
            "N: int = len([1, 2])",
            "half = lambda z: undefined(z) / 2",
            "ROOT = sqrt(2) * pi",
            "def f(x): return x",
            "class Net: pass",
        )
    )
    assert kept(source) == source.splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "plt.plot([1, 2])",
        "model = nn.Sequential([])",
        "history = model.fit(x, y)",
        "x = load_iris()",
        "text = open('secrets').read()",
        "name = input()",
        "nn.check('step-function', step)",
        "report = nn.check('step-function', step)",
        "for i in range(3): print(i)",
        "if True: x = 1",
        "print(1)",
        "x: int",
        "assert step(0) == 1",
        "del np",
        "x += 1",
    ],
)
def test_everything_else_is_left_out(line):
    assert kept(f"import numpy as np\n{line}") == ["import numpy as np"]


@pytest.mark.parametrize("magic", ["%matplotlib inline", "!pip install torch", "np.array?", "  %time x = 1", "?np"])
def test_magics_are_no_errors(magic):
    names, notes = loaded(notebook(f"{magic}\ndef f(x): return x".replace("  %", "%")))
    assert "f" in names and not notes


def test_a_cell_in_another_language_is_left_out():
    names, notes = loaded(notebook("%%bash\nrm -rf /", "x = 1"))
    assert names == {"x": 1} and not notes


def test_a_remainder_at_the_start_of_a_line_is_no_magic():
    names, _ = loaded(notebook("x = (7\n% 4)"))
    assert names == {"x": 3}


def test_a_failure_names_the_learners_cell_and_line():
    names, _ = loaded(notebook("# a plot\nplot()", "import numpy as np\n\n\ndef f(x):\n    # why\n    return x / 0"))
    code = names["f"].__code__
    assert (code.co_filename, code.co_firstlineno) == ("code cell 2", 4)
    assert linecache.getline("code cell 2", 6).strip() == "return x / 0"


def test_a_cell_that_is_no_python_costs_only_itself():
    names, notes = loaded(notebook("x = 1", "def broken(:\n    pass", "y = 2"))
    assert names == {"x": 1, "y": 2}
    (note,) = notes
    assert note.startswith("code cell 2, line 1 is not valid Python")


def test_a_definition_that_fails_costs_only_itself():
    names, notes = loaded(notebook("x = 1\nclass Net(undefined.Layer): pass\ny = 2"))
    assert names == {"x": 1, "y": 2} and notes == ("code cell 1, line 2: NameError: name 'undefined' is not defined",)


def test_the_later_definition_counts():
    names, _ = loaded(notebook("def f(): return 1", "def f(): return 2"))
    assert names["f"]() == 2


def test_an_import_that_is_not_offered_complains_where_it_is_used():
    names, notes = loaded(
        notebook(
            "import no_such_thing.part as part, numpy as np\nimport no_such_thing\n"
            "from no_such_thing import fit, go as g\n"
            "def f(): return part.value\ndef h(): return g(1)\ndef k(): return np.pi\ndef m(): return no_such_thing.x"
        )
    )
    assert not notes and names["k"]() > 3
    for name, said in (("f", "no_such_thing.part"), ("h", "no_such_thing.go"), ("m", "no_such_thing")):
        with pytest.raises(
            ModuleNotFoundError, match=f"`{said}` is not there when your function is graded: write it with"
        ):
            names[name]()
    for use in (len, bool, iter, lambda it: it[0], lambda it: it()):
        with pytest.raises(ModuleNotFoundError):
            use(names["fit"])


MARKDOWN = """---
jupytext: {{}}
---
# Homework
```{{code-cell}} ipython3
:tags: [hide-input]
:name: one

import numpy as np
```

~~~python
ignored = 1
~~~

```{{code-cell}}
---
tags: [x]
---
{answer}
```
"""


def test_markdown_has_its_code_cells():
    cells = submission.cells(MARKDOWN.format(answer=answer(STEP)).encode(), "md")
    assert [cell.source.strip().split()[0] for cell in cells] == ["import", "def"]
    names, notes = loaded(MARKDOWN.format(answer=answer(STEP)), "md")
    assert not notes and "ignored" not in names and names["step"](2.0) == 1


def test_markdown_without_code_cells_has_its_blocks_of_python():
    names, _ = loaded("Text\n\n```python\nx = 1\n```\n\n```\ny = 2\n```\n\n````py\nz = '''\n```\n'''\n````\n", "md")
    assert names == {"x": 1, "z": "\n```\n"}


def test_a_source_may_be_a_string_or_a_list_of_lines():
    as_list = '{"cells": [{"cell_type": "code", "source": ["x = 1\\n", "y = 2"]}]}'
    assert loaded(as_list)[0] == loaded(notebook("x = 1\ny = 2"))[0]


def test_what_is_no_notebook_says_what_to_do():
    for data in (b"no JSON", b"[" * 10**6, b'{"cells": 1}', b"\xff\xfe"):
        with pytest.raises(BadSubmission, match=r"no notebook|no Jupyter notebook"):
            submission.cells(data, "ipynb")
