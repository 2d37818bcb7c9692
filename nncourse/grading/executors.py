"""Where submissions are graded: in processes of this machine, or on a cluster; and which of them a job takes.

Both are executors of `concurrent.futures`, so whoever hands out the work need not know which. A cluster is one of
`dask.distributed`; each of its workers needs this package, and offers a confinement of its own.
"""

import hashlib
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import SpawnContext, SpawnProcess

from .marking import Submission


class Inline(Executor):
    """Grades in this process, at once."""

    def submit(self, function: Callable, /, *arguments: object, **named: object) -> Future:
        future = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:
            future.set_exception(error)
        return future


class Spawned(SpawnContext):
    """Processes that end with this one, also where the pool that started them has lost sight of them."""

    class Process(SpawnProcess):
        def __init__(self, *arguments: object, **named: object):
            super().__init__(*arguments, **named, daemon=True)


def processes(count: int) -> Executor:
    """Grades in `count` processes of this machine."""
    return ProcessPoolExecutor(count, mp_context=Spawned()) if count > 1 else Inline()


class Cluster(Executor):
    """Grades on the cluster whose scheduler has this address, `tcp://host:port`.

    What a lost worker was grading is given to another; a submission that loses worker after worker fails alone.
    """

    def __init__(self, address: str, seconds: float = 30.0):
        try:
            from distributed import Client
        except ModuleNotFoundError:
            raise ValueError(f"--executor {address} needs dask: pip install distributed") from None
        try:
            self.client = Client(address, timeout=seconds)
        except (OSError, ValueError, TimeoutError) as error:
            raise ValueError(f"no cluster answers at {address}: expected an address like tcp://host:8786") from error
        # Grading a file is no function of its arguments alone for dask: it need not keep or compare results.
        self.pool = self.client.get_executor(pure=False, retries=2)

    @property
    def size(self) -> int:
        """How many submissions the cluster takes at a time."""
        return max(1, sum(self.client.nthreads().values()))

    def submit(self, function: Callable, /, *arguments: object, **named: object) -> Future:
        return self.pool.submit(function, *arguments, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.pool.shutdown(wait=wait)
        self.client.close()


@dataclass(frozen=True)
class Shard:
    """The part of a class that one job of many takes: number `index` of `count`, from 1 on."""

    index: int = 1
    count: int = 1

    @classmethod
    def read(cls, text: str) -> "Shard":
        """The shard that `2/8` means."""
        index, slash, count = text.partition("/")
        if not (slash and index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count)):
            raise ArgumentTypeError(f"expected the number of this job and of all, as in 2/8, received {text!r}")
        return cls(int(index), int(count))

    def of(self, submissions: Iterable[Submission]) -> list[Submission]:
        """Its submissions. Whose they are decides, so that jobs agree though each reads the folder by itself."""
        return [one for one in submissions if _number(one.student) % self.count == self.index - 1]


def _number(student: str) -> int:
    return int.from_bytes(hashlib.sha256(student.encode(errors="surrogatepass")).digest()[:8], "big")
