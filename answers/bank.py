"""What a question and a record are. The banks in `answers/questions` and `answers/records` are lists of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

import numpy as np

SAFETY = 5  # a measured choice counts only if its margin is at least this many times its noise


@dataclass(frozen=True)
class Evidence:
    """What decided a choice.

    margin: distance of the measurement from its threshold; positive means the choice is correct
    noise:  how far the measurement moves between devices, thread counts and library versions
    """

    margin: float
    noise: float

    @property
    def correct(self):
        return self.margin > 0

    @property
    def decided(self):
        return abs(self.margin) >= SAFETY * self.noise


def above(value, threshold, noise):
    """Evidence for "value is above threshold", all three in the same unit."""
    return Evidence(float(value) - float(threshold), float(noise))


def below(value, threshold, noise):
    """Evidence for "value is below threshold", all three in the same unit."""
    return above(-float(value), -float(threshold), noise)


@dataclass(frozen=True)
class Choice:
    """One lettered statement of a question.

    correct: True or False where the statement is about a concept; where it is about what the model does, a
             function from the variables of the solved notebook (a mapping from name to value) to `Evidence`
    because: one line for the student, true whichever letter they chose
    """

    text: str
    correct: bool | Callable[[Mapping[str, Any]], Evidence]
    because: str


@dataclass(frozen=True)
class Question:
    """A multiple-choice question: choose ALL correct letters, A being the first choice."""

    name: str
    points: float
    text: str
    choices: tuple[Choice, ...]

    @property
    def letters(self):
        return ascii_uppercase[: len(self.choices)]


def percent(ratio, digits=1):
    """A ratio as students read it: 0.0123 -> "1.2 %"."""
    return f"{float(ratio):.{digits}%}".replace("%", " %")


@dataclass(frozen=True)
class Part:
    """The verdict on one part (say, one image) of a record, in sentences for the student.

    share:  0 to 1 of this part's points
    reason: what was found
    hint:   how to go on, told once where several parts share it
    """

    share: float
    reason: str
    hint: str = ""


@dataclass(frozen=True)
class Calls:
    """Functions of a student's that the grader calls once the notebook has run, see `helpers.function_calls`.

    names: of the functions
    cases: for each call a kind of vector ("numpy", "torch"), a dtype, and the vectors as tuples of numbers
    """

    names: tuple[str, ...]
    cases: tuple[tuple[str, str, tuple[tuple[float, ...], ...]], ...]


@dataclass(frozen=True)
class Record:
    """A tensor to hand in: its public form, and the private check of its values.

    low, high: inclusive range of the values, or None
    points:    of the whole record, divided equally among the parts that `check` returns; 0 for an auxiliary record
    check:     function (records, model) -> list[Part]; `records` maps names to arrays of valid form
    needs:     names of the records that `check` reads besides this one
    calls:     what the grader calls to make the record itself; such a record is private: students are not asked for it
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    description: str
    low: float | None = None
    high: float | None = None
    points: float = 0
    check: Callable[[Mapping[str, np.ndarray], Any], list[Part]] | None = None
    needs: tuple[str, ...] = field(default=())
    calls: Calls | None = None

    @property
    def form(self):
        """What `helpers.specification` judges an array by."""
        return {
            "shape": list(self.shape),
            "dtype": self.dtype,
            "low": self.low,
            "high": self.high,
            "description": self.description,
            "points": self.points,
        }
