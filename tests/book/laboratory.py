"""JupyterLab started for a test, and what a test asks of a chapter that is open in it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

# No news, and every cell in the page, whether in view or not.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
RUN_ALL = """async () => {
  const ended = await window.jupyterapp.commands.execute("notebook:run-all-cells");
  const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells].filter((cell) => cell.type === "code");
  const outputs = cells.flatMap((cell) => cell.outputs.toJSON());
  const errors = outputs.filter((output) => output.output_type === "error");
  return {
    ended,
    cells: cells.length,
    run: cells.filter((cell) => cell.executionCount !== null).length,
    errors: errors.map((error) => `${error.ename}: ${error.evalue}`),
    widgets: outputs.filter((output) => "application/vnd.jupyter.widget-view+json" in (output.data ?? {})).length,
  };
}"""


class DidNotStart(Exception):
    """The server ended, or was too slow; the message has the end of its log."""


def lab_environment(home: Path, bin: Path) -> dict[str, str]:
    """An environment in which the Jupyter of `bin` reads and writes below `home` only, and its settings there."""
    folders = {
        name: str(home / name.lower())
        for name in (
            *("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"),
            *("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"),
        )
    }
    environment = {**os.environ, **folders, "PATH": os.pathsep.join([str(bin), os.environ.get("PATH", "")])}
    subprocess.run([bin / "jupytext-config", "set-default-viewer", "markdown", "myst"], env=environment, check=True)
    overrides = home / "jupyter_config_dir" / "labconfig" / "default_setting_overrides.json"
    settings = json.loads(overrides.read_text(encoding="utf-8"))
    overrides.write_text(json.dumps(settings | SETTINGS), encoding="utf-8")
    return environment


@contextmanager
def running_lab(jupyter: Path, folder: Path, home: Path):
    """A JupyterLab on `folder`; what it gives is the address of a file in it, as the rocket of a chapter opens one."""
    token = secrets.token_hex(16)
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
    log = home / "lab.log"
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            [jupyter, *(f"--{name}={value}" for name, value in options.items())],
            cwd=folder,
            env=lab_environment(home, Path(jupyter).parent),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server, log)
        yield lambda path: f"http://127.0.0.1:{port}/lab/tree/{path}?token={token}&reset"  # else what was open before
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
    raise DidNotStart(f"JupyterLab did not start; its log ends:\n{log.read_text(encoding='utf-8')[-3000:]}")


def stop(server):
    """Ask the server to go, which ends its kernels too; then make its whole group go."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(15)
    with suppress(ProcessLookupError, AttributeError):  # all gone; or no groups, on Windows
        os.killpg(server.pid, signal.SIGKILL)
    server.kill()
    server.wait(5)


def opened(page):
    """Wait until the page shows a notebook whose kernel is ready."""
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=40_000)
    page.wait_for_function(IDLE, timeout=40_000)
    return page


def run_all(page) -> dict:
    """Run a notebook from top to bottom: what became of its cells, and whether every widget is drawn."""
    found = page.evaluate(RUN_ALL)
    with suppress(Exception):  # the count tells
        page.wait_for_function(
            "(widgets) => document.querySelectorAll('.jp-OutputArea .nn-w').length >= widgets", arg=found["widgets"]
        )
    return {**found, "drawn": page.locator(".jp-OutputArea .nn-w").count()}


def faults(found: dict) -> list[str]:
    """What keeps a chapter that was run from being well, in words."""
    told = [*found["errors"]]
    if not found["ended"] or found["run"] != found["cells"]:
        told.append(f"{found['run']} of {found['cells']} cells were run")
    if found["drawn"] != found["widgets"]:
        told.append(f"{found['drawn']} of {found['widgets']} widgets are drawn")
    return told
