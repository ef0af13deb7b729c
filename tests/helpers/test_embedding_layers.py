"""Principal components of hidden states, and the numbers that say what lies near what."""

import dataclasses

import pytest
import torch
from sklearn.decomposition import PCA

from helpers import bert, embedding_layers, passages
from helpers.embedding_layers import project


@pytest.fixture(scope="module")
def model():
    return bert.load_model(task="questions", device="cpu")


@pytest.fixture(scope="module")
def text():
    return passages.load_passages()["date"]


@pytest.fixture(scope="module")
def reading(model, text):
    return passages.read_passage(model, text)


def noise(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_it_is_scikit_learns_pca_sign_included():
    states = noise(20, 7)
    torch.testing.assert_close(project(states), torch.from_numpy(PCA(2).fit_transform(states.numpy())))


def test_every_layer_is_projected_on_its_own():
    states = noise(3, 20, 7)
    torch.testing.assert_close(project(states), torch.stack([project(layer) for layer in states]))


def test_a_shift_changes_nothing_and_a_rotation_no_distance():
    states = noise(20, 7)
    rotation = torch.linalg.qr(noise(7, 7)).Q
    torch.testing.assert_close(project(states + 5), project(states))
    distances, rotated = (torch.cdist(each, each) for each in (project(states), project(states @ rotation)))
    torch.testing.assert_close(distances, rotated)


def test_points_of_a_plane_keep_their_distances():
    plane = noise(20, 2) @ torch.linalg.qr(noise(7, 7)).Q[:2]
    torch.testing.assert_close(torch.cdist(project(plane), project(plane)), torch.cdist(plane, plane))
    assert float(embedding_layers.kept_share(plane)) == pytest.approx(1)


def test_the_kept_share_is_scikit_learns():
    states = noise(20, 7)
    expected = PCA(2).fit(states.numpy()).explained_variance_ratio_.sum()
    assert float(embedding_layers.kept_share(states)) == pytest.approx(expected)


@pytest.mark.parametrize("shape", [(7,), (1, 7), (20, 1)])
def test_too_few_tokens_or_dimensions_are_refused(shape):
    with pytest.raises(ValueError, match=r"must be \(..., tokens, dim\), both at least 2, got"):
        project(torch.zeros(shape))


def test_similarities_are_correlations_with_the_mean_token_removed():
    alike = embedding_layers.similarities(noise(2, 20, 7) + 100)
    torch.testing.assert_close(alike.diagonal(dim1=1, dim2=2), torch.ones(2, 20, dtype=torch.float64))
    torch.testing.assert_close(alike, embedding_layers.similarities(noise(2, 20, 7)))


def test_logits_that_are_linear_in_the_coordinates_are_read_off_wholly_and_noise_hardly():
    coordinates = noise(2, 200, 2)
    linear = coordinates[0] @ noise(2, 2) + 5
    shares = embedding_layers.share_of_logits(coordinates, linear)
    torch.testing.assert_close(shares[0], torch.ones(2))
    assert float(shares[1].max()) < 0.1


def with_states(reading, states):
    """The reading of a network with one layer, whose hidden states are these."""
    output = bert.Output(states.float()[None], reading.output.attentions, reading.output.logits)
    return dataclasses.replace(reading, output=output)


def test_equal_vectors_of_equal_tokens_are_nearest_neighbours(reading):
    _, kinds = reading.encoding.ids.unique(return_inverse=True)
    vectors = torch.eye(int(kinds.max()) + 1)[kinds]
    assert float(embedding_layers.same_word_share(with_states(reading, vectors))) == 1
    assert float(embedding_layers.same_word_share(with_states(reading, noise(len(reading.roles), 9)))) < 0.5


def test_sentences_that_gather_have_the_largest_contrast(reading):
    numbers = torch.tensor(passages.sentence_numbers(reading.encoding))
    gathered = with_states(reading, torch.eye(4)[numbers])
    scattered = with_states(reading, noise(len(numbers), 300))
    assert float(embedding_layers.sentence_contrast(gathered)) > 1
    assert abs(float(embedding_layers.sentence_contrast(scattered))) < 0.05


def test_the_answer_is_as_far_as_it_is_moved(reading):
    states = noise(len(reading.roles), 9)
    rest = reading.places("support", "context")
    middle = states[rest].mean(dim=0)
    spread = (states[rest] - middle).square().sum(dim=1).mean().sqrt()
    states[reading.places("answer")] = middle + torch.eye(9)[0] * 3 * spread
    assert float(embedding_layers.distance_of_answer(with_states(reading, states))) == pytest.approx(3, abs=1e-5)


def test_the_same_question_changes_nothing_and_another_not_the_embeddings(model, text, reading):
    same = embedding_layers.change_by_question(reading, reading)
    torch.testing.assert_close(same, torch.zeros(7), atol=1e-5, rtol=0)
    other = embedding_layers.change_by_question(reading, passages.read_passage(model, text, text.twin))
    assert float(other[0]) < 1e-5 < 1e-3 < float(other[-1])


def test_questions_of_different_lengths_are_refused(model, text, reading):
    with pytest.raises(ValueError, match="as many tokens, got readings of 64 and"):
        embedding_layers.change_by_question(reading, passages.read_passage(model, text, "When?"))


def test_there_is_a_number_for_each_stage_and_layer(model, text, reading):
    numbers = embedding_layers.stage_numbers(reading, passages.read_passage(model, text, text.twin))
    assert {name: values.shape for name, values in numbers.items()} == dict.fromkeys(numbers, (7,))
    assert all(values.isfinite().all() for values in numbers.values())
