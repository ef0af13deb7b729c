"""The homeworks there are: each is a percent script in `answers/`, with its questions, records and keys."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path

from grader.errors import UserError

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = ROOT / "answers"
NOTEBOOKS = ROOT / "notebooks"


@dataclass(frozen=True)
class Homework:
    """One notebook's worth of homework, named like its files ("07_imagenet")."""

    name: str

    @property
    def source(self):
        """Path of the solved percent script."""
        return ANSWERS / f"{self.name}.py"

    @property
    def questions(self):
        """The question bank: a list of `answers.bank.Question`."""
        return import_module(f"answers.questions.{self._topic}").QUESTIONS

    @property
    def records(self):
        """The record bank: a list of `answers.bank.Record`."""
        return import_module(f"answers.records.{self._topic}").RECORDS

    @cached_property
    def reference_model(self):
        """The grader's own copy of the model that the record checks ask, on the CPU."""
        return import_module(f"answers.records.{self._topic}").reference_model()

    @property
    def _topic(self):
        return self.name.partition("_")[2]

    @property
    def keys_path(self):
        return ANSWERS / "keys" / f"{self.name}.json"

    @cached_property
    def keys(self):
        """The committed keys: question name -> correct letters, sorted."""
        if not self.keys_path.is_file():
            raise UserError(f"{self.name} has no committed keys", "run `python -m grader keys` first")
        return {name: entry["key"] for name, entry in json.loads(self.keys_path.read_text())["questions"].items()}

    @property
    def keys_fingerprint(self):
        """SHA-256 of what decides points: the keys, and the points of every item."""
        points = [[item.name, item.points] for item in (*self.questions, *self.records)]
        return hashlib.sha256(json.dumps([self.keys, points], sort_keys=True).encode()).hexdigest()

    @property
    def specification(self):
        """The public half, as the release writes it beside the notebook (helpers.specification)."""
        return {
            "notebook": self.name,
            "questions": {q.name: {"letters": q.letters, "points": q.points} for q in self.questions},
            "records": {r.name: r.form for r in self.records if r.calls is None},
        }


@cache
def homeworks():
    """All homeworks, in the order of their names: a dictionary from name to `Homework`."""
    return {path.stem: Homework(path.stem) for path in sorted(ANSWERS.glob("[0-9][0-9]_*.py"))}


def homework(name):
    """The homework called `name`; UserError if there is none."""
    if name not in homeworks():
        raise UserError(f"there is no homework {name!r}", f"choose one of {', '.join(homeworks())}")
    return homeworks()[name]
