"""Hidden states layer by layer: in two dimensions, and in numbers that say what lies near what.

A point is a token's hidden state after a layer; layer 0 are the embeddings, before the first one.
"""

import torch
from torch.nn import functional

from helpers import passages


def project(hidden_states, components=2):
    """Principal components of the tokens of each layer (Pearson 1901), every layer on its own.

    Like `sklearn.decomposition.PCA(components).fit_transform`, sign included: the entry of each component (a direction
    in the space of the hidden states) with the largest absolute value is positive.

    hidden_states: (..., tokens, dim) float
    returns:       (..., tokens, components) of the same dtype, centred; the first component varies most
    raises:        ValueError if there are fewer tokens or dimensions than components
    """
    if hidden_states.ndim < 2 or min(hidden_states.shape[-2:]) < components:
        shape = tuple(hidden_states.shape)
        raise ValueError(f"hidden_states must be (..., tokens, dim), both at least {components}, got {shape}")
    centred = _centred(hidden_states).double()
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    directions = directions[..., :components, :]  # (..., components, dim)
    largest = directions.gather(-1, directions.abs().argmax(dim=-1, keepdim=True))
    coordinates = centred @ (directions * largest.sign()).mT  # (..., tokens, components)
    return coordinates.to(hidden_states.dtype)


def kept_share(hidden_states, components=2):
    """Share of the tokens' variance that their first components hold: (..., tokens, dim) -> (...) in [0, 1]."""
    centred = _centred(hidden_states)
    variances = torch.linalg.svdvals(centred.double()).square()  # (..., components), the largest first
    return (variances[..., :components].sum(dim=-1) / variances.sum(dim=-1)).float()


def share_of_logits(coordinates, logits):
    """How much of a model's logits for start and end one can read off coordinates: the R² of the best linear map.

    coordinates: (layers + 1, tokens, 2); logits: (tokens, 2)
    returns:     (layers + 1, 2) float32 in [0, 1], for the start and for the end
    """
    points, wanted = _centred(coordinates.double()), _centred(logits.double())
    left = wanted - points @ torch.linalg.lstsq(points, wanted.expand(*points.shape[:-1], 2)).solution
    return (1 - left.square().sum(dim=-2) / wanted.square().sum(dim=-2)).float()


def similarities(hidden_states):
    """Cosine similarity of each pair of tokens, the mean of the layer's tokens subtracted first.

    Without that the cosines of all pairs are large, because all hidden states of a layer share a large part.

    hidden_states: (..., tokens, dim)
    returns:       (..., tokens, tokens) in [-1, 1]
    """
    centred = functional.normalize(_centred(hidden_states), dim=-1)
    return (centred @ centred.mT).clamp(-1, 1)


def stage_numbers(reading, other):
    """What lies near what, in four numbers for each layer; one for each stage of van Aken et al. (2019).

    reading: `passages.Reading` of a passage
    other:   `passages.Reading` of the same text with another question of as many tokens
    returns: dictionary of name -> (layers + 1,) float32:
        "same word":     of the words that occur more than once, the share whose nearest neighbour is the same word
        "same sentence": how much more similar two tokens of one sentence are than two of different ones
        "question":      how much the needed sentences change when the other question is asked (`change_by_question`)
        "answer":        how far the answer lies from the rest of the text (`distance_of_answer`)
    """
    return {
        "same word": same_word_share(reading),
        "same sentence": sentence_contrast(reading),
        "question": change_by_question(reading, other),
        "answer": distance_of_answer(reading),
    }


def same_word_share(reading):
    """Of the tokens that occur more than once, the share whose nearest neighbour is the same token: (layers + 1,).

    Nearest by `similarities`; [CLS] and [SEP] are left out.
    """
    places = reading.places("question", "support", "answer", "context")
    ids = reading.encoding.ids[places]
    equal = (ids[:, None] == ids) & ~torch.eye(len(ids), dtype=torch.bool)  # (tokens, tokens)
    alike = similarities(reading.output.hidden_states)[:, places][:, :, places]
    nearest = (alike - 3 * torch.eye(len(ids))).argmax(dim=-1)  # (layers + 1, tokens), never oneself
    found = equal.expand_as(alike).gather(-1, nearest[..., None])[..., 0]
    return found[:, equal.any(dim=1)].float().mean(dim=1)


def sentence_contrast(reading):
    """Mean similarity of two tokens of one sentence, less that of two of different sentences: (layers + 1,)."""
    numbers = torch.tensor(passages.sentence_numbers(reading.encoding))
    inside = numbers >= 0
    pairs = (inside[:, None] & inside).triu(diagonal=1)
    together = pairs & (numbers[:, None] == numbers)
    alike = similarities(reading.output.hidden_states)
    return alike[:, together].mean(dim=1) - alike[:, pairs & ~together].mean(dim=1)


def change_by_question(reading, other, roles=("support", "answer")):
    """How much the text's hidden states turn when another question is asked, one minus cosine: (layers + 1,) in [0, 2].

    The mean over the tokens with these roles in `reading`; the text's mean is subtracted first, as in `similarities`.

    raises: ValueError if the questions have not as many tokens, which would move every position
    """
    if len(reading.roles) != len(other.roles):
        counts = f"{len(reading.roles)} and {len(other.roles)}"
        raise ValueError(f"both questions must have as many tokens, got readings of {counts} tokens")
    text = reading.places("support", "answer", "context")
    first, second = (_centred(each.output.hidden_states[:, text]) for each in (reading, other))
    turned = 1 - functional.cosine_similarity(first, second, dim=-1)  # (layers + 1, tokens of the text)
    asked = [place in set(reading.places(*roles)) for place in text]
    return turned[:, torch.tensor(asked)].mean(dim=1)


def distance_of_answer(reading):
    """From the middle of the answer's tokens to that of the text's others, in units of these others' spread.

    The spread is the root of their mean squared distance from their middle.

    returns: (layers + 1,) >= 0
    """
    states = reading.output.hidden_states
    answer, rest = states[:, reading.places("answer")], states[:, reading.places("support", "context")]
    spread = _centred(rest).square().sum(dim=-1).mean(dim=-1).sqrt()
    return (answer.mean(dim=1) - rest.mean(dim=1)).norm(dim=-1) / spread


def _centred(states):
    return states - states.mean(dim=-2, keepdim=True)
