"""A picture of one layer's attention: a text in two columns, lines from the tokens that look to those looked at."""

import warnings
from io import BytesIO

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from helpers import bert

# Okabe and Ito's colours without black and yellow: told apart also by colour-blind readers, visible on black and white.
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7")
STYLES = ("solid", (0, (2.5, 1.2)), (0, (1, 1)))  # a second and a third round of the same colours
MOST_TOKENS = 40
FAINTEST = 0.02  # weights below it would be no visible line


def picture(model, sentence, second=None, layer=1, heads=None, hidden_word=-1):
    """The attention of one layer as a figure; with a hidden word, also what the model expects there.

    sentence, second, layer, heads: as for `attention_explorer.explore`
    hidden_word: number of the word to hide, as in `Encoding.words`; -1 for none
    returns: a matplotlib Figure, as the last line of a cell a picture; of a long text the first 40 tokens are drawn
    raises:  ValueError for a text, layer, head or word that there is not
    """
    check_layer(model, layer)
    heads = check_heads(model, heads)
    encoding = bert.encode(model, sentence, second)
    hidden = encoding if hidden_word == -1 else bert.hide(model, encoding, hidden_word)
    output = bert.read(model, hidden)
    places = [] if hidden_word == -1 else [place for place in encoding.places(hidden_word) if place < MOST_TOKENS]
    figure, axes, side = _canvas(min(len(encoding.tokens), MOST_TOKENS), output, places)
    _columns(axes, hidden.tokens, set(places))
    _lines(axes, output.attentions[layer - 1].cpu().numpy(), heads)
    axes.set_title(_title(model, layer, heads, len(encoding.tokens)), fontsize=12, loc="left")
    if side is not None:
        _bars(side, model, encoding, output, places[0])
    return figure


def check_layer(model, layer):
    """Raise ValueError unless the model has this layer, counted from 1."""
    if layer not in range(1, model.layers + 1):
        raise ValueError(f"layer must be a number from 1 to {model.layers}, got {layer!r}")


def check_heads(model, heads):
    """The heads as a sorted list, all for None; ValueError for one that the model has not."""
    heads = range(1, model.heads + 1) if heads is None else heads
    for head in heads:
        if head not in range(1, model.heads + 1):
            raise ValueError(f"heads must be numbers from 1 to {model.heads}, got {head!r}")
    return sorted({int(head) for head in heads})


def as_png(figure):
    """A figure as the bytes of a PNG; characters that the font lacks are drawn as boxes, without a warning."""
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format="png")
    return buffer.getvalue()


def style_of(head):
    """Colour and line style of a head, counted from 1."""
    return COLOURS[(head - 1) % len(COLOURS)], STYLES[(head - 1) // len(COLOURS) % len(STYLES)]


def _canvas(rows, output, places):
    """A figure with an axis for the columns and, if words were guessed, one for the guesses beside it."""
    guessed = bool(places) and output.logits is not None and output.logits.shape[-1] != 2
    figure = Figure(figsize=(10 if guessed else 7, 0.8 + 0.27 * rows), dpi=100, layout="constrained")
    if not guessed:
        return figure, figure.add_subplot(), None
    left, right = figure.subplots(1, 2, width_ratios=(7, 3))
    return figure, left, right


def _columns(axes, tokens, hidden):
    rows = min(len(tokens), MOST_TOKENS)
    for row, token in enumerate(tokens[:rows]):
        style = dict(fontsize=12, va="center", parse_math=False, weight="bold" if row in hidden else "normal")
        axes.text(-0.02, row, token, ha="right", **style)
        axes.text(1.02, row, token, ha="left", **style)
    axes.set(xlim=(-0.45, 1.45), ylim=(rows - 0.4, -1.5))
    axes.text(-0.02, -1.1, "looks", ha="right", va="center", fontsize=10, color="#666666")
    axes.text(1.02, -1.1, "is looked at", ha="left", va="center", fontsize=10, color="#666666")
    axes.set_axis_off()


def _lines(axes, attention, heads):
    """attention: (heads, tokens, tokens)"""
    for number, head in enumerate(heads):
        weights = attention[head - 1, :MOST_TOKENS, :MOST_TOKENS]
        apart = (number - (len(heads) - 1) / 2) * min(0.05, 0.5 / len(heads))  # so that heads do not hide each other
        looking, looked_at = np.nonzero(weights > FAINTEST)
        strengths = weights[looking, looked_at]  # (lines,)
        colour, style = style_of(head)
        paths = _curves(looking + apart, looked_at + apart)
        axes.add_collection(
            LineCollection(paths, colors=colour, alpha=strengths, linewidths=0.6 + 2.6 * strengths, linestyles=[style])
        )


def _curves(starts, ends, points=20):
    """(lines, points, 2): from (0, start) to (1, end), level at both ends."""
    across = np.linspace(0, 1, points)
    bend = across**2 * (3 - 2 * across)
    heights = starts[:, None] + (ends - starts)[:, None] * bend  # (lines, points)
    return np.stack([np.broadcast_to(across, heights.shape), heights], axis=-1)


def _title(model, layer, heads, tokens):
    chosen = "all heads" if len(heads) == model.heads else f"heads {', '.join(map(str, heads))}"
    cut = f" (the first {MOST_TOKENS} of {tokens} tokens)" if tokens > MOST_TOKENS else ""
    return f"Attention in layer {layer}, {chosen if heads else 'no head'}{cut}"


def _bars(axes, model, encoding, output, place):
    guesses = bert.guesses(model, output, place)
    own = bert.rated(model, output, place, encoding.ids[place])
    rows = guesses if own.word in [guess.word for guess in guesses] else [*guesses, own]
    axes.barh(range(len(rows)), [guess.probability for guess in rows], height=0.4, color=COLOURS[3])
    for row, guess in enumerate(rows):
        text = f"{guess.rank}. {guess.word}  {guess.probability:.1%}"
        weight = "bold" if guess.word == own.word else "normal"
        axes.text(0, row - 0.35, text, fontsize=11, va="center", parse_math=False, weight=weight)
    axes.set(xlim=(0, 1), ylim=(max(len(rows), 8) - 0.5, -0.8), xticks=[], yticks=[])
    axes.set_title(f"[MASK] for “{own.word}”", fontsize=12, loc="left", parse_math=False)
    axes.spines[:].set_visible(False)
