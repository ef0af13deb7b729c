"""Masked words: what a BERT guesses for a hidden word, and which tokens that guess depends on."""

import json
from dataclasses import dataclass

import torch

from helpers import bert
from helpers.bert_models import READER
from helpers.tables import print_table


@dataclass(frozen=True)
class MaskedWord:
    """A sentence before and after one of its words was hidden behind [MASK].

    encoding, hidden:   `bert.Encoding` of the sentence, and with the word hidden
    place:              number of the token that is hidden
    before, after:      `bert.Output` of both
    guesses:            the model's guesses for the hidden word, the most probable first
    original:           what the model thinks of the word that stood there
    """

    encoding: bert.Encoding
    hidden: bert.Encoding
    place: int
    before: bert.Output
    after: bert.Output
    guesses: list
    original: bert.Guess

    @property
    def word(self):
        """The hidden word as it was written."""
        return self.encoding.spelled(self.place)

    @property
    def text(self):
        """The sentence with [MASK] in it."""
        first, last = self.encoding.offsets[self.place]
        return f"{self.encoding.texts[0][:first]}[MASK]{self.encoding.texts[0][last:]}"


def mask_word(model, sentence, word, count=5):
    """Hide a word of a sentence and let the model guess it.

    model:   a `bert.Bert` with task "words"
    word:    as it stands in the sentence, in upper or lower case; the first one if it stands there twice
    count:   how many guesses
    returns: `MaskedWord`
    raises:  ValueError if the word is not in the sentence, or is of several tokens, which no single guess can fill
    """
    encoding = bert.encode(model, sentence)
    (place,) = _only_token(encoding, word)
    hidden = bert.hide(model, encoding, encoding.words[place])
    before, after = bert.read(model, encoding), bert.read(model, hidden)
    original = bert.rated(model, after, place, encoding.ids[place])
    return MaskedWord(encoding, hidden, place, before, after, bert.guesses(model, after, place, count), original)


def _only_token(encoding, word):
    numbers = dict.fromkeys(number for number in encoding.words if number is not None)
    spelled = {number: encoding.spelled(places[0], places[-1]) for number in numbers
               for places in [encoding.places(number)]}  # fmt: skip
    found = [number for number, text in spelled.items() if text.casefold() == word.casefold()]
    if not found:
        raise ValueError(f"there is no word {word!r}; hide one of {', '.join(spelled.values())}")
    places = encoding.places(found[0])
    if len(places) > 1:
        pieces = " ".join(encoding.tokens[place] for place in places)
        raise ValueError(f"{word!r} is {len(places)} tokens, {pieces}; hide a word that is one token")
    return places


def received_attention(masked):
    """How much [MASK] looks at each token: (tokens,) float32, the mean over all heads of all layers; sums to one."""
    return masked.after.attentions[:, :, masked.place].mean(dim=(0, 1)).cpu()


@torch.no_grad()
def influences(model, masked, batch_size=32):
    """How much each other word matters for the hidden one.

    returns: (tokens,) float32: by how much the logarithm of the hidden word's probability falls if this token is
             hidden as well; negative where it rises; NaN for [CLS], [SEP] and the hidden word itself
    """
    places = [place for place, word in enumerate(masked.encoding.words) if word is not None and place != masked.place]
    ids = masked.hidden.ids.repeat(len(places), 1)  # (places, tokens), a row for each other word
    ids[range(len(places)), places] = model.tokenizer.mask_token_id
    logs = [_log_probability(model, masked, rows) for rows in (masked.hidden.ids[None], *ids.split(batch_size))]
    falls = torch.full((len(masked.hidden.ids),), torch.nan)
    falls[places] = (logs[0] - torch.cat(logs[1:])).float()
    return falls


def _log_probability(model, masked, ids):
    """Of the hidden word, in each row (rows, tokens) of token ids; on the CPU."""
    types = masked.hidden.types.expand_as(ids)
    logits = model.network(input_ids=ids.to(model.device), token_type_ids=types.to(model.device)).logits
    return logits[:, masked.place].log_softmax(dim=-1)[:, masked.encoding.ids[masked.place]].cpu()


def moved_states(masked):
    """How far hiding the word moves each hidden state: (layers + 1, tokens) float32, relative to the state's norm."""
    before, after = masked.before.hidden_states, masked.after.hidden_states  # (layers + 1, tokens, dim)
    return ((after - before).norm(dim=-1) / before.norm(dim=-1)).cpu()


def print_guesses(examples):
    """For each `MaskedWord` its text, the hidden word with its rank and probability, and the first three guesses."""
    rows = []
    for each in examples:
        said = ", ".join(f"{guess.word} {guess.probability:.2f}" for guess in each.guesses[:3])
        rows.append([each.text, each.word, each.original.rank, f"{each.original.probability:.2f}", said])
    print_table(["hidden", "rank", "probability", "first guesses"], rows)


def print_influences(model, examples):
    """For each `MaskedWord` what [MASK] looks at most, the word that it looks at most, and the most influential one."""
    rows = []
    for masked in examples:
        received, influence = received_attention(masked), influences(model, masked)
        others = received.masked_fill(influence.isnan(), -1)  # only the words that could be hidden too
        chosen = [received.argmax(), others.argmax(), influence.nan_to_num(-torch.inf).argmax()]
        cells = [f"{masked.hidden.tokens[place]} {values[place]:.2f}"
                 for place, values in zip(chosen, (received, received, influence), strict=True)]  # fmt: skip
        rows.append([masked.text, *cells])
    print_table(["most attention", "among the words", "most influence"], rows)


def quality():
    """How good our small BERT is, as its training measured it on texts that it had not seen.

    returns: dictionary; "word_first" and "word_in_five" are the shares of sentences in which a hidden word was its
             first guess, and among its first five; "f1" and "exact_match" are those of its answers (Rajpurkar 2016)
    """
    return json.loads(READER.with_suffix(".json").read_text(encoding="utf-8"))


def print_quality():
    """The shares of `quality` on masked words, in a sentence."""
    shares = quality()
    first, five = shares["word_first"], shares["word_in_five"]
    print(f"On sentences that it has not seen, the first guess of our small BERT is the hidden word in {first:.0%},")
    print(f"and one of its first five guesses in {five:.0%}.")
