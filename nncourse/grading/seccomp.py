"""The system calls that submitted code may make, as a program for the kernel's seccomp filter.

The list says what is allowed: reading, memory, time, and answering on the channel that is open. Processes, threads,
sockets, signals, new rights and every write to a file system are refused with EPERM, which Python turns into an
exception. The numbers differ between processors; `None` is a call that a processor does not have.

Two calls are looked at more closely. `fcntl` could make the kernel send a signal to any process (F_SETOWN, F_SETSIG).
`open` could empty a file that may only be read, where an old Landlock does not know the right to truncate.
"""

import platform
import struct
from functools import cache

# name: (x86_64, aarch64)
ALLOWED = {
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "preadv": (295, 69),
    "recvfrom": (45, 207),
    "sendto": (44, 206),
    "close": (3, 57),
    "close_range": (436, 436),
    "openat": (257, 56),
    "open": (2, None),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "lseek": (8, 62),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "dup": (32, 23),
    "fcntl": (72, 25),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    "futex": (202, 98),
    "membarrier": (324, 283),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "getrlimit": (97, 163),
    "times": (100, 153),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "time": (201, None),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
MACHINES = {
    "x86_64": (0, 0xC000003E),
    "aarch64": (1, 0xC00000B7),
}  # column of ALLOWED, the kernel's name of the machine

# The machine that the filter is written for: load a word, compare it, return a verdict.
LOAD, JUMP_IF_EQUAL, JUMP_IF_ANY, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER, ARCHITECTURE = 0, 4  # offsets in what the kernel hands to the filter
ARGUMENTS = (16, 24, 32)  # the lower halves, on a little-endian processor: commands and flags have no upper half
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000  # REFUSE carries EPERM, 1
DUPLICATE, GET_FLAGS, SET_FLAGS, GET_STATUS, DUPLICATE_CLOSING = 0, 1, 2, 3, 1030  # the harmless commands of fcntl
HARMLESS_COMMANDS = (DUPLICATE, GET_FLAGS, SET_FLAGS, GET_STATUS, DUPLICATE_CLOSING)
TO_WRITE = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC


def is_known(machine: str | None = None) -> bool:
    """Whether the table has a column for this processor."""
    return (machine or platform.machine()) in MACHINES


@cache
def program(machine: str | None = None) -> bytes:
    """The filter: 8 bytes an instruction. A call of another processor's kind ends the process."""
    column, name = MACHINES[machine or platform.machine()]
    looked_at = {
        "fcntl": [
            _step(LOAD, ARGUMENTS[1]),
            *(_step(JUMP_IF_EQUAL, one, len(HARMLESS_COMMANDS) - place) for place, one in enumerate(HARMLESS_COMMANDS)),
        ],
        "open": [_step(LOAD, ARGUMENTS[1]), _step(JUMP_IF_ANY, TO_WRITE, 0, 1)],
        "openat": [_step(LOAD, ARGUMENTS[2]), _step(JUMP_IF_ANY, TO_WRITE, 0, 1)],
    }
    called = {call: number[column] for call, number in ALLOWED.items() if number[column] is not None}
    numbers = sorted(number for call, number in called.items() if call not in looked_at)
    steps = [_step(LOAD, ARCHITECTURE), _step(JUMP_IF_EQUAL, name, 1, 0), _step(RETURN, KILL), _step(LOAD, NUMBER)]
    for call, look in looked_at.items():
        if call in called:
            look = [*look, _step(RETURN, REFUSE), _step(RETURN, ALLOW)]
            steps += [_step(JUMP_IF_EQUAL, called[call], 0, len(look)), *look]
    for place, number in enumerate(numbers):
        to_allow = len(numbers) - place  # over the comparisons that follow, and over the refusal
        steps.append(_step(JUMP_IF_EQUAL, number, to_allow, 0))
    return b"".join([*steps, _step(RETURN, REFUSE), _step(RETURN, ALLOW)])


def _step(code: int, constant: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, constant)
