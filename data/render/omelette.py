"""Beaten eggs: omelettes, folded or rolled, and scrambled eggs."""

from dataclasses import replace

import numpy as np
from clutter import herbs
from colour import hexadecimal, mix, smoothstep
from geometry import join, rotation, sheet, sphere, superellipsoid
from heaps import filled, mound, scattered
from surfaces import relief

YELLOWS = ("efc04a", "f0c858", "e8b23a", "f2d070")


def beaten_egg_material(scene):
    """Set egg: soft, moist, slightly wrinkled."""
    return scene.material(
        roughness=0.36,
        subsurface=0.12,
        subsurface_radius=(1, 0.6, 0.2),
        subsurface_scale=0.04,
        coat=0.2,
        bumps=((9, 0.35), (26, 0.25)),
        variation=0.06,
    )


def browned(scene, points, yellow, amount):
    """Colours (V, 3) of a fried egg skin: yellow with golden to brown patches; `amount` in [0, 1]."""
    broad, fine = scene.noise(points, 2.6, 3), scene.noise(points, 9, 3)
    heat = smoothstep(0.5 - 0.7 * amount, 1.3 - 0.7 * amount, broad + 0.5 * fine + 0.2)
    colours = mix(mix(yellow, yellow * (1, 0.94, 0.8), smoothstep(-0.4, 0.5, fine)), hexadecimal("c9822c"), heat * 0.8)
    return mix(colours, hexadecimal("8a4f20"), smoothstep(0.7, 1, heat) * 0.5 * amount)


def half_moon(scene, radius, thickness, puff):
    """A half disc, thick and round at its straight fold (y = 0), thin along its curved edge."""
    share, along = np.meshgrid(np.linspace(0, 1, 60), np.linspace(-1, 1, 110), indexing="ij")
    outline = np.sqrt(np.clip(1 - np.abs(along) ** 2.4, 0, 1)) * (0.86 + 0.05 * np.sin(along * 9))
    x, y = along * radius, share * outline * radius
    fold = np.sqrt(np.clip(1 - (1 - np.clip(share / 0.16, 0, 1)) ** 2, 0, 1))
    open_edge = np.sqrt(np.clip(1 - np.clip((share - 0.9) / 0.1, 0, 1) ** 2, 0, 1))
    ends = np.sqrt(np.clip(1 - np.abs(along) ** 6, 0, 1))
    top = thickness * fold * open_edge * ends * (1 - 0.35 * share + puff * relief(scene, x, y, 2.2))
    return sheet(np.stack([x, y - 0.42 * radius, top], axis=-1))


def folded_omelette(scene, z):
    """An omelette folded over its filling; a lower lip of egg shows along the open edge."""
    radius = scene.uniform(0.66, 0.82)
    yellow, brown = scene.jitter(hexadecimal(scene.choice(*YELLOWS)), 0.03), scene.uniform(0.25, 0.8)
    spin = rotation((0, 0, 1), scene.uniform(0, 6.28))
    lower = half_moon(scene, radius * 1.04, 0.07, 0.1).scaled((1, 1.08, 1))
    upper = half_moon(scene, radius, scene.uniform(0.17, 0.24), 0.16).moved((0, 0, 0.03))
    egg = join([part.painted(browned(scene, part.vertices, yellow, brown)) for part in (lower, upper)])
    scene.add(egg.turned(spin).moved((0, 0, z)), beaten_egg_material(scene), name="omelette")
    crumbs_of_filling(scene, radius, z, spin)
    if scene.chance(0.6):
        herbs(scene, lambda x, y: z + 0.2, scene.integer(3, 10), radius * 0.35, (0.05, 0.1))


def crumbs_of_filling(scene, radius, z, spin):
    """Pieces of ham, cheese or tomato peeping out along the open edge."""
    colour = hexadecimal(scene.choice("d98a80", "c8281a", "6f9a35", "a87a50"))
    cube = superellipsoid(3, 6, (0.05, 0.05, 0.04))
    pieces = []
    for along in scene.normal(0, 0.4, scene.integer(4, 12)):
        reach = 0.88 * np.sqrt(max(1 - abs(along) ** 2.4, 0.1)) - 0.42
        at = np.array([along, reach, 0.06 / radius]) * radius
        pieces.append(cube.turned(rotation((0, 0, 1), scene.uniform(0, 6))).moved(at).painted(scene.jitter(colour)))
    filling = join(pieces).turned(spin).moved((0, 0, z))
    scene.add(filling, scene.material(roughness=0.35, coat=0.2, variation=0.1), name="filling")


def roll(scene, length, width, height):
    """A spindle rolled from thin layers, with creases along it."""
    body = superellipsoid(6, 2.6, (length, width, height))
    unit = body.vertices / (length, width, height)
    spindle = 1 - 0.32 * np.abs(unit[:, 0]) ** 2
    crease = np.exp(-(((unit[:, 1] - 0.35 + 0.12 * np.sin(unit[:, 0] * 3)) / 0.05) ** 2)) * (unit[:, 2] > 0)
    lumps = scene.noise(unit, 1.8, 3)
    vertices = body.vertices * np.c_[np.ones(len(unit)), spindle, spindle]
    vertices = vertices * (1 + 0.05 * lumps)[:, None] - np.c_[0 * crease, 0 * crease, 0.05 * crease]
    return replace(body, vertices=vertices)


def rolled_omelette(scene, z):
    """A whole rolled omelette, or one cut into thick slices whose spiral of layers shows."""
    yellow, brown = scene.jitter(hexadecimal(scene.choice(*YELLOWS)), 0.03), scene.uniform(0.1, 0.6)
    spin = rotation((0, 0, 1), scene.uniform(0, 6.28))
    if scene.chance(0.5):
        height = scene.uniform(0.17, 0.22)
        body = roll(scene, scene.uniform(0.68, 0.85), scene.uniform(0.26, 0.32), height)
        egg = body.painted(browned(scene, body.vertices, yellow, brown)).moved((0, 0, z + 0.9 * height))
    else:
        egg = sliced_roll(scene, yellow, brown).moved((0, 0, z))
    scene.add(egg.turned(spin), beaten_egg_material(scene), name="omelette")
    if scene.chance(0.5):
        herbs(scene, lambda x, y: z + 0.36, scene.integer(2, 8), 0.25, (0.05, 0.09))


def sliced_roll(scene, yellow, brown):
    """Slices of a rolled omelette in a row, leaning, the cut faces towards +x."""
    count, slices = scene.integer(4, 7), []
    for i in range(count):
        body = superellipsoid(5, 3.4, (0.1, 0.25, 0.2))
        unit = body.vertices / (0.1, 0.25, 0.2)
        around, distance = np.arctan2(unit[:, 2], unit[:, 1]), np.hypot(unit[:, 1], unit[:, 2])
        layers = np.cos(2 * np.pi * (3.2 * distance - around / (2 * np.pi)))
        colours = mix(yellow, yellow * (0.93, 0.8, 0.5), smoothstep(0.4, 0.95, layers) * (distance < 0.9))
        skin = browned(scene, body.vertices, yellow * 0.97, brown)
        colours = mix(colours, skin, smoothstep(0.8, 0.95, distance))
        lean = rotation((0, 1, 0), -0.35 - 0.06 * i + scene.uniform(-0.05, 0.05))
        along = (i - (count - 1) / 2) * 0.24
        slices.append(body.painted(colours).turned(lean).moved((along, scene.uniform(-0.03, 0.03), 0.2)))
    return join(slices)


def curd(scene, size):
    """One soft fold of scrambled egg."""
    body = sphere(4)
    lumps = scene.noise(body.vertices, 1.5, 2)
    return replace(body, vertices=body.vertices * (1 + 0.35 * lumps)[:, None] * np.array([1, 0.75, 0.5]) * size)


def scrambled_heap(scene, z, radius):
    """A soft yellow heap of curds."""
    yellow = scene.jitter(hexadecimal(scene.choice(*YELLOWS)), 0.03)
    height = mound(scene, radius, scene.uniform(0.14, 0.22), 0.8, 0.04, z)
    matt = beaten_egg_material(scene)
    filled(scene, height, radius * 0.9, matt, yellow * 0.9, drop=0.06)
    curds = [curd(scene, scene.uniform(0.11, 0.19)) for _ in range(6)]

    def shade(_):
        return scene.jitter(mix(yellow, hexadecimal("f4d878"), scene.uniform(0, 0.6)), 0.05)

    heap = scattered(scene, height, radius * 0.92, curds, int(95 * (radius / 0.6) ** 2), 0.03, 0.5, colour=shade)
    scene.add(heap, matt, name="scrambled egg")
    if scene.chance(0.7):
        herbs(scene, lambda x, y: height(x, y) + 0.06, scene.integer(8, 30), radius * 0.7, (0.03, 0.06))
