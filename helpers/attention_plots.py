"""Figures of the notebook on attention: what heads look at, which pattern each keeps to, and masked words.

As in `helpers.plots`, one line is printed instead where a student's result is still None. Layers and heads are counted
from 1. The colours of patterns are those of Okabe & Ito, which remain apart for colour-blind eyes.
"""

import textwrap

import numpy as np
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle

from helpers import bert, masked_words, plots
from helpers.attention_patterns import CLEAR, PATTERNS, best_heads, pattern_targets, strongest_patterns

BLUE, ORANGE = "#0072b2", "#d55e00"
COLOURS = dict(zip(PATTERNS, "#d55e00 #0072b2 #56b4e9 #009e73 #e69f00 #f0e442 #cc79a7".split(), strict=True))
NO_PATTERN = "#eeeeee"
DARK = ("itself", "previous token", "same word")  # their colours take white letters
WEIGHTS = {"cmap": "Blues", "vmin": 0, "vmax": 1}


def show_head(output, encoding, layer, head):
    """The attention of one head in what a model read; ValueError if there is no such layer or head."""
    attentions = output.attentions
    for name, number, count in (("layer", layer, attentions.shape[0]), ("head", head, attentions.shape[1])):
        if not 1 <= number <= count:
            raise ValueError(f"{name} must be a number from 1 to {count}, got {number}")
    show_attention(attentions[layer - 1, head - 1], encoding, f"layer {layer}, head {head}")


def show_attention(weights, encoding, title):
    """One matrix of attention.

    weights:  (tokens, tokens), [i, j] says how much token i looks at token j; or None
    encoding: `bert.Encoding` of the tokens
    """
    if plots.is_missing(weights, "weights", "attention_weights"):
        return
    side = max(4, 0.32 * len(encoding.tokens))  # inches
    figure, axis = plt.subplots(figsize=(side + 1, side), layout="constrained", dpi=plots.DPI)
    drawn = _matrix(axis, weights, encoding, title, fontsize=10)
    _name_axes(axis)
    figure.colorbar(drawn, ax=axis, shrink=0.6, label="attention")
    plots.show(figure)


def _matrix(axis, weights, encoding, title, fontsize=8, **options):
    drawn = axis.imshow(weights.detach().cpu().numpy(), **(WEIGHTS | options))
    places = range(len(encoding.tokens))
    axis.set_xticks(places, encoding.tokens, rotation=90, fontsize=fontsize)
    axis.set_yticks(places, encoding.tokens, fontsize=fontsize)
    axis.tick_params(length=0)
    axis.set_title(title, fontsize=10)
    return drawn


def _name_axes(axis):
    axis.set_ylabel("this token looks ...")
    axis.set_xlabel("... at this token")


def show_best_heads(model, sentence, scores):
    """For each pattern the attention of the head that keeps to it most closely, with frames where it should look.

    scores: as `attention_patterns.score_heads` returns them, or None
    """
    if plots.is_missing(scores, "scores", "pattern_score"):
        return
    encoding = bert.encode(model, sentence)
    attentions, targets = bert.read(model, encoding).attentions, pattern_targets(encoding)
    figure, axes = plots._grid(2, 4, size=3, title=0.45)
    for axis, (pattern, best) in zip(axes.flat, best_heads(scores).items(), strict=False):
        remark = "" if best.clear else "  (not clear)"
        title = f"{pattern}{remark}\n{best}: {best.score:.2f}"
        drawn = _matrix(axis, attentions[best.layer - 1, best.head - 1], encoding, title)
        axis.title.set_color("black" if best.clear else ORANGE)
        _frame(axis, targets.get(pattern))
    for axis in axes[:, 1:].flat:
        axis.set_yticks([])
    _scale(axes[-1, -1], drawn, ("attention", "frames: where\na head with this\npattern looks"))
    _name_axes(axes[1, 0])
    plots.show(figure)


def _scale(axis, drawn, label):
    """The scale of colours instead of a panel; an inset, so that the other panels stay where they are."""
    axis.set_axis_off()
    quantity, note = label
    axis.figure.colorbar(drawn, cax=axis.inset_axes([0.05, 0.05, 0.07, 0.9]), label=quantity)
    axis.text(0.42, 0.5, note, transform=axis.transAxes, va="center", fontsize=10, color=ORANGE)
    axis.figure.get_layout_engine().set(h_pad=0.1)


def _frame(axis, targets):
    """A thin frame around each cell at which a head of the pattern looks."""
    places = [] if targets is None else targets.nonzero().tolist()
    for row, column in places:
        axis.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=ORANGE, linewidth=0.8))


def show_scores(scores):
    """How closely every head keeps to every pattern: a map of layers and heads for each; the best head is framed."""
    if plots.is_missing(scores, "scores", "pattern_score"):
        return
    figure, axes = plots._grid(2, 4, size=2.9, heights=(0.6, 0.6), title=0.4)
    for axis, (pattern, best) in zip(axes.flat, best_heads(scores).items(), strict=False):
        drawn = axis.imshow(scores[pattern].numpy(), aspect="auto", **WEIGHTS)
        axis.add_patch(Rectangle((best.head - 1.5, best.layer - 1.5), 1, 1, fill=False, edgecolor=ORANGE, linewidth=2))
        axis.set_title(f"{pattern}, at most {best.score:.2f}", fontsize=10)
        _count_heads(axis, scores[pattern].shape)
    _scale(axes[-1, -1], drawn, ("score", "frame: the head\nthat scores\nhighest"))
    plots.show(figure)


def _count_heads(axis, shape, fontsize=8):
    layers, heads = shape
    axis.set_xticks(range(heads), range(1, heads + 1), fontsize=fontsize)
    axis.set_yticks(range(layers), range(1, layers + 1), fontsize=fontsize)
    axis.set(xlabel="head", ylabel="layer")


def show_strongest(scores):
    """Which pattern each head keeps to, with its score; grey where none scores at least `CLEAR`."""
    if plots.is_missing(scores, "scores", "pattern_score"):
        return
    kinds = strongest_patterns(scores)  # (layers, heads)
    values = torch.stack([scores[pattern] for pattern in PATTERNS]).nan_to_num(0).amax(dim=0)
    layers, heads = kinds.shape
    figure, axis = plt.subplots(figsize=(0.62 * heads + 2.6, 0.5 * layers + 1), layout="constrained", dpi=plots.DPI)
    palette = ListedColormap([NO_PATTERN, *COLOURS.values()])
    axis.imshow(kinds.numpy() + 1, cmap=palette, vmin=0, vmax=len(PATTERNS), aspect="auto")
    for (row, column), kind in np.ndenumerate(kinds.numpy()):
        colour = "white" if kind >= 0 and PATTERNS[kind] in DARK else "black"
        axis.text(column, row, f"{values[row, column]:.2f}", ha="center", va="center", color=colour, fontsize=9)
    _count_heads(axis, kinds.shape, fontsize=10)
    _legend(figure, kinds)
    plots.show(figure)


def _legend(figure, kinds):
    counts = [(pattern, int((kinds == number).sum())) for number, pattern in enumerate(PATTERNS)]
    patches = [Patch(color=COLOURS[pattern], label=f"{pattern} ({count})") for pattern, count in counts]
    patches.append(Patch(color=NO_PATTERN, label=f"below {CLEAR} ({int((kinds < 0).sum())})"))
    figure.legend(handles=patches, loc="outside right upper", title="pattern (heads)", frameon=False)


def show_guesses(examples, columns=3):
    """The guesses for each hidden word as bars; the hidden word's own bar is orange, and added if it is no guess.

    examples: list of `masked_words.MaskedWord`
    """
    rows = -(-len(examples) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(4.2 * columns, 2.2 * rows), squeeze=False, dpi=plots.DPI,
                                layout="constrained")  # fmt: skip
    for axis in axes.flat[len(examples) :]:
        axis.set_axis_off()
    for axis, masked in zip(axes.flat, examples, strict=False):
        _guesses(axis, masked)
    plots.show(figure)


def _guesses(axis, masked):
    lines = [*masked.guesses]
    if masked.original.rank > len(lines):
        lines.append(masked.original)
    for row, guess in enumerate(lines):
        hidden = guess.rank == masked.original.rank and guess.word == masked.original.word
        axis.barh(row, guess.probability, color=ORANGE if hidden else BLUE, height=0.75)
        label = f"{guess.rank}  {guess.word}  {guess.probability:.2f}"
        axis.text(guess.probability + 0.02, row, label, va="center", fontsize=10)
    axis.set(xlim=(0, 1.45), yticks=[], xticks=[0, 0.5, 1])
    axis.invert_yaxis()
    axis.set_title(_in_lines(masked.text), fontsize=10, loc="left")
    axis.spines[["top", "right", "left"]].set_visible(False)


def _in_lines(text, width=46):
    """The text in lines of about `width` characters, always two, so that titles are alike in height."""
    lines = textwrap.wrap(text, width)
    return "\n".join(lines if len(lines) > 1 else [*lines, ""])


def show_spread(masked):
    """How far hiding one word moves the hidden states, layer by layer: `masked_words.moved_states` as a map."""
    moved, tokens = masked_words.moved_states(masked), masked.hidden.tokens
    figure, axis = plt.subplots(figsize=(0.55 * len(tokens) + 2, 0.36 * len(moved) + 1.3), layout="constrained",
                                dpi=plots.DPI)  # fmt: skip
    drawn = axis.imshow(moved.numpy(), cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(moved.numpy()):
        colour = "white" if value > 0.6 else "black"
        axis.text(column, row, f"{value:.2f}", ha="center", va="center", color=colour, fontsize=8)
    axis.set_xticks(range(len(tokens)), tokens, rotation=45, fontsize=10)
    axis.set_yticks(range(len(moved)), ["0 (embeddings)", *range(1, len(moved))])
    axis.set_ylabel("layer")
    figure.colorbar(drawn, ax=axis, label="moved by,\nrelative to its norm")
    plots.show(figure)


def show_change(masked, layers):
    """Attention after hiding a word minus before, mean over the heads of each of these layers."""
    change = (masked.after.attentions - masked.before.attentions).mean(dim=1)  # (layers, tokens, tokens)
    chosen = change[[layer - 1 for layer in layers]]  # (chosen layers, tokens, tokens)
    top = float(chosen.abs().max())
    figure, axes = plots._grid(1, len(layers), size=4, title=0.6)
    for axis, values, layer in zip(axes[0], chosen, layers, strict=True):
        drawn = _matrix(axis, values, masked.hidden, f"layer {layer}", 9, cmap="PuOr_r", vmin=-top, vmax=top)
    for axis in axes[0, 1:]:
        axis.set_yticks([])
    _name_axes(axes[0, 0])
    figure.colorbar(drawn, ax=axes[0, -1], shrink=0.7, label="change of attention")
    plots.show(figure)


def show_influence(masked, received, influence):
    """What [MASK] looks at, above what the hidden word's probability depends on: bars for each token.

    received:  (tokens,) as `masked_words.received_attention` returns it
    influence: (tokens,) as `masked_words.influences` returns it; no bar where it is NaN
    """
    tokens = masked.hidden.tokens
    figure, axes = plt.subplots(2, 1, figsize=(max(7, 0.6 * len(tokens) + 2), 5), sharex=True, layout="constrained",
                                dpi=plots.DPI)  # fmt: skip
    colours = [ORANGE if number is None else BLUE for number in masked.hidden.words]
    for axis, values in zip(axes, (received, influence.nan_to_num(0)), strict=True):
        axis.bar(range(len(tokens)), values.numpy(), color=colours)
        axis.axhline(0, color="black", linewidth=0.8)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_title("attention of [MASK] to each token, mean over all heads", fontsize=11, loc="left")
    axes[1].set_title(f'fall of log p("{masked.word}") if this word is hidden too', fontsize=11, loc="left")
    axes[1].set_xticks(range(len(tokens)), tokens, rotation=45, fontsize=11)
    plots.show(figure)
