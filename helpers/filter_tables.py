"""Small tables of numbers for the notebooks on filters and deep dream."""

import time

import torch

from helpers.filter_plots import kind
from helpers.filters import (
    activation,
    channels,
    mean_activation,
    multiplications,
    own_rises,
    receptive_field,
    rises,
    stopped_at,
)
from helpers.plots import as_batch, is_missing
from helpers.tables import print_table


def print_layers(model, layers, size=128):
    """What each layer is, the size of its maps, and what part of the image one value of them depends on."""
    rows = []
    for layer in layers:
        field = receptive_field(model, layer)
        side = size // field.stride
        rows.append([f"layer {layer}", kind(model, layer), channels(model, layer), f"{side} x {side}",
                     f"{field.size} x {field.size}", field.stride])  # fmt: skip
    print_table(["kind", "filters", "map", "receptive field", "step between fields"], rows)


def print_stopping(model, images, layers, repeats=3):
    """How much shorter a forward is that ends at the layer: in multiplications, and in time measured here.

    images: (N, 3, H, W); repeats: how often each is timed, of which the fastest counts
    """
    last = len(model.cnn) - 1
    with torch.no_grad():
        whole = _fastest(lambda: model(images), images.device, repeats)
        rows = []
        for layer in layers:
            share = multiplications(model, layer, images.shape[-1]) / multiplications(model, last, images.shape[-1])
            seconds = _fastest(lambda layer=layer: stopped_at(model.cnn, images, layer), images.device, repeats)
            rows.append([f"layer {layer}", f"{share:.0%}", f"{seconds / whole:.0%}", f"{1000 * seconds:.0f} ms"])
    rows.append(["all, and the classifier", "100%", "100%", f"{1000 * whole:.0f} ms"])
    print_table(["multiplications", "time", ""], rows)


def _fastest(run, device, repeats):
    """Seconds of the fastest of some runs; a first one warms up and is not counted."""
    seconds = []
    for _ in range(repeats + 1):
        started = time.perf_counter()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds.append(time.perf_counter() - started)
    return min(seconds[1:])


def print_rises(model, start, images, filters, pictures):
    """Mean activation of each filter in the start, in the ten pictures at most, and in the picture made for it.

    The last column is the rise from the start to the made picture, in standard deviations (`helpers.filters.rises`).

    start:    (1, 3, H, W); images: dictionary of layer -> (K, 3, H, W), or with a None in it; filters: (K,) int64
    pictures: (N, 3, H, W), what the filters see otherwise
    """
    if is_missing(list(images.values()), "the dictionary of images", "visualise"):
        return
    rows = []
    for layer, made in images.items():
        usual = activation(model, pictures, layer).mean(dim=(2, 3)).amax(dim=0)[filters]  # (K,)
        before, after = (mean_activation(model, each, layer, filters) for each in (start.expand_as(made), made))
        rise = own_rises(model, start, made, layer, filters, pictures)
        for number, *values in zip(filters.tolist(), before, usual, after, rise, strict=True):
            rows.append([f"layer {layer}, filter {number}", *(f"{value:.2f}" for value in values)])
    print_table(["start", "pictures at most", "visualisation", "rise (standard deviations)"], rows)


def print_dream_rises(model, start, images, names, layer, filters, pictures):
    """What several filters (columns) think of several dreams (rows): how far their mean activation rose over the start.

    start:    (1, 3, H, W); images: (N, 3, H, W), or a list as of `show_gallery`, or None; names: N names of the rows
    filters:  (K,) int64; pictures: gives the unit, see `helpers.filters.rises`
    """
    if is_missing(images, "the list of dreams", "deep_dream"):
        return
    found = rises(model, start, as_batch(images, start), layer, pictures)[:, filters]  # (N, K)
    rows = [[name, *(f"{value:.1f}" for value in row)] for name, row in zip(names, found, strict=True)]
    print_table([f"filter {number}" for number in filters.tolist()], rows)
