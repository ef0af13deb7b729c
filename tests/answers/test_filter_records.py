"""The checks of 04_filters: honest variation passes, each kind of mistake fails, nothing raises."""

import numpy as np
import pytest
import torch

from answers.records import filters as records
from helpers import ascent, filters, food

STEPS = 12  # fewer than in the notebook
CHOSEN = torch.tensor([0, 1, 2, 7])


@pytest.fixture(scope="module")
def model():
    return records.reference_model()


@pytest.fixture(scope="module")
def pictures():
    return food.load_ten().images


def shares(parts):
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def activation_shares(model, layer, maps):
    return shares(records.check_activations(layer)({f"activations_{layer}": np.asarray(maps, np.float32)}, model))


@pytest.mark.parametrize("layer", records.LAYERS)
def test_activations_of_the_plain_model_in_float64_pass(model, pictures, layer):
    maps = records.reference_model().double().cnn[: layer + 1](pictures.double())[:, :3]
    assert activation_shares(model, layer, maps) == [1] * 10


@pytest.mark.parametrize("layer", records.LAYERS)
def test_activations_of_the_layer_after_or_before_do_not_pass(model, pictures, layer):
    before, after = model.cnn[:layer](pictures)[:, :3], model.cnn[: layer + 2](pictures)[:, :3]
    for maps in (before, after):
        if maps.shape[2:] == (records._side(layer),) * 2:  # else the form is refused already
            assert sum(activation_shares(model, layer, maps)) < 5


MISTAKES = {
    "other filters": lambda maps: maps.roll(1, dims=1),
    "other pictures": lambda maps: maps.roll(1, dims=0),
    "rescaled": lambda maps: maps / maps.abs().amax(),
    "absolute, shifted": lambda maps: maps.abs() + 0.1 * maps.std(),
    "zeros": torch.zeros_like,
    "NaN": lambda maps: torch.full_like(maps, torch.nan),
    "infinite": lambda maps: torch.full_like(maps, torch.inf),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistaken_activations_pass(model, pictures, mistake):
    maps = filters.activation(model, pictures, 6)[:, :3]
    assert activation_shares(model, 6, MISTAKES[mistake](maps)) == [0] * 10


def test_one_wrong_picture_is_named(model, pictures):
    maps = filters.activation(model, pictures, 15)[:, :3].contiguous()
    maps[4] = maps[5]
    parts = records.check_activations(15)({"activations_15": maps.numpy()}, model)
    assert shares(parts) == [1, 1, 1, 1, 0, 1, 1, 1, 1, 1]
    assert "layer 15 for picture 4 differ" in parts[4].reason


@pytest.fixture(scope="module")
def made(model):
    """Short ascents from the picture, for every layer: (4, 4, 3, 128, 128)."""
    start = records.start_picture().expand(4, -1, -1, -1)
    return torch.stack([filters.visualise(model, layer, CHOSEN, start, STEPS) for layer in records.LAYERS])


def rise_shares(model, images, chosen=CHOSEN):
    arrays = {"from_picture": np.asarray(images, np.float32), "filters": np.asarray(chosen)}
    return shares(records.check_visualisations("from_picture", records.start_picture)(arrays, model))


def test_short_ascents_pass(model, made):
    assert rise_shares(model, made) == [1] * 16


def test_plain_ascent_without_any_regulariser_passes(model):
    start = records.start_noise().expand(4, -1, -1, -1)
    made = torch.stack([plain_ascent(model, layer, start) for layer in records.LAYERS])
    arrays = {"from_noise": made.numpy(), "filters": CHOSEN.numpy()}
    assert shares(records.check_visualisations("from_noise", records.start_noise)(arrays, model)) == [1] * 16


def plain_ascent(model, layer, images):
    for _ in range(STEPS):
        images = (images + 8 * ascent.unit(filters.filter_gradient(model, images, layer, CHOSEN))).clamp(0, 1)
    return images


def test_the_start_does_not_pass(model):
    start = records.start_picture().expand(4, 4, -1, -1, -1)
    assert rise_shares(model, start) == [0] * 16


def test_few_filters_like_noise_or_paler_colours_better_than_the_start(model, made):
    start = records.start_picture().expand(4, 4, -1, -1, -1)
    noise = torch.rand(made.shape, generator=torch.Generator().manual_seed(1))
    for images in (noise, 0.5 + 0.5 * start):
        assert sum(rise_shares(model, images)) <= 6


def test_descents_do_not_pass(model):
    start = records.start_picture().expand(4, -1, -1, -1)
    down = [start - 2 * ascent.unit(filters.filter_gradient(model, start, layer, CHOSEN)) for layer in records.LAYERS]
    assert sum(rise_shares(model, torch.stack(down).clamp(0, 1))) == 0


def test_visualisations_of_other_filters_do_not_pass(model, made):
    assert sum(rise_shares(model, made.roll(1, dims=1))) <= 8


def test_filters_that_were_not_asked_for_or_come_twice_do_not_count(model, made):
    assert rise_shares(model, made, [0, 1, 2, 2])[3::4] == [0] * 4
    assert rise_shares(model, made, [0, 1, 3, 7])[2::4] == [0] * 4
    assert rise_shares(model, made, [0, 1, 2, 32])[3::4] == [0] * 4
    assert rise_shares(model, made, [0, 1, 2, 2**62])[3::4] == [0] * 4


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e38])
def test_hostile_images_do_not_pass(model, value):
    assert rise_shares(model, np.full((4, 4, 3, 128, 128), value, np.float32)) == [0] * 16


def test_points_add_up_and_every_needed_record_exists():
    names = {record.name for record in records.RECORDS}
    assert sum(record.points for record in records.RECORDS) == 2
    assert all(set(record.needs) <= names for record in records.RECORDS)
    assert all((record.check is not None) == (record.points > 0) for record in records.RECORDS)
