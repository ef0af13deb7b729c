"""Beef: grilled and raw steaks, sliced steak or roast, lamb and pork chops on the bone."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import UP, Mesh, join, rotation, superellipsoid, tube
from meat_surface import browned, cooked, doneness, fibres, grill_marks, raw, veins
from pile import Pile, level, lowered, outlined

BONE = hexadecimal("e6d8bd")


def slab(scene, length, width, height, subdivisions=6):
    """A steak's body and the unit body it was shaped from: irregular in outline, slightly uneven on top."""
    unit = superellipsoid(subdivisions, 3.2).vertices
    body = outlined(superellipsoid(subdivisions, 3.2, (length, width, height)), scene, 0.13)
    vertices = body.vertices.copy()
    vertices[:, 2] += 0.02 * scene.noise(vertices, 4, 3)
    return Mesh(vertices, body.faces), unit


def t_bone(vertices, length, width):
    """Strength (V,) of a T-shaped bone seen on the upper face."""
    x, y = vertices[:, 0] / length, vertices[:, 1] / width
    stem = np.maximum(np.abs(x + 0.12 + 0.15 * y + 0.05 * np.sin(4 * y)) - 0.03, np.abs(y - 0.2) - 0.6)
    bar = np.maximum(np.abs(y - 0.74 + 0.3 * (x + 0.2) ** 2) - 0.06, np.abs(x + 0.16) - 0.3)
    return smoothstep(0.07, 0.0, np.minimum(stem, bar)) * (vertices[:, 2] > 0)


def grilled_slab(scene, length, width, height):
    """A grilled steak at the origin: a dark crust or the marks of a grate, sometimes a rim of fat."""
    body, unit = slab(scene, length, width, height)
    vertices = body.vertices.copy()
    top = unit[:, 2] > 0
    marked = scene.chance(0.75)
    colours = browned(
        scene, vertices, scene.uniform(0.45, 0.8) if marked else scene.uniform(0.75, 1.0), "84492e", "36180e"
    )
    if scene.chance(0.5):
        rim = smoothstep(0.8, 0.95, unit[:, 1] + 0.05 * scene.noise(vertices, 5, 2))
        colours = mix(colours, hexadecimal("d9b482"), rim * 0.85)
    if marked:
        period = scene.uniform(0.16, 0.22)
        marks = grill_marks(scene, vertices, period, scene.uniform(0, 3.1), scene.chance(0.45)) * top
        colours = mix(colours, hexadecimal("22140d"), marks * 0.85)
        vertices[:, 2] -= 0.018 * marks
    return Mesh(vertices, body.faces, colours)


def steak(scene, z):
    """One grilled steak, or two smaller ones that lean on each other."""
    surface = cooked(scene, scene.uniform(0.4, 1))
    count = scene.choice(1, 1, 2)
    pile = Pile(level(z))
    for number in range(count):
        shrink = 1 if count == 1 else 0.78
        length, width = scene.uniform(0.68, 0.82) * shrink, scene.uniform(0.46, 0.56) * shrink
        mesh = grilled_slab(scene, length, width, scene.uniform(0.08, 0.125))
        offset = 0 if count == 1 else (number - 0.5) * 0.72
        mesh = mesh.turned(rotation(UP, scene.uniform(-0.5, 0.5))).turned(rotation((1, 0, 0), 0.12 * number))
        scene.add(pile.lay(mesh, (0, offset)), surface, name="steak")


def raw_steak(scene, z):
    """An uncooked steak: red, marbled, with a rim of fat."""
    length, width = scene.uniform(0.68, 0.82), scene.uniform(0.46, 0.58)
    body, unit = slab(scene, length, width, scene.uniform(0.1, 0.14))
    vertices = body.vertices
    red = mix(hexadecimal("a83630"), hexadecimal("862420"), smoothstep(-0.5, 0.6, scene.noise(vertices, 3, 3)))
    red = mix(red, hexadecimal("bf564c"), smoothstep(-0.1, 0.7, fibres(scene, vertices, 0)) * 0.4)
    fat = hexadecimal("efdccb")
    marbling = np.maximum(veins(scene, vertices * (1, 1.6, 1), 2, 0.07), 0.6 * veins(scene, vertices, 5, 0.09))
    colours = mix(red, fat, marbling * scene.uniform(0.3, 0.8))
    rim = smoothstep(0.74, 0.8, unit[:, 1] + 0.1 * scene.noise(vertices, 3, 2))
    colours = mix(colours, fat, rim)
    if scene.chance(0.4):
        colours = mix(colours, BONE, t_bone(vertices, length, width) * 0.9)
    mesh = Mesh(vertices, body.faces, colours).turned(rotation(UP, scene.uniform(0, 6.28)))
    scene.add(lowered(mesh, z), raw(scene), name="steak")


def cut_slice(scene, width, height, inside):
    """One slice, its faces along x: rosy inside, paler towards the crust, brown rim, fibres across."""
    flat = superellipsoid(5, 3.4)
    unit = flat.vertices
    vertices = unit * (0.05, width, height)
    vertices[:, 2] += 0.05 * height * scene.noise(vertices * (0, 1, 1), 3, 2)
    ring = np.sqrt(unit[:, 1] ** 2 + unit[:, 2] ** 2)
    ring = ring + 0.06 * scene.noise(vertices, 5, 3)
    colours = mix(inside, hexadecimal("b0826a"), smoothstep(0.55, 0.88, ring))
    colours = mix(colours, hexadecimal("46281a"), smoothstep(0.88, 0.97, ring))
    colours = mix(colours, inside * 0.72, smoothstep(0.0, 0.8, fibres(scene, vertices, 2)) * 0.5 * (ring < 0.9))
    colours = mix(colours, hexadecimal("e3c3a8"), veins(scene, vertices, 4, 0.04) * 0.6 * (ring < 0.92))
    return Mesh(vertices, flat.faces, colours)


def sliced(scene, z):
    """The rest of a steak or of a round roast with slices fanned out in front of it."""
    roast = scene.chance(0.5)
    width, height = (
        (scene.uniform(0.36, 0.42), 0.3) if roast else (scene.uniform(0.44, 0.52), scene.uniform(0.12, 0.16))
    )
    turn = rotation(UP, scene.uniform(0, 6.28))
    body, unit = slab(scene, 0.45, width, height)
    colours = browned(scene, body.vertices, scene.uniform(0.35, 0.75))
    if not roast:
        marks = grill_marks(scene, body.vertices, 0.18, scene.uniform(0, 3), False) * (unit[:, 2] > 0)
        colours = mix(colours, hexadecimal("22140d"), marks * 0.85)
    rest = body.painted(colours).moved((-0.42, 0, 0))
    scene.add(lowered(rest.turned(turn), z), cooked(scene), name="roast")
    inside = doneness(scene)
    lean = scene.uniform(0.75, 0.95) if not roast else scene.uniform(0.85, 1.1)
    step = 0.17 if not roast else 0.2
    slices = []
    for number in range(scene.integer(4, 7) if not roast else scene.integer(3, 5)):
        tilt = rotation((0, 1, 0), -lean - 0.05 * number + scene.uniform(-0.04, 0.04))
        piece = cut_slice(scene, width * 0.94, height * 1.04, inside).turned(tilt)
        piece = piece.turned(rotation(UP, scene.uniform(-0.1, 0.1)))
        slices.append(lowered(piece, z).moved((0.12 + step * number, scene.uniform(-0.03, 0.03), 0)).turned(turn))
    scene.add(
        join(slices),
        scene.material(roughness=0.5, specular=0.35, coat=0.06, subsurface=0.08, bumps=((24, 0.4), (70, 0.3))),
    )


def chop(scene, size):
    """A chop: an eye of meat with a rim of fat and a long clean bone, lying flat, the bone along x."""
    body, unit = slab(scene, 0.34 * size, 0.27 * size, 0.1 * size, 5)
    vertices = body.vertices
    colours = browned(scene, vertices, scene.uniform(0.2, 0.65), light="9c6a46")
    marks = grill_marks(scene, vertices, 0.12, scene.uniform(0, 3), False) * (unit[:, 2] > 0)
    colours = mix(colours, hexadecimal("2a180f"), marks * scene.choice(0, 0.8))
    rim = smoothstep(0.62, 0.8, -unit[:, 1] + 0.08 * scene.noise(vertices, 6, 2))
    meat = body.painted(mix(colours, hexadecimal("dcb98a"), rim * 0.8))
    along = np.linspace(0, 1, 16)
    path = np.stack([0.12 + 0.68 * along, 0.12 - 0.22 * along**1.6, 0.02 + 0 * along], 1) * size
    bone = tube(path, size * np.interp(along, [0, 0.5, 0.92, 1], [0.07, 0.045, 0.055, 0.04]), 12)
    shade = smoothstep(0.48, 0.3, bone.vertices[:, 0] / size)
    return join([meat, bone.painted(mix(BONE, hexadecimal("8a5a3a"), shade))])


def chops(scene, z):
    """Two to four chops, side by side and partly on each other, the bones to one side, or around the middle."""
    count, in_a_row = scene.integer(2, 5), scene.chance(0.6)
    surface = cooked(scene)
    pile = Pile(level(z))
    start = scene.uniform(0, 6.28)
    for number in range(count):
        angle = start + scene.normal(0, 0.12)
        at = rotation(UP, start) @ (-0.2, (number - (count - 1) / 2) * 0.42, 0)
        if not in_a_row:
            angle += number * 2 * np.pi / count
            at = 0.36 * np.array([np.cos(angle), np.sin(angle), 0])
        scene.add(
            pile.lay(chop(scene, scene.uniform(1, 1.15)).turned(rotation(UP, angle)), at[:2]), surface, name="chop"
        )


def skewers(scene, z):
    """Two to four wooden skewers of browned cubes with pepper and onion between them."""
    turn = rotation(UP, scene.uniform(0, 6.28))
    count = scene.integer(2, 5)
    surface, vegetable = cooked(scene), scene.material(roughness=0.4, coat=0.1, subsurface=0.1, variation=0.1)
    for row in range(count):
        y = (row - (count - 1) / 2) * 0.36
        tilt = rotation(UP, scene.uniform(-0.06, 0.06))
        stick = tube([(-0.95, 0, 0.16), (0.95, 0, 0.16)], 0.018, 8).painted(hexadecimal("c9a36a"))
        meats, others = [], [stick]
        for number, x in enumerate(np.arange(-0.6, 0.61, 0.2)):
            (meats if number % 2 == 0 else others).append(skewered(scene, x, number % 2 == 0))
        for parts, material in ((meats, surface), (others, vegetable)):
            scene.add(join(parts).turned(tilt).moved((0, y, z)).turned(turn), material, name="skewer")


def skewered(scene, x, is_meat):
    """One cube of meat or one piece of pepper or onion on a skewer at x."""
    if is_meat:
        cube = superellipsoid(5, 4, (0.14, 0.16, 0.145))
        vertices = cube.vertices + 0.03 * scene.noise(cube.vertices, 5, 3)[:, None] * np.sign(cube.vertices)
        colours = browned(scene, vertices, scene.uniform(0.2, 0.8))
        edges = smoothstep(0.2, 0.24, np.linalg.norm(cube.vertices, axis=1))
        mesh = Mesh(vertices, cube.faces, mix(colours, hexadecimal("24150d"), edges * 0.7))
    else:
        colour = hexadecimal(scene.choice("b93a22", "6d8f33", "dca92f", "e3d3bd"))
        flat = superellipsoid(4, 3, (0.045, 0.15, 0.14))
        char = smoothstep(0.4, 0.8, scene.noise(flat.vertices, 8, 2))
        mesh = flat.painted(mix(scene.jitter(colour, 0.06), hexadecimal("3a2214"), char * 0.7))
    return mesh.turned(rotation((1, 0, 0), scene.uniform(0, 6.28))).moved((x, 0, 0.16))
