import os
import subprocess
import sys

import pytest

from grader import sandbox
from grader.errors import UserError
from grader.homework import homeworks
from grader.sandbox import INSIDE, ROOT, Wall, find_bwrap, wall


def run(code, exchange):
    """Standard output of Python `code` behind the wall."""
    command = wall("auto").command([sys.executable, "-c", code], exchange)
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=exchange).stdout.strip()


def test_the_wall_shows_helpers_data_and_public_specifications_only(tmp_path):
    seen = run(f"import os; print(sorted(os.listdir('{INSIDE}')), sorted(os.listdir('.')))", tmp_path)
    assert seen == f"['data', 'helpers', 'notebooks'] {[f'{name}.json' for name in homeworks()]}"


@pytest.mark.parametrize("secret", ["answers", "grader", "tests", ".git", "README.md"])
def test_the_rest_of_the_checkout_is_not_there(tmp_path, secret):
    assert run(f"import os; print(os.path.exists({str(ROOT / secret)!r}))", tmp_path) == "False"


def test_a_checkout_inside_the_python_installation_is_covered(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "_installations", lambda: sorted({*INSTALLATIONS, str(ROOT)}))
    assert run(f"import os; print(os.listdir({str(ROOT / 'answers')!r}))", tmp_path) == "[]"


INSTALLATIONS = sandbox._installations()


def test_only_the_exchange_folder_outlives_the_wall(tmp_path):
    run(f"open('{tmp_path}/kept', 'w'); open('/tmp/lost', 'w'); open('lost', 'w')", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert not os.path.exists("/tmp/lost")


@pytest.mark.parametrize("folder", [INSIDE / "helpers", INSIDE / "data", "/usr", sys.prefix])
def test_what_is_shown_cannot_be_changed(tmp_path, folder):
    code = f"""
try:
    open('{folder}/planted', 'w')
except OSError as error:
    print(error.strerror)"""
    assert run(code, tmp_path) in ("Read-only file system", "Permission denied")


def test_there_is_no_network_and_no_other_process(tmp_path):
    assert run("import socket; print(socket.if_nameindex())", tmp_path) == "[(1, 'lo')]"
    assert run("import os; print(len([p for p in os.listdir('/proc') if p.isdigit()]))", tmp_path) in ("1", "2")


def test_no_further_namespaces_can_be_made(tmp_path):
    assert run("import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))", tmp_path) == "-1"


def test_the_first_bubblewrap_that_works_is_taken(monkeypatch, tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'no permissions' >&2\nexit 1\n")
    broken.chmod(0o755)
    working, _ = find_bwrap()
    monkeypatch.setattr(sandbox, "_candidates", lambda: iter([str(broken), working]))
    assert find_bwrap.__wrapped__() == (working, "")
    monkeypatch.setattr(sandbox, "_candidates", lambda: iter([str(broken), "/nonexistent/bwrap"]))
    path, reason = find_bwrap.__wrapped__()
    assert path is None
    assert "no permissions" in reason


def test_where_nothing_works_the_reason_and_the_way_out_are_told(monkeypatch):
    monkeypatch.setattr(sandbox, "find_bwrap", lambda: (None, "bubblewrap is not installed"))
    with pytest.raises(UserError, match="bubblewrap is not installed"):
        wall("auto")
    assert wall("none") == Wall(None)
    assert wall("none").command(["python"], "/tmp") == ["python"]
