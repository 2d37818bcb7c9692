"""The notebooks that the site offers: what the build executed, made fit to be opened far from the book.

The theme puts each executed notebook, outputs and all, beside the page's source, and its download button leads there.
Here that copy gets a first cell that installs the site's own wheel where the package is missing, and links that lead to
the book online. Colab opens notebooks from GitHub alone, and the site is no branch of it: so the workflow that
publishes the site pushes these files to the branch `notebooks`, and the button leads there.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import nbformat

from nncourse import exercises

from .wheel import WHEELS, wheel_name

BRANCH = "notebooks"
CELL = "install-the-package"
INSTALL = """\
# The package of this course. Where it is missing, as on Colab, it is installed from the book's site.
# Jupyter shows the figures and widgets below once their cells are run, or the notebook is trusted.
try:
    import nncourse
except ImportError:
    %pip install -q "nncourse[widgets,plots,data] @ {url}"
    try:
        import nncourse
    except ImportError:
        raise ImportError("nncourse could not be installed, see above. Is this computer online?") from None
"""
LINK = re.compile(r"\]\((?P<page>[\w./-]+\.md)?(?:#(?P<place>[^()\s]+))?\)")


def install_cell():
    """The cell that a published notebook begins with."""
    url = f"{exercises.BOOK_URL}/{WHEELS}/{wheel_name()}"
    return nbformat.v4.new_code_cell(INSTALL.format(url=url).rstrip(), id=CELL)


def publish(app, pagename, templatename, context, doctree):
    """Finish the copy that the theme has made of the page's notebook, and offer it on Colab, too."""
    if not context.get("ipynb_source"):
        return
    path = Path(app.outdir, "_sources", context["ipynb_source"])
    notebook = nbformat.read(path, as_version=4)
    if Path(app.outdir, WHEELS, wheel_name()).is_file():
        notebook.cells.insert(0, install_cell())
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = whole(cell.source, pagename, app.env)
    nbformat.write(notebook, path)
    launch = next(group for group in context["header_buttons"] if group.get("label") == "launch-buttons")
    launch["buttons"].append(colab_button(app.config.html_theme_options["repository_url"], context["ipynb_source"]))


def whole(text: str, pagename: str, env) -> str:
    """The Markdown of a page with whole addresses in its links to other pages, and to places on this one."""

    def online(link: re.Match) -> str:
        if not link["page"] and not link["place"]:
            return link[0]
        here, page = posixpath.dirname(pagename), link["page"]
        name = posixpath.normpath(posixpath.join(here, page)).removesuffix(".md") if page else pagename
        _, place, _ = env.metadata[name].get("myst_slugs", {}).get(link["place"], (0, link["place"], ""))
        return f"]({exercises.BOOK_URL}/{name}.html{f'#{place}' if place else ''})"

    return LINK.sub(online, text)


def colab_button(repository: str, file: str) -> dict[str, str]:
    """What the theme makes a button of."""
    path = repository.removeprefix("https://github.com/").strip("/")
    return {
        "type": "link",
        "text": "Colab",
        "tooltip": "Launch on Colab",
        "icon": "_static/images/logo_colab.png",
        "url": f"https://colab.research.google.com/github/{path}/blob/{BRANCH}/{file}",
    }
