"""Figures of the notebook on LIME: superpixels, what the model is shown, weights in green and red, pairs of pictures.

As in `helpers.plots`, one line is printed instead where a student's result is still None.
"""

import numpy as np

from helpers import food_plots, plots
from helpers.gradients import batched_logits
from helpers.imagenet import check_images, deprocess
from helpers.superpixels import boundaries, segment_counts

FOR, AGAINST = (0.1, 0.75, 0.2), (0.9, 0.1, 0.15)  # green, red
LINE = (1.0, 0.9, 0.1)


def show_segments(images, columns, marks):
    """Superpixels drawn as lines into the images, one way of making them a column, with how many came out.

    images: (n, 3, H, W) float32 in [0, 1]; marks: n names of the rows
    columns: dictionary of title -> segments (n, H, W) int64
    """
    figure, axes = plots._grid(len(images), 1 + len(columns), size=1.9, title=0.25)
    photos = deprocess(images)
    for row, photo in enumerate(photos):
        plots._picture(axes[row, 0], photo)
    for column, (title, segments) in enumerate(columns.items(), start=1):
        lines, counts = boundaries(segments), segment_counts(segments)
        for row, photo in enumerate(photos):
            drawn = np.where(lines[row][..., None], LINE, photo / 255)
            plots._picture(axes[row, column], drawn, title if row == 0 else "")
            axes[row, column].set_xlabel(f"{counts[row]} came out", fontsize=9)
    plots._row_names(axes, [str(mark) for mark in marks])
    plots.show(figure)


def show_switched_off(model, copies, target):
    """What the model is shown, with the probability of one class under each: copies (n, 3, H, W) or None."""
    if plots.is_missing(copies, "the list of pictures", "switch_off"):
        return
    probabilities = batched_logits(model, copies).softmax(dim=1)[:, target].tolist()
    figure, axes = plots._grid(1, len(copies), size=1.7, title=0.3)
    for axis, picture, probability in zip(axes[0], deprocess(copies), probabilities, strict=True):
        plots._picture(axis, picture)
        axis.set_xlabel(f"p = {probability:.2f}", fontsize=9)
    figure.suptitle(f"probability of {model.categories[target]}", fontsize=10)
    plots.show(figure)


def show_explanations(model, images, targets, rows, masks=None, marks=None):
    """Pictures with class and probability, and below them the weights of the segments: green for, red against.

    images:  (N, 3, H, W) float32 in [0, 1]; targets: (N,) the classes that were explained
    rows:    dictionary of name -> maps (N, H, W), or None where they are still unwritten
    masks:   (N, H, W) bool whose outlines are drawn, or None
    marks:   N names of the pictures, or None for 0, 1, ...
    Each map's strongest weight has the strongest colour.
    """
    check_images(images)
    plots.check_count("targets", targets, len(images))
    if any([plots.is_missing(maps, f"the row {name!r}", "the function") for name, maps in rows.items()]):  # all told
        return
    figure, axes = food_plots._tight_grid(1 + len(rows), len(images))
    food_plots._show_explained(axes[0], model, images, targets)
    for number, mark in enumerate(marks or ()):
        axes[0, number].set_title(axes[0, number].get_title().replace(str(number), str(mark), 1), fontsize=9)
    for row, maps in enumerate(rows.values(), start=1):
        for axis, photo, values in zip(axes[row], deprocess(images), plots.check_maps(maps, images), strict=True):
            plots._picture(axis, tinted(photo, values))
    for axes_of_row in axes if masks is not None else ():
        food_plots._outline(axes_of_row, masks)
    plots._row_names(axes, ["", *(name.replace(" ", "\n") for name in rows)])
    plots.show(figure)


def tinted(photo, values):
    """A grey photograph, green where values are positive and red where they are negative.

    photo: (H, W, 3) uint8; values: (H, W), of which the largest absolute value gets the full colour
    returns: (H, W, 3) float in [0, 1]
    """
    strength = 0.8 * (np.abs(values) / (np.abs(values).max() or 1))[..., None]  # (H, W, 1)
    colours = np.where(values[..., None] > 0, FOR, AGAINST)
    grey = photo.mean(axis=2, keepdims=True) / 255
    return (1 - strength) * (0.1 + 0.8 * grey) + strength * colours


def show_pairs(model, plain, changed, target, names):
    """Pictures above their changed twins, with the probability of one class under each.

    plain, changed: (n, 3, H, W) float32 in [0, 1]; names: n titles
    """
    figure, axes = plots._grid(2, len(plain), size=1.8, title=0.3)
    for row, images in enumerate((plain, changed)):
        probabilities = batched_logits(model, images).softmax(dim=1)[:, target].tolist()
        for axis, picture, probability, name in zip(axes[row], deprocess(images), probabilities, names, strict=True):
            plots._picture(axis, picture, name if row == 0 else "")
            axis.set_xlabel(f"p = {probability:.2f}", fontsize=9)
    figure.suptitle(f"probability of {model.categories[target]}", fontsize=10)
    plots.show(figure)
