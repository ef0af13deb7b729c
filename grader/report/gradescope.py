"""results/<student>.json: one student's results in the format that Gradescope reads from an autograder.

The format: gradescope-autograders.readthedocs.io, "Autograder Specifications", section "Output format".
"""

import json

from grader.text import one_line, printable
from grader.verdict import STATUSES


def write_results(student, path):
    """Write the results of a StudentSummary to `path`. Where the grader failed there is no score at all,
    which Gradescope shows as a failed autograder: a zero would be wrong and might stay unnoticed.
    """
    path.write_text(json.dumps(results(student), indent=1, ensure_ascii=False), encoding="utf-8")


def results(student):
    """The same as a dictionary."""
    verdicts = student.verdicts.values()
    found = {
        "execution_time": round(sum(verdict.total_seconds for verdict in verdicts), 3),
        "output": "\n\n".join(_status(verdict) for verdict in verdicts),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        # The reasons give the right answers away.
        "visibility": "after_due_date",
        "stdout_visibility": "hidden",
    }
    if not student.counts:
        return found
    several = len(verdicts) > 1
    tests = [_test(item, verdict.notebook if several else "") for verdict in verdicts for item in verdict.items]
    return {"score": student.points, **found, "tests": tests}


def _status(verdict):
    status = f"{one_line(verdict.notebook)}: {verdict.status} ({STATUSES[verdict.status]})"
    # How the grader failed is for the teaching assistant; the student can do nothing about it.
    details = (verdict.detail, *verdict.notes) if verdict.counts else verdict.notes
    return "\n".join([status, *(printable(line) for line in details if line)])


def _test(item, notebook):
    return {
        "name": one_line(f"{notebook}: {item.name}" if notebook else item.name),
        "score": item.points,
        "max_score": item.out_of,
        "status": "passed" if item.points >= item.out_of else "failed",
        "output": printable(item.reason),
    }
