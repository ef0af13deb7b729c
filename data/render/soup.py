"""Soups: creamy and clear ones, in bowls, soup plates and pots."""

from typing import NamedTuple

import broth
import numpy as np
import soup_garnish as garnish
from clutter import clutter
from colour import hexadecimal
from geometry import join, lathe, tube
from materials import steel
from scene import View
from strands import soup_noodles
from tableware import bowl

KINDS = (
    ("tomato", 2.0),
    ("pumpkin", 1.8),
    ("pea", 1.5),
    ("mushroom", 1.0),
    ("potato", 1.0),
    ("lentil", 1.0),
    ("borscht", 1.0),
    ("chowder", 1.4),
    ("vegetable", 1.9),
    ("minestrone", 1.2),
    ("miso", 1.6),
    ("hard_noodle", 1.2),
)


class Recipe(NamedTuple):
    """Colour of the liquid, whether it is thick, and how likely each of the things on it is."""

    colours: tuple
    creamy: bool
    cream: float = 0.0  # a thread of cream
    oil: str = ""  # colour of drops of oil
    always: tuple = ()
    sometimes: tuple = ()


RECIPES = {
    "tomato": Recipe(("aa3e1e", "b54924", "9c361c"), True, 0.55, "d98a2a", (), ("croutons", "green", "pepper")),
    "pumpkin": Recipe(("d98420", "cf7a22", "e09a35"), True, 0.6, "8a4a12", (), ("croutons", "green", "pepper")),
    "pea": Recipe(("75823a", "808a46", "687c3c"), True, 0.5, "", (), ("croutons", "green", "dollop")),
    "mushroom": Recipe(("c2ab88", "b8a07c", "c9b494"), True, 0.3, "6b4a2a", ("mushrooms", "green"), ("pepper",)),
    "potato": Recipe(("d6bf88", "cfb480", "dcc896"), True, 0.0, "c8702a", ("green",), ("croutons", "pepper")),
    "lentil": Recipe(("b5722c", "a8642a", "c08238"), True, 0.3, "a8341a", (), ("green", "croutons", "dollop")),
    "borscht": Recipe(("7a1526", "8a1a2e", "6a1428"), True, 0.0, "", ("dollop",), ("green", "vegetables")),
    "chowder": Recipe(("d9c49a", "d2ba8c", "decba6"), True, 0.0, "", ("vegetables",), ("green", "pepper")),
    "vegetable": Recipe(("c08434", "b87a30", "c99244"), False, 0.0, "", ("vegetables",), ("green",)),
    "minestrone": Recipe(("b5522a", "ad4a26", "bd6430"), False, 0.0, "", ("beans_and_pasta",), ("green",)),
    "miso": Recipe(("c0985a", "b58c4e", "c9a268"), False, 0.0, "", ("tofu_and_onion",), ()),
    "hard_noodle": Recipe(("c8963e", "bf8a38", "d0a24c"), False, 0.0, "", (), ("green", "vegetables")),
}


def enamel_pot(scene, radius, height):
    """A cooking pot of steel or coloured enamel, with two handles."""
    colour = hexadecimal(scene.choice("b8322a", "3a4a55", "2c2c2c", "d97a2a", "e0d6c2", "5f7a52"))
    material = (
        steel(scene) if scene.chance(0.3) else scene.material(colour=scene.jitter(colour), roughness=0.2, coat=0.6)
    )
    profile = [(0, 0.06), (radius * 0.9, 0.06), (radius, 0.2), (radius, height), (radius + 0.05, height)]
    profile += [(radius + 0.05, 0.15), (radius * 0.9, 0), (0, 0)]
    angle = np.linspace(0, np.pi, 12)
    path = [radius + 0.04 + 0.2 * np.sin(angle), 0.2 * np.cos(angle), 0 * angle + height * 0.75]
    handle = tube(np.stack(path, axis=-1), 0.035, 8)
    scene.add(join([lathe(profile, 128), handle, handle.scaled((-1, -1, 1))]), material, name="pot", food=False)


def vessel(scene):
    """Put a bowl, a soup plate or a pot on the table; returns (outer radius, surface's height, its radius, rim)."""
    shape = scene.choice("bowl", "bowl", "bowl", "bowl", "soup plate", "pot")
    radius = scene.uniform(0.8, 1.0)
    if shape == "pot":
        height = scene.uniform(0.65, 0.85)
        enamel_pot(scene, radius, height)
        return radius + 0.06, height * scene.uniform(0.72, 0.84), radius - 0.002, height
    if shape == "bowl":
        height = scene.uniform(0.42, 0.6)
        inner = bowl(scene, radius, height, curve=scene.uniform(2, 3.2))
        z = height * scene.uniform(0.7, 0.86)
        return radius, z, inner(z) + 0.004, height
    return soup_plate(scene, radius)


def soup_plate(scene, radius):
    """A deep plate with a broad flat rim."""
    well, height = radius * 0.78, 0.26
    share = np.linspace(0, 1, 20)
    inside = np.stack([share * well, 0.06 + (height - 0.08) * share**3.2], axis=-1)
    outer = radius * 1.12
    rim = [
        (well + 0.02, height),
        (outer, height + 0.05),
        (outer, height + 0.03),
        (well, height - 0.05),
        (0.5 * well, 0),
    ]
    material = scene.material(
        colour=scene.jitter(hexadecimal(scene.choice("e4e0d8", "33536b", "8fa398", "a6522f", "d2c3a2"))),
        roughness=0.2,
        coat=0.5,
        bumps=((3, 0.04),),
    )
    scene.add(lathe(np.r_[inside, rim, [(0, 0)]], 128), material, name="soup plate", food=False)
    z = height * scene.uniform(0.72, 0.86)
    return outer, z, well * ((z - 0.06) / (height - 0.08)) ** (1 / 3.2) + 0.004, height + 0.05


def liquid(scene, recipe, z, radius):
    """Add the soup itself."""
    colour = scene.jitter(hexadecimal(scene.choice(*recipe.colours)), 0.05)
    if not recipe.creamy:
        broth.clear(scene, z, radius, colour)
        return
    oil = hexadecimal(recipe.oil) if recipe.oil and scene.chance(0.4) else None
    broth.creamy(scene, z, radius, colour, scene.chance(recipe.cream), oil)


def make(scene, kind):
    """Put a soup of one of KINDS on the table; returns the View, which leaves some of the table in sight."""
    outer, z, radius, rim = vessel(scene)
    recipe = RECIPES[kind]
    if kind == "hard_noodle":
        broth_colour = hexadecimal(scene.choice(*recipe.colours))
        soup_noodles(scene, z, radius, scene.integer(12, 20), broth_colour, hexadecimal("e6cf94"), sunk=0.015)
    else:
        liquid(scene, recipe, z, radius)
    for name in recipe.always:
        getattr(garnish, name)(scene, z, radius)
    for name in recipe.sometimes:
        if scene.chance(0.5):
            getattr(garnish, name)(scene, z, radius)
    if scene.chance(0.3):
        garnish.spoon_in(scene, z, radius, rim)
    clutter(scene, outer + 0.05, ("cutlery", "napkin", "glass", "cup", "shaker"))
    return View((0, 0, z * 0.8), outer * scene.uniform(1.22, 1.42), scene.uniform(0.65, 1.35))
