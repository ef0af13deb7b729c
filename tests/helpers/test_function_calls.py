"""What becomes of calls to functions that students might write: a number, or the reason why there is none."""

import builtins

import numpy as np
import pytest
import torch

from grader.check import read_array
from helpers import function_calls as calls

CASES = [("numpy", "float32", ([3, 0], [0, 4])), ("torch", "float64", ([1, 1], [1, 1]))]


def distance(a, b):
    return ((a - b) ** 2).sum() ** 0.5


def end(a, b):
    raise SystemExit


def unspeakable(a, b):
    class Mute(Exception):
        def __str__(self):
            raise ValueError

    raise Mute


def change(a, b):
    a[:] = b[:] = 7
    return 1


@pytest.fixture
def hand_in(tmp_path, monkeypatch):
    """A function from a notebook's variables to the record (functions, cases, 2)."""
    monkeypatch.setenv("HOMEWORK_HANDIN", str(tmp_path))

    def hand_in(names=("distance",), **namespace):
        calls.hand_in(namespace, "found", names, CASES)
        return read_array(tmp_path / "found.npy")

    return hand_in


@pytest.mark.parametrize(
    "value",
    [2, 2.0, np.float32(2), np.int64(2), np.array([[2.0]]), torch.tensor(2), torch.tensor([2.0], requires_grad=True),
     torch.tensor(2, dtype=torch.bfloat16)],
    ids=str,
)  # fmt: skip
def test_one_number_in_any_wrapping_is_a_number(value):
    assert calls.call(lambda a, b: value, *CASES[0]) == (2, calls.NUMBER, "")


@pytest.mark.parametrize(
    ("function", "outcome"),
    [
        (lambda a, b: None, calls.NO_NUMBER),
        (lambda a, b: a, calls.NO_NUMBER),
        (lambda a, b: "3", calls.NO_NUMBER),
        (lambda a, b: True, calls.NO_NUMBER),
        (lambda a, b: 1j, calls.NO_NUMBER),
        (lambda a, b: [[1], [2, 3]], calls.RAISED),
        (lambda a, b: print, calls.NO_NUMBER),
        (lambda a, b: float("nan"), calls.NOT_FINITE),
        (lambda a, b: float("-inf"), calls.NOT_FINITE),
        (lambda a, b: 10**400, calls.NO_NUMBER),
        (lambda a: 1, calls.RAISED),
        (lambda a, b: 1 / 0, calls.RAISED),
        (lambda a, b: a.nothing, calls.RAISED),
        (end, calls.RAISED),
        (unspeakable, calls.RAISED),
    ],
)
def test_anything_else_is_a_reason(function, outcome):
    value, found, message = calls.call(function, *CASES[0])
    assert (value, found) == (0, outcome)
    assert message
    assert "\n" not in message


def test_the_functions_get_vectors_of_the_kind_and_dtype_asked_for():
    seen = []
    for case in CASES:
        calls.call(lambda *vectors: seen.extend(vectors), *case)
    assert [type(vector) for vector in seen] == [np.ndarray] * 2 + [torch.Tensor] * 2
    assert [str(vector.dtype) for vector in seen] == ["float32"] * 2 + ["torch.float64"] * 2


def test_values_and_outcomes_are_handed_in_as_plain_numbers(hand_in):
    assert hand_in(distance=distance).tolist() == [[[5, calls.NUMBER], [0, calls.NUMBER]]]


def test_each_function_is_called_whatever_the_others_do(hand_in, capsys):
    names = ("gone", "number", "broken", "distance")
    found = hand_in(names, number=3, broken=lambda a: 1, distance=distance)
    assert found[..., 1].tolist() == [[calls.NO_FUNCTION] * 2] * 2 + [[calls.RAISED] * 2, [calls.NUMBER] * 2]
    assert [line.split(":")[0].split("(")[0] for line in capsys.readouterr().out.splitlines()] == list(names)


def test_a_function_that_changes_its_vectors_changes_nobody_elses(hand_in):
    assert hand_in(("change", "distance"), change=change, distance=distance)[1, 0, 0] == 5


def test_a_student_who_shadows_our_names_harms_only_the_own_functions(hand_in):
    found = hand_in(distance=distance, np=None, float=None, print=None, function_calls=None, zip=3)
    assert found[0, 0, 0] == 5
    assert builtins.float is float


def test_what_is_never_reached_is_told_from_what_failed(hand_in, tmp_path):
    seen = []

    def look(a, b):
        seen.append(read_array(tmp_path / "found.npy")[..., 1].tolist())
        return 1

    hand_in(("distance", "look"), distance=distance, look=look)
    assert seen[0] == [[calls.NUMBER] * 2, [calls.NOT_REACHED] * 2]
