"""The checks of 02_saliency: honest variation passes, each kind of mistake fails, nothing raises."""

import numpy as np
import pytest
import torch

from answers.records import saliency as records
from helpers import food
from helpers.gradients import input_gradient
from helpers.saliency import saliency
from helpers.scoring import inside_share


@pytest.fixture(scope="module")
def model():
    return records.reference_model()


@pytest.fixture(scope="module")
def ten():
    return food.load_ten()


@pytest.fixture(scope="module")
def gradients(model, ten):
    return {of: input_gradient(model, ten.images, ten.labels, of) for of in ("logit", "loss")}


def shares(parts):
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def map_shares(model, maps, of):
    check = {"logit": records.check_logit, "loss": records.check_loss}[of]
    return shares(check({f"{of}_saliency": np.asarray(maps, np.float32)}, model))


@pytest.mark.parametrize("of", ["logit", "loss"])
def test_maps_computed_one_at_a_time_without_folding_pass(model, ten, of):
    plain = records.reference_model().to(memory_format=torch.contiguous_format)
    rows = zip(ten.images.split(1), ten.labels.split(1), strict=True)
    maps = torch.cat([input_gradient(plain, *row, of).abs().amax(dim=1) for row in rows])
    assert map_shares(model, maps, of) == [1] * 10


@pytest.mark.parametrize("of", ["logit", "loss"])
def test_maps_in_float64_pass(model, ten, of):
    exact = records.reference_model().double()
    assert map_shares(model, saliency(exact, ten.images.double(), ten.labels, of), of) == [1] * 10


MISTAKES = {
    "mean over channels": lambda g: g.abs().mean(dim=1),
    "sum over channels": lambda g: g.abs().sum(dim=1),
    "norm over channels": lambda g: g.norm(dim=1),
    "no absolute value": lambda g: g.amax(dim=1),
    "absolute value last": lambda g: g.amax(dim=1).abs(),
    "mean over the batch": lambda g: g.abs().amax(dim=1) / 10,
    "as a percentage of the maximum": lambda g: 100 * g.abs().amax(dim=1) / g.abs().amax(dim=(1, 2, 3))[:, None, None],
    "upside down": lambda g: g.abs().amax(dim=1).flip(1),
    "of the next picture": lambda g: g.abs().amax(dim=1).roll(1, 0),
    "of zeros": lambda g: torch.zeros(10, 128, 128),
    "of NaN": lambda g: torch.full((10, 128, 128), torch.nan),
    "infinite": lambda g: torch.full((10, 128, 128), torch.inf),
    "huge": lambda g: torch.full((10, 128, 128), 3e38),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("of", ["logit", "loss"])
def test_no_mistaken_map_passes(model, gradients, of, mistake):
    assert map_shares(model, MISTAKES[mistake](gradients[of]), of) == [0] * 10


@pytest.mark.parametrize("of", ["logit", "loss"])
def test_a_map_rescaled_to_one_passes_only_where_its_maximum_is_one_anyway(model, gradients, of):
    maps = gradients[of].abs().amax(dim=1)
    tops = maps.amax(dim=(1, 2))
    by_chance = (1 / tops - 1).abs() <= records.TOLERANCE
    assert map_shares(model, maps / tops[:, None, None], of) == by_chance.int().tolist()
    assert by_chance.sum() < 10


def test_the_maps_cannot_be_exchanged(model, gradients):
    for of, other in (("logit", "loss"), ("loss", "logit")):
        assert map_shares(model, gradients[other].abs().amax(dim=1), of) == [0] * 10


def test_one_right_map_counts_on_its_own_and_the_reason_names_the_others(model, gradients):
    maps = gradients["loss"].abs().amax(dim=1)
    maps[3] *= 2
    parts = records.check_loss({"loss_saliency": maps.numpy()}, model)
    assert shares(parts) == [1] * 3 + [0] + [1] * 6
    assert "loss for picture 3 differs from the reference by 100.0 %" in parts[3].reason


def share_shares(model, values, maps):
    arrays = {"inside_share": np.asarray(values, np.float32), "logit_saliency": np.asarray(maps, np.float32)}
    return shares(records.check_share(arrays, model))


def test_the_share_of_the_maps_handed_in_passes_even_if_the_maps_are_wrong(model, ten, gradients):
    for maps in (gradients["logit"].abs().amax(dim=1), gradients["logit"].abs().mean(dim=1)):
        for brightest in (0.05, 820 / 128**2):
            assert share_shares(model, inside_share(maps, ten.masks, brightest), maps) == [1] * 10


@pytest.mark.parametrize("mistake", ["outside", "one per cent", "percentage of the mask"])
def test_no_mistaken_share_passes(model, ten, gradients, mistake):
    maps = gradients["logit"].abs().amax(dim=1)
    right = inside_share(maps, ten.masks)
    wrong = {
        "outside": 1 - right,
        "one per cent": inside_share(maps, ten.masks, 0.01),
        "percentage of the mask": right * 819 / ten.masks.sum(dim=(1, 2)),
    }[mistake]
    differs = ((wrong - right).abs() > records.SHARE_TOLERANCE).tolist()
    assert share_shares(model, wrong, maps) == [int(not far) for far in differs]
    assert sum(differs) >= 7


def test_points_add_up_and_every_needed_record_exists():
    names = {record.name for record in records.RECORDS}
    assert sum(record.points for record in records.RECORDS) == 2
    assert all(set(record.needs) <= names for record in records.RECORDS)
