import pytest
import torch
from captum.attr import IntegratedGradients
from torch import nn

from helpers.food import FoodCNN, load_model, load_pictures
from helpers.integrated_gradients import (
    BASELINES,
    completeness,
    integrated_gradients,
    make_baselines,
    path_gradients,
    path_images,
    quadrature,
)

TARGETS = torch.tensor([0, 4])
RULES = {"gauss_legendre": "gausslegendre", "left": "riemann_left"}


@pytest.fixture
def images(noise_images):
    return noise_images[:2]


def distance(values, expected):
    return float((values - expected).norm() / expected.norm())


@pytest.fixture
def float64():
    """Captum draws its noise and places its steps in the default dtype."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ["blurred", "noise"])
def test_it_equals_captum(food_cnn, images, rule, kind):
    # not from a flat baseline: there whole areas tie for the maximum of a pool, and rounding chooses who gets it
    baselines = images.flip(0, 2) if kind == "noise" else make_baselines(kind, images)
    options = {"n_steps": 12, "method": RULES[rule], "target": TARGETS}
    expected = IntegratedGradients(food_cnn).attribute(images, baselines, **options)
    assert distance(integrated_gradients(food_cnn, images, TARGETS, baselines, 12, rule), expected) < 1e-4


def test_from_black_inside_the_path_it_equals_captum_too(food_cnn, images):
    expected = IntegratedGradients(food_cnn).attribute(images, target=TARGETS, n_steps=12, method="gausslegendre")
    assert distance(integrated_gradients(food_cnn, images, TARGETS, steps=12), expected) < 1e-4


@pytest.fixture(scope="module")
def trained():
    return load_model(device="cpu")


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("rule", RULES)
def test_of_a_picture_of_food_it_equals_captum_too(rule):
    network, picture = load_model(device="cpu").double(), load_pictures(names=["3_2"])  # in float64: see `food_cnn`
    image, target = picture.images.double(), picture.labels
    baselines = make_baselines("blurred", image)
    options = {"n_steps": 6, "method": RULES[rule], "target": target}
    expected = IntegratedGradients(network).attribute(image, baselines, **options)
    assert distance(integrated_gradients(network, image, target, baselines, 6, rule), expected) < 1e-4


@pytest.mark.parametrize("kind", BASELINES)
def test_it_sums_to_the_difference_of_the_logits(trained, kind):
    pictures = load_pictures(names=["3_2", "8_7"])
    baselines = make_baselines(kind, pictures.images)
    attributions = integrated_gradients(trained, pictures.images, pictures.labels, baselines, steps=64)
    sums, differences = completeness(trained, pictures.images, pictures.labels, baselines, attributions)
    torch.testing.assert_close(sums, differences, rtol=0.05, atol=0.05)


def test_completeness_says_both_sides(food_cnn, images):
    baselines, attributions = images.flip(2), torch.ones_like(images) / 49152
    sums, differences = completeness(food_cnn, images, TARGETS, baselines, attributions)
    with torch.no_grad():
        logits = [food_cnn(batch).gather(1, TARGETS[:, None])[:, 0] for batch in (images, baselines)]
    torch.testing.assert_close(differences, logits[0] - logits[1])
    torch.testing.assert_close(sums, torch.ones(2).double())


def cubic(images):
    """Logits x1^3 + ... and their negative, with a gradient of 3 x^2."""
    total = images.pow(3).sum(dim=(1, 2, 3))
    return torch.stack([total, -total], dim=1)


@pytest.fixture
def polynomial():
    class Polynomial(nn.Module):
        def forward(self, images):
            return cubic(images)

    return Polynomial().eval()


def test_gauss_legendre_with_two_steps_is_exact_for_a_cubic_and_left_is_not(polynomial):
    images, targets = torch.rand(2, 3, 4, 4).double(), torch.tensor([0, 1])
    sign = torch.tensor([1, -1])[:, None, None, None]
    torch.testing.assert_close(integrated_gradients(polynomial, images, targets, steps=2), sign * images**3)
    left = integrated_gradients(polynomial, images, targets, steps=2, rule="left")
    torch.testing.assert_close(left, sign * images**3 * 3 / 8)  # (3 * 0 + 3 * 1/4) / 2


def test_the_left_sum_converges_with_the_number_of_steps(polynomial):
    images = torch.rand(1, 3, 4, 4).double() + 0.1
    errors = [
        distance(integrated_gradients(polynomial, images, torch.tensor([0]), steps=steps, rule="left"), images**3)
        for steps in (10, 100)
    ]
    assert errors[1] == pytest.approx(errors[0] / 10, rel=0.1)


def test_a_pixel_that_does_not_move_gets_nothing(food_cnn, images):
    baselines = images.clone()
    baselines[..., 40:] = 0
    attributions = integrated_gradients(food_cnn, images, TARGETS, baselines, steps=3)
    assert not attributions[..., :40].any()
    assert attributions[..., 40:].any()


def test_it_is_the_way_times_the_mean_gradient(food_cnn, images):
    baselines = make_baselines("white", images)
    gradients = path_gradients(food_cnn, images, TARGETS, baselines, steps=3)
    expected = integrated_gradients(food_cnn, images, TARGETS, baselines, steps=3)
    torch.testing.assert_close((images - baselines) * gradients, expected)


@pytest.mark.parametrize("batch_size", [1, 3, 4, 100])
def test_the_batch_size_does_not_matter(food_cnn, images, batch_size):
    expected = integrated_gradients(food_cnn, images, TARGETS, steps=5, batch_size=2)
    values = integrated_gradients(food_cnn, images, TARGETS, steps=5, batch_size=batch_size)
    assert distance(values, expected) < 1e-6


def test_the_path_leads_from_the_baseline_to_the_image(images):
    path = path_images(images, 1 - images, [0, 0.5, 1])
    torch.testing.assert_close(path, torch.stack([1 - images, torch.full_like(images, 0.5), images]))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("steps", [1, 2, 32])
def test_weights_sum_to_one_and_positions_lie_on_the_path(rule, steps):
    positions, weights = quadrature(rule, steps)
    assert len(positions) == len(weights) == steps
    assert sum(weights) == pytest.approx(1)
    assert positions == sorted(positions)
    assert positions[0] >= 0
    assert positions[-1] < 1


def test_baselines_are_what_they_are_called(images):
    black, white, blurred, mean = (make_baselines(kind, images) for kind in ("black", "white", "blurred", "mean"))
    assert black.max() == 0
    assert white.min() == 1
    assert blurred.std() < 0.1 * images.std()
    torch.testing.assert_close(mean[1, 2], torch.full((128, 128), float(images[1, 2].mean())).double())
    torch.testing.assert_close(blurred.mean(), images.mean(), atol=5e-3, rtol=0)


def test_the_caller_finds_everything_as_it_was(food_cnn, images):
    own, baselines = images.clone().requires_grad_(), torch.zeros_like(images).requires_grad_()
    attributions = integrated_gradients(food_cnn, own, TARGETS, baselines, steps=2)
    assert own.grad is None
    assert baselines.grad is None
    assert not attributions.requires_grad
    assert torch.equal(own.detach(), images)
    assert all(parameter.grad is None for parameter in food_cnn.parameters())


def test_progress_counts_the_steps(food_cnn, images, capsys):
    integrated_gradients(food_cnn, images, TARGETS, steps=3)
    assert capsys.readouterr().err == ""
    integrated_gradients(food_cnn, images, TARGETS, steps=3, progress=True)
    assert "3/3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": torch.zeros(3, 128, 128)}, r"pass image\[None\]"),
        ({"targets": [1]}, r"targets must be an int64 tensor, got list"),
        ({"baselines": torch.zeros(3, 128, 128)}, r"baselines must be like the images, .* got \(3, 128, 128\)"),
        ({"baselines": 0}, r"baselines must be like the images"),
        ({"steps": 0}, r"steps must be a whole number of at least 1, got 0"),
        ({"rule": "trapezoid"}, r"rule must be 'gauss_legendre' or 'left', got 'trapezoid'"),
        ({"batch_size": -1}, r"batch_size must be a whole number of at least 1, got -1"),
    ],
)
def test_inputs_of_another_form_are_refused(food_cnn, change, message):
    arguments = {"images": torch.zeros(1, 3, 128, 128).double(), "targets": torch.tensor([1])} | change
    with pytest.raises(ValueError, match=message):
        integrated_gradients(food_cnn, **arguments)


def test_unknown_baselines_and_a_model_in_training_mode_are_refused(images):
    with pytest.raises(ValueError, match=r"kind must be one of .* got 'grey'"):
        make_baselines("grey", images)
    with pytest.raises(ValueError, match=r"model.eval\(\)"):
        integrated_gradients(FoodCNN(1), images, TARGETS)
    with pytest.raises(ValueError, match="attributions must be like the images"):
        completeness(FoodCNN(1).eval().double(), images, TARGETS, images, images[0])
