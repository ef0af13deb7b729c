"""Fruit, whole and cut, as painted meshes resting on z = 0 (whole) or centred (cut); sizes are radii in units."""

import math

import numpy as np
from clutter import leaf
from colour import hexadecimal, mix, smoothstep
from geometry import Mesh, alignment, join, lathe, rotation, sheet, sphere, tube

APPLES = (("a8201c", "d9a23c"), ("8aae38", "b7c656"), ("b52a1e", "cf6a2c"), ("9a1c22", "7a1a20"), ("d8b94a", "c9603a"))
CITRUS = {
    "orange": ("e37d04", "f0941a"),
    "lemon": ("f2c522", "ecd04a"),
    "lime": ("5d8f2a", "c3d674"),
    "grapefruit": ("efa044", "dd5a4a"),
}


def grounded(mesh):
    """The mesh lifted or lowered onto z = 0."""
    return mesh.moved((0, 0, -mesh.vertices[:, 2].min()))


def leaning(scene, amount=0.3):
    """Rotation that tilts a little and turns by any angle."""
    return alignment((scene.normal(0, amount), scene.normal(0, amount), 1), scene.uniform(0, 2 * math.pi))


def apple(scene, size, colours=None):
    """An apple with its dimple, its stalk and a blush running down from it."""
    t = np.linspace(0, np.pi, 48)
    radius = np.sin(t) * (1 + 0.12 * np.cos(t))
    height = 0.86 * np.cos(t)
    height = (
        height
        - 0.32 * np.exp(-((radius / 0.28) ** 2)) * (height > 0)
        + 0.18 * np.exp(-((radius / 0.22) ** 2)) * (height < 0)
    )
    body = lathe(np.stack([radius, height], -1)[::-1], 64)
    points = body.vertices
    angle = np.arctan2(points[:, 1], points[:, 0])
    points[:, :2] *= (1 + 0.025 * np.cos(5 * angle) * smoothstep(0.3, -1, points[:, 2]))[:, None]
    skin, blush = (hexadecimal(code) for code in colours or scene.choice(*APPLES))
    around = np.stack([3 * np.cos(angle), 3 * np.sin(angle), 0.5 * points[:, 2]], -1)
    streaks = scene.noise(around, 1.3, 4) + 0.5 * scene.noise(around * np.array([3, 3, 0.6]), 1.5, 2)
    calyx = 0.5 * smoothstep(0.7, 0.2, np.hypot(points[:, 0], points[:, 1])) * (points[:, 2] > 0.3)
    painted = mix(scene.jitter(skin), blush, smoothstep(0.0, 0.9, streaks + calyx))
    bend = np.linspace(0, 1, 8)[:, None]
    stalk = tube(np.hstack([0.06 * bend**2, 0 * bend, 0.5 + 0.55 * bend]), 0.03, 8).painted(hexadecimal("4a3220"))
    return grounded(join([body.painted(painted), stalk]).scaled(size).turned(leaning(scene, 0.25)))


def citrus(scene, size, sort="orange", leafy=0.3):
    """A whole orange, lemon, lime or grapefruit with its button and sometimes a leaf."""
    ball = sphere(5)
    points = ball.vertices.copy()
    axis = np.hypot(points[:, 0], points[:, 1])
    pole = np.sign(points[:, 2]) * np.exp(-((axis / 0.3) ** 2))
    points[:, 2] = (
        points[:, 2] * 1.22 + 0.16 * pole
        if sort in ("lemon", "lime")
        else points[:, 2] * 0.94 - 0.1 * np.abs(pole) * pole
    )
    skin = scene.jitter(hexadecimal(CITRUS[sort][0]), 0.05)
    tone = scene.noise(points, 1.5, 3)
    painted = mix(skin, np.clip(skin * np.array([1.02, 1.1, 1.0]), 0, 1), smoothstep(-0.4, 0.8, tone))
    painted = mix(painted, skin * 0.8, 0.5 * smoothstep(0.3, 0.1, axis))
    button = sphere(2, (0.09, 0.09, 0.05)).moved((0, 0, points[:, 2].max() - 0.02)).painted(hexadecimal("6f7a3a"))
    parts = [Mesh(points, ball.faces, painted), button]
    if scene.chance(leafy):
        blade = leaf(scene, 1.1, hexadecimal("3f6f26"), 0.4).moved((0.5, 0, points[:, 2].max()))
        parts.append(blade)
    whole = join(parts).scaled(size)
    lean = (
        leaning(scene, 0.5)
        if sort in ("orange", "grapefruit")
        else alignment((1, scene.normal(0, 0.2), 0.1), scene.uniform(0, 6.28))
    )
    return grounded(whole.turned(rotation((0, 0, 1), scene.uniform(0, 6.28)) @ lean))


def banana(scene, size, turned=True):
    """One banana, lying on its side."""
    t = np.linspace(-1, 1, 40)
    path = np.stack([t, 0.45 * t * t, 0 * t], -1) * size
    radius = 0.17 * size * np.sqrt(np.clip(1 - np.abs(t) ** 6, 0, 1)) + 0.03 * size
    radius[t > 0.9] = 0.045 * size
    body = tube(path, radius, 10)
    along = np.abs(body.vertices[:, 0] / size)
    ripe = scene.uniform(0, 1)
    painted = mix(hexadecimal("efc930"), hexadecimal("8f9a3a"), smoothstep(0.7, 0.95, along) * (1 - 0.6 * ripe))
    painted = mix(painted, hexadecimal("3a2a18"), smoothstep(0.96, 1.0, along))
    freckles = scene.noise(body.vertices / size, 7, 3)
    painted = mix(painted, hexadecimal("6b4a20"), smoothstep(0.75 - 0.25 * ripe, 0.95, freckles) * 0.7)
    spin = scene.uniform(0, 2 * math.pi) if turned else 0
    return grounded(body.painted(painted).turned(rotation((0, 0, 1), spin)))


def banana_bunch(scene, size):
    """Three to five bananas joined at their stalks, lying on their sides one over the other."""
    fingers = []
    for number in range(scene.integer(3, 6)):
        one = banana(scene, size, turned=False).moved((-size, -0.45 * size, 0))  # the stalk to the origin
        fan = rotation((0, 0, 1), 0.24 * number) @ rotation((1, 0, 0), 0.12 * number)
        fingers.append(one.turned(fan).moved((0, 0, 0.1 * size * number)))
    bunch = join(fingers)
    return grounded(bunch.moved(-bunch.vertices.mean(0)).turned(rotation((0, 0, 1), scene.uniform(0, 2 * math.pi))))


def cut_round(colour_at, thickness=0.14, dome=0.0, sweep=2 * math.pi, segments=64):
    """A slice (or, with a `dome` below, a half) of a round fruit of radius 1, centred, its cut face upwards.

    colour_at: function (radius (V,), angle (V,)) -> (V, 3); radius 1 and more is the peel. sweep: below 2 pi, a
    sector of the round, with plain cut sides.
    """
    share = np.linspace(0, 1, 24)
    if dome:
        turn = np.linspace(0, np.pi / 2, 14)[1:]
        under = np.stack([np.cos(turn), -dome * np.sin(turn)], -1)
        under_share = np.full(len(turn), 1.1)
        top = 0.0
    else:
        under = np.stack([share[::-1], np.full(24, -thickness / 2)], -1)
        under_share = share[::-1]
        top = thickness / 2
    profile = np.concatenate([np.stack([share, np.full(24, top)], -1), [(1.012, top - 0.03)], under])
    radius = np.concatenate([share, [1.1], under_share])
    whole = sweep > 6.2
    angle = np.linspace(0, sweep, segments, endpoint=not whole)
    x, y = profile[:, :1] * np.cos(angle), profile[:, :1] * np.sin(angle)
    points = np.stack([x, y, np.repeat(profile[:, 1:], segments, 1)], -1)
    round_face = sheet(points, closed=whole).painted(
        colour_at(np.repeat(radius, segments), np.tile(angle, len(profile)))
    )
    if whole:
        return round_face
    sides = []
    for end in (0, sweep):  # thin rectangles between the upper and the lower face
        edge = np.stack([share * math.cos(end), share * math.sin(end)], -1)
        levels = [np.column_stack([edge, np.full(24, z)]) for z in np.linspace(-thickness / 2, top, 5)]
        sides.append(sheet(np.stack(levels)).painted(colour_at(np.tile(share, 5), np.full(120, end))))
    return join([round_face, *sides])


def citrus_face(scene, sort):
    """Colours of a cut citrus fruit: segments with fine juice streaks, pale skins between them, pith and peel."""
    peel, flesh = (hexadecimal(code) for code in CITRUS[sort])
    pith, count, phase = hexadecimal("f7eecb"), scene.integer(9, 12), scene.uniform(0, 1)

    def colour_at(radius, angle):
        part = (angle / (2 * np.pi) * count + phase) % 1
        width = np.clip(0.05 / np.clip(radius, 0.05, 2), 0.02, 0.4)  # the skins keep their width towards the middle
        skin = smoothstep(0.5 - width, 0.5 - 0.4 * width, np.abs(part - 0.5))
        streak = scene.noise(np.stack([radius * 2.2, angle * 7, 0 * radius], -1), 2.2, 2)
        inner = mix(flesh, np.clip(flesh * 1.22, 0, 1), smoothstep(-0.2, 0.8, streak))
        inner = mix(inner, flesh * 0.88, smoothstep(0.1, -0.8, streak))
        inner = mix(inner, pith, np.maximum(skin * 0.8, smoothstep(0.12, 0.05, radius)))
        inner = mix(inner, pith, smoothstep(0.84, 0.89, radius))
        return mix(inner, peel, smoothstep(0.93, 0.97, radius))

    return colour_at


def citrus_slice(scene, size, sort="lemon", half=False):
    """A thin slice, or the half of one, of a citrus fruit; centred, face upwards."""
    return cut_round(citrus_face(scene, sort), 0.16, sweep=math.pi if half else 2 * math.pi).scaled(size)


def citrus_half(scene, size, sort="orange"):
    """Half a citrus fruit, cut face upwards and tilted towards the viewer's side at random."""
    longer = 1.2 if sort in ("lemon", "lime") else 0.95
    return cut_round(citrus_face(scene, sort), dome=longer).scaled(size)


def kiwi_slice(scene, size):
    """A kiwi slice: pale core, a ring of black seeds, green rays, brown skin."""
    count = scene.integer(26, 32)

    def colour_at(radius, angle):
        rays = 0.5 + 0.5 * np.cos(angle * count)
        flesh = mix(
            hexadecimal("7da12c"), hexadecimal("b4c95a"), smoothstep(0.3, 0.9, rays) * smoothstep(0.95, 0.3, radius)
        )
        flesh = mix(hexadecimal("e9eab4"), flesh, smoothstep(0.2, 0.34, radius))
        seed = smoothstep(0.55, 0.8, 0.5 + 0.5 * np.cos(angle * count / 2)) * np.exp(-(((radius - 0.42) / 0.09) ** 2))
        flesh = mix(flesh, hexadecimal("23241a"), smoothstep(0.35, 0.7, seed))
        return mix(flesh, hexadecimal("6a5230"), smoothstep(0.94, 0.98, radius))

    return cut_round(colour_at, 0.2, segments=128).scaled(np.array([size, size * 0.9, size]))


def watermelon_wedge(scene, size):
    """A flat sector of watermelon, `size` from tip to rind: red with black pips, pale, green outside."""
    sweep = scene.uniform(0.85, 1.15)
    pips = [(scene.uniform(0.35, 0.82), scene.uniform(0.08, 0.92) * sweep) for _ in range(scene.integer(10, 18))]

    def colour_at(radius, angle):
        grain = scene.noise(np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * radius], -1), 9, 3)
        flesh = mix(hexadecimal("dd3a35"), hexadecimal("ee6a5c"), smoothstep(-0.5, 0.7, grain))
        for far, turn in pips:
            off = np.hypot((radius - far) / 1.6, radius * (angle - turn))
            flesh = mix(flesh, hexadecimal("241812"), smoothstep(0.03, 0.015, off))
        rind = mix(flesh, hexadecimal("eef0c8"), smoothstep(0.83, 0.88, radius))
        return mix(rind, hexadecimal("2f6a2c"), smoothstep(0.93, 0.97, radius))

    piece = cut_round(colour_at, 0.22, sweep=sweep, segments=72)
    return piece.turned(rotation((0, 0, 1), -sweep / 2)).moved((-0.55, 0, 0)).scaled(size)


def melon_piece(scene, size, colour):
    """A rounded block of melon, mango or pineapple flesh."""
    block = sphere(4)
    distance = (np.abs(block.vertices) ** 5).sum(1, keepdims=True) ** -0.2
    points = block.vertices * distance * np.array([1, scene.uniform(0.75, 1), scene.uniform(0.6, 0.9)]) * size
    grain = scene.noise(points * np.array([1, 1, 0.4]), 1.6 / size, 3)
    return Mesh(
        points, block.faces, mix(scene.jitter(colour), np.clip(colour * 1.15, 0, 1), smoothstep(-0.4, 0.7, grain))
    )


def strawberry(scene, size):
    """A strawberry of length about 2.2 sizes lying on its side, with pips in dimples and its green cap."""
    ball = sphere(5)
    points = ball.vertices.copy()
    points[:, :2] *= 1 + 0.15 * points[:, 2:]
    points[:, 2] = np.where(points[:, 2] < 0, points[:, 2] * 1.4, points[:, 2] * 0.8)
    angle = np.arctan2(points[:, 1], points[:, 0])
    row = np.floor(points[:, 2] * 5)
    across, up = angle * 12 / (2 * np.pi) + 0.5 * (row % 2), points[:, 2] * 5
    pip = np.hypot((across % 1 - 0.5) * np.hypot(points[:, 0], points[:, 1]) * 0.9, up % 1 - 0.5)
    red = mix(hexadecimal("b8161c"), hexadecimal("d6342a"), smoothstep(-0.5, 0.6, scene.noise(points, 1.5, 2)))
    red = mix(red, hexadecimal("efc07a"), smoothstep(0.45, 0.75, points[:, 2]) * 0.6)
    painted = mix(red, hexadecimal("edc766"), 0.8 * smoothstep(0.17, 0.08, pip))
    points = points * (1 - 0.03 * smoothstep(0.35, 0.1, pip))[:, None]
    cap = [
        leaf(scene, 0.8, hexadecimal("5f8f2c"), 0.5).moved((0.32, 0, 0.82)).turned(rotation((0, 0, 1), k * 1.05))
        for k in range(6)
    ]
    whole = join([Mesh(points, ball.faces, painted), *cap]).scaled(size)
    return grounded(
        whole.turned(
            alignment(
                (math.cos(t := scene.uniform(0, 6.28)), math.sin(t), scene.normal(0.1, 0.2)), scene.uniform(0, 6.28)
            )
        )
    )


def berry(scene, size, sort):
    """A blueberry with its crown, a grape, a cherry without its stalk, or a raspberry."""
    if sort == "raspberry":
        seeds = scene.rng.normal(size=(70, 3))
        seeds = seeds / np.linalg.norm(seeds, axis=1, keepdims=True) * np.array([0.75, 0.75, 0.95])
        red = hexadecimal("b3203c")
        return grounded(
            join([sphere(2, (0.27,) * 3).moved(s).painted(scene.jitter(red, 0.08)) for s in seeds]).scaled(size * 0.85)
        )
    ball = sphere(4)
    colour = {"blueberry": "2f3450", "grape": "8d964a", "red_grape": "5c1f38", "cherry": "8c1420"}[sort]
    longer = 1.2 if "grape" in sort else 0.9
    bloom = scene.noise(ball.vertices, 1.6, 3)
    painted = mix(
        scene.jitter(hexadecimal(colour), 0.1),
        hexadecimal("868ca6"),
        smoothstep(0.0, 1.0, bloom) * (0.55 if sort == "blueberry" else 0.12),
    )
    if sort == "blueberry":
        painted = mix(painted, hexadecimal("191a2c"), smoothstep(0.9, 0.95, ball.vertices[:, 2]))
    return grounded(
        Mesh(ball.vertices * np.array([1, 1, longer]) * size, ball.faces, painted).turned(leaning(scene, 0.6))
    )
