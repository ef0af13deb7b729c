"""The benchmark compares what it says: its three versions explain the same thing, and its numbers are consistent."""

import csv
import json

import numpy as np
import pytest
import torch

from benchmarks import course, methods, peak
from helpers.comparison import correlation
from helpers.folding import folded
from helpers.gradients import input_gradient
from helpers.integrated_gradients import integrated_gradients, quadrature
from helpers.lime_explanation import lime_explanation
from helpers.saliency import saliency
from helpers.smoothgrad import smoothgrad, value_range
from helpers.superpixels import slic_segments

TARGETS = torch.tensor([0, 4, 9])


@pytest.fixture
def model(food_cnn):
    return food_cnn.float()


@pytest.fixture
def images(noise_images):
    return noise_images.float()


@pytest.fixture
def plain(model):
    return course.plain(model)


class Reference:
    """What `by_captum` offers, by plain loops, so that these tests do without Captum."""

    @staticmethod
    def saliency(model, images, targets):
        return input_gradient(model, images, targets).abs().amax(dim=1)

    @staticmethod
    def smoothgrad(model, images, targets, samples):
        sigma = 0.15 * value_range(images)[:, None, None, None]
        copies = [images + sigma * torch.randn(images.shape) for _ in range(samples)]
        return (sum(input_gradient(model, copy, targets).abs() for copy in copies) / samples).amax(dim=1)

    @staticmethod
    def integrated_gradients(model, images, targets, steps):
        pairs = zip(*quadrature("gauss_legendre", steps), strict=True)
        return images * sum(weight * input_gradient(model, place * images, targets) for place, weight in pairs)

    @staticmethod
    def lime(model, images, targets, samples, segments):
        return torch.from_numpy(course.lime(model, images, targets, samples, segments))


def test_in_float64_our_maps_are_those_of_the_definitions(model, images):
    found = methods.differences(model, images, TARGETS, Reference, samples=2)["float64"]
    assert set(found) == set(methods.TARGETS)
    assert max(found.values()) < 1e-6
    assert torch.get_default_dtype() == torch.float32


def test_a_map_of_another_size_is_far_from_ours():
    maps = torch.rand(3, 128, 128)
    assert methods._relative(1.01 * maps, maps) == pytest.approx(0.01, rel=1e-3)


def test_the_copy_asks_for_parameter_gradients_and_the_model_does_not(model, plain):
    assert all(parameter.requires_grad for parameter in plain.parameters())
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_saliency_in_the_courses_way_is_that_of_the_mean_loss(model, plain, images):
    maps = course.saliency(plain, images, TARGETS).amax(dim=1)
    torch.testing.assert_close(3 * maps, saliency(model, images, TARGETS, of="loss"), rtol=0.02, atol=1e-4)


def test_integrated_gradients_in_the_courses_way_is_the_left_sum(model, plain, images):
    theirs = torch.from_numpy(course.integrated_gradients(plain, images, TARGETS, 4)).float()
    ours = integrated_gradients(model, images, TARGETS, steps=4, rule="left")
    assert (theirs - ours).norm() < 0.01 * ours.norm()


def test_smoothgrad_in_the_courses_way_agrees_with_ours(model, plain, images):
    maps = torch.from_numpy(course.smoothgrad(plain, images, TARGETS, 40)).amax(dim=1)
    ours = smoothgrad(model, images, TARGETS, samples=40, of="loss")
    assert correlation(maps, ours).min() > 0.5
    assert correlation(maps, saliency(model, images, TARGETS, of="loss")).max() < correlation(maps, ours).min()


def test_lime_in_the_courses_way_is_ours(model, images):
    segments = slic_segments(images, 20)
    maps = torch.from_numpy(course.lime(model, images, TARGETS, 30, segments))
    ours = lime_explanation(
        folded(model), images, TARGETS, segments, 30, hide_color=0
    ).maps  # folded: not in half precision
    assert (maps - ours).norm() < 1e-3 * ours.norm()


def test_without_captum_the_others_run(model, images):
    runs = methods.contestants(model, images, TARGETS, slic_segments(images, 20), methods.Sizes(1, 10, 1), None)
    assert set(runs) == set(methods.TARGETS)
    for by_who in runs.values():
        assert [len(run()) for run in by_who.values()] == [3, 3]


def test_the_work_of_a_known_product_is_counted():
    first, second = torch.rand(10, 20), torch.rand(20, 30)
    assert peak.work(lambda: first @ second) == 2 * 10 * 20 * 30
    assert peak.matmul_rate(size=64, repeats=2) > 0


TIMES = {
    "LIME": {
        "course": methods.Times([9.0, 10.0, 99.0], [8.0, 8.0, 8.0]),
        "ours": methods.Times([2.0, 2.0, 3.0], [2.0, 2.0, 2.0]),
        "captum": methods.Times([3.0, 4.0, 5.0], [6.0, 6.0, 8.0]),
    }
}


def test_the_summary_takes_medians_over_the_rounds_and_says_what_was_wanted():
    (row,) = methods.summary(TIMES)
    assert (row["course s"], row["ours s"], row["captum s"]) == (10, 2, 4)
    assert (row["times course"], row["times captum"]) == (5, 1.67)
    assert (row["times course, cpu"], row["times captum, cpu"]) == (4, 3)
    assert (row["wanted course"], row["wanted captum"]) == (2.5, 1.5)


def test_results_are_written_as_json_and_csv(tmp_path):
    rows = methods.summary(TIMES)
    methods.write(tmp_path / "new", {"seconds": TIMES}, rows)
    seconds = json.loads((tmp_path / "new" / "results.json").read_text())["seconds"]
    assert seconds["LIME"]["ours"] == [[2, 2, 3], [2, 2, 2]]
    with (tmp_path / "new" / "results.csv").open(newline="") as file:
        assert [row["method"] for row in csv.DictReader(file)] == ["LIME"]


def test_everybody_runs_in_turns():
    turns = []
    times = methods.race({name: lambda name=name: turns.append(name) for name in "abc"}, rounds=2)
    assert turns == list("abcabc")
    assert all(len(clock) == 2 and np.min(clock) >= 0 for each in times.values() for clock in each)
