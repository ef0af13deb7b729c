"""Shrimps, whole prawns, mussels and oysters."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from dropping import Heap
from geometry import UP, Mesh, join, rotation, sheet, sphere, tube

# pale flesh, coloured bands, tail
COOKED = (("e9c4a8", "d4683c", "bd4a28"), ("e6b79c", "c85a38", "a83f26"), ("ecd0b4", "dc8048", "c45a2a"))


def curled_path(turn, straight, length, points=100):
    """Path (P, 3), normals (P, 3) and headings (P,): straight for a share, then bent by `turn` in all; z = 0."""
    share = np.linspace(0, 1, points)
    heading = turn * np.clip((share - straight) / (1 - straight), 0, 1) ** 1.15
    steps = np.stack([np.cos(heading), np.sin(heading), 0 * heading], 1) * length / points
    outward = np.stack([np.sin(heading), -np.cos(heading), 0 * heading], 1)
    path = np.cumsum(steps, 0)
    return path - path.mean(0), outward, heading


def tail_fan(at, heading, colour, size):
    """Five blades spread behind the last ring, in the plane in which the shrimp lies."""
    blades = []
    for spread in (-0.7, -0.36, 0, 0.36, 0.7):
        share, across = np.meshgrid(np.linspace(0, 1, 9), np.linspace(-1, 1, 7), indexing="ij")
        half = 0.17 * np.sin(np.pi * np.clip(share, 0.03, 0.97) ** 1.3) ** 0.8
        points = np.stack([share * 0.62, across * half, 0.05 * (1 - across**2) - 0.05 * np.abs(spread)], -1) * size
        shade = mix(colour, colour * 0.7, smoothstep(0.4, 1, share.ravel()))
        blades.append(sheet(points).painted(shade).turned(rotation(UP, heading + spread)).moved(at))
    return join(blades)


def shrimp(scene, size, palette, headed):
    """One shrimp lying on its side, curled; `headed` has head, eyes, feelers and legs."""
    flesh, band, tail = (scene.jitter(hexadecimal(code), 0.05) for code in palette)
    straight = 0.38 if headed else 0.0
    turn = scene.uniform(2.0, 2.9) if headed else scene.uniform(3.5, 4.2)
    path, outward, heading = curled_path(turn, straight, 1.75 if headed else 1.35)
    share = np.linspace(0, 1, len(path))
    ring = np.clip((share - straight) / (1 - straight), 0, 1) * 6
    radius = 0.205 * (1 - 0.72 * np.clip((share - straight) / (1 - straight), 0, 1) ** 1.4)
    radius *= 1 + 0.09 * (ring % 1) * (share > straight)  # each ring's hind edge stands over the next
    front = smoothstep(0, 0.3, share) if headed else smoothstep(-0.05, 0.06, share)
    radius = radius * (0.12 + 0.88 * front)
    radius[0] = radius[-1] = 0.01
    around = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    points = path[:, None] + radius[:, None, None] * (
        np.cos(around)[None, :, None] * outward[:, None] + 0.88 * np.sin(around)[None, :, None] * np.array(UP)
    )
    mesh = sheet(points, closed=True)
    outer, place = np.tile(np.cos(around), len(path)), np.repeat(ring, 28)
    on_tail = np.repeat(share > straight, 28)
    stripe = smoothstep(0.5, 0.95, place % 1) + smoothstep(0.16, 0.0, place % 1)
    strength = np.clip(0.9 * stripe * smoothstep(-0.95, -0.2, outer) + 0.45 * smoothstep(-0.2, 1, outer), 0, 1)
    colours = mix(flesh, band, np.where(on_tail, strength, 0.75 + 0.25 * outer))
    colours = mix(colours, flesh * 1.05, smoothstep(0.2, 0.8, scene.noise(mesh.vertices, 8, 3)) * 0.35)
    colours = mix(colours, tail, smoothstep(5.5, 5.9, place))
    parts = [mesh.painted(np.clip(colours, 0, 1)), tail_fan(path[-2], heading[-1], tail, 0.68)]
    if headed:
        parts += head_parts(scene, path, outward, band)
    return join(parts).scaled(size)


def head_parts(scene, path, outward, colour):
    """Eyes, feelers, the spike of the head, and legs for a shrimp whose head is at path[0]."""
    parts = []
    front, away = path[0], path[0] - path[6]
    away = away / np.linalg.norm(away)
    for side in (-1, 1):
        eye = path[8] + 0.05 * outward[8] + (0, 0, side * 0.075)
        parts.append(sphere(2, (0.035, 0.035, 0.035)).moved(eye).painted(hexadecimal("17120f")))
        t = np.linspace(0, 1, 16)[:, None]
        bend = scene.uniform(0.3, 0.8)
        feeler = front + away * t * 0.75 + outward[0] * bend * t**2 * 0.8 + np.array([0, 0, side * 0.05]) * (1 + t)
        parts.append(tube(feeler, 0.012, 5).painted(colour * 0.8))
    spike = np.array([path[4] + 0.06 * outward[4], front + away * 0.2 + outward[0] * 0.08])
    parts.append(tube(spike, [0.035, 0.006], 6).painted(colour * 0.85))
    for place in range(26, 88, 6):
        inward = -outward[place] * (0.3 if place < 45 else 0.2)
        for side in (-0.06, 0.06):
            start = path[place] - 0.1 * outward[place] + (0, 0, side)
            lean = (path[place - 6] - path[place]) * scene.uniform(0.6, 1.4)
            parts.append(
                tube([start, start + inward * 0.6, start + inward + lean], [0.018, 0.014, 0.005], 5).painted(colour)
            )
    return parts


def shrimps(scene, floor, count, radius, palette, headed):
    """A heap of shrimps resting on the surface and on one another; returns the heap."""
    heap = Heap(scene, floor)
    size = scene.uniform(0.36, 0.45) * (1.12 if headed else 1)
    surface = scene.material(
        roughness=0.42, specular=0.4, coat=0.1, subsurface=0.18, subsurface_radius=(1, 0.5, 0.35),
        bumps=((14, 0.2), (45, 0.25)),
    )  # fmt: skip
    for _ in range(count):
        mesh = shrimp(scene, size * scene.uniform(0.92, 1.08), palette, headed)
        if scene.chance(0.5):
            mesh = mesh.turned(rotation((1, 0, 0), np.pi))
        scene.add(heap.drop(mesh, radius, tilt=0.06, trials=8, give=0.08), surface, name="shrimp")
    return heap


def valve(size):
    """Half a mussel shell, hollow upwards, the hinge at +x: dark outside, pale blue inside."""
    share = np.linspace(0, 1, 20)[:, None]
    around = np.linspace(0, 2 * np.pi, 44, endpoint=False)[None]
    x = share * np.cos(around) * 0.5 + 0 * share
    y = share * np.sin(around) * 0.27 * (1 - 0.5 * np.cos(around))
    depth = 0.16 * (1 - share**2.4) * (1 - 0.35 * np.cos(around) * share)
    outside = sheet(np.stack([x, y, -depth], -1), closed=True)
    inside = sheet(np.stack([x * 0.985, y * 0.985, -0.9 * depth + 0.004], -1), closed=True)
    growth = 0.5 + 0.5 * np.cos(np.repeat(share, 44) * 2 * np.pi * 7)
    outside = outside.painted(mix(hexadecimal("14161f"), hexadecimal("2b3040"), growth))
    rim = smoothstep(0.75, 0.95, np.repeat(share, 44))
    inside = inside.painted(mix(hexadecimal("b5bcc8"), hexadecimal("3c465e"), rim))
    return join([outside, inside]).scaled(size)


def mussel(scene, size):
    """An open mussel: two shells joined at the hinge, orange flesh in the lower one; two meshes: shell and flesh."""
    opening = scene.uniform(0.95, 1.8)
    hinge = np.array([0.5 * size, 0, 0])
    upper = valve(size).moved(-hinge).turned(rotation((0, 1, 0), np.pi) @ rotation(UP, np.pi))
    upper = upper.turned(rotation((0, 1, 0), opening)).moved(hinge)
    body = sphere(4)
    lumps = 1 + 0.16 * scene.noise(body.vertices, 2, 3)
    vertices = body.vertices * lumps[:, None] * (0.34, 0.17, 0.1) * size - (0.03 * size, 0, 0.05 * size)
    colour = scene.jitter(hexadecimal(scene.choice("d98a3a", "cf7a2e", "dba35e")), 0.06)
    frill = smoothstep(0.75, 0.95, np.abs(body.vertices[:, 1])) * smoothstep(0.3, 0, np.abs(body.vertices[:, 2]))
    flesh = Mesh(vertices, body.faces, mix(colour, hexadecimal("6b4a2c"), frill * 0.7))
    return join([valve(size), upper]), flesh


def mussels(scene, floor, count, radius):
    """A heap of open mussels; returns the heap."""
    heap = Heap(scene, floor)
    shell = scene.material(roughness=0.32, specular=0.5, coat=0.2, bumps=((10, 0.25), (40, 0.15)))
    soft = scene.material(roughness=0.4, coat=0.15, subsurface=0.2, bumps=((9, 0.4), (30, 0.3)))
    for _ in range(count):
        shells, flesh = mussel(scene, scene.uniform(0.42, 0.52))
        lying = heap.drop(join([shells, flesh]), radius, tilt=0.2, trials=10, give=0.3)
        split = len(shells.vertices)
        scene.add(Mesh(lying.vertices[:split], shells.faces, lying.colours[:split]), shell, name="mussel")
        scene.add(Mesh(lying.vertices[split:], flesh.faces, lying.colours[split:]), soft, name="mussel")
    return heap
