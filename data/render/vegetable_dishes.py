"""Dishes of vegetables: each maker adds the tableware and returns (a Dish, least and greatest size of the view)."""

import math

import numpy as np
from colour import hexadecimal
from geometry import random_rotation, sphere, superellipsoid
from greens import (
    baton,
    carrot,
    carrot_coin,
    cucumber_slice,
    floret,
    grilled_slice,
    lettuce_leaf,
    onion_hoop,
    pepper,
    tomato,
    tomato_half,
    tomato_slice,
)
from heaps import filled, mound
from pile import level
from produce_dish import Dish, deep_dish, flat_dish
from tableware import pan


def tomatoes(scene):
    floor, radius = flat_dish(scene)
    dish = Dish(scene, floor)
    if scene.chance(0.35):  # small ones, a few of them halved
        for _ in range(scene.integer(10, 20)):
            if scene.chance(0.75):
                dish.put("skin", tomato(scene, scene.uniform(0.13, 0.17)), radius * 0.8, tilt=0.05)
            else:
                dish.put("wet", tomato_half(scene, 0.15), radius * 0.8)
        return dish, (0.6, 0.8)
    for _ in range(scene.integer(2, 5)):
        dish.put("skin", tomato(scene, scene.uniform(0.25, 0.32)), radius, tilt=0.02)
    for _ in range(scene.integer(2, 7)):
        dish.put("wet", tomato_slice(scene, 0.26) if scene.chance(0.7) else tomato_half(scene, 0.27), radius, trials=6)
    return dish, (0.65, 0.9)


def salad(scene):
    """Leaves, tomatoes, cucumber and onion in a bowl."""
    _, inner, height = deep_dish(scene, wooden=0.35)
    radius = inner(height * 0.85) * 0.95
    solid = mound(scene, radius, 0.16, 1, 0.03, height * 0.7)
    dark = hexadecimal("3f5f22")
    filled(scene, solid, radius, scene.material(roughness=0.8, variation=0.3), dark, drop=0.08)
    dish = Dish(scene, lambda x, y: solid(x, y) - 0.05)
    greens = [
        hexadecimal(code)
        for code in scene.choice(("6fa02f", "8fbc45", "4a7a28"), ("8fbc45", "b5cf6a"), ("4a7a28", "6fa02f", "6a2438"))
    ]
    for _ in range(scene.integer(40, 60)):
        leaf_of_it = lettuce_leaf(scene, scene.uniform(0.28, 0.5), scene.choice(*greens))
        dish.put("leaf", leaf_of_it, radius * 0.9, tilt=0.6, trials=5, give=0.5)
    garnish_salad(scene, dish, radius)
    return dish, (0.75, 1.0)


def garnish_salad(scene, dish, radius):
    """Two or three of tomato, sliced tomato, cucumber, onion and carrot on the leaves."""
    garnish = [
        lambda: dish.put(
            "skin",
            sphere(4, (0.12,) * 3).painted(scene.jitter(hexadecimal("bf2a1c"))),
            radius * 0.7,
        ),
        lambda: dish.put(
            "wet", tomato_slice(scene, 0.2) if scene.chance(0.6) else tomato_half(scene, 0.14), radius * 0.7, trials=3
        ),
        lambda: dish.put("wet", cucumber_slice(scene, 0.18), radius * 0.7, trials=3),
        lambda: dish.put("wet", onion_hoop(scene, 0.16), radius * 0.6, trials=3, give=0.3),
        lambda: dish.put("wet", carrot_coin(scene, 0.09), radius * 0.7),
    ]
    for choice in scene.rng.choice(len(garnish), size=scene.integer(2, 4), replace=False):
        for _ in range(scene.integer(3, 8)):
            garnish[choice]()


def broccoli(scene):
    floor, radius = flat_dish(scene)
    dish = Dish(scene, floor)
    pale = scene.chance(0.25)
    colours = ("e4dcb4", "d8cfa6", "f4efd8") if pale else ("a9c07a", "2c5220", "6d9a42")
    for _ in range(scene.integer(4, 8)):
        dish.put("buds", floret(scene, scene.uniform(0.28, 0.42), *colours), radius * 0.85, tilt=0.1)
    for _ in range(scene.integer(0, 14)):
        dish.put("wet", carrot_coin(scene, scene.uniform(0.09, 0.12)), radius, trials=4)
    return dish, (0.6, 0.9)


def raw_vegetables(scene):
    """Peppers, carrots, tomatoes and cucumber on a board, or all as batons round a dip."""
    floor, radius = flat_dish(scene, 0.7)
    dish = Dish(scene, floor)
    if scene.chance(0.25):
        return sticks(scene, dish)
    for _ in range(scene.integer(1, 4)):
        dish.put("skin", pepper(scene, scene.uniform(0.24, 0.3)), radius, tilt=0.02, trials=20)
    for _ in range(scene.integer(1, 4)):
        dish.put("skin", carrot(scene, scene.uniform(0.75, 1.0)), radius * 0.7, tilt=0.02, trials=20)
    for _ in range(scene.integer(0, 3)):
        dish.put("skin", tomato(scene, scene.uniform(0.2, 0.26)), radius, tilt=0.02, trials=20)
    if scene.chance(0.6):
        at = (scene.uniform(-0.4, 0.4), scene.uniform(-0.4, 0.4))
        for _ in range(scene.integer(3, 8)):
            dish.put("wet", cucumber_slice(scene, 0.19), 0.28, centre=at, trials=5)
    return dish, (0.7, 0.95)


STICKS = (("e5761c", "c95f10"), ("d9e2ae", "8fae58"), ("b3261c", "d2503a"), ("e6b022", "f0cc5a"), ("a9c66c", "dce6b8"))


def sticks(scene, dish):
    """Batons of raw vegetables in bundles by sort, laid like rays."""
    sorts = scene.rng.permutation(len(STICKS))[: scene.integer(3, 6)]
    for place, sort in enumerate(sorts):
        turn = 2 * math.pi * place / len(sorts)
        colours = [hexadecimal(code) for code in STICKS[sort]]
        centre = (0.42 * math.cos(turn), 0.42 * math.sin(turn))
        for _ in range(scene.integer(7, 12)):
            stick = baton(scene, scene.uniform(0.26, 0.33), 0.042, colours)
            dish.put("wet", stick, 0.16, centre=centre, spin=turn + scene.normal(0, 0.12), trials=8, tilt=0.05)
    return dish, (0.7, 0.95)


def steamed(scene):
    """A heap of peas, sweetcorn, carrot dice and green beans."""
    floor, radius = flat_dish(scene, 0) if scene.chance(0.5) else (deep_dish(scene)[0], 0.55)
    base = max(0.06, float(floor(radius * 0.8, 0.0)) * 0.6)
    solid = mound(scene, radius * 1.05, scene.uniform(0.15, 0.25), 0.8, 0.03, base)
    dish = Dish(scene, lambda x, y: np.maximum(floor(x, y), solid(x, y) - 0.05))
    sorts = scene.rng.choice(4, size=scene.integer(2, 5), replace=False)
    filled(scene, solid, radius, scene.material(roughness=0.7), hexadecimal("66762e"), drop=0.07)
    for _ in range(scene.integer(200, 260)):
        sort = sorts[scene.integer(0, len(sorts))]
        piece, colour = (
            (sphere(3, (0.06,) * 3), "5f9a2c"),
            (superellipsoid(3, 3, (0.058, 0.05, 0.04)), "f0c22e"),
            (superellipsoid(3, 6, (0.055,) * 3), "e3761c"),
            (superellipsoid(3, 3, (0.17, 0.035, 0.035)), "4f7f2e"),
        )[sort]
        tumbled = piece.turned(random_rotation(scene.rng)) if sort != 3 else piece
        dish.put("wet", tumbled.painted(scene.jitter(hexadecimal(colour), 0.08)), radius, tilt=0.3, trials=3, give=0.2)
    return dish, (0.62, 0.85)


def hard_fried_vegetables(scene):
    """Roast batons like fries, roast florets like nuggets, or grilled slices like meat."""
    return scene.choice(roast_batons, roast_florets, grilled_slices)(scene)


def roast_batons(scene):
    floor, radius = flat_dish(scene, 0.3)
    dish = Dish(scene, floor)
    sorts = (("e07a22", "8f3f12"), ("e8cf94", "a8682a"), ("c65a1c", "6f2c10"), ("8f2c44", "4f1526"))
    chosen = [
        [hexadecimal(code) for code in sorts[k]] for k in scene.rng.choice(4, size=scene.integer(1, 4), replace=False)
    ]
    for _ in range(scene.integer(32, 48)):
        stick = baton(scene, scene.uniform(0.2, 0.3), scene.uniform(0.045, 0.06), scene.choice(*chosen))
        dish.put("roast", stick, radius * 0.9, tilt=0.2, trials=8, give=0.12)
    return dish, (0.62, 0.85)


def roast_florets(scene):
    floor, radius = flat_dish(scene, 0.3)
    dish = Dish(scene, floor)
    for _ in range(scene.integer(7, 12)):
        dish.put("roast", floret(scene, scene.uniform(0.22, 0.32), "e0c890", "8a5020", "e6bd6c"), radius * 0.9)
    return dish, (0.62, 0.85)


GRILLED = (
    ("d9cfa0", "3a1c38", 0.3, 0.26),
    ("e4dc9a", "5f7a2c", 0.46, 0.16),
    ("b08a64", "4a3020", 0.26, 0.25),
    ("c43a22", "8f2416", 0.36, 0.2),
)


def grilled_slices(scene):
    """Aubergine, courgette, mushroom and pepper with the grill's bars, in a pan or on a dish."""
    if scene.chance(0.4):
        z, _ = pan(scene, 1.0)
        scene.clear_radius = 1.05
        floor, radius = level(z), 0.6
    else:
        floor, radius = flat_dish(scene, 0.4)
    dish = Dish(scene, floor)
    sorts = [GRILLED[k] for k in scene.rng.choice(4, size=scene.integer(1, 4), replace=False)]
    for _ in range(scene.integer(7, 12)):
        flesh, peel, length, width = scene.choice(*sorts)
        dish.put("roast", grilled_slice(scene, length, width, flesh, peel), radius, tilt=0.05, give=0.1)
    return dish, (0.65, 0.9)
