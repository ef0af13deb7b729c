"""Lights, camera and renderer: Blender's Cycles with few samples and a denoiser."""

import math
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import bpy
import numpy as np
from colour import mix
from mathutils import Matrix, Vector

RESOLUTION = 128  # pixels, both ways
SAMPLES = 16  # per pixel
# surroundings that come with Blender, and the brightness that makes them alike
SURROUNDINGS = {
    "city": 0.8,
    "courtyard": 0.5,
    "forest": 0.8,
    "interior": 0.9,
    "studio": 1.0,
    "sunset": 0.7,
    "sunrise": 0.7,
}
FAVOURED = (*SURROUNDINGS, "interior", "studio")  # food is mostly photographed indoors
WARM, COOL = np.array([1, 0.86, 0.7]), np.array([0.95, 0.97, 1])


def start(threads=None):
    """Empty Blender and set the renderer up; once per process."""
    with quiet():  # Blender warns of missing graphics cards
        bpy.ops.wm.read_factory_settings(use_empty=True)
        render = bpy.context.scene.render
        render.engine = "CYCLES"
        _set_quality(bpy.context.scene.cycles)
    render.resolution_x = render.resolution_y = RESOLUTION
    render.image_settings.file_format = "OPEN_EXR"  # light as it is: finish.py exposes and develops it
    render.image_settings.color_depth = "16"
    if threads:
        render.threads_mode, render.threads = "FIXED", threads


def _set_quality(cycles):
    """Few samples, a denoiser, and no more bounces than food needs."""
    cycles.device = "CPU"
    cycles.samples, cycles.use_adaptive_sampling, cycles.adaptive_threshold = SAMPLES, True, 0.03
    cycles.use_denoising, cycles.denoiser, cycles.denoising_prefilter = True, "OPENIMAGEDENOISE", "FAST"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 6, 3, 3
    cycles.transmission_bounces, cycles.transparent_max_bounces = 5, 8
    cycles.sample_clamp_indirect = 4  # no fireflies
    cycles.caustics_reflective = cycles.caustics_refractive = False


def clear():
    """Remove everything but the loaded surroundings."""
    for kept in (bpy.data.objects, bpy.data.meshes, bpy.data.materials, bpy.data.lights, bpy.data.cameras):
        bpy.data.batch_remove(list(kept))
    bpy.context.scene.world = None
    bpy.data.batch_remove(list(bpy.data.worlds))


def light(scene):
    """Photographed surroundings, weak in colour, and one soft lamp; returns the surroundings' name."""
    name = scene.choice(*FAVOURED)
    _surround(name, scene.uniform(0, 2 * math.pi), SURROUNDINGS[name] * scene.uniform(0.5, 0.9))
    azimuth, spread = _preferred(scene, 1.6)
    azimuth += scene.uniform(-spread, spread)
    elevation = scene.uniform(*scene.light_elevation)
    distance = scene.uniform(4, 7)
    data = bpy.data.lights.new("lamp", "AREA")
    data.size = scene.uniform(0.9, 3.8)
    data.energy = scene.uniform(12, 26) * distance**2  # watts; the square keeps the table equally bright
    data.color = tuple(mix(WARM, COOL, scene.uniform(0, 1)))
    direction = _direction(azimuth, elevation)
    lamp = _linked("lamp", data)
    lamp.location = direction * distance
    lamp.rotation_euler = direction.to_track_quat("Z", "Y").to_euler()
    return name


def _preferred(scene, spread):
    """The middle and half-width of the angles to look or light from; any where the food has no front."""
    return (0.0, math.pi) if scene.camera_azimuth is None else (scene.camera_azimuth, spread)


def _direction(azimuth, elevation):
    flat = math.cos(elevation)
    return Vector((flat * math.cos(azimuth), flat * math.sin(azimuth), math.sin(elevation)))


def _linked(name, data):
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def _surround(name, angle, strength):
    """Light from a panorama, turned by `angle`."""
    world = bpy.data.worlds.new("surroundings")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 128
    tree = world.node_tree
    background = tree.nodes["Background"]
    background.inputs["Strength"].default_value = strength
    coordinates = tree.nodes.new("ShaderNodeTexCoord")
    mapping = tree.nodes.new("ShaderNodeMapping")
    mapping.inputs["Rotation"].default_value = (0, 0, angle)
    panorama = tree.nodes.new("ShaderNodeTexEnvironment")
    folder = Path(bpy.utils.resource_path("LOCAL")) / "datafiles" / "studiolights" / "world"
    panorama.image = bpy.data.images.load(str(folder / f"{name}.exr"), check_existing=True)
    paler = tree.nodes.new("ShaderNodeHueSaturation")
    paler.inputs["Saturation"].default_value = 0.45
    tree.links.new(coordinates.outputs["Generated"], mapping.inputs["Vector"])
    tree.links.new(mapping.outputs[0], panorama.inputs["Vector"])
    tree.links.new(panorama.outputs["Color"], paler.inputs["Color"])
    tree.links.new(paler.outputs["Color"], background.inputs["Color"])


def choose_azimuth(scene):
    """The direction the camera looks from."""
    azimuth, spread = _preferred(scene, 0.85)
    return azimuth + scene.uniform(-spread, spread)


def camera(scene, view, azimuth):
    """A camera with shallow focus that looks at the view's target, a little off its middle."""
    data = bpy.data.cameras.new("camera")
    data.lens = scene.uniform(38, 70)  # millimetres, on a sensor of 36
    distance = view.size / (data.sensor_width / data.lens) * 2 * scene.uniform(0.85, 1.15)
    aside = Vector((scene.uniform(-0.12, 0.12), scene.uniform(-0.12, 0.12), 0)) * view.size
    direction = _direction(azimuth, view.elevation)
    upright = direction.to_track_quat("Z", "Y").to_matrix()
    thing = _linked("camera", data)
    thing.location = Vector(view.target) + aside + direction * distance
    thing.rotation_euler = (upright @ Matrix.Rotation(scene.uniform(-0.12, 0.12), 3, "Z")).to_euler()
    data.dof.use_dof = True
    data.dof.focus_distance = distance - 0.12 * view.size  # the nearer part of the food is the sharp one
    data.dof.aperture_fstop = scene.uniform(0.3, 1.3)
    bpy.context.scene.camera = thing
    bpy.context.view_layer.update()
    return azimuth


def step_back(factor):
    """Move the camera away from what it is focused on, to `factor` times the distance."""
    thing = bpy.context.scene.camera
    away = thing.matrix_world.to_3x3() @ Vector((0, 0, 1))
    thing.location += away * thing.data.dof.focus_distance * (factor - 1)
    thing.data.dof.focus_distance *= factor
    bpy.context.view_layer.update()


def render():
    """The picture as linear light (RESOLUTION, RESOLUTION, 3), from 0 up without limit."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "picture.exr")
        bpy.context.scene.render.filepath = path
        with quiet():
            bpy.ops.render.render(write_still=True)
            image = bpy.data.images.load(path)
            pixels = np.empty(RESOLUTION * RESOLUTION * 4, np.float32)
            image.pixels.foreach_get(pixels)
            bpy.data.images.remove(image)
    picture = pixels.reshape(RESOLUTION, RESOLUTION, 4)
    return picture[::-1, :, :3].astype(float)  # Blender's first row is the lowest


@contextmanager
def quiet():
    """Silence what Blender itself writes to the terminal; Python's own streams are flushed first."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(stream) for stream in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        yield
    finally:
        for stream, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, stream)
            os.close(copy)
        os.close(nowhere)
