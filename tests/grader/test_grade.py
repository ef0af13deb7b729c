"""Faults of the grader itself: they cost no student a point, and nobody else notices."""

import os

import nbformat

from grader.grade import Settings, grade_all, grade_submission
from grader.gradebook import Gradebook
from grader.homework import homework
from grader.limits import Limits
from grader.release import build_notebook
from grader.sandbox import Wall, wall
from grader.submissions import Submission

WORK = homework("07_imagenet")
SETTINGS = Settings(wall("auto"), Limits())


class Poison:
    """Ends whatever process unpickles it."""

    def __reduce__(self):
        return os._exit, (3,)


def missing(student):
    return Submission(student, WORK.name, "")


def test_a_worker_that_dies_takes_nobody_with_it():
    students = [missing("ada"), Submission("poison", WORK.name, "", Poison()), missing("bob"), missing("cy")]
    statuses = {graded.verdict.student: graded.verdict.status for graded in grade_all(students, SETTINGS, jobs=1)}
    assert statuses.pop("poison") == "grader_error"
    assert list(statuses.values()) == ["missing"] * 3


def test_a_kernel_that_does_not_start_is_the_graders_fault_and_says_why(tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'this machine is in a bad mood' >&2\nexit 1\n")
    broken.chmod(0o755)
    notebook = nbformat.writes(build_notebook(WORK)).encode()
    settings = Settings(Wall(str(broken)), Limits())
    verdict = grade_submission(Submission("ada", WORK.name, "", notebook), settings).verdict
    assert (verdict.status, verdict.counts, verdict.items) == ("grader_error", False, ())
    assert "this machine is in a bad mood" in verdict.detail


def test_an_error_in_a_check_of_ours_is_the_graders_fault(monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr("grader.grade.rebuild", fail)
    notebook = nbformat.writes(build_notebook(WORK)).encode()
    verdict = grade_submission(Submission("ada", WORK.name, "", notebook), SETTINGS).verdict
    assert verdict.status == "grader_error"
    assert "a bug of ours" in verdict.detail


def test_when_the_caller_stops_what_has_not_begun_is_not_begun(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as gradebook:
        running = grade_all([missing(f"student {number}") for number in range(50)], SETTINGS, jobs=1)
        gradebook.record(next(running))
        running.close()
        assert len(gradebook.latest()) == 1
