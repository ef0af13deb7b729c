import pytest
import torch
from torch import nn

from helpers import filters
from helpers.food import FoodCNN

LAYERS = [0, 6, 9, 15, 23, 33, 36]


@pytest.fixture(scope="module")
def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = FoodCNN(width=8)
        for module in network.cnn:
            if isinstance(module, nn.BatchNorm2d):  # as after training: not all alike
                module.running_mean.uniform_(-0.1, 0.1)
                module.running_var.uniform_(0.5, 1.5)
                module.bias.data.uniform_(0.1, 0.5)
    return network.eval().requires_grad_(False)


@pytest.fixture
def images():
    return torch.rand(5, 3, 128, 128, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def start(images):
    return 0.4 + 0.2 * images[:2]


OWN = torch.tensor([0, 3])


@pytest.mark.parametrize("layer", LAYERS)
def test_an_activation_is_the_output_of_the_layers_up_to_it(network, images, layer):
    maps = filters.activation(network, images, layer, batch_size=2)
    torch.testing.assert_close(maps, network.cnn[: layer + 1](images))
    assert not maps.requires_grad


def test_batches_change_nothing(network, images):
    whole, single = (filters.activation(network, images, 15, batch_size=size) for size in (5, 1))
    torch.testing.assert_close(whole, single)


def test_activity_has_the_size_of_the_images_and_the_mean_of_the_positive_parts(network, images):
    found = filters.activity(network, images, 15)
    assert found.shape == (5, 128, 128)
    torch.testing.assert_close(found.mean(), filters.activation(network, images, 15).mean(), rtol=1e-2, atol=0)
    assert filters.activity(network, images, 23).min() >= 0


def test_the_forward_stops_at_the_layer(network, images):
    seen = []
    handles = [module.register_forward_hook(lambda module, *_: seen.append(module)) for module in network.cnn]
    filters.activation(network, images[:1], 6)
    for handle in handles:
        handle.remove()
    assert seen == list(network.cnn[:7])


@pytest.mark.parametrize("shape", [(128, 128), (96, 200)])
def test_images_may_have_any_size(network, shape):
    assert filters.activation(network, torch.rand(1, 3, *shape), 9).shape == (1, 8, shape[0] // 2, shape[1] // 2)


def test_nothing_of_the_callers_is_touched(network, images):
    before = images.clone()
    filters.visualise(network, 6, OWN, images[:2], steps=2)
    assert torch.equal(images, before)
    assert not images.requires_grad
    assert not any(module._forward_hooks for module in network.modules())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_hooks_are_gone_after_an_error_too(network):
    with pytest.raises(RuntimeError):
        filters.activation(network, torch.rand(1, 3, 1, 1), 36)  # nothing is left after five times the half
    assert not any(module._forward_hooks for module in network.modules())


@pytest.mark.parametrize("layer", [6, 15, 33])
def test_a_visualisation_excites_its_own_filter_more_than_the_start(network, start, layer):
    images = filters.visualise(network, layer, OWN, start, steps=10, lr=4.0)
    before, after = (filters.mean_activation(network, batch, layer, OWN) for batch in (start, images))
    assert (after > before).all()
    assert images.min() >= 0
    assert images.max() <= 1


def test_images_do_not_influence_each_other(network, start):
    together = filters.visualise(network, 9, OWN, start, steps=2)
    alone = [filters.visualise(network, 9, OWN[[i]], start[[i]], steps=2) for i in range(2)]
    torch.testing.assert_close(together, torch.cat(alone), atol=1e-4, rtol=0)


def test_a_visualisation_repeats_under_a_seed(network, start):
    def run(seed):
        return filters.visualise(network, 6, OWN, start, steps=3, generator=torch.Generator().manual_seed(seed))

    assert torch.equal(run(1), run(1))
    assert not torch.equal(run(1), run(2))


def test_a_silent_filter_leaves_its_image_as_it_is(network, start):
    silent = FoodCNN(width=8).eval().requires_grad_(False)
    silent.cnn[1].bias.fill_(-100)
    assert torch.equal(filters.visualise(silent, 2, OWN, start, steps=2), start)


def stuck(network):
    """The network with a first stack that is silent for every image: nothing behind it can change."""
    stuck = FoodCNN(width=8).eval().requires_grad_(False)
    stuck.load_state_dict(network.state_dict())
    stuck.cnn[7].bias.fill_(-20)
    return stuck


def test_leaking_wakes_what_is_silent_and_changes_no_output(network, start):
    silent = stuck(network)
    plain = filters.filter_gradient(silent, start, 10, OWN)
    with filters.leaking(silent):
        leaked = filters.filter_gradient(silent, start, 10, OWN)
        maps = filters.activation(silent, start, 10)
    assert plain.abs().max() == 0
    assert leaked.flatten(1).norm(dim=1).min() > 0
    torch.testing.assert_close(maps, filters.activation(silent, start, 10))


def test_a_full_leak_is_the_gradient_of_a_network_without_relus(network, start):
    linear = FoodCNN(width=8).eval().requires_grad_(False)
    linear.load_state_dict(network.state_dict())
    for index in (2, 5):
        linear.cnn[index] = nn.Identity()
    with filters.leaking(network, leak=1.0):
        leaked = filters.filter_gradient(network, start, 6, OWN)
    torch.testing.assert_close(leaked, filters.filter_gradient(linear, start, 6, OWN))


def test_leaking_ends_with_its_block_whatever_happens(network):
    with pytest.raises(KeyError), filters.leaking(network):
        raise KeyError("stop")
    assert not any(module._backward_hooks for module in network.modules())


def influence(network, layer, size=192):
    """Rows of the image that the value in the middle of a layer's map reacts to."""
    image = torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    image.requires_grad_()
    maps = filters.layer_output(network, image, layer)
    (gradient,) = torch.autograd.grad(maps[..., maps.shape[-2] // 2, maps.shape[-1] // 2].sum(), image)
    return gradient[0].abs().sum(dim=(0, 2)).nonzero()[:, 0]


@pytest.mark.parametrize("layer", [0, 6, 8, 13, 20, 23])
def test_the_receptive_field_is_what_a_gradient_reaches(network, layer):
    averaging = FoodCNN(width=8).double().eval().requires_grad_(False)
    for index, module in enumerate(averaging.cnn):  # a maximum passes the gradient to one pixel only, a ReLU to some
        if isinstance(module, nn.MaxPool2d):
            averaging.cnn[index] = nn.AvgPool2d(2)
        if isinstance(module, nn.ReLU):
            averaging.cnn[index] = nn.Identity()
    rows = influence(averaging, layer)
    assert rows.max() - rows.min() + 1 == filters.receptive_field(network, layer).size


def test_receptive_fields_of_the_courses_layers(network):
    found = {layer: tuple(filters.receptive_field(network, layer)) for layer in (0, 6, 9, 15, 23, 33, 36)}
    assert found == {0: (3, 1), 6: (7, 1), 9: (8, 2), 15: (16, 2), 23: (38, 4), 33: (74, 16), 36: (106, 16)}


def test_multiplications_are_those_of_the_convolutions(network):
    first = 3 * 8 * 9 * 128**2
    assert filters.multiplications(network, 0, 128) == filters.multiplications(network, 2, 128) == first
    assert filters.multiplications(network, 10, 128) == first + 2 * 64 * 9 * 128**2 + 64 * 9 * 64**2
    assert filters.multiplications(network, 37, 128) > filters.multiplications(network, 23, 128)


@pytest.mark.parametrize(
    ("layer", "own", "message"),
    [
        (38, OWN, "layer must be an integer from 0 to 37, got 38"),
        (-1, OWN, "got -1"),
        ("6", OWN, "got '6'"),
        (6, [0, 3], r"int64 tensor \(2,\)"),
        (6, OWN[:1], r"int64 tensor \(2,\)"),
        (6, torch.tensor([0, 8]), r"layer 6 has filters 0 to 7, got \[0, 8\]"),
        (23, torch.tensor([-1, 8]), "layer 23 has filters 0 to 15"),
    ],
)
def test_layers_and_filters_that_do_not_exist_are_refused(network, start, layer, own, message):
    with pytest.raises(ValueError, match=message):
        filters.visualise(network, layer, own, start, steps=1)


def test_other_inputs_are_refused(network, images):
    with pytest.raises(ValueError, match=r"got \(3, 128, 128\); pass image\[None\]"):
        filters.activation(network, images[0], 6)
    with pytest.raises(ValueError, match="batch_size must be a whole number of at least 1"):
        filters.activation(network, images, 6, batch_size=0)
    with pytest.raises(ValueError, match=r"call model.eval\(\) first"):
        filters.activation(FoodCNN(width=4), images, 6)


def test_rises_are_differences_of_means_in_standard_deviations(network, images):
    found = filters.rises(network, images[:1], images[1:3], 6, images[2:])
    maps = network.cnn[:7](images)
    expected = (maps[1:3].mean(dim=(2, 3)) - maps[0].mean(dim=(1, 2))) / maps[2:].std(dim=(0, 2, 3))
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    own = filters.own_rises(network, images[:1], images[1:3], 6, OWN, images[2:])
    torch.testing.assert_close(own, found[[0, 1], OWN])


def test_the_start_has_not_risen_even_where_a_filter_is_silent(network, start):
    silent = stuck(network)
    for layer in (8, 10):
        assert filters.rises(silent, start, start, layer, start).abs().max() == 0


def test_shuffled_tiles_are_the_same_tiles_in_the_order_drawn(images):
    shuffled = filters.shuffle_tiles(images, 32, torch.Generator().manual_seed(4))
    order = torch.randperm(16, generator=torch.Generator().manual_seed(4)).tolist()
    for place, origin in enumerate(order):
        (down, across), (row, column) = (divmod(number, 4) for number in (place, origin))
        tile = shuffled[:, :, 32 * down : 32 * down + 32, 32 * across : 32 * across + 32]
        assert torch.equal(tile, images[:, :, 32 * row : 32 * row + 32, 32 * column : 32 * column + 32])


def test_a_single_tile_stays_where_it_is(images):
    assert torch.equal(filters.shuffle_tiles(images, 128, torch.Generator()), images)


@pytest.mark.parametrize("side", [0, -4, 48, 256])
def test_tiles_that_do_not_fit_are_refused(images, side):
    with pytest.raises(ValueError, match="tiles must fit into images of 128 x 128 pixels"):
        filters.shuffle_tiles(images, side, torch.Generator())
