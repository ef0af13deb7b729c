"""Doughnuts: rings and filled ones, iced, sugared, sprinkled, or bare."""

import numpy as np
from bread_slices import crust_colour
from colour import hexadecimal, mix, smoothstep
from geometry import Mesh, alignment, join, rotation, sphere, tube
from heaps import placed

ICINGS = ("f2a0c0", "5a2c18", "efe8dc", "8fd0d8", "3f1f12", "f2c25a", "b7dba0", "c7a3d8", "a8632f")
SPRINKLES = ("e8402a", "f2c62a", "3a8fd0", "f0f0ee", "5fae4a", "e87ab0")
AROUND, ACROSS = 110, 48


def icing_colour(scene):
    return scene.jitter(hexadecimal(scene.choice(*ICINGS)), 0.04)


def icing_material(scene):
    return scene.material(roughness=0.18, coat=0.5, subsurface=0.1, bumps=((5, 0.05),))


def dough_material(scene):
    return scene.material(roughness=0.6, bumps=((18, 0.3), (50, 0.2)), variation=0.08)


def sprinkle(scene, place, normal, length=0.03):
    stick = tube([(-length, 0, 0), (length, 0, 0)], 0.37 * length, 6)
    turned = stick.turned(alignment(normal, scene.uniform(0, 6.28))).moved(place)
    return turned.painted(hexadecimal(scene.choice(*SPRINKLES)))


def nut(scene, place, normal, size=0.04):
    crumb = sphere(1, size * scene.rng.uniform(0.5, 1, 3)).turned(alignment(normal, scene.uniform(0, 6.28)))
    return crumb.moved(place).painted(scene.jitter(hexadecimal(scene.choice("d9a860", "b87838", "e8c48a")), 0.08))


class Shape:
    """A doughnut of outer size about 1: a ring, or with `hole` 0 a filled ball; knows its surface and its normals."""

    def __init__(self, scene, hole):
        self.thick = scene.uniform(0.32, 0.4)
        self.flat = scene.uniform(0.75, 0.95)
        self.middle = self.thick + hole
        around = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
        across = np.linspace(0, 2 * np.pi, ACROSS, endpoint=False)
        self.around, self.across = np.meshgrid(around, across, indexing="ij")
        self.wobble = 1 + 0.04 * scene.noise(self._ring(), 1.3, 2)

    def _ring(self):
        return np.stack([np.cos(self.around), np.sin(self.around), 0 * self.around], -1).reshape(-1, 3)

    def surface(self, thickness):
        """Points (V, 3) at `thickness` (V,) or a number above the dough."""
        reach = self.thick + np.reshape(np.broadcast_to(thickness, self.around.size), self.around.shape)
        away = self.middle + reach * np.cos(self.across)
        away = np.maximum(away, 0) * self.wobble.reshape(away.shape)
        z = self.flat * reach * np.sin(self.across)
        return np.stack([away * np.cos(self.around), away * np.sin(self.around), z], -1).reshape(-1, 3)

    def mesh(self, thickness=0.0):
        """The closed surface as a mesh."""
        points = self.surface(thickness)
        index = np.arange(AROUND * ACROSS).reshape(AROUND, ACROSS)
        beside, above = np.roll(index, -1, 0), np.roll(index, -1, 1)
        corner = np.roll(beside, -1, 1)
        return Mesh(points, [np.stack([index, beside, corner, above], -1).reshape(-1, 4)])

    def on_top(self, scene, count, least=0.55):
        """Places (count, 3) and normals (count, 3) on the upper side, `least` being the sine of the lowest one."""
        index = scene.rng.choice(np.flatnonzero(np.sin(self.across).ravel() > least), count)
        around, across = self.around.ravel()[index], self.across.ravel()[index]
        normal = np.stack([np.cos(across) * np.cos(around), np.cos(across) * np.sin(around), np.sin(across)], -1)
        return self.surface(0.035)[index], normal


def dough(scene, shape, darkness):
    """Fried dough with the pale ring around its waist."""
    mesh = shape.mesh()
    height = np.sin(shape.across).ravel()
    bumpy = scene.noise(mesh.vertices, 3, 4)
    colours = crust_colour(np.clip(0.18 + 0.35 * darkness + 0.12 * bumpy, 0, 1))
    pale = np.exp(-(((height - 0.02) / 0.17) ** 2)) * (np.cos(shape.across).ravel() > 0)
    return mesh.painted(mix(colours, hexadecimal("ecc88d"), pale))


def icing(scene, shape, colour):
    """Icing on the upper side, running down unevenly."""
    height = np.sin(shape.across).ravel()
    edge = scene.uniform(0.05, 0.3) + 0.3 * scene.noise(shape._ring(), 2.4, 2)
    covered = height > edge
    thickness = np.where(covered, 0.035 * np.sqrt(np.clip((height - edge) / 0.15, 0, 1)), -0.03)
    return shape.mesh(thickness).painted(colour)


def drizzle(scene, shape, colour):
    """Thin lines of another icing, back and forth over the top."""
    t = np.linspace(-1, 1, 260)
    reach = shape.middle + 0.8 * shape.thick
    x, y = t * reach, 0.95 * reach * np.sin(t * scene.uniform(20, 30))
    offset = (np.hypot(x, y) - shape.middle) / (shape.thick + 0.035)
    inside = np.abs(offset) < 0.95
    z = shape.flat * (shape.thick + 0.045) * np.sqrt(np.clip(1 - offset**2, 0, 1))
    runs = np.split(np.arange(len(t)), np.flatnonzero(np.diff(inside.astype(int))) + 1)
    lines = [tube(np.stack([x, y, z], -1)[run], 0.024, 6) for run in runs if inside[run[0]] and len(run) > 3]
    return join(lines).painted(colour)


def powdered(scene, mesh):
    """Colours of dough under icing sugar."""
    height = mesh.vertices[:, 2]
    sugar = smoothstep(-0.5, 0.2, scene.noise(mesh.vertices, 4, 4) + 2.2 * height)
    return mix(mesh.colours, hexadecimal("efeae2"), 0.92 * sugar)


def topped(scene, shape, add, topping):
    """Put a topping on an iced doughnut."""
    if topping == "drizzle":
        add(drizzle(scene, shape, icing_colour(scene)), icing_material(scene))
    elif topping in ("sprinkles", "nuts"):
        one = sprinkle if topping == "sprinkles" else nut
        places, normals = shape.on_top(scene, scene.integer(60, 130))
        pieces = [one(scene, place, normal) for place, normal in zip(places, normals, strict=True)]
        add(join(pieces), scene.material(roughness=0.4))


def filling(scene, shape, add):
    """Jam or cream welling out of the top of a filled doughnut."""
    colour = hexadecimal(scene.choice("b3182a", "e8c05a", "5a2c18", "8a1f4a"))
    blob = sphere(4, (scene.uniform(0.2, 0.28), scene.uniform(0.16, 0.22), 0.07))
    bumpy = Mesh(blob.vertices * (1 + 0.22 * scene.noise(blob.vertices, 5, 2))[:, None], blob.faces)
    top = shape.flat * shape.thick - 0.01
    add(bumpy.moved((0, 0, top)).painted(colour), scene.material(roughness=0.12, coat=0.6, subsurface=0.1))


def doughnut(scene, at, size, style, colour, topping):
    """One doughnut lying at `at`; style is "iced", "powdered", "filled" or "bare"."""
    filled = style == "filled" or (style == "bare" and scene.chance(0.3))
    shape = Shape(scene, 0.0 if filled else scene.uniform(0.14, 0.34))
    size *= 1.22 if filled else 1  # without the hole it would come out smaller
    turn = alignment((scene.normal(0, 0.05), scene.normal(0, 0.05), 1), scene.uniform(0, 6.28))
    lift = np.array([0, 0, shape.flat * shape.thick * size * 0.98]) + at

    def add(mesh, material):
        scene.add(mesh.scaled(size).turned(turn).moved(lift), material, name="doughnut")

    body = dough(scene, shape, scene.uniform(0.2, 0.8))
    if style in ("powdered", "filled") and topping != "sprinkles":
        body = body.painted(powdered(scene, body))
    add(body, dough_material(scene))
    if style == "iced" or (style == "filled" and topping == "sprinkles"):
        add(icing(scene, shape, colour), icing_material(scene))
        topped(scene, shape, add, topping)
    if style == "filled":
        filling(scene, shape, add)


def doughnuts(scene, z, bare=False):
    """One to five doughnuts on the surface at height z."""
    count = scene.choice(1, 2, 2, 3, 3, 4, 5)
    size = {1: scene.uniform(0.62, 0.75), 2: scene.uniform(0.5, 0.6)}.get(count, scene.uniform(0.42, 0.5))
    one_style = scene.choice(None, "iced", "iced", "powdered", "filled")
    for x, y in placed(scene, count, 0.62, size * 1.85):
        style = "bare" if bare else one_style or scene.choice("iced", "iced", "powdered", "filled")
        topping = scene.choice("sprinkles", "nuts", "drizzle", "plain", "sprinkles")
        doughnut(scene, (x, y, z), size, style, icing_colour(scene), topping)


def coiled(scene):
    """A ribbon of dough rolled up, cinnamon between its turns, standing on z = 0."""
    t = np.linspace(0, 1, 260)
    turns = scene.uniform(2.6, 3.4)
    spacing = 0.44 / turns
    away, angle = 0.03 + 0.44 * t, 2 * np.pi * turns * t
    path = np.stack([away * np.cos(angle), away * np.sin(angle), 0 * t], -1)
    width = 0.57 * spacing * (1 - 0.75 * smoothstep(0.9, 1, t))  # the loose end is thin
    mesh = tube(path, width, 20)
    at = np.repeat(np.r_[0, t, 1], 20)
    mesh = mesh.scaled((1, 1, 0.2 / (0.57 * spacing))).moved((0, 0, 0.18))
    mesh.vertices[:, 2] *= 1 + 0.2 * (1 - at)
    bumpy = scene.noise(mesh.vertices, 5, 4)
    off_middle = np.abs(np.hypot(mesh.vertices[:, 0], mesh.vertices[:, 1]) - (0.03 + 0.44 * at)) / spacing
    top = smoothstep(0.05, 0.35, mesh.vertices[:, 2])
    colours = crust_colour(np.clip(0.12 + 0.3 * top + 0.16 * bumpy, 0, 1))
    seam = smoothstep(0.28, 0.45, off_middle + 0.06 * bumpy)
    return mesh.painted(mix(colours, hexadecimal("5f2f16"), 0.85 * seam))


def sweet_buns(scene, z):
    """Coiled cinnamon buns."""
    for x, y in placed(scene, scene.integer(1, 4), 0.6, 1.02):
        turn = rotation((0, 0, 1), scene.uniform(0, 6.28))
        glossy = scene.material(roughness=0.45, coat=0.2, bumps=((20, 0.25),))
        scene.add(coiled(scene).turned(turn).moved((x, y, z)), glossy, name="bun")
