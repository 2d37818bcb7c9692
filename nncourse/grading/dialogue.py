"""Talking to a worker that runs submitted code: every answer in bounded time, or a sentence why there is none.

Time is the processor time that the kernel has counted for the worker, so a busy machine costs nobody a point; a worker
that computes nothing, and one that never ends, are given up by the clock on the wall.
"""

import secrets
import signal
import socket
import time
from collections.abc import Callable

from . import wire

PATIENCE = 12  # seconds on the wall for one of computing, on the busiest of machines
LOOK_SECONDS = 0.5  # how often a silent worker is looked at
TOO_SLOW = "an endless loop, or far too slow"
ASLEEP = "your code waits for something that does not come (sleep, input, a lock)"
DISTURBED = "your code disturbed the channel over which it is graded"


class BoxFault(Exception):
    """The box itself failed, before or beside any submitted code: a person must look."""


class Ended(Exception):
    """A worker came to its end while it ran submitted code; the message tells the learner how."""


class TooLong(Ended):
    """It was ended because it took too long."""


class Worker:
    """One forked worker: it loads one submission and answers for its functions."""

    def __init__(self, ask_zygote: Callable[..., dict], number: int, channel: socket.socket):
        self.ask_zygote, self.number, self.channel = ask_zygote, number, channel

    def ask(self, message: dict, values: object = None, *, seconds: float) -> tuple[dict, object]:
        """One question, one answer, for which `seconds` may be computed. Ended where submitted code gives none."""
        token = secrets.token_hex(8)  # an answer that does not repeat it was made for another question
        frame = wire.pack({**message, "token": token}, values)  # what does not fit in is no fault of the submission's
        self.channel.settimeout(PATIENCE * seconds)
        try:
            watch = self._watch(seconds)
            wire.send(self.channel, frame)
            header, body = wire.receive(self.channel, watch)
            if header.get("token") != token:
                raise wire.WireError("an answer to no question")
            return header, wire.unpack(header, body)
        except wire.Silence as silence:
            self.close()
            raise TooLong(str(silence) or ASLEEP) from None
        except (EOFError, ConnectionError):
            raise Ended(self._obituary()) from None
        except wire.WireError:
            self.close()
            raise Ended(DISTURBED) from None

    def _watch(self, seconds: float) -> Callable[[socket.socket], None]:
        """A wait that gives up on a worker that has used its processor time, or that sleeps."""
        began = stirred = time.monotonic()
        first = seen = None  # processor time at the first look: most answers come before it

        def wait(channel: socket.socket) -> None:
            nonlocal first, seen, stirred
            while not wire.is_readable(channel, min(LOOK_SECONDS, seconds)):
                now, used = time.monotonic(), self._cpu()
                first = used if first is None else first
                if seen is None or used - seen > 0.001:
                    stirred, seen = now, used
                if used - first > seconds:
                    raise wire.Silence(f"no answer after {seconds:g} seconds of computing: {TOO_SLOW}")
                if now - stirred > max(2.0, seconds) or now - began > PATIENCE * seconds:
                    raise wire.Silence(ASLEEP)
            if time.monotonic() - began > PATIENCE * seconds:  # an answer that trickles
                raise wire.Silence(ASLEEP)

        return wait

    def _cpu(self) -> float:
        return self.ask_zygote(op="time", worker=self.number)["cpu"]

    def _obituary(self) -> str:
        end = self.close(grace=2.0)
        if not end["alone"]:
            return "your code closed the channel over which it is graded"
        code = end["code"]
        if code >= 0:
            return "your code ends Python (os._exit, or something like it)"
        if -code == signal.SIGKILL:  # not ours, and the box lets no submission send it: the machine ran out of memory
            raise BoxFault("a worker was killed from outside: is the machine out of memory?")
        return f"your code crashes Python ({signal.strsignal(-code) or f'signal {-code}'})"

    @property
    def has_spoken(self) -> bool:
        """Whether something came that nobody asked for."""
        return wire.is_readable(self.channel, 0)

    @property
    def is_closed(self) -> bool:
        return self.channel.fileno() < 0

    def close(self, grace: float = 0.0) -> dict:
        """End the worker, which may first end by itself within `grace` seconds."""
        if self.is_closed:
            return {}
        self.channel.close()
        return self.ask_zygote(op="end", worker=self.number, grace=grace)
