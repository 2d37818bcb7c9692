"""What a reader on Binder gets, without Docker: `python -m tests.book.binder`, for a person who changes `.binder/`.

A fresh environment gets what repo2docker brings by itself (its lock of conda packages, installed by pip), then what
its plan says of this project: the clone, `pip install -r .binder/requirements.txt`, `postBuild`. Another gets our set
alone, which may weigh 270 MB more than theirs. Then JupyterLab starts there, and Chromium opens every chapter at the
address of its rocket and runs it from top to bottom: no cell may fail, and every widget must be drawn. `.ci/run` has
the same pins through the extra `test`, and runs one chapter so.

Measured in November 2026: repo2docker's own environment weighs 355 MB, our set alone 581 MB, which is 226 MB more. Both
together weigh 746 MB, since they share 190 MB, and our layer of the image 521 MB: some of what is shared is brought
once more, as pinned. SciPy, NumPy, scikit-learn and Matplotlib are 300 MB of it, bytecode included.

It needs Linux, the Python of `.binder/runtime.txt`, Chromium, `pip install jupyter-repo2docker` beside the extra
`test`, and an index of packages.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from playwright.sync_api import sync_playwright

from ..conftest import CHROMIUM_FLAGS, installed_chromium, opener
from .chapters import ROOT, chapter_files
from .laboratory import faults, opened, run_all, running_lab

LIMIT = 270  # megabytes that the set may weigh more than what repo2docker brings
CONDA = re.compile(r"/([\w.-]+)-([\w.]+)-(?:py[\w]+|[\w]*py311\w*)\.(?:conda|tar\.bz2)(?:#|$)")
ON_PYPI = {  # what conda calls otherwise
    "brotli-python": "brotli",
    "jupyterhub-base": "jupyterhub",
    "jupyterhub-singleuser": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
}


def bring_by_itself(conda: Path, python: str) -> tuple[list[str], list[str]]:
    """repo2docker's requirements for this Python, and its lock as constraints for pip."""
    wanted = re.findall(r"^- ([\w-]+)==(\S+)", (conda / f"environment.py-{python}.yml").read_text(), re.MULTILINE)
    locked = CONDA.findall((conda / f"environment.py-{python}-linux-64.lock").read_text())
    return [
        [f"{ON_PYPI.get(name, name)}=={version}" for name, version in pairs] for pairs in (wanted, dict(locked).items())
    ]


def files(folder: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of every file below a folder."""
    found = {path: path.lstat() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    return {path.relative_to(folder): (stat.st_size, stat.st_mtime_ns) for path, stat in found.items()}


def weight(found: dict[Path, tuple[int, int]]) -> int:
    """Megabytes of the files."""
    return round(sum(size for size, _ in found.values()) / 1e6)


def new_environment(folder: Path) -> list:
    """Make one, and return the beginning of its `pip install`."""
    venv.create(folder, with_pip=True)
    return [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def install(folder: Path) -> tuple[Path, Path]:
    """The environment and the clone, as repo2docker builds them. Prints what they weigh, and stops above the limit."""
    python = (ROOT / ".binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    if sys.version_info[:2] != tuple(map(int, python.split("."))):
        sys.exit(f"Binder runs Python {python}, and this is {sys.version.split()[0]}: run the command with that Python")
    found = importlib.util.find_spec("repo2docker")
    if found is None:
        sys.exit("repo2docker is missing: pip install jupyter-repo2docker")
    clone, alone, environment = folder / "course", folder / "alone", folder / "environment"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    requirements = ["-r", ".binder/requirements.txt"]
    subprocess.run([*new_environment(alone), *requirements], cwd=clone, check=True)

    wanted, locked = bring_by_itself(Path(found.origin).parent / "buildpacks" / "conda", python)
    (folder / "locked.txt").write_text("\n".join(locked), encoding="utf-8")
    pip = new_environment(environment)
    subprocess.run([*pip, "-c", folder / "locked.txt", *wanted], check=True)
    before = files(environment)
    subprocess.run([*pip, *requirements], cwd=clone, check=True)
    path = os.pathsep.join([str(environment / "bin"), os.environ["PATH"]])
    home = {"PATH": path, "HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / "jupyter")}
    subprocess.run(["./.binder/postBuild"], cwd=clone, env={**os.environ, **home}, check=True)
    weigh(before, files(alone), files(environment))
    return environment, clone


def weigh(brought, alone, both) -> None:
    """Print what each set of files weighs, and stop where ours weighs too much more than what is brought."""
    more = weight(alone) - weight(brought)
    written = {file: found for file, found in both.items() if brought.get(file) != found}
    print(f"repo2docker's own environment: {weight(brought)} MB; the set of .binder alone: {weight(alone)} MB")
    print(f"that is {more} MB more, and may be {LIMIT}")
    print(f"both together: {weight(both)} MB, of which the set's layer of the image holds {weight(written)}")
    if more > LIMIT:
        sys.exit("the set of .binder is too heavy")


def run_chapters(environment: Path, clone: Path, home: Path) -> bool:
    """Open every chapter and run it; prints a line each, and says whether all is well."""
    chromium = installed_chromium()
    bad = []
    with running_lab(environment / "bin" / "jupyter-lab", clone, home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for name in [file.stem for file in chapter_files()]:
            with opener(browser) as open_at:
                start = time.monotonic()
                page = opened(open_at(address(f"book/{name}.md"), width=1300, height=1000))
                ready = time.monotonic()
                found = run_all(page)
                told = [*faults(found), *page.abroad]
                seconds = f"open after {ready - start:3.0f} s, run in {time.monotonic() - ready:4.0f} s"
                print(f"{name:32}{seconds}, {found['run']:3} cells, {found['drawn']:2} widgets", *told, sep="  ")
                page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
                bad += told
        browser.close()
    return not bad


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.book.binder", description=__doc__.partition("\n")[0])
    parser.parse_args()
    os.environ.pop("PYTHONPATH", None)  # what is installed there is to be run
    with tempfile.TemporaryDirectory() as folder:
        environment, clone = install(Path(folder))
        home = Path(folder, "home")
        home.mkdir()
        if not run_chapters(environment, clone, home):
            sys.exit("not all is well")


if __name__ == "__main__":
    main()
