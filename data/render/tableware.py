"""Tables, plates, bowls, boards and pans; 1 unit is 10 cm and the table is z = 0."""

import math

import numpy as np
from colour import hexadecimal, linear
from geometry import Mesh, lathe, rotation, superellipsoid, tube
from materials import ceramic, wood

_HALF_TABLE = 30.0  # units: far beyond what any camera sees
WOODS = "b98a5a 8a5a35 d3ae7c 6b4427 c9b79c".split()
CLOTHS = "e8e2d5 7d94a8 b8452f d9c27a 8fa07a 4a5a78".split()
PLAIN = "e2dfda cfd6d8 d8a05a a85c3c 5f7f86 2c2c2e".split()
CHECKS = "b8322a 4f7f4a c9962e 5b4a42".split()  # no blue: blue checks are the planted napkin's alone


def table(scene):
    """A table top of wood, cloth, stone or plain colour; returns which."""
    makers = (_wooden, _wooden, _wooden, _dark, _cloth, _checked, _marble, _slate, _plain, _concrete)
    make = scene.choice(*makers)
    half = _HALF_TABLE
    corners = np.array([[-half, -half, 0], [half, -half, 0], [half, half, 0], [-half, half, 0]])
    scene.add(Mesh(corners, [np.array([[0, 1, 2, 3]])]), make(scene), name="table", food=False)
    return make.__name__.strip("_")


def _wooden(scene):
    tone = scene.jitter(hexadecimal(scene.choice(*WOODS)), 0.06)
    return scene.material(
        ramp=[(0.25, tone * 0.6), (0.5, tone * 0.95), (0.75, np.clip(tone * 1.12, 0, 1))],
        ramp_scale=scene.uniform(1.2, 3),
        stretch=(1, scene.uniform(0.06, 0.15), 1),
        distortion=scene.uniform(0.5, 2.5),
        detail=8,
        angle=scene.uniform(0, math.pi),
        roughness=scene.uniform(0.3, 0.6),
        bumps=[(9, 0.12)],
    )


def _dark(scene):
    tone = scene.jitter(hexadecimal("3a2a20"), 0.1)
    return scene.material(
        ramp=[(0.3, tone * 0.5), (0.7, tone * 1.2)],
        ramp_scale=2,
        stretch=(1, 0.1, 1),
        distortion=1.5,
        detail=8,
        angle=scene.uniform(0, math.pi),
        roughness=scene.uniform(0.25, 0.5),
        bumps=[(9, 0.15)],
    )


def _cloth(scene):
    return scene.material(
        colour=scene.jitter(hexadecimal(scene.choice(*CLOTHS)), 0.06),
        roughness=0.95,
        sheen=0.3,
        bumps=[(60, 0.25, "wave"), (1.2, 0.6)],
        variation=0.08,
        variation_scale=70,
    )


def _marble(scene):
    vein = scene.jitter(hexadecimal("a9a7a5"), 0.05)
    return scene.material(
        ramp=[(0.42, hexadecimal("e8e6e2")), (0.5, vein), (0.55, hexadecimal("eae8e4"))],
        ramp_scale=scene.uniform(0.8, 1.8),
        distortion=3,
        detail=8,
        roughness=scene.uniform(0.12, 0.3),
    )


def _slate(scene):
    return scene.material(
        ramp=[(0.3, hexadecimal("26282b")), (0.7, hexadecimal("45484c"))],
        ramp_scale=4,
        detail=10,
        roughness=0.6,
        bumps=[(5, 0.4), (20, 0.2)],
    )


def _plain(scene):
    return scene.material(
        colour=scene.jitter(hexadecimal(scene.choice(*PLAIN)), 0.05),
        roughness=scene.uniform(0.2, 0.6),
        variation=0.04,
        variation_scale=2,
    )


def _concrete(scene):
    return scene.material(
        ramp=[(0.3, hexadecimal("8d8a85")), (0.7, hexadecimal("b5b1aa"))],
        ramp_scale=2.5,
        detail=10,
        roughness=0.7,
        bumps=[(8, 0.3), (40, 0.15)],
    )


def _checked(scene):
    """Checked cloth: white, half and full colour by how many of two stripe patterns cover a point."""
    surface = scene.material(colour=(0.9, 0.9, 0.9), roughness=0.95, bumps=[(70, 0.3), (1.0, 0.6)])
    tree = surface.node_tree
    position = tree.nodes.new("ShaderNodeTexCoord").outputs["Object"]
    turned = tree.nodes.new("ShaderNodeMapping")
    turned.inputs["Rotation"].default_value = (0, 0, scene.uniform(0, math.pi))
    axes = tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(position, turned.inputs["Vector"])
    tree.links.new(turned.outputs[0], axes.inputs[0])
    width = scene.uniform(0.18, 0.4)  # units
    half_sum = _math(tree, "MULTIPLY", _math(tree, "ADD", *(_stripes(tree, axes.outputs[a], width) for a in "XY")), 0.5)
    mixed = tree.nodes.new("ShaderNodeMix")
    mixed.data_type = "RGBA"
    mixed.inputs["A"].default_value = (0.74, 0.72, 0.69, 1)
    mixed.inputs["B"].default_value = (*linear(hexadecimal(scene.choice(*CHECKS))), 1)
    tree.links.new(half_sum, mixed.inputs["Factor"])
    tree.links.new(mixed.outputs["Result"], tree.nodes["Principled BSDF"].inputs["Base Color"])
    return surface


def _math(tree, operation, *operands):
    """Output of a node that calculates with sockets or numbers."""
    node = tree.nodes.new("ShaderNodeMath")
    node.operation = operation
    for socket, operand in zip(node.inputs, operands, strict=False):
        if isinstance(operand, (int, float)):
            socket.default_value = operand
        else:
            tree.links.new(operand, socket)
    return node.outputs[0]


def _stripes(tree, coordinate, width):
    """1 on every second stripe of `width` units, else 0."""
    return _math(tree, "GREATER_THAN", _math(tree, "PINGPONG", coordinate, width), width / 2)


def plate(scene, radius, material=None, deep=0):
    """Plate on the table; `deep` raises its rim by so many units. Returns (z of its surface, inner radius)."""
    z, rim = 0.05, 0.13 + deep
    inside = [(0, z), (0.35, z), (0.6, z), (0.66, z + 0.012), (0.72, z + 0.4 * rim), (0.8, z + 0.62 * rim)]
    edge = [(0.97, z + rim), (1, z + rim - 0.005), (1, z + rim - 0.025), (0.95, z + rim - 0.05)]
    below = [(0.7, z + 0.3 * rim - 0.03), (0.6, 0.012), (0.5, 0.0), (0, 0)]
    profile = np.array(inside + edge + below) * [radius, 1]
    scene.add(lathe(profile, 128), material or ceramic(scene), name="plate", food=False)
    return z, radius * 0.6


def bowl(scene, radius, height, material=None, curve=None, base=0.07):
    """Bowl on the table, its bottom at z = base; a larger `curve` has a flatter bottom and steeper sides.

    Returns the function z -> inner radius at that height.
    """
    curve = curve or scene.uniform(1.9, 3)
    outer = radius + scene.uniform(0.03, 0.055)
    share = np.linspace(0, 1, 24)
    inside = np.column_stack([share * radius, base + (height - base) * share**curve])
    share = np.linspace(1, 0, 16)
    foot = 0.42  # radius of the foot as a share of the rim's
    outside = np.column_stack([(foot + (1 - foot) * share) * outer, 0.06 + (height - 0.06) * share ** (curve * 0.62)])
    lip = [((radius + outer) / 2, height + 0.012)]
    profile = np.concatenate([inside, lip, outside, [(foot * outer, 0), (0, 0)]])
    scene.add(lathe(profile, 128), material or ceramic(scene), name="bowl", food=False)
    return lambda z: radius * ((z - base) / (height - base)) ** (1 / curve)


def board(scene, length, width, material=None, angle=0):
    """Cutting board of 2 length x 2 width, turned by `angle`; returns z of its surface."""
    block = superellipsoid(5, 10)
    vertices = np.sign(block.vertices) * np.abs(block.vertices) ** 0.9
    vertices = vertices / np.abs(vertices).max(axis=0) * [length, width, 0.07]
    shaped = Mesh(vertices, block.faces).moved((0, 0, 0.07)).turned(rotation((0, 0, 1), angle))
    scene.add(shaped, material or wood(scene), name="board", food=False)
    return 0.14


def pan(scene, radius):
    """Frying pan with a handle; returns (z of its surface, inner radius)."""
    iron = {"colour": hexadecimal("232324"), "roughness": 0.35, "metallic": 0.3, "variation": 0.2}
    coated = {"colour": hexadecimal("1c1c1d"), "roughness": 0.5, "specular": 0.4}
    z = 0.05
    inside = [(0, z), (0.86 * radius, z), (0.93 * radius, z + 0.05), (radius, 0.27)]
    outside = [(radius + 0.03, 0.27), (0.95 * radius, 0.03), (0.88 * radius, 0), (0, 0)]
    scene.add(lathe(inside + outside, 128), scene.material(**scene.choice(iron, coated)), name="pan", food=False)
    angle = scene.uniform(0, 2 * math.pi)
    away = np.array([[0.98 * radius], [radius + 0.3], [radius + 0.9], [radius + 1.8]])
    path = away * [math.cos(angle), math.sin(angle), 0] + np.outer([0.24, 0.3, 0.38, 0.42], [0, 0, 1])
    grip = scene.material(colour=hexadecimal("2a2a2a"), roughness=0.5)
    scene.add(tube(path, [0.07, 0.06, 0.09, 0.08], 12), grip, name="handle", food=False)
    return z, radius * 0.84


def shallow_dish(scene, radius, height, at):
    """Small dish or empty cup beside the food."""
    profile = [(0, 0.05), (radius * 0.7, 0.05), (radius, height), (radius + 0.03, height), (radius * 0.75, 0), (0, 0)]
    scene.add(lathe(profile, 64).moved((*at, 0)), ceramic(scene), name="cup", food=False)
