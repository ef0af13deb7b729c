"""One picture: build the scene, render it, with and without the planted napkin, and write the files."""

import importlib
import math
from typing import NamedTuple

import bpy
import finish
import masks
import numpy as np
import shortcut
import studio
from PIL import Image
from plan import CLASSES, LABELS, ZOOM, choose_kind, files, parts
from scene import Scene, View
from tableware import table

QUALITY = 92  # of the JPEG
SIDE_DISH = 0.75  # size of a second food
GAP = 0.08  # units between two dishes


class Content(NamedTuple):
    """What a picture shows, drawn before anything is built: the same on every machine."""

    kind: str
    second_label: int | None
    second_kind: str | None


def food_module(label):
    """The module that makes a class's food."""
    return importlib.import_module(CLASSES[label])


def choose(picture, rng, kind=None):
    """Draw what the picture shows; `kind` sets the main food's kind."""
    drawn = choose_kind(rng, food_module(picture.label).KINDS, picture.special == "hard")
    kind = kind or drawn
    if picture.special != "two foods":
        return Content(kind, None, None)
    others = [label for label in LABELS if label != picture.label]
    second = int(rng.choice(others))
    return Content(kind, second, choose_kind(rng, food_module(second).KINDS, False))


def build(picture, content, rng):
    """Table, food, second food, light and camera of a picture in Blender's scene; returns the Scene."""
    studio.clear()
    scene = Scene(rng)
    scene.is_crowded = content.second_label is not None
    table(scene)
    view = food_module(picture.label).make(scene, content.kind)
    view = view._replace(size=view.size * ZOOM.get(picture.special, 1))
    studio.light(scene)
    azimuth = studio.choose_azimuth(scene)
    if content.second_label is not None:
        view = add_second(scene, content, view, azimuth)
    studio.camera(scene, view, azimuth)
    return scene


def add_second(scene, content, view, azimuth):
    """Add a second food as a side dish beside or behind the first, partly in view; returns where to look."""
    before = set(bpy.data.objects)
    with scene.side((0, 0, 0), SIDE_DISH):
        food_module(content.second_label).make(scene, content.second_kind)
        radius = SIDE_DISH * scene.clear_radius
    direction = azimuth + math.pi + scene.choice(-1, 1) * scene.uniform(0.5, 1.5)
    distance = scene.clear_radius + radius + GAP
    at = np.array([distance * math.cos(direction), distance * math.sin(direction), 0])
    for thing in set(bpy.data.objects) - before:
        thing.location += type(thing.location)(at)
    # a third of the way to it, and wide enough that the frame's edge cuts it in half
    return View(tuple(np.asarray(view.target) + at / 3), max(view.size, distance * 2 / 3), view.elevation)


def render_both(picture, scene, without, with_napkin):
    """Render the versions asked for; returns {"without" | "with": (light, food mask, napkin mask)}."""
    versions = {}
    rng = picture.generator(1)
    place = shortcut.choose_place(rng, scene.clear_radius) if with_napkin else None
    if without:
        light = studio.render()
        versions["without"] = (light, masks.visible(scene.food_names), None)
    if with_napkin:
        napkin = shortcut.lay(place, rng)
        light = studio.render()
        versions["with"] = (light, masks.visible(scene.food_names), masks.visible([napkin]))
    return versions


def make(picture, kind=None):
    """Build and render a picture; returns what it shows and {"without" | "with": (values, food, napkin mask)}."""
    rng = picture.generator()
    content = choose(picture, rng, kind)
    scene = build(picture, content, rng)
    without = picture.has_twin or not picture.shows_napkin
    versions = render_both(picture, scene, without, picture.has_twin or picture.shows_napkin)
    light, food, _ = versions.get("without") or versions["with"]
    settings = finish.develop_for(light, food, picture.generator(2))
    return content, {
        name: (finish.develop(light, settings), food, napkin) for name, (light, food, napkin) in versions.items()
    }


def write(picture, folder, kind=None):
    """Render a picture and write its files; the JPEG last, so that a file that exists is a picture that is whole."""
    _, versions = make(picture, kind)
    for version, stem in files(picture, folder):
        values, food, napkin = versions[version]
        stem.parent.mkdir(parents=True, exist_ok=True)
        path, *mask_paths = parts(version, stem)
        for mask_path, mask in zip(mask_paths, (food, napkin), strict=False):
            Image.fromarray(mask).save(mask_path, optimize=True)
        Image.fromarray(values).save(path, quality=QUALITY)
