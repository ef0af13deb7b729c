"""What a submission may use, and the watchdog that ends a kernel which uses more."""

import asyncio
import os
from dataclasses import dataclass

import psutil

MEBIBYTE = 2**20
BLOCK = 2**12
INTERVAL = 0.2  # seconds between two looks of the watchdog


@dataclass(frozen=True)
class Limits:
    """Limits on one notebook's execution.

    cell_seconds, notebook_seconds: wall time
    memory_bytes:    resident memory of the kernel and all it started
    processes:       kernel and all it started
    cell_output_bytes, notebook_output_bytes: of messages from the kernel
    handin_bytes:    of everything in the exchange folder
    """

    cell_seconds: float = 300
    notebook_seconds: float = 900
    memory_bytes: int = 4096 * MEBIBYTE
    processes: int = 64
    cell_output_bytes: int = 10 * MEBIBYTE
    notebook_output_bytes: int = 30 * MEBIBYTE
    handin_bytes: int = 256 * MEBIBYTE


class LimitExceeded(Exception):
    """A limit was exceeded: `status` for the verdict, the message for the student."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


async def watch(pid, exchange, limits):
    """Look after the processes under `pid` until a limit is exceeded, then return that LimitExceeded."""
    while True:
        try:
            _check_processes(psutil.Process(pid), limits)
            _check_exchange(exchange, limits)
        except LimitExceeded as exceeded:
            return exceeded
        except (psutil.Error, OSError):
            pass  # something ended, or was renamed or hidden, while we looked; look again
        await asyncio.sleep(INTERVAL)


def kill_tree(pid):
    """Kill the process `pid` and everything under it."""
    try:
        processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def _check_processes(root, limits):
    processes = [root, *root.children(recursive=True)]
    if len(processes) > limits.processes:
        raise LimitExceeded("crashed", f"it started more than {limits.processes} processes")
    memory = 0
    for process in processes:
        try:
            memory += process.memory_info().rss
        except psutil.Error:
            continue
    if memory > limits.memory_bytes:
        raise LimitExceeded("out_of_memory", f"it needed more than {limits.memory_bytes // MEBIBYTE} MiB of memory")


def _check_exchange(folder, limits):
    if _size(folder) > limits.handin_bytes:
        megabytes = limits.handin_bytes // MEBIBYTE
        raise LimitExceeded("too_much_output", f"it wrote more than {megabytes} MiB to hand in")


def _size(folder):
    """Bytes of everything under `folder`, however deep; an entry takes a block even if it is empty."""
    size, folders = 0, [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                size += BLOCK + entry.stat(follow_symlinks=False).st_size
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return size
