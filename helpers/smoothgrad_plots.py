"""Figures of the notebook on SmoothGrad.

As in `helpers.plots`, one line is printed instead where a student's result is still None.
"""

import torch

from helpers import plots
from helpers.comparison import correlation
from helpers.gradients import batched_gradients, target_values
from helpers.imagenet import deprocess
from helpers.smoothgrad import value_range
from helpers.smoothgrad_tables import course_sigma


def show_fluctuation(model, image, target, generator, reach=0.15, points=61, pixels=5):
    """The score, some of its derivatives and the whole gradient while noise is faded into an image.

    image:  (1, 3, H, W) float32 in [0, 1]; target: (1,) int64
    reach:  standard deviation of the noise at the right end, as a share of the image's range
    pixels: derivatives drawn: of the image's largest, and of others down to the 20th part of all values
    The last panel correlates the gradient with that of the image itself.
    """
    noise = torch.randn(image.shape, generator=generator).to(image)
    strengths = torch.linspace(0, reach, points)
    path = image + strengths.to(image)[:, None, None, None] * value_range(image) * noise  # (points, 3, H, W)
    targets = target.expand(points)
    gradients = batched_gradients(model, path, targets).flatten(1).cpu()  # (points, 3 H W)
    scores = target_values(model, path, targets, probabilities=False)
    places = gradients[0].abs().argsort(descending=True)[torch.linspace(0, gradients.shape[1] / 20, pixels).long()]
    likeness = correlation(gradients[:, None], gradients[:1, None].expand(points, -1, -1))  # (points,)
    figure, axes = plots._grid(1, 5, size=2.3)
    plots._picture(axes[0, 0], deprocess(path[:1])[0], "the image")
    plots._picture(axes[0, 1], deprocess(path[-1:])[0], f"noise of {reach:.0%} of the range")
    _curves(axes[0, 2], strengths, scores[:, None], f"score of {model.categories[int(target)]}")
    _curves(axes[0, 3], strengths, gradients[:, places], f"{pixels} of its derivatives")
    _curves(axes[0, 4], strengths, likeness[:, None], "likeness to the first gradient")
    axes[0, 4].set_ylim(min(0, float(likeness.min())), 1)
    plots.show(figure)


def _curves(axis, strengths, columns, title):
    axis.plot(strengths * 100, columns, linewidth=1)
    axis.set_title(title, fontsize=10)
    axis.set_xlabel("noise in % of the range", fontsize=9)
    axis.tick_params(labelsize=8)


def show_columns(images, columns, marks, clip=99.5):
    """Images at the left, and right of each a row of its maps, for example one for each noise level.

    images:  (n, 3, H, W) float32 in [0, 1]
    columns: dictionary of title -> maps (n, H, W) >= 0, or a dictionary with a None in it
    marks:   n names of the rows
    clip:    percentile of a map that gets the brightest colour; each map has a scale of its own
    """
    if plots.is_missing(list(columns.values()), "one of the maps", "smoothgrad"):
        return
    figure, axes = plots._grid(len(images), 1 + len(columns), size=1.7, title=0.25)
    for row, photo in enumerate(deprocess(images)):
        plots._picture(axes[row, 0], photo)
    for column, (title, maps) in enumerate(columns.items(), start=1):
        for row, values in enumerate(plots.check_maps(maps, images)):
            draw_map(axes[row, column], values, title if row == 0 else "", clip)
    plots._row_names(axes, [str(mark) for mark in marks])
    plots.show(figure)


def draw_map(axis, values, title="", clip=99.5):
    """One map (H, W) >= 0 as an array, its percentile `clip` in the brightest colour."""
    top = float(torch.from_numpy(values).flatten().quantile(clip / 100)) or 1.0
    plots._picture(axis, values, title, cmap=plots.COLOUR_MAP, vmin=0, vmax=top)


def show_noisy(images, levels, marks, generator):
    """What the model is shown: the images (n, 3, H, W) with noise of several levels, one level a column."""
    sigma = value_range(images)[:, None, None, None]
    figure, axes = plots._grid(len(images), len(levels), size=1.7, title=0.25)
    for column, level in enumerate(levels):
        noise = torch.randn(images.shape, generator=generator).to(images)
        for row, picture in enumerate(deprocess(images + level * sigma * noise)):
            plots._picture(axes[row, column], picture, f"{level:.0%} noise" if row == 0 else "")
    plots._row_names(axes, [str(mark) for mark in marks])
    plots.show(figure)


def show_contrasts(images, generator, noise_level=0.15):
    """One picture at several contrasts (rows of `images`), and a noisy copy of each by both rules."""
    figure, axes = plots._grid(3, len(images), size=1.9, title=0.25)
    sigmas = (0 * value_range(images), noise_level * value_range(images), course_sigma(images))
    noise = torch.randn(images[:1].shape, generator=generator).to(images)
    for row, sigma in enumerate(sigmas):
        noisy = deprocess(images + sigma[:, None, None, None] * noise)
        for column, picture in enumerate(noisy):
            name, value = ("sigma", sigma[column]) if row else ("range", value_range(images)[column])
            plots._picture(axes[row, column], picture, f"{name} {float(value):.2f}")
    plots._row_names(axes, ("picture", "paper", "course's code"))
    plots.show(figure)
