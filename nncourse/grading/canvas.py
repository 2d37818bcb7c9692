"""A gradebook that Canvas imports: the columns of its own export, and one column of points.

The roster is the file that Canvas gives (Grades, Export). Its column `ID` also stands in the names of the files that
Canvas packs for download, `lastnamefirstname_12345_67890_hw1.ipynb`, so the files find their learners by themselves.
"""

from collections.abc import Sequence

from .gradebook import table
from .result import Result
from .roster import Learner

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
NEEDED = ("Student", "ID", "Section")


def check(learners: Sequence[Learner] | None) -> None:
    """Refuse a roster that Canvas did not write, before any work."""
    there = list(learners[0].columns) if learners else []
    if missing := [name for name in NEEDED if name not in there]:
        came = f"columns {', '.join(there)}" if there else "no roster"
        raise ValueError(
            f"a gradebook for Canvas needs the roster that Canvas exports (Grades, Export), given by --roster: "
            f"expected its columns {', '.join(NEEDED)}, received {came}; {', '.join(missing)} missing."
        )


def as_csv(results: Sequence[Result], learners: Sequence[Learner], title: str) -> str:
    """A line a learner of the roster, in its order; whoever needs a person first has no points yet.

    `title` names the column; for an assignment that Canvas knows it is written as in its export, `Homework 1 (4711)`.
    """
    check(learners)
    columns = [name for name in COLUMNS if name in learners[0].columns]
    points = {found.student: "" if found.points is None else found.points for found in results}
    most = max((found.max_points for found in results), default=0)
    rows = [[*columns, title], ["    Points Possible", *[""] * (len(columns) - 1), most]]
    for learner in learners:
        rows.append([*(learner.columns[name] or "" for name in columns), points.get(learner.id, "")])
    return table(rows)
