import json

import numpy as np
import pytest
import torch

from grader.check import read_array
from helpers.handin import HandIn

SPECIFICATION = {
    "notebook": "00_test",
    "questions": {"Q1": {"letters": "ABCD", "points": 1}, "Q2": {"letters": "AB", "points": 1}},
    "records": {
        "maps": {"shape": [2, 3], "dtype": "float32", "low": 0, "high": None, "description": "two maps", "points": 1},
        "targets": {"shape": [2], "dtype": "int64", "low": 0, "high": 9, "description": "classes", "points": 0},
    },
}


@pytest.fixture
def hw(tmp_path):
    return HandIn(SPECIFICATION, tmp_path)


def answers(folder):
    return json.loads((folder / "answers.json").read_text())


@pytest.mark.parametrize("letters", ["AC", "ca", "c, a", "A C", ["C", "A"], ("a", "c"), "AACC", "a;c."])
def test_order_case_and_separators_of_letters_do_not_matter(hw, tmp_path, letters):
    hw.answer("Q1", letters)
    assert answers(tmp_path) == {"Q1": "AC"}


def test_the_last_answer_counts_and_an_empty_one_takes_it_back(hw, tmp_path):
    hw.answer("Q1", "A")
    hw.answer("Q1", "")
    assert answers(tmp_path) == {"Q1": ""}


@pytest.mark.parametrize("letters", ["AZ", "1", None, 3, "A-B", ["AZ"]])
def test_a_bad_answer_says_so_and_keeps_the_one_before(hw, tmp_path, capsys, letters):
    hw.answer("Q1", "B")
    hw.answer("Q1", letters)
    assert answers(tmp_path) == {"Q1": "B"}
    assert capsys.readouterr().out.startswith("Q1 not answered: ")


def test_unknown_names_list_the_known_ones(hw, capsys):
    hw.answer("Q9", "A")
    hw.record("map", np.zeros((2, 3)))
    out = capsys.readouterr().out
    assert "Q1, Q2" in out
    assert "maps, targets" in out


@pytest.mark.parametrize(
    "value",
    [
        torch.ones(2, 3),
        torch.ones(2, 3, dtype=torch.float64),
        torch.ones(2, 3, dtype=torch.bfloat16),
        torch.ones(2, 3, requires_grad=True),
        [torch.ones(3), torch.ones(3)],
        np.ones((2, 3), order="F"),
        [[1, 1, 1], [1, 1, 1]],
    ],
)
def test_whatever_holds_the_numbers_is_stored_as_the_same_array(hw, tmp_path, value):
    hw.record("maps", value)
    stored = read_array(tmp_path / "maps.npy")
    assert stored.dtype == np.float32
    np.testing.assert_array_equal(stored, np.ones((2, 3)))


def test_later_changes_of_a_recorded_array_do_not_count(hw, tmp_path, capsys):
    array = np.ones((2, 3), np.float32)
    hw.record("maps", array)
    array[:] = -1
    hw.check()
    assert "must be at least" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (None, "it is None"),
        ([torch.ones(3), None], "it is None"),
        (np.array(["a"]), "not real numbers"),
        (np.array([object()]), "not real numbers"),
        (torch.ones(2, 3, dtype=torch.complex64), "not real numbers"),
        ([torch.ones(3), torch.ones(4)], "same shape"),
        (np.zeros(2**24, np.float64), "MiB"),
    ],
)
def test_what_is_not_an_array_of_numbers_is_not_recorded(hw, tmp_path, capsys, value, hint):
    hw.record("maps", value)
    assert hint in capsys.readouterr().out
    assert not (tmp_path / "maps.npy").exists()


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (torch.ones(2, 4), "got (2, 4)"),
        (torch.ones(1, 2, 3), "got (1, 2, 3)"),
        (torch.full((2, 3), -1.0), "at least 0, got a minimum of -1"),
        (torch.full((2, 3), torch.nan), "NaN or infinity in 100.0%"),
        (np.full((2, 3), 1e300), "NaN or infinity"),
    ],
)
def test_a_malformed_record_is_kept_and_named_at_once_and_in_the_check(hw, tmp_path, capsys, value, hint):
    hw.record("maps", value)
    hw.check()
    assert capsys.readouterr().out.count(hint) == 2
    assert (tmp_path / "maps.npy").exists()


def test_fractions_are_not_taken_for_integers(hw, capsys):
    hw.record("targets", torch.tensor([1.5, 2.0]))
    assert "must be of dtype int64, got float32" in capsys.readouterr().out


def test_check_counts_what_is_ready(hw, capsys):
    hw.answer("Q1", "A")
    hw.record("targets", torch.tensor([1, 2], dtype=torch.int32))
    capsys.readouterr()
    hw.check()
    out = capsys.readouterr().out
    assert "2 of 4 items are ready" in out
    assert "Q2: not answered yet" in out
    assert "maps: not recorded yet; expected is two maps" in out


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hw = HandIn(SPECIFICATION)
    hw.answer("Q1", "A")
    hw.record("maps", torch.ones(2, 3))
    assert not list(tmp_path.iterdir())
