"""Calls a student's functions with given vectors and writes down what they return: the grader's work in the kernel.

It runs with the student's code in one process, so it knows nothing of what is right and promises nothing: it hands in
plain numbers, which are judged elsewhere. Whatever the functions do, each call ends in a number or in the reason why
there is none.
"""

import os
import traceback
from pathlib import Path

import numpy as np

from helpers.array_files import save

NUMBER, NO_FUNCTION, RAISED, NO_NUMBER, NOT_FINITE, NOT_REACHED = range(6)  # what became of a call


def hand_in(namespace, record, names, cases):
    """Call functions with vectors and hand in their values under the name `record`.

    namespace: the notebook's variables
    names:     F names of functions in it
    cases:     C tuples (kind, dtype, vectors): "numpy" or "torch", "float32" or "float64", lists of numbers
    The record is (F, C, 2) float64: the value, or 0 where there is none, and what became of the call. It is written
    after each function, so that one which never returns does not take the others with it.
    """
    outcomes = np.zeros((len(names), len(cases), 2))
    outcomes[..., 1] = NOT_REACHED
    path = Path(os.environ["HOMEWORK_HANDIN"]) / f"{record}.npy"
    save(path, outcomes)
    for row, name in enumerate(names):
        outcomes[row] = _all_calls(name, namespace.get(name), cases)
        save(path, outcomes)


def _all_calls(name, function, cases):
    """(C, 2) float64; prints why the first of the calls that failed did so."""
    if not callable(function):
        print(f"{name}: there is no function of this name")
        return [(0, NO_FUNCTION)] * len(cases)
    found = [call(function, *case) for case in cases]
    messages = [f"{name}({kind}, {dtype}): {message}"
                for (kind, dtype, _), (*_, message) in zip(cases, found, strict=True) if message]  # fmt: skip
    print(messages[0] if messages else f"{name}: called {len(cases)} times")
    return [outcome[:2] for outcome in found]


def call(function, kind, dtype, vectors):
    """The value of one call, 0 where there is none; what became of the call; and a message if there is no value."""
    try:
        value = _number(function(*(_vector(kind, dtype, numbers) for numbers in vectors)))
    except BaseException as error:  # a student's function may even try to end the process
        return 0.0, RAISED, " ".join(" ".join(traceback.format_exception_only(error)).split())[:300]
    if value is None:
        return 0.0, NO_NUMBER, "it returned no number"
    return (value, NUMBER, "") if np.isfinite(value) else (0.0, NOT_FINITE, "it returned NaN or infinity")


def _vector(kind, dtype, numbers):
    array = np.array(numbers, dtype=dtype)
    if kind == "numpy":
        return array
    from torch import from_numpy  # here, since a notebook that needs no torch need not wait for it

    return from_numpy(array)


def _number(value):
    """A real number, or an array or tensor of just one, as a float; None for anything else."""
    if type(value).__module__ == "torch":
        value = value.detach().cpu().double() if value.is_floating_point() else value.detach().cpu()
    array = np.asarray(value)
    return float(array.reshape(())) if array.size == 1 and array.dtype.kind in "iuf" else None
