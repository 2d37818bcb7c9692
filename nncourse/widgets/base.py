"""What all widgets share: one class, three hosts.

With a kernel a widget is an ordinary anywidget. On a static page the same module runs without one: the mime bundle
carries the state at the moment of display, and `nncourse.book_ext` mounts the module on it. In print, or where
JavaScript is off, the sentence of `describe` stands in its place.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path

import anywidget

HERE = Path(__file__).parent
SNAPSHOT = "application/vnd.nncourse.widget+json"
STYLES = [HERE / "kit.css", *sorted((HERE / "styles").glob("*.css"))]  # what all share, then one file a widget
STYLE = "".join(path.read_text(encoding="utf-8") for path in STYLES)

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|class)", re.MULTILINE)


def self_contained(module: str) -> str:
    """The widget's ES module with what it imports written in front of it, so that it runs from a Blob, alone."""
    parts: dict[str, str] = {}

    def add(name: str) -> str:
        source = Path(HERE, name).read_text(encoding="utf-8")
        for imported in _IMPORT.findall(source):
            if imported not in parts:
                parts[imported] = _EXPORT.sub("", add(imported))
        return _IMPORT.sub("", source)

    body = add(module)
    return "\n".join([*parts.values(), body])


class Widget(anywidget.AnyWidget):
    """A widget of the course.

    A subclass names its module with `_esm = self_contained("name.js")`, its synced traits, and its `describe`.
    `height` is the room in pixels that a page keeps for it while the module loads.
    """

    _css = STYLE
    height = 420

    def describe(self) -> str:
        """One or two sentences that stand for the widget where it cannot run."""
        raise NotImplementedError(f"{type(self).__name__} needs describe(): the sentence shown without JavaScript")

    def state(self) -> dict:
        """The synced traits of the widget itself, without those of Jupyter's machinery."""
        machinery = set(anywidget.AnyWidget.class_trait_names())
        return {name: getattr(self, name) for name in self.keys if not name.startswith("_") and name not in machinery}

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def _repr_mimebundle_(self, **options):
        bundle, metadata = super()._repr_mimebundle_(**options), {}
        if isinstance(bundle, tuple):
            bundle, metadata = bundle
        state, buffers = {}, {}
        for name, value in self.state().items():
            if isinstance(value, bytes):
                buffers[name] = base64.b64encode(value).decode("ascii")
            else:
                state[name] = value
        bundle[SNAPSHOT] = {
            "module": self._anywidget_id,  # type(self) is a class that traitlets made on the fly
            "state": state,
            "buffers": buffers,
            "description": self.describe(),
        }
        return bundle, metadata
