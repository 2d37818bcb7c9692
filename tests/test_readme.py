"""The README's examples do what the README says."""

import re

import nncourse as nn


def test_its_python_examples_run_and_the_mistake_in_them_is_named(repo, capsys):
    blocks = re.findall(r"```python\n(.*?)```", (repo / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    namespace = {}
    for block in blocks:
        exec(block, namespace)
    report = nn.check("step-function", namespace["step"])
    assert "z = 0" in report.hint
    assert capsys.readouterr().out.strip() == f"{report.points} of {report.max_points}"


def test_the_files_that_it_names_exist(repo):
    text = (repo / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w/]+)`", text, re.MULTILINE) + re.findall(r"\]\(([\w./]+)\)", text)
    assert len(named) >= 8
    assert [name for name in named if not (repo / name).exists()] == []
