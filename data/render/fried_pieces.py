"""Single fried pieces as painted meshes, lying along x, centred near the origin."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import Mesh, join, sheet, sphere, superellipsoid, tube

BROWNING = tuple(hexadecimal(h) for h in ("f6dc96", "eec068", "dd9a40", "b8682a", "7a3d1a", "43200f"))


def browned(amount):
    """Colour of a frying crust from pale (0) over golden (.4) to burnt (1); (V,) -> (V, 3)."""
    steps = np.clip(np.asarray(amount, float), 0, 1) * (len(BROWNING) - 1)
    low = np.minimum(steps.astype(int), len(BROWNING) - 2)
    part = (steps - low)[..., None]
    table = np.array(BROWNING)
    return table[low] * (1 - part) + table[low + 1] * part


def outward(vertices):
    return vertices / (np.linalg.norm(vertices, axis=1, keepdims=True) + 1e-9)


def ridges(scene, points, scale, octaves=3):
    """Sharp crests near 1 with smooth valleys near 0."""
    return 1 - np.clip(2.2 * np.abs(scene.noise(points, scale, octaves)), 0, 1)


def crumbed(scene, mesh, grain, relief, doneness, contrast=0.3):
    """A breadcrumb coat: flakes of about `grain` units stand out by `relief` and differ in colour."""
    points = mesh.vertices
    flakes = scene.noise(points, 1 / grain, 2)
    patches = scene.noise(points, 0.25 / grain, 2)
    painted = browned(doneness + contrast * 0.6 * flakes + 0.08 * patches)
    painted = mix(painted, hexadecimal("f7e2ae"), 0.5 * smoothstep(0.45, 0.8, flakes))
    moved = points + outward(points * np.array([0.3, 1, 1])) * (relief * flakes)[:, None]
    return Mesh(moved, mesh.faces, painted)


def battered(scene, mesh, size, doneness, crags=0.12):
    """A craggy flour batter: crests brown first, flakes of pale flour stay in the valleys."""
    points = mesh.vertices
    lumps = scene.noise(points, 1.3 / size, 2)
    crest = ridges(scene, points, 2.6 / size)
    fine = scene.noise(points, 8 / size, 2)
    moved = points + outward(points) * (size * (0.16 * lumps + crags * (crest - 0.5) + 0.25 * crags * fine))[:, None]
    amount = doneness + 0.22 * (crest - 0.45) + 0.16 * fine + 0.1 * lumps
    painted = mix(browned(amount), hexadecimal("f3d79b"), 0.75 * smoothstep(0.25, 0.7, fine - 0.7 * crest + 0.3))
    return Mesh(moved, mesh.faces, painted)


def squared_bar(length, width, height, bend, stations=18, around=16, power=6.0, crinkle=0.0):
    """A bar of rounded square cross-section along x, bent upwards by `bend`, with optional crinkle cut."""
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False) + np.pi / around
    ring = (np.abs(np.cos(angle)) ** power + np.abs(np.sin(angle)) ** power) ** (-1 / power)
    along = np.r_[-1.0, -1.0, np.linspace(-1, 1, stations), 1.0, 1.0]
    thickness = np.r_[0.0, 0.85, np.ones(stations), 0.85, 0.0]
    wave = thickness * (1 + crinkle * np.sin(along * length / 0.032))
    x = np.repeat(along[:, None] * length, around, 1)
    y = wave[:, None] * ring * np.cos(angle) * width
    z = wave[:, None] * ring * np.sin(angle) * height + bend * (along[:, None] ** 2 - 0.3)
    corner = np.abs(np.sin(2 * angle)) ** 4
    return sheet(np.stack([x, y, z], -1), closed=True), np.repeat(along, around), np.tile(corner, len(along))


def fry(scene, length, width, doneness, crinkle=0.0):
    """One potato stick: pale faces, browner edges and ends."""
    bar, along, corner = squared_bar(
        length, width, width * scene.uniform(0.85, 1), scene.uniform(-0.05, 0.05), crinkle=crinkle
    )
    mottle = scene.noise(bar.vertices, 9, 2)
    tips = smoothstep(0.72, 1.0, np.abs(along) + 0.1 * mottle)
    amount = doneness * scene.uniform(0.7, 1.3) + 0.22 * corner + 0.3 * tips + 0.14 * mottle
    return bar.painted(browned(amount - 0.05))


def wedge(scene, length, doneness):
    """A potato wedge: two golden cut faces and a strip of brown skin below."""
    stations, around = 20, 18
    along = np.linspace(-1, 1, stations)
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False)
    size = 0.16 * np.sqrt(np.clip(1.02 - along**2, 0, 1))[:, None]
    lower = np.sin(angle) < 0
    y = size * np.cos(angle) * (0.75 + 0.25 * lower)
    z = size * np.where(lower, 0.75 * np.sin(angle), (1 - np.abs(np.cos(angle))) * 1.15)
    x = np.repeat((along * length)[:, None], around, 1)
    z = z + 0.1 * (along[:, None] ** 2)
    piece = sheet(np.stack([x, y, z], -1), closed=True)
    mottle = scene.noise(piece.vertices, 8, 3)
    edge = np.tile(np.abs(np.cos(angle)) ** 10 + (np.sin(angle) > 0.95), stations)
    flesh = browned(doneness - 0.08 + 0.16 * mottle + 0.3 * edge)
    skin = mix(hexadecimal("8a5526"), hexadecimal("5f3818"), smoothstep(-0.4, 0.5, mottle))
    return piece.painted(mix(flesh, skin, np.tile(lower * 0.9, stations)))


def nugget(scene, size, doneness):
    """A flat breaded lump with a crumb coat."""
    ball = sphere(5)
    shape = 1 + 0.17 * scene.noise(ball.vertices, 1.1, 2)
    lump = Mesh(ball.vertices * shape[:, None] * size * np.array([1.25, 0.95, 0.6]), ball.faces, None)
    return crumbed(scene, lump, size * 0.26, size * 0.075, doneness, 0.5)


def popcorn_piece(scene, size, doneness):
    """A small craggy battered piece, as of chicken or prawn."""
    ball = sphere(4, (size, size * scene.uniform(0.7, 0.95), size * 0.75))
    return battered(scene, ball, size, doneness, 0.2)


def chicken_piece(scene, size, doneness):
    """A large craggy piece, a thigh or a breast."""
    ball = sphere(5, (size * 1.3, size * 0.95, size * 0.62))
    return battered(scene, ball, size, doneness, 0.15)


def drumstick(scene, size, doneness):
    """A craggy club with the bone standing out at its thin end."""
    ball = sphere(5)
    points = ball.vertices
    thin = smoothstep(-0.15, 1.0, points[:, 0])
    club = points * np.stack([1.5 + 0.15 * thin, 0.85 * (1 - 0.62 * thin), 0.8 * (1 - 0.6 * thin)], -1) * size
    meat = battered(scene, Mesh(club, ball.faces, None), size, doneness, 0.13)
    end = 1.5 * size
    shaft = tube(np.array([[end, 0, 0], [end + 0.55 * size, 0, 0]]), 0.14 * size, 12)
    knuckles = [sphere(3, (0.2 * size,) * 3).moved((end + 0.58 * size, s * 0.13 * size, 0)) for s in (-1, 1)]
    bone = join([shaft, *knuckles]).painted(hexadecimal("eadcc0"))
    return join([meat, bone])


def onion_ring(scene, radius, doneness):
    """A breaded or battered ring of flat cross-section."""
    around, across = 64, 18
    angle = np.linspace(0, 2 * np.pi, around + 1)
    section = np.linspace(0, 2 * np.pi, across, endpoint=False)
    a, s = np.meshgrid(angle, section, indexing="ij")
    squash, thickness = scene.uniform(0.78, 1), scene.uniform(0.055, 0.075)
    normal = np.stack([np.cos(s) * np.cos(a), np.cos(s) * np.sin(a), np.sin(s)], -1).reshape(-1, 3)
    centre = np.stack([np.cos(a), np.sin(a), 0 * a], -1).reshape(-1, 3) * radius
    points = centre + normal * thickness * np.array([1, 1, 1.35])
    # the first and last column coincide, and so must their noise: it is a function of position
    flakes = scene.noise(points, 17, 2)
    lumps = scene.noise(points, 4, 1)
    points = (points + normal * (0.03 * flakes + 0.02 * lumps)[:, None]) * np.array([1, squash, 1])
    painted = browned(doneness + 0.36 * flakes + 0.08 * lumps + 0.06 * normal[:, 2])
    painted = mix(painted, hexadecimal("f9e9bd"), 0.5 * smoothstep(0.4, 0.8, flakes))
    return sheet(points.reshape(around + 1, across, 3), closed=True).painted(painted)


def spring_roll(scene, doneness, cut):
    """A smooth blistered roll of pastry; `cut` opens one slanted end on its filling."""
    length, width = scene.uniform(0.42, 0.52), scene.uniform(0.11, 0.135)
    ball = superellipsoid(6, 4.5, (length, width, 0.85 * width))
    points = ball.vertices.copy()
    blisters = smoothstep(0.2, 0.75, scene.noise(points * np.array([0.7, 1, 1]), 13, 2))
    seam = smoothstep(0.02, 0.0, np.abs(points[:, 1] - 0.25 * points[:, 0] - 0.02)) * (points[:, 2] > 0)
    mottle = scene.noise(points, 4, 3)
    flap = (points[:, 1] > 0.25 * points[:, 0] + 0.02) * (points[:, 2] > 0)  # the last turn of the pastry lies on top
    bump = 0.012 * blisters + 0.012 * scene.noise(points, 5, 2) + 0.016 * flap
    amount = doneness + 0.15 * mottle + 0.3 * seam + 0.25 * smoothstep(0.8, 1, np.abs(points[:, 0]) / length)
    painted = mix(browned(amount), hexadecimal("fbe7b8"), 0.65 * blisters)
    points = points + outward(points * np.array([0.05, 1, 1])) * bump[:, None]
    if cut:
        face = points[:, 0] > 0.35 * length + 0.9 * points[:, 2]
        points[face, 0] = 0.35 * length + 0.9 * points[face, 2]
        inside = face & (np.hypot(ball.vertices[:, 1], ball.vertices[:, 2]) < 0.86 * width)
        points[inside, 0] -= 0.012
        bits = np.floor(3.99 * smoothstep(-0.7, 0.7, scene.noise(points, 30, 1))).astype(int)
        filling = np.array([hexadecimal(h) for h in ("e8842c", "dfe3a8", "6f9a3c", "f0e3c4")])[np.clip(bits, 0, 3)]
        painted = np.where(inside[:, None], filling, painted)
    return Mesh(points, ball.faces, painted)


def finger(scene, doneness):
    """A straight breaded bar, of fish or cheese."""
    length = scene.uniform(0.36, 0.44)
    bar = superellipsoid(5, 7.0, (length, 0.115, 0.085))
    return crumbed(scene, bar, 0.042, 0.018, doneness, 0.5)


def cutlet(scene, length, doneness):
    """A thin breaded steak or fillet with a puffed coat."""
    slab = superellipsoid(6, 2.8, (length, length * scene.uniform(0.6, 0.75), 0.075))
    points = slab.vertices.copy()
    angle = np.arctan2(points[:, 1], points[:, 0])
    rim = 1 + 0.13 * scene.noise(np.stack([np.cos(angle), np.sin(angle), 0 * angle], -1), 1.2, 2)
    points[:, :2] *= rim[:, None]
    puffs = scene.noise(points, 3.5, 2) * (points[:, 2] > 0)
    points[:, 2] += 0.035 * puffs
    coat = crumbed(scene, Mesh(points, slab.faces, None), 0.042, 0.016, doneness, 0.42)
    shade = smoothstep(-0.2, 0.7, puffs)[:, None]
    return coat.painted(coat.colours * (1 - 0.22 * shade))


def cutlet_strip(scene, width, height, doneness):
    """One cut strip of a breaded cutlet: pale meat with a thin brown coat round it."""
    block = superellipsoid(5, 6.0, (0.085, width, height))
    points = block.vertices
    edge = np.maximum(np.abs(points[:, 1]) / width, np.abs(points[:, 2]) / height)
    face = (np.abs(points[:, 0]) > 0.06) & (edge < 0.86)
    coat = crumbed(scene, block, 0.045, 0.012, doneness, 0.3)
    fibres = scene.noise(points * np.array([1, 1, 2.5]), 8, 3)
    meat = mix(hexadecimal("f3e3cb"), hexadecimal("dcbc98"), smoothstep(-0.3, 0.6, fibres))
    return coat.painted(np.where(face[:, None], meat, coat.colours))


def crisp(scene, size, doneness):
    """A thin curled potato slice, darker at the rim, with blisters."""
    radius = np.linspace(0, 1, 10)[:, None]
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)[None]
    rim = 1 + 0.05 * np.sin(3 * angle + scene.uniform(0, 6)) + 0.03 * np.sin(5 * angle + scene.uniform(0, 6))
    x, y = radius * rim * np.cos(angle), radius * rim * np.sin(angle) * 0.85
    curl = scene.uniform(0.25, 0.55)
    z = curl * (x * x - scene.uniform(-0.5, 0.8) * y * y)
    disc = sheet(np.stack([x, y, z], -1) * size, closed=True)
    blister = scene.noise(disc.vertices, 5 / size * 0.6, 2)
    disc = Mesh(disc.vertices + np.array([0, 0, 1]) * (0.05 * size * blister)[:, None], disc.faces, None)
    edge = np.repeat(smoothstep(0.75, 1.0, radius), 28)
    amount = doneness + 0.3 * edge + 0.25 * np.clip(blister, 0, 1) + scene.normal(0, 0.05)
    return disc.painted(mix(hexadecimal("f8d064"), hexadecimal("c4731f"), np.clip(amount, 0, 1)))


def dough_ball(scene, size, doneness, stretch=1.0):
    """A fried dough ball: even brown cap and base, a pale belt where it floated in the oil."""
    ball = sphere(5)
    points = ball.vertices
    shape = 1 + 0.06 * scene.noise(points, 1.2, 2) + 0.012 * scene.noise(points, 6, 2)
    belt = np.exp(-(((points[:, 2] + 0.08 + 0.06 * scene.noise(points, 2, 2)) / 0.13) ** 2))
    mottle = scene.noise(points, 4, 3)
    amount = doneness + 0.14 * mottle + 0.1 * np.abs(points[:, 2]) - 0.34 * belt
    moved = points * shape[:, None] * size * np.array([stretch, 1, 0.8])
    return Mesh(moved, ball.faces, browned(amount))
