"""Tables of the notebook on embedding distances, as text that reads in a notebook and in a terminal."""

import numpy as np

from helpers import bert
from helpers.embedding_distance import word_places
from helpers.tables import print_table

SQRT2 = 2**0.5
# name -> two vectors, their Euclidean distance, their cosine similarity
TRIALS = {
    "(3, 0) and (0, 4)": ([3, 0], [0, 4], 5, 0),
    "(1, 1) and (2, 2)": ([1, 1], [2, 2], SQRT2, 1),
    "(1, 0) and (-1, 0)": ([1, 0], [-1, 0], 2, -1),
    "(1, 2) and itself": ([1, 2], [1, 2], 0, 1),
    "(0, 0) and (3, 4)": ([0, 0], [3, 4], 5, 0),
    "(3e25, 0) and (0, 4e25)": ([3e25, 0], [0, 4e25], 5e25, 0),
    "(1e-25, 0) and (1e-25, 1e-25)": ([1e-25, 0], [1e-25, 1e-25], 1e-25, 0.5 * SQRT2),
}


def print_sentences(model, sentences, before=""):
    """The sentences, with the number and the tokens of the word in each.

    sentences: `helpers.embedding_distance.Sentences`; before: see `helpers.embedding_distance.prefix`
    """
    print(f"{'':<10} {'place':>5}  {'token':<7} sentence")  # which stands last: who knows how wide its characters are
    for label, text in zip(sentences.labels, sentences.texts, strict=True):
        encoding = bert.encode(model, before + text)
        places = word_places(encoding, sentences.word)
        spelled = " ".join(encoding.tokens[place] for place in places)
        print(f"{label:<10} {' '.join(map(str, places)):>5}  {spelled:<7} {text}")


def print_trials(euclidean_distance, cosine_similarity):
    """What a student's two functions return for float32 vectors whose distances one knows, beside what they should."""
    rows = []
    for name, (a, b, *expected) in TRIALS.items():
        row = [name]
        for function, value in zip((euclidean_distance, cosine_similarity), expected, strict=True):
            found = function(np.array(a, dtype=np.float32), np.array(b, dtype=np.float32))
            row += ["-" if found is None else f"{float(found):.4g}", f"{value:.4g}"]
        rows.append(row)
    print_table(["euclidean", "should be", "cosine", "should be"], rows)


def print_lengths(embeddings, sentences, layers):
    """The Euclidean length of each embedding at some layers; those that the model does not have are left out.

    embeddings: (layers + 1, N, dim); sentences: the same N; layers: numbers
    """
    rows = [[f"layer {layer}", *(f"{length:.1f}" for length in embeddings[layer].norm(dim=1).tolist())]
            for layer in layers if layer < len(embeddings)]  # fmt: skip
    print_table(sentences.labels, rows)
