import sqlite3

import pytest

from grader.grade import Graded
from grader.gradebook import Gradebook
from grader.submissions import Submission
from grader.verdict import Item, Verdict


def graded(student="ada", points=1.0, **options):
    items = (Item("Q1", points, 1, "correct", "right"), Item("Q2", 0, 1, "wrong", "no"))
    verdict = Verdict(student, "07_imagenet", "graded", items, notes=("a note",), seconds={"cells": 1.5}, **options)
    return Graded(Submission(student, "07_imagenet", "a/b.ipynb", b"{}"), verdict, "{}", "keys")


@pytest.fixture
def gradebook(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book


def test_what_is_recorded_is_read_back(gradebook):
    gradebook.record(graded())
    ((attempt, verdict, _graded_at),) = gradebook.latest()
    assert verdict == graded().verdict
    assert gradebook.executed(attempt) == "{}"
    row = sqlite3.connect(gradebook.path).execute("SELECT source, fingerprint, keys FROM attempt").fetchone()
    assert row == ("a/b.ipynb", graded().fingerprint, "keys")


def test_the_newest_attempt_counts_and_all_are_kept(gradebook):
    for points in (1.0, 0.0, 0.5):
        gradebook.record(graded(points=points))
    assert [verdict.points for _, verdict, _ in gradebook.latest()] == [0.5]
    assert sqlite3.connect(gradebook.path).execute("SELECT count(*) FROM attempt").fetchone() == (3,)


def test_an_attempt_that_fails_half_way_leaves_nothing(gradebook):
    broken = graded()
    object.__setattr__(broken.verdict.items[1], "reason", None)
    with pytest.raises(sqlite3.IntegrityError):
        gradebook.record(broken)
    assert gradebook.latest() == []


def test_a_gradebook_is_there_after_it_was_closed(tmp_path):
    for student in ("ada", "bob"):
        with Gradebook(tmp_path / "book.sqlite") as book:
            book.record(graded(student))
    with Gradebook(tmp_path / "book.sqlite") as book:
        assert [verdict.student for _, verdict, _ in book.latest()] == ["ada", "bob"]
