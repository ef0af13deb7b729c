"""How robust is a fooling image? Variations of it that tell a perturbation's direction from its mere size."""

import torch

from helpers.ascent import gaussian_blur, unit
from helpers.imagenet import check_images


def variations(image, fooled, generator):
    """The fooling images changed in ways that a person would hardly notice, and a control.

    image:     (1, 3, H, W) float32 in [0, 1], the original
    fooled:    (M, 3, H, W) float32 in [0, 1]
    generator: torch.Generator on the CPU, for the random direction
    returns:   dictionary of name -> (M, 3, H, W). "random direction" is the original plus noise of the same Euclidean
               norm as each perturbation, "reversed" the original minus the perturbation; both stay in [0, 1].
    raises:    ValueError for images of other shapes
    """
    check_images(image)
    check_images(fooled)
    if image.shape[1:] != fooled.shape[1:]:
        raise ValueError(f"fooled must be (M, {str(tuple(image.shape[1:]))[1:]}, got {tuple(fooled.shape)}")
    difference = fooled - image  # (M, 3, H, W)
    norms = difference.flatten(1).norm(dim=1)[:, None, None, None]
    noise = torch.randn(difference.shape, generator=generator).to(image.device)
    return {
        "fooled": fooled,
        "random direction": (image + norms * unit(noise)).clamp(0, 1),
        "reversed": (image - difference).clamp(0, 1),
        "shifted one pixel": fooled.roll(1, dims=3),
        "blurred, sigma 0.5": gaussian_blur(fooled, 0.5),
    }
