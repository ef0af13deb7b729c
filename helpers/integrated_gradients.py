"""Integrated gradients: the gradient averaged along a straight path, times the length of the path."""

from typing import NamedTuple

import numpy as np
import torch
from tqdm.auto import tqdm

from helpers.ascent import gaussian_blur
from helpers.folding import folded
from helpers.gradients import BATCH_SIZE, batched_gradients, batched_logits, check_count, check_request, portions
from helpers.imagenet import check_images

BLUR = 10  # pixels; of a picture of 128 x 128 the colours remain, and no shape
BASELINES = {
    "black": torch.zeros_like,
    "white": torch.ones_like,
    "blurred": lambda images: gaussian_blur(images, BLUR),
    "mean": lambda images: images.mean(dim=(2, 3), keepdim=True).expand_as(images).clone(),
}


class Completeness(NamedTuple):
    """Both sides of the completeness axiom, which the exact integral makes equal.

    sums:        (N,) the sum of each image's attributions
    differences: (N,) its target logit minus that of its baseline
    """

    sums: torch.Tensor
    differences: torch.Tensor


def integrated_gradients(
    model,
    images,
    targets,
    baselines=None,
    steps=32,
    rule="gauss_legendre",
    batch_size=BATCH_SIZE,
    progress=False,
):
    """What each pixel value contributes to the target logit's rise from the baseline (Sundararajan et al. 2017).

    images:     (N, 3, H, W) float32 in the range that `model` takes
    targets:    (N,) int64 class indices
    baselines:  like `images`, where the paths begin (see `make_baselines`); None for black
    steps:      points on each path
    rule:       how the integral is approximated: "gauss_legendre" or "left", the left Riemann sum
    batch_size: images per pass; beside it, memory holds a few copies of `images`
    progress:   whether to show a progress bar
    returns:    (N, 3, H, W) float32 on the device of `images`; positive values speak for the class, negative ones
                against it. Sums over an image are nearly its logit minus its baseline's (see `completeness`)
    raises:     ValueError for inputs of another form, and if the model is in training mode
    """
    check_request(model, images, targets, batch_size=batch_size)
    baselines = torch.zeros_like(images) if baselines is None else baselines
    gradients = path_gradients(model, images, targets, baselines, steps, rule, batch_size, progress)
    return (images - baselines).detach() * gradients


def path_gradients(
    model, images, targets, baselines, steps=32, rule="gauss_legendre", batch_size=BATCH_SIZE, progress=False
):
    """The gradient of the target logit, averaged along the straight path from the baseline: (N, 3, H, W).

    Arguments as for `integrated_gradients`, of which it is one factor; the other is `images - baselines`.
    """
    check_request(model, images, targets, batch_size=batch_size)
    _check_baselines(baselines, images)
    positions, weights = quadrature(rule, steps)
    model, total, done = folded(model), 0, 0
    with tqdm(total=steps, desc="integrated gradients", disable=not progress) as bar:
        for count in portions(steps, max(1, batch_size // len(images))):
            points = path_images(images, baselines, positions[done : done + count])  # (count, N, 3, H, W)
            gradients = batched_gradients(model, points.flatten(0, 1), targets.repeat(count), "logit", batch_size)
            portion = torch.tensor(weights[done : done + count], dtype=gradients.dtype, device=gradients.device)
            total = total + torch.tensordot(portion, gradients.unflatten(0, (count, -1)), dims=1)  # (N, 3, H, W)
            done += count
            bar.update(count)
    return total


def path_images(images, baselines, positions):
    """The images on the straight paths from the baselines (position 0) to the images (position 1).

    images, baselines: (N, 3, H, W); positions: K numbers
    returns:           (K, N, 3, H, W)
    """
    return torch.stack([baselines + position * (images - baselines) for position in positions]).detach()


def quadrature(rule, steps):
    """Where to take the gradient and how much it counts: two lists of `steps` numbers in [0, 1], the second sums to 1.

    "left" is the left Riemann sum: equal weights at 0, 1 / steps, ... "gauss_legendre" is exact for polynomials of
    degree 2 steps - 1, and never asks at the ends. ValueError for another rule.
    """
    check_count("steps", steps)
    if rule == "left":
        return [step / steps for step in range(steps)], [1 / steps] * steps
    if rule == "gauss_legendre":
        nodes, weights = np.polynomial.legendre.leggauss(steps)  # on [-1, 1]
        return ((nodes + 1) / 2).tolist(), (weights / 2).tolist()
    raise ValueError(f"rule must be 'gauss_legendre' or 'left', got {rule!r}")


def completeness(model, images, targets, baselines, attributions, batch_size=BATCH_SIZE):
    """What the attributions sum to, and what they ought to sum to, as `Completeness`.

    images, baselines, attributions: (N, 3, H, W); targets: (N,) int64
    raises: ValueError for inputs of another form, and if the model is in training mode
    """
    check_request(model, images, targets, batch_size=batch_size)
    _check_baselines(baselines, images)
    _check_baselines(attributions, images, "attributions")
    logits = [batched_logits(model, batch.detach(), batch_size) for batch in (images, baselines)]  # each (N, classes)
    score, start = (values.gather(1, targets[:, None].to(values.device))[:, 0] for values in logits)
    sums = attributions.detach().cpu().double().sum(dim=(1, 2, 3))  # of 49152 numbers of both signs
    return Completeness(sums.to(score), score - start)


def make_baselines(kind, images):
    """Baselines for images (N, 3, H, W) in [0, 1], like `images`.

    kind:   "black"; "white"; "blurred", each image without its details; "mean", one colour, the mean of each image
    raises: ValueError for another kind or shape
    """
    check_images(images)
    if kind not in BASELINES:
        raise ValueError(f"kind must be one of {tuple(BASELINES)}, got {kind!r}")
    return BASELINES[kind](images.detach())


def _check_baselines(baselines, images, name="baselines"):
    shape = tuple(getattr(baselines, "shape", ()))
    if shape != tuple(images.shape):
        raise ValueError(f"{name} must be like the images, {tuple(images.shape)}, got {shape}; see make_baselines")
