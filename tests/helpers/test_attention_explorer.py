import json
import re

import nbformat
import numpy as np
import pytest
import torch
from nbconvert import HTMLExporter

from grader.report.executed import render_executed
from helpers import attention_explorer, attention_picture, bert
from helpers.attention_explorer import AttentionExplorer, explore
from helpers.bert_models import Bert

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the cat sat on a mat ##s and dog river $ . 貓".split()
TEXT = "The cats sat on a mat."
PNG = b"\x89PNG"


def tiny(layers=3, heads=4, kind="BertForMaskedLM", **special):
    """A BERT with random weights, large enough that its attention is far from even."""
    import transformers

    shape = {"num_hidden_layers": layers, "num_attention_heads": heads, "hidden_size": 48, "intermediate_size": 32}
    config = transformers.BertConfig(vocab_size=len(WORDS), **shape, initializer_range=0.4, attn_implementation="eager")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = getattr(transformers, kind)(config).eval()
    tokenizer = transformers.BertTokenizer(vocab={word: number for number, word in enumerate(WORDS)}, **special)
    return Bert("tiny", tokenizer, network)


@pytest.fixture(scope="module")
def model():
    return tiny()


@pytest.fixture
def explorer(model):
    return explore(model, TEXT)


@pytest.fixture
def displayed(monkeypatch):
    """What was displayed: pairs of data and metadata."""
    shown = []
    monkeypatch.setattr(
        attention_explorer, "display", lambda data, raw, metadata=None: shown.append((data, metadata or {}))
    )
    return shown


def attention(scene, name="attention"):
    """(layers held, heads, tokens, tokens) of what the browser gets."""
    first, last = scene["held"]
    size = len(scene["tokens"])
    return np.frombuffer(scene[name], "<f2").reshape(last - first, scene["heads"], size, size)


def read(model, *texts, hidden=None):
    encoding = bert.encode(model, *texts)
    return bert.read(model, encoding if hidden is None else bert.hide(model, encoding, hidden))


def close(scene, output, name="attention"):
    return np.allclose(attention(scene, name), output.attentions, atol=0.0005)  # what float16 leaves out


def test_the_browser_gets_what_the_model_computes(model, explorer):
    assert explorer.scene["tokens"] == list(bert.encode(model, TEXT).tokens)
    assert close(explorer.scene, read(model, TEXT))
    assert explorer.scene["before"] is None
    assert np.ptp(attention(explorer.scene), axis=-1).mean() > 0.3  # far from even, or this test would see nothing


def test_any_number_of_layers_and_heads():
    model = tiny(layers=12, heads=12)
    scene = explore(model, TEXT, layer=12, heads=[12]).scene
    assert attention(scene).shape[:2] == (12, 12)
    assert close(scene, read(model, TEXT))


def test_a_pair_of_texts_is_read_together(model):
    assert close(explore(model, "the dog", TEXT).scene, read(model, "the dog", TEXT))


def test_a_hidden_word_is_predicted_and_the_attention_before_kept(model, explorer):
    explorer.hidden_word = 4
    output, place = read(model, TEXT, hidden=4), 6
    assert explorer.scene["tokens"][place] == "[MASK]"
    assert close(explorer.scene, output)
    assert close(explorer.scene, read(model, TEXT), "before")
    (prediction,) = explorer.scene["prediction"]
    assert prediction["best"] == [vars(guess) for guess in bert.guesses(model, output, place)]
    assert prediction["own"] == vars(bert.rated(model, output, place, WORDS.index("a")))


def test_every_piece_of_a_hidden_word_is_predicted(explorer):
    explorer.hidden_word = 1
    assert [place["own"]["word"] for place in explorer.scene["prediction"]] == ["cat", "##s"]
    assert explorer.scene["spelled"][1] == "cats"


def test_a_word_shown_again_changes_nothing(explorer):
    first = explorer.scene
    explorer.hidden_word = 2
    assert explorer.scene != first
    explorer.hidden_word = -1
    assert explorer.scene == first


def test_in_a_new_text_nothing_is_hidden(model, explorer):
    explorer.hidden_word = 2
    explorer.texts = ["the dog"]
    assert (explorer.hidden_word, explorer.scene["hidden_word"]) == (-1, -1)
    assert close(explorer.scene, read(model, "the dog"))


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ({"texts": ["  "], "hidden_word": -1}, "The text must be a string with at least one word, got '  '."),
        ({"texts": ["the " * 511]}, "The text has 513 tokens, tiny takes 512; shorten it."),
        ({"hidden_word": 99}, "Word must be a number from 0 to 6, got 99."),
    ],
)
def test_what_cannot_be_read_is_one_line_and_the_picture_stays(explorer, wish, problem):
    explorer.hidden_word = 2
    before = explorer.scene
    explorer.set_state(wish)  # as from the browser
    assert explorer.problem == problem
    assert explorer.scene is before
    assert (explorer.texts, explorer.hidden_word) == ([TEXT], 2)
    explorer.set_state({"texts": ["the dog"], "hidden_word": -1})
    assert explorer.problem == ""
    assert explorer.scene["texts"] == ["the dog"]


def test_the_model_reads_each_text_once(monkeypatch, explorer):
    texts = []
    monkeypatch.setattr(bert, "read", lambda model, encoding, own=bert.read: (texts.append(1), own(model, encoding))[1])
    explorer.set_state({"texts": ["a dog sat"], "hidden_word": -1})
    for wish in ({"layer": 2}, {"shown_heads": [1]}, {"hidden_word": 1}, {"hidden_word": -1}, {"difference": True}):
        explorer.set_state(wish)
    assert len(texts) == 2  # whole, and with its hidden word


def test_of_a_long_text_the_layer_shown_is_sent(model):
    text = "the cat " * 200
    explorer = explore(model, text, layer=2)
    assert explorer.scene["held"] == [2, 3]
    explorer.layer = 3
    assert explorer.scene["held"] == [3, 4]
    assert np.allclose(attention(explorer.scene)[0], read(model, text).attentions[2], atol=0.0005)


@pytest.mark.parametrize("kind", ["BertModel", "BertForQuestionAnswering"])
def test_a_model_without_words_shows_the_attention_only(kind):
    model = tiny(kind=kind)
    explorer = explore(model, TEXT)
    explorer.hidden_word = 2
    assert explorer.scene["prediction"] == []
    assert explorer.scene["note"] == attention_explorer.NO_WORDS
    assert close(explorer.scene, read(model, TEXT, hidden=2))
    assert explorer.picture().axes


def test_a_model_without_a_mask_hides_nothing():
    model = tiny()
    model.tokenizer.mask_token = None
    explorer = explore(model, TEXT)
    assert (explorer.scene["can_hide"], explorer.scene["note"]) == (False, attention_explorer.NO_MASK)
    explorer.hidden_word = 2
    assert (explorer.problem, explorer.hidden_word) == (attention_explorer.NO_MASK, -1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layer": 0}, "layer must be a number from 1 to 3, got 0"),
        ({"layer": 4}, "layer must be a number from 1 to 3, got 4"),
        ({"heads": [1, 5]}, "heads must be numbers from 1 to 4, got 5"),
        ({"sentence": ""}, "the text must be a string with at least one word, got ''"),
    ],
)
@pytest.mark.parametrize("function", [explore, attention_explorer.picture])
def test_what_the_model_has_not_is_refused(model, function, options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        function(model, **{"sentence": TEXT} | options)


def test_the_picture_is_shown_first_and_then_the_widget(explorer, displayed):
    explorer._ipython_display_()
    (picture, _), (widget, _) = displayed
    assert picture["image/png"].startswith(PNG)
    assert widget["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert "the cat ##s sat" in picture["text/plain"]
    assert "run the cell" in widget["text/plain"]


def test_where_no_widget_is_shown_the_picture_is(explorer, displayed):
    explorer._ipython_display_()
    outputs = [
        nbformat.v4.new_output("display_data", _in_json(data), metadata=metadata) for data, metadata in displayed
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("explore()", outputs=outputs)])
    nbformat.validate(notebook)
    feedback = render_executed(json.dumps(notebook), "n0-").html
    page, _ = HTMLExporter().from_notebook_node(notebook)
    for html in (feedback, page):
        assert html.count('src="data:image/png;base64,') == 1


def _in_json(data):
    from base64 import b64encode

    return {kind: b64encode(value).decode() if kind == "image/png" else value for kind, value in data.items()}


def test_the_files_for_the_browser_need_nothing_from_elsewhere():
    for source in (AttentionExplorer._esm, AttentionExplorer._css):
        assert not re.search(r"https?:|//cdn|@import|\bimport\b|\brequire\(|\bfetch\(|url\(", source)


def test_picture_and_page_give_a_head_the_same_colour():
    colours = re.findall(r"--ax-\d: (#\w+);", AttentionExplorer._css.split("}")[0])
    assert colours == [colour.lower() for colour in attention_picture.COLOURS]


def test_the_picture_has_a_line_for_every_weight_that_can_be_seen(model):
    figure = attention_explorer.picture(model, TEXT, layer=2, heads=[1, 3])
    weights = read(model, TEXT).attentions[1]
    lines = [len(group.get_paths()) for group in figure.axes[0].collections]
    assert lines == [int((weights[head - 1] > attention_picture.FAINTEST).sum()) for head in (1, 3)]
    assert figure.axes[0].get_title("left") == "Attention in layer 2, heads 1, 3"


def test_the_picture_of_a_hidden_word_lists_the_guesses(model, explorer):
    explorer.hidden_word = 4
    guesses = bert.guesses(model, read(model, TEXT, hidden=4), 6)
    written = [text.get_text() for text in explorer.picture().axes[1].texts]
    for guess, text in zip(guesses, written, strict=False):
        assert text.startswith(f"{guess.rank}. {guess.word} ")


@pytest.mark.parametrize(
    ("text", "heads"), [("the cat " * 60, None), ("$ 貓 $ _^ 漢 \\frac", None), (TEXT, []), ("cat", [2])]
)
def test_every_text_and_choice_of_heads_becomes_a_picture(model, text, heads):
    figure = attention_explorer.picture(model, text, heads=heads)
    tokens = bert.encode(model, text).tokens[: attention_picture.MOST_TOKENS]
    assert [each.get_text() for each in figure.axes[0].texts[::2]] == [*tokens, "looks"]
    assert attention_picture.as_png(figure).startswith(PNG)
