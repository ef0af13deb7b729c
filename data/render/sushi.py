"""Sushi: hand-pressed pieces with fish on top, and cut rolls."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import Mesh, join, lathe, random_rotation, rotation, sphere, superellipsoid
from salmon import flakes, salmon_colours

ASSORTMENTS = (("salmon",), ("salmon", "tuna"), ("salmon", "shrimp", "tuna"), ("salmon", "shrimp", "egg", "tuna"))
RICE = hexadecimal("eee6d2")


def rice_surface(scene):
    """Boiled rice, a little sticky."""
    return scene.material(roughness=0.5, subsurface=0.12, subsurface_radius=(1, 0.85, 0.6), subsurface_scale=0.03)


def grains(scene, points):
    """Grains of rice, turned any way, at points (N, 3)."""
    grain = sphere(2, (0.046, 0.019, 0.018))
    return [grain.turned(random_rotation(scene.rng)).moved(point).painted(scene.jitter(RICE, 0.03)) for point in points]


def rice_block(scene):
    """The pressed rice under a piece: 0.6 long along y, covered in grains."""
    directions = scene.normal(0, 1, (170, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    rounded = np.sign(directions) * np.abs(directions) ** 0.7
    core = superellipsoid(4, 4, (0.13, 0.3, 0.09)).painted(RICE * 0.92)
    return join([core, *grains(scene, rounded * (0.13, 0.3, 0.1))]).moved((0, 0, 0.11))


def topping_colours(scene, vertices, sort):
    """Colours (V, 3) of a topping along y."""
    patches = smoothstep(-0.4, 0.6, scene.noise(vertices, 5, 3))
    if sort == "salmon":
        flesh, white, _ = salmon_colours(scene, False)
        lines = flakes(scene, vertices[:, 1] * 2.6, vertices[:, 0] * 4, 6)
        return mix(mix(flesh, flesh * 0.9, patches), white, lines * 0.85)
    if sort == "tuna":
        fibre = scene.noise(vertices * (30, 3, 8), 1, 2)
        colours = mix(hexadecimal("94232a"), hexadecimal("b0453f"), patches)
        return mix(colours, hexadecimal("cf8078"), smoothstep(0.3, 0.8, fibre) * 0.35)
    if sort == "egg":
        return mix(hexadecimal("e8bd4a"), hexadecimal("d9a238"), patches)
    bands = smoothstep(0.1, 0.9, np.sin(vertices[:, 1] * 36 + 0.6 * patches)) * smoothstep(-0.12, 0.05, vertices[:, 0])
    return mix(hexadecimal("f0d9c6"), hexadecimal("de7444"), bands * 0.9)


def topping(scene, sort):
    """A slice of fish, shrimp or omelette bent over the rice; lies along y."""
    if sort == "egg":
        block = superellipsoid(5, 6, (0.16, 0.36, 0.06))
        belt = superellipsoid(4, 8, (0.166, 0.05, 0.068)).painted(hexadecimal("1c231c")).moved((0, 0, -0.004))
        return join([block.painted(topping_colours(scene, block.vertices, sort)), belt]).moved((0, 0, 0.265))
    slab = superellipsoid(5, 3.2, (0.165, scene.uniform(0.37, 0.42), 0.042))
    vertices = slab.vertices.copy()
    vertices[:, 0] *= 1 - 0.18 * vertices[:, 1] / 0.4
    colours = topping_colours(scene, vertices, sort)
    vertices[:, 2] += 0.008 * scene.noise(vertices, 6, 2)
    vertices[:, 2] -= 0.4 * vertices[:, 1] ** 2 + 2.2 * np.maximum(np.abs(vertices[:, 0]) - 0.07, 0) ** 2
    return Mesh(vertices, slab.faces, colours).moved((0, 0, 0.25))


def nigiri(scene, z):
    """A row of three to six pieces."""
    count, angle = scene.integer(3, 7), scene.uniform(-0.4, 0.4)
    surface = scene.material(
        roughness=0.38,
        specular=0.4,
        coat=0.12,
        subsurface=0.12,
        subsurface_radius=(1, 0.4, 0.25),
        bumps=((18, 0.2), (50, 0.2)),
    )
    rice = rice_surface(scene)
    sorts = scene.choice(
        ("salmon",), ("salmon", "tuna"), ("salmon", "shrimp", "tuna"), ("salmon", "shrimp", "egg", "tuna")
    )
    for number in range(count):
        turn = rotation((0, 0, 1), angle + scene.normal(0, 0.05)) * 1.08
        at = rotation((0, 0, 1), angle * 0.5) @ ((number - (count - 1) / 2) * 0.4, scene.uniform(-0.02, 0.02), 0) + (
            0,
            0,
            z,
        )
        scene.add(rice_block(scene).turned(turn).moved(at), rice, name="rice")
        scene.add(topping(scene, sorts[number % len(sorts)]).turned(turn).moved(at), surface, name="topping")


def roll(scene, filling):
    """A cut roll standing on end: seaweed around rice around a filling; three meshes."""
    radius, height = 0.2, 0.26
    seaweed = lathe([(radius - 0.012, height), (radius, height - 0.004), (radius, 0), (radius - 0.012, 0)], 48)
    away = radius * 0.92 * np.sqrt(scene.rng.random(110))
    around = scene.rng.uniform(0, 2 * np.pi, 110)
    points = np.stack([away * np.cos(around), away * np.sin(around), height - 0.01 + 0 * away], 1)
    points = points[away > 0.08]
    core = lathe([(0, height - 0.012), (radius - 0.012, height - 0.012)], 40).painted(RICE * 0.9)
    centre = superellipsoid(4, 3.5, (0.085, 0.08, 0.03)).moved((0.01, 0, height))
    tone = smoothstep(-0.4, 0.6, scene.noise(centre.vertices, 12, 2))
    centre = centre.painted(mix(filling, filling * 0.85, tone))
    return seaweed.painted(hexadecimal("1b221b")), join([core, *grains(scene, points)]), centre


def rolls(scene, z):
    """Five to nine cut rolls standing in two rows."""
    dark = scene.material(roughness=0.6, specular=0.3, bumps=((50, 0.5), (20, 0.3)))
    rice, moist = rice_surface(scene), scene.material(roughness=0.4, coat=0.1, subsurface=0.15, bumps=((30, 0.2),))
    colours = [hexadecimal(scene.choice("e2743f", "d9603a", "a8323a", "8fae4a", "e8c04a")) for _ in range(2)]
    count, turn = scene.integer(5, 10), rotation((0, 0, 1), scene.uniform(-0.5, 0.5))
    columns = (count + 1) // 2
    for number in range(count):
        row, column = divmod(number, columns)
        jitter = scene.normal(0, 0.02, 2)
        at = turn @ ((column - (columns - 1) / 2) * 0.46 + jitter[0], (row - 0.5) * 0.5 + jitter[1], z)
        own = rotation((0, 0, 1), scene.uniform(0, 6.28))
        for mesh, surface in zip(roll(scene, colours[row]), (dark, rice, moist), strict=True):
            scene.add(mesh.turned(own).moved(at), surface, name="roll")
