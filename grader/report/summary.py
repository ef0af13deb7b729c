"""The class in numbers. A fault of the grader (`grader_error`) enters no average and no share."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median

from grader.text import one_line
from grader.verdict import ITEM_STATUSES, STATUSES, Verdict


@dataclass(frozen=True)
class ItemSummary:
    """How the class did on one item.

    counts: number of students with each of ITEM_STATUSES
    share:  mean of points / out_of, 0 to 1
    common: the reason given most often for a lost point, None if none was given twice
    times:  how often it was given
    """

    name: str
    out_of: float
    counts: dict[str, int]
    share: float
    common: str | None
    times: int


@dataclass(frozen=True)
class NotebookSummary:
    """All verdicts on one notebook, at most one per student, in the order of the gradebook."""

    name: str
    verdicts: tuple[Verdict, ...]

    @property
    def counted(self):
        """The verdicts that say something about their student."""
        return [verdict for verdict in self.verdicts if verdict.counts]

    @property
    def faults(self):
        """The verdicts that say something about the grader."""
        return [verdict for verdict in self.verdicts if not verdict.counts]

    @property
    def handed_in(self):
        return [verdict for verdict in self.counted if verdict.status != "missing"]

    @property
    def unfinished(self):
        """The verdicts that are not simply `graded`, by status."""
        return [v for status, verdicts in self.by_status.items() if status != "graded" for v in verdicts]

    @cached_property
    def out_of(self):
        """Points of a perfect notebook (a verdict without items does not know them)."""
        return max((verdict.out_of for verdict in self.verdicts), default=0)

    @property
    def points(self):
        """Points of every student who counts; no notebook, no points."""
        return [verdict.points for verdict in self.counted]

    @property
    def by_status(self):
        """Status -> verdicts, in the order of STATUSES, only those that occur."""
        found = {status: [v for v in self.verdicts if v.status == status] for status in STATUSES}
        return {status: verdicts for status, verdicts in found.items() if verdicts}

    @cached_property
    def items(self):
        """An ItemSummary per item, in the order of the notebook."""
        names = dict.fromkeys(item.name for verdict in self.verdicts for item in verdict.items)
        return [_item_summary(name, self.counted) for name in names]


@dataclass(frozen=True)
class StudentSummary:
    """All of one student's verdicts."""

    student: str
    verdicts: dict[str, Verdict]  # by notebook
    out_of: float  # of all notebooks of the class together

    @property
    def counts(self):
        return all(verdict.counts for verdict in self.verdicts.values())

    @property
    def points(self):
        return sum(verdict.points for verdict in self.verdicts.values() if verdict.counts)


def summarise_notebooks(verdicts):
    """One NotebookSummary per notebook, sorted by name."""
    names = sorted({verdict.notebook for verdict in verdicts})
    return [NotebookSummary(name, tuple(v for v in verdicts if v.notebook == name)) for name in names]


def summarise_students(verdicts, notebooks):
    """One StudentSummary per student, in the order of `verdicts`; `notebooks` are all of the class."""
    out_of = sum(notebook.out_of for notebook in notebooks)
    grouped = {}
    for verdict in verdicts:
        grouped.setdefault(verdict.student, {})[verdict.notebook] = verdict
    return [StudentSummary(student, of_student, out_of) for student, of_student in grouped.items()]


def average(points):
    """(mean, median) of a list of points, (None, None) of an empty one."""
    return (mean(points), median(points)) if points else (None, None)


def _item_summary(name, verdicts):
    found = [item for verdict in verdicts for item in verdict.items if item.name == name]
    counts = Counter(item.status for item in found)
    counts["missing"] += len(verdicts) - len(found)  # a verdict without this item: nothing was handed in for it
    out_of = max((item.out_of for item in found), default=0)
    points = sum(item.points for item in found)
    common, times = _most_common_reason(found)
    return ItemSummary(
        name=name,
        out_of=out_of,
        counts={status: counts[status] for status in ITEM_STATUSES},
        share=points / (out_of * len(verdicts)) if out_of and verdicts else 0,
        common=common,
        times=times,
    )


def _most_common_reason(items):
    # Not answering says nothing about the question.
    lost = [one_line(item.reason) for item in items if item.status not in ("correct", "missing") and item.reason]
    reason, times = max(Counter(lost).items(), key=lambda pair: pair[1], default=(None, 0))
    return (reason, times) if times > 1 else (None, 0)
