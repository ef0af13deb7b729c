"""Train the suite's small BERT to answer questions and to guess masked words.

    python data/models/train_bert.py QA TEXTS

all-MiniLM-L6-v2 knows English, but was trained to embed sentences and has no head. Its six layers (its embeddings
stay as they are) and two heads on top of them learn both tasks together, so that one network and one set of
attentions serve all notebooks:

- extractive question answering (Devlin et al. 2019, sec. 4.2) from the folder QA with the files that data/README.md
  lists, and from small deductions made up here;
- masked words (sec. 3.1, task 1), a fifth of them hidden (Wettig et al. 2023), from prose in Debian's packages,
  unpacked into the folder TEXTS.

Two processes with one thread each take half of every step: together they are faster than one with two threads.
"""

import argparse
import hashlib
import itertools
import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import bert_questions
import bert_scores
import bert_texts
import torch
from safetensors.torch import save as serialise
from torch import distributed, multiprocessing, nn
from torch.nn import functional
from train_food import Log, share_gradients

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from helpers import bert, device, weight_files  # noqa: E402  (found through the line above)

PROCESSES = 2
LENGTHS = (32, 64, 128)  # tokens of the passages with masked words
HIDDEN = 0.2  # share of the words that are hidden
DEDUCTIONS = 8000
CHECKS = 8  # while learning
WIKIPEDIA = 3  # times around its sentences for one time around the other prose


@dataclass(frozen=True)
class Stage:
    """A part of the training: how long it takes, the tokens of each process and step, the highest learning rates."""

    minutes: float
    words: int
    questions: int
    rate: float
    heads_rate: float


STAGES = {"both": Stage(75, 5120, 2048, 4e-4, 1e-3), "questions": Stage(15, 2048, 5120, 1.5e-4, 1.5e-4)}


class Reader(nn.Module):
    """The encoder with both heads; its parameters have the names that `transformers` gives them."""

    def __init__(self):
        from transformers import BertConfig, BertModel
        from transformers.models.bert.modeling_bert import BertOnlyMLMHead

        super().__init__()
        config = BertConfig.from_pretrained(
            bert.minilm_folder(), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager"
        )
        self.bert = BertModel.from_pretrained(bert.minilm_folder(), config=config, add_pooling_layer=False)
        self.bert.embeddings.requires_grad_(False)
        self.qa_outputs = nn.Linear(config.hidden_size, 2)
        self.cls = BertOnlyMLMHead(config)
        self.cls.predictions.decoder.weight = self.bert.embeddings.word_embeddings.weight

    def encode(self, ids, types=None):
        """Hidden states (N, tokens, dim) of the last layer; token 0 is padding."""
        return self.bert(ids, attention_mask=(ids != 0).long(), token_type_ids=types).last_hidden_state

    def own_weights(self):
        """What is not all-MiniLM-L6-v2's already: the layers and the heads."""
        skipped = ("bert.embeddings.", "cls.predictions.decoder.")
        return {name: value for name, value in self.state_dict().items() if not name.startswith(skipped)}


def batches_of_words(passages, tokens, tokenizer, generator):
    """Endless batches of passages of one length with masked words: ids as the network sees them, and as they were.

    tokens: of a batch
    """
    draw, begins = torch.Generator().manual_seed(generator.randrange(2**31)), bert_scores.word_begins(tokenizer)
    while True:
        order = list(passages)
        generator.shuffle(order)
        stream = itertools.chain.from_iterable(order)
        lengths = itertools.cycle(LENGTHS)
        while True:
            length = next(lengths)
            rows = tokens // length
            piece = list(itertools.islice(stream, rows * (length - 2)))
            if len(piece) < rows * (length - 2):
                break
            ids = torch.full((rows, length), tokenizer.cls_token_id)
            ids[:, 1:-1] = torch.tensor(piece).view(rows, length - 2)
            ids[:, -1] = tokenizer.sep_token_id
            yield hide(ids, begins, tokenizer, draw)


def hide(ids, begins, tokenizer, draw):
    """Hide whole words: 80 % behind [MASK], 10 % behind another token, 10 % not at all. Others' originals are -100."""
    word = begins[ids].long().cumsum(dim=1)  # the number of the word that each token belongs to
    hidden = (torch.rand(ids.shape, generator=draw) < HIDDEN).gather(1, word - 1)
    hidden &= (ids != tokenizer.cls_token_id) & (ids != tokenizer.sep_token_id)
    way = torch.rand(ids.shape, generator=draw)
    other = torch.randint(len(begins), ids.shape, generator=draw)
    seen = torch.where(hidden & (way < 0.8), tokenizer.mask_token_id, ids)
    seen = torch.where(hidden & (way > 0.9), other, seen)
    return seen, ids.masked_fill(~hidden, -100)


def loss_of_words(reader, batch):
    seen, originals = batch
    chosen = originals != -100
    logits = reader.cls(reader.encode(seen)[chosen])  # (hidden tokens, vocabulary)
    return functional.cross_entropy(logits.float(), originals[chosen])


def loss_of_questions(reader, batch):
    ids, types, ends = batch
    logits = reader.qa_outputs(reader.encode(ids, types)).float()  # (N, tokens, 2)
    return functional.cross_entropy(logits.masked_fill((ids == 0)[..., None], -1e4), ends)


def fit(reader, stage, streams, check, log, minutes):
    """Train for some minutes with AdamW; the rates rise for its first 4 % and fall to nothing."""
    words = reader.cls.predictions
    heads = [*reader.qa_outputs.parameters(), *words.transform.parameters(), words.bias]
    layers = list(reader.bert.encoder.parameters())
    groups = [{"params": layers, "top": stage.rate}, {"params": heads, "top": stage.heads_rate}]
    optimiser = torch.optim.AdamW(groups, lr=stage.rate, weight_decay=0.01, betas=(0.9, 0.98))
    start, step, told, passed = time.monotonic(), 0, 0, 0.0
    while passed < 1:
        for group in optimiser.param_groups:
            group["lr"] = group["top"] * min(passed / 0.04 + 0.01, (1 - passed) / 0.96 + 0.001)
        losses = []
        for loss_of, stream in streams:
            with torch.autocast("cpu", torch.bfloat16):
                losses.append(loss_of(reader, next(stream)))
            losses[-1].backward()
        share_gradients(heads + layers)
        nn.utils.clip_grad_norm_(heads + layers, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        passed = agreed((time.monotonic() - start) / 60 / minutes)
        if passed * CHECKS >= told + 1:
            told += 1
            said = ", ".join(f"{loss.item():.2f}" for loss in losses)
            log(f"step {step:5d} of about {step / passed:.0f}   losses {said}   {in_words(check())}")


def in_words(scores):
    return ", ".join(f"{name} {score:.4g}" for name, score in scores.items())


def agreed(number):
    """The first process's number."""
    number = torch.tensor(number, dtype=torch.float64)
    distributed.broadcast(number, 0)
    return number.item()


def log_frequencies(passages, size):
    """Log of each token's share of the passages; the head starts from there instead of learning it."""
    counts = torch.bincount(torch.tensor([token for passage in passages for token in passage]), minlength=size)
    return ((counts + 1) / (counts.sum() + size)).log()


def save(reader, path, log, report):
    """Weights in half precision, and beside them the log and a report."""
    data = serialise({name: value.half().contiguous() for name, value in reader.own_weights().items()})
    path.write_bytes(data)
    path.with_suffix(".log").write_text("\n".join(log.lines) + "\n", encoding="utf-8")
    report = {"sha256": hashlib.sha256(data).hexdigest()} | report
    path.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def prepare(options, tokenizer):
    """Coded questions by set, coded passages, and what is held out: questions, and sentences of their contexts."""
    learned, held_out = bert_questions.squad(options.questions)
    wholes = bert_questions.qed(options.questions), bert_questions.qamr(options.questions)
    deductions = bert_questions.deductions(DEDUCTIONS, seed=0)
    sets = dict(zip(bert_questions.SHARES, (learned, *wholes, deductions), strict=True))
    contexts = list(dict.fromkeys(each.context for asked in (learned, *wholes) for each in asked))
    prose = bert_texts.collect(options.texts)
    asked = [each.question for each in learned]
    passages = tokenizer(prose + WIKIPEDIA * contexts + asked, add_special_tokens=False)["input_ids"]
    random.Random(0).shuffle(held_out)
    return {name: bert_questions.encode(some, tokenizer) for name, some in sets.items()}, passages, held_out


def check_of(reader, held_out, tokenizer):
    """A function that says how good the model is on what it has not seen, and one that says it in numbers."""
    sentences = bert_scores.sentences_of(each.context for each in held_out)
    deductions = bert_questions.deductions(100, seed=1)

    def scores(most):
        f1, exact = bert_scores.answer_scores(reader, held_out[:most], tokenizer)
        _, deduced = bert_scores.answer_scores(reader, deductions, tokenizer)
        first, five = bert_scores.word_scores(reader, sentences[:most], tokenizer)
        return {"f1": f1, "exact_match": exact, "deductions": deduced, "word_first": first, "word_in_five": five}

    return scores


def work(rank, options, folder):
    """What each process does; they meet in `folder`."""
    from transformers import AutoTokenizer

    distributed.init_process_group("gloo", f"file://{folder}/meeting", rank=rank, world_size=PROCESSES)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    device.keep_freed_memory()
    log = Log(silent=rank > 0)
    tokenizer = AutoTokenizer.from_pretrained(bert.minilm_folder())
    questions, passages, held_out = torch.load(f"{folder}/prepared", weights_only=False)
    log(f"questions: {in_words({name: len(some) for name, some in questions.items()})}")
    log(f"{sum(map(len, passages))} tokens of prose; {len(held_out)} questions held out")
    path = options.output / "bert_reader.safetensors"
    reader = Reader()
    if options.only == "questions":
        reader.load_state_dict(weight_files.read(path), strict=False)
        log.lines[:0] = path.with_suffix(".log").read_text(encoding="utf-8").splitlines()
    else:
        reader.cls.predictions.bias.data = log_frequencies(passages, len(tokenizer))
    scores = check_of(reader, held_out, tokenizer)

    def check():
        found = scores(200)
        if rank == 0:
            save(reader, path, log, found)
        return found

    for name in [options.only] if options.only else STAGES:
        stage, generator = STAGES[name], random.Random(rank)
        streams = (
            (loss_of_words, batches_of_words(passages[rank::PROCESSES], stage.words, tokenizer, generator)),
            (loss_of_questions, bert_questions.batches(questions, stage.questions, generator)),
        )
        fit(reader, stage, streams, check, log, stage.minutes / options.quick)
        reader.load_state_dict({k: v.half().float() for k, v in reader.own_weights().items()}, strict=False)
        found = scores(None)
        log(f"end of the stage {name!r}, saved weights on all that is held out: {in_words(found)}")
        if rank == 0:
            save(reader, path, log, found)
    distributed.barrier()
    distributed.destroy_process_group()


def main():
    from transformers import AutoTokenizer

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("questions", type=Path, metavar="QA", help="folder of the question sets")
    parser.add_argument("texts", type=Path, metavar="TEXTS", help="folder for Debian's packages")
    parser.add_argument("--quick", type=float, default=1, metavar="N", help="divide the minutes of training by N")
    parser.add_argument("--only", choices=STAGES, help="one stage; the second starts from the weights in --output")
    parser.add_argument("--output", type=Path, default=HERE, metavar="FOLDER", help="where to write the weights")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        torch.save(prepare(options, AutoTokenizer.from_pretrained(bert.minilm_folder())), f"{folder}/prepared")
        multiprocessing.spawn(work, (options, folder), nprocs=PROCESSES)


if __name__ == "__main__":
    main()
