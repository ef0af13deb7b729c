"""Saliency: how strongly does a class react to each pixel?"""

import torch

from helpers.gradients import BATCH_SIZE, batched_gradients, check_request


def saliency(model, images, targets, of="logit", batch_size=BATCH_SIZE):
    """Absolute gradient of each image's target logit, the maximum over channels (Simonyan et al. 2014, sec. 3).

    images:     (N, 3, H, W) float32 in the range that `model` takes
    targets:    (N,) int64 class indices
    of:         "logit" for the unnormalised score, "loss" for the cross-entropy
    batch_size: images per pass; bounds the memory and does not change the maps
    returns:    (N, H, W) float32 >= 0 on the device of `images`; not rescaled, so maps stay comparable
    raises:     ValueError for inputs of another form, and if the model is in training mode, where the images of a
                batch influence each other. Parameter gradients are not computed.
    """
    check_request(model, images, targets, of, batch_size)
    return batched_gradients(model, images, targets, of, batch_size).abs().amax(dim=1)  # (N, H, W)


def quarter_shares(maps, brightest=0.01):
    """Where the brightest pixels of each map lie.

    maps:      (N, H, W) float32
    brightest: share of the pixels to look at
    returns:   (N, 4) float32 on the CPU, each row summing to 1: upper left, upper right, lower left, lower right
    raises:    ValueError for maps of another shape
    """
    if not isinstance(maps, torch.Tensor) or maps.ndim != 3:
        raise ValueError(f"maps must be a tensor (N, H, W), got {tuple(getattr(maps, 'shape', ()))}")
    height, width = maps.shape[1:]
    top = maps.detach().cpu().flatten(1).topk(max(1, round(brightest * height * width)), dim=1).indices  # (N, k)
    quarters = 2 * (top // width >= height // 2) + (top % width >= width // 2)  # (N, k), 0 to 3
    return torch.stack([(quarters == quarter).float().mean(dim=1) for quarter in range(4)], dim=1)
