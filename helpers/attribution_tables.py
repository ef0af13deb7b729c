"""Numbers of the notebook on integrated gradients, computed and printed.

As in `helpers.plots`, one line is printed instead where a student's result is still None.
"""

import torch

from helpers import plots, tables
from helpers.gradients import batched_logits
from helpers.integrated_gradients import BASELINES, Completeness, completeness, make_baselines


def print_completeness(model, images, targets, baselines, results):
    """What the attributions of several runs sum to, image by image, above what they ought to sum to.

    images, baselines: (N, 3, H, W); targets: (N,)
    results: dictionary of name -> (N, 3, H, W); those that are None are skipped
    The last column is the mean distance from what they ought to sum to.
    """
    written = {name: values for name, values in results.items() if values is not None}
    if not written:
        plots.is_missing(None, "attributions", "integrated_gradients")
        return
    found = {name: completeness(model, images, targets, baselines, values) for name, values in written.items()}
    differences = next(iter(found.values())).differences
    rows = [["f(x) - f(baseline)", *map("{:.2f}".format, differences), ""]]
    for name, sides in found.items():
        rows.append([name, *map("{:.2f}".format, sides.sums), f"{mean_error(sides):.3f}"])
    tables.print_table([*map(str, range(len(images))), "mean error"], rows)


def mean_error(sides: Completeness):
    """The mean distance between both sides of completeness, in units of the score: a float."""
    return float((sides.sums - sides.differences).abs().mean())


def print_baselines(model, images, targets):
    """What the network says to the baselines: the class it prefers and the probability of each image's own.

    images: (N, 3, H, W) float32 in [0, 1]; targets: (N,) int64
    """
    rows = []
    for kind in BASELINES:
        probabilities = batched_logits(model, make_baselines(kind, images)).softmax(dim=1)  # (N, classes)
        own = probabilities.gather(1, targets[:, None])[:, 0]
        favourite = model.categories[int(probabilities.mean(dim=0).argmax())]
        rows.append([kind, *map("{:.2f}".format, own), favourite])
    tables.print_table([*map(str, range(len(images))), "most probable"], rows)


def dark_share(attributions, images, darkest=0.2):
    """The share of the absolute attribution that falls on the darkest pixels of each picture.

    attributions, images: (N, 3, H, W); darkest: which share of the pixels is looked at, by the mean of the channels
    returns:              (N,) float32 in [0, 1] on the CPU; 0 for an attribution of zeros
    """
    weights = attributions.detach().abs().sum(dim=1).flatten(1).cpu()  # (N, H W)
    brightness = images.mean(dim=1).flatten(1).cpu()  # (N, H W)
    dark = brightness.topk(max(1, round(darkest * brightness.shape[1])), dim=1, largest=False).indices  # (N, k)
    return weights.gather(1, dark).sum(dim=1) / weights.sum(dim=1).clamp_min(torch.finfo(weights.dtype).tiny)
