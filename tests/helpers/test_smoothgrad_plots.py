"""The figures and tables of the notebook on SmoothGrad."""

import pytest
import torch

from helpers import smoothgrad_plots, smoothgrad_tables
from helpers.food import FoodCNN
from helpers.gradients import input_gradient

pytestmark = pytest.mark.usefixtures("shown")

IMAGES = torch.rand(3, 3, 128, 128, generator=torch.Generator().manual_seed(0))
MAPS = torch.rand(3, 128, 128, generator=torch.Generator().manual_seed(1))
TARGETS = torch.tensor([0, 4, 9])
MARKS = [0, 3, 7]


@pytest.fixture(scope="module")
def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return FoodCNN(width=2).eval().requires_grad_(False)


def generator():
    return torch.Generator().manual_seed(0)


def test_the_fluctuation_begins_at_the_image_itself(food_cnn, noise_images, shown):
    smoothgrad_plots.show_fluctuation(food_cnn, noise_images[:1], TARGETS[:1], generator(), reach=0.05, points=5)
    score, derivatives, likeness = shown[0].axes[2:]
    largest = input_gradient(food_cnn, noise_images[:1], TARGETS[:1]).abs().max()
    assert score.lines[0].get_ydata()[0] == pytest.approx(float(food_cnn(noise_images[:1])[0, 0]), rel=1e-3)
    assert abs(derivatives.lines[0].get_ydata()[0]) == pytest.approx(float(largest), rel=1e-3)
    assert len(derivatives.lines) == 5
    assert likeness.lines[0].get_ydata()[0] == pytest.approx(1)
    assert list(likeness.lines[0].get_xdata())[-1] == pytest.approx(5)  # per cent


def test_every_map_stands_right_of_its_image_under_its_title(shown):
    smoothgrad_plots.show_columns(IMAGES, {"a": MAPS, "b": 2 * MAPS}, MARKS)
    axes = shown[0].axes
    assert [axis.get_title() for axis in axes[:3]] == ["", "a", "b"]
    assert [axes[row * 3].get_ylabel() for row in range(3)] == ["0", "3", "7"]
    torch.testing.assert_close(torch.from_numpy(axes[5].images[0].get_array().data), 2 * MAPS[1])


def test_noisy_pictures_are_the_pictures_where_the_level_is_zero(shown):
    smoothgrad_plots.show_noisy(IMAGES, [0.0, 0.5], MARKS, generator())
    plain, noisy = (torch.from_numpy(axis.images[0].get_array().copy()).float() for axis in shown[0].axes[:2])
    assert (plain / 255 - IMAGES[0].permute(1, 2, 0)).abs().max() <= 0.5 / 255 + 1e-6
    assert (noisy - plain).std() > 50


def test_probabilities_without_noise_are_those_of_the_images(network):
    found = smoothgrad_tables.noisy_probabilities(network, IMAGES, TARGETS, [0.0, 0.3], generator(), copies=3)
    expected = network(IMAGES).softmax(dim=1)[range(3), TARGETS]
    assert found.shape == (2, 3)
    torch.testing.assert_close(found[0], expected)


def test_tables_are_printed(capsys):
    smoothgrad_tables.print_noisy_probabilities(torch.tensor([[0.5, 1], [0.25, 0]]), [0.0, 0.3])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [["0%", "noise", "0.50", "1.00"], ["30%", "noise", "0.25", "0.00"]]
    smoothgrad_tables.print_agreement({5: (MAPS, MAPS)}, {5: (MAPS, -MAPS)})
    assert capsys.readouterr().out.splitlines()[1].split() == ["n", "=", "5", "1.00", "-1.00"]


def test_the_course_divides_by_the_range_and_squares(capsys):
    half = 0.5 * IMAGES[:1] + 0.25
    ratio = smoothgrad_tables.course_sigma(half) / smoothgrad_tables.course_sigma(IMAGES[:1])
    assert float(ratio) == pytest.approx(4, rel=1e-4)
    black_to_white = torch.zeros(1, 3, 2, 2)
    black_to_white[..., 0] = 1
    smoothgrad_tables.print_sigmas(black_to_white, ["x"])
    assert capsys.readouterr().out.splitlines()[1].split() == ["x", "1.000", "0.150", "0.160"]


def test_contrasts_are_shown_with_the_noise_of_both_rules(shown):
    contrasts = torch.cat([IMAGES[:1], 0.5 * IMAGES[:1] + 0.25])
    smoothgrad_plots.show_contrasts(contrasts, generator())
    titles = [axis.get_title() for axis in shown[0].axes]
    assert titles == ["range 1.00", "range 0.50", "sigma 0.15", "sigma 0.07", "sigma 0.16", "sigma 0.64"]


def test_what_is_not_written_yet_is_said_in_one_line(capsys, shown):
    smoothgrad_plots.show_columns(IMAGES, {"a": MAPS, "b": None}, MARKS)
    smoothgrad_tables.print_agreement({5: (MAPS, MAPS)}, {5: (None, None)})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("Nothing to show yet: ") and "smoothgrad()" in line for line in lines)
    assert not shown
