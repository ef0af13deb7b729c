"""Computes the keys from the solved notebook: which letters are right, and by what margin."""

import io
import json
import os
import sys
import warnings
from contextlib import contextmanager, redirect_stdout

from matplotlib import pyplot

from answers.bank import SAFETY, Evidence
from grader.errors import UserError
from grader.harness import append_calls
from grader.release import build_notebook


def run_solved(homework, folder=None, **variables):
    """The variables of the solved notebook after its cells ran, in order, in this process: name -> value.

    folder:    where the notebook hands in its tensors and the committed keys as its answers, or None to hand in nothing
    variables: environment variables to run it with
    """
    notebook = build_notebook(homework, solved=True, keys=homework.keys if folder else None)
    if folder:
        append_calls(notebook, homework)
    namespace = {"__name__": "__main__"}
    with _surroundings(MPLBACKEND="agg", HOMEWORK_HANDIN=str(folder or ""), **variables):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                _run_cell(homework, cell, namespace)
                pyplot.close("all")  # nobody looks, and matplotlib warns of many open figures
    return namespace


@contextmanager
def _surroundings(**variables):
    """These environment variables, and silence; afterwards everything is as it was before, the search path too."""
    path, before = list(sys.path), {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        # silent: agg says that it shows no window, and what the cells print is for students
        with warnings.catch_warnings(action="ignore", category=UserWarning), redirect_stdout(io.StringIO()):
            yield
    finally:
        sys.path[:] = path
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _run_cell(homework, cell, namespace):
    try:
        exec(compile(cell.source, f"{homework.name}:{cell.id}", "exec"), namespace)
    except Exception as error:  # whatever the author's own cell raises
        problem = f"the solved {homework.name} fails in cell {cell.id}: {type(error).__name__}: {error}"
        raise UserError(
            problem, f"mend {homework.source.name}; if it is new, run `python -m grader release`"
        ) from error


def compute_keys(homework, run=None):
    """The keys of `homework` with what decided them, ready for its keys file.

    run:     what `run_solved` returned, or None to run the solved notebook now
    returns: {"questions": {name: {"key": letters, "choices": {letter: {"correct", "margin", "noise"}}}}}
    raises:  UserError if a measured choice is not decided by a clear margin, or a question has no correct choice
    """
    run = run_solved(homework) if run is None else run
    return {"questions": {question.name: _decide(question, run) for question in homework.questions}}


def differences(computed, committed):
    """One line for each question whose key is not the committed one."""
    names = sorted({*computed["questions"], *committed})
    found = {name: entry["key"] for name, entry in computed["questions"].items()}
    return [
        f"{name}: committed {committed.get(name, 'none')}, computed {found.get(name, 'none')}"
        for name in names
        if found.get(name) != committed.get(name)
    ]


def write_keys(homework, computed):
    """Commit the computed keys to the homework's keys file."""
    homework.keys_path.parent.mkdir(exist_ok=True)
    homework.keys_path.write_text(json.dumps(computed, indent=1) + "\n", encoding="utf-8")


def _decide(question, run):
    choices = {}
    for letter, choice in zip(question.letters, question.choices, strict=True):
        if isinstance(choice.correct, bool):
            choices[letter] = {"correct": choice.correct, "margin": None, "noise": None}
            continue
        evidence = choice.correct(run)
        _require_decided(question, letter, evidence)
        choices[letter] = {
            "correct": evidence.correct,
            "margin": float(f"{evidence.margin:.4g}"),
            "noise": evidence.noise,
        }
    key = "".join(letter for letter, choice in choices.items() if choice["correct"])
    if not key:
        raise UserError(f"{question.name} has no correct choice", "reword one of its choices")
    return {"key": key, "choices": choices}


def _require_decided(question, letter, evidence: Evidence):
    if not evidence.decided:
        raise UserError(
            f"{question.name} {letter} is too close to call: margin {evidence.margin:.3g}, noise {evidence.noise:.3g}",
            f"reword it until the margin is at least {SAFETY} times the noise",
        )
