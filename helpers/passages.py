"""Passages with a question and its answer: the role of every token in them, and whether a model is right about them.

They are our own texts, in data/passages.json. Each comes with variations, of the question or of the text, that a
model which answers for the right reason must follow.
"""

import dataclasses
import json
import re
from dataclasses import dataclass
from pathlib import Path

from helpers import bert

FILE = Path(__file__).resolve().parent.parent / "data" / "passages.json"
ROLES = ("question", "support", "answer", "context", "special")
OPENING = re.compile(r"^((a|an|the|in|on|when|because|so that|to) )+")


@dataclass(frozen=True)
class Variation:
    """The same text asked another question, or a changed text asked the same: what changed, and what is right now."""

    change: str
    question: str
    context: str
    answer: str


@dataclass(frozen=True)
class Passage:
    """A question about a text.

    question, context: the two texts that a model reads
    answer:     a piece of the context
    support:    the sentences of the context that one needs for the answer
    key:        words of the context that are worth a look beside those of the question and the answer
    twin:       another question about it, of as many tokens
    variations: tuple of `Variation`
    """

    name: str
    question: str
    context: str
    answer: str
    support: tuple
    key: tuple
    twin: str
    variations: tuple


@dataclass(frozen=True)
class Reading:
    """What a model makes of a question and a context.

    encoding: `bert.Encoding`; output: `bert.Output`, on the CPU; answer: `bert.Answer`, the model's own
    roles:    one of `ROLES` for each token; support are the tokens of the needed sentences but for the answer,
              context is the rest of the text, special are [CLS] and [SEP]
    """

    encoding: bert.Encoding
    output: bert.Output
    answer: bert.Answer
    roles: tuple

    def places(self, *roles):
        """The tokens in any of these roles, as a list of their places."""
        return [place for place, role in enumerate(self.roles) if role in roles]

    def by(self, model):
        """The same tokens, with the same roles and answer, but with what another model makes of them.

        raises: ValueError if that model reads the two texts as other tokens
        """
        encoding = bert.encode(model, *self.encoding.texts)
        if encoding.tokens != self.encoding.tokens:
            raise ValueError(f"{model.name} reads the texts as other tokens; it needs the same vocabulary")
        return dataclasses.replace(self, output=_read(model, encoding))


def load_passages():
    """The passages of data/passages.json: a dictionary of name -> `Passage`."""
    return {entry["name"]: _passage(entry) for entry in json.loads(FILE.read_text(encoding="utf-8"))}


def _passage(entry):
    context = " ".join(entry["sentences"])
    variations = tuple(_variation(each, entry) for each in entry["variations"])
    support = tuple(entry["sentences"][number] for number in entry["support"])
    question, answer, key, twin = entry["question"], entry["answer"], tuple(entry["key"]), entry["twin"]
    return Passage(entry["name"], question, context, answer, support, key, twin, variations)


def _variation(changed, entry):
    context = " ".join(changed.get("sentences", entry["sentences"]))
    if "exchange" in changed:
        context = exchanged(context, *changed["exchange"])
    return Variation(changed["change"], changed.get("question", entry["question"]), context, changed["answer"])


def exchanged(text, first, second):
    """The text with two of its expressions in each other's places; ValueError where one of them is not there."""
    for each in (first, second):
        if each not in text:
            raise ValueError(f"{each!r} is not in the text {text!r}")
    other = {first: second, second: first}
    return re.sub("|".join(map(re.escape, other)), lambda at: other[at[0]], text)


def read_passage(model, passage, question=None):
    """Let a model for questions read a passage: `Reading`.

    question: another question than the passage's own. What is right is then unknown: the tokens of the model's own
              answer have the role answer, and the sentence around it is the support.
    raises:   ValueError for an empty question, one that is too long, or a model without a head for questions
    """
    encoding = bert.encode(model, question or passage.question, passage.context)
    output = _read(model, encoding)
    answer = bert.best_answer(encoding, output)
    if question in (None, passage.question):
        marked, support = tokens_of(encoding, passage.answer, within=passage.support), passage.support
    else:
        marked = range(answer.first, answer.last + 1)
        support = [each for each in sentences(passage.context) if set(marked) & set(tokens_of(encoding, each))]
    return Reading(encoding, output, answer, _roles(encoding, marked, support))


def _read(model, encoding):
    """The `bert.Output` on the CPU."""
    output = bert.read(model, encoding)
    return bert.Output(*(None if part is None else part.cpu() for part in vars(output).values()))


def _roles(encoding, marked, support):
    needed = {place for each in support for place in tokens_of(encoding, each)}
    roles = []
    for place, part in enumerate(encoding.parts):
        if part is None:
            roles.append("special")
        elif part == 0:
            roles.append("question")
        else:
            roles.append("answer" if place in marked else "support" if place in needed else "context")
    return tuple(roles)


def sentences(text):
    """The sentences of a text, each with its full stop."""
    return re.split(r"(?<=[.!?]) +", text.strip())


def tokens_of(encoding, piece, within=()):
    """The places of the tokens of a piece of the second text.

    within: sentences of that text; the piece is looked for in the last of them that has it, else in the whole text
    raises: ValueError if the piece is not there
    """
    context = encoding.texts[1]
    around = next((each for each in reversed(within) if piece in each), context)
    if piece not in context:
        raise ValueError(f"{piece!r} is not in the text {context!r}")
    begin = context.index(around) + around.index(piece)
    inside = range(begin, begin + len(piece))
    spans = enumerate(zip(encoding.parts, encoding.offsets, strict=True))
    return [place for place, (part, (first, _)) in spans if part == 1 and first in inside]


def sentence_numbers(encoding):
    """For each token the number of its sentence within the second text; -1 for the question, [CLS] and [SEP]."""
    numbers = [-1] * len(encoding.tokens)
    begin, pieces = 0, sentences(encoding.texts[1])
    for number, piece in enumerate(pieces):
        begin = encoding.texts[1].index(piece, begin)
        for place, (part, (first, _)) in enumerate(zip(encoding.parts, encoding.offsets, strict=True)):
            if part == 1 and begin <= first < begin + len(piece):
                numbers[place] = number
        begin += len(piece)
    return tuple(numbers)


def is_right(said, expected):
    """Whether two answers are the same but for capitals, punctuation around them and small words before them."""
    return _bare(said) == _bare(expected)


def _bare(text):
    return OPENING.sub("", text.lower().strip(" .,;:!?\"'()"))
