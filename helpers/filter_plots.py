"""Figures of the notebooks on filters and deep dream: activation maps, visualisations, dreams.

Every function shows a figure, or prints one line where a student's result is still None (as in `helpers.plots`).
"""

import numpy as np
import torch
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle
from torch import nn

from helpers import plots
from helpers.filters import check_layer, mean_activation, receptive_field, shuffle_tiles
from helpers.imagenet import deprocess


def show_activations(model, images, maps, number, clip=99.5):
    """Images above the activation maps of one filter in several layers, one layer a row.

    images: (N, 3, H, W) float32 in [0, 1]
    maps:   dictionary of layer -> (N, C, h, w), or a dictionary with a None in it
    number: the filter
    clip:   percentile of a row's absolute values that gets the strongest colour; all images of a row share it
    """
    if plots.is_missing(list(maps.values()), "activations", "layer_output"):
        return
    figure, axes = _tight(1 + len(maps), len(images))
    for column, picture in enumerate(deprocess(images)):
        plots._picture(axes[0, column], picture, str(column))
    names = [f"filter {number}"]
    for row, (layer, values) in enumerate(maps.items(), start=1):
        own = values[:, number].detach().float().cpu().numpy()  # (N, h, w)
        colours = plots._colours(own, np.percentile(np.abs(own), clip))
        for column, single in enumerate(own):
            plots._picture(axes[row, column], single, **colours)
        names.append(f"layer {layer}\n{kind(model, layer)}\n{own.shape[1]} x {own.shape[2]}")
    plots._row_names(axes, names)
    plots.show(figure)


def kind(model, layer):
    """What a layer of `model.cnn` does, in a word."""
    names = {nn.Conv2d: "convolution", nn.BatchNorm2d: "normalisation", nn.ReLU: "ReLU", nn.MaxPool2d: "maximum"}
    module = check_layer(model, layer)
    return names.get(type(module), type(module).__name__)


def show_visualisations(model, start, images, filters):
    """Visualisations, one layer a row, with the factor by which the mean activation rose; the start on the left.

    A white square shows how much of the image one value of the layer depends on (none where it is the whole image).

    start:   (1, 3, H, W) float32 in [0, 1]
    images:  dictionary of layer -> (K, 3, H, W), or a dictionary with a None in it
    filters: (K,) int64, the filter of each column
    """
    if plots.is_missing(list(images.values()), "the dictionary of images", "visualise"):
        return
    figure, axes = plots._grid(len(images), 1 + len(filters), size=2.0, title=0.35)
    for row, (layer, made) in enumerate(images.items()):
        plots._picture(axes[row, 0], deprocess(start)[0], "start" if row == 0 else "")
        before = mean_activation(model, start.expand(len(filters), -1, -1, -1), layer, filters)
        after = mean_activation(model, made, layer, filters)
        for column, picture in enumerate(deprocess(made)):
            title = f"filter {int(filters[column])}: {before[column]:.2g} to {after[column]:.2g}"
            plots._picture(axes[row, 1 + column], picture, title)
            _mark_receptive_field(axes[row, 1 + column], receptive_field(model, layer).size, made.shape[-1])
    plots._row_names(axes, [f"layer {layer}" for layer in images])
    plots.show(figure)


def _mark_receptive_field(axis, size, side):
    if size < side:
        for width, colour in ((2.5, "black"), (1.2, "white")):
            axis.add_patch(Rectangle((2.5, 2.5), size, size, fill=False, edgecolor=colour, linewidth=width))


def show_shuffled(model, start, images, filters, sides=(64, 32, 16, 8, 4), generator=None):
    """The first visualisation of each layer, cut into ever smaller tiles that are shuffled, and what the filter says.

    Above each picture: which share of the rise of the mean activation over the start is left. Below 0, the shuffled
    picture excites the filter less than the start does.

    Arguments as for `show_visualisations`; sides: of the tiles in pixels
    generator: torch.Generator on the CPU for the order of the tiles; default one with seed 0
    """
    if plots.is_missing(list(images.values()), "the dictionary of images", "visualise"):
        return
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    figure, axes = plots._grid(len(images), 1 + len(sides), size=1.8, title=0.3)
    for row, (layer, made) in zip(axes, images.items(), strict=True):
        shuffled = torch.cat([made[:1], *(shuffle_tiles(made[:1], side, generator) for side in sides)])
        shares = rise_shares(model, start, shuffled, layer, filters[:1])
        for axis, picture, share in zip(row, deprocess(shuffled), shares.tolist(), strict=True):
            plots._picture(axis, picture, f"{share:.0%}")
    titles = ["whole", *(f"tiles of {side}" for side in sides)]
    for axis, title in zip(axes[0], titles, strict=True):
        axis.set_title(f"{title}: {axis.get_title()}", fontsize=10)
    plots._row_names(axes, [f"layer {layer}\nfilter {int(filters[0])}" for layer in images])
    plots.show(figure)


def rise_shares(model, start, images, layer, filters):
    """Which share of the first image's rise over the start each image has: (N, 3, H, W), filters (1,) -> (N,)."""
    numbers = filters.expand(len(images))
    before = mean_activation(model, start, layer, filters)
    rise = mean_activation(model, images, layer, numbers) - before  # (N,)
    return rise / rise[0]


def show_gallery(images, titles, columns=2, size=3.2):
    """Images of one size in a grid, row after row, for example dreams.

    images: (N, 3, H, W) float32 in [0, 1], a list of (3, H, W) or (1, 3, H, W), or None, or a list with a None in it
    titles: N, one above each image; size: height of an image in inches
    """
    if plots.is_missing(images, "the list of images", "deep_dream"):
        return
    pictures = deprocess(plots.as_batch(images, None))
    plots.check_count("titles", titles, len(pictures))
    rows, proportion = -(-len(pictures) // columns), pictures.shape[2] / pictures.shape[1]
    figure, axes = plt.subplots(
        rows, columns, figsize=(size * columns * proportion, (size + 0.25) * rows), squeeze=False,
        layout="constrained", dpi=plots.DPI,
    )  # fmt: skip
    for axis, picture, title in zip(axes.flat, pictures, titles, strict=False):
        plots._picture(axis, picture, title)
    for axis in axes.flat[len(pictures) :]:
        axis.set_axis_off()
    plots.show(figure)


def _tight(rows, columns, size=1.25):
    figure, axes = plots._grid(rows, columns, size=size, title=0.12)
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
    return figure, axes
