import pytest
import torch

from helpers.ascent import gaussian_blur
from helpers.comparison import correlation, neighbour_correlation, relative_distances

MAPS = torch.rand(3, 40, 40, generator=torch.Generator().manual_seed(0))


def test_a_map_correlates_with_itself_and_with_its_negative_whatever_the_scale():
    torch.testing.assert_close(correlation(MAPS, 3 * MAPS + 1), torch.ones(3))
    torch.testing.assert_close(correlation(MAPS, -MAPS), -torch.ones(3))


def test_unrelated_maps_hardly_correlate_and_constant_ones_not_at_all():
    assert correlation(MAPS, MAPS.flip(1)).abs().max() < 0.1
    assert correlation(MAPS, torch.ones_like(MAPS)).tolist() == [0, 0, 0]


def test_numbers_that_are_none_do_not_pass_for_a_correlation():
    assert correlation(MAPS, torch.full_like(MAPS, torch.nan)).isnan().all()
    assert not (correlation(MAPS, torch.full_like(MAPS, 3e38)) > 0.5).any()


def test_neighbours_are_unlike_in_noise_and_alike_in_what_is_smooth():
    smooth = gaussian_blur(MAPS[None], 6)[0]
    assert neighbour_correlation(MAPS).abs().max() < 0.1
    assert neighbour_correlation(smooth, distance=1).min() > 0.9
    assert (neighbour_correlation(smooth) < neighbour_correlation(smooth, distance=1)).all()


@pytest.mark.parametrize("shape", [(1, 8, 8), (2, 4, 16)])
def test_each_image_has_one_number(shape):
    maps = torch.rand(shape, generator=torch.Generator().manual_seed(0))
    assert neighbour_correlation(maps).shape == correlation(maps, maps).shape == (shape[0],)


def test_a_distance_is_relative_to_the_reference():
    torch.testing.assert_close(relative_distances(1.1 * MAPS, MAPS), torch.full((3,), 0.1).double(), rtol=1e-5, atol=0)
    assert relative_distances(torch.full_like(MAPS, 3e38), MAPS).isfinite().all()
    assert relative_distances(torch.full_like(MAPS, torch.nan), MAPS).isnan().all()
