"""The repository as a whole: one address, one version, nothing generated, nothing of anyone's machine."""

import fnmatch
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

TOP_LEVEL = {
    *(".binder", ".ci", ".github", ".gitattributes", ".gitignore"),
    *("book", "nncourse", "tests", "_config.yml", "_toc.yml", "pyproject.toml"),
    *("CITATION.cff", "CONTRIBUTING.md", "LICENSE", "README.md"),
}
# What GitHub and its pages call this repository, wherever an address stands.
NAMED = (
    re.compile(r"github\.com[/:]([\w.-]+/nncourse)\b"),
    re.compile(r"\b([\w-]+)\.github\.io(/nncourse)\b"),
)
MACHINE = re.compile(r"(?<![\w.*])/(?:work|root|tmp|home(?!/jovyan\b))/\w|[A-Z]:\\Users\\")


@pytest.fixture(scope="module")
def files(repo):
    """The files under version control, as paths from the root."""
    git = shutil.which("git")
    if not git or not (repo / ".git").exists():
        pytest.skip("not a git checkout, so nothing says which files belong to it")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=repo, capture_output=True, check=True).stdout.decode()
    return [Path(name) for name in listed.split("\0") if name and (repo / name).exists()]


@pytest.fixture(scope="module")
def texts(repo, files):
    """The text of each of them by path; files that are not UTF-8 are left out."""
    found = {}
    for path in files:
        try:
            found[path.as_posix()] = (repo / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.fixture(scope="module")
def project(repo):
    return tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_top_level_holds_what_it_should_and_nothing_else(files):
    assert {path.parts[0] for path in files} == TOP_LEVEL


def test_nothing_generated_is_committed(files):
    generated = {".ipynb", ".pyc", ".whl", ".egg-info", ".log"}
    assert [path for path in files if path.suffix in generated or "_build" in path.parts] == []


def test_the_repository_has_one_address(texts, project):
    address = project["urls"]["Repository"].removeprefix("https://github.com/")
    places = {
        (path, "".join(match.groups())) for path, text in texts.items() for p in NAMED for match in p.finditer(text)
    }
    assert {(path, name) for path, name in places if name != address} == set()
    named = {path for path, name in places}
    assert {"CITATION.cff", "CONTRIBUTING.md", "README.md", "_config.yml", "pyproject.toml"} <= named


def test_no_path_of_anyones_machine_is_committed(texts):
    found = [(path, match[0]) for path, text in texts.items() for match in MACHINE.finditer(text)]
    assert found == []


def test_the_citation_is_valid_and_of_this_version(against_schema, repo, project):
    path = repo / "CITATION.cff"
    done = against_schema("vendor.citation-file-format", path)
    assert done.exit_code == 0, done.output
    citation = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert citation["version"] == project["version"]
    assert citation["repository-code"] == project["urls"]["Repository"]


def test_code_and_text_have_their_licences(repo):
    licence = (repo / "LICENSE").read_text(encoding="utf-8")
    assert "BSD 3-Clause License" in licence
    assert "Redistributions in binary form must reproduce" in licence
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in licence


def test_the_book_leaves_hidden_folders_alone(repo):
    """The filter of files outside the contents skips hidden folders: .pytest_cache/README.md would be a page."""
    config = yaml.safe_load((repo / "_config.yml").read_text(encoding="utf-8"))
    assert config["only_build_toc_files"] is True
    for folder in (".pytest_cache", ".venv"):
        assert any(fnmatch.fnmatch(folder, pattern) for pattern in config["exclude_patterns"]), folder
