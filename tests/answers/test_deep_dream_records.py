"""The checks of 06_deep_dream: honest variation passes, each kind of mistake fails, nothing raises."""

import numpy as np
import pytest
import torch

from answers.records import deep_dream as records
from helpers.deep_dream import climb, deep_dream

CHOSEN = torch.tensor([0, 1, 2, 40])


@pytest.fixture(scope="module")
def model():
    return records.reference_model()


@pytest.fixture(scope="module")
def photo():
    return records.photograph()


@pytest.fixture(scope="module")
def by_filter(model, photo):
    """Short dreams in a single octave, with another seed than the notebook's."""
    generator = torch.Generator().manual_seed(5)
    return climb(model, photo.expand(4, -1, -1, -1), records.FILTER_LAYER, CHOSEN, 10, generator=generator)


def shares(parts):
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def filter_shares(model, images, chosen=CHOSEN):
    arrays = {"by_filter": np.asarray(images, np.float32), "filters": np.asarray(chosen)}
    return shares(records.check_filters(arrays, model))


def layer_shares(model, images):
    return shares(records.check_layers({"by_layer": np.asarray(images, np.float32)[:, None]}, model))


def test_short_dreams_in_one_octave_pass(model, by_filter):
    assert filter_shares(model, by_filter) == [1] * 4


def test_dreams_of_whole_layers_pass(model, photo):
    images = [deep_dream(model, photo, layer, iterations=3, octaves=2) for layer in records.LAYERS]
    assert layer_shares(model, torch.cat(images)) == [1] * 4


def test_the_photograph_and_noise_do_not_pass(model, photo):
    noise = torch.rand(4, 3, 240, 360, generator=torch.Generator().manual_seed(1))
    for images in (photo.expand(4, -1, -1, -1), noise):
        assert filter_shares(model, images) == [0] * 4
        assert layer_shares(model, images) == [0] * 4


def test_dreams_of_other_filters_do_not_pass(model, by_filter):
    assert filter_shares(model, by_filter.roll(1, dims=0)) == [0] * 4


def test_a_dream_on_another_photograph_does_not_pass(model, photo):
    parts_of_another = climb(model, photo.flip(2).expand(4, -1, -1, -1), records.FILTER_LAYER, CHOSEN, 10)
    arrays = {"by_filter": parts_of_another.numpy(), "filters": CHOSEN.numpy()}
    parts = records.check_filters(arrays, model)
    assert shares(parts) == [0] * 4
    assert all("hardly anything of the photograph" in part.reason for part in parts)


def test_filters_that_were_not_asked_for_or_come_twice_do_not_count(model, by_filter):
    assert filter_shares(model, by_filter, [0, 1, 2, 2])[3] == 0
    assert filter_shares(model, by_filter, [0, 1, 3, 7])[2] == 0
    assert filter_shares(model, by_filter, [0, 1, 2, 128])[3] == 0
    assert filter_shares(model, by_filter, [0, 1, 2, -1])[3] == 0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0, 1, 1e38])
def test_constant_and_hostile_images_do_not_pass(model, value):
    images = np.full((4, 3, 240, 360), value, np.float32)
    assert filter_shares(model, images) == [0] * 4
    assert layer_shares(model, images) == [0] * 4


def test_points_add_up_and_every_needed_record_exists():
    names = {record.name for record in records.RECORDS}
    assert sum(record.points for record in records.RECORDS) == 1
    assert all(set(record.needs) <= names for record in records.RECORDS)
    assert all((record.check is not None) == (record.points > 0) for record in records.RECORDS)
