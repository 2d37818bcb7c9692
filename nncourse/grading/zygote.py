"""The warm process of the box: it has NumPy loaded, and forks one worker for each submission.

Submitted code never runs here, so every worker starts from the same clean state in a few milliseconds. The grader asks
for a worker, for the processor time that it has used, and for its end; the zygote alone can kill in its box.
"""

import codecs
import gc
import json
import os
import signal
import socket
import sys
import time

# Loaded here once rather than in every worker.
import numpy.fft
import numpy.linalg
import numpy.polynomial
import numpy.random  # noqa: F401

from . import confine, seccomp, worker


def main(handle: int, settings: dict) -> None:
    """Serve the grader until it hangs up."""
    control = socket.socket(fileno=handle)
    os.umask(0o077)
    if settings["confined"]:
        confine.give_up_privileges()
        seccomp.program()  # made once, for all workers
    if settings["readable"] and not confine.hide_files(settings["readable"]):
        raise SystemExit("this kernel has no Landlock")
    codecs.lookup("utf-8-sig")  # loads what every worker reads its file by
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the workers: their collections leave it alone
    control.send(b'{"ready": true}')
    while asked := control.recv(65536):
        request = json.loads(asked)
        if request["op"] == "start":
            _start(control, settings)
        elif request["op"] == "time":
            control.send(json.dumps({"cpu": _cpu(request["worker"])}).encode())
        elif request["op"] == "end":
            control.send(json.dumps(_end(request["worker"], request["grace"])).encode())


def _start(control: socket.socket, settings: dict) -> None:
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            control.close()
            ours.close()
            _become_worker(theirs, settings)
        finally:
            os._exit(0)
    theirs.close()
    socket.send_fds(control, [json.dumps({"worker": child}).encode()], [ours.fileno()])
    ours.close()


def _become_worker(channel: socket.socket, settings: dict) -> None:
    """Give up what is left to give up, prove it where that is asked for, and serve one submission."""
    confine.limit(settings["memory"], settings["cpu_seconds"])
    if settings["confined"]:
        confine.give_up_privileges()  # a fork forgets the signal of its parent's death
        confine.filter_calls()
    worker.serve(channel)


def _cpu(child: int) -> float:
    """Processor time that a child has used, in seconds: the kernel's clock of that process."""
    try:
        return time.clock_gettime((~child << 3) | 2)
    except OSError:
        return 0.0


def _end(child: int, grace: float) -> dict:
    """The end of a worker: how it ended by itself within `grace` seconds, or that it had to be killed."""
    end = time.monotonic() + grace
    while not (done := os.wait4(child, os.WNOHANG))[0] and time.monotonic() < end:
        time.sleep(0.005)
    alone = done[0] != 0
    if not alone:
        os.kill(child, signal.SIGKILL)
        done = os.wait4(child, 0)
    _, status, usage = done
    return {"alone": alone, "code": os.waitstatus_to_exitcode(status), "cpu": usage.ru_utime + usage.ru_stime}


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
