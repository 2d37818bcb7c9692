"""What others see of a page: the card under a shared link, the address under which a search engine files it.

Each page says its title, its first paragraph and one picture, and which address is its own; a map lists all of them,
and whoever follows a wrong link meets a page of the book. All addresses come from `exercises.BOOK_URL`.
"""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from docutils import nodes

from nncourse import exercises

HERE = Path(__file__).parent
ROOM = 200  # characters that a card shows of a description
PICTURE = {
    "og:image": f"{exercises.BOOK_URL}/_static/nncourse/card.png",  # drawn from card.svg
    "og:image:width": "1200",
    "og:image:height": "630",
    "og:image:alt": "Three inputs with weights lead into one neuron, and one line leads out.",
}
LINK = re.compile(r'\b(href|src|action|data-content_root)="(?!#|/|[a-zA-Z][\w+.-]*:)([^"]*)"')
LOST = """<section id="lost"><h1>This page does not exist</h1>
<p>The address leads nowhere: a page may have moved, or a letter may have got lost.</p>
<ul>
<li><a href="book/index.html">The first page</a> lists all chapters.</li>
<li><a href="search.html">The search</a> knows every word of the book.</li>
</ul></section>"""


def give_addresses(app, config):
    """The settings that depend on where the book stands; whoever sets them in `_config.yml` is not overruled."""
    config.html_baseurl = config.html_baseurl or f"{exercises.BOOK_URL}/"
    config.html_favicon = config.html_favicon or str(HERE / "favicon.svg")


def description(doctree) -> str:
    """The first paragraph of a page that is not a quotation and has no formula, cut after a sentence or a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and not paragraph.next_node(nodes.math):
            text = " ".join(paragraph.astext().split())
            if len(text) <= ROOM:
                return text
            sentences = text[:ROOM].rpartition(". ")[0]
            return f"{sentences}." if len(sentences) > ROOM / 3 else text[: ROOM - 1].rpartition(" ")[0] + "…"
    return ""


def tags(title: str, text: str, address: str, site: str) -> str:
    """The lines in the head of a page from which a card is made."""
    told = {"og:type": "website", "og:site_name": site, "og:title": title, "og:url": address}
    if text:
        told["og:description"] = text
    lines = [f'<meta property="{name}" content="{escape(value)}" />' for name, value in {**told, **PICTURE}.items()]
    named = {"twitter:card": "summary_large_image", **({"description": text} if text else {})}
    lines += [f'<meta name="{name}" content="{escape(value)}" />' for name, value in named.items()]
    return "\n    ".join(lines)


def add_tags(app, pagename, templatename, context, doctree):
    if doctree is None:  # the index, the search: nothing that anyone shares or should find
        lines = '<meta name="robots" content="noindex" />'
    else:
        title = app.env.titles[pagename].astext()
        book = app.env.titles[app.config.root_doc].astext()
        lines = tags(title, description(doctree), context["pageurl"], book)
    context["metatags"] = f"{context.get('metatags', '')}\n    {lines}"


def lost_page(app):
    """The page that a host shows where there is none, under whatever address was asked for."""
    yield "404", {"title": "Page not found", "body": LOST}, "page.html"


def address_from_the_root(page: str, base: str) -> str:
    """A page whose own links hold under any address: each is told from the root of the host."""
    root = urlsplit(base).path or "/"
    return LINK.sub(lambda match: f'{match[1]}="{urljoin(root, match[2])}"', page)


def sitemap(addresses) -> str:
    entries = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    scheme = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{scheme}">\n{entries}</urlset>\n'


def write_files(app, error):
    """What search engines and cards ask for, and the way from the root of the site to its first page."""
    if error or app.builder.name != "html":
        return
    folder, base, config = Path(app.outdir), app.config.html_baseurl, app.config
    uris = [app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]
    (folder / "sitemap.xml").write_text(sitemap(urljoin(base, uri) for uri in uris), encoding="utf-8")
    (folder / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {urljoin(base, 'sitemap.xml')}\n", "utf-8")
    shutil.copy(HERE / "card.png", folder / "_static" / "nncourse" / "card.png")
    lost = folder / "404.html"
    lost.write_text(address_from_the_root(lost.read_text("utf-8"), base), "utf-8")
    if config.root_doc != "index":
        first = app.builder.get_target_uri(config.root_doc)
        title = app.env.titles[config.root_doc].astext()
        text = description(app.env.get_doctree(config.root_doc))
        (folder / "index.html").write_text(
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n<title>{escape(title)}</title>\n'
            f'<meta http-equiv="refresh" content="0; url={first}" />\n'
            f'<link rel="canonical" href="{urljoin(base, first)}" />\n'
            f"{tags(title, text, urljoin(base, first), title)}\n"
            f'</head>\n<body><p><a href="{first}">{escape(title)}</a></p></body>\n</html>\n',
            encoding="utf-8",
        )
