import pytest
import torch

from helpers import filter_plots, filter_tables, filters
from helpers.food import FoodCNN

pytestmark = pytest.mark.usefixtures("shown")

GENERATOR = torch.Generator().manual_seed(0)
IMAGES = torch.rand(3, 3, 128, 128, generator=GENERATOR)
LAYERS = [6, 15, 36]


@pytest.fixture(scope="module")
def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return FoodCNN(width=4).eval().requires_grad_(False)


@pytest.fixture
def maps(network):
    return {layer: filters.activation(network, IMAGES, layer) for layer in LAYERS}


def test_activation_maps_stand_below_their_images_in_the_layers_order(network, maps, shown):
    filter_plots.show_activations(network, IMAGES, maps, 1)
    pictures = [axis.images[0].get_array() for axis in shown[0].axes]
    sides = [picture.shape[0] for picture in pictures]
    assert sides == [128] * 6 + [64] * 3 + [8] * 3
    assert shown[0].axes[3].get_ylabel() == "layer 6\nconvolution\n128 x 128"
    torch.testing.assert_close(torch.from_numpy(pictures[8].data), maps[15][2, 1])


def test_the_colours_of_a_row_are_shared_and_signed_maps_are_symmetric_around_zero(network, maps, shown):
    filter_plots.show_activations(network, IMAGES, maps, 0)
    limits = [axis.images[0].get_clim() for axis in shown[0].axes[3:]]
    assert limits[0] == limits[1] == limits[2]
    assert limits[0][0] == -limits[0][1]
    assert limits[3][0] == 0


def test_visualisations_carry_activations_and_the_square_of_the_receptive_field(network, shown):
    numbers = torch.tensor([0, 3])
    made = {layer: IMAGES[1:] for layer in LAYERS}
    filter_plots.show_visualisations(network, IMAGES[:1], made, numbers)
    axes = shown[0].axes
    before, after = (filters.mean_activation(network, images, 6, numbers) for images in (IMAGES[[0, 0]], IMAGES[1:]))
    assert axes[1].get_title() == f"filter 0: {before[0]:.2g} to {after[0]:.2g}"
    assert [patch.get_width() for patch in axes[4].patches] == [16, 16]


def test_no_square_is_drawn_where_a_layer_sees_the_whole_image(network, shown):
    small = IMAGES[:, :, :64, :64]
    filter_plots.show_visualisations(network, small[:1], {36: small[1:]}, torch.tensor([0, 3]))
    assert not shown[0].axes[1].patches


def test_a_gallery_goes_on_in_the_next_row(shown):
    filter_plots.show_gallery([IMAGES[0], IMAGES[1:2], IMAGES[2]], ["x", "y", "z"])
    axes = shown[0].axes
    assert [axis.get_title() for axis in axes] == ["x", "y", "z", ""]
    assert [bool(axis.images) for axis in axes] == [True] * 3 + [False]


def test_a_gallery_needs_a_title_for_each_image():
    with pytest.raises(ValueError, match="titles must have 3 entries"):
        filter_plots.show_gallery(IMAGES, ["x", "y"])


def test_shuffled_visualisations_carry_the_share_of_the_rise_that_is_left(network, shown):
    numbers, made = torch.tensor([2, 3]), {layer: IMAGES[1:] for layer in (6, 0)}
    filter_plots.show_shuffled(network, IMAGES[:1], made, numbers, sides=(32,))
    pictures = torch.cat([IMAGES[1:2], filters.shuffle_tiles(IMAGES[1:2], 32, torch.Generator().manual_seed(0))])
    shares = filter_plots.rise_shares(network, IMAGES[:1], pictures, 6, numbers[:1])
    titles = [axis.get_title() for axis in shown[0].axes]
    assert titles[:2] == ["whole: 100%", f"tiles of 32: {shares[1]:.0%}"]
    assert titles[2] == "100%"


def test_shares_are_those_of_the_first_images_rise(network):
    dark = 0.2 * IMAGES[1:2]
    pictures = torch.cat([dark, IMAGES[:1], (dark + IMAGES[:1]) / 2])
    shares = filter_plots.rise_shares(network, IMAGES[:1], pictures, 0, torch.tensor([3]))  # a convolution is linear
    torch.testing.assert_close(shares, torch.tensor([1, 0, 0.5]), rtol=1e-3, atol=1e-3)


def test_what_is_not_written_yet_is_said_in_one_line(network, capsys, shown):
    numbers = torch.tensor([0])
    filter_plots.show_activations(network, IMAGES, {6: None}, 0)
    filter_plots.show_visualisations(network, IMAGES[:1], {6: None}, numbers)
    filter_plots.show_gallery(None, [])
    filter_plots.show_gallery([None, None], ["x", "y"])
    filter_plots.show_shuffled(network, IMAGES[:1], {6: None}, numbers)
    filter_tables.print_rises(network, IMAGES[:1], {6: None}, numbers, IMAGES)
    filter_tables.print_dream_rises(network, IMAGES[:1], [None], ["dream"], 6, numbers, IMAGES)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert all(line.startswith("Nothing to show yet: ") for line in lines)
    assert not shown


def test_the_table_of_layers_says_what_each_sees(network, capsys):
    filter_tables.print_layers(network, LAYERS)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == "layer 6 convolution 4 128 x 128 7 x 7 1".split()
    assert lines[3].split() == "layer 36 ReLU 16 8 x 8 106 x 106 16".split()


def test_the_table_of_stopping_compares_with_the_whole_network(network, capsys):
    filter_tables.print_stopping(network, IMAGES[:1], [6, 36], repeats=1)
    lines = capsys.readouterr().out.splitlines()
    assert "100%" in lines[2]
    assert 0 < int(lines[1].split()[2].rstrip("%")) < 100
    assert lines[3].split()[4:6] == ["100%", "100%"]


def test_the_table_of_rises_holds_means_and_standard_deviations(network, capsys):
    numbers = torch.tensor([0, 3])
    filter_tables.print_rises(network, IMAGES[:1], {6: IMAGES[1:]}, numbers, IMAGES)
    maps = filters.activation(network, IMAGES, 6)[:, 3]
    means = maps.mean(dim=(1, 2))  # (3,)
    expected = [means[0], means.max(), means[2], (means[2] - means[0]) / maps.std()]
    assert capsys.readouterr().out.splitlines()[2].split()[4:] == [f"{value:.2f}" for value in expected]


def test_the_table_of_dreams_has_the_filters_as_columns(network, capsys):
    numbers = torch.tensor([0, 3])
    filter_tables.print_dream_rises(network, IMAGES[:1], [IMAGES[1], IMAGES[2:]], ["one", "two"], 6, numbers, IMAGES)
    lines = capsys.readouterr().out.splitlines()
    found = filters.rises(network, IMAGES[:1], IMAGES[1:], 6, IMAGES)
    assert lines[0].split() == "filter 0 filter 3".split()
    assert lines[2].split() == ["two", *(f"{value:.1f}" for value in found[1, numbers])]
