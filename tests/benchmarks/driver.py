"""The driver: it starts a worker for every framework and lets the contestants run in turn, in an order drawn anew."""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..machine import stopwatch

ROOT = Path(__file__).resolve().parents[2]

# Worker -> the module of its runs.
MODULES = {name: f"{__package__}.{module}_runs" for name, module in {"ours": "our", "numpy": "numpy"}.items()}
PEERS = {name: f"{__package__}.{name}_runs" for name in ("torch", "sklearn", "keras")}


class Worker:
    """A process that answers with what a run took. `reason` says why it cannot, if it cannot."""

    def __init__(self, module, folder, *, threads=1, python=sys.executable):
        number = {f"{library}_NUM_THREADS": str(threads) for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")}
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self.process = subprocess.Popen(
            [str(python), "-m", f"{__package__}.worker", module, str(folder), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **number, "PYTHONPATH": path},
            text=True,
        )
        hello = self._answer()
        self.reason = hello.get("error")
        self.versions = hello.get("versions", {})

    def _answer(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": "its process ended"}

    def ask(self, run):
        """Return {"wall", "cpu", "result"} of one run, or {"error"}."""
        try:
            print(json.dumps({"run": run}), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            return {"error": "its process ended"}
        return self._answer()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.communicate()  # no more questions: the worker ends by itself


@dataclass(frozen=True)
class Result:
    """What a contestant took in the calm rounds, medians in seconds, and its final loss. Or why there was nothing.

    `taken` is the largest share of all processor time that the machine under this one took in one of these rounds.
    """

    wall: float = float("nan")
    cpu: float = float("nan")
    taken: float = 0.0
    loss: float | None = None
    reason: str | None = None


def contest(contestants, workers, rounds, rng):
    """Let contestants (worker, run) run in turn; return their results in the same order."""
    answers, taken = {contestant: [] for contestant in contestants}, []
    reasons = {(name, run): workers[name].reason for name, run in contestants if workers[name].reason}
    for number in range(rounds + 1):
        order = [contestant for contestant in contestants if contestant not in reasons]
        rng.shuffle(order)
        share = stopwatch()
        for name, run in order:
            answer = workers[name].ask(run)
            if "error" in answer:
                reasons[name, run] = answer["error"]
            elif number:  # the first round only warms up
                answers[name, run].append(answer)
        if number:
            taken.append(share())
    return [
        Result(reason=reasons[contestant]) if contestant in reasons else summary(answers[contestant], taken)
        for contestant in contestants
    ]


def summary(answers, taken):
    """The medians of the calmer half: of the rounds from which no more was taken than from the middle one."""
    middle = statistics.median(taken)
    calm = [answer for answer, share in zip(answers, taken, strict=True) if share <= middle]
    losses = [answer["result"] for answer in calm if answer["result"] is not None]
    return Result(
        wall=statistics.median(answer["wall"] for answer in calm),
        cpu=statistics.median(answer["cpu"] for answer in calm),
        taken=max(share for share in taken if share <= middle),
        loss=statistics.median(losses) if losses else None,
    )
