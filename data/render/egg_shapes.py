"""Single eggs: halved, in the shell, fried."""

import math
from dataclasses import replace

import numpy as np
from colour import hexadecimal, mix, smoothstep
from geometry import alignment, join, sphere
from surfaces import disc, polar_grid, relief

WHITE = hexadecimal("ece7dc")
YOLKS = ("f2b632", "f0a020", "f6c95a", "e88a1a")
SHELLS = ("c98f62", "b87a50", "d9a878", "e9e2d5", "e0b792")


def boiled_material(scene):
    """Firm white of a boiled egg: a little light passes under the surface."""
    return scene.material(
        roughness=0.3,
        subsurface=0.2,
        subsurface_radius=(1, 0.75, 0.45),
        subsurface_scale=0.05,
        coat=0.15,
        bumps=((8, 0.05),),
    )


def egg_outline(angle):
    """Half axes of an egg cut along its length: blunt at x < 0, (x, y) by angle."""
    return np.cos(angle), 0.74 * np.sin(angle) * (1 - 0.12 * np.cos(angle))


def half_egg(scene, at, size, spin, tilt=0.0, yolk=None):
    """A boiled egg cut lengthwise, cut face up; `size` is half its length, `yolk` a colour (3,) or None."""
    yolk = hexadecimal(scene.choice(*YOLKS)) if yolk is None else yolk
    share, angle = polar_grid(36, 64)
    along, across = egg_outline(angle)
    x, y = share * along, share * across
    edge = scene.uniform(0.38, 0.46)  # radius of the yolk
    from_yolk = np.hypot(x - 0.05, y)
    inside = smoothstep(edge + 0.02, edge - 0.02, from_yolk)
    bulge = np.sqrt(np.clip(1 - (from_yolk / edge) ** 2 * 0.8, 0, 1))
    face = disc(x, y, 0.045 * inside * bulge - 0.02 * smoothstep(0.9, 1, share))
    colours = mix(WHITE, yolk, inside.ravel())
    rim = (smoothstep(edge - 0.06, edge, from_yolk) * inside).ravel()
    colours = mix(colours, yolk * (0.8, 0.72, 0.6), 0.6 * rim)
    down = np.pi / 2 * share[:16] / share[15]
    back = disc(np.cos(down) * along[:16], np.cos(down) * across[:16], -0.7 * np.sin(down) - 0.02)
    lean = (math.sin(tilt) * math.cos(spin * 3), math.sin(tilt) * math.sin(spin * 3), math.cos(tilt))
    egg = join([face.painted(colours), back.painted(WHITE)]).scaled(size).turned(alignment(lean, spin))
    scene.add(egg.moved(at), boiled_material(scene), name="half egg")


def egg_shape(size):
    """A whole egg standing on its blunt end, `size` half its length."""
    egg = sphere(5)
    waist = 0.76 * (1 - 0.11 * egg.vertices[:, 2:3])
    return replace(egg, vertices=np.c_[egg.vertices[:, :2] * waist, egg.vertices[:, 2]] * size)


def whole_egg(scene, at, size, turn=None, colour=None, centred=False, peeled=False):
    """An egg in its shell, or peeled; stands on at[2], or is centred there."""
    colour = WHITE if peeled else hexadecimal(scene.choice(*SHELLS)) if colour is None else colour
    egg = egg_shape(size)
    speckles = scene.noise(egg.vertices, 9.5 / size, 2)
    colours = mix(scene.jitter(colour, 0.03), colour * 0.8, (0.6 - 0.6 * peeled) * smoothstep(0.35, 0.7, speckles))
    if turn is None:
        turn = alignment((scene.normal(0, 1), scene.normal(0, 1), scene.uniform(-0.2, 0.4)), scene.uniform(0, 6.28))
    egg = egg.painted(colours).turned(turn)
    lift = 0 if centred else -egg.vertices[:, 2].min()
    shell = scene.material(roughness=0.45, subsurface=0.1, subsurface_radius=(1, 0.6, 0.4), bumps=((21 / size, 0.06),))
    scene.add(egg.moved((at[0], at[1], at[2] + lift)), shell, name="egg")


def egg_white(scene, radius):
    """The white of a fried egg: lobed, bubbly near its browned lace edge."""
    share, angle = polar_grid(80, 150)
    ring = np.stack([np.cos(angle[0]), np.sin(angle[0]), 0 * angle[0]], axis=-1)
    outline = 1 + 0.16 * scene.noise(ring, 1.1, 2) + 0.05 * scene.noise(ring, 3, 3)
    x, y = share * outline * np.cos(angle), share * outline * np.sin(angle)
    swell, bubbles = relief(scene, x, y, 4, 4), relief(scene, x, y, 14, 2)
    thickness = 0.075 * (1 - share**5) + 0.03 * np.exp(-((share / 0.55) ** 2)) + 0.02 * swell * (1 - share**8)
    thickness = np.maximum(thickness + 0.022 * np.abs(bubbles) * smoothstep(0.6, 0.95, share), 0) + 0.006
    crisp = scene.uniform(0.15, 1)
    translucent = smoothstep(0.6, 0.95, share + 0.12 * swell)
    colours = mix(WHITE, hexadecimal("dfcdaa"), 0.7 * translucent.ravel())
    colours = mix(colours, hexadecimal("8a4f22"), crisp * smoothstep(0.86, 1, share + 0.09 * swell).ravel())
    return disc(x * radius, y * radius, 1.6 * thickness * radius).painted(colours)


def fried_egg(scene, at, radius, z=0.0):
    """A fried egg, sunny side up; `radius` of the white, `at` (x, y) its middle."""
    white = scene.material(
        roughness=0.3,
        subsurface=0.15,
        subsurface_radius=(1, 0.8, 0.55),
        subsurface_scale=0.05,
        coat=0.3,
        bumps=((10, 0.2),),
    )
    scene.add(egg_white(scene, radius).moved((at[0], at[1], z)), white, name="egg white")
    size = radius * scene.uniform(0.33, 0.42)
    yolk = sphere(5, (size, size, size * scene.uniform(0.5, 0.68)))
    colour = scene.jitter(hexadecimal(scene.choice("f5a51d", "f08a12", "f7b733", "e87a10")), 0.03)
    rim = smoothstep(0.8, 1, np.hypot(*yolk.vertices[:, :2].T) / size)
    shiny = scene.material(
        roughness=0.14,
        subsurface=0.3,
        subsurface_radius=(1, 0.5, 0.1),
        subsurface_scale=0.05,
        coat=0.7,
        bumps=((5, 0.03),),
    )
    aside = (scene.uniform(-0.12, 0.12) * radius, scene.uniform(-0.12, 0.12) * radius)
    yolk = yolk.painted(mix(colour, np.clip(colour * 0.93, 0, 1), rim))
    scene.add(yolk.moved((at[0] + aside[0], at[1] + aside[1], z + 0.1 * radius)), shiny, name="yolk")


def opened_egg(scene, middle, size):
    """A soft-boiled egg without its top: shell below, the white around a runny yolk on the cut."""
    share, angle = polar_grid(30, 64)
    cut = 0.42  # height of the cut, in half lengths above the middle
    below = np.linspace(-1, cut, 30)[:, None] + 0 * angle
    ring = 0.76 * (1 + 0.11 * below) * np.sqrt(1 - below**2)
    shell = disc(ring * np.cos(angle), ring * np.sin(angle), below)
    colour = scene.jitter(hexadecimal(scene.choice(*SHELLS)))
    edge = ring[-1, 0] * share * (1 + 0.03 * relief(scene, np.cos(angle), np.sin(angle), 5))
    inside = smoothstep(0.72, 0.64, share + 0.08 * relief(scene, share * np.cos(angle), share * np.sin(angle), 3))
    yolk = hexadecimal(scene.choice("f2a21a", "ef8f1c", "f4b530"))
    top = disc(edge * np.cos(angle), edge * np.sin(angle), cut + 0.08 * inside - 0.02)
    matt = scene.material(roughness=0.45, bumps=((70, 0.05),))
    scene.add(shell.painted(colour).scaled(size).moved(middle), matt, name="shell")
    glossy = scene.material(roughness=0.2, coat=0.5, subsurface=0.15, subsurface_scale=0.05)
    scene.add(top.painted(mix(WHITE, yolk, inside.ravel())).scaled(size).moved(middle), glossy, name="egg")
