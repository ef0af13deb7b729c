"""The report of a gradebook: class page, a feedback page per student, CSV, Gradescope's results."""

from grader.report.gradescope import write_results
from grader.report.pages import feedback_page, index_page
from grader.report.spreadsheet import write_csv
from grader.report.summary import summarise_notebooks, summarise_students
from grader.text import slug

__all__ = ["write_report"]


def write_report(gradebook, folder):
    """Write the report of `gradebook` (Gradebook) into `folder` (Path, made if need be); returns its index.html.

    The same gradebook gives the same files. Files of an earlier report are overwritten, none is removed.
    """
    latest = gradebook.latest()
    verdicts = [verdict for _attempt, verdict, _graded_at in latest]
    attempts = {(verdict.student, verdict.notebook): attempt for attempt, verdict, _graded_at in latest}
    notebooks = summarise_notebooks(verdicts)
    students = summarise_students(verdicts, notebooks)
    for name in ("feedback", "results"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_csv(notebooks, folder / "gradebook.csv")
    for student in students:
        of_student = {name: gradebook.executed(attempts[student.student, name]) for name in student.verdicts}
        _write(folder / "feedback" / f"{slug(student.student)}.html", feedback_page(student, of_student))
        write_results(student, folder / "results" / f"{slug(student.student)}.json")
    graded_at = max((graded_at for _attempt, _verdict, graded_at in latest), default="")
    return _write(folder / "index.html", index_page(notebooks, students, graded_at))


def _write(path, text):
    path.write_text(text, encoding="utf-8")
    return path
