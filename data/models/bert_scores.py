"""How good the model that `train_bert.py` trains is at questions and at masked words that it has not seen."""

import functools
import re
import string
import sys
from collections import Counter
from pathlib import Path

import torch
from torch import distributed

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from helpers import bert


def summed(*numbers):
    """Sums over the processes."""
    numbers = torch.tensor(numbers, dtype=torch.float64)
    distributed.all_reduce(numbers)
    return numbers.tolist()


def normalised(text):
    """An answer as SQuAD's evaluation compares it (Rajpurkar et al. 2016, sec. 6.1)."""
    text = "".join(character for character in text.lower() if character not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def f1_score(said, right):
    said, right = normalised(said), normalised(right)
    common = sum((Counter(said) & Counter(right)).values())
    return 2 * common / (len(said) + len(right)) if common else float(said == right)


@torch.no_grad()
def answer_scores(reader, asked, tokenizer):
    """F1 and exact match over all processes, each with its share of the questions."""
    f1 = exact = count = 0
    mine = sorted(asked[distributed.get_rank() :: distributed.get_world_size()], key=lambda each: len(each.context))
    for at in range(0, len(mine), 8):
        some = mine[at : at + 8]
        for each, said in zip(some, answers(reader, some, tokenizer), strict=True):
            f1 += max(f1_score(said, right) for _, right in each.answers)
            exact += any(normalised(said) == normalised(right) for _, right in each.answers)
            count += 1
    f1, exact, count = summed(f1, exact, count)
    return f1 / count, exact / count


def answers(reader, asked, tokenizer):
    """The texts that the model answers, in full precision."""
    pairs = [each.question for each in asked], [each.context for each in asked]
    coded = tokenizer(*pairs, truncation="only_second", max_length=512, padding=True, return_tensors="pt")
    logits = reader.qa_outputs(reader.encode(coded["input_ids"], coded["token_type_ids"]))  # (N, tokens, 2)
    said = []
    for place, each in enumerate(asked):
        encoding = coded.encodings[place]
        allowed = torch.tensor([part == 1 for part in encoding.sequence_ids])
        first, last = bert.best_span(bert.span_scores(*logits[place].unbind(dim=-1), allowed))
        said.append(each.context[encoding.offsets[first][0] : encoding.offsets[last][1]])
    return said


@torch.no_grad()
def word_scores(reader, sentences, tokenizer):
    """Shares of sentences, one word of each hidden, in which it is the first guess, and among the first five."""
    begins, first, five, count = word_begins(tokenizer), 0, 0, 0
    for number, text in enumerate(sentences[distributed.get_rank() :: distributed.get_world_size()]):
        ids = torch.tensor([tokenizer(text, truncation=True, max_length=128)["input_ids"]])
        whole = begins[ids[0]] & begins[ids[0].roll(-1)] & (ids[0] > 999) & letters(tokenizer)[ids[0]]
        places = whole.nonzero().flatten()
        if len(places) == 0:
            continue
        place = places[number % len(places)]
        word, ids[0, place] = ids[0, place].item(), tokenizer.mask_token_id
        guesses = reader.cls(reader.encode(ids)[0, place]).topk(5).indices.tolist()
        first, five, count = first + (guesses[0] == word), five + (word in guesses), count + 1
    first, five, count = summed(first, five, count)
    return first / count, five / count


@functools.cache
def letters(tokenizer):
    return torch.tensor([token.isalpha() for token in tokenizer.convert_ids_to_tokens(range(len(tokenizer)))])


def word_begins(tokenizer):
    """For each token, whether a word may begin with it (boolean, (vocabulary,))."""
    tokens = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
    return torch.tensor([not token.startswith("##") for token in tokens])


def sentences_of(contexts):
    """The sentences of 8 to 40 words in each of the contexts, once."""
    parts = (part for context in dict.fromkeys(contexts) for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])", context))
    return [part for part in parts if 8 <= len(part.split()) <= 40]
