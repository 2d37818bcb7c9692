"""One stylesheet for all pages, with the rules that a page can use and no others.

The theme and its companions ship nine files, 90 kB compressed, which a browser must have before it shows a word. Less
than a third of that has something to apply to. A rule stays if each class and id in one of its selectors stands in a
page or anywhere in a script; a variable, an animation and a font stay if something that stays mentions them. Licences
stay.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

import tinycss2

GROUPS = {"media", "supports", "layer", "container"}
RELATIVE = re.compile(r"""url\(\s*(["']?)(?!data:|https?:|[#/])([^"')]+)\1\s*\)""")
IMPORT = re.compile(r"""@import\s+(?:url\()?["']([^"']+)["']\)?\s*;""")


@dataclass(frozen=True)
class Known:
    """The words of pages and scripts. A script that makes names of parts, as `bs-tooltip-${side}`, holds `bs-`."""

    words: frozenset
    beginnings: tuple

    @classmethod
    def of(cls, pages, scripts, without=frozenset()):
        words = {
            word for page in pages for names in re.findall(r'\b(?:class|id)="([^"]*)"', page) for word in names.split()
        }
        spoken = {word for script in scripts for word in re.findall(r"[\w-]+", script)}
        beginnings = tuple(sorted(word for word in spoken if re.fullmatch(r"[a-z]{2,}[\w-]*-", word)))
        return cls(frozenset(words | spoken) - without, beginnings)

    def __contains__(self, name):
        return name in self.words or name.startswith(self.beginnings)


@dataclass
class Rule:
    """What stands before the braces, and what between: declarations as (name, text), or other rules."""

    head: str
    declarations: list = field(default_factory=list)
    rules: list | None = None
    name: str = ""  # of an animation or a font, which stays where it is mentioned


def possible(selector, known) -> bool:
    """Whether all classes and ids that a selector demands are known. Inside of functions anything may be."""
    for before, token in zip([None, *selector], selector, strict=False):
        is_class = token.type == "ident" and before is not None and before == "."
        if (is_class or token.type == "hash") and token.value not in known:
            return False
    return True


def selectors(prelude):
    """The selectors of a list that commas separate."""
    parts = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        elif token.type != "comment":
            parts[-1].append(token)
    return parts


def declared(content) -> list:
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return [(one.name, one.serialize()) for one in found if one.type == "declaration"]


def rules_of(nodes, known):
    """The rules that can apply, and the licences, in their order."""
    for node in nodes:
        if node.type == "comment" and node.value.startswith("!"):
            yield Rule(head=f"/*{node.value}*/")
        elif node.type == "qualified-rule":
            kept = [one for one in selectors(node.prelude) if possible(one, known)]
            if kept:
                head = ",".join(tinycss2.serialize(one).strip() for one in kept)
                yield Rule(head, declared(node.content))
        elif node.type == "at-rule" and node.content is not None:
            head = f"@{node.at_keyword}{tinycss2.serialize(node.prelude).rstrip()}"
            if node.lower_at_keyword in GROUPS:
                inside = tinycss2.parse_blocks_contents(node.content, skip_whitespace=True)
                inside = list(rules_of(inside, known))
                if inside:
                    yield Rule(head, rules=inside)
            else:
                yield named(node, head)


def named(node, head):
    """A font by its family, an animation by its name, anything else as it is."""
    if node.lower_at_keyword == "font-face":
        declarations = declared(node.content)
        family = next(
            (text.partition(":")[2].strip(" \"'") for name, text in declarations if name == "font-family"), ""
        )
        return Rule(head, declarations, name=re.sub(r"\\(.)", r"\1", family))
    text = [("", tinycss2.serialize(node.content).strip())]
    return Rule(head, text, name=tinycss2.serialize(node.prelude).strip() if "keyframes" in head else "")


def flat(rules):
    for rule in rules:
        yield rule
        yield from flat(rule.rules or [])


def variables_used(rules, named) -> set[str]:
    """The custom properties that a declaration needs, directly or through another, and those named elsewhere."""
    values, waiting = {}, set(named)
    for rule in flat(rules):
        for name, text in rule.declarations:
            mentioned = set(re.findall(r"--[\w-]+", text)) - {name}
            if name.startswith("--"):
                values.setdefault(name, set()).update(mentioned)
            else:
                waiting |= mentioned
    used = set()
    while waiting:
        name = waiting.pop()
        used.add(name)
        waiting |= values.get(name, set()) - used
    return used


def needed(rule, used) -> list[str]:
    """The declarations of a rule, without variables that nothing uses."""
    return [text for name, text in rule.declarations if not name.startswith("--") or name in used]


def written(rules, used, mentioned) -> str:
    parts = []
    for rule in rules:
        if rule.head.startswith("/*"):
            parts.append(rule.head)
            continue
        if rule.name and rule.name not in mentioned:
            continue
        if rule.rules is not None:
            body = written(rule.rules, used, mentioned)
        else:
            body = ";".join(text.strip().rstrip(";") for text in needed(rule, used))
        if body:
            parts.append(f"{rule.head}{{{body}}}")
    return "\n".join(parts)


def variables(texts) -> set[str]:
    """The custom properties that texts name."""
    return {name for text in texts for name in re.findall(r"--[\w-]+", text)}


def pruned(css: str, known: Known, named=frozenset()) -> str:
    """The stylesheet without what cannot apply. `named` are the variables that pages, scripts and other styles use."""
    nodes = tinycss2.parse_stylesheet(css, skip_whitespace=True)
    rules = list(rules_of(nodes, known))
    used = variables_used(rules, named)
    texts = [text for rule in flat(rules) if not rule.name for text in needed(rule, used)]
    return written(rules, used, re.sub(r"\\(.)", r"\1", "\n".join(texts)))


def moved(css: str, old: str, new: str) -> str:
    """The stylesheet for a place in another folder: addresses in it are told from there."""

    def tell(match):
        return f"url({posixpath.relpath(posixpath.join(old, match[2]), new)})"

    return RELATIVE.sub(tell, css)


def with_imports(folder, name: str) -> str:
    """The text of a stylesheet, what it imports in its place: each import would be one more wait."""
    css = (folder / name).read_text(encoding="utf-8")
    here = posixpath.dirname(name)

    def bring(match):
        other = posixpath.normpath(posixpath.join(here, match[1]))
        return moved(with_imports(folder, other), posixpath.dirname(other), here)

    return IMPORT.sub(bring, css)
