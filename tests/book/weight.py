"""What a page weighs and how long a reader with a slow telephone waits for it: `python -m tests.book.weight [NAME...]`.

Chromium opens each page with an empty cache over a line of 400 kbit/s with 400 ms of latency (the profile "slow 3G" of
its developer tools), from a server that compresses as a host of static pages does. `--html FOLDER` names another build,
`--before FOLDER` one to compare with. Bytes are those on the line, headers included. A page is ready when its widgets
answer and its mathematics is set. `test_weight.py` holds pages to budgets of bytes, since times need a quiet machine.
"""

from __future__ import annotations

import argparse
import gzip
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .pages import ROOT, WIDGETS, page_names, parsed

COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # ms, bytes/s
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "fonts", "Image": "pictures"}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
WAITED_FOR_MATHEMATICS = """async () => {
  if (!document.querySelector("article .math")) return null;
  while (!window.MathJax?.startup?.promise) await new Promise((next) => setTimeout(next, 20));
  await MathJax.startup.promise;
  await document.fonts.ready;
  return performance.now();
}"""


@cache
def compressed(file: Path, changed: int) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)


def on_the_line(file: Path) -> int:
    """The bytes of a file as a host of static pages sends them."""
    if file.suffix in COMPRESSED:
        return len(compressed(file, file.stat().st_mtime_ns))
    return file.stat().st_size


class Compressing(SimpleHTTPRequestHandler):
    """Answers as a host of static pages does: compressed, over connections that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        file = Path(self.translate_path(self.path))
        if file.suffix not in COMPRESSED or not file.is_file():
            return super().do_GET()
        body = compressed(file, file.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing: the table is the output."""


@contextmanager
def served(folder: Path):
    """The address of a server of `folder`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def named(html: Path) -> dict[str, list[Path]]:
    """The files that a page names, without pictures, by kind: its own, and those that it shares with others."""
    tags = parsed(html).select('link[rel="stylesheet"], link[rel="preload"], script[src]')
    paths = [urlsplit(tag.get("src") or tag["href"]).path for tag in tags]
    files = dict.fromkeys((html.parent / unquote(path)).resolve() for path in paths)
    widgets = [file for file in files if file.parent.name == "nncourse" and file.name.count(".") > 1]
    return {"own": [html, *widgets], "shared": [file for file in files if file not in widgets]}


def weights(html: Path) -> dict[str, int]:
    """Bytes on the line, by the kinds of `named`."""
    return {kind: sum(map(on_the_line, files)) for kind, files in named(html).items()}


@dataclass(frozen=True)
class View:
    """One first view of a page: bytes by kind, requests, and seconds until something happened."""

    sizes: Counter
    requests: list[str]
    painted: float | None
    lively: float | None
    typeset: float | None

    @property
    def ready(self):
        return max(filter(None, (self.painted, self.lively, self.typeset)))


def view(browser, address: str, line: dict | None = SLOW_3G, patience: float = 180) -> View:
    """Open a page with an empty cache and watch it come in."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    try:
        page = context.new_page()
        page.set_default_timeout(patience * 1000)
        session = context.new_cdp_session(page)
        kinds, sizes, requests = {}, Counter(), []

        def arrived(event):
            if event["response"]["url"].startswith("http"):
                kinds[event["requestId"]] = KINDS.get(event["type"], "other")
                requests.append(event["response"]["url"])

        session.on("Network.responseReceived", arrived)
        session.on(
            "Network.loadingFinished",
            lambda event: sizes.update({kinds.get(event["requestId"], "other"): int(event["encodedDataLength"])}),
        )
        session.send("Network.enable")
        if line:
            session.send("Network.emulateNetworkConditions", line)
        page.goto(address, wait_until="commit")
        page.wait_for_function(PAINTED)
        lively = None
        page.wait_for_function("document.readyState !== 'loading'")
        if page.locator(".nn-widget").count():
            page.wait_for_function("(waiting) => !document.querySelector(waiting)", arg=WIDGETS)
            lively = page.evaluate("performance.now()")
        typeset = page.evaluate(WAITED_FOR_MATHEMATICS)
        painted = page.evaluate(PAINTED)
        page.wait_for_load_state("load")
    finally:
        context.close()
    return View(sizes, requests, *(time and time / 1000 for time in (painted, lively, typeset)))


def row(name: str, before: View | None, after: View) -> str:
    def cell(read, form):
        values = [read(one) for one in (before, after) if one]
        return "→".join("-" if value is None else format(value, form) for value in values)

    kinds = [cell(lambda view, kind=kind: view.sizes[kind] / 1000, ".0f") for kind in [*KINDS.values(), "other"]]
    total = cell(lambda view: sum(view.sizes.values()) / 1000, ".0f")
    times = [cell(read, ".1f") for read in (lambda v: v.painted, lambda v: v.lively, lambda v: v.typeset)]
    return " | ".join([name, *kinds, total, cell(lambda view: len(view.requests), "d"), *times])


def main(arguments=None):
    from playwright.sync_api import sync_playwright

    from ..conftest import CHROMIUM_FLAGS, installed_chromium

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="pages, as book/06-gradient-descent (default: all)")
    parser.add_argument("--html", type=Path, default=ROOT / "_build" / "html", help="the build (default: _build/html)")
    parser.add_argument("--before", type=Path, help="another build to compare with")
    asked = parser.parse_args(arguments)
    folders = [folder for folder in (asked.before, asked.html) if folder]
    for folder in folders:
        if not (folder / "search.html").is_file():
            parser.error(f"{folder} holds no built book; build it with: jupyter-book build .")
    header = ["page", *(f"{kind} kB" for kind in KINDS.values()), "other kB", "all kB", "requests"]
    print(" | ".join([*header, "first paint s", "widgets s", "mathematics s"]), flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_chromium(), args=CHROMIUM_FLAGS)
        for name in asked.names or page_names():
            views = []
            for folder in folders:
                with served(folder) as site:
                    views.append(view(browser, f"{site}/{name}.html"))
            print(row(name, views[0] if asked.before else None, views[-1]), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
