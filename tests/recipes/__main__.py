"""Copy an example under a name of your own: `python -m tests.recipes chapter|widget|exercise NAME`.

`chapter 20-my-subject`, `widget MyWidget`, `exercise my-id 02`, where 02 is the chapter that it joins. The files under
`chapter/` and `widget/` lie where their copies go; an exercise is written into its chapter's module, above its list.
Nothing that exists is overwritten. CONTRIBUTING.md says what is left to do.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FORMS = {"chapter": r"\d\d(-[a-z0-9]+)+", "widget": r"([A-Z][a-z0-9]+)+", "exercise": r"[a-z0-9]+(-[a-z0-9]+)*"}
EXAMPLES = {"chapter": "19-moving-averages", "widget": "OddsDial", "exercise": "score-of-a-probability"}


def spellings(kind: str, name: str) -> list[str]:
    """A name in the forms in which it stands in files and in their names."""
    if kind == "widget":
        words = re.findall("[A-Z][a-z0-9]*", name)
        return [name, "_".join(words).lower(), "-".join(words).lower()]
    if kind == "chapter":
        return [name, f"chapter_{name[:2]}", f"Chapter {int(name[:2])}", name[3:]]
    return [name, name.replace("-", "_").upper(), name.replace("-", "_")]


def renamed(text: str, kind: str, name: str) -> str:
    for old, new in zip(spellings(kind, EXAMPLES[kind]), spellings(kind, name), strict=True):
        text = text.replace(old, new)
    return text


def copy(kind: str, name: str) -> list[Path]:
    """Copy the files of an example into the tree: what was written."""
    files = [file for file in sorted((HERE / kind).rglob("*")) if file.is_file() and "__pycache__" not in file.parts]
    targets = [Path(renamed(str(file.relative_to(HERE / kind)), kind, name)) for file in files]
    if there := [str(target) for target in targets if target.exists()]:
        raise SystemExit(f"{', '.join(there)}: there already. Take another name, or remove it first.")
    for file, target in zip(files, targets, strict=True):
        target.write_text(renamed(file.read_text(encoding="utf-8"), kind, name), encoding="utf-8")
    return targets


def insert(name: str, chapter: str) -> list[Path]:
    """Write the example of an exercise into a chapter's module."""
    module = Path(f"nncourse/exercises/chapter_{chapter}.py")
    if not module.is_file():
        raise SystemExit(f"there is no {module}: expected the two digits of a chapter, received {chapter}.")
    before, listed, after = module.read_text(encoding="utf-8").partition("EXERCISES = (")
    if f'id="{name}"' in before:
        raise SystemExit(f"{module} has an exercise {name} already.")
    example = renamed((HERE / "exercise.py").read_text(encoding="utf-8"), "exercise", name)
    body = example.partition("\n\n\n")[2]
    module.write_text(f"{before.rstrip()}\n\n\n{body}\n{listed}{after}", encoding="utf-8")
    return [module]


def main(words: list[str]) -> None:
    kind, name, *chapter = [*words, "", ""][: max(len(words), 2)]
    if kind not in FORMS or len(chapter) != (kind == "exercise"):
        raise SystemExit(__doc__)
    if not re.fullmatch(FORMS[kind], name):
        raise SystemExit(f"a {kind} needs a name like {EXAMPLES[kind]}, received {name!r}.")
    if not Path("nncourse", "widgets").is_dir():
        raise SystemExit("run this from the root of the checkout.")
    for path in insert(name, *chapter) if chapter else copy(kind, name):
        print(path.as_posix())


if __name__ == "__main__":
    main(sys.argv[1:])
