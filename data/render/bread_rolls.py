"""Small breads: buns, croissants, pretzels, and sticks of dough fried golden."""

import math

import numpy as np
from bread_slices import crust_colour
from colour import hexadecimal, mix, smoothstep
from geometry import Mesh, alignment, join, rotation, sphere, superellipsoid, tube
from heaps import placed

TUBE_SEGMENTS = 28


def along_tube(mesh, segments=TUBE_SEGMENTS):
    """Position in [0, 1] along a capped tube, for each of its vertices (V,)."""
    rings = len(mesh.vertices) // segments
    return np.repeat(np.r_[0, np.linspace(0, 1, rings - 2), 1], segments)


def shiny_crust(scene, coat=0.25):
    return scene.material(roughness=0.38, coat=coat, variation=0.06, bumps=((9, 0.15), (40, 0.1)))


def dome(scene, radius, darkness, floury=False):
    """A bun of the given radius standing on z = 0 -> mesh, unit directions of its vertices (V, 3)."""
    ball = superellipsoid(5, 2.3)
    unit = ball.vertices.copy()
    body = unit * [radius, radius, 0.68 * radius]
    low = body[:, 2] < -0.3 * radius
    body[low, 2] = -0.3 * radius + (body[low, 2] + 0.3 * radius) * 0.15
    bumpy = scene.noise(unit, 1.4, 4)
    body *= (1 + 0.05 * bumpy)[:, None]
    body[:, 2] -= body[:, 2].min()
    colours = crust_colour(0.1 + 0.35 * darkness + 0.4 * smoothstep(-0.3, 0.8, unit[:, 2]) + 0.12 * bumpy)
    if floury:
        dusted = smoothstep(-0.3, 0.6, scene.noise(unit, 3, 4) + unit[:, 2] - 0.3)
        colours = mix(colours, hexadecimal("f0e6d2"), 0.85 * dusted)
    return Mesh(body, ball.faces).painted(colours), unit


def seeds_on(scene, mesh, unit, radius, code):
    """Seeds stuck to the upper side of a bun."""
    directions = scene.normal(0, 1, (scene.integer(40, 90), 3))
    directions[:, 2] = np.abs(directions[:, 2]) + 0.6
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    seed = sphere(1, np.array([0.085, 0.05, 0.03]) * radius)
    normal = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    pieces = []
    for direction in directions:
        place = mesh.vertices[np.argmax(normal @ direction)] + 0.004 * direction
        turned = seed.turned(alignment(direction, scene.uniform(0, 6.28))).moved(place)
        pieces.append(turned.painted(scene.jitter(hexadecimal(code), 0.05)))
    return join(pieces)


def buns(scene, z, darkness):
    radius = scene.uniform(0.33, 0.43)
    topping = scene.choice("sesame", "poppy", "flour", "plain", "sesame", "cross")
    for x, y in placed(scene, scene.integer(2, 6), 0.66, radius * 1.8):
        body, unit = dome(scene, radius, darkness, topping == "flour")
        if topping == "cross":
            score = np.minimum(np.abs(unit[:, 0]), np.abs(unit[:, 1]))
            width = smoothstep(0.14, 0.04, score) * (unit[:, 2] > 0.25)
            body.vertices[:, 2] -= 0.05 * radius * width
            body = body.painted(mix(body.colours, hexadecimal("f0dcae"), 0.8 * width))
        spun = rotation((0, 0, 1), scene.uniform(0, 6.28))
        material = scene.material(roughness=0.75, bumps=((18, 0.3),)) if topping == "flour" else shiny_crust(scene)
        scene.add(body.turned(spun).moved((x, y, z)), material, name="bun")
        if topping in ("sesame", "poppy"):
            code = "f3e3bb" if topping == "sesame" else "2b2a30"
            grains = seeds_on(scene, body, unit, radius, code).turned(spun).moved((x, y, z))
            scene.add(grains, scene.material(roughness=0.5), name="seeds")


def croissant(scene, length, darkness):
    """A crescent of rolled layers lying on z = 0."""
    t = np.linspace(-1, 1, 130)
    angle = 1.05 * t
    path = np.stack([np.sin(angle), 1 - np.cos(angle), 0 * t], axis=-1) * length * 0.75
    layer = (np.abs(t) * 4.3 + 0.5) % 1  # every roll of the dough is a step that rises towards the middle
    radius = length * (0.33 * np.clip(1 - np.abs(t) ** 1.7, 0, 1) ** 0.75 + 0.035)
    body = tube(path, radius * (1.07 - 0.2 * layer**1.5), TUBE_SEGMENTS)
    step = np.interp(along_tube(body), np.linspace(0, 1, len(t)), layer)
    bumpy = scene.noise(body.vertices / length, 3, 4)
    streaks = scene.noise(body.vertices / length * [3, 12, 12], 1, 3)
    colours = crust_colour(
        0.15 + 0.4 * darkness + 0.25 * (1 - step) + 0.14 * bumpy + 0.1 * streaks - 0.25 * (step > 0.9)
    )
    body.vertices[:, 2] *= 0.78
    body.vertices[:, 2] -= body.vertices[:, 2].min()
    return body.painted(colours)


def croissants(scene, z, darkness):
    count = scene.choice(1, 2, 2, 3)
    length = scene.uniform(0.62, 0.72) if count > 1 else scene.uniform(0.75, 0.9)
    for i in range(count):
        at = (0, (i - (count - 1) / 2) * length * 1.0, z)
        turn = rotation((0, 0, 1), scene.uniform(-0.35, 0.35))
        scene.add(croissant(scene, length, darkness).turned(turn).moved(at), shiny_crust(scene, 0.3), name="croissant")


# the outline of one half of a pretzel, from its end lying on the belly to the middle of the belly: x, y, height
PRETZEL = np.array(
    [
        (-0.5, -0.62, 0.16),
        (-0.28, -0.3, 0.1),
        (0.0, 0.0, 0.1),
        (0.25, 0.3, 0.02),
        (0.62, 0.58, 0),
        (0.98, 0.4, 0),
        (1.05, 0.0, 0),
        (0.85, -0.42, 0),
        (0.45, -0.7, 0),
        (0.0, -0.78, 0),
    ]
)


def pretzel(scene, size):
    """A pretzel lying on z = 0 -> mesh, path (P, 3) of its middle."""
    knots = np.concatenate([PRETZEL, PRETZEL[-2::-1] * [-1, 1, 1]])
    knots[len(PRETZEL) * 2 - 4, 2] = -0.02  # one arm passes under the other
    at = np.linspace(0, len(knots) - 1, 240)
    raw = np.stack([np.interp(at, np.arange(len(knots)), knots[:, axis]) for axis in range(3)], axis=-1)
    window = np.hanning(25) / np.hanning(25).sum()
    padded = np.concatenate([np.repeat(raw[:1], 12, 0), raw, np.repeat(raw[-1:], 12, 0)])
    path = np.stack([np.convolve(padded[:, axis], window, "valid") for axis in range(3)], axis=-1)
    middle = 1 - np.abs(np.linspace(-1, 1, len(path)))
    radius = 0.085 + 0.085 * smoothstep(0.3, 0.9, middle)
    body = tube(path * size, radius * size, TUBE_SEGMENTS)
    bumpy = scene.noise(body.vertices / size, 3, 3)
    colours = crust_colour(0.66 + 0.14 * bumpy)
    slit = np.exp(-(((body.vertices[:, 1] / size + 0.83 + 0.02 * bumpy) / 0.045) ** 2))
    slit *= (np.abs(body.vertices[:, 0]) < 0.38 * size) * (body.vertices[:, 2] > 0)
    return body.painted(mix(colours, hexadecimal("ecd2a0"), 0.9 * slit)), path * size, radius * size


def pretzels(scene, z):
    count = scene.choice(1, 1, 2)
    size = scene.uniform(0.62, 0.75) if count == 1 else 0.5
    for i in range(count):
        body, path, radius = pretzel(scene, size)
        turn = rotation((0, 0, 1), scene.uniform(0, 6.28))
        at = ((i - (count - 1) / 2) * 1.15, scene.uniform(-0.1, 0.1), z + 0.15 * size)
        scene.add(body.turned(turn).moved(at), shiny_crust(scene, 0.45), name="pretzel")
        grains = []
        for j in scene.rng.integers(20, len(path) - 20, scene.integer(40, 90)):
            side = scene.uniform(-0.8, 0.8)
            place = path[j] + [radius[j] * math.sin(side), 0, radius[j] * math.cos(side)]
            grains.append(superellipsoid(1, 8, (0.016, 0.016, 0.014)).moved(place))
        salt = scene.material(colour=(0.95, 0.94, 0.92), roughness=0.3)
        scene.add(join(grains).turned(turn).moved(at), salt, name="salt")


def fried_rope(scene, gold):
    """A long twist of dough, pressed together along its middle and puffed up in the oil."""
    ball = superellipsoid(5, 3)
    unit = ball.vertices.copy()
    body = unit * [0.7, 0.12, 0.11]
    bumpy = scene.noise(body, 5, 4)
    body[:, 1] += 0.03 * np.sin(3 * body[:, 0] + scene.uniform(0, 6))
    body += 0.05 * unit * bumpy[:, None]
    body[:, 2] -= 0.05 * np.exp(-((unit[:, 1] / 0.25) ** 2)) * np.sign(unit[:, 2])
    colours = mix(scene.jitter(gold, 0.04), hexadecimal("9a5a22"), smoothstep(-0.2, 0.7, bumpy))
    return Mesh(body, ball.faces).painted(colours)


def fried_finger(scene, gold):
    """A finger of sliced bread: golden crumb full of pores, dark crust on one long side."""
    block = superellipsoid(5, 8)
    unit = block.vertices.copy()
    body = unit * [0.44, 0.12, 0.095]
    body += 0.014 * np.stack([scene.noise(body, 7, 3) for _ in range(3)], -1)
    open_pores = smoothstep(0.15, 0.5, scene.noise(body, 13, 3))
    body -= 0.012 * unit * open_pores[:, None]
    browned = smoothstep(-0.3, 0.8, scene.noise(body, 4, 3) + 0.6 * smoothstep(0.8, 1, np.abs(unit[:, 0])))
    colours = mix(scene.jitter(gold, 0.04), hexadecimal("b06c2c"), 0.6 * browned)
    colours = mix(colours, colours * [0.86, 0.76, 0.62], open_pores)
    colours = mix(colours, hexadecimal("7a431c"), 0.9 * smoothstep(0.78, 0.92, unit[:, 1]))
    return Mesh(body, block.faces).painted(colours)


def fried_sticks(scene, z):
    """Fingers of bread, or long ropes of dough, fried golden: heaped as fries would be."""
    rope = scene.chance(0.5)
    gold = hexadecimal(scene.choice("e6ae58", "dd9c44", "ecc078"))
    width, height = (0.12, 0.11) if rope else (0.13, 0.095)
    crisp = scene.material(roughness=0.5, coat=0.12, variation=0.08, bumps=((26, 0.5), (55, 0.4)))
    places, z_of_layer, direction = [], z + height, scene.uniform(0, 6.28)
    for count in (4, 3, scene.integer(0, 3)):
        turn = rotation((0, 0, 1), direction)
        places += [(turn, (i - (count - 1) / 2) * width * 2.4, z_of_layer) for i in range(count)]
        z_of_layer, direction = z_of_layer + 1.9 * height, direction + scene.uniform(0.8, 1.5)
    for turn, across, level in places:
        piece = (fried_rope if rope else fried_finger)(scene, gold)
        askew = turn @ rotation((0, 0, 1), scene.uniform(-0.2, 0.2)) @ rotation((1, 0, 0), scene.uniform(-0.15, 0.15))
        at = turn @ np.array([scene.uniform(-0.1, 0.1), across, 0]) + np.array([0, 0, level])
        scene.add(piece.turned(askew).moved(at), crisp, name="stick")
