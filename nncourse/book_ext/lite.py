"""The course in the browser alone: JupyterLite beside the pages, with a Python kernel that needs no server.

The site brings JupyterLite, the chapters as notebooks, a small notebook for every exercise, and the package's wheel. A
page only links to it: nothing of it is loaded before a reader follows the link. The kernel is Pyodide, which comes from
its own CDN, or from the site where `nncourse_pyodide` in `_config.yml` names a folder with a distribution of it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from docutils import nodes
from jupyter_core.paths import jupyter_path
from jupyterlite_pyodide_kernel.constants import PYODIDE_KERNEL_PLUGIN_ID, PYODIDE_VERSION
from sphinx.errors import ConfigError, ExtensionError

import nncourse
from nncourse import exercises

from . import lite_notebooks
from .wheel import WHEELS

FOLDER = "lite"
APPS = ("lab", "notebooks", "tree")
# The kernel itself, and what draws widgets. Others of this environment would make the site depend on it.
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
PYODIDE = "static/pyodide"
CONFIG = "jupyter_lite_config.json"
NEW_TAB = {"target": "_blank", "rel": "noopener"}
HINT = "Opens a notebook in a new tab. Python runs in your browser, with nothing to install; its start takes a while."
HERE = Path(__file__).parent


def address(app, page: str, notebook: str) -> str:
    """The relative address at which JupyterLite, seen from `page`, opens a notebook."""
    return f"{app.builder.get_relative_uri(page, f'{FOLDER}/notebooks/index')}?path={notebook}"


def offer_exercises(app, doctree, docname):
    """At the end of every exercise on a page, the way to its notebook."""
    if app.builder.name != "html":
        return
    known = {exercise.id for exercise in exercises.catalog()}
    for quote in doctree.findall(nodes.block_quote):
        for name in known.intersection(quote["ids"]):
            target = address(app, docname, lite_notebooks.of_exercise(name))
            link = nodes.reference("", "Try it here", refuri=target, reftitle=HINT, classes=["nn-try"], **NEW_TAB)
            quote += nodes.paragraph("", "", link, classes=["nn-try-line"])


def offer_chapter(app, pagename, templatename, context, doctree):
    """Below the rocket of a chapter, the way to its notebook."""
    if app.builder.name != "html" or pagename not in lite_notebooks.pages(app.env):
        return
    app.add_js_file("nncourse/lite.js", loading_method="defer")
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            group["buttons"].append(
                {
                    "type": "link",
                    "text": "In this browser",
                    "tooltip": HINT,
                    "icon": "fas fa-globe",
                    "url": address(app, pagename, f"{pagename}.ipynb"),
                }
            )


def distribution(app) -> Path | None:
    """The folder that `nncourse_pyodide` names; an error where it holds no Pyodide that the kernel can use."""
    if not app.config.nncourse_pyodide:
        return None
    folder = Path(app.confdir, app.config.nncourse_pyodide)
    wanted = f"nncourse_pyodide: expected a folder with pyodide.js and pyodide-lock.json of Pyodide {PYODIDE_VERSION}"
    remedy = f"Unpack pyodide-{PYODIDE_VERSION}.tar.bz2 of Pyodide's releases and name that folder, or leave it out."
    try:
        came = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]["version"]
    except (OSError, ValueError, KeyError, TypeError):
        came = ""
    if came != PYODIDE_VERSION or not (folder / "pyodide.js").is_file():
        raise ConfigError(f"{wanted}; {folder} holds {f'version {came}' if came else 'none'}. {remedy}")
    return folder


def check(app):
    """Say before the long build, not after it, that its settings are wrong."""
    distribution(app)


def settings(own_pyodide: bool) -> dict:
    """What `jupyter-lite.json` says of this site."""
    kernel = {"pyodideUrl": f"./{PYODIDE}/pyodide.js"} if own_pyodide else {}
    data = {
        "appName": "nncourse",
        "litePluginSettings": {PYODIDE_KERNEL_PLUGIN_ID: kernel},
        "settingsOverrides": {"@jupyterlab/apputils-extension:themes": {"adaptive-theme": True}},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def extension(name: str) -> Path:
    """The folder in which pip has put an extension of JupyterLab."""
    folders = [Path(root, name) for root in jupyter_path("labextensions")]
    found = next((folder for folder in folders if folder.is_dir()), None)
    if found is None:
        raise ExtensionError(f"JupyterLite needs the extension {name} of JupyterLab: install nncourse[book] again")
    return found


def wheels(app, pyodide: Path | None) -> list[Path]:
    """What the kernel's package manager finds on the site, before it asks PyPI.

    That is the package itself, and whatever else lies in the builder's own Pyodide without being a part of it.
    """
    found = sorted(Path(app.outdir, WHEELS).glob("*.whl"))
    if pyodide:
        lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
        known = {package["file_name"] for package in lock["packages"].values()}
        found += sorted(file for file in pyodide.glob("*-none-any.whl") if file.name not in known)
    return found


def plan(out: Path, wheels: list[Path]) -> dict:
    """What the build of JupyterLite is told."""
    return {
        "LiteBuildConfig": {
            "apps": APPS,
            "contents": ["contents"],
            "output_dir": str(out),
            "federated_extensions": [str(extension(name)) for name in EXTENSIONS],
            "ignore_sys_prefix": True,
            "no_sourcemaps": True,
        },
        "LiteManager": {"strict": True},
        "PipliteAddon": {"piplite_urls": [str(file) for file in wheels]},
    }


def run(work: Path) -> None:
    """Call `jupyter lite build` in a folder with all that it takes, away from the user's own settings."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "jupyterlite_core", "build", "--lite-dir", ".", "--config", CONFIG],
        cwd=work,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(work), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise ExtensionError(f"JupyterLite could not be built (exit status {done.returncode}):\n{done.stdout[-3000:]}")


def build(app, error):
    """JupyterLite into the site, whole each time: it takes seconds, and a stale file would stay unnoticed."""
    if error or app.builder.name != "html":
        return
    out, pyodide = Path(app.outdir, FOLDER), distribution(app)
    shutil.rmtree(out, ignore_errors=True)
    with TemporaryDirectory() as folder:
        work = Path(folder)
        lite_notebooks.write(app.env, work / "contents")
        files = {"jupyter-lite.json": settings(pyodide is not None), CONFIG: plan(out, wheels(app, pyodide))}
        for name, data in files.items():
            (work / name).write_text(json.dumps(data), encoding="utf-8")
        run(work)
    if pyodide:
        shutil.copytree(pyodide, out / PYODIDE)
    shutil.copy(HERE / "lite.js", Path(app.outdir, "_static", "nncourse", "lite.js"))


def setup(app):
    app.add_config_value("nncourse_pyodide", "", "html")
    app.connect("builder-inited", check)
    app.connect("doctree-resolved", offer_exercises)
    app.connect("html-page-context", offer_chapter, priority=900)  # after the theme has made its buttons
    app.connect("build-finished", build, priority=900)  # after `write_files`, which clears the folder of scripts
    return {"version": nncourse.__version__, "parallel_read_safe": True, "parallel_write_safe": True}
