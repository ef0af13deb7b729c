import pytest
import torch
from matplotlib import pyplot as plt

from helpers import photographs, plots
from helpers.imagenet import load_model


@pytest.fixture(scope="session")
def model():
    return load_model(device="cpu")


@pytest.fixture(scope="session")
def photos():
    return photographs.load_photographs(["coffee", "camera", "rocket"])


@pytest.fixture(scope="session")
def labels(model):
    return torch.tensor([model.category_index(name) for name in ("espresso", "tripod", "missile")])


@pytest.fixture
def shown(monkeypatch):
    """The figures that were shown, without a window."""
    figures = []
    monkeypatch.setattr(plots, "show", figures.append)
    yield figures
    plt.close("all")
