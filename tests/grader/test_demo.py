import json
import subprocess
import sys

import pytest

from grader.demo import make_class, surprises
from grader.homework import ROOT, homeworks
from grader.keys import compute_keys, differences
from grader.verdict import Verdict

WORKS = list(homeworks().values())


def test_the_demonstration_gives_every_student_what_is_due(tmp_path):
    command = [sys.executable, "-m", "grader", "demo", "--out", str(tmp_path), "--json"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    points = {verdict["student"]: verdict["points"] for verdict in json.loads(result.stdout)}
    assert points["perfect"] == sum(item.points for item in (*WORKS[0].questions, *WORKS[0].records))
    assert points["untouched"] == points["cheat"] == 0
    assert "Every student got exactly the expected status and points." in result.stderr
    assert (tmp_path / "report" / "index.html").is_file()


def test_a_student_who_did_not_get_what_is_due_is_named():
    students = make_class(WORKS[0])
    verdicts = [Verdict(student.name, WORKS[0].name, student.status) for student in students]
    named = {line.partition(":")[0] for line in surprises(students, verdicts)}
    assert named == {student.name for student in students if student.points}


@pytest.mark.parametrize("work", WORKS, ids=str)
def test_the_committed_keys_are_what_the_solved_notebook_shows(work):
    assert differences(compute_keys(work), work.keys) == []
