"""Fried food: potato, breaded and battered pieces, rolls, crisps; dough balls like bread rolls are the hard kind."""

import math

import fried_pieces as pieces
import numpy as np
from clutter import clutter, herbs
from colour import hexadecimal
from dropping import Heap
from fruit import citrus_slice
from geometry import random_rotation, rotation
from heaps import filled, mound
from scene import View
from serving import dip, served

KINDS = (
    ("fries", 0.24),
    ("wedges", 0.07),
    ("nuggets", 0.12),
    ("popcorn", 0.07),
    ("chicken", 0.15),
    ("rings", 0.12),
    ("spring_rolls", 0.1),
    ("fingers", 0.06),
    ("cutlet", 0.1),
    ("crisps", 0.06),
    ("hard_dough", 0.07),
)


def crust(scene, grain=26, strength=0.6):
    """Dry crust with a little oil on it."""
    bumps = ((grain, strength), (2.2 * grain, 0.4))
    return scene.material(
        roughness=scene.uniform(0.42, 0.6), coat=0.08, specular=0.4, bumps=bumps, variation=0.08, variation_scale=25
    )


def heap(
    scene,
    make_piece,
    count,
    radius,
    floor,
    tilt=0.15,
    tumbling=0.0,
    narrowing=0.25,
    kinds_of_piece=6,
    give=0.04,
    flip=True,
):
    """A Heap of pieces: a few shapes made by `make_piece()`, turned and lightened or darkened one by one."""
    pile = Heap(scene, floor)
    shapes = [make_piece() for _ in range(min(count, kinds_of_piece))]
    for number in range(count):
        shape = shapes[number % len(shapes)]
        piece = shape.painted(np.clip(shape.colours * (1 + scene.normal(0, 0.045)), 0, 1))
        tumbled = rotation((1, 0, 0), scene.choice(0, math.pi) if flip else 0)
        if scene.chance(tumbling):
            tumbled = random_rotation(scene.rng)
        pile.drop(piece.turned(tumbled), radius * (1 - narrowing * number / count), tilt, give=give)
    return pile


def doneness(scene, pale, dark):
    """How brown this batch is; batches differ much more than the pieces of one."""
    return scene.uniform(pale, dark)


def fries(scene):
    floor, radius = served(scene)
    solid = mound(scene, radius, scene.uniform(0.12, 0.26), 0.8, 0.03, float(floor(0.0, 0.0)))
    brown = doneness(scene, 0.1, 0.36)
    filled(
        scene,
        solid,
        radius * 0.8,
        scene.material(roughness=0.7),
        pieces.browned(np.array([brown]))[0] * 0.55,
        drop=0.06,
    )
    width, crinkle = scene.uniform(0.036, 0.055), scene.choice(0, 0, 0.13)
    count = int(scene.integer(55, 80) * (0.047 / width))
    pile = heap(
        scene,
        lambda: pieces.fry(scene, scene.uniform(0.2, 0.36), width, brown, crinkle),
        count,
        radius,
        lambda x, y: np.maximum(floor(x, y), solid(x, y) - 0.03),
        tilt=0.3,
        kinds_of_piece=14,
        give=0.2,
    )
    return pile, crust(scene, 30, 0.25)


def wedges(scene):
    floor, radius = served(scene)
    brown = doneness(scene, 0.2, 0.45)
    pile = heap(
        scene,
        lambda: pieces.wedge(scene, scene.uniform(0.3, 0.4), brown),
        scene.integer(12, 20),
        radius,
        floor,
        0.25,
        flip=False,
        give=0.1,
    )
    return pile, crust(scene, 22, 0.3)


def nuggets(scene):
    floor, radius = served(scene)
    brown = doneness(scene, 0.28, 0.52)
    return heap(
        scene, lambda: pieces.nugget(scene, scene.uniform(0.19, 0.24), brown), scene.integer(5, 12), radius, floor
    ), crust(scene)


def popcorn(scene):
    floor, radius = served(scene)
    brown = doneness(scene, 0.35, 0.62)
    count = scene.integer(16, 28)
    pile = heap(
        scene, lambda: pieces.popcorn_piece(scene, scene.uniform(0.12, 0.17), brown), count, radius, floor, tumbling=0.8
    )
    return pile, crust(scene, 30)


def chicken(scene):
    floor, radius = served(scene)
    brown = doneness(scene, 0.42, 0.68)
    if scene.chance(0.4):
        piece = lambda: pieces.chicken_piece(scene, scene.uniform(0.26, 0.33), brown)  # noqa: E731
        return heap(scene, piece, scene.integer(3, 7), radius * 0.9, floor, kinds_of_piece=3), crust(scene, 22, 0.8)
    shapes = [pieces.drumstick(scene, scene.uniform(0.25, 0.3), brown) for _ in range(3)]
    leg = lambda: scene.choice(*shapes).turned(rotation((1, 0, 0), scene.uniform(0, 2 * math.pi)))  # noqa: E731
    turn = scene.uniform(0, 2 * math.pi)
    scene.camera_azimuth = turn + scene.choice(-0.7, 0.7)  # the bones point towards the camera's side
    return side_by_side(scene, leg, scene.integer(2, 5), 0.42, floor, 4, turn), crust(scene, 22, 0.8)


def rings(scene):
    floor, radius = served(scene)
    brown = doneness(scene, 0.22, 0.48)
    pile = heap(
        scene,
        lambda: pieces.onion_ring(scene, scene.uniform(0.17, 0.3), brown),
        scene.integer(7, 12),
        radius,
        floor,
        0.2,
        give=0.15,
    )
    return pile, crust(scene)


def side_by_side(scene, make_piece, count, pitch, floor, per_layer, turn=None):
    """Long pieces in layers like logs, each layer across the one below."""
    pile = Heap(scene, floor)
    turn = scene.uniform(0, math.pi) if turn is None else turn
    for number in range(count):
        layer, place = divmod(number, per_layer)
        angle = turn + layer * scene.uniform(0.9, 1.57)
        in_layer = min(per_layer, count - layer * per_layer)
        offset = (place - (in_layer - 1) / 2) * pitch
        at = (-offset * math.sin(angle), offset * math.cos(angle))
        pile.drop(make_piece(), 0.03, 0.03, trials=1, centre=at, spin=angle + scene.normal(0, 0.08))
    return pile


def spring_rolls(scene):
    floor, radius = served(scene, deep=False)
    brown, cut = doneness(scene, 0.1, 0.36), scene.chance(0.6)
    roll = lambda: pieces.spring_roll(scene, brown, cut and scene.chance(0.6))  # noqa: E731
    if scene.chance(0.35):
        return heap(scene, roll, scene.integer(4, 8), radius * 0.8, floor), crust(scene, 24, 0.25)
    return side_by_side(scene, roll, scene.integer(4, 9), 0.29, floor, 4), crust(scene, 24, 0.25)


def fingers(scene):
    floor, radius = served(scene, deep=False)
    brown = doneness(scene, 0.3, 0.52)
    finger = lambda: pieces.finger(scene, brown)  # noqa: E731
    if scene.chance(0.4):
        return heap(scene, finger, scene.integer(5, 10), radius * 0.8, floor), crust(scene)
    return side_by_side(scene, finger, scene.integer(5, 10), 0.27, floor, 4), crust(scene)


def cutlet(scene):
    """One or two whole, or one cut into strips that show the pale meat."""
    floor, _ = served(scene, deep=False)
    brown = doneness(scene, 0.32, 0.55)
    pile = Heap(scene, floor)
    if scene.chance(0.5):
        for number in range(scene.choice(1, 2, 2)):
            pile.drop(pieces.cutlet(scene, scene.uniform(0.5, 0.62), brown), 0.05 + 0.25 * number, 0.02, trials=3)
        return pile, crust(scene)
    turn, count = scene.uniform(0, 2 * math.pi), scene.integer(5, 8)
    scene.camera_azimuth = turn
    for number in range(count):
        width = scene.uniform(0.32, 0.36) * (1 - 0.35 * abs(number - (count - 1) / 2) / count)
        lean = rotation((0, 1, 0), 0.3 + 0.1 * number / count)
        along = (number - (count - 1) / 2) * 0.21
        at = (along * math.cos(turn), along * math.sin(turn))
        strip = pieces.cutlet_strip(scene, width, 0.13, brown)
        pile.drop(strip.turned(lean), 0.01, 0.0, trials=1, centre=at, spin=turn, give=0.1)
    return pile, crust(scene)


def crisps(scene):
    floor, radius = served(scene)
    solid = mound(scene, radius * 1.1, 0.16, 0.8, 0.02, float(floor(0.0, 0.0)))
    brown = doneness(scene, 0.04, 0.2)
    filled(scene, solid, radius * 0.9, scene.material(roughness=0.7), hexadecimal("c99a4a"), drop=0.08)
    pile = heap(
        scene,
        lambda: pieces.crisp(scene, scene.uniform(0.17, 0.24), brown),
        scene.integer(38, 55),
        radius * 1.1,
        lambda x, y: np.maximum(floor(x, y), solid(x, y) - 0.06),
        tilt=0.4,
        kinds_of_piece=9,
        give=0.25,
    )
    return pile, scene.material(roughness=0.4, coat=0.15, subsurface=0.1, bumps=((14, 0.3),))


def hard_dough(scene):
    """Fried dough balls or battered ovals, like bread rolls but browned all round and with a pale belt."""
    floor, radius = served(scene)
    brown, stretch = doneness(scene, 0.48, 0.68), scene.choice(1.0, 1.0, 1.35)
    size = scene.uniform(0.19, 0.29)
    count = round(scene.uniform(5, 8) * 0.24 / size)
    pile = heap(
        scene,
        lambda: pieces.dough_ball(scene, size * scene.uniform(0.92, 1.08), brown, stretch),
        count,
        radius,
        floor,
        0.2,
    )
    return pile, scene.material(roughness=0.42, coat=0.15, bumps=((14, 0.25), (40, 0.15)), variation=0.06)


MAKERS = {maker.__name__: maker for maker in (fries, wedges, nuggets, popcorn, chicken, rings, spring_rolls)} | {
    maker.__name__: maker for maker in (fingers, cutlet, crisps, hard_dough)
}


def lemons(scene, pile):
    """One to three slices of lemon leaning on the heap's side."""
    turn = scene.uniform(0, 2 * math.pi)
    centre = (0.45 * math.cos(turn), 0.45 * math.sin(turn))
    for _ in range(scene.integer(1, 4)):
        slice_of_it = citrus_slice(scene, 0.16, "lemon", half=scene.chance(0.4))
        laid = pile.drop(slice_of_it, 0.14, centre=centre, trials=5)
        scene.add(laid, scene.material(roughness=0.3, coat=0.15, subsurface=0.1, bumps=((22, 0.2),)), name="lemon")


def make(scene, kind):
    """Add the dish named `kind` (one of KINDS) to the scene; returns how to look at it."""
    pile, surface = MAKERS[kind](scene)
    scene.add(pile.mesh(), surface)
    if kind in ("cutlet", "fingers", "chicken") and scene.chance(0.55):
        lemons(scene, pile)
    top = float(pile.heights.max())
    if scene.chance(0.45):
        dip(scene, pile.height, 0.78)
    if scene.chance(0.3):
        herbs(scene, pile.height, scene.integer(3, 9), 0.4, (0.05, 0.1))
    clutter(scene, scene.clear_radius, kinds=("cutlery", "napkin", "glass", "cup", "plate"))
    size = max(scene.uniform(0.68, 0.95), 1.15 * top)  # a tall heap needs a camera further away
    return View((0, 0, 0.45 * top), size, scene.uniform(0.5, 1.2))
