"""What 09_embedding_layers hands in, and the checks against the grader's own reading of the three passages."""

from functools import lru_cache, partial

import torch

from answers.bank import Part, Record, percent
from helpers import bert, passages
from helpers.embedding_layers import project

LAYERS = 6
TOKENS = {"date": 64, "prose": 53, "deduction": 36}  # of each passage with its question, [CLS] and [SEP]
# As a share of a component's norm: precision, threads and the way to the principal components move it by less than
# 0.1 %, the nearest mistake by 20 % and more.
TOLERANCE = 0.02
HINT = (
    "Did you take the hidden states of question and text together, subtract their mean over the tokens, and multiply "
    "by the first two right singular vectors of what is left?"
)
SPAN_HINT = (
    "The best span has the largest sum of the start logit of its first token and the end logit of its last; it lies in "
    "the text, and tokens are counted from [CLS], which is 0."
)


def reference_model():
    """A new copy of the notebook's model, on the CPU."""
    return bert.load_model(bert.OWN, task="questions", device="cpu")


@lru_cache(maxsize=2)
def reference(model):
    """Of each passage its coordinates (layers + 1, tokens, 2) and its span, as `bert.Answer`."""
    readings = {name: passages.read_passage(model, text) for name, text in passages.load_passages().items()}
    return {name: (project(reading.output.hidden_states), reading.answer) for name, reading in readings.items()}


def check_reduced(records, model, name):
    """One part for each layer: both components are the reference's up to sign and `TOLERANCE` of their norm."""
    values = torch.as_tensor(records[f"reduced_{name}"]).double()  # in which sums of float32 cannot overflow
    distances = component_distances(values, reference(model)[name][0].double())
    return [_layer_part(name, layer, *pair) for layer, pair in enumerate(distances.tolist())]


def component_distances(values, references):
    """Distance of each component from the reference or its opposite, as a share of the norm: (layers, tokens, 2) each.

    returns: (layers, 2), NaN where the values are
    """
    distances = [(values - sign * references).norm(dim=1) for sign in (1, -1)]  # each (layers, 2)
    return torch.minimum(*distances) / references.norm(dim=1)


def _layer_part(name, layer, first, second):
    subject = f"Layer {layer} of the passage {name}"
    if first <= TOLERANCE and second <= TOLERANCE:  # not true of NaN
        return Part(1, f"{subject} is the reference, up to sign.")
    which, distance = ("second", second) if first <= TOLERANCE else ("first", first)
    return Part(
        0, f"{subject}: the {which} component differs from the reference by {percent(distance)} of its norm.", HINT
    )


def check_spans(records, model):
    """One part for each passage: the first and the last token of the model's answer."""
    spans = zip(reference(model).items(), records["spans"].tolist(), strict=True)
    return [_span_part(name, answer, *span) for (name, (_, answer)), span in spans]


def _span_part(name, answer, first, last):
    if (first, last) == (answer.first, answer.last):
        return Part(1, f"The span of the passage {name} is the model's answer.")
    return Part(
        0, f"The span {first} to {last} of the passage {name} is not the one with the highest score.", SPAN_HINT
    )


RECORDS = [
    Record(
        name="spans",
        shape=(len(TOKENS), 2),
        dtype="int64",
        description="first and last token of the best span of the three passages",
        low=0,
        points=0.5,
        check=check_spans,
    ),
    *(
        Record(
            name=f"reduced_{name}",
            shape=(LAYERS + 1, tokens, 2),
            dtype="float32",
            description=f"the first two principal components of the passage {name} at each layer, 0 to {LAYERS}",
            points=0.5,
            check=partial(check_reduced, name=name),
        )
        for name, tokens in TOKENS.items()
    ),
]
