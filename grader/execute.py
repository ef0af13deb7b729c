"""Executes a notebook with nbclient, its kernel inside the wall; the outcome is read off the execution alone."""

import asyncio
import json
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib
import matplotlib.font_manager  # makes the list of fonts of which every kernel gets a copy
import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from torch import hub

from grader.limits import MEBIBYTE, LimitExceeded, kill_tree, watch

KERNEL_MAIN = Path(__file__).with_name("kernel_main.py")
STARTUP_SECONDS = 120
GRACE_SECONDS = 30  # between a notebook's own time limit and the moment we stop believing in nbclient


@dataclass
class Execution:
    """What became of a notebook: `status` and `detail` as in a Verdict, the notebook with its outputs, times."""

    status: str
    detail: str
    notebook: nbformat.NotebookNode
    seconds: dict[str, float] = field(default_factory=dict)


class KernelFailed(Exception):
    """The kernel did not start: the grader's fault, with the end of the kernel's log."""


def execute(notebook, exchange, wall, limits, threads=1):
    """Execute `notebook` in a fresh kernel behind `wall`.

    notebook: NotebookNode whose every cell and metadata are ours but for the cells' sources
    exchange: short path of an empty folder, where the kernel's sockets and the hand-in go
    threads:  number of threads that the kernel's libraries may use
    returns:  Execution; what was handed in lies in `exchange`/handin
    raises:   KernelFailed if no kernel could be started
    """
    (exchange / "handin").mkdir()
    return asyncio.run(_execute(notebook, exchange, wall, limits, threads))


async def _execute(notebook, exchange, wall, limits, threads):
    started = time.monotonic()
    client = _Client(notebook, _kernel_manager(exchange, wall, limits), limits)
    with tempfile.TemporaryFile() as log:
        try:
            await _start(client, exchange, wall, threads, log)
            ready = time.monotonic()
            status, detail = await _run(client, exchange, limits)
        finally:
            await _stop(client)
    seconds = {"kernel": ready - started, "cells": time.monotonic() - ready}
    return Execution(status, detail, notebook, seconds)


def _kernel_manager(exchange, wall, limits):
    argv = [sys.executable, "-c", KERNEL_MAIN.read_text(), str(limits.memory_bytes), str(limits.handin_bytes)]
    argv += ["-f", "{connection_file}", "--HistoryManager.enabled=False"]
    specs = _OneKernelSpec(wall.command(argv, exchange))
    manager = AsyncKernelManager(transport="ipc", ip=str(exchange / "k"), kernel_spec_manager=specs)
    manager.connection_file = str(exchange / "connection.json")
    return manager


class _OneKernelSpec(KernelSpecManager):
    """Knows one kernel, ours: neither the notebook nor what is installed has a say in what is started."""

    def __init__(self, argv):
        super().__init__()
        self._argv = argv

    def get_kernel_spec(self, kernel_name):
        return KernelSpec(argv=self._argv, language="python", display_name=kernel_name)


async def _start(client, exchange, wall, threads, log):
    """Start the kernel and wait until it answers; raises KernelFailed."""
    options = dict(env=_environment(exchange, threads), cwd=str(exchange) if wall.bwrap else str(wall.notebooks))
    try:
        # independent: the wall's own process namespace hides the parent that ipykernel would look after
        await client.km.start_kernel(independent=True, stdout=log, stderr=log, **options)
        await client.async_start_new_kernel_client()
    except (OSError, RuntimeError) as error:
        log.seek(0)
        last_lines = log.read().decode(errors="replace").strip().splitlines()[-3:]
        raise KernelFailed(" | ".join([str(error), *last_lines])) from error


def _environment(exchange, threads):
    """The kernel's whole environment; nothing of the grader's own reaches it."""
    home = exchange / "home"
    shutil.copytree(matplotlib.get_cachedir(), home / "matplotlib", ignore=_all_but_font_lists)
    libraries = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(home),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "TORCH_HOME": str(Path(hub.get_dir()).parent),
        "USER": "student",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "HOMEWORK_HANDIN": str(exchange / "handin"),
        "HOMEWORK_DEVICE": "cpu",
        **dict.fromkeys(libraries, str(threads)),
    }


def _all_but_font_lists(_folder, names):
    """For copytree: matplotlib's list of fonts, which takes seconds to make, is all we want of its cache."""
    return [name for name in names if not name.startswith("fontlist")]


async def _run(client, exchange, limits):
    """Execute all cells; returns (status, detail)."""
    watchdog = asyncio.create_task(watch(client.km.provisioner.pid, exchange, limits))
    cells = asyncio.create_task(client.async_execute())
    try:
        await asyncio.wait(
            {watchdog, client.exceeded, cells},
            timeout=limits.notebook_seconds + GRACE_SECONDS,
            return_when=asyncio.FIRST_COMPLETED,
        )
        for exceeded in (watchdog, client.exceeded):
            if exceeded.done():
                return exceeded.result().status, f"{exceeded.result()} ({client.place})"
        if not cells.done():
            return "timed_out", f"the notebook took longer than {limits.notebook_seconds:g} s"
        return client.outcome(cells.exception())
    finally:
        for task in (watchdog, cells):
            task.cancel()
        kill_tree(client.km.provisioner.pid)
        await asyncio.gather(watchdog, cells, return_exceptions=True)


async def _stop(client):
    with suppress(RuntimeError):  # what nbclient and jupyter_client raise about a kernel that is gone already
        if client.kc is not None:
            client.kc.stop_channels()
        if client.km is not None and client.km.has_kernel:
            await client.km.shutdown_kernel(now=True)


class _Client(NotebookClient):
    """nbclient, counting output and remembering errors; a malformed message of the kernel is dropped."""

    def __init__(self, notebook, manager, limits):
        super().__init__(notebook, manager, allow_errors=True, skip_cells_with_tag="", iopub_timeout=10)
        self.startup_timeout = STARTUP_SECONDS
        self.timeout_func = self._seconds_left
        self.place = "before the first cell"
        self.exceeded = asyncio.get_running_loop().create_future()  # resolves to a LimitExceeded
        self._limits = limits
        self._deadline = time.monotonic() + STARTUP_SECONDS + limits.notebook_seconds
        self._bytes_in_notebook = 0
        self._bytes_in_cell = 0
        self._errors = []
        self.on_notebook_start = self._note_start
        self.on_cell_execute = self._note_cell
        self.on_cell_error = self._note_error

    def outcome(self, exception):
        """(status, detail) after the run ended with `exception`, or with None."""
        if isinstance(exception, CellTimeoutError):
            return "timed_out", self._timeout_detail()
        if isinstance(exception, DeadKernelError):
            return "crashed", f"the kernel died ({self.place})"
        if exception is not None:
            return "crashed", f"the kernel sent a message that nobody can read ({self.place}): {exception}"
        if self._errors:
            place, name, value = self._errors[0]
            more = f", the first of {len(self._errors)} errors" if len(self._errors) > 1 else ""
            return "crashed", f"{name}: {value} ({place}){more}"
        return "graded", ""

    def process_message(self, msg, cell, cell_index):
        self._count(msg)
        if self.exceeded.done():
            return None
        try:
            return super().process_message(msg, cell, cell_index)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError):
            return None  # only a kernel that was tampered with sends such messages

    def _count(self, msg):
        size = len(json.dumps(msg["content"], default=str)) + sum(map(len, msg.get("buffers", ())))
        self._bytes_in_cell += size
        self._bytes_in_notebook += size
        for used, allowed, what in (
            (self._bytes_in_cell, self._limits.cell_output_bytes, "a cell"),
            (self._bytes_in_notebook, self._limits.notebook_output_bytes, "the notebook"),
        ):
            if used > allowed:
                self._exceed("too_much_output", f"{what} put out more than {allowed / MEBIBYTE:g} MiB")

    def _exceed(self, status, message):
        if not self.exceeded.done():
            self.exceeded.set_result(LimitExceeded(status, message))

    def _seconds_left(self, _cell):
        left = self._deadline - time.monotonic()
        return max(0.1, min(self._limits.cell_seconds, left))

    def _timeout_detail(self):
        if time.monotonic() >= self._deadline:
            return f"the notebook took longer than {self._limits.notebook_seconds:g} s ({self.place})"
        return f"a cell took longer than {self._limits.cell_seconds:g} s ({self.place})"

    def _note_start(self, **_):
        self._deadline = time.monotonic() + self._limits.notebook_seconds

    def _note_cell(self, cell, cell_index):
        self._bytes_in_cell = 0
        first_line = cell.source.strip().splitlines()[0]
        self.place = f"cell {cell_index + 1}: {first_line[:60]}"

    def _note_error(self, execute_reply, **_):
        content = execute_reply["content"]
        name, value = (" ".join(str(content.get(key, ""))[:300].split()) for key in ("ename", "evalue"))
        self._errors.append((self.place, name, value))
        if name == "MemoryError" or "not enough memory" in value or "Cannot allocate memory" in value:
            self._exceed("out_of_memory", f"{name}: {value}; allowed are {self._limits.memory_bytes // MEBIBYTE} MiB")
