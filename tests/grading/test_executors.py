"""Where submissions are graded: parts of a class for an array of jobs, and a cluster that loses a worker."""

import argparse
import json
import os
import signal
import time
from collections import Counter

import pytest

from nncourse.exercises import get
from nncourse.grading import batch, executors, marking, result
from nncourse.grading.executors import Shard
from nncourse.grading.marking import Submission

from .conftest import LIMITS
from .notebooks import answer, notebook

STEP = get("step-function")


def submissions(count, folder):
    """Right and wrong answers in turn."""
    for number in range(count):
        path = folder / f"learner{number:02}.ipynb"
        function = STEP.misconceptions[0].function if number % 3 == 0 else STEP.reference
        path.write_text(notebook("import numpy as np", answer(STEP, function)), encoding="utf-8")
        yield Submission(path.stem, path)


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "/3", "1/", "a/b", "-1/3", "1/0", "1/2/3"])
def test_a_part_that_does_not_exist_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match=r"as in 2/8, received"):
        Shard.read(text)


def test_every_submission_belongs_to_exactly_one_part(tmp_path):
    everyone = [Submission(f"learner{number}", tmp_path) for number in range(200)]
    parts = [Shard.read(f"{index}/7").of(everyone) for index in range(1, 8)]
    assert Counter(one.student for part in parts for one in part) == Counter(one.student for one in everyone)
    assert all(len(part) > 10 for part in parts)
    assert Shard().of(everyone) == everyone


def test_an_address_where_nobody_listens_is_said_at_once():
    with pytest.raises(ValueError, match=r"no cluster answers at tcp://127\.0\.0\.1:9"):
        executors.Cluster("tcp://127.0.0.1:9", seconds=2)


@pytest.fixture
def cluster():
    """A cluster of two processes on this machine."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made


def test_a_cluster_that_loses_a_worker_grades_everybody_as_one_process_does(box, cluster, tmp_path):
    """One worker is killed in the middle of the run."""
    handed_in = list(submissions(24, tmp_path))
    settings = batch.Settings((STEP.id,), "a seed", box.level, LIMITS)
    alone = {
        one.student: marking.mark(one, marking.read(one.path), (STEP,), box, settings.seed).points for one in handed_in
    }
    kept = tmp_path / "results"
    kept.mkdir()
    graded, killed = [], 0
    for found in batch.grade_all(
        handed_in, settings, kept, lambda: executors.Cluster(cluster.scheduler_address), window=4
    ):
        graded.append(found)
        if len(graded) == 5:
            killed = next(worker.pid for worker in cluster.workers.values() if worker.pid)
            os.kill(killed, signal.SIGKILL)
    assert killed and {found.status for found in graded} == {result.GRADED}
    assert {found.student: found.points for found in graded} == alone
    assert {json.loads(path.read_text())["student"] for path in kept.glob("*.json")} == set(alone)
    deadline = time.monotonic() + 30  # the box of the killed worker goes with it
    while time.monotonic() < deadline and os.path.exists(f"/proc/{killed}/exe"):
        time.sleep(0.1)
    assert not os.path.exists(f"/proc/{killed}/exe")
