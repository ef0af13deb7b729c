"""The HTML pages. Every page stands alone: one inline style sheet, pictures in data URIs, no script."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.report.executed import render_executed
from grader.report.pictures import items_picture, points_histogram
from grader.report.summary import average
from grader.text import number, one_line, printable, slug
from grader.verdict import STATUSES


def index_page(notebooks, students, graded_at):
    """The class page (str) from lists of NotebookSummary and StudentSummary."""
    sections = [_section(notebook) for notebook in notebooks]
    faults = [verdict for notebook in notebooks for verdict in notebook.faults]
    return _render("index.html.j2", sections=sections, students=students, faults=faults, graded_at=graded_at)


def feedback_page(student, executed):
    """The page of one student (str).

    student:  StudentSummary
    executed: notebook name -> executed notebook as text, which is trusted in nothing
    """
    parts = [
        (verdict, render_executed(executed[name], f"n{position}-"))
        for position, (name, verdict) in enumerate(student.verdicts.items())
    ]
    return _render("feedback.html.j2", student=student, parts=parts)


def content_security_policy(style):
    """A policy under which a page can show `style` (str) and pictures that it carries, and do nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def percent(points, out_of):
    """`points` of `out_of` as "75 %"; empty where there is nothing to score."""
    return f"{100 * points / out_of:.0f} %" if out_of else ""


def _section(notebook):
    points = notebook.points
    return {
        "notebook": notebook,
        "anchor": f"notebook-{slug(notebook.name)}",
        "average": average(points),
        "average_handed_in": average([verdict.points for verdict in notebook.handed_in]),
        "histogram": points_histogram(points, notebook.out_of) if points and notebook.out_of else None,
        "item_shares": items_picture(notebook.items) if points and notebook.items else None,
    }


def _render(name, **values):
    style = files("grader.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    policy = content_security_policy(style)
    return _environment().get_template(name).render(style=style, policy=policy, statuses=STATUSES, **values)


@cache
def _environment():
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "one_line": one_line,
        "printable": printable,
        "slug": slug,
        "percent": percent,
    }
    return environment
