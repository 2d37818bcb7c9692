"""What the box may see of this machine: Python, its standard library, NumPy, and the five files that work in the box.

Installed packages stay outside, above all this one: it has the solutions in it. The files of the box are copied into a
folder of their own, as a small package in which their relative imports hold.
"""

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
PACKAGE = Path(__file__).parent.parent
IN_THE_BOX = (
    "exercises/outcome.py",
    *(
        f"grading/{name}.py"
        for name in ("confine", "offered", "record", "seccomp", "submission", "wire", "worker", "zygote")
    ),
)
PACKAGE_FOLDERS = ("site-packages", "dist-packages")


def fill(folder: Path) -> None:
    """Write the files of the box into `folder`/box, and the link to NumPy into `folder`/packages."""
    for name in IN_THE_BOX:
        target = folder / "box" / "gradebox" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (target.parent / "__init__.py").touch()
        shutil.copyfile(PACKAGE / name, target)
    (folder / "box" / "gradebox" / "__init__.py").touch()
    (folder / "packages").mkdir()
    for path in numpy_folders():
        (folder / "packages" / path.name).symlink_to(path)


def numpy_folders() -> list[Path]:
    """NumPy, and the libraries that its wheels bring along."""
    numpy = Path(np.__file__).resolve().parent
    return [path for path in (numpy, numpy.with_name("numpy.libs")) if path.is_dir()]


def interpreter() -> Path:
    """The program of this Python, outside of any virtual environment."""
    return Path(sys.executable).resolve()


def roots() -> list[Path]:
    """Where this Python and the shared libraries of the system live, each folder once and none inside another."""
    system = [Path(start, name) for start in ("/", "/usr", "/usr/local") for name in ("lib", "lib32", "lib64")]
    named = [Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix, "lib"), *system]
    found = sorted({path.resolve() for path in named if path.is_dir()})
    return [path for path in found if not any(other in path.parents for other in found)]


def hidden(root: Path) -> list[Path]:
    """The folders of installed packages below a root."""
    return sorted(
        path
        for name in PACKAGE_FOLDERS
        for depth in ("", "*/", "*/*/")
        for path in root.glob(depth + name)
        if path.is_dir()
    )


def without_packages(root: Path) -> Iterator[Path]:
    """The root, cut up so that no folder of installed packages is in any part."""
    if root.name in PACKAGE_FOLDERS:
        return
    if not root.is_dir() or root.is_symlink() or not hidden(root):
        yield root
        return
    for path in root.iterdir():
        yield from without_packages(path)


def bubblewrap(folder: Path) -> list[str]:
    """The command that makes the box: its own namespaces, only reading, no /proc, no /dev, no network."""
    binds = []
    for root in roots():
        binds += ["--ro-bind", str(root), str(root)]
        for path in hidden(root):
            binds += ["--tmpfs", str(path), "--remount-ro", str(path)]
    for link in Path("/").glob("lib*"):
        if link.is_symlink():
            binds += ["--symlink", os.readlink(link), str(link)]
    python = str(interpreter())
    binds += ["--ro-bind", python, python, "--ro-bind", str(folder / "box"), "/box"]
    for path in numpy_folders():
        binds += ["--ro-bind", str(path), f"/packages/{path.name}"]
    fence = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    person = ["--uid", "65534", "--gid", "65534", "--hostname", "box", "--clearenv"]
    names = [word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)]
    return [shutil.which("bwrap"), *fence, *person, *names, *binds, "--remount-ro", "/", "--chdir", "/", "--"]


def readable(folder: Path) -> list[str]:
    """What Landlock lets through."""
    parts = [part for root in roots() for part in without_packages(root)]
    return [*map(str, parts), *map(str, numpy_folders()), str(folder / "box"), str(interpreter())]
