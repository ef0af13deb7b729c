import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from helpers import deep_dream as dreams
from helpers.filters import activation, mean_activation
from helpers.food import FoodCNN

OWN = torch.tensor([0, 3])


@pytest.fixture(scope="module")
def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = FoodCNN(width=8)
    for module in network.cnn:
        if isinstance(module, nn.BatchNorm2d):
            module.bias.data.fill_(0.3)  # no filter is silent behind its ReLU
    return network.eval().requires_grad_(False)


@pytest.fixture
def photos():
    generator = torch.Generator().manual_seed(1)
    return dreams.resize(torch.rand(2, 3, 9, 12, generator=generator), (72, 96)).clamp(0, 1)


def dream(network, photos, layer=6, filters=OWN, **options):
    return dreams.deep_dream(network, photos, layer, filters, **{"iterations": 3, "octaves": 2, **options})


@pytest.mark.parametrize("layer", [6, 15, 23])
def test_a_dream_excites_its_filters_and_has_the_size_of_the_photograph(network, photos, layer):
    dreamt = dream(network, photos, layer)
    assert dreamt.shape == photos.shape
    assert dreamt.min() >= 0
    assert dreamt.max() <= 1
    before, after = (mean_activation(network, images, layer, OWN) for images in (photos, dreamt))
    assert (after > before).all()


def test_a_dream_of_all_filters_raises_the_mean_square(network, photos):
    dreamt = dream(network, photos, 15, None)
    before, after = (activation(network, images, 15).square().mean(dim=(1, 2, 3)) for images in (photos, dreamt))
    assert (after > before).all()


def test_a_dream_of_several_filters_raises_their_mean(network, photos):
    several = torch.tensor([[0, 1, 2], [3, 4, 5]])
    dreamt = dream(network, photos, 6, several)
    before, after = (dreams.objective(activation(network, images, 6), several) for images in (photos, dreamt))
    assert (after > before).all()


def test_no_iterations_give_the_photograph_back(network, photos):
    torch.testing.assert_close(dream(network, photos, iterations=0), photos, atol=1e-6, rtol=0)


def test_more_and_longer_steps_lead_further_away(network, photos):
    distances = [(dream(network, photos, **options) - photos).norm()
                 for options in ({"lr": 0.005}, {"lr": 0.02}, {"lr": 0.02, "iterations": 6})]  # fmt: skip
    assert distances == sorted(distances)


def test_a_first_step_has_the_length_asked_for(network, photos):
    moved = dreams.climb(network, 0.25 + photos / 2, 6, OWN, iterations=1, lr=0.01) - (0.25 + photos / 2)
    torch.testing.assert_close(moved.square().mean(dim=(1, 2, 3)).sqrt(), torch.full((2,), 0.01))


def test_the_sharpness_of_the_photograph_is_kept(network):
    chequers = (
        torch.arange(96)[:, None] + torch.arange(96)
    ) % 2 * 0.5 + 0.25  # nothing of it survives being made small
    photo = chequers.expand(1, 3, 96, 96)
    dreamt = dream(network, photo, 33, OWN[:1], lr=0.002)
    assert torch.corrcoef(torch.stack([photo.flatten(), dreamt.flatten()]))[0, 1] > 0.9


def test_a_dream_repeats_under_a_seed(network, photos):
    def run(seed):
        return dream(network, photos, generator=torch.Generator().manual_seed(seed))

    assert torch.equal(run(1), run(1))
    assert not torch.equal(run(1), run(2))


def test_photographs_do_not_influence_each_other(network, photos):
    together = dream(network, photos, iterations=1, batch_size=2)
    torch.testing.assert_close(together, dream(network, photos, iterations=1, batch_size=1), atol=1e-4, rtol=0)


def test_nothing_of_the_callers_is_touched(network, photos):
    before = photos.clone()
    dream(network, photos)
    assert torch.equal(photos, before)
    assert not any(module._forward_hooks for module in network.modules())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_every_step_is_shown(network, photos):
    seen = []
    live = type("Live", (), {"update": lambda self, images: seen.append(tuple(images.shape[2:]))})()
    dream(network, photos, iterations=2, scale=1.5, live=live)
    assert seen == [(48, 64)] * 2 + [(72, 96)] * 2


def test_a_photograph_keeps_its_proportions_and_colours():
    photo = dreams.load_photograph("china", 100)
    assert photo.shape == (1, 3, 100, 150)  # of 427 x 640
    assert photo.dtype == torch.float32
    assert photo[0, 2, :20].mean() > photo[0, 0, :20].mean()  # the sky is blue


def test_a_photograph_of_ones_own_is_read_from_its_path(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "grey.png")
    photo = dreams.load_photograph(tmp_path / "grey.png", 20)
    torch.testing.assert_close(photo, torch.from_numpy(pixels).expand(1, 3, -1, -1) / 255)


def test_a_photograph_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(FileNotFoundError, match="nowhere"):
        dreams.load_photograph("nowhere", 100)


def test_octaves_grow_to_the_size_of_the_photograph():
    assert dreams.octave_sizes((128, 200), 3, 2.0) == [(32, 50), (64, 100), (128, 200)]


@pytest.mark.parametrize(("octaves", "size"), [(0, (100, 100)), (-1, (100, 100)), (5, (100, 100)), (1, (20, 90))])
def test_octaves_that_do_not_fit_are_refused(octaves, size):
    with pytest.raises(ValueError, match="do not fit"):
        dreams.octave_sizes(size, octaves, 1.4)


@pytest.mark.parametrize("filters", [[0, 3], OWN[:1], torch.tensor([0, 8]), torch.zeros(2, 0, dtype=torch.int64)])
def test_filters_that_do_not_fit_are_refused(network, photos, filters):
    with pytest.raises(ValueError, match="filters"):
        dream(network, photos, 6, filters)


def test_other_inputs_are_refused(network, photos):
    with pytest.raises(ValueError, match=r"pass image\[None\]"):
        dream(network, photos[0])
    with pytest.raises(ValueError, match="layer must be an integer"):
        dream(network, photos, 38)
    with pytest.raises(ValueError, match="layer must be an integer"):
        dream(network, photos, 38, None)
