import pytest
import torch
from captum.attr import NoiseTunnel, Saliency
from torch import nn

from helpers.food import FoodCNN
from helpers.saliency import saliency
from helpers.smoothgrad import AVERAGES, smoothgrad, smoothgrad_maps, value_range


@pytest.fixture
def images(noise_images):
    return noise_images


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


TARGETS = torch.tensor([0, 4, 9])


def distance(maps, expected):
    return float((maps - expected).norm() / expected.norm())


@pytest.mark.parametrize("average", ["absolute", "signed"])
@pytest.mark.parametrize("of", ["logit", "loss"])
def test_without_noise_it_is_saliency(food_cnn, images, average, of):
    maps = smoothgrad(food_cnn, images, TARGETS, noise_level=0, samples=3, average=average, of=of)
    assert distance(maps, saliency(food_cnn, images, TARGETS, of=of)) < 1e-6


@pytest.fixture
def float64():
    """Captum draws its noise and places its steps in the default dtype."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


NAMES = {"absolute": ("smoothgrad", True), "signed": ("smoothgrad", False), "squared": ("smoothgrad_sq", False)}


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("average", AVERAGES)
def test_with_the_same_noise_it_equals_captum(food_cnn, images, average):
    image, target, (tunnel, absolute) = images[:1], TARGETS[:1], NAMES[average]
    options = {"nt_type": tunnel, "nt_samples": 5, "nt_samples_batch_size": 1, "abs": absolute}
    with torch.random.fork_rng():
        torch.manual_seed(3)  # Captum draws from the default generator only
        sigma = 0.2 * float(value_range(image))
        expected = NoiseTunnel(Saliency(food_cnn)).attribute(image, stdevs=sigma, target=target, **options)
        torch.manual_seed(3)
        maps = smoothgrad(food_cnn, image, target, noise_level=0.2, samples=5, average=average)
    assert distance(maps, expected.abs().amax(dim=1)) < 1e-4


@pytest.mark.parametrize("batch_size", [1, 2, 4, 100])
def test_the_same_noise_gives_the_same_maps_whatever_the_batch_size(food_cnn, images, batch_size):
    expected = smoothgrad(food_cnn, images, TARGETS, samples=5, generator=generator(), batch_size=3)
    maps = smoothgrad(food_cnn, images, TARGETS, samples=5, generator=generator(), batch_size=batch_size)
    assert distance(maps, expected) < 1e-6


def test_the_memory_format_of_the_images_does_not_change_the_noise(food_cnn, images):
    expected = smoothgrad(food_cnn, images, TARGETS, samples=2, generator=generator())
    images = images.to(memory_format=torch.channels_last)
    assert distance(smoothgrad(food_cnn, images, TARGETS, samples=2, generator=generator()), expected) < 1e-6


def test_other_noise_gives_other_maps_which_agree_better_the_more_samples(food_cnn, images):
    def disagreement(samples):
        maps = [smoothgrad(food_cnn, images, TARGETS, samples=samples, generator=generator(seed)) for seed in (1, 2)]
        return distance(*maps)

    assert 1e-3 < disagreement(20) < disagreement(2) / 2


def seen_by(images, noise_level):
    """The noisy copies that a model is shown."""
    seen = []
    model = nn.Sequential(nn.Flatten(), nn.Linear(images[0].numel(), 2)).to(images.dtype).eval()
    model.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].detach()))
    zeros = torch.zeros(len(images), dtype=torch.int64)
    smoothgrad(model, images, zeros, noise_level, samples=300, generator=generator())
    return torch.cat(seen).unflatten(0, (300, -1))  # (300, N, 3, H, W)


def test_the_noise_is_a_share_of_each_images_own_range():
    images = torch.rand(2, 3, 20, 20, generator=generator()) * torch.tensor([1, 0.25])[:, None, None, None]
    noise = seen_by(images, 0.2) - images
    assert noise.std(dim=(0, 2, 3, 4)).tolist() == pytest.approx((0.2 * value_range(images)).tolist(), rel=0.01)
    assert abs(noise.mean()) < 1e-3


def test_a_flat_image_gets_no_noise():
    flat = torch.full((1, 3, 4, 4), 0.5)
    assert torch.equal(seen_by(flat, 0.2), flat.expand(300, 1, 3, 4, 4))


@pytest.mark.parametrize("average", AVERAGES)
def test_of_a_linear_model_it_is_the_saliency_or_its_square(average):
    model = nn.Sequential(nn.Flatten(), nn.Linear(48, 5)).eval()
    images, targets = torch.rand(2, 3, 4, 4, generator=generator()), torch.tensor([1, 3])
    expected = saliency(model, images, targets) ** (2 if average == "squared" else 1)
    torch.testing.assert_close(smoothgrad(model, images, targets, samples=7, average=average), expected)


def test_the_signed_mean_is_never_above_the_absolute_one(food_cnn, images):
    signed, absolute = (
        smoothgrad(food_cnn, images, TARGETS, samples=8, average=average, generator=generator())
        for average in ("signed", "absolute")
    )
    assert (signed <= absolute * (1 + 1e-9)).all()
    assert signed.mean() < 0.9 * absolute.mean()


def test_several_averages_at_once_are_those_of_one_each(food_cnn, images):
    together = smoothgrad_maps(food_cnn, images, TARGETS, tuple(AVERAGES), samples=3, generator=generator())
    for average, maps in together.items():
        alone = smoothgrad(food_cnn, images, TARGETS, samples=3, average=average, generator=generator())
        torch.testing.assert_close(maps, alone)


def test_the_caller_finds_everything_as_it_was(food_cnn, images):
    own, before, parameters = images.clone().requires_grad_(), images.clone(), list(food_cnn.parameters())
    state = torch.get_rng_state()
    maps = smoothgrad(food_cnn, own, TARGETS, samples=1, generator=generator())
    assert torch.equal(own.detach(), before)
    assert own.grad is None
    assert not maps.requires_grad
    assert all(parameter.grad is None for parameter in parameters)
    assert torch.equal(torch.get_rng_state(), state)  # the noise came from the generator only


def test_progress_counts_the_samples(food_cnn, images, capsys):
    smoothgrad(food_cnn, images[:1], TARGETS[:1], samples=6)
    assert capsys.readouterr().err == ""
    smoothgrad(food_cnn, images[:1], TARGETS[:1], samples=6, progress=True)
    assert "6/6" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": torch.zeros(3, 8, 8)}, r"pass image\[None\]"),
        ({"images": torch.zeros(0, 3, 8, 8), "targets": torch.zeros(0, dtype=torch.int64)}, r"at least one image"),
        ({"targets": torch.tensor([1, 2])}, r"targets must be \(1,\), one class an image, got \(2,\)"),
        ({"noise_level": -0.1}, r"noise_level must be a share .* got -0.1"),
        ({"noise_level": float("nan")}, r"got nan"),
        ({"samples": 0}, r"samples must be a whole number of at least 1, got 0"),
        ({"samples": 2.5}, r"got 2.5"),
        ({"average": "mean"}, r"average must be one of .* got 'mean'"),
        ({"of": "probability"}, r"of must be one of .* got 'probability'"),
        ({"batch_size": 0}, r"batch_size must be a whole number of at least 1, got 0"),
    ],
)
def test_inputs_of_another_form_are_refused(food_cnn, change, message):
    arguments = {"images": torch.zeros(1, 3, 128, 128).double(), "targets": torch.tensor([1])} | change
    with pytest.raises(ValueError, match=message):
        smoothgrad(food_cnn, **arguments)


def test_a_model_in_training_mode_is_refused():
    with pytest.raises(ValueError, match=r"model.eval\(\)"):
        smoothgrad(FoodCNN(1), torch.zeros(1, 3, 128, 128), torch.tensor([1]))
