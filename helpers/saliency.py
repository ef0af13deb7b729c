"""Saliency: how strongly does a class react to each pixel?"""

import torch

from helpers.imagenet import check_images

SCORES = ("logit", "loss")


def saliency(model, images, targets, of="logit", batch_size=16):
    """Absolute gradient of each image's target logit, the maximum over channels (Simonyan et al. 2014, sec. 3).

    images:     (N, 3, H, W) float32 in the range that `model` takes
    targets:    (N,) int64 class indices
    of:         "logit" for the unnormalised score, "loss" for the cross-entropy
    batch_size: images per pass; bounds the memory and does not change the maps
    returns:    (N, H, W) float32 >= 0 on the device of `images`; not rescaled, so maps stay comparable
    raises:     ValueError for inputs of another form, and if the model is in training mode, where the images of a
                batch influence each other. Parameter gradients are not computed.
    """
    check_images(images)
    check_targets(targets, len(images))
    if of not in SCORES:
        raise ValueError(f"of must be one of {SCORES}, got {of!r}")
    if model.training:
        raise ValueError("the model is in training mode; call model.eval() first")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    batches = zip(images.split(batch_size), targets.split(batch_size), strict=True)
    gradients = [input_gradient(model, *batch, of) for batch in batches]  # each (n, 3, H, W)
    return torch.cat(gradients).abs().amax(dim=1)  # (N, H, W)


def input_gradient(model, images, targets, of="logit"):
    """Gradient of each image's target logit or cross-entropy with respect to its own pixels: (N, 3, H, W).

    Arguments as for `saliency`, in one pass. The caller's tensors are not touched.
    """
    images = images.detach().requires_grad_()
    with torch.enable_grad():
        logits = model(images)  # (N, classes)
        if of == "logit":
            score = logits.gather(1, targets[:, None].to(logits.device)).sum()
        else:
            score = torch.nn.functional.cross_entropy(logits, targets.to(logits.device), reduction="sum")
        (gradients,) = torch.autograd.grad(score, images)
    return gradients


def check_targets(targets, count):
    """Raise ValueError unless `targets` is an int64 tensor of `count` class indices."""
    if not isinstance(targets, torch.Tensor) or targets.dtype != torch.int64:
        kind = getattr(targets, "dtype", type(targets).__name__)
        raise ValueError(f"targets must be an int64 tensor, got {kind}; use torch.tensor([...])")
    if tuple(targets.shape) != (count,):
        raise ValueError(f"targets must be ({count},), one class an image, got {tuple(targets.shape)}")


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
