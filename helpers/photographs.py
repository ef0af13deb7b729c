"""Photographs that ship inside the suite's dependencies, each with its ImageNet class.

They are read as files of the installed packages, so nothing is downloaded and nothing is written to a cache.
"""

from importlib.resources import files
from typing import NamedTuple

import torch
from PIL import Image

from helpers.imagenet import preprocess


class Photograph(NamedTuple):
    """Where a photograph lies, and the ImageNet class that a person would choose for it."""

    package: str
    path: str
    category: str


PHOTOGRAPHS = {
    "coffee": Photograph("skimage", "data/coffee.png", "espresso"),
    "chelsea": Photograph("skimage", "data/chelsea.png", "tabby"),
    "camera": Photograph("skimage", "data/camera.png", "tripod"),
    "rocket": Photograph("skimage", "data/rocket.jpg", "missile"),
    "motorcycle": Photograph("skimage", "data/motorcycle_left.png", "moped"),
    "china": Photograph("sklearn", "datasets/images/china.jpg", "palace"),
    "grace_hopper": Photograph("matplotlib", "mpl-data/sample_data/grace_hopper.jpg", "military uniform"),
}


def open_photograph(name):
    """The photograph `name` as a PIL image in RGB at its full size; raises ValueError for an unknown name."""
    package, path, _ = _find(name)
    with (files(package) / path).open("rb") as file:
        return Image.open(file).convert("RGB")


def category(name):
    """The ImageNet class of the photograph `name`; raises ValueError for an unknown name."""
    return _find(name).category


def load_photographs(names):
    """Photographs as a batch for a model: (N, 3, 224, 224) float32 in [0, 1], in the order of `names`."""
    return torch.cat([preprocess(open_photograph(name)) for name in names])


def _find(name):
    if name not in PHOTOGRAPHS:
        raise ValueError(f"no photograph is called {name!r}; there are {', '.join(PHOTOGRAPHS)}")
    return PHOTOGRAPHS[name]
