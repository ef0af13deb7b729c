"""Questions with answers in a text, for `train_bert.py`: SQuAD, QAMR, QED, and small deductions of our own."""

import json
import random
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import torch

HELD_OUT = (  # every sixth article of SQuAD's development set
    "1973_oil_crisis",
    "Chloroplast",
    "Economic_inequality",
    "Geology",
    "Islamism",
    "Oxygen",
    "Scottish_Parliament",
    "Teacher",
)


LONGEST = 320  # tokens of a question with its context, while learning
SHARES = {"squad": 1.0, "qed": 1.0, "qamr": 0.35, "deductions": 1.0}  # of the questions, each time around


@dataclass(frozen=True)
class Asked:
    """A question about a context; `answers` are (start, text) spans, any of which is right."""

    question: str
    context: str
    answers: tuple


def squad(folder):
    """SQuAD's development set in two parts: to learn from, and the held-out articles."""
    with zipfile.ZipFile(Path(folder) / "squad-dev-v1.1.json.zip") as archive:
        articles = json.loads(archive.read(archive.namelist()[0]))["data"]
    parts = {True: [], False: []}
    for article in articles:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                answers = tuple((answer["answer_start"], answer["text"]) for answer in asked["answers"])
                parts[article["title"] in HELD_OUT].append(Asked(asked["question"], paragraph["context"], answers))
    return parts[False], parts[True]


def qed(folder):
    """Natural Questions with one-paragraph answers, as QED has them; written as tokens, so joined again."""
    found = []
    for line in (Path(folder) / "qed-dev.jsonlines").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        context = readable(entry["paragraph_text"])
        for answer in entry["original_nq_answers"]:
            text = readable(answer[0]["string"])
            if len(answer) == 1 and context.count(text) == 1:
                found.append(Asked(entry["question_text"] + "?", context, ((context.index(text), text),)))
    return found


def qamr(folder):
    """Questions of QAMR about one sentence, those whose answer is a run of words."""
    folder = Path(folder)
    lines = (folder / "qamr_wiki-sentences.tsv").read_text(encoding="utf-8").splitlines()
    sentences, found = dict(line.split("\t") for line in lines), []
    for part in ("dev", "test"):
        for line in (folder / f"qamr_filtered_{part}.tsv").read_text(encoding="utf-8").splitlines():
            name, _, _, _, _, question, places, *_ = line.split("\t")
            first, *_, last = [*map(int, places.split()), -1] if " " not in places else map(int, places.split())
            last = first if last == -1 else last
            words = sentences[name].split()
            if last - first + 1 == len(places.split()):
                found += from_words(question, words, first, last)
    return found


def from_words(question, words, first, last):
    """A list of the question, if its answer, the words `first` to `last`, is still there once the tokens are joined."""
    before, text = readable(" ".join(words[:first])), readable(" ".join(words[first : last + 1]))
    context = readable(" ".join(words))
    start = context.find(text, max(0, len(before) - 3))
    return [Asked(question, context, ((start, text),))] if start >= 0 else []


def readable(text):
    """Tokens joined as one writes them."""
    text = text.replace("-LRB- ", "(").replace(" -RRB-", ")").replace("``", '"').replace("''", '"')
    text = re.sub(r" (?=[,.;:!?%)]|'s\b|n't\b)", "", text)
    return re.sub(r'" ([^"]*) "', r'"\1"', text)


KINDS = (
    "mouse mice|cat cats|wolf wolves|sheep sheep|dog dogs|horse horses|fox foxes|bear bears|goose geese|lion lions"
    "|frog frogs|owl owls|duck ducks|goat goats|hen hens|rabbit rabbits|teacher teachers|baker bakers|sailor sailors"
    "|robot robots|dwarf dwarves|pirate pirates|painter painters|farmer farmers|nurse nurses|giant giants"
    "|student students|witch witches"
)
NAMES = (
    "Anna Ben Clara David Emma Felix Grace Hugo Ida Jonas Kira Leo Mona Nils Olga Paul Rosa Sam Tara Uwe Vera Will"
    " Yara Zoe Gertrude Winona Jessica Lily Bernhard Brian Greg Julius Emily Mary John Sandra Daniel Lin Wei Amir"
    " Fatima Pablo Nina"
).split()
THINGS = (
    "honey apples fish bread cheese carrots soup music books rain chess tea cake nuts gold stones flowers snow boats"
).split()
PLACES = (
    "the forest|the town|the castle|the desert|the mountains|the harbour|the village|the old mill|the valley|the north"
    "|the garden|the kitchen|the park|the library|the office|the school|the cellar|the attic|the station|the market"
).split("|")
# What all of a kind do: a sentence about many, the question about one, the question about many
RULES = (
    ("{many} are afraid of {what}.", "What is {one} afraid of?", "What are {many} afraid of?", "kinds"),
    ("{many} fear {what}.", "What does {one} fear?", "What do {many} fear?", "kinds"),
    ("{many} like {what}.", "What does {one} like?", "What do {many} like?", "things"),
    ("All {many} eat {what}.", "What does {one} eat?", "What do {many} eat?", "things"),
    ("{many} live in {what}.", "Where does {one} live?", "Where do {many} live?", "places"),
    ("Every {kind} comes from {what}.", "Where does {one} come from?", "Where does every {kind} come from?", "places"),
    ("{many} sell {what}.", "What does {one} sell?", "What do {many} sell?", "things"),
    ("{many} dream of {what}.", "What does {one} dream of?", "What do {many} dream of?", "things"),
)
MOVES = ("went to", "moved to", "walked to", "travelled to", "ran to", "is in")
TAKES = ("took", "picked up", "grabbed", "is carrying")
OBJECTS = "key lamp ball letter hat coin map cup umbrella rope sword basket".split()


def deductions(count, seed):
    """Made-up texts whose answer takes two steps: of what kind is Emily, and what do all of that kind fear?"""
    choice = random.Random(seed)
    return [(_of_a_kind if choice.random() < 0.7 else _carried)(choice) for _ in range(count)]


def _of_a_kind(choice):
    kinds = [kind.split() for kind in choice.sample(KINDS.split("|"), choice.randint(3, 5))]
    said, of_one, of_many, pool = choice.choice(RULES)
    pools = {"kinds": [many for _, many in kinds], "things": THINGS, "places": PLACES}
    names = choice.sample(NAMES, choice.randint(2, 4))
    facts = {}
    for kind, many in kinds:
        facts[kind] = (many, choice.choice([what for what in pools[pool] if what != many]))
    rules = [sentence(said.format(many=many, kind=kind, what=what)) for kind, (many, what) in facts.items()]
    members = {name: choice.choice(kinds)[0] for name in names}
    sentences = rules + [f"{name} is {article(kind)} {kind}." for name, kind in members.items()]
    name, kind = choice.choice(list(members.items()))
    many, what = facts[kind]
    if choice.random() < 0.75:
        decisive, question = said.format(many=many, kind=kind, what=what), of_one.format(one=name)
    else:
        decisive, question = said.format(many=many, kind=kind, what=what), of_many.format(many=many, kind=kind)
    return arranged(choice, sentences, question, sentence(decisive), what)


def _carried(choice):
    """Who carries a thing, and where is that person?"""
    names = choice.sample(NAMES, choice.randint(2, 4))
    places = dict(zip(names, choice.sample(PLACES, len(names)), strict=True))
    things = dict(zip(choice.sample(names, 2), choice.sample(OBJECTS, 2), strict=True))
    moves = {name: f"{name} {choice.choice(MOVES)} {place}." for name, place in places.items()}
    takes = {name: f"{name} {choice.choice(TAKES)} the {thing}." for name, thing in things.items()}
    sentences = [*moves.values(), *takes.values()]
    name, thing = choice.choice(list(things.items()))
    kind = choice.randint(0, 2)
    if kind == 0:
        return arranged(choice, sentences, f"Where is the {thing}?", moves[name], places[name])
    if kind == 1:
        return arranged(choice, sentences, f"Who has the {thing}?", takes[name], name)
    name = choice.choice(names)
    return arranged(choice, sentences, f"Where is {name}?", moves[name], places[name])


def arranged(choice, sentences, question, decisive, answer):
    """The sentences in any order; the answer is the last of its mentions within the decisive sentence."""
    choice.shuffle(sentences)
    context = " ".join(sentences)
    start = context.index(decisive) + decisive.lower().rindex(answer.lower())
    return Asked(question, context, ((start, context[start : start + len(answer)]),))


def sentence(text):
    return text[0].upper() + text[1:]


def article(word):
    return "an" if word[0] in "aeiou" else "a"


def encode(asked, tokenizer):
    """(ids, types, start, end) of each question whose answer lies within the first `LONGEST` tokens."""
    coded = tokenizer(
        [each.question for each in asked],
        [each.context for each in asked],
        truncation="only_second",
        max_length=LONGEST,
        return_offsets_mapping=True,
    )
    found = []
    for place, each in enumerate(asked):
        # the span that most people marked
        start, text = Counter(each.answers).most_common(1)[0][0]
        encoding = coded.encodings[place]
        first, last = encoding.char_to_token(start, 1), encoding.char_to_token(start + len(text) - 1, 1)
        if first is not None and last is not None:
            found.append((encoding.ids, encoding.type_ids, first, last))
    return found


def batches(sets, tokens, generator):
    """Endless batches of at most `tokens` tokens: ids, types (N, tokens) and both ends (N, 2)."""
    while True:
        chosen = [each for name, all_of in sets.items() for each in all_of if generator.random() < SHARES[name]]
        generator.shuffle(chosen)
        parts = []
        for at in range(0, len(chosen), 512):  # alike in length within a batch, in any order over a pool
            batch = []
            for each in sorted(chosen[at : at + 512], key=lambda each: len(each[0])):
                if (len(batch) + 1) * len(each[0]) > tokens:
                    parts.append(batch)
                    batch = []
                batch.append(each)
            parts.append(batch)
        generator.shuffle(parts)
        yield from map(padded, parts)


def padded(batch):
    longest = max(len(ids) for ids, *_ in batch)
    ids, types = (torch.tensor([each[k] + [0] * (longest - len(each[k])) for each in batch]) for k in (0, 1))
    return ids, types, torch.tensor([each[2:] for each in batch])
