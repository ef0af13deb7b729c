"""BERT models (Devlin et al. 2019) at work: texts as tokens, masked words, answers, hidden states, attentions."""

import dataclasses
from dataclasses import dataclass

import torch

from helpers.bert_models import OWN as OWN
from helpers.bert_models import Bert as Bert
from helpers.bert_models import load_model as load_model
from helpers.bert_models import minilm_folder as minilm_folder

LONGEST_ANSWER = 30  # tokens


@dataclass(frozen=True)
class Encoding:
    """A text, or a pair of texts, as the tokens that a model reads.

    texts:   one or two strings
    ids:     (tokens,) int64
    types:   (tokens,) int64, 0 for the first text and 1 for the second
    tokens:  the pieces as strings, [CLS] and [SEP] among them; a piece that goes on with a word begins with ##
    words:   for each token the number of its word, counted through both texts; None for [CLS] and [SEP]
    parts:   for each token the number of its text, 0 or 1; None for [CLS] and [SEP]
    offsets: for each token where it begins and ends in its text, in characters
    """

    texts: tuple
    ids: torch.Tensor
    types: torch.Tensor
    tokens: tuple
    words: tuple
    parts: tuple
    offsets: tuple

    def places(self, word):
        """The tokens of the word with this number."""
        return [place for place, number in enumerate(self.words) if number == word]

    def spelled(self, first, last=None):
        """The text from token `first` to token `last`, both of one text, as it was written."""
        last = first if last is None else last
        return self.texts[self.parts[first]][self.offsets[first][0] : self.offsets[last][1]]


@dataclass(frozen=True)
class Output:
    """What a model computes for one `Encoding`.

    hidden_states: (layers + 1, tokens, dim) float32; 0 are the embeddings, before the first layer
    attentions:    (layers, heads, tokens, tokens) float32; [l, h, i, j] says how much token i looks at token j, and
                   each row over j sums to one
    logits:        (tokens, vocabulary) of a model for masked words, (tokens, 2) of one for questions (for the start
                   and for the end of the answer), None of a bare encoder
    """

    hidden_states: torch.Tensor
    attentions: torch.Tensor
    logits: torch.Tensor | None


@dataclass(frozen=True)
class Guess:
    """A word that a model proposes for a masked one, with its probability in [0, 1] and its rank, 1 for the first."""

    word: str
    probability: float
    rank: int


@dataclass(frozen=True)
class Answer:
    """A model's answer: its text, its first and last token, and its probability in [0, 1] among all possible spans."""

    text: str
    first: int
    last: int
    probability: float


def encode(model, text, second=None):
    """A text, or two (a question and its context), as the tokens that `model` reads: `Encoding`, on the CPU.

    raises: ValueError for a text that is empty, no string, or too long for the model
    """
    texts = (text,) if second is None else (text, second)
    for each in texts:
        if not isinstance(each, str) or not each.strip():
            raise ValueError(f"the text must be a string with at least one word, got {each!r}")
    # without a limit here, so that a text that is too long is refused and not cut
    coded = model.tokenizer(*texts, truncation=False, return_token_type_ids=True, verbose=False)
    encoding = coded.encodings[0]
    if len(encoding.ids) > model.longest:
        raise ValueError(f"the text has {len(encoding.ids)} tokens, {model.name} takes {model.longest}; shorten it")
    parts = tuple(encoding.sequence_ids)
    return Encoding(
        texts,
        torch.tensor(encoding.ids),
        torch.tensor(encoding.type_ids),
        tuple(encoding.tokens),
        _words_counted_through(encoding.word_ids, parts),
        parts,
        tuple(encoding.offsets),
    )


def _words_counted_through(numbers, parts):
    """The tokenizer counts each text's words from 0; here the second text's go on."""
    first = [number for number, part in zip(numbers, parts, strict=True) if part == 0]
    more = {0: 0, 1: max(first, default=-1) + 1}
    return tuple(None if part is None else number + more[part] for number, part in zip(numbers, parts, strict=True))


def hide(model, encoding, word):
    """The encoding with all tokens of one word replaced by [MASK]; nothing moves.

    raises: ValueError if there is no word with this number
    """
    places = [] if word is None else encoding.places(word)
    if not places:
        count = len({number for number in encoding.words if number is not None})
        raise ValueError(f"word must be a number from 0 to {count - 1}, got {word!r}")
    ids, tokens = encoding.ids.clone(), list(encoding.tokens)
    ids[places] = model.tokenizer.mask_token_id
    for place in places:
        tokens[place] = model.tokenizer.mask_token
    return dataclasses.replace(encoding, ids=ids, tokens=tuple(tokens))


@torch.no_grad()
def read(model, encoding):
    """Let the model read one encoding: `Output`, on the model's device."""
    output = model.network(
        input_ids=encoding.ids[None].to(model.device),
        token_type_ids=encoding.types[None].to(model.device),
        output_attentions=True,
        output_hidden_states=True,
    )
    return Output(torch.cat(output.hidden_states), torch.cat(output.attentions), _logits(output))


def _logits(output):
    """(tokens, ...) of whichever head there is."""
    if "logits" in output:
        return output.logits[0]
    if "start_logits" in output:
        return torch.stack([output.start_logits[0], output.end_logits[0]], dim=-1)
    return None


def guesses(model, output, place, count=5):
    """The most probable tokens at one place of what the model read, the best first: a list of `Guess`."""
    probabilities = _word_logits(output)[place].softmax(dim=-1)
    best = probabilities.topk(count)
    tokens = model.tokenizer.convert_ids_to_tokens(best.indices.tolist())
    pairs = zip(tokens, best.values.tolist(), strict=True)
    return [Guess(token, probability, rank) for rank, (token, probability) in enumerate(pairs, start=1)]


def rated(model, output, place, token):
    """What the model thinks of one token id at one place: `Guess`."""
    probabilities = _word_logits(output)[place].softmax(dim=-1)
    rank = 1 + (probabilities > probabilities[token]).sum().item()
    return Guess(model.tokenizer.convert_ids_to_tokens(int(token)), probabilities[token].item(), rank)


def _word_logits(output):
    if output.logits is None or output.logits.shape[-1] == 2:
        raise ValueError('this model does not guess words; load it with task="words"')
    return output.logits


def answer(model, question, context):
    """The model's answer to a question about a context: `Answer`, with its tokens counted as in `encode(...)`.

    The probability of a span is the product of the softmax of its start and of its end over the context's tokens,
    divided by the sum over all spans of at most `LONGEST_ANSWER` tokens.
    """
    encoding = encode(model, question, context)
    return best_answer(encoding, read(model, encoding))


def best_answer(encoding, output):
    """The `Answer` in what a model for questions read; ValueError if that was no question with its context."""
    if output.logits is None or output.logits.shape[-1] != 2:
        raise ValueError('this model does not answer questions; load it with task="questions"')
    allowed = torch.tensor([part == 1 for part in encoding.parts], device=output.logits.device)
    if not allowed.any():
        raise ValueError("there is no context to find an answer in; encode(model, question, context)")
    scores = span_scores(*output.logits.unbind(dim=-1), allowed)
    first, last = best_span(scores)
    probability = scores.flatten().softmax(dim=0).max().item()
    return Answer(encoding.spelled(first, last), first, last, probability)


def span_scores(start_logits, end_logits, allowed):
    """The sum of both logits for each span of at most `LONGEST_ANSWER` allowed tokens; -inf where there is none.

    start_logits, end_logits: (tokens,) float
    allowed:                  (tokens,) boolean
    returns:                  (tokens, tokens), [first, last]
    """
    scores = start_logits[:, None] + end_logits[None, :]  # (tokens, tokens)
    spans = torch.ones_like(scores, dtype=torch.bool).triu().tril(LONGEST_ANSWER - 1)
    return scores.masked_fill(~(spans & allowed[:, None] & allowed), -torch.inf)


def best_span(scores):
    """(first, last) of the highest of `span_scores`, ints."""
    return divmod(scores.argmax().item(), len(scores))
