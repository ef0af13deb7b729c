import pytest
import torch
from matplotlib.colors import to_hex

from helpers import food, food_plots, scoring

pytestmark = pytest.mark.usefixtures("shown")

TARGETS = torch.tensor([0, 4, 9])
MAPS = torch.rand(3, 128, 128, generator=torch.Generator().manual_seed(0))


def pictures(figure):
    return [axis.images[0].get_array() for axis in figure.axes if axis.images]


def test_pictures_are_marked_and_their_titles_coloured_by_right_and_wrong(food_cnn, noise_images, shown):
    right = food_cnn(noise_images).argmax(dim=1)
    labels = torch.stack([right[0], (right[1] + 1) % 11, right[2]])
    food_plots.show_pictures(food_cnn, food.Pictures(noise_images, labels, None, tuple("abc")), columns=2)
    titles = [axis.title for axis in shown[0].axes if axis.images]
    assert [title.get_text()[0] for title in titles] == ["0", "1", "2"]
    assert [title.get_color() for title in titles] == [food_plots.RIGHT, food_plots.WRONG, food_plots.RIGHT]
    assert sum(axis.get_visible() for axis in shown[0].axes) == 6


def test_maps_stand_under_their_pictures_with_class_and_probability(food_cnn, noise_images, shown):
    food_plots.show_maps(food_cnn, noise_images, TARGETS, {"a": MAPS, "b": -MAPS})
    assert [picture.shape for picture in pictures(shown[0])] == [(128, 128, 3)] * 3 + [(128, 128)] * 6
    probability = food_cnn(noise_images).softmax(dim=1)[1, 4]
    assert shown[0].axes[1].get_title() == f"1 Fried\nfood\n({probability:.2f})"


def scales(figure):
    return [axis.images[0].get_clim() for axis in figure.axes[3:6]]


def test_a_row_has_one_scale_only_if_it_is_shared(food_cnn, noise_images, shown):
    maps = MAPS * torch.tensor([1.0, 10.0, 100.0])[:, None, None]
    for shared in (False, True):
        food_plots.show_maps(food_cnn, noise_images, TARGETS, {"a": maps}, shared=shared)
    own, one = (scales(figure) for figure in shown)
    assert [round(high / own[0][1]) for _, high in own] == [1, 10, 100]
    assert len(set(one)) == 1


def test_signed_maps_have_a_scale_around_zero(food_cnn, noise_images, shown):
    food_plots.show_maps(food_cnn, noise_images, TARGETS, {"a": MAPS - 0.5})
    assert all(low == -high for low, high in scales(shown[0]))


def test_masks_are_outlined_on_every_picture_and_map(food_cnn, noise_images, shown):
    masks = MAPS > 2
    masks[:, 30:60, 40:90] = True
    food_plots.show_maps(food_cnn, noise_images, TARGETS, {"a": MAPS}, masks=masks)
    assert all(axis.collections for axis in shown[0].axes)


def test_rows_that_are_unwritten_are_named_instead_of_drawn(food_cnn, noise_images, shown, capsys):
    food_plots.show_maps(food_cnn, noise_images, TARGETS, {"loss": None, "b": MAPS})
    assert not shown
    assert "'loss' is None" in capsys.readouterr().out


def test_maps_of_another_shape_are_refused(food_cnn, noise_images):
    with pytest.raises(ValueError, match="one value a pixel"):
        food_plots.show_maps(food_cnn, noise_images, TARGETS, {"a": noise_images})


def test_versions_carry_the_probability_of_the_target_on_green_or_red(food_cnn, noise_images, shown):
    versions = {"whole": noise_images, "table only": noise_images.flip(3)}
    probabilities = torch.stack([food_cnn(images).softmax(dim=1) for images in versions.values()])  # (2, 3, 11)
    targets = torch.stack([probabilities[0, 0].argmax(), probabilities[0, 1].argmin(), torch.tensor(9)])
    food_plots.show_versions(food_cnn, versions, targets)
    texts = [axis.texts[0] for axis in shown[0].axes]
    expected = [f"{row[number, target]:.2f}" for row in probabilities for number, target in enumerate(targets)]
    assert [text.get_text() for text in texts] == expected
    colours = [to_hex(text.get_bbox_patch().get_facecolor()) for text in texts[:2]]
    assert colours == [food_plots.RIGHT, food_plots.WRONG]


def scores(level, masks=True):
    values = torch.full((3,), level)
    curves = scoring.Curves(values[:, None].expand(-1, 5), values)
    return scoring.Scores(values if masks else None, values if masks else None, curves, curves)


def test_scores_are_drawn_for_each_method_and_printed_as_means(shown, capsys):
    food_plots.show_scores({"a": scores(0.25), "b": scores(0.75)}, area=torch.tensor([0.1, 0.2, 0.3]))
    assert len(shown[0].axes) == 4
    assert [bar.get_width() for bar in shown[0].axes[0].patches] == [0.25, 0.75]
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["a", "0.25", "0.25", "0.25", "0.25"]
    assert lines[3].split() == ["by", "chance", "0.20", "0.20", "-", "-"]


def test_without_masks_only_the_curves_count_and_without_maps_nothing(shown, capsys):
    food_plots.show_scores({"a": scores(0.25, masks=False)})
    assert len(shown.pop().axes) == 2
    capsys.readouterr()
    food_plots.show_scores({})
    assert not shown
    assert "no maps to score" in capsys.readouterr().out


def test_curves_are_the_means_over_the_pictures(shown):
    values = torch.tensor([[1.0, 0.5, 0.0], [0.8, 0.3, 0.2]])
    food_plots.show_curves({"pixels deleted": {"a": scoring.Curves(values, values.mean(dim=1))}})
    assert shown[0].axes[0].lines[0].get_ydata() == pytest.approx([0.9, 0.4, 0.1])


def test_a_confusion_matrix_shows_its_counts(shown):
    food_plots.show_confusion(torch.tensor([[5, 1], [0, 4]]), ["Egg", "Rice"])
    axis = shown[0].axes[0]
    assert sorted(text.get_text() for text in axis.texts) == ["1", "4", "5"]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["Egg", "Rice"]
