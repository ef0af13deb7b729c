"""Crab and lobster, cooked and whole, seen from above; both lie along x with the claws at +x."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import UP, Mesh, join, rotation, sphere, tube
from pile import lowered
from shellfish import tail_fan

SHELLS = (("bd5a3c", "84301c"), ("c46a42", "93402a"), ("ae4c34", "6e2416"))


def jointed(path, radii, segments=14):
    """A leg along a path (P, 3), thinner at the joints, with rounded bends."""
    fine = np.linspace(0, len(path) - 1, 12 * len(path))
    points = np.stack([np.interp(fine, range(len(path)), column) for column in np.array(path, float).T], 1)
    points = np.stack([np.convolve(np.pad(column, 2, mode="edge"), np.ones(5) / 5, "valid") for column in points.T], 1)
    radius = np.interp(fine, range(len(path)), radii)
    to_joint = np.abs(fine - np.round(fine))
    inner = (fine > 0.3) & (fine < len(path) - 1.3)
    return tube(points, radius * (1 - 0.25 * np.exp(-((to_joint / 0.12) ** 2)) * inner), segments)


def claw(size, side):
    """A pincer at the origin pointing to +x: a swollen hand, a fixed finger and a movable one, slightly open."""
    hand = sphere(4, (0.26, 0.17, 0.12)).moved((0.1, 0, 0))
    fixed = jointed([(0.24, 0.06, 0), (0.42, 0.1, 0), (0.58, 0.03, 0)], [0.1, 0.075, 0.012])
    moving = jointed([(0.22, -0.07, 0), (0.38, -0.14, 0), (0.53, -0.06, 0)], [0.075, 0.055, 0.012])
    return join([hand, fixed, moving]).scaled((size, size * side, size))


def shell_colours(scene, vertices, palette):
    """Colours (V, 3) of a cooked shell: darker on top, with pale specks."""
    light, dark = (hexadecimal(code) for code in palette)
    height = vertices[:, 2] / np.abs(vertices[:, 2]).max()
    patches = scene.noise(vertices, 4, 4)
    colours = mix(light, dark, smoothstep(-0.6, 0.9, patches + 0.4 * height))
    specks = smoothstep(0.4, 0.7, scene.noise(vertices, 16, 2))
    return mix(colours, hexadecimal("e0b08c"), specks * 0.55)


def crab(scene):
    """A crab of width about 1.1."""
    body = sphere(5)
    x, y, z = body.vertices.T
    wide = np.stack([0.36 * x * (1 + 0.12 * np.abs(y)), 0.5 * y * (1 - 0.12 * (x < 0) * np.abs(x)), 0.17 * z], 1)
    teeth = 0.03 * np.abs(np.sin(np.arctan2(y, x) * 9)) * (x > 0) * np.exp(-((z / 0.3) ** 2))
    wide += body.vertices * (teeth + 0.018 * scene.noise(body.vertices, 4, 3))[:, None]
    parts = [Mesh(wide, body.faces).moved((0, 0, 0.17))]
    for side in (-1, 1):
        arm = [(0.16, 0.36, 0.14), (0.3, 0.66, 0.15), (0.55, 0.6, 0.15)]
        parts.append(jointed(np.array(arm) * (1, side, 1), [0.1, 0.11, 0.09]))
        turn = rotation(UP, -0.75 * side + scene.uniform(-0.15, 0.15))
        parts.append(claw(0.72, side).turned(turn).moved((0.58, 0.56 * side, 0.15)))
        for number, lean in enumerate((0.4, 0.0, -0.4, -0.85)):
            out = np.array([np.sin(lean), side * np.cos(lean), 0])
            start = np.array([0.12 - 0.11 * number, 0.38 * side, 0.1])
            bend = lean + scene.uniform(-0.15, 0.15) - 0.35
            tip = np.array([np.sin(bend), side * np.cos(bend), 0])
            knee = start + 0.45 * out + 0.08 * tip
            foot = start + 0.42 * out + 0.4 * tip - 0.09 * np.array(UP)
            path = [start, start + 0.28 * out + 0.1 * np.array(UP), knee, foot]
            parts.append(jointed(path, [0.06, 0.058, 0.042, 0.008], 10))
    return join(parts)


def lobster(scene):
    """A lobster of length about 2 with its claws and feelers."""
    share = np.linspace(0, 1, 90)
    bend = scene.uniform(-0.35, 0.35)
    path = np.stack([0.35 - 1.15 * share, bend * np.clip(share - 0.4, 0, 1) ** 2, 0.15 + 0 * share], 1)
    ring = np.clip((share - 0.42) / 0.58, 0, 1) * 6
    radius = np.interp(share, [0, 0.08, 0.25, 0.42, 1], [0.02, 0.12, 0.19, 0.17, 0.11])
    radius *= 1 + 0.1 * (ring % 1) * (share > 0.42)
    body = tube(path, radius, 30)
    body = Mesh(body.vertices * (1, 1.08, 0.95), body.faces)
    heading = np.arctan2(path[-1, 1] - path[-5, 1], path[-1, 0] - path[-5, 0])
    fan = tail_fan(path[-2], heading, hexadecimal("a83018"), 0.62)
    parts = [body, Mesh(fan.vertices, fan.faces)]
    for side in (-1, 1):
        arm = np.array([(0.12, 0.14, 0.12), (0.3, 0.34, 0.13), (0.56, 0.36, 0.13)]) * (1, side, 1)
        parts.append(jointed(arm, [0.06, 0.07, 0.06]))
        turn = rotation(UP, scene.uniform(-0.05, 0.2) * side)
        parts.append(claw(0.8, side).turned(turn).moved((0.64, 0.36 * side, 0.13)))
        for number in range(4):
            start = np.array([0.1 - 0.12 * number, 0.14 * side, 0.12])
            knee = start + np.array([0.02 - 0.06 * number, 0.22 * side, 0.06])
            foot = start + np.array([0.06 - 0.12 * number, 0.42 * side, -0.1])
            parts.append(jointed([start, knee, foot], [0.035, 0.03, 0.008], 8))
        t = np.linspace(0, 1, 24)[:, None]
        feeler = (
            np.array([0.3, 0.05 * side, 0.18])
            + t * (0.75, 0.2 * side, 0.1)
            + t**2 * np.array([-0.25, 0.35 * side, -0.1])
        )
        parts.append(tube(feeler, np.linspace(0.018, 0.006, 24), 6))
    return join(parts)


def whole(scene, z, animal):
    """One cooked crab or lobster lying on its belly."""
    mesh = crab(scene) if animal == "crab" else lobster(scene)
    mesh = mesh.painted(shell_colours(scene, mesh.vertices, scene.choice(*SHELLS)))
    if animal == "lobster":
        mesh = mesh.moved((0.08, 0, 0)).scaled(0.94)
    shell = scene.material(
        roughness=0.55, specular=0.4, coat=0.05, bumps=((14, 0.5), (40, 0.5)), variation=0.12, variation_scale=20
    )
    eyes = join([sphere(3, (0.03, 0.03, 0.035)).moved((0.36, side * 0.09, 0.27)) for side in (-1, 1)])
    turn = rotation(UP, scene.uniform(0, 6.28)) * scene.uniform(0.95, 1.1)
    scene.add(lowered(mesh.turned(turn), z), shell, name=animal)
    if animal == "crab":
        black = scene.material(colour=hexadecimal("16120f"), roughness=0.2)
        scene.add(eyes.turned(turn).moved((0, 0, z)), black, name="eye")
