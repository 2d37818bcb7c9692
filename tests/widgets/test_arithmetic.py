"""The widgets' JavaScript computes what `nncourse` computes."""

import json
import subprocess

import pytest

from .golden import HERE, MODULES, compute, path_of

NODE_TESTS = HERE.parent
FRESH = "run: python -m tests.widgets.golden"


def assert_close(received, expected, where):
    """Equal in shape and words, and numbers to 1e-12: the last digit of exp may differ between machines."""
    assert type(received) is type(expected), f"{where}: {received!r} for {expected!r}; {FRESH}"
    if isinstance(expected, dict):
        assert list(received) == list(expected), f"{where}: other keys; {FRESH}"
        for key in expected:
            assert_close(received[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(received) == len(expected), f"{where}: another length; {FRESH}"
        for i, pair in enumerate(zip(received, expected, strict=True)):
            assert_close(*pair, f"{where}[{i}]")
    elif isinstance(expected, float):
        assert received == pytest.approx(expected, rel=1e-12, abs=1e-12), f"{where}; {FRESH}"
    else:
        assert received == expected, f"{where}; {FRESH}"


@pytest.mark.parametrize("module", MODULES)
def test_golden_numbers_are_fresh(module):
    assert path_of(module).is_file(), f"{FRESH} {module}"
    committed = json.loads(path_of(module).read_text(encoding="utf-8"))
    assert_close(committed, compute(module), module)


def test_every_golden_file_has_its_module_and_its_test():
    files = {path.stem for path in HERE.glob("*.json")}
    tests = {path.name.removesuffix(".test.mjs") for path in NODE_TESTS.glob("*.test.mjs")}
    assert files == set(MODULES)
    assert files <= tests


@pytest.mark.parametrize(
    "script", sorted(NODE_TESTS.glob("*.test.mjs")), ids=lambda path: path.name.removesuffix(".test.mjs")
)
def test_javascript_agrees_with_nncourse(script, node):
    done = subprocess.run([node, "--test", str(script)], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
