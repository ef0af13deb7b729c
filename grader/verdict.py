"""What the grader says of one submission: plain data, the same in the gradebook, the reports and the terminal."""

from dataclasses import dataclass, field

STATUSES = {
    "graded": "ran from the first cell to the last",
    "timed_out": "a cell or the whole notebook exceeded its time limit",
    "crashed": "a cell raised an error, or the kernel died",
    "out_of_memory": "the notebook needed more memory than it is allowed",
    "too_much_output": "the notebook printed, drew or stored more than it is allowed",
    "invalid_notebook": "the file is not a notebook of this homework",
    "missing": "no notebook was handed in",
    "grader_error": "the grader failed; this is not the student's fault and counts for nothing",
}
ITEM_STATUSES = ("correct", "partial", "wrong", "missing", "malformed")


@dataclass(frozen=True)
class Item:
    """One graded question or record; `reason` is written for the student."""

    name: str
    points: float
    out_of: float
    status: str  # one of ITEM_STATUSES
    reason: str


@dataclass(frozen=True)
class Verdict:
    """Everything decided about one student's notebook.

    detail:  one line on the status, for the student (which cell, which limit); empty if there is nothing to say
    notes:   remarks that cost nothing (a deleted cell was restored, ...)
    seconds: duration of each phase, in the order of their happening
    """

    student: str
    notebook: str
    status: str  # one of STATUSES
    items: tuple[Item, ...] = ()
    detail: str = ""
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def points(self):
        return round(sum(item.points for item in self.items), 6)

    @property
    def out_of(self):
        return round(sum(item.out_of for item in self.items), 6)

    @property
    def total_seconds(self):
        """Seconds from hand-in to verdict: the phase `total` where it was measured, else the sum of the phases."""
        return self.seconds.get("total", sum(self.seconds.values()))

    @property
    def counts(self):
        """Whether the points say something about the student (a grader's fault does not)."""
        return self.status != "grader_error"
