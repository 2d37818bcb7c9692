import importlib.resources
import json

import pytest

from nncourse import book_ext
from nncourse.widgets.base import SNAPSHOT, STYLE


def bare_page(*widgets):
    """The HTML of a static page that holds these widgets and nothing else."""
    host = importlib.resources.files(book_ext).joinpath("host.js").read_text(encoding="utf-8")
    scripts, elements = {}, []
    for widget in widgets:
        snapshot = widget._repr_mimebundle_()[0][SNAPSHOT]
        kind = book_ext.widget_class(snapshot["module"])
        name = book_ext.module_name(kind)
        code = json.dumps(str(kind._esm)).replace("</", "<\\/")
        scripts[name] = f"nncourse.define({json.dumps(name)}, {code});"
        elements.append(book_ext.element(kind, name, snapshot))
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
    script = f"<script>{host}</script><script>{' '.join(scripts.values())}</script>"
    return f"<!doctype html><html>{head}{script}<body>{''.join(elements)}"


@pytest.fixture
def show(open_page, tmp_path):
    """Shower of widgets: `show(widget, ...)` is a bare static page, opened from file://, on which they are ready."""

    def on_a_page(*widgets, width=760, **options):
        file = tmp_path / "page.html"
        file.write_text(bare_page(*widgets), encoding="utf-8")
        page = open_page(file.as_uri(), width=width, **options)
        page.wait_for_function("[...document.querySelectorAll('.nn-widget')].every((one) => one.dataset.ready)")
        return page

    return on_a_page
