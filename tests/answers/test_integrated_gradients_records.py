"""The checks of 05_integrated_gradients: honest variation passes, each kind of mistake fails, nothing raises."""

import numpy as np
import pytest
import torch

from answers.records import integrated_gradients as records
from helpers import food
from helpers.integrated_gradients import integrated_gradients, make_baselines, path_gradients

CHECKS = {
    "black": (records.check_black, "integrated_gradients"),
    "blurred": (records.check_blurred, "integrated_gradients_blurred"),
}


@pytest.fixture(scope="module")
def model():
    return records.reference_model()


@pytest.fixture(scope="module")
def pictures():
    return food.load_ten()


@pytest.fixture(scope="module", params=CHECKS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def baselines(pictures, kind):
    return make_baselines(kind, pictures.images)


@pytest.fixture(scope="module")
def gradients(model, pictures, baselines):
    """The mean gradients along the paths, of which the attributions are made."""
    return path_gradients(model, pictures.images, pictures.labels, baselines, records.STEPS)


def shares(values, model, kind):
    check, name = CHECKS[kind]
    parts = check({name: np.asarray(values, np.float32)}, model)
    assert all(part.reason.endswith(".") for part in parts)
    return [part.share for part in parts]


def padded(values):
    """The attributions of the first pictures, zeros for the others."""
    return torch.cat([values, torch.zeros(records.COUNT - len(values), 3, records.SIDE, records.SIDE)])


def test_the_plain_model_one_picture_at_a_time_passes(model, pictures, baselines, kind):
    """Written as a student would: without folding, in another memory format, with the sum taken step by step."""
    network = torch.nn.Sequential(records.reference_model()).to(memory_format=torch.contiguous_format).eval()
    first = [tensor[:1] for tensor in (pictures.images, pictures.labels, baselines)]
    own = integrated_gradients(network, *first, steps=records.STEPS, batch_size=1)
    assert shares(padded(own), model, kind) == [1] + [0] * 9


def test_float64_passes(model, pictures, kind):
    image, exact = pictures.images[:1].double(), records.reference_model().double()
    own = integrated_gradients(exact, image, pictures.labels[:1], make_baselines(kind, image), records.STEPS)
    assert shares(padded(own), model, kind) == [1] + [0] * 9


MISTAKES = {
    "without the factor": lambda g, x, b: g,
    "times the picture, not the difference": lambda g, x, b: (x if b.any() else -x) * g,
    "from picture to baseline": lambda g, x, b: (b - x) * g,
    "absolute": lambda g, x, b: ((x - b) * g).abs(),
    "mean over channels": lambda g, x, b: ((x - b) * g).mean(dim=1, keepdim=True).expand_as(x),
    "sum instead of mean": lambda g, x, b: 32 * (x - b) * g,
    "rescaled": lambda g, x, b: (x - b) * g / ((x - b) * g).abs().amax(dim=(1, 2, 3), keepdim=True),
    "of zeros": lambda g, x, b: torch.zeros_like(g),
    "of NaN": lambda g, x, b: torch.full_like(g, torch.nan),
    "infinite": lambda g, x, b: torch.full_like(g, torch.inf),
    "huge": lambda g, x, b: torch.full_like(g, 3e38),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistaken_attribution_passes(model, gradients, pictures, baselines, kind, mistake):
    assert shares(MISTAKES[mistake](gradients, pictures.images, baselines), model, kind) == [0] * 10


def test_gradient_times_input_does_not_pass(model, pictures, baselines, kind):
    end = path_gradients(model, pictures.images, pictures.labels, pictures.images, steps=1)  # a path of one point
    assert shares((pictures.images - baselines) * end, model, kind) == [0] * 10


@pytest.mark.parametrize(("rule", "steps"), [("left", 32), ("left", 10), ("gauss_legendre", 16)])
def test_another_rule_or_number_of_steps_does_not_pass(model, pictures, baselines, kind, rule, steps):
    first = [tensor[:3] for tensor in (pictures.images, pictures.labels, baselines)]
    own = integrated_gradients(model, *first, steps, rule)
    assert shares(padded(own), model, kind) == [0] * 10


def test_one_right_picture_counts_on_its_own_and_the_reason_names_the_others(
    model, gradients, pictures, baselines, kind
):
    values = (pictures.images - baselines) * gradients
    values[4] = values[4].flip(1)
    check, name = CHECKS[kind]
    parts = check({name: values.numpy()}, model)
    assert [part.share for part in parts] == [1] * 4 + [0] + [1] * 5
    assert f"picture 4 from the {kind} baseline differs" in parts[4].reason


def test_points_add_up_to_two():
    assert sum(record.points for record in records.RECORDS) == 2
