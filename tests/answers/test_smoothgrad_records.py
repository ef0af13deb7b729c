"""The checks of 03_smoothgrad: honest runs pass whatever their noise, a saliency map and each mistake fail."""

from functools import cache

import numpy as np
import pytest
import torch

from answers.records import smoothgrad as records
from grader.homework import homework
from helpers import food
from helpers.saliency import saliency
from helpers.smoothgrad import smoothgrad_maps

SAMPLES = 100  # an honest run has 500, which agree better with the reference


@pytest.fixture(scope="module")
def model():
    return homework("03_smoothgrad").reference_model  # the grader's tests need the reference of the same one


@pytest.fixture(scope="module")
def pictures():
    return food.load_ten()


@cache
def own(model, of="logit", samples=SAMPLES):
    """Maps over noise that is not the grader's: "absolute" and "signed" -> (10, 128, 128)."""
    images, labels, *_ = food.load_ten()
    generator = torch.Generator().manual_seed(7)
    return smoothgrad_maps(model, images, labels, samples=samples, of=of, generator=generator)


def shares(maps, model, average="absolute"):
    check = {"absolute": records.check_absolute, "signed": records.check_signed}[average]
    name = {"absolute": "smoothgrad", "signed": "smoothgrad_signed"}[average]
    parts = check({name: np.asarray(maps, np.float32)}, model)
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


@pytest.mark.parametrize("average", ["absolute", "signed"])
def test_an_honest_run_passes(model, average):
    assert shares(own(model)[average], model, average) == [1] * 10


@pytest.mark.parametrize("average", ["absolute", "signed"])
@pytest.mark.parametrize("of", ["logit", "loss"])
def test_no_saliency_map_passes(model, pictures, average, of):
    maps = saliency(model, pictures.images, pictures.labels, of=of)
    assert shares(maps, model, average) == [0] * 10


@pytest.mark.parametrize("average", ["absolute", "signed"])
def test_a_scale_of_ones_own_costs_half(model, average):
    maps = own(model)[average]
    assert shares(maps / maps.amax(dim=(1, 2), keepdim=True), model, average) == [0.5] * 10
    assert shares(SAMPLES * maps, model, average) == [0.5] * 10  # a sum instead of a mean


def test_the_other_average_gets_half_at_most(model):
    assert max(shares(own(model)["absolute"], model, "signed")) <= 0.5
    assert max(shares(own(model)["signed"], model, "absolute")) <= 0.5


@pytest.mark.parametrize("average", ["absolute", "signed"])
def test_one_sample_does_not_pass(model, average):
    assert shares(own(model, samples=1)[average], model, average) == [0] * 10


MISTAKES = {
    "upside down": lambda maps: maps.flip(1),
    "other pictures": lambda maps: maps.roll(1, dims=0),
    "negative": lambda maps: maps.amax() - maps,
    "of zeros": torch.zeros_like,
    "of NaN": lambda maps: torch.full_like(maps, torch.nan),
    "infinite": lambda maps: torch.full_like(maps, torch.inf),
    "huge": lambda maps: torch.full_like(maps, 3e38),
}


@pytest.mark.parametrize("average", ["absolute", "signed"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistaken_map_passes(model, mistake, average):
    assert shares(MISTAKES[mistake](own(model)[average]), model, average) == [0] * 10


def test_one_right_map_counts_on_its_own_and_the_reason_names_the_others(model):
    maps = own(model)["absolute"].clone()
    maps[2] = maps[2].flip(0)
    parts = records.check_absolute({"smoothgrad": maps.numpy()}, model)
    assert [part.share for part in parts] == [1, 1, 0] + [1] * 7
    assert "picture 2 correlates with the reference by" in parts[2].reason


def test_points_add_up_to_two():
    assert sum(record.points for record in records.RECORDS) == 2
