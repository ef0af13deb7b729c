"""Handing in: the only grading interface a notebook sees.

    hw = handin.notebook("07_imagenet")
    hw.answer("Q31", "AC")                # choose ALL correct letters; order and case do not matter
    hw.record("saliency", saliency_maps)  # torch or numpy
    hw.check()                            # form only, never right or wrong

Nothing here raises on a student's mistake: it prints one line that says what is wrong and how to go on, so that
the rest of the notebook still runs and still counts.
"""

import json
import os
from pathlib import Path

import numpy as np
import torch

from helpers.array_files import replace, save
from helpers.specification import MAX_RECORD_BYTES, cast, form_problem, load_specification, parse_letters

FOLDER_VARIABLE = "HOMEWORK_HANDIN"  # set by the grader: the folder to write answers.json and <record>.npy to


def notebook(name):
    """The hand-in of the notebook `name` ("07_imagenet"); ValueError if there is no such homework."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return HandIn(load_specification(name), Path(folder) if folder else None)


class HandIn:
    """The answers and tensors of one notebook, checked for form as they come.

    specification: see `helpers.specification.load_specification`
    folder:        where to write them as soon as they come, or None to keep them in memory only
    """

    def __init__(self, specification, folder=None):
        self._questions = specification["questions"]
        self._records = specification["records"]
        self._name = specification["notebook"]
        self._folder = folder
        self._answers = {}
        self._arrays = {}

    def answer(self, question, letters):
        """Answer a multiple-choice question with ALL letters you think correct, such as "AC".

        The last answer given counts; "" takes an answer back. Prints one line if the form is wrong.
        """
        if question not in self._questions:
            print(f"There is no question {question!r}; this notebook has {', '.join(self._questions)}.")
            return
        try:
            self._answers[question] = parse_letters(letters, self._questions[question]["letters"])
        except (ValueError, TypeError) as error:
            print(f"{question} not answered: {error}.")
            return
        if self._folder:
            replace(self._folder / "answers.json", json.dumps(self._answers).encode())

    def record(self, name, value):
        """Hand in a tensor: torch or numpy, or a list of equally shaped ones, which are stacked.

        It is stored as a plain numpy array, detached, on the CPU, in the dtype asked for where that is a mere
        change of precision; the last one recorded counts. Prints one line on how it was taken.
        """
        if name not in self._records:
            print(f"There is no tensor {name!r} to record; this notebook has {', '.join(self._records)}.")
            return
        try:
            array = cast(_to_array(value), self._records[name])
        except (ValueError, TypeError, RuntimeError) as error:
            print(f"{name} not recorded: {error}")
            return
        self._arrays[name] = array
        if self._folder:
            save(self._folder / f"{name}.npy", array)
        problem = form_problem(name, array, self._records[name])
        print(f"{name}: {problem}" if problem else f"{name}: recorded, {array.shape} {array.dtype}")

    def check(self):
        """Print what is still missing or malformed. Says nothing about what is right."""
        lines = [self._answer_line(question) for question in self._questions]
        lines += [self._record_line(name) for name in self._records]
        ready = sum(done for done, _ in lines)
        print(f"{self._name}: {ready} of {len(lines)} items are ready to hand in")
        for done, line in lines:
            print(f"  {'ok' if done else '--'}  {line}")
        print("This checks the form only; whether an answer is right is for you to find out.")

    def _answer_line(self, question):
        if self._answers.get(question):
            return True, f"{question}: {self._answers[question]}"
        letters = self._questions[question]["letters"]
        return False, f'{question}: not answered yet; hw.answer("{question}", ...) with letters of {letters}'

    def _record_line(self, name):
        if name not in self._arrays:
            return False, f"{name}: not recorded yet; expected is {self._records[name]['description']}"
        array = self._arrays[name]
        problem = form_problem(name, array, self._records[name])
        return (False, problem) if problem else (True, f"{name}: {array.shape} {array.dtype}")


def _to_array(value):
    """`value` as a numeric numpy array; raises ValueError with the way out if it is none."""
    if value is None:
        raise ValueError("it is None; write the function above, run its cell, then run this cell again")
    if isinstance(value, (list, tuple)):
        return np.stack([_to_array(element) for element in value]) if value else np.empty(0)
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = (value.float() if value.dtype.is_floating_point and value.element_size() < 4 else value).numpy()
    array = np.array(value)  # a copy: what the student changes later is not handed in
    if array.dtype.kind not in "biuf":
        raise ValueError(f"it holds {array.dtype}, not real numbers; record a tensor or a numpy array")
    if array.nbytes > MAX_RECORD_BYTES:
        raise ValueError(f"it takes {array.nbytes / 2**20:.0f} MiB; at most {MAX_RECORD_BYTES // 2**20} MiB are taken")
    return array
