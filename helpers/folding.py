"""Faster copies of a `FoodCNN` for computing explanations, made when they are first asked for.

In evaluation mode a batch normalisation is an affine map, so it can be folded into the convolution before it: the same
function without reading and writing every activation once more. Explanation functions call `folded` themselves.
"""

from functools import cache
from weakref import WeakKeyDictionary

import torch
from torch import nn

from helpers.food import SIZE, FoodCNN

TOLERANCE = 1e-3  # of the largest logit; folding moves float32 logits by about 1e-6 of it
_copies = WeakKeyDictionary()  # model -> (state of its weights, kind -> copy); a copy does not refer to its model


class FoldedFoodCNN(FoodCNN):
    """A `FoodCNN` without batch normalisation: `Identity` stands in its place, so layers keep their numbers."""


class _Bfloat16(nn.Module):
    """Computes in bfloat16, takes and gives float32."""

    def __init__(self, network):
        super().__init__()
        self.network = network.bfloat16()

    def forward(self, images):
        return self.network(images.bfloat16()).float()


def folded(model):
    """A copy of `model` with its batch normalisations folded into the convolutions, or `model` itself.

    model:   a `FoodCNN` in evaluation mode, in float32 or float64; the copy is made once and made anew when the weights
             change. Any other model, and one with hooks or exchanged layers, is returned as it is
    returns: a model with the same logits up to rounding, channels last, without parameter gradients
    raises:  RuntimeError if the copy gives other logits for a random batch, which would be our mistake
    """
    if not _foldable(model):
        return model
    return _kept(model, "folded", lambda: _checked(_fold(model), model))


def half(model):
    """The folded copy of a `FoodCNN` in bfloat16 where the processor computes with it, else `folded(model)`.

    Its logits are off by about one per cent: for the many predictions that LIME averages over, not for gradients.
    """
    if not _foldable(model) or not _fast_bfloat16(model.device.type):
        return folded(model)
    return _kept(model, "half", lambda: _Bfloat16(_fold(model)))


def _foldable(model):
    return (
        type(model) is FoodCNN
        and not model.training
        and model.fc[0].weight.dtype in (torch.float32, torch.float64)
        and [type(layer) for layer in model.modules()] == _layer_types()
        and not any(layer._forward_hooks or layer._forward_pre_hooks or layer._backward_hooks
                    or layer._backward_pre_hooks for layer in model.modules())
    )  # fmt: skip


@cache
def _layer_types():
    with torch.random.fork_rng(devices=[]):
        return [type(layer) for layer in FoodCNN(1).modules()]


def _kept(model, kind, make):
    state = _state(model)
    known, copies = _copies.get(model, (None, {}))
    if known != state:
        copies = {}
        _copies[model] = (state, copies)
    if kind not in copies:
        copies[kind] = make()
    return copies[kind]


def _state(model):
    """What changes when the weights do: where they lie, how often they were written, and their sums."""
    tensors = [*model.parameters(), *model.buffers()]
    with torch.no_grad():
        sums = torch.stack([tensor.sum().double() for tensor in tensors])  # a write to `.data` is counted nowhere
    return [(tensor.data_ptr(), tensor._version) for tensor in tensors], sums.tolist()


def _fold(model):
    with torch.random.fork_rng(devices=[]):  # a new network draws weights; the caller's random numbers stay as they are
        copy = FoldedFoodCNN(width=model.cnn[0].out_channels)
    copy = copy.to(model.device, model.fc[0].weight.dtype)
    copy.load_state_dict(model.state_dict())
    copy.eval().requires_grad_(False)
    for number, layer in enumerate(copy.cnn):
        if isinstance(layer, nn.BatchNorm2d):
            copy.cnn[number - 1] = nn.utils.fuse_conv_bn_eval(copy.cnn[number - 1], layer)
            copy.cnn[number] = nn.Identity()
            copy.cnn[number + 1] = nn.ReLU(inplace=True)  # no gradient needs what the convolution put out
    return copy.to(memory_format=torch.channels_last)


@torch.no_grad()
def _checked(copy, model):
    images = torch.rand(2, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    images = images.to(model.device, model.fc[0].weight.dtype)
    wanted, given = model(images), copy(images)
    if not (wanted - given).abs().max() <= TOLERANCE * wanted.abs().max():
        raise RuntimeError(f"folding changed the logits by {(wanted - given).abs().max():g} of {wanted.abs().max():g}")
    return copy


@cache
def _fast_bfloat16(kind):
    if kind == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return kind == "cpu" and torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
