"""The checks of 01_lime: honest runs pass whatever their seed, a saliency map and each mistake fail."""

from functools import cache

import numpy as np
import pytest
import torch
from skimage.segmentation import slic

from answers.records import lime as records
from grader.homework import homework
from helpers import folding, food
from helpers.comparison import correlation
from helpers.lime_explanation import ask, draw_switches, lime_explanation, paint, proximity
from helpers.saliency import saliency
from helpers.superpixels import mean_colours, slic_segments

HARDEST = [0, 9]  # where chance matters most


@pytest.fixture(scope="module")
def model():
    return homework("01_lime").reference_model  # the grader's tests need the reference of the same one


@pytest.fixture(scope="module")
def ten():
    return food.load_ten()


@cache
def honest(model, seed=0):
    """The reference, but for the hardest pictures what a student finds with another seed and without the package."""
    maps, images, labels = records.reference(model).clone(), food.load_ten().images, food.load_ten().labels.tolist()
    hidden = mean_colours(images, records.segments())
    for number in HARDEST:
        segments = records.segments()[number]
        weights = _weights(model, images[number], labels[number], segments, hidden[number], seed)
        maps[number] = paint([weights], segments[None])[0]
    return maps


def _weights(model, image, label, segments, hidden, seed):
    switches = draw_switches(1000, int(segments.max()) + 1, seed)
    copies = (torch.where(some[:, segments][:, None] == 1, image, hidden) for some in switches.split(4))
    values, nearness, rows = ask(model, copies, label), proximity(switches), switches.double()
    rows, values = (each - nearness @ each / nearness.sum() for each in (rows, values))
    matrix = rows.T @ (nearness[:, None] * rows) + torch.eye(rows.shape[1], dtype=torch.float64)
    return torch.linalg.solve(matrix, rows.T @ (nearness * values))


def shares(parts):
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def map_shares(model, maps):
    return shares(records.check_lime({"lime_maps": np.asarray(maps, np.float32)}, model))


def test_an_honest_run_passes_without_the_package(model):
    assert map_shares(model, honest(model)) == [1] * 10


def test_an_honest_run_of_the_package_passes_under_another_seed(model, ten):
    maps, hardest = honest(model).clone(), HARDEST
    segments = records.segments()[hardest]
    maps[hardest] = lime_explanation(model, ten.images[hardest], ten.labels[hardest], segments, 1000, seed=7).maps
    assert map_shares(model, maps) == [1] * 10


def test_only_the_pattern_is_compared(model):
    assert map_shares(model, 100 * honest(model)) == [1] * 10


def spread(maps):
    """Each pixel with the mean over its superpixel, so that a map looks like one of LIME's."""
    means = [torch.bincount(single.flatten(), own.flatten().double()) / torch.bincount(single.flatten())
             for own, single in zip(maps, records.segments(), strict=True)]  # fmt: skip
    return paint(means, records.segments())


@pytest.mark.parametrize("of", ["logit", "loss"])
def test_no_saliency_map_passes_spread_over_superpixels_or_not(model, ten, of):
    maps = saliency(model, ten.images, ten.labels, of=of)
    assert map_shares(model, maps) == [0] * 10
    assert map_shares(model, spread(maps)) == [0] * 10


def test_half_precision_hardly_moves_the_weights(model, ten, monkeypatch):
    """Where the processor does not compute in bfloat16, both are the same."""
    request = (model, ten.images[:2], ten.labels[:2], records.segments()[:2], 150)
    fast = lime_explanation(*request).maps
    monkeypatch.setattr(folding, "_fast_bfloat16", lambda kind: False)
    assert correlation(fast, lime_explanation(*request).maps).min() > 0.99


def test_no_outline_of_the_food_passes_spread_or_not(model, ten):
    assert map_shares(model, ten.masks.float()) == [0] * 10
    assert map_shares(model, spread(ten.masks)) == [0] * 10


MISTAKES = {
    "signs exchanged": torch.negative,
    "upside down": lambda maps: maps.flip(1),
    "other pictures": lambda maps: maps.roll(1, dims=0),
    "of zeros": torch.zeros_like,
    "of NaN": lambda maps: torch.full_like(maps, torch.nan),
    "infinite": lambda maps: torch.full_like(maps, torch.inf),
    "huge": lambda maps: torch.full_like(maps, 3e38),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistaken_map_passes(model, mistake):
    assert map_shares(model, MISTAKES[mistake](honest(model))) == [0] * 10


def test_one_right_map_counts_on_its_own_and_the_reason_names_the_others(model):
    maps = honest(model).clone()
    maps[2] = -maps[2]
    parts = records.check_lime({"lime_maps": maps.numpy()}, model)
    assert shares(parts) == [1, 1, 0] + [1] * 7
    assert "picture 2 correlates with the reference by -" in parts[2].reason


def segment_shares(numbers):
    return shares(records.check_segments({"segments": np.asarray(numbers, np.int64)}, None))


def test_superpixels_pass_in_either_precision_and_numbering(ten):
    single = [slic(image.permute(1, 2, 0).numpy(), n_segments=200, compactness=1, sigma=1, start_label=0)
              for image in ten.images]  # fmt: skip
    assert segment_shares(np.stack(single)) == [1] * 10
    backwards = [numbers.max() - numbers for numbers in records.segments()]
    assert segment_shares(torch.stack(backwards)) == [1] * 10


WRONG_SEGMENTS = {
    "numbered from 1": lambda images: slic_segments(images) + 1,
    "another compactness": lambda images: slic_segments(images, 200, 10.0),
    "another count": lambda images: slic_segments(images, 100),
    "no blur": lambda images: slic_segments(images, 200, 1.0, 0.0),
    "other pictures": lambda images: slic_segments(images).roll(1, dims=0),
    "one for all": lambda images: torch.zeros(10, 128, 128),
    "one for each pixel": lambda images: torch.arange(128 * 128).reshape(1, 128, 128).expand(10, -1, -1),
}


@pytest.mark.parametrize("mistake", WRONG_SEGMENTS)
def test_no_mistaken_superpixels_pass(ten, mistake):
    assert segment_shares(WRONG_SEGMENTS[mistake](ten.images)) == [0] * 10


def copy_shares(copies):
    return shares(records.check_switched_off({"switched_off": np.asarray(copies, np.float32)}, None))


def own_copies(ten, row=1, swap=False):
    """The copies by multiplication."""
    copies, segments = [], slic_segments(ten.images)
    for image, single, hidden in zip(ten.images, segments, mean_colours(ten.images, segments), strict=True):
        switches = draw_switches(8, int(single.max()) + 1, seed=0)[row]
        visible = (1 - switches if swap else switches)[single]
        copies.append(image * visible + hidden * (1 - visible))
    return torch.stack(copies)


def test_copies_by_multiplication_pass(ten):
    assert copy_shares(own_copies(ten)) == [1] * 10


def test_no_mistaken_copies_pass(ten):
    wrong = (own_copies(ten, row=0), own_copies(ten, row=2), own_copies(ten, swap=True), own_copies(ten).roll(1, 1))
    for copies in (*wrong, torch.zeros(10, 3, 128, 128)):
        assert copy_shares(copies) == [0] * 10


def test_points_add_up_to_two_and_names_are_unique():
    assert sum(record.points for record in records.RECORDS) == 2
    assert len({record.name for record in records.RECORDS}) == len(records.RECORDS)
