import pytest
import torch
from scipy import ndimage

from helpers import ascent


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.fixture
def images(generator):
    return torch.rand(2, 3, 20, 24, generator=generator)


def test_noise_repeats_under_a_seed_and_lies_in_range():
    first, second = (ascent.noise(2, 32, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first, second)
    assert first.shape == (2, 3, 32, 32)
    assert first.min() >= 0
    assert first.max() <= 1


def test_jitter_is_undone_exactly(images, generator):
    for _ in range(20):
        rolled, shift = ascent.jitter(images, 5, generator)
        assert max(map(abs, shift)) <= 5
        assert torch.equal(ascent.undo_jitter(rolled, shift), images)


def test_jitter_of_at_most_zero_pixels_changes_nothing(images, generator):
    assert torch.equal(ascent.jitter(images, 0, generator)[0], images)


@pytest.mark.parametrize("sigma", [0.5, 1, 3, 50])
def test_blur_keeps_a_constant_and_smooths_everything_else(images, sigma):
    flat = torch.full_like(images, 0.3)
    torch.testing.assert_close(ascent.gaussian_blur(flat, sigma), flat)
    assert ascent.gaussian_blur(images, sigma).std() < images.std()


def test_blur_equals_that_of_scipy(images):
    expected = ndimage.gaussian_filter(images.numpy(), (0, 0, 2, 2), mode="mirror", truncate=3)
    torch.testing.assert_close(ascent.gaussian_blur(images, 2), torch.from_numpy(expected))


def test_blur_mixes_neither_images_nor_channels(images):
    alone = torch.zeros_like(images)
    alone[1, 2] = images[1, 2]
    blurred = ascent.gaussian_blur(alone, 1)
    assert blurred[0].abs().max() == 0
    assert blurred[1, :2].abs().max() == 0


@pytest.mark.parametrize("sigma", [0, -1, float("nan")])
def test_blur_needs_a_positive_sigma(images, sigma):
    with pytest.raises(ValueError, match="sigma must be positive"):
        ascent.gaussian_blur(images, sigma)


@pytest.mark.parametrize("direction", [ascent.unit, ascent.natural_direction])
def test_directions_have_norm_one_for_each_image_whatever_the_scale(images, direction):
    directions = direction((images - 0.5) * torch.tensor([1e-6, 1e6])[:, None, None, None])
    torch.testing.assert_close(directions.flatten(1).norm(dim=1), torch.ones(2))


@pytest.mark.parametrize("direction", [ascent.unit, ascent.natural_direction])
def test_no_gradient_gives_no_direction_and_no_nan(direction):
    assert direction(torch.zeros(1, 3, 20, 20)).abs().max() == 0


def test_the_natural_direction_is_uphill_smoother_and_less_coloured(images):
    gradients = ascent.unit(images - 0.5)
    natural = ascent.natural_direction(gradients)
    assert (natural * gradients).flatten(1).sum(dim=1).min() > 0
    assert natural.diff(dim=3).norm() < gradients.diff(dim=3).norm()
    assert natural.std(dim=1).mean() < gradients.std(dim=1).mean()


def test_a_slope_of_zero_mixes_colours_only(images):
    grey = (images - 0.5).mean(dim=1, keepdim=True).expand(-1, 3, -1, -1)
    covariance = torch.tensor(ascent.COLOUR_COVARIANCE)
    expected = ascent.unit(grey * covariance.sum(dim=1)[:, None, None])
    torch.testing.assert_close(ascent.natural_direction(grey, slope=0), expected)
    assert torch.linalg.eigvalsh(covariance).min() > 0


def test_growing_visits_the_sizes_and_stops_at_none(generator):
    seen = []
    start = ascent.noise(1, 8, generator)
    grown = ascent.grow(lambda images: seen.append(images.shape[-1]) or images, start, [8, 16, 24])
    assert seen == [8, 16, 24]
    assert grown.shape == (1, 3, 24, 24)
    assert ascent.grow(lambda images: None, start, [8, 16]) is None


def test_resized_images_stay_in_range(images):
    large = ascent.resize((images > 0.5).float(), 64)
    assert large.min() >= 0
    assert large.max() <= 1
