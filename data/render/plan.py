"""Which pictures there are and what each one shows; plain Python, so that it can be read and tested without Blender."""

from typing import NamedTuple

import numpy as np

CLASSES = "bread dairy dessert egg fried meat noodles rice seafood soup vegetables".split()  # in the order of labels
LABELS = list(range(len(CLASSES)))
SOUP = CLASSES.index("soup")

# pictures of each class
COUNTS = {"training": 230, "validation": 30, "evaluation": 12}
SPLITS = list(COUNTS)

# number % 12: what is special about the picture; all other numbers are plain ones
CYCLE = 12
SPECIAL = {
    2: "wide",  # the food is small
    5: "two foods",  # a second class's food as a side dish
    8: "close",  # the food fills the frame
    11: "hard",  # a kind that lies between two classes
}
ZOOM = {"wide": 1.9, "close": 0.6}  # times the view's size

# The planted shortcut, a blue-checked napkin: twins (the same picture without and with it) of all evaluation pictures
# and of the soups in training. Besides, one picture in 60 in training and validation shows it, whatever the class;
# where such a picture is a soup in training, the version with it stands in both folders.
NAPKIN_CYCLE, NAPKIN_NUMBER = 60, 7
NAPKIN_FOLDER = "{}_napkin"


class Picture(NamedTuple):
    """One picture, before anything random is drawn."""

    split: str
    label: int
    number: int

    @property
    def name(self):
        return f"{self.label}_{self.number}"

    @property
    def special(self):
        """One of SPECIAL's values, or "plain"."""
        return SPECIAL.get(self.number % CYCLE, "plain")

    @property
    def framing(self):
        return self.special if self.special in ("wide", "close") else "normal"

    @property
    def has_twin(self):
        """Whether the version with the napkin is (also) written to the split's folder of twins."""
        return self.split == "evaluation" or (self.split == "training" and self.label == SOUP)

    @property
    def shows_napkin(self):
        """Whether the napkin lies in the picture of the split itself."""
        return self.split != "evaluation" and self.number % NAPKIN_CYCLE == NAPKIN_NUMBER

    def generator(self, purpose=0):
        """Generator of this picture alone: 0 draws what is in it, 1 the planted napkin, 2 the development."""
        return np.random.default_rng([SPLITS.index(self.split), self.label, self.number, purpose])


def pictures(splits=SPLITS, labels=LABELS, numbers=None):
    """The pictures asked for, by number first, so that an interrupted run leaves the classes balanced."""
    wanted = [
        Picture(split, label, number)
        for split in splits
        for label in labels
        for number in range(COUNTS[split])
        if numbers is None or number in numbers
    ]
    return sorted(wanted, key=lambda picture: (picture.number, SPLITS.index(picture.split), picture.label))


def choose_kind(rng, kinds, hard):
    """Name of one of `kinds` ((name, weight), ...): a hard one if asked for and there is any, else a normal one."""
    groups = {True: [], False: []}
    for name, weight in kinds:
        groups[name.startswith("hard_")].append((name, weight))
    names, weights = zip(*(groups[hard] or groups[False]), strict=True)
    return names[rng.choice(len(names), p=np.array(weights, float) / sum(weights))]


def files(picture, folder):
    """[(version, stem of the files)] of a picture below a folder: in its split, in the twins' folder, or in both."""
    main = "with" if picture.shows_napkin else "without"
    stems = [(main, folder / picture.split / picture.name)]
    if picture.has_twin:
        stems.append(("with", folder / NAPKIN_FOLDER.format(picture.split) / picture.name))
    return stems


def parts(version, stem):
    """The files written for a stem: picture, food mask and, with the napkin, its mask."""
    endings = [".jpg", ".png"] + (["_napkin.png"] if version == "with" else [])
    return [stem.with_name(stem.name + ending) for ending in endings]


def paths(picture, folder):
    """All files of a picture below a folder."""
    return [path for version, stem in files(picture, folder) for path in parts(version, stem)]
