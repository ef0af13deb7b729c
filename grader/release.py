"""From the solved percent scripts to what students open: deterministic, without solutions, with stable cell ids."""

import hashlib
import json
import re
import zipfile

import jupytext
import nbformat

from grader.errors import UserError
from grader.homework import NOTEBOOKS, ROOT, homeworks

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
PLACEHOLDER = "# YOUR CODE HERE"
STUDENT_FILES = ("README.md", "requirements.txt", "data", "helpers", "notebooks")
# what programs leave behind, and how `data` was made
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", "render", "train_food.py", "train_shortcut.py"}
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the file's bytes must not depend on the clock


def build_notebook(homework, *, solved=False, keys=None):
    """The notebook of `homework` as students get it or, with `solved`, with the solutions.

    keys:    question name -> letters to answer; every question not in it is left unanswered
    returns: NotebookNode (nbformat 4.5) without outputs; two builds are equal
    raises:  UserError where the percent script breaks a convention
    """
    script = jupytext.reads(homework.source.read_text(encoding="utf-8"), fmt="py:percent")
    questions = {question.name: question for question in homework.questions}
    cells = []
    for cell in script.cells:
        name = cell.metadata.get("question")
        if name is None:
            cells.append(_given_or_student_cell(homework, cell, solved))
        elif name in questions:
            cells += _question_cells(questions.pop(name), (keys or {}).get(name, ""))
        else:
            raise UserError(
                f"{homework.source.name} places question {name}, which the bank lacks or which stood before"
            )
    if questions:
        raise UserError(f"{homework.source.name} places no cell for {', '.join(questions)}")
    _give_ids(cells)
    metadata = {
        "homework": homework.name,
        "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
        "language_info": {"name": "python"},
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def release(folder=NOTEBOOKS):
    """Write every homework's notebook and public specification into `folder`; returns the paths written."""
    written = []
    for homework in homeworks().values():
        notebook = folder / f"{homework.name}.ipynb"
        notebook.write_text(nbformat.writes(build_notebook(homework)) + "\n", encoding="utf-8")
        specification = folder / f"{homework.name}.json"
        specification.write_text(json.dumps(homework.specification, indent=1) + "\n", encoding="utf-8")
        written += [notebook, specification]
    return written


def write_student_zip(path):
    """Write what students get, without `answers` and `grader`, to the zip file `path`; returns its members' names."""
    files = sorted(file for name in STUDENT_FILES for file in _files(ROOT / name))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            member = zipfile.ZipInfo(f"homework/{file.relative_to(ROOT).as_posix()}", ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, file.read_bytes())
        return archive.namelist()


def new_cell(kind, source, identity):
    """A cell of `kind` ("code", else Markdown) with nothing but its source and its id."""
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=identity)


def _files(path):
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.is_file() and not LEFT_OUT & set(file.relative_to(ROOT).parts)]


def _given_or_student_cell(homework, cell, solved):
    """A copy of `cell` without solution (or without its markers); `key` in its metadata becomes its id."""
    key = cell.metadata.get("key")
    source = _resolve_solutions(cell.source, solved, homework.source.name)
    if source != cell.source and key is None:
        raise UserError(f'{homework.source.name}: a cell with a solution needs a key, as in `# %% key="saliency"`')
    return new_cell(cell.cell_type, source, key or _hash(cell.cell_type + cell.source))


def _resolve_solutions(source, solved, where):
    """`source` with each marked block replaced by the placeholder or, if `solved`, without the markers."""
    kept, inside = [], False
    for line in source.splitlines():
        marker = line.strip()
        if marker in (BEGIN, END):
            if inside == (marker == BEGIN):
                raise UserError(f"{where}: unbalanced {marker!r}", f"every {BEGIN!r} needs one {END!r} after it")
            inside = not inside
            if inside and not solved:
                kept.append(line.replace(BEGIN, PLACEHOLDER))
        elif solved or not inside:
            kept.append(line)
    if inside:
        raise UserError(f"{where}: {BEGIN!r} without {END!r}")
    return "\n".join(kept)


def _question_cells(question, letters):
    """The question's text, and the cell in which it is answered."""
    choices = zip(question.letters, question.choices, strict=True)
    lines = [f"**{question.name}** ({question.points:g} points) — {question.text}", ""]
    lines += [f"- **{letter}** {choice.text}" for letter, choice in choices]
    answer = f'hw.answer("{question.name}", "{letters}")  # all the correct letters, for example "AC"'
    return [
        nbformat.v4.new_markdown_cell("\n".join(lines), id=f"{question.name}-text"),
        nbformat.v4.new_code_cell(answer, id=question.name),
    ]


def _give_ids(cells):
    """Make ids unique, in place: equal given cells get a running number; equal keys are an error."""
    seen = {}
    for cell in cells:
        seen[cell.id] = seen.get(cell.id, 0) + 1
        if seen[cell.id] > 1:
            if not re.fullmatch(r"[0-9a-f]{12}", cell.id):
                raise UserError(f"two cells have the key {cell.id!r}", "give each its own")
            cell.id = f"{cell.id}-{seen[cell.id]}"


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]
