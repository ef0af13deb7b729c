"""Sausages, ribs, bacon, meatballs and breaded cutlets."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from fried_pieces import crumbed
from garnish import crust, lemon_slice
from geometry import UP, Mesh, join, lathe, rotation, sheet, sphere, superellipsoid, tube
from heaps import placed
from meat_surface import browned, cooked, grill_marks
from pile import Pile, level, lowered, outlined

SAUSAGES = (
    ("b9824f", "7a4320"),
    ("a3562f", "5c2714"),
    ("8f4526", "4a1d10"),
    ("c39a6c", "8a552c"),
)  # light and dark skin


def sausage(scene, length, radius, bend, skin, grilled):
    """One sausage along x, its ends off the middle by `bend`, with the knotted ends of its casing."""
    t = np.linspace(-1.07, 1.07, 90)
    path = np.stack([t * length, bend * t**2, 0 * t], 1)
    dome = radius * np.clip(1 - np.abs(t) ** 9, 0, 1) ** 0.5
    mesh = tube(path, np.maximum(dome, 0.026), 26)
    vertices = mesh.vertices
    lumps = 0.012 * scene.noise(vertices, 4, 2)
    vertices = vertices + np.stack([0 * lumps, lumps, lumps], 1)
    light, deep = (hexadecimal(code) for code in skin)
    patches = scene.noise(vertices, 3.5, 4)
    colours = mix(scene.jitter(light, 0.04), deep, smoothstep(-0.6, 0.7, patches + 0.9 * vertices[:, 2] / radius - 0.2))
    colours = mix(colours, deep * 0.45, smoothstep(0.45, 0.9, scene.noise(vertices, 9, 3)) * 0.6)  # blisters
    if grilled:
        marks = grill_marks(scene, vertices, 0.24, 1.2, False) * smoothstep(0.0, 0.05, vertices[:, 2])
        colours = mix(colours, hexadecimal("22130c"), marks * 0.8)
    colours = mix(colours, deep * 0.7, smoothstep(0.99, 1.03, np.abs(vertices[:, 0]) / length))
    return Mesh(vertices, mesh.faces, colours)


def sausages(scene, z):
    """Two to five sausages side by side, some of them across the others."""
    surface = scene.material(
        roughness=scene.uniform(0.46, 0.6), specular=0.35, coat=scene.choice(0, 0.05, 0.12), subsurface=0.08,
        bumps=((10, 0.35), (38, 0.45), (90, 0.3)), variation=0.12, variation_scale=22,
    )  # fmt: skip
    skin, grilled = scene.choice(*SAUSAGES), scene.chance(0.55)
    radius = scene.uniform(0.1, 0.135)
    count, turn, bend = scene.integer(2, 6), scene.uniform(0, 6.28), scene.uniform(0.03, 0.15)
    pile = Pile(level(z))
    for number in range(count):
        mesh = sausage(
            scene,
            scene.uniform(0.54, 0.66),
            radius * scene.uniform(0.93, 1.07),
            bend * scene.uniform(0.7, 1.3),
            skin,
            grilled,
        )
        across = (number - (count - 1) / 2) * (2 * radius + 0.05)
        angle = turn + scene.normal(0, 0.07)
        if count > 3 and number == count - 1 and scene.chance(0.6):
            across, angle = 0, turn + scene.uniform(0.4, 0.9)
        at = rotation(UP, turn) @ (scene.uniform(-0.06, 0.06), across, 0)
        scene.add(pile.lay(mesh.turned(rotation(UP, angle)), at[:2]), surface, name="sausage")


def rib(scene, glaze):
    """One rib along y: an arched bone, bare at both ends, in a jacket of dark meat."""
    along = np.linspace(-1, 1, 30)
    arch = 0.12 * (1 - along**2)
    ends = 0.045 + 0.018 * np.exp(-(((1 - np.abs(along)) / 0.08) ** 2))
    bone = tube(np.stack([0 * along, along * 0.62, arch], 1), ends, 14)
    stained = smoothstep(0.62, 0.42, np.abs(bone.vertices[:, 1])) * 0.8
    bone = bone.painted(mix(hexadecimal("e3d3b4"), hexadecimal("7a4a2c"), stained))
    meat = superellipsoid(5, 5, (0.115, 0.47, 0.11))
    vertices = meat.vertices.copy()
    vertices[:, 2] += 0.12 * (1 - (vertices[:, 1] / 0.62) ** 2)
    lumps = 0.028 * scene.noise(vertices, 6, 4) + 0.03 * scene.noise(vertices, 2, 2)
    vertices += lumps[:, None] * np.sign(meat.vertices) * (0.6, 1.4, 0.8)
    light, deep = glaze
    colours = browned(scene, vertices, scene.uniform(0.3, 0.8), light, deep)
    char = smoothstep(0.1, 0.6, scene.noise(vertices, 7, 3)) * smoothstep(0.0, 0.08, meat.vertices[:, 2])
    colours = mix(colours, hexadecimal("200f09"), char * 0.75)
    sides = smoothstep(0.08, 0.11, np.abs(meat.vertices[:, 0])) * smoothstep(0.09, 0.05, meat.vertices[:, 2])
    colours = mix(colours, hexadecimal("a5705a"), sides * 0.7)  # where the rack was cut, the meat shows
    return join([bone, Mesh(vertices, meat.faces, colours)])


def ribs(scene, z):
    """A rack of ribs, its last ones cut off, the pale bone ends sticking out of the dark meat."""
    glaze = scene.choice(("8f4524", "461a0e"), ("a35c30", "552411"), ("7a3a20", "381409"))
    surface, turn = cooked(scene, scene.uniform(0.3, 0.9)), rotation(UP, scene.uniform(0, 6.28))
    rack, single = scene.integer(3, 6), scene.integer(1, 4)
    x = -0.2 * (rack + 1.5 * single) / 2
    for number in range(rack + single):
        loose = number >= rack
        x += 0.29 if loose else 0.2
        mesh = rib(scene, glaze).turned(rotation(UP, scene.normal(0, 0.1 if loose else 0.015)))
        if loose:
            mesh = mesh.turned(rotation((0, 1, 0), scene.uniform(0.1, 0.7)))
        mesh = lowered(mesh, z).moved((x, scene.uniform(-0.03, 0.03), 0))
        scene.add(mesh.turned(turn), surface, name="rib")


def rasher(scene):
    """One wavy rasher of bacon along x, streaked lengthwise with fat."""
    x, y = np.meshgrid(np.linspace(-0.62, 0.62, 120), np.linspace(-1, 1, 26), indexing="ij")
    flat = np.stack([x.ravel(), y.ravel() * 0.14, 0 * x.ravel()], 1)
    phase, pitch = scene.uniform(0, 6.28), scene.uniform(11, 16)
    wave = 0.055 * np.sin(pitch * flat[:, 0] + phase + 2 * flat[:, 1] + scene.noise(flat, 2, 2))
    points = flat + np.stack([0 * wave, 0.025 * scene.noise(flat * (1, 0, 0), 3, 2), wave], 1)
    points[:, 2] += 0.03 * scene.noise(flat, 5, 2)
    stripe = y.ravel() + 0.22 * scene.noise(flat * (1, 0, 0), 2.5, 3)
    fat = np.maximum(smoothstep(0.62, 0.75, stripe), np.exp(-(((stripe + 0.1) / 0.13) ** 2)))
    fat = np.maximum(fat, 0.8 * np.exp(-(((stripe + 0.6) / 0.08) ** 2)))
    meat = mix(hexadecimal("9c4030"), hexadecimal("5f2015"), smoothstep(-0.6, 0.6, scene.noise(flat, 5, 3)))
    colours = mix(meat, hexadecimal("dfae76"), fat * 0.95)
    edge = smoothstep(0.85, 1, np.abs(y.ravel())) * smoothstep(-0.4, 0.5, scene.noise(flat, 6, 2))
    colours = mix(colours, hexadecimal("4a2212"), edge * 0.7)
    return sheet(points.reshape(120, 26, 3)).painted(colours)


def bacon(scene, z):
    """Four to seven rashers of fried bacon over one another."""
    surface = scene.material(roughness=0.5, specular=0.4, coat=0.12, subsurface=0.08, bumps=((22, 0.4), (60, 0.3)))
    turn, count = scene.uniform(0, 6.28), scene.integer(4, 8)
    pile = Pile(level(z))
    for number in range(count):
        mesh = rasher(scene).turned(rotation((1, 0, 0), scene.normal(0, 0.12)))
        mesh = mesh.turned(rotation(UP, turn + scene.normal(0, 0.16)))
        at = rotation(UP, turn) @ (scene.uniform(-0.06, 0.06), (number - (count - 1) / 2) * 0.22, 0)
        scene.add(pile.lay(mesh, at[:2], give=0.12), surface, name="bacon")


def meatball(scene, radius):
    """One coarse meatball."""
    ball = sphere(5)
    shape = 1 + 0.12 * scene.noise(ball.vertices, 1.6, 3) + 0.05 * scene.noise(ball.vertices, 7, 3)
    vertices = ball.vertices * shape[:, None] * radius
    vertices[:, 2] *= 0.9
    return Mesh(vertices, ball.faces, browned(scene, vertices / radius * 0.4, scene.uniform(0.25, 0.8)))


def gravy(scene, z, radius, colour):
    """A puddle of sauce with an uneven edge."""
    puddle = outlined(
        lathe([(r, 0.03 * np.sqrt(1 - (r / radius) ** 4)) for r in np.linspace(0, radius, 30)], 96), scene, 0.14, 1.4
    )
    sauce = scene.material(
        colour=scene.jitter(hexadecimal(colour)), roughness=0.4, coat=0.1, variation=0.12, bumps=((9, 0.2), (40, 0.2))
    )
    scene.add(puddle.moved((0, 0, z + 0.004)), sauce, name="gravy")


def meatballs(scene, z):
    """A heap of meatballs, mostly in a puddle of gravy."""
    if scene.chance(0.7):
        gravy(scene, z, scene.uniform(0.62, 0.74), scene.choice("6a4226", "8a6440", "c2a582", "83361f"))
    surface, radius = cooked(scene), scene.uniform(0.15, 0.2)
    pile = Pile(level(z))
    on_top = [(0.05, 0.0)][: scene.integer(0, 2)]
    for x, y in [*placed(scene, scene.integer(6, 13), 0.5, 1.95 * radius), *on_top]:
        mesh = meatball(scene, radius * scene.uniform(0.9, 1.08)).turned(rotation(UP, scene.uniform(0, 6.28)))
        scene.add(pile.lay(mesh, (x, y), give=0.15), surface, name="meatball")


def cutlet(scene, length):
    """A thin breaded slice of meat, irregular and slightly curled, golden brown."""
    mesh = outlined(superellipsoid(6, 3, (length, 0.68 * length, 0.075)), scene, 0.2, 1.2)
    vertices = mesh.vertices.copy()
    flat = vertices * (1, 1, 0)
    vertices[:, 2] += 0.05 * scene.noise(flat, 2.2, 2) + 0.05 * (np.hypot(vertices[:, 0], vertices[:, 1]) / length) ** 2
    return crumbed(scene, Mesh(vertices, mesh.faces), 0.042, 0.016, scene.uniform(0.34, 0.56), 0.45)


def cutlets(scene, z):
    """One large or two smaller breaded cutlets with a slice of lemon on top."""
    count, surface = scene.choice(1, 2), crust(scene)
    pile = Pile(level(z))
    turn = scene.uniform(0, 6.28)
    for number in range(count):
        mesh = cutlet(scene, scene.uniform(0.68, 0.8) if count == 1 else scene.uniform(0.5, 0.6))
        offset = (number - 0.5) * 0.62 if count == 2 else 0
        at = rotation(UP, turn) @ (0, offset, 0)
        mesh = mesh.turned(rotation((1, 0, 0), 0.15 * number)).turned(rotation(UP, turn + scene.normal(0, 0.2)))
        scene.add(pile.lay(mesh, at[:2]), surface, name="cutlet")
    x, y = (rotation(UP, turn) @ (scene.uniform(-0.15, 0.15), 0.28 if count == 2 else scene.uniform(-0.1, 0.1), 0))[:2]
    lemon_slice(scene, (x, y, pile.height(x, y) - 0.01), scene.uniform(0.17, 0.21))
