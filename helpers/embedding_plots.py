"""Figures of the notebook on embeddings: tokens as points, layer by layer, and curves of numbers by layer.

As in `helpers.plots`, one line is printed instead where a student's result is still None.
"""

import textwrap

import numpy as np
import torch
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D

from helpers import plots
from helpers.embedding_layers import kept_share
from helpers.label_placement import place_labels

# Okabe and Ito's colours, told apart by most people who do not see all colours; the markers say the same again
STYLES = {
    "context": ("other sentences", "#8c8c8c", "o", 22),
    "support": ("needed sentences", "#009e73", "s", 30),
    "question": ("question", "#0072b2", "^", 46),
    "answer": ("answer", "#d55e00", "*", 130),
    "special": ("[CLS], [SEP]", "#000000", "x", 30),
}
DRAWN = ("special", "context", "support", "question", "answer")  # the last on top
LABELLED = ("answer", "question", "support", "context", "special")  # the first get the best places
DULL = frozenset("a an the of in on at to is was are were did does do it its and by with for has . , ? ' s".split())


def show_layers(reading, coordinates, also=(), columns=4):
    """All layers of one passage side by side: the tokens as points in the plane of two principal components.

    reading:     `passages.Reading`
    coordinates: (layers + 1, tokens, 2), or a list of as many (tokens, 2), or with None in it
    also:        words to label besides those of the question and of the needed sentences
    """
    if is_missing(coordinates):
        return
    coordinates = check_coordinates(coordinates, reading)
    words, kept = keywords(reading, also), kept_share(reading.output.hidden_states).tolist()
    rows = -(-(len(coordinates) + 1) // columns)
    figure = plt.figure(figsize=(3.6 * columns, 3.5 * rows + 0.4), dpi=plots.DPI)
    axes = _panels(figure, rows, columns)
    for layer, (axis, points) in enumerate(zip(axes, coordinates, strict=False)):
        axis.set_title(f"{layer_name(layer)}: {kept[layer]:.0%}".replace("%", " % of the variance"), fontsize=11)
        draw_tokens(axis, reading, points, words, size=8.5, scale=0.8)
    for axis in axes[len(coordinates) :]:
        axis.set_axis_off()
    _explain(axes[len(coordinates)], reading)
    figure.suptitle(heading(reading), fontsize=12, y=0.99, va="top")
    plots.show(figure)


def is_missing(coordinates):
    """Whether coordinates, or some of them, are still None; if so, print one line that says how to go on."""
    return plots.is_missing(coordinates, "the list of coordinates", "project")


def draw_layer(reading, points, layer):
    """One layer as a large figure with as many words as there is room for; the figure is returned, not shown.

    points: (tokens, 2) float
    """
    (points,) = check_coordinates([points], reading, layers=1)
    figure = plt.figure(figsize=(10, 6.6), dpi=plots.DPI)
    axis = figure.add_axes((0.005, 0.075, 0.99, 0.845))
    draw_tokens(axis, reading, points, all_words(reading), size=10, scale=1.3)
    figure.suptitle(heading(reading), fontsize=12, y=0.985, va="top")
    axis.set_title(layer_name(layer), fontsize=11, loc="left", pad=4)
    figure.legend(handles=legend(), loc="lower center", ncols=len(STYLES), frameon=False, fontsize=10)
    return figure


def layer_name(layer):
    return "layer 0 (embeddings)" if layer == 0 else f"layer {layer}"


def _panels(figure, rows, columns):
    """Axes at fixed places, so that what was measured while placing labels stays true; in reading order."""
    top = 1 - 0.75 / figure.get_figheight()
    grid = figure.add_gridspec(rows, columns, left=0.005, right=0.995, bottom=0.01, top=top, wspace=0.03, hspace=0.1)
    return [figure.add_subplot(grid[place // columns, place % columns]) for place in range(rows * columns)]


def _explain(axis, reading):
    """The legend, and the text itself below it."""
    axis.legend(handles=legend(), loc="upper left", frameon=False, fontsize=11)
    text = textwrap.fill(reading.encoding.texts[1], 42)
    axis.text(0.04, 0.46, text, fontsize=10, va="top", linespacing=1.4, transform=axis.transAxes)


def heading(reading):
    """The question, the model's answer to it and how sure it is."""
    said = reading.answer
    return f"{reading.encoding.texts[0]}   The model: “{said.text}”, p = {said.probability:.2f}"


def legend():
    """A line of the legend for each role."""
    styles = [STYLES[role] for role in reversed(DRAWN)]
    return [
        Line2D([], [], linestyle="", marker=marker, color=colour, markersize=size**0.5 + 1, label=label)
        for label, colour, marker, size in styles
    ]


def keywords(reading, also=()):
    """The words worth a label where there is little room: answer, question, the needed sentences', and those in `also`.

    returns: numbers of words; of a word that is in a role more than once, the first
    """
    chosen = {}
    for word in all_words(reading):
        role, text = reading.roles[reading.encoding.places(word)[0]], spelled(reading, word)
        wanted = text.lower() not in DULL if role in ("question", "support") else role == "answer" or text in also
        if wanted:
            chosen.setdefault((role, text.lower()), word)
    return list(chosen.values())


def all_words(reading):
    """Numbers of all words but marks of punctuation."""
    numbers = dict.fromkeys(number for number in reading.encoding.words if number is not None)
    return [word for word in numbers if any(map(str.isalnum, spelled(reading, word)))]


def spelled(reading, word):
    """The word with this number as it was written."""
    places = reading.encoding.places(word)
    return reading.encoding.spelled(places[0], places[-1])


def draw_tokens(axis, reading, points, words, size=9, scale=1.0):
    """Tokens as points into one panel, some words with labels that do not cover each other.

    points: (tokens, 2) array; words: numbers of the words to label, at their first token
    size:   of the letters in points; scale: of the markers
    """
    _same_unit_on_both_axes(axis, points)
    for role in DRAWN:
        _, colour, marker, area = STYLES[role]
        chosen = points[reading.places(role)]
        edge = {} if marker == "x" else {"edgecolors": "white", "linewidths": 0.4}
        axis.scatter(*chosen.T, s=scale * area, c=colour, marker=marker, zorder=2 + DRAWN.index(role), **edge)
    first = {word: reading.encoding.places(word)[0] for word in words}
    order = sorted(words, key=lambda word: LABELLED.index(reading.roles[first[word]]))
    labels = [(first[word], spelled(reading, word), STYLES[reading.roles[first[word]]][1]) for word in order]
    _write(axis, points, labels, size)


def _same_unit_on_both_axes(axis, points, margin=0.12):
    """Limits around all points, with equal units, so that distances can be seen; no ticks, the unit means nothing."""
    box = axis.get_window_extent()
    low, high = points.min(axis=0), points.max(axis=0)
    unit = max((high - low) / (np.array([box.width, box.height]) * (1 - 2 * margin))) or 1
    middle, half = (low + high) / 2, unit * np.array([box.width, box.height]) / 2
    axis.set(xlim=(middle[0] - half[0], middle[0] + half[0]), ylim=(middle[1] - half[1], middle[1] + half[1]))
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_color("#bbbbbb")


def _write(axis, points, labels, size):
    """Labels (place, text, colour) beside their points, with a line to those that are not near."""
    pixel = 72 / axis.figure.dpi
    bounds = np.array(axis.get_window_extent().extents) * pixel + [2, 2, -2, -2]
    anchors = axis.transData.transform(points) * pixel  # in points, as the size of letters is
    sizes = [_extent(axis, text, size, pixel) for _, text, _ in labels]
    corners = place_labels(anchors[[place for place, *_ in labels]], sizes, bounds, anchors)
    for (place, text, colour), corner in zip(labels, corners, strict=True):
        if not np.isnan(corner).any():
            offset = corner - anchors[place]
            line = {"arrowstyle": "-", "color": colour, "linewidth": 0.5, "alpha": 0.6, "shrinkA": 0, "shrinkB": 2}
            axis.annotate(
                text, points[place], offset, textcoords="offset points", fontsize=size, color=colour,
                arrowprops=line, zorder=9, annotation_clip=False, va="bottom", ha="left",
            )  # fmt: skip


def _extent(axis, text, size, pixel):
    """Width and height of a label in points."""
    written = axis.text(0, 0, text, fontsize=size)
    box = written.get_window_extent()
    written.remove()
    return box.width * pixel + 3, box.height * pixel  # a space beside it, so that no two read as one word


def check_coordinates(coordinates, reading, layers=None):
    """Coordinates of all layers as an array (layers + 1, tokens, 2); ValueError for another shape."""
    found = [np.asarray(torch.as_tensor(layer).detach().cpu(), dtype=float) for layer in coordinates]
    layers = layers or len(reading.output.hidden_states)
    wanted = (layers, len(reading.encoding.tokens), 2)
    if len(found) != layers or {layer.shape for layer in found} != {wanted[1:]}:
        shapes = ", ".join(map(str, sorted({layer.shape for layer in found})))
        raise ValueError(f"coordinates must be {wanted}, two numbers a token, got {len(found)} layers of {shapes}")
    return np.stack(found)
