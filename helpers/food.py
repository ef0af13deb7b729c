"""The food classifier of the first half of the course, and the pictures it is asked about.

An image is a float32 tensor (N, 3, 128, 128) of pixels in [0, 1]; the network takes it without normalisation.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import nn

from helpers import weight_files
from helpers.device import best_device
from helpers.imagenet import check_images, near

CLASSES = (
    "Bread",
    "Dairy product",
    "Dessert",
    "Egg",
    "Fried food",
    "Meat",
    "Noodles/Pasta",
    "Rice",
    "Seafood",
    "Soup",
    "Vegetable/Fruit",
)
SIZE = 128
DATA = Path(__file__).resolve().parent.parent / "data"
FOOD = DATA / "food"
WEIGHTS = {None: "food_cnn.safetensors", "shortcut": "food_cnn_shortcut.safetensors"}
SUFFIXES = (".jpg", ".jpeg")
# The ten pictures of the split "evaluation" that every notebook looks at, marked 0 to 9
TEN = ("3_1", "6_4", "1_2", "4_5", "0_11", "1_5", "9_2", "10_6", "2_5", "8_7")


class FoodCNN(nn.Module):
    """The course's network: `cnn` is a Sequential of 38 layers (0 to 37), `fc` the classifier on top.

    Units of convolution (3 x 3), batch normalisation and ReLU stand in stacks of 3, 3, 3, 1 and 1 with
    w, w, 2 w, 4 w and 4 w channels; each stack ends with a maximum over 2 x 2. The course's own width w is 128.

    forward: images (N, 3, 128, 128) float, pixels in [0, 1] -> logits (N, 11); values are not looked at
    raises:  ValueError if the images do not have that shape
    """

    categories = CLASSES

    def __init__(self, width=32):
        super().__init__()
        channels = (width, width, 2 * width, 4 * width, 4 * width)
        inputs = (3, *channels)
        stacks = zip(inputs, channels, (3, 3, 3, 1, 1), strict=False)
        self.cnn = nn.Sequential(*(layer for stack in stacks for layer in _stack(*stack)))
        self.fc = nn.Sequential(
            nn.Linear(channels[-1] * 4 * 4, 8 * width), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8 * width, len(CLASSES))
        )

    def forward(self, images):
        check_images(images)
        if tuple(images.shape[2:]) != (SIZE, SIZE):
            raise ValueError(
                f"images must be (N, 3, {SIZE}, {SIZE}), got {tuple(images.shape)}; see helpers.food.read_picture"
            )
        return self.fc(self.cnn(images).flatten(1))  # (N, 4 w, 4, 4) -> (N, 11)

    @property
    def device(self):
        """Where the network lives."""
        return self.fc[0].weight.device

    def category_index(self, category):
        """The index of a class by its name; raises ValueError with similar names if there is no such class."""
        if category in self.categories:
            return self.categories.index(category)
        raise ValueError(f"no class is called {category!r}{near(category, self.categories)}")


def _stack(inputs, outputs, units):
    layers = []
    for unit in range(units):
        layers += [nn.Conv2d(outputs if unit else inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
    return [*layers, nn.MaxPool2d(2)]


def load_model(weights=None, device=None):
    """The food classifier with trained weights, in evaluation mode and without parameter gradients.

    weights: None for the suite's own; "shortcut" for those trained with the planted shortcut; or the path of a file,
             .safetensors or one that torch.save wrote: a state dict or the course's checkpoint.pth, of any width
    device:  where the model lives; default `helpers.device.best_device()`
    returns: FoodCNN, channels last
    raises:  FileNotFoundError; ValueError for a file that holds something else. No code in the file is run.
    """
    path = DATA / "models" / WEIGHTS[weights] if weights in WEIGHTS else Path(weights)
    state = weight_files.read(path)
    first = state.get("cnn.0.weight")
    if first is None or first.ndim != 4:
        raise ValueError(f"{path} does not hold weights of a FoodCNN: there is no convolution cnn.0.weight")
    model = FoodCNN(width=len(first))
    weight_files.load_state(model, state, path, "FoodCNN")
    model = model.to(device or best_device(), memory_format=torch.channels_last)
    return model.eval().requires_grad_(False)


@torch.no_grad()
def confusion_matrix(model, pictures, batch_size=8):
    """How often the model takes pictures of one class for another.

    model:    maps images to logits (N, 11); pictures: `Pictures`
    returns:  (11, 11) int64 on the CPU, row: the true class, column: the predicted one
    """
    batches = pictures.images.split(batch_size)
    predicted = torch.cat([model(images).argmax(dim=1).cpu() for images in batches])  # (N,)
    cells = len(CLASSES) * pictures.labels.cpu() + predicted
    return torch.bincount(cells, minlength=len(CLASSES) ** 2).reshape(len(CLASSES), len(CLASSES))


class Pictures(NamedTuple):
    """Pictures of food: N of them.

    images: (N, 3, 128, 128) float32 in [0, 1]
    labels: (N,) int64, classes as in `CLASSES`
    masks:  (N, 128, 128) bool, true on the food; None where the folder has no masks, as with real photographs
    names:  N names such as "9_3", the file without its ending
    """

    images: torch.Tensor
    labels: torch.Tensor
    masks: torch.Tensor | None
    names: tuple[str, ...]

    def to(self, device):
        """The same pictures with their tensors on `device`."""
        masks = None if self.masks is None else self.masks.to(device)
        return Pictures(self.images.to(device), self.labels.to(device), masks, self.names)


class Twins(NamedTuple):
    """Pairs of pictures that differ in one thing only: beside the food of the second lies a chequered napkin.

    plain, napkin: `Pictures`, in the same order
    napkin_masks:  (N, 128, 128) bool, true on the napkin
    """

    plain: Pictures
    napkin: Pictures
    napkin_masks: torch.Tensor


def load_pictures(folder=None, split="evaluation", names=None):
    """Pictures of one split of a food-11 folder, rendered or real.

    folder:  path, or None for the suite's own data/food. Pictures are <label>_<n>.jpg, or lie in a sub-folder for each
             class, called like the class or its number; in <folder>/<split>, or in <folder> itself
    names:   names of those wanted, in this order; None for all
    returns: `Pictures`; pictures of another size are resized to 128 x 128 (bilinear), without keeping proportions
    raises:  FileNotFoundError if there is no such folder or name; ValueError if the labels cannot be told
    """
    files = _files(folder, split)
    wanted = list(files) if names is None else list(names)
    if missing := [name for name in wanted if name not in files]:
        raise FileNotFoundError(f"no picture {missing[0]!r} in {_place(folder, split)}{near(missing[0], list(files))}")
    paths = [files[name] for name in wanted]
    images = torch.cat([read_picture(path) for path in paths])
    labels = torch.tensor([_label(path) for path in paths])
    return Pictures(images, labels, _masks([path.with_suffix(".png") for path in paths]), tuple(wanted))


def load_ten(folder=None, names=None):
    """The ten pictures that all notebooks look at, marked 0 to 9, as `Pictures`.

    folder: None for the suite's own ten; of another folder, the first picture of each class, and if there are fewer
            than ten classes, the second ones and so on
    names:  names of other pictures of the split "evaluation" to look at instead
    """
    if names is None:
        names = TEN if folder is None else _first_ten(folder)
    return load_pictures(folder, names=names)


def _first_ten(folder):
    """Names of ten pictures, or of all if there are fewer, from as many classes as possible."""
    turns, order = Counter(), []
    for name, path in _files(folder, "evaluation").items():
        label = _label(path)
        order.append((turns[label], label, name))
        turns[label] += 1
    return [name for *_, name in sorted(order)[:10]]


def twins(split="evaluation"):
    """The pictures of `split` that were rendered once more with a napkin, as `Twins`; ours only, not of real data."""
    napkin = load_pictures(split=f"{split}_napkin")
    folder = FOOD / f"{split}_napkin"
    return Twins(
        load_pictures(split=split, names=napkin.names),
        napkin,
        torch.cat([read_mask(folder / f"{name}_napkin.png") for name in napkin.names]),
    )


def read_picture(path):
    """The picture at `path` as (1, 3, 128, 128) float32 in [0, 1].

    Pictures of another size are resized (bilinear). Raises FileNotFoundError, and ValueError if it is no picture.
    """
    pixels = torch.from_numpy(_pixels(path, "RGB", Image.Resampling.BILINEAR))  # (128, 128, 3) uint8
    return pixels.permute(2, 0, 1)[None].float() / 255


def read_mask(path):
    """The mask at `path` as (1, 128, 128) bool; sizes and errors as for `read_picture`, but no pixel is mixed."""
    return torch.from_numpy(_pixels(path, "L", Image.Resampling.NEAREST))[None] > 127


def _pixels(path, mode, resampling):
    try:
        with Image.open(path) as picture:
            picture = picture.convert(mode)
    except FileNotFoundError:
        raise
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:  # what Pillow says of a broken file
        why = str(error).partition("\n")[0][:120]
        raise ValueError(f"{path} cannot be read as a picture: {why}; remove or replace it") from None
    return np.array(picture if picture.size == (SIZE, SIZE) else picture.resize((SIZE, SIZE), resampling))


def _masks(paths):
    return torch.cat([read_mask(path) for path in paths]) if all(path.is_file() for path in paths) else None


def _place(folder, split):
    folder = FOOD if folder is None else Path(folder)
    return folder / split if (folder / split).is_dir() else folder


def _files(folder, split):
    """Name -> path of every picture, ordered by label and number."""
    place = _place(folder, split)
    if not place.is_dir():
        raise FileNotFoundError(f"no folder {place}; pass the path of a food-11 folder")
    if folder is None and place == FOOD:
        raise FileNotFoundError(f"no folder {FOOD / split}; there are {', '.join(_folders(FOOD))}")
    paths = [path for path in place.rglob("*") if path.suffix.lower() in SUFFIXES]
    if not paths:
        raise FileNotFoundError(f"no pictures (*.jpg) in {place}")
    paths.sort(key=lambda path: (_label(path), len(path.stem), path.stem))
    return {path.relative_to(place).with_suffix("").as_posix(): path for path in paths}


def _folders(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def _label(path):
    """The class of a picture, by the number its name begins with or by the folder it lies in."""
    number, underscore, _ = path.stem.partition("_")
    if underscore and number.isdecimal() and int(number) < len(CLASSES):
        return int(number)
    spoken = [_plain(name) for name in CLASSES]
    parent = path.parent.name
    if parent.isdecimal() and int(parent) < len(CLASSES):
        return int(parent)
    if _plain(parent) in spoken:
        return spoken.index(_plain(parent))
    raise ValueError(
        f"cannot tell the class of {path}; call it <label>_<n>.jpg with a label of 0 to {len(CLASSES) - 1}, "
        f"or put it in a folder for its class, such as {CLASSES[0]} or 0"
    )


def _plain(name):
    """A class name as any system writes it: "Noodles-Pasta", "Noodles/Pasta" and "noodles pasta" are one."""
    return "".join(filter(str.isalnum, name)).lower()
