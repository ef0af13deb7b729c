"""The public half of a homework: which answers and tensors a notebook hands in, and of what form.

The release writes it as `notebooks/<notebook>.json`; the notebook and the grader judge form by the same
functions below, so `hw.check()` never promises what the grader then refuses.
"""

import json
import re
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
MAX_RECORD_BYTES = 64 * 2**20


def load_specification(notebook):
    """The public specification of `notebook`, as a dictionary.

    raises ValueError if there is none, naming those there are
    """
    path = FOLDER / f"{notebook}.json"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.json"))) or "none"
        raise ValueError(
            f"there is no homework {notebook!r} in {FOLDER} (there: {known}); check the spelling, and keep "
            f"{notebook}.json beside the notebook as it was handed out"
        )
    return json.loads(path.read_text(encoding="utf-8"))


def parse_letters(letters, allowed):
    """`letters` ("AC", "c, a", ["A", "C"]) as a sorted string without repetitions.

    raises ValueError if there is anything but letters of `allowed` and separators
    """
    text = letters if isinstance(letters, str) else "".join(map(str, letters))
    chosen = set(re.sub(r"[\s,;.]", "", text).upper())
    if strangers := sorted(chosen - set(allowed)):
        raise ValueError(f"{', '.join(strangers)} is not among the choices; use letters of {allowed!r}")
    return "".join(sorted(chosen))


def cast(array, form):
    """`array` in the dtype of `form` if it is of the same kind (float64 to float32, say), else unchanged."""
    dtype = np.dtype(form["dtype"])
    if array.dtype.kind in "biuf" and np.can_cast(array.dtype, dtype, "same_kind"):
        with np.errstate(over="ignore"):  # a value too large becomes infinite, which form_problem reports
            return array.astype(dtype, copy=False)
    return array


def form_problem(name, array, form):
    """What is wrong with the form of the record `name`, in one line, or None.

    array: any numpy array
    form:  its part of the specification: shape, dtype, low, high, description
    """
    shape, dtype = tuple(form["shape"]), form["dtype"]
    if array.shape != shape:
        return f"{name} must be of shape {shape}, got {array.shape}; expected is {form['description']}"
    if array.dtype != np.dtype(dtype):
        return f"{name} must be of dtype {dtype}, got {array.dtype}; convert it, for example with .to(torch.{dtype})"
    if not np.isfinite(array).all():
        share = 1 - np.isfinite(array).mean()
        return f"{name} must be finite, got NaN or infinity in {share:.1%} of its values; look where it divides"
    low, high = form["low"], form["high"]
    if low is not None and array.size and array.min() < low:
        return f"{name} must be at least {low:g}, got a minimum of {array.min():.6g}; expected is {form['description']}"
    if high is not None and array.size and array.max() > high:
        return f"{name} must be at most {high:g}, got a maximum of {array.max():.6g}; expected is {form['description']}"
    return None
