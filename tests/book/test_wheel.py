"""The wheel of the package that the site offers: built offline, the same each time, whole when it is installed."""

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import numpy
import pytest

import nncourse as nn
from nncourse.book_ext import wheel
from nncourse.exercises.statements import statement

LOOK = """
import sys
sys.path.append(sys.argv[1])  # for NumPy alone: what the environment has comes first
import json, nncourse as nn
from nncourse.exercises.statements import statement
print(json.dumps([nn.__file__, nn.__version__, {e.id: statement(e) for e in nn.exercises.catalog()}]))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return wheel.write_wheel(tmp_path_factory.mktemp("wheels") / "new")


def test_it_has_the_name_that_the_notebooks_ask_for(built):
    assert built.name == wheel.wheel_name()
    assert [file.name for file in built.parent.iterdir()] == [built.name]


def test_it_holds_the_package_and_the_chapters_and_nothing_else(built, repo):
    with zipfile.ZipFile(built) as archive:
        names = set(archive.namelist())
    assert {name.split("/")[0] for name in names} == {"nncourse", f"nncourse-{nn.__version__}.dist-info"}
    for path in [*(repo / "nncourse").rglob("*.py"), *(repo / "nncourse").rglob("*.js")]:
        assert path.relative_to(repo).as_posix() in names
    assert {f"nncourse/book/{path.name}" for path in (repo / "book").glob("*.md")} <= names


def test_the_same_sources_give_the_same_bytes(built, tmp_path):
    assert wheel.write_wheel(tmp_path).read_bytes() == built.read_bytes()


def test_it_works_in_a_fresh_environment(built, tmp_path):
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    offline = ["--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", "--quiet"]
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *offline, built], check=True)
    look = [python, "-I", "-c", LOOK, Path(numpy.__file__).parents[1]]
    done = subprocess.run(look, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    file, version, statements = json.loads(done.stdout)
    assert (tmp_path / "env").resolve() in Path(file).resolve().parents
    assert version == nn.__version__
    assert statements == {exercise.id: statement(exercise) for exercise in nn.exercises.catalog()}


def test_without_the_sources_an_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(wheel.nncourse, "__file__", str(tmp_path / "site-packages" / "nncourse" / "__init__.py"))
    with pytest.raises(FileNotFoundError, match=r'needs its sources.*pip install -e "\.\[book\]"'):
        wheel.write_wheel(tmp_path / "wheels")
    assert not (tmp_path / "wheels").exists()


def test_the_site_offers_it(book, built):
    [published] = (book.html / wheel.WHEELS).iterdir()
    assert published.name == built.name
    with zipfile.ZipFile(published) as archive:
        assert "nncourse/book_ext/wheel.py" in archive.namelist()
