"""A real Chromium, driven by playwright, and a real JupyterLab for it."""

import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from grader.release import write_student_zip

QUIET = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
MINUTE = 60_000  # milliseconds
TOKEN = "student"


@pytest.fixture(scope="module")  # no longer: playwright's event loop would run under the tests of other modules
def browser(chromium_path):
    """The installed Chromium, headless, with a new profile."""
    # Chromium's own sandbox refuses to run as root.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=[*QUIET, *as_root])
        yield chromium
        chromium.close()


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its URL, and the folder with the unpacked student zip that it serves."""

    url: str
    folder: Path

    def run(self, page, name):
        """Open notebooks/`name`.ipynb and run all its cells; returns as soon as they are on their way."""
        # in a workspace of its own: in a common one the notebooks of other tests open too, and one of them may run
        page.goto(f"{self.url}lab/workspaces/{name}/tree/notebooks/{name}.ipynb?token={TOKEN}")
        expect(page.locator(".jp-Notebook .jp-CodeCell").first).to_be_visible(timeout=2 * MINUTE)
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=MINUTE)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A `Lab` with nothing of this machine's configuration."""
    home = tmp_path_factory.mktemp("student")
    write_student_zip(home / "homework.zip")
    with zipfile.ZipFile(home / "homework.zip") as archive:
        archive.extractall(home)
    _keep_every_cell_in_the_page(home / "settings")
    folders = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_RUNTIME_DIR": home / "runtime",
               "JUPYTERLAB_SETTINGS_DIR": home / "settings",
               "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces"}  # fmt: skip
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0", "--allow-root"]
    command.append(f"--IdentityProvider.token={TOKEN}")
    environment = os.environ | {name: str(folder) for name, folder in folders.items()}
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, cwd=home / "homework", env=environment, stdout=log, stderr=log)
        yield Lab(_url(home / "runtime", server), home / "homework")
        server.terminate()
        server.wait(30)


def _keep_every_cell_in_the_page(settings):
    """Cells out of sight are normally taken out of the page, where a test could not see them."""
    folder = settings / "@jupyterlab" / "notebook-extension"
    folder.mkdir(parents=True)
    (folder / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')


def _url(runtime, server):
    for _ in range(600):
        for path in runtime.glob("jpserver-*.json"):
            return json.loads(path.read_text())["url"]
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("JupyterLab did not start; see the file log beside its runtime folder")
