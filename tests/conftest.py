"""Fixtures that every test may ask for: the book built once, a site that serves it, a browser that stays at home.

A test that asks for `book`, `site` or `browser`, directly or through another fixture, is marked `book` or `browser` by
that fact, so `pytest -m "not book and not browser and not lab"` is what a machine with nothing but Python can run.
While `browser` lives, an event loop runs in this process: run `asyncio.run` and notebook clients in a subprocess.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

# The tests run in two processes. A product that takes both cores would wait for the other, for ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A learner's record of progress is no business of the tests, which also drive notebooks as a learner would.
os.environ["NNCOURSE_PROGRESS"] = "off"

ROOT = Path(__file__).resolve().parent.parent
collect_ignore = ["recipes"]  # examples to copy: they are tests where their copies lie
CHROMIUM_FLAGS = [
    "--no-sandbox",  # containers run the tests as root, where Chromium refuses its sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The shell is Chromium without the windows of a desktop, which take a third of the processor's time in a test.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PATIENCE = 1200  # seconds, for what another process makes
LOCAL = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost)([:/]|$)|(file|data|blob|about|chrome-error):")
ABROAD = re.compile(rf"^(?!{LOCAL.pattern})")


def installed_chromium():
    """The path of a Chromium, for a command that is no test; it ends the command where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    return found or sys.exit("Chromium is missing: apt-get install chromium-headless-shell")


# One process begins with the build of the book, the other meanwhile with what needs no book; then the long files, and
# the short ones last, so that both processes end together.
ORDER = (
    "book/test_blocks",
    "test_recipes",
    "exercises/",
    "widgets/",
    "book/test_lab",
    "book/live/",
    "book/test_lite",
    "book/test_accessibility",
    "book/test_chapters",
    "book/test_pages",
    "book/test_strictness",
    "test_workflows",
)


def pytest_collection_modifyitems(items):
    """Order the files, and mark each test by what it asks for, so that no marker can be forgotten."""

    def place(item):
        path = item.path.relative_to(ROOT / "tests").as_posix()
        return next((rank for rank, start in enumerate(ORDER) if path.startswith(start)), len(ORDER))

    items.sort(key=place)
    for item in items:
        for name in {"book", "browser"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(name)


@pytest.fixture(scope="session")
def repo():
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def need():
    """Finder of tools: `need("node", how="apt-get install nodejs")` is its path, or the end of the test.

    Several names are tried in order. A missing tool skips the test and says how to get it; where `NNCOURSE_NO_SKIPS`
    is set, as in `.ci/run`, it fails the test.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

    def find(*names, how):
        for name in names:
            if found := shutil.which(name, path=path):
                return found
        message = f"{' or '.join(names)} is not on the PATH. To run this test: {how}"
        if os.environ.get("NNCOURSE_NO_SKIPS"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)

    return find


@pytest.fixture(scope="session")
def against_schema():
    """Check of a file: `against_schema("vendor.github-workflows", path)` has an `exit_code` and an `output`."""
    from check_jsonschema import main
    from click.testing import CliRunner

    # In this process, which has imported jsonschema before: that alone takes three seconds.
    return lambda schema, path: CliRunner().invoke(main, ["--builtin-schema", schema, str(path)])


@dataclass(frozen=True)
class Book:
    """A finished build: its pages, the notebooks that it executed, what it printed."""

    html: Path
    notebooks: Path
    log: str = field(repr=False)


def build_book(source, output):
    """Build the book at `source` strictly into `output`/_build: (exit status, what was printed)."""
    command = [sys.executable, "-P", "-c", "from jupyter_book.cli.main import main; main()", "build", str(source)]
    flags = ["--path-output", str(output), "-W", "-n", "--keep-going"]
    done = subprocess.run(
        [*command, *flags],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"},
        encoding="utf-8",
        errors="replace",
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


def wait_for(file):
    """Return when the file is there; it must appear whole."""
    deadline = time.monotonic() + PATIENCE
    while not file.exists():
        if time.monotonic() > deadline:
            pytest.fail(f"another process did not finish {file} within {PATIENCE} s", pytrace=False)
        time.sleep(0.2)


def once_for_all_workers(folder, make):
    """What `make()` returns, made by the first xdist worker to come and read from JSON by the others."""
    folder.mkdir(parents=True, exist_ok=True)
    result = folder / "result.json"
    try:
        (folder / "claimed").touch(exist_ok=False)
    except FileExistsError:
        wait_for(result)
        return json.loads(result.read_text(encoding="utf-8"))
    made = make()
    draft = folder / "result.draft"
    draft.write_text(json.dumps(made), encoding="utf-8")
    draft.replace(result)  # appears whole, or not at all
    return made


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The book, built once a session as `jupyter-book build . -W -n --keep-going` builds it.

    `NNCOURSE_BOOK` names a `_build` folder that this command has just filled, to be taken instead. Where the command is
    still at it, `NNCOURSE_BOOK_STATUS` names the file that will hold its exit status.
    """
    if built := os.environ.get("NNCOURSE_BOOK"):
        if status := os.environ.get("NNCOURSE_BOOK_STATUS"):
            wait_for(Path(status))
            if int(Path(status).read_text()):
                pytest.fail("the book does not build: its log tells why", pytrace=False)
        folder = Path(built)
        assert (folder / "html" / "index.html").is_file(), f"NNCOURSE_BOOK names {built}, which holds no built book"
        return Book(html=folder / "html", notebooks=folder / "jupyter_execute", log="")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "book"
    status, log = once_for_all_workers(folder, lambda: build_book(ROOT, folder))
    if status:
        lines = log.splitlines()
        warnings = "\n".join([line for line in lines if "WARNING:" in line or "ERROR:" in line][:30])
        tail = "\n".join(lines[-60:])
        message = f"the book does not build (exit status {status}); its warnings:\n{warnings}\n\nits log ends:\n{tail}"
        pytest.fail(message, pytrace=False)
    return Book(html=folder / "_build" / "html", notebooks=folder / "_build" / "jupyter_execute", log=log)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Say nothing: the tests' output is for the tests."""


@pytest.fixture(scope="session")
def serve():
    """Server of folders: `serve(folder)` is the address, without a trailing slash, at which it is read."""
    servers = []

    def start(folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def site(book, serve):
    """The address of the built book, without a trailing slash."""
    return serve(book.html)


@pytest.fixture(scope="session")
def node(need):
    """The path of Node.js: the one that Playwright brings along, whose version is known, else the one on the PATH."""
    from playwright._impl._driver import compute_driver_executable

    bundled = compute_driver_executable()[0]
    return need(bundled, "node", how="install Node.js 20.19 or later")


@pytest.fixture(scope="session")
def chromium(need):
    """The path of a Chromium."""
    return need(*CHROMIUMS, how="install Chromium (Debian: apt-get install chromium-headless-shell)")


@pytest.fixture(scope="session")
def browser(chromium):
    """One Chromium for the session, with a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def opener(browser):
    """What `open_page` gives; in the end its pages are closed."""
    contexts = []

    def open_at(url, *, theme="light", width=1200, height=900, **options):
        context = browser.new_context(
            color_scheme=theme,
            viewport={"width": width, "height": height},
            service_workers="block",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.set_default_navigation_timeout(60_000)  # no bar: a machine that is lent stands still at times
        page = context.new_page()
        page.abroad, page.problems = [], []

        def refuse(route):
            page.abroad.append(route.request.url)
            page.problems.append(f"request to {route.request.url}")
            route.abort()

        def socket(opened):
            if not LOCAL.match(opened.url):
                page.abroad.append(opened.url)
                page.problems.append(f"socket to {opened.url}")

        def console(message):
            if message.type == "error" and message.location.get("url", "") not in page.abroad:
                page.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

        context.route(ABROAD, refuse)
        page.on("websocket", socket)
        page.on("console", console)
        page.on("pageerror", lambda error: page.problems.append(f"exception: {error}"))
        # The book's theme remembers a reader's choice; the tests choose for it.
        page.add_init_script(f'try {{ localStorage.mode = localStorage.theme = "{theme}"; }} catch {{ /* file: */ }}')
        page.goto(url)
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(browser):
    """Opener of pages: `open_page(url, theme="dark", width=360)` is a Playwright page in a context of its own.

    Requests that would leave this machine are refused. `page.abroad` lists their addresses; `page.problems` lists them
    too, with the errors of the console and the exceptions that no script caught. Other keywords go to the context
    (`java_script_enabled=False`, `reduced_motion="reduce"`).
    """
    with opener(browser) as open_at:
        yield open_at


@pytest.fixture(scope="module")
def open_page_for_all(browser):
    """As `open_page`, for pages that the tests of one file share."""
    with opener(browser) as open_at:
        yield open_at
