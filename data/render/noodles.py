"""Noodles and pasta: spaghetti and ribbons with sauces, stir-fried noodles, ramen, short pasta."""

import math
from dataclasses import replace

import broth
import soup_garnish
from clutter import chopsticks, clutter, cutlery, herbs
from colour import hexadecimal, mix, smoothstep
from egg_shapes import half_egg
from geometry import rotation, sphere, superellipsoid
from heaps import filled, mound, scattered
from pasta import SHAPES
from scene import View
from strands import heap_of_strands, noodle_material, soup_noodles
from surfaces import puddle, shades
from tableware import bowl, plate

KINDS = (
    ("tomato", 3.0),
    ("plain", 1.2),
    ("pesto", 1.4),
    ("cream", 1.0),
    ("stir_fried", 2.2),
    ("ramen", 2.2),
    ("penne", 2.0),
    ("macaroni", 1.5),
    ("hard_soup", 1.0),
)

DOUGHS = ("e6c583", "e8d192", "dcba6a", "ead8a6")
TINTS = {"tomato": ("d5713a", 0.3), "pesto": ("7f8c34", 0.5), "stir_fried": ("8f5226", 0.55), "cream": ("f0e4c6", 0.5)}


def dish(scene, kind):
    """Plate or bowl; returns (height function, radius of the food, z looked at, outer radius)."""
    if kind in ("ramen", "stir_fried") or scene.chance(0.35):
        outer, depth = scene.uniform(0.75, 0.95), scene.uniform(0.4, 0.6)
        inner = bowl(scene, outer, depth)
        z = depth * scene.uniform(0.62, 0.8)
        radius = inner(z) - 0.02
        return mound(scene, radius * 1.02, scene.uniform(0.06, 0.2), 1, 0.05, z), radius, z, outer
    outer = scene.uniform(1.1, 1.3)
    z, _ = plate(scene, outer)
    radius = scene.uniform(0.64, 0.85)
    return mound(scene, radius, scene.uniform(0.22, 0.38), 0.7, 0.06, z), radius, 0.18, outer


def dough(scene, kind):
    """Colour (3,) of the pasta under a sauce."""
    plain = scene.jitter(hexadecimal(scene.choice(*DOUGHS)), 0.03)
    tint, share = TINTS.get(kind, ("000000", 0))
    return mix(plain, hexadecimal(tint), share)


def long_noodles(scene, kind, height, radius):
    """Spaghetti, ribbons or Asian noodles, enough to cover the dish."""
    colour = dough(scene, kind)
    flat = kind in ("plain", "cream", "pesto", "tomato") and scene.chance(0.3)
    thickness = scene.uniform(0.017, 0.027)
    count = int(120 * (radius / 0.7) ** 2 * (0.022 / thickness) * (0.75 if flat else 1))
    filled(scene, height, radius * 0.96, scene.material(roughness=0.5, variation=0.1), colour * 0.45, drop=0.06)
    twirled, curl = scene.choice(0, 0.3, 0.6), scene.uniform(0.6, 1.2)
    noodles = heap_of_strands(scene, height, radius * 0.97, thickness, colour, count, twirled, curl, flat)
    scene.add(noodles, noodle_material(scene), name="noodles")


def tomato_sauce(scene, height, radius):
    """A red sauce in the middle, with meatballs or minced meat and grated cheese at times."""
    spread = radius * scene.uniform(0.45, 0.65)
    mesh, lumps = puddle(scene, height, spread, 0.055)
    colours = mix(hexadecimal("a82812"), hexadecimal("cc4d26"), smoothstep(-0.4, 0.6, lumps))
    wet = scene.material(
        roughness=0.28, coat=0.25, subsurface=0.1, subsurface_radius=(1, 0.2, 0.1), bumps=((22, 0.5), (45, 0.3))
    )
    scene.add(mesh.painted(colours), wet, name="sauce")
    if scene.chance(0.55):
        meatballs(scene, height, spread * 0.7)
    if scene.chance(0.6):
        flake = [sphere(1, (0.022, 0.013, 0.007))]
        cheese = scattered(
            scene, lambda x, y: height(x, y) + 0.07, spread * 0.8, flake, 110, 0.01, colour=hexadecimal("e6d9aa")
        )
        scene.add(cheese, scene.material(roughness=0.6), name="cheese")


def meatballs(scene, height, radius):
    """Two to five browned balls."""
    for _ in range(scene.integer(2, 6)):
        away, angle, size = radius * math.sqrt(scene.uniform(0, 1)), scene.uniform(0, 6.28), scene.uniform(0.12, 0.16)
        ball = sphere(4)
        ball = replace(ball, vertices=ball.vertices * (1 + 0.1 * scene.noise(ball.vertices, 2.5))[:, None] * size)
        brown = scene.material(
            ramp=((0.3, hexadecimal("4a2414")), (0.7, hexadecimal("8a4a28"))),
            ramp_scale=8,
            roughness=0.5,
            coat=0.1,
            bumps=((14, 0.8), (35, 0.5)),
        )
        x, y = away * math.cos(angle), away * math.sin(angle)
        scene.add(ball.moved((x, y, height(x, y) + 0.75 * size)), brown, name="meatball")


def vegetable_strips(scene, height, radius):
    """Strips of carrot, leek, red pepper and sprouts."""
    strip = superellipsoid(3, 5, (0.12, 0.018, 0.022))
    shade = shades(scene, ("d9702a", "7fa03c", "b8352a", "dfd4a0"))
    count = scene.integer(10, 26)
    strips = scattered(scene, lambda x, y: height(x, y) + 0.03, radius * 0.85, [strip], count, 0.02, colour=shade)
    scene.add(strips, scene.material(roughness=0.35, subsurface=0.1), name="vegetables")


def ramen_toppings(scene, z, radius):
    """Halved eggs, slices of roast pork, nori and spring onion, each in its own sector of the bowl."""
    start = scene.uniform(0, 6.28)

    def sector(number, share=0.5):
        angle = start + number * 1.7
        return share * radius * math.cos(angle), share * radius * math.sin(angle), z

    if scene.chance(0.75):
        for number in (0, 0.38):
            x, y, _ = sector(number)
            half_egg(scene, (x, y, z + 0.06), 0.2, scene.uniform(0, 6.28), 0.25)
    if scene.chance(0.6):
        roast_slices(scene, sector(1.2, 0.55), scene.integer(2, 4))
    if scene.chance(0.5):
        x, y, _ = sector(2.4, 0.78)
        sheet_of_nori = superellipsoid(4, 12, (0.16, 0.012, 0.22)).turned(_leaning(scene))
        dark = scene.material(colour=hexadecimal("18241c"), roughness=0.5, bumps=((30, 0.3),))
        scene.add(sheet_of_nori.moved((x, y, z + 0.12)), dark, name="nori")
    soup_garnish.floating(
        scene, soup_garnish.onion_rings(scene), ("86ad3f", "9dbf55"), scene.integer(10, 30), z + 0.04, radius * 0.5
    )


def _leaning(scene):
    """Turn of a sheet that stands in the bowl."""
    return rotation((0, 0, 1), scene.uniform(0, 6.28)) @ rotation((1, 0, 0), scene.uniform(-0.5, 0.5))


def roast_slices(scene, at, count):
    """Round slices of roast pork overlapping each other, a streak of fat in each."""
    disc = superellipsoid(5, 3, (0.2, 0.18, 0.025))
    distance = (disc.vertices[:, 0] ** 2 + disc.vertices[:, 1] ** 2) ** 0.5 / 0.2
    streaks = scene.noise(disc.vertices, 7, 3)
    colours = mix(hexadecimal("b88066"), hexadecimal("e0c0a4"), smoothstep(0.05, 0.4, streaks))
    colours = mix(colours, hexadecimal("6b3a22"), smoothstep(0.82, 0.97, distance))
    meat = scene.material(roughness=0.4, coat=0.2, bumps=((18, 0.3),))
    for i in range(count):
        piece = disc.painted(colours).moved((at[0] + 0.13 * i, at[1] + 0.05 * i, at[2] + 0.05 + 0.03 * i))
        scene.add(piece, meat, name="roast pork")


# six-digit tints, and how much of them at most, of the sauces that coat short pasta
SAUCES = {"tomato": ("bf4a16", 0.9), "plain": ("d8b060", 0.4), "pesto": ("6f7630", 0.6), "cheese": ("e09a2c", 0.8)}
# of each short pasta: its thickness and number as a share of the quills'
SHORT = {"penne": (1.0, 1.0), "macaroni": (0.85, 2.0)}


def short_pasta(scene, kind, height, radius):
    """A heap of quills or elbows, plain or in a sauce; returns the sauce."""
    sauce = scene.choice("tomato", "tomato", "plain", "cheese" if kind == "macaroni" else "pesto")
    code, most = SAUCES[sauce]
    thickness, number = SHORT[kind]
    shapes = [SHAPES[kind](scene, scene.uniform(0.062, 0.075) * thickness) for _ in range(4)]
    plain, tint = scene.jitter(hexadecimal(scene.choice(*DOUGHS)), 0.03), hexadecimal(code)
    below = scene.material(roughness=0.4, bumps=((12, 0.5),), variation=0.2)
    filled(scene, height, radius * 0.97, below, tint * 0.6, drop=0.06)

    def shade(_):
        return scene.jitter(mix(plain, tint, scene.uniform(0.5, 1) * most), 0.04)

    count = int(170 * (radius / 0.7) ** 2 * number)
    heap = scattered(scene, lambda x, y: height(x, y) + 0.04, radius * 0.8, shapes, count, 0.06, 0.22, colour=shade)
    moist = scene.material(
        roughness=0.4, subsurface=0.1, subsurface_radius=(1, 0.6, 0.3), subsurface_scale=0.03, coat=0.12, variation=0.08
    )
    scene.add(heap, moist, name="pasta")
    return sauce


def lay_tool(scene, kind, z, outer):
    """Chopsticks across the bowl or a fork whose tines rest on the rim, about one time in three."""
    if not scene.chance(0.3):
        return
    if kind in ("stir_fried", "ramen", "hard_soup"):
        chopsticks(scene, (0, outer * 0.45), scene.uniform(-0.3, 0.3), z=z + 0.2)
        return
    angle = scene.uniform(0, 6.28)
    at = (outer * 1.3 * math.cos(angle), outer * 1.3 * math.sin(angle))
    cutlery(scene, at, angle + math.pi + scene.uniform(-0.3, 0.3), "fork", z=z + 0.1)


def make_soup(scene):
    """A bowl of broth whose noodles lie mostly under the surface."""
    outer, depth = scene.uniform(0.8, 0.95), scene.uniform(0.45, 0.6)
    inner = bowl(scene, outer, depth, curve=scene.uniform(2, 3))
    z = depth * scene.uniform(0.72, 0.84)
    radius = inner(z) + 0.004
    colour = scene.jitter(hexadecimal(scene.choice("c79c58", "b9854a", "d0aa6a")), 0.05)
    soup_noodles(scene, z, radius, scene.integer(45, 70), colour, dough(scene, "plain"))
    soup_garnish.green(scene, z, radius)
    if scene.chance(0.5):
        ramen_toppings(scene, z - 0.03, radius * 0.8)
    lay_tool(scene, "hard_soup", z, outer)
    clutter(scene, outer)
    return View((0, 0, z), outer * scene.uniform(1.0, 1.3), scene.uniform(0.65, 1.3))


def make(scene, kind):
    """Put noodles of one of KINDS on the table; returns the View."""
    if kind == "hard_soup":
        return make_soup(scene)
    height, radius, z, outer = dish(scene, kind)
    if kind in SHAPES:
        sauce = short_pasta(scene, kind, height, radius)
    else:
        long_noodles(scene, kind, height, radius)
        sauce = kind
    if sauce == "tomato" and (kind == sauce or scene.chance(0.7)):
        tomato_sauce(scene, lambda x, y: height(x, y) + (0.15 if kind in SHAPES else 0), radius)
    if kind in ("stir_fried", "ramen"):
        vegetable_strips(scene, height, radius)
    if kind == "ramen":
        colour = scene.jitter(hexadecimal(scene.choice("a8703a", "9a5a2c", "c09a60")), 0.06)
        broth.clear(scene, z + 0.04, radius + 0.03, colour, transmission=0.4, bottom=0.2)
        ramen_toppings(scene, z + 0.1, radius)
    elif scene.chance(0.7):
        sprinkle = 0.06 if kind == "tomato" else 0.02
        herbs(scene, lambda x, y: height(x, y) + sprinkle, scene.integer(3, 14), radius * 0.5, (0.06, 0.16))
    lay_tool(scene, kind, z, outer)
    clutter(scene, outer)
    size = outer * (scene.uniform(0.72, 0.92) if outer > 1 else scene.uniform(0.95, 1.15))
    return View((0, 0, z), size, scene.uniform(0.55, 1.3))
