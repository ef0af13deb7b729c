import numpy as np
import pytest
import torch
from PIL import Image

from helpers import imagenet, photographs, weight_files
from helpers.torchvision_import import torchvision


@pytest.fixture(scope="module")
def squeezenet():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return torchvision.models.squeezenet1_1().eval()


@pytest.fixture
def squeezenet_file(squeezenet, tmp_path):
    torch.save(squeezenet.state_dict(), tmp_path / "squeezenet.pth")
    return tmp_path / "squeezenet.pth"


@pytest.fixture
def hub(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    return tmp_path / "hub" / "checkpoints"


def test_it_is_in_evaluation_mode_and_without_parameter_gradients(model):
    assert not any(module.training for module in model.modules())
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_folding_and_memory_format_do_not_change_the_logits(model, photos, monkeypatch):
    monkeypatch.setattr(imagenet, "_fold_lite0", lambda network: network)
    plain = imagenet.load_model(device="cpu").to(memory_format=torch.contiguous_format)
    torch.testing.assert_close(model(photos), plain(photos), atol=1e-4, rtol=0)


def test_all_batch_normalisations_are_folded(model):
    assert not [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]


def test_it_sees_what_is_in_the_photographs(model, photos):
    best = [lines[0] for lines in imagenet.predict(model, photos, k=1)]
    assert [line.category for line in best] == ["espresso", "tripod", "missile"]


@pytest.mark.parametrize(
    ("mean", "std"), [([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), ([0.0] * 3, [1.0] * 3)], ids=["imagenet", "none"]
)
def test_its_own_normalisation_makes_it_surest_of_the_right_classes(model, photos, labels, mean, std):
    other = imagenet.load_model(device="cpu", mean=mean, std=std)
    own_loss, other_loss = (torch.nn.functional.cross_entropy(m(photos), labels) for m in (model, other))
    assert own_loss < other_loss


def test_a_normalisation_in_front_equals_normalised_images(model, photos):
    bare = imagenet.load_model(device="cpu", mean=[0.0] * 3, std=[1.0] * 3)
    torch.testing.assert_close(bare((photos - model.mean) / model.std), model(photos))


def test_squeezenet_loads_from_a_file(squeezenet, squeezenet_file, photos):
    loaded = imagenet.load_model("squeezenet1_1", weights=squeezenet_file, device="cpu")
    normalised = (photos - loaded.mean) / loaded.std
    torch.testing.assert_close(loaded(photos), squeezenet(normalised))
    assert loaded.mean.flatten().tolist() == pytest.approx([0.485, 0.456, 0.406])


def test_squeezenet_loads_from_the_cache_of_torch_hub(squeezenet, hub, photos):
    url = torchvision.models.get_model_weights("squeezenet1_1").DEFAULT.url
    torch.save(squeezenet.state_dict(), hub / url.rsplit("/", 1)[1])
    loaded = imagenet.load_model("squeezenet1_1", device="cpu")
    torch.testing.assert_close(loaded((photos - 0.5) * 0 + 0.5).shape, torch.Size([3, 1000]))


@pytest.mark.usefixtures("hub")
def test_missing_weights_name_the_two_ways_to_get_them():
    with pytest.raises(FileNotFoundError, match=r"no weights for 'squeezenet1_1'.*save https.*weights="):
        imagenet.load_model("squeezenet1_1")


def test_an_unknown_model_suggests_near_ones():
    with pytest.raises(ValueError, match=r"'squeezenet11'; did you mean 'squeezenet1_1'"):
        imagenet.load_model("squeezenet11")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"\x80\x02."], ids=["empty", "text", "pickle"])
def test_a_broken_file_gives_one_line(tmp_path, content):
    path = tmp_path / "broken.pth"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"broken\.pth is not a file of weights") as raised:
        imagenet.load_model("squeezenet1_1", weights=path)
    assert "\n" not in str(raised.value)


def test_weights_of_another_network_give_one_line(squeezenet_file):
    with pytest.raises(ValueError, match=r"does not hold weights of 'resnet18'") as raised:
        imagenet.load_model("resnet18", weights=squeezenet_file)
    assert "\n" not in str(raised.value)


def test_a_file_that_holds_no_state_dict_is_refused(tmp_path):
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(ValueError, match=r"holds list, not a state dict"):
        imagenet.load_model("squeezenet1_1", weights=tmp_path / "list.pth")


def test_a_path_that_does_not_exist(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file of weights"):
        imagenet.load_model("squeezenet1_1", weights=tmp_path / "none.pth")


def test_old_names_in_densenet_files_are_understood(tmp_path):
    state = torchvision.models.densenet121().state_dict()
    old = {key.replace("norm1.", "norm.1.").replace("conv2.", "conv.2."): value for key, value in state.items()}
    torch.save(old, tmp_path / "densenet.pth")
    weight_files.load_into(torchvision.models.densenet121(), tmp_path / "densenet.pth", "densenet121")


def test_categories_are_found_by_name_and_near_names_are_suggested(model):
    assert model.categories[model.category_index("stingray")] == "stingray"
    with pytest.raises(ValueError, match=r"'stingrey'; did you mean 'stingray'"):
        model.category_index("stingrey")


def test_there_are_a_thousand_different_categories(model):
    assert len(set(model.categories)) == 1000


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.zeros(3, 8, 8), r"must be \(N, 3, H, W\), got \(3, 8, 8\); pass image\[None\]"),
        (torch.zeros(1, 8, 8, 3), r"got \(1, 8, 8, 3\)"),
        (torch.zeros(1, 3, 8, 8, dtype=torch.uint8), r"got torch.uint8; divide by 255"),
        (np.zeros((1, 3, 8, 8)), r"must be a torch tensor, got ndarray"),
    ],
)
def test_images_of_another_form_are_refused(model, images, message):
    with pytest.raises(ValueError, match=message):
        model(images)


def test_a_square_photograph_of_the_right_size_passes_unchanged():
    pixels = np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    assert np.array_equal(imagenet.deprocess(imagenet.preprocess(pixels))[0], pixels)


@pytest.mark.parametrize("shape", [(300, 500), (500, 300), (224, 1000), (50, 60)])
def test_the_centre_of_a_photograph_is_kept(shape):
    pixels = np.zeros((*shape, 3), np.uint8)
    row, column = shape[0] // 2, shape[1] // 2
    pixels[row - 5 : row + 5, column - 5 : column + 5] = 255
    light = imagenet.preprocess(pixels)[0, 0]
    centre = torch.nonzero(light > 0.5).float().mean(dim=0)
    assert light.shape == (224, 224)
    assert (centre - 111.5).abs().max() < 3


def test_paths_pictures_and_arrays_of_both_kinds_agree(tmp_path):
    photo = photographs.open_photograph("coffee")
    photo.save(tmp_path / "coffee.png")
    pixels = np.asarray(photo)
    results = [imagenet.preprocess(p) for p in (photo, tmp_path / "coffee.png", pixels, pixels / 255.0)]
    assert all(torch.equal(result, results[0]) for result in results)


def test_grey_and_transparent_pictures_become_three_channels():
    grey = np.full((224, 224), 100, np.uint8)
    for photo in (grey, np.stack([grey] * 4, axis=-1), Image.fromarray(grey)):
        assert torch.equal(imagenet.preprocess(photo), torch.full((1, 3, 224, 224), 100 / 255))


@pytest.mark.parametrize(
    "pixels", [np.zeros((3, 8, 8)), np.full((8, 8), 2.0), np.full((8, 8), np.nan), np.zeros((8, 8), int)]
)
def test_arrays_of_another_form_are_refused(pixels):
    with pytest.raises(ValueError, match="photo must be"):
        imagenet.preprocess(pixels)


def test_predictions_are_sorted_and_equal_the_softmax(model, photos):
    probabilities = model(photos).softmax(dim=1)
    for row, lines in enumerate(imagenet.predict(model, photos, k=4)):
        assert [line.probability for line in lines] == sorted((line.probability for line in lines), reverse=True)
        assert all(probabilities[row, line.index].item() == pytest.approx(line.probability) for line in lines)
