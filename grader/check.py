"""Checks what a kernel handed in. Runs where student code never did, on files of plain data that are not trusted."""

import json
import os
import stat

import numpy as np

from answers.bank import Part
from grader.verdict import Item
from helpers.specification import MAX_RECORD_BYTES, cast, form_problem, parse_letters

MAX_ANSWERS_BYTES = 2**20
NOT_CALLED = "Your functions could not be called, because the notebook did not run to its end."


def check_handin(homework, folder):
    """The items of `homework`, judged by the hand-in in `folder` (answers.json and <record>.npy).

    Whatever the files hold, this returns; only an error in our own checks raises.
    """
    return (*check_answers(homework, folder), *check_records(homework, folder))


def nothing_handed_in(homework, reason):
    """All items of `homework` with no points, for a notebook that could not be executed."""
    graded = [item for item in (*homework.questions, *homework.records) if item.points]
    return tuple(Item(item.name, 0, item.points, "missing", reason) for item in graded)


def check_answers(homework, folder):
    answers = _read_answers(folder / "answers.json")
    return [_check_answer(question, answers.get(question.name, ""), homework.keys[question.name])
            for question in homework.questions]  # fmt: skip


def _check_answer(question, answer, key):
    try:
        chosen = parse_letters(answer, question.letters)
    except (ValueError, TypeError) as error:
        return Item(question.name, 0, question.points, "malformed", f"The answer could not be read: {error}.")
    if not chosen:
        return Item(question.name, 0, question.points, "missing", "Not answered.")
    if chosen == key:
        return Item(question.name, question.points, question.points, "correct", f"{chosen} is exactly right.")
    reasons = [
        f"{letter} is {'correct' if letter in key else 'not correct'}: {choice.because}."
        for letter, choice in zip(question.letters, question.choices, strict=True)
        if (letter in chosen) != (letter in key)
    ]
    return Item(question.name, 0, question.points, "wrong", f"You chose {chosen}; {key} is right. {' '.join(reasons)}")


def check_records(homework, folder):
    arrays, problems = {}, {}
    for record in homework.records:
        name, form = record.name, record.form
        try:
            array = cast(read_array(folder / f"{name}.npy"), form)
            problem = form_problem(name, array, form)
        except FileNotFoundError:
            problems[name] = ("missing", NOT_CALLED if record.calls else "Not handed in.")
        except (ValueError, OSError) as error:
            problems[name] = ("malformed", f"The array could not be read: {error}.")
        else:
            if problem:
                problems[name] = ("malformed", f"{problem}.")
            else:
                arrays[name] = array
    return [_check_record(homework, record, arrays, problems) for record in homework.records if record.points]


def _check_record(homework, record, arrays, problems):
    for name in (record.name, *record.needs):
        if name in problems:
            status, reason = problems[name]
            reason = reason if name == record.name else f"It is judged together with {name}: {reason}"
            return Item(record.name, 0, record.points, status, reason)
    parts = record.check(arrays, homework.reference_model)
    share = sum(part.share for part in parts) / len(parts)
    return Item(record.name, round(share * record.points, 4), record.points, _status(share), _reason(parts))


def _status(share):
    return "correct" if share == 1 else "wrong" if share == 0 else "partial"


def _reason(parts: list[Part]):
    lost = [part for part in parts if part.share < 1]
    hints = [part.hint for part in lost if part.hint]
    # each sentence once, in order
    return " ".join(dict.fromkeys([*(part.reason for part in lost), *hints])) if lost else "All as claimed."


def read_array(path):
    """The array in the .npy file `path`; raises FileNotFoundError, or ValueError if it is not plain numbers."""
    with _open_regular_file(path, MAX_RECORD_BYTES + 4096) as file:
        size = os.fstat(file.fileno()).st_size
        shape, fortran_order, dtype = _read_header(file)
        if dtype.kind not in "biuf" or dtype.itemsize > 8:
            raise ValueError(f"it holds {dtype}, not real numbers")
        count = _number_of_elements(shape)
        if file.tell() + count * dtype.itemsize != size:
            raise ValueError(f"its header promises {shape}, which its length does not hold")
        array = np.frombuffer(file.read(), dtype, count)
    return array.reshape(shape, order="F" if fortran_order else "C").astype(dtype.newbyteorder("="))


def _read_header(file):
    try:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("another version")
        return np.lib.format.read_array_header_1_0(file, max_header_size=4096)
    except Exception as error:  # numpy's parser raises whatever a forged header makes it stumble over
        raise ValueError(f"it does not begin like an array of numpy's format 1.0 ({type(error).__name__})") from error


def _number_of_elements(shape):
    count = 1
    for length in shape:
        if not 0 <= length <= MAX_RECORD_BYTES or (count := count * max(length, 1)) > MAX_RECORD_BYTES:
            raise ValueError(f"a shape of {shape} is out of bounds")
    return 0 if 0 in shape else count


def _read_answers(path):
    """Question name -> letters; whatever is not of that form is left out."""
    try:
        with _open_regular_file(path, MAX_ANSWERS_BYTES) as file:
            answers = json.loads(file.read())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(answers, dict):
        return {}
    return {name: letters for name, letters in answers.items() if isinstance(letters, str) and len(letters) < 100}


def _open_regular_file(path, max_bytes):
    """`path` opened for reading; no links, devices or pipes, which student code may have put there or before it."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        descriptor = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > max_bytes:
        os.close(descriptor)
        raise ValueError("it is not a regular file, or it is too large")
    return os.fdopen(descriptor, "rb")
