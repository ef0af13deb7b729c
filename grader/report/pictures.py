"""The two pictures of the class page, as PNG in a data URI, each with a text that says the same."""

import base64
from dataclasses import dataclass
from io import BytesIO
from statistics import mean, median

import numpy as np
from matplotlib.figure import Figure

from grader.text import number

# Okabe and Ito's colours, told apart also by colour-blind readers; hatches carry the difference into grey print.
ITEM_COLOURS = {
    "correct": ("#0072B2", ""),
    "partial": ("#56B4E9", "///"),
    "wrong": ("#D55E00", ""),
    "malformed": ("#E69F00", "..."),
    "missing": ("#D9D9D9", ""),
}
_TEXT_COLOURS = {"correct": "white", "wrong": "white"}
_DOTS_PER_INCH = 160  # twice the size shown, so that a projector shows no pixels


@dataclass(frozen=True)
class Picture:
    """uri: data:image/png;base64,...; alt: the same in words."""

    uri: str
    alt: str


def points_histogram(points, out_of):
    """Histogram of `points` (list of float, 0 to `out_of`), with mean and median marked."""
    edges = _edges(out_of)
    heights, _edges_again = np.histogram(points, bins=edges)  # (bins,)
    figure = Figure(figsize=(6.4, 3), dpi=_DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    axes.bar(edges[:-1], heights, np.diff(edges), align="edge", color="#0072B2", edgecolor="white")
    axes.axvline(mean(points), color="#D55E00", linewidth=2, label=f"mean {number(mean(points))}")
    axes.axvline(median(points), color="black", linewidth=2, linestyle="--", label=f"median {number(median(points))}")
    axes.set(xlabel=f"points (out of {number(out_of)})", ylabel="students", xlim=(0, out_of))
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper right", ncols=2, frameon=False)
    return Picture(_data_uri(figure), _histogram_in_words(heights, edges))


def items_picture(items):
    """A horizontal bar per item (list of ItemSummary): the share of students with each status."""
    figure = Figure(figsize=(6.4, 1.1 + 0.36 * len(items)), dpi=_DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    rows = np.arange(len(items))
    left = np.zeros(len(items))
    for status, (colour, hatch) in ITEM_COLOURS.items():
        shares = np.array([_share(item, status) for item in items])
        if not shares.any():
            continue
        axes.barh(rows, shares, 0.72, left, color=colour, hatch=hatch, edgecolor="white", label=status)
        _write_shares(axes, rows, left, shares, _TEXT_COLOURS.get(status, "black"))
        left += shares
    axes.set(xlim=(0, 100), ylim=(len(items) - 0.4, -0.6), xlabel="% of the students")
    axes.set_yticks(rows, [item.name for item in items], parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    figure.legend(loc="outside upper center", ncols=5, frameon=False, columnspacing=1, handlelength=1.4)
    return Picture(_data_uri(figure), _items_in_words(items))


def _edges(out_of):
    whole = out_of == int(out_of) and 4 <= out_of <= 20
    return np.linspace(0, out_of, int(out_of) + 1 if whole else 11)


def _share(item, status):
    students = sum(item.counts.values())
    return 100 * item.counts[status] / students if students else 0


def _write_shares(axes, rows, left, shares, colour):
    for row, start, share in zip(rows, left, shares, strict=True):
        if share >= 7:  # a narrower bar has no room for its number
            box = dict(boxstyle="round,pad=0.15", facecolor="white", alpha=0.75, linewidth=0)
            axes.text(
                start + share / 2,
                row,
                f"{share:.0f}",
                ha="center",
                va="center",
                color=colour,
                fontsize=9,
                bbox=box if colour == "black" else None,
            )


def _histogram_in_words(heights, edges):
    parts = [
        f"{number(low)} to {number(high)} points: {height}"
        for height, low, high in zip(heights, edges[:-1], edges[1:], strict=True)
        if height
    ]
    return "Histogram, number of students with " + "; ".join(parts) + "."


def _items_in_words(items):
    parts = [
        f"{item.name}: " + ", ".join(f"{_share(item, status):.0f} % {status}" for status in ITEM_COLOURS)
        for item in items
    ]
    return "Share of students for each item. " + "; ".join(parts) + "."


def _data_uri(figure):
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
