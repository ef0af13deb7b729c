"""Heaps: a height function, the solid under it, and small things lying on it."""

import math

import numpy as np
from geometry import alignment, join, random_rotation, sheet
from noise import fractal_noise

_STEP = 0.02  # of the finite differences that give a heap's slope


def mound(scene, radius, height, power=1, amplitude=0.05, base=0, scale=2.5):
    """Height function h(x, y), for arrays or floats, of a rounded heap from z = base to base + height.

    power: 0.5 steep-sided, 1 a dome, 2 a peak. amplitude: of the unevenness, in units, with `scale` lumps per unit.
    """
    offset = scene.rng.uniform(0, 99, 3)

    def heap(x, y):
        x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        spread = np.clip((x * x + y * y) / radius**2, 0, 1)
        points = np.column_stack([x.ravel(), y.ravel(), np.zeros(x.size)])
        lumps = fractal_noise(points, scale, 3, offset).reshape(x.shape)
        z = base + height * (1 - spread) ** power + amplitude * (1 - spread**3) * lumps
        return z if z.ndim else float(z)

    return heap


def disc(radius, rings=40, segments=80):
    """Polar grid: x and y, both (rings, segments)."""
    distance = np.linspace(0, radius, rings)[:, None]
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    return distance * np.cos(angle), distance * np.sin(angle)


def filled(scene, height, radius, material, colour, drop=0.02):
    """Add the solid under a heap: its surface, `drop` lower, so that no gap shows between what lies on it."""
    x, y = disc(radius)
    surface = sheet(np.stack([x, y, height(x, y) - drop], axis=-1), closed=True)
    return scene.add(surface.painted(colour), material)


def normals(height, x, y):
    """Upward normals (N, 3), not of unit length, of a height function at x, y (N,)."""
    slope_x = (height(x + _STEP, y) - height(x - _STEP, y)) / (2 * _STEP)
    slope_y = (height(x, y + _STEP) - height(x, y - _STEP)) / (2 * _STEP)
    return np.stack([-slope_x, -slope_y, 1 + 0 * slope_x], axis=-1)


def scattered(scene, height, radius, shapes, count, depth=0.03, tilt=0.35, tumbling=0.0, colour=(1, 1, 1)):
    """Mesh of `count` random shapes laid on a heap, uniformly over a disc.

    depth: how far they sink in, at most. tilt: standard deviation of their lean. tumbling: share that lies any way up.
    colour: (3,), or a function of the shape's number.
    """
    rng = scene.rng
    distance = radius * np.sqrt(rng.random(count))
    angle = rng.uniform(0, 2 * np.pi, count)
    x, y = distance * np.cos(angle), distance * np.sin(angle)
    places = np.stack([x, y, height(x, y) + 0 * x], axis=-1)
    leans = normals(height, x, y) + rng.normal(0, tilt, (count, 3))
    pieces = []
    for number, (place, lean) in enumerate(zip(places, leans, strict=True)):
        shape = shapes[int(rng.integers(len(shapes)))]
        tumbles = rng.random() < tumbling
        turn = random_rotation(rng) if tumbles else alignment(lean, rng.uniform(0, 2 * np.pi))
        size = 1 + rng.normal(0, 0.1)
        lift = rng.uniform(-depth, depth * 0.6)
        piece = shape.turned(turn * size).moved(place + np.array([0, 0, lift]))
        pieces.append(piece.painted(colour(number) if callable(colour) else colour))
    return join(pieces)


def placed(scene, count, radius, distance):
    """At most `count` places (x, y) on a disc, at least `distance` apart; fewer where no more fit."""
    if count == 1:
        return [(scene.uniform(-0.12, 0.12), scene.uniform(-0.12, 0.12))]
    places = []
    for _ in range(400):
        angle = scene.uniform(0, 2 * math.pi)
        away = radius * math.sqrt(scene.uniform(0, 1))
        candidate = (away * math.cos(angle), away * math.sin(angle))
        if all(math.dist(candidate, place) > distance for place in places):
            places.append(candidate)
        if len(places) == count:
            break
    return places
