"""What a reader on Binder gets, without Docker: `python -m tests.book.binder`, for a person who changes `.binder/`.

A fresh environment gets what repo2docker brings by itself (its lock of conda packages, installed by pip), then what its
plan says of this project: the clone, `pip install -r .binder/requirements.txt`, `postBuild`. The set must add less than
270 MB. Then JupyterLab starts there, and Chromium opens every chapter at the address of its rocket and runs it from top
to bottom: no cell may fail, and every widget must be drawn.

It needs Linux, the Python of `.binder/runtime.txt`, Chromium, `pip install jupyter-repo2docker` beside the extra `test`,
and an index of packages.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from playwright.sync_api import sync_playwright

from ..conftest import CHROMIUM_FLAGS, opener
from .chapters import ROOT, chapter_files
from .laboratory import faults, opened, run_all, running_lab

LIMIT = 270e6  # bytes that the set may add
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
    return {
        path: (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }


def install(folder: Path) -> tuple[Path, Path]:
    """The environment and the clone, built as repo2docker plans it; prints what they weigh, and stops above the limit."""
    python = (ROOT / ".binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    if sys.version_info[:2] != tuple(map(int, python.split("."))):
        sys.exit(f"Binder runs Python {python}, and this is {sys.version.split()[0]}: run the command with that Python")
    found = importlib.util.find_spec("repo2docker")
    if found is None:
        sys.exit("repo2docker is missing: pip install jupyter-repo2docker")
    environment, clone = folder / "environment", folder / "course"
    venv.create(environment, with_pip=True)
    wanted, locked = bring_by_itself(Path(found.origin).parent / "buildpacks" / "conda", python)
    (folder / "locked.txt").write_text("\n".join(locked), encoding="utf-8")
    pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", folder / "locked.txt", *wanted], check=True)
    before = files(environment)

    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    start = time.monotonic()
    subprocess.run([*pip, "-r", ".binder/requirements.txt"], cwd=clone, check=True)
    path = os.pathsep.join([str(environment / "bin"), os.environ["PATH"]])
    home = {"PATH": path, "HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / "jupyter")}
    subprocess.run(["./.binder/postBuild"], cwd=clone, env={**os.environ, **home}, check=True)
    after = files(environment)

    brought, whole = (sum(size for size, _ in found.values()) for found in (before, after))
    written = sum(found[0] for file, found in after.items() if before.get(file) != found)
    print(f"repo2docker's own environment: {brought / 1e6:.0f} MB; with the set of .binder: {whole / 1e6:.0f} MB")
    print(f"added: {(whole - brought) / 1e6:.0f} MB; written, as a layer of an image holds it: {written / 1e6:.0f} MB")
    print(f"installed in {time.monotonic() - start:.0f} s")
    if max(whole - brought, written) > LIMIT:
        sys.exit(f"that is more than {LIMIT / 1e6:.0f} MB")
    return environment, clone


def run_chapters(environment: Path, clone: Path, home: Path) -> bool:
    """Open every chapter and run it; prints a line each, and says whether all is well."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("Chromium is missing: apt-get install chromium")
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
    with tempfile.TemporaryDirectory() as folder:
        environment, clone = install(Path(folder))
        home = Path(folder, "home")
        home.mkdir()
        if not run_chapters(environment, clone, home):
            sys.exit("not all is well")


if __name__ == "__main__":
    main()
