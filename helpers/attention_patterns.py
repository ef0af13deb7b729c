"""What the heads of a BERT look at: patterns of attention, and scores that say how closely each head keeps to one.

The patterns are those of Clark et al. (2019, "What does BERT look at?") and of Kovaleva et al. (2019, "Revealing the
dark secrets of BERT"). Layers and heads are counted from 1 where people read or write their numbers; layer 0 are the
embeddings, as in `bert.Output.hidden_states`.
"""

from dataclasses import dataclass

import torch

from helpers import bert
from helpers.plots import is_missing
from helpers.tables import print_table

PATTERNS = ("itself", "previous token", "next token", "same word", "start [CLS]", "separator [SEP]", "broad")
CLEAR = 0.5  # a head keeps to a pattern if it scores at least this
SENTENCE = "The old man gave the young man a map of the island."
SENTENCES = (  # each has a word twice
    SENTENCE,
    "If it rains on Monday, we move the match from Monday to Friday.",
    "She read the letter twice, then she threw the letter into the fire.",
    "The road follows the river, and the river follows the valley.",
    "My brother plays the piano, and his daughter plays the violin.",
    "You can make soup from a stone, but nobody makes bread from a stone.",
    "The judge asked the witness a question, but the witness looked at the floor.",
    "In winter water turns into ice, and in spring ice turns into water.",
    "They sold the house because the house was too large for two people.",
    "Some birds fly south in autumn, other birds stay here all winter.",
)


@dataclass(frozen=True)
class Best:
    """The head that keeps to a pattern most closely: its layer and number, both from 1, and its score in [0, 1]."""

    layer: int
    head: int
    score: float

    @property
    def clear(self):
        return self.score >= CLEAR

    def __str__(self):
        return f"layer {self.layer}, head {self.head}"


@torch.no_grad()
def queries_and_keys(model, encoding):
    """The queries and the keys of every head, of which its attention is made (Vaswani et al. 2017, sec. 3.2).

    returns: two tensors (layers, heads, tokens, size) float32, `size` being the dimensions of one head
    raises:  ValueError for a model that is not built like BERT
    """
    encoder = getattr(model.network.base_model, "encoder", None)
    layers = list(getattr(encoder, "layer", ()))
    if not layers or not hasattr(layers[0], "attention"):
        raise ValueError(f"the layers of {model.name} are not those of a BERT; load one of the BERT family")
    states = bert.read(model, encoding).hidden_states
    own = [layer.attention.self for layer in layers]
    queries, keys = ([_by_head(getattr(a, k)(h), model.heads) for a, h in zip(own, states[:-1], strict=True)]
                     for k in ("query", "key"))  # fmt: skip
    return torch.stack(queries), torch.stack(keys)


def _by_head(vectors, heads):
    """(tokens, dim) -> (heads, tokens, dim / heads)"""
    return vectors.unflatten(1, (heads, -1)).transpose(0, 1)


def pattern_targets(encoding):
    """Where a head looks if it keeps to a pattern: for each pattern but "broad" a boolean matrix (tokens, tokens).

    [i, j] is true if a head with this pattern looks from token i at token j. The rows of [CLS] and [SEP] are empty,
    and so is every row for which there is nothing to look at; such rows are not to be counted.
    """
    count = len(encoding.ids)
    word = torch.tensor([number is not None for number in encoding.words])
    both = word[:, None] & word  # (tokens, tokens)
    one = torch.eye(count, dtype=torch.bool)
    same = encoding.ids[:, None] == encoding.ids
    start = torch.arange(count) == 0
    return {
        "itself": one & both,
        "previous token": one.roll(-1, dims=1) & both,
        "next token": one.roll(1, dims=1) & both,
        "same word": same & ~one & both,
        "start [CLS]": word[:, None] & start,
        "separator [SEP]": word[:, None] & ~word & ~start,
    }


def broadness(attentions, rows):
    """At which share of the tokens a head looks: the exponential of the entropy of its weights, by their number.

    attentions: (..., tokens, tokens), each row summing to one
    rows:       (tokens,) boolean, the rows that count
    returns:    (...), the mean over the rows; 1 / tokens for one token only, 1 for all alike
    """
    chosen = attentions[..., rows, :]
    entropy = -torch.special.xlogy(chosen, chosen).sum(dim=-1)
    return entropy.exp().mean(dim=-1) / attentions.shape[-1]


def score_heads(model, sentences, pattern_score):
    """How closely each head keeps to each pattern, on average over some sentences.

    pattern_score: function (attentions, targets) -> (layers, heads), the mean share of attention that goes to targets
    returns:       dictionary of pattern -> (layers, heads) float32 in [0, 1], on the CPU; None if the function
                   returns None; NaN where no sentence has anything to look at (no word twice, say)
    """
    scores = {pattern: [] for pattern in PATTERNS}
    for sentence in sentences:
        encoding = bert.encode(model, sentence)
        attentions, targets = bert.read(model, encoding).attentions.cpu(), pattern_targets(encoding)
        for pattern, matrix in targets.items():
            scores[pattern].append(pattern_score(attentions, matrix))
        scores["broad"].append(broadness(attentions, targets["itself"].any(dim=1)))
    if any(score is None for column in scores.values() for score in column):
        return None
    return {pattern: torch.stack(column).nanmean(dim=0) for pattern, column in scores.items()}


def chance(model, sentences, pattern_score):
    """What a head would score on average that looks at all tokens alike: dictionary of pattern -> number."""
    shares = {pattern: [] for pattern in PATTERNS[:-1]}
    for encoding in (bert.encode(model, sentence) for sentence in sentences):
        even = torch.full((len(encoding.ids),) * 2, 1 / len(encoding.ids))  # (tokens, tokens)
        for pattern, targets in pattern_targets(encoding).items():
            shares[pattern].append(pattern_score(even, targets))
    return {pattern: float(torch.stack(column).nanmean()) for pattern, column in shares.items()} | {"broad": 1.0}


def best_heads(scores):
    """For each pattern the head that keeps to it most closely: dictionary of pattern -> `Best`; scores as above."""
    return {pattern: _best(values) for pattern, values in scores.items()}


def _best(values):
    layer, head = divmod(int(values.nan_to_num(-1).argmax()), values.shape[1])
    return Best(layer + 1, head + 1, float(values[layer, head]))


def strongest_patterns(scores):
    """The pattern that each head keeps to: (layers, heads) int64, the number of one of `PATTERNS`; -1 for none."""
    values = torch.stack([scores[pattern] for pattern in PATTERNS]).nan_to_num(-1)  # (patterns, layers, heads)
    top = values.max(dim=0)
    return torch.where(top.values >= CLEAR, top.indices, -1)


def state_distances(model, sentences, place):
    """How much one token's hidden state differs between sentences.

    place:   of the token in each sentence, such as 0 for [CLS] or -2 for the full stop
    returns: (layers + 1,) float32, the mean distance between two sentences, relative to the mean norm; 0 if the
             token's vector is the same in every sentence
    """
    read = [bert.read(model, bert.encode(model, sentence)).hidden_states[:, place] for sentence in sentences]
    states = torch.stack(read, dim=1).cpu()  # (layers + 1, sentences, dim)
    count = len(read)
    pairs = torch.cdist(states, states).sum(dim=(1, 2)) / (count * (count - 1))
    return pairs / states.norm(dim=-1).mean(dim=1)


def print_state_distances(model, sentences, places):
    """`state_distances` of some tokens; places: dictionary of name -> place."""
    rows = [[name, *(f"{value:.2f}" for value in state_distances(model, sentences, place).tolist())]
            for name, place in places.items()]  # fmt: skip
    print_table(["layer 0", *map(str, range(1, model.layers + 1))], rows)


def print_patterns(model, sentences, scores, pattern_score):
    """For each pattern its best head, that head's score, the score of chance, and how many heads keep to it."""
    if is_missing(scores, "scores", "pattern_score"):
        return
    even, best = chance(model, sentences, pattern_score), best_heads(scores)
    rows = [[pattern, str(best[pattern]), f"{best[pattern].score:.2f}", f"{even[pattern]:.2f}",
             int((scores[pattern] >= CLEAR).sum())] for pattern in PATTERNS]  # fmt: skip
    print_table(["best head", "score", "chance", f"heads >= {CLEAR}"], rows)
