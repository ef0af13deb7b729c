"""The passages, the roles of their tokens, and what counts as a right answer."""

import pytest

from helpers import bert, passages

TEXTS = passages.load_passages()


@pytest.fixture(scope="module")
def model():
    return bert.load_model(task="questions", device="cpu")


def words(reading, role):
    tokens = [reading.encoding.tokens[place] for place in reading.places(role)]
    return " ".join(tokens).replace(" ##", "")


def test_there_are_a_date_a_prose_answer_and_a_deduction():
    assert list(TEXTS) == ["date", "prose", "deduction"]


@pytest.mark.parametrize("name", TEXTS)
def test_answers_of_passages_and_variations_stand_in_their_texts(name):
    text = TEXTS[name]
    assert any(text.answer in sentence for sentence in text.support)
    assert len(text.variations) >= 4
    for each in text.variations:
        assert each.answer in each.context
        assert (each.question, each.context) != (text.question, text.context)


@pytest.mark.parametrize("name", TEXTS)
def test_every_token_has_its_role(model, name):
    reading = passages.read_passage(model, TEXTS[name])
    assert words(reading, "answer") == TEXTS[name].answer.lower()
    assert words(reading, "special") == "[CLS] [SEP] [SEP]"
    assert words(reading, "question").replace(" ?", "?") == TEXTS[name].question.lower()
    support = " ".join(TEXTS[name].support).lower().replace(".", " .").replace(",", " ,")
    assert sorted(words(reading, "support").split() + words(reading, "answer").split()) == sorted(support.split())


@pytest.mark.parametrize("name", TEXTS)
def test_the_other_question_has_as_many_tokens_and_another_answer(model, name):
    text = TEXTS[name]
    reading, other = passages.read_passage(model, text), passages.read_passage(model, text, text.twin)
    assert len(reading.roles) == len(other.roles)
    assert any(each.question == text.twin and each.answer != text.answer for each in text.variations)


def test_for_a_question_of_ones_own_the_models_answer_is_marked(model):
    reading = passages.read_passage(model, TEXTS["date"], "Who built the granite tower?")
    assert reading.places("answer") == list(range(reading.answer.first, reading.answer.last + 1))
    assert reading.places("support")


def test_the_answer_is_that_of_the_library(model):
    text = TEXTS["prose"]
    assert passages.read_passage(model, text).answer == bert.answer(model, text.question, text.context)


def test_another_model_reads_the_same_tokens(model):
    reading = passages.read_passage(model, TEXTS["prose"])
    other = reading.by(bert.load_model("all-MiniLM-L6-v2", task=None, device="cpu"))
    assert (other.encoding, other.roles) == (reading.encoding, reading.roles)
    assert (other.output.hidden_states[0] == reading.output.hidden_states[0]).all()
    assert (other.output.hidden_states[-1] != reading.output.hidden_states[-1]).any()


def test_sentences_are_counted(model):
    reading = passages.read_passage(model, TEXTS["deduction"])
    numbers = passages.sentence_numbers(reading.encoding)
    assert sorted(set(numbers)) == [-1, 0, 1, 2, 3]
    assert [place for place, number in enumerate(numbers) if number < 0] == reading.places("special", "question")


def test_exchanging_twice_gives_the_text_back():
    text = "Anna sees Ben, Ben sees Anna."
    changed = passages.exchanged(text, "Anna", "Ben")
    assert changed == "Ben sees Anna, Anna sees Ben."
    assert passages.exchanged(changed, "Anna", "Ben") == text


def test_what_is_not_in_the_text_is_refused(model):
    with pytest.raises(ValueError, match="'Carla' is not in the text"):
        passages.exchanged("Anna sees Ben.", "Anna", "Carla")
    with pytest.raises(ValueError, match="'Carla' is not in the text"):
        passages.tokens_of(bert.encode(model, "Who?", "Anna sees Ben."), "Carla")


@pytest.mark.parametrize("said", ["the Wood", "in the wood.", "wood"])
def test_small_words_do_not_make_an_answer_wrong(said):
    assert passages.is_right(said, "The wood")


@pytest.mark.parametrize("said", ["", "the", "wooden", "1838", "the wood and the meadow"])
def test_another_answer_is_wrong(said):
    assert not passages.is_right(said, "The wood")
