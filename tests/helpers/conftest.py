import pytest
import torch

from helpers import photographs
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
