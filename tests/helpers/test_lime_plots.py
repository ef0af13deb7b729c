import numpy as np
import pytest
import torch

from helpers import lime_plots

pytestmark = pytest.mark.usefixtures("shown")

TARGETS = torch.tensor([0, 4, 9])
MAPS = torch.rand(3, 128, 128, generator=torch.Generator().manual_seed(0)) - 0.5


def test_superpixels_are_drawn_with_how_many_came_out(noise_images, shown):
    segments = (torch.arange(128) // 32).expand(3, 128, -1).contiguous()
    lime_plots.show_segments(noise_images, {"a": segments, "b": 0 * segments}, "xyz")
    labels = [axis.get_xlabel() for axis in shown[0].axes]
    assert labels == ["", "4 came out", "1 came out"] * 3
    drawn = shown[0].axes[1].images[0].get_array()
    assert (drawn[:, 31] == lime_plots.LINE).all()
    assert not (drawn[:, 16] == lime_plots.LINE).all()


def test_copies_are_shown_with_the_probability_of_the_class(food_cnn, noise_images, shown):
    lime_plots.show_switched_off(food_cnn, noise_images, 4)
    expected = food_cnn(noise_images).softmax(dim=1)[:, 4]
    assert [axis.get_xlabel() for axis in shown[0].axes] == [f"p = {value:.2f}" for value in expected]


def test_copies_that_are_unwritten_are_one_line(food_cnn, shown, capsys):
    lime_plots.show_switched_off(food_cnn, None, 4)
    assert not shown
    assert "Write switch_off()" in capsys.readouterr().out


def test_green_is_for_and_red_is_against():
    values = np.array([[1.0, 0.0, -1.0]])
    left, middle, right = lime_plots.tinted(np.full((1, 3, 3), 128, np.uint8), values)[0]
    assert left.argmax() == 1
    assert right.argmax() == 0
    assert len(set(middle.tolist())) == 1


def test_a_map_of_zeros_is_grey():
    picture = lime_plots.tinted(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2)))
    assert np.isfinite(picture).all()
    assert (picture == picture[..., :1]).all()


def test_explanations_stand_under_their_pictures_and_masks_are_outlined(food_cnn, noise_images, shown):
    masks = MAPS > 2
    masks[:, 30:60, 40:90] = True
    lime_plots.show_explanations(food_cnn, noise_images, TARGETS, {"a": MAPS, "b": -MAPS}, masks)
    assert len(shown[0].axes) == 9
    assert all(axis.collections for axis in shown[0].axes)
    assert shown[0].axes[2].get_title().startswith("2 Soup")


def test_rows_that_are_unwritten_are_named(food_cnn, noise_images, shown, capsys):
    lime_plots.show_explanations(food_cnn, noise_images, TARGETS, {"LIME": None})
    assert not shown
    assert "'LIME' is None" in capsys.readouterr().out


def test_pairs_stand_above_each_other_with_their_probabilities(food_cnn, noise_images, shown):
    lime_plots.show_pairs(food_cnn, noise_images, noise_images.flip(0), 9, "abc")
    labels = [axis.get_xlabel() for axis in shown[0].axes]
    assert labels[:3] == labels[:2:-1]
    assert [axis.get_title() for axis in shown[0].axes[:3]] == list("abc")
