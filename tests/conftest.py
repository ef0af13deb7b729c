"""What all tests share: where the browser is. The browser tests are collected only where there is one."""

import os
import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
collect_ignore = [] if CHROMIUM else ["browser"]


def pytest_configure():
    if CHROMIUM is None and os.environ.get("CI"):
        raise pytest.UsageError("CI is set, but no Chromium found: the browser tests would be left out")


def pytest_report_header():
    if CHROMIUM is None:
        return "browser tests: not collected, no Chromium found (Debian: apt-get install chromium)"
    return f"browser tests: {CHROMIUM}"


@pytest.fixture(scope="session")
def chromium_path():
    """Path of the installed Chromium."""
    if CHROMIUM is None:  # a browser test was asked for by name
        pytest.fail("no Chromium found (Debian: apt-get install chromium)")
    return CHROMIUM
