"""The figures of the notebook on attention."""

import pytest
import torch
from matplotlib.colors import to_hex

from helpers import attention_plots, bert, masked_words
from helpers.attention_patterns import PATTERNS, SENTENCE, best_heads

pytestmark = pytest.mark.usefixtures("shown")


@pytest.fixture(scope="module")
def model():
    return bert.load_model(device="cpu")


@pytest.fixture(scope="module")
def encoding(model):
    return bert.encode(model, SENTENCE)


@pytest.fixture(scope="module")
def output(model, encoding):
    return bert.read(model, encoding)


@pytest.fixture(scope="module")
def masked(model):
    return masked_words.mask_word(model, "The war began in 1914.", "war")


@pytest.fixture
def scores():
    """One clear head of the previous token, the second of layer 1; all others look at nothing in particular."""
    values = {pattern: torch.full((6, 12), 0.1) for pattern in PATTERNS}
    values["previous token"][0, 1] = 0.9
    return values


def pixels(axis):
    return torch.from_numpy(axis.images[0].get_array().data)


def labels(ticks):
    return tuple(tick.get_text() for tick in ticks)


def test_a_head_is_shown_as_the_model_computes_it(output, encoding, shown):
    attention_plots.show_head(output, encoding, layer=2, head=12)
    axis = shown[0].axes[0]
    torch.testing.assert_close(pixels(axis), output.attentions[1, 11])
    assert axis.get_title() == "layer 2, head 12"
    assert labels(axis.get_xticklabels()) == labels(axis.get_yticklabels()) == encoding.tokens


@pytest.mark.parametrize(("layer", "head", "name"), [(0, 1, "layer"), (7, 1, "layer"), (1, 0, "head"), (1, 13, "head")])
def test_a_head_that_there_is_not_is_refused(output, encoding, layer, head, name):
    with pytest.raises(ValueError, match=rf"{name} must be a number from 1 to (6|12), got \d+"):
        attention_plots.show_head(output, encoding, layer, head)


def test_the_best_heads_are_shown_and_unclear_ones_marked(model, output, scores, shown):
    attention_plots.show_best_heads(model, SENTENCE, scores)
    axes = shown[0].axes[: len(PATTERNS)]
    assert [axis.get_title().split("\n")[0].removesuffix("  (not clear)") for axis in axes] == list(PATTERNS)
    assert [axis.get_title().count("not clear") for axis in axes] == [1, 0, 1, 1, 1, 1, 1]
    torch.testing.assert_close(pixels(axes[1]), output.attentions[0, 1])
    assert len(axes[0].patches) == 13  # the words and the full stop


def test_scores_have_one_scale_and_a_frame_around_the_best(scores, shown):
    attention_plots.show_scores(scores)
    axes = shown[0].axes[: len(PATTERNS)]
    assert {axis.images[0].get_clim() for axis in axes} == {(0, 1)}
    frame, best = axes[1].patches[0], best_heads(scores)["previous token"]
    assert (frame.get_x() + 1.5, frame.get_y() + 1.5) == (best.head, best.layer)
    assert labels(axes[0].get_xticklabels()) == tuple(map(str, range(1, 13)))


def test_each_head_has_the_colour_of_its_pattern(scores, shown):
    attention_plots.show_strongest(scores)
    image = shown[0].axes[0].images[0]
    colours = [to_hex(image.to_rgba(pixels(shown[0].axes[0]).numpy())[0, head]) for head in (0, 1)]
    assert colours == [attention_plots.NO_PATTERN, attention_plots.COLOURS["previous token"]]
    counts = [text.get_text() for text in shown[0].legends[0].get_texts()]
    assert counts[1] == "previous token (1)"
    assert counts[-1] == "below 0.5 (71)"


def test_patterns_have_colours_of_their_own():
    assert len({*attention_plots.COLOURS.values(), attention_plots.NO_PATTERN}) == len(PATTERNS) + 1


def test_the_hidden_word_stands_among_the_guesses_in_its_colour(model, shown):
    texts = {"She was the first woman to be elected president of the United States.": "States",
             "A stone is a stone.": "stone"}  # fmt: skip
    examples = [masked_words.mask_word(model, text, word, count=2) for text, word in texts.items()]
    attention_plots.show_guesses(examples)
    for axis, masked in zip(shown[0].axes, examples, strict=False):
        lines = [text.get_text().split() for text in axis.texts]
        orange = [to_hex(bar.get_facecolor()) == attention_plots.ORANGE for bar in axis.patches]
        assert orange.count(True) == 1
        assert lines[orange.index(True)][:2] == [str(masked.original.rank), masked.original.word]
        assert " ".join(axis.get_title(loc="left").split()) == masked.text


def test_the_spread_is_written_into_its_map(masked, shown):
    attention_plots.show_spread(masked)
    axis, moved = shown[0].axes[0], masked_words.moved_states(masked)
    torch.testing.assert_close(pixels(axis), moved)
    assert axis.texts[-1].get_text() == f"{moved[-1, -1]:.2f}"
    assert labels(axis.get_xticklabels()) == masked.hidden.tokens


def test_change_is_after_minus_before_on_a_scale_that_is_even(masked, shown):
    attention_plots.show_change(masked, [1, 6])
    axes = shown[0].axes[:2]
    expected = (masked.after.attentions - masked.before.attentions)[5].mean(dim=0)
    torch.testing.assert_close(pixels(axes[1]), expected)
    low, high = axes[1].images[0].get_clim()
    assert low == -high == axes[0].images[0].get_clim()[0]


def test_influence_stands_below_attention(model, masked, shown):
    received, influence = masked_words.received_attention(masked), masked_words.influences(model, masked)
    attention_plots.show_influence(masked, received, influence)
    heights = [torch.tensor([float(bar.get_height()) for bar in axis.patches]) for axis in shown[0].axes]
    torch.testing.assert_close(heights[0], received, check_dtype=False)
    torch.testing.assert_close(heights[1], influence.nan_to_num(0), check_dtype=False)


def test_what_is_not_written_yet_is_said_in_one_line(model, encoding, capsys, shown):
    attention_plots.show_attention(None, encoding, "layer 1, head 1")
    attention_plots.show_best_heads(model, SENTENCE, None)
    attention_plots.show_scores(None)
    attention_plots.show_strongest(None)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("Nothing to show yet: ") for line in lines)
    assert not shown
