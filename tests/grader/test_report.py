import base64
import csv
import json
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from grader.grade import Graded
from grader.gradebook import Gradebook
from grader.report import write_report
from grader.report.executed import render_executed
from grader.report.pages import content_security_policy
from grader.report.sanitise import clean_fragment
from grader.report.spreadsheet import cell
from grader.report.summary import summarise_notebooks
from grader.submissions import Submission
from grader.text import slug
from grader.verdict import STATUSES, Item, Verdict

HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% raw %}", "../../../etc/passwd",
    "/abs", "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "\x1b[31mred", "a\nb", "\u202egro", "&amp;", "'",
    ";=1", "Ada", "ada", "ADA", "x" * 500, "\U0001f600",
]  # fmt: skip
ATTACKS = (Path(__file__).parent / "attacks.html").read_text().splitlines()
SAFE_TAGS = {"a", "img", "div", "p", "table", "tbody", "tr", "td", "span", "pre", "math", "mtext", "mi"}


def png():
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def item(name="Q1", points=1.0, out_of=1.0, status="correct", reason="AC is right."):
    return Item(name, points, out_of, status, reason)


def graded(student, status="graded", items=(), executed="", notebook="07_imagenet", **options):
    verdict = Verdict(student, notebook, status, tuple(items), **{"seconds": {"cells": 1.0, "total": 1.5}} | options)
    return Graded(Submission(student, notebook, "somewhere", b"{}"), verdict, executed, "keys")


@pytest.fixture
def report(tmp_path):
    """A function from what was graded to the folder with its report."""

    def write(*everything):
        with Gradebook(tmp_path / "gradebook.sqlite") as gradebook:
            for one in everything:
                gradebook.record(one)
            return write_report(gradebook, tmp_path / "report").parent

    return write


def notebook_with(*html, markdown=(), source="x = 1"):
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": text}} for text in html]
    cells = [{"cell_type": "code", "id": "Q1", "source": source, "outputs": outputs, "metadata": {}}]
    cells += [{"cell_type": "markdown", "source": text} for text in markdown]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class Elements(HTMLParser):
    """Collects (tag, attributes) of a page."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def assert_harmless(html):
    for tag, attributes in Elements(html).found:
        assert tag in SAFE_TAGS, tag
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "id", "action", "title")]
        assert not {"score", "badge", "grader_error"} & set(attributes.get("class", "").split())
        assert attributes.get("href", "https://").startswith(("https://", "http://"))
        assert attributes.get("src", "data:image/png").startswith("data:image/png")


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_do_not_survive(attack):
    assert_harmless(clean_fragment(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_do_not_survive_in_any_part_of_a_notebook(attack):
    html = render_executed(notebook_with(attack, markdown=[attack], source=attack), "n0-").html
    assert html
    assert_harmless(html.replace('id="n0-cell-id=Q1"', "").replace('id="n0-cell-id=position-1"', ""))


def test_all_attacks_at_once_leave_the_grader_s_part_alone(report):
    items = [item(), item("Q2", 0, 1, "wrong", "B is wrong.")]
    plain, attacked = (
        (report(graded("ada", items=items, executed=e)) / "feedback" / "ada.html").read_text()
        for e in (notebook_with("x"), notebook_with(*ATTACKS, markdown=ATTACKS))
    )
    assert plain.partition('<div class="notebook">')[0] == attacked.partition('<div class="notebook">')[0]
    assert plain[-60:] == attacked[-60:]


def test_what_a_notebook_shows_survives():
    kept = f'<table><tr><td colspan="2">1.5</td></tr></table><img src="data:image/png;base64,{png()}" alt="a plot">'
    html = render_executed(notebook_with(kept, markdown=["# Title\n$x^2$"], source="def f(): pass"), "n0-").html
    for part in ('<td colspan="2">1.5</td>', png(), '<span class="k">def</span>', "<h1>Title</h1>", "<msup>"):
        assert part in html


def test_colours_of_a_traceback_become_classes():
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mboom\x1b[0m <b>"]}
    executed = {"cells": [{"cell_type": "code", "id": "c", "source": "", "outputs": [error]}]}
    rendered = render_executed(json.dumps(executed), "n1-")
    assert '<span class="ansi-red-fg">boom</span> &lt;b&gt;' in rendered.html
    assert f'id="{rendered.error_at}"' in rendered.html


@pytest.mark.parametrize(
    "content", ["not base64", base64.b64encode(b"GIF89a not a png").decode(), base64.b64encode(b"\x89PNG\r\n").decode()]
)
def test_only_real_pictures_pass(content):
    assert "src" not in clean_fragment(f'<img src="data:image/png;base64,{content}">')


@pytest.mark.parametrize(
    "executed",
    [
        "{",
        "null",
        "[]",
        "[" * 100_000,
        '{"cells": 5}',
        '{"cells": [{"cell_type": "markdown", "source": "\\ud800"}]}',
        '{"cells": [{"cell_type": "code", "source": 5, "outputs": [1, {"data": {"image/png": {}}}]}]}',
        '{"cells": [{"id": "a", "cell_type": "code"}, {"id": "a", "cell_type": "code"}]}',
    ],
)
def test_a_broken_notebook_still_gets_a_page(report, executed):
    page = (report(graded("ada", items=[item()], executed=executed)) / "feedback" / "ada.html").read_text()
    assert "AC is right." in page


def test_formulas_that_cannot_be_read_stay_as_written():
    assert r"$\frac{$" in render_executed(notebook_with(markdown=[r"$\frac{$"]), "n0-").html


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_everywhere(report, name):
    folder = report(graded(name, items=[item(reason=name)], detail=name, notes=(name,), executed=notebook_with("x")))
    pages = [folder / "index.html", folder / "feedback" / f"{slug(name)}.html"]
    tags = {tag for page in pages for tag, _ in Elements(page.read_text()).found}
    assert not tags & {"script", "b"}
    assert all(len(Elements(page.read_text()).found) > 10 for page in pages)
    assert sorted(path.suffix for path in folder.rglob("*.*")) == [".csv", ".html", ".html", ".json"]


def test_every_link_of_the_class_page_leads_to_a_page(report):
    folder = report(*(graded(name, items=[item()]) for name in HOSTILE))
    links = {
        attributes["href"] for tag, attributes in Elements((folder / "index.html").read_text()).found if tag == "a"
    }
    assert len([link for link in links if link.startswith("feedback/")]) == len(HOSTILE)
    assert all((folder / link).exists() for link in links if not link.startswith("#"))


def test_every_page_allows_its_own_style_and_nothing_else(report):
    folder = report(graded("ada", items=[item()], executed=notebook_with(*ATTACKS)))
    for path in folder.rglob("*.html"):
        page = path.read_text()
        style = page.partition("<style>")[2].partition("</style>")[0]
        policies = [a["content"] for t, a in Elements(page).found if a.get("http-equiv") == "Content-Security-Policy"]
        assert policies == [content_security_policy(style)]
        assert not [tag for tag, _ in Elements(page).found if tag in ("script", "link", "iframe")]


def test_averages_ignore_the_grader_s_faults():
    verdicts = [graded("a", items=[item()]).verdict, graded("b", items=[item(points=0.0)]).verdict]
    faults = [graded(f"f{i}", "grader_error", items=[item(points=0.0, status="wrong")]).verdict for i in range(5)]
    (without,), (with_faults,) = summarise_notebooks(verdicts), summarise_notebooks(verdicts + faults)
    assert with_faults.points == without.points == [1, 0]
    assert with_faults.items == without.items


def test_a_fault_of_the_grader_is_shown_and_is_no_zero(report):
    folder = report(graded("ada", "grader_error", detail="disk full"), graded("bob", items=[item()]))
    assert "The grader failed on 1 notebook" in (folder / "index.html").read_text()
    assert "score" not in json.loads((folder / "results" / "ada.json").read_text())
    assert rows_of(folder)[0]["points"] == ""
    assert "disk full" not in (folder / "feedback" / "ada.html").read_text()


@pytest.mark.parametrize("status", STATUSES)
def test_a_verdict_without_items_reads_well(report, status):
    folder = report(graded("ada", status, detail="why it is so"))
    page = (folder / "feedback" / "ada.html").read_text()
    assert STATUSES[status].replace("'", "&#39;") in page
    assert "nan" not in page + (folder / "index.html").read_text()
    assert "None" not in page + (folder / "index.html").read_text()


def test_an_empty_gradebook_gives_a_page(report):
    assert "Nothing has been graded yet" in (report() / "index.html").read_text()


def test_the_same_gradebook_gives_the_same_files(report):
    everything = [graded(name, items=[item()], executed=notebook_with(*ATTACKS)) for name in "ab"]
    folder = report(*everything)
    first = {path: path.read_bytes() for path in folder.rglob("*.*") if path.name != "index.html"}
    report()
    assert {path: path.read_bytes() for path in first} == first


def test_two_notebooks_make_two_sections_and_a_total(report):
    folder = report(*(graded("ada", items=[item()], notebook=name) for name in ("07_imagenet", "08_bert")))
    index, page = (folder / "index.html").read_text(), (folder / "feedback" / "ada.html").read_text()
    assert "Total per student" in index
    assert "100 %" in index.partition("Total per student")[2]
    assert "07_imagenet" in page
    assert "08_bert" in page


def rows_of(folder):
    with (folder / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_spreadsheet_has_a_row_per_verdict_and_a_column_per_item(report):
    items = [item(), item("saliency", 0.5, 2, "partial")]
    ada, bob = rows_of(report(graded("ada", items=items), graded("bob", "missing")))
    assert (ada["points"], ada["out_of"], ada["Q1"], ada["saliency"], ada["seconds"]) == (
        "1.5",
        "3.0",
        "1.0",
        "0.5",
        "1.5",
    )
    assert (bob["status"], bob["points"], bob["out_of"], bob["Q1"]) == ("missing", "0", "3.0", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(report, text):
    (row,) = rows_of(report(graded(text, items=[item()], detail=text)))
    for shown in (row["student"], row["detail"]):
        assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert not set(shown) & set("\x1b\r\n\t\u202e")


@pytest.mark.parametrize("text", ["-1.5", "+3", "7", "1e-3", "ada"])
def test_numbers_and_plain_texts_stay_as_they_are(text):
    assert cell(text) == text


def test_gradescope_gets_a_test_per_item(report):
    folder = report(graded("ada", items=[item(), item("Q2", 0.5, 2, "partial", "half")], notes=("a note",)))
    results = json.loads((folder / "results" / "ada.json").read_text())
    assert results["score"] == sum(test["score"] for test in results["tests"]) == 1.5
    assert [(test["name"], test["max_score"], test["status"]) for test in results["tests"]] == [
        ("Q1", 1, "passed"),
        ("Q2", 2, "failed"),
    ]
    assert results["execution_time"] == 1.5
    assert "a note" in results["output"]
    assert results["visibility"] in ("hidden", "after_due_date", "after_published", "visible")


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "  0%| | 0/120"}


def shown_of(data):
    cell = {"cell_type": "code", "id": "Q1", "source": "", "outputs": [{"output_type": "display_data", "data": data}]}
    executed = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return render_executed(executed, "n0-").html


def test_a_widget_leaves_nothing_since_its_text_is_how_it_began():
    assert "0/120" not in shown_of(WIDGET)


def test_a_widget_that_carries_a_picture_leaves_the_picture():
    page = shown_of(WIDGET | {"image/png": png()})
    assert png() in page
    assert "0/120" not in page
