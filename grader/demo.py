"""A small class made from the answers, with the status and points that each student must get."""

from dataclasses import dataclass

import nbformat

from grader.release import build_notebook

HOMEWORK = "10_embedding_distance"  # what the made-up class hands in; it computes little

CHEAT = """
import json, pathlib, socket, sys

def copy_answers(path):
    for name, entry in json.loads(path.read_text())["questions"].items():
        hw.answer(name, entry["key"])

key_file = pathlib.Path({key_file!r})
for path in [key_file, pathlib.Path("/proc/1/root" + str(key_file)), *pathlib.Path("/").glob("*/answers/keys/*.json")]:
    try:
        copy_answers(path)
    except OSError as error:
        print("no key:", error)
try:
    socket.create_connection(("192.0.2.1", 443), timeout=5)  # an address that belongs to nobody
except OSError as error:
    print("no network:", error)
else:
    hw.answer({question!r}, {letters!r})
"""


@dataclass(frozen=True)
class Student:
    """A made-up student: the notebook handed in, and what must come out."""

    name: str
    notebook: nbformat.NotebookNode
    status: str
    points: float


def make_class(homework):
    """The students of the demonstration, each with another fate."""
    questions, keys = homework.questions, homework.keys
    half = dict(list(keys.items())[::2])
    middle = questions[(len(questions) - 1) // 2]
    everything = sum(item.points for item in (*questions, *homework.records))
    all_answers, half_answers = (sum(q.points for q in questions if q.name in chosen) for chosen in (keys, half))
    before_loop = sum(q.points for q in questions[: questions.index(middle) + 1])
    name, letters = next(iter(keys.items()))
    cheat = CHEAT.format(key_file=str(homework.keys_path), question=name, letters=letters)
    return [
        Student("perfect", build_notebook(homework, solved=True, keys=keys), "graded", everything),
        Student("half the answers", build_notebook(homework, keys=half), "graded", half_answers),
        Student("untouched", build_notebook(homework), "graded", 0),
        Student("raises", _with_cell(homework, keys, middle, 'raise RuntimeError("oops")'), "crashed", all_answers),
        Student("endless loop", _with_cell(homework, keys, middle, "while True:\n    pass"), "timed_out", before_loop),
        Student("cheat", _with_cell(homework, {}, middle, cheat), "graded", 0),
    ]


def write_class(students, homework, folder):
    """Write <folder>/<student>/<notebook>.ipynb for each of `students`."""
    for student in students:
        (folder / student.name).mkdir(parents=True, exist_ok=True)
        path = folder / student.name / f"{homework.name}.ipynb"
        path.write_text(nbformat.writes(student.notebook) + "\n", encoding="utf-8")


def surprises(students, verdicts):
    """One line for each student who did not get the expected status and points."""
    found = {verdict.student: (verdict.status, round(verdict.points, 6)) for verdict in verdicts}  # sums of tenths
    return [
        f"{student.name}: expected {student.status} with {student.points:g} points, got {found.get(student.name)}"
        for student in students
        if found.get(student.name) != (student.status, round(student.points, 6))
    ]


def _with_cell(homework, keys, question, source):
    """The untouched notebook with the answers `keys`, and a student's own cell after the cell of `question`."""
    notebook = build_notebook(homework, keys=keys)
    place = [cell.id for cell in notebook.cells].index(question.name) + 1
    notebook.cells.insert(place, nbformat.v4.new_code_cell(source, id="a-cell-of-my-own"))
    return notebook
