"""Cakes: slices of layer cake and cheesecake, and whole round cakes."""

import math

import numpy as np
from cake_toppings import cream_material, topping
from colour import hexadecimal, mix, smoothstep
from geometry import join, rotation, sheet

UP = (0, 0, 1)
SPONGES = ("dba95e", "4a2414", "a82a2a", "d9a05a", "e0b468", "8a5a2c", "7f9a4a")
CREAMS = ("f4ecdc", "5a2c18", "f4a8bc", "efe2c0", "7a4426", "e9d8f0", "d8c39a")


def sponge_paint(scene, points, height, layers, sponge, cream, cream_share):
    """Colours of a cut side, and which of its points (V,) are cream.

    points: (V, 3), z = 0 at the foot; layers of sponge with cream between them, `cream_share` of each layer.
    """
    wavy = points[:, 2] + 0.012 * scene.noise(points, 5, 2)
    is_cream = (wavy / height * layers) % 1 > 1 - cream_share
    is_cream &= wavy > 0.3 * height / layers
    crumb = scene.noise(points, 15, 3)
    colours = mix(sponge, sponge * 0.66, smoothstep(0, 0.7, crumb))
    colours[is_cream] = cream
    return colours, is_cream, crumb


def cut_side(scene, tip, angle, radius, height, paint):
    """A cut side of a wedge; cream stands out, sponge is rough."""
    along, z = np.meshgrid(np.linspace(0, 1, 80), np.linspace(0, height, 110), indexing="ij")
    direction = np.array([math.cos(angle), math.sin(angle), 0])
    outwards = np.array([-direction[1], direction[0], 0]) * np.sign(angle)
    points = (tip + along[..., None] * radius * direction + z[..., None] * np.array(UP)).reshape(-1, 3)
    colours, is_cream, crumb = paint(points, along.ravel())
    points = points + outwards * np.where(is_cream, 0.012, -0.012 + 0.012 * crumb)[:, None]
    return sheet(points.reshape(80, 110, 3)).painted(colours)


def frosting(scene, tip, opening, radius, height, drip):
    """Top and outer side of a wedge, as far down as `drip` says (1: all of the side)."""
    over = opening / 2 + 0.02
    # the outermost columns fold down over the cut sides, so that no gap shows there
    angle = np.r_[-over, np.linspace(-over, over, 40), over]
    along = np.linspace(0, 1.01, 40)[:, None]
    x, y = along * radius * np.cos(angle), along * radius * np.sin(angle)
    top = tip + np.stack([x, y, height + 0.012 + 0 * x], -1)
    top[..., 2] += 0.012 * scene.noise(top.reshape(-1, 3), 5, 3).reshape(x.shape) - 0.03 * smoothstep(0.96, 1.01, along)
    top[:, [0, -1], 2] -= 0.05
    uneven = scene.noise(np.stack([8 * angle, 0 * angle, 0 * angle], -1), 1, 2)
    reach = np.clip(drip + (drip < 1) * 0.45 * uneven, 0.08, 1)  # share of the side that it covers
    z = height + 0.01 - np.linspace(0, 1, 30)[:, None] * height * reach
    wall = 1.012 * radius
    side = tip + np.stack([wall * np.cos(angle) + 0 * z, wall * np.sin(angle) + 0 * z, z], -1)
    return join([sheet(top), sheet(side)])


def layer_cake(scene, height):
    """What a layer cake is made of -> paint function for its cut sides, colour of the glaze, colour of the cream."""
    sponge, cream = hexadecimal(scene.choice(*SPONGES)), hexadecimal(scene.choice(*CREAMS))
    glaze = hexadecimal(scene.choice("3f1f12", "f4a8bc", "f4ecdc", "cf8a2a")) if scene.chance(0.3) else cream
    layers, cream_share = scene.integer(2, 5), scene.uniform(0.16, 0.36)

    def paint(points, along):
        colours, is_cream, crumb = sponge_paint(scene, points, height, layers, sponge, cream, cream_share)
        outer = (along > 0.95) | (points[:, 2] > 0.94 * height)
        colours[outer] = glaze
        return colours, is_cream | outer, crumb

    return paint, glaze, cream


def cheesecake(scene, height):
    """The same for a cheesecake: crumbly base, smooth filling, a glaze of fruit or chocolate, or none."""
    base, filling = hexadecimal("a06a34"), hexadecimal(scene.choice("efdca4", "ecd09a", "e9b9c4"))
    glaze = hexadecimal(scene.choice("8e1526", "8e1526", "3f1f12", "d99a2e")) if scene.chance(0.7) else filling

    def paint(points, along):
        crumb = scene.noise(points, 18, 3)
        is_filling = points[:, 2] > 0.2 * height + 0.015 * crumb
        colours = mix(base * (0.8 + 0.25 * crumb[:, None]), filling, is_filling)
        running = points[:, 2] > height * (0.9 + 0.08 * scene.noise(points * [1, 1, 0], 4, 2))
        return mix(colours, glaze, running), is_filling, 0.3 * crumb

    return paint, glaze, filling


def wedge_of_cake(scene, z):
    """A slice of layer cake or cheesecake standing on its foot -> height of its top."""
    opening, height, radius = scene.uniform(0.55, 0.95), scene.uniform(0.4, 0.66), scene.uniform(0.9, 1.1)
    plain = scene.chance(0.25)
    height *= 0.8 if plain else 1
    paint, glaze, cream = (cheesecake if plain else layer_cake)(scene, height)
    tip, spin = np.array([-0.5 * radius, 0, 0]), scene.uniform(0, 6.28)
    turn = rotation(UP, spin)
    scene.camera_azimuth = spin + scene.choice(-1, 1) * scene.uniform(1.3, 2.2)
    sides = join([cut_side(scene, tip, sign * opening / 2, radius, height, paint) for sign in (-1, 1)])
    cover = frosting(scene, tip, opening, radius, height, 1.0).painted(glaze)
    crumbly = scene.material(roughness=0.7, subsurface=0.05, bumps=((30, 0.5), (60, 0.3)))
    scene.add(sides.turned(turn).moved((0, 0, z)), crumbly, name="cake")
    scene.add(cover.turned(turn).moved((0, 0, z)), cream_material(scene), name="frosting")
    kind = scene.choice("strawberry", "half", "cherry", "crowned", "rosette", "berry", "shavings", "none")
    places = [(0.3 * radius, 0)] if scene.chance(0.5) else [(0.34 * radius, 0.12), (0.3 * radius, -0.16), (0.02, 0.02)]
    for x, y in places if kind != "none" else []:
        at = turn @ np.array([x, y, 0]) + np.array([0, 0, z + height + 0.01])
        topping(scene, at, scene.uniform(0.12, 0.16), kind, mix(cream, hexadecimal("f4ecdc"), 0.5))
    return height


def round_cake(scene, z):
    """A small whole cake with dripping icing and a ring of toppings; a slice may be missing -> height of its top."""
    radius, height = scene.uniform(0.55, 0.7), scene.uniform(0.34, 0.5)
    body = hexadecimal(scene.choice(*CREAMS))
    glaze = hexadecimal(scene.choice("3f1f12", "f08fb0", "f4ecdc", "d8902e", "8e1526"))
    missing, spin = scene.choice(0, 0.9, 0.9), scene.uniform(0, 6.28)
    scene.camera_azimuth = spin if missing else None
    opening, centre = 2 * np.pi - missing, np.zeros(3)
    turn = rotation(UP, spin + math.pi)  # the gap, if any, faces the camera

    def add(mesh, material):
        scene.add(mesh.turned(turn).moved((0, 0, z)), material, name="cake")

    add(frosting(scene, centre, opening, radius, height, 1.0).painted(body), cream_material(scene))
    icing = frosting(scene, centre, opening, radius + 0.012, height + 0.015, scene.uniform(0.25, 0.45)).painted(glaze)
    add(icing, scene.material(roughness=0.2, coat=0.5, bumps=((6, 0.08),)))
    if missing:
        sponge, layers = hexadecimal(scene.choice(*SPONGES)), scene.integer(2, 4)

        def paint(points, along):
            return sponge_paint(scene, points, height, layers, sponge, body, 0.25)

        sides = [cut_side(scene, centre, sign * opening / 2, radius, height, paint) for sign in (-1, 1)]
        add(join(sides), scene.material(roughness=0.7, bumps=((30, 0.5),)))
    kind, count = scene.choice("rosette", "strawberry", "half", "cherry", "crowned", "berry"), scene.integer(6, 10)
    for i in range(count):
        angle = -opening / 2 + (i + 0.5) * opening / count
        at = turn @ np.array([0.78 * radius * math.cos(angle), 0.78 * radius * math.sin(angle), 0])
        topping(scene, at + np.array([0, 0, z + height + 0.02]), 0.1, kind, mix(body, hexadecimal("f4ecdc"), 0.6))
    return height
