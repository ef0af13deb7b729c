import hashlib
import json
import pickle

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from helpers import food


def save_picture(path, colour="red", size=(128, 128)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, quality=95)


@pytest.fixture
def flat(tmp_path):
    """A folder as the course hands it out: <split>/<label>_<n>.jpg."""
    for name in ("0_2", "10_0", "2_10", "2_9"):
        save_picture(tmp_path / "evaluation" / f"{name}.jpg")
    return tmp_path


@pytest.fixture(scope="module")
def report():
    """What the training wrote about the suite's own weights."""
    return json.loads((food.DATA / "models" / "food_cnn.json").read_text())


@pytest.fixture(params=["state dict", "checkpoint", "safetensors", "half precision"])
def weights(request, food_cnn, tmp_path):
    """A file of the small network's weights, in every form that there is."""
    state = food_cnn.state_dict()
    if request.param in ("safetensors", "half precision"):
        path = tmp_path / "w.safetensors"
        save_file({k: v.half() if request.param == "half precision" and v.ndim else v for k, v in state.items()}, path)
    else:
        path = tmp_path / "checkpoint.pth"
        torch.save({"model_state_dict": state} if request.param == "checkpoint" else state, path)
    return path


def test_layers_have_the_course_s_numbers_and_shapes():
    network = food.FoodCNN(128)
    kinds = "".join(type(layer).__name__[0] for layer in network.cnn)  # Conv2d, BatchNorm2d, ReLU, MaxPool2d
    assert kinds == "CBR" * 3 + "M" + "CBR" * 3 + "M" + "CBR" * 3 + "M" + "CBRM" * 2
    channels = [layer.out_channels for layer in network.cnn if isinstance(layer, nn.Conv2d)]
    assert channels == [128] * 6 + [256] * 3 + [512] * 2
    assert [tuple(layer.weight.shape) for layer in network.fc if isinstance(layer, nn.Linear)] == [
        (1024, 8192),
        (11, 1024),
    ]


def test_weights_load_in_every_form_and_the_width_is_read_off(weights, food_cnn, noise_images):
    model = food.load_model(weights, device="cpu")
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())
    images = noise_images.float()
    torch.testing.assert_close(model(images).double(), food_cnn(images.double()), rtol=0, atol=0.02)


def test_the_suite_s_own_weights_know_nine_of_ten_validation_pictures(report):
    pictures = food.load_pictures(split="validation")
    matrix = food.confusion_matrix(food.load_model(device="cpu"), pictures)
    assert matrix.sum(dim=1).tolist() == [30] * 11
    assert matrix.trace() >= 0.9 * 330
    # rounding moves the probabilities of a picture between two classes by next to nothing
    assert (matrix - torch.tensor(report["validation_confusion"])).abs().sum() <= 4


@pytest.mark.parametrize("name", food.WEIGHTS.values())
def test_the_committed_weights_are_those_of_the_report_and_small(name):
    path = food.DATA / "models" / name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == json.loads(path.with_suffix(".json").read_text())["sha256"]
    assert path.stat().st_size < 4e6


def test_a_checkpoint_of_the_course_s_width_loads(tmp_path):
    wide = food.FoodCNN(128)
    torch.save({"model_state_dict": wide.state_dict()}, tmp_path / "checkpoint.pth")
    model = food.load_model(tmp_path / "checkpoint.pth", device="cpu")
    assert all(torch.equal(value, wide.state_dict()[name]) for name, value in model.state_dict().items())


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path):
    class Malice:
        def __reduce__(self):
            return (tmp_path / "ran").touch, ()

    (tmp_path / "checkpoint.pth").write_bytes(pickle.dumps(Malice()))
    with pytest.raises(ValueError, match="not a file of weights"):
        food.load_model(tmp_path / "checkpoint.pth")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["w.safetensors", "w.pth"])
def test_files_that_hold_something_else_are_one_line(tmp_path, name):
    (tmp_path / name).write_bytes(b"something else entirely")
    with pytest.raises(ValueError, match="not a file of weights") as caught:
        food.load_model(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["0_0.jpg", "0_0.png"])
def test_a_broken_picture_or_mask_is_named_in_one_line(tmp_path, name):
    save_picture(tmp_path / "0_0.jpg")
    save_picture(tmp_path / "0_0.png")
    whole = (tmp_path / name).read_bytes()
    for broken in (b"no picture", whole[: len(whole) // 2]):
        (tmp_path / name).write_bytes(broken)
        with pytest.raises(ValueError, match=f"{name} cannot be read as a picture: .*; remove or replace") as caught:
            food.load_pictures(tmp_path)
        assert "\n" not in str(caught.value)


def test_weights_of_another_network_and_missing_ones_are_refused(tmp_path):
    torch.save(nn.Linear(2, 2).state_dict(), tmp_path / "linear.pth")
    with pytest.raises(ValueError, match=r"no convolution cnn\.0\.weight"):
        food.load_model(tmp_path / "linear.pth")
    torch.save(food.FoodCNN(2).cnn.state_dict() | {"cnn.0.weight": torch.zeros(2, 3, 3, 3)}, tmp_path / "half.pth")
    with pytest.raises(ValueError, match="does not hold weights of 'FoodCNN'"):
        food.load_model(tmp_path / "half.pth")
    with pytest.raises(FileNotFoundError, match="no file of weights"):
        food.load_model(tmp_path / "nothing.safetensors")


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.zeros(3, 128, 128), r"pass image\[None\]"),
        (torch.zeros(1, 3, 224, 224), r"must be \(N, 3, 128, 128\), got \(1, 3, 224, 224\)"),
        (torch.zeros(1, 3, 128, 128, dtype=torch.uint8), "divide by 255"),
    ],
)
def test_images_of_another_form_are_refused(food_cnn, images, message):
    with pytest.raises(ValueError, match=message):
        food_cnn(images)


def test_classes_are_found_by_name_and_near_names_are_suggested(food_cnn):
    assert food_cnn.category_index("Soup") == 9
    with pytest.raises(ValueError, match="did you mean 'Seafood'"):
        food_cnn.category_index("Sea food")


def test_our_pictures_have_labels_and_masks():
    names = ["3_2", "0_0", "10_9"]
    pictures = food.load_pictures(names=names)
    assert (pictures.images.shape, pictures.images.dtype) == ((3, 3, 128, 128), torch.float32)
    assert 0 <= pictures.images.min() < 0.1 < 0.9 < pictures.images.max() <= 1
    assert (pictures.labels.tolist(), pictures.names) == ([3, 0, 10], tuple(names))
    assert pictures.masks.dtype == torch.bool
    assert all(0.01 < area < 0.99 for area in pictures.masks.float().mean(dim=(1, 2)))


@pytest.mark.parametrize("split", ["training", "validation", "evaluation"])
def test_every_split_has_all_classes(split):
    labels = {food._label(path) for path in food._files(None, split).values()}
    assert labels == set(range(11))


def test_the_ten_are_ten_different_pictures_some_wrong_one_tiny_one_full_frame():
    pictures = food.load_ten()
    assert len(set(food.TEN)) == 10
    probabilities = food.load_model(device="cpu")(pictures.images).softmax(dim=1)
    assert (probabilities.argmax(dim=1) != pictures.labels).sum() >= 2
    # float32 still tells the loss of the surest: its gradient is that of 1 - p
    assert (1 - probabilities.gather(1, pictures.labels[:, None])).min() > 1e-4
    areas = pictures.masks.float().mean(dim=(1, 2))
    assert areas.min() < 0.08
    assert areas.max() > 0.7


def test_a_flat_folder_is_read_in_the_order_of_labels_and_numbers(flat):
    pictures = food.load_pictures(flat)
    assert pictures.names == ("0_2", "2_9", "2_10", "10_0")
    assert (pictures.labels.tolist(), pictures.masks) == ([0, 2, 2, 10], None)


def test_the_split_s_own_folder_may_be_passed_too(flat):
    assert food.load_pictures(flat / "evaluation").names == food.load_pictures(flat).names


@pytest.mark.parametrize("folder", ["Noodles-Pasta", "noodles_pasta", "6", "06"])
def test_class_folders_of_any_spelling_are_understood(tmp_path, folder):
    save_picture(tmp_path / "evaluation" / folder / "1203.jpg")
    pictures = food.load_pictures(tmp_path)
    assert (pictures.labels.tolist(), pictures.names) == ([6], (f"{folder}/1203",))


def test_pictures_of_other_sizes_are_resized(tmp_path):
    save_picture(tmp_path / "0_0.jpg", (51, 102, 204), size=(300, 200))
    (image,) = food.load_pictures(tmp_path).images
    assert image.shape == (3, 128, 128)
    torch.testing.assert_close(image.mean(dim=(1, 2)), torch.tensor([0.2, 0.4, 0.8]), rtol=0, atol=0.01)


def test_masks_are_read_only_if_every_picture_has_one(flat):
    for name in ("0_2", "2_9", "2_10"):
        Image.new("1", (128, 128), 1).save(flat / "evaluation" / f"{name}.png")
    assert food.load_pictures(flat).masks is None
    assert food.load_pictures(flat, names=["2_9", "0_2"]).masks.all()


def test_ten_of_a_real_folder_are_of_as_many_classes_as_there_are(flat):
    assert food.load_ten(flat).names == ("0_2", "2_9", "10_0", "2_10")
    assert food.load_ten(flat, names=["2_10"]).names == ("2_10",)
    for number in range(20, 27):
        save_picture(flat / "evaluation" / f"7_{number}.jpg")
    names = food.load_ten(flat).names
    assert names[:6] == ("0_2", "2_9", "7_20", "10_0", "2_10", "7_21")
    assert len(names) == 10


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"folder": "nowhere"}, "no folder nowhere"),
        ({"split": "testing"}, "no folder .*testing; there are evaluation"),
        ({"names": ["3_999"]}, "no picture '3_999' in"),
    ],
)
def test_what_is_not_there_is_named(arguments, message):
    with pytest.raises(FileNotFoundError, match=message):
        food.load_pictures(**arguments)


@pytest.mark.parametrize("name", ["photo.jpg", "11_0.jpg", "Cake/1.jpg"])
def test_a_label_that_cannot_be_told_is_an_error_with_the_way_out(tmp_path, name):
    save_picture(tmp_path / name)
    with pytest.raises(ValueError, match=r"call it <label>_<n>\.jpg"):
        food.load_pictures(tmp_path)


def test_twins_come_in_the_same_order_with_the_napkin_s_mask(tmp_path, monkeypatch):
    monkeypatch.setattr(food, "FOOD", tmp_path)
    for name in ("9_1", "0_4", "9_0"):
        save_picture(tmp_path / "evaluation" / f"{name}.jpg", "red")
    for name in ("9_0", "0_4"):
        save_picture(tmp_path / "evaluation_napkin" / f"{name}.jpg", "blue")
        Image.new("1", (128, 128), name == "9_0").save(tmp_path / "evaluation_napkin" / f"{name}_napkin.png")
    pairs = food.twins()
    assert pairs.plain.names == pairs.napkin.names == ("0_4", "9_0")
    assert (pairs.plain.images[:, 0] > 0.9).all()
    assert (pairs.napkin.images[:, 2] > 0.9).all()
    assert pairs.napkin_masks.float().mean(dim=(1, 2)).tolist() == [0, 1]


def test_a_confusion_matrix_counts_truth_by_row_and_guess_by_column():
    class AlwaysSoup(nn.Module):
        def forward(self, images):
            return nn.functional.one_hot(torch.full((len(images),), 9), 11).float()

    pictures = food.Pictures(torch.zeros(5, 3, 2, 2), torch.tensor([9, 9, 0, 2, 2]), None, tuple("abcde"))
    matrix = food.confusion_matrix(AlwaysSoup(), pictures, batch_size=2)
    assert matrix[:, 9].tolist() == [1, 0, 2, 0, 0, 0, 0, 0, 0, 2, 0]
    assert matrix.sum() == 5
