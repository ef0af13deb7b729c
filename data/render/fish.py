"""Whole fish, raw or grilled."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import UP, join, rotation, sheet, sphere

# back, belly, the height of the body as a share of its length
SPECIES = (
    ("4a5a66", "d9dee0", 0.2),  # sea bream
    ("2f4f5c", "d5dcdc", 0.15),  # mackerel
    ("6a6650", "d8c8b8", 0.17),  # trout
    ("b8503a", "ecc4b0", 0.19),  # red snapper
)
GRILLED = ("6f4422", "c99a5c", 0.18)


def fin(along, base, tip, colour, z=0.0, half_width=0.006):
    """A flat, ribbed fin in the plane of the body: a strip between two edges (n,) given over `along` (n,)."""
    x, share = np.meshgrid(np.linspace(0, 1, 24), np.linspace(0, 1, 8), indexing="ij")
    stations = np.linspace(0, 1, len(along))
    lower, upper, place = (np.interp(x, stations, values) for values in (base, tip, along))
    y = lower + share * (upper - lower)
    ribs = 0.5 + 0.5 * np.cos(x * 2 * np.pi * 11)
    points = np.stack([place + 0.05 * share * np.sign(place), y, z + half_width * ribs], -1)
    shade = np.clip(0.3 * ribs + 0.25 * share, 0, 1).ravel()
    return sheet(points).painted(mix(colour, colour * 0.65, shade))


def breast_fin(colour, z):
    """The leaf-shaped fin behind the gills, folded back on the upper side of the body."""
    along, across = np.meshgrid(np.linspace(0, 1, 20), np.linspace(-1, 1, 9), indexing="ij")
    half = 0.012 + 0.035 * np.sin(np.pi * np.clip(along, 0, 0.97) ** 0.8)
    lift = 0.008 + 0.012 * along + 0.003 * np.cos(across * 12)
    points = np.stack(
        [-0.25 + 0.17 * along, -0.035 - 0.035 * along + across * half, z + lift - 0.06 * across**2 * half], -1
    )
    return sheet(points).painted(mix(colour, colour * 0.7, (0.5 + 0.5 * np.cos(across * 12)).ravel()))


def body_outline(length_share, height):
    """Half the height of the body at each share (n,) of the length, from the mouth to the root of the tail."""
    outline = height * np.sin(np.pi * np.clip(length_share, 0, 1) ** 0.72) ** 0.75
    root = 0.27 * height
    tail = np.where(length_share > 0.8, np.maximum(outline, root), outline)
    tail[0] = 0.012
    return tail


def fish_skin(scene, vertices, up, share, back, belly, grilled):
    """Colours (V, 3) of the skin; `up` is -1 on the belly and 1 on the back, `share` goes from mouth to tail."""
    patches = scene.noise(vertices, 8, 3)
    colours = mix(belly, back, smoothstep(-0.35, 0.5, up + 0.3 * patches))
    if grilled:
        char = smoothstep(0.0, 0.8, scene.noise(vertices, 5, 3) + 0.4 * up)
        colours = mix(colours, hexadecimal("3a2010"), char * 0.5)
        bars = smoothstep(0.72, 0.93, np.cos((vertices[:, 0] + vertices[:, 1] * 0.6) * 2 * np.pi / 0.14))
        bars = bars * (share > 0.28) * (share < 0.85) * smoothstep(0.01, 0.03, vertices[:, 2])
        return mix(colours, hexadecimal("22130b"), bars * 0.85)
    if scene.chance(0.4):  # the dark waves of a mackerel's back
        waves = smoothstep(0.2, 0.7, np.sin(vertices[:, 0] * 70 + 5 * patches)) * smoothstep(0.15, 0.5, up)
        colours = mix(colours, back * 0.45, waves * 0.8)
    elif scene.chance(0.5):
        spots = smoothstep(0.45, 0.65, scene.noise(vertices, 22, 2)) * smoothstep(-0.3, 0.3, up)
        colours = mix(colours, back * 0.5, spots * 0.7)
    line = np.exp(-(((up - 0.15) / 0.05) ** 2)) * smoothstep(0.22, 0.3, share)
    return mix(colours, back * 0.8, line * 0.5)


def fish_body(scene, back, belly, height, grilled):
    """The trunk of a fish of length 1 along x, lying on its side, the head at -x."""
    share = np.linspace(0, 1, 120)
    half = body_outline(share, height)
    around = np.linspace(0, 2 * np.pi, 56, endpoint=False)
    thick = half * 0.42
    points = np.stack(
        [np.repeat(share[:, None] - 0.5, 56, 1), half[:, None] * np.cos(around), thick[:, None] * np.sin(around)], -1
    )
    mesh = sheet(points, closed=True)
    up = np.tile(np.cos(around), 120)
    along = np.repeat(share, 56)
    colours = fish_skin(scene, mesh.vertices, up, along, back, belly, grilled)
    gill = np.exp(-(((along - 0.23 - 0.03 * (1 - up**2)) / 0.009) ** 2)) * (np.abs(up) < 0.75)
    mouth = np.exp(-(((up + 0.25) / 0.12) ** 2)) * smoothstep(0.06, 0.04, along)
    return mesh.painted(mix(colours, back * 0.35, np.maximum(gill * 0.9, mouth * 0.7)))


def whole_fish(scene, length, grilled):
    """One whole fish along x, lying on its side; two meshes: the body with its fins, and the eye."""
    back, belly, height = GRILLED if grilled else scene.choice(*SPECIES)
    back, belly = scene.jitter(hexadecimal(back), 0.06), hexadecimal(belly)
    height *= scene.uniform(0.92, 1.1)
    tint = mix(back, belly, 0.2)
    outline = body_outline(np.linspace(0, 1, 101), height)
    back_share = np.array([0.34, 0.42, 0.55, 0.72])
    edge = outline[(back_share * 100).astype(int)] * 0.93
    parts = [fish_body(scene, back, belly, height, grilled)]
    parts.append(fin(back_share - 0.5, edge, edge + np.array([0.02, 0.11, 0.09, 0.03]), tint))
    low_share = np.array([0.6, 0.66, 0.76])
    low = -outline[(low_share * 100).astype(int)] * 0.93
    parts.append(fin(low_share - 0.5, low, low - np.array([0.01, 0.07, 0.01]), tint))
    for side in (-1, 1):  # the forked tail
        parts.append(fin([0.47, 0.56, 0.64, 0.7], side * np.array([0, 0, 0.03, 0.1]),
                         side * np.array([0.045, 0.1, 0.15, 0.18]), tint))  # fmt: skip
    parts.append(breast_fin(mix(tint, belly, 0.35), 0.42 * height * 0.93))
    eye_at = np.array([-0.4, 0.3 * outline[10], 0.38 * outline[10]])
    white, pupil = hexadecimal("e8dfc8"), hexadecimal("141210")
    eye = join([
        sphere(3, (0.024, 0.024, 0.014)).moved(eye_at).painted(white),
        sphere(3, (0.014, 0.014, 0.01)).moved(eye_at + np.array([0, 0, 0.009])).painted(pupil),
    ])  # fmt: skip
    return join(parts).scaled(length), eye.scaled(length)


def whole(scene, z):
    """One or two whole fish on their sides, raw and silvery or grilled."""
    grilled = scene.chance(0.45)
    skin = scene.material(
        roughness=0.55 if grilled else 0.34, metallic=0 if grilled else 0.2, coat=0.05 if grilled else 0.2,
        bumps=((42, 0.45, "voronoi"), (30, 0.2)),
    )  # fmt: skip
    glossy = scene.material(roughness=0.12, coat=0.8)
    count, turn = scene.choice(1, 1, 2), scene.uniform(0, 6.28)
    for number in range(count):
        length = scene.uniform(1.55, 1.8) if count == 1 else scene.uniform(1.4, 1.6)
        body, eye = whole_fish(scene, length, grilled)
        across = (number - (count - 1) / 2) * 0.52
        rise = z - 0.01 - body.vertices[:, 2].min()
        angle = rotation(UP, turn + scene.normal(0, 0.08))
        shift = rotation(UP, turn) @ (0, across, rise)
        scene.add(body.turned(angle).moved(shift), skin, name="fish")
        scene.add(eye.turned(angle).moved(shift), glossy, name="eye")
