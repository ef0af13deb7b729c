"""What swims in soups: vegetables, dumplings, croutons, tofu, herbs; and the spoon in the bowl."""

import math
from dataclasses import replace

import numpy as np
from clutter import herbs
from colour import hexadecimal
from geometry import join, lathe, rotation, sphere, superellipsoid, tube
from heaps import scattered
from surfaces import shades


def carrot_slices(scene):
    """Round slices."""
    profile = [(0, 0.022), (0.1, 0.022), (0.115, 0), (0.1, -0.022), (0, -0.022)]
    return [lathe(profile, 24).scaled(scene.uniform(0.8, 1.15))]


def celery(scene):
    """Short curved pieces of stalk."""
    angle = np.linspace(-1, 1, 9)
    return [tube(0.11 * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=-1), 0.035, 8)]


def lumps(scene, radii=(0.15, 0.1, 0.07), roughness=0.25):
    """Irregular pieces, such as chicken or mushrooms."""
    body = sphere(3)
    shapes = [1 + roughness * scene.noise(body.vertices, 1.8, 3) for _ in range(3)]
    return [replace(body, vertices=body.vertices * shape[:, None] * radii) for shape in shapes]


def cubes(half_edge, height=None, power=6):
    """Cubes with soft edges, of half edge `half_edge` and half height `height`."""
    return [superellipsoid(3, power, (half_edge, half_edge, height or half_edge * 0.85))]


def onion_rings(scene):
    """Thin rings of spring onion."""
    return [lathe([(0.03, 0.012), (0.045, 0.012), (0.045, -0.012), (0.03, -0.012), (0.03, 0.012)], 16)]


def half_moons(scene):
    """Halved slices of courgette."""
    angle = np.linspace(0, np.pi, 14)
    outline = 0.11 * np.stack([np.cos(angle), np.sin(angle) - 0.4, 0 * angle], axis=-1)
    return [tube(outline, 0.03, 8)]


def macaroni(scene):
    """Short bent tubes of pasta."""
    angle = np.linspace(-0.9, 0.9, 8)
    return [tube(0.1 * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=-1), 0.035, 10, capped=False)]


def floating(scene, shapes, colours, count, z, radius, lift=0.0, tilt=0.25, material=None):
    """Add `count` pieces lying in a liquid at height z; colours: six-digit codes to choose from."""
    shade = shades(scene, colours, 0.06)
    pieces = scattered(scene, lambda x, y: 0 * x + z + lift, radius, shapes, count, 0.015, tilt, colour=shade)
    material = material or scene.material(roughness=0.32, coat=0.2, variation=0.15, variation_scale=18)
    scene.add(pieces, material, name="soup vegetables")


def vegetables(scene, z, radius):
    """Carrot, potato, celery, peas, chicken: at least two of them."""
    kinds = [
        (0.85, carrot_slices(scene), ("d9721c", "e08a30"), (4, 14), 0.005, 0.25),
        (0.7, cubes(0.1, 0.07, 5), ("dcc27a", "e3cf92"), (3, 10), -0.02, 0.5),
        (0.6, celery(scene), ("8fa648", "a3b65a"), (3, 10), 0.0, 0.25),
        (0.4, [sphere(2, (0.05, 0.05, 0.05))], ("6f9a35", "7fa840"), (6, 24), 0.0, 0.3),
        (0.45, lumps(scene), ("c9a078", "b88d62"), (3, 8), -0.01, 0.5),
    ]
    kept = [kind for kind in kinds if scene.chance(kind[0])]
    for _, shapes, colours, counts, lift, tilt in kept if len(kept) > 1 else kinds[:2]:
        floating(scene, shapes, colours, scene.integer(*counts), z, radius * 0.88, lift, tilt)


def croutons(scene, z, radius):
    """Toasted cubes of bread in the middle."""
    toast = scene.material(roughness=0.75, bumps=((14, 0.8),), variation=0.25, variation_scale=14)
    spread = radius * scene.uniform(0.35, 0.75)
    count = scene.integer(5, 14)
    floating(scene, cubes(0.07), ("c98a45", "a8682c", "dcae6a"), count, z, spread, 0.03, 1.0, toast)


def tofu_and_onion(scene, z, radius):
    """Cubes of tofu, rings of spring onion and dark leaves of seaweed."""
    floating(scene, cubes(0.085, 0.07, 8), ("e6dcc6",), scene.integer(6, 14), z, radius * 0.85, -0.005, 0.12)
    floating(scene, onion_rings(scene), ("86ad3f", "6f9a35"), scene.integer(12, 35), z, radius * 0.9, 0.008, 0.2)
    if scene.chance(0.6):
        seaweed = [sphere(3, (0.12, 0.05, 0.012))]
        floating(scene, seaweed, ("24361f", "2f4528"), scene.integer(4, 12), z, radius * 0.85, 0.004, 0.2)


def beans_and_pasta(scene, z, radius):
    """Minestrone: macaroni, beans, courgette, tomato."""
    floating(scene, macaroni(scene), ("e3c47a",), scene.integer(8, 18), z, radius * 0.88, 0.01, 0.3)
    floating(scene, [sphere(3, (0.09, 0.05, 0.045))], ("a8503a", "d9c49a"), scene.integer(6, 16), z, radius * 0.88)
    floating(scene, half_moons(scene), ("7f9a3f",), scene.integer(4, 10), z, radius * 0.85)
    floating(scene, cubes(0.06), ("c4371f", "d9721c"), scene.integer(6, 16), z, radius * 0.88)


def mushrooms(scene, z, radius):
    """Fried slices of mushroom in the middle."""
    stem, cap = sphere(3, (0.035, 0.075, 0.018)), sphere(3, (0.11, 0.06, 0.02)).moved((0, 0.07, 0))
    floating(scene, [join([stem, cap])], ("a3774a", "8a5f38"), scene.integer(5, 12), z, radius * 0.5, 0.02, 0.3)


def dollop(scene, z, radius):
    """A spoonful of sour cream in the middle."""
    body = sphere(4)
    shape = 1 + 0.2 * scene.noise(body.vertices, 1.5, 3)
    size = radius * scene.uniform(0.17, 0.24)
    spoonful = replace(body, vertices=body.vertices * shape[:, None] * (size, size, size * 0.45))
    cream = scene.material(colour=hexadecimal("ece4d4"), roughness=0.3, subsurface=0.15, coat=0.2, bumps=((8, 0.2),))
    at = (scene.uniform(-0.2, 0.2) * radius, scene.uniform(-0.2, 0.2) * radius, z + 0.02)
    scene.add(spoonful.moved(at), cream, name="cream")


def pepper(scene, z, radius):
    """Ground pepper or paprika on the surface."""
    specks = [sphere(1, (0.011, 0.009, 0.007))]
    colour = scene.choice("2a221c", "3a2a1c", "8a2f16")
    floating(scene, specks, (colour,), scene.integer(40, 130), z, radius * scene.uniform(0.4, 0.85), 0.006)


def green(scene, z, radius):
    """Chopped parsley, or some larger leaves."""
    if scene.chance(0.5):
        herbs(scene, lambda x, y: z, scene.integer(18, 45), radius * scene.uniform(0.4, 0.85), (0.025, 0.05))
    else:
        herbs(scene, lambda x, y: z, scene.integer(2, 10), radius * scene.uniform(0.15, 0.5), (0.08, 0.15))


def spoon_in(scene, z, radius, rim):
    """A spoon leaning on the rim, at height `rim`, its head under the surface at height z."""
    angle = scene.uniform(0, 2 * math.pi)
    inside, edge = np.array([0.35 * radius, z - 0.05]), np.array([radius * 1.02, rim + 0.04])
    outwards = (edge - inside) / np.linalg.norm(edge - inside)
    along = np.linspace(0, 1.5, 14)[:, None]
    side = inside + along * outwards  # (14, 2): distance from the bowl's axis, height
    path = np.stack([side[:, 0], 0 * side[:, 0], side[:, 1]], axis=-1)
    width = 0.032 + 0.022 * np.linspace(0, 1, 14) ** 3
    steel = scene.material(colour=hexadecimal(scene.choice("d8d8d6", "d8d8d6", "b9985a")), roughness=0.3, metallic=0.9)
    handle = tube(path, width, 10).scaled((1, 1, 1))
    head = sphere(4, (0.27, 0.18, 0.06)).moved((inside[0] - 0.16, 0, inside[1]))
    scene.add(join([handle, head]).turned(rotation((0, 0, 1), angle)), steel, name="spoon", food=False)
