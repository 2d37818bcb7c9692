"""The book's side: widgets that live on static pages, styled blocks, folded solutions.

A Sphinx extension and a myst-nb mime renderer (found by its entry point). It is imported by the build of the book
only, never by `nncourse` itself.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from html import escape, unescape
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

import nncourse
from nncourse import exercises
from nncourse.widgets.base import SNAPSHOT, STYLE, Widget

from . import api, cards, glossary, matrix, notebooks, tables, weight, wheel

HERE = Path(__file__).parent
VIEW = "application/vnd.jupyter.widget-view+json"
CHECK_CALL = re.compile(r"""\bnn\.check\(\s*["']([^"']+)["']""")
BLOCKS = {"folklore", "exercise", "takeaways", "objectives"}
log = logging.getLogger(__name__)

KERNEL_ONLY = (
    "this output is a widget that needs a kernel, so it would be dead on the static page. "
    "Show a widget of nncourse.widgets instead (write one there if none fits), or plain output; "
    "for ipywidgets containers and interact, keep the cell out of the book"
)


def _modules(env) -> dict[str, dict[str, str]]:
    """Per page, the modules that its widgets need: file name -> source."""
    if not hasattr(env, "nncourse_modules"):
        env.nncourse_modules = {}
    return env.nncourse_modules


class WidgetRenderer:
    """Turns a widget's snapshot into an element that `host.js` brings to life."""

    mime_priority_overrides = (("html", SNAPSHOT, 0), ("html", VIEW, 1))

    @staticmethod
    def handle_mime(renderer, data, inline):
        env = getattr(renderer.renderer, "sphinx_env", None)
        if env is None or data.mime_type not in (SNAPSHOT, VIEW):
            return None
        if data.mime_type == VIEW:  # chosen only where there is no snapshot; demand_live_widgets then complains
            return [nodes.paragraph(text="This output needs a running kernel.", classes=["nn-dead"])]
        widget = widget_class(data.content["module"])
        name = module_name(widget)
        _modules(env).setdefault(env.docname, {})[name] = str(widget._esm)
        return [nodes.raw(text=element(widget, name, data.content), format="html")]


def widget_class(path: str) -> type[Widget]:
    """The class that a snapshot names as `package.module.Class`."""
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"no widget class {path}: define it in a module that the build can import") from error


def module_name(widget: type[Widget]) -> str:
    """A file name that changes when the module does, so that no browser keeps an old one."""
    digest = hashlib.sha256(str(widget._esm).encode()).hexdigest()[:8]
    return f"{widget.__module__.rpartition('.')[2]}.{digest}"


def element(widget: type[Widget], name: str, snapshot: dict) -> str:
    payload = {"module": name, "state": snapshot["state"], "buffers": snapshot["buffers"]}
    text = json.dumps(payload, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")
    return (
        f'<div class="nn-widget" data-widget="{escape(widget.__name__)}" style="min-height:{widget.height}px">'
        f'<script type="application/json">{text}</script>'
        f'<p class="nn-fallback">{escape(snapshot["description"])}</p></div>'
    )


class Blocks(SphinxTransform):
    """A quotation that opens with a bold word becomes the block of that name; an exercise gets its id as anchor."""

    default_priority = 400

    def apply(self):
        for quote in self.document.findall(nodes.block_quote):
            first = quote.next_node(nodes.strong)
            if first is None or not quote.astext().startswith(first.astext()):
                continue
            kind = re.match(r"\w*", first.astext()).group().lower()
            if kind not in BLOCKS:
                continue
            quote["classes"] += ["nn-block", f"nn-{kind}"]
            identifier = first.next_node(nodes.literal)
            if kind == "exercise" and identifier is not None:
                quote["ids"].append(identifier.astext())
                self.let_links_find(identifier.astext(), quote.line)

    def let_links_find(self, identifier, line):
        """Tell MyST of a place on this page, so that `page.md#identifier` is a link to it, as to a heading."""
        env = getattr(self.document.settings, "env", None)
        if env is not None:
            places = env.metadata[env.docname].setdefault("myst_slugs", {})
            places[identifier] = (line or 0, identifier, identifier)


class Streams(SphinxTransform):
    """What one cell prints stays in one box.

    A slow cell's output arrives in pieces, cut wherever the kernel happened to flush. myst-nb's own `nb_merge_streams`
    would repeat pieces in the notebook that it stores.
    """

    default_priority = 401

    def apply(self):
        for block in list(self.document.findall(nodes.literal_block)):
            before = block.parent[block.parent.index(block) - 1] if block.parent.index(block) else None
            if isinstance(before, nodes.literal_block) and "stream" in block["classes"] == before["classes"]:
                text = before.astext() + block.astext()
                block.parent.remove(before)
                block.clear()
                block += nodes.Text(text)
                block.rawsource = text  # Sphinx highlights a block only where both agree


class Solutions(SphinxTransform):
    """Behind the cell that checks an exercise of this page: its solution, folded, from the catalog.

    Hints need no place of their own: they are in the report that the cell shows.
    """

    default_priority = 402  # after Blocks, which gives an exercise its id

    def apply(self):
        stated = {i for quote in self.document.findall(nodes.block_quote) for i in quote["ids"]}
        cells = [cell for cell in self.document.findall(nodes.container) if cell.get("nb_element") == "cell_code"]
        for cell in cells:
            source = cell.next_node(nodes.literal_block)
            called = CHECK_CALL.search(source.astext()) if source is not None else None
            if called and called.group(1) in stated:
                solution = solution_of(exercises.get(called.group(1)))
                cell.parent.insert(cell.parent.index(cell) + 1, solution)


def solution_of(exercise) -> list[nodes.Node]:
    opening = f'<details class="nn-fold"><summary>Solution of {escape(exercise.id)}</summary>'
    return [
        nodes.raw(text=opening, format="html"),
        nodes.literal_block(exercise.solution, exercise.solution, language="python"),
        nodes.raw(text="</details>", format="html"),
    ]


def demand_live_widgets(app, doctree):
    """Complain about every output that only a kernel could bring to life, which a strict build does not forgive."""
    for bundle in doctree.findall(nodes.container):
        if bundle.get("nb_element") == "mime_bundle":
            offered = {child["mime_type"] for child in bundle.children}
            if VIEW in offered and SNAPSHOT not in offered:
                where = (app.env.docname, bundle.line)
                log.warning(KERNEL_ONLY, location=where, type="nncourse", subtype="kernel_only")


CASE = f"{exercises.BOOK_URL}/book/playground.html#play:"


def open_cases_here(app, doctree, docname):
    """A link to a case of the playground is whole, so that it works in a notebook. On a page it stays in this book."""
    for link in doctree.findall(nodes.reference):
        if link.get("refuri", "").startswith(CASE):
            end = unescape(link["refuri"]).partition("#")[2]  # MyST hands over `&` as HTML writes it
            link["refuri"] = f"{app.builder.get_relative_uri(docname, 'book/playground')}#{end}"


def demand_alternative_texts(app, doctree):
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            log.warning(
                "a figure has no alternative text: give its cell `mystnb: {image: {alt: ...}}`, or write ![text](file)",
                location=(app.env.docname, image.line), type="nncourse", subtype="alt",
            )  # fmt: skip


def add_page_files(app, pagename, templatename, context, doctree):
    """Give a page its widgets' modules, and take away what only a kernel could use."""
    metadata = app.env.nb_metadata.get(pagename, {}) if hasattr(app.env, "nb_metadata") else {}
    for key in [key for key in metadata.get("js_files", {}) if key.startswith("ipywidgets_")]:
        del metadata["js_files"][key]
    names = _modules(app.env).get(pagename, {})
    if names:
        app.add_css_file("nncourse/widgets.css")
        for name in ["host", *sorted(names)]:
            app.add_js_file(f"nncourse/{name}.js", loading_method="defer")


def drop_repeated_scripts(app, pagename, templatename, context, doctree):
    """sphinx-thebe 0.3.1 adds its inline `const` script twice, a JavaScript error on every page: keep the first."""
    seen, kept = set(), []
    for script in context.get("script_files", []):
        body = getattr(script, "attributes", {}).get("body")
        if not body or body not in seen:
            kept.append(script)
        seen.add(body)
    context["script_files"][:] = kept


def write_files(app, error):
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "nncourse")
    folder.mkdir(parents=True, exist_ok=True)
    sources = {name: text for page in _modules(app.env).values() for name, text in page.items()}
    for old in folder.glob("*.js"):  # of an earlier build
        if old.stem not in sources:
            old.unlink()
    for name, text in sources.items():
        script = f"nncourse.define({json.dumps(name)}, {json.dumps(text)});\n"
        (folder / f"{name}.js").write_text(script, encoding="utf-8")
    for name in ("host.js", "print.js", "book.css"):
        (folder / name).write_text((HERE / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "widgets.css").write_text(STYLE, encoding="utf-8")


def forget(app, env, docname):
    _modules(env).pop(docname, None)


def merge(app, env, docnames, other):
    _modules(env).update({name: found for name, found in _modules(other).items() if name in docnames})


def setup(app):
    app.add_transform(Blocks)
    app.add_transform(Streams)
    app.add_transform(Solutions)
    app.add_transform(glossary.FirstUses)
    app.add_directive("coverage", tables.Coverage)
    app.add_directive("corrections", tables.Corrections)
    app.add_directive("exercises", tables.Exercises)
    app.add_directive("rates", matrix.Rates)
    app.add_directive("matrix", matrix.Matrix)
    app.add_directive("survivors", matrix.Survivors)
    app.connect("builder-inited", glossary.load)
    app.connect("builder-inited", wheel.publish)
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", api.process)
    app.add_css_file("nncourse/book.css")
    app.add_js_file("nncourse/print.js", loading_method="defer")
    app.config.html_search_scorer = str(HERE / "search.js")
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("doctree-read", demand_live_widgets)
    app.connect("doctree-read", demand_alternative_texts)
    app.connect("doctree-resolved", open_cases_here)
    app.connect("html-page-context", add_page_files, priority=400)  # before myst-nb adds its own, at 500
    app.connect("html-page-context", notebooks.publish, priority=502)  # after the theme's buttons and copies
    app.connect("html-page-context", drop_repeated_scripts, priority=900)
    app.connect("build-finished", write_files)
    app.connect("config-inited", cards.give_addresses)
    app.connect("html-page-context", cards.add_tags)
    app.connect("html-collect-pages", cards.lost_page)
    app.connect("build-finished", weight.lighten, priority=900)  # when all files are there
    app.connect("build-finished", cards.write_files, priority=950)  # and pages are in their last form
    return {"version": nncourse.__version__, "parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
