"""The records of 08_attention: honest ones pass, mistaken and lazy ones do not."""

import numpy as np
import pytest
import torch

from answers.records import attention as records
from grader.homework import homework
from grader.keys import run_solved
from helpers import bert, handin
from helpers.attention_patterns import SENTENCE, SENTENCES, pattern_targets, queries_and_keys


@pytest.fixture(scope="module")
def model():
    return records.reference_model()


@pytest.fixture(scope="module")
def vectors(model):
    return queries_and_keys(model, bert.encode(model, SENTENCE))


@pytest.fixture(scope="module")
def weights(vectors):
    queries, keys = vectors
    return (queries @ keys.mT / queries.shape[-1] ** 0.5).softmax(dim=-1)


def shares(values, model):
    parts = records.check_attention({"attention": np.asarray(values, np.float32)}, model)
    assert len(parts) == 6
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def test_attention_written_as_a_student_would_passes(model, weights):
    assert weights.shape == records.SHAPE
    assert shares(weights, model) == [1] * 6


def test_what_the_model_returns_passes_in_float64_and_half_precision(model):
    exact = records.reference_model()
    exact.network.double()
    attentions = bert.read(exact, bert.encode(exact, SENTENCE)).attentions
    assert shares(attentions, model) == shares(attentions.half(), model) == [1] * 6


MISTAKES = {
    "not divided": lambda q, k: (q @ k.mT).softmax(dim=-1),
    "divided by d": lambda q, k: (q @ k.mT / q.shape[-1]).softmax(dim=-1),
    "by the root of all dimensions": lambda q, k: (q @ k.mT / 384**0.5).softmax(dim=-1),
    "softmax over columns": lambda q, k: (q @ k.mT / q.shape[-1] ** 0.5).softmax(dim=-2),
    "without softmax": lambda q, k: q @ k.mT / q.shape[-1] ** 0.5,
    "queries and keys exchanged": lambda q, k: (k @ q.mT / q.shape[-1] ** 0.5).softmax(dim=-1),
    "queries only": lambda q, k: (q @ q.mT / q.shape[-1] ** 0.5).softmax(dim=-1),
    "the next layer's": lambda q, k: (q.roll(1, 0) @ k.roll(1, 0).mT / q.shape[-1] ** 0.5).softmax(dim=-1),
    "the next head's": lambda q, k: (q.roll(1, 1) @ k.roll(1, 1).mT / q.shape[-1] ** 0.5).softmax(dim=-1),
    "mean over heads": lambda q, k: (q @ k.mT / q.shape[-1] ** 0.5).softmax(dim=-1).mean(1, keepdim=True),
    "even": lambda q, k: torch.full(records.SHAPE, 1 / 15),
    "ones on the diagonal": lambda q, k: torch.eye(15),
    "zeros": lambda q, k: torch.zeros(1),
    "random": lambda q, k: torch.rand(records.SHAPE, generator=torch.Generator().manual_seed(0)).softmax(dim=-1),
    "NaN": lambda q, k: torch.tensor(torch.nan),
    "infinite": lambda q, k: torch.tensor(torch.inf),
    "huge": lambda q, k: torch.tensor(-3e38),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistaken_attention_passes(model, vectors, mistake):
    assert shares(MISTAKES[mistake](*vectors).expand(records.SHAPE), model) == [0] * 6


def test_another_sentence_does_not_pass(model):
    other = bert.encode(model, "The young man gave the old man a map of the island.")
    assert sum(shares(bert.read(model, other).attentions, model)) == 0


def test_a_wrong_layer_costs_its_own_share_and_is_named(model, weights):
    values = weights.clone()
    values[3] = weights[3].mT
    parts = records.check_attention({"attention": values.numpy()}, model)
    assert [part.share for part in parts] == [1, 1, 1, 0, 1, 1]
    assert parts[3].reason.startswith("The attention of layer 4 has rows that sum to ")


def score(attentions, targets):
    return (attentions * targets).sum(dim=-1)[..., targets.any(dim=-1)].mean(dim=-1)


@pytest.fixture(scope="module")
def looks(model):
    """For each sentence the attention, and the targets of each pattern."""
    encodings = [bert.encode(model, sentence) for sentence in SENTENCES]
    return [(bert.read(model, each).attentions, pattern_targets(each)) for each in encodings]


def scored(looks, function):
    """What a student hands in whose `pattern_score` is this function."""
    scores = [[function(a, targets[pattern]) for pattern in records.SCORED] for a, targets in looks]
    return torch.stack([torch.stack(each) for each in scores]).mean(dim=0)  # (patterns, layers, heads)


def score_shares(values, model):
    parts = records.check_scores({"head_scores": np.asarray(values, np.float32)}, model)
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def row_by_row(attentions, targets):
    rows = [row for row in range(len(targets)) if targets[row].any()]
    return torch.stack([attentions[..., row, targets[row]].sum(dim=-1) for row in rows], dim=-1).mean(dim=-1)


def test_scores_written_as_a_student_would_pass(model, looks):
    assert score_shares(scored(looks, score), model) == score_shares(scored(looks, row_by_row), model) == [1] * 6


MISTAKEN_SCORES = {
    "mean over all rows": lambda a, t: (a * t).sum(dim=-1).mean(dim=-1),
    "mean over all weights": lambda a, t: (a * t).mean(dim=(-1, -2)),
    "largest instead of mean": lambda a, t: (a * t).sum(dim=-1).amax(dim=-1),
    "mean over heads": lambda a, t: score(a, t).mean(dim=1, keepdim=True).expand(6, 12),
    "zeros": lambda a, t: torch.zeros(6, 12),
    "chance": lambda a, t: score(torch.full_like(a, 1 / a.shape[-1]), t),
}


@pytest.mark.parametrize("mistake", MISTAKEN_SCORES)
def test_no_mistaken_score_passes(model, looks, mistake):
    assert score_shares(scored(looks, MISTAKEN_SCORES[mistake]), model) == [0] * 6


SLIPS = {  # with the patterns for which they make no difference
    "a mean over targets": (lambda a, t: a[..., t].mean(dim=-1), [1, 1, 1, 0, 1, 1]),  # a word three times
    "columns for rows": (lambda a, t: score(a.mT, t), [1, 0, 0, 1, 0, 0]),  # two of the patterns are symmetric
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_costs_the_patterns_that_it_spoils(model, looks, slip):
    function, passed = SLIPS[slip]
    assert score_shares(scored(looks, function), model) == passed


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -3e38])
def test_strange_scores_are_judged_too(model, value):
    assert score_shares(torch.full((6, 6, 12), value), model) == [0] * 6


def test_scores_of_one_sentence_only_do_not_pass(model, looks):
    assert score_shares(scored(looks[:1], score), model) == [0] * 6


def test_points_add_up_to_two():
    assert sum(record.points for record in records.RECORDS) == 2


@pytest.fixture
def other_bert(tmp_path, model):
    """The folder of a BERT of another size with random weights, saved as the hub has them."""
    from transformers import BertConfig, BertForMaskedLM

    config = BertConfig(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=32)
    BertForMaskedLM(config).save_pretrained(tmp_path)
    model.tokenizer.save_pretrained(tmp_path)
    return tmp_path


def test_the_notebook_runs_with_any_bert(other_bert, monkeypatch):
    work, load = homework("08_attention"), bert.load_model
    monkeypatch.setattr(bert, "load_model", lambda: load(str(other_bert)))
    monkeypatch.setattr(handin, "load_specification", lambda name: work.specification)
    run = run_solved(work)
    assert run["weights"].shape == (2, 3, 15, 15)
    torch.testing.assert_close(run["weights"], run["output"].attentions)
    assert run["scores"]["broad"].shape == (2, 3)
