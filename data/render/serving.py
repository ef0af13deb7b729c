"""What fried food is served on: plates, boards, bowls and baskets with paper, and the cup of dip beside it."""

import math

import numpy as np
from colour import hexadecimal
from geometry import lathe, rotation, sheet
from pile import hollow, level
from tableware import board, bowl, plate


def paper(scene, floor, reach=0.85):
    """A crumpled square of baking paper or a plain napkin, raised a little at its border."""
    x, y = np.meshgrid(np.linspace(-reach, reach, 50), np.linspace(-0.9 * reach, 0.9 * reach, 50), indexing="ij")
    points = np.stack([x, y, 0 * x], -1).reshape(-1, 3)
    folds = 0.03 * np.abs(scene.noise(points, 2.5, 3))
    points[:, 2] = floor(points[:, 0], points[:, 1]) + 0.012 + folds
    white = hexadecimal(scene.choice("efe6d2", "d8c09a", "f3f1ec"))
    surface = scene.material(colour=scene.jitter(white), roughness=0.9, bumps=((20, 0.2),))
    leaf = sheet(points.reshape(50, 50, 3)).turned(rotation((0, 0, 1), scene.uniform(0, 2 * math.pi)))
    scene.add(leaf, surface, name="paper", food=False)


def basket(scene, radius):
    """A plastic serving basket with slits, lined with frilly paper; returns its height function."""
    colour = scene.jitter(hexadecimal(scene.choice("b3261e", "1f1f22", "c98a2b", "2f5d3a")))
    wall = [
        (0, 0.03),
        (0.72 * radius, 0.03),
        (0.8 * radius, 0.1),
        (radius, 0.34),
        (radius * 1.06, 0.35),
        (radius * 1.06, 0.32),
    ]
    plastic = scene.material(colour=colour, roughness=0.4, specular=0.5)
    scene.add(lathe([*wall, (0.84 * radius, 0.06), (0.7 * radius, 0), (0, 0)], 96), plastic, name="basket", food=False)
    angle = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    share = np.linspace(0, 1, 16)[:, None]
    frill = 1 + share**2 * (0.12 * np.abs(np.sin(4 * angle + 0.6 * np.sin(angle))) + 0.03 * np.sin(23 * angle))
    distance = share * radius * 0.97 * frill
    height = np.interp(share, [0, 0.7, 1], [0.05, 0.07, 0.36]) + 0.02 * share * np.sin(11 * angle)
    points = np.stack([distance * np.cos(angle), distance * np.sin(angle), height], -1)
    sheet_of_paper = scene.material(colour=hexadecimal(scene.choice("f3f1ec", "e6d6b8")), roughness=0.9)
    scene.add(sheet(points, closed=True), sheet_of_paper, name="paper", food=False)
    return lambda x, y: np.interp(np.hypot(x, y), [0, 0.7 * radius, radius], [0.06, 0.08, 0.36])


def rimmed(radius):
    """Height function of a plate from tableware.plate."""
    shares, heights = [0, 0.62, 0.72, 0.8, 0.97], [0.05, 0.055, 0.105, 0.14, 0.19]
    return lambda x, y: np.interp(np.hypot(x, y) / radius, shares, heights)


def served(scene, deep=True):
    """A dish for a heap: (its height function, radius for the pieces)."""
    dish = (
        scene.choice("plate", "plate", "board", "basket", "bowl") if deep else scene.choice("plate", "plate", "board")
    )
    if dish == "basket":
        radius = scene.uniform(0.85, 0.98)
        scene.clear_radius = radius * 1.1
        return basket(scene, radius), 0.55
    if dish == "bowl":
        radius, height = scene.uniform(0.8, 0.95), scene.uniform(0.34, 0.44)
        inner = bowl(scene, radius, height)
        scene.clear_radius = radius
        return hollow(inner, height), 0.5
    scene.clear_radius = 1.2
    if dish == "plate":
        radius = scene.uniform(1.05, 1.25)
        plate(scene, radius)
        floor = rimmed(radius)
    else:
        floor = level(board(scene, 1.3, 0.95, angle=scene.uniform(0, math.pi)))
    if scene.chance(0.4):
        paper(scene, floor)
    return floor, 0.58


def dip(scene, height, distance):
    """A small cup of ketchup, mustard, mayonnaise or a dark sauce where the heap leaves room; not the food."""
    angles = scene.rng.uniform(0, 2 * math.pi, 10)
    places = [(distance * math.cos(angle), distance * math.sin(angle)) for angle in angles]
    levels = [max(height(x + dx, y + dy) for dx in (-0.12, 0.12) for dy in (-0.12, 0.12)) for x, y in places]
    x, y = places[int(np.argmin(levels))]
    at = (x, y, min(levels))
    cup = lathe([(0, 0.04), (0.14, 0.04), (0.19, 0.17), (0.21, 0.17), (0.16, 0), (0, 0)], 48)
    white = scene.material(colour=hexadecimal(scene.choice("f2f0eb", "f2f0eb", "2a2b2e", "c9b58f")), roughness=0.25)
    scene.add(cup.moved(at), white, name="dip", food=False)
    sauce = hexadecimal(scene.choice("a81c12", "a81c12", "e0ac2c", "efe5cc", "4a1f12"))
    level = lathe([(0, 0.15), (0.1, 0.145), (0.178, 0.14)], 40)
    scene.add(
        level.moved(at),
        scene.material(colour=sauce, roughness=0.2, coat=0.2, bumps=((6, 0.15),)),
        name="dip",
        food=False,
    )
