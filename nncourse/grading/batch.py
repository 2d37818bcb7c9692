"""Grading many submissions: any executor of `concurrent.futures`, results kept as they come, nothing that stops it.

A task carries the bytes of a file, so the processes that grade need no common disk. What is finished stands in a file
of its own and is not graded again, unless anything that it was made from has changed. A fault of the grader's costs no
learner a point: the submission is tried once more, alone, and then marked for a person.
"""

import hashlib
import hmac
import json
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from ..exercises import catalog, judging
from ..exercises.files import write_whole
from . import assignment, marking, result
from .marking import BadFile, Submission
from .result import Result
from .sandbox import Box, BoxFault, Limits, open_box

_ALONE = Lock()  # a process has one box; a cluster may give it several tasks at a time
CHECKS = Path(judging.__file__).parent  # what decides on points: a changed check grades again
FORMAT = 1  # of what is kept; to be raised when older results no longer hold


@dataclass(frozen=True)
class Settings:
    """What all submissions of a run share; it travels to the processes that grade."""

    exercises: tuple[str, ...]
    seed: str
    level: str
    limits: Limits
    private: Path | None = None


@dataclass(frozen=True)
class Task:
    submission: Submission
    data: bytes
    key: str


@cache
def box(limits: Limits, level: str) -> Box:
    """The box of this process, opened when it is first asked for; it ends with the process."""
    opened = open_box(limits, (level,), meanwhile=catalog)
    Finalize(opened, opened.close, exitpriority=1)  # unlike atexit, also at the end of a pool's process
    return opened


def grade(settings: Settings, task: Task) -> Result:
    """The result of one task, whatever happens; this is what an executor runs."""
    with _ALONE:
        return _grade(settings, task)


def _grade(settings: Settings, task: Task) -> Result:
    exercises = assignment.exercises(settings.exercises, settings.private)
    for _ in range(2):
        opened = None
        try:
            opened = box(settings.limits, settings.level)
            found = marking.mark(task.submission, task.data, exercises, opened, settings.seed)
            return replace(found, key=task.key)
        except BoxFault as fault:  # once is an accident: another box, another try
            if opened:
                opened.close()
            box.cache_clear()
            reason = f"The box failed: {fault}."
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"The grader failed ({type(error).__name__} in {Path(place.filename).name}, line {place.lineno})."
            break
    return for_a_person(settings, task.submission, reason)


FAULT = " This is not the learner's fault: grade it by hand, or run the grader again."


def for_a_person(settings: Settings, submission: Submission, reason: str, advice: str = FAULT) -> Result:
    """A result without points: somebody must look."""
    exercises = assignment.exercises(settings.exercises, settings.private)
    message = reason + advice
    reports = tuple(marking.without_points(exercise, message) for exercise in exercises)
    return Result(
        submission.student,
        submission.name,
        submission.path.name,
        result.FOR_A_PERSON,
        reports,
        (message,),
        settings.level,
    )


def key_of(settings: Settings, submission: Submission, data: bytes) -> str:
    """A digest of all that a result depends on."""
    try:
        package = version("nncourse")
    except PackageNotFoundError:
        package = "unknown"
    private = assignment.digest(settings.private) if settings.private else ""
    parts = [
        FORMAT,
        package,
        assignment.digest(CHECKS),
        settings.exercises,
        private,
        repr(settings.limits),
        settings.level,
    ]
    parts += [submission.student, submission.name, submission.path.name, hashlib.sha256(data).hexdigest()]
    return hmac.digest(settings.seed.encode(), json.dumps(parts).encode(), "sha256").hex()


def file_name(student: str) -> str:
    """The name of a learner's files, without an ending: the id, where its letters are fit for a file's name."""
    letters = student.encode(errors="surrogatepass")  # an id may come from a file's name, which need not be UTF-8
    name = quote(letters, safe="@ +,=")
    name = "%2E" + name[1:] if name.startswith(".") else name
    return name if len(name) <= 150 else f"{name[:100]}-{hashlib.sha256(letters).hexdigest()[:16]}"


def grade_all(
    submissions: Iterable[Submission],
    settings: Settings,
    kept: Path,
    make_executor: Callable[[], Executor],
    window: int,
) -> Iterator[Result]:
    """The result of every submission as it is finished. `kept` is the folder of the results that outlive a run."""

    def finished(found: Result) -> Result:
        if found.status != result.FOR_A_PERSON:
            write_whole(kept / f"{file_name(found.student)}.json", result.as_json(found))
        return found

    for found in _through(_prepared(submissions, settings, kept), settings, make_executor, window):
        yield finished(found)


def _prepared(submissions: Iterable[Submission], settings: Settings, kept: Path) -> Iterator[Task | Result]:
    """For every submission its task, or its result where there is nothing left to do."""
    for submission in submissions:
        try:
            data = marking.read(submission.path)
        except BadFile as reason:
            yield unread(settings, submission, str(reason))
            continue
        except OSError as error:
            yield for_a_person(settings, submission, f"The file cannot be read ({error.strerror}).")
            continue
        key = key_of(settings, submission, data)
        yield _kept(kept / f"{file_name(submission.student)}.json", key) or Task(submission, data, key)


def _kept(path: Path, key: str) -> Result | None:
    try:
        old = result.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return old if old.key == key else None


def unread(settings: Settings, submission: Submission, reason: str, status: str = result.UNREADABLE) -> Result:
    """A result of 0 points for a file that is not graded at all."""
    exercises = assignment.exercises(settings.exercises, settings.private)
    reports = tuple(marking.without_points(exercise, reason) for exercise in exercises)
    about = (submission.student, submission.name, submission.path.name)
    return Result(*about, status, reports, (reason,))


def _through(
    items: Iterator[Task | Result], settings: Settings, make_executor: Callable[[], Executor], window: int
) -> Iterator[Result]:
    """Results of the tasks, of which `window` are under way at a time: only their files are in memory."""
    executor, running, failed, more = make_executor(), {}, [], True
    try:
        while more or running or failed:
            while more and len(running) < window and not failed:
                item = next(items, None)
                if more := item is not None:
                    if isinstance(item, Result):
                        yield item
                        continue
                    try:
                        running[executor.submit(grade, settings, item)] = item
                    except Exception:  # a pool that has lost a process takes no more
                        failed.append(item)
            for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                task = running.pop(future)
                try:
                    yield future.result()
                except Exception:
                    failed.append(task)
            while failed and not running:
                executor.shutdown(cancel_futures=True)
                executor = make_executor()
                yield _alone(executor, settings, failed.pop())
    finally:
        executor.shutdown(cancel_futures=True)


def _alone(executor: Executor, settings: Settings, task: Task) -> Result:
    """The second try of a task that was lost with the process that graded it."""
    try:
        return executor.submit(grade, settings, task).result()
    except Exception as error:
        reason = f"The process that graded this file ended, twice ({type(error).__name__})."
        return for_a_person(settings, task.submission, reason)
