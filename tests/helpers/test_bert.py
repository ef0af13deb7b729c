import itertools

import pytest
import torch

from helpers import bert

TEXT = "Unbelievably, the red giraffe didn't moan."
QUESTION, CONTEXT = "Who painted the old boat?", "Anna bought a boat. In spring her brother Leo painted it blue."


@pytest.fixture(scope="module")
def guesser():
    return bert.load_model(device="cpu")


@pytest.fixture(scope="module")
def reader():
    return bert.load_model(task="questions", device="cpu")


@pytest.fixture(scope="module")
def encoding(guesser):
    return bert.encode(guesser, TEXT)


@pytest.fixture(scope="module")
def output(guesser, encoding):
    return bert.read(guesser, encoding)


def test_tokens_are_pieces_of_the_text_in_its_order(encoding):
    assert (encoding.tokens[0], encoding.tokens[-1]) == ("[CLS]", "[SEP]")
    written = [encoding.spelled(place) for place in range(1, len(encoding.ids) - 1)]
    assert [piece.lower() for piece in written] == [token.removeprefix("##") for token in encoding.tokens[1:-1]]
    assert "".join(written) == TEXT.replace(" ", "")


def test_pieces_of_a_word_have_its_number(encoding):
    assert encoding.words[0] is encoding.words[-1] is None
    steps = [after - before for before, after in itertools.pairwise(encoding.words[1:-1])]
    assert steps == [0 if token.startswith("##") else 1 for token in encoding.tokens[2:-1]]
    places = encoding.places(0)
    assert len(places) > 1
    assert encoding.spelled(places[0], places[-1]) == "Unbelievably"


def test_a_pair_is_two_texts_whose_words_are_counted_through(guesser):
    pair = bert.encode(guesser, QUESTION, CONTEXT)
    first, second = bert.encode(guesser, QUESTION), bert.encode(guesser, CONTEXT)
    assert pair.ids.tolist() == first.ids.tolist() + second.ids.tolist()[1:]
    assert pair.types.tolist() == [0] * len(first.ids) + [1] * (len(second.ids) - 1)
    assert pair.parts == (None, *[0] * (len(first.ids) - 2), None, *[1] * (len(second.ids) - 2), None)
    words = [word for word in pair.words if word is not None]
    assert sorted(set(words)) == list(range(max(words) + 1))
    assert pair.spelled(pair.parts.index(1), len(pair.ids) - 2) == CONTEXT


@pytest.mark.parametrize("text", ["", " \n\t", None, b"bytes", 7, ["a", "list"]])
def test_a_text_without_words_is_refused_alone_and_as_a_context(guesser, text):
    for texts in ((text,), ("Who?", text)) if text is not None else ((text,),):
        with pytest.raises(ValueError, match="must be a string with at least one word, got"):
            bert.encode(guesser, *texts)


def test_the_longest_text_is_read_and_a_longer_one_refused(guesser):
    longest = guesser.longest - 2  # besides [CLS] and [SEP]
    assert len(bert.encode(guesser, "a " * longest).ids) == guesser.longest == 512
    with pytest.raises(ValueError, match=r"has 513 tokens, our small BERT takes 512; shorten it"):
        bert.encode(guesser, "a " * (longest + 1))
    with pytest.raises(ValueError, match="has 513 tokens"):
        bert.encode(guesser, "a " * 300, "b " * 210)


def test_hiding_a_word_hides_all_its_pieces_and_moves_nothing(guesser, encoding):
    for word in range(max(encoding.words[1:-1]) + 1):
        hidden = bert.hide(guesser, encoding, word)
        changed = (hidden.ids != encoding.ids).nonzero().flatten().tolist()
        assert changed == encoding.places(word) == [k for k, token in enumerate(hidden.tokens) if token == "[MASK]"]
        assert (hidden.ids[changed] == guesser.tokenizer.mask_token_id).all()
        kept = ("texts", "words", "parts", "offsets")
        assert [getattr(hidden, name) for name in kept] == [getattr(encoding, name) for name in kept]


def test_hiding_leaves_the_encoding_as_it_was(guesser, encoding):
    before = encoding.ids.clone()
    both = bert.hide(guesser, bert.hide(guesser, encoding, 0), 2)
    assert both.tokens.count("[MASK]") == len(encoding.places(0)) + len(encoding.places(2))
    assert torch.equal(encoding.ids, before)


@pytest.mark.parametrize("word", [-1, 99, None, "red"])
def test_a_word_that_is_not_there_cannot_be_hidden(guesser, encoding, word):
    with pytest.raises(ValueError, match=r"word must be a number from 0 to 9, got"):
        bert.hide(guesser, encoding, word)


def test_what_is_read_has_layers_heads_and_tokens(guesser, encoding, output):
    tokens = len(encoding.ids)
    assert (guesser.layers, guesser.heads) == (6, 12)
    assert output.hidden_states.shape == (7, tokens, 384)
    assert output.attentions.shape == (6, 12, tokens, tokens)
    assert output.logits.shape == (tokens, len(guesser.tokenizer))
    assert {part.dtype for part in (output.hidden_states, output.attentions, output.logits)} == {torch.float32}


def test_attentions_are_shares(output):
    assert output.attentions.min() >= 0
    torch.testing.assert_close(output.attentions.sum(dim=-1), torch.ones(output.attentions.shape[:3]))


def test_layer_zero_knows_no_neighbours_and_later_layers_do(guesser, output):
    other = bert.read(guesser, bert.encode(guesser, TEXT.replace("moan", "fly")))
    torch.testing.assert_close(other.hidden_states[0, 8], output.hidden_states[0, 8])  # red
    assert (other.hidden_states[1:, 8] - output.hidden_states[1:, 8]).abs().amax(dim=1).min() > 1e-3


def test_reading_leaves_no_gradients_and_repeats(guesser, encoding, output):
    again = bert.read(guesser, encoding)
    assert torch.equal(again.logits, output.logits)
    assert not any(part.requires_grad for part in (again.hidden_states, again.attentions, again.logits))


def test_both_tasks_and_the_bare_encoder_are_one_network(encoding, output, reader):
    bare = bert.load_model(task=None, device="cpu")
    for other in (bert.read(reader, encoding), bert.read(bare, encoding)):
        torch.testing.assert_close(other.attentions, output.attentions)
        torch.testing.assert_close(other.hidden_states, output.hidden_states)
    assert bert.read(bare, encoding).logits is None


def test_guesses_are_the_most_probable_tokens_in_order(guesser, output):
    probabilities = output.logits[3].softmax(dim=-1)
    found = bert.guesses(guesser, output, 3, count=7)
    assert [guess.rank for guess in found] == list(range(1, 8))
    values, ids = probabilities.sort(descending=True)
    assert [guess.probability for guess in found] == values[:7].tolist()
    assert [guess.word for guess in found] == guesser.tokenizer.convert_ids_to_tokens(ids[:7].tolist())


@pytest.mark.parametrize("rank", [1, 2, 50, 30522])
def test_a_rated_token_has_its_probability_and_rank(guesser, output, rank):
    probabilities = output.logits[3].softmax(dim=-1)
    token = probabilities.argsort(descending=True)[rank - 1]
    guess = bert.rated(guesser, output, 3, token)
    assert guess.probability == probabilities[token].item()
    assert guess.rank == (probabilities > probabilities[token]).sum() + 1 <= rank  # ties share the better one
    assert guess == bert.rated(guesser, output, 3, token.item())


def test_guesses_and_ratings_agree(guesser, output):
    for guess in bert.guesses(guesser, output, 5, count=3):
        token = guesser.tokenizer.convert_tokens_to_ids(guess.word)
        assert bert.rated(guesser, output, 5, token) == guess


def test_the_answer_is_the_span_that_all_spans_tried_give(reader):
    encoding = bert.encode(reader, QUESTION, CONTEXT)
    start, end = bert.read(reader, encoding).logits.double().unbind(dim=-1)
    places = [place for place, part in enumerate(encoding.parts) if part == 1]
    spans = [(a, b) for a, b in itertools.product(places, places) if 0 <= b - a < bert.LONGEST_ANSWER]
    scores = torch.stack([start[first] + end[last] for first, last in spans])
    found = bert.answer(reader, QUESTION, CONTEXT)
    assert (found.first, found.last) == spans[scores.argmax()]
    assert found.probability == pytest.approx(scores.softmax(dim=0).max().item(), rel=1e-4)
    assert found.text == encoding.spelled(found.first, found.last)
    assert found.text in CONTEXT


def test_answers_are_never_longer_than_allowed_nor_outside():
    draw = torch.Generator().manual_seed(0)
    for tokens in (5, 60):
        allowed = torch.rand(tokens, generator=draw) < 0.7
        scores = bert.span_scores(*torch.randn(2, tokens, generator=draw), allowed)
        for first, last in itertools.product(range(tokens), repeat=2):
            possible = allowed[first] and allowed[last] and 0 <= last - first < bert.LONGEST_ANSWER
            assert scores[first, last].isfinite() == possible


def test_the_best_span_is_where_the_highest_score_is():
    scores = torch.full((7, 7), -torch.inf)
    scores[2, 5], scores[3, 3] = 1.5, 1.0
    assert bert.best_span(scores) == (2, 5)


def test_a_model_says_which_task_it_was_not_loaded_for(guesser, reader, encoding, output):
    read = bert.read(reader, encoding)
    for call in (bert.guesses, bert.rated):
        with pytest.raises(ValueError, match='does not guess words; load it with task="words"'):
            call(reader, read, 1, 1)
    with pytest.raises(ValueError, match='does not answer questions; load it with task="questions"'):
        bert.best_answer(encoding, output)
    with pytest.raises(ValueError, match=r"no context to find an answer in; encode\(model, question, context\)"):
        bert.best_answer(encoding, read)
