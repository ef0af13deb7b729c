"""Arrays of plain numbers as files: what a kernel hands in. Imports nothing that takes long."""

from io import BytesIO

import numpy as np


def save(path, array):
    """Write an array in numpy's format 1.0, without pickled objects; `path` always holds the old or the new whole."""
    file = BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    replace(path, file.getbuffer())


def replace(path, data):
    """Write bytes so that `path` always holds either the old or the new whole."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(path)
