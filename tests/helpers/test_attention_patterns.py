"""The patterns of attention: where heads would look, and how closely they keep to it."""

import math

import pytest
import torch
from transformers import BertConfig, BertForMaskedLM

from helpers import attention_patterns, bert
from helpers.attention_patterns import CLEAR, PATTERNS, SENTENCES, pattern_targets


@pytest.fixture(scope="module")
def small():
    """A BERT of another size, with random weights, in float64."""
    tokenizer = bert.load_model("all-MiniLM-L6-v2", task=None, device="cpu").tokenizer
    config = BertConfig(hidden_size=24, num_hidden_layers=3, num_attention_heads=4, intermediate_size=32,
                        initializer_range=1.0, attn_implementation="eager")  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = BertForMaskedLM(config)
    return bert.Bert("small", tokenizer, network.double().eval().requires_grad_(False))


@pytest.fixture(scope="module")
def encoding(small):
    return bert.encode(small, "A stone is a stone.")  # [CLS] a stone is a stone . [SEP]


def score(attentions, targets):
    return (attentions * targets).sum(dim=-1)[..., targets.any(dim=-1)].mean(dim=-1)


def test_attention_is_made_of_the_queries_and_keys(small, encoding):
    queries, keys = attention_patterns.queries_and_keys(small, encoding)
    assert queries.shape == keys.shape == (3, 4, 8, 6)
    weights = (queries @ keys.mT / math.sqrt(6)).softmax(dim=-1)
    torch.testing.assert_close(weights, bert.read(small, encoding).attentions)


def test_a_model_of_another_kind_is_refused(small, encoding):
    stranger = bert.Bert("a stranger", small.tokenizer, type(small.network)(small.network.config))
    stranger.network.bert.encoder.layer = torch.nn.ModuleList()
    with pytest.raises(ValueError, match="the layers of a stranger are not those of a BERT"):
        attention_patterns.queries_and_keys(stranger, encoding)


def pairs(matrix):
    return {tuple(pair) for pair in matrix.nonzero().tolist()}


def test_targets_are_where_the_patterns_say(encoding):
    targets = {pattern: pairs(matrix) for pattern, matrix in pattern_targets(encoding).items()}
    words = range(1, 7)
    assert list(targets) == list(PATTERNS[:-1])
    assert targets["itself"] == {(place, place) for place in words}
    assert targets["previous token"] == {(place, place - 1) for place in words if place > 1}
    assert targets["next token"] == {(place, place + 1) for place in words if place < 6}
    assert targets["same word"] == {(1, 4), (4, 1), (2, 5), (5, 2)}
    assert targets["start [CLS]"] == {(place, 0) for place in words}
    assert targets["separator [SEP]"] == {(place, 7) for place in words}


def test_of_two_texts_both_separators_count(small):
    targets = pattern_targets(bert.encode(small, "Who?", "She."))  # [CLS] who ? [SEP] she . [SEP]
    assert targets["separator [SEP]"].nonzero()[:, 1].unique().tolist() == [3, 6]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_breadth_is_the_share_of_the_tokens_that_are_looked_at(count):
    attentions = torch.zeros(2, 5, 5)
    attentions[..., :count] = 1 / count
    rows = torch.tensor([True, False, True, True, False])
    torch.testing.assert_close(attention_patterns.broadness(attentions, rows), torch.full((2,), count / 5))


def test_heads_are_scored_sentence_by_sentence(small):
    texts = SENTENCES[:2]
    together = attention_patterns.score_heads(small, texts, score)
    alone = [attention_patterns.score_heads(small, [text], score) for text in texts]
    assert list(together) == list(PATTERNS)
    for pattern, values in together.items():
        assert values.shape == (3, 4)
        torch.testing.assert_close(values, (alone[0][pattern] + alone[1][pattern]) / 2)


def test_a_sentence_without_a_repeated_word_does_not_count_for_that_pattern(small):
    texts = [SENTENCES[1], "He came."]
    scores = attention_patterns.score_heads(small, texts, score)
    expected = attention_patterns.score_heads(small, texts[:1], score)["same word"]
    torch.testing.assert_close(scores["same word"], expected)
    nothing = attention_patterns.score_heads(small, texts[1:], score)
    assert nothing["same word"].isnan().all()
    assert not attention_patterns.best_heads(nothing)["same word"].clear


def test_without_a_score_there_are_no_scores(small, capsys):
    assert attention_patterns.score_heads(small, SENTENCES[:1], lambda attentions, targets: None) is None
    attention_patterns.print_patterns(small, SENTENCES[:1], None, score)
    assert "Write pattern_score()" in capsys.readouterr().out


def test_chance_is_what_even_attention_scores(small):
    chance = attention_patterns.chance(small, ["A stone is a stone."], score)
    assert chance == pytest.approx({pattern: 1 / 8 for pattern in PATTERNS} | {"broad": 1})


@pytest.fixture
def scores():
    """One head keeps to the previous token, one to [CLS], and the others to nothing."""
    values = {pattern: torch.full((2, 3), 0.1) for pattern in PATTERNS}
    values["previous token"][0, 2] = 0.9
    values["start [CLS]"][1, 1], values["broad"][1, 1] = 0.7, CLEAR
    return values


def test_the_best_head_is_counted_from_one(scores):
    best = attention_patterns.best_heads(scores)
    assert str(best["previous token"]) == "layer 1, head 3"
    assert (best["start [CLS]"].layer, best["start [CLS]"].head) == (2, 2)
    assert [pattern for pattern in PATTERNS if best[pattern].clear] == ["previous token", "start [CLS]", "broad"]


def test_a_head_keeps_to_the_pattern_with_the_highest_score(scores):
    kinds = attention_patterns.strongest_patterns(scores)
    assert kinds.tolist() == [[-1, -1, PATTERNS.index("previous token")], [-1, PATTERNS.index("start [CLS]"), -1]]


def test_the_table_has_a_row_for_each_pattern(small, scores, capsys):
    attention_patterns.print_patterns(small, ["A stone is a stone."], scores, score)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("   ")[0] for line in lines[1:]] == [*PATTERNS]
    assert lines[2].split()[2:] == ["layer", "1,", "head", "3", "0.90", "0.12", "1"]


def test_states_differ_where_they_know_of_their_sentence(small):
    """The embedding of [CLS] is the same in every sentence; with the layers it comes to know of the others."""
    distances = attention_patterns.state_distances(small, SENTENCES[:3], 0)
    assert distances.shape == (4,)
    assert distances[0] == 0
    assert (distances[1:] > 0.01).all()


def test_the_distance_between_two_sentences_is_relative_to_the_norm(small):
    texts = ["He came.", "She went."]
    first, second = (bert.read(small, bert.encode(small, text)).hidden_states[:, 1] for text in texts)
    expected = (first - second).norm(dim=1) / (first.norm(dim=1) + second.norm(dim=1)) * 2
    torch.testing.assert_close(attention_patterns.state_distances(small, texts, 1), expected)


def test_the_distances_are_printed_by_layer(small, capsys):
    attention_patterns.print_state_distances(small, SENTENCES[:3], {"[CLS]": 0, "end": -1})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["layer", "0", "1", "2", "3"]
    assert [line.split()[0] for line in lines[1:]] == ["[CLS]", "end"]


def test_each_of_the_sentences_has_a_word_twice_and_fits(small):
    for sentence in SENTENCES:
        encoding = bert.encode(small, sentence)
        letters = [each for each in encoding.tokens if each.isalpha()]
        assert len(set(letters)) < len(letters)
