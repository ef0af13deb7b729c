import json

import nbformat
import pytest

from grader.homework import homework
from grader.rebuild import InvalidNotebook, read_notebook, rebuild
from grader.release import build_notebook

TEMPLATE = build_notebook(homework("07_imagenet"))
CODE = [cell.id for cell in TEMPLATE.cells if cell.cell_type == "code"]


def submitted(change=lambda notebook: None):
    """What rebuild makes of the released notebook after a student's `change`: (notebook, notes)."""
    notebook = nbformat.from_dict(TEMPLATE)
    change(notebook)
    return rebuild(TEMPLATE, read_notebook(json.dumps(notebook).encode()))


def by_id(notebook):
    return {cell.id: cell for cell in notebook.cells}


def test_the_untouched_notebook_comes_back_as_the_template():
    notebook, notes = submitted()
    assert nbformat.writes(notebook) == nbformat.writes(TEMPLATE)
    assert notes == ()


def test_a_students_source_replaces_ours_and_nothing_else_does():
    def change(notebook):
        cell = by_id(notebook)["Q31"]
        cell.source = "hw.answer('Q31', 'B')"
        cell.metadata = {"tags": ["skip-execution", "raises-exception"]}
        cell.outputs = [nbformat.v4.new_output("stream", text="all correct")]
        notebook.metadata = {"kernelspec": {"name": "bash"}, "widgets": {"state": {}}}

    notebook, _ = submitted(change)
    cell = by_id(notebook)["Q31"]
    assert cell.source == "hw.answer('Q31', 'B')"
    assert (cell.metadata, cell.outputs) == ({}, [])
    assert notebook.metadata == TEMPLATE.metadata


def test_deleted_cells_are_restored_with_a_note():
    notebook, notes = submitted(lambda notebook: notebook.cells.remove(by_id(notebook)[CODE[0]]))
    assert by_id(notebook)[CODE[0]].source == by_id(TEMPLATE)[CODE[0]].source
    assert "1 deleted" in notes[0]


def test_a_students_own_cells_stay_where_they_were():
    own = nbformat.v4.new_code_cell("def my_helper(): pass")
    notebook, _ = submitted(lambda notebook: notebook.cells.insert(3, own))
    assert [cell.source for cell in notebook.cells].index(own.source) == 3
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_reordered_cells_run_in_our_order():
    notebook, _ = submitted(lambda notebook: notebook.cells.reverse())
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in TEMPLATE.cells]


def test_a_copied_cell_with_the_same_id_runs_where_it_stands():
    def change(notebook):
        notebook.cells.append(nbformat.from_dict(by_id(notebook)["Q31"]))

    notebook, notes = submitted(change)
    assert len(notebook.cells) == len(TEMPLATE.cells) + 1
    assert notebook.cells[-1].source == by_id(notebook)["Q31"].source
    assert notes == ()


def test_question_texts_are_always_ours():
    def change(notebook):
        by_id(notebook)["Q31-text"].source = "easier question"

    assert by_id(submitted(change)[0])["Q31-text"].source == by_id(TEMPLATE)["Q31-text"].source


def test_without_ids_cells_are_recognised_by_what_they_hold():
    document = json.loads(nbformat.writes(TEMPLATE))
    document["nbformat_minor"] = 4
    for cell in document["cells"]:
        del cell["id"]
        cell["source"] = [line.replace('hw.answer("Q31", "")', 'hw.answer("Q31", "D")') for line in cell["source"]]
    notebook, notes = rebuild(TEMPLATE, read_notebook(json.dumps(document).encode()))
    assert by_id(notebook)["Q31"].source.startswith('hw.answer("Q31", "D")')
    assert notes == ()
    assert len(notebook.cells) == len(TEMPLATE.cells)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b"null",
        b"print(1)",
        b'{"cells": 3, "nbformat": 4}',
        b"[" * 10**5,
        b'{"nbformat": 99}',
    ],
)
def test_what_is_not_a_notebook_is_refused(data):
    with pytest.raises(InvalidNotebook):
        read_notebook(data)


def test_a_notebook_of_other_homework_is_refused():
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('hello')")])
    with pytest.raises(InvalidNotebook, match="none of this homework's cells"):
        rebuild(TEMPLATE, read_notebook(nbformat.writes(other).encode()))


def test_a_flood_of_cells_is_refused():
    flood = nbformat.v4.new_notebook(cells=[nbformat.v4.new_raw_cell("") for _ in range(3000)])
    with pytest.raises(InvalidNotebook, match="3000 cells"):
        read_notebook(nbformat.writes(flood).encode())
