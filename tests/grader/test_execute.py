"""The limits of one execution, on notebooks of a few lines, so that each limit is met on its own."""

import nbformat
import pytest

from grader.execute import execute
from grader.limits import MEBIBYTE, Limits
from grader.sandbox import wall

PRINT_HALF_A_MEBIBYTE = 'print("x" * 2**19)'


@pytest.fixture
def run(tmp_path_factory):
    """A function from cell sources and limits to the Execution, in a folder whose path is short enough for sockets."""

    def run(*sources, **limits):
        cells = [nbformat.v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources)]
        notebook = nbformat.v4.new_notebook(cells=cells)
        return execute(notebook, tmp_path_factory.mktemp("x"), wall("auto"), Limits(**limits))

    return run


def test_what_cells_show_is_kept(run):
    execution = run("print(6 * 7)", "6 * 7")
    assert (execution.status, execution.detail) == ("graded", "")
    assert execution.notebook.cells[0].outputs[0].text == "42\n"
    assert execution.notebook.cells[1].outputs[0].data["text/plain"] == "42"
    assert set(execution.seconds) == {"kernel", "cells"}


def test_cells_after_an_error_still_run_and_the_first_error_is_told(run):
    execution = run("1 / 0", "undefined", "print('still here')")
    assert execution.status == "crashed"
    assert execution.detail == "ZeroDivisionError: division by zero (cell 1: 1 / 0), the first of 2 errors"
    assert execution.notebook.cells[2].outputs[0].text == "still here\n"


@pytest.mark.parametrize(
    ("sources", "limits", "status", "detail"),
    [
        (["import time; time.sleep(60)"], {"cell_seconds": 1}, "timed_out", "a cell took longer than 1 s (cell 1:"),
        (
            ["import time"] + ["time.sleep(0.7)"] * 9,
            {"notebook_seconds": 2},
            "timed_out",
            "the notebook took longer than 2 s (cell ",
        ),
        (
            [PRINT_HALF_A_MEBIBYTE] * 4,
            {"notebook_output_bytes": MEBIBYTE},
            "too_much_output",
            "the notebook put out more than 1 MiB (cell 2:",
        ),
        (
            [PRINT_HALF_A_MEBIBYTE, "for _ in range(9): " + PRINT_HALF_A_MEBIBYTE],
            {"cell_output_bytes": MEBIBYTE},
            "too_much_output",
            "a cell put out more than 1 MiB (cell 2:",
        ),
        (
            ["import subprocess, time", "[subprocess.Popen(['sleep', '9']) for _ in range(9)]; time.sleep(9)"],
            {"processes": 8},
            "crashed",
            "it started more than 8 processes (cell 2:",
        ),
        (["blocks = bytearray(2**30)"], {"memory_bytes": 2**29}, "out_of_memory", "allowed are 512 MiB"),
    ],
    ids=["cell time", "notebook time", "notebook output", "cell output", "processes", "memory"],
)
def test_a_limit_ends_the_execution_and_is_named(run, sources, limits, status, detail):
    execution = run(*sources, **limits)
    assert execution.status == status, execution.detail
    assert detail in execution.detail


def test_a_kernel_gets_nothing_of_the_graders_environment(run, monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "42")
    execution = run("import os; print(sorted(os.environ))")
    assert "GRADER_SECRET" not in execution.notebook.cells[0].outputs[0].text
