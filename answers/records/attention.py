"""What 08_attention hands in, and the checks against the attention of the grader's own model."""

from functools import lru_cache

import torch

from answers.bank import Part, Record
from helpers import bert
from helpers.attention_patterns import PATTERNS, SENTENCE, SENTENCES, score_heads

SHAPE = (6, 12, 15, 15)  # layers, heads, tokens, tokens: of the embedded model and `SENTENCE`
SCORED = PATTERNS[:-1]
# Threads and float64 move a weight by 1e-6 at most, half precision by 0.003, bfloat16 by 0.023; the nearest mistake,
# another sentence of the same length, moves one of each layer by 0.2 and more.
TOLERANCE = 0.03
# Threads and float64 move a score by 1e-6 at most; the nearest mistake, a sentence left out, by 0.0028 and more.
SCORE_TOLERANCE = 0.001
ATTENTION_HINT = (
    "Did you divide the dot products of queries and keys by the root of d, and take the softmax over the last "
    "dimension, for all layers, of the sentence that the notebook begins with?"
)
SCORE_HINT = (
    "Did you add up the weights at the targets in each row, and take the mean over the rows that have a target?"
)


def reference_model():
    """A new copy of the notebook's model, on the CPU."""
    return bert.load_model(bert.OWN, device="cpu")


@lru_cache(maxsize=2)
def reference(model):
    """The attention of the sentence: (layers, heads, tokens, tokens)."""
    return bert.read(model, bert.encode(model, SENTENCE)).attentions


@lru_cache(maxsize=2)
def reference_scores(model):
    """The scores of all heads: (patterns, layers, heads)."""
    scores = score_heads(model, SENTENCES, _share)
    return torch.stack([scores[pattern] for pattern in SCORED])


def _share(attentions, targets):
    return attentions.masked_fill(~targets, 0).sum(dim=-1)[..., targets.any(dim=-1)].mean(dim=-1)


def check_attention(records, model):
    """One part for each layer: rows sum to one, and the weights are the reference up to `TOLERANCE`."""
    values = torch.as_tensor(records["attention"]).double()
    pairs = zip(values, reference(model).double(), strict=True)
    return [_layer(number, *pair) for number, pair in enumerate(pairs, start=1)]


def _layer(number, values, expected):
    name = f"The attention of layer {number}"
    sums = values.sum(dim=-1)
    if not (sums - 1).abs().max() <= TOLERANCE:  # true of NaN
        low, high = float(sums.min()), float(sums.max())
        return Part(0, f"{name} has rows that sum to {low:.3g} up to {high:.3g} instead of 1.", ATTENTION_HINT)
    distance = (values - expected).abs().max()
    if distance <= TOLERANCE:
        return Part(1, f"{name} is the reference.")
    return Part(0, f"{name} differs from the reference by up to {float(distance):.3g}.", ATTENTION_HINT)


def check_scores(records, model):
    """One part for each pattern: the scores are the reference up to `SCORE_TOLERANCE`."""
    values = torch.as_tensor(records["head_scores"]).double()
    distances = (values - reference_scores(model).double()).abs().amax(dim=(1, 2))
    return [_pattern(*pair) for pair in zip(SCORED, distances.tolist(), strict=True)]


def _pattern(pattern, distance):
    name = f"The scores for the pattern {pattern!r}"
    if distance <= SCORE_TOLERANCE:  # not true of NaN
        return Part(1, f"{name} are the reference.")
    return Part(0, f"{name} differ from the reference by up to {distance:.3g}.", SCORE_HINT)


RECORDS = [
    Record(
        name="attention",
        shape=SHAPE,
        dtype="float32",
        description="attention of all layers and heads for the sentence that the notebook begins with",
        low=0,
        high=1.01,
        points=1,
        check=check_attention,
    ),
    Record(
        name="head_scores",
        shape=(len(SCORED), *SHAPE[:2]),
        dtype="float32",
        description="scores of all heads for the six patterns, averaged over the ten sentences",
        low=0,
        high=1.01,
        points=1,
        check=check_scores,
    ),
]
