"""Building blocks for gradient ascent on images: the regularisers, and a live view of what is going on.

Random numbers come from the caller's torch.Generator, which lives on the CPU so that every machine draws the same.
"""

import math

import torch
from torch.nn import functional

from helpers.imagenet import check_images

# Covariance of the red, green and blue of ImageNet's pixels, up to a factor: nearly all of it is brightness.
COLOUR_COVARIANCE = ((0.357, 0.324, 0.294), (0.324, 0.353, 0.335), (0.294, 0.335, 0.384))


def noise(count, size, generator, spread=0.05):
    """Grey images with a little normal noise to start from: (count, 3, size, size) float32 in [0, 1] on the CPU."""
    return (0.5 + spread * torch.randn(count, 3, size, size, generator=generator)).clamp(0, 1)


def jitter(images, most, generator):
    """Roll all images by one random shift of at most `most` pixels each way, so that no edge sits at a fixed place.

    images:  (N, 3, H, W)
    returns: (the rolled images, the shift (down, right) for `undo_jitter`)
    """
    check_images(images)
    shift = tuple(torch.randint(-most, most + 1, (2,), generator=generator).tolist())
    return images.roll(shift, dims=(2, 3)), shift


def undo_jitter(images, shift):
    """Roll images back by a shift that `jitter` returned."""
    return images.roll((-shift[0], -shift[1]), dims=(2, 3))


def gaussian_blur(images, sigma):
    """Blur by a normal distribution of `sigma` pixels, mirrored at the borders; (N, 3, H, W) -> (N, 3, H, W)."""
    check_images(images)
    if not sigma > 0:
        raise ValueError(f"sigma must be positive, got {sigma}")
    radius = min(math.ceil(3 * sigma), min(images.shape[-2:]) - 1)  # a mirror cannot be longer than the image
    offsets = torch.arange(-radius, radius + 1, dtype=images.dtype, device=images.device)
    weights = torch.softmax(-(offsets**2) / (2 * sigma**2), dim=0).expand(3, 1, 1, -1)
    blurred = functional.conv2d(_mirror(images, (radius, radius, 0, 0)), weights, groups=3)
    return functional.conv2d(_mirror(blurred, (0, 0, radius, radius)), weights.transpose(2, 3), groups=3)


def _mirror(images, border):
    return functional.pad(images, border, mode="reflect")


def unit(gradients):
    """Scale each image's gradient to Euclidean norm 1; a gradient of zeros stays zero. (N, 3, H, W) -> same."""
    norms = gradients.flatten(1).norm(dim=1)  # (N,)
    return gradients / norms.clamp_min(torch.finfo(gradients.dtype).tiny)[:, None, None, None]


def natural_direction(gradients, slope=1.25):
    """The gradients times the covariance of photographs, scaled to norm 1 for each image.

    Photographs vary most over large distances and in brightness; the gradient of a network varies most between
    neighbouring pixels and between colours. Each frequency f of the gradient is divided by f ** slope, and its channels
    are mixed by `COLOUR_COVARIANCE`. Both are positive definite, so a short step in this direction still climbs.

    gradients: (N, 3, H, W) float; slope: 0 keeps all frequencies as they are, 2 would be the spectrum of photographs
    returns:   (N, 3, H, W)
    Olah et al. 2017 (Feature Visualization, section on preconditioning).
    """
    check_images(gradients)
    height, width = gradients.shape[-2:]
    down = torch.fft.fftfreq(height, device=gradients.device)[:, None]
    across = torch.fft.rfftfreq(width, device=gradients.device)
    frequency = (down**2 + across**2).sqrt().clamp_min(1 / max(height, width))  # (H, W // 2 + 1)
    spectrum = torch.fft.rfft2(gradients) / frequency**slope
    smooth = torch.fft.irfft2(spectrum, s=(height, width))
    covariance = torch.tensor(COLOUR_COVARIANCE, dtype=smooth.dtype, device=smooth.device)
    return unit(torch.einsum("cd,ndhw->nchw", covariance, smooth))


def resize(images, size):
    """Images resized to (N, 3, size, size), bicubic, with values kept in [0, 1]."""
    check_images(images)
    if images.shape[-2:] == (size, size):
        return images
    return functional.interpolate(images, size=(size, size), mode="bicubic", align_corners=False).clamp(0, 1)


def grow(ascend, images, sizes):
    """Ascend on small images first, then on enlarged ones: large shapes appear early, details late.

    ascend:  function of images (N, 3, S, S) that returns images of the same shape, or None while it is unwritten
    sizes:   the sides S, in order; multiples of 32 suit most networks
    returns: (N, 3, S, S) of the last size, or None as soon as `ascend` returns None
    """
    for size in sizes:
        images = ascend(resize(images, size))
        if images is None:
            return None
    return images
