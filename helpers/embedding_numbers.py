"""Figures and tables of numbers beside the eye: ends of the answer, variations, and what lies near what by layer."""

import numpy as np
import torch
from matplotlib import pyplot as plt

from helpers import bert, embedding_plots, passages, plots
from helpers.embedding_layers import share_of_logits
from helpers.embedding_plots import STYLES
from helpers.tables import print_table

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # Okabe and Ito's
MARKERS = ("o", "s", "^", "D")
START, END = "#0072b2", "#e69f00"
TITLES = {
    "same word": "nearest neighbour is\nthe same word (share)",
    "same sentence": "cosine within a sentence\nless between sentences",
    "question": "change of needed sentences\nby another question",
    "answer": "distance of answer from rest,\nin units of its spread",
}


def print_readings(readings, expected):
    """What a model answers to each passage: dictionaries of name -> `passages.Reading`, and name -> right answer."""
    rows = []
    for name, reading in readings.items():
        rows.append([name, reading.encoding.texts[0], *_judged(reading.answer, expected[name])])
    print_table(["question", "the model's answer", "p", "right?"], rows)


def vary(model, passage):
    """The model's `bert.Answer` to each variation of a passage: a list of (`passages.Variation`, answer)."""
    return [(each, bert.answer(model, each.question, each.context)) for each in passage.variations]


def print_variations(varied):
    """What a model answers to variations, as `vary` returns them, and whether it is right."""
    rows = [[each.change, each.question, each.answer, *_judged(said, each.answer)] for each, said in varied]
    print_table(["question", "right is", "the model's answer", "p", "right?"], rows)


def _judged(said, expected):
    return said.text, f"{said.probability:.2f}", "yes" if passages.is_right(said.text, expected) else "NO"


def show_ends(readings, spans):
    """For each passage the probability of every token of the text to be the first and the last of the answer.

    readings: dictionary of name -> `passages.Reading`
    spans:    dictionary of name -> (first, last), which are shaded, or with a None in it
    """
    if plots.is_missing(list(spans.values()), "the list of spans", "best_span"):
        return
    figure, axes = plt.subplots(len(readings), figsize=(14, 2.3 * len(readings)), dpi=plots.DPI, layout="constrained")
    for axis, (name, reading) in zip(np.atleast_1d(axes), readings.items(), strict=True):
        _draw_ends(axis, reading, spans[name])
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper right", ncols=3, frameon=False)
    plots.show(figure)


def _draw_ends(axis, reading, span):
    places = reading.places("support", "answer", "context")
    first, last = (int(end) - places[0] for end in span)
    probabilities = reading.output.logits[places].softmax(dim=0).numpy()  # (tokens of the text, 2)
    steps = np.arange(len(places))
    axis.axvspan(first - 0.5, last + 0.5, color=STYLES["answer"][1], alpha=0.15, linewidth=0, label="your span")
    axis.bar(steps - 0.2, probabilities[:, 0], width=0.4, color=START, label="first token")
    axis.bar(steps + 0.2, probabilities[:, 1], width=0.4, color=END, label="last token")
    axis.set(xlim=(-0.6, len(places) - 0.4), ylim=(0, 1), yticks=[0, 0.5, 1])
    axis.set_xticks(steps, [reading.encoding.tokens[place] for place in places], rotation=90, fontsize=9)
    axis.set_title(reading.encoding.texts[0], fontsize=11, loc="left")
    axis.spines[["top", "right"]].set_visible(False)


def print_shares_of_logits(readings, reduced):
    """How much of both logits the pictures hold, by layer: one row for each passage, the mean of start and end.

    readings: dictionary of name -> `passages.Reading`; reduced: name -> coordinates of all layers, or with None in it
    """
    if any(embedding_plots.is_missing(coordinates) for coordinates in reduced.values()):
        return
    rows = []
    for name, reading in readings.items():
        coordinates = torch.from_numpy(embedding_plots.check_coordinates(reduced[name], reading))
        shares = share_of_logits(coordinates, reading.output.logits).mean(dim=1)  # (layers + 1,)
        rows.append([name, *(f"{share:.2f}" for share in shares.tolist())])
    print_table([f"layer {layer}" for layer in range(len(rows[0]) - 1)], rows)


def show_numbers(numbers, others=None, other_name="before learning to answer"):
    """What lies near what, by layer: a panel for each number, a line for each passage, dashed those of another model.

    numbers: dictionary of passage -> what `embedding_layers.stage_numbers` returns; others: the same, or None
    """
    kinds = next(iter(numbers.values()))
    figure, axes = plt.subplots(1, len(kinds), figsize=(3.7 * len(kinds), 3.4), dpi=plots.DPI, layout="constrained")
    for axis, kind in zip(axes, kinds, strict=True):
        for place, (name, values) in enumerate(numbers.items()):
            style = {"color": COLOURS[place % len(COLOURS)], "marker": MARKERS[place % len(MARKERS)]}
            axis.plot(values[kind], label=name, **style)
            if others is not None:
                axis.plot(others[name][kind], linestyle="--", linewidth=1, alpha=0.7, markersize=3, **style)
        axis.set_title(TITLES[kind], fontsize=11)
        axis.set(xlabel="layer", xticks=range(len(values[kind])))
        axis.set_ylim(bottom=min(0, axis.get_ylim()[0]))
        axis.grid(alpha=0.3)
        axis.spines[["top", "right"]].set_visible(False)
    handles, labels = axes[0].get_legend_handles_labels()
    if others is not None:
        handles.append(plt.Line2D([], [], color="#555555", linestyle="--", linewidth=1))
        labels.append(other_name)
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    plots.show(figure)
