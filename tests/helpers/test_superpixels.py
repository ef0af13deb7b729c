import pytest
import torch

from helpers.food import load_ten
from helpers.superpixels import boundaries, check_segments, mean_colours, purity, segment_counts, slic_segments


@pytest.fixture(scope="module")
def images():
    """Three images of a few flat colours, with a little noise."""
    generator = torch.Generator().manual_seed(0)
    coarse = torch.rand(3, 3, 4, 4, generator=generator)
    noise = 0.05 * torch.randn(3, 3, 64, 64, generator=generator)
    return (torch.nn.functional.interpolate(coarse, size=64) + noise).clamp(0, 1)


@pytest.mark.parametrize("count", [1, 10, 100])
def test_superpixels_are_numbered_from_0_without_gaps(images, count):
    segments = slic_segments(images, count)
    check_segments(segments, images)
    assert segments.dtype == torch.int64
    assert segment_counts(segments) == [len(single.unique()) for single in segments]


def test_nothing_is_random_and_images_do_not_depend_on_each_other(images):
    segments = slic_segments(images)
    assert torch.equal(slic_segments(images), segments)
    assert torch.equal(torch.cat([slic_segments(image) for image in images.split(1)]), segments)


def test_neither_precision_nor_memory_format_changes_them_much(images):
    segments = slic_segments(images)
    assert torch.equal(slic_segments(images.to(memory_format=torch.channels_last)), segments)
    assert torch.equal(slic_segments(images.double()), segments)


def test_the_more_compact_the_less_the_colours_matter(images):
    compact, loose = (slic_segments(images, 50, value) for value in (1e4, 0.1))
    assert all(torch.equal(single, compact[0]) for single in compact)
    assert not torch.equal(loose[0], loose[1])


def test_of_200_superpixels_for_a_picture_of_food_little_more_than_half_come_out():
    counts = segment_counts(slic_segments(load_ten().images))
    assert min(counts) > 80
    assert max(counts) < 170
    assert 105 < sum(counts) / 10 < 125


def test_superpixels_of_flat_patches_follow_them(images):
    masks = torch.zeros(3, 64, 64, dtype=torch.bool)
    masks[:, 16:48, 16:32] = True
    assert purity(slic_segments(images, 100, 1.0), masks).min() > 0.95


def test_one_superpixel_is_as_pure_as_the_larger_side():
    masks = torch.zeros(1, 10, 10, dtype=torch.bool)
    masks[:, :3] = True
    assert purity(torch.zeros(1, 10, 10, dtype=torch.int64), masks).item() == pytest.approx(0.7)


def test_mean_colours_are_the_means_of_the_pixels_of_each_segment(images):
    segments = slic_segments(images, 20)
    colours = mean_colours(images, segments)
    for number in range(segment_counts(segments)[0]):
        seen, shown = images[0][:, segments[0] == number], colours[0][:, segments[0] == number]
        torch.testing.assert_close(shown, seen.mean(dim=1, keepdim=True).expand_as(shown))


def test_boundaries_lie_left_of_and_above_a_border():
    segments = torch.zeros(1, 4, 6, dtype=torch.int64)
    segments[:, :, 3:] = 1
    segments[:, 3] = 2
    column, row = [False, False, True, False, False, False], [True] * 6
    assert boundaries(segments)[0].tolist() == [column, column, row, [False] * 6]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": 0}, "at least 1, got 0"),
        ({"count": 2.5}, "got 2.5"),
        ({"compactness": 0}, "compactness must be positive"),
        ({"sigma": -1}, "sigma not negative, got 1.0 and -1"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(images, options, message):
    with pytest.raises(ValueError, match=message):
        slic_segments(images, **options)


def test_images_of_another_form_are_refused(images):
    with pytest.raises(ValueError, match=r"pass image\[None\]"):
        slic_segments(images[0])


def test_segments_of_another_form_are_refused_with_the_way_out(images):
    segments = slic_segments(images)
    with pytest.raises(ValueError, match="start_label=0"):
        check_segments(segments + 1, images)
    for wrong in (segments[0], segments.float(), None):
        with pytest.raises(ValueError, match="slic_segments"):
            check_segments(wrong, images)
