"""The package as one file that pip installs: the site brings the very code that its chapters were run with.

A notebook opened far from a checkout, on Colab or in the browser, installs this wheel. It is built in this process by
the build backend that `pyproject.toml` names, with no network and no isolated environment. The same sources give the
same bytes: hatchling gives every file one date (that of `SOURCE_DATE_EPOCH`, where it is set).
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder
from sphinx.util import logging

import nncourse

WHEELS = "_static/wheels"
NO_SOURCES = (
    "the package's wheel needs its sources, but nncourse runs from {found}, and {root} holds no pyproject.toml of it: "
    'install it from a checkout, with pip install -e ".[book]"'
)
log = logging.getLogger(__name__)


def wheel_name() -> str:
    return f"nncourse-{nncourse.__version__}-py3-none-any.whl"


def sources() -> Path:
    """The root of the checkout that the package runs from; an error where it was installed without its sources."""
    found = Path(nncourse.__file__).resolve().parent
    try:
        project = tomllib.loads((found.parent / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except OSError:
        project = {}
    if project.get("name") != "nncourse":
        raise FileNotFoundError(NO_SOURCES.format(found=found, root=found.parent))
    return found.parent


def write_wheel(folder: Path) -> Path:
    """Build the package's wheel into `folder`, which is made, and return its path. Needs a checkout (`-e .`)."""
    root = sources()
    folder.mkdir(parents=True, exist_ok=True)
    [built] = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    return Path(built)


def publish(app) -> None:
    """The site's own wheel, among its static files. Without the sources the build warns, and the site has none."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, WHEELS)
    try:
        written = write_wheel(folder)
    except FileNotFoundError as error:
        log.warning("%s", error, type="nncourse", subtype="wheel")
        written = None
    for old in folder.glob("*.whl"):  # of an earlier version
        if old != written:
            old.unlink()
