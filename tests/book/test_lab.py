"""A chapter opened in JupyterLab: a notebook whose widgets talk with Python, and still a text file when it is saved."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

import pytest

import nncourse as nn

from .chapters import chapter_files

pytestmark = pytest.mark.lab

TAUGHT = nn.Perceptron(1.0, epochs=20).fit(*nn.datasets.logic_gate("AND"))
SHOWN = 'nn.widgets.PerceptronStepper(gate="AND")'
OBSERVED = f"""widget = {SHOWN}
seen = []
widget.observe(lambda change: seen.append(change["new"]), "mistakes")
widget"""
# No news, and every cell in the page, whether in view or not.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
ASK = """async (expression) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const { content } = await kernel.requestExecute({ code: "", user_expressions: { asked: expression } }).done;
  return content.user_expressions.asked.data["text/plain"];
}"""
TELL = """async (code) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  return (await kernel.requestExecute({ code }).done).content.status;
}"""


def eventually(ask, expected, patience=15):
    """Wait until `ask()` is what is expected; in the end, say what it was."""
    deadline = time.monotonic() + patience
    while (answer := ask()) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answer == expected


def lab_environment(home):
    """An environment in which Jupyter reads and writes below `home` only, and its settings there."""
    folders = {
        name: str(home / name.lower())
        for name in (
            *("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"),
            *("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"),
        )
    }
    environment = {**os.environ, **folders}
    config = [sys.executable, "-m", "jupytext_config", "set-default-viewer", "markdown", "myst"]  # as on Binder
    subprocess.run(config, env=environment, check=True)
    overrides = home / "jupyter_config_dir" / "labconfig" / "default_setting_overrides.json"
    settings = json.loads(overrides.read_text(encoding="utf-8"))
    overrides.write_text(json.dumps(settings | SETTINGS), encoding="utf-8")
    return environment


@pytest.fixture
def lab(need, tmp_path):
    """JupyterLab on a folder with a copy of a chapter: (the folder, the address of a file in it)."""
    jupyter = need("jupyter-lab", how='pip install "nncourse[lab]"')
    folder, token = tmp_path / "course", secrets.token_hex(16)
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "ServerApp.root_dir": folder,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": token,
        "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
    }
    log = tmp_path / "lab.log"
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            [jupyter, *(f"--{name}={value}" for name, value in options.items())],
            cwd=folder,
            env=lab_environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server, log)
        yield folder, lambda path: f"http://127.0.0.1:{port}/lab/tree/{path}?token={token}"
    finally:
        stop(server)


def wait_for(address, server, log, patience=40):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start; its log ends:\n{log.read_text(encoding='utf-8')[-3000:]}", pytrace=False)


def stop(server):
    """Ask the server to go, which ends its kernels too; then make its whole group go."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(15)
    with suppress(ProcessLookupError, AttributeError):  # all gone; or no groups, on Windows
        os.killpg(server.pid, signal.SIGKILL)
    server.kill()
    server.wait(5)


def test_a_chapter_runs_answers_to_python_and_stays_text(lab, open_page, repo):
    folder, address = lab
    source = next(file for file in chapter_files() if f"\n{SHOWN}\n" in file.read_text(encoding="utf-8"))
    chapter = folder / "book" / source.name
    chapter.parent.mkdir()
    shutil.copy(repo / "pyproject.toml", folder)  # jupytext's settings
    shutil.copy(source, chapter)

    page = open_page(address(f"book/{source.name}"), width=1300, height=1000)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=40_000)
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=40_000,
    )

    def ask(expression):
        return page.evaluate(ASK, expression)

    # The imports, by hand, then the cell of the widget, edited as a reader edits one.
    page.locator(".jp-CodeCell", has_text="import nncourse").first.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    cell = page.locator(".jp-CodeCell", has_text="PerceptronStepper(").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(OBSERVED)
    page.keyboard.press("Control+Enter")
    cell = page.locator(".jp-CodeCell", has_text="seen.append").first
    widget = cell.locator(".nn-w")
    widget.wait_for(timeout=30_000)

    # From the page to Python, and from Python to the page.
    widget.get_by_role("button", name="20 epochs").click()
    eventually(lambda: ask("seen[-1:]"), str([TAUGHT.mistakes_]))
    assert json.loads(ask("widget.weights")) == [TAUGHT.bias_, *TAUGHT.weights_]
    assert page.evaluate(TELL, "widget.learning_rate = 0.5") == "ok"
    slider = widget.locator('input[name="learning_rate"]')
    eventually(slider.input_value, "0.5")
    eventually(lambda: ask("widget.mistakes"), "[]")  # the page started again, and told Python

    # Saved, the chapter differs by that cell alone, and runs from beginning to end.
    before = source.read_text(encoding="utf-8")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    eventually(lambda: chapter.read_text(encoding="utf-8"), before.replace(f"\n{SHOWN}\n", f"\n{OBSERVED}\n"))
    assert page.abroad == []
    run = [sys.executable, "-m", "jupytext", "--to", "ipynb", "--execute", "--output", "executed.ipynb", str(chapter)]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
