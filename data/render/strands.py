"""Strands of noodles: random curls on a heap, ribbons and round ones, and noodles lying in broth."""

import broth
import numpy as np
from geometry import Mesh, join, sheet, tube
from heaps import mound


def _wrapped(angle):
    """The angle in [-pi, pi)."""
    return (angle + np.pi) % (2 * np.pi) - np.pi


def curls(scene, count, radius, points, step, curl):
    """Paths (count, points, 2) that wander with a slowly changing curvature and stay on a disc."""
    rng = scene.rng
    start = rng.uniform(0, 2 * np.pi, count)
    away = 0.95 * radius * np.sqrt(rng.random(count))
    place = np.stack([away * np.cos(start), away * np.sin(start)], axis=-1)
    heading, bend = rng.uniform(0, 2 * np.pi, count), rng.normal(0, 2.2 * curl, count)
    path = np.empty((count, points, 2))
    for i in range(points):
        path[:, i] = place
        bend = 0.93 * (bend + rng.normal(0, 1.1 * curl, count))
        outside = np.clip(np.hypot(*place.T) / radius - 0.8, 0, None) / 0.2
        inwards = np.arctan2(-place[:, 1], -place[:, 0])
        heading = heading + 0.25 * outside * _wrapped(inwards - heading) + bend * step
        place = place + step * np.stack([np.cos(heading), np.sin(heading)], axis=-1)
        place = place * np.minimum(1, 0.985 * radius / (np.hypot(*place.T) + 1e-9))[:, None]
    return path


def nest(scene, count, radius, points):
    """Paths (count, points, 2) that circle the middle, as of noodles twirled on a fork."""
    rng = scene.rng

    def draw(low, high):
        return rng.uniform(low, high, (count, 1))

    turn = draw(0, 6.28) + rng.choice([-1, 1], (count, 1)) * np.linspace(0, 1, points) * draw(2, 4.5)
    away = draw(0.25, 0.95) * radius * (1 + 0.12 * np.sin(turn * draw(1, 3) + draw(0, 6)))
    off = rng.normal(0, 0.06 * radius, (count, 1, 2))
    return off + np.stack([away * np.cos(turn), away * np.sin(turn)], axis=-1)


def laid(scene, flat, height, thickness, buried):
    """Paths (count, points, 3): flat ones laid on a heap, each a little wavy and `buried` (count,) in [0, 1] deep."""
    count, points = flat.shape[:2]
    rng = scene.rng
    depth = 4.5 * thickness * buried[:, None]
    along = np.linspace(0, 1, points)
    wave = 0.84 * thickness * np.sin(along * rng.uniform(6, 16, (count, 1)) + rng.uniform(0, 6, (count, 1)))
    z = height(flat[..., 0].ravel(), flat[..., 1].ravel()).reshape(count, points) - depth + wave
    ends = np.concatenate([z[:, :1], z, z[:, -1:]], axis=1)
    z = 0.25 * ends[:, :-2] + 0.5 * ends[:, 1:-1] + 0.25 * ends[:, 2:]
    return np.concatenate([flat, z[..., None]], axis=-1)


def ribbon(path, width, thickness, twist):
    """A flat noodle along a path (P, 3), leaning sideways by the angles `twist` (P,), slightly hollow."""
    along = np.gradient(path, axis=0)
    side = np.stack([-along[:, 1], along[:, 0], 0 * along[:, 0]], axis=-1)
    side = side / (np.linalg.norm(side, axis=1, keepdims=True) + 1e-9)
    across = np.array([-1, -0.5, 0, 0.5, 1, 0.5, 0, -0.5])  # round the cross-section: over the top, back below
    rise = thickness * np.array([0.2, 0.9, 0.7, 0.9, 0.2, -0.6, -0.8, -0.6])
    points = path[:, None] + width * across[:, None] * (np.cos(twist)[:, None] * side)[:, None]
    points[..., 2] += rise + width * across * np.sin(twist)[:, None]
    return sheet(points, closed=True)


def heap_of_strands(scene, height, radius, thickness, colour, count, twirled=0.0, curl=1.0, flat=False) -> Mesh:
    """Mesh of `count` noodles on a heap; `twirled` is the share that circles the middle, `flat` makes ribbons."""
    points = scene.integer(44, 66)
    round_the_middle = round(twirled * count)
    paths = [curls(scene, count - round_the_middle, radius, points, 0.04, curl)]
    paths.append(nest(scene, round_the_middle, radius, points))
    buried = scene.rng.random(count)
    strands = []
    for path, share in zip(laid(scene, np.concatenate(paths), height, thickness, buried), buried, strict=True):
        shade = colour * (1 - 0.3 * share * np.array([0.7, 1, 1.3]))  # less light, browner, further down
        strand = twisted_ribbon(scene, path, thickness) if flat else tube(path, thickness, 7)
        strands.append(strand.painted(scene.jitter(shade, 0.06)))
    return join(strands)


def twisted_ribbon(scene, path, thickness):
    """A ribbon that leans now to one side, now to the other."""
    along = np.linspace(0, 1, len(path))
    twist = scene.uniform(0.3, 1.0) * np.sin(along * scene.uniform(4, 12) + scene.uniform(0, 6.28))
    return ribbon(path, 1.9 * thickness, 0.35 * thickness, twist)


def noodle_material(scene):
    """Boiled dough: moist, a little translucent."""
    return scene.material(
        roughness=0.34, subsurface=0.12, subsurface_radius=(1, 0.7, 0.35), subsurface_scale=0.04, coat=0.2
    )


def soup_noodles(scene, z, radius, count, broth_colour, noodle_colour, thickness=0.024, sunk=0.03):
    """A clear broth at height z with `count` noodles in it, their tops `sunk` below the surface but for a few bends."""
    broth.clear(scene, z, radius, broth_colour, transmission=0.6, bottom=0.2)
    height = mound(scene, radius, 0.02, 1, 0.05, z - sunk, scale=3)
    noodles = heap_of_strands(scene, height, radius * 0.92, thickness, noodle_colour, count, 0.3, 0.8)
    scene.add(noodles, noodle_material(scene), name="noodles")
