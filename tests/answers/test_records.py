"""The record checks: honest variation passes, each kind of mistake fails, nothing raises."""

import numpy as np
import pytest
import torch

from answers.records import imagenet as records
from helpers import photographs
from helpers.ascent import noise
from helpers.gradients import input_gradient
from helpers.saliency import saliency


@pytest.fixture(scope="module")
def model():
    return records.reference_model()


@pytest.fixture(scope="module")
def photos():
    return photographs.load_photographs(records.PHOTOGRAPHS)


@pytest.fixture(scope="module")
def labels(model):
    return torch.tensor([model.category_index(photographs.category(name)) for name in records.PHOTOGRAPHS])


@pytest.fixture(scope="module")
def gradients(model, photos, labels):
    return input_gradient(model, photos, labels)


def climb(model, image, target, lr, steps, stop):
    for _ in range(steps):
        logits = model(image)[0]
        if stop and logits.argmax() == target:
            break
        gradient = input_gradient(model, image, torch.tensor([target]))
        image = (image + lr * gradient / gradient.norm()).clamp(0, 1)
    return image[0].numpy()


TARGETS = np.array([6, 22, 968, 963])  # stingray, bald eagle, cup, pizza


@pytest.fixture(scope="module")
def fooled(model, photos):
    return np.stack([climb(model, photos[:1], int(target), 1.0, 30, stop=True) for target in TARGETS])


@pytest.fixture(scope="module")
def noisy(model):
    """A volcano of noise, sharp: what climbing without regularisers gives."""
    grey = noise(1, 224, torch.Generator().manual_seed(0))
    return climb(model, grey, model.category_index("volcano"), 0.5, 6, stop=False)


def shares(parts):
    assert all(part.reason.endswith((".", "?")) for part in parts)
    return [part.share for part in parts]


def saliency_shares(model, maps):
    return shares(records.check_saliency({"saliency": np.asarray(maps, np.float32)}, model))


def fooling_shares(model, images, targets=TARGETS):
    return shares(records.check_fooling({"fooling_images": images, "fooling_targets": targets}, model))


def class_shares(model, images, targets):
    arrays = {"class_images": np.stack(images), "class_targets": np.array(targets)}
    return shares(records.check_classes(arrays, model))


def test_saliency_computed_one_at_a_time_in_another_memory_format_passes(model, photos, labels):
    other = records.reference_model().to(memory_format=torch.contiguous_format)
    assert saliency_shares(model, saliency(other, photos, labels, batch_size=1)) == [1] * 6


def test_saliency_in_float64_passes(model, photos, labels):
    exact = records.reference_model().double()
    assert saliency_shares(model, saliency(exact, photos.double(), labels)) == [1] * 6


MISTAKES = {
    "mean over channels": lambda g: g.abs().mean(dim=1),
    "sum over channels": lambda g: g.abs().sum(dim=1),
    "norm over channels": lambda g: g.norm(dim=1),
    "no absolute value": lambda g: g.amax(dim=1),
    "negative cut off": lambda g: g.amax(dim=1).clamp(min=0),
    "absolute value last": lambda g: g.amax(dim=1).abs(),
    "rescaled": lambda g: g.abs().amax(dim=1) / g.abs().amax(dim=(1, 2, 3))[:, None, None],
    "upside down": lambda g: g.abs().amax(dim=1).flip(1),
    "of zeros": lambda g: torch.zeros(6, 224, 224),
    "of NaN": lambda g: torch.full((6, 224, 224), torch.nan),
    "infinite": lambda g: torch.full((6, 224, 224), torch.inf),
    "huge": lambda g: torch.full((6, 224, 224), 3e38),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistaken_saliency_passes(model, gradients, mistake):
    assert saliency_shares(model, MISTAKES[mistake](gradients)) == [0] * 6


def test_saliency_of_the_loss_does_not_pass(model, photos, labels):
    assert saliency_shares(model, saliency(model, photos, labels, of="loss")) == [0] * 6


def test_saliency_of_the_probability_does_not_pass(model, photos, labels):
    images = photos.clone().requires_grad_()
    probabilities = model(images).softmax(dim=1).gather(1, labels[:, None])
    (gradients,) = torch.autograd.grad(probabilities.sum(), images)
    assert saliency_shares(model, gradients.abs().amax(dim=1)) == [0] * 6


def test_one_right_map_counts_on_its_own_and_the_reason_names_the_others(model, gradients):
    maps = gradients.abs().amax(dim=1)
    maps[2] = maps[2].flip(0)
    parts = records.check_saliency({"saliency": maps.numpy()}, model)
    assert shares(parts) == [1, 1, 0, 1, 1, 1]
    assert "Saliency 2 (camera) differs" in parts[2].reason


def test_fooling_images_pass(model, fooled):
    assert fooling_shares(model, fooled) == [1] * 4


def test_the_photograph_itself_and_a_far_image_do_not_pass(model, fooled, photos):
    images = fooled.copy()
    images[1], images[2] = photos[0].numpy(), photos[1].numpy()
    parts = records.check_fooling({"fooling_images": images, "fooling_targets": TARGETS}, model)
    assert shares(parts) == [1, 0, 0, 1]
    assert "unchanged" in parts[1].reason
    assert "at most 5.0 %" in parts[2].reason


def test_an_image_of_another_class_does_not_pass_and_is_named(model, fooled):
    parts = records.check_fooling({"fooling_images": fooled[[1, 0, 2, 3]], "fooling_targets": TARGETS}, model)
    assert shares(parts) == [0, 0, 1, 1]
    assert "the model says bald eagle, not stingray" in parts[0].reason


def test_a_target_counts_once(model, fooled):
    assert fooling_shares(model, fooled[[0, 1, 2, 2]], TARGETS[[0, 1, 2, 2]]) == [1, 1, 1, 0]


def test_the_class_of_the_photograph_is_no_target(model, fooled, photos):
    images = fooled.copy()
    images[3] = photos[0].numpy() * 0.99
    assert fooling_shares(model, images, np.array([6, 22, 968, model.category_index("espresso")])) == [1, 1, 1, 0]


def test_without_a_stingray_one_image_does_not_count(model, fooled):
    assert fooling_shares(model, fooled[[1, 2, 3, 3]], TARGETS[[1, 2, 3, 3]]) == [0, 1, 1, 0]


@pytest.mark.parametrize("target", [-1, 1000, 2**62])
def test_targets_out_of_range_are_refused_not_followed(model, fooled, target):
    assert fooling_shares(model, fooled, np.array([6, 22, 968, target])) == [1, 1, 1, 0]
    assert class_shares(model, fooled[:2], [target, target]) == [0, 0]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0, 1, 1e38])
def test_constant_and_hostile_images_do_not_pass(model, value):
    images = np.full((4, 3, 224, 224), value, np.float32)
    assert fooling_shares(model, images) == [0] * 4
    assert class_shares(model, images, TARGETS) == [0] * 4


def test_a_photograph_shows_its_class(model, photos):
    targets = [model.category_index(name) for name in ("espresso", "tripod", "moped")]
    assert class_shares(model, photos[[0, 2, 4]].numpy(), targets) == [1, 1, 1]


def test_noise_that_fools_gets_half_because_a_blur_destroys_it(model, noisy):
    volcano = model.category_index("volcano")
    parts = records.check_classes({"class_images": noisy[None], "class_targets": np.array([volcano])}, model)
    assert shares(parts) == [0.5]
    assert "blurred by one pixel" in parts[0].reason


def test_a_class_counts_once_and_pixels_must_be_in_range(model, photos):
    espresso = model.category_index("espresso")
    assert class_shares(model, photos[[0, 0]].numpy(), [espresso, espresso]) == [1, 0]
    assert class_shares(model, photos[[0]].numpy() * 1.01, [espresso]) == [0]


def test_points_add_up_and_every_needed_record_exists():
    names = {record.name for record in records.RECORDS}
    assert sum(record.points for record in records.RECORDS) == 5
    assert all(set(record.needs) <= names for record in records.RECORDS)
    assert all((record.check is not None) == (record.points > 0) for record in records.RECORDS)
