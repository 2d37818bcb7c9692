"""The whole book as one PDF: `python -m nncourse.book_ext.paper _build/html book.pdf`.

`leaves` makes sheets of the built site, Chromium prints one after the other, and pypdf joins them: figures stay
vectors, mathematics and code stay text. (All in one print would take Chromium minutes and gigabytes.) The solutions are
printed first, with page numbers of their own, so that the exercises can name them; the contents last. Chromium knows
when to print from a picture that each sheet waits for: it comes when mathematics, fonts and widgets stand.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, Fit, FloatObject, NameObject, NullObject, TextStringObject

from .leaves import book
from .sheets import ELSEWHERE, Book, Sheet, numbered, whole

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += [
    "--disable-component-update",
    "--disable-sync",
    "--disable-pdf-tagging",
    "--window-size=660,940",
    "--no-pdf-header-footer",
]
PATIENCE = 240  # seconds for one sheet


class Desk(SimpleHTTPRequestHandler):
    """Hands Chromium the document and the site's files; holds back one picture until the page says that it is ready."""

    def __init__(self, *args, server_state, **options):
        self.state = server_state
        super().__init__(*args, **options)

    def do_GET(self):
        if self.path == "/paper.html":
            self.answer(self.state["document"].encode(), "text/html; charset=utf-8")
        elif self.path == "/wait.svg":
            self.state["ready"].wait(PATIENCE)
            self.answer(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")
        else:
            super().do_GET()

    def do_POST(self):
        self.state["problems"] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.state["ready"].set()
        self.answer(b"", "text/plain")

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing: what went wrong is told in the end."""


def find_browser(named: str | None) -> str:
    """The path of a Chromium, or an error that says how to get one."""
    for name in [named] if named else BROWSERS:
        if found := shutil.which(name):
            return found
    wanted = named or "Chromium"
    raise FileNotFoundError(
        f"{wanted} was not found, and it is what prints the book. Install it (Debian and Ubuntu: apt-get install "
        "chromium), or name a Chromium, Chrome or Edge with --browser PATH"
    )


class Press:
    """Prints sheets of a book, one after the other, into files of `folder`."""

    def __init__(self, site: Path, made: Book, browser: str, folder: Path):
        self.made, self.browser, self.folder = made, browser, folder
        self.state = {"document": "", "ready": threading.Event(), "problems": None}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Desk, server_state=self.state, directory=str(site)))
        self.server.daemon_threads = True
        self.texts = [(HERE / f"paper.{kind}").read_text(encoding="utf-8") for kind in ("css", "js")]
        self.prints = 0

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()

    def print(self, sheet: Sheet, numbers: dict[str, str], *, before=0, prefix="") -> PdfReader:
        """Print a sheet and note in `numbers` on which page each of its places stands."""
        text = whole(sheet, self.made, *self.texts, before=before, prefix=prefix)
        self.state.update(document=numbered(text, numbers), problems=None)
        self.state["ready"].clear()
        self.prints += 1
        target = self.folder / f"{self.prints}.pdf"
        self.run(target, sheet.title or "the contents")
        reader = PdfReader(target)
        for name, place in reader.named_destinations.items():
            page = reader.get_destination_page_number(place) + 1 + before
            numbers[name.removeprefix("/")] = f"{prefix}{page}"
        return reader

    def run(self, target: Path, title: str) -> None:
        root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # root may not have the sandbox
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            command = [self.browser, *FLAGS, *root, f"--user-data-dir={profile}", f"--print-to-pdf={target}"]
            command.append(f"http://127.0.0.1:{self.server.server_port}/paper.html")
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE + 60)
        if self.state["problems"] is None or not target.is_file():
            said = done.stderr[-2000:]
            raise RuntimeError(f"Chromium did not print {title} (exit status {done.returncode}):\n{said}")
        if self.state["problems"]:
            raise RuntimeError(f"{title} cannot be printed as it stands:\n" + "\n".join(self.state["problems"]))


def make(site: Path, target: Path, browser: str, only=()) -> int:
    """Print the built `site` into the PDF `target` and return the number of its pages."""
    made, numbers = book(site, only), {}
    with tempfile.TemporaryDirectory() as folder, Press(site, made, browser, Path(folder)) as press:
        back = [press.print(sheet, numbers, prefix="S") for sheet in made.back]
        front = press.print(made.front, numbers)  # its numbers are still missing, but not its length
        count, chapters = len(front.pages), []
        for sheet in made.chapters:
            chapters.append(press.print(sheet, numbers, before=count))
            count += len(chapters[-1].pages)
        length, front = len(front.pages), press.print(made.front, numbers)
        if len(front.pages) != length:
            raise RuntimeError(f"the contents took {length} pages without numbers and {len(front.pages)} with them")
        return bound([front, *chapters, *back], made, count, target)


def bound(prints: list[PdfReader], made: Book, count: int, target: Path) -> int:
    """Join the prints, the first `count` pages of which count from 1; return the number of all pages."""
    writer = PdfWriter()
    places = {}
    for reader in prints:
        before = len(writer.pages)
        writer.append(reader, import_outline=False)
        for name, place in reader.named_destinations.items():
            places[name.removeprefix("/")] = (before + reader.get_destination_page_number(place), place.top)
    for page in writer.pages:
        for link in page.get("/Annots", []):
            lead_inside(link.get_object(), places, writer)
    parents: list = []
    for level, title, anchor in made.outline:
        del parents[level:]
        page, top = places[anchor]
        parent = parents[-1] if parents else None
        fit = Fit.xyz(top=top)
        parents.append(writer.add_outline_item(title=title, page_number=page, parent=parent, fit=fit))
    writer.set_page_label(0, count - 1, style="/D")
    if count < len(writer.pages):
        writer.set_page_label(count, len(writer.pages) - 1, style="/D", prefix="S", start=1)
    writer.page_mode = "/UseOutlines"
    writer.root_object[NameObject("/Lang")] = TextStringObject(made.about["language"])
    writer.add_metadata({"/Title": made.about["title"], "/Author": made.about["authors"], "/Creator": "nncourse"})
    writer.write(target)
    return len(writer.pages)


def lead_inside(link, places: dict, writer: PdfWriter) -> None:
    """Let a link to a place of the book name the page and the height where it stands."""
    if "/Dest" in link:
        name = str(link["/Dest"]).removeprefix("/")
    elif str(link.get("/A", {}).get("/URI", "")).startswith(f"{ELSEWHERE}#"):
        name = unquote(str(link["/A"]["/URI"]).partition("#")[2])
        del link["/A"]
    else:
        return
    page, top = places[name]
    goal = [writer.pages[page].indirect_reference, NameObject("/XYZ"), NullObject(), FloatObject(top), NullObject()]
    link[NameObject("/Dest")] = ArrayObject(goal)


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nncourse.book_ext.paper", description=__doc__.partition("\n")[0])
    parser.add_argument("site", type=Path, help="the built book: _build/html")
    parser.add_argument("target", type=Path, help="the PDF to write")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="PAGE", help="these pages alone: book/06-gradient-descent"
    )
    parser.add_argument("--browser", help="the Chromium to print with, if it is not on the PATH")
    options = parser.parse_args(arguments)
    try:
        count = make(options.site.resolve(), options.target, find_browser(options.browser), options.only)
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.target}: {count} pages, {options.target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
