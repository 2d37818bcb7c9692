"""The `nncourse` command: find exercises, write an assignment, see your progress, grade a class.

Every subcommand is a thin reader of arguments; what it does stands in `exercises` and `grading`. Answers go to stdout,
complaints to stderr, and the exit status is 0, 2 where the command could not be understood or
carried out, or 130 where it was broken off.
"""

import argparse
import os
import sys
from difflib import get_close_matches
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Run the command with these arguments (default: those of the command line), and return its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = _parser(argv).parse_args(argv)
    try:
        return arguments.run(arguments)
    except BrokenPipeError:  # `nncourse exercises | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print(f"\nnncourse {arguments.command}: broken off", file=sys.stderr)
        return 130
    except (LookupError, OSError, ValueError) as error:
        print(f"nncourse {arguments.command}: {error.args[0] if len(error.args) == 1 else error}", file=sys.stderr)
        return 2


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nncourse", description="Exercises of the course: list, assign, grade.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    listing = commands.add_parser("exercises", help="list the exercises", description="List the exercises.")
    listing.add_argument("--chapter", metavar="CHAPTER", help="only those of this chapter: its number or its name")
    listing.set_defaults(run=_exercises)

    text = "Write a notebook with statements, starters and checks of the exercises named, without solutions."
    assignment = commands.add_parser("assignment", help="write a notebook of exercises to hand out", description=text)
    assignment.add_argument("exercises", nargs="+", metavar="EXERCISE", help="ids, as `nncourse exercises` lists them")
    assignment.add_argument("--out", required=True, type=Path, metavar="FILE", help="ends in .ipynb or .md")
    assignment.add_argument("--title", default="Assignment", help="stands at the top (default: Assignment)")
    assignment.add_argument("--force", action="store_true", help="overwrite FILE where it exists")
    assignment.set_defaults(run=_assignment)

    text = "Show the points that you have reached, chapter by chapter."
    progress = commands.add_parser("progress", help="show your points by chapter", description=text)
    progress.set_defaults(run=_progress)

    text = "Grade a folder of submitted notebooks."
    grade = commands.add_parser("grade", help="grade submitted notebooks", description=text)
    if argv[:1] == ["grade"]:  # its arguments are known where it is installed, and loaded when they are asked for
        from .grading import command

        command.add_arguments(grade)
        grade.set_defaults(run=command.run)

    text = "Write the zip by which Gradescope grades these exercises. See the page for instructors."
    gradescope = commands.add_parser("autograder", help="write an autograder for Gradescope", description=text)
    gradescope.add_argument("exercises", nargs="+", metavar="EXERCISE", help="ids, as `nncourse exercises` lists them")
    gradescope.add_argument("--out", required=True, type=Path, metavar="ZIP", help="as in autograder.zip")
    gradescope.add_argument("--seed", metavar="WORD", help="what hidden cases are drawn from (default: a new one)")
    gradescope.add_argument("--unconfined", action="store_true", help="grade also where code cannot be confined")
    gradescope.set_defaults(run=_autograder)

    text = "Write test files for otter: `grader.check` of an exercise's id then calls the checks of the course."
    otter = commands.add_parser("otter", help="write test files for otter", description=text)
    otter.add_argument("exercises", nargs="+", metavar="EXERCISE", help="ids, as `nncourse exercises` lists them")
    otter.add_argument("--out", required=True, type=Path, metavar="DIR", help="as in tests")
    otter.set_defaults(run=_otter)
    return parser


def _exercises(arguments: argparse.Namespace) -> int:
    from .exercises import catalog
    from .exercises.loading import Catalog

    chapter = _chapter(arguments.chapter) if arguments.chapter else ""
    print(repr(Catalog(one for one in catalog() if chapter in ("", one.chapter))))
    return 0


def _chapter(name: str) -> str:
    """The chapter that a reader calls `5`, `05`, `losses` or `05-losses`."""
    from .exercises import CHAPTERS

    number, _, rest = name.partition("-")
    if number.isdecimal() and 1 <= int(number) <= len(CHAPTERS) and rest in ("", CHAPTERS[int(number) - 1]):
        return CHAPTERS[int(number) - 1]
    if name in CHAPTERS:
        return name
    near = get_close_matches(name, CHAPTERS, n=1, cutoff=0.3)
    proposal = f"Did you mean {near[0]!r}?" if near else f"Its number is one of 1 to {len(CHAPTERS)}."
    raise LookupError(f"there is no chapter {name!r}. {proposal}")


def _assignment(arguments: argparse.Namespace) -> int:
    from .exercises import assignment

    found = assignment.named(arguments.exercises)
    assignment.write(found, arguments.out, title=arguments.title, force=arguments.force)
    points = sum(exercise.points for exercise in found)
    print(f"{arguments.out}: {len(found)} exercise{'s' * (len(found) != 1)}, {points} points")
    return 0


def _progress(arguments: argparse.Namespace) -> int:
    from .exercises import progress

    print(repr(progress()))
    return 0


def _autograder(arguments: argparse.Namespace) -> int:
    from .grading import gradescope

    gradescope.write_zip(arguments.exercises, arguments.out, seed=arguments.seed, unconfined=arguments.unconfined)
    print(f"{arguments.out}: upload it to Gradescope under Configure Autograder")
    return 0


def _otter(arguments: argparse.Namespace) -> int:
    from .exercises import assignment
    from .grading import adapters

    for path in adapters.write_otter(assignment.named(arguments.exercises), arguments.out):
        print(path)
    return 0
