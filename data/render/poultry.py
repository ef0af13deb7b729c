"""Chicken: drumsticks and the whole roast bird."""

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import UP, Mesh, join, rotation, sphere, tube
from meat_surface import cooked
from pile import Pile, level

BONE = hexadecimal("e9dcc2")


def roasted_skin(scene, mesh, dark):
    """The mesh with the skin of a roast bird: golden to deep brown, wrinkled; `dark` in [0, 1]."""
    vertices = mesh.vertices
    patches = scene.noise(vertices, 2.6, 4) + 0.4 * scene.noise(vertices, 11, 3)
    light, deep = scene.jitter(hexadecimal("b67f42"), 0.05), hexadecimal("5a2c12")
    height = (vertices[:, 2] - vertices[:, 2].min()) / np.ptp(vertices[:, 2])  # the top browns first
    colours = mix(light, deep, smoothstep(-0.9, 0.9, patches + 0.5 * height - 0.25 + 1.2 * (dark - 0.5)))
    colours = mix(colours, hexadecimal("35190b"), smoothstep(0.35, 0.9, scene.noise(vertices, 8, 3)) * 0.65)
    return Mesh(vertices, mesh.faces, colours)


def drumstick(scene, dark):
    """One drumstick along x, the thick end at the origin, the bone towards +x; two meshes: meat and bone."""
    t = np.linspace(0, 1, 70)
    thick = np.interp(
        t, [0, 0.06, 0.18, 0.32, 0.5, 0.68, 0.86, 1], [0.02, 0.17, 0.265, 0.285, 0.21, 0.125, 0.085, 0.07]
    )
    thick = np.convolve(np.pad(thick, 3, mode="edge"), np.ones(7) / 7, "valid")
    thick[0] = 0.01
    meat = tube(np.stack([t * 0.78 - 0.3, 0 * t, 0.03 * np.sin(3 * t)], 1), thick, 48)
    lumps = 0.022 * scene.noise(meat.vertices, 4, 3)
    vertices = meat.vertices + np.stack([0 * lumps, lumps, lumps], 1) * np.clip(meat.vertices / 0.1, -1, 1)
    skin = roasted_skin(scene, Mesh(vertices, meat.faces), dark)
    end = smoothstep(0.36, 0.46, vertices[:, 0])
    skin = skin.painted(mix(skin.colours, hexadecimal("5a3018"), end * 0.6))
    shaft = tube([(0.4, 0, 0), (0.62, 0, 0), (0.7, 0, 0)], [0.05, 0.045, 0.06], 16)
    knobs = [sphere(3, (0.062, 0.07, 0.066)).moved((0.72, side, 0)) for side in (-0.045, 0.045)]
    bone = join([shaft, *knobs])
    stain = smoothstep(0.56, 0.44, bone.vertices[:, 0])
    return skin, bone.painted(mix(BONE, hexadecimal("8a5a36"), stain * 0.8))


def drumsticks(scene, z):
    """Two to four roast drumsticks side by side, the bones to one side, sometimes every second one to the other."""
    surface, bone_surface = cooked(scene, scene.uniform(0.2, 0.8)), scene.material(roughness=0.6, bumps=((20, 0.2),))
    count, alternate = scene.integer(2, 5), scene.chance(0.3)
    start, dark = scene.uniform(0, 6.28), scene.uniform(0.35, 0.85)
    scene.camera_azimuth = start + scene.choice(-1, 1) * scene.uniform(0, 1.3)  # no bone hides behind its meat
    pile, size = Pile(level(z)), 1.0 if count < 4 else 0.86
    for number in range(count):
        opposite = alternate and number % 2 == 1
        along = scene.uniform(-0.28, -0.15) * (-1 if opposite else 1)
        at = rotation(UP, start) @ (along, (number - (count - 1) / 2) * (0.36 if alternate else 0.43) * size, 0)
        angle = start + scene.normal(0, 0.13) + (np.pi if opposite else 0)
        roll = rotation((1, 0, 0), scene.uniform(0, 6.28))
        turn = rotation(UP, angle) @ rotation((0, 1, 0), 0.18) @ roll * size
        skin, bone = drumstick(scene, np.clip(dark + scene.normal(0, 0.1), 0, 1))
        both = pile.lay(join([skin.turned(turn), bone.turned(turn)]), at[:2])
        split = len(skin.vertices)
        scene.add(Mesh(both.vertices[:split], skin.faces, both.colours[:split]), surface, name="drumstick")
        scene.add(Mesh(both.vertices[split:], bone.faces, both.colours[split:]), bone_surface, name="bone")


def bird_body(scene):
    """The trunk along x, breast up, the tail at +x, with the furrow of the breastbone."""
    body = sphere(6)
    x, y, z = body.vertices.T
    breast = 1 + 0.16 * np.exp(-(((x + 0.3) / 0.5) ** 2)) * (z > -0.2)
    furrow = 0.07 * np.exp(-((y / 0.13) ** 2)) * smoothstep(0.2, 0.7, z) * smoothstep(0.8, 0.2, x)
    taper = 1 - 0.28 * smoothstep(0.1, 1, x)
    shape = np.stack([x * 0.62, y * 0.47 * breast * taper, (z * breast * taper - furrow) * 0.4], 1)
    shape += body.vertices * (0.018 * scene.noise(body.vertices, 3, 3))[:, None]
    return Mesh(shape, body.faces)


def wing(side):
    """A folded wing against the front of the trunk."""
    path = [(-0.42, 0.34, 0.02), (-0.2, 0.53, -0.06), (-0.02, 0.52, -0.1), (-0.3, 0.55, -0.16), (-0.42, 0.5, -0.18)]
    bends = np.array(path) * (1, side, 1)
    fine = np.stack([np.interp(np.linspace(0, 4, 40), range(5), column) for column in bends.T], 1)
    smooth = np.stack([np.convolve(np.pad(column, 3, mode="edge"), np.ones(7) / 7, "valid") for column in fine.T], 1)
    return tube(smooth, np.interp(np.linspace(0, 1, 40), [0, 0.4, 0.6, 1], [0.12, 0.1, 0.085, 0.03]), 20)


def chicken(scene, z):
    """A whole roast chicken on its back, the legs folded along the body, their ends together over the tail."""
    dark = scene.uniform(0.25, 0.75)
    meats, bones = [roasted_skin(scene, bird_body(scene), dark)], []
    for side in (-1, 1):
        meats.append(roasted_skin(scene, wing(side), dark))
        leg = rotation(UP, -0.5 * side) @ rotation((0, 1, 0), -0.42) * 0.92
        for part, parts in zip(drumstick(scene, dark + 0.1), (meats, bones), strict=True):
            parts.append(part.turned(leg).moved((0.26, 0.43 * side, 0.02)))
    angle = scene.uniform(0, 6.28)
    scene.camera_azimuth = angle + scene.uniform(-1, 1)  # legs towards the camera
    turn = rotation(UP, angle) * scene.uniform(0.9, 1.05)
    rise = z - 0.02 - (meats[0].vertices @ turn.T)[:, 2].min()
    scene.add(join(meats).turned(turn).moved((0, 0, rise)), cooked(scene, scene.uniform(0.3, 0.9)), name="chicken")
    scene.add(join(bones).turned(turn).moved((0, 0, rise)), scene.material(roughness=0.6), name="bone")
