"""Filters of a convolutional network: their activation maps, and pictures that excite them.

A filter is one channel of the output of one layer of `model.cnn`, a Sequential; layers are counted from 0.
"""

from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional
from tqdm.auto import tqdm

from helpers import ascent
from helpers.folding import folded
from helpers.gradients import BATCH_SIZE, check_count
from helpers.imagenet import check_images


class _Stop(Exception):
    """Raised by a hook to end a forward; never leaves this module."""


class ReceptiveField(NamedTuple):
    """What part of the image one value of a layer's output depends on, in pixels of the image.

    size:   side of the square
    stride: distance between the squares of two neighbouring values
    """

    size: int
    stride: int


def layer_output(model, images, layer):
    """The output of one layer, by a forward hook that ends the forward there; gradients flow through it.

    images:  (N, 3, H, W) float in [0, 1], of any size that leaves the layer something to see
    layer:   index of a layer of `model.cnn`
    returns: (N, C, h, w); all in one pass, for more images than fit into memory see `activation`
    raises:  ValueError for inputs of another form, and if the model is in training mode, where the images of a batch
             influence each other
    """
    check_images(images)
    module = check_layer(model, layer)
    if model.training:
        raise ValueError("the model is in training mode; call model.eval() first")
    fast = folded(model)
    if isinstance(module, nn.Conv2d):  # in the folded copy it computes the normalisation behind it as well
        return module(stopped_at(fast.cnn, images, layer - 1) if layer else images)
    return stopped_at(fast.cnn, images, layer)


def stopped_at(sequential, images, layer):
    """Send `images` through the layers of a Sequential up to `layer` and no further; returns that layer's output."""
    outputs = []

    def keep(module, inputs, output):
        outputs.append(output)
        raise _Stop

    handle = sequential[layer].register_forward_hook(keep)
    try:
        sequential(images)
    except _Stop:
        pass
    finally:
        handle.remove()
    return outputs[0]


def activation(model, images, layer, batch_size=BATCH_SIZE):
    """Activation maps of all filters of a layer: what each of them makes of each image.

    images:     (N, 3, H, W) float in [0, 1]
    layer:      index of a layer of `model.cnn`, such as 6 or 15
    batch_size: images per pass; bounds the memory and does not change the maps
    returns:    (N, C, h, w) on the device of `images`, without gradients. Not below 0 behind a ReLU; of a convolution
                they have both signs. Not rescaled, so maps stay comparable.
    raises:     ValueError as `layer_output`
    """
    check_images(images)
    check_count("batch_size", batch_size)
    with torch.no_grad():
        return torch.cat([layer_output(model, batch, layer) for batch in images.split(batch_size)])


def activity(model, images, layer, batch_size=BATCH_SIZE):
    """How active a whole layer is at each place, as a map of the size of the images, for scoring it as an explanation.

    Arguments as for `activation`.
    returns: (N, H, W) >= 0, the mean over filters of the positive part of their maps, enlarged (bilinear)
    """
    maps = activation(model, images, layer, batch_size).clamp(min=0).mean(dim=1, keepdim=True)  # (N, 1, h, w)
    return functional.interpolate(maps, size=images.shape[2:], mode="bilinear", align_corners=False)[:, 0]


def mean_activation(model, images, layer, filters, batch_size=BATCH_SIZE):
    """The mean over all places of each image's own filter: images (N, 3, H, W), filters (N,) int64 -> (N,)."""
    filters = check_filters(model, layer, filters, len(images))
    maps = activation(model, images, layer, batch_size)
    return own_filter(maps, filters).mean(dim=(1, 2))


def rises(model, start, images, layer, pictures, batch_size=BATCH_SIZE):
    """How much more images excite each filter than their start does, in standard deviations of the filter's values.

    A factor would mean nothing: values of a convolution have both signs, and a filter may find nothing in the start.

    start:    (1, 3, H, W) or (N, 3, H, W) float in [0, 1]
    images:   (N, 3, H, W) float in [0, 1]
    pictures: (M, 3, h, w) float in [0, 1], what the filters see otherwise; the unit of a filter is the standard
              deviation of its map over all places of all of them, but at least 1e-6, as a filter may be silent
    returns:  (N, C), the difference of the mean activations in that unit; other arguments as for `activation`
    """
    before, after = (activation(model, batch, layer, batch_size).mean(dim=(2, 3)) for batch in (start, images))
    spread = activation(model, pictures, layer, batch_size).std(dim=(0, 2, 3))  # (C,)
    return (after - before) / spread.clamp_min(1e-6)


def own_rises(model, start, images, layer, filters, pictures, batch_size=BATCH_SIZE):
    """`rises` of each image's own filter: filters (N,) int64 -> (N,)."""
    filters = check_filters(model, layer, filters, len(images))
    return rises(model, start, images, layer, pictures, batch_size).gather(1, filters[:, None])[:, 0]


def own_filter(maps, filters):
    """The map of each image's own filter: maps (N, C, h, w), filters (N,) -> (N, h, w)."""
    return maps[torch.arange(len(maps), device=maps.device), filters.to(maps.device)]


def visualise(
    model, layer, filters, start, steps=42, lr=8.0, most=8, slope=0.5, blur=0.6, leak=0.1, generator=None, live=None,
    batch_size=BATCH_SIZE, progress=False,
):  # fmt: skip
    """Climb from each image of `start` towards a high mean activation of its own filter (Erhan et al. 2009).

    Regularised as in the notebook (`helpers.ascent`): jitter, smooth direction, clamp, blur after every 4th step.

    layer:      index of a layer of `model.cnn`
    filters:    (N,) int64, the filter that each image is made for
    start:      (N, 3, H, W) float32 in [0, 1]: images, or noise
    lr:         Euclidean length of a step
    most:       pixels of jitter each way
    slope:      of `ascent.natural_direction`; higher ones hide how fine the patterns of early layers are
    blur:       standard deviation of the blur in pixels, or 0 for none; the last steps should come after it
    leak:       see `leaking`, or 0
    generator:  torch.Generator on the CPU for the jitter; default one with seed 0
    live:       `LiveImages` to show the images in every step, or None
    batch_size: images per pass; bounds the memory and does not change the images but for rounding
    progress:   whether to show a progress bar
    returns:    (N, 3, H, W) in [0, 1]. Where a filter has no gradient its image is not changed but for the blur.
    raises:     ValueError as `layer_output`, and for filters that do not exist
    """
    check_images(start)
    filters = check_filters(model, layer, filters, len(start))
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    images = start.detach().clone()
    with leaking(model, leak):
        for step in tqdm(range(1, steps + 1), desc=f"layer {layer}", disable=not progress):
            jittered, shift = ascent.jitter(images, most, generator)
            batches = zip(jittered.split(batch_size), filters.split(batch_size), strict=True)
            gradients = torch.cat([filter_gradient(model, batch, layer, own) for batch, own in batches])
            jittered = (jittered + lr * ascent.natural_direction(gradients, slope)).clamp(0, 1)
            images = ascent.undo_jitter(jittered, shift)
            if blur and step % 4 == 0:
                images = ascent.gaussian_blur(images, blur)
            if live is not None:
                live.update(images)
    return images


@contextmanager
def leaking(model, leak=0.1):
    """Within the block, gradients leak through silent ReLUs of `model.cnn`, so that an ascent can wake them.

    Where its input is negative, a ReLU passes no gradient, and an image that silences all of them is stuck. Here the
    share `leak` of the gradient passes; outputs stay what they are (Olah et al. 2017 redirect gradients likewise).
    The layer that an ascent stops at is not reached: choose a convolution where filters may be silent altogether.

    yields: None; the hooks are taken off at the end, whatever happens
    """

    def pass_some(module, gradients_in, gradients_out):
        return tuple(into + leak * (out - into) for into, out in zip(gradients_in, gradients_out, strict=True))

    if not leak:
        yield
        return
    handles = [layer.register_full_backward_hook(pass_some) for layer in model.cnn if isinstance(layer, nn.ReLU)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def filter_gradient(model, images, layer, filters):
    """Gradient of the mean activation of each image's own filter with respect to its pixels: (N, 3, H, W)."""
    images = images.detach().requires_grad_()
    with torch.enable_grad():
        maps = layer_output(model, images, layer)  # (N, C, h, w)
        (gradients,) = torch.autograd.grad(own_filter(maps, filters).mean(dim=(1, 2)).sum(), images)
    return gradients


def receptive_field(model, layer):
    """`ReceptiveField` of a layer of `model.cnn`, from the kernels and strides of the layers up to it."""
    check_layer(model, layer)
    size, stride = 1, 1
    for module in model.cnn[: layer + 1]:
        kernel, step = _kernel_and_stride(module)
        size, stride = size + (kernel - 1) * stride, stride * step
    return ReceptiveField(size, stride)


def _kernel_and_stride(module):
    if isinstance(module, nn.Conv2d):
        return module.kernel_size[0], module.stride[0]
    if isinstance(module, nn.MaxPool2d):
        return module.kernel_size, module.stride
    return 1, 1


def shuffle_tiles(images, side, generator):
    """Cut images into square tiles and put them together again in a random order, the same for all images.

    images:    (N, 3, H, W); side: of the tiles in pixels, of which H and W are multiples
    generator: torch.Generator on the CPU
    returns:   (N, 3, H, W), with the same pixels; patterns larger than a tile are destroyed
    raises:    ValueError for other sides
    """
    check_images(images)
    count, colours, height, width = images.shape
    if side < 1 or height % side or width % side:
        raise ValueError(f"tiles must fit into images of {height} x {width} pixels, got a side of {side}")
    rows, columns = height // side, width // side
    tiles = images.reshape(count, colours, rows, side, columns, side).permute(0, 1, 2, 4, 3, 5)
    order = torch.randperm(rows * columns, generator=generator).to(images.device)
    tiles = tiles.flatten(2, 3)[:, :, order].unflatten(2, (rows, columns))  # (N, 3, rows, columns, side, side)
    return tiles.permute(0, 1, 2, 4, 3, 5).reshape(images.shape)


def multiplications(model, layer, size):
    """How many multiplications the convolutions up to `layer` take for one image (3, size, size)."""
    check_layer(model, layer)
    count = 0
    for module in model.cnn[: layer + 1]:
        if isinstance(module, nn.Conv2d):
            count += module.weight.numel() * size**2
        size //= _kernel_and_stride(module)[1]
    return count


def check_layer(model, layer):
    """The layer `layer` of `model.cnn`; ValueError if there is none."""
    count = len(model.cnn)
    if not isinstance(layer, int) or not 0 <= layer < count:
        raise ValueError(f"layer must be an integer from 0 to {count - 1}, got {layer!r}")
    return model.cnn[layer]


def check_filters(model, layer, filters, count):
    """`filters` as they are; ValueError unless they are `count` int64 indices of filters of that layer."""
    if not isinstance(filters, torch.Tensor) or filters.dtype != torch.int64 or tuple(filters.shape) != (count,):
        raise ValueError(f"filters must be an int64 tensor ({count},), one for each image; use torch.tensor([...])")
    there = channels(model, layer)
    if count and not 0 <= int(filters.min()) <= int(filters.max()) < there:
        raise ValueError(f"layer {layer} has filters 0 to {there - 1}, got {filters.tolist()}")
    return filters


def channels(model, layer):
    """The number of filters of a layer of `model.cnn`: that of the last convolution up to it."""
    check_layer(model, layer)
    return [module for module in model.cnn[: layer + 1] if isinstance(module, nn.Conv2d)][-1].out_channels
