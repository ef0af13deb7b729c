"""Deep dream: a photograph changed until a layer of the network finds in it more of what it looks for."""

import numpy as np
import torch
from PIL import Image
from torch.nn import functional
from tqdm.auto import tqdm

from helpers import ascent, photographs
from helpers.filters import BATCH_SIZE, check_filters, layer_output
from helpers.imagenet import check_images

SMALLEST = 32  # pixels: a shorter side leaves the deepest layers a map of one value


def deep_dream(
    model, images, layer, filters=None, iterations=12, octaves=4, scale=1.4, lr=0.02, most=16, slope=0.5,
    generator=None, live=None, batch_size=BATCH_SIZE, progress=False,
):  # fmt: skip
    """Climb from photographs towards a high activation of a layer, first on small copies, then on larger ones.

    The detail that one octave dreams up is enlarged and laid over the next larger copy of the photograph, so that no
    sharpness of the photograph is lost (Mordvintsev, Olah & Tyka 2015).

    images:     (N, 3, H, W) float32 in [0, 1], of any size: only `model.cnn` is asked, which takes all
    layer:      index of a layer of `model.cnn`
    filters:    (N,) int64, each image's own filter, or (N, K) for K filters at once; None for all filters of the layer
    iterations: steps for each octave
    octaves:    number of sizes; the last is (H, W), each one before is smaller by the factor `scale`
    lr:         length of a step: the root mean square of the change of the pixel values
    most:       pixels of jitter each way
    slope:      of `ascent.natural_direction`: 0 keeps every speckle, 1 and more leave large soft shapes
    generator:  torch.Generator on the CPU for the jitter; default one with seed 0
    live:       `LiveImages` to show the images in every step, or None
    returns:    (N, 3, H, W) in [0, 1]
    raises:     ValueError for inputs of another form, and if the model is in training mode
    """
    check_images(images)
    if filters is not None:
        _check_sets(model, layer, filters, len(images))
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    options = {"lr": lr, "most": most, "slope": slope, "generator": generator, "live": live, "batch_size": batch_size}
    photos = images.detach()
    detail = torch.zeros_like(photos)
    with tqdm(total=iterations * octaves, desc=f"dreaming, layer {layer}", disable=not progress) as bar:
        for size in octave_sizes(images.shape[2:], octaves, scale):
            photo = resize(photos, size).clamp(0, 1)  # sharp edges overshoot
            dream = (photo + resize(detail, size)).clamp(0, 1)
            dream = climb(model, dream, layer, filters, iterations, **options)
            detail = dream - photo
            bar.update(iterations)
    return dream


def load_photograph(photo, height):
    """A photograph to dream on: the name of one of `helpers.photographs`, or the path of any file of your own.

    height:  of the result in pixels; its width keeps the proportions
    returns: (1, 3, height, W) float32 in [0, 1] on the CPU
    raises:  FileNotFoundError if there is neither such a name nor such a file
    """
    if photo in photographs.PHOTOGRAPHS:
        picture = photographs.open_photograph(photo)
    else:
        with Image.open(photo) as file:
            picture = file.convert("RGB")
    picture = picture.resize((round(picture.width * height / picture.height), height), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255  # (1, 3, H, W)


def octave_sizes(size, octaves, scale=1.4):
    """The sizes (height, width) of the octaves, smallest first; the last is `size`.

    raises: ValueError if the smallest would have a side below `SMALLEST`
    """
    sizes = [tuple(round(side / scale**octave) for side in size) for octave in range(octaves)]
    if not sizes or min(sizes[-1]) < SMALLEST:
        raise ValueError(
            f"{octaves} octaves of {tuple(size)} at a scale of {scale} do not fit: each needs sides of at least "
            f"{SMALLEST} pixels; take fewer octaves (at least one) or a larger photograph"
        )
    return sizes[::-1]


def resize(images, size):
    """(N, 3, H, W) resized to (N, 3, *size), bicubic and without aliasing; values may leave their range a little."""
    if tuple(images.shape[2:]) == tuple(size):
        return images
    return functional.interpolate(images, size=tuple(size), mode="bicubic", align_corners=False, antialias=True)


def climb(
    model, images, layer, filters=None, iterations=12, lr=0.02, most=16, slope=0.5, generator=None, live=None,
    batch_size=BATCH_SIZE,
):  # fmt: skip
    """One octave of `deep_dream`: climb at the size that the images have; arguments and result as there."""
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    length = lr * images[0].numel() ** 0.5  # a root mean square as a Euclidean length
    for _ in range(iterations):
        jittered, shift = ascent.jitter(images, most, generator)
        gradients = _gradients(model, jittered, layer, filters, batch_size)
        jittered = (jittered + length * ascent.natural_direction(gradients, slope)).clamp(0, 1)
        images = ascent.undo_jitter(jittered, shift)
        if live is not None:
            live.update(images)
    return images


def _gradients(model, images, layer, filters, batch_size):
    sets = [None] * len(images.split(batch_size)) if filters is None else filters.split(batch_size)
    batches = zip(images.split(batch_size), sets, strict=True)
    return torch.cat([dream_gradient(model, batch, layer, own) for batch, own in batches])


def dream_gradient(model, images, layer, filters=None):
    """Gradient of each image's `objective` with respect to its pixels, in one pass: (N, 3, H, W)."""
    images = images.detach().requires_grad_()
    with torch.enable_grad():
        (gradients,) = torch.autograd.grad(objective(layer_output(model, images, layer), filters).sum(), images)
    return gradients


def objective(maps, filters=None):
    """What a dream climbs: the mean activation of each image's own filters or, for all filters, the mean square.

    maps:    (N, C, h, w); filters: (N,) or (N, K) int64, or None
    returns: (N,). The square favours whatever is strong already: dreams of a whole layer grow out of the photograph.
    """
    if filters is None:
        return maps.square().mean(dim=(1, 2, 3))
    rows = torch.arange(len(maps), device=maps.device)[:, None]
    return maps[rows, filters.reshape(len(maps), -1).to(maps.device)].mean(dim=(1, 2, 3))


def _check_sets(model, layer, filters, count):
    if isinstance(filters, torch.Tensor) and filters.ndim == 2 and len(filters) == count and filters.shape[1]:
        check_filters(model, layer, filters.flatten(), filters.numel())
    else:
        check_filters(model, layer, filters, count)
