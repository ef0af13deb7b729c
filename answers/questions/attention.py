"""The questions of 08_attention. Those on what this model does are measured in the solved notebook.

The noise of each measurement is many times the largest change that two threads or float64 make, which is below 1e-4.
"""

from answers.bank import Choice, Question, above, below
from helpers import masked_words
from helpers.attention_patterns import CLEAR, SENTENCES, state_distances

START, SEPARATOR = "start [CLS]", "separator [SEP]"


def _best(run, pattern):
    """The highest score of any head."""
    return float(run["scores"][pattern].max())


def _heads(run, pattern):
    """How many heads keep to a pattern."""
    return int((run["scores"][pattern] >= CLEAR).sum())


def _lead_of_first_layer(run):
    """By how much the first layer's mean score for "broad" is above that of any other layer."""
    means = run["scores"]["broad"].mean(dim=1)
    return float(means[0] - means[1:].max())


WEIGHTS = Question(
    name="Q21",
    points=0.4,
    text="What are attention weights? Choose ALL correct statements.",
    choices=(
        Choice(
            "However a head is trained, each token spends all of its attention: what it does not give to one token it "
            "gives to others.",
            True,
            "the softmax makes every row add up to one",
        ),
        Choice(
            "A token looks at another as much as the other looks back, because a dot product does not depend on the "
            "order of its factors.",
            False,
            "one side is a query and the other a key, made by different matrices, and every row is divided by a sum of "
            "its own",
        ),
        Choice(
            "Without the division by $\\sqrt d$, the largest weight of a row is on average more than 0.1 larger.",
            lambda run: above(run["largest"]["not divided"] - run["largest"]["divided"], 0.1, noise=0.002),
            "larger scores make the softmax more extreme; the two means are printed in section 1",
        ),
        Choice(
            "What a token receives from all tokens together is 1 too.",
            False,
            "only rows are normalised; the column of [CLS] adds up to several",
        ),
        Choice(
            "In BERT, a token can look only at tokens that stand before it.",
            False,
            "BERT reads in both directions; some heads look at the next token nearly always",
        ),
    ),
)

HEADS = Question(
    name="Q22",
    points=0.4,
    text="What do the heads of this model look at, by the scores of section 3? Choose ALL correct statements.",
    choices=(
        Choice(
            "Some head gives the token before more than nine tenths of a word's attention on average.",
            lambda run: above(_best(run, "previous token"), 0.9, noise=0.005),
            "the table of scores names the best head for the previous token, with a score of nearly 1",
        ),
        Choice(
            "More heads keep to the previous token than to the start [CLS].",
            lambda run: above(_heads(run, "previous token"), _heads(run, START), noise=1),
            "the legend of the coloured map counts the heads of each pattern, and [CLS] has by far the most",
        ),
        Choice(
            "No head keeps to the separator [SEP].",
            lambda run: below(_best(run, SEPARATOR), CLEAR, noise=0.01),
            "the highest score for [SEP] is far below one half; this model rests on [CLS] instead",
        ),
        Choice(
            "On average over its heads, the first layer looks more broadly than any other layer.",
            lambda run: above(_lead_of_first_layer(run), 0, noise=0.01),
            "in the map for broad, the row of layer 1 is the darkest",
        ),
        Choice(
            "A head can score 0.6 for the previous token and 0.6 for the next token at the same time.",
            False,
            "the two shares belong to the same rows, nearly, and a row adds up to 1",
        ),
    ),
)


def _moved(run):
    return masked_words.moved_states(run["example"])  # (layers + 1, tokens)


def _others(run, layer):
    """How far the states of all tokens but the hidden one have moved after a layer."""
    moved = _moved(run)[layer]
    return moved[[place for place in range(len(moved)) if place != run["example"].place]]


MASKS = Question(
    name="Q23",
    points=0.4,
    text="What happens when a word is hidden? Choose ALL correct statements.",
    choices=(
        Choice(
            "Before the first layer, the hidden state has changed at the hidden word only.",
            lambda run: below(_others(run, 0).max(), 0.01, noise=0.0005),
            "an embedding knows its own token and its position, nothing else; row 0 of the first figure",
        ),
        Choice(
            "After the last layer, the hidden state of every token has moved by more than 5 % of its length.",
            lambda run: above(_moved(run)[-1].min(), 0.05, noise=0.005),
            "through attention the change spreads to all tokens; the last row of the first figure",
        ),
        Choice(
            "After the third layer, [CLS] has moved by less than 5 % of its length.",
            lambda run: below(_moved(run)[3, 0], 0.05, noise=0.002),
            "in the first layers [CLS] looks at hardly anything but itself, so it learns nothing of the change",
        ),
        Choice(
            "In each of the six examples the hidden word is the model's first guess.",
            lambda run: below(max(each.original.rank for each in run["examples"]), 1.5, noise=0.1),
            "in one of them it is far from the first; the ranks stand beside the bars",
        ),
        Choice(
            "On sentences that it has not seen, the first guess of this model is the hidden word more often than not.",
            lambda run: above(masked_words.quality()["word_first"], 0.5, noise=0.01),
            "the share that is printed below the examples is well under one half",
        ),
    ),
)


def _lead_of_start(run):
    """By how much [MASK] looks more at [CLS] than at any other token, least over the examples."""
    received = [masked_words.received_attention(each) for each in run["examples"]]
    return min(float(values[0] - values[1:].max()) for values in received)


def _start_differs(run, layer):
    """How much the hidden state of [CLS] differs between the sentences."""
    return float(state_distances(run["model"], SENTENCES, 0)[layer])


EXPLANATION = Question(
    name="Q24",
    points=0.4,
    text="Is attention an explanation of the guess? Choose ALL correct statements.",
    choices=(
        Choice(
            "Averaged over all heads, in each of the six examples [MASK] looks at [CLS] more than at any other token.",
            lambda run: above(_lead_of_start(run), 0, noise=0.01),
            "the table names what [MASK] looks at most, and it is [CLS] every time",
        ),
        Choice(
            "So the guess is made mostly of what [CLS] knows about the sentence.",
            False,
            "through most layers the vector of [CLS] is nearly the same in every sentence, so it knows nothing of this "
            "one",
        ),
        Choice(
            "After the second layer, the hidden state of [CLS] differs between two sentences by less than a tenth of "
            "its length, on average.",
            lambda run: below(_start_differs(run, 2), 0.1, noise=0.003),
            "the first row of the table on the ten sentences",
        ),
        Choice(
            "A head that has nothing to do in a sentence must look somewhere all the same; a token that is always "
            "there and tells nothing is a place for that.",
            True,
            "rows add up to one, so doing nothing has to look like something",
        ),
        Choice(
            "Attention says which tokens a head takes from. What the guess depends on is another question, and one way "
            "to answer it is to change the input and to look at what happens.",
            True,
            "weights are shares, not effects: they say neither what is taken, nor whether later layers use it",
        ),
    ),
)

QUESTIONS = [WEIGHTS, HEADS, MASKS, EXPLANATION]
