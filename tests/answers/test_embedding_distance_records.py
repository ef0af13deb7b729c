"""The checks of 10_embedding_distance: honest variation passes, each kind of mistake fails, nothing raises."""

import numpy as np
import pytest
import torch
from scipy.spatial import distance as scipy_distance
from torch.nn.functional import cosine_similarity as torch_cosine

from answers.records import embedding_distance as records
from helpers import function_calls
from helpers.embedding_distance import GIVEN_LAYER, load_sentences, word_embeddings

CHECKS = {
    "euclidean_distance": (records.check_euclidean, "euclidean_distances"),
    "cosine_similarity": (records.check_cosine, "cosine_similarities"),
}
PARTS = len(records.KINDS)


@pytest.fixture(scope="module")
def model():
    return records.reference_model()


@pytest.fixture(scope="module")
def embeddings(model):
    sentences = load_sentences()
    return word_embeddings(model, sentences.texts, sentences.word)


@pytest.fixture(scope="module", params=CHECKS)
def name(request):
    return request.param


def parts_of(matrix, model, name):
    check, record = CHECKS[name]
    parts = check({record: np.asarray(matrix, np.float32)}, model)
    assert all(part.reason.endswith(".") for part in parts)
    return parts


def shares(matrix, model, name):
    return [part.share for part in parts_of(matrix, model, name)]


def test_matrices_in_single_precision_by_other_formulas_pass(model, embeddings):
    vectors = embeddings[GIVEN_LAYER]
    squares = vectors.square().sum(dim=1)
    distances = (squares[:, None] + squares - 2 * vectors @ vectors.T).clamp_min(0).sqrt()
    unit = vectors / vectors.norm(dim=1, keepdim=True)
    assert (
        shares(distances, model, "euclidean_distance") == shares(unit @ unit.T, model, "cosine_similarity") == [1] * 10
    )


def test_another_attention_in_float64_passes(model):
    exact = records.reference_model()
    exact.network.double().set_attn_implementation("sdpa")
    sentences = load_sentences()
    columns = []
    for text in sentences.texts:
        ids = exact.tokenizer(text, return_tensors="pt", return_token_type_ids=True)
        states = exact.network(**ids, output_hidden_states=True).hidden_states[GIVEN_LAYER][0]
        columns.append(states[exact.tokenizer.tokenize(text).index("apple") + 1])
    vectors = torch.stack(columns)
    assert shares(torch.cdist(vectors, vectors), model, "euclidean_distance") == [1] * 10
    assert shares(torch_cosine(vectors[:, None], vectors, dim=2), model, "cosine_similarity") == [1] * 10


@pytest.mark.parametrize("layer", [0, 1, 2, 3, 5, 6])
def test_no_other_layer_passes_and_it_is_named(model, name, layer):
    parts = parts_of(records.references(model)[name][layer], model, name)
    assert [part.share for part in parts] == [0] * 10
    assert parts[0].hint == f"This is the matrix of layer {layer}; layer {GIVEN_LAYER} is asked for."


MISTAKES = {
    "squared": np.square,
    "1 minus": lambda m: 1 - m,
    "divided by the largest": lambda m: m / m.max() * (1 - 1e-2),
    "other sentences first": np.flip,
    "upper half": np.triu,
    "rounded": np.round,
    "of zeros": np.zeros_like,
    "of ones": np.ones_like,
    "random": lambda m: np.random.default_rng(0).random(m.shape) * m.max(),
    "of NaN": lambda m: np.full_like(m, np.nan),
    "infinite": lambda m: np.full_like(m, np.inf),
    "huge": lambda m: np.full_like(m, 3e38),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistaken_matrix_passes(model, name, mistake):
    matrix = records.references(model)[name][GIVEN_LAYER]
    assert shares(MISTAKES[mistake](matrix), model, name) == [0] * 10


def test_squares_and_cosine_distances_are_called_what_they_are(model):
    distances, similarities = (by_layer[GIVEN_LAYER] for by_layer in records.references(model).values())
    assert "squares" in parts_of(distances**2, model, "euclidean_distance")[0].hint
    assert "1 - similarity" in parts_of(1 - similarities, model, "cosine_similarity")[0].hint


def test_the_other_measure_does_not_pass(model, name):
    other = next(each for each in CHECKS if each != name)
    assert shares(records.references(model)[other][GIVEN_LAYER], model, name) == [0] * 10


def test_one_wrong_value_costs_its_row_and_its_column(model, name):
    matrix = records.references(model)[name][GIVEN_LAYER].copy()
    matrix[2, 7] += 0.5
    parts = parts_of(matrix, model, name)
    assert [row for row, part in enumerate(parts) if not part.share] == [2, 7]
    assert "sentence 3 differs" in parts[2].reason


def called(*functions, cases=records.CALLS.cases):
    """The record of the grader's calls: (functions, cases, 2)."""
    return np.array([[function_calls.call(each, *case)[:2] for case in cases] for each in functions])


def judged(**functions):
    """Name of a function -> its parts."""
    chosen = [functions.get(name, records.REFERENCES[name]) for name in records.NAMES]
    parts = records.check_functions({"distance_functions": called(*chosen)}, None)
    assert all(part.reason.endswith(".") for part in parts)
    return dict(zip(records.NAMES, (parts[:PARTS], parts[PARTS:]), strict=True))


def failed(name, function):
    """The kinds of vectors for which a function loses its share; the other function keeps all of its own."""
    by_name = judged(**{name: function})
    assert all(part.share == 1 for other in records.NAMES if other != name for part in by_name[other])
    return [kind for kind, part in zip(records.KINDS, by_name[name], strict=True) if part.share < 1]


def in_float64(function):
    return lambda a, b: function(np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64))


def careful_cosine(a, b):
    return a @ b / np.sqrt((a @ a) * (b @ b)) if a.any() and b.any() else 0


EVERYTHING = list(records.KINDS)
HARD = ["large vectors", "tiny vectors"]
EUCLIDEAN = {
    "scipy": (in_float64(scipy_distance.euclidean), []),
    "loops": (lambda a, b: sum((float(x) - float(y)) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5, []),
    "inner products": (in_float64(lambda a, b: np.sqrt(max(a @ a + b @ b - 2 * a @ b, 0))), []),
    "torch": (lambda a, b: torch.dist(torch.as_tensor(a).double(), torch.as_tensor(b).double()), []),
    "without float64": (lambda a, b: ((a - b) ** 2).sum() ** 0.5, HARD),
    "of arrays only": (in_float64(lambda a, b: np.linalg.norm(a - b)), []),
    "of NumPy's methods": (lambda a, b: np.linalg.norm(a.astype(np.float64) - b.astype(np.float64)), ["tensors"]),
    "squared": (in_float64(lambda a, b: ((a - b) ** 2).sum()), EVERYTHING),
    "mean": (in_float64(lambda a, b: np.sqrt(((a - b) ** 2).mean())), EVERYTHING),
    "city block": (in_float64(lambda a, b: np.abs(a - b).sum()), EVERYTHING),
    "zero": (lambda a, b: 0.0, EVERYTHING),
    "None": (lambda a, b: None, EVERYTHING),
}
COSINE = {
    "careful": (in_float64(careful_cosine), []),
    "without the convention": (
        in_float64(lambda a, b: a @ b / (np.linalg.norm(a) * np.linalg.norm(b))),
        ["zero vectors"],
    ),
    "with an epsilon": (
        in_float64(lambda a, b: a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-8)),
        ["tiny vectors"],
    ),
    "torch": (lambda a, b: torch_cosine(torch.as_tensor(a), torch.as_tensor(b), dim=0), HARD),
    "cosine distance": (in_float64(lambda a, b: 1 - careful_cosine(a, b)), EVERYTHING),
    "inner product": (in_float64(lambda a, b: a @ b), EVERYTHING),
    "absolute": (in_float64(lambda a, b: abs(careful_cosine(a, b))), EVERYTHING),
    "zero": (lambda a, b: 0.0, EVERYTHING),
    "one": (lambda a, b: 1.0, EVERYTHING),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # students' overflows and divisions
@pytest.mark.parametrize("way", EUCLIDEAN)
def test_a_euclidean_distance_loses_what_it_fails_at(way):
    function, kinds = EUCLIDEAN[way]
    assert failed("euclidean_distance", function) == kinds


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("way", COSINE)
def test_a_cosine_similarity_loses_what_it_fails_at(way):
    function, kinds = COSINE[way]
    assert failed("cosine_similarity", function) == kinds


def first_reason(name, function):
    return judged(**{name: function})[name][0].reason


def test_the_reason_names_what_was_returned_instead():
    assert "square of the distance" in first_reason("euclidean_distance", EUCLIDEAN["squared"][0])
    assert "cosine distance" in first_reason("cosine_similarity", COSINE["cosine distance"][0])
    assert "inner product" in first_reason("cosine_similarity", COSINE["inner product"][0])
    assert "its value is wrong" in first_reason("cosine_similarity", COSINE["one"][0])


@pytest.mark.parametrize("outcome", list(records.OUTCOMES))
def test_each_outcome_has_its_sentence(outcome):
    rows = called(*records.REFERENCES.values())
    rows[1, 0] = 0, outcome
    parts = records.check_functions({"distance_functions": rows}, None)
    assert records.OUTCOMES[outcome] in parts[PARTS].reason
    assert [part.share for part in parts] == [1] * PARTS + [0] * PARTS


@pytest.mark.parametrize("value", [0, 1, -1, 99, 1e308, np.nan, np.inf])
def test_forged_numbers_pass_for_nothing(value):
    rows = np.full((len(records.NAMES), len(records.CALLS.cases), 2), value, dtype=np.float64)
    assert not any(part.share for part in records.check_functions({"distance_functions": rows}, None))


def test_the_vectors_are_what_they_are_said_to_be():
    for kind, dtype, vectors in records.CALLS.cases:
        assert kind in ("numpy", "torch")
        assert len(vectors) == 2
        assert all(np.array(vector, dtype).astype(np.float64).tolist() == list(vector) for vector in vectors)
    for case in (*records.KINDS["large vectors"], *records.KINDS["tiny vectors"]):
        values = np.array(case[2])
        assert np.isfinite(values**4).all()
        assert (np.abs(values) ** 4 > 0).all()


def test_points_add_up_to_two():
    assert sum(record.points for record in records.RECORDS) == 2
