"""Numbers of the notebook on SmoothGrad, computed and printed.

As in `helpers.plots`, one line is printed instead where a student's result is still None.
"""

import torch

from helpers import plots, tables
from helpers.comparison import correlation
from helpers.gradients import target_values
from helpers.smoothgrad import value_range

COURSE_PARAMETER = 0.4  # what the course's code passes to its function


def noisy_probabilities(model, images, targets, levels, generator, copies=8):
    """Mean probability of each image's target over noisy copies, for each noise level: (levels, N) on the CPU.

    images: (N, 3, H, W) float32 in [0, 1]; targets: (N,) int64; levels: shares of the range, as in `smoothgrad`
    """
    rows = []
    for level in levels:
        sigma = level * value_range(images)[:, None, None, None]
        noisy = [images + sigma * torch.randn(images.shape, generator=generator).to(images) for _ in range(copies)]
        values = target_values(model, torch.cat(noisy), targets.repeat(copies))  # (copies N,)
        rows.append(values.reshape(copies, -1).mean(dim=0))
    return torch.stack(rows)


def print_noisy_probabilities(probabilities, levels):
    """The result of `noisy_probabilities`, one image a column."""
    rows = [
        [f"{level:.0%} noise", *map("{:.2f}".format, row)] for level, row in zip(levels, probabilities, strict=True)
    ]
    tables.print_table([f"image {number}" for number in range(probabilities.shape[1])], rows)


def print_agreement(maps_by_samples, others_by_samples):
    """How well two runs with different noise agree: mean correlation over the images, absolute and signed.

    maps_by_samples, others_by_samples: number of samples -> (absolute, signed), each (n, H, W); None in it: one line
    """
    results = [*maps_by_samples.values(), *others_by_samples.values()]
    if plots.is_missing([maps for pair in results for maps in pair], "one of the maps", "smoothgrad"):
        return
    rows = []
    for samples, pair in maps_by_samples.items():
        agreements = [f"{correlation(*both).mean():.2f}" for both in zip(pair, others_by_samples[samples], strict=True)]
        rows.append([f"n = {samples}", *agreements])
    tables.print_table(["absolute", "signed"], rows)


def course_sigma(images, parameter=COURSE_PARAMETER):
    """Standard deviation of the noise in the course's code: its parameter divided by the range, and squared: (N,)."""
    return (parameter / value_range(images)) ** 2


def print_sigmas(images, names, noise_level=0.15):
    """Range of each image, and the noise by the paper's rule and by the course's code; images (N, 3, H, W)."""
    columns = zip(names, value_range(images), noise_level * value_range(images), course_sigma(images), strict=True)
    rows = [[str(name), *(f"{float(value):.3f}" for value in values)] for name, *values in columns]
    tables.print_table(["range", f"paper, {noise_level:.0%}", f"course's code, {COURSE_PARAMETER}"], rows)
