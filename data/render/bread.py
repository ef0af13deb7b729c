"""Bread: loaves, baguettes, slices, toast, buns, croissants and pretzels."""

import math

import numpy as np
from bread_rolls import buns, croissants, fried_sticks, pretzels
from bread_slices import crust_colour, crust_material, cut_loaf, slices
from clutter import clutter
from colour import hexadecimal, mix, smoothstep
from geometry import Mesh, rotation, sphere, superellipsoid
from heaps import scattered
from scene import View
from tableware import board, plate

KINDS = (
    ("loaf", 1.8),
    ("slices", 2.0),
    ("cut_loaf", 1.5),
    ("buns", 1.4),
    ("toast", 1.0),
    ("baguette", 1.1),
    ("croissant", 1.0),
    ("pretzel", 0.5),
    ("hard_fried", 0.7),
)
CLUTTER = ("cutlery", "napkin", "glass", "cup", "shaker", "plate2")


def slashes(scene, unit, ratio, count):
    """Cuts of a baker's blade over a loaf: depth of the cut and height of its lifted edge, both (V,) in [0, 1].

    unit: (V, 3) directions of the loaf's vertices; ratio: its length over its width.
    """
    cut, lifted = np.zeros(len(unit)), np.zeros(len(unit))
    lengthwise = count == 1
    angle = scene.uniform(-0.15, 0.15) if lengthwise else scene.uniform(0.5, 1.1) * scene.choice(-1, 1)
    reach = ratio * 0.8 if lengthwise else 0.75
    for k in range(count):
        x = (unit[:, 0] - (k - (count - 1) / 2) * 1.52 / count * (not lengthwise)) * ratio
        y = unit[:, 1]
        sine, cosine = (math.sin(angle), math.cos(angle)) if not lengthwise else (math.cos(angle), -math.sin(angle))
        along, across = x * sine + y * cosine, x * cosine - y * sine
        inside = 1 - (along / reach) ** 2
        width = 0.13 * np.sqrt(np.clip(inside, 0.05, 1))
        top = unit[:, 2] > 0
        cut = np.maximum(cut, np.exp(-((across / width) ** 2)) * smoothstep(0, 0.2, inside) * top)
        lifted = np.maximum(lifted, np.exp(-(((across - 0.2) / 0.07) ** 2)) * smoothstep(0, 0.3, inside) * top)
    return cut, lifted


def dusting(scene, unit, top, cut, amount):
    """Flour on the upper crust, (V,) in [0, 1]; three in ten show the rings of the proofing basket."""
    patches = 0.55 * scene.noise(unit, 14, 4) + 0.5 * scene.noise(unit, 3, 2) + 0.3 * top - 0.1
    rings = 1.0
    if scene.chance(0.3):
        rings = smoothstep(-0.5, 0.5, np.sin(np.hypot(unit[:, 0], unit[:, 1]) * scene.uniform(14, 24)))
    return smoothstep(-0.2, 0.9, patches) * top * (1 - 0.7 * cut) * amount * rings


def loaf(scene, length, width, height, cuts, flour, darkness, power=2.6):
    """A free-standing loaf on z = 0; length, width and height are half sizes."""
    base = superellipsoid(6, power)
    unit = base.vertices.copy()
    body = unit * [length, width, height]
    body[:, 1] *= 1 - 0.25 * unit[:, 0] ** 2
    low = body[:, 2] < -0.35 * height
    body[low, 2] = -0.35 * height + (body[low, 2] + 0.35 * height) * 0.12
    bumpy = scene.noise(unit * [length / width, 1, 1], 2, 4)
    body += unit / np.linalg.norm(unit, axis=1, keepdims=True) * (bumpy * 0.05 * width)[:, None]
    top = smoothstep(-0.2, 0.8, unit[:, 2])
    cut, lifted = slashes(scene, unit, length / width, cuts)
    body[:, 2] += 0.13 * height * (lifted - cut)
    baked = 0.55 * darkness + 0.32 * top + 0.22 * bumpy + 0.25 * lifted
    opened = mix(hexadecimal("efd29c"), hexadecimal("d9a85e"), smoothstep(-0.3, 0.5, scene.noise(unit, 6, 3)))
    colours = mix(crust_colour(np.clip(baked, 0.08, 1)), opened, 0.85 * cut)
    if flour:
        colours = mix(colours, hexadecimal("f0e6d2"), 0.75 * dusting(scene, unit, top, cut, flour))
    body[:, 2] -= body[:, 2].min()
    return Mesh(body, base.faces, colours)


def crumbs(scene, z):
    flakes = scattered(
        scene, lambda x, y: 0 * x + z + 0.012, 1.1, [sphere(1, (0.018,) * 3)], 80, 0.005, colour=hexadecimal("c98a45")
    )
    scene.add(flakes, scene.material(roughness=0.8), name="crumbs", food=False)


def round_or_oval(scene, z, darkness, angle):
    """One big loaf -> View."""
    length = scene.uniform(0.72, 1.0)
    width = length * scene.uniform(0.55, 0.95)
    height = width * scene.uniform(0.62, 0.75)
    body = loaf(scene, length, width, height, scene.choice(1, 2, 3, 4), scene.choice(0, 0, 0.6, 1), darkness)
    turn = rotation((0, 0, 1), angle + scene.uniform(-0.4, 0.4))
    scene.add(body.turned(turn).moved((0, 0, z)), crust_material(scene), name="loaf")
    return View((0, 0, z + 0.3), length * scene.uniform(1.0, 1.3), scene.uniform(0.45, 1.1))


def baguettes(scene, z, darkness, angle):
    """One to three baguettes side by side -> View."""
    count = scene.integer(1, 4)
    flour = scene.choice(0, 0, 0.5)
    for i in range(count):
        body = loaf(scene, 1.35, 0.23, 0.21, scene.choice(4, 5, 6), flour, 0.8 * darkness, 2.3)
        turn = rotation((0, 0, 1), angle + scene.uniform(-0.1, 0.1))
        across = rotation((0, 0, 1), angle) @ [0, (i - (count - 1) / 2) * 0.52, 0]
        scene.add(body.turned(turn).moved(across).moved((0, 0, z)), crust_material(scene), name="baguette")
    along = rotation((0, 0, 1), angle) @ [scene.uniform(-0.3, 0.3), 0, 0]
    return View((along[0], along[1], z + 0.15), scene.uniform(0.95, 1.3), scene.uniform(0.55, 1.2))


def surface(scene, angle):
    """A board, a plate or the bare table -> height of the surface."""
    if scene.chance(0.6):
        return board(scene, scene.uniform(1.2, 1.5), scene.uniform(0.85, 1.0), angle=angle)
    return plate(scene, scene.uniform(1.1, 1.25))[0]


def make(scene, kind):
    """Build one bread of KINDS, with its board or plate -> View."""
    darkness, angle = scene.uniform(0.15, 0.85), scene.uniform(0, 3.14)
    if kind in ("loaf", "baguette"):
        z = board(scene, scene.uniform(1.2, 1.6), scene.uniform(0.75, 1.0), angle=angle) if scene.chance(0.65) else 0.0
        view = (round_or_oval if kind == "loaf" else baguettes)(scene, z, darkness, angle)
        if scene.chance(0.5):
            crumbs(scene, z)
    elif kind == "cut_loaf":
        z = board(scene, 1.6, 1.1, angle=angle)
        cut_loaf(scene, z, darkness)
        view = View((0, 0, z + 0.25), scene.uniform(0.85, 1.1), scene.uniform(0.4, 0.9))
        crumbs(scene, z)
    elif kind in ("slices", "toast"):
        z = surface(scene, angle)
        middle = slices(scene, z, darkness, scene.uniform(0.6, 1.0) if kind == "toast" else 0.0)
        view = View((0, 0, middle), scene.uniform(0.66, 0.9), scene.uniform(0.55, 1.15))
    else:
        z = surface(scene, angle)
        {
            "buns": lambda: buns(scene, z, darkness),
            "croissant": lambda: croissants(scene, z, darkness),
            "pretzel": lambda: pretzels(scene, z),
            "hard_fried": lambda: fried_sticks(scene, z),
        }[kind]()
        view = View((0, 0, z + 0.15), scene.uniform(0.72, 1.0), scene.uniform(0.5, 1.15))
    clutter(scene, 1.2, CLUTTER)
    return view
