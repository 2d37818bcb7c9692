"""What a process does to itself before it runs submitted code: it gives up rights that nothing gives back.

Limits on memory, time and files (rlimits) work everywhere. Landlock takes the files away, seccomp the processes,
signals and network; both are Linux, and neither needs a privilege. `escapes` then tries what must not work: a box is
believed because it was tried, not because it was asked for.
"""

import ctypes
import fcntl
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from . import seccomp

SET_DEATH_SIGNAL, SET_SECCOMP, SET_NO_NEW_PRIVILEGES, FILTER_MODE = 1, 22, 38, 2
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every processor
EXECUTE, READ_FILE, READ_FOLDER = 1, 4, 8
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights over files a version of Landlock knows; from 5 on, 16


def limit(memory: int, cpu_seconds: int) -> None:
    """Bound memory, processor time and open files, and write no byte to any file."""
    wanted = {"AS": memory, "CPU": cpu_seconds, "FSIZE": 0, "NOFILE": 64, "CORE": 0}
    for name, most in wanted.items():
        _, hard = resource.getrlimit(kind := getattr(resource, f"RLIMIT_{name}"))
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS refuses some
            if sys.platform == "linux":
                raise


def give_up_privileges() -> None:
    """Drop what root has beyond others, never gain it again, and die with the parent."""
    _prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    _prctl(SET_NO_NEW_PRIVILEGES, 1)
    version, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _check(_libc().capset(version, none))


def hide_files(readable: Iterable[str]) -> bool:
    """Leave nothing but reading below `readable`, by Landlock. False where the kernel has none."""
    libc = _libc()
    version = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    rights = (1 << FILE_RIGHTS.get(version, 16)) - 1
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(ctypes.c_uint64(rights)), ctypes.c_size_t(8), 0)
    _check(ruleset)
    for path in readable:
        _allow(libc, ruleset, path)
    _check(libc.syscall(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return True


def _allow(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    allowed = EXECUTE | READ_FILE | (READ_FOLDER if os.path.isdir(path) else 0)
    rule = allowed.to_bytes(8, sys.byteorder) + place.to_bytes(4, sys.byteorder)
    _check(libc.syscall(ADD_RULE, ruleset, 1, rule, 0))
    os.close(place)


def filter_calls() -> None:
    """Allow the system calls of `seccomp.ALLOWED`, and no other."""
    program = seccomp.program()

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    steps = Program(len(program) // 8, program)
    _prctl(SET_SECCOMP, FILTER_MODE, ctypes.addressof(steps))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, *values: int) -> None:
    words = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    _check(_libc().prctl(option, *words))


def _check(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses to confine this process")


def escapes(secrets: list[str]) -> list[str]:
    """What a process can still do that submitted code must not; `secrets` are files that it must not read."""
    folder = os.path.dirname(secrets[0])
    tries: dict[str, Callable] = {
        **{f"read {secret}": lambda secret=secret: Path(secret).read_bytes() for secret in secrets},
        "list folders": lambda: os.listdir(folder),
        "write files": lambda: tempfile.TemporaryFile(dir=folder).close(),
        "start processes": _fork,
        "run programs": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "open sockets": lambda: socket.socket().close(),
        "send signals": lambda: os.kill(os.getpid(), 0),
        "have signals sent": lambda: fcntl.fcntl(0, fcntl.F_SETOWN, 0),
        "raise its limits": lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
    }
    return [name for name, attempt in tries.items() if _works(attempt)]


def _works(attempt: Callable) -> bool:
    try:
        attempt()
    except (OSError, ValueError):  # setrlimit turns a refusal into a ValueError
        return False
    return True


def _fork() -> None:
    if child := os.fork():
        os.waitpid(child, 0)
    else:
        os._exit(0)
