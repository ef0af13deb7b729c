import json
import struct

import numpy as np
import pytest

from answers.bank import Part
from grader.check import _reason, check_handin, nothing_handed_in, read_array
from grader.homework import homework

WORK = homework("07_imagenet")


def header(text, version=(1, 0)):
    data = text.encode()
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H", len(data)) + data


def npy(shape, descr="'<f4'", body=b"\0" * 16):
    return header(f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n") + body


HOSTILE_ARRAYS = {
    "empty": b"",
    "not an array": b"PK\x03\x04" + b"\0" * 100,
    "truncated": npy("(5,)"),
    "too long": npy("(3,)"),
    "huge shape": npy(f"({2**40},)"),
    "many huge axes": npy(f"({2**20}, {2**20}, {2**20})"),
    "negative shape": npy("(-4,)"),
    "negative pair": npy("(-2, -2)"),
    "pickle": npy("(1,)", "'|O'", b"cos\nsystem\n(S'true'\ntR."),
    "strings": npy("(4,)", "'<U1'"),
    "structured": npy("(4,)", "[('a', '<f4')]"),
    "long double": npy("(1,)", "'<f16'"),
    "header of code": header("__import__('os').system('true')\n"),
    "unfinished header": header("{'shape': (1e99,)"),
    "nested header": header("(" * 3000),
    "version 3": npy("(4,)").replace(b"\x01\x00", b"\x03\x00", 1),
    "header too long": header(" " * 60000),
}


@pytest.mark.parametrize("data", HOSTILE_ARRAYS.values(), ids=HOSTILE_ARRAYS)
def test_a_forged_array_file_is_refused(tmp_path, data):
    (tmp_path / "forged.npy").write_bytes(data)
    with pytest.raises(ValueError, match=r"."):
        read_array(tmp_path / "forged.npy")


def test_links_and_folders_are_not_followed(tmp_path):
    np.save(tmp_path / "real.npy", np.zeros(3))
    (tmp_path / "link.npy").symlink_to(tmp_path / "real.npy")
    (tmp_path / "folder.npy").mkdir()
    for name in ("link.npy", "folder.npy"):
        with pytest.raises((ValueError, OSError)):
            read_array(tmp_path / name)


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "answers.json").write_text(json.dumps(WORK.keys))
    (tmp_path / "handin").symlink_to(tmp_path / "secret")
    assert sum(item.points for item in check_handin(WORK, tmp_path / "handin")) == 0


@pytest.mark.parametrize("array", [np.arange(6).reshape(2, 3), np.ones((3, 2), ">f4"), np.zeros((0, 3)), np.array(1.5)])
def test_an_honest_array_is_read_as_it_was_written(tmp_path, array):
    np.save(tmp_path / "honest.npy", array)
    np.testing.assert_array_equal(read_array(tmp_path / "honest.npy"), array)


def test_nothing_handed_in_is_zero_with_a_reason_for_every_item(tmp_path):
    items = check_handin(WORK, tmp_path)
    assert {item.name for item in items} == {item.name for item in nothing_handed_in(WORK, "")}
    assert all(item.points == 0 and item.status == "missing" and item.reason for item in items)


def test_right_answers_earn_their_points(tmp_path):
    (tmp_path / "answers.json").write_text(json.dumps(WORK.keys))
    items = check_handin(WORK, tmp_path)[: len(WORK.questions)]
    assert [item.points for item in items] == [question.points for question in WORK.questions]


def test_an_incomplete_or_overfull_answer_is_wrong_and_told_letter_by_letter(tmp_path):
    question = WORK.questions[0]
    (tmp_path / "answers.json").write_text(json.dumps({question.name: question.letters}))
    item = check_handin(WORK, tmp_path)[0]
    assert (item.points, item.status) == (0, "wrong")
    for letter, choice in zip(question.letters, question.choices, strict=True):
        assert (choice.because in item.reason) == (letter not in WORK.keys[question.name])


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "3", '{"Q31": 3}', '{"Q31": null}', "[" * 10**5, '{"Q31": "ZZ"}', "\xff"]
)
def test_a_forged_answers_file_earns_nothing(tmp_path, text):
    (tmp_path / "answers.json").write_bytes(text.encode("latin-1"))
    assert sum(item.points for item in check_handin(WORK, tmp_path)) == 0


def test_what_several_parts_share_is_told_once():
    parts = [Part(0, "First.", "Clamp."), Part(1, "Second."), Part(0.5, "Third.", "Clamp."), Part(0, "First.")]
    assert _reason(parts) == "First. Third. Clamp."
    assert _reason(parts[1:2]) == "All as claimed."
