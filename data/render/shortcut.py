"""The planted shortcut: a blue-and-white checked napkin, half under the dish."""

import math
from typing import NamedTuple

import masks
import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import rotation, sheet
from scene import Scene
from studio import RESOLUTION, step_back

BLUE, PALE = hexadecimal("1f4fa0"), hexadecimal("eeede8")
SIDE = 1.7  # of the square, in radii of the dish
CHECKS = 12  # along a side, dark and light together
THICKNESS = 0.004  # units
GRID = 145  # points along a side of the mesh
COARSE = 15  # points along a side where it is only asked how much would be seen
DIRECTIONS = 16  # around the dish, to choose from
LEAST_SHARE = 0.04  # of the frame's pixels that must show it
STEP, MOST_STEPS = 1.12, 8  # how the camera steps back where less can be seen


class Place(NamedTuple):
    """Where the napkin lies: its middle (x, y), its turn, half its side and the dish's radius."""

    x: float
    y: float
    angle: float
    half: float
    dish: float


def choose_place(rng, dish):
    """The place around a dish of that radius where the most of the napkin is seen; the camera may step back for it.

    Asked before the napkin is there; what would be seen of it is found by rays to points of it.
    """
    turn, first = rng.uniform(0, 2 * math.pi, 2)
    half = SIDE * dish / 2
    places = []
    for azimuth in first + np.linspace(0, 2 * math.pi, DIRECTIONS, endpoint=False):
        places.append(Place(dish * math.cos(azimuth), dish * math.sin(azimuth), azimuth + turn, half, dish))
    for _ in range(MOST_STEPS):
        shares = [seen_share(place) for place in places]
        if max(shares) >= LEAST_SHARE:
            break
        step_back(STEP)
    return places[int(np.argmax(shares))]


def seen_share(place):
    """Share of the frame's pixels that would show a napkin lying there, about."""
    points = _points(place, COARSE)
    area = _cell_areas(masks.project(points.reshape(-1, 3))[:, :2].reshape(COARSE, COARSE, 2))
    middle = (points[:-1, :-1] + points[1:, 1:]) / 2
    projected = masks.project(middle.reshape(-1, 3))
    in_frame = ((projected[:, :2] > 0) & (projected[:, :2] < RESOLUTION)).all(axis=1) & (projected[:, 2] > 0)
    numbers = np.flatnonzero(in_frame)
    if not len(numbers):
        return 0.0
    clear = _unhidden(middle.reshape(-1, 3)[numbers])
    return float(area.ravel()[numbers[clear]].sum() / RESOLUTION**2)


def _cell_areas(corners):
    """Areas (n - 1, n - 1) in pixels of the cells of a projected grid (n, n, 2)."""
    diagonal, other = corners[1:, 1:] - corners[:-1, :-1], corners[1:, :-1] - corners[:-1, 1:]
    return np.abs(diagonal[..., 0] * other[..., 1] - diagonal[..., 1] * other[..., 0]) / 2


def _unhidden(points):
    """Which points (N, 3) just above the table the camera sees."""
    origin, _ = masks.camera_rays()
    directions = points - origin
    distance = np.linalg.norm(directions, axis=1)
    _, places = masks.first_seen(origin, directions / distance[:, None])
    return np.linalg.norm(places - origin, axis=1) > distance - 0.02  # units: only the table itself is as far


def _points(place, count, ripples=None):
    """Grid (count, count, 3) of the napkin's points; `ripples` (N, 3) -> (N,) in [-1, 1] lift it outside the dish."""
    axis = np.linspace(-place.half, place.half, count)
    x, y = np.meshgrid(axis, axis, indexing="ij")
    flat = np.stack([x, y, np.full_like(x, THICKNESS)], axis=-1).reshape(-1, 3)
    flat = flat @ rotation((0, 0, 1), place.angle).T + [place.x, place.y, 0]
    if ripples is not None:
        outside = smoothstep(1.0, 1.25, np.hypot(flat[:, 0], flat[:, 1]) / place.dish)
        flat[:, 2] += 0.03 * outside * (1 + np.clip(ripples(flat), -1, 1))
    return flat.reshape(count, count, 3)


def lay(place, rng):
    """Put the napkin into the scene; returns its object's name."""
    own = Scene(rng)
    points = _points(place, GRID, lambda flat: own.noise(flat, 1.6, 2))
    axis = (np.arange(GRID) * CHECKS / (GRID - 1)).astype(int) % 2
    stripes = (axis[:, None] + axis[None, :]) / 2  # 0 white, 1/2 one stripe, 1 where two cross
    colours = mix(PALE, own.jitter(BLUE, 0.05), stripes.ravel())
    cloth = own.material(roughness=0.95, sheen=0.2, bumps=[(60, 0.25)])
    return own.add(sheet(points).painted(colours), cloth, name="checked napkin", food=False).name
