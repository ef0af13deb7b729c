"""Seafood: shrimps, fish, salmon, sushi, mussels, crab and lobster."""

import breaded_fish
import broth
import crustaceans
import fish
import salmon
import shellfish
import sushi
from clutter import clutter, herbs
from colour import hexadecimal
from garnish import beside, lemon_half, lemon_slice, sprig
from geometry import UP, Mesh, rotation, superellipsoid
from pile import hollow, level, lowered
from scene import View
from tableware import board, bowl, plate

KINDS = (
    ("shrimps", 0.17),
    ("prawns", 0.09),
    ("fish", 0.16),
    ("fillet", 0.11),
    ("salmon_steak", 0.08),
    ("nigiri", 0.1),
    ("rolls", 0.05),
    ("mussels", 0.11),
    ("crab", 0.06),
    ("lobster", 0.06),
    ("hard_battered", 0.025),
    ("hard_fish_fingers", 0.02),
    ("hard_soup", 0.03),
)

LYING = {
    "fish": (fish.whole, 0.8, 1.02),
    "fillet": (salmon.fillets, 0.66, 0.88),
    "salmon_steak": (salmon.salmon_steaks, 0.68, 0.92),
    "hard_battered": (breaded_fish.battered, 0.72, 0.95),
    "hard_fish_fingers": (breaded_fish.fingers, 0.66, 0.88),
    "crab": (lambda scene, z: crustaceans.whole(scene, z, "crab"), 0.85, 1.05),
    "lobster": (lambda scene, z: crustaceans.whole(scene, z, "lobster"), 0.95, 1.15),
}

BROTHS = ("c07a38", "b5602c", "cf9a5a", "d8bd8c")


def served(scene):
    """A plate or a board: the height of its surface."""
    if scene.chance(0.7):
        return plate(scene, scene.uniform(1.15, 1.3))[0]
    return board(scene, 1.45, 0.95, angle=scene.uniform(0, 0.4))


def garnished(scene, z, inner=0.62):
    """Lemon and herbs beside the dish."""
    if scene.chance(0.6):
        for _ in range(scene.integer(1, 3)):
            at = (*beside(scene, inner, 0.86), z)
            if scene.chance(0.5):
                lemon_slice(scene, at, scene.uniform(0.15, 0.2))
            else:
                lemon_half(scene, at, scene.uniform(0.15, 0.19))
    if scene.chance(0.5):
        herbs(scene, level(z + 0.02), scene.integer(3, 10), 0.8, (0.05, 0.1))
    if scene.chance(0.15):
        sprig(scene, (*beside(scene, inner, 0.8), z), 0.5, scene.uniform(0, 6.28))


def lying(scene, kind):
    """Fish and crustaceans on a plate or board."""
    serve, near, far = LYING[kind]
    z = served(scene)
    serve(scene, z)
    garnished(scene, z)
    return View((0, 0, z + 0.12), scene.uniform(near, far), scene.uniform(0.6, 1.3))


def heaped_shrimps(scene, kind):
    """Peeled shrimps or whole prawns on a plate, a board or in a bowl."""
    headed = kind == "prawns"
    palette = scene.choice(*shellfish.COOKED)
    count = scene.integer(4, 8) if headed else scene.integer(6, 15)
    if scene.chance(0.25):
        height, radius = scene.uniform(0.34, 0.42), scene.uniform(0.8, 0.92)
        floor = hollow(bowl(scene, radius, height, curve=2.6), height)
        heap = shellfish.shrimps(scene, floor, count + 4, 0.45, palette, headed)
        z = height
    else:
        z = served(scene)
        heap = shellfish.shrimps(scene, level(z), count, 0.55 if headed else 0.5, palette, headed)
        garnished(scene, z, 0.75)
    if scene.chance(0.3):
        herbs(scene, heap.height, scene.integer(3, 9), 0.5, (0.05, 0.09))
    return View((0, 0, z + 0.08), scene.uniform(0.7, 0.92), scene.uniform(0.55, 1.25))


def heaped_mussels(scene, kind):
    """Mussels in a bowl or a deep plate."""
    height, radius = scene.uniform(0.34, 0.46), scene.uniform(0.85, 0.98)
    floor = hollow(bowl(scene, radius, height, curve=2.6), height)
    heap = shellfish.mussels(scene, floor, scene.integer(15, 25), 0.55)
    if scene.chance(0.6):
        herbs(scene, heap.height, scene.integer(4, 14), 0.6, (0.05, 0.1))
    if scene.chance(0.4):
        x, y = beside(scene, 0.3, 0.5)
        lemon_half(scene, (x, y, heap.height(x, y) - 0.03), 0.16)
    return View((0, 0, height), scene.uniform(0.72, 0.95), scene.uniform(0.6, 1.25))


def sushi_set(scene, kind):
    """Sushi on a board, a black slab or a long plate, with chopsticks in front."""
    slab = scene.choice(None, "1c1c1e", "2c3338", "e9e4da")
    surface = scene.material(colour=hexadecimal(slab), roughness=0.5) if slab else None
    z = board(scene, 1.35, 0.75, material=surface)
    (sushi.nigiri if kind == "nigiri" else sushi.rolls)(scene, z)
    if scene.chance(0.5):
        wasabi(scene, z)
    return View((0, 0, z + 0.15), scene.uniform(0.66, 0.92), scene.uniform(0.55, 1.1))


def wasabi(scene, z):
    """A lump of wasabi at the end of the slab."""
    lump = superellipsoid(4, 2.2, (0.12, 0.1, 0.08))
    vertices = lump.vertices * (1 + 0.25 * scene.noise(lump.vertices, 9, 3))[:, None]
    mesh = Mesh(vertices, lump.faces).turned(rotation(UP, scene.uniform(0, 6.28)))
    green = scene.material(colour=hexadecimal("8fae4f"), roughness=0.7, bumps=((30, 0.5),))
    scene.add(lowered(mesh, z).moved((scene.choice(-1, 1) * 1.05, scene.uniform(-0.4, 0.4), 0)), green, name="wasabi")


def in_broth(scene, kind):
    """Mussels or shrimps half under a broth, as in a fish soup."""
    height, radius = scene.uniform(0.42, 0.52), scene.uniform(0.85, 0.98)
    inner = bowl(scene, radius, height, curve=2.4)
    z = height * scene.uniform(0.74, 0.84)
    colour = scene.jitter(hexadecimal(scene.choice(*BROTHS)), 0.05)
    if scene.chance(0.4):
        broth.creamy(scene, z, inner(z), colour)
    else:
        broth.clear(scene, z, inner(z), colour)
    bottom = level(z - 0.05)
    with_shells, with_shrimps = scene.choice((True, False), (False, True), (True, True))
    if with_shells:
        shellfish.mussels(scene, bottom, scene.integer(6, 11), 0.55)
    if with_shrimps:
        shellfish.shrimps(scene, bottom, scene.integer(6, 11), 0.55, scene.choice(*shellfish.COOKED), False)
    herbs(scene, level(z + 0.01), scene.integer(4, 16), 0.65, (0.04, 0.09))
    return View((0, 0, z), scene.uniform(0.75, 0.98), scene.uniform(0.7, 1.3))


HEAPED = {
    "shrimps": heaped_shrimps,
    "prawns": heaped_shrimps,
    "mussels": heaped_mussels,
    "nigiri": sushi_set,
    "rolls": sushi_set,
    "hard_soup": in_broth,
}


def make(scene, kind):
    """Put a dish of seafood of this kind on the table."""
    known = [name for name, _ in KINDS]
    if kind not in known:
        raise ValueError(f"kind of seafood must be one of {', '.join(known)}; got {kind!r}")
    view = HEAPED[kind](scene, kind) if kind in HEAPED else lying(scene, kind)
    sushi_things = ("chopsticks", "chopsticks", "cup", "glass", "napkin")
    common = ("cutlery", "cutlery", "napkin", "glass", "cup")
    clutter(
        scene, 1.2 if kind not in ("nigiri", "rolls") else 1.3, sushi_things if kind in ("nigiri", "rolls") else common
    )
    return view
