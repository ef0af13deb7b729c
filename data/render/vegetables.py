"""Vegetables and fruit, whole, cut and cooked; wet salads like soup and roasts like fried food are the hard kinds."""

import fruit_dishes
import vegetable_dishes
from clutter import clutter, herbs
from fruit import citrus_slice
from greens import tomato
from scene import View

__all__ = ["KINDS", "citrus_slice", "make", "tomato"]

KINDS = (
    ("fruit_bowl", 0.14),
    ("citrus_cut", 0.1),
    ("tomatoes", 0.09),
    ("bananas", 0.05),
    ("salad", 0.15),
    ("broccoli", 0.07),
    ("raw_vegetables", 0.12),
    ("cut_fruit", 0.11),
    ("berries", 0.07),
    ("watermelon", 0.05),
    ("steamed", 0.05),
    ("hard_soup_like", 0.035),
    ("hard_fried_vegetables", 0.035),
)
GREEN = {"salad", "tomatoes", "hard_soup_like", "hard_fried_vegetables", "steamed"}  # may have herbs strewn on them


def make(scene, kind):
    """Add the dish named `kind` (one of KINDS) to the scene; returns how to look at it."""
    maker = getattr(fruit_dishes, kind, None) or getattr(vegetable_dishes, kind)
    dish, (closest, farthest) = maker(scene)
    dish.add()
    if kind in GREEN and scene.chance(0.5):
        herbs(scene, dish.heap.height, scene.integer(3, 12), 0.5, (0.06, 0.12))
    clutter(scene, scene.clear_radius, kinds=("cutlery", "napkin", "glass", "cup", "plate"))
    top = float(dish.heap.heights.max())
    size = max(scene.uniform(closest, farthest), 1.15 * top)  # a tall heap needs a camera further away
    return View((0, 0, 0.45 * top), size, scene.uniform(0.5, 1.2))
