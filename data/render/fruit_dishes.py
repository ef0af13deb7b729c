"""Dishes of fruit: each maker adds the tableware and returns (a Dish, least and greatest size of the view)."""

import math

import numpy as np
from colour import hexadecimal, mix, smoothstep
from fruit import apple, banana_bunch, berry, citrus, citrus_half, citrus_slice, kiwi_slice, melon_piece, strawberry
from fruit import watermelon_wedge as watermelon_piece
from geometry import alignment, random_rotation, superellipsoid
from greens import onion_hoop
from heaps import filled, mound
from produce_dish import Dish, deep_dish, flat_dish
from surfaces import disc, polar_grid, relief


def fruit_bowl(scene):
    floor, _, _ = deep_dish(scene, wooden=0.4)
    dish = Dish(scene, floor)
    sorts = [scene.choice("apple", "apple", "orange", "orange", "lemon", "pomelo") for _ in range(scene.integer(1, 4))]
    apples = scene.choice(("a8201c", "d9a23c"), ("8aae38", "b7c656"), ("d8b94a", "c9603a"), None)
    for number in range(scene.integer(6, 10)):
        sort = scene.choice(*sorts)
        radius = 0.5 if number < 5 else 0.25
        if sort == "apple":
            dish.put("skin", apple(scene, scene.uniform(0.27, 0.33), apples), radius, tilt=0.05, trials=20)
        else:
            kind, size = {"orange": ("orange", 0.3), "lemon": ("lemon", 0.22), "pomelo": ("grapefruit", 0.34)}[sort]
            dish.put("peel", citrus(scene, size * scene.uniform(0.92, 1.08), kind), radius, tilt=0.05, trials=20)
    if scene.chance(0.2):
        dish.put("skin", banana_bunch(scene, 0.45), 0.15, tilt=0.05)
    return dish, (0.75, 1.0)


def citrus_cut(scene):
    """Whole fruit beside halves and slices, by which an orange is known at a glance."""
    floor, radius = flat_dish(scene)
    dish = Dish(scene, floor)
    sorts = scene.choice(("orange",), ("orange",), ("lemon",), ("orange", "lemon", "lime"), ("grapefruit", "orange"))
    for _ in range(scene.integer(1, 4)):
        sort = scene.choice(*sorts)
        dish.put("peel", citrus(scene, 0.21 if sort in ("lemon", "lime") else 0.3, sort, 0.6), radius, tilt=0.02)
    for _ in range(scene.integer(2, 5)):
        sort = scene.choice(*sorts)
        size = 0.2 if sort in ("lemon", "lime") else 0.29
        lean = alignment((scene.normal(0, 0.3), scene.normal(0, 0.3), 1), scene.uniform(0, 6.28))
        dish.put("wet", citrus_half(scene, size, sort).turned(lean), radius, tilt=0.02)
    for _ in range(scene.integer(1, 6)):
        sort = scene.choice(*sorts)
        dish.put(
            "wet",
            citrus_slice(scene, 0.19 if sort in ("lemon", "lime") else 0.27, sort, scene.chance(0.3)),
            radius,
            trials=4,
        )
    return dish, (0.65, 0.9)


def bananas(scene):
    floor, radius = flat_dish(scene, 0.3)
    dish = Dish(scene, floor)
    dish.put("skin", banana_bunch(scene, scene.uniform(0.6, 0.72)), 0.1, tilt=0.02)
    for _ in range(scene.integer(0, 3)):
        dish.put("skin", apple(scene, 0.28), radius, tilt=0.02)
    return dish, (0.7, 0.95)


MELONS = ("f08a3c", "f6d84a", "dfe8a0", "f4a62a", "e0453c")


def cut_fruit(scene):
    """A plate or bowl of fruit cut for eating: slices, halves and blocks of three or four sorts."""
    dish = Dish(scene, flat_dish(scene, 0.3)[0])
    melon = [hexadecimal(code) for code in MELONS]
    sorts = [
        ("wet", lambda: kiwi_slice(scene, 0.2)),
        ("wet", lambda: citrus_slice(scene, 0.25, "orange", scene.chance(0.5))),
        ("wet", lambda: strawberry(scene, 0.14)),
        ("wet", lambda: melon_piece(scene, 0.13, melon[scene.integer(0, 5)])),
        ("wet", lambda: watermelon_piece(scene, 0.42)),
        ("wet", lambda: berry(scene, 0.1, scene.choice("grape", "red_grape"))),
        ("wet", lambda: citrus_half(scene, 0.24, scene.choice("orange", "grapefruit"))),
    ]
    chosen = scene.rng.choice(len(sorts), size=scene.integer(3, 5), replace=False)
    for place, number in enumerate(chosen):  # each sort in its own corner, as it is served
        finish, piece = sorts[number]
        turn = 2 * math.pi * place / len(chosen)
        centre = (0.36 * math.cos(turn), 0.36 * math.sin(turn))
        for _ in range(scene.integer(6, 10)):
            dish.put(finish, piece(), 0.27, centre=centre, tilt=0.15, give=0.08)
    return dish, (0.65, 0.85)


def berries(scene):
    """A bowl of strawberries, blueberries, raspberries, cherries or grapes, or of two of them."""
    floor, inner, height = deep_dish(scene)
    sizes = {"strawberry": 0.16, "blueberry": 0.09, "raspberry": 0.13, "cherry": 0.12, "grape": 0.12, "red_grape": 0.12}
    sorts = [scene.choice("strawberry", "strawberry", *sizes) for _ in range(scene.choice(1, 1, 2))]
    radius = inner(height * 0.8) * 0.88
    solid = mound(scene, radius, 0.14, 1, 0.02, height * 0.45)
    filled(scene, solid, radius, scene.material(roughness=0.8), hexadecimal("3a1f1c"), drop=0.02)
    dish = Dish(scene, lambda x, y: np.maximum(floor(x, y), solid(x, y)))
    shapes = {sort: [piece_of(scene, sort, sizes[sort]) for _ in range(5)] for sort in sorts}
    base = 1.25 * radius**2 / np.mean([sizes[sort] for sort in sorts]) ** 2
    for _ in range(int(base * scene.uniform(0.9, 1.4))):
        shape = shapes[sort := scene.choice(*sorts)][scene.integer(0, 5)]
        shape = shape.painted(np.clip(shape.colours * (1 + scene.normal(0, 0.07)), 0, 1))
        dish.put("wet" if sort == "strawberry" else "skin", shape, radius, tilt=0.5, trials=6, give=0.08)
    return dish, (0.65, 0.9)


def piece_of(scene, sort, size):
    """A strawberry or another berry."""
    return strawberry(scene, size) if sort == "strawberry" else berry(scene, size, sort)


def watermelon(scene):
    """Wedges of watermelon, flat or leaning on one another."""
    floor, radius = flat_dish(scene)
    dish = Dish(scene, floor)
    for _ in range(scene.integer(3, 7)):
        dish.put("wet", watermelon_piece(scene, scene.uniform(0.6, 0.75)), radius * 0.65, tilt=0.1, give=0.12)
    return dish, (0.65, 0.9)


JUICES = {"tomato": ("b8381f", "c94f2c"), "fruit": ("e0a040", "e8b85a"), "berry": ("a82438", "c04a56")}


def hard_soup_like(scene):
    """A wet salad of chopped tomato or of fruit, its pieces standing out of the juice: like soup, but all pieces."""
    _, inner, height = deep_dish(scene, 0.4, 0.55, 0)
    level_of_juice = height * scene.uniform(0.66, 0.8)
    sort = scene.choice("tomato", "tomato", "fruit", "berry")
    juice(scene, inner(level_of_juice), level_of_juice, sort)
    radius = inner(level_of_juice) * 0.93
    dish = Dish(scene, lambda x, y: np.zeros_like(np.asarray(x, float)) + level_of_juice - 0.05)
    for _ in range(scene.integer(45, 75)):
        size = scene.uniform(0.06, 0.09)
        block = superellipsoid(3, 4, (size, size * scene.uniform(0.7, 1), size * 0.8)).turned(
            random_rotation(scene.rng)
        )
        dish.put(
            "wet",
            block.painted(scene.jitter(hexadecimal(scene.choice(*PIECES[sort])), 0.08)),
            radius,
            trials=4,
            give=0.3,
        )
    for _ in range(scene.integer(3, 9)):
        slice_of_it = onion_hoop(scene, 0.12) if sort == "tomato" else kiwi_slice(scene, 0.13)
        dish.put("wet", slice_of_it, radius * 0.8, give=0.3)
    return dish, (0.72, 0.98)


PIECES = {
    "tomato": ("bb2a1c", "cf4a30", "c43a22", "b7c97a", "dfe8b8"),
    "fruit": ("f08a3c", "f6d84a", "dfe8a0", "f4a62a", "f2e2b0"),
    "berry": ("c8242c", "8c1420", "d6342a", "e8a0a0", "f2e2b0"),
}


def juice(scene, radius, z, sort):
    """The liquid's surface, part of the food."""
    share, angle = polar_grid(40, 90)
    x, y = share * radius * np.cos(angle), share * radius * np.sin(angle)
    ripples = relief(scene, x, y, 4)
    low, high = (hexadecimal(code) for code in JUICES[sort])
    painted = mix(low, high, smoothstep(-0.4, 0.6, ripples.ravel()))
    wet = scene.material(roughness=0.1, coat=0.3, subsurface=0.1, bumps=((6, 0.08),))
    scene.add(disc(x, y, z + 0.004 * ripples).painted(painted), wet, name="juice")
