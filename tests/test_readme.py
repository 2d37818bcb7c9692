"""The README's examples do what the README says."""

import re

import nncourse as nn
from nncourse import cli


def test_its_python_examples_run_and_the_mistake_in_them_is_named(repo, capsys):
    blocks = re.findall(r"```python\n(.*?)```", (repo / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    namespace = {}
    for block in blocks:
        exec(block, namespace)
    report = nn.check("step-function", namespace["step"])
    assert "z = 0" in report.hint
    (trained,) = capsys.readouterr().out.strip().splitlines()
    assert 0.85 < float(trained.split()[0]) <= 1  # of 100 points of two moons, whose classes hardly overlap


def test_its_commands_are_those_of_the_package(repo):
    """Every `nncourse ...` of the README is understood, as it stands there."""
    text = (repo / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"`nncourse ([^`]+)`", text)
    assert {command.split()[0] for command in commands} >= {"exercises", "assignment", "progress", "grade"}
    for command in commands:
        cli._parser(words := command.split()).parse_args(words)


def test_the_files_that_it_names_exist(repo):
    text = (repo / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w/]+)`", text, re.MULTILINE) + re.findall(r"\]\(([\w./]+)\)", text)
    assert len(named) >= 8
    assert [name for name in named if not (repo / name).exists()] == []
