"""Rice: in bowls, as a dome, fried, with curry, as balls, as porridge."""

import math

import broth
import soup_garnish
from clutter import chopsticks, clutter, herbs
from colour import hexadecimal, mix, smoothstep
from egg_shapes import half_egg
from geometry import sphere, superellipsoid
from heaps import mound, scattered
from rice_grains import grain_colours, grain_shapes, grains_on, heap_of_grains, rice_ball
from scene import View
from soup_garnish import lumps
from surfaces import puddle, shades
from tableware import bowl, plate

KINDS = (
    ("white", 2.6),
    ("dome", 1.4),
    ("fried", 2.0),
    ("mixed", 1.2),
    ("brown", 1.1),
    ("saffron", 1.2),
    ("curry", 1.4),
    ("balls", 1.2),
    ("hard_porridge", 0.9),
)

# sRGB of the grains; white rice stays well below white so that its grains keep light and shade
GRAINS = {
    "white": ("e6dfd0",),
    "dome": ("e6dfd0", "e4dac4"),
    "curry": ("e6dfd0",),
    "balls": ("e6dfd0",),
    "mixed": ("e4d8b8", "e6d8ac"),
    "fried": ("cfae68", "d6b878", "c29c58"),
    "brown": ("a3764a", "8a5f38", "b58a5a", "6a4228"),
    "saffron": ("e0b440", "d99a2a", "e8d8a8", "e0c060"),
}
GLAZES = ("2f4f66", "26282c", "7a3326", "4f6b58", "8a6a45", "5a3f5a", "a8532f", "37595a")


def glaze(scene):
    """Coloured or dark ware, against which pale rice stands out."""
    colour = scene.jitter(hexadecimal(scene.choice(*GLAZES)), 0.06)
    return scene.material(colour=colour, roughness=scene.uniform(0.12, 0.4), coat=0.4, bumps=((3, 0.05),))


def dish(scene, kind):
    """Bowl or plate for a heap of rice; returns (height function, radius, z looked at, outer radius)."""
    pale = kind in ("white", "dome", "mixed")
    material = glaze(scene) if pale and scene.chance(0.7) else None
    if kind == "dome" or (kind != "white" and scene.chance(0.45)):
        outer = scene.uniform(1.05, 1.25)
        z, _ = plate(scene, outer, material)
        radius = scene.uniform(0.56, 0.74)
        height = mound(scene, radius, scene.uniform(0.32, 0.5), scene.choice(0.5, 0.8), 0.03, z)
        return height, radius, 0.2, outer
    outer, depth = scene.uniform(0.7, 0.9), scene.uniform(0.48, 0.66)
    inner = bowl(scene, outer, depth, material)
    z = depth * scene.uniform(0.78, 0.92)
    radius = inner(z) - 0.015
    return mound(scene, radius, scene.uniform(0.16, 0.36), 0.9, 0.05, z), radius, z, outer


def fried_pieces(scene, height, radius):
    """Peas, cubes of carrot and flakes of egg among the grains; ham or prawns at times."""
    pieces = [
        ([sphere(2, (0.05, 0.05, 0.05))], "6f9a35", scene.integer(14, 40)),
        ([superellipsoid(3, 6, (0.05, 0.05, 0.05))], "d9752a", scene.integer(12, 34)),
        (lumps(scene, (0.12, 0.09, 0.05), 0.35), "e8c04a", scene.integer(6, 18)),
    ]
    if scene.chance(0.4):
        pieces.append(([superellipsoid(3, 6, (0.06, 0.06, 0.035))], "c9786a", scene.integer(8, 20)))
    moist = scene.material(roughness=0.36, subsurface=0.12, subsurface_scale=0.03, variation=0.15, variation_scale=25)
    for shapes, code, count in pieces:
        shade = shades(scene, (code,), 0.06)
        mesh = scattered(
            scene, lambda x, y: height(x, y) + 0.015, radius * 0.95, shapes, count, 0.02, 0.6, colour=shade
        )
        scene.add(mesh, moist, name="pieces")


def saffron_pieces(scene, height, radius):
    """Raisins, peas and slivers of almond on yellow rice."""
    soft = scene.material(roughness=0.5, variation=0.15)
    for shape, code, count in (
        (sphere(2, (0.05, 0.04, 0.035)), "4a2418", scene.integer(5, 16)),
        (sphere(2, (0.045, 0.045, 0.045)), "7f9a3a", scene.integer(5, 20)),
        (superellipsoid(2, 3, (0.08, 0.03, 0.012)), "e3d2ae", scene.integer(4, 16)),
    ):
        on_top = scattered(
            scene, lambda x, y: height(x, y) + 0.02, radius * 0.9, [shape], count, 0.02, colour=hexadecimal(code)
        )
        scene.add(on_top, soft, name="pieces")


def toppings(scene, height, radius):
    """What may lie on white rice: sesame, a pickled plum, strips of nori, flakes, herbs."""
    kind = scene.choice("sesame", "plum", "nori", "flakes", "herbs", "none")
    if kind in ("sesame", "plum"):
        seeds = [sphere(1, (0.024, 0.014, 0.009))]
        black = scattered(
            scene, lambda x, y: height(x, y) + 0.02, radius * 0.55, seeds, 60, 0.005, colour=hexadecimal("2a2420")
        )
        scene.add(black, scene.material(roughness=0.5), name="sesame")
    if kind == "plum":
        plum = sphere(4, (0.13, 0.13, 0.11)).moved((0, 0, height(0, 0) + 0.08))
        red = scene.material(colour=hexadecimal("a3242a"), roughness=0.3, coat=0.3, bumps=((14, 0.6),), variation=0.1)
        scene.add(plum, red, name="plum")
    if kind in ("nori", "flakes"):
        shape = (0.13, 0.016, 0.004) if kind == "nori" else (0.05, 0.035, 0.02)
        colour = hexadecimal("1c2a20" if kind == "nori" else scene.choice("e08a62", "d9a03a"))
        strips = [superellipsoid(3, 4, shape)]
        count = scene.integer(14, 30) if kind == "nori" else scene.integer(25, 55)
        on_top = scattered(scene, lambda x, y: height(x, y) + 0.03, radius * 0.5, strips, count, 0.015, colour=colour)
        scene.add(on_top, scene.material(roughness=0.5, variation=0.1), name=kind)
    if kind == "herbs":
        herbs(scene, height, scene.integer(6, 22), radius * 0.6, (0.04, 0.09))


def curry(scene, z, outer):
    """A sauce with potato, carrot and meat over one half of the plate."""
    middle = (0.28 * outer, 0)
    codes = scene.choice("8a5420", "a8702a", "b5541f", "6f3f1c")
    colour = scene.jitter(hexadecimal(codes), 0.05)
    mesh, relief = puddle(scene, lambda x, y: z + 0 * x, 0.48 * outer, 0.1, middle, 0.06)
    thick = scene.material(roughness=0.25, coat=0.3, bumps=((16, 0.35), (40, 0.2)), variation=0.08)
    colours = mix(colour * 0.85, colour * 1.12, smoothstep(-0.4, 0.6, relief))
    scene.add(mesh.painted(colours), thick, name="curry")
    glazed = scene.material(roughness=0.3, coat=0.25, variation=0.12, variation_scale=14)
    for shapes, code in (
        (soup_garnish.cubes(0.1, 0.08, 4), "cfa34a"),
        (soup_garnish.cubes(0.08, 0.06, 4), "cc641c"),
        (lumps(scene, (0.14, 0.11, 0.08)), "7a4a2a"),
    ):
        shade = mix(hexadecimal(code), colour, 0.3)  # coated by the sauce
        count, reach = scene.integer(2, 6), 0.36 * outer
        pieces = scattered(scene, lambda x, y: 0 * x + z + 0.08, reach, shapes, count, 0.03, 0.5, colour=shade)
        scene.add(pieces.moved((*middle, 0)), glazed, name="curry")


def make_curry(scene):
    """Rice on one half of a plate, curry on the other."""
    outer = scene.uniform(1.05, 1.25)
    z, _ = plate(scene, outer)
    radius = 0.44 * outer
    height = mound(scene, radius, scene.uniform(0.22, 0.36), 0.6, 0.03, z)
    curry(scene, z, outer)
    heap_of_grains(scene, height, radius, GRAINS["curry"], (-0.27 * outer, 0))
    if scene.chance(0.5):
        herbs(scene, lambda x, y: z + 0.1, scene.integer(4, 16), 0.3, (0.04, 0.09), centre=(0.25 * outer, 0))
    clutter(scene, outer)
    return View((0, 0, 0.12), outer * scene.uniform(0.68, 0.82), scene.uniform(0.6, 1.2))


def make_balls(scene):
    """Triangular rice balls with a band of nori, lying or leaning on a plate or board."""
    outer = scene.uniform(0.95, 1.1)
    z, _ = plate(scene, outer, glaze(scene) if scene.chance(0.6) else None)
    count = scene.choice(2, 2, 3, 3)
    start = scene.camera_azimuth = scene.uniform(0, 6.28)
    for i in range(count):
        angle, away = start + math.pi / 2 + i * 2 * math.pi / count, 0.46 if count == 2 else 0.54
        at = (away * math.cos(angle), away * math.sin(angle), z)
        rice_ball(scene, at, scene.uniform(0.38, 0.44), GRAINS["balls"], scene.camera_azimuth)
    clutter(scene, outer)
    return View((0, 0, 0.22), scene.uniform(0.74, 0.9), scene.uniform(0.45, 1.1))


def make_porridge(scene):
    """Rice boiled soft in a pale liquid, its grains half under the surface."""
    outer, depth = scene.uniform(0.75, 0.92), scene.uniform(0.42, 0.56)
    inner = bowl(scene, outer, depth, glaze(scene) if scene.chance(0.6) else None)
    z = depth * scene.uniform(0.72, 0.84)
    radius = inner(z) + 0.004
    broth.creamy(scene, z, radius, scene.jitter(hexadecimal(scene.choice("d6cdb6", "d8cfbc", "d0c4a6")), 0.03))
    level = mound(scene, radius, 0.015, 1, 0.03, z - 0.03, scale=3.5)
    swollen = grain_shapes(scene, scene.uniform(0.06, 0.072), 0.42)

    colours = grain_colours(scene, ("e0d9c8",), scene.integer(550, 850), 0.05)
    grains = grains_on(scene, level, radius * 0.95, swollen, colours, 0.02, 0.15)
    moist = scene.material(roughness=0.25, subsurface=0.1, subsurface_scale=0.03, coat=0.3)
    scene.add(grains, moist, name="rice")
    porridge_toppings(scene, z, radius)
    clutter(scene, outer, ("cutlery", "chopsticks", "cup", "napkin"))
    return View((0, 0, z), outer * scene.uniform(1.0, 1.3), scene.uniform(0.7, 1.3))


def porridge_toppings(scene, z, radius):
    """Spring onion, half an egg, shreds of chicken or ginger."""
    rings = soup_garnish.onion_rings(scene)
    soup_garnish.floating(scene, rings, ("86ad3f", "6f9a35"), scene.integer(8, 26), z + 0.01, radius * 0.6)
    if scene.chance(0.4):
        half_egg(scene, (0.3 * radius, 0.1 * radius, z + 0.06), 0.2, scene.uniform(0, 6.28), 0.2)
    if scene.chance(0.5):
        shreds = [superellipsoid(3, 3, (0.12, 0.02, 0.018))]
        soup_garnish.floating(scene, shreds, ("d9bd94", "c79f6a"), scene.integer(8, 20), z + 0.03, radius * 0.35)


def make_heap(scene, kind):
    """A heap of rice in a bowl or on a plate, with what belongs to its kind."""
    height, radius, z, outer = dish(scene, kind)
    long_grained = kind in ("saffron", "brown")
    heap_of_grains(scene, height, radius, GRAINS[kind], slender=long_grained)
    if kind in ("fried", "mixed"):
        fried_pieces(scene, height, radius)
    elif kind == "saffron":
        saffron_pieces(scene, height, radius)
    elif kind == "white":
        toppings(scene, height, radius)
    if kind in ("dome", "fried", "saffron", "brown") and scene.chance(0.5):
        herbs(scene, height, scene.integer(3, 14), radius * 0.6, (0.05, 0.1))
    if scene.chance(0.3):
        at = (scene.uniform(-0.2, 0.2), -outer - scene.uniform(0.15, 0.35))
        chopsticks(scene, at, scene.uniform(-0.4, 0.4))
    clutter(scene, outer, ("cutlery", "chopsticks", "cup", "glass", "napkin", "plate"))
    on_plate = outer > 1
    size = radius * scene.uniform(1.2, 1.5) if on_plate else outer * scene.uniform(1.0, 1.25)
    return View((0, 0, z), size, scene.uniform(0.45, 1.0))


def make(scene, kind):
    """Put rice of one of KINDS on the table; returns the View."""
    scene.light_elevation = (0.35, 0.85)  # low light brings out the grains
    makers = {"curry": make_curry, "balls": make_balls, "hard_porridge": make_porridge}
    return makers[kind](scene) if kind in makers else make_heap(scene, kind)
