"""Figures of the notebook on embedding distances: matrices, dendrogram, curves by layer, and a slider.

Where a student's result is still None one line is printed instead, as in `helpers.plots`.
"""

from base64 import b64encode
from io import BytesIO

import ipywidgets
import matplotlib.font_manager
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib import pyplot as plt
from scipy.cluster.hierarchy import dendrogram, linkage
from scipy.spatial.distance import squareform

from helpers import plots
from helpers.embedding_distance import GROUPS, centroids_right, cosine_distances, neighbours_right, pairs_of

# Okabe & Ito's colours, which are told apart with any kind of colour vision
COLOURS = dict(zip(GROUPS, ("#D55E00", "#0072B2"), strict=True))
WITHIN, BETWEEN, NEITHER = "#009E73", "#CC79A7", "#666666"
NEAR_IS_DARK = "viridis"
MISSING = {"euclidean": "euclidean_distance", "cosine": "cosine_similarity"}  # matrix -> function that makes it


def show_matrices(euclidean, cosine, sentences, layer):
    """Both matrices with their numbers, and who is joined with whom first by cosine distance.

    euclidean: (N, N) distances; cosine: (N, N) similarities; either may be None
    sentences: `helpers.embedding_distance.Sentences`; layer: for the title
    """
    if not _is_there(euclidean, cosine):
        return
    plots.show(_draw_matrices(euclidean, cosine, sentences, layer))


def _draw_matrices(euclidean, cosine, sentences, layer):
    figure = plt.figure(figsize=(16, 6), layout="constrained", dpi=plots.DPI)
    axes = figure.subplots(1, 3, width_ratios=(1, 1, 0.72))
    _matrix(axes[0], euclidean, sentences, "Euclidean distance", NEAR_IS_DARK, ("near", "far"))
    _matrix(axes[1], cosine, sentences, "cosine similarity", NEAR_IS_DARK + "_r", ("far", "near"))
    _tree(axes[2], cosine_distances(cosine), sentences)
    word, fonts = lettering(f"“{sentences.word}”", "the word")
    figure.suptitle(f"{word} at layer {layer}", fontsize=15, family=fonts)
    return figure


def _matrix(axis, values, sentences, title, colours, ends):
    away = values[~np.eye(len(values), dtype=bool)]  # the diagonal would take half of the colours
    drawn = axis.imshow(values, cmap=colours, vmin=away.min(), vmax=max(away.max(), away.min() + 1e-6))
    labels = sentences.labels
    axis.set_xticks(range(len(labels)), labels, rotation=60, ha="right", rotation_mode="anchor", fontsize=10)
    axis.set_yticks(range(len(labels)), labels, fontsize=10)
    _colour_labels([*axis.get_xticklabels(), *axis.get_yticklabels()])
    for (row, column), value in np.ndenumerate(values):
        red, green, blue, _ = drawn.cmap(drawn.norm(value))
        ink = "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"
        axis.text(column, row, number(value), ha="center", va="center", fontsize=9, color=ink)
    border = sentences.groups.count(GROUPS[0]) - 0.5
    axis.axhline(border, color="white", linewidth=3)
    axis.axvline(border, color="white", linewidth=3)
    axis.set_title(title, fontsize=13)
    bar = axis.figure.colorbar(drawn, ax=axis, shrink=0.85, pad=0.02)
    bar.ax.set_xlabel(ends[0], fontsize=11)
    bar.ax.set_title(ends[1], fontsize=11)


def number(value):
    """A number as it stands in a cell of a matrix: 0, two decimals without a leading zero, or one from 1.5 on."""
    if abs(value) < 0.005:
        return "0"
    return f"{value:.1f}" if abs(value) >= 1.5 else f"{value:.2f}".replace("0.", ".", 1)


def _colour_labels(labels):
    for label in labels:
        label.set_color(COLOURS[label.get_text().split()[0]])


def _tree(axis, distances, sentences):
    links = _links(distances)
    groups = [[group] for group in sentences.groups]
    for first, second, *_ in links:
        groups.append(groups[int(first)] + groups[int(second)])
    pure = [COLOURS[members[0]] if len(set(members)) == 1 else NEITHER for members in groups]
    dendrogram(links, labels=sentences.labels, orientation="right", link_color_func=pure.__getitem__, ax=axis)
    axis.tick_params(axis="y", labelsize=11)
    _colour_labels(axis.get_yticklabels())
    axis.spines[["top", "left", "right"]].set_visible(False)
    axis.set_xlabel("cosine distance at which branches join", fontsize=11)
    axis.set_title("who is joined first", fontsize=13)


def _links(distances):
    """Average linkage of distances that need not be perfect: made symmetric, with a diagonal of 0, none negative."""
    symmetric = np.maximum((distances + distances.T) / 2, 0).astype(np.float64)
    np.fill_diagonal(symmetric, 0)
    return linkage(squareform(symmetric), method="average")


def show_sheet(similarities, sentences):
    """The cosine distances at every layer, small, in the same colours; similarities (layers + 1, N, N) or None."""
    if not _is_there(cosine=similarities):
        return
    plots.show(_draw_sheet(similarities, sentences))


def _draw_sheet(similarities, sentences):
    distances = cosine_distances(similarities)
    figure, axes = plt.subplots(
        1, len(distances), figsize=(16, 2.9), layout="constrained", dpi=plots.DPI, squeeze=False
    )
    for layer, (axis, values) in enumerate(zip(axes[0], distances, strict=True)):
        drawn = axis.imshow(values, cmap=NEAR_IS_DARK, vmin=0, vmax=distances.max())
        axis.set_title(f"layer {layer}", fontsize=12)
        first, count = sentences.groups.count(GROUPS[0]), len(sentences.groups)
        axis.axhline(first - 0.5, color="white", linewidth=1.5)
        axis.axvline(first - 0.5, color="white", linewidth=1.5)
        axis.set_xticks([(first - 1) / 2, (first + count - 1) / 2], GROUPS, fontsize=10)
        axis.set_yticks([(first - 1) / 2, (first + count - 1) / 2], GROUPS if layer == 0 else ["", ""], fontsize=10)
        axis.tick_params(length=0)
        _colour_labels([tick for tick in [*axis.get_xticklabels(), *axis.get_yticklabels()] if tick.get_text()])
    figure.colorbar(drawn, ax=axes, label="cosine distance", shrink=0.8, pad=0.01)
    return figure


def show_curves(euclidean, cosine, embeddings, sentences):
    """How the two groups come apart with depth: mean distances by layer, and how many texts are told apart.

    euclidean, cosine: (layers + 1, N, N) distances and similarities, or None
    embeddings:        (layers + 1, N, dim), for the nearest centroid
    """
    if not _is_there(euclidean, cosine):
        return
    distances = cosine_distances(cosine)
    figure = plt.figure(figsize=(16, 4.6), layout="constrained", dpi=plots.DPI)
    axes = figure.subplots(1, 3)
    _curves(axes[0], euclidean, sentences, "Euclidean distance")
    _curves(axes[1], distances, sentences, "cosine distance")
    right = {
        "nearest neighbour": [neighbours_right(matrix, sentences.groups).sum() for matrix in distances],
        "nearest centroid": [centroids_right(vectors, sentences.groups).sum() for vectors in embeddings],
    }
    _counts(axes[2], right, len(sentences.groups))
    plots.show(figure)


def _curves(axis, matrices, sentences, title):
    within, between = pairs_of(sentences.groups)
    layers = range(len(matrices))
    for name, pairs, colour, marker in (("within a group", within, WITHIN, "o"),
                                        ("between the groups", between, BETWEEN, "s")):  # fmt: skip
        values = matrices[:, pairs]  # (layers + 1, pairs)
        axis.fill_between(layers, values.min(axis=1), values.max(axis=1), color=colour, alpha=0.18, linewidth=0)
        axis.plot(layers, values.mean(axis=1), color=colour, marker=marker, linewidth=2.5, markersize=8, label=name)
    axis.set_ylim(0, 1.3 * matrices.max())  # room for the legend
    axis.set_title(f"{title}: mean, least to largest", fontsize=13)
    axis.legend(loc="upper left", fontsize=11, frameon=False)
    _by_layer(axis, layers)


def _counts(axis, right, count):
    styles = (
        {"color": "black", "marker": "o", "markersize": 12},
        {"color": "#E69F00", "marker": "s", "linestyle": "--"},
    )
    for (name, values), style in zip(right.items(), styles, strict=True):
        axis.plot(range(len(values)), values, linewidth=2.5, label=name, **style)
    axis.axhline(count / 2, color=NEITHER, linewidth=1, linestyle=":")
    axis.text(len(values) - 1, count / 2 + 0.15, "chance", ha="right", fontsize=11, color=NEITHER)
    axis.set_ylim(-0.4, count + 0.4)
    axis.set_title(f"sentences told apart, of {count}", fontsize=13)
    axis.legend(loc="center right", bbox_to_anchor=(1, 0.3), fontsize=11, frameon=False)
    _by_layer(axis, range(len(values)))


def _by_layer(axis, layers):
    axis.set_xticks(layers)
    axis.set_xlabel("layer (0: before the first)", fontsize=11)
    axis.tick_params(labelsize=11)
    axis.spines[["top", "right"]].set_visible(False)


def show_leanings(values, texts):
    """Which meaning a word leans to in one's own texts, by layer: (layers + 1, K) in [-1, 1] or None; K texts."""
    if plots.is_missing(values, "the table of leanings", "euclidean_distance"):
        return
    plots.check_count("texts", texts, values.shape[1])
    figure, axis = plt.subplots(figsize=(11, 4.8), layout="constrained", dpi=plots.DPI)
    layers, reach = range(len(values)), 1.25 * max(np.abs(values).max(), 0.05)
    axis.axhspan(-reach, 0, color=COLOURS[GROUPS[0]], alpha=0.10, linewidth=0)
    axis.axhspan(0, reach, color=COLOURS[GROUPS[1]], alpha=0.10, linewidth=0)
    for column, (line, text) in enumerate(zip(values.T, texts, strict=True)):
        name, fonts = lettering(text, f"text {column + 1}")
        axis.plot(layers, line, marker="osD^vP*X"[column % 8], linewidth=2, color=_LINES[column % 6], label=name)
    for group, height, place in zip(GROUPS, (-reach, reach), ("bottom", "top"), strict=True):
        axis.text(0.02, height, f" nearer to the {group}", va=place, fontsize=12, color=COLOURS[group])
    axis.set(ylim=(-reach, reach), ylabel="difference of the distances / their sum")
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), prop={"size": 11, "family": fonts}, frameon=False)
    _by_layer(axis, layers)
    plots.show(figure)


_LINES = ("black", "#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#666666")


class LayerSlider(ipywidgets.VBox):
    """A slider over the layers with the figure of `show_matrices` under it, which is drawn when it is asked for.

    Where there are no widgets, as in a saved notebook, the picture of the first layer shown stands in its place.
    """

    def __init__(self, euclidean, cosine, sentences, layer):
        self._matrices, self._sentences, self._pictures = (euclidean, cosine), sentences, {}
        self.slider = ipywidgets.IntSlider(layer, 0, len(cosine) - 1, description="layer", continuous_update=False)
        self.picture = ipywidgets.Image(value=self.drawn(layer), format="png", layout={"max_width": "100%"})
        self.slider.observe(lambda change: setattr(self.picture, "value", self.drawn(change["new"])), "value")
        super().__init__([self.slider, self.picture])

    def drawn(self, layer):
        """The figure at one layer as the bytes of a PNG, drawn once."""
        if layer not in self._pictures:
            figure = _draw_matrices(*(matrices[layer] for matrices in self._matrices), self._sentences, layer)
            buffer = BytesIO()
            figure.savefig(buffer, format="png")
            plt.close(figure)
            self._pictures[layer] = buffer.getvalue()
        return self._pictures[layer]

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        return bundle and bundle | {"image/png": b64encode(self.picture.value).decode()}


def explore_layers(euclidean, cosine, sentences, layer=0):
    """Show a `LayerSlider`, or outside a notebook the figure of one layer; (layers + 1, N, N) each, or None."""
    if not _is_there(euclidean, cosine):
        return
    if get_ipython() is None:
        show_matrices(euclidean[layer], cosine[layer], sentences, layer)
    else:
        display(LayerSlider(euclidean, cosine, sentences, layer))


def chinese_font():
    """The name of an installed font with Chinese characters, or None."""
    names = {font.name for font in matplotlib.font_manager.fontManager.ttflist}
    return next((name for name in _CHINESE_FONTS if name in names), None)


_CHINESE_FONTS = (
    *(f"Noto {kind} CJK {region}" for kind in ("Sans", "Serif") for region in ("TC", "HK", "SC", "JP")),
    *("Noto Sans TC", "Source Han Sans TC", "PingFang TC", "Heiti TC", "Microsoft JhengHei", "Microsoft YaHei"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "AR PL UMing TW", "Droid Sans Fallback", "Arial Unicode MS"),
)


def lettering(text, instead):
    """A text and the fonts to draw it with; where no font here has its characters, `instead`."""
    fonts = ["DejaVu Sans", *filter(None, [chinese_font()])]
    known = matplotlib.font_manager.get_font(matplotlib.font_manager.findfont(fonts[0])).get_charmap()
    return (text if len(fonts) == 2 or all(ord(letter) in known for letter in text) else instead), fonts


def _is_there(euclidean="given", cosine="given"):
    """Whether both matrices can be drawn; if not, one line says why."""
    for kind, matrix in (("euclidean", euclidean), ("cosine", cosine)):
        if isinstance(matrix, str):
            continue
        if plots.is_missing(matrix, f"the {kind} matrix", MISSING[kind]):
            return False
        if not np.isfinite(matrix).all():
            print(f"Nothing to show: {MISSING[kind]} returned NaN or infinity. Where does it divide, or overflow?")
            return False
    return True
