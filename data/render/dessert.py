"""Dessert: doughnuts, cakes, cupcakes, ice cream, flan, tarts, macarons."""

import math

import numpy as np
from cake_toppings import berry_body, cherry, cream_material, fruit_material, halved, strawberry, strawberry_body
from cakes import round_cake, wedge_of_cake
from clutter import clutter
from colour import hexadecimal, mix, smoothstep
from doughnut import doughnuts, icing_colour, sprinkle, sweet_buns
from geometry import Mesh, join, lathe, rotation, sheet, sphere, tube
from heaps import placed
from scene import View
from tableware import board, bowl, plate

KINDS = (
    ("doughnut", 2.4),
    ("cake", 2.2),
    ("round_cake", 1.1),
    ("cupcake", 1.2),
    ("ice_cream", 1.3),
    ("flan", 0.7),
    ("tart", 0.8),
    ("macaron", 0.6),
    ("hard_bun", 0.8),
)
CLUTTER = ("cutlery", "napkin", "glass", "cup")
UP = (0, 0, 1)


def paper_case(scene, colour):
    """Pleated paper case of a cupcake."""
    angle, z = np.meshgrid(np.linspace(0, 2 * np.pi, 150, endpoint=False), np.linspace(0, 0.36, 8))
    radius = 0.24 + 0.25 * z + 0.012 * np.cos(30 * angle)
    shade = 1 - 0.12 * (np.cos(30 * angle).ravel() < 0)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), z], -1)
    return sheet(points, closed=True).painted(colour * shade[:, None])


def cupcakes(scene, z):
    """One to three cupcakes with a swirl of cream."""
    paper = scene.jitter(hexadecimal(scene.choice("d9c9a0", "6b3a20", "e88aa8", "e6e3db", "7fb0b8")), 0.04)
    top = scene.choice("cherry", "strawberry", "sprinkles", "none")
    for x, y in placed(scene, scene.integer(1, 4), 0.55, 0.75):
        at = np.array([x, y, z])
        scene.add(paper_case(scene, paper).moved(at), scene.material(roughness=0.8), name="case")
        crumb = scene.material(colour=hexadecimal(scene.choice("c98a48", "4a2414")), roughness=0.8, bumps=((18, 0.5),))
        scene.add(sphere(4, (0.345, 0.345, 0.14)).moved(at + np.array([0, 0, 0.36])), crumb, name="cupcake")
        t = np.linspace(0, 1, 260)
        away, angle = 0.24 * (1 - t) ** 0.8 + 0.01, 2 * np.pi * scene.uniform(3, 4.2) * t
        path = np.stack([away * np.cos(angle), away * np.sin(angle), 0.42 + 0.38 * t], -1)
        swirl = tube(path, 0.105 * (1 - 0.75 * t) + 0.012, 16).painted(icing_colour(scene))
        scene.add(swirl.moved(at), cream_material(scene), name="cream")
        if top in ("cherry", "strawberry"):
            (cherry if top == "cherry" else strawberry)(scene, at + np.array([0, 0, 0.8]), 0.085)
        elif top == "sprinkles":
            scene.add(sprinkled_cone(scene).moved(at), scene.material(roughness=0.3), name="sprinkles")


def sprinkled_cone(scene):
    """Sprinkles over the swirl of a cupcake."""
    pieces = []
    for _ in range(60):
        share, angle = scene.uniform(0.05, 0.9), scene.uniform(0, 6.28)
        away = 0.33 * (1 - share) ** 0.85 + 0.03
        outward = np.array([math.cos(angle), math.sin(angle), 0.8])
        pieces.append(sprinkle(scene, (away * outward[0], away * outward[1], 0.44 + 0.38 * share), outward, 0.024))
    return join(pieces)


FLAVOURS = ("f2d890", "5f3420", "ee8aa0", "a0cc90", "ecd0a8", "c08ab0", "f0e6d0", "b5773f")


def scoop(scene, at, radius):
    """A ball of ice cream with a ragged skirt."""
    ball = sphere(6)
    unit = ball.vertices.copy()
    rough = scene.noise(unit, 2.6, 5)
    furrows = np.abs(scene.noise(unit * [1, 1, 3], 6, 3))
    points = unit * (1 + 0.045 * rough + 0.02 * furrows)[:, None]
    skirt = points[:, 2] < -0.25
    points[skirt, :2] *= (1.08 + 0.06 * rough[skirt])[:, None]
    flavour = scene.jitter(hexadecimal(scene.choice(*FLAVOURS)), 0.03)
    colours = mix(flavour, flavour * 0.86, smoothstep(-0.3, 0.6, rough))
    if scene.chance(0.25):  # chips
        colours = mix(colours, hexadecimal("3a1a10"), smoothstep(0.5, 0.6, scene.noise(unit, 5, 2)))
    cold = scene.material(
        roughness=0.45, subsurface=0.15, subsurface_scale=0.06, coat=0.1, bumps=((16, 0.6), (35, 0.4))
    )
    scene.add(Mesh(points * radius, ball.faces).moved(at).painted(colours), cold, name="ice cream")


def sauce_cap(scene, at, radius, colour):
    """Sauce poured over a scoop."""
    ball = sphere(5)
    angle = np.arctan2(ball.vertices[:, 1], ball.vertices[:, 0])
    ring = np.stack([np.cos(angle), np.sin(angle), 0 * angle], -1)
    covered = ball.vertices[:, 2] > 0.45 + 0.35 * scene.noise(ring, 2.2, 2)
    poured = ball.vertices * np.where(covered, 1.08, 0.9)[:, None] * radius
    scene.add(Mesh(poured, ball.faces).moved(at), scene.material(colour=colour, roughness=0.15, coat=0.5), name="sauce")


def ice_cream(scene):
    """Scoops in a small bowl, with sauce, a wafer and fruit -> View."""
    scene.light_elevation = (0.5, 1.0)
    bowl(scene, 0.56, scene.uniform(0.3, 0.4), curve=2.5)
    count, turn = scene.integer(1, 4), scene.uniform(0, 6.28)
    radius = 0.4 if count == 1 else 0.33
    places = [
        (
            0.26 * (count > 1) * math.cos(turn + 6.28 * i / count),
            0.26 * (count > 1) * math.sin(turn + 6.28 * i / count),
            0.46,
        )
        for i in range(count)
    ]
    if count == 3 and scene.chance(0.5):
        places.append((0, 0, 0.82))
    sauce = hexadecimal(scene.choice("3a1a0e", "8e1422", "b5691c")) if scene.chance(0.45) else None
    for at in places:
        scoop(scene, at, radius)
        if sauce is not None:
            sauce_cap(scene, at, radius, sauce)
    if scene.chance(0.6):
        wafer = tube([(0.1, 0.1, 0.5), (0.34, 0.2, 1.05)], 0.055, 12)
        scene.add(wafer, scene.material(colour=hexadecimal("c98a45"), roughness=0.7, bumps=((20, 0.5),)), name="wafer")
    if scene.chance(0.5):
        highest = max(places, key=lambda at: at[2])
        (cherry if scene.chance(0.5) else strawberry)(scene, np.add(highest, (0, 0, 0.95 * radius)), 0.11)
    clutter(scene, 1.0, CLUTTER)
    return View((0, 0, 0.42), scene.uniform(0.66, 0.85), scene.uniform(0.4, 1.0))


FLAN = np.array([(0, 1), (0.6, 1), (0.72, 0.97), (0.79, 0.88), (0.9, 0.4), (1, 0), (0, 0)])  # radius, height


def custard_dome(scene, radius, height):
    """Custard turned out of a fluted or smooth mould, caramel running down its sides."""
    at = np.linspace(0, len(FLAN) - 1, 70)
    profile = np.stack([np.interp(at, np.arange(len(FLAN)), axis) for axis in FLAN.T], -1)
    body = lathe(profile * [radius, height], 120)
    angle, share = np.arctan2(body.vertices[:, 1], body.vertices[:, 0]), body.vertices[:, 2] / height
    flutes = 0.03 * np.cos(scene.choice(0, 14) * angle) * smoothstep(1, 0.8, share)
    body.vertices[:, :2] *= (1 + flutes)[:, None]
    runs = scene.noise(np.stack([np.cos(angle), np.sin(angle), 0 * angle], -1), 2.5, 2)
    running = smoothstep(0.82, 0.87, share + 0.16 * runs)
    return body.painted(mix(hexadecimal("f0cf7c"), hexadecimal("944412"), running))


def flan(scene, z):
    """Caramel custard in its puddle of caramel."""
    caramel = scene.material(colour=hexadecimal("a8561a"), roughness=0.08, coat=0.6)
    custard = scene.material(
        roughness=0.2, subsurface=0.25, subsurface_radius=(1, 0.6, 0.25), subsurface_scale=0.07, coat=0.4
    )
    for x, y in placed(scene, scene.choice(1, 1, 2), 0.42, 0.95):
        radius, height = scene.uniform(0.36, 0.44), scene.uniform(0.28, 0.4)
        scene.add(custard_dome(scene, radius, height).moved((x, y, z)), custard, name="flan")
        puddle = lathe([(0, 0.022), (1.3 * radius, 0.018), (1.36 * radius, 0.0)], 80)
        wavy = 1 + 0.1 * scene.noise(puddle.vertices * [1, 1, 0] / radius, 1.5, 2)
        puddle = Mesh(puddle.vertices * np.stack([wavy, wavy, 1 + 0 * wavy], -1), puddle.faces)
        scene.add(puddle.moved((x, y, z)), caramel, name="caramel")


TART = np.array([(0, 0.06), (0.9, 0.08), (0.93, 0.2), (1.0, 0.22), (1.02, 0.18), (0.9, 0.0), (0, 0)])  # radius, height


def shell(scene, radius):
    """Fluted shell of short pastry."""
    body = lathe(TART * [radius, 1], 160)
    angle = np.arctan2(body.vertices[:, 1], body.vertices[:, 0])
    outer = smoothstep(0.85, 0.95, np.hypot(body.vertices[:, 0], body.vertices[:, 1]) / radius)
    body.vertices[:, :2] *= (1 + 0.022 * outer * np.cos(36 * angle))[:, None]
    browned = smoothstep(-0.3, 0.7, scene.noise(body.vertices, 6, 3))
    return body.painted(mix(hexadecimal("d9a660"), hexadecimal("ad6c30"), browned))


def tart(scene, z):
    """A round tart: fluted shell, custard, rings of fruit."""
    radius = scene.uniform(0.6, 0.75)
    scene.add(shell(scene, radius).moved((0, 0, z)), scene.material(roughness=0.7, bumps=((20, 0.3),)), name="shell")
    custard = scene.material(colour=hexadecimal(scene.choice("f0d488", "f1e6cf", "5a2c18")), roughness=0.3, coat=0.3)
    scene.add(lathe([(0, 0.18), (0.92 * radius, 0.18)], 80).moved((0, 0, z)), custard, name="custard")
    plan, pieces = scene.choice("halves", "tips", "berries", "mixed"), []
    size = 0.1 if plan in ("halves", "mixed") else 0.075
    for ring in range(scene.integer(2, 5)):
        away = 0.78 * radius - 2.2 * size * ring
        count = int(2 * np.pi * away / (2.1 * size)) if away > size else int(away > -size)
        for i in range(count):
            angle = 2 * np.pi * i / count + 0.3 * ring
            if plan == "berries" or (plan == "mixed" and ring % 2):
                fruit = berry_body(scene, 0.9 * size)
            else:
                fruit = (
                    halved(scene, size) if plan != "tips" else strawberry_body(scene, size).moved((0, 0, 0.6 * size))
                )
            at = (max(away, 0) * math.cos(angle), max(away, 0) * math.sin(angle), z + 0.17)
            pieces.append(fruit.turned(rotation(UP, angle)).moved(at))
    scene.add(join(pieces), fruit_material(scene), name="fruit")


def macarons(scene, z):
    """Almond shells with cream between them, standing in a small heap."""
    shell = lathe([(0, 0.1), (0.1, 0.097), (0.17, 0.075), (0.21, 0.035), (0.215, 0.012)], 64)
    foot = lathe([(0.215, 0.012), (0.23, 0.005), (0.225, -0.02), (0.2, -0.025), (0, -0.025)], 64)
    foot.vertices[:] *= 1 + 0.03 * scene.noise(foot.vertices, 30, 2)[:, None]
    half = join([shell, foot]).moved((0, 0, 0.06))
    cream = lathe([(0, 0.04), (0.19, 0.04), (0.2, 0), (0.19, -0.04), (0, -0.04)], 48)
    flip = rotation((1, 0, 0), math.pi)
    tints = [hexadecimal(code) for code in ("f0a0b8", "a8d08a", "e8c88a", "8a5030", "b89ad0", "f2d45a", "9ccbd8")]
    dry = scene.material(roughness=0.6, bumps=((40, 0.15),))
    for i, (x, y) in enumerate(placed(scene, scene.integer(3, 8), 0.58, 0.46)):
        colour = tints[scene.integer(0, len(tints))]
        stack = [
            half.painted(colour),
            half.turned(flip).painted(colour),
            cream.painted(mix(colour, (0.93, 0.9, 0.84), 0.6)),
        ]
        on_edge = scene.chance(0.25)
        turn = rotation(UP, scene.uniform(0, 6.28)) @ rotation(
            (1, 0, 0), 1.45 if on_edge else scene.uniform(-0.08, 0.08)
        )
        scene.add(join(stack).turned(turn).moved((x, y, z + (0.21 if on_edge else 0.15))), dry, name="macaron")
        if i == 0 and scene.chance(0.5):
            scene.add(join(stack).turned(rotation((1, 0, 0), 0.15)).moved((x + 0.05, y, z + 0.46)), dry, name="macaron")


def sponge_cake(scene, z):
    """A plain ring-shaped sponge, dusted at most: bread would look much the same."""
    radius, height = scene.uniform(0.55, 0.65), scene.uniform(0.34, 0.42)
    angle = np.linspace(0, 2 * np.pi, 140, endpoint=False)
    across = np.linspace(-0.25 * np.pi, 1.25 * np.pi, 40)[:, None]
    flutes = 1 + 0.035 * np.cos(scene.choice(10, 16) * angle) * np.clip(np.sin(across) + 0.5, 0, 1)
    away = radius * (0.62 + 0.4 * np.cos(across)) * flutes
    points = np.stack(
        [away * np.cos(angle), away * np.sin(angle), height * (0.42 + 0.6 * np.sin(across)) + 0 * angle], -1
    )
    points[..., 2] -= points[..., 2].min()
    body = sheet(points, closed=True)
    bumpy = scene.noise(body.vertices, 5, 4)
    colours = mix(hexadecimal("c98a48"), hexadecimal("8a4f22"), smoothstep(-0.5, 0.7, bumpy))
    if scene.chance(0.5):
        sugar = smoothstep(0.0, 0.6, scene.noise(body.vertices, 9, 3) + 2 * body.vertices[:, 2] - 0.5)
        colours = mix(colours, hexadecimal("efe9df"), 0.8 * sugar)
    scene.add(
        body.painted(colours).moved((0, 0, z)),
        scene.material(roughness=0.75, bumps=((22, 0.5), (50, 0.3))),
        name="sponge",
    )


def make(scene, kind):
    """Build one dessert of KINDS, with its plate or bowl -> View."""
    if kind == "ice_cream":
        return ice_cream(scene)
    z = (
        plate(scene, scene.uniform(1.0, 1.2))[0]
        if scene.chance(0.75)
        else board(scene, 1.2, 0.9, angle=scene.uniform(0, 3))
    )
    middle, size = z + 0.15, scene.uniform(0.66, 0.92)
    if kind in ("cake", "round_cake"):
        middle = z + 0.5 * (wedge_of_cake if kind == "cake" else round_cake)(scene, z)
        size = scene.uniform(0.62, 0.85) if kind == "cake" else scene.uniform(0.84, 1.02)
    elif kind == "hard_bun":
        scene.choice(
            lambda: doughnuts(scene, z, bare=True), lambda: sweet_buns(scene, z), lambda: sponge_cake(scene, z)
        )()
    else:
        {"doughnut": doughnuts, "cupcake": cupcakes, "flan": flan, "tart": tart, "macaron": macarons}[kind](scene, z)
    if kind == "cupcake":
        middle = z + 0.4
    clutter(scene, 1.15, CLUTTER)
    return View((0, 0, middle), size, scene.uniform(0.45, 1.05))
