"""JupyterLite beside the pages: what it brings, that a page only links to it, and that its kernel starts in a browser.

The kernel's own files are those of npm's `pyodide`, answered in the place of the CDN. No NumPy for it can be had
outside of the CDN, so that `nn.check` is not run there.
"""

import ast
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
from playwright.sync_api import TimeoutError, expect
from sphinx.errors import ConfigError

import nncourse as nn
from nncourse.book_ext import lite, lite_notebooks
from nncourse.exercises.statements import statement

from .chapters import chapter_files, notebook_of
from .pages import page_names

PAGE = "book/01-from-neuron-to-perceptron"
CDN = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE_VERSION}/full/"
PYPI = "https://pypi.org/simple/comm/"
BLOCK = re.compile(r'<blockquote class="[^"]*nn-exercise[^"]*" id="([^"]+)">(.*?)</blockquote>', re.DOTALL)
LINK = re.compile(r'<a class="nn-try [^>]* href="([^"]+)"')
OPEN = {"access-control-allow-origin": "*"}


@pytest.fixture
def site_of_lite(book):
    return book.html / "lite"


def read(path):
    return nbformat.read(path, as_version=4)


# What it brings


def test_every_exercise_of_a_page_and_nothing_else_can_be_tried(book, site_of_lite):
    offered = []
    for name in page_names():
        html = book.html / f"{name}.html"
        text = html.read_text(encoding="utf-8")
        blocks = BLOCK.findall(text)
        assert len(re.findall('class="nn-try ', text)) == len(blocks), name
        for exercise, block in blocks:
            target = urlsplit(LINK.search(block)[1])
            assert (html.parent / target.path).resolve() == (site_of_lite / "notebooks" / "index.html").resolve()
            assert parse_qs(target.query) == {"path": [f"exercises/{exercise}.ipynb"]}
            offered.append(exercise)
    assert sorted(offered) == sorted(exercise.id for exercise in nn.exercises.catalog())


@pytest.mark.parametrize("exercise", nn.exercises.catalog(), ids=lambda exercise: exercise.id)
def test_the_notebook_of_an_exercise_holds_statement_starter_and_check(site_of_lite, exercise):
    notebook = read(site_of_lite / "files" / "exercises" / f"{exercise.id}.ipynb")
    nbformat.validate(notebook)
    told, *code = notebook.cells
    assert statement(exercise) in told.source
    assert [cell.cell_type for cell in code] == ["code"] * 3
    assert code[1].source == exercise.starter.rstrip()
    assert code[2].source == f'nn.check("{exercise.id}", {exercise.name})'
    assert exercise.solution not in nbformat.writes(notebook)


@pytest.mark.parametrize("chapter", chapter_files(), ids=lambda chapter: chapter.stem)
def test_a_chapter_is_there_with_its_cells_without_outputs_and_with_links_that_lead_somewhere(site_of_lite, chapter):
    file = site_of_lite / "files" / "book" / f"{chapter.stem}.ipynb"
    notebook = read(file)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    install = next(cell for cell in code if "piplite" in cell.source)
    sources = [cell.source for cell in notebook_of(chapter).cells if cell.cell_type == "code"]
    assert [cell.source for cell in code if cell is not install] == sources
    assert not any(cell.outputs for cell in code)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    links = [link for link in re.findall(r"\]\(([^()\s]+)\)", text) if not urlsplit(link).scheme]
    assert [link for link in links if not (file.parent / link).is_file()] == []


def test_a_link_to_another_notebook_stays_among_them_and_others_lead_to_the_book_online():
    names = ["book/06-gradient-descent", "book/07-backpropagation"]
    kept = "[b](07-backpropagation.md#here) [c](appendix/notation.md) [d](#there) [e](https://example.org/b.md)"
    text = f"[a](07-backpropagation.md) {kept}"
    assert lite_notebooks.to_neighbours(text, names[0], names) == f"[a](07-backpropagation.ipynb) {kept}"


def test_the_first_cell_installs_in_the_browser_and_does_nothing_here(site_of_lite):
    for path in ("exercises/step-function.ipynb", f"{PAGE}.ipynb"):
        install = next(cell.source for cell in read(site_of_lite / "files" / path).cells if "piplite" in cell.source)
        code = compile(install, path, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        run = eval(code, {})
        with pytest.raises(StopIteration):
            run.send(None)  # came to its end at once, and asked for no module of the kernel
    assert f"anywidget=={lite_notebooks.version('anywidget')}" in install


def test_the_package_is_found_on_the_site_and_the_kernel_on_its_cdn(book, site_of_lite):
    """The index names the very wheel that the site offers; no other address stands in the settings."""
    config = json.loads((site_of_lite / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    assert sorted(one["name"] for one in config["federated_extensions"]) == sorted(lite.EXTENSIONS)
    kernel = config["litePluginSettings"][lite.PYODIDE_KERNEL_PLUGIN_ID]
    assert set(kernel) == {"pipliteUrls"}
    assert all(url.startswith("./") for url in kernel["pipliteUrls"])
    index = json.loads((site_of_lite / "pypi" / "all.json").read_text(encoding="utf-8"))
    [release] = index["nncourse"]["releases"][nn.__version__]
    [offered] = (book.html / "_static" / "wheels").glob("*.whl")
    assert release["digests"]["sha256"] == hashlib.sha256(offered.read_bytes()).hexdigest()
    assert (site_of_lite / "pypi" / release["url"]).read_bytes() == offered.read_bytes()
    scripts = (site_of_lite / "extensions" / lite.EXTENSIONS[0]).rglob("*.js")
    assert any(f"{CDN}pyodide.js" in script.read_text(encoding="utf-8") for script in scripts)


# The builder's own Pyodide


def application(tmp_path, pyodide):
    """What `lite` asks of Sphinx, for a book without pages."""
    return SimpleNamespace(
        builder=SimpleNamespace(name="html"),
        outdir=tmp_path / "html",
        confdir=tmp_path,
        env=SimpleNamespace(found_docs=set(), metadata={}),
        config=SimpleNamespace(nncourse_pyodide=pyodide),
    )


def unpacked(folder, version=PYODIDE_VERSION):
    folder.mkdir()
    lock = {"info": {"version": version}, "packages": {"known": {"file_name": "known-1-py3-none-any.whl"}}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    for name in ("pyodide.js", "known-1-py3-none-any.whl", "comm-1-py3-none-any.whl"):
        (folder / name).touch()
    return folder


def test_a_pyodide_of_the_builder_is_served_by_the_site(tmp_path, monkeypatch):
    folder, seen = unpacked(tmp_path / "own"), {}

    def run(work):
        seen.update({file.name: json.loads(file.read_text(encoding="utf-8")) for file in work.glob("*.json")})

    monkeypatch.setattr(lite, "run", run)
    app = application(tmp_path, "own")
    (app.outdir / "_static" / "nncourse").mkdir(parents=True)
    lite.build(app, None)
    settings = seen["jupyter-lite.json"]["jupyter-config-data"]["litePluginSettings"][lite.PYODIDE_KERNEL_PLUGIN_ID]
    assert settings == {"pyodideUrl": "./static/pyodide/pyodide.js"}
    served = app.outdir / "lite" / "static" / "pyodide"
    assert {file.name for file in served.iterdir()} == {file.name for file in folder.iterdir()}
    # Wheels that the distribution does not know are found by the kernel's package manager, before PyPI is asked.
    assert seen[lite.CONFIG]["PipliteAddon"]["piplite_urls"] == [str(folder / "comm-1-py3-none-any.whl")]


@pytest.mark.parametrize("version", [None, "0.1.2"])
def test_a_folder_without_the_right_pyodide_is_refused_before_the_build(tmp_path, version):
    if version:
        unpacked(tmp_path / "own", version)
    came = f"holds version {version}" if version else "holds none"
    with pytest.raises(ConfigError, match=f"expected .* of Pyodide {PYODIDE_VERSION}; .*own {came}. Unpack"):
        lite.check(application(tmp_path, "own"))


# In a browser


def test_nothing_of_it_is_loaded_before_the_click(open_page, site):
    page = open_page("about:blank")
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/{PAGE}.html", wait_until="networkidle")
    link = page.locator("#step-function a.nn-try")
    link.scroll_into_view_if_needed()
    link.hover()
    page.wait_for_timeout(300)
    assert len(asked) > 10
    assert [url for url in asked if "/lite/" in url] == []
    with page.context.expect_page() as opened:
        link.click()
    notebook = opened.value
    notebook.locator(".jp-CodeCell").first.wait_for(timeout=60_000)
    assert notebook.url.startswith(f"{site}/lite/notebooks/index.html?path=exercises/step-function.ipynb")
    assert "def step(z):" in notebook.locator(".jp-CodeCell").nth(1).inner_text()
    assert page.problems == []


def test_from_a_disk_the_page_says_that_it_takes_a_server_and_on_paper_nothing(open_page, book):
    page = open_page((book.html / f"{PAGE}.html").as_uri())
    assert page.locator('a[href*="/lite/"]').count() == 0
    said = page.locator("#step-function .nn-try")
    assert "python -m http.server" in said.inner_text()
    page.emulate_media(media="print")
    assert not said.is_visible()


@pytest.fixture(scope="module")
def cdn(tmp_path_factory):
    """What the CDN would answer, by file: npm's `pyodide`, and from PyPI the pure Python wheels that a kernel loads.

    Two compiled modules of the standard library are on the CDN alone; empty ones stand in for them, as the kernel
    installs them but a cell without encryption and databases needs neither.
    """
    if not shutil.which("npm"):
        pytest.skip(
            "npm is not on the PATH, and has the Pyodide that this test needs. To run it: install Node.js with npm"
        )
    folder = tmp_path_factory.mktemp("cdn")
    fetch(["npm", "pack", "--silent", f"pyodide@{PYODIDE_VERSION}"], folder)
    shutil.unpack_archive(next(folder.glob("pyodide-*.tgz")), folder)
    found = {file.name: file.read_bytes() for file in (folder / "package").iterdir()}
    lock = json.loads(found["pyodide-lock.json"])
    pure, compiled = needed(lock["packages"], ["micropip", "ipython", "jedi"])
    pinned = [f"{one['name']}=={one['version']}" for one in pure]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", "wheels"]
    fetch(
        [*pip, "--python-version", lock["info"]["python"], *pinned, f"comm=={lite_notebooks.version('comm')}"], folder
    )
    wheels = {file.name.lower(): file.read_bytes() for file in (folder / "wheels").iterdir()}
    found["comm"] = next((name, wheel) for name, wheel in wheels.items() if name.startswith("comm-"))
    for one in [*pure, *compiled]:
        name = one["file_name"]
        found[name] = stand_in(one["name"]) if one in compiled else wheels[name.lower()]
        one["sha256"] = hashlib.sha256(found[name]).hexdigest()
    found["pyodide-lock.json"] = json.dumps(lock).encode()
    return found


def fetch(command, folder):
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"{' '.join(command[:3])} could not fetch Pyodide's files: {(done.stderr or done.stdout)[-400:]}")


def needed(packages, names):
    """The packages of the lock that these need, themselves included: (the pure ones, those that need a stand-in)."""
    seen, todo = {}, list(names)
    while todo:
        name = todo.pop().replace("_", "-").lower()
        if name not in seen:
            seen[name] = packages[name]
            todo += packages[name]["depends"]
    compiled = [packages["ssl"], packages["sqlite3"]]
    for one in compiled:
        one["depends"] = []
    return [one for one in seen.values() if one not in compiled], compiled


def stand_in(name):
    """A wheel with an empty module, but for the names that IPython's history mentions as it is imported."""
    code = "class Error(Exception): ...\nDatabaseError = OperationalError = Connection = Error\n"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(f"{name}.py", code if name == "sqlite3" else "")
        archive.writestr(f"{name}-1.0.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n")
        archive.writestr(f"{name}-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        archive.writestr(f"{name}-1.0.0.dist-info/RECORD", "")
    return written.getvalue()


@pytest.mark.slow
def test_the_kernel_starts_computes_and_finds_the_package(open_page, site, cdn):
    kind = {".js": "text/javascript", ".wasm": "application/wasm"}
    comm, wheel = cdn["comm"]

    def answer(route):
        name = Path(urlsplit(route.request.url).path).name
        if name not in cdn:
            return route.abort()
        type = kind.get(Path(name).suffix, "application/octet-stream")
        return route.fulfill(body=cdn[name], headers={**OPEN, "content-type": type})

    # The kernel takes one package from PyPI, as it is not in Pyodide's distribution.
    digest = hashlib.sha256(wheel).hexdigest()
    files = [{"filename": comm, "url": f"{PYPI}{comm}", "hashes": {"sha256": digest}}]
    listing = json.dumps({"meta": {"api-version": "1.0"}, "name": "comm", "files": files})
    page = open_page("about:blank")
    said = []
    page.on("console", lambda message: said.append(message.text))
    # Without its service worker, as in some private windows, JupyterLite has no folder of files to wait for.
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.context.route(f"{CDN}**", answer)
    listed = {**OPEN, "content-type": "application/vnd.pypi.simple.v1+json"}
    page.context.route(PYPI, lambda route: route.fulfill(body=listing, headers=listed))
    page.context.route(f"{PYPI}{comm}", lambda route: route.fulfill(body=wheel, headers=OPEN))

    page.goto(f"{site}/lite/notebooks/index.html?path=exercises/step-function.ipynb")
    cell = page.locator(".jp-CodeCell").first
    cell.wait_for(timeout=60_000)
    lines = ["import piplite, sys", "from importlib.metadata import version"]
    lines += ['await piplite.install("nncourse", deps=False)', 'sys.platform, 1 + 1, version("nncourse")']
    # A cell that is run while the page still says "No Kernel" is lost.
    expect(page.locator(".jp-Toolbar-kernelName")).to_have_text("Python (Pyodide)", timeout=60_000)
    status = page.locator(".jp-Notebook-ExecutionIndicator")
    expect(status).not_to_have_attribute("data-status", "initializing", timeout=60_000)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("\n".join(lines))
    page.keyboard.press("Control+Enter")
    output = cell.locator(".jp-OutputArea-output").first
    try:
        output.wait_for(timeout=300_000)
    except TimeoutError:
        prompts = page.locator(".jp-InputPrompt").all_inner_texts()
        pytest.fail(f"no output in 300 s; prompts: {prompts}; {cell.inner_text()!r}; the console ends: {said[-12:]}")
    assert output.inner_text().strip() == str(("emscripten", 2, nn.__version__))
    assert page.abroad == []
