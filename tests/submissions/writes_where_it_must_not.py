# graded:
import pathlib
import sys

import helpers

for folder in (
    pathlib.Path(helpers.__file__).parent,
    pathlib.Path(sys.prefix),
    pathlib.Path("/usr"),
    pathlib.Path("/"),
):
    try:
        (folder / "planted.py").write_text("raise SystemExit")
    except OSError:
        continue
    if folder != pathlib.Path("/"):  # the root is a private file system in memory
        raise SystemExit(f"{folder} is writable")
