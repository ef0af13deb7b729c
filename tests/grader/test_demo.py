import json
import subprocess
import sys

import pytest

from grader.demo import HOMEWORK, make_class, surprises
from grader.homework import ROOT, homework
from grader.verdict import Verdict

WORK = homework(HOMEWORK)


def test_the_demonstration_gives_every_student_what_is_due(tmp_path):
    command = [sys.executable, "-m", "grader", "demo", "--out", str(tmp_path), "--json"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    points = {verdict["student"]: verdict["points"] for verdict in json.loads(result.stdout)}
    everything = sum(item.points for item in (*WORK.questions, *WORK.records))
    assert points["perfect"] == pytest.approx(everything)
    assert points["untouched"] == points["cheat"] == 0
    assert "Every student got exactly the expected status and points." in result.stderr
    assert (tmp_path / "report" / "index.html").is_file()


def test_a_student_who_did_not_get_what_is_due_is_named():
    students = make_class(WORK)
    verdicts = [Verdict(student.name, WORK.name, student.status) for student in students]
    named = {line.partition(":")[0] for line in surprises(students, verdicts)}
    assert named == {student.name for student in students if student.points}
