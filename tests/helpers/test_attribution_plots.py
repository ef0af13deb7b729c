"""The figures and tables of the notebook on integrated gradients."""

import pytest
import torch

from helpers import attribution_plots, attribution_tables
from helpers.integrated_gradients import BASELINES, completeness, integrated_gradients, make_baselines

pytestmark = pytest.mark.usefixtures("shown")

TARGETS = torch.tensor([0, 4])


@pytest.fixture
def images(noise_images):
    return noise_images[:2]


def test_the_path_is_shown_from_each_baseline_with_the_probabilities(food_cnn, images, shown):
    starts = {kind: make_baselines(kind, images[:1]) for kind in ("black", "white")}
    attribution_plots.show_path(food_cnn, images[:1], TARGETS[:1], starts, [0, 0.5, 1])
    axes = shown[0].axes
    assert [axis.get_title() for axis in axes[:3]] == ["alpha = 0", "alpha = 0.5", "alpha = 1"]
    assert axes[0].images[0].get_array().max() == 0
    assert axes[3].images[0].get_array().min() == 255
    probability = float(food_cnn(images[:1]).softmax(dim=1)[0, 0])
    assert axes[2].get_xlabel() == axes[5].get_xlabel() == f"p = {probability:.2f}"


def test_the_slope_along_the_path_is_the_derivative_of_the_score(food_cnn, images):
    baseline = images[:1].flip(3)
    positions, scores, slopes = attribution_plots.along_path(food_cnn, images[:1], TARGETS[:1], baseline, points=257)
    rise = torch.trapezoid(slopes, positions.to(slopes))
    assert scores[0] == pytest.approx(float(food_cnn(baseline)[0, 0]))
    assert float(rise) == pytest.approx(float(scores[-1] - scores[0]), abs=0.02 * float(slopes.abs().max()))


def test_both_rules_write_the_area_of_their_bars(shown):
    positions = torch.linspace(0, 1, 101)
    attribution_plots.show_rules(positions, positions**2, 2 * positions, 4, "x")
    titles = [axis.get_title() for axis in shown[0].axes]
    assert titles[0] == "x: score"
    assert titles[1].endswith("left, 4 steps: 0.75")  # 2 * (0 + 1 + 2 + 3) / 16
    assert titles[2].endswith("gauss-legendre, 4 steps: 1.00")


def test_completeness_is_printed_with_its_mean_error(food_cnn, images, capsys):
    black = make_baselines("black", images)
    results = {"mine": integrated_gradients(food_cnn, images, TARGETS, steps=4), "zeros": 0 * images, "later": None}
    attribution_tables.print_completeness(food_cnn, images, TARGETS, black, results)
    lines = capsys.readouterr().out.splitlines()
    differences = completeness(food_cnn, images, TARGETS, black, 0 * images).differences
    assert len(lines) == 4
    assert lines[1].split()[-2:] == [f"{value:.2f}" for value in differences]
    assert float(lines[3].split()[-1]) == pytest.approx(float(differences.abs().mean()), abs=6e-4)


def test_baselines_stand_above_their_maps(food_cnn, images, shown):
    results = {kind: images - 0.5 for kind in BASELINES}
    attribution_plots.show_baselines(images, TARGETS, food_cnn, results, [3, 8])
    axes = shown[0].axes
    assert [axis.get_title() for axis in axes[:5]] == ["image 3", *BASELINES]
    low, high = axes[6].images[0].get_clim()
    assert low == -high
    expected = (images[1] - 0.5).sum(dim=0)
    torch.testing.assert_close(torch.from_numpy(axes[16].images[0].get_array().data), expected)


def test_what_the_network_says_to_baselines_is_printed(food_cnn, images, capsys):
    attribution_tables.print_baselines(food_cnn, images, TARGETS)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(BASELINES)
    assert all(line.split()[-1] in " ".join(food_cnn.categories) for line in lines[1:])


def test_the_dark_share_counts_the_darkest_pixels():
    images = torch.linspace(0, 1, 100).reshape(1, 1, 10, 10).expand(2, 3, 10, 10)
    attributions = torch.ones(2, 3, 10, 10)
    attributions[1, :, :2] = -3  # the darkest fifth, of either sign
    torch.testing.assert_close(attribution_tables.dark_share(attributions, images), torch.tensor([0.2, 60 / 140]))
    assert attribution_tables.dark_share(0 * attributions, images).tolist() == [0, 0]


def test_what_is_not_written_yet_is_said_in_one_line(food_cnn, images, capsys, shown):
    attribution_tables.print_completeness(food_cnn, images, TARGETS, 0 * images, {"mine": None})
    attribution_plots.show_baselines(images, TARGETS, food_cnn, {"black": None}, [0, 1])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("Nothing to show yet: ") and "integrated_gradients()" in line for line in lines)
    assert not shown
