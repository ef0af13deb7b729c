"""What lies beside meat and fish: lemon, cherry tomatoes, sprigs, breaded crusts."""

import numpy as np
from colour import hexadecimal
from fruit import citrus_half, citrus_slice
from geometry import UP, alignment, join, rotation, sphere, tube
from pile import lowered


def lemon_slice(scene, at, size):
    """A round slice of lemon of radius `size`, slightly tilted, lying at `at` (3,)."""
    tilt = alignment((scene.uniform(-0.2, 0.2), scene.uniform(-0.2, 0.2), 1), scene.uniform(0, 6.28))
    skin = scene.material(roughness=0.35, coat=0.15, subsurface=0.1, bumps=((20, 0.2),))
    mesh = lowered(citrus_slice(scene, size).turned(tilt), at[2]).moved((at[0], at[1], 0))
    scene.add(mesh, skin, name="lemon")


def lemon_half(scene, at, size):
    """Half a lemon of radius `size`, or half of a slice, lying at `at` (3,), the cut face upwards."""
    mesh = citrus_half(scene, size, "lemon") if scene.chance(0.6) else citrus_slice(scene, 1.3 * size, half=True)
    lean = alignment((scene.uniform(-0.3, 0.3), scene.uniform(-0.3, 0.3), 1), scene.uniform(0, 6.28))
    skin = scene.material(roughness=0.35, coat=0.15, subsurface=0.1, bumps=((20, 0.2),))
    scene.add(lowered(mesh.turned(lean), at[2], 0.02).moved((at[0], at[1], 0)), skin, name="lemon")


def cherry_tomato(scene, at, size=0.12):
    """One small tomato, whole, lying at `at`."""
    red = scene.jitter(hexadecimal("b92c18"), 0.06)
    skin = scene.material(colour=red, roughness=0.25, coat=0.25, subsurface=0.08, variation=0.06)
    scene.add(lowered(sphere(4, (size, size, size * 0.95)), at[2]).moved((at[0], at[1], 0)), skin, name="tomato")


def sprig(scene, at, length, angle):
    """A sprig of rosemary lying at `at`: a bent stem with narrow needles to both sides."""
    along = np.linspace(0, 1, 14)
    stem = np.stack([along * length, 0.12 * length * along**2, 0.03 + 0.02 * np.sin(along * 5)], 1)
    parts = [tube(stem, 0.009, 6).painted(hexadecimal("6d6a3a"))]
    for base in np.repeat(stem[1:], 4, 0):
        side = scene.choice(-1, 1) * scene.uniform(0.35, 0.9)
        needle = scene.uniform(0.08, 0.14) * np.array([np.cos(side), np.sin(side), scene.uniform(-0.1, 0.6)])
        path = base + np.linspace(0, 1, 4)[:, None] * needle
        parts.append(
            tube(path, np.array([0.006, 0.012, 0.01, 0.003]), 5).painted(scene.jitter(hexadecimal("4d6a3a"), 0.1))
        )
    mesh = join(parts).turned(rotation(UP, angle)).moved((at[0], at[1], at[2]))
    scene.add(mesh, scene.material(roughness=0.6), name="sprig")


def crust(scene):
    """The dry, rough surface of breading or batter."""
    return scene.material(roughness=0.62, specular=0.35, coat=0.05, bumps=((24, 0.5), (60, 0.4)), variation=0.1)


def beside(scene, inner, outer):
    """A random point (x, y) between two distances from the middle."""
    angle = scene.uniform(0, 2 * np.pi)
    distance = scene.uniform(inner, outer)
    return distance * np.cos(angle), distance * np.sin(angle)
