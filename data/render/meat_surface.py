"""What meat looks like from outside: browning, char, fat, fibres, and a surface that is not plastic."""

import numpy as np
from colour import hexadecimal, mix, smoothstep


def cooked(scene, moist=None):
    """A browned surface: dry by default to a little moist; `moist` in [0, 1]."""
    moist = scene.uniform(0, 0.6) if moist is None else moist
    return scene.material(
        roughness=0.72 - 0.24 * moist,
        specular=0.3,
        coat=0.16 * moist,
        subsurface=0.06,
        subsurface_radius=(1, 0.35, 0.2),
        bumps=((16, 0.6), (42, 0.55), (95, 0.4)),
        variation=0.16,
        variation_scale=26,
    )


def raw(scene):
    """A cut, uncooked surface: moist but not glazed."""
    return scene.material(
        roughness=0.46, specular=0.4, coat=0.08, subsurface=0.15, subsurface_scale=0.04, bumps=((20, 0.35), (60, 0.25)),
        variation=0.08, variation_scale=20,
    )  # fmt: skip


def browned(scene, vertices, dark, light="96603c", deep="452313"):
    """Colours (V, 3) of roasted meat in patches from light to deep; `dark` in [0, 1] is the share of the deep."""
    patches = scene.noise(vertices, 3.5, 4) + 0.6 * scene.noise(vertices, 14, 3)
    colours = mix(hexadecimal(light), hexadecimal(deep), smoothstep(-0.9, 0.9, patches + 1.5 * (dark - 0.5)))
    specks = smoothstep(0.45, 0.9, scene.noise(vertices, 24, 2))
    return mix(colours, hexadecimal("2b1a10"), specks * 0.45)


def grill_marks(scene, vertices, period, angle, crossed):
    """Strength (V,) in [0, 1] of dark bars `period` apart over the x-y plane, uneven as from a real grate."""
    marks = np.zeros(len(vertices))
    for turn in (0, 1.35)[: 2 if crossed else 1]:
        across = vertices[:, 0] * np.sin(angle + turn) + vertices[:, 1] * np.cos(angle + turn)
        across = across + 0.02 * scene.noise(vertices, 2.5, 2)
        bars = smoothstep(0.5, 0.85, np.cos(across / period * 2 * np.pi))
        marks = np.maximum(marks, bars * smoothstep(-0.75, 0.0, scene.noise(vertices, 3, 3)))
    return marks


def fibres(scene, vertices, direction):
    """Noise (V,) drawn out along one axis (0, 1 or 2): the grain of muscle."""
    stretched = vertices * 22
    stretched[:, direction] *= 0.16
    return scene.noise(stretched, 1, 3)


def veins(scene, vertices, scale, width):
    """Strength (V,) of thin branching lines (marbling): where coarse noise passes through zero."""
    lines = np.abs(scene.noise(vertices, scale, 3))
    return smoothstep(width, width * 0.3, lines)


def doneness(scene):
    """Colour (3,) of the inside of cut beef, from rosy to well done; never raw red."""
    return scene.jitter(mix(hexadecimal("ab5242"), hexadecimal("966c52"), scene.uniform(0, 1)), 0.04)
