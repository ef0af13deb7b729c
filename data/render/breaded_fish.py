"""Fish in batter and fish fingers."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from fried_pieces import battered as in_batter
from fried_pieces import crumbed
from garnish import crust, lemon_half, lemon_slice
from geometry import UP, Mesh, rotation, superellipsoid
from meat_surface import veins
from pile import Pile, level


def battered_fillet(scene, length):
    """A fillet in batter along x: long, tapering to the tail, blistered, golden."""
    shape = superellipsoid(6, 2.6)
    x = shape.vertices[:, 0]
    taper = 1 - 0.42 * smoothstep(-0.2, 1.05, x)
    vertices = shape.vertices * np.stack([0 * x + length, 0.36 * length * taper, 0.17 * length * taper], 1)
    vertices[:, 1] += 0.1 * length * x**2 * scene.choice(-1, 1)
    return in_batter(scene, Mesh(vertices, shape.faces), 0.17, scene.uniform(0.3, 0.52), 0.09)


def battered(scene, z):
    """One or two battered fish fillets with lemon."""
    count, turn, surface = scene.choice(1, 2, 2), scene.uniform(0, 6.28), crust(scene)
    pile = Pile(level(z))
    for number in range(count):
        mesh = battered_fillet(scene, scene.uniform(0.7, 0.82) if count == 1 else scene.uniform(0.6, 0.7))
        mesh = mesh.turned(rotation((1, 0, 0), 0.2 * number)).turned(rotation(UP, turn + scene.normal(0, 0.25)))
        at = rotation(UP, turn) @ (0, (number - (count - 1) / 2) * 0.46, 0)
        scene.add(pile.lay(mesh, at[:2]), surface, name="battered")
    with_lemon(scene, z)


def fish_finger(scene, flesh_shown):
    """One breaded stick along x; where `flesh_shown` it is broken off and white flakes show at the end."""
    stick = superellipsoid(5, 6, (0.36, 0.105, 0.075))
    mesh = crumbed(scene, stick, 0.042, 0.013, scene.uniform(0.26, 0.46), 0.42)
    if not flesh_shown:
        return mesh
    vertices = mesh.vertices.copy()
    end = stick.vertices[:, 0] > 0.3
    vertices[end, 0] = 0.3 + 0.05 * scene.noise(vertices[end], 9, 3)
    white = mix(hexadecimal("f0e8dc"), hexadecimal("cfc2b0"), veins(scene, vertices, 10, 0.1))
    core = end & (np.abs(stick.vertices[:, 1]) < 0.095) & (np.abs(stick.vertices[:, 2]) < 0.066)
    return Mesh(vertices, mesh.faces, np.where(core[:, None], white, mesh.colours))


def fingers(scene, z):
    """Four to eight fish fingers, in a row with some across, and lemon."""
    count, turn, surface = scene.integer(4, 9), scene.uniform(0, 6.28), crust(scene)
    pile = Pile(level(z))
    row = min(count, 5)
    for number in range(count):
        upper = number >= row
        across = (number - (row - 1) / 2) * 0.25 if not upper else (number - row - 0.5) * 0.27
        mesh = fish_finger(scene, scene.chance(0.3))
        angle = turn + scene.normal(0, 0.1) + (1.2 if upper else 0)
        at = rotation(UP, turn) @ ((scene.uniform(-0.05, 0.05), across, 0) if not upper else (across, 0, 0))
        scene.add(pile.lay(mesh.turned(rotation(UP, angle)), at[:2]), surface, name="fish_finger")
    with_lemon(scene, z)


def with_lemon(scene, z):
    """One or two pieces of lemon beside the fish."""
    angle = scene.uniform(0, 6.28)
    for turn in (angle, angle + scene.uniform(0.5, 0.9))[: scene.integer(1, 3)]:
        at = (0.72 * np.cos(turn), 0.72 * np.sin(turn), z)
        scene.choice(lemon_half, lemon_slice)(scene, at, scene.uniform(0.16, 0.2))
