"""The executed notebook as harmless HTML: rebuilt, rendered by nbconvert (template `basic`), sanitised."""

import json
from dataclasses import dataclass, field
from functools import cache

from markupsafe import Markup
from nbconvert import HTMLExporter

from grader.report.mathematics import markdown_to_html
from grader.report.plain_notebook import rebuild_for_display
from grader.report.sanitise import clean_fragment, clean_notebook


@dataclass(frozen=True)
class ExecutedNotebook:
    """What a page shows of it.

    html:     sanitised; empty if there is nothing to show
    problem:  why there is nothing to show, for the reader; empty if there is something
    anchors:  cell id -> id of its element in `html`
    error_at: id of the element of the first cell that raised an error, or None
    """

    html: Markup = field(default_factory=Markup)
    problem: str = ""
    anchors: dict[str, str] = field(default_factory=dict)
    error_at: str | None = None


def render_executed(executed, id_prefix):
    """Render the executed notebook `executed` (str: nbformat 4 JSON, empty, or anything else); never raises.

    id_prefix: "n<number>-", put before every id so that several notebooks can stand on one page
    """
    if not executed:
        return ExecutedNotebook(problem="No cell of this notebook was executed.")
    try:
        notebook = rebuild_for_display(json.loads(executed), clean_fragment)
        body, _resources = _exporter().from_notebook_node(notebook)
        html = clean_notebook(body, id_prefix)
    except Exception as error:  # a hostile notebook must cost its author this picture, not the class its report
        return ExecutedNotebook(problem=f"The executed notebook could not be shown ({type(error).__name__}).")
    anchors = {cell.id: f"{id_prefix}cell-id={cell.id}" for cell in notebook.cells}
    raised = [anchors[cell.id] for cell in notebook.cells if _raised(cell)]
    return ExecutedNotebook(Markup(html), anchors=anchors, error_at=raised[0] if raised else None)


@cache
def _exporter():
    exporter = HTMLExporter(template_name="basic")
    exporter.register_filter("markdown2html", lambda source: clean_fragment(markdown_to_html(source)))
    # The whole notebook is sanitised at the end, by one rule that is stricter than nbconvert's own.
    exporter.register_filter("clean_html", lambda html: html)
    return exporter


def _raised(cell):
    return any(output.output_type == "error" for output in cell.get("outputs", ()))
