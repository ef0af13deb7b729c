"""Gradients of many images with respect to their own pixels, a few images at a time."""

import torch

from helpers.folding import folded
from helpers.imagenet import check_images

SCORES = ("logit", "loss")
BATCH_SIZE = 4  # on a CPU, bigger batches fall out of its cache


def batched_gradients(model, images, targets, of="logit", batch_size=BATCH_SIZE):
    """Gradient of each image's target logit or loss with respect to its own pixels, by the fastest equal model.

    images:     (N, 3, H, W) float in the range that `model` takes
    targets:    (N,) int64 class indices
    of:         "logit" for the unnormalised score, "loss" for the cross-entropy
    batch_size: images per pass; bounds the memory and changes the gradients by rounding only
    returns:    (N, 3, H, W) like `images`. Parameter gradients are not computed, inputs not checked (`check_request`)
    """
    model = folded(model)
    batches = zip(images.split(batch_size), targets.split(batch_size), strict=True)
    return torch.cat([input_gradient(model, *batch, of) for batch in batches])


@torch.no_grad()
def batched_logits(model, images, batch_size=BATCH_SIZE):
    """Logits by the fastest equal model, a few images at a time: (N, 3, H, W) -> (N, classes) on their device."""
    model = folded(model)
    return torch.cat([model(batch) for batch in images.split(batch_size)])


def input_gradient(model, images, targets, of="logit"):
    """Gradient of each image's target logit or cross-entropy with respect to its own pixels: (N, 3, H, W).

    Arguments as for `batched_gradients`, in one pass through `model` as it is. The caller's tensors are not touched.
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


def target_values(model, images, targets, probabilities=True):
    """Probability (or score) of each image's target: (N, 3, H, W), (N,) -> (N,) on the CPU."""
    logits = batched_logits(model, images).cpu()  # (N, classes)
    values = logits.softmax(dim=1) if probabilities else logits
    return values.gather(1, targets.cpu()[:, None])[:, 0]


def check_request(model, images, targets, of="logit", batch_size=BATCH_SIZE):
    """Raise ValueError unless gradients of `images` towards `targets` can be asked for."""
    check_images(images)
    if not len(images):
        raise ValueError(f"images must hold at least one image, got {tuple(images.shape)}")
    check_targets(targets, len(images))
    if of not in SCORES:
        raise ValueError(f"of must be one of {SCORES}, got {of!r}")
    if model.training:
        raise ValueError("the model is in training mode; call model.eval() first")
    check_count("batch_size", batch_size)


def check_targets(targets, count):
    """Raise ValueError unless `targets` is an int64 tensor of `count` class indices."""
    if not isinstance(targets, torch.Tensor) or targets.dtype != torch.int64:
        kind = getattr(targets, "dtype", type(targets).__name__)
        raise ValueError(f"targets must be an int64 tensor, got {kind}; use torch.tensor([...])")
    if tuple(targets.shape) != (count,):
        raise ValueError(f"targets must be ({count},), one class an image, got {tuple(targets.shape)}")


def check_count(name, count):
    """Raise ValueError unless `count` is a whole number of at least 1."""
    if not isinstance(count, int) or count < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {count!r}")


def portions(total, most):
    """`total` cut into numbers of at most `most`: 10 and 4 give 4, 4, 2."""
    return [min(most, total - start) for start in range(0, total, most)]
