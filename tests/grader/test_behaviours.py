"""Every behaviour in tests/submissions gets its status, and the honest students of the same run their honest grade."""

from pathlib import Path

import nbformat
import pytest

from grader.grade import Settings, grade_all
from grader.homework import homework
from grader.limits import MEBIBYTE, Limits
from grader.release import build_notebook
from grader.sandbox import wall
from grader.submissions import Submission

WORK = homework("07_imagenet")
FOLDER = Path(__file__).parent.parent / "submissions"
BEHAVIOURS = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.py"))}
ANSWERED = dict(list(WORK.keys.items())[:3])
POINTS = sum(question.points for question in WORK.questions if question.name in ANSWERED)
LIMITS = Limits(cell_seconds=45, memory_bytes=2048 * MEBIBYTE, handin_bytes=128 * MEBIBYTE)


def submission(student, behaviour=""):
    """The released notebook with three right answers, given once more before `behaviour` in a cell after the set-up."""
    notebook = build_notebook(WORK, keys=ANSWERED)
    ready = next(place for place, cell in enumerate(notebook.cells) if "handin.notebook(" in cell.source)
    answers = "\n".join(f"hw.answer({name!r}, {letters!r})" for name, letters in ANSWERED.items())
    notebook.cells.insert(ready + 1, nbformat.v4.new_code_cell(f"{answers}\n{behaviour}"))
    return Submission(student, WORK.name, student, nbformat.writes(notebook).encode())


@pytest.fixture(scope="module")
def verdicts():
    """Student -> verdict: one student for each behaviour, and an honest one at either end."""
    students = [submission("honest"), *(submission(*item) for item in BEHAVIOURS.items()), submission("honest too")]
    settings = Settings(wall("auto"), LIMITS)
    return {graded.verdict.student: graded.verdict for graded in grade_all(students, settings, jobs=2)}


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_behaviour_gets_its_status_and_keeps_the_points_before_it(verdicts, behaviour):
    status, _, detail = BEHAVIOURS[behaviour].splitlines()[0].removeprefix("# ").partition(":")
    verdict = verdicts[behaviour]
    assert (verdict.status, verdict.points) == (status, POINTS), verdict.detail
    assert detail.strip() in verdict.detail


@pytest.mark.parametrize("student", ["honest", "honest too"])
def test_the_others_of_the_run_get_their_grade(verdicts, student):
    assert (verdicts[student].status, verdicts[student].points) == ("graded", POINTS), verdicts[student].detail
