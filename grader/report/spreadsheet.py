"""gradebook.csv: what goes into the faculty's spreadsheet."""

import csv
import re

from grader.text import one_line

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
# Spreadsheets take a cell that begins like this for a formula; some also the full-width forms.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(notebooks, path):
    """Write one row per student and notebook to `path`: UTF-8, texts quoted, no formulas, no control characters.

    notebooks: list of NotebookSummary
    A fault of the grader has empty points; it is never a zero. Points of an item are empty where there is none.
    """
    items = list(dict.fromkeys(item.name for notebook in notebooks for item in notebook.items))
    rows = [_row(verdict, notebook.out_of, items) for notebook in notebooks for verdict in notebook.verdicts]
    header = ["student", "notebook", "status", "points", "out_of", *items, "detail", "seconds"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow([cell(name) for name in header])
        writer.writerows(sorted(rows, key=lambda row: row[:2]))


def cell(text):
    """`text` as a spreadsheet shows it: one line, no control characters, never a formula."""
    text = one_line(text)
    is_formula = text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _row(verdict, out_of, items):
    points = {item.name: item.points for item in verdict.items} if verdict.counts else {}
    return [
        cell(verdict.student),
        cell(verdict.notebook),
        cell(verdict.status),
        verdict.points if verdict.counts else "",
        out_of,
        *(points.get(name, "") for name in items),
        cell(verdict.detail),
        round(verdict.total_seconds, 3),
    ]
