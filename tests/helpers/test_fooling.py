import pytest
import torch

from helpers.fooling import variations


@pytest.fixture
def image():
    return torch.full((1, 3, 16, 16), 0.5)


@pytest.fixture
def fooled(image):
    return image + 0.1 * (torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(0)) - 0.5)


def test_random_direction_and_reverse_have_the_norm_of_the_perturbation(image, fooled):
    changed = variations(image, fooled, torch.Generator().manual_seed(1))
    norms = {name: (images - image).flatten(1).norm(dim=1) for name, images in changed.items()}
    torch.testing.assert_close(norms["random direction"], norms["fooled"])
    torch.testing.assert_close(norms["reversed"], norms["fooled"])


def test_they_repeat_under_a_seed_and_stay_in_range(image, fooled):
    first, second = (variations(image, fooled * 2 - 0.5, torch.Generator().manual_seed(1)) for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert all(images.min() >= 0 and images.max() <= 1 for name, images in first.items() if name != "fooled")


def test_images_of_another_size_are_refused(image):
    with pytest.raises(ValueError, match=r"fooled must be \(M, 3, 16, 16\), got \(1, 3, 8, 8\)"):
        variations(image, torch.zeros(1, 3, 8, 8), torch.Generator())
