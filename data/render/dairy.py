"""Dairy: cheese, butter, yoghurt, milk."""

import math

import numpy as np
from cheese import heap_of_cubes, paste_material, sliced, wedges, wheel
from clutter import clutter, cutlery, herbs
from colour import hexadecimal, mix, smoothstep
from geometry import join, lathe, rotation, sheet, sphere, superellipsoid
from heaps import scattered
from materials import clear_glass
from scene import View
from tableware import board, bowl, plate

KINDS = (
    ("wedge", 2.6),
    ("yoghurt", 1.8),
    ("milk_glass", 1.2),
    ("milk_bottle", 1.0),
    ("wheel", 1.0),
    ("butter", 1.0),
    ("slices", 1.0),
    ("cubes", 0.6),
    ("hard_pudding", 0.7),
)
CLUTTER = ("cutlery", "napkin", "glass", "cup")
BERRIES = ("3a3f70", "2f3560", "a8182a", "c02a3a")


def white_material(scene, code="f6f2e8", **settings):
    """Milk, cream or yoghurt: light scatters inside; `code` None keeps the vertex colours."""
    return scene.material(
        colour=None if code is None else hexadecimal(code),
        **{
            "roughness": 0.25,
            "subsurface": 0.25,
            "subsurface_radius": (1, 0.88, 0.75),
            "subsurface_scale": 0.08,
            **settings,
        },
    )


def poured(profile, level):
    """Profile of a liquid that fills a vessel of the given outer profile (P, 2) of (radius, height) up to `level`."""
    radius, height = np.asarray(profile).T
    heights = np.linspace(height[0], level, 24)
    wall = np.interp(heights, height, radius)
    top = [(wall[-1] - 0.03, level - 0.012), (0, level - 0.012)]
    return np.r_[[(0, height[0])], np.column_stack([wall, heights]), top][::-1]


def vessel(scene, profile, level, at):
    """Glass vessel with milk in it.

    The milk reaches the outside of the wall, as it seems to in a real glass, whose refraction hides the thickness;
    only the empty part above it and the heavy bottom are glass.
    """
    profile = np.asarray(profile, float)
    milk = lathe(poured(profile, level), 64)
    scene.add(milk.moved(at), white_material(scene, "fbf8f0", coat=0.6, roughness=0.3), name="milk")
    heights = np.linspace(profile[-1, 1], level, 20)  # downwards: then the faces look outwards
    wall = np.interp(heights, profile[:, 1], profile[:, 0]) + 0.004
    scene.add(lathe(np.column_stack([wall, heights]), 64).moved(at), clear_glass(), name="glass", food=False)
    rim = lathe(
        [(wall[0] + 0.008 * math.cos(a), heights[0] + 0.008 * math.sin(a)) for a in np.linspace(0, 6.28, 9)], 64
    )
    glossy = scene.material(colour=(0.86, 0.9, 0.91), roughness=0.1)
    bottom = lathe([(profile[0, 0], profile[0, 1]), (profile[0, 0] - 0.01, 0), (0, 0)], 64)
    scene.add(join([rim, bottom]).moved(at), glossy, name="glass rim", food=False)


def tumbler(scene, at):
    radius, height = scene.uniform(0.27, 0.34), scene.uniform(0.66, 0.9)
    shape = scene.choice("straight", "tapered", "belly")
    z = np.linspace(0.05, height, 30)
    share = z / height
    widening = {"straight": 1 + 0 * share, "tapered": 0.82 + 0.18 * share, "belly": 0.85 + 0.2 * np.sin(2.4 * share)}[
        shape
    ]
    vessel(scene, np.column_stack([radius * widening, z]), height * scene.uniform(0.78, 0.92), at)


BOTTLE = [(0.25, 0.04), (0.28, 0.1), (0.28, 0.58), (0.25, 0.68), (0.15, 0.8), (0.135, 0.9), (0.16, 0.98)]


def bottle(scene, at):
    """A milk bottle with a coloured cap."""
    heights = np.linspace(0.04, 0.98, 60)
    radius, height = np.array(BOTTLE).T
    rough = np.interp(heights, height, radius)
    wall = np.convolve(np.pad(rough, 3, "edge"), np.ones(7) / 7, "valid")
    vessel(scene, np.column_stack([wall, heights]), scene.uniform(0.68, 0.84), at)
    cap = lathe([(0.175, 0.94), (0.175, 1.0), (0.16, 1.02), (0, 1.02)], 48)
    colour = scene.jitter(hexadecimal(scene.choice("2f6fa8", "c23a2e", "4f8f4a", "d8d8d8")), 0.04)
    scene.add(cap.moved(at), scene.material(colour=colour, roughness=0.3), name="cap", food=False)


def milk(scene, with_bottle):
    """Glasses of milk, perhaps beside a bottle -> View."""
    spin = scene.uniform(0, 6.28)
    scene.camera_azimuth = spin
    scene.light_elevation = (0.6, 1.2)
    turn = rotation((0, 0, 1), spin)
    if not with_bottle:
        count = scene.choice(1, 1, 2, 2, 3)
        for i in range(count):
            angle, away = 2 * math.pi * i / count, (0, 0.4, 0.46)[count - 1]
            tumbler(scene, turn @ [away * math.sin(angle), away * math.cos(angle), 0])
        size = (0.56, 0.74, 0.86)[count - 1] * scene.uniform(0.92, 1.12)
        return View((0, 0, 0.38), size, scene.uniform(0.35, 0.8))
    places = [(0, -0.36, 0), (0.12, 0.4, 0)]
    bottle(scene, turn @ places[0])
    tumbler(scene, turn @ places[1])
    return View((0, 0, 0.45), scene.uniform(0.8, 0.95), scene.uniform(0.3, 0.65))


def berries(scene, height, radius, count, size=0.07):
    """Round berries lying on a surface."""
    meshes = scattered(
        scene, height, radius, [sphere(3, (size,) * 3)], count, 0.01,
        colour=lambda i: scene.jitter(hexadecimal(scene.choice(*BERRIES)), 0.08),
    )  # fmt: skip
    scene.add(meshes, scene.material(roughness=0.4, bumps=((20, 0.2),)), name="berries")


def granola(scene, height, radius):
    flakes = [superellipsoid(2, 3, (0.06, 0.045, 0.03)), sphere(2, (0.05, 0.03, 0.03))]
    tints = ("c98d48", "b5742f", "dcb070", "8a5328")
    mesh = scattered(
        scene, height, radius, flakes, scene.integer(30, 70), 0.02, 0.8,
        colour=lambda i: scene.jitter(hexadecimal(scene.choice(*tints)), 0.08),
    )  # fmt: skip
    scene.add(mesh, scene.material(roughness=0.7, bumps=((20, 0.5),)), name="granola")


def swirled(scene, level, radius):
    """Surface of stirred yoghurt: a spiral groove that ends in a peak -> mesh (its points polar, 110 x 170)."""
    share = np.linspace(0, 1, 110)[:, None]
    angle = np.linspace(0, 2 * np.pi, 170, endpoint=False)
    groove = (
        0.05
        * np.sin(11 * share - angle + scene.uniform(0, 6))
        * smoothstep(1, 0.7, share)
        * smoothstep(0.02, 0.2, share)
    )
    z = level + groove + 0.06 * np.exp(-((share / 0.22) ** 2))
    points = np.stack([share * radius * np.cos(angle), share * radius * np.sin(angle), z], -1)
    points[..., 2] += 0.012 * scene.noise(points.reshape(-1, 3), 4, 3).reshape(z.shape)
    return sheet(points, closed=True)


def rippled(scene, mesh, base, sauce):
    """Colours of yoghurt with ribbons of fruit stirred in."""
    ribbons = np.abs(scene.noise(mesh.vertices * [1, 1, 0], 2.2, 3))
    return mix(base, sauce, 0.85 * smoothstep(0.12, 0.04, ribbons))


def topped(scene, topping, level, reach):
    """Put fruit, granola, mint or a spoon on yoghurt that reaches `reach` from the middle at height `level`."""

    def top(x, y):
        return 0 * x + level + 0.05

    if topping in ("berries", "ribbons"):
        berries(scene, top, 0.6 * reach, scene.integer(4, 13))
    if topping == "granola":
        granola(scene, lambda x, y: 0 * x + level + 0.04, 0.6 * reach)
        berries(scene, top, 0.5 * reach, scene.integer(2, 7))
    if scene.chance(0.3):
        herbs(scene, top, 3, 0.3 * reach, (0.12, 0.2))
    if scene.chance(0.35):
        angle = scene.uniform(0, 6.28)
        at = (0.8 * reach * math.cos(angle), 0.8 * reach * math.sin(angle))
        cutlery(scene, at, angle + math.pi, "spoon", level + 0.08)


def yoghurt(scene):
    """A bowl of yoghurt with berries, granola, fruit ribbons or honey -> View."""
    radius, height = scene.uniform(0.7, 0.85), scene.uniform(0.42, 0.52)
    inner = bowl(scene, radius, height)
    level = 0.78 * height
    reach = inner(level) + 0.003
    surface = swirled(scene, level, reach)
    base = hexadecimal(scene.choice("f4f0e6", "f4f0e6", "f2d3da", "e6d5ea"))
    topping = scene.choice("berries", "berries", "granola", "ribbons", "honey", "plain")
    colours = base
    if topping in ("ribbons", "honey"):
        colours = rippled(scene, surface, base, hexadecimal("b3243f" if topping == "ribbons" else "cf8a1e"))
    scene.add(surface.painted(colours), white_material(scene, None, coat=0.25), name="yoghurt")
    topped(scene, topping, level, reach)
    scene.light_elevation = (0.4, 0.9)
    clutter(scene, radius, CLUTTER)
    return View((0, 0, 0.9 * level), scene.uniform(0.72, 0.92), scene.uniform(0.5, 1.1))


def butter(scene, z):
    """A block of butter with slices cut off its end."""
    colour = scene.jitter(hexadecimal(scene.choice("f5dc82", "f3e09a", "f0d268")), 0.03)
    material = scene.material(
        colour=colour,
        roughness=0.35,
        subsurface=0.25,
        subsurface_radius=(1, 0.7, 0.3),
        subsurface_scale=0.08,
        bumps=((7, 0.15),),
    )
    spin = scene.uniform(0, 6.28)
    turn = rotation((0, 0, 1), spin)
    block = superellipsoid(5, 14, (0.6, 0.3, 0.24))
    uneven = block.vertices * (1 + 0.012 * scene.noise(block.vertices, 4, 2))[:, None]
    scene.add(
        type(block)(uneven, block.faces).moved((0.15, 0, 0.24)).turned(turn).moved((0, 0, z)), material, name="butter"
    )
    for i in range(scene.integer(1, 4)):
        piece = superellipsoid(4, 12, (0.045, 0.3, 0.24)).turned(rotation((0, 1, 0), -0.9 - 0.25 * i))
        at = (-0.58 - 0.14 * i, scene.uniform(-0.05, 0.05), 0.17)
        scene.add(piece.moved(at).turned(turn).moved((0, 0, z)), material, name="butter")


def unmoulded(scene, z):
    """Strained yoghurt turned out of a cup: a white dome with a little sauce, which a dessert could be."""
    radius, height = scene.uniform(0.36, 0.46), scene.uniform(0.36, 0.5)
    profile = [
        (radius, 0),
        (0.94 * radius, 0.4 * height),
        (0.84 * radius, 0.84 * height),
        (0.74 * radius, 0.97 * height),
    ]
    body = lathe([*profile, (0.6 * radius, height), (0, height)][::-1], 96)
    around = np.arctan2(body.vertices[:, 1], body.vertices[:, 0])
    body.vertices[:, :2] *= (1 + scene.choice(0, 0.03) * np.cos(scene.choice(8, 12) * around))[:, None]
    scene.add(body.moved((0, 0, z)), white_material(scene, scene.choice("f6f1e6", "f3e6c8")), name="yoghurt")
    berries(scene, lambda x, y: 0 * x + z + 0.06, 0.75, scene.integer(0, 5) + 1)
    herbs(scene, lambda x, y: z + height, 2, 0.1, (0.12, 0.2))


def loaf_of_cheese(scene, z):
    """Thick pale slices with a tan rind, leaning in a row as slices of bread would."""
    spin, lean = scene.uniform(0, 6.28), scene.uniform(0.7, 1.1)
    scene.camera_azimuth = spin
    turn = rotation((0, 0, 1), spin)
    paste = scene.jitter(hexadecimal(scene.choice("f0dca0", "f3e4b8", "edd083")), 0.03)
    for i in range(scene.integer(3, 6)):
        piece = superellipsoid(6, 7, (0.4, 0.46, 0.06))
        x, y = piece.vertices[:, 0], piece.vertices[:, 1]
        top = piece.vertices[:, 2] > 0.04
        eyes = np.column_stack([scene.rng.uniform(-0.33, 0.33, (14, 2)), scene.rng.uniform(0.012, 0.035, 14)])
        depth = (
            np.max([r * np.sqrt(np.clip(1 - ((x - a) ** 2 + (y - b) ** 2) / r**2, 0, 1)) for a, b, r in eyes], axis=0)
            * top
        )
        piece.vertices[:, 2] -= depth
        rind = smoothstep(0.93, 0.985, np.maximum(np.abs(x) / 0.4, np.abs(y) / 0.46))
        colours = mix(mix(paste, paste * 0.78, np.clip(depth / 0.03, 0, 1)), hexadecimal("b8803a"), rind)
        posture = turn @ rotation((0, 1, 0), lean + scene.uniform(-0.05, 0.05))
        at = turn @ np.array([(i - 2) * 0.2, scene.uniform(-0.03, 0.03), 0])
        scene.add(
            piece.painted(colours).turned(posture).moved(at).moved((0, 0, z + 0.4 * math.sin(lean) + 0.04)),
            paste_material(scene),
            name="cheese",
        )


def make(scene, kind):
    """Build one dairy product of KINDS, with its dish or board -> View."""
    if kind == "yoghurt":
        return yoghurt(scene)
    if kind in ("milk_glass", "milk_bottle"):
        view = milk(scene, kind == "milk_bottle")
        clutter(scene, 0.85, ("cutlery", "napkin", "cup"))
        return view
    pudding = kind == "hard_pudding" and scene.chance(0.55)
    on_board = not pudding and scene.chance(0.65)
    z = board(scene, scene.uniform(1.1, 1.4), 0.9, angle=scene.uniform(0, 3)) if on_board else plate(scene, 1.1)[0]
    if kind == "hard_pudding":
        (unmoulded if pudding else loaf_of_cheese)(scene, z)
    else:
        {"wedge": wedges, "wheel": wheel, "butter": butter, "slices": sliced, "cubes": heap_of_cubes}[kind](scene, z)
    size = {"wedge": 0.68, "wheel": 0.66, "butter": 0.82, "slices": 0.74}.get(kind, 0.72)
    clutter(scene, 1.15, CLUTTER)
    return View((0, 0, z + 0.16), size * scene.uniform(0.88, 1.15), scene.uniform(0.42, 1.05))
