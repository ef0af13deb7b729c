import json
import zipfile

import nbformat
import pytest

from grader.errors import UserError
from grader.homework import NOTEBOOKS, homeworks
from grader.release import BEGIN, END, _resolve_solutions, build_notebook, release, write_student_zip

WORKS = list(homeworks().values())


@pytest.fixture(scope="module")
def student_zip(tmp_path_factory):
    """What students get, written once: with the pictures it takes seconds."""
    path = tmp_path_factory.mktemp("zip") / "student.zip"
    write_student_zip(path)
    return path


def solution_lines(work):
    """The lines between the markers of the percent script, stripped; empty ones and bare `return` left out."""
    inside, lines = False, []
    for line in work.source.read_text().splitlines():
        if line.strip() in (BEGIN, END):
            inside = line.strip() == BEGIN
        elif inside and len(line.strip()) > 8:
            lines.append(line.strip())
    return lines


@pytest.mark.parametrize("work", WORKS, ids=str)
def test_two_builds_are_equal_byte_for_byte(work):
    first, second = (nbformat.writes(build_notebook(work)) for _ in range(2))
    assert first == second


def test_releasing_again_changes_nothing_that_is_committed(tmp_path):
    for path in release(tmp_path):
        assert path.read_bytes() == (NOTEBOOKS / path.name).read_bytes(), (
            f"run `python -m grader release` ({path.name})"
        )


@pytest.mark.parametrize("work", WORKS, ids=str)
def test_no_solution_and_no_key_is_in_what_students_get(work, student_zip):
    with zipfile.ZipFile(student_zip) as archive:
        names = archive.namelist()
        notebook = nbformat.reads(archive.read(f"homework/notebooks/{work.name}.ipynb").decode(), as_version=4)
    lines = {line.strip() for cell in notebook.cells for line in cell.source.splitlines()}
    assert solution_lines(work)
    assert not lines & set(solution_lines(work))
    private = {"answers", "grader", "tests", "keys", "render"}
    assert not any(private & set(name.split("/")) for name in names)
    assert "key" not in json.dumps(work.specification)


@pytest.mark.parametrize("work", WORKS, ids=str)
def test_the_released_notebook_is_valid_without_output_and_with_short_cells(work):
    notebook = build_notebook(work)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.cell_type != "code" or len(cell.source.splitlines()) <= 20, cell.source


@pytest.mark.parametrize("work", WORKS, ids=str)
def test_solved_and_released_notebooks_have_the_same_cells(work):
    released, solved = (build_notebook(work, solved=solved) for solved in (False, True))
    assert [cell.id for cell in released.cells] == [cell.id for cell in solved.cells]


def test_zips_are_equal_whenever_they_are_made(student_zip, tmp_path):
    write_student_zip(tmp_path / "second.zip")
    assert (tmp_path / "second.zip").read_bytes() == student_zip.read_bytes()


def test_a_solution_leaves_a_placeholder_at_its_indentation():
    source = f"def f():\n    y = None\n    {BEGIN}\n    y = 1\n    {END}\n    return y"
    assert _resolve_solutions(source, False, "") == "def f():\n    y = None\n    # YOUR CODE HERE\n    return y"
    assert _resolve_solutions(source, True, "") == "def f():\n    y = None\n    y = 1\n    return y"


@pytest.mark.parametrize("source", [BEGIN, END, f"{BEGIN}\n{BEGIN}\n{END}", f"{BEGIN}\n{END}\n{END}"])
@pytest.mark.parametrize("solved", [True, False])
def test_unbalanced_markers_fail_the_build(source, solved):
    with pytest.raises(UserError, match="SOLUTION"):
        _resolve_solutions(source, solved, "notebook.py")
