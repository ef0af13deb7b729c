"""Every homework, solved and untouched. A solved notebook takes a while, so each runs once, for all that is asked."""

import nbformat
import pytest

from grader.check import check_handin
from grader.demo import HOMEWORK
from grader.grade import Settings, grade_all
from grader.homework import homeworks
from grader.keys import compute_keys, differences, run_solved
from grader.limits import Limits
from grader.release import build_notebook
from grader.sandbox import wall
from grader.submissions import Submission

WORKS = homeworks()
UNTOUCHED = [name for name in WORKS if name != HOMEWORK]  # the demonstration has an untouched one of its own


@pytest.fixture(scope="module", params=WORKS)
def solved(request, tmp_path_factory):
    """A homework, the variables of its solved notebook, and the folder that it handed in to."""
    work, folder = WORKS[request.param], tmp_path_factory.mktemp("handin")
    return work, run_solved(work, folder), folder


def test_the_committed_keys_are_what_the_solved_notebook_shows(solved):
    work, run, _ = solved
    assert differences(compute_keys(work, run), work.keys) == []


def test_the_solved_notebook_gets_every_point(solved):
    work, _, folder = solved
    lost = [item for item in check_handin(work, folder) if item.points < item.out_of]
    assert not lost


@pytest.fixture(scope="module")
def verdicts():
    """Homework -> verdict on its untouched notebook, executed behind the wall."""
    notebooks = {name: nbformat.writes(build_notebook(WORKS[name])).encode() for name in UNTOUCHED}
    submissions = [Submission("untouched", name, name, data) for name, data in notebooks.items()]
    settings = Settings(wall("auto"), Limits())
    return {graded.verdict.notebook: graded.verdict for graded in grade_all(submissions, settings, jobs=2)}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_the_untouched_notebook_runs_through_and_gets_no_point(verdicts, name):
    verdict = verdicts[name]
    assert (verdict.status, verdict.points) == ("graded", 0), verdict.detail
    assert {item.name for item in verdict.items} >= {question.name for question in WORKS[name].questions}
