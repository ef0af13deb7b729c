import json
import sqlite3

import nbformat
import pytest
from click.testing import CliRunner

from grader import doctor, sandbox
from grader.cli import main
from grader.homework import homework, homeworks
from grader.release import build_notebook

WORK = homework("07_imagenet")


def call(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def hand_in(folder, notebook):
    folder.mkdir(parents=True)
    (folder / f"{WORK.name}.ipynb").write_text(nbformat.writes(notebook))


def short_notebook(keys):
    """Only the set-up cells and the answers, so that grading takes no longer than its imports."""
    notebook = build_notebook(WORK, keys=keys)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.id not in WORK.keys and "handin" not in cell.source:
            cell.source = "" if "sys.path" not in cell.source else cell.source
    return notebook


def test_grade_records_reports_and_prints_json(tmp_path):
    hand_in(tmp_path / "class" / "ada", short_notebook(WORK.keys))
    (tmp_path / "class" / "bob").mkdir()
    (tmp_path / "class" / "cy").mkdir()
    (tmp_path / "class" / "cy" / f"{WORK.name}.ipynb").write_text("not a notebook")
    result = CliRunner().invoke(main, ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--json"])
    verdicts = {verdict["student"]: (verdict["status"], verdict["points"]) for verdict in json.loads(result.stdout)}
    answers = sum(question.points for question in WORK.questions)
    assert verdicts == {"ada": ("graded", answers), "bob": ("missing", 0), "cy": ("invalid_notebook", 0)}
    assert (tmp_path / "out" / "report" / "index.html").is_file()
    rows = sqlite3.connect(tmp_path / "out" / "gradebook.sqlite").execute("SELECT count(*) FROM attempt").fetchone()
    assert rows == (3,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade", "nowhere"], "there is no nowhere"),
        (["grade"], "Missing argument"),
        (["grade", ".", "--jobs", "0"], "--jobs"),
        (["grade", ".", "--notebook", "99_none"], "there is no homework '99_none'"),
        (["report", "--out", "nowhere"], "there is no gradebook"),
        (["keys", "99_none"], f"choose one of {', '.join(homeworks())}"),
        (["nonsense"], "No such command"),
    ],
)
def test_a_mistake_in_the_call_is_one_message_and_exit_status_2(arguments, message):
    result = call(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_folder_that_cannot_be_made_is_a_mistake_not_a_crash(tmp_path):
    hand_in(tmp_path / "ada", build_notebook(WORK))
    (tmp_path / "file").write_text("")
    result = call("grade", tmp_path / "ada", "--out", tmp_path / "file" / "out")
    assert result.exit_code == 2
    assert f"cannot use {tmp_path / 'file' / 'out'}" in result.output.replace("\n", "")


def test_a_file_that_is_no_gradebook_is_a_mistake_not_a_crash(tmp_path):
    (tmp_path / "gradebook.sqlite").write_text("this is not a database, and long enough to be recognised as none" * 20)
    result = call("report", "--out", tmp_path)
    assert result.exit_code == 2
    assert "cannot use the gradebook" in result.output


def test_without_a_sandbox_grading_is_refused_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "find_bwrap", lambda: (None, "bubblewrap is not installed"))
    hand_in(tmp_path / "ada", build_notebook(WORK))
    result = call("grade", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "bubblewrap is not installed" in result.output
    assert "--sandbox none" in result.output


def test_doctor_finds_all_that_is_needed():
    result = call("doctor", "--json")
    levels = {finding["subject"]: finding["level"] for finding in json.loads(result.stdout)}
    assert result.exit_code == 0
    assert levels["Sandbox"] == levels["EfficientNet-Lite0"] == levels["FoodCNN"] == levels["Packages"] == "ok"


def test_doctor_names_the_way_out_of_what_is_missing(monkeypatch):
    monkeypatch.setattr(doctor, "find_bwrap", lambda: (None, "user namespaces are forbidden"))
    result = call("doctor")
    assert result.exit_code == 1
    assert "user namespaces are forbidden" in result.output
    assert "--sandbox none" in result.output


def test_release_writes_what_students_get(tmp_path):
    result = call("release", "--folder", tmp_path, "--zip", tmp_path / "new" / "homework.zip")
    assert result.exit_code == 0
    wanted = {f"{name}.{kind}" for name in homeworks() for kind in ("ipynb", "json")}
    assert {path.name for path in tmp_path.iterdir()} == wanted | {"new"}
