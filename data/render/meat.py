"""Meat: from the whole roast bird to bacon."""

import beef
import pork
import poultry
from clutter import clutter, herbs
from garnish import beside, cherry_tomato, lemon_slice, sprig
from pile import level
from scene import View
from tableware import board, pan, plate

KINDS = (
    ("steak", 0.15),
    ("raw_steak", 0.06),
    ("sliced", 0.14),
    ("sausages", 0.15),
    ("drumsticks", 0.11),
    ("chicken", 0.1),
    ("ribs", 0.1),
    ("skewers", 0.06),
    ("chops", 0.06),
    ("bacon", 0.05),
    ("meatballs", 0.05),
    ("hard_cutlet", 0.07),
)

COOKS = {
    "steak": beef.steak,
    "raw_steak": beef.raw_steak,
    "sliced": beef.sliced,
    "skewers": beef.skewers,
    "chops": beef.chops,
    "sausages": pork.sausages,
    "ribs": pork.ribs,
    "bacon": pork.bacon,
    "meatballs": pork.meatballs,
    "hard_cutlet": pork.cutlets,
    "drumsticks": poultry.drumsticks,
    "chicken": poultry.chicken,
}

NEVER_IN_A_PAN = ("raw_steak", "sliced", "chicken", "ribs", "skewers")


def served(scene, kind):
    """A pan, plate or board for the meat: the height of its surface."""
    if kind not in NEVER_IN_A_PAN and scene.chance(0.22):
        return pan(scene, 1.05)[0]
    if scene.chance(0.4 if kind == "meatballs" else 0.62) or kind == "meatballs":
        return plate(scene, scene.uniform(1.1, 1.3))[0]
    return board(scene, 1.4, 0.95, angle=scene.uniform(0, 0.4))


def garnished(scene, kind, z):
    """Herbs, tomatoes, a sprig or lemon beside the meat, never on top of all of it."""
    if scene.chance(0.5):
        herbs(scene, level(z + 0.02), scene.integer(3, 12), 0.85, (0.05, 0.1))
    if scene.chance(0.3):
        for _ in range(scene.integer(1, 4)):
            cherry_tomato(scene, (*beside(scene, 0.72, 0.9), z), scene.uniform(0.09, 0.13))
    if scene.chance(0.25):
        sprig(scene, (*beside(scene, 0.6, 0.8), z), scene.uniform(0.4, 0.6), scene.uniform(0, 6.28))
    if kind in ("drumsticks", "chicken", "hard_cutlet") and scene.chance(0.3):
        lemon_slice(scene, (*beside(scene, 0.75, 0.9), z), scene.uniform(0.15, 0.2))


def make(scene, kind):
    """Put a dish of meat of this kind on the table."""
    if kind not in COOKS:
        raise ValueError(f"kind of meat must be one of {', '.join(COOKS)}; got {kind!r}")
    z = served(scene, kind)
    COOKS[kind](scene, z)
    garnished(scene, kind, z)
    clutter(scene, 1.2)
    if kind == "chicken":
        return View((0, 0, z + 0.32), scene.uniform(0.92, 1.15), scene.uniform(0.4, 0.95))
    return View((0, 0, z + 0.12), scene.uniform(0.7, 0.95), scene.uniform(0.5, 1.2))
