"""A feedback page opened in a real browser: what the student injected does not run, what the grader wrote is seen."""

import base64
import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from grader.grade import Graded
from grader.gradebook import Gradebook
from grader.report import write_report
from grader.report.pages import content_security_policy
from grader.submissions import Submission
from grader.verdict import Item, Verdict

ATTACKS = (Path(__file__).parents[1] / "grader" / "attacks.html").read_text().splitlines()
ITEMS = (Item("Q1", 1, 1, "correct", "AC is exactly right."), Item("Q2", 0, 2, "wrong", "B is not correct."))
TITLE = "Feedback for ada"


def figure():
    buffer = BytesIO()
    Image.new("RGB", (60, 40), "red").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def display(kind, content):
    return {"output_type": "display_data", "metadata": {}, "data": {kind: content}}


def executed(*outputs, markdown=()):
    cells = [{"cell_type": "code", "id": "Q1", "source": "answer = 6 * 7", "outputs": outputs, "metadata": {}}]
    cells += [{"cell_type": "markdown", "source": text} for text in markdown]
    return json.dumps({"cells": cells})


def write_page(folder, notebook):
    verdict = Verdict("ada", "07_imagenet", "graded", ITEMS)
    with Gradebook(folder / "gradebook.sqlite") as gradebook:
        gradebook.record(Graded(Submission("ada", "07_imagenet", "ada", b"{}"), verdict, notebook, "keys"))
        return write_report(gradebook, folder).parent / "feedback" / "ada.html"


class Visit:
    """Opens a file and notes what a page should not do."""

    def __init__(self, browser, path):
        self.requests, self.dialogs = [], []
        self.page = browser.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("dialog", self._dismiss)
        self.page.goto(path.as_uri(), wait_until="load")
        self.page.wait_for_timeout(300)
        self.url = path.as_uri()

    def _dismiss(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def ran(self):
        """Everything that happened besides showing the page, as a list of strings."""
        outside = [url for url in self.requests if url != self.url and not url.startswith("data:image/")]
        pwned = ["window.__pwned"] if self.page.evaluate("window.__pwned !== undefined") else []
        return [*outside, *self.dialogs, *pwned, *([self.page.url] if self.page.url != self.url else [])]


@pytest.fixture
def visit(browser):
    """A function that opens a file; its pages are closed at the end."""
    visits = []

    def open_page(path):
        visits.append(Visit(browser, path))
        return visits[-1]

    yield open_page
    for one in visits:
        one.page.close()


def all_attacks():
    outputs = [display("text/html", attack) for attack in ATTACKS]
    outputs += [
        display("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" onload="top.__pwned=1"/>'),
        display("application/javascript", "top.__pwned=1"),
        display("image/png", '"><script>top.__pwned=1</script>'),
        {"output_type": "stream", "name": "stdout", "text": "<script>top.__pwned=1</script>"},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["<script>top.__pwned=1</script>"]},
    ]
    return executed(*outputs, display("image/png", figure()), markdown=ATTACKS)


def test_nothing_injected_runs(visit, tmp_path):
    opened = visit(write_page(tmp_path, all_attacks()))
    assert opened.ran() == []
    assert opened.page.title() == TITLE


def test_following_the_student_s_links_runs_nothing(visit, tmp_path):
    opened = visit(write_page(tmp_path, all_attacks()))
    links = opened.page.locator(".notebook a")
    assert links.count() > 0
    for position in range(links.count()):
        links.nth(position).click()
    assert opened.ran() == []


def test_the_grader_s_part_and_the_student_s_work_are_seen(visit, tmp_path):
    page = visit(write_page(tmp_path, all_attacks())).page
    expect(page.locator("table.score")).to_have_count(1)
    expect(page.locator("table.score")).to_be_in_viewport()
    expect(page.get_by_text("B is not correct.")).to_be_visible()
    expect(page.locator(".notebook").get_by_text("answer = 6 * 7")).to_be_visible()
    pictures = page.locator(".notebook img[src]")
    assert pictures.evaluate_all("all => all.map(one => one.naturalWidth)") == [60]
    expect(pictures.first).to_be_visible()


def test_an_item_leads_to_its_cell(visit, tmp_path):
    page = visit(write_page(tmp_path, executed(*[display("text/plain", "\n" * 200)] * 3))).page
    page.get_by_role("link", name="Q1").click()
    expect(page.locator(".notebook").get_by_text("answer = 6 * 7")).to_be_in_viewport()


def test_the_page_is_no_wider_than_a_telephone(browser, tmp_path):
    path = write_page(
        tmp_path, executed(display("text/html", "<table><tr>" + "<td>wide</td>" * 90), markdown=["m" * 900])
    )
    page = browser.new_page(viewport={"width": 400, "height": 800})
    for name in (path, path.parent.parent / "index.html"):
        page.goto(name.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.close()


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if "onerror" in attack or attack.startswith("<script")][:3]
)
def test_the_policy_alone_stops_scripts_and_the_test_would_see_them(visit, tmp_path, attack):
    policy = f'<meta http-equiv="Content-Security-Policy" content="{content_security_policy("")}">'
    bare, guarded = tmp_path / "bare.html", tmp_path / "guarded.html"
    bare.write_text(attack)
    guarded.write_text(policy + attack)
    assert "window.__pwned" in visit(bare).ran()
    stopped = visit(guarded)
    assert "window.__pwned" not in stopped.ran()
    assert stopped.dialogs == []
