"""What lies about: cutlery, chopsticks, napkins, glasses, cups, and herbs strewn on top."""

import math

import numpy as np
from colour import hexadecimal, mix
from geometry import Mesh, alignment, join, lathe, rotation, sheet, sphere, superellipsoid, tube
from materials import clear_glass, steel, wood
from tableware import shallow_dish

NAPKINS = "efeae0 b33a30 d9b65a 7f9a6a 9aa0a6 8a5a6a".split()  # no blue: that is the planted napkin's
DRINKS = "c9dbe2 e59a2a 7a1f22 e6e2da".split()
SAUCES = "3a2416 7a5a2a 2c1a12 6b1f10 d8cbb0".split()
_LEAST_ANGLE = 0.8  # between two things around the dish


def clutter(
    scene,
    clear_radius,
    kinds=("cutlery", "cutlery", "napkin", "glass", "cup", "dish", "plate", "chopsticks"),
    count=None,
):
    """Up to three things around the dish, none within `clear_radius`; where there are two dishes, none at all."""
    unknown = set(kinds) - set(_MAKERS)
    if unknown:
        raise ValueError(f"clutter knows {', '.join(_MAKERS)}; got {', '.join(sorted(unknown))}")
    scene.clear_radius = clear_radius
    if scene.is_side or scene.is_crowded:
        return
    taken = []
    for _ in range(scene.integer(0, 4) if count is None else count):
        kind = scene.choice(*kinds)
        angle = scene.uniform(0, 2 * math.pi)
        if any(abs(math.remainder(angle - other, 2 * math.pi)) < _LEAST_ANGLE for other in taken):
            continue
        taken.append(angle)
        _MAKERS[kind](scene, clear_radius + scene.uniform(0.25, 0.6), angle)


def _at(distance, angle):
    return distance * math.cos(angle), distance * math.sin(angle)


def _across(scene, angle):
    """About at right angles to the direction out of the dish."""
    return angle + math.pi / 2 + scene.uniform(-0.25, 0.25)


def _lay_cutlery(scene, distance, angle):
    cutlery(scene, _at(distance, angle), _across(scene, angle))


def _lay_chopsticks(scene, distance, angle):
    chopsticks(scene, _at(distance, angle), _across(scene, angle))


def _lay_napkin(scene, distance, angle):
    napkin(scene, _at(distance + 0.35, angle), scene.uniform(0, 2 * math.pi))


def _lay_glass(scene, distance, angle):
    drinking_glass(scene, _at(distance + 0.25, angle))


def _lay_cup(scene, distance, angle):
    radius = scene.uniform(0.25, 0.5)
    cup(scene, _at(distance + 0.2 + radius / 2, angle), radius)


def _lay_dish(scene, distance, angle):
    radius = scene.uniform(0.25, 0.5)
    shallow_dish(scene, radius, scene.uniform(0.2, 0.5), _at(distance + 0.2 + radius / 2, angle))


def _lay_plate(scene, distance, angle):
    radius = scene.uniform(0.25, 0.5)
    shallow_dish(scene, radius, 0.08, _at(distance + 0.2 + radius / 2, angle))


_MAKERS = {
    "cutlery": _lay_cutlery,
    "chop": _lay_chopsticks,
    "chopsticks": _lay_chopsticks,
    "napkin": _lay_napkin,
    "glass": _lay_glass,
    "cup": _lay_cup,
    "shaker": _lay_dish,
    "dish": _lay_dish,
    "plate2": _lay_plate,
    "plate": _lay_plate,
}


def _spoon():
    bowl_of_it = sphere(4, (0.3, 0.2, 0.07))
    vertices = bowl_of_it.vertices.copy()
    vertices[:, 2] = np.where(vertices[:, 2] > 0, -0.8 * vertices[:, 2], vertices[:, 2])  # hollow on top
    return [Mesh(vertices, bowl_of_it.faces).moved((1.65, 0, 0.1))]


def _fork():
    along = np.linspace(0, 0.42, 8)
    parts = [superellipsoid(3, 3, (0.17, 0.12, 0.022)).moved((1.5, 0, 0.075))]
    for y in (-0.09, -0.03, 0.03, 0.09):
        path = np.column_stack([1.58 + along, y + 0 * along, 0.08 - 0.05 * np.sin(5 * along)])
        parts.append(tube(path, np.linspace(0.022, 0.013, 8), 6))
    return parts


def _knife():
    blade = superellipsoid(4, 3, (0.55, 0.1, 0.012))
    vertices = blade.vertices.copy()
    vertices[:, 1] += 0.03 * vertices[:, 0]
    return [Mesh(vertices, blade.faces).moved((1.75, 0, 0.06))]


_HEADS = {"fork": _fork, "spoon": _spoon, "knife": _knife}


def cutlery(scene, at, angle, kind=None, z=0.03):
    """A fork, spoon or knife about 2 units long with its middle at `at` (x, y); kind None takes any."""
    head = _HEADS[kind or scene.choice(*_HEADS)]()
    metal = steel(scene)
    if scene.chance(0.15):
        metal = scene.material(colour=hexadecimal("b99a5a"), roughness=0.2, metallic=1)
    x = np.linspace(0, 1.4, 24)
    width = 0.035 + 0.03 * np.exp(-((x / 0.35) ** 2))
    arch = 0.03 + 0.07 * np.exp(-(((x - 1.2) / 0.35) ** 2))
    handle = tube(np.column_stack([x, 0 * x, arch]), width, 8)
    flat = handle.vertices.copy()
    flat[:, 2] = arch.min() + (flat[:, 2] - arch.min()) * 0.45
    whole = join([Mesh(flat, handle.faces), *head]).moved((-0.9, 0, 0)).turned(rotation((0, 0, 1), angle))
    scene.add(whole.moved((*at, z)), metal, name="cutlery", food=False)


def chopsticks(scene, at, angle, z=0.05, lift=0):
    """Two chopsticks side by side with their middle at `at` (x, y); their tips lie `lift` units higher."""
    lacquers = [
        {"colour": hexadecimal("5a1f16"), "roughness": 0.2, "coat": 0.5},
        {"colour": hexadecimal("22201f"), "roughness": 0.25},
    ]
    kind = scene.integer(0, 3)
    surface = scene.material(**lacquers[kind]) if kind < 2 else wood(scene)
    for y in (-0.06, 0.06):
        stick = tube([(-1.15, y * 1.6, 0), (1.15, y, lift)], [0.045, 0.022], 8)
        turned = stick.turned(rotation((0, 0, 1), angle))
        scene.add(turned.moved((*at, z)), surface, name="chopstick", food=False)


def napkin(scene, at, angle):
    """A crumpled cloth napkin of 1.4 x 1.2 units, plain or striped, never blue."""
    x, y = np.meshgrid(np.linspace(-0.7, 0.7, 60), np.linspace(-0.6, 0.6, 60), indexing="ij")
    flat = np.column_stack([x.ravel(), y.ravel(), 0 * x.ravel()])
    height = 0.03 + 0.1 * np.abs(scene.noise(flat, 1.4, 3))
    shift = 0.08 * np.column_stack([scene.noise(flat, 1, 2), scene.noise(flat, 1, 2)])
    points = np.column_stack([flat[:, :2] + shift, height]).reshape(60, 60, 3)
    colour = scene.jitter(hexadecimal(scene.choice(*NAPKINS)), 0.05)
    if scene.chance(0.5):
        colour = mix(colour, hexadecimal("e8e5de"), np.sin(flat[:, 0] * scene.uniform(18, 40)) > 0)
    cloth = scene.material(roughness=0.95, sheen=0.3, bumps=[(60, 0.3)])
    laid = sheet(points).turned(rotation((0, 0, 1), angle)).moved((*at, 0))
    scene.add(laid.painted(colour), cloth, name="napkin", food=False)


def drinking_glass(scene, at):
    """A glass, four times in five with a drink."""
    radius, height = scene.uniform(0.28, 0.38), scene.uniform(0.7, 1.1)
    wall = lathe([(radius + 0.01, height), (radius * 0.88, 0), (0, 0)], 64).moved((*at, 0))
    scene.add(wall, clear_glass(), name="glass", food=False)
    if scene.chance(0.8):
        level = height * scene.uniform(0.4, 0.85)
        top = radius * (0.85 + 0.14 * level / height) - 0.01
        drink = lathe([(0, 0.06), (radius * 0.83, 0.06), (top, level), (0, level)], 64).moved((*at, 0))
        colour = hexadecimal(scene.choice(*DRINKS))
        liquid = scene.material(colour=colour, roughness=0.05, transmission=0.15, refraction=1.33)
        scene.add(drink, liquid, name="drink", food=False)


def cup(scene, at, radius=0.35):
    """A cup or small bowl of sauce or a hot drink."""
    height = scene.uniform(0.2, 0.5)
    shallow_dish(scene, radius, height, at)
    level = lathe([(0, height * 0.8), (radius * 0.93, height * 0.8)], 48).moved((*at, 0))
    sauce = scene.material(colour=hexadecimal(scene.choice(*SAUCES)), roughness=0.05)
    scene.add(level, sauce, name="sauce", food=False)


def leaf(scene, size=0.12, colour=None, curl=0.35):
    """A leaf `size` units long along x, lying in z = 0, coloured a little differently every time."""
    along, across = np.meshgrid(np.linspace(0, 1, 9), np.linspace(-1, 1, 7), indexing="ij")
    width = 0.42 * np.sin(np.pi * along**0.8) ** 0.8
    bend = curl * (across**2 * width - 0.3 * (along - 0.5) ** 2)
    points = size * np.stack([along - 0.5, across * width, bend], axis=-1)
    green = hexadecimal("4f7a2c") if colour is None else colour
    return sheet(points).painted(scene.jitter(green, 0.12))


def leaf_material(scene):
    """The surface of leaves, coloured by their vertices."""
    return scene.material(roughness=0.45, variation=0.2, variation_scale=20, bumps=[(25, 0.2)])


def herbs(scene, height, count, radius, sizes=(0.05, 0.11), food=True, centre=(0, 0)):
    """Strew `count` leaves of `sizes` (least, greatest) on the height function within a disc."""
    leaves = []
    for _ in range(count):
        distance = radius * math.sqrt(scene.uniform(0, 1))
        angle = scene.uniform(0, 2 * math.pi)
        x, y = centre[0] + distance * math.cos(angle), centre[1] + distance * math.sin(angle)
        lean = (scene.uniform(-0.5, 0.5), scene.uniform(-0.5, 0.5), 1)
        turn = alignment(lean, scene.uniform(0, 2 * math.pi))
        leaves.append(leaf(scene, scene.uniform(*sizes)).turned(turn).moved((x, y, height(x, y) + 0.02)))
    if leaves:
        scene.add(join(leaves), leaf_material(scene), name="herb", food=food)
