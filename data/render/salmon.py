"""Salmon: fillets and steaks, raw or cooked."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import UP, Mesh, rotation, sheet, superellipsoid
from pile import Pile, level, lowered


def flakes(scene, x, y, count):
    """Strength (V,) of the white lines between the flakes of salmon: nested arcs along x, about `count` of them."""
    points = np.stack([x, y, 0 * x], 1)
    arcs = x * count / 2 + 0.9 * np.abs(y) ** 1.3 - 0.45 * np.cos(4.5 * y) + 0.12 * scene.noise(points, 2.5, 2)
    distance = np.abs(arcs - np.round(arcs))
    width = 0.075 + 0.035 * scene.noise(points, 4, 2)
    return smoothstep(width + 0.06, width - 0.02, distance)


def salmon_colours(scene, cooked):
    """Flesh, white line and skin of salmon."""
    pair = (
        ("dd9a78", "f0cdb4")
        if cooked
        else scene.choice(("e2743f", "f4c4a0"), ("d9603a", "efb896"), ("e98858", "f6d0b4"))
    )
    return scene.jitter(hexadecimal(pair[0]), 0.04), hexadecimal(pair[1]), hexadecimal("6d7478")


def fillet_piece(scene, length, width, height, cooked):
    """A portion of salmon fillet along x, flesh up, skin down, one long side thicker than the other."""
    box = superellipsoid(6, 5)
    unit = box.vertices
    side = unit[:, 1]
    vertices = unit * (length, width, height)
    vertices[:, 2] += height * 0.9
    vertices[:, 2] *= 0.62 + 0.38 * smoothstep(1.1, -0.7, side)  # the belly side is thinner
    vertices[:, 0] += 0.12 * side * width
    vertices[:, 1] *= 1 - 0.12 * unit[:, 0]
    flesh, white, skin = salmon_colours(scene, cooked)
    lines = flakes(scene, unit[:, 0] + 0.35 * (1 - unit[:, 2]) * 0.5, side * 1.1, scene.uniform(6, 9) * length / 0.65)
    vertices[:, 2] -= lines * (0.018 if cooked else 0.006) * (unit[:, 2] > 0.3)
    vertices += box.vertices * (0.01 * scene.noise(vertices, 5, 3))[:, None]
    colours = mix(flesh, flesh * 0.86, smoothstep(-0.5, 0.7, scene.noise(vertices, 4, 3)))
    colours = mix(colours, white, lines * 0.85)
    dark_line = np.exp(-(((side - 0.05) / 0.07) ** 2)) * smoothstep(0.3, 0.7, unit[:, 2])
    colours = mix(colours, flesh * 0.75, dark_line * 0.45)
    if cooked:
        brown = smoothstep(0.0, 0.9, scene.noise(vertices, 4, 3) + 0.5 * unit[:, 2]) * smoothstep(0.2, 0.8, unit[:, 2])
        colours = mix(colours, hexadecimal("94582c"), brown * scene.uniform(0.4, 0.8))
    colours = mix(colours, skin, smoothstep(-0.72, -0.86, unit[:, 2]))
    return Mesh(vertices, box.faces, colours)


def salmon_surface(scene, cooked):
    """The surface of salmon: moist when raw, dry when cooked."""
    return scene.material(
        roughness=0.6 if cooked else 0.4, specular=0.35, coat=0.03 if cooked else 0.12, subsurface=0.12,
        subsurface_radius=(1, 0.4, 0.25), subsurface_scale=0.04, bumps=((18, 0.35), (50, 0.3)),
    )  # fmt: skip


def fillets(scene, z):
    """One large or two or three smaller portions of salmon fillet."""
    cooked = scene.chance(0.45)
    count, turn = scene.choice(1, 2, 2, 3), scene.uniform(0, 6.28)
    surface = salmon_surface(scene, cooked)
    for number in range(count):
        shrink = (1.05, 0.86, 0.74)[count - 1]
        width = scene.uniform(0.27, 0.33) * shrink
        piece = fillet_piece(
            scene, scene.uniform(0.56, 0.7) * shrink, width, scene.uniform(0.12, 0.16) * shrink, cooked
        )
        across = (number - (count - 1) / 2) * (2 * width + 0.07)
        angle = turn + scene.normal(0, 0.1)
        at = rotation(UP, turn) @ (scene.uniform(-0.06, 0.06), across, 0)
        scene.add(lowered(piece.turned(rotation(UP, angle)), z).moved(at), surface, name="fillet")


def salmon_steak(scene, size, cooked):
    """A slice across the salmon: a horseshoe of flesh in a rim of skin, the two belly flaps at -y."""
    along = np.linspace(-1, 1, 150)
    bend = along * 2.2
    spine = np.stack(
        [0.25 * np.sin(bend) * (1 - 0.15 * np.abs(along)), 0.32 * np.cos(bend) - 0.25 * np.abs(along) ** 3, 0 * along],
        1,
    )
    half = np.interp(np.abs(along), [0, 0.45, 0.8, 0.96, 1], [0.25, 0.22, 0.13, 0.07, 0.01])
    around = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    across = np.sign(np.cos(around)) * np.abs(np.cos(around)) ** 0.4
    height = np.sign(np.sin(around)) * np.abs(np.sin(around)) ** 0.4
    outward = np.gradient(spine, axis=0)[:, [1, 0, 2]] * (-1, 1, 0)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    points = spine[:, None] + (half[:, None] * across)[..., None] * outward[:, None]
    points[..., 2] += 0.09 * height
    mesh = sheet(points, closed=True)
    position, edge = np.repeat(along, 64), np.tile(across, 150)
    flesh, white, skin = salmon_colours(scene, cooked)
    colours = mix(flesh, flesh * 0.88, smoothstep(-0.5, 0.7, scene.noise(mesh.vertices, 5, 3)))
    lines = flakes(scene, np.abs(position) * 1.6 + 0.02, edge * 0.8, 11)
    colours = mix(colours, white, lines * 0.8)
    colours = mix(
        colours, hexadecimal("a34a30"), np.exp(-(((edge - 0.72) / 0.1) ** 2)) * (np.abs(position) < 0.3) * 0.6
    )
    colours = mix(colours, skin, smoothstep(0.93, 0.985, edge))
    bone = smoothstep(0.05, 0.03, np.hypot(mesh.vertices[:, 0], mesh.vertices[:, 1] - 0.14))
    if cooked:
        brown = smoothstep(-0.1, 0.8, scene.noise(mesh.vertices, 5, 3)) * (edge < 0.95)
        colours = mix(colours, hexadecimal("94582c"), brown * 0.6)
    return mesh.painted(mix(colours, hexadecimal("e8d5c0"), bone)).scaled(size)


def salmon_steaks(scene, z):
    """One to three salmon steaks."""
    cooked, count, turn = scene.chance(0.3), scene.integer(1, 4), scene.uniform(0, 6.28)
    surface = salmon_surface(scene, cooked)
    pile = Pile(level(z))
    for number in range(count):
        angle = turn + number * 2 * np.pi / max(count, 2)
        away = 0 if count == 1 else 0.42
        mesh = salmon_steak(scene, (1.3, 0.98, 0.9)[count - 1] * scene.uniform(0.95, 1.08), cooked)
        mesh = mesh.turned(rotation(UP, scene.uniform(0, 6.28)))
        scene.add(pile.lay(mesh, (away * np.cos(angle), away * np.sin(angle))), surface, name="salmon")
