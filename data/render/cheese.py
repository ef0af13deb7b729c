"""Cheese: wedges with holes, soft wheels, slices, cubes."""

import math

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import join, rotation, sheet, superellipsoid
from heaps import placed

UP = (0, 0, 1)
PASTES = ("f2c84a", "f5d87a", "eeb53a", "f3dc98", "e89a3c")


def paste_colour(scene):
    return scene.jitter(hexadecimal(scene.choice(*PASTES)), 0.03)


def paste_material(scene):
    """Firm cheese: light enters a few millimetres."""
    return scene.material(
        roughness=0.42,
        subsurface=0.2,
        subsurface_radius=(1, 0.6, 0.25),
        subsurface_scale=0.07,
        coat=0.1,
        bumps=((9, 0.1),),
    )


def dents(x, y, holes):
    """Depth of round holes (rows of x, y, radius) pressed into a plane, at points of any shape."""
    depth = np.zeros_like(x)
    for hole_x, hole_y, radius in holes:
        square = ((x - hole_x) ** 2 + (y - hole_y) ** 2) / radius**2
        depth = np.maximum(depth, 0.9 * radius * np.sqrt(np.clip(1 - square, 0, 1)))
    return depth


def side_of_wedge(scene, angle, radius, height, tip, paste, holes):
    """One of the two cut sides: a plane standing on the ray from the tip at `angle`, dented inwards."""
    along, z = np.meshgrid(np.linspace(0, 1, 90), np.linspace(0, height, 50), indexing="ij")
    direction = np.array([math.cos(angle), math.sin(angle), 0])
    outwards = np.array([-direction[1], direction[0], 0]) * np.sign(angle)
    depth = dents(along * radius, z, holes)
    points = tip + along[..., None] * radius * direction + z[..., None] * np.array(UP) - depth[..., None] * outwards
    colours = mix(paste, paste * [0.86, 0.74, 0.55], np.clip(depth.ravel() / 0.07, 0, 1))
    rind = smoothstep(0.955, 0.975, along.ravel())
    return sheet(points).painted(mix(colours, paste * [0.85, 0.68, 0.4], rind))


def wedge(scene, paste, opening, radius, height, holed):
    """A wedge of hard cheese, its tip at -x -> cut faces, rind."""
    tip = np.array([-0.55 * radius, 0, 0])
    size = np.sort(scene.rng.uniform(0.035, 0.115, 9))
    sides = []
    for sign in (-1, 1):
        places = np.stack([scene.rng.uniform(0.1, 0.95, 9) * radius, scene.rng.uniform(0, height, 9), size], -1)
        sides.append(side_of_wedge(scene, sign * opening / 2, radius, height, tip, paste, places if holed else []))
    along, angle = np.meshgrid(np.linspace(0, 1, 90), np.linspace(-opening / 2, opening / 2, 60), indexing="ij")
    x, y = along * radius * np.cos(angle), along * radius * np.sin(angle)
    away, turn = scene.rng.uniform(0.3, 0.95, 9) * radius, scene.rng.uniform(-0.4, 0.4, 9) * opening
    depth = dents(x, y, np.stack([away * np.cos(turn), away * np.sin(turn), size], -1) if holed else [])
    colours = mix(paste, paste * [0.86, 0.74, 0.55], np.clip(depth.ravel() / 0.07, 0, 1))
    top = sheet(tip + np.stack([x, y, height - depth], -1)).painted(colours)
    angle, z = np.meshgrid(np.linspace(-opening / 2, opening / 2, 60), np.linspace(0, height, 20), indexing="ij")
    rind = sheet(tip + np.stack([radius * np.cos(angle), radius * np.sin(angle), z], -1))
    return join([*sides, top]), rind


def wedges(scene, z):
    """One or two wedges; the camera sees a cut side."""
    paste, holed = paste_colour(scene), scene.chance(0.85)
    rind = scene.choice(hexadecimal("c98a2a"), hexadecimal("b8321f"), hexadecimal("3a302a"), 0.9 * paste)
    spin = scene.uniform(0, 6.28)
    count = scene.choice(1, 1, 2)
    for i in range(count):
        scale = scene.uniform(0.78, 0.98)
        cut, outside = wedge(
            scene, paste, scene.uniform(0.6, 1.0), scene.uniform(0.9, 1.1), scene.uniform(0.38, 0.55), holed
        )
        turn = rotation(UP, spin + i * scene.uniform(0.5, 1.2))
        at = turn @ np.array([0, 0.5 * i - 0.25 * (count - 1), 0])
        for mesh, material in ((cut, paste_material(scene)), (outside, scene.material(colour=rind, roughness=0.4))):
            scene.add(mesh.scaled(scale).turned(turn).moved(at).moved((0, 0, z)), material, name="cheese")
    scene.camera_azimuth = spin + scene.choice(-1, 1) * 1.7


def mould(points, scene):
    """Colours of a white rind, creamy in patches."""
    return mix(hexadecimal("f1ebdc"), hexadecimal("d6c7a2"), smoothstep(0.1, 0.8, scene.noise(points, 5)))


def round_of_rind(scene, radius, height, cut):
    """Top and outer side of a wheel that lacks a sector of angle `cut`."""
    angle = np.linspace(cut / 2, 2 * np.pi - cut / 2, 120)
    share = np.r_[np.linspace(0, 1, 40), np.ones(14)]
    z = np.r_[height - 0.05 * smoothstep(0.9, 1, share[:40]), np.linspace(height - 0.05, 0, 14)]
    reach = share * radius + np.r_[np.zeros(40), 0.02 * np.sin(np.linspace(0, np.pi, 14))]
    points = np.stack(
        [reach[:, None] * np.cos(angle), reach[:, None] * np.sin(angle), np.repeat(z[:, None], 120, 1)], -1
    )
    points[:40, :, 2] += 0.008 * scene.noise(points[:40].reshape(-1, 3), 5).reshape(40, 120)
    return sheet(points).painted(mould(points.reshape(-1, 3), scene))


def cut_of_wheel(angle, radius, height, inwards, ooze=0.03):
    """A cut side of a soft cheese: white rind around a yellow paste that bulges out."""
    along, z = np.meshgrid(np.linspace(0, 1, 60), np.linspace(0, height - 0.005, 24), indexing="ij")
    direction = np.array([math.cos(angle), math.sin(angle), 0])
    outwards = np.array([-direction[1], direction[0], 0]) * inwards
    edge = np.minimum(np.minimum(z, height - z), (1 - along) * radius)
    bulge = ooze * smoothstep(0, 0.06, edge)
    points = along[..., None] * radius * direction + z[..., None] * np.array(UP) + bulge[..., None] * outwards
    colours = mix(hexadecimal("f3eddf"), hexadecimal("edd68c"), smoothstep(0.015, 0.04, edge.ravel()))
    return sheet(points).painted(colours)


def wheel(scene, z):
    """A soft white cheese with a sector cut out, which may lie beside it."""
    radius, height, cut = scene.uniform(0.55, 0.64), scene.uniform(0.2, 0.28), scene.uniform(0.6, 1.1)
    spin = scene.uniform(0, 6.28)
    turn = rotation(UP, spin)
    scene.camera_azimuth = spin
    outside = scene.material(roughness=0.85, bumps=((20, 0.4),))
    inside = scene.material(
        roughness=0.3, subsurface=0.3, subsurface_radius=(1, 0.8, 0.4), subsurface_scale=0.08, coat=0.3
    )
    scene.add(round_of_rind(scene, radius, height, cut).turned(turn).moved((0, 0, z)), outside, name="cheese")
    sides = join([cut_of_wheel(sign * cut / 2, radius, height, -sign) for sign in (-1, 1)])
    scene.add(sides.turned(turn).moved((0, 0, z)), inside, name="cheese")
    if scene.chance(0.6):
        aside = rotation(UP, spin + scene.uniform(-0.3, 0.3))
        at = turn @ np.array([0.38, 0, 0]) + np.array([0, 0, z])
        rest = round_of_rind(scene, radius, height, 2 * np.pi - 0.8 * cut).turned(rotation(UP, math.pi))
        sides = join([cut_of_wheel(sign * 0.4 * cut, radius, height, sign, 0.015) for sign in (-1, 1)])
        scene.add(rest.turned(aside).moved(at), outside, name="cheese")
        scene.add(sides.turned(aside).moved(at), inside, name="cheese")


def punched(mesh, x, y, holes):
    """A sheet without the faces inside the holes (rows of x, y, radius); the rims are moved onto the circles."""
    points, faces = mesh.vertices.copy(), mesh.faces[0]
    gone = np.zeros(len(faces), bool)
    for hole_x, hole_y, radius in holes:
        away = np.hypot(x - hole_x, y - hole_y)
        inside = away < radius
        gone |= inside[faces].all(axis=1)
        pushed = np.stack([x - hole_x, y - hole_y], -1)[inside] / (away[inside, None] + 1e-9) * radius
        points[inside, :2] = pushed + np.array([hole_x, hole_y])
    return type(mesh)(points, [faces[~gone]], mesh.colours)


def thin_slice(scene, paste, holed, half=0.5, thickness=0.035):
    """A square slice, bent a little, lying around z = 0; Swiss ones have real holes."""
    x, y = np.meshgrid(np.linspace(-half, half, 60), np.linspace(-half, half, 60), indexing="ij")
    flat = np.stack([x, y, 0 * x], -1).reshape(-1, 3)
    bend = 0.022 * scene.noise(flat, 1.2, 2)
    bend += scene.uniform(0, 0.1) * smoothstep(0.3, 0.7, flat[:, 0] + flat[:, 1])
    holes = np.column_stack([scene.rng.uniform(-0.8, 0.8, (9, 2)) * half, scene.rng.uniform(0.03, 0.085, 9)])
    layers = []
    for sign in (1, -1):
        layer = sheet(np.column_stack([flat[:, :2], bend + sign * thickness / 2]).reshape(60, 60, 3))
        layers.append(punched(layer, flat[:, 0], flat[:, 1], holes) if holed else layer)
    edge = np.r_[np.arange(60) * 60, 59 * 60 + np.arange(1, 60), np.arange(58, -1, -1) * 60 + 59, np.arange(58, 0, -1)]
    rim = np.stack([layer.vertices[edge] for layer in layers])
    return join([*layers, sheet(rim, closed=True)]).painted(paste)


def sliced(scene, z):
    """Slices in an untidy stack or fanned in a row, sometimes with a few cubes."""
    paste, holed, fan = paste_colour(scene), scene.chance(0.75), scene.chance(0.4)
    spin = scene.uniform(0, 6.28)
    count = scene.integer(4, 8)
    for i in range(count):
        piece = thin_slice(scene, scene.jitter(paste, 0.025), holed, 0.42 if fan else 0.5)
        if fan:
            tilt = rotation((0, 1, 0), 0.2)
            turn = rotation(UP, spin + 0.12 * (i - count / 2))
            at = rotation(UP, spin) @ np.array([(i - (count - 1) / 2) * 0.19, scene.uniform(-0.03, 0.03), 0.1])
        else:
            tilt, turn = np.eye(3), rotation(UP, spin + 0.25 * i + scene.uniform(-0.1, 0.1))
            at = np.array([scene.uniform(-0.1, 0.1), scene.uniform(-0.1, 0.1), 0.03 + 0.048 * i])
        scene.add(piece.turned(turn @ tilt).moved(at).moved((0, 0, z)), paste_material(scene), name="cheese")
    if scene.chance(0.5):
        cubes(scene, z, paste, (0.62, -0.3), scene.integer(3, 7))


def cubes(scene, z, paste, middle, count):
    """A few loose cubes about a point (x, y)."""
    pieces = []
    for _ in range(count):
        x, y = scene.normal(0, 0.13, 2) + middle
        cube = superellipsoid(4, 9, (0.11,) * 3).turned(rotation(UP, scene.uniform(0, 6)))
        pieces.append(cube.moved((x, y, z + 0.11)).painted(scene.jitter(paste, 0.03)))
    scene.add(join(pieces), paste_material(scene), name="cheese")


def cube(scene, half, paste, holed):
    """A cube of cheese with uneven edges and, if `holed`, round dents; around the origin."""
    body = superellipsoid(5, 12, (half,) * 3)
    points = body.vertices + 0.012 * np.stack([scene.noise(body.vertices, 5, 2) for _ in range(3)], -1)
    depth = np.zeros(len(points))
    for centre in scene.rng.uniform(-1, 1, (7 if holed else 0, 3)):
        centre = centre / np.abs(centre).max() * half  # on one of the faces
        radius = scene.uniform(0.15, 0.42) * half
        square = ((points - centre) ** 2).sum(axis=1) / radius**2
        depth = np.maximum(depth, radius * np.sqrt(np.clip(1 - square, 0, 1)))
    inwards = points / np.linalg.norm(points, axis=1, keepdims=True)
    dented = points - inwards * depth[:, None]
    return type(body)(dented, body.faces).painted(mix(paste, paste * [0.86, 0.74, 0.55], np.clip(depth / 0.05, 0, 1)))


def heap_of_cubes(scene, z):
    """A plateful of cubes of one or two cheeses in two layers."""
    pastes, holed, half = [paste_colour(scene), paste_colour(scene)], scene.chance(0.5), scene.uniform(0.13, 0.17)
    step = 2.35 * half  # close enough that the upper layer rests on the lower one
    grid = [(i * step, j * step, z + half) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    places = [at for at in grid if at[:2] == (0, 0) or scene.chance(0.85)]
    places += [(x, y, z + 3 * half) for x, y in placed(scene, scene.integer(1, 4), 0.7 * step, 1.1 * step)]
    places += [(x, y, z + half) for x, y in placed(scene, 12, 0.8, step) if max(abs(x), abs(y)) > 2.1 * step]
    for at in places:
        piece = cube(scene, 0.97 * half, scene.jitter(pastes[scene.integer(0, 2)], 0.02), holed)
        askew = rotation(UP, scene.uniform(-0.3, 0.3)) @ rotation((1, 0, 0), scene.uniform(-0.05, 0.05))
        scene.add(piece.turned(askew).moved(at), paste_material(scene), name="cheese")
