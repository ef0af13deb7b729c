"""What `data/models/train_bert.py` learns from, and how it is scored."""

import importlib
import itertools
import json
import random
import re
import zipfile
import zlib
from pathlib import Path

import pytest
import torch

from helpers import bert

SCRIPTS = Path(__file__).resolve().parents[2] / "data" / "models"
CONTEXT = "Lake Mora froze over in 1881, and people skated there."


def script(name):
    """A module of the scripts' folder; they find each other as when they are run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        return importlib.import_module(name)


questions, texts, scores, train = map(script, ("bert_questions", "bert_texts", "bert_scores", "train_bert"))


@pytest.fixture(scope="module")
def tokenizer():
    return bert.load_model("all-MiniLM-L6-v2", task=None, device="cpu").tokenizer


@pytest.fixture(scope="module")
def deductions():
    return questions.deductions(600, seed=5)


@pytest.fixture
def sources(tmp_path):
    """A folder with a question or two in the form of each source."""
    articles = [
        {"title": title, "paragraphs": [{"context": CONTEXT, "qas": [{"question": "When?", "answers": [answer]}]}]}
        for title, answer in (
            ("Oxygen", {"answer_start": 24, "text": "1881"}),
            ("Ice", {"answer_start": 0, "text": "Lake"}),
        )
    ]
    with zipfile.ZipFile(tmp_path / "squad-dev-v1.1.json.zip", "w") as archive:
        archive.writestr("dev.json", json.dumps({"data": articles}))
    tokens = "He wrote `` Dry Ice '' -LRB- a novel -RRB- in Mora , 1881 ."
    natural = {"paragraph_text": tokens, "question_text": "what did he write", "original_nq_answers": []}
    natural["original_nq_answers"] = [
        [{"string": "Dry Ice"}],
        [{"string": "Dry Ice"}, {"string": "1881"}],
        [{"string": "e"}],
    ]
    (tmp_path / "qed-dev.jsonlines").write_text(json.dumps(natural) + "\n")
    (tmp_path / "qamr_wiki-sentences.tsv").write_text(f"s1\t{tokens}\n")
    for part, places in (("dev", "3 4"), ("test", "3 9")):
        (tmp_path / f"qamr_filtered_{part}.tsv").write_text(f"s1\t0\tw\t0\tw\tWhat did he write?\t{places}\tx\n")
    return tmp_path


def spelled_where_said(asked):
    return all(asked.context[start : start + len(text)] == text for start, text in asked.answers)


def test_squad_is_parted_by_article_so_that_nothing_held_out_is_learned(sources):
    learned, held_out = questions.squad(sources)
    assert [each.answers for each in learned] == [((0, "Lake"),)]
    assert [each.answers for each in held_out] == [((24, "1881"),)]
    assert all(map(spelled_where_said, learned + held_out))


@pytest.mark.parametrize("source", [questions.qed, questions.qamr])
def test_only_answers_of_one_run_of_words_are_taken_and_found_once_the_tokens_are_joined(sources, source):
    (found,) = source(sources)
    assert found.context == 'He wrote "Dry Ice" (a novel) in Mora, 1881.'
    assert found.answers[0][1].strip('"') == "Dry Ice"
    assert spelled_where_said(found)


def test_deductions_repeat_under_a_seed(deductions):
    assert questions.deductions(600, seed=5) == deductions
    assert questions.deductions(600, seed=6) != deductions


def test_every_answer_of_a_deduction_is_where_it_is_said_to_be(deductions):
    assert all(map(spelled_where_said, deductions))
    assert all(len(each.answers) == 1 for each in deductions)


def only(found):
    (one,) = found
    return one


def decisive(asked):
    """The one sentence that answers, found by reasoning from the question; an error if it is not exactly one."""
    sentences = re.findall(r"[^.]+\.", asked.context)
    name = [word for word in re.findall(r"\w+", asked.question) if word in questions.NAMES]
    moves = [each for each in sentences if re.search("|".join(questions.MOVES), each)]
    if thing := re.search(r"(?:is|has) the (\w+)", asked.question):
        takes = only(each for each in sentences if each.endswith(f" the {thing[1]}.") and each not in moves)
        if asked.question.startswith("Who"):
            return takes
        name = [takes.split()[0]]
    if moves:
        return only(each for each in moves if each.split()[0] == name[0])
    kind = only(each.split()[-1] for each in sentences if each.split()[0] in name) if name else asked.question
    one, many = only(
        both.split() for both in questions.KINDS.split("|") if set(both.split()) & set(re.findall(r"\w+", kind))
    )
    about = rf"^\s*(All {many}|Every {one}|{many.capitalize()}) "
    return only(each for each in sentences if re.search(about, each))


def test_every_deduction_is_decided_by_exactly_one_sentence(deductions):
    for each in deductions:
        (start, answer), sentence = each.answers[0], decisive(each)
        first = each.context.index(sentence)
        assert first <= start < first + len(sentence)
        assert sentence.endswith(f" {answer}.") or sentence.split()[0] == answer


def test_questions_become_tokens_whose_span_spells_the_answer(tokenizer, deductions):
    coded = questions.encode(deductions[:50], tokenizer)
    assert len(coded) == 50
    for (ids, types, first, last), each in zip(coded, deductions, strict=False):
        assert tokenizer.decode(ids[first : last + 1]) == each.answers[0][1].lower()
        assert types[first] == types[last] == 1


def test_an_answer_beyond_the_longest_context_is_left_out(tokenizer):
    late = questions.Asked("Where?", "word " * 400 + "here", ((2000, "here"),))
    assert questions.encode([late], tokenizer) == []


def test_batches_hold_whole_questions_padded_and_not_too_many_tokens(tokenizer, deductions):
    coded = questions.encode(deductions, tokenizer)
    sets = {"squad": coded[:200], "deductions": coded[200:]}
    seen = []
    for ids, types, ends in itertools.islice(questions.batches(sets, 1024, random.Random(0)), 20):
        assert ids.shape == types.shape
        assert ids.numel() <= 1024
        assert (types[ids == 0] == 0).all()
        seen += [(tuple(row[row != 0].tolist()), *end.tolist()) for row, end in zip(ids, ends, strict=True)]
    assert set(seen) <= {(tuple(ids), first, last) for ids, _, first, last in coded}


def test_hidden_words_are_hidden_whole_and_as_often_as_said(tokenizer):
    begins, draw = scores.word_begins(tokenizer), torch.Generator().manual_seed(0)
    sentence = tokenizer("The unbelievably grumpy platypus snores untouchably.")["input_ids"]
    ids = torch.tensor([sentence] * 2000)
    seen, originals = train.hide(ids, begins, tokenizer, draw)
    hidden = originals != -100
    pieces = ~begins[ids]
    assert (hidden[:, 1:][pieces[:, 1:]] == hidden[:, :-1][pieces[:, 1:]]).all()  # as the piece before
    assert torch.equal(originals[hidden], ids[hidden])
    assert torch.equal(seen[~hidden], ids[~hidden])
    assert not hidden[:, [0, -1]].any()
    assert hidden[:, 1:-1].float().mean() == pytest.approx(train.HIDDEN, abs=0.02)
    masked = seen[hidden] == tokenizer.mask_token_id
    assert masked.float().mean() == pytest.approx(0.8, abs=0.02)
    assert (seen[hidden] == ids[hidden]).float().mean() == pytest.approx(0.1, abs=0.02)


def test_batches_of_words_are_rows_of_the_passages(tokenizer):
    passages = [list(range(2000 + 50 * k, 2050 + 50 * k)) for k in range(400)]
    stream = train.batches_of_words(passages, 2048, tokenizer, random.Random(0))
    for seen, originals in itertools.islice(stream, 4):
        assert seen.shape == originals.shape
        assert 2048 - seen.shape[1] < seen.numel() <= 2048
        assert seen.shape[1] in train.LENGTHS
        assert (seen[:, 0] == tokenizer.cls_token_id).all()
        assert (seen[:, -1] == tokenizer.sep_token_id).all()


@pytest.mark.parametrize(
    ("said", "right", "score"),
    [
        ("the 1881", "1881.", 1),
        ("A Lake!", "lake", 1),
        ("lake", "frozen lake", 2 / 3),
        ("sea", "lake", 0),
        ("", "the", 1),
    ],
)
def test_f1_counts_common_words_but_no_articles_or_marks(said, right, score):
    assert scores.f1_score(said, right) == pytest.approx(score)
    assert scores.f1_score(right, said) == pytest.approx(score)


def test_sentences_are_of_middling_length_and_come_once():
    long = "Here are eight words of which this is one."
    assert scores.sentences_of([f"{long} No. And {long.lower()}", f"{long} No. And {long.lower()}"]) == [
        long,
        f"And {long.lower()}",
    ]


def test_prose_is_told_from_code_tables_and_lists():
    assert texts.is_prose("The sea was calm, and nobody had seen the boat that left at night.")
    for other in (
        "if (x == 0) { return y[1] + 2; }",
        "12 34 56 78 90 11 22 33",
        "red green blue black white brown grey",
    ):
        assert not texts.is_prose(other)


def written(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def r_object(lines):
    strings = b"".join(b"\x00\x04\x00\x09" + len(line).to_bytes(4, "big") + line for line in lines)
    packed = zlib.compress(strings)
    return len(strings).to_bytes(4, "big") + packed


@pytest.mark.parametrize(
    ("form", "file", "data", "expected"),
    [
        ("markup", "a.html", "<p>One\n <b>two</b></p><div>no</div><dd>three</dd>", ["One two", "three"]),
        ("entries", "a.dict", "Sea, n.\n1. Salt {water}. [1913 Webster]\n\nSeal\n", ["Sea, n. Salt water.", "Seal"]),
        ("fortunes", "a", "One\nline.\n%\nAnother.\n", ["One line.", "Another."]),
        ("fortunes", "a.dat", "index", []),
        ("pod", "a.pod", "Use B<this> one.\n\n  code;\n\n=head1 NAME\n", ["Use this one."]),
        (
            "novels",
            "a.rdb",
            r_object([b"It was", b"late.", b"", b"Then"]) + r_object([b"End"]),
            ["It was late.", "Then End"],
        ),
        (
            "glosses",
            "data.noun",
            '0 0 n 1 sea_ice 0 | frozen water; "the sea ice broke"',
            ["sea ice: frozen water", "the sea ice broke"],
        ),
    ],
)
def test_prose_is_read_from_files_of_every_form(tmp_path, form, file, data, expected):
    assert [text for text in texts.READERS[form](written(tmp_path / file, data)) if text] == expected
