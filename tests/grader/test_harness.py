"""The grader's own cell: where it stands, what it hands in from behind the wall, and what students are told."""

import json

import nbformat
import pytest

from answers.bank import Calls, Part, Record
from grader.check import NOT_CALLED, check_records
from grader.execute import execute
from grader.harness import append_calls
from grader.homework import Homework, homework
from grader.limits import Limits
from grader.release import build_notebook
from grader.sandbox import wall
from helpers.function_calls import NOT_REACHED, NUMBER

WORK = homework("10_embedding_distance")
CALLS = Calls(("length", "second"), (("numpy", "float32", ((3.0, 4.0),)), ("numpy", "float64", ((6.0, 8.0),))))
LENGTH = "def length(a):\n    return float((a**2).sum() ** 0.5)"


def judge(records, _model):
    return [Part(float(right), "Said.") for right in records["called"][:, 0, 0] == 5]


class Small(Homework):
    """A homework with one record, which the grader makes itself."""

    records = (Record("called", (2, 2, 2), "float64", "numbers", points=1, check=judge, calls=CALLS),)
    reference_model = None


SMALL = Small("small")


@pytest.fixture
def run(tmp_path_factory):
    """A function from cell sources and limits to the Execution and the hand-in's folder."""

    def run(*sources, **limits):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        notebook = nbformat.v4.new_notebook(cells=cells)
        append_calls(notebook, SMALL)
        folder = tmp_path_factory.mktemp("x")
        return execute(notebook, folder, wall("auto"), Limits(**limits)), folder / "handin"

    return run


def test_the_cell_stands_after_the_students_last_and_in_no_released_notebook():
    released = build_notebook(WORK)
    graded = build_notebook(WORK)
    append_calls(graded, WORK)
    assert graded.cells[:-1] == released.cells
    assert graded.cells[-1].id == "calls-distance_functions"
    assert "function_calls" not in nbformat.writes(released)
    nbformat.validate(graded)


def test_students_are_not_asked_for_the_record_and_a_homework_without_calls_gets_no_cell():
    assert "distance_functions" not in json.dumps(WORK.specification)
    assert "distance_functions" in {record.name for record in WORK.records}
    other = homework("07_imagenet")
    graded = build_notebook(other)
    append_calls(graded, other)
    assert graded == build_notebook(other)


def test_behind_the_wall_the_functions_are_called_though_a_cell_raised_before(run):
    execution, folder = run(LENGTH, "hw = np = sys = len = None", "1 / 0")
    (item,) = check_records(SMALL, folder)
    assert (execution.status, item.points, item.status) == ("crashed", 0.5, "partial")
    assert "ZeroDivisionError" in execution.detail
    assert "errors" not in execution.detail
    assert "second: there is no function of this name" in execution.notebook.cells[-1].outputs[0].text


def test_a_function_without_end_ends_with_the_cells_time_and_keeps_the_first_ones_values(run):
    execution, folder = run(LENGTH, "def second(a):\n    while True:\n        pass", cell_seconds=4)
    (item,) = check_records(SMALL, folder)
    assert (execution.status, item.points) == ("timed_out", 0.5)
    assert "The grader's own cell" in execution.detail


def test_where_the_cell_was_never_reached_the_reason_says_so(tmp_path):
    (item,) = check_records(SMALL, tmp_path)
    assert (item.points, item.status, item.reason) == (0, "missing", NOT_CALLED)


def test_a_forged_record_is_malformed_and_nothing_more(tmp_path):
    (tmp_path / "called.npy").write_bytes(b"\x93NUMPY and lies")
    (item,) = check_records(SMALL, tmp_path)
    assert (item.points, item.status) == (0, "malformed")


def test_a_call_is_either_reached_or_not():
    assert NUMBER != NOT_REACHED
