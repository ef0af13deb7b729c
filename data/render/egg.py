"""Eggs: fried, boiled and halved, in the shell, in a cup, scrambled, as an omelette."""

import math

from clutter import clutter, herbs
from colour import hexadecimal
from egg_shapes import SHELLS, YOLKS, fried_egg, half_egg, opened_egg, whole_egg
from geometry import alignment, lathe, sphere
from heaps import placed, scattered
from omelette import folded_omelette, rolled_omelette, scrambled_heap
from scene import View
from tableware import board, bowl, pan, plate

KINDS = (
    ("fried", 4.0),
    ("half", 2.5),
    ("whole", 1.5),
    ("bowl", 1.0),
    ("cup", 1.2),
    ("scrambled", 0.8),
    ("hard_omelette", 0.8),
)


def seasoning(scene, z, radius, count, colour="2a221c"):
    """Ground pepper (or salt, chilli) lying at height z."""
    grain = sphere(1, (0.012, 0.012, 0.012))
    specks = scattered(scene, lambda x, y: 0 * x + z, radius, [grain], count, depth=0.01, colour=hexadecimal(colour))
    scene.add(specks, scene.material(roughness=0.6), name="pepper")


def make_fried(scene):
    in_pan = scene.chance(0.5)
    z, _ = pan(scene, scene.uniform(0.85, 1.05)) if in_pan else plate(scene, scene.uniform(1.0, 1.2))
    count = scene.choice(1, 1, 2, 2, 3)
    size = scene.uniform(0.5, 0.62) if count == 1 else scene.uniform(0.4, 0.48)
    away = 0 if count == 1 else 0.55 * size * 1.75
    start = scene.uniform(0, 6.28)
    for i in range(count):
        angle = start + i * 2 * math.pi / count
        fried_egg(scene, (away * math.cos(angle), away * math.sin(angle)), size, z)
    if scene.chance(0.7):
        seasoning(scene, z + 0.17 * size, size * 0.9, scene.integer(20, 90))
    if scene.chance(0.4):
        herbs(scene, lambda x, y: z + 0.12, scene.integer(2, 12), 0.4, (0.05, 0.1))
    clutter(scene, 1.15)
    return View((0, 0, 0.08), scene.uniform(0.68, 1.05), scene.uniform(0.6, 1.4))


def make_half(scene):
    on_plate = scene.chance(0.5)
    z, radius = plate(scene, scene.uniform(0.9, 1.1)) if on_plate else (board(scene, 1.1, 0.8), 0.6)
    size = scene.uniform(0.25, 0.31)
    yolk = hexadecimal(scene.choice(*YOLKS))
    for x, y in placed(scene, scene.integer(2, 7), radius * 0.95, size * 1.9):
        if scene.chance(0.8):
            half_egg(scene, (x, y, z + size * 0.64), size, scene.uniform(0, 6.28), scene.uniform(0, 0.2), yolk)
        else:
            whole_egg(scene, (x, y, z), size, peeled=True)
    if scene.chance(0.4):
        herbs(scene, lambda x, y: z + 0.01, scene.integer(3, 14), radius, (0.05, 0.12))
    if scene.chance(0.4):
        seasoning(scene, z + size * 0.68, radius, scene.integer(60, 160), scene.choice("2a221c", "a8401c"))
    clutter(scene, 1.1)
    return View((0, 0, z + 0.1), scene.uniform(0.62, 0.85), scene.uniform(0.55, 1.2))


def make_whole(scene):
    z = 0.0 if scene.chance(0.5) else plate(scene, scene.uniform(0.9, 1.1))[0]
    size = scene.uniform(0.27, 0.33)
    colour = hexadecimal(scene.choice(*SHELLS)) if scene.chance(0.7) else None
    for x, y in placed(scene, scene.integer(2, 7), 0.62, size * 1.62):
        whole_egg(scene, (x, y, z), size, colour=colour)
    clutter(scene, 0.95)
    return View((0, 0, z + 0.2), scene.uniform(0.6, 0.85), scene.uniform(0.4, 1.1))


def make_bowl(scene):
    """Eggs piled in a bowl: layers of (count, distance from the middle, height)."""
    radius = scene.uniform(0.75, 0.9)
    bowl(scene, radius, scene.uniform(0.38, 0.46))
    colour = hexadecimal(scene.choice(*SHELLS)) if scene.chance(0.7) else None
    layers = ((3, 0.3, 0.24), (5, 0.5, 0.38), (3, 0.26, 0.58), (1, 0.0, 0.78))[: scene.choice(3, 4, 4)]
    for layer, (count, distance, z) in enumerate(layers):
        for i in range(count):
            angle = i * 2 * math.pi / count + layer
            lying = (math.cos(angle * 2.3), math.sin(angle * 2.3), scene.uniform(-0.2, 0.2))
            at = (distance * math.cos(angle), distance * math.sin(angle), z)
            whole_egg(scene, at, 0.27, alignment(lying, 0), colour, centred=True)
    clutter(scene, radius)
    return View((0, 0, 0.4), scene.uniform(0.72, 0.95), scene.uniform(0.45, 1.1))


def egg_cup(scene, at, size):
    """A cup with an egg upright in it, in the shell or with its top cut off."""
    profile = [
        (0, 0.02),
        (0.24, 0.02),
        (0.2, 0.07),
        (0.09, 0.15),
        (0.1, 0.22),
        (0.24, 0.36),
        (0.25, 0.44),
        (0.23, 0.44),
    ]
    profile += [(0.2, 0.36), (0, 0.26)]
    tint = scene.jitter(hexadecimal(scene.choice("3f6f8f", "c9a23a", "d8d2c6", "8a3a30", "7d9a90", "2f2f33")))
    china = scene.material(colour=tint, roughness=0.2, coat=0.5)
    scene.add(lathe(profile, 64).scaled(size / 0.27).moved((*at, 0)), china, name="egg cup", food=False)
    middle = (at[0], at[1], 0.62 * size / 0.27)
    if scene.chance(0.5):
        whole_egg(scene, middle, size, alignment((0, 0, -1), scene.uniform(0, 6)), centred=True)
    else:
        opened_egg(scene, middle, size)


def make_cup(scene):
    count = scene.choice(1, 1, 2, 3)
    for at in placed(scene, count, 0.1 if count == 1 else 0.48, 0.62):
        egg_cup(scene, at, scene.uniform(0.27, 0.3))
    clutter(scene, 0.85)
    return View((0, 0, 0.42), scene.uniform(0.72, 0.95), scene.uniform(0.35, 0.9))


def make_scrambled(scene):
    in_pan = scene.chance(0.35)
    z, _ = pan(scene, scene.uniform(0.85, 1.0)) if in_pan else plate(scene, scene.uniform(1.0, 1.2))
    scrambled_heap(scene, z, scene.uniform(0.52, 0.68))
    if scene.chance(0.6):
        seasoning(scene, z + 0.16, 0.5, scene.integer(20, 60))
    clutter(scene, 1.15)
    return View((0, 0, z + 0.1), scene.uniform(0.7, 0.95), scene.uniform(0.6, 1.3))


def make_omelette(scene):
    in_pan = scene.chance(0.25)
    z, _ = pan(scene, scene.uniform(0.9, 1.05)) if in_pan else plate(scene, scene.uniform(1.05, 1.25))
    shape = folded_omelette if scene.chance(0.5) else rolled_omelette
    shape(scene, z)
    clutter(scene, 1.2)
    return View((0, 0, z + 0.1), scene.uniform(0.7, 0.95), scene.uniform(0.55, 1.2))


MAKERS = {
    "fried": make_fried,
    "half": make_half,
    "whole": make_whole,
    "bowl": make_bowl,
    "cup": make_cup,
    "scrambled": make_scrambled,
    "hard_omelette": make_omelette,
}


def make(scene, kind):
    """Put eggs of one of KINDS on the table; returns the View."""
    return MAKERS[kind](scene)
