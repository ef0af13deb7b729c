"""Grades submissions: one is a plain function call from data to verdict, many are spread over worker processes."""

import hashlib
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import nbformat
import torch

from grader.check import check_handin, nothing_handed_in
from grader.execute import execute
from grader.harness import append_calls
from grader.homework import homework
from grader.limits import Limits
from grader.rebuild import InvalidNotebook, read_notebook, rebuild
from grader.release import build_notebook
from grader.sandbox import Wall
from grader.submissions import Submission
from grader.verdict import Verdict


@dataclass(frozen=True)
class Settings:
    """How to grade: the wall and the limits around each kernel, and the threads it may use."""

    wall: Wall
    limits: Limits
    threads: int = 1


@dataclass(frozen=True)
class Graded:
    """A verdict and what it rests on.

    executed: the executed notebook (nbformat 4 JSON), empty if nothing was executed
    keys:     fingerprint of the keys and points that decided, see Homework.keys_fingerprint
    """

    submission: Submission
    verdict: Verdict
    executed: str = ""
    keys: str = ""

    @property
    def fingerprint(self):
        """SHA-256 of the submitted file; empty if there was none."""
        data = self.submission.data
        return "" if data is None else hashlib.sha256(data).hexdigest()


def grade_submission(submission, settings):
    """The verdict on one submission. Never raises: what goes wrong on our side becomes a `grader_error`."""
    started = time.monotonic()
    try:
        graded = _grade(submission, settings)
    except Exception as error:  # the promise of this function: a fault of ours is never a student's zero
        detail = f"the grader failed: {type(error).__name__}: {error}"
        graded = Graded(submission, Verdict(submission.student, submission.notebook, "grader_error", detail=detail))
    seconds = {**graded.verdict.seconds, "total": time.monotonic() - started}
    rounded = {phase: round(duration, 3) for phase, duration in seconds.items()}
    notes = (*submission.remarks, *graded.verdict.notes)
    return replace(graded, verdict=replace(graded.verdict, seconds=rounded, notes=notes))


def grade_all(submissions, settings, jobs):
    """Grade `submissions` in `jobs` worker processes; yields each Graded as it is done, in any order.

    A submission that its worker does not survive is a `grader_error`; all others are graded. When the caller stops
    asking, what has not begun is not begun.
    """
    waiting = list(submissions)
    while waiting:
        unfinished = []
        yield from _grade_in_pool(waiting, settings, jobs, unfinished)
        begun = 2 * jobs + 1  # at most so many a pool had taken up when a worker died; one of them is to blame
        for submission in unfinished[:begun]:
            lost = []
            yield from _grade_in_pool([submission], settings, 1, lost)
            yield from map(_lost, lost)
        waiting = unfinished[begun:]


def _grade_in_pool(submissions, settings, jobs, unfinished):
    """Grade in one pool of workers; what is left when a worker dies is appended to `unfinished`, in its order."""
    context = get_context("spawn")  # a forked child of a process with threads may hang
    workers = min(jobs, len(submissions))
    pool = ProcessPoolExecutor(workers, context, initializer=torch.set_num_threads, initargs=(settings.threads,))
    futures = [pool.submit(grade_submission, submission, settings) for submission in submissions]
    try:
        for future in as_completed(futures):
            if not isinstance(future.exception(), BrokenProcessPool):
                yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
    for submission, future in zip(submissions, futures, strict=True):
        if future.exception():
            unfinished.append(submission)


def _lost(submission):
    detail = "the grader failed: its worker process died"
    return Graded(submission, Verdict(submission.student, submission.notebook, "grader_error", detail=detail))


def _grade(submission, settings):
    work = homework(submission.notebook)
    if submission.data is None:
        status = "invalid_notebook" if submission.problem else "missing"
        reason = submission.problem or "no notebook was handed in"
        return _without_execution(submission, work, status, reason)
    try:
        notebook, notes = rebuild(build_notebook(work), read_notebook(submission.data))
    except InvalidNotebook as problem:
        return _without_execution(submission, work, "invalid_notebook", str(problem))
    append_calls(notebook, work)
    exchange = Path(tempfile.mkdtemp(prefix="hw-"))  # short: a socket's path has at most 107 characters
    try:
        return _execute_and_check(submission, work, notebook, notes, exchange, settings)
    finally:
        # not shutil.rmtree, which gives up on folders nested a thousand deep
        subprocess.run(["rm", "-rf", "--", exchange], stderr=subprocess.DEVNULL, check=False)


def _execute_and_check(submission, work, notebook, notes, exchange, settings):
    execution = execute(notebook, exchange, settings.wall, settings.limits, settings.threads)
    started = time.monotonic()
    items = check_handin(work, exchange / "handin")
    verdict = Verdict(
        student=submission.student,
        notebook=work.name,
        status=execution.status,
        items=items,
        detail=execution.detail,
        notes=notes,
        seconds={**execution.seconds, "check": time.monotonic() - started},
    )
    return Graded(submission, verdict, nbformat.writes(execution.notebook), work.keys_fingerprint)


def _without_execution(submission, work, status, reason):
    items = nothing_handed_in(work, f"Nothing to grade: {reason}.")
    return Graded(
        submission, Verdict(submission.student, work.name, status, items, detail=reason), keys=work.keys_fingerprint
    )
