"""Writing a file whole or not at all: whoever reads it meets the old text or the new one, also after a crash."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str, lasting: bool = True) -> None:
    """Put `text` where `path` (or what it links to) lies, in one stroke; its folder must exist.

    What is not `lasting` does not wait for the disk and can be lost with the machine's power. Half
    a letter, from the name of a file that is not UTF-8, is written as `\\udcff`, which JSON reads back.
    """
    target = Path(os.path.realpath(path))
    handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        os.chmod(draft, _rights(target))
        os.replace(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _rights(target: Path) -> int:
    """Those of the file that is replaced, or what a new file gets; a draft is closed to everyone else."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
