"""The filter of system calls agrees with the kernel's own tables; a box is believed because it was tried."""

import re
import struct
import sys
from pathlib import Path

import pytest

from nncourse.grading import confine, places, sandbox, seccomp
from nncourse.grading.sandbox import Limits, Refused, open_box

HEADERS = {
    0: ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    1: ("/usr/include/asm-generic/unistd.h",),
}


@pytest.mark.parametrize("column", HEADERS, ids=["x86_64", "aarch64"])
def test_the_numbers_of_the_calls_are_those_of_the_kernel(column):
    path = next((Path(name) for name in HEADERS[column] if Path(name).exists()), None)
    if not path:
        pytest.skip("the kernel's headers are not installed (Debian: apt-get install linux-libc-dev)")
    text = path.read_text()
    numbers = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    names = re.findall(r"#define __NR_(\w+) __NR3264_(\w+)", text)
    numbers |= {name: numbers[other] for name, other in names if other in numbers}
    for name, row in seccomp.ALLOWED.items():
        assert row[column] == numbers.get(name), name


def verdict(program, number, architecture, arguments=(0, 0, 0)):
    """What the kernel would do with a call: the filter's steps, one by one."""
    steps = list(struct.iter_unpack("=HBBI", program))
    at, held = 0, None
    while True:
        code, if_true, if_false, constant = steps[at]
        if code == seccomp.RETURN:
            return constant
        if code == seccomp.LOAD:
            known = {seccomp.NUMBER: number, seccomp.ARCHITECTURE: architecture}
            held = (known | dict(zip(seccomp.ARGUMENTS, arguments, strict=True)))[constant]
        else:
            holds = held & constant if code == seccomp.JUMP_IF_ANY else held == constant
            at += if_true if holds else if_false
        at += 1


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_the_filter_allows_the_table_and_nothing_else(machine):
    column, name = seccomp.MACHINES[machine]
    program = seccomp.program(machine)
    allowed = {row[column] for row in seccomp.ALLOWED.values()} - {None}
    for number in range(600):
        assert verdict(program, number, name) == (seccomp.ALLOW if number in allowed else seccomp.REFUSE)
    assert verdict(program, 0x40000000, name) == seccomp.REFUSE  # the calls of x32
    other = next(other for _, other in seccomp.MACHINES.values() if other != name)
    assert verdict(program, min(allowed), other) == seccomp.KILL
    for call, (place, good, bad) in {
        "fcntl": (1, (0, 1, 2, 3, 1030), (4, 6, 8, 10, 15, 1024)),  # not F_SETFL, F_SETLK, F_SETOWN, F_SETSIG, ...
        "open": (1, (0, 0o2000000), (0o1, 0o2, 0o101, 0o1000, 0o3001000)),
        "openat": (2, (0, 0o2000000), (0o1, 0o2, 0o101, 0o1000, 0o3001000)),
    }.items():
        if (number := seccomp.ALLOWED[call][column]) is not None:
            for value, wanted in [(one, seccomp.ALLOW) for one in good] + [(one, seccomp.REFUSE) for one in bad]:
                arguments = [0, 0, 0]
                arguments[place] = value
                assert verdict(program, number, name, arguments) == wanted, (call, value)


def test_no_call_starts_processes_reaches_the_network_or_sends_signals():
    forbidden = "clone clone3 fork vfork execve execveat socket connect kill tkill tgkill ptrace prctl prlimit64 setuid"
    assert not set(forbidden.split()) & set(seccomp.ALLOWED)


def test_a_box_lets_nothing_through(box):
    assert sandbox.probe(box) == []


def test_without_confinement_the_trial_finds_what_is_open():
    with open_box(Limits(), ("unconfined",)) as box:
        found = sandbox.probe(box)
    assert {"list folders", "start processes", "open sockets", "send signals"} <= set(found)
    assert any(name.startswith("read ") for name in found)


def test_a_box_that_leaks_is_refused(monkeypatch):
    """A level whose confinement does nothing is found out by the trial."""
    monkeypatch.setattr(sandbox, "lacking", lambda level: "")
    monkeypatch.setattr(sandbox, "probe", lambda box: ["open sockets"])
    with pytest.raises(Refused, match="a trial in the box could open sockets"):
        open_box(Limits(), ("landlock",))


def test_a_machine_without_confinement_says_what_it_lacks(monkeypatch):
    monkeypatch.setattr(seccomp, "is_known", lambda: False)
    with pytest.raises(Refused, match="x86_64 and aarch64"):
        open_box(Limits())
    monkeypatch.undo()
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(Refused, match="apt-get install bubblewrap"):
        open_box(Limits(), ("bubblewrap",))


def test_installed_packages_are_in_no_part_of_a_root(tmp_path):
    for name in (
        "lib/python3/site-packages/nncourse/x.py",
        "lib/python3/os.py",
        "lib/libm.so",
        "lib/python3/json/a.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    parts = set(places.without_packages(tmp_path))
    assert parts == {tmp_path / "lib/python3/os.py", tmp_path / "lib/python3/json", tmp_path / "lib/libm.so"}
    assert places.hidden(tmp_path) == [tmp_path / "lib/python3/site-packages"]


def test_the_box_holds_no_exercise_and_no_check(tmp_path):
    places.fill(tmp_path)
    names = {path.name for path in (tmp_path / "box").rglob("*.py")}
    assert "outcome.py" in names and not [name for name in names if name.startswith(("chapter", "judging", "compare"))]


def test_no_folder_that_the_box_sees_holds_this_package():
    seen = [Path(path) for root in places.roots() for path in places.without_packages(root)]
    assert not [path for path in seen if path in places.PACKAGE.parents]


def test_a_trial_that_finds_nothing_open_is_no_accident(tmp_path):
    """In this process, which is not confined, every trial but the file that is not there succeeds."""
    secret = tmp_path / "secret"
    secret.touch()
    open_here = confine.escapes([str(secret), str(tmp_path / "absent")])
    assert len(open_here) == 9 and sys.platform == "linux"
