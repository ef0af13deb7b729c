"""Slices of bread: crumb with pores, crust, toast, and the loaf they were cut from."""

import math

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import join, rotation, sheet, superellipsoid

CRUST = ("eec98c", "d99a4e", "b36a2a", "7a3d18", "4a2410")  # from pale to dark
# crumb colour, share of big pores, number of dark specks (seeds, raisins)
CRUMBS = {
    "white": ("efddb6", 0.1, 0),
    "milk": ("f3e2b4", 0.0, 0),
    "sourdough": ("e8d2a4", 0.8, 0),
    "wholemeal": ("c39a62", 0.2, 60),
    "rye": ("96683c", 0.1, 40),
    "brioche": ("f0c765", 0.3, 0),
    "raisin": ("e6c58c", 0.15, 26),
}


def crust_colour(darkness):
    """Colour of baked crust for darkness in [0, 1], an array of any shape (...,) -> (..., 3)."""
    stops = np.array([hexadecimal(code) for code in CRUST])
    position = np.clip(darkness, 0, 1) * (len(stops) - 1)
    low = np.minimum(position.astype(int), len(stops) - 2)
    share = (position - low)[..., None]
    return stops[low] * (1 - share) + stops[low + 1] * share


def crust_material(scene):
    return scene.material(
        roughness=0.6,
        specular=0.35,
        variation=0.12,
        variation_scale=30,
        bumps=((16, 0.45), (45, 0.35), (7, 0.3, "voronoi")),
    )


def crumb_material(scene):
    return scene.material(roughness=0.85, specular=0.2, bumps=((28, 0.4), (60, 0.3)))


def outline(shape, count=180):
    """Outline of a slice about 2 wide: "tin" with shoulders, flat "oval" or "round" hearth loaf -> x, y (count,)."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    cosine, sine = np.cos(angle), np.sin(angle)
    if shape == "tin":
        radius = (np.abs(cosine) ** 5 + np.abs(sine) ** 5) ** -0.2
        x, y = 0.95 * cosine * radius, 0.95 * sine * radius
        waist = np.exp(-(((y - 0.25) / 0.15) ** 2))
        x = x * (1 + 0.12 * smoothstep(0.3, 0.8, y) - 0.05 * waist)
        return x, y + 0.13 * np.clip(y, 0, 1) * (1 - 0.6 * x * x)
    x, y = cosine * 1.25, sine * (0.72 if shape == "oval" else 0.95)
    floor = -0.45 if shape == "oval" else -0.6
    return x, np.where(y < floor, floor + (y - floor) * 0.2, y)


def pores(scene, x, y, big):
    """Depth in [0, 1] of the pores at the points x, y (V,) of a slice; `big` in [0, 1] is the share of large ones."""
    count = scene.integer(200, 300)
    centre = scene.rng.uniform((-1.2, -1), (1.2, 1), (count, 2))
    radius = 0.021 * np.exp(scene.normal(0, 0.45, count)) * np.where(scene.rng.random(count) < 0.22 * big, 2.6, 1)
    angle = scene.rng.uniform(0, np.pi, count)
    depth = np.zeros(len(x))
    for (cx, cy), size, turn in zip(centre, radius, angle, strict=True):
        near = np.flatnonzero((np.abs(x - cx) < 2 * size) & (np.abs(y - cy) < 2 * size))
        dx, dy = x[near] - cx, y[near] - cy
        along = (dx * math.cos(turn) + dy * math.sin(turn)) / 1.5
        across = -dx * math.sin(turn) + dy * math.cos(turn)
        distance = np.hypot(along, across) / size
        depth[near] = np.maximum(depth[near], smoothstep(1.15, 0.6, distance))
    return depth


def cut_face(scene, shape, crumb, darkness, toasted=0.0):
    """Flat face of a slice in the xy plane, 2 units wide, with pores pressed in along -z."""
    code, big, specks = CRUMBS[crumb]
    pale = scene.jitter(hexadecimal(code), 0.03)
    edge_x, edge_y = outline(shape)
    share = np.linspace(0, 1, 76) ** 0.8
    x, y = share[:, None] * edge_x, share[:, None] * edge_y
    rim = np.repeat(share, len(edge_x))
    points = np.stack([x, y, 0 * x], -1).reshape(-1, 3)
    depth = pores(scene, points[:, 0], points[:, 1], big) * smoothstep(0.95, 0.88, rim)
    colours = mix(pale, pale * [0.93, 0.84, 0.7], 0.7 * smoothstep(0.55, 0.95, rim))
    colours = mix(colours, pale * 0.9, smoothstep(-0.2, 0.7, scene.noise(points, 3, 3)))
    colours = mix(colours, pale * [0.62, 0.52, 0.4], (0.6 + 0.3 * big) * depth)
    for cx, cy in scene.rng.uniform(-0.85, 0.85, (specks, 2)):
        size = 0.06 if crumb == "raisin" else 0.025
        speck = smoothstep(size, 0.7 * size, np.hypot(points[:, 0] - cx, points[:, 1] - cy))
        colours = mix(colours, hexadecimal("4a2c1c"), speck * smoothstep(0.95, 0.85, rim))
    if toasted:
        browned = smoothstep(-0.6, 0.4, scene.noise(points, 1.3, 3) + 0.2 - 0.4 * smoothstep(0.78, 0.95, rim))
        toast = crust_colour(0.22 + 0.38 * toasted * browned + 0.12 * depth)
        colours = mix(colours, toast, 0.45 + 0.5 * toasted * browned)
    colours = mix(colours, crust_colour(np.full(len(rim), 0.35 + 0.4 * darkness)), smoothstep(0.915, 0.965, rim))
    points[:, 2] = -0.05 * depth - 0.02 * smoothstep(0.93, 1, rim)
    return sheet(points.reshape(len(share), -1, 3), closed=True).painted(colours)


def crust_ring(scene, shape, heights, darkness, shrink=None):
    """Crust around a slice or a loaf: the outline at each height, `shrink` (heights,) narrows it."""
    edge_x, edge_y = outline(shape)
    shrink = np.ones(len(heights)) if shrink is None else shrink
    ring = np.stack(np.broadcast_arrays(shrink[:, None] * edge_x, shrink[:, None] * edge_y, heights[:, None]), -1)
    points = ring.reshape(-1, 3)
    bumpy = scene.noise(points, 2.2, 4)
    top = smoothstep(0.1, 0.9, points[:, 1])
    colours = crust_colour(0.28 + 0.35 * darkness + 0.2 * bumpy + 0.15 * top)
    points[:, :2] *= (1 + 0.015 * bumpy)[:, None]
    return sheet(points.reshape(len(heights), -1, 3), closed=True).painted(colours)


def slice_of_bread(scene, half_width, thickness, shape, crumb, darkness, toasted=0.0):
    """One slice lying in the xy plane, centred on z = 0, crumb on both sides."""
    face = cut_face(scene, shape, crumb, darkness, toasted).scaled((half_width, half_width, half_width))
    front = face.moved((0, 0, thickness / 2))
    back = face.turned(rotation((0, 1, 0), math.pi)).moved((0, 0, -thickness / 2))
    heights = np.linspace(0.5, -0.5, 6) * (thickness - 0.01) / half_width
    bulge = 1 + 0.02 * np.sin(np.linspace(0, np.pi, 6))
    return join([front, back, crust_ring(scene, shape, heights, darkness, bulge).scaled((half_width,) * 3)])


def slice_kind(scene):
    """Shape and crumb of one bread: tin loaves are soft, hearth loaves have the big pores."""
    if scene.chance(0.6):
        return "tin", scene.choice("white", "white", "milk", "wholemeal", "brioche", "raisin")
    return scene.choice("oval", "round"), scene.choice("sourdough", "sourdough", "wholemeal", "rye", "white")


def butter_pat(scene, at, size=0.13):
    pat = superellipsoid(4, 7, (size, size * 0.8, 0.03)).moved(at)
    scene.add(pat, scene.material(colour=hexadecimal("f4da78"), roughness=0.3, subsurface=0.2, coat=0.2), name="butter")


def fanned(scene, z, slices, thickness, half_width, shape):
    """A leaning row of slices, the first one faces the camera."""
    lean, spin = scene.uniform(0.85, 1.2), scene.uniform(0, 6.28)
    scene.camera_azimuth = spin
    turn = rotation((0, 0, 1), spin)
    height = half_width * math.sin(lean) * {"tin": 0.95, "oval": 0.5, "round": 0.62}[shape]
    for i, piece in enumerate(slices):
        posture = turn @ rotation((0, 1, 0), lean + scene.uniform(-0.06, 0.06)) @ rotation((0, 0, 1), math.pi / 2)
        offset = turn @ np.array([(i - (len(slices) - 1) / 2) * thickness * 1.7, scene.uniform(-0.04, 0.04), 0])
        scene.add(
            piece.turned(posture).moved(offset).moved((0, 0, z + height + 0.02)), crumb_material(scene), name="slice"
        )


def stacked(scene, z, slices, thickness):
    for i, piece in enumerate(slices[:4]):
        offset = (scene.uniform(-0.3, 0.3) * (i > 0), scene.uniform(-0.3, 0.3) * (i > 0), z + thickness * (0.5 + i))
        turned = piece.turned(rotation((0, 0, 1), scene.uniform(0, 6.28)))
        scene.add(turned.moved(offset), crumb_material(scene), name="slice")


def shingled(scene, z, slices, thickness, half_width):
    """Slices overlapping like roof tiles: every cut face shows."""
    spin = scene.uniform(0, 6.28)
    scene.camera_azimuth = spin
    turn = rotation((0, 0, 1), spin)
    step = half_width * scene.uniform(0.45, 0.65)
    tilt = math.asin(min(1.2 * thickness / step, 0.7))
    for i, piece in enumerate(slices[:4]):
        offset = turn @ np.array([(i - (len(slices[:4]) - 1) / 2) * step, scene.uniform(-0.05, 0.05), 0])
        posture = turn @ rotation((0, 1, 0), tilt) @ rotation((0, 0, 1), math.pi / 2 + scene.uniform(-0.12, 0.12))
        at = offset + np.array([0, 0, z + half_width * math.sin(tilt) + thickness * 0.5])
        scene.add(piece.turned(posture).moved(at), crumb_material(scene), name="slice")


def slices(scene, z, darkness, toasted=0.0):
    """Several slices on the surface at height z -> height to look at."""
    shape, crumb = slice_kind(scene)
    half_width, thickness = scene.uniform(0.42, 0.5), scene.uniform(0.09, 0.14)
    # two different faces are enough for the eye; every slice beyond is one of them again
    pair = [slice_of_bread(scene, half_width, thickness, shape, crumb, darkness, toasted) for _ in range(2)]
    pieces = [pair[i % 2] for i in range(scene.integer(2, 7))]
    layout = scene.choice("fanned", "stacked", "shingled")
    if layout == "fanned":
        fanned(scene, z, pieces, thickness, half_width, shape)
        return z + 0.35
    if layout == "stacked":
        stacked(scene, z, pieces, thickness)
        if toasted and scene.chance(0.4):
            butter_pat(scene, (scene.uniform(-0.1, 0.1), 0, z + thickness * min(len(pieces), 4) + 0.03))
        return z + 0.15
    shingled(scene, z, pieces, thickness, half_width)
    return z + 0.12


def cut_loaf(scene, z, darkness):
    """A loaf with its cut face towards the camera and one to three slices fallen in front of it."""
    shape, crumb = slice_kind(scene)
    width, thickness, spin = scene.uniform(0.42, 0.5), scene.uniform(0.08, 0.12), scene.uniform(0, 6.28)
    scene.camera_azimuth = spin
    scene.light_elevation = (0.45, 0.9)
    turn = rotation((0, 0, 1), spin)
    upright = turn @ rotation((0, 1, 0), math.pi / 2) @ rotation((0, 0, 1), math.pi / 2)
    height = width * {"tin": 0.95, "oval": 0.5, "round": 0.62}[shape]
    length = scene.uniform(0.8, 1.15) / width
    depth = np.linspace(0, 1, 40)
    rounded = np.sqrt(1 - 0.97 * smoothstep(0.82, 1.0, depth) ** 2)
    body = join([cut_face(scene, shape, crumb, darkness), crust_ring(scene, shape, -length * depth, darkness, rounded)])
    scene.add(
        body.scaled((width,) * 3).turned(upright).moved(turn @ [-0.05, 0, 0]).moved((0, 0, z + height)),
        crumb_material(scene),
    )
    piece = slice_of_bread(scene, width, thickness, shape, crumb, darkness)
    for i in range(scene.integer(1, 4)):
        lean = math.pi / 2 - (0.16, 1.25, 1.5)[i]
        posture = turn @ rotation((0, 1, 0), lean) @ rotation((0, 0, 1), math.pi / 2 + scene.uniform(-0.1, 0.1))
        along = (0.12, 0.6, 0.95)[i] * (1 if i == 0 else width / 0.46)
        lift = height * math.sin(lean) + thickness * (0.4 + 0.2 * i)
        fallen = piece.turned(posture).moved(turn @ [along, 0.08 * i, 0]).moved((0, 0, z + lift))
        scene.add(fallen, crumb_material(scene), name="slice")
