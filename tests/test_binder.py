"""What Binder builds, and the pins that it shares with CI and the README."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

HELD = {"jupyterlab": "4.4.9", "jupytext": "1.19.3", "jsonschema": "4.24.0"}  # the header of constraints.txt says why


@pytest.fixture
def metadata(repo):
    return tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def pins(repo):
    """The constraints as {name: requirement}."""
    lines = (repo / ".binder" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def required(project, *extras):
    """The names of all that `.[extras]` asks for, through extras that name other extras."""
    names, waiting = set(), [*project["dependencies"]]
    for extra in extras:
        waiting += project["optional-dependencies"][extra]
    while waiting:
        requirement = Requirement(waiting.pop())
        if canonicalize_name(requirement.name) == project["name"]:
            for extra in requirement.extras:
                waiting += project["optional-dependencies"][extra]
        else:
            names.add(canonicalize_name(requirement.name))
    return names


def test_every_requirement_of_every_extra_is_pinned(metadata, pins):
    project = metadata["project"]
    extras = set(project["optional-dependencies"]) - {"bench"}  # takes the rivals as they come, and notes what came
    assert required(project, *extras) <= pins.keys()


def test_every_pin_is_one_exact_public_version(pins):
    for requirement in pins.values():
        assert re.fullmatch(r"==[0-9a-z.]+", str(requirement.specifier)), requirement


def test_every_pin_is_allowed_by_the_metadata(metadata, pins):
    for extra in metadata["project"]["optional-dependencies"].values():
        for requirement in map(Requirement, extra):
            if pin := pins.get(canonicalize_name(requirement.name)):
                [version] = pin.specifier
                assert requirement.specifier.contains(version.version), f"{pin}, but {requirement}"


def test_the_versions_held_for_binder_stand_with_their_reason(repo, pins):
    header = [line for line in (repo / ".binder/constraints.txt").read_text().splitlines() if line.startswith("#")]
    for name, version in HELD.items():
        assert str(pins[name].specifier) == f"=={version}"
        assert any(re.match(rf"#\s+{name} {version}\s+\S+ \S+", line) for line in header), f"no reason for {name}"


def test_no_file_names_a_host(repo):
    for path in (repo / ".binder").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host", text), path.name


def test_a_reader_gets_the_laboratory_and_not_the_builder(repo, metadata):
    lines = (repo / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-c constraints.txt", ".[lab]"]
    names = required(metadata["project"], "lab")
    assert {"jupyterlab", "jupytext", "anywidget", "matplotlib", "scikit-learn"} <= names
    assert not names & {"jupyter-book", "sphinx", "pytest", "playwright"}


def test_binders_python_is_one_that_the_package_allows(repo, metadata):
    runtime = (repo / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    version = re.fullmatch(r"python-(\d+\.\d+)", runtime)[1]
    assert SpecifierSet(metadata["project"]["requires-python"]).contains(version)


@pytest.mark.skipif(sys.platform == "win32", reason="Binder runs its scripts on Linux")
def test_after_post_build_a_chapter_opens_as_a_notebook(repo, need, tmp_path):
    tool = need("jupytext-config", how='pip install -e ".[lab]"')
    path = os.pathsep.join([str(Path(tool).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "jupyter")}
    subprocess.run([repo / ".binder" / "postBuild"], env=environment, check=True, capture_output=True)
    [written] = tmp_path.rglob("default_setting_overrides.json")
    viewers = json.loads(written.read_text(encoding="utf-8"))["@jupyterlab/docmanager-extension:plugin"]
    assert viewers["defaultViewers"] == {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}


@pytest.mark.skipif(sys.platform == "win32", reason="repo2docker does not run on Windows")
def test_repo2docker_builds_from_the_binder_folder(repo, need):
    tool = need("jupyter-repo2docker", how="pip install jupyter-repo2docker, in an environment of its own if you like")
    done = subprocess.run(
        [tool, "--no-build", "--debug", "."], cwd=repo, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    plan = done.stdout + done.stderr
    assert done.returncode == 0, plan
    assert re.search(r"environment\S+py\S+3\S{1,3}11\S+lock", plan), "not the environment of Python 3.11"
    assert 'pip install --no-cache-dir -r ".binder/requirements.txt"' in plan
    assert "RUN ./.binder/postBuild" in plan
