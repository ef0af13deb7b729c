"""pictures.csv: what every picture shows, derived from the plan and from the masks on disk."""

import csv

import numpy as np
import picture as pictures
from PIL import Image
from plan import CLASSES, files, parts

COLUMNS = "split label number kind second_food framing napkin food_area napkin_area".split()


def write_listing(wanted, folder):
    """Write pictures.csv, one row per finished picture; the rows follow from the plan, so a rerun lists all of them."""
    found = [row for picture in wanted for row in rows(picture, folder)]
    found.sort(key=lambda row: (row["split"], row["label"], row["number"]))
    with (folder / "pictures.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def rows(picture, folder):
    """The rows of a picture and its twin, as far as their files are there."""
    return [
        _row(picture, version, stem, parts(version, stem)[1:])
        for version, stem in files(picture, folder)
        if all(path.exists() for path in parts(version, stem))
    ]


def _row(picture, version, stem, masks):
    """One row, from the plan and the masks' files."""
    content = pictures.choose(picture, picture.generator())
    second = "" if content.second_label is None else CLASSES[content.second_label]
    shares = [f"{share(path):.4f}" for path in masks] + ["0.0000"]  # without a napkin the second share is 0
    values = (stem.parent.name, picture.label, picture.number, content.kind, second, picture.framing)
    return dict(zip(COLUMNS, (*values, int(version == "with"), *shares), strict=False))


def share(path):
    """Share of a mask's pixels that are set."""
    with Image.open(path) as mask:
        return float(np.asarray(mask).mean())
