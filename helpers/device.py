"""Where tensors live: the one place that chooses between cuda, mps and cpu."""

import ctypes
import os
import sys

import torch

VARIABLE = "HOMEWORK_DEVICE"
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
KEPT_BYTES = 2**30


def available_devices():
    """Kinds of device this machine can compute on, fastest first; always ends with "cpu"."""
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return [kind for kind, usable in present.items() if usable]


def best_device():
    """The fastest device of this machine, unless the environment variable HOMEWORK_DEVICE names another.

    On CUDA it also switches convolutions to full float32 precision for this process: their default there, TF32,
    keeps 10 bits of each number, and gradients would no longer agree with those of a CPU. On a CPU it also makes the
    process keep the memory of freed tensors, see `keep_freed_memory`.

    returns: torch.device; HOMEWORK_DEVICE may be cpu, mps, cuda or a numbered one such as cuda:1
    raises:  ValueError if HOMEWORK_DEVICE is not a device of this machine
    """
    wanted = os.environ.get(VARIABLE, "").strip().lower()
    device = _checked(wanted) if wanted else torch.device(available_devices()[0])
    if device.type == "cuda":
        torch.backends.cudnn.allow_tf32 = False
    if device.type == "cpu":
        keep_freed_memory()
    return device


def keep_freed_memory():
    """Keep the memory of freed tensors for the next ones, on Linux; elsewhere this does nothing.

    Otherwise the C library gives the memory of every large tensor back to the system, which then clears each page of
    the next one: a seventh of the time of a gradient of `FoodCNN`. At most `KEPT_BYTES` stay with the process.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, KEPT_BYTES)
        mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)


def _checked(wanted):
    usable = available_devices()
    kind, colon, number = wanted.partition(":")
    count = torch.cuda.device_count() if kind == "cuda" else 1
    numbered_right = not colon or (number.isdecimal() and int(number) < count)
    if kind not in usable or not numbered_right:
        raise ValueError(f"{VARIABLE} is {wanted!r}, but this machine has {', '.join(usable)}; unset it or correct it")
    return torch.device(wanted)
