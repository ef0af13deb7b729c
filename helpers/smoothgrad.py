"""SmoothGrad: the gradient averaged over noisy copies of an image."""

import torch
from tqdm.auto import tqdm

from helpers.folding import folded
from helpers.gradients import BATCH_SIZE, batched_gradients, check_count, check_request, portions

AVERAGES = {"absolute": torch.abs, "signed": torch.positive, "squared": torch.square}


def smoothgrad(
    model,
    images,
    targets,
    noise_level=0.15,
    samples=500,
    average="absolute",
    of="logit",
    generator=None,
    batch_size=BATCH_SIZE,
    progress=False,
):
    """The gradient of each image's target logit, averaged over noisy copies of the image (Smilkov et al. 2017).

    images:      (N, 3, H, W) float32 in the range that `model` takes; noisy copies may leave it, they are not clamped
    targets:     (N,) int64 class indices
    noise_level: standard deviation of the normal noise, as a share of each image's range (its maximum - minimum)
    samples:     noisy copies of each image
    average:     what is averaged before the maximum over channels: "absolute" values of the gradients; the "signed"
                 gradients, of whose mean the absolute value is taken; or their squares ("squared")
    of:          "logit" or "loss" (cross-entropy)
    generator:   torch.Generator that draws the noise on its own device, one tensor like `images` for each sample, or
                 None for the default generator of the images' device. The batch size does not change the noise
    batch_size:  images per pass; beside it, memory holds a few copies of `images`
    progress:    whether to show a progress bar
    returns:     (N, H, W) float32 >= 0 on the device of `images`, the maximum over channels; not rescaled.
                 With noise level 0 it is `helpers.saliency.saliency`
    raises:      ValueError for inputs of another form, and if the model is in training mode
    """
    maps = smoothgrad_maps(
        model, images, targets, (average,), noise_level, samples, of, generator, batch_size, progress
    )
    return maps[average]


def smoothgrad_maps(
    model,
    images,
    targets,
    averages=("absolute", "signed"),
    noise_level=0.15,
    samples=500,
    of="logit",
    generator=None,
    batch_size=BATCH_SIZE,
    progress=False,
):
    """Several averages of the same gradients, for the price of one: dictionary of average -> (N, H, W).

    Arguments as for `smoothgrad`, whose maps these are, and which raises the same; averages: names of averages
    """
    check_request(model, images, targets, of, batch_size)
    _check_options(noise_level, samples, averages)
    model, images, totals = folded(model), images.detach(), dict.fromkeys(averages, 0)
    sigma = noise_level * value_range(images)[:, None, None, None]
    with tqdm(total=samples, desc="SmoothGrad", disable=not progress) as bar:
        for count in portions(samples, max(1, batch_size // len(images))):
            noisy = torch.cat([images + sigma * _noise(images, generator) for _ in range(count)])  # (count N, 3, H, W)
            gradients = batched_gradients(model, noisy, targets.repeat(count), of, batch_size)
            for average in averages:
                averaged = AVERAGES[average](gradients).unflatten(0, (count, -1))  # (count, N, 3, H, W)
                totals[average] = totals[average] + averaged.sum(dim=0)
            bar.update(count)
    return {average: (total / samples).abs().amax(dim=1) for average, total in totals.items()}  # (N, H, W)


def value_range(images):
    """Maximum minus minimum of each image's values, over all channels: (N, 3, H, W) -> (N,)."""
    return images.amax(dim=(1, 2, 3)) - images.amin(dim=(1, 2, 3))


def join(*halves):
    """The results (absolute, signed) of several calls of a student's smoothgrad(), image by image, as one such pair.

    halves: pairs of (n, H, W) tensors, or of None where the function is unwritten
    returns: a pair of (N, H, W) tensors, or (None, None)
    """
    if any(maps is None for half in halves for maps in half):
        return None, None
    return tuple(torch.cat(maps) for maps in zip(*halves, strict=True))


def _noise(images, generator):
    """Standard normal noise like `images`, in the same order whatever their memory format."""
    device = images.device if generator is None else generator.device
    return torch.randn(images.shape, generator=generator, dtype=images.dtype, device=device).to(images.device)


def _check_options(noise_level, samples, averages):
    if not 0 <= noise_level < float("inf"):
        raise ValueError(f"noise_level must be a share of the image's range such as 0.15, got {noise_level!r}")
    check_count("samples", samples)
    for average in averages:
        if average not in AVERAGES:
            raise ValueError(f"average must be one of {tuple(AVERAGES)}, got {average!r}")
