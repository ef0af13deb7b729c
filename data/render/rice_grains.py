"""Grains of rice, and what they make up: heaps and rice balls."""

from dataclasses import replace

import numpy as np
from colour import hexadecimal
from geometry import Mesh, join, rotation, sheet, sphere
from heaps import normals
from surfaces import solid_under


def grain_shapes(scene, length, slenderness=0.3):
    """Four slightly bent grains of half length `length`, `slenderness` times as thick."""
    grains = []
    for _ in range(4):
        grain = sphere(2, (length, length * slenderness * scene.uniform(0.9, 1.1), length * slenderness))
        bend = scene.uniform(-0.012, 0.012) * (grain.vertices[:, 0] / length) ** 2
        grains.append(grain.moved(np.stack([0 * bend, 0 * bend, bend], axis=-1)))
    return grains


def rice_material(scene):
    """Boiled rice: moist, a little translucent, which softens the gaps between grains."""
    return scene.material(roughness=0.42, subsurface=0.3, subsurface_radius=(1, 0.9, 0.7), subsurface_scale=0.03)


def grain_colours(scene, codes, count, spread=0.04):
    """Colours (count, 3): each grain has one of the six-digit codes, a little lighter or darker."""
    palette = np.stack([hexadecimal(code) for code in codes])
    chosen = palette[scene.rng.integers(len(palette), size=count)]
    return np.clip(chosen * (1 + scene.normal(0, spread, (count, 1))) + scene.normal(0, 0.006, (count, 3)), 0.01, 1)


def strewn(scene, points, leaning, shapes, colours):
    """One mesh of grains at points (N, 3), lying across leaning (N, 3) with a random direction and colours (N, 3).

    Does for thousands of grains at once what heaps.scattered does piece by piece.
    """
    up = leaning / np.linalg.norm(leaning, axis=1, keepdims=True)
    along = np.cross(up, scene.normal(0, 1, up.shape))
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    frames = np.stack([along, np.cross(up, along), up], axis=1)  # (N, 3, 3), rows are the grain's axes
    frames *= scene.normal(1, 0.1, (len(points), 1, 1))
    parts = []
    for i, shape in enumerate(shapes):
        which = slice(i, None, len(shapes))
        vertices = shape.vertices @ frames[which] + points[which, None]  # (n, V, 3)
        count, size = vertices.shape[:2]
        faces = shape.faces[0] + size * np.arange(count)[:, None, None]
        parts.append(Mesh(vertices.reshape(-1, 3), [faces.reshape(-1, 3)], np.repeat(colours[which], size, axis=0)))
    return join(parts)


def grains_on(scene, height, radius, shapes, colours, depth=0.035, tilt=0.45):
    """Mesh of grains all over a height function, one for each of the colours (N, 3)."""
    count = len(colours)
    away, angle = radius * np.sqrt(scene.rng.random(count)), scene.rng.uniform(0, 2 * np.pi, count)
    x, y = away * np.cos(angle), away * np.sin(angle)
    z = height(x, y) + scene.rng.uniform(-depth, 0.6 * depth, count)
    leaning = normals(height, x, y) + scene.normal(0, tilt, (count, 3))
    return strewn(scene, np.stack([x, y, z], axis=-1), leaning, shapes, colours)


def heap_of_grains(scene, height, radius, codes, centre=(0.0, 0.0), slender=False):
    """Add a heap of rice; `height` about its own middle, `codes` the grains' colours."""
    length = scene.uniform(0.066, 0.084) if slender else scene.uniform(0.058, 0.076)
    count = int(3200 * (radius / 0.7) ** 2 * (0.055 / length) ** 1.75)
    colours = grain_colours(scene, codes, count)
    dark = 0.72 * colours.mean(axis=0)
    scene.add(solid_under(height, radius, dark, 0.05, centre), scene.material(roughness=0.8), name="rice")
    shapes = grain_shapes(scene, length, 0.22 if slender else 0.31)
    grains = grains_on(scene, height, radius * 0.995, shapes, colours)
    scene.add(grains.moved((*centre, 0)), rice_material(scene), name="rice")


def _triangular(unit, size):
    """Points (V, 3) of a rounded triangle standing on its edge, from unit directions (V, 3)."""
    angle = np.arctan2(unit[:, 2], unit[:, 0]) - np.pi / 2
    away = 1 / np.cos(((angle + np.pi / 3) % (2 * np.pi / 3)) - np.pi / 3)  # a triangle of inner radius 1
    corner = away / (1 + (away / 1.7) ** 8) ** (1 / 8)  # rounds the tips
    thick = np.sign(unit[:, 1]) * np.abs(unit[:, 1]) ** 0.75 * 0.52
    flat = np.sqrt(np.clip(1 - np.abs(unit[:, 1]) ** 3, 0, 1))
    length = np.hypot(unit[:, 0], unit[:, 2]) + 1e-9
    x, z = unit[:, 0] / length * corner * flat, unit[:, 2] / length * corner * flat
    return np.stack([x, thick, z], axis=-1) * size * 0.75


def rice_ball(scene, at, size, codes, facing):
    """A triangular rice ball with a band of nori over its lower edge, on at (3,), lying or leaning back to `facing`."""
    body = sphere(5)
    body = replace(body, vertices=_triangular(body.vertices, size))
    unit = scene.normal(0, 1, (int(1500 * (size / 0.4) ** 2), 3))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    points = _triangular(unit, size)
    outwards = points * (1, 3, 1) / size + scene.normal(0, 0.35, points.shape)
    colours = grain_colours(scene, codes, len(points))
    grains = strewn(scene, points, outwards, grain_shapes(scene, 0.052, 0.34), colours)
    spin = facing - np.pi / 2 + scene.uniform(-0.5, 0.5)
    turn = rotation((0, 0, 1), spin) @ rotation((1, 0, 0), scene.choice(1.57, 0.9, 0.6, 0.4))
    nori = _nori(size)
    low = min(grains.turned(turn).vertices[:, 2].min(), nori.turned(turn).vertices[:, 2].min())
    place = np.array(at) - [0, 0, low]
    dark = 0.72 * colours.mean(axis=0)
    scene.add(body.painted(dark).scaled(0.97).turned(turn).moved(place), scene.material(roughness=0.8), name="rice")
    scene.add(grains.turned(turn).moved(place), rice_material(scene), name="rice")
    seaweed = scene.material(colour=hexadecimal("1b261e"), roughness=0.45, bumps=((30, 0.35), (8, 0.2)))
    scene.add(nori.turned(turn).moved(place), seaweed, name="nori")


def _nori(size):
    """A band of nori folded up both faces over the lower edge."""
    across = np.linspace(-0.38, 0.38, 8)
    up, out = np.array([0.05, -0.35, -0.62, -0.62, -0.35, 0.05]), np.array([0.5, 0.5, 0.42, -0.42, -0.5, -0.5])
    steps = np.linspace(0, 5, 40)
    height, depth = np.interp(steps, np.arange(6), up), np.interp(steps, np.arange(6), out)
    x = across[None] + 0 * height[:, None]
    points = np.stack([x, depth[:, None] + 0 * x, height[:, None] * 1.12 + 0 * x], axis=-1)
    return sheet(points * size)
