"""The questions of 09_embedding_layers. Those on what this model does are measured in the solved notebook.

The noise of each measurement is many times the largest change seen on one and on two threads, in float64, and with
another implementation of attention, all of which are below 0.0001.
"""

from answers.bank import Choice, Question, above
from helpers.embedding_layers import kept_share, project, share_of_logits
from helpers.passages import is_right

NAMES = ("date", "prose", "deduction")


def _least(measure):
    """The least value of a measure, a function of a passage's name, over the three passages."""
    return min(float(measure(name)) for name in NAMES)


def _kept(run, name):
    """Share of the variance in the picture of each layer of one passage."""
    return kept_share(run["readings"][name].output.hidden_states)


def _read_off(run, name):
    """How much of the logits for start and end the picture of each layer holds: (layers + 1, 2)."""
    output = run["readings"][name].output
    return share_of_logits(project(output.hidden_states), output.logits)


def _number(run, name, kind):
    """One of the numbers of section 5 for one passage, a tensor over the layers."""
    return run["numbers"][name][kind]


def _rise(values, layer):
    """How much of the way from its value at layer 0 to its largest a number has gone at one layer."""
    return (values[layer] - values[0]) / (values.max() - values[0])


PICTURES = Question(
    name="Q25",
    points=0.4,
    text="What may one read from these pictures? Choose ALL correct statements.",
    choices=(
        Choice(
            "Mirrored, left and right exchanged, a picture says the same as before.",
            True,
            "a direction and its opposite are equally good principal components; distances stay as they are",
        ),
        Choice(
            "Two tokens at the same place of a picture have the same hidden state at that layer.",
            False,
            "they agree in two of 384 directions; in the others they may be far apart",
        ),
        Choice(
            "In the pictures of layer 6 one can see where the answer begins and where it ends: in all three passages "
            "they hold more than nine tenths of what each of the two logits says.",
            lambda run: above(_least(lambda name: _read_off(run, name)[-1].min()), 0.9, noise=0.002),
            "the table before this question: of the last layer the plane shows what start and end are read from",
        ),
        Choice(
            "In all three passages the picture of the embeddings shows more than half of the variance.",
            lambda run: above(_least(lambda name: _kept(run, name)[0]), 0.5, noise=0.002),
            "the share stands above each picture; words alone differ in many directions, not in two",
        ),
    ),
)

STAGES = Question(
    name="Q26",
    points=0.4,
    text="In which order do the stages (meaning, relations, question, answer) come in this model? "
    "Choose ALL correct statements.",
    choices=(
        Choice(
            "Meaning is there from the beginning: in all three passages, up to layer 2, nearly every word that occurs "
            "more than once (more than 90 % of them) has the same word as its nearest neighbour.",
            lambda run: above(_least(lambda name: _number(run, name, "same word")[:3].min()), 0.9, noise=0.005),
            "the first panel of section 5: in the embeddings a token is its word and its position, nothing else",
        ),
        Choice(
            "The answer parts from the rest first, and the question reaches the text afterwards: in all three passages "
            "the fourth number has gone more of the way to its largest value by layer 4 than the third.",
            lambda run: above(_least(lambda name: _ahead(run, name, "answer", "question")), 0, noise=0.005),
            "it is the other way round, as it must be: before the question has come, nothing can tell which words "
            "are the answer",
        ),
        Choice(
            "Relations come before the answer: in all three passages tokens of one sentence stand out from others more "
            "at layer 4 than at layer 6.",
            lambda run: above(_least(lambda name: _fall(run, name)), 0, noise=0.001),
            "the second panel of section 5 has its peak in the middle and falls while the answer parts from the rest",
        ),
        Choice(
            "The answer comes last: in all three passages it is farthest from the rest of the text, in units of its "
            "spread, at layer 6.",
            lambda run: above(_least(lambda name: _lead_of_last(_number(run, name, "answer"))), 0, noise=0.005),
            "the fourth panel of section 5; in the pictures of layer 6 the stars lie apart from most other tokens",
        ),
    ),
)


def _ahead(run, name, first, second):
    """How much further on its way to its largest value the first number is at layer 4 than the second."""
    return _rise(_number(run, name, first), 4) - _rise(_number(run, name, second), 4)


def _fall(run, name):
    """How much larger the contrast between sentences is at layer 4 than at layer 6."""
    contrast = _number(run, name, "same sentence")
    return contrast[4] - contrast[6]


def _lead_of_last(values):
    return values[-1] - values[:-1].max()


ANSWER = Question(
    name="Q27",
    points=0.4,
    text="How does the answer come about, and for which reason? Choose ALL correct statements.",
    choices=(
        Choice(
            "What is asked reaches the text late: at layer 2 another question has changed the needed sentences, in all "
            "three passages, by less than a quarter of the largest change over the layers.",
            lambda run: above(_least(lambda name: -_rise(_number(run, name, "question"), 2)), -0.25, noise=0.005),
            "the third panel of section 5 is nearly zero at layers 1 and 2 and rises in the middle",
        ),
        Choice(
            "The encoder that has not learned to answer parts the answer from the rest just as far: at the last layer "
            "its fourth number is, in all three passages, at least as large as our model's.",
            lambda run: above(_least(lambda name: -_gain(run, name)), 0, noise=0.005),
            "the dashed lines of the fourth panel end far below the others: this stage was learned with the task",
        ),
        Choice(
            "If p is near one, the text does answer the question.",
            False,
            "p compares the spans of this text with each other; it cannot say whether any of them is an answer",
        ),
        Choice(
            "In the third passage the place is not just any place to the model: asked for the map, and with lamp and "
            "map or mill and bridge exchanged, it names the right one.",
            lambda run: above(_followed(run, "deduction", "the map?", "exchanged"), 0, noise=0.1),
            "these rows of the table on the third passage say yes",
        ),
    ),
)


def _gain(run, name):
    """How much farther the answer is from the rest at the last layer than in the encoder that learned nothing."""
    return _number(run, name, "answer")[-1] - run["before"][name]["answer"][-1]


def _followed(run, name, *told):
    """A half if the model is right about all variations that these words are in, else minus how often it is wrong."""
    chosen = [(each, said) for each, said in run["varied"][name] if any(word in str(each) for word in told)]
    wrong = sum(not is_right(said.text, each.answer) for each, said in chosen)
    return -wrong if wrong else 0.5


QUESTIONS = [PICTURES, STAGES, ANSWER]
