"""The questions of 10_embedding_distance. Those on what this model does are measured in the solved notebook.

The noise of each measurement is several times the largest change seen on one and on two threads and in float64, which
is below 1e-5 of any of these numbers.
"""

import numpy as np

from answers.bank import Choice, Evidence, Question, above, below
from helpers.embedding_distance import cosine_distances, pairs_of

FRUIT_2, FRUIT_3, FRUIT_5 = 1, 2, 4
NOISE = 1e-4


def _between(run):
    """Which of the pairs are of a fruit and a company: (10, 10) boolean."""
    return pairs_of(run["sentences"].groups)[1]


def _disagreement(run):
    """By how much, at the last layer, fruit 5 is nearer to fruit 3 than fruit 2 by distance, but less so by cosine."""
    euclidean, cosine = run["euclidean_by_layer"][-1][FRUIT_3], run["cosine_by_layer"][-1][FRUIT_3]
    return float(min(euclidean[FRUIT_2] - euclidean[FRUIT_5], cosine[FRUIT_2] - cosine[FRUIT_5]))


MEASURES = Question(
    name="Q28",
    points=0.4,
    text="What do the two measures say? Choose ALL correct statements.",
    choices=(
        Choice(
            "At every layer the diagonal of the Euclidean matrix is 0, that of the cosine similarities is 1, and that "
            "of the cosine distances 0.",
            True,
            "a vector has no distance from itself and no angle with itself, and the cosine distance is 1 minus the "
            "similarity",
        ),
        Choice(
            "At layer 4 the similarities between fruit and company are negative.",
            lambda run: below(run["cosine_by_layer"][4][_between(run)].max(), 0, NOISE),
            "all numbers of the matrix at layer 4 are above 0.7; it is the same word everywhere",
        ),
        Choice(
            "If all embeddings are multiplied by 2, all Euclidean distances double, and no cosine similarity changes.",
            True,
            "an angle does not depend on lengths, a distance does",
        ),
        Choice(
            "At the last layer, fruit 5 is nearer to fruit 3 than fruit 2 is by the Euclidean distance, while by the "
            "cosine fruit 2 is nearer.",
            lambda run: above(_disagreement(run), 0, NOISE),
            "the vectors of fruit 3 and fruit 5 are both short, which brings them near to each other although the "
            "angle between them is larger; read both rows at the last layer",
        ),
    ),
)


def _least_gap(run, layer):
    """By how much, at least, a text's nearest neighbour of its own group is nearer than that of the other (cosine)."""
    distances = cosine_distances(run["cosine_by_layer"][layer])
    within, between = (np.where(pairs, distances, np.inf).min(axis=1) for pairs in pairs_of(run["sentences"].groups))
    return float((between - within).min())


def _ratios(run):
    """Mean Euclidean distance between the groups, divided by that within, at each layer."""
    within, between = (run["euclidean_by_layer"][:, pairs].mean(axis=1) for pairs in pairs_of(run["sentences"].groups))
    return between / within


def _nearest_fruits(run):
    """At layer 0, the distance of fruit 2 and fruit 3, and the least of the other pairs of fruits."""
    fruits = run["euclidean_by_layer"][0][:5, :5]
    others = np.triu(np.ones((5, 5), dtype=bool), k=1)
    others[FRUIT_2, FRUIT_3] = False
    return fruits[FRUIT_2, FRUIT_3], fruits[others].min()


LAYERS = Question(
    name="Q29",
    points=0.4,
    text="How do the two meanings come apart? Choose ALL correct statements.",
    choices=(
        Choice(
            "At layer 0, of all pairs of fruits the nearest (by the Euclidean distance) is fruit 2 and fruit 3: their "
            "places, 4 and 5, are neighbours, and neighbouring positions have similar vectors.",
            lambda run: below(*_nearest_fruits(run), NOISE),
            "the matrix of layer 0 has 1.7 for this pair and at least 2.6 for the others, and nothing but the position "
            "differs there",
        ),
        Choice(
            "At layer 0 the mean distance within the groups is already smaller than that between them.",
            lambda run: above(_ratios(run)[0], 1, NOISE),
            "each sentence has a twin at distance 0 in the other group, so the mean between the groups is the smaller "
            "one; both curves stand in the figure",
        ),
        Choice(
            "From layer 1 on, at every layer, the nearest neighbour of each of the ten sentences (by cosine distance) "
            "has the same meaning.",
            lambda run: above(min(_least_gap(run, layer) for layer in range(1, len(run["embeddings"]))), 0, NOISE),
            "the curve of the nearest neighbour is at ten from layer 1 to the last",
        ),
        Choice(
            "The mean Euclidean distance between the groups, divided by that within them, is largest at the last "
            "layer.",
            lambda run: above(_ratios(run)[-1], _ratios(run)[:-1].max(), NOISE),
            "at the last layer the curve within the groups rises more than that between them; read both off the figure",
        ),
    ),
)


def _leaning(run, text):
    """How much nearer a sentence is to the company, from -1 to 1, at each layer from 1 on."""
    return run["leanings"][1:, run["own_texts"].index(text)]


def _first_two(run) -> Evidence:
    fruit, company = _leaning(run, "I ate my apple."), _leaning(run, "She works at Apple.")
    return above(min(-fruit.max(), company.min()), 0, NOISE)


OWN = Question(
    name="Q30",
    points=0.4,
    text="What does all-MiniLM-L6-v2, the model of the figure above, go by? Choose ALL correct statements.",
    choices=(
        Choice(
            "It tells fruit and company apart because *apple* and *Apple* are different tokens.",
            False,
            "this model does not distinguish upper and lower case: the table of section 1 shows the same token "
            "everywhere, and at layer 0 the same vector",
        ),
        Choice(
            "At every layer from 1 on, the word is nearer to the fruit in “I ate my apple.” and nearer to the company "
            "in “She works at Apple.”",
            _first_two,
            "the figure of section 5 shows both lines, one on either side",
        ),
        Choice(
            "At the last layer, the word in “Steve Jobs ate an apple.” is nearer to the fruit.",
            lambda run: below(_leaning(run, "Steve Jobs ate an apple.")[-1], 0, NOISE),
            "the figure of section 5 shows its line on the side of the company: the name outweighs the eating",
        ),
        Choice(
            "Ten of ten does not prove that the model knows what a fruit is: sorting by which other words stand in the "
            "sentence would do as well here.",
            True,
            "in our ten sentences the other words betray the meaning; those of section 5 show what happens where they "
            "mislead",
        ),
    ),
)

QUESTIONS = [MEASURES, LAYERS, OWN]
