"""Looks at the machine: is everything there that grading and the notebooks need, and if not, what to do."""

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import psutil
import torch

from grader.errors import UserError
from grader.homework import ROOT, homeworks
from grader.sandbox import find_bwrap
from helpers import food
from helpers.device import best_device
from helpers.imagenet import load_model

REINSTALL = "run `python -m pip install --requirement requirements.txt` in the virtual environment"
RESTORE = "restore the folder data/models of the checkout: `git checkout data/models`"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `level` is ok, warning or error; `hint` is the way out of what is not ok."""

    subject: str
    level: str
    text: str
    hint: str = ""


def examine():
    """All findings on this machine, as a list."""
    return [_python(), *_packages(), _machine(), _device(), _sandbox(), *_embedded_models(), _classic_model(),
            *map(_keys, homeworks().values()), _browser()]  # fmt: skip


def _python():
    return Finding("Python", "ok", f"{platform.python_version()} at {sys.executable}")


def _packages():
    """One finding for all packages that are as pinned, and one for each that is not."""
    pins = dict(_pins())
    wrong = [(name, pin, _installed(name)) for name, pin in pins.items() if _installed(name) != pin]
    yield Finding("Packages", "ok", f"{len(pins) - len(wrong)} of {len(pins)} direct dependencies are as pinned")
    for name, pin, installed in wrong:
        yield Finding("Packages", "warning", f"{name} is {installed or 'missing'}, pinned is {pin}", REINSTALL)


def _pins():
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        requirement, _, marker = line.partition(";")
        name, _, pin = requirement.strip().partition("==")
        if pin and not (marker and sys.platform != "linux"):
            yield name, pin


def _installed(name):
    try:
        return version(name).partition("+")[0]  # a local label such as +cpu names a build, not a version
    except PackageNotFoundError:
        return None


def _machine():
    memory = psutil.virtual_memory().total / 2**30
    return Finding(
        "Machine", "ok", f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    )


def _device():
    build = f"CUDA {torch.version.cuda}" if torch.version.cuda else "no CUDA in this build"
    return Finding("Device", "ok", f"notebooks run on {best_device()}; torch {torch.__version__}, {build}")


def _sandbox():
    path, reason = find_bwrap()
    if path:
        return Finding("Sandbox", "ok", f"bubblewrap works: {path}")
    hint = "install bubblewrap and allow user namespaces; or trust the submissions with `--sandbox none`"
    return Finding("Sandbox", "error", reason, hint)


def _embedded_models():
    for name, load, hint in (("EfficientNet-Lite0", load_model, REINSTALL), ("FoodCNN", food.load_model, RESTORE)):
        try:
            load(device="cpu")
        except (ValueError, OSError, ImportError) as error:
            yield Finding(name, "error", str(error), hint)
        else:
            yield Finding(name, "ok", "embedded weights load")


def _classic_model():
    try:
        load_model("squeezenet1_1", device="cpu")
    except (ValueError, OSError) as error:
        return Finding("squeezenet1_1", "warning", f"optional: {error}")
    return Finding("squeezenet1_1", "ok", "cached weights load")


def _keys(homework):
    try:
        return Finding(f"Keys of {homework.name}", "ok", f"{len(homework.keys)} committed")
    except UserError as error:
        return Finding(f"Keys of {homework.name}", "error", str(error), error.hint)


def _browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return Finding("Browser tests", "ok", found)
    return Finding("Browser tests", "warning", "no Chromium: they are left out", "on Debian: apt-get install chromium")
