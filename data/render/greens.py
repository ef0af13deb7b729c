"""Vegetables, whole and cut, as painted meshes resting on z = 0 (whole) or centred (cut); sizes are radii in units."""

import math

import numpy as np
from clutter import leaf
from colour import hexadecimal, mix, smoothstep
from fruit import cut_round, grounded, leaning
from geometry import Mesh, join, lathe, rotation, sheet, sphere, superellipsoid, tube


def tomato(scene, size):
    """A ribbed tomato with a paler shoulder and its green star."""
    ball = sphere(5)
    points = ball.vertices.copy()
    angle = np.arctan2(points[:, 1], points[:, 0])
    axis = np.hypot(points[:, 0], points[:, 1])
    ribs = scene.uniform(0.02, 0.06) * np.cos(scene.integer(5, 8) * angle) * smoothstep(-0.3, 0.8, points[:, 2])
    points[:, :2] *= (1 + ribs)[:, None]
    points[:, 2] = points[:, 2] * 0.82 - 0.2 * np.exp(-((axis / 0.28) ** 2)) * (points[:, 2] > 0)
    red = scene.jitter(hexadecimal(scene.choice("b8261a", "c4371f", "a81f1c")), 0.05)
    unripe = smoothstep(0.75, 0.15, axis) * (points[:, 2] > 0) * scene.uniform(0.1, 0.6)
    painted = mix(red, hexadecimal("d98a3a"), np.clip(unripe + 0.12 * scene.noise(points, 2, 3), 0, 1))
    star = [
        leaf(scene, 0.6, hexadecimal("4f7a2c"), 0.35).moved((0.3, 0, 0.76)).turned(rotation((0, 0, 1), k * 1.257))
        for k in range(5)
    ]
    stalk = tube(np.array([[0, 0, 0.6], [0.03, 0, 0.75], [0.1, 0.02, 0.85]]), 0.035, 8).painted(hexadecimal("5c7a38"))
    return grounded(join([Mesh(points, ball.faces, painted), *star, stalk]).scaled(size).turned(leaning(scene)))


def tomato_face(scene):
    """Colours of a cut tomato: red walls round chambers of paler jelly with seeds."""
    count, phase = scene.integer(3, 6), scene.uniform(0, 1)

    def colour_at(radius, angle):
        part = np.abs((angle / (2 * np.pi) * count + phase) % 1 - 0.5) * 2
        chamber = smoothstep(0.9, 0.6, part) * smoothstep(0.26, 0.36, radius) * smoothstep(0.84, 0.74, radius)
        place = np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * radius], -1)
        flesh = mix(hexadecimal("cf4a30"), hexadecimal("bb2a1c"), smoothstep(-0.4, 0.5, scene.noise(place, 4, 2)))
        flesh = mix(flesh, hexadecimal("e39a7c"), smoothstep(0.25, 0.05, radius) * 0.6)
        jelly = mix(hexadecimal("b9481f"), hexadecimal("eccf86"), smoothstep(0.2, 0.5, scene.noise(place, 10, 1)))
        return mix(mix(flesh, jelly, chamber), hexadecimal("ab1d18"), smoothstep(0.93, 0.97, radius))

    return colour_at


def tomato_slice(scene, size):
    """A slice of tomato, face upwards."""
    return cut_round(tomato_face(scene), 0.2).scaled(size)


def tomato_half(scene, size):
    """Half a small tomato, face upwards."""
    return cut_round(tomato_face(scene), dome=0.85).scaled(size)


def cucumber_slice(scene, size):
    """A slice of cucumber with seeds round its middle and dark peel."""

    def colour_at(radius, angle):
        flesh = mix(hexadecimal("cfdc96"), hexadecimal("e3ebc2"), smoothstep(0.55, 0.75, radius))
        seed = np.exp(-(((radius - 0.42) / 0.12) ** 2)) * smoothstep(0.2, 0.8, np.cos(angle * 9))
        flesh = mix(flesh, hexadecimal("a9b96a"), seed * 0.8)
        return mix(flesh, hexadecimal("2f5a22"), smoothstep(0.9, 0.96, radius))

    return cut_round(colour_at, 0.16, segments=72).scaled(size)


def onion_hoop(scene, size):
    """A thin ring of red onion."""
    section = [(0.86, 0.07), (1, 0.06), (1, -0.06), (0.86, -0.07), (0.86, 0.07)]
    hoop = lathe(section, 40)
    outer = smoothstep(0.9, 0.98, np.hypot(hoop.vertices[:, 0], hoop.vertices[:, 1]))
    return hoop.painted(mix(hexadecimal("e8d3e0"), hexadecimal("8e3f7a"), outer)).scaled(size)


def pepper(scene, size, colour=None):
    """A bell pepper: four lobes, a sunken shoulder, a green stalk; standing or lying."""
    ball = sphere(5)
    points = ball.vertices.copy()
    angle = np.arctan2(points[:, 1], points[:, 0])
    axis = np.hypot(points[:, 0], points[:, 1])
    lobes = 1 + 0.1 * np.cos(4 * angle + 0.4 * np.sin(angle)) * smoothstep(0, 0.6, axis)
    points[:, :2] *= (lobes * (1 - 0.12 * points[:, 2] * -1))[:, None]
    points[:, 2] = np.sign(points[:, 2]) * np.abs(points[:, 2]) ** 0.8 * 1.2
    points[:, 2] -= 0.4 * np.exp(-((axis / 0.35) ** 2)) * np.sign(points[:, 2])
    colour = hexadecimal(colour or scene.choice("b3201a", "e0a818", "3f7a26", "dd6a14"))
    tone = mix(scene.jitter(colour), np.clip(colour * 0.75, 0, 1), smoothstep(0.02, -0.1, lobes - 1) * 0.6)
    stalk = tube(np.array([[0, 0, 0.65], [0.02, 0, 0.95], [0.12, 0.05, 1.25]]), np.array([0.2, 0.09, 0.1]), 12)
    whole = join([Mesh(points, ball.faces, tone), stalk.painted(hexadecimal("5f8a3a"))]).scaled(size)
    lie = rotation((1, 0, 0), 1.45) if scene.chance(0.6) else np.eye(3)
    return grounded(whole.turned(rotation((0, 0, 1), scene.uniform(0, 2 * math.pi)) @ lie))


def carrot(scene, length):
    """A carrot lying along x with rings and a tuft of green."""
    t = np.linspace(0, 1, 60)
    path = np.stack([(t - 0.5) * length, 0.03 * np.sin(4 * t), 0 * t], -1)
    radius = length * (0.095 * (1 - t) ** 0.45 + 0.012) * (1 + 0.025 * np.sin(40 * t + np.sin(17 * t)))
    radius[0] *= 0.6
    body = tube(path, radius, 20)
    rings = scene.noise(body.vertices * np.array([22, 1.5, 1.5]) / length, 1, 2)
    painted = mix(scene.jitter(hexadecimal("e0731a")), hexadecimal("b3520f"), smoothstep(0.1, 0.7, rings) * 0.7)
    tuft = []
    for _ in range(14):
        bend = np.array([-scene.uniform(0.15, 0.4), scene.normal(0, 0.12), scene.uniform(-0.02, 0.12)]) * length
        start = np.array([-0.49 * length, 0, 0])
        tuft.append(
            tube(np.array([start, start + bend * 0.6, start + bend]), 0.012 * length, 5).painted(
                scene.jitter(hexadecimal("5a8a32"), 0.12)
            )
        )
    return grounded(join([body.painted(painted), *tuft]))


def carrot_coin(scene, size):
    """A round slice of carrot with its lighter core."""

    def colour_at(radius, angle):
        rays = 0.5 + 0.5 * np.cos(angle * 14)
        core = mix(hexadecimal("f0a23a"), hexadecimal("e07a1c"), smoothstep(0.4, 0.55, radius))
        return mix(
            core, hexadecimal("c9600f"), 0.4 * rays * smoothstep(0.5, 0.9, radius) + 0.4 * smoothstep(0.93, 1, radius)
        )

    return cut_round(colour_at, 0.35, segments=40).scaled(size)


def baton(scene, length, width, colours):
    """A square stick of vegetable, of colours (faces, edges)."""
    block = superellipsoid(4, 7, (length, width, width))
    mottle = scene.noise(block.vertices * np.array([0.4, 1, 1]), 10, 2)
    return block.painted(mix(scene.jitter(colours[0]), colours[1], smoothstep(-0.2, 0.9, mottle)))


def floret(scene, size, stem="a9c07a", dark="2c5220", light="6d9a42"):
    """A floret of broccoli, or with other colours of cauliflower."""
    parts = []
    for _ in range(scene.integer(6, 9)):
        way = scene.normal(0, 1, 3)
        way[2] = abs(way[2]) * 0.8 + 0.35
        way = way / np.linalg.norm(way) * 0.62
        parts.append(
            tube(np.array([[0, 0, -0.35], way * 0.5, way]), np.array([0.16, 0.1, 0.12]), 8).painted(hexadecimal(stem))
        )
        ball = sphere(4)
        buds = np.abs(scene.noise(ball.vertices, 4.5, 2))
        head = ball.vertices * (0.84 + 0.4 * buds)[:, None] * 0.37 + way
        parts.append(Mesh(head, ball.faces, mix(hexadecimal(dark), hexadecimal(light), smoothstep(0, 0.6, buds))))
    return grounded(join(parts).scaled(size).turned(leaning(scene, 0.5)))


def lettuce_leaf(scene, size, colour):
    """A crumpled salad leaf with a pale midrib."""
    along, across = np.meshgrid(np.linspace(0, 1, 12), np.linspace(-1, 1, 10), indexing="ij")
    width = 0.5 * np.sin(np.pi * np.clip(along, 0.02, 1) ** 0.7) ** 0.7
    points = np.stack([along - 0.5, across * width, 0.25 * np.abs(across) ** 1.5 * width], -1)
    flat = points.reshape(-1, 3)
    flat[:, 2] += 0.13 * scene.noise(flat, 3.2, 2) * np.abs(across.ravel()) + 0.1 * scene.noise(flat, 1.5, 2)
    rib = np.exp(-((across.ravel() / 0.12) ** 2)) * 0.6
    return sheet(flat.reshape(12, 10, 3) * size).painted(mix(scene.jitter(colour, 0.08), hexadecimal("dce8b5"), rib))


def grilled_slice(scene, length, width, flesh, peel, thickness=0.045, marks=True):
    """A slab of aubergine, courgette or mushroom from the grill: browned, with dark bars and a rim of peel."""
    slab = superellipsoid(5, 2.6, (length, width, thickness))
    points = slab.vertices.copy()
    rim = np.hypot(points[:, 0] / length, points[:, 1] / width)
    mottle = scene.noise(points, 6, 3)
    points[:, 2] += 0.012 * mottle - 0.03 * smoothstep(0.3, 0.9, scene.noise(points, 2, 2))
    painted = mix(hexadecimal(flesh), hexadecimal("8a5022"), smoothstep(-0.5, 0.7, mottle) * 0.6)
    if marks:
        turn = scene.uniform(-0.6, 0.6)
        across = points[:, 0] * math.cos(turn) + points[:, 1] * math.sin(turn)
        bars = smoothstep(0.5, 0.85, np.cos(across * 2 * math.pi / 0.16)) * smoothstep(1.0, 0.85, rim)
        painted = mix(painted, hexadecimal("26140c"), bars * smoothstep(-0.8, 0.2, mottle) * 0.9)
    return Mesh(points, slab.faces, mix(painted, hexadecimal(peel), smoothstep(0.93, 0.99, rim)))
