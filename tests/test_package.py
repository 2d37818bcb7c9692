import json
import subprocess
import sys
import tomllib

import pytest

import nncourse as nn

HEAVY = (
    "matplotlib",
    "ipywidgets",
    "anywidget",
    "traitlets",
    "sklearn",
    "IPython",
    "pandas",
    "scipy",
    "difflib",
)

NUMPY_ALONE = "import json, sys, numpy; print(json.dumps(sorted(sys.modules)))"


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_importing_takes_under_30_ms_beyond_numpy(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path))
    clock = "time.process_time()"  # of this process alone: other tests run beside it
    code = f"import numpy, time; start = {clock}; import nncourse; print({clock} - start)"
    run(code)  # compiles, as an installation does
    times = sorted(float(run(code).stdout) for _ in range(5))
    assert times[2] < 0.030, times


def test_importing_loads_nothing_heavy():
    done = run("import json, sys, nncourse; print(json.dumps(sorted(sys.modules)))")
    modules = json.loads(done.stdout)
    assert {name.partition(".")[0] for name in modules}.isdisjoint(HEAVY)
    assert "numpy.random" not in modules or "numpy.random" in json.loads(run(NUMPY_ALONE).stdout)


def test_importing_loads_no_edge():
    done = run("import json, sys, nncourse; print(json.dumps(sorted(sys.modules)))")
    loaded = {name for name in json.loads(done.stdout) if name.startswith("nncourse.")}
    edges = ("plot", "widgets", "exercises", "grading", "book_ext", "cli")
    assert not [name for name in loaded if name.split(".")[1] in edges]


def test_the_version_is_that_of_the_distribution(repo):
    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert nn.__version__ == project["version"]


def test_what_is_promised_is_there():
    assert set(nn.__all__) <= set(dir(nn))
    for name in nn.__all__:
        getattr(nn, name)


def test_dir_lists_the_edges_too():
    assert {"plot", "widgets", "quiz", "exercises", "check"} <= set(dir(nn))


def test_edges_are_loaded_when_they_are_first_used():
    code = (
        "import sys, nncourse as nn; from nncourse import exercises, widgets; import nncourse.widgets.quiz; "
        "assert nn.check is nn.exercises.check; "
        "assert nn.quiz is sys.modules['nncourse.widgets.quiz'].quiz; "
        "assert nn.plot is sys.modules['nncourse.plot']; assert nn.widgets is widgets"
    )
    assert run(code).stderr == ""


@pytest.mark.parametrize(
    ("missing", "name", "extra"),
    [
        ("matplotlib", "plot", "plots"),
        ("anywidget", "widgets", "widgets"),
        ("anywidget", "quiz", "widgets"),
    ],
)
def test_a_missing_extra_is_named_with_its_installation(missing, name, extra):
    done = run(f"import sys; sys.modules[{missing!r}] = None; import nncourse as nn; nn.{name}")
    assert f'ImportError: nncourse.{name} needs {missing}: pip install "nncourse[{extra}]"' in done.stderr


def test_exercises_need_nothing_but_numpy():
    code = "import sys; sys.modules.update(dict.fromkeys({!r})); import nncourse as nn; nn.check"
    assert run(code.format([name for name in HEAVY if name != "difflib"])).stderr == ""


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'nncourse' has no attribute 'perceptrons'"):
        nn.perceptrons  # noqa: B018


def test_every_module_says_in_its_docstring_what_it_is(repo):
    for path in (repo / "nncourse").glob("*.py"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith('"""') and first[3].isalpha(), path.name
