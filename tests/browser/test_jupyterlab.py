"""The student's way: what was handed out, unpacked, opened in a real JupyterLab in a real browser, all cells run."""

import json
import os
import subprocess
import sys
import time
import zipfile

import pytest
from playwright.sync_api import expect

from grader.release import write_student_zip

MINUTE = 60_000  # milliseconds
TOKEN = "student"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """URL of a JupyterLab that serves the unpacked student zip, with nothing of this machine's configuration."""
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
        yield _url(home / "runtime", server)
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


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """The page with the notebook open in JupyterLab, after all cells ran."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{lab}lab/tree/notebooks/07_imagenet.ipynb?token={TOKEN}")
    expect(page.locator(".jp-Notebook .jp-CodeCell").first).to_be_visible(timeout=2 * MINUTE)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=MINUTE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(page.get_by_text("items are ready to hand in")).to_be_visible(timeout=4 * MINUTE)
    yield page
    page.close()


def outputs(page, kind=""):
    return page.locator(f".jp-Notebook .jp-OutputArea-output{kind}")


def test_no_cell_of_the_untouched_notebook_fails(notebook):
    errors = outputs(notebook, "[data-mime-type='application/vnd.jupyter.error']").all_inner_texts()
    warnings = outputs(notebook, "[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts()
    assert (errors, warnings) == ([], [])


def test_figures_are_drawn(notebook):
    widths = outputs(notebook).locator("img").evaluate_all("images => images.map(image => image.naturalWidth)")
    assert widths
    assert all(width > 300 for width in widths)


def test_formulas_are_typeset(notebook):
    assert notebook.locator(".jp-Notebook mjx-container").count() > 0


def test_the_form_check_names_what_is_missing(notebook):
    text = outputs(notebook).filter(has_text="items are ready to hand in").inner_text()
    assert "Q31: not answered yet" in text
    assert "saliency: not recorded yet" in text


def test_an_answer_typed_in_is_taken(notebook):
    cell = notebook.locator(".jp-CodeCell").filter(has_text='hw.answer("Q31", "")')
    cell.locator(".cm-content").click()
    notebook.keyboard.press("Control+A")
    notebook.keyboard.type('hw.answer("Q31", "B")\nhw.check()')
    notebook.keyboard.press("Control+Enter")
    expect(notebook.get_by_text("Q31: B")).to_be_visible(timeout=MINUTE)
