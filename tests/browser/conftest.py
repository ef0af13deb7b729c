"""A real Chromium, driven by playwright."""

import os

import pytest
from playwright.sync_api import sync_playwright

QUIET = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="module")  # no longer: playwright's event loop would run under the tests of other modules
def browser(chromium_path):
    """The installed Chromium, headless, with a new profile."""
    # Chromium's own sandbox refuses to run as root.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=[*QUIET, *as_root])
        yield chromium
        chromium.close()
