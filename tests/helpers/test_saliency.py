import pytest
import torch
from captum.attr import Saliency
from torch import nn

from helpers.gradients import input_gradient
from helpers.saliency import quarter_shares, saliency


def test_it_equals_captum(model, photos, labels):
    captum = Saliency(model).attribute(photos.clone().requires_grad_(), labels, abs=True).amax(dim=1)
    torch.testing.assert_close(saliency(model, photos, labels), captum)


@pytest.mark.parametrize("of", ["logit", "loss"])
@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_the_batch_size_does_not_matter(model, photos, labels, of, batch_size):
    # a rounding error that lifts a unit over a kink of ReLU6 moves single pixels a little
    expected = saliency(model, photos, labels, of=of)
    maps = saliency(model, photos, labels, of=of, batch_size=batch_size)
    assert (maps - expected).norm() < 0.01 * expected.norm()


@pytest.fixture
def linear():
    network = nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 4, 5)).double().eval()
    with torch.no_grad():
        network[1].weight.copy_(torch.linspace(-1, 1, 240, dtype=torch.float64).reshape(5, 48))
    return network


def test_of_a_linear_model_it_is_the_largest_weight_of_each_pixel(linear):
    targets = torch.tensor([0, 3])
    expected = linear[1].weight[targets].abs().reshape(2, 3, 4, 4).amax(dim=1)
    torch.testing.assert_close(saliency(linear, torch.rand(2, 3, 4, 4).double(), targets), expected)


def test_the_gradient_of_the_loss_is_that_of_the_cross_entropy(linear):
    images, targets = torch.rand(2, 3, 4, 4).double(), torch.tensor([0, 3])
    errors = linear(images).softmax(dim=1) - nn.functional.one_hot(targets, 5)
    expected = (errors @ linear[1].weight).reshape(2, 3, 4, 4)
    torch.testing.assert_close(input_gradient(linear, images, targets, "loss"), expected)


def test_the_caller_finds_everything_as_it_was(linear):
    images = torch.rand(2, 3, 4, 4).double().requires_grad_()
    before = images.detach().clone()
    saliency(linear, images, torch.tensor([0, 1]))
    assert images.grad is None
    assert torch.equal(images.detach(), before)
    assert all(parameter.grad is None and parameter.requires_grad for parameter in linear.parameters())
    assert not linear.training


def test_it_works_inside_no_grad_and_leaves_no_graph(linear):
    with torch.no_grad():
        maps = saliency(linear, torch.rand(1, 3, 4, 4).double(), torch.tensor([2]))
    assert not maps.requires_grad
    assert maps.min() >= 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": torch.zeros(3, 4, 4)}, r"pass image\[None\]"),
        ({"targets": torch.tensor([1.0])}, r"int64 tensor, got torch.float32"),
        ({"targets": [1]}, r"int64 tensor, got list"),
        ({"targets": torch.tensor([1, 2])}, r"targets must be \(1,\), one class an image, got \(2,\)"),
        ({"of": "probability"}, r"of must be one of .*got 'probability'"),
        ({"batch_size": 0}, r"batch_size must be a whole number of at least 1, got 0"),
    ],
)
def test_inputs_of_another_form_are_refused(linear, change, message):
    arguments = {"images": torch.zeros(1, 3, 4, 4).double(), "targets": torch.tensor([1])} | change
    with pytest.raises(ValueError, match=message):
        saliency(linear, **arguments)


def test_a_model_in_training_mode_is_refused_and_stays_in_it(linear):
    with pytest.raises(ValueError, match=r"model.eval\(\)"):
        saliency(linear.train(), torch.zeros(1, 3, 4, 4).double(), torch.tensor([1]))
    assert linear.training


def test_quarters_count_the_brightest_pixels():
    maps = torch.zeros(2, 10, 10)
    maps[0, 0, 9] = 1  # upper right
    maps[1, 9, 0] = 1  # lower left
    assert quarter_shares(maps).tolist() == [[0, 1, 0, 0], [0, 0, 1, 0]]


def test_quarters_sum_to_one_and_need_three_dimensions():
    maps = torch.rand(3, 21, 33, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(quarter_shares(maps, brightest=0.1).sum(dim=1), torch.ones(3))
    with pytest.raises(ValueError, match=r"got \(21, 33\)"):
        quarter_shares(maps[0])
