import pytest

from answers.bank import Choice, Evidence, Question, above, below, percent
from grader.errors import UserError
from grader.homework import homeworks
from grader.keys import _decide, differences


def question(*choices):
    return Question("Q1", 1, "What?", tuple(Choice(str(n), correct, "because") for n, correct in enumerate(choices)))


def test_above_and_below_are_opposites():
    assert above(3, 1, 0.1) == Evidence(2.0, 0.1)
    assert below(3, 1, 0.1) == Evidence(-2.0, 0.1)


def test_students_read_ratios_as_percent():
    assert (percent(0.0123), percent(1, digits=0)) == ("1.2 %", "100 %")


def test_a_key_is_computed_from_the_run():
    key = _decide(question(lambda run: above(run["x"], 1, 0.1), lambda run: below(run["x"], 1, 0.1), True), {"x": 2})
    assert key["key"] == "AC"
    assert key["choices"]["B"] == {"correct": False, "margin": -1.0, "noise": 0.1}


def test_a_choice_within_the_noise_is_refused():
    with pytest.raises(UserError, match="too close to call"):
        _decide(question(lambda run: above(1.3, 1, 0.1), True), {})


def test_a_question_without_a_correct_choice_is_refused():
    with pytest.raises(UserError, match="no correct choice"):
        _decide(question(False, False), {})


def test_differences_name_changed_missing_and_new_keys():
    computed = {"questions": {"Q1": {"key": "A"}, "Q2": {"key": "B"}}}
    lines = differences(computed, {"Q1": "AB", "Q3": "C"})
    assert [line[:2] for line in lines] == ["Q1", "Q2", "Q3"]


@pytest.mark.parametrize("work", homeworks().values(), ids=str)
def test_every_question_has_a_committed_key_among_its_letters(work):
    assert list(work.keys) == [question.name for question in work.questions]
    assert all(set(work.keys[question.name]) <= set(question.letters) for question in work.questions)


@pytest.mark.parametrize("work", homeworks().values(), ids=str)
def test_questions_can_be_told_apart_and_explain_each_choice(work):
    for item in work.questions:
        assert len({choice.text for choice in item.choices}) == len(item.choices) >= 4
        assert all(choice.because.strip() for choice in item.choices)
        assert "Choose ALL" in item.text
        assert work.keys[item.name] != item.letters
