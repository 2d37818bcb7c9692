"""The benchmark in miniature: every run of ours runs, and the tables tell what was measured. No times are checked."""

import random
import sys
import textwrap

import pytest

from . import choice_runs, grading, numpy_runs, our_runs, report, worker
from .__main__ import measure, measure_memory
from .driver import MODULES, PEERS, Result, Worker, contest, summary
from .workloads import TASKS, WORKLOADS, Rival, Workload, read_task, write_task


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The tasks in miniature."""
    folder = tmp_path_factory.mktemp("tasks")
    for name in TASKS:
        write_task(folder, name, small=True)
    return folder


def run(module, name, folder):
    return module.RUNS[name](read_task(folder, name.split()[0]))()


@pytest.mark.parametrize("name", our_runs.RUNS)
def test_every_run_of_ours_runs(name, folder):
    run(our_runs, name, folder)


@pytest.mark.parametrize("name", numpy_runs.RUNS)
def test_every_bare_run_runs(name, folder):
    run(numpy_runs, name, folder)


def test_the_bare_scripts_do_the_same_updates(folder):
    assert run(numpy_runs, "and", folder) == run(our_runs, "and", folder) == 0
    # Twenty steps in float64, in another order of operations: they differ in the last digits.
    assert run(numpy_runs, "xor", folder) == pytest.approx(run(our_runs, "xor", folder), rel=1e-12)


@pytest.mark.parametrize("name", choice_runs.RUNS)
def test_undoing_a_choice_changes_the_time_and_not_the_result(name, folder):
    task, _ = name.split()
    # float32 against float64, about a hundred steps from the same start: 1e-7 a step, and some for its growth.
    assert run(choice_runs, name, folder) == pytest.approx(run(choice_runs, f"{task} all", folder), rel=1e-4)


def test_every_contestant_of_a_workload_has_a_run():
    for workload in WORKLOADS:
        assert workload.run in our_runs.RUNS and workload.task in TASKS
        for rival in workload.rivals:
            assert rival.worker in MODULES | PEERS
            assert rival.worker in PEERS or rival.run in {"ours": our_runs, "numpy": numpy_runs}[rival.worker].RUNS


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A peer called fake_runs that is slow, talkative and wrong."""
    source = """
        import time
        def versions(): return {"Fake": "1"}
        def slow():
            print("a framework talks")
            time.sleep(0.2)
            return 7.0
        def broken(): raise ValueError("no such thing")
        RUNS = {"xor": lambda task: slow, "xor broken": lambda task: broken}
    """
    (tmp_path / "fake_runs.py").write_text(textwrap.dedent(source), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "fake_runs"


def test_the_driver_prints_a_table_of_whoever_is_there(fake, folder, monkeypatch):
    monkeypatch.setitem(PEERS, "fake", fake)
    monkeypatch.setitem(PEERS, "absent", "no_such_framework")
    monkeypatch.setattr(sys.modules[measure.__module__], "PEERS", {name: PEERS[name] for name in ("fake", "absent")})
    rivals = (
        Rival("fake", "xor", "the slow", bar=1.0),
        Rival("fake", "xor", "the slow again", bar=1e9),
        Rival("fake", "xor broken", "the broken"),
        Rival("absent", "xor", "the absent", bar=3),
    )
    text = measure([Workload("xor", "XOR", rivals[:1]), Workload("xor", "XOR", rivals[1:])], folder, 1, 1, {})
    header, _, slow, again, broken, absent = text.splitlines()[2:]
    assert "Fake 1" in text and "Ratio" in header
    assert "| met" in slow and "7 (far from ours)" in slow
    assert "**missed**" in again
    assert "ValueError: no such thing" in broken
    assert "no_such_framework is not installed" in absent and "met" not in absent
    assert len({line.count("|") for line in (header, slow, again, broken, absent)}) == 1


def test_contestants_take_turns_and_the_first_round_only_warms_up():
    asked = []

    class Recorded:
        reason = None

        def ask(self, run):
            asked.append(run)
            return {"wall": len(asked), "cpu": 1.0, "result": None}

    first, second = contest([("w", "a"), ("w", "b")], {"w": Recorded()}, 3, random.Random(0))
    assert all({asked[i], asked[i + 1]} == {"a", "b"} for i in range(0, 8, 2)) and len(asked) == 8
    assert {first.wall, second.wall} <= {4.0, 5.0, 6.0, 7.0}


def test_the_calmer_half_of_the_rounds_counts():
    answers = [{"wall": wall, "cpu": wall, "result": wall} for wall in (1.0, 9.0, 3.0, 7.0, 2.0)]
    assert summary(answers, [0.02, 0.5, 0.01, 0.3, 0.03]) == Result(wall=2.0, cpu=2.0, taken=0.03, loss=2.0)
    assert summary(answers, [0.0] * 5) == Result(wall=3.0, cpu=3.0, loss=3.0)  # all are as calm as the middle one


@pytest.mark.parametrize(
    ("walls", "mean"), [([0.7], 0.7), ([0.2, 0.3], 0.25), ([0.1, 0.2, 0.3], 0.2), ([0.01] * 20, 0.01)]
)
def test_a_short_run_is_repeated_until_its_turn_has_passed(monkeypatch, walls, mean):
    made = []

    def timed(number):
        return {"wall": walls[number], "cpu": walls[number] / 2, "result": number}

    monkeypatch.setattr(worker, "timed", timed)
    answer = worker.turn(lambda: made.append(None) or len(made) - 1)
    assert len(made) == len(walls)
    assert answer == pytest.approx({"wall": mean, "cpu": mean / 2, "result": 0})


def test_a_worker_that_ends_is_told_and_not_waited_for(tmp_path, folder, monkeypatch):
    (tmp_path / "ending_runs.py").write_text("import os\nos._exit(3)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Worker("ending_runs", folder) as worker:
        assert worker.reason == "its process ended"
        assert worker.ask("xor") == {"error": "its process ended"}


def test_bars_are_for_one_thread():
    workload = Workload("xor", "XOR", (Rival("fake", "xor", "the slow", bar=2),))
    row, ours = (Result(wall=2.0, cpu=2.0, loss=0.5), Result(wall=1.0, cpu=1.0, loss=0.5))
    assert "met" in report.rows(workload, ours, [row])[0]
    assert "met" not in report.rows(workload, ours, [row], bars=False)[0]


def test_memory_is_told_beside_its_allowance(folder):
    assert "as NumPy counts" in measure_memory(folder)


def test_a_section_is_written_in_the_place_of_the_one_before(tmp_path):
    page = tmp_path / "RESULTS.md"
    report.write("One thread", "old", page)
    report.write("Memory", "kept", page)
    report.write("One thread", "new", page)
    text = page.read_text(encoding="utf-8")
    assert text.index("## One thread\n\nnew") < text.index("## Memory\n\nkept") and "old" not in text


def test_a_class_is_graded_justly_and_twice_the_same():
    """The load benchmark in miniature; how a hostile file is met is tested beside the grader."""
    rows = {what: got for what, got, _, _ in grading.measure(4, 0, 1, colds=1)}
    assert float(rows[next(what for what in rows if "processor time" in what)].split()[0]) > 0
    assert rows["Exit status (1: something for a person)"] == "0"
    assert rows["Grades that differ the second time"] == rows["Right and untouched answers misjudged"] == "0"
