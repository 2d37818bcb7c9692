"""Progress: the points that a learner has reached, chapter by chapter, as text and as HTML."""

from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from . import record
from .loading import catalog
from .model import Exercise
from .report import box

WIDTH = 20  # of a bar, in characters


@dataclass(frozen=True)
class Chapter:
    """The points of one chapter."""

    number: int
    title: str
    points: int
    max_points: int


@dataclass(frozen=True, repr=False)
class Progress:
    """Points by exercise, and what there is to say about the file that they come from."""

    best: dict[str, int]
    where: str

    @property
    def points(self) -> int:
        return sum(map(self._of, catalog()))

    @property
    def max_points(self) -> int:
        return sum(exercise.points for exercise in catalog())

    @property
    def passed(self) -> int:
        """The number of exercises that have all their points."""
        return sum(self._of(exercise) == exercise.points for exercise in catalog())

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in the order of the course."""
        groups = [(name, list(group)) for name, group in groupby(catalog(), key=lambda one: one.chapter)]
        return tuple(
            Chapter(
                number=group[0].number,
                title=name.replace("-", " ").capitalize(),
                points=sum(map(self._of, group)),
                max_points=sum(one.points for one in group),
            )
            for name, group in groups
        )

    @property
    def next(self) -> Exercise | None:
        """The first exercise in the order of the course that lacks points."""
        return next((one for one in catalog() if self._of(one) < one.points), None)

    def _of(self, exercise: Exercise) -> int:
        return min(self.best.get(exercise.id, 0), exercise.points)  # an exercise may have become cheaper

    def __repr__(self) -> str:
        rows = [
            f"{c.number:02} {c.title:{self._width}}  {_bar(c.points, c.max_points)} {c.points:3} of {c.max_points:3}"
            for c in self.chapters
        ]
        return "\n".join([self._headline, "", *rows, "", *filter(None, (self._next, self.where))])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Chapter", "Points", "Progress"))
        rows = "".join(
            f'<tr><th scope="row">{c.number:02} {escape(c.title)}</th><td>{c.points} of {c.max_points}</td>'
            f'<td><progress value="{c.points}" max="{c.max_points}" aria-label="Chapter {c.number:02}"></progress>'
            "</td></tr>"
            for c in self.chapters
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        lines = "".join(f"<p>{escape(line)}</p>" for line in (self._next, self.where) if line)
        return box(f"<p><strong>{self._headline}</strong></p>{table}{lines}", "nn-progress", "Your progress")

    @property
    def _headline(self) -> str:
        exercises = f"{self.passed} of {len(catalog())} exercises passed"
        return f"{self.points} of {self.max_points} points, {exercises}"

    @property
    def _next(self) -> str:
        found = self.next
        return f"Next: {found.id} ({found.title}, chapter {found.number:02})." if found else "All of it is done."

    @property
    def _width(self) -> int:
        return max(len(chapter.title) for chapter in self.chapters)


def progress() -> Progress:
    """The points that you have reached with `nn.check`, chapter by chapter: the best of each exercise counts."""
    path = record.place()
    if path is None:
        return Progress({}, f"Nothing is kept: the environment variable {record.VARIABLE} says so.")
    try:
        best, where = record.read(path), f"Kept in {_short(path)}."
    except (record.Unreadable, OSError) as error:
        best, where = {}, f"The record cannot be read: {error}."
    aside = ", ".join(file.name for file in record.kept_aside(path))
    return Progress(best, f"{where} Damaged files kept beside it: {aside}." if aside else where)


def _short(path: Path) -> str:
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return str(path)


def _bar(points: int, most: int) -> str:
    full = points * WIDTH // most if most else 0
    return "#" * full + "." * (WIDTH - full)
