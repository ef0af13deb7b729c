"""The commands of `python -m grader`. Exit status: 0 done, 1 a check failed, 2 a mistake in the call."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from grader.errors import UserError
from grader.homework import NOTEBOOKS, homework, homeworks
from grader.limits import MEBIBYTE, Limits
from grader.text import one_line

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LEVEL_COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


class _Group(click.Group):
    """Shows a UserError, or a file that cannot be used, as one line with a hint, and exits with 2."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except UserError as error:
            hint = f"\nHint: {error.hint}." if error.hint else ""
            raise click.UsageError(f"{error}.{hint}") from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.UsageError(f"cannot use {error.filename}: {error.strerror}.") from error


@click.group(
    cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True}
)
def main():
    """Grade homework on explaining neural networks: safely, with nothing lost, and with reasons."""


def _mib(default_bytes):
    """What options in MiB have in common."""
    return {"type": click.IntRange(1), "metavar": "MIB", "default": default_bytes // MEBIBYTE}


def _grading_options(command):
    """The options that `grade` and `demo` share."""
    seconds, number = click.FloatRange(1), click.IntRange(1)
    options = [
        click.option("--jobs", type=number, default=CORES, show_default="cores", help="Notebooks at once."),
        click.option("--notebook-timeout", type=seconds, default=Limits.notebook_seconds, metavar="SECONDS",
                     help="Wall time, notebook."),
        click.option("--memory", **_mib(Limits.memory_bytes), help="Memory of a notebook's kernel and all it starts."),
        click.option("--processes", type=number, default=Limits.processes, help="Processes of a notebook."),
        click.option("--cell-output", **_mib(Limits.cell_output_bytes), help="Output of a cell."),
        click.option("--notebook-output", **_mib(Limits.notebook_output_bytes), help="Output of a notebook."),
        click.option("--handin", **_mib(Limits.handin_bytes), help="Files that a notebook hands in."),
        click.option("--sandbox", type=click.Choice(["auto", "none"]), default="auto",
                     help="Where student code runs; none is only for submissions that you trust."),
        click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="grades",
              help="Folder for the gradebook and the report.")  # fmt: skip
@click.option("--notebook", "notebooks", multiple=True, help="Expect this notebook of every student (repeatable).")
@click.option("--timeout", type=click.FloatRange(1), default=Limits.cell_seconds, metavar="SECONDS",
              help="Wall time for one cell.")  # fmt: skip
@_grading_options
def grade(paths, out, notebooks, **options):
    """Grade the notebooks in PATHS.

    PATHS are folders of notebooks, <student>/<notebook>.ipynb trees, and zip files of a class or of students.
    """
    from grader.submissions import find_submissions

    submissions = find_submissions(paths, [homework(name).name for name in notebooks])
    verdicts = _grade(submissions, out, **options)
    if faults := sum(not verdict.counts for verdict in verdicts):
        raise click.ClickException(f"{faults} of {len(verdicts)} submissions met a fault of the grader; see the report")


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="grades/demo",
              help="Folder for the made-up class, its gradebook and the report.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(1), default=40, metavar="SECONDS",
              help="Wall time for one cell.")  # fmt: skip
@_grading_options
def demo(out, **options):
    """Grade a small made-up class.

    Its students are perfect, half right, untouched, crashing, looping and cheating; each must get exactly what is due.
    """
    from grader.demo import HOMEWORK, make_class, surprises, write_class
    from grader.submissions import find_submissions

    work = homework(HOMEWORK)
    students = make_class(work)
    write_class(students, work, out / "class")
    submissions = find_submissions([out / "class"], [work.name])
    verdicts = _grade(submissions, out, **options)
    if lines := surprises(students, verdicts):
        raise click.ClickException("not as expected: " + "; ".join(lines))
    click.echo("Every student got exactly the expected status and points.", err=options["as_json"])


def _limits(timeout, notebook_timeout, memory, processes, cell_output, notebook_output, handin):
    return Limits(
        cell_seconds=timeout,
        notebook_seconds=notebook_timeout,
        memory_bytes=memory * MEBIBYTE,
        processes=processes,
        cell_output_bytes=cell_output * MEBIBYTE,
        notebook_output_bytes=notebook_output * MEBIBYTE,
        handin_bytes=handin * MEBIBYTE,
    )


def _grade(submissions, out, jobs, sandbox, as_json, **limits):
    """Grade `submissions` into the gradebook in `out`, report, and return the verdicts."""
    from grader.grade import Settings, grade_all
    from grader.gradebook import Gradebook
    from grader.report import write_report
    from grader.sandbox import wall
    from grader.table import summary_table

    settings = Settings(wall(sandbox), _limits(**limits), threads=max(1, CORES // min(jobs, len(submissions))))
    out.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=as_json)
    with Gradebook(out / "gradebook.sqlite") as gradebook:
        try:
            verdicts = _record_all(gradebook, grade_all(submissions, settings, jobs), len(submissions), console)
        except KeyboardInterrupt:
            raise click.ClickException(f"interrupted; what was graded is kept in {gradebook.path}") from None
        index = write_report(gradebook, out / "report")
    if as_json:
        click.echo(json.dumps([_as_json(verdict) for verdict in verdicts], indent=1))
    console.print(summary_table(verdicts))
    console.print(f"Report: {index}", soft_wrap=True, markup=False, highlight=False)
    return verdicts


def _record_all(gradebook, all_graded, total, console):
    """Record each of `all_graded` as it comes, showing progress; returns the verdicts in order of the students."""
    verdicts = []
    with _progress(console) as progress:
        task = progress.add_task("grading", total=total, last="")
        for graded in all_graded:
            gradebook.record(graded)
            verdicts.append(graded.verdict)
            last = one_line(f"{graded.verdict.student[:30]}: {graded.verdict.status}")
            progress.update(task, advance=1, last=last)
    return sorted(verdicts, key=lambda verdict: (verdict.student, verdict.notebook))


def _as_json(verdict):
    return {**asdict(verdict), "points": verdict.points, "out_of": verdict.out_of}


def _progress(console):
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TextColumn("{task.fields[last]}", markup=False), console=console)


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="grades",
              help="Folder with the gradebook; the report goes to its folder `report`.")  # fmt: skip
def report(out):
    """Write the report of a gradebook anew.

    It consists of the class page, a feedback page for every student, a CSV file, and results for Gradescope.
    """
    from grader.gradebook import Gradebook
    from grader.report import write_report

    path = out / "gradebook.sqlite"
    if not path.is_file():
        raise UserError(f"there is no gradebook {path}", "grade something first, or pass its folder with --out")
    with Gradebook(path) as gradebook:
        click.echo(f"Report: {write_report(gradebook, out / 'report')}")


@main.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=NOTEBOOKS,
              help="Where to write notebooks and public specifications.  [default: notebooks]")  # fmt: skip
@click.option("--zip", "zip_path", type=click.Path(path_type=Path, dir_okay=False),
              help="Also write what students get to this zip file.")  # fmt: skip
def release(folder, zip_path):
    """Build the student notebooks from `answers/`."""
    from grader import release as build

    for path in build.release(folder):
        click.echo(path)
    if zip_path:
        zip_path.parent.mkdir(parents=True, exist_ok=True)
        click.echo(f"{zip_path}: {len(build.write_student_zip(zip_path))} files")


@main.command()
@click.argument("names", nargs=-1)
@click.option("--verify", is_flag=True, help="Change nothing; exit with 1 where the committed keys differ.")
@click.option("--json", "as_json", is_flag=True, help="Print the keys and their margins as JSON.")
@click.option("--bert", metavar="NAME", help="Another BERT for 08 and 09: its name on the hub, or its folder.")
def keys(names, verify, as_json, bert):
    """Compute the keys and their margins.

    The solved notebooks NAMES (default: all) are run in this process, and every measured choice is decided by what they
    show. A choice within five times its noise is refused.
    """
    from grader import keys as key_file
    from helpers.bert_models import VARIABLE

    wrong, computed = [], {}
    variables = {VARIABLE: bert} if bert else {}  # which the notebooks' `bert.load_model()` heeds
    for work in [homework(name) for name in names] or homeworks().values():
        computed[work.name] = key_file.compute_keys(work, key_file.run_solved(work, **variables))
        if verify:
            wrong += key_file.differences(computed[work.name], work.keys)
        else:
            key_file.write_keys(work, computed[work.name])
        if not as_json:
            Console().print(_keys_table(work.name, computed[work.name]))
    if as_json:
        click.echo(json.dumps(computed, indent=1))
    if wrong:
        raise click.ClickException("keys differ: " + "; ".join(wrong))


def _keys_table(name, computed):
    table = Table("question", "key", "choice", "correct", "margin", "noise", title=f"Keys of {name}")
    for question, entry in computed["questions"].items():
        for letter, choice in entry["choices"].items():
            measured = [
                f"{choice[part]:.4g}" if choice[part] is not None else "concept" for part in ("margin", "noise")
            ]
            first = letter == next(iter(entry["choices"]))
            names = (question, entry["key"]) if first else ("", "")
            table.add_row(*names, letter, "yes" if choice["correct"] else "no", *measured)
    return table


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json):
    """Look for what grading needs.

    Versions, device, sandbox, models and keys: what is missing is named with the way out. Exit status 1 if grading
    cannot work.
    """
    from grader.doctor import examine

    findings = examine()
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            line = f"{finding.subject}: {finding.text}" + (f"\n         {finding.hint}" if finding.hint else "")
            click.echo(click.style(f"{finding.level:8}", fg=LEVEL_COLOURS[finding.level]) + line)
    if any(finding.level == "error" for finding in findings):
        raise SystemExit(1)
