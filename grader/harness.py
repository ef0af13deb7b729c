"""Tests a student's functions with vectors of the grader's own.

After the student's last cell comes one of ours, which is in no released notebook: it calls the functions in the
student's kernel and hands in what they return. Nothing that is right or wrong is known there; the values are checked
as all records are, outside.
"""

from grader.release import new_cell

CELL = """\
# The grader's own cell: it calls your functions with vectors that you have not seen.
import sys
sys.path.insert(0, "..")
from helpers import function_calls
function_calls.hand_in(globals(), {record!r}, {names!r}, {cases!r})"""


def append_calls(notebook, homework):
    """Append to `notebook`, in place, a cell for each record of `homework` that the grader makes itself."""
    for record in homework.records:
        if record.calls:
            source = CELL.format(record=record.name, names=record.calls.names, cases=record.calls.cases)
            notebook.cells.append(new_cell("code", source, f"calls-{record.name}"))
