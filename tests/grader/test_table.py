from io import StringIO

import pytest
from rich.console import Console

from grader.table import summary_table
from grader.verdict import STATUSES, Item, Verdict

ITEMS = (Item("Q1", 1, 1, "correct", "right"), Item("Q2", 0.5, 1, "partial", "half"))
HOSTILE = ["[red]x[/red]", "[/]", "a\x1b[2Jb", "a\x1b]0;title\x07b", "a\rb", "two\nlines", "\u202egro.live", "x" * 500]


def verdict(student="ada", notebook="07_imagenet", status="graded", **options):
    return Verdict(student, notebook, status, **{"items": ITEMS, "seconds": {"cells": 2.0, "total": 3.25}} | options)


def printed(verdicts, width=80):
    console = Console(file=StringIO(), width=width)
    console.print(summary_table(verdicts))
    return console.file.getvalue()


def test_a_row_says_student_status_points_seconds_and_detail():
    row = printed([verdict(status="crashed", detail="cell 4")]).splitlines()[1]
    assert row.split() == ["ada", "crashed", "1.5/2", "3.2", "cell", "4"]


def test_a_fault_of_the_grader_has_no_points():
    assert printed([verdict(status="grader_error", items=())]).splitlines()[1].split()[:3] == [
        "ada",
        "grader_error",
        "-",
    ]


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("status", STATUSES)
def test_a_student_takes_one_line_of_80_columns(status, several):
    rows = [verdict("s" * 90, status=status, detail="d" * 300)]
    rows += [verdict(notebook="another_notebook_" * 4)] * several
    lines = printed(rows).splitlines()
    assert len(lines) == 1 + len(rows)
    assert all(len(line) <= 80 for line in lines)
    assert status in lines[1]
    assert "1.5/2" in lines[1] or status == "grader_error"


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_details_appear_literally_and_harmlessly(name):
    text = printed([verdict(name, detail=name)], width=2000)
    assert len(text.splitlines()) == 2
    assert not any(character in text for character in "\x1b\r\x07\u202e")
    assert name.startswith("[") <= (name in text)


def test_the_notebook_is_named_only_where_there_are_several():
    assert "07_imagenet" not in printed([verdict()])
    assert "08_bert" in printed([verdict(), verdict(notebook="08_bert")])
