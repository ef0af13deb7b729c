from itertools import combinations

import numpy as np
import pytest
import torch
from lime.lime_image import LimeImageExplainer
from sklearn.metrics.pairwise import cosine_distances
from torch import nn

from helpers.lime_explanation import ask, draw_switches, lime_explanation, paint, proximity, switch_off

SIDE, PATCHES = 16, 16
TARGETS = torch.tensor([0, 1])
WEIGHTS = torch.linspace(-0.03, 0.05, PATCHES)


def grid():
    """Sixteen squares of 4 x 4 pixels as segments: (2, 16, 16)."""
    rows = torch.arange(SIDE) // 4
    return (4 * rows[:, None] + rows).expand(2, -1, -1).contiguous()


class LinearProbability(nn.Module):
    """The probability of class 0 is 0.3 plus `WEIGHTS` times the brightness of the squares; class 1 has the rest."""

    def forward(self, images):
        brightness = nn.functional.avg_pool2d(images.mean(dim=1), 4).flatten(1)  # (N, 16)
        probability = 0.3 + brightness.double() @ WEIGHTS.double()
        return torch.stack([probability, 1 - probability], dim=1).log()


class Crooked(LinearProbability):
    """No straight line describes it."""

    def forward(self, images):
        return super().forward(images) * (1 + images[:, 0, 0, 0, None] + images.mean(dim=(1, 2, 3))[:, None])


@pytest.fixture
def model():
    return LinearProbability().eval()


@pytest.fixture
def images():
    return torch.rand(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(5))


def test_it_recovers_a_model_that_is_linear_in_its_segments(model):
    found = lime_explanation(model, torch.ones(2, 3, SIDE, SIDE), TARGETS, grid(), samples=2000, hide_color=0)
    for weights, expected in zip(found.weights, (WEIGHTS, -WEIGHTS), strict=True):
        torch.testing.assert_close(weights, expected, rtol=0.02, atol=1e-4)  # the penalty makes them 1 % smaller
    assert found.fits.min() > 0.999


@pytest.mark.parametrize("hide_color", [0.0, 0.7, (0.1, 0.5, 0.9), None])
@pytest.mark.parametrize("make", [LinearProbability, Crooked])
def test_it_equals_the_package(images, make, hide_color):
    model = make().eval()
    found = lime_explanation(model, images, TARGETS, grid(), samples=60, hide_color=hide_color, seed=3)

    def classify(pictures):
        return model(torch.from_numpy(pictures).permute(0, 3, 1, 2).float()).softmax(dim=1).numpy()

    for number, target in enumerate(TARGETS.tolist()):
        theirs = LimeImageExplainer(random_state=3).explain_instance(
            images[number].double().permute(1, 2, 0).numpy(), classify, labels=(target,), top_labels=None,
            hide_color=hide_color, num_samples=60, random_seed=3, segmentation_fn=lambda _: grid()[0].numpy(),
        )  # fmt: skip
        expected = torch.tensor([weight for _, weight in sorted(theirs.local_exp[target])]).float()
        torch.testing.assert_close(found.weights[number], expected, rtol=1e-4, atol=1e-6)
        assert float(found.fits[number]) == pytest.approx(theirs.score, abs=1e-4)


def test_a_seed_repeats_the_maps_and_another_does_not(images):
    maps = [lime_explanation(Crooked().eval(), images, TARGETS, grid(), 30, seed=seed).maps for seed in (1, 1, 2)]
    assert torch.equal(maps[0], maps[1])
    assert not torch.allclose(maps[0], maps[2], atol=1e-3)


def test_whatever_numpy_drew_before_the_maps_are_the_same(images):
    model, state = Crooked().eval(), np.random.get_state()
    maps = []
    for draws in (1, 5):
        np.random.rand(draws)
        maps.append(lime_explanation(model, images, TARGETS, grid(), 30, hide_color=None, seed=1).maps)
    np.random.set_state(state)
    assert torch.equal(*maps)


def test_the_class_that_is_asked_for_is_explained_however_improbable(food_cnn, noise_images):
    """Probabilities sum to one, so what a segment adds to all classes together is nothing."""
    image, segments = noise_images[:1], (torch.arange(128 * 128) // 2048).reshape(1, 128, 128)
    maps = [lime_explanation(food_cnn, image, torch.tensor([label]), segments, 20).maps for label in range(11)]
    assert sum(maps).abs().max() < 1e-6
    assert all(not torch.equal(each, other) for each, other in combinations(maps, 2))


@pytest.mark.parametrize("batch_size", [1, 7, 100])
def test_the_batch_size_changes_nothing(images, batch_size):
    model = Crooked().eval()
    maps = lime_explanation(model, images, TARGETS, grid(), 30, batch_size=batch_size).maps
    torch.testing.assert_close(maps, lime_explanation(model, images, TARGETS, grid(), 30).maps)


def test_several_images_equal_one_at_a_time(images):
    model = Crooked().eval()
    both = lime_explanation(model, images, TARGETS, grid(), 30).maps
    rows = zip(images.split(1), TARGETS.split(1), grid().split(1), strict=True)
    torch.testing.assert_close(both, torch.cat([lime_explanation(model, *row, 30).maps for row in rows]))


def test_a_hidden_segment_that_looks_the_same_has_no_weight(model):
    flat = torch.full((2, 3, SIDE, SIDE), 0.4)
    assert lime_explanation(model, flat, TARGETS, grid(), 50, hide_color=None).maps.abs().max() < 1e-6
    assert lime_explanation(model, flat, TARGETS, grid(), 50, hide_color=0.4).maps.abs().max() < 1e-6


def test_random_numbers_of_the_caller_and_the_images_are_left_alone(model, images):
    before, state, other = images.clone(), torch.get_rng_state(), np.random.get_state()[1].copy()
    images.requires_grad_()
    lime_explanation(model, images, TARGETS, grid(), 10)
    assert torch.equal(images, before)
    assert images.grad is None
    assert torch.equal(torch.get_rng_state(), state)
    assert (np.random.get_state()[1] == other).all()


def test_a_food_cnn_is_asked_in_half_precision_which_hardly_matters(food_cnn, noise_images):
    segments = (torch.arange(128 * 128) // 2048).reshape(1, 128, 128).expand(3, -1, -1)
    targets = torch.tensor([0, 4, 9])
    fast = lime_explanation(food_cnn, noise_images.float(), targets, segments, 40)

    class Wrapped(nn.Module):
        def forward(self, images):
            return food_cnn(images.double())

    exact = lime_explanation(Wrapped().eval(), noise_images.float(), targets, segments, 40)
    assert (fast.maps - exact.maps).abs().max() < 0.02
    assert not any(layer._forward_hooks for layer in food_cnn.modules())


def test_switches_are_all_on_first_and_then_half_of_them():
    switches = draw_switches(2000, 50, seed=4)
    assert switches[0].all()
    assert 0.49 < float(switches[1:].float().mean()) < 0.51
    assert set(switches.unique().tolist()) == {0, 1}
    assert torch.equal(draw_switches(2000, 50, seed=4), switches)


def test_switched_off_segments_show_what_is_hidden_and_others_the_image(images):
    switches = torch.eye(PATCHES, dtype=torch.int64)
    copies = switch_off(images[0], grid()[0], switches, 2 * torch.ones(3, 1, 1))
    assert copies.shape == (PATCHES, 3, SIDE, SIDE)
    for number, copy in enumerate(copies):
        seen = grid()[0] == number
        assert torch.equal(copy[:, seen], images[0][:, seen])
        assert (copy[:, ~seen] == 2).all()


def test_proximity_is_the_kernel_of_the_package():
    switches = draw_switches(30, 20, seed=0)
    distances = cosine_distances(switches.numpy(), np.ones((1, 20)))[:, 0]
    kernel = LimeImageExplainer().base.kernel_fn
    np.testing.assert_allclose(proximity(switches).numpy(), kernel(distances), rtol=1e-10)
    assert proximity(torch.zeros(1, 5)).item() == pytest.approx(np.exp(-8))


def test_asking_gives_the_probability_of_the_class_for_every_copy(model, images):
    batches = (images[[number]] for number in (0, 1, 0))
    expected = model(images).softmax(dim=1)[[0, 1, 0], 1]
    torch.testing.assert_close(ask(model, batches, target=1, total=3), expected)


def test_what_is_unwritten_stays_none(model, images):
    assert ask(model, (None for _ in range(3)), target=0) is None
    assert paint([torch.ones(PATCHES), None], grid()) is None


def test_painting_gives_each_pixel_the_weight_of_its_segment():
    weights = torch.arange(PATCHES, dtype=torch.float64)
    assert torch.equal(paint([weights, -weights], grid()), torch.stack([grid()[0], -grid()[1]]).float())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"samples": 0}, "samples must be a whole number"),
        ({"segments": grid() + 1}, "without gaps"),
        ({"segments": grid()[:1]}, "segments must be an int64 tensor"),
        ({"targets": torch.tensor([0])}, "targets must be"),
        ({"images": torch.rand(3, SIDE, SIDE)}, r"pass image\[None\]"),
        ({"model": LinearProbability().train()}, "training mode"),
        ({"batch_size": 0}, "batch_size"),
    ],
)
def test_inputs_of_another_form_are_refused(model, images, change, message):
    arguments = {"model": model, "images": images, "targets": TARGETS, "segments": grid()} | change
    with pytest.raises(ValueError, match=message):
        lime_explanation(**arguments)
