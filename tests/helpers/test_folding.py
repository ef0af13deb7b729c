import copy
import gc
import weakref

import pytest
import torch
from torch import nn

from helpers import folding
from helpers.folding import folded, half
from helpers.food import FoodCNN, load_model, load_ten
from helpers.gradients import input_gradient

TARGETS = torch.tensor([0, 4, 9])


def test_logits_and_gradients_stay_the_same(food_cnn, noise_images):
    copied = folded(food_cnn)
    torch.testing.assert_close(copied(noise_images), food_cnn(noise_images))
    gradients = [input_gradient(model, noise_images, TARGETS) for model in (copied, food_cnn)]
    torch.testing.assert_close(*gradients)


def test_nothing_is_normalised_and_layers_keep_their_numbers(food_cnn):
    copied = folded(food_cnn)
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in copied.modules())
    assert len(copied.cnn) == len(food_cnn.cnn)
    kept = (nn.Conv2d, nn.ReLU, nn.MaxPool2d)
    places = [[n for n, layer in enumerate(model.cnn) if isinstance(layer, kept)] for model in (copied, food_cnn)]
    assert places[0] == places[1]


def test_the_copy_is_made_once_and_anew_when_the_weights_change(food_cnn, noise_images):
    first = folded(food_cnn)
    assert folded(food_cnn) is first
    for change in (lambda weight: weight.mul_(2), lambda weight: weight.data.mul_(2)):
        change(food_cnn.cnn[0].weight)
        assert folded(food_cnn) is not first
        torch.testing.assert_close(folded(food_cnn)(noise_images), food_cnn(noise_images))
        first = folded(food_cnn)


def test_the_model_itself_is_left_as_it_was(food_cnn):
    before = copy.deepcopy(food_cnn.state_dict())
    food_cnn.cnn[0].weight.requires_grad_()
    folded(food_cnn)
    assert all(torch.equal(value, before[name]) for name, value in food_cnn.state_dict().items())
    assert food_cnn.cnn[0].weight.requires_grad
    assert not any(parameter.requires_grad for parameter in folded(food_cnn).parameters())


def test_the_copy_does_not_keep_its_model_alive(food_cnn):
    model = copy.deepcopy(food_cnn)
    folded(model)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def with_hook(model):
    model.cnn[3].register_forward_hook(lambda *_: None)
    return model


def with_other_layer(model):
    model.cnn[2] = nn.LeakyReLU()
    return model


@pytest.mark.parametrize(
    "change",
    [
        with_hook,
        with_other_layer,
        lambda model: model.train(),
        lambda model: model.bfloat16(),
        folded,
        lambda _: nn.ReLU(),
    ],
    ids=["hook", "other layer", "training", "bfloat16", "folded already", "another model"],
)
def test_what_cannot_be_folded_is_returned_as_it_is(food_cnn, change):
    model = change(food_cnn)
    assert folded(model) is model
    assert half(model) is model


def test_a_copy_that_computes_something_else_would_be_noticed(food_cnn, monkeypatch):
    monkeypatch.setattr(nn.utils, "fuse_conv_bn_eval", lambda convolution, _: convolution)
    with pytest.raises(RuntimeError, match="folding changed the logits"):
        folded(food_cnn)


def test_half_takes_and_gives_float32_and_is_nearly_the_same():
    model, images = load_model(device="cpu"), load_ten().images
    logits, expected = half(model)(images), model(images)
    assert logits.dtype == torch.float32
    assert (logits.softmax(dim=1) - expected.softmax(dim=1)).abs().max() < 0.05


def test_without_bfloat16_half_is_folded(food_cnn, monkeypatch):
    monkeypatch.setattr(folding, "_fast_bfloat16", lambda _: False)
    assert half(food_cnn) is folded(food_cnn)


def test_two_models_have_two_copies():
    first, second = (FoodCNN(1).eval() for _ in range(2))
    assert folded(first) is not folded(second)
