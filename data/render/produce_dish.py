"""What fruit and vegetable dishes share: surfaces by finish, and dishes to lay the pieces in."""

import math
from collections import defaultdict

from dropping import Heap
from geometry import join
from materials import ceramic, wood
from pile import hollow, level
from tableware import board, bowl, plate

FINISHES = {
    "skin": {"roughness": 0.34, "coat": 0.1, "bumps": ((6, 0.05),), "variation": 0.04},
    "peel": {"roughness": 0.42, "coat": 0.05, "bumps": ((34, 0.3, "voronoi"),), "variation": 0.04},
    "wet": {"roughness": 0.28, "coat": 0.15, "subsurface": 0.12, "subsurface_scale": 0.04, "bumps": ((22, 0.2),)},
    "leaf": {"roughness": 0.42, "variation": 0.15, "variation_scale": 12, "bumps": ((18, 0.4),)},
    "buds": {"roughness": 0.7, "variation": 0.2, "variation_scale": 30, "bumps": ((35, 0.9, "voronoi"), (60, 0.5))},
    "roast": {"roughness": 0.4, "coat": 0.12, "variation": 0.1, "variation_scale": 25, "bumps": ((25, 0.4),)},
}


class Dish:
    """Food by finish, lying on one heap; added to the scene as one object per finish."""

    def __init__(self, scene, floor):
        self.scene = scene
        self.heap = Heap(scene, floor)
        self.meshes = defaultdict(list)

    def put(self, finish, piece, radius, **how):
        """Drop a piece within `radius`; `how` goes to Heap.drop."""
        self.meshes[finish].append(self.heap.drop(piece, radius, **how))

    def add(self):
        """Put everything into the scene."""
        for finish, meshes in self.meshes.items():
            self.scene.add(join(meshes), self.scene.material(**FINISHES[finish]))


def flat_dish(scene, boards=0.5):
    """A board, a plate or the bare table: (its height function, radius that may be covered)."""
    scene.clear_radius = 1.15
    if scene.chance(boards):
        return level(board(scene, 1.3, 0.92, angle=scene.uniform(0, math.pi))), 0.68
    if scene.chance(0.7):
        return level(plate(scene, scene.uniform(1.0, 1.2))[0]), 0.6
    return level(0.0), 0.68


def deep_dish(scene, low=0.36, high=0.5, wooden=0.25):
    """A bowl: (its height function, inner radius as a function of height, height)."""
    radius, height = scene.uniform(0.82, 0.98), scene.uniform(low, high)
    inner = bowl(scene, radius, height, material=wood(scene) if scene.chance(wooden) else ceramic(scene))
    scene.clear_radius = radius
    return hollow(inner, height), inner, height
