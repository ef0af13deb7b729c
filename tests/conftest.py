"""What all tests share: a small model, and where the browser is, without which its tests are not collected."""

import os
import shutil

import pytest
import torch

from helpers.food import FoodCNN

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


@pytest.fixture(scope="session")
def noise_images():
    """Three images of noise of the size that a FoodCNN takes, in float64."""
    return torch.rand(3, 3, 128, 128, generator=torch.Generator().manual_seed(1)).double()


@pytest.fixture
def food_cnn(noise_images):
    """A small FoodCNN with random weights in float64, where rounding moves no unit over a kink of its ReLU."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = FoodCNN(width=2).double().train()
    for layer in network.cnn:
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 1  # one pass sets the means and variances to those of the images
    network(noise_images)
    return network.eval().requires_grad_(False)
