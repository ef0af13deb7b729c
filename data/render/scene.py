"""One picture's scene: its random numbers, its objects, and which of them are the food."""

import math
from contextlib import contextmanager
from typing import NamedTuple

import bpy
import materials
import numpy as np
from colour import linear
from geometry import vertex_colours
from noise import fractal_noise

SHARP_ANGLE = math.radians(55)  # edges sharper than this are not shaded smooth


class View(NamedTuple):
    """How to look at a dish: the point looked at, half the visible width in units, the camera's elevation."""

    target: tuple
    size: float
    elevation: float


class Scene:
    """Draws every random number of a picture from one generator and collects its objects."""

    def __init__(self, rng):
        self.rng = rng
        self.camera_azimuth = None  # a food with a front sets the angle it is best seen from
        self.light_elevation = (0.45, 1.25)
        self.clear_radius = 1.2  # the circle that the dish fills; clutter stays outside and says how large it is
        self.food_names = set()
        self.is_crowded = False  # a second dish takes the place of clutter
        self.is_side = False
        self._side = (np.zeros(3), 1.0)

    def uniform(self, low, high):
        """Number in [low, high)."""
        return float(self.rng.uniform(low, high))

    def integer(self, low, high):
        """Integer in low, ..., high - 1."""
        return int(self.rng.integers(low, high))

    def choice(self, *options):
        """One of the options, each as likely as the others."""
        return options[self.integer(0, len(options))]

    def chance(self, probability):
        """True with the given probability."""
        return bool(self.rng.random() < probability)

    def normal(self, mean, deviation, size=None):
        """Normal number, or an array of them of shape `size`."""
        return self.rng.normal(mean, deviation, size)

    def noise(self, points, scale=1.0, octaves=4, offset=None):
        """Fractal noise at points (V, 3) -> (V,); without an offset (3,) a random one is drawn."""
        offset = self.rng.uniform(0, 99, 3) if offset is None else offset
        return fractal_noise(points, scale, octaves, offset)

    def jitter(self, colour, spread=0.04):
        """The colour, a little lighter or darker and a very little off in hue."""
        brighter = 1 + self.rng.normal(0, spread)
        shift = self.rng.normal(0, spread * 0.18, 3)
        return np.clip(np.asarray(colour) * brighter + shift, 0.01, 1)

    def material(self, **settings):
        """A surface, see materials.material."""
        return materials.material(rng=self.rng, **settings)

    def add(self, mesh, material, name="food", food=True, smooth=True, sharp_angle=SHARP_ANGLE):
        """Put a mesh into the scene; food=True counts it in the food's mask (never inside `side`)."""
        offset, scale = self._side
        thing = bpy.data.objects.new(name, _blender_mesh(mesh.scaled(scale).moved(offset), name, smooth))
        if smooth and sharp_angle:
            thing.data.set_sharp_from_angle(angle=sharp_angle)
        thing.data.materials.append(material)
        bpy.context.scene.collection.objects.link(thing)
        if food and not self.is_side:
            self.food_names.add(thing.name)
        return thing

    @contextmanager
    def side(self, at, scale):
        """What is added inside is scaled, moved to `at` (3,) and not the food: a second dish without clutter."""
        kept = self.camera_azimuth, self.light_elevation, self.clear_radius
        self.is_side, self._side = True, (np.asarray(at, float), scale)
        try:
            yield self
        finally:
            self.is_side, self._side = False, (np.zeros(3), 1.0)
            self.camera_azimuth, self.light_elevation, self.clear_radius = kept


def _blender_mesh(mesh, name, smooth):
    """Blender's mesh of a Mesh; colours become the point attribute "Col" in linear light."""
    loops = np.concatenate([faces.ravel() for faces in mesh.faces]).astype(np.int32)
    corners = np.concatenate([np.full(len(faces), faces.shape[1]) for faces in mesh.faces]).astype(np.int32)
    data = bpy.data.meshes.new(name)
    data.vertices.add(len(mesh.vertices))
    data.vertices.foreach_set("co", mesh.vertices.astype(np.float32).ravel())
    data.loops.add(len(loops))
    data.loops.foreach_set("vertex_index", loops)
    data.polygons.add(len(corners))
    data.polygons.foreach_set("loop_start", (np.cumsum(corners) - corners).astype(np.int32))
    data.update(calc_edges=True)
    data.polygons.foreach_set("use_smooth", np.full(len(corners), smooth))
    if mesh.colours is not None:
        colours = linear(np.clip(vertex_colours(mesh), 0, 1))
        opaque = np.column_stack([colours, np.ones(len(colours))]).astype(np.float32)
        data.color_attributes.new("Col", "FLOAT_COLOR", "POINT").data.foreach_set("color", opaque.ravel())
    return data
