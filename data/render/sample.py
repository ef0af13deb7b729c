"""A few pictures for looking at, with the seconds each part takes."""

import sys
import time

import picture as pictures
import studio
from PIL import Image
from plan import CLASSES
from sheet import labelled


def check_kind(kind, labels):
    """Raise ValueError if a class has no such kind; None is any."""
    for label in labels:
        names = [name for name, _ in pictures.food_module(label).KINDS]
        if kind is not None and kind not in names:
            raise ValueError(f"{CLASSES[label]} has no kind {kind}; it has {', '.join(names)}")


def render_sample(folder, wanted, kind=None):
    """Render pictures into a folder with a captioned sheet.png; returns 1 if any failed, else 0."""
    studio.start()
    folder.mkdir(parents=True, exist_ok=True)
    entries, failed = [], False
    for picture in wanted:
        began = time.process_time()
        try:
            content, versions = pictures.make(picture, kind)
        except Exception as error:  # one bad picture must not hide the others
            print(f"{CLASSES[picture.label]} {picture.number}: {type(error).__name__}: {error}", file=sys.stderr)
            failed = True
            continue
        seconds = time.process_time() - began
        for version, (values, food, _) in versions.items():
            ending = "_napkin" if version == "with" else ""
            name = f"{CLASSES[picture.label]}_{picture.number}{ending}"
            Image.fromarray(values).save(folder / f"{name}.jpg", quality=pictures.QUALITY)
            Image.fromarray(food).save(folder / f"{name}.png")
            entries.append((values, f"{name} {content.kind}"))
        print(f"{name} {content.kind} {picture.special} {seconds:.2f} s, food {food.mean():.2f}", flush=True)
    if entries:
        labelled(entries, folder / "sheet.png")
    return int(failed)
