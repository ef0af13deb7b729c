"""The student's way: what was handed out, unpacked, opened in a real JupyterLab in a real browser, all cells run."""

import pytest
from playwright.sync_api import expect

MINUTE = 60_000  # milliseconds


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """The page with the notebook open in JupyterLab, after all cells ran."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    lab.run(page, "07_imagenet")
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
