"""Masked words: what is guessed for them, and on which words that depends."""

import json

import pytest
import torch

from helpers import bert, masked_words

TEXT = "The president was elected for four years."


@pytest.fixture(scope="module")
def model():
    return bert.load_model(device="cpu")


@pytest.fixture(scope="module")
def masked(model):
    return masked_words.mask_word(model, TEXT, "Years")


def test_one_word_is_hidden_and_nothing_else(masked):
    assert masked.word == "years"
    assert masked.text == "The president was elected for four [MASK]."
    assert masked.hidden.tokens[masked.place] == "[MASK]"
    assert (masked.hidden.ids != masked.encoding.ids).nonzero().flatten().tolist() == [masked.place]


def test_guesses_and_the_hidden_word_are_rated_alike(model, masked):
    probabilities = masked.after.logits[masked.place].softmax(dim=-1)
    assert len(masked.guesses) == 5
    assert masked.guesses[0].probability == pytest.approx(probabilities.max().item())
    identity = masked.encoding.ids[masked.place]
    assert masked.original.word == "years"
    assert masked.original.probability == pytest.approx(probabilities[identity].item())
    assert masked.original.rank == 1 + (probabilities > probabilities[identity]).sum()
    many = masked_words.mask_word(model, TEXT, "years", count=masked.original.rank).guesses
    assert many[-1] == masked.original


@pytest.mark.parametrize(
    ("word", "message"),
    [("weeks", "there is no word 'weeks'; hide one of The, president, was"), ("", "there is no word ''")],
)
def test_a_word_that_is_not_there_is_refused(model, word, message):
    with pytest.raises(ValueError, match=message):
        masked_words.mask_word(model, TEXT, word)


def test_a_word_of_several_tokens_is_refused_by_its_pieces(model):
    with pytest.raises(ValueError, match=r"'unputdownable' is \d tokens, un ##put"):
        masked_words.mask_word(model, "It is unputdownable.", "unputdownable")


def test_of_a_word_that_stands_there_twice_the_first_is_hidden(model):
    assert masked_words.mask_word(model, "A stone is a stone.", "stone").place == 2


def test_the_attention_of_the_mask_adds_up_to_one(masked):
    received = masked_words.received_attention(masked)
    expected = torch.stack([head[masked.place] for layer in masked.after.attentions for head in layer]).mean(dim=0)
    torch.testing.assert_close(received, expected)
    assert received.sum() == pytest.approx(1, abs=1e-5)


def test_influence_is_what_hiding_a_second_word_takes(model, masked):
    influence = masked_words.influences(model, masked)
    place = masked.encoding.tokens.index("four")
    both = bert.hide(model, masked.hidden, masked.encoding.words[place])
    logs = [bert.rated(model, output, masked.place, masked.encoding.ids[masked.place]).probability
            for output in (masked.after, bert.read(model, both))]  # fmt: skip
    assert influence[place] == pytest.approx(torch.tensor(logs[0] / logs[1]).log().item(), abs=1e-3)


def test_only_the_other_words_have_an_influence(model, masked):
    influence = masked_words.influences(model, masked)
    last = len(influence) - 1
    assert influence.isnan().nonzero().flatten().tolist() == [0, masked.place, last]


def test_the_batch_size_does_not_matter(model, masked):
    one, all_at_once = (masked_words.influences(model, masked, size) for size in (1, 100))
    torch.testing.assert_close(one, all_at_once, equal_nan=True, atol=1e-4, rtol=1e-4)


def test_embeddings_move_at_the_hidden_word_only(masked):
    moved = masked_words.moved_states(masked)
    assert moved.shape == (7, len(masked.encoding.tokens))
    assert moved[0].nonzero().flatten().tolist() == [masked.place]
    state, other = masked.before.hidden_states[3, 2], masked.after.hidden_states[3, 2]
    assert moved[3, 2] == pytest.approx(((state - other).norm() / state.norm()).item())


def test_what_mask_looks_at_and_depends_on_is_printed(model, masked, capsys):
    masked_words.print_influences(model, [masked])
    title, line = capsys.readouterr().out.splitlines()
    received, influence = masked_words.received_attention(masked), masked_words.influences(model, masked)
    assert title.split("   ")[-1] == "most influence"
    assert line.startswith(masked.text)
    assert f"{received.max():.2f}" in line
    assert line.endswith(f"{influence.nan_to_num(-9).max():.2f}")


def test_how_good_the_model_is_stands_in_the_report_of_its_training(capsys, monkeypatch, tmp_path):
    report = {"f1": 0.5, "exact_match": 0.4, "word_first": 0.21, "word_in_five": 0.42}
    (tmp_path / "reader.json").write_text(json.dumps(report))
    monkeypatch.setattr(masked_words, "READER", tmp_path / "reader.safetensors")
    assert masked_words.quality() == report
    masked_words.print_quality()
    assert {"21%,", "42%."} <= set(capsys.readouterr().out.split())
