"""The checks of 09_embedding_layers: honest variation passes, each kind of mistake fails, nothing raises."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from answers.records import embedding_layers as records
from helpers import bert, passages
from helpers.embedding_layers import project

NAMES = list(records.TOKENS)
BY_NAME = {record.name: record for record in records.RECORDS}


@pytest.fixture(scope="module")
def model():
    return records.reference_model()


@pytest.fixture(scope="module")
def readings(model):
    return {name: passages.read_passage(model, text) for name, text in passages.load_passages().items()}


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def states(readings, name):
    return readings[name].output.hidden_states


def shares(values, model, name):
    parts = BY_NAME[f"reduced_{name}"].check({f"reduced_{name}": np.asarray(values, np.float32)}, model)
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def test_shapes_are_those_of_the_readings(states, name):
    assert BY_NAME[f"reduced_{name}"].shape == (*states.shape[:2], 2)


def test_scikit_learns_principal_components_pass(model, states, name):
    assert shares(np.stack([PCA(2).fit_transform(layer) for layer in states.numpy()]), model, name) == [1] * 7


def test_covariance_in_float64_passes_with_any_signs(model, states, name):
    own = records.reference_model()
    own.network.double()
    text = passages.load_passages()[name]
    exact = bert.read(own, bert.encode(own, text.question, text.context)).hidden_states
    centred = exact - exact.mean(dim=1, keepdim=True)
    directions = torch.linalg.eigh(centred.mT @ centred).eigenvectors[..., [-1, -2]]  # (layers, dim, 2)
    signs = torch.tensor([[1.0, -1], [-1, 1], [-1, -1]]).repeat(3, 1)[:7, None]
    assert shares(centred @ directions * signs, model, name) == [1] * 7


def test_another_implementation_of_attention_passes(model, readings, name):
    own = records.reference_model()
    own.network.set_attn_implementation("sdpa")
    encoding = readings[name].encoding
    with torch.no_grad():
        output = own.network(encoding.ids[None], token_type_ids=encoding.types[None], output_hidden_states=True)
    assert shares(project(torch.cat(output.hidden_states)), model, name) == [1] * 7


def svd_of(states):
    return torch.linalg.svd(states - states.mean(dim=1, keepdim=True), full_matrices=False)


MISTAKES = {
    "not centred": lambda h: h @ torch.linalg.svd(h, full_matrices=False)[2][:, :2].mT,
    "first two dimensions": lambda h: h[..., :2],
    "left singular vectors": lambda h: svd_of(h)[0][..., :2],
    "left singular vectors without components": lambda h: h.mT.new_tensor(svd_of(h)[0][..., :2].numpy()) * 10,
    "components exchanged": lambda h: project(h).flip(2),
    "second and third": lambda h: project(h, 3)[..., 1:],
    "the smallest": lambda h: svd_of(h)[0][..., -2:] * svd_of(h)[1][:, None, -2:],
    "standardised dimensions": lambda h: project((h - h.mean(1, True)) / h.std(1, keepdim=True)),
    "normalised tokens": lambda h: project(torch.nn.functional.normalize(h, dim=-1)),
    "tokens in another order": lambda h: project(h).flip(1),
    "random": lambda h: torch.randn(*h.shape[:2], 2, generator=torch.Generator().manual_seed(0)),
    "zeros": lambda h: torch.zeros(*h.shape[:2], 2),
    "NaN": lambda h: torch.full((*h.shape[:2], 2), torch.nan),
    "infinite": lambda h: torch.full((*h.shape[:2], 2), torch.inf),
    "huge": lambda h: torch.full((*h.shape[:2], 2), 3e38),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistaken_projection_passes(model, states, name, mistake):
    assert shares(MISTAKES[mistake](states), model, name) == [0] * 7


def test_the_wrong_layers_do_not_pass(model, states, name):
    assert shares(project(states).roll(1, 0), model, name) == [0] * 7


def test_all_layers_projected_together_do_not_pass(model, states, name):
    together = project(states.flatten(0, 1)).view(*states.shape[:2], 2)
    assert shares(together, model, name) == [0] * 7


def test_the_encoder_that_learned_nothing_has_the_embeddings_only(model, readings, name):
    before = readings[name].by(bert.load_model("all-MiniLM-L6-v2", task=None, device="cpu"))
    assert shares(project(before.output.hidden_states), model, name) == [1] + [0] * 6


def test_one_wrong_layer_is_named_with_its_component(model, states, name):
    values = project(states)
    values[3, :, 1] = values[3, :, 1].flip(0)
    check = BY_NAME[f"reduced_{name}"].check
    parts = check({f"reduced_{name}": values.numpy()}, model)
    assert [part.share for part in parts] == [1, 1, 1, 0, 1, 1, 1]
    assert f"Layer 3 of the passage {name}: the second component differs" in parts[3].reason


def span_shares(values, model):
    parts = records.check_spans({"spans": np.asarray(values, np.int64)}, model)
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def test_the_models_spans_pass_and_others_do_not(model, readings):
    right = np.array([(each.answer.first, each.answer.last) for each in readings.values()])
    assert span_shares(right, model) == [1] * 3
    for wrong in (right + 1, right - 1, right * [1, 0], right[:, ::-1] + [1, 0], 0 * right, right + 2**62):
        assert span_shares(wrong, model) == [0] * 3


def test_one_right_span_counts_on_its_own(model, readings):
    right = np.array([(each.answer.first, each.answer.last) for each in readings.values()])
    right[1] += 1
    assert span_shares(right, model) == [1, 0, 1]


def test_points_add_up_to_two():
    assert sum(record.points for record in records.RECORDS) == 2
