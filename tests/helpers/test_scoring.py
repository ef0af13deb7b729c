import pytest
import torch
from torch import nn

from helpers import scoring
from helpers.scoring import deletion, energy_inside, insertion, inside_share, mask_area

GENERATOR = torch.Generator().manual_seed(0)
MASKS = torch.zeros(2, 20, 20, dtype=torch.bool)
MASKS[:, :, :5] = True  # a quarter of the picture
RANDOM = torch.rand(2, 20, 20, generator=GENERATOR)


class BrightLeft(nn.Module):
    """Class 1 if the left quarter of the picture is bright, class 0 otherwise; nothing else counts."""

    def forward(self, images):
        left = images[..., :5].mean(dim=(1, 2, 3))
        return torch.stack([0.5 - left, left - 0.5], dim=1) * 20


@pytest.fixture
def model():
    return BrightLeft().eval()


@pytest.fixture
def images():
    return torch.ones(2, 3, 20, 20)


TARGETS = torch.tensor([1, 1])


@pytest.mark.parametrize("rate", [inside_share, energy_inside])
def test_the_mask_itself_scores_one_and_its_opposite_zero(rate):
    assert rate(MASKS.float(), MASKS).tolist() == [1, 1]
    assert rate((~MASKS).float(), MASKS).tolist() == [0, 0]


@pytest.mark.parametrize("rate", [inside_share, energy_inside])
@pytest.mark.parametrize("value", [0.0, 1.0, 1e-30, 1e38])
def test_a_constant_map_scores_what_chance_would(rate, value):
    torch.testing.assert_close(rate(torch.full((2, 20, 20), value), MASKS), mask_area(MASKS))


@pytest.mark.parametrize("rate", [inside_share, energy_inside])
def test_the_scale_of_a_map_does_not_matter_and_images_are_independent(rate):
    torch.testing.assert_close(rate(7 * RANDOM, MASKS), rate(RANDOM, MASKS))
    torch.testing.assert_close(rate(RANDOM[1:], MASKS[1:]), rate(RANDOM, MASKS)[1:])


@pytest.mark.parametrize("brightest", [0.05, 0.3, 1])
def test_without_ties_the_share_is_that_of_the_brightest_pixels(brightest):
    top = RANDOM.flatten(1).topk(round(brightest * 400), dim=1).indices
    expected = MASKS.flatten(1).gather(1, top).float().mean(dim=1)
    torch.testing.assert_close(inside_share(RANDOM, MASKS, brightest), expected)


def test_ties_count_by_their_share_wherever_they_lie():
    maps = torch.zeros(1, 20, 20)
    maps[0, :, 3:7] = 1  # 80 equal pixels, 40 of them inside, for 20 places
    assert inside_share(maps, MASKS[:1]).tolist() == [0.5]
    assert inside_share(maps.flip(1), MASKS[:1]).tolist() == [0.5]


def test_negative_values_have_no_energy():
    maps = torch.where(MASKS, 1.0, -5.0)
    assert energy_inside(maps, MASKS).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("maps", "masks", "message"),
    [
        (RANDOM[0], MASKS[0], r"maps must be a float tensor \(N, H, W\), got torch.float32 \(20, 20\)"),
        (RANDOM > 0, MASKS, "got torch.bool"),
        (RANDOM, MASKS.float(), r"masks must be a bool tensor \(2, 20, 20\), got torch.float32"),
        (RANDOM, MASKS[:1], r"got torch.bool \(1, 20, 20\)"),
        (RANDOM, None, "masks must be a bool tensor .*got NoneType"),
        (RANDOM / 0, MASKS, "maps must be finite"),
    ],
)
def test_maps_and_masks_of_another_form_are_refused(maps, masks, message):
    for rate in (inside_share, energy_inside):
        with pytest.raises(ValueError, match=message):
            rate(maps, masks)


def test_the_right_map_deletes_and_inserts_at_once_and_the_wrong_one_last(model, images):
    right, wrong = MASKS.float(), (~MASKS).float()
    for curve, better in ((deletion, 1), (insertion, -1)):
        areas = [curve(model, images, TARGETS, maps, baseline=0).areas for maps in (right, wrong)]
        assert (better * (areas[1] - areas[0]) > 0.7).all()


def test_curves_begin_and_end_with_the_whole_picture_and_the_baseline(model, images):
    whole, none = (model(pictures).softmax(dim=1)[:, 1] for pictures in (images, torch.zeros_like(images)))
    removed = deletion(model, images, TARGETS, RANDOM, steps=8).values
    assert removed.shape == (2, 9)
    torch.testing.assert_close(removed[:, [0, -1]], torch.stack([whole, none], dim=1))
    inserted = insertion(model, images, TARGETS, RANDOM, steps=8, baseline=0).values
    torch.testing.assert_close(inserted[:, [0, -1]], torch.stack([none, whole], dim=1))


def test_each_step_replaces_its_share_of_the_pixels(images):
    class Sum(nn.Module):
        def forward(self, images):
            mean = images.mean(dim=(1, 2, 3))
            return torch.stack([mean.log(), (1 - mean).log()], dim=1)  # whose softmax is the mean

    targets = torch.tensor([0, 0])
    curve = deletion(Sum().eval(), images * 0.9, targets, RANDOM, steps=5, baseline=0.1)
    expected = torch.linspace(0.9, 0.1, 6).expand(2, -1)
    torch.testing.assert_close(curve.values, expected)
    torch.testing.assert_close(curve.areas, torch.full((2,), 0.5))


def test_insertion_is_deletion_of_the_reversed_order_read_backwards(food_cnn, noise_images):
    targets, maps = torch.tensor([0, 4, 9]), noise_images.mean(dim=1)
    inserted = insertion(food_cnn, noise_images, targets, maps, steps=4, baseline=0.5)
    deleted = deletion(food_cnn, noise_images, targets, -maps, steps=4, baseline=0.5)
    torch.testing.assert_close(inserted.values, deleted.values.flip(1))


@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_the_batch_size_does_not_matter(food_cnn, noise_images, batch_size):
    arguments = (food_cnn, noise_images, torch.tensor([0, 4, 9]), noise_images.mean(dim=1), 4)
    torch.testing.assert_close(deletion(*arguments, batch_size=batch_size).values, deletion(*arguments).values)


def test_the_baseline_is_a_value_images_or_blurred_images(model, images):
    striped = images * torch.arange(20).remainder(2)
    by_tensor = insertion(model, striped, TARGETS, RANDOM, baseline=torch.zeros_like(images))
    torch.testing.assert_close(by_tensor.values, insertion(model, striped, TARGETS, RANDOM, baseline=0).values)
    blurred = scoring._baseline(striped, None)
    assert blurred.std() < 0.05 * striped.std()
    torch.testing.assert_close(blurred.mean(), striped.mean(), rtol=0.01, atol=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": torch.ones(3, 20, 20)}, r"pass image\[None\]"),
        ({"targets": torch.tensor([1])}, r"targets must be \(2,\)"),
        ({"maps": RANDOM[:1]}, r"maps must be a tensor \(2, 20, 20\), one value a pixel, got \(1, 20, 20\)"),
        ({"maps": None}, r"got \(\)"),
        ({"steps": 0}, "steps must be a whole number of at least 1, got 0"),
        ({"batch_size": 0}, "batch_size must be a whole number"),
        ({"baseline": torch.zeros(1, 3, 20, 20)}, r"baseline must be \(2, 3, 20, 20\) like images, got \(1, 3"),
    ],
)
@pytest.mark.parametrize("curve", [deletion, insertion])
def test_arguments_of_another_form_are_refused(model, images, curve, change, message):
    arguments = {"model": model, "images": images, "targets": TARGETS, "maps": RANDOM} | change
    with pytest.raises(ValueError, match=message):
        curve(**arguments)


def test_the_caller_finds_everything_as_it_was(model, images):
    maps = RANDOM.clone().requires_grad_()
    curve = deletion(model, images.requires_grad_(), TARGETS, maps)
    assert not curve.values.requires_grad
    assert maps.grad is None
    assert torch.equal(images, torch.ones_like(images))


def test_scores_of_the_right_map_beat_both_controls_and_need_no_mask(model, images):
    random = scoring.random_maps(images, torch.Generator().manual_seed(1))
    right, centre, chance = (
        scoring.score(model, images, TARGETS, MASKS, maps)
        for maps in (MASKS.float(), scoring.centre_maps(images), random)
    )
    for other in (centre, chance):
        assert (right.inside > other.inside).all()
        assert (right.energy > other.energy).all()
        assert (right.deletion < other.deletion).all()
    bare = scoring.score(model, images, TARGETS, None, random)
    assert bare.inside is bare.energy is None
    assert torch.equal(bare.insertion, chance.insertion)


def test_object_and_surroundings_are_told_apart_on_a_plain_ground():
    images = torch.rand(2, 3, 20, 20, generator=torch.Generator().manual_seed(2))
    parts = scoring.take_apart(images, MASKS)
    assert torch.equal(parts[0][..., :5], images[..., :5])
    assert torch.equal(parts[1][..., 5:], images[..., 5:])
    ground = images[..., 5:].mean(dim=(2, 3))[..., None, None]  # (2, 3, 1, 1)
    torch.testing.assert_close(parts[0][..., 5:], ground.expand(-1, -1, 20, 15))
    torch.testing.assert_close(parts[1][..., :5], ground.expand(-1, -1, 20, 5))


def test_a_mask_of_everything_or_of_nothing_leaves_the_picture_whole(images):
    everything = torch.ones_like(MASKS)
    for masks, whole in ((everything, 0), (~everything, 1)):
        assert torch.equal(scoring.take_apart(images, masks)[whole], images)
    assert not scoring.take_apart(images, everything)[1].any()


@pytest.mark.parametrize("masks", [MASKS.float(), MASKS[:1], None])
def test_masks_of_another_form_take_nothing_apart(images, masks):
    with pytest.raises(ValueError, match=r"masks must be a bool tensor \(2, 20, 20\), got"):
        scoring.take_apart(images, masks)


def test_the_centre_is_brightest_and_the_same_for_all(images):
    maps = scoring.centre_maps(images)
    assert torch.equal(maps[0], maps[1])
    assert (maps[0] == maps[0].max()).nonzero().tolist() == [[9, 9], [9, 10], [10, 9], [10, 10]]
