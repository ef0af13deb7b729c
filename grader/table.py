"""The class in the terminal: one line per student and notebook."""

from rich.table import Table
from rich.text import Text

from grader.text import number, one_line

STATUS_STYLES = {
    "graded": "green",
    "timed_out": "yellow",
    "crashed": "yellow",
    "out_of_memory": "yellow",
    "too_much_output": "yellow",
    "invalid_notebook": "magenta",
    "missing": "bright_black",
    "grader_error": "bold white on red",
}


def summary_table(gradebook_or_verdicts):
    """A rich table of student, notebook (only if there are several), status, points, seconds and detail.

    gradebook_or_verdicts: a `Gradebook`, of which the newest attempts are shown, or an iterable of `Verdict`
    returns: rich.table.Table; names and details appear literally, never as rich markup or control characters
    """
    verdicts = _verdicts(gradebook_or_verdicts)
    several = len({verdict.notebook for verdict in verdicts}) > 1
    table = _empty_table(several)
    for verdict in verdicts:
        table.add_row(*_cells(verdict, several))
    return table


def _verdicts(gradebook_or_verdicts):
    if hasattr(gradebook_or_verdicts, "latest"):
        return [verdict for _attempt, verdict, _graded_at in gradebook_or_verdicts.latest()]
    return list(gradebook_or_verdicts)


def _empty_table(several):
    table = Table(box=None, pad_edge=False, header_style="bold")
    # Rich narrows the columns that may wrap; their texts do not, so they are shortened and a row stays one line.
    table.add_column("student", max_width=24)
    if several:
        table.add_column("notebook", max_width=14)
    table.add_column("status", no_wrap=True)
    table.add_column("points", no_wrap=True, justify="right")
    table.add_column("seconds", no_wrap=True, justify="right")
    table.add_column("detail")
    return table


def _cells(verdict, several):
    notebook = [_shortened(verdict.notebook)] if several else []
    return [
        _shortened(verdict.student),
        *notebook,
        Text(verdict.status, style=STATUS_STYLES.get(verdict.status, "")),
        Text(_points(verdict)),
        Text(f"{verdict.total_seconds:.1f}"),
        _shortened(verdict.detail),
    ]


def _shortened(text):
    return Text(one_line(text), no_wrap=True, overflow="ellipsis")


def _points(verdict):
    if not verdict.counts:
        return "-"
    return f"{number(verdict.points)}/{number(verdict.out_of)}" if verdict.items else number(0)
