import subprocess
import sys

import pytest

from helpers import torchvision_import
from helpers.torchvision_import import torchvision


def run(code):
    result = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    return result.stdout.strip(), result.stderr


def test_a_fresh_process_imports_it_without_warnings_and_builds_a_model():
    code = "from helpers.torchvision_import import torchvision as t; print(t.models.squeezenet1_1().eval().training)"
    assert run(code) == ("False", "")


def test_torchvision_of_the_helpers_is_the_one_that_everybody_else_imports():
    assert sys.modules["torchvision"] is torchvision


def test_a_second_import_gives_the_same_module():
    assert torchvision_import.import_torchvision() is torchvision


def test_another_runtime_error_is_not_hidden(monkeypatch):
    def fail(name):
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(torchvision_import.importlib, "import_module", fail)
    with pytest.raises(RuntimeError, match="on fire"):
        torchvision_import.import_torchvision()
    assert sys.modules["torchvision"] is torchvision


def test_where_the_plain_import_works_nothing_is_declared(monkeypatch):
    monkeypatch.setattr(torchvision_import, "_declare_operators", lambda: pytest.fail("declared without need"))
    torchvision_import.import_torchvision()
